// What two links of the same objects can be compared by: sections, symbols, bytes.
//
// The files were made a moment ago by linkers that are trusted as little as any other program, so every
// number is checked before it is used.

struct LinkedImage {
  struct Section {
    var name: String
    var address: UInt64
    var load: UInt64
    var size: UInt64
    /// Where the bytes are in the file; nil: it has none.
    var offset: Int?
  }

  /// Allocated sections that are not empty.
  private(set) var sections: [Section] = []
  /// Names of sections that take no memory.
  private(set) var unallocated: Set<String> = []
  /// Values of all named symbols that are defined.
  private(set) var symbols: [String: UInt64] = [:]
  let bytes: [UInt8]
  private let is64: Bool
  private let isBig: Bool

  /// nil: no ELF file.
  init?(_ bytes: [UInt8]) {
    self.bytes = bytes
    guard bytes.count > 64, bytes[..<4] == [0x7f, 0x45, 0x4c, 0x46] else { return nil }
    is64 = bytes[4] == 2
    isBig = bytes[5] == 2
    guard read() else { return nil }
  }

  /// An unsigned number of `size` bytes; nil behind the end.
  private func number(_ offset: UInt64, _ size: Int) -> UInt64? {
    guard offset < UInt64(bytes.count), size <= bytes.count - Int(offset) else { return nil }
    let field = bytes[Int(offset)..<(Int(offset) + size)]
    return isBig
      ? field.reduce(0) { $0 << 8 | UInt64($1) }
      : field.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func word(_ offset: UInt64) -> UInt64? { number(offset, is64 ? 8 : 4) }

  private func text(_ offset: UInt64) -> String {
    guard offset < UInt64(bytes.count) else { return "" }
    return String(decoding: bytes[Int(offset)...].prefix { $0 != 0 }, as: UTF8.self)
  }

  private struct Header {
    var name, type, flags, address, offset, size, link: UInt64
  }

  private mutating func read() -> Bool {
    guard let programTable = word(is64 ? 32 : 28), let sectionTable = word(is64 ? 40 : 32),
      let programCount = number(is64 ? 56 : 44, 2), let sectionCount = number(is64 ? 60 : 48, 2),
      let nameIndex = number(is64 ? 62 : 50, 2), sectionTable < 1 << 48, programTable < 1 << 48
    else { return false }
    var headers: [Header] = []
    let entry: UInt64 = is64 ? 64 : 40
    for index in 0..<sectionCount {
      let at = sectionTable + index * entry
      guard let name = number(at, 4), let type = number(at + 4, 4), let flags = word(at + 8),
        let address = word(at + (is64 ? 16 : 12)), let offset = word(at + (is64 ? 24 : 16)),
        let size = word(at + (is64 ? 32 : 20)), let link = number(at + (is64 ? 40 : 24), 4),
        offset < 1 << 48, size < 1 << 48, address <= .max - size
      else { return false }
      headers.append(
        Header(
          name: name, type: type, flags: flags, address: address, offset: offset, size: size,
          link: link))
    }
    guard nameIndex < UInt64(headers.count) else { return false }
    let names = headers[Int(nameIndex)].offset
    var loads: [(start: UInt64, size: UInt64, load: UInt64, offset: UInt64, fileSize: UInt64)] = []
    for index in 0..<programCount {
      let at = programTable + index * (is64 ? 56 : 32)
      guard number(at, 4) == 1, let start = word(at + (is64 ? 16 : 8)),
        let load = word(at + (is64 ? 24 : 12)), let size = word(at + (is64 ? 40 : 20)),
        let offset = word(at + (is64 ? 8 : 4)), let fileSize = word(at + (is64 ? 32 : 16))
      else { continue }
      loads.append((start, size, load, offset, fileSize))
    }
    for header in headers where header.flags & 2 != 0 && header.size > 0 {
      let holders = loads.filter {
        header.address >= $0.start && header.address - $0.start < $0.size
      }
      // Segments of PHDRS may overlap in memory; then the one with the bytes counts.
      let segment =
        holders.first {
          header.type != 8 && header.offset >= $0.offset
            && header.offset - $0.offset < $0.fileSize
        } ?? holders.first
      sections.append(
        Section(
          name: text(names + header.name), address: header.address,
          load: segment.map { $0.load &+ (header.address - $0.start) } ?? header.address,
          size: header.size,
          offset: header.type == 8 || header.offset + header.size > UInt64(bytes.count)
            ? nil : Int(header.offset)))
    }
    unallocated = Set(headers.filter { $0.flags & 2 == 0 }.map { text(names + $0.name) })
    for header in headers where header.type == 2 && header.link < UInt64(headers.count) {
      readSymbols(header, headers[Int(header.link)].offset)
    }
    return true
  }

  private mutating func readSymbols(_ header: Header, _ names: UInt64) {
    let entry: UInt64 = is64 ? 24 : 16
    for index in 0..<min(header.size / entry, 1 << 24) {
      let at = header.offset + index * entry
      guard let name = number(at, 4), let info = number(at + (is64 ? 4 : 12), 1),
        let section = number(at + (is64 ? 6 : 14), 2), let value = word(at + (is64 ? 8 : 4))
      else { return }
      // Neither files nor sections, and defined.
      guard section != 0, info & 15 < 3 || info & 15 == 6 || info & 15 == 10 else { continue }
      let text = text(names + name)
      // GNU ld's own base of thread-locals, which nothing but descriptors of TLS may name.
      if !text.isEmpty, text != "_TLS_MODULE_BASE_" { symbols[text] = value }
    }
  }
}

extension LinkedImage {
  /// What is different in `other`, a line each. Bytes in `padding`, ranges of run addresses, are nobody's.
  func differences(from other: LinkedImage, padding: [Range<UInt64>]) -> [String] {
    func hex(_ number: UInt64) -> String { "0x" + String(number, radix: 16) }
    var lines: [String] = []
    for whole in sections {
      var section = whole
      let own = other.sections.first { $0.name == section.name }
      // `. = ALIGN(n)` in front of the first byte is padding in a section of GNU ld; of a map, it stands
      // before the section.
      let start = own?.address ?? section.address + section.size
      if start > section.address, start <= section.address + section.size,
        (section.address..<start).allSatisfy({ at in padding.contains { $0.contains(at) } })
      {
        let distance = start - section.address
        section.address += distance
        section.load &+= distance
        section.size -= distance
        section.offset = section.offset.map { $0 + Int(distance) }
      }
      guard let own else {
        if section.size == 0 { continue }
        lines.append("\(section.name): GNU ld has it at \(hex(section.address)), the map has not")
        continue
      }
      if own.address != section.address || own.size != section.size {
        lines.append(
          "\(section.name): at \(hex(section.address)), \(section.size) bytes with GNU ld; at \(hex(own.address)), \(own.size) bytes with the map"
        )
        continue
      }
      guard let first = section.offset, let second = own.offset else { continue }
      if own.load != section.load {
        lines.append(
          "\(section.name): stored at \(hex(section.load)) with GNU ld, at \(hex(own.load)) with the map"
        )
      }
      let ranges = padding.filter {
        $0.overlaps(section.address..<(section.address + section.size))
      }
      var count = 0
      var at: UInt64?
      for index in 0..<Int(section.size)
      where bytes[first + index] != other.bytes[second + index] {
        let address = section.address + UInt64(index)
        if ranges.contains(where: { $0.contains(address) }) { continue }
        count += 1
        at = at ?? address
      }
      if let at { lines.append("\(section.name): \(count) other bytes, the first at \(hex(at))") }
    }
    let missing = Set(sections.map(\.name))
    for section in other.sections where !missing.contains(section.name) {
      // (COPY) and its kin have an address all the same.
      if section.offset == nil, unallocated.contains(section.name) { continue }
      lines.append("\(section.name): the map has it at \(hex(section.address)), GNU ld has not")
    }
    for (name, value) in symbols.sorted(by: { $0.key < $1.key }) {
      guard let own = other.symbols[name] else {
        lines.append("symbol \(name): \(hex(value)) with GNU ld, none with the map")
        continue
      }
      if own != value {
        lines.append("symbol \(name): \(hex(value)) with GNU ld, \(hex(own)) with the map")
      }
    }
    return lines
  }
}
