// Archives: the members of a `.a` file, as records.
//
// The format is older than ELF: eight bytes of magic, then for each member 60 bytes of text, its
// data, and a byte of padding after an odd size. Names of more than 15 bytes found no room, so
// there are two dialects. GNU puts them into a member called `//` and writes `/123`, an offset in
// it; BSD writes `#1/20` and puts 20 bytes of name in front of the data. A *thin* archive holds
// only headers and names files beside itself; if one of its files was an ordinary archive, its
// members are listed one by one as `/123:456`, where 456 is the offset of the member's header in
// that archive.
//
// Nothing is opened here, and the symbol index is skipped: swold reads all symbol tables anyway.

internal import ELF

/// One member.
struct ArchiveMember: Sendable {
  /// As recorded, without terminator; a path in a thin archive. A slice of the archive.
  let name: ByteView
  /// Offset of the member's header in the archive.
  let headerOffset: Int
  /// Offset of its data; in a thin archive there are none.
  let dataOffset: Int
  /// Its size when the archive was made; a file beside a thin archive may have changed since.
  let size: Int
  /// The data are in the file that `name` says, not in the archive.
  let isExternal: Bool
  /// Of an external member: the header's offset if that file is itself an archive that holds the
  /// member; see `ArchiveReader.member(in:at:)`.
  let nestedHeaderOffset: Int?

  /// The member's bytes; nil if they are outside.
  func data(in archive: ByteView) -> ByteView? {
    isExternal ? nil : archive.slice(dataOffset, size)
  }

  /// The path of an external member: relative ones start from the folder of the archive.
  func path(fromArchive archivePath: String) -> String {
    let own = name.string
    guard !own.hasPrefix("/"), let slash = archivePath.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      return own
    }
    return archivePath[...slash] + own
  }
}

/// An archive that cannot be read, and where that shows.
struct ArchiveError: Error, Equatable {
  /// In the archive, in bytes.
  let offset: Int
  /// What is wrong, one line without the offset and without full stop.
  let text: String
}

extension ArchiveError: CustomStringConvertible {
  /// `malformed archive at offset 8: what is wrong`.
  var description: String { "malformed archive at offset \(offset): \(text)" }
}

struct ArchiveReader {
  private static var headerSize: Int { 60 }

  private let bytes: ByteView
  private let isThin: Bool
  /// The contents of `//`, once seen.
  private var longNames = ByteView()

  /// Whether the file begins as an archive does.
  static func isArchive(_ bytes: ByteView) -> Bool {
    bytes.hasPrefix("!<arch>\n") || isThin(bytes)
  }

  /// Whether the file begins as a thin archive does.
  static func isThin(_ bytes: ByteView) -> Bool { bytes.hasPrefix("!<thin>\n") }

  private init(_ bytes: ByteView) throws(ArchiveError) {
    guard Self.isArchive(bytes) else {
      throw ArchiveError(offset: 0, text: "the file does not begin with '!<arch>' or '!<thin>'")
    }
    self.bytes = bytes
    isThin = Self.isThin(bytes)
  }

  /// The members in the order of the file, without symbol index and name table.
  static func members(of bytes: ByteView) throws(ArchiveError) -> [ArchiveMember] {
    var reader = try ArchiveReader(bytes)
    var members: [ArchiveMember] = []
    var offset = 8
    while let header = try reader.nextHeader(&offset) {
      if let member = try reader.read(header) { members.append(member) }
    }
    return members
  }

  /// The first of `members(of:)` that is wanted, without a look at those behind it.
  static func firstMember(
    of bytes: ByteView, where isWanted: (ArchiveMember) -> Bool
  ) throws(ArchiveError) -> ArchiveMember? {
    var reader = try ArchiveReader(bytes)
    var offset = 8
    while let header = try reader.nextHeader(&offset) {
      if let member = try reader.read(header), isWanted(member) { return member }
    }
    return nil
  }

  /// The one member of an ordinary archive whose header is at `offset`.
  static func member(
    in bytes: ByteView, at offset: Int
  ) throws(ArchiveError) -> ArchiveMember {
    let reader = try ArchiveReader(bytes)
    // The table of names may be anywhere in front, so this reads all; such members are rare.
    if !reader.isThin {
      for member in try members(of: bytes) where member.headerOffset == offset { return member }
    }
    throw ArchiveError(offset: offset, text: "there is no member here; make the archive again")
  }

  // MARK: Headers

  private struct Header {
    let offset: Int
    /// `ar_name`: 16 bytes.
    let name: ByteView
    let size: Int
    /// Whether the data follow in the archive.
    let hasData: Bool

    var dataOffset: Int { offset + ArchiveReader.headerSize }
  }

