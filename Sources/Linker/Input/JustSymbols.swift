// --just-symbols: of a program, library or object only the global symbols count, as absolute numbers.
//
// So code can be linked against a program that is already in memory: a loader's, a boot ROM's, a kernel's.
// The file becomes an object without sections.

internal import ELF

extension InputReader {
  mutating func readJustSymbols(_ path: String, _ switches: InputSwitches) {
    guard let result = open(path) else { return }
    guard let bytes = result else { return log.error(.fileNotFound(path), at: position) }
    inputs.noteRead(path, .input, firstRow: rows.count)
    guard let header = FileHeader(bytes), let own = Machine(header.machine, header.format),
      own == machine ?? own
    else {
      let kind = FileKind(bytes, for: machine)
      guard case .foreign(let what) = kind else {
        return log.error(.noSymbolsToTake(path), at: position)
      }
      return log.error(.foreignFile(path, what, outputName), at: position)
    }
    do throws(MalformedFile) {
      let object = BinaryInput.object(ofSymbols: try JustSymbols.list(bytes))
      addObject(
        path, object, InputRequest(switches: switches, neededName: path), lazy: false)
      rows[rows.count - 1].isMade = true
    } catch {
      log.error(.malformedFile(path, error.reason), at: position)
    }
  }
}

enum JustSymbols {
  /// The global definitions of `.symtab`, or of `.dynsym` if there is none. Values of thread-local
  /// variables are no addresses.
  static func list(_ bytes: ByteView) throws(MalformedFile) -> [MadeSymbol] {
    var file = InputFile()
    file.bytes = bytes
    try file.readSectionHeaders()
    let headers = file.sectionHeaders
    let all = (0..<headers.count).first { headers[$0].type == SHT.SYMTAB }
    let exported = (0..<headers.count).first { headers[$0].type == SHT.DYNSYM }
    guard let table = all ?? exported else {
      throw MalformedFile(reason: "has no symbol table for --just-symbols; was it stripped?")
    }
    try file.readSymbolTable(headers[table], table)
    return file.globals.compactMap { index in
      let symbol = file.symbols[index]
      guard index > 0, symbol.sectionIndex != SHN.UNDEF, symbol.sectionIndex != SHN.COMMON,
        symbol.type != STT.TLS, symbol.type != STT.SECTION, symbol.type != STT.FILE
      else { return nil }
      return MadeSymbol(
        name: [UInt8](file.symbolName(index).buffer), section: SHN.ABS, value: symbol.value,
        size: symbol.size, info: symbol.binding << 4 | kind(symbol.type), other: symbol.other & 3)
    }
  }

  /// A number is neither a common symbol nor a function that finds another.
  private static func kind(_ type: UInt8) -> UInt8 {
    switch type {
    case STT.COMMON: STT.OBJECT
    case STT.GNU_IFUNC: STT.NOTYPE
    default: type
    }
  }
}

extension Message {
  static func noSymbolsToTake(_ path: String) -> Message {
    Message("noSymbolsToTake", "\(path): --just-symbols takes an ELF file")
  }
}
