// The registry of slots: what the linker tells the post-link editor.
//
// A slot is room that the section map reserved for bytes that come after the link: a checksum, a
// signature, a version text. The linker lists the slots, and the memory regions of the map, in
// the non-loaded section `.note.swold.slots`; swold-edit reads the list and keeps its flags up to
// date. Each record is an ELF note (gABI, "Note Section") of the owner "SWOLD", padded to four
// bytes, in the byte order of the file. The layout does not depend on the class:
//
//     type 1, slot:   u16 version, u16 flags, u32 align, u64 va, u64 size, u8 fill[4], name\0
//     type 3, region: u16 version, u16 flags, u8 erased[4], u64 origin, u64 length, name\0
//
// Type 2 (provenance) is written by swold-edit alone, into `.note.swold.edits`. Types below 0x100
// are reserved. Readers skip types and versions they do not know.

/// The names and numbers of the registry.
public enum SlotNote {
  /// The section that holds the registry: SHT_NOTE, no flags, alignment 4.
  public static let sectionName = ".note.swold.slots"
  /// The section that holds provenance records.
  public static let provenanceSectionName = ".note.swold.edits"
  /// The owner of every record, without its NUL.
  public static let owner = "SWOLD"
  /// What the output section of a slot is called before the slot's name.
  public static let sectionPrefix = ".slot."
  /// What the symbol of a slot is called before the slot's name.
  public static let symbolPrefix = "__slot_"
  /// The version that this code writes and understands.
  public static let version: UInt16 = 1

  /// The note type of a `SlotRecord`.
  public static let slotType: UInt32 = 1
  /// The note type of a `ProvenanceRecord`.
  public static let provenanceType: UInt32 = 2
  /// The note type of a `RegionRecord`.
  public static let regionType: UInt32 = 3
  /// The first note type that users may choose for notes of the owner SWOLD.
  public static let firstFreeType: UInt32 = 0x100

  /// Where the flags lie in the description of a slot, in bytes.
  public static let flagsOffset = 2
}

/// The four bytes that fill a slot, repeated from its first byte on.
public struct FillPattern: Sendable, Equatable, BitwiseCopyable {
  @usableFromInline var word: UInt32

  /// A pattern of one repeated byte.
  public init(_ byte: UInt8) { word = UInt32(byte) &* 0x0101_0101 }

  /// The pattern `first second third fourth`.
  public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
    word = UInt32(first) | UInt32(second) << 8 | UInt32(third) << 16 | UInt32(fourth) << 24
  }

  /// The byte that the pattern repeats; nil if it has several.
  @inlinable public var singleByte: UInt8? {
    word == (word & 0xff) &* 0x0101_0101 ? UInt8(truncatingIfNeeded: word) : nil
  }

  /// The fill byte at `offset` bytes from the start of the slot.
  public subscript(offset: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: word >> (UInt32(truncatingIfNeeded: offset & 3) * 8))
  }
}

/// A reservation with file bytes (note type 1).
public struct SlotRecord: Sendable, Equatable {
  /// The state of a slot.
  public struct Flags: OptionSet, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// `seal` fails while the slot is not filled.
    public static let required = Flags(rawValue: 1)
    /// An edit has written into the slot.
    public static let filled = Flags(rawValue: 2)
    /// No edit may write into the slot any more.
    public static let sealed = Flags(rawValue: 4)
  }

  /// A C identifier, unique in the file.
  public var name: String
  /// What has become of the slot; the only field that an edit changes.
  public var flags: Flags
  /// The alignment in bytes.
  public var alignment: UInt32
  /// The virtual address of the first byte.
  public var address: UInt64
  /// The size in bytes.
  public var size: UInt64
  /// What the slot holds until it is filled.
  public var fill: FillPattern

  public init(
    name: String, flags: Flags = [], alignment: UInt32, address: UInt64, size: UInt64,
    fill: FillPattern
  ) {
    self.name = name
    self.flags = flags
    self.alignment = alignment
    self.address = address
    self.size = size
    self.fill = fill
  }

  /// The whole note, header and padding included.
  public func encoded(_ order: ByteOrder) -> [UInt8] {
    var note = NoteEncoder(order)
    note.append(SlotNote.version)
    note.append(flags.rawValue)
    note.append(alignment)
    note.append(address)
    note.append(size)
    note.append(fill)
    note.append(name)
    return note.finish(type: SlotNote.slotType, owner: SlotNote.owner)
  }

  /// The number of bytes of `encoded`.
  public static func encodedSize(name: String) -> Int {
    NoteEncoder.size(descriptionSize: 28 + name.utf8.count + 1, owner: SlotNote.owner)
  }
}

/// A memory region of the section map (note type 3).
public struct RegionRecord: Sendable, Equatable {
  /// The name of `region R { … }`, unique in the map.
  public var name: String
  /// No flag is defined yet; writers store 0.
  public var flags: UInt16
  /// What the memory holds where nothing was written.
  public var erased: FillPattern
  /// The first load address.
  public var origin: UInt64
  /// The length in bytes.
  public var length: UInt64

