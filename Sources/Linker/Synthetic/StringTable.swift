// A string table that is built serially: `.dynstr`, `.shstrtab`.

internal import ELF

struct StringTable: Sendable {
  private(set) var bytes: [UInt8] = [0]
  private var offsets: [ByteView: UInt32] = [:]
  private var texts: [String: UInt32] = [:]

  /// The offset of a string, added if it is new.
  mutating func add(_ text: String) -> UInt32 {
    if text.isEmpty { return 0 }
    if let known = texts[text] { return known }
    let offset = UInt32(truncatingIfNeeded: bytes.count)  // the size is checked in the end
    bytes.append(contentsOf: text.utf8)
    bytes.append(0)
    texts[text] = offset
    return offset
  }

  /// The offset of a name that is certainly new; nothing is remembered.
  mutating func append(_ name: ByteView) -> UInt32 {
    if name.isEmpty { return 0 }
    let offset = UInt32(truncatingIfNeeded: bytes.count)
    bytes.append(contentsOf: name.buffer)
    bytes.append(0)
    return offset
  }

  /// Zero bytes at the end, for later editing.
  mutating func pad(_ count: Int) { bytes.append(contentsOf: [UInt8](repeating: 0, count: count)) }

  var size: UInt64 { UInt64(bytes.count) }
}
