// ELF notes (gABI, "Note Section"): a header of three words, the owner's name, the description,
// each padded to the alignment of the section. GNU property notes of 64-bit files use 8, all
// others 4.

/// Walks the notes of a section or segment.
public struct NoteReader: Sendable {
  /// One note; all offsets are in bytes from the start of the section.
  public struct Note: Sendable {
    /// `n_type`, which means something only together with the owner.
    public var type: UInt32
    /// The owner's name without its NUL.
    public var owner: ByteView
    /// `n_descsz` bytes behind the owner, without padding.
    public var description: ByteView
    /// Of the header.
    public var offset: Int
    /// Of the first byte of the description.
    public var descriptionOffset: Int
    /// Where the next note begins.
    public var end: Int
  }

  private let bytes: ByteView
  private let order: ByteOrder
  private let alignment: Int
  private var offset = 0
  /// A note did not end inside; the walk stopped there.
  public private(set) var isMalformed = false

  /// - Parameter alignment: 4, or 8 for GNU property notes of 64-bit files.
  public init(_ bytes: ByteView, _ order: ByteOrder, alignment: Int) {
    self.bytes = bytes
    self.order = order
    self.alignment = alignment == 8 ? 8 : 4
  }

  /// The next note, or nil at the end and where the notes are malformed.
  public mutating func next() -> Note? {
    guard offset < bytes.count, !isMalformed else { return nil }
    guard let ownerSize = bytes.load(UInt32.self, at: offset, order),
      let descriptionSize = bytes.load(UInt32.self, at: offset + 4, order),
      let type = bytes.load(UInt32.self, at: offset + 8, order),
      let owner = bytes.slice(offset + 12, Int(ownerSize)),
      case let descriptionOffset = roundUp(offset + 12 + Int(ownerSize)),
      let description = bytes.slice(descriptionOffset, Int(descriptionSize))
    else {
      isMalformed = true
      return nil
    }
    // The padding of the last note may be missing.
    let end = min(roundUp(descriptionOffset + Int(descriptionSize)), bytes.count)
    let name = owner.firstIndex(of: 0).flatMap { owner.slice(0, $0) } ?? owner
    defer { offset = end }
    return Note(
      type: type, owner: name, description: description, offset: offset,
      descriptionOffset: descriptionOffset, end: end)
  }

  private func roundUp(_ value: Int) -> Int { (value + alignment - 1) & ~(alignment - 1) }
}

/// Builds one note, description first.
public struct NoteEncoder: Sendable {
  private let order: ByteOrder
  /// What was appended so far, without header, owner and padding.
  public private(set) var description: [UInt8] = []

  /// An empty description whose integers will be in the given order.
  public init(_ order: ByteOrder) { self.order = order }

  /// Appends all bytes of an integer, in the byte order of the note.
  public mutating func append<T: FixedWidthInteger>(_ value: T) {
    for index in 0..<(T.bitWidth / 8) {
      let position = order == .little ? index : T.bitWidth / 8 - 1 - index
      description.append(UInt8(truncatingIfNeeded: value >> T(position * 8)))
    }
  }

  /// Appends the four bytes of a pattern, which no byte order changes.
  public mutating func append(_ fill: FillPattern) {
    for index in 0..<4 { description.append(fill[index]) }
  }

  /// Appends the text and a NUL.
  public mutating func append(_ text: String) {
    description.append(contentsOf: text.utf8)
    description.append(0)
  }

  /// Appends bytes as they are, without a NUL.
  public mutating func append(bytes: [UInt8]) { description.append(contentsOf: bytes) }

  /// The whole note: header, owner with its NUL, description, both padded.
  public func finish(type: UInt32, owner: String, alignment: Int = 4) -> [UInt8] {
    var header = NoteEncoder(order)
    header.append(UInt32(owner.utf8.count + 1))
    header.append(UInt32(description.count))
    header.append(type)
    var note = header.description
    note.append(contentsOf: owner.utf8)
    note.append(0)
    while note.count % alignment != 0 { note.append(0) }
    note.append(contentsOf: description)
    while note.count % alignment != 0 { note.append(0) }
    return note
  }

  /// The size of the note that `finish` returns with padding 4.
  public static func size(descriptionSize: Int, owner: String) -> Int {
    12 + (owner.utf8.count + 4) / 4 * 4 + (descriptionSize + 3) / 4 * 4
  }
}