  /// Reads the header at `offset` and moves `offset` behind the member; nil at the end.
  private func nextHeader(_ offset: inout Int) throws(ArchiveError) -> Header? {
    if offset & 1 != 0 {
      // The padding is a line feed, but some tools write something else, or leave it out.
      let isUnpadded = isHeader(offset) && !isHeader(offset + 1)
      if !isUnpadded { offset += 1 }
    }
    guard offset < bytes.count else { return nil }
    guard let header = bytes.slice(offset, Self.headerSize) else {
      throw ArchiveError(offset: offset, text: "the last member header is cut off")
    }
    guard isHeader(offset), let name = header.slice(0, 16), let field = header.slice(48, 10) else {
      throw ArchiveError(offset: offset, text: "there is no member header here")
    }
    guard let size = Self.decimal(field) else {
      throw ArchiveError(
        offset: offset + 48, text: "the size of a member is not a number: '\(field.string)'")
    }
    let isTable = Self.isSymbolIndex(name) || name.hasPrefix("// ")
    let hasData = !isThin || isTable
    let result = Header(offset: offset, name: name, size: size, hasData: hasData)
    offset += Self.headerSize
    if hasData {
      guard size <= bytes.count - offset else {
        let text = "the member ends \(size - (bytes.count - offset)) bytes behind the archive"
        throw ArchiveError(offset: result.offset, text: text)
      }
      offset += size
    }
    return result
  }

  /// Whether the two bytes that end a header are where one at `offset` has them.
  private func isHeader(_ offset: Int) -> Bool {
    bytes.slice(offset + 58, 2)?.equals("`\n") ?? false
  }

  /// Digits, then blanks up to the end; nil for anything else or no digit at all.
  private static func decimal(_ field: ByteView) -> Int? {
    var value: Int?
    var isBehind = false
    for byte in field.buffer {
      switch byte {
      case 0x30...0x39 where !isBehind:
        // At most 16 digits: no overflow.
        value = (value ?? 0) * 10 + Int(byte - 0x30)
      case UInt8(ascii: " "): isBehind = true
      default: return nil
      }
    }
    return value
  }

  /// Whether a header's name is that of a symbol index that needs no look at the data.
  private static func isSymbolIndex(_ name: ByteView) -> Bool {
    name.hasPrefix("/ ") || name.hasPrefix("/SYM64/") || name.hasPrefix("__.SYMDEF")
  }

  // MARK: Members

  /// The member of a header; nil if it is a symbol index. Keeps the table of names.
  private mutating func read(_ header: Header) throws(ArchiveError) -> ArchiveMember? {
    if Self.isSymbolIndex(header.name) { return nil }
    if header.name.hasPrefix("// ") {
      longNames = bytes.slice(header.dataOffset, header.size) ?? ByteView()
      return nil
    }
    if header.name.hasPrefix("#1/") { return try readBSD(header) }
    if header.name.hasPrefix("/") { return try readGNU(header) }
    // A short name ends at its `/`, or at the blanks behind it.
    let end = header.name.firstIndex(of: UInt8(ascii: "/")) ?? Self.trimmedCount(header.name)
    return member(header, name: header.name.slice(0, end) ?? header.name)
  }

  private func member(_ header: Header, name: ByteView, nested: Int? = nil) -> ArchiveMember {
    ArchiveMember(
      name: name, headerOffset: header.offset, dataOffset: header.dataOffset, size: header.size,
      isExternal: !header.hasData, nestedHeaderOffset: nested)
  }

  /// `/123` or `/123:456`.
  private func readGNU(_ header: Header) throws(ArchiveError) -> ArchiveMember {
    // GNU ar leaves a `/` in the last of the 16 bytes in thin archives, for files with 15 in their names.
    let isOverwritten = header.name[15] == UInt8(ascii: "/")
    let reference = header.name.slice(1, isOverwritten ? 14 : 15) ?? ByteView()
    let colon = reference.firstIndex(of: UInt8(ascii: ":"))
    var nested: Int?
    if isThin, let colon {
      nested = reference.suffix(from: colon + 1).flatMap(Self.decimal)
    }
    guard let digits = reference.slice(0, colon ?? reference.count),
      let start = Self.decimal(digits), colon == nil || nested != nil
    else {
      throw ArchiveError(
        offset: header.offset, text: "not a member name: '\(header.name.string)'")
    }
    guard let rest = longNames.suffix(from: start), !rest.isEmpty else {
      throw ArchiveError(
        offset: header.offset, text: "the name lies outside the table of long names")
    }
    // GNU ends a name with `/` and a line feed, others with a NUL.
    var end = 0
    while end < rest.count, rest[end] != UInt8(ascii: "\n"), rest[end] != 0 { end += 1 }
    if end > 0, rest[end - 1] == UInt8(ascii: "/") { end -= 1 }
    return member(header, name: rest.slice(0, end) ?? rest, nested: nested)
  }

  /// `#1/20`: the name is in front of the data, filled up with NULs.
  private func readBSD(_ header: Header) throws(ArchiveError) -> ArchiveMember? {
    guard let length = header.name.suffix(from: 3).flatMap(Self.decimal), length <= header.size,
      header.hasData, let field = bytes.slice(header.dataOffset, length)
    else {
      throw ArchiveError(
        offset: header.offset, text: "not a member name: '\(header.name.string)'")
    }
    let name = field.slice(0, field.firstIndex(of: 0) ?? field.count) ?? field
    if name.hasPrefix("__.SYMDEF") { return nil }
    return ArchiveMember(
      name: name, headerOffset: header.offset, dataOffset: header.dataOffset + length,
      size: header.size - length, isExternal: false, nestedHeaderOffset: nil)
  }

  /// The count of bytes in front of trailing blanks.
  private static func trimmedCount(_ name: ByteView) -> Int {
    var count = name.count
    while count > 0, name[count - 1] == UInt8(ascii: " ") { count -= 1 }
    return count
  }
}
