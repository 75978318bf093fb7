// GNU linker scripts, as far as libraries need them.
//
// `libc.so` and its kin are text files that stand in for a library and name the real ones:
//
//     OUTPUT_FORMAT(elf64-x86-64)
//     GROUP ( /lib/x86_64-linux-gnu/libc.so.6 /usr/lib/x86_64-linux-gnu/libc_nonshared.a
//             AS_NEEDED ( /lib64/ld-linux-x86-64.so.2 ) )
//
// Those commands are read here, and assignments to symbols, which mean what --defsym means. What a
// script says about the *layout* is said to swold by a section map, so every such command is an error
// that names it and shows the way. (GNU ld manual, chapter
// 3 "Linker Scripts".) The parser opens no file and interprets no path.

internal import ELF

struct LibraryScript: Sendable {
  /// One file that INPUT or GROUP names.
  struct Input: Sendable {
    enum Kind: Sendable {
      /// A file name: looked for as it stands, then in the library folders.
      case file
      /// From `-lNAME`: `libNAME.so` or `libNAME.a`; `-l:NAME` keeps its colon.
      case library
    }

    let kind: Kind
    /// As written, without `-l`; a slice of the script.
    let name: ByteView
    /// Inside AS_NEEDED: recorded as needed only if it is.
    let isAsNeeded: Bool
    /// Inputs of one GROUP have the same number, from 1; 0 for those of INPUT.
    let group: Int
    /// The name begins with `=` or `$SYSROOT`, and `pathBelowSysroot` is meant.
    let isBelowSysroot: Bool
    let position: TextPosition

    /// What follows `=` or `$SYSROOT`; `name` if neither is there.
    var pathBelowSysroot: ByteView { LibraryScript.withoutSysroot(name) }
  }

  struct SearchDirectory: Sendable {
    /// As written; a slice of the script.
    let path: ByteView
    let isBelowSysroot: Bool

    /// What follows `=` or `$SYSROOT`; `path` if neither is there.
    var pathBelowSysroot: ByteView { LibraryScript.withoutSysroot(path) }
  }

  /// A statement that gives a symbol a value; without a name, an ASSERT.
  struct Assignment: Sendable {
    let name: String
    let expression: SymbolExpression
    let isProvided: Bool
    let isHidden: Bool
    let position: TextPosition
    /// As written, on one line.
    let text: String
  }

  /// A symbol or format name and where it stands.
  struct Name: Sendable {
    let text: ByteView
    let position: TextPosition
  }

  /// The files, in the order of the script.
  private(set) var inputs: [Input] = []
  private(set) var searchDirectories: [SearchDirectory] = []
  /// The default format of each OUTPUT_FORMAT: `elf64-x86-64`.
  private(set) var outputFormats: [Name] = []
  /// The machine of each OUTPUT_ARCH: `i386:x86-64`.
  private(set) var outputArchitectures: [Name] = []
  /// Symbols of EXTERN, to be looked for as `-u` does.
  private(set) var externSymbols: [Name] = []
  /// The symbol of the last ENTRY.
  private(set) var entry: Name?
  /// Assignments, PROVIDE and its kin, and ASSERT, in the order of the script.
  var assignments: [Assignment] = []
  /// The nodes of all VERSION commands.
  private(set) var versions = VersionScript()

  private var groupCount = 0

  /// Parses a script.
  init(_ bytes: ByteView) throws(TextError) {
    var scanner = try ScriptScanner(bytes)
    while !scanner.isAtEnd {
      if try scanner.take(";") { continue }
      if try scanner.take(",") { continue }
      try parseCommand(&scanner)
    }
  }

  /// Whether a file that is neither object nor archive may be a script: text, without control
  /// characters. Looks at the first 4096 bytes. The empty file is a script that says nothing.
  static func looksLikeScript(_ bytes: ByteView) -> Bool {
    for offset in 0..<min(bytes.count, 4096) {
      let byte = bytes[offset]
      if byte == 0x7f || (byte < 0x20 && !(0x09...0x0d).contains(byte)) { return false }
    }
    return true
  }

  /// What the script says of itself if it stands in for a library of another machine; as what it
  /// names is in the same format, a search passes it over.
  func foreignFormat(_ target: TargetFacts) -> String? {
    if let format = outputFormats.first(where: { !target.isOwn(outputFormat: $0.text.string) }) {
      return "a script for \(format.text.string)"
    }
    return outputArchitectures.first { !target.architectures.contains($0.text.string) }
      .map { "a script for \($0.text.string)" }
  }

  fileprivate static func withoutSysroot(_ path: ByteView) -> ByteView {
    if path.hasPrefix("=") { return path.suffix(from: 1) ?? path }
    if path.hasPrefix("$SYSROOT") { return path.suffix(from: 8) ?? path }
    return path
  }

  private static func isBelowSysroot(_ path: ByteView) -> Bool {
    path.hasPrefix("=") || path.hasPrefix("$SYSROOT")
  }

  // MARK: Commands

