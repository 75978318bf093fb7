// From a place in an object file to a line of source, for messages:
//
//     swold: error: undefined symbol: foo
//     >>> referenced by main.c:12 (src/main.c) in function main
//
// Code is looked up in the line tables, data by the variable that covers the place. Nothing here is
// used in a link without errors. Everything is read from the object's own debug sections, so an
// object without them, or with malformed ones, has no lines.

internal import ELF

/// A line of source.
struct SourceLocation: Sendable, Equatable {
  /// As the compiler was told it: relative to the folder of compilation, or absolute.
  let path: String
  /// From 1.
  let line: Int

  /// The last part of the path.
  var fileName: String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) }
      ?? path
  }
}

extension SourceLocation: CustomStringConvertible {
  /// `main.c:12 (src/main.c)`, or without the parenthesis if the path is only a name.
  var description: String {
    fileName == path ? "\(path):\(line)" : "\(fileName):\(line) (\(path))"
  }
}

/// The debug information of one object. To be made when a message needs it; it is not shared
/// between threads.
struct SourceLocator {
  private let object: DebugObject
  private let symbols: DebugSymbols
  private let lineSections: [DebugSection]
  private let strings: LineProgram.Strings
  /// Keeps the string sections alive, if they were compressed.
  private let stringSections: [DebugSection]

  /// Looks for the debug sections of a relocatable object; nil if it is none of a known machine.
  init?(_ bytes: ByteView) {
    guard let object = DebugObject(bytes) else { return nil }
    self.object = object
    symbols = object.symbols ?? DebugSymbols()
    lineSections = object.debugSections("line")
    let lineStrings = object.debugSections("line_str")
    let strings = object.debugSections("str")
    self.strings = LineProgram.Strings(
      lineStrings: lineStrings.first?.bytes ?? ByteView(),
      strings: strings.first?.bytes ?? ByteView())
    stringSections = lineStrings + strings
  }

  /// The source line of what lies at `offset` in section number `section`.
  func location(section: Int, offset: UInt64) -> SourceLocation? {
    for lines in lineSections {
      var cursor = ByteCursor(lines.bytes)
      while !cursor.isAtEnd {
        let start = cursor.offset
        if let program = LineProgram(lines, &cursor, strings),
          let (file, line) = program.find(section: section, offset: offset)
        {
          return location(program, file, line)
        }
        if cursor.offset == start { break }
      }
    }
    return variableLocation(section: section, offset: offset)
  }

  /// The name of the function or variable that covers `offset` in section number `section`, as the
  /// symbol table has it.
  func enclosingSymbol(section: Int, offset: UInt64) -> ByteView? {
    symbols.symbol(coveringSection: section, offset: offset).flatMap(symbols.name)
  }

  private func location(
    _ program: LineProgram, _ file: UInt64, _ line: UInt64
  ) -> SourceLocation? {
    // Line 0: the compiler made this instruction up.
    guard let line = Int(exactly: line), line > 0, line <= Int(Int32.max),
      let path = program.path(file: file)
    else { return nil }
    return SourceLocation(path: path, line: line)
  }

  /// The declaration of the variable that covers a place in data.
  private func variableLocation(section: Int, offset: UInt64) -> SourceLocation? {
    guard let symbol = symbols.symbol(coveringSection: section, offset: offset),
      symbol.type == STT.OBJECT, let abbreviations = object.debugSections("abbrev").first
    else { return nil }
    let addresses = object.debugSections("addr").first
    let infos = object.debugSections("info")
    // The views do not keep decompressed bytes alive; the sections do.
    return withExtendedLifetime((abbreviations, addresses, infos)) {
      for info in infos {
        let variables = VariableLines(
          info, abbreviations: abbreviations.bytes, addresses: addresses)
        if let found = variables.find(section: section, offset: symbol.value) {
          return location(found)
        }
      }
      return nil
    }
  }

  private func location(_ declaration: VariableLines.Declaration) -> SourceLocation? {
    guard let start = Int(exactly: declaration.lineProgram) else { return nil }
    for section in lineSections {
      var cursor = ByteCursor(section.bytes, at: start)
      if let program = LineProgram(section, &cursor, strings) {
        return location(program, declaration.file, declaration.line)
      }
    }
    return nil
  }
}
