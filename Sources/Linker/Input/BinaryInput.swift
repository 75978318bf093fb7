// `-b binary`: a file of raw data as an object, so that the rest of the link need not know.
//
// The object has a `.data` section with the bytes and the symbols `_binary_PATH_start`, `_end` and
// `_size`, where PATH has `_` for every character that is not a letter or digit (as GNU ld).

internal import ELF
internal import Glibc

enum BinaryInput {
  /// The bytes of an ELF object that holds `data`.
  static func object(of data: ByteView, path: String) -> ByteView {
    let stem = String(
      path.utf8.map { byte -> Character in
        let isWord =
          (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
        return isWord ? Character(UnicodeScalar(byte)) : "_"
      })
    let names = ["start", "end", "size"].map { Array("_binary_\(stem)_\($0)".utf8) + [0] }
    let strings: [UInt8] = [0] + names.flatMap { $0 }
    let sectionNames: [UInt8] = Array("\0.data\0.symtab\0.strtab\0.note.GNU-stack\0".utf8)

    // Header, data, symbols, strings, section names, section headers.
    let symbolOffset = (FileHeader.size + data.count + 7) & ~7
    let stringOffset = symbolOffset + 4 * Symbol.size
    let sectionNameOffset = stringOffset + strings.count
    let headerOffset = (sectionNameOffset + sectionNames.count + 7) & ~7
    let total = headerOffset + 5 * SectionHeader.size
    let block = UnsafeMutableRawPointer.allocate(byteCount: total + 8, alignment: 16)
    memset(block, 0, total + 8)

    func put<T>(_ value: T, _ offset: Int) {
      block.storeBytes(of: value, toByteOffset: offset, as: T.self)
    }
    put(0x464c_457f as UInt32, 0)
    put(2 as UInt8, 4)
    put(1 as UInt8, 5)
    put(1 as UInt8, 6)
    put(ET.REL, 16)
    put(EM.X86_64, 18)
    put(1 as UInt32, 20)
    put(UInt64(headerOffset), 40)
    put(UInt16(FileHeader.size), 52)
    put(UInt16(SectionHeader.size), 58)
    put(5 as UInt16, 60)
    put(3 as UInt16, 62)
    if let source = data.buffer.baseAddress {
      (block + FileHeader.size).copyMemory(from: source, byteCount: data.count)
    }
    strings.withUnsafeBytes { (block + stringOffset).copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    sectionNames.withUnsafeBytes {
      (block + sectionNameOffset).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
    }

    var nameOffset = 1
    for (index, name) in names.enumerated() {
      var symbol = Symbol()
      symbol.nameOffset = UInt32(nameOffset)
      symbol.info = STB.GLOBAL << 4 | STT.NOTYPE
      symbol.sectionIndex = index == 2 ? SHN.ABS : 1
      symbol.value = index == 0 ? 0 : UInt64(data.count)
      put(symbol, symbolOffset + (index + 1) * Symbol.size)
      nameOffset += name.count
    }

    func header(_ index: Int, _ fill: (inout SectionHeader) -> Void) {
      var header = SectionHeader()
      fill(&header)
      put(header, headerOffset + index * SectionHeader.size)
    }
    header(1) {
      $0.nameOffset = UInt32(strings.count) + 1
      $0.type = SHT.PROGBITS
      $0.flags = SHF.ALLOC | SHF.WRITE
      $0.offset = UInt64(FileHeader.size)
      $0.size = UInt64(data.count)
      $0.alignment = 1
    }
    header(2) {
      $0.nameOffset = UInt32(strings.count) + 7
      $0.type = SHT.SYMTAB
      $0.offset = UInt64(symbolOffset)
      $0.size = UInt64(4 * Symbol.size)
      $0.link = 3
      $0.info = 1
      $0.alignment = 8
      $0.entrySize = UInt64(Symbol.size)
    }
    header(3) {
      $0.nameOffset = UInt32(strings.count) + 15
      $0.type = SHT.STRTAB
      $0.offset = UInt64(stringOffset)
      $0.size = UInt64(strings.count + sectionNames.count)
      $0.alignment = 1
    }
    header(4) {
      $0.nameOffset = UInt32(strings.count) + 23
      $0.type = SHT.PROGBITS
      $0.offset = UInt64(headerOffset)
      $0.alignment = 1
    }
    return ByteView(block, count: total)
  }
}