  private mutating func parseCommand(_ scanner: inout ScriptScanner) throws(TextError) {
    let start = scanner
    let quoted = try scanner.quoted()
    let word = quoted == nil ? try scanner.word(.identifier) : quoted
    guard let command = word else {
      throw start.error("expected a linker script command, found \(start.found)")
    }
    // What is assigned to may have the name of a command.
    if quoted != nil || Self.isAssignment(scanner) {
      return try parseAssignment(to: command.string, &scanner, start)
    }
    switch command.string {
    case "PROVIDE": try parseProvide(&scanner, start, isProvided: true, isHidden: false)
    case "HIDDEN": try parseProvide(&scanner, start, isProvided: false, isHidden: true)
    case "PROVIDE_HIDDEN": try parseProvide(&scanner, start, isProvided: true, isHidden: true)
    case "ASSERT":
      scanner = start
      try parseAssertion(&scanner)
    case "INPUT":
      try parseInputs(&scanner, "INPUT", group: 0)
    case "GROUP":
      groupCount += 1
      try parseInputs(&scanner, "GROUP", group: groupCount)
    case "SEARCH_DIR":
      let path = try Self.argument(&scanner, "SEARCH_DIR").text
      searchDirectories.append(
        SearchDirectory(path: path, isBelowSysroot: Self.isBelowSysroot(path)))
    case "OUTPUT_FORMAT":
      try parseOutputFormat(&scanner)
    case "OUTPUT_ARCH":
      outputArchitectures.append(try Self.argument(&scanner, "OUTPUT_ARCH"))
    case "TARGET":
      _ = try Self.argument(&scanner, "TARGET")
    case "ENTRY":
      entry = try Self.argument(&scanner, "ENTRY")
    case "EXTERN":
      try parseExtern(&scanner)
    case "VERSION":
      try scanner.expect("{", "after VERSION")
      try versions.parseNodes(&scanner, endsAtBrace: true)
    default:
      throw start.error(Self.help(for: command.string))
    }
  }

  /// The files between the parentheses of INPUT or GROUP.
  private mutating func parseInputs(
    _ scanner: inout ScriptScanner, _ command: String, group: Int
  ) throws(TextError) {
    try scanner.expect("(", "after \(command)")
    var isAsNeeded = false
    while true {
      if try scanner.take(",") { continue }
      if try scanner.take(")") {
        if !isAsNeeded { return }
        isAsNeeded = false
        continue
      }
      let start = scanner
      if let name = try scanner.quoted() {
        append(name, isQuoted: true, isAsNeeded, group, start.position)
      } else if let name = try scanner.word(.fileName) {
        if name.equals("AS_NEEDED"), scanner.current == UInt8(ascii: "(") {
          if isAsNeeded { throw start.error("AS_NEEDED inside AS_NEEDED") }
          try scanner.expect("(", "after AS_NEEDED")
          isAsNeeded = true
        } else if scanner.current == UInt8(ascii: "(") {
          throw start.error("\(name.string) cannot stand inside \(command); write it beside it")
        } else {
          append(name, isQuoted: false, isAsNeeded, group, start.position)
        }
      } else {
        let list = isAsNeeded ? "AS_NEEDED" : command
        throw start.error("expected a file name or ')' in \(list), found \(start.found)")
      }
    }
  }

  private mutating func append(
    _ name: ByteView, isQuoted: Bool, _ isAsNeeded: Bool, _ group: Int, _ position: TextPosition
  ) {
    let isLibrary = name.hasPrefix("-l")
    inputs.append(
      Input(
        kind: isLibrary ? .library : .file,
        name: isLibrary ? name.suffix(from: 2) ?? name : name,
        isAsNeeded: isAsNeeded, group: group,
        isBelowSysroot: !isLibrary && Self.isBelowSysroot(name), position: position))
  }

  /// `OUTPUT_FORMAT(default)` or `OUTPUT_FORMAT(default, big, little)`. The other two hold for -EB
  /// and -EL.
  private mutating func parseOutputFormat(_ scanner: inout ScriptScanner) throws(TextError) {
    try scanner.expect("(", "after OUTPUT_FORMAT")
    outputFormats.append(try Self.name(&scanner, "OUTPUT_FORMAT"))
    if try scanner.take(",") {
      _ = try Self.name(&scanner, "OUTPUT_FORMAT")
      try scanner.expect(",", "in OUTPUT_FORMAT, which takes one or three names")
      _ = try Self.name(&scanner, "OUTPUT_FORMAT")
    }
    try scanner.expect(")", "at the end of OUTPUT_FORMAT")
  }

  private mutating func parseExtern(_ scanner: inout ScriptScanner) throws(TextError) {
    try scanner.expect("(", "after EXTERN")
    while try !scanner.take(")") {
      if try scanner.take(",") { continue }
      externSymbols.append(try Self.name(&scanner, "EXTERN"))
    }
  }

  /// The one name between the parentheses of `command`.
  private static func argument(
    _ scanner: inout ScriptScanner, _ command: String
  ) throws(TextError) -> Name {
    try scanner.expect("(", "after \(command)")
    let name = try name(&scanner, command)
    try scanner.expect(")", "at the end of \(command)")
    return name
  }

  private static func name(
    _ scanner: inout ScriptScanner, _ command: String
  ) throws(TextError) -> Name {
    let start = scanner
    if let text = try scanner.quoted() { return Name(text: text, position: start.position) }
    guard let text = try scanner.word(.fileName) else {
      throw start.error("expected a name in \(command), found \(start.found)")
    }
    return Name(text: text, position: start.position)
  }
}
