// Objects that are made, not read, so that the rest of the link need not know about them.
//
// `-b binary`: a file of raw data becomes a `.data` section with the symbols `_binary_PATH_start`,
// `_end` and `_size`, where PATH has `_` for every character that is not a letter or digit (as GNU
// ld). The linker's identification becomes a `.comment` section, which merges with the compilers'.

internal import ELF
internal import Glibc

/// A symbol of such an object.
struct MadeSymbol {
  var name: [UInt8]
  var section: UInt16
  var value: UInt64
  var size: UInt64 = 0
  var info = STB.GLOBAL << 4 | STT.NOTYPE
  var other = STV.DEFAULT
}

enum BinaryInput {
  /// The bytes of an ELF object that holds `data`.
  static func object(of data: ByteView, path: String) -> ByteView {
    let stem = String(
      path.utf8.map { byte -> Character in
        let isWord =
          (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
        return isWord ? Character(UnicodeScalar(byte)) : "_"
      })
    return makeObject(
      data, name: ".data", flags: SHF.ALLOC | SHF.WRITE, entrySize: 0,
      symbols: [
        MadeSymbol(name: Array("_binary_\(stem)_start".utf8), section: 1, value: 0),
        MadeSymbol(name: Array("_binary_\(stem)_end".utf8), section: 1, value: UInt64(data.count)),
        MadeSymbol(
          name: Array("_binary_\(stem)_size".utf8), section: SHN.ABS, value: UInt64(data.count)),
      ])
  }

  /// An object with nothing but symbols.
  static func object(ofSymbols symbols: [MadeSymbol]) -> ByteView {
    makeObject(ByteView(), name: ".text", flags: 0, entrySize: 0, symbols: symbols)
  }

  /// An object whose `.comment` section says which linker made the output.
  static func identification(_ text: String) -> ByteView {
    let copy = strdup(text)!
    return makeObject(
      ByteView(UnsafeRawPointer(copy), count: strlen(copy) + 1), name: ".comment",
      flags: SHF.MERGE | SHF.STRINGS, entrySize: 1, symbols: [])
  }

  /// An object with one section and some global symbols.
  private static func makeObject(
    _ data: ByteView, name: String, flags: UInt64, entrySize: UInt64,
    symbols: [MadeSymbol]
  ) -> ByteView {
    let names = symbols.map { $0.name + [0] }
    let strings: [UInt8] = [0] + names.flatMap { $0 }
    let sectionNames: [UInt8] = [0] + Array(name.utf8) + Array("\0.symtab\0.strtab\0".utf8)
    let symbolTableName = strings.count + 2 + name.utf8.count

    // Header, data, symbols, strings, section names, section headers.
    // It never leaves memory, so it is in the native format, whatever the link is for.
    let headerSize = Format.native.headerSize
    let symbolOffset = (headerSize + data.count + 7) & ~7
    let symbolSize = (symbols.count + 1) * Symbol.size
    let stringOffset = symbolOffset + symbolSize
    let headerOffset = (stringOffset + strings.count + sectionNames.count + 7) & ~7
    let total = headerOffset + 4 * SectionHeader.size
    let block = UnsafeMutableRawPointer.allocate(byteCount: total + 8, alignment: 16)
    memset(block, 0, total + 8)
    let out = OutputBytes(base: block, count: total)
    var fileHeader = FileHeader()
    fileHeader.type = ET.REL
    fileHeader.sectionHeaderOffset = UInt64(headerOffset)
    _ = fileHeader.setSections(count: 4, nameIndex: 3)
    out.copy(fileHeader.encoded(.native))
    out.copy(data, at: headerSize)
    out.copy(strings + sectionNames, at: stringOffset)

    var nameOffset = 1
    for (index, item) in symbols.enumerated() {
      var symbol = Symbol()
      symbol.nameOffset = UInt32(nameOffset)
      symbol.info = item.info
      symbol.other = item.other
      symbol.sectionIndex = item.section
      symbol.value = item.value
      symbol.size = item.size
      out.store(symbol, entry: index + 1, from: symbolOffset, .native)
      nameOffset += names[index].count
    }

    func header(_ index: Int, _ fill: (inout SectionHeader) -> Void) {
      var header = SectionHeader()
      fill(&header)
      out.store(header, entry: index, from: headerOffset, .native)
    }
    header(1) {
      $0.nameOffset = UInt32(strings.count + 1)
      $0.type = SHT.PROGBITS
      $0.flags = flags
      $0.offset = UInt64(headerSize)
      $0.size = UInt64(data.count)
      $0.alignment = 1
      $0.entrySize = entrySize
    }
    header(2) {
      $0.nameOffset = UInt32(symbolTableName)
      $0.type = SHT.SYMTAB
      $0.offset = UInt64(symbolOffset)
      $0.size = UInt64(symbolSize)
      $0.link = 3
      $0.info = 1
      $0.alignment = 8
      $0.entrySize = UInt64(Symbol.size)
    }
    header(3) {
      $0.nameOffset = UInt32(symbolTableName + 8)
      $0.type = SHT.STRTAB
      $0.offset = UInt64(stringOffset)
      $0.size = UInt64(strings.count + sectionNames.count)
      $0.alignment = 1
    }
    return ByteView(block, count: total)
  }
}