  public init(
    name: String, flags: UInt16 = 0, erased: FillPattern, origin: UInt64, length: UInt64
  ) {
    self.name = name
    self.flags = flags
    self.erased = erased
    self.origin = origin
    self.length = length
  }

  /// The whole note, header and padding included.
  public func encoded(_ order: ByteOrder) -> [UInt8] {
    var note = NoteEncoder(order)
    note.append(SlotNote.version)
    note.append(flags)
    note.append(erased)
    note.append(origin)
    note.append(length)
    note.append(name)
    return note.finish(type: SlotNote.regionType, owner: SlotNote.owner)
  }

  /// The number of bytes of `encoded`.
  public static func encodedSize(name: String) -> Int {
    NoteEncoder.size(descriptionSize: 24 + name.utf8.count + 1, owner: SlotNote.owner)
  }
}

/// Which edits have changed a file (note type 2, in a section of its own).
public struct ProvenanceRecord: Sendable, Equatable {
  /// The SHA-256 of the script, 32 bytes.
  public var digest: [UInt8]
  /// The program and its version.
  public var tool: String
  /// The names of the edits, in order.
  public var verbs: [String]

  public init(digest: [UInt8], tool: String, verbs: [String]) {
    self.digest = digest
    self.tool = tool
    self.verbs = verbs
  }

  private func body(_ order: ByteOrder) -> NoteEncoder {
    var note = NoteEncoder(order)
    note.append(SlotNote.version)
    note.append(UInt16(0))
    note.append(bytes: digest)
    note.append(tool)
    note.append(verbs.joined(separator: " "))
    return note
  }

  /// The description of the note: `u16 version, u16 0, u8 digest[32], tool\0, verbs\0`, the verbs
  /// with blanks between them.
  public func description(_ order: ByteOrder) -> [UInt8] { body(order).description }

  /// The whole note, header and padding included.
  public func encoded(_ order: ByteOrder) -> [UInt8] {
    body(order).finish(type: SlotNote.provenanceType, owner: SlotNote.owner)
  }
}

/// The registry of a file, decoded.
public struct SlotRegistry: Sendable {
  /// A slot and where its flags lie, in bytes from the start of the section.
  public struct Entry: Sendable {
    /// The record itself.
    public var slot: SlotRecord
    /// Where its two bytes of flags lie, for writes in place.
    public var flagsOffset: Int
  }

  /// In the order of the section.
  public private(set) var slots: [Entry] = []
  /// In the order of the section.
  public private(set) var regions: [RegionRecord] = []

  /// Decodes the contents of `.note.swold.slots`; nil if they are malformed: a note that does not
  /// end inside, a record too short for its type, a name without NUL, a slot beyond 2^64.
  public init?(_ bytes: ByteView, _ order: ByteOrder) {
    var reader = NoteReader(bytes, order, alignment: 4)
    while let note = reader.next() {
      guard note.owner.equals("SWOLD") else { continue }
      let text = note.description
      guard let version = text.load(UInt16.self, at: 0, order) else {
        if note.type == SlotNote.slotType || note.type == SlotNote.regionType { return nil }
        continue
      }
      guard version == SlotNote.version else { continue }
      switch note.type {
      case SlotNote.slotType:
        guard let slot = SlotRecord(text, order) else { return nil }
        slots.append(
          Entry(slot: slot, flagsOffset: note.descriptionOffset + SlotNote.flagsOffset))
      case SlotNote.regionType:
        guard let region = RegionRecord(text, order) else { return nil }
        regions.append(region)
      default: continue
      }
    }
    guard !reader.isMalformed else { return nil }
  }
}

extension SlotRecord {
  fileprivate init?(_ text: ByteView, _ order: ByteOrder) {
    guard let flags = text.load(UInt16.self, at: 2, order),
      let alignment = text.load(UInt32.self, at: 4, order),
      let address = text.load(UInt64.self, at: 8, order),
      let size = text.load(UInt64.self, at: 16, order),
      let name = text.cString(at: 28), !address.addingReportingOverflow(size).overflow
    else { return nil }
    self.init(
      name: name.string, flags: Flags(rawValue: flags), alignment: alignment, address: address,
      size: size, fill: FillPattern(text[24], text[25], text[26], text[27]))
  }
}

extension RegionRecord {
  fileprivate init?(_ text: ByteView, _ order: ByteOrder) {
    guard let flags = text.load(UInt16.self, at: 2, order),
      let origin = text.load(UInt64.self, at: 8, order),
      let length = text.load(UInt64.self, at: 16, order),
      let name = text.cString(at: 24), !origin.addingReportingOverflow(length).overflow
    else { return nil }
    self.init(
      name: name.string, flags: flags, erased: FillPattern(text[4], text[5], text[6], text[7]),
      origin: origin, length: length)
  }
}
