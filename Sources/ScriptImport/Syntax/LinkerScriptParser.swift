// From the text of a script to its syntax tree: commands and blocks.
//
// The grammar is that of the GNU ld manual, read as people write it: commas and semicolons may stand
// between statements, a colon may touch the name of a section. INCLUDE is replaced by the statements of
// the file, so nothing behind the parser knows of it. A text that is no script is an error that names
// the place; what is a script and has no counterpart in a map is not the parser's business.

/// Finds the text of an INCLUDE: its name and the file that includes it. nil: there is none.
public typealias ScriptLoader = (_ name: String, _ from: String) -> (name: String, bytes: [UInt8])?

struct LinkerScriptParser {
  var lexer: ScriptLexer
  private let loader: ScriptLoader
  /// Names of the files around this one.
  private var nesting: [String]
  /// How deep in blocks and expressions, so that no input exhausts the stack.
  var depth = 0
  static var maxDepth: Int { 120 }

  init(file: String, bytes: [UInt8], nesting: [String] = [], loader: @escaping ScriptLoader) {
    lexer = ScriptLexer(file: file, bytes: bytes)
    self.loader = loader
    self.nesting = nesting + [file]
  }

  /// The statements of a whole file.
  static func parse(
    file: String, bytes: [UInt8], loader: @escaping ScriptLoader
  ) throws(ScriptError) -> [ScriptStatement] {
    var parser = LinkerScriptParser(file: file, bytes: bytes, loader: loader)
    return try parser.statements(.top)
  }

  /// Where a statement may stand.
  enum Block: Equatable { case top, sections, section }

  // MARK: - Tools

  func failure(_ message: String) -> ScriptError { ScriptError(message, at: lexer.place) }

  mutating func expect(_ text: StaticString, _ where: String) throws(ScriptError) {
    guard try !lexer.take(text) else { return }
    throw failure("expected '\(text)' \(`where`), found \(lexer.found())")
  }

  mutating func takeAny(_ signs: [StaticString]) throws(ScriptError) -> Bool {
    for sign in signs where try lexer.take(sign) { return true }
    return false
  }

  mutating func name(_ where: String) throws(ScriptError) -> String {
    if let name = try lexer.pattern() { return name }
    throw failure("expected a name \(`where`), found \(lexer.found())")
  }

  mutating func deeper<Result>(
    _ body: (inout LinkerScriptParser) throws(ScriptError) -> Result
  ) throws(ScriptError) -> Result {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.maxDepth else { throw failure("this is nested too deeply to be read") }
    return try body(&self)
  }

  private mutating func commentsBefore() -> [String] {
    defer { lexer.comments = [] }
    return lexer.comments.flatMap(\.lines)
  }

  /// The comments that begin in a line that was just read.
  private mutating func commentsBehind(_ row: Int) throws(ScriptError) -> [String] {
    _ = try lexer.peek()
    let behind = lexer.comments.prefix { $0.row == row && $0.lines.count == 1 }
    lexer.comments.removeFirst(behind.count)
    return behind.flatMap(\.lines)
  }

  // MARK: - Statements

  mutating func statements(_ block: Block) throws(ScriptError) -> [ScriptStatement] {
    var result: [ScriptStatement] = []
    while true {
      while true {
        if try lexer.take(";") { continue }
        if try lexer.take(",") { continue }
        break
      }
      let next = try lexer.peek()
      let isEnd = next == nil || block != .top && next == UInt8(ascii: "}")
      if isEnd {
        let comments = commentsBefore()
        if !comments.isEmpty {
          result.append(
            ScriptStatement(
              kind: .comments, place: lexer.place, trivia: ScriptTrivia(before: comments),
              words: ""))
        }
        return result
      }
      result += try deeper { parser throws(ScriptError) in try parser.statement(block) }
    }
  }

  private mutating func statement(_ block: Block) throws(ScriptError) -> [ScriptStatement] {
    let before = commentsBefore()
    let place = lexer.place
    let start = lexer.offset
    let startLexer = lexer
    let isQuoted = lexer.byte(0) == UInt8(ascii: "\"")
    var word = try lexer.pattern() ?? ""
    if word.isEmpty && !isQuoted {
      throw failure("expected a statement, found \(lexer.found())")
    }
    // `.text:{`: the colon is the section's.
    if block == .sections, !isQuoted, word.count > 1, word.hasSuffix(":") {
      lexer.back(1)
      word.removeLast()
    }
    if !isQuoted, word == "INCLUDE" { return try include(block) }
    let kind: ScriptStatement.Kind
    if try isAssignment() {
      kind = .assignment(try assignment(to: word))
    } else if !isQuoted, let command = try command(word, block) {
      kind = command
    } else {
      switch block {
      case .top:
        throw ScriptError("'\(word)' is no command of a linker script", at: place)
      case .sections: kind = .section(try section(named: word))
      case .section:
        lexer = startLexer
        kind = .input(try input())
      }
    }
    let words = lexer.words(from: start)
    let row = lexer.row
    _ = try lexer.take(";")
    var trivia = ScriptTrivia(before: before, behind: try commentsBehind(row))
    if case .sections = kind { trivia.behind = [] }
    return [ScriptStatement(kind: kind, place: place, trivia: trivia, words: words)]
  }

  private mutating func include(_ block: Block) throws(ScriptError) -> [ScriptStatement] {
    let place = lexer.place
    let wanted = try name("behind INCLUDE")
    guard let (path, bytes) = loader(wanted, lexer.file) else {
      throw ScriptError("cannot find '\(wanted)'; -L names further directories", at: place)
    }
    guard !nesting.contains(path), nesting.count < 16 else {
      throw ScriptError("'\(path)' includes itself", at: place)
    }
    var inner = LinkerScriptParser(file: path, bytes: bytes, nesting: nesting, loader: loader)
    inner.depth = depth
    let result = try inner.statements(block)
    if try inner.lexer.peek() != nil {
      throw inner.failure("expected a statement, found \(inner.lexer.found())")
    }
    return result
  }

  private mutating func command(
    _ word: String, _ block: Block
  ) throws(ScriptError) -> ScriptStatement.Kind? {
    switch word {
    case "PROVIDE", "HIDDEN", "PROVIDE_HIDDEN":
      try expect("(", "behind \(word)")
      let target = try name("in \(word)")
      guard try isAssignment() else {
        throw failure("expected '=' in \(word), found \(lexer.found())")
      }
      var syntax = try assignment(to: target)
      syntax.isProvided = word != "HIDDEN"
      syntax.isHidden = word != "PROVIDE"
      try expect(")", "at the end of \(word)")
      return .assignment(syntax)
    case "ASSERT":
      try expect("(", "behind ASSERT")
      let condition = try expression()
      try expect(",", "behind the condition of ASSERT")
      let message = try name("in ASSERT")
      try expect(")", "at the end of ASSERT")
      return .assertion(condition, message)
    case "ENTRY" where block != .section:
      return .entry(try arguments(of: word).first ?? "")
    case "EXTERN" where block != .section: return .extern(try arguments(of: word))
    case "INSERT" where block != .section:
      let side = try name("behind INSERT")
      guard side == "AFTER" || side == "BEFORE" else {
        throw failure("expected AFTER or BEFORE behind INSERT, not '\(side)'")
      }
      return .insert(side, try name("behind INSERT \(side)"))
    case "MEMORY" where block == .top: return .memory(try memory())
    case "PHDRS" where block == .top: return .headers(try headers())
    case "SECTIONS" where block == .top:
      try expect("{", "behind SECTIONS")
      let body = try statements(.sections)
      try expect("}", "at the end of SECTIONS")
      return .sections(body)
    case "REGION_ALIAS" where block == .top:
      let names = try arguments(of: word)
      guard names.count == 2 else { throw failure("REGION_ALIAS has two names") }
      return .alias(names[0], names[1])
    case "OVERLAY" where block == .sections: return .overlay(try overlay())
    case "BYTE", "SHORT", "LONG", "QUAD", "SQUAD":
      guard block == .section else { return nil }
      try expect("(", "behind \(word)")
      let value = try expression()
      try expect(")", "at the end of \(word)")
      return .data(word, value)
    case "ASCIZ" where block == .section: return .text(try name("behind ASCIZ"))
    case "FILL" where block == .section:
      try expect("(", "behind FILL")
      let fill = try self.fill()
      try expect(")", "at the end of FILL")
      return .fill(fill)
    case "CONSTRUCTORS", "CREATE_OBJECT_SYMBOLS", "LINKER_VERSION":
      return block == .section ? .command(word, []) : nil
    case "FORCE_COMMON_ALLOCATION", "INHIBIT_COMMON_ALLOCATION", "FORCE_GROUP_ALLOCATION":
      return block == .top ? .command(word, []) : nil
    case "OUTPUT_FORMAT", "OUTPUT_ARCH", "OUTPUT", "TARGET", "INPUT", "GROUP", "STARTUP",
      "SEARCH_DIR", "NOCROSSREFS", "NOCROSSREFS_TO", "LD_FEATURE", "HLL", "SYSLIB", "FLOAT",
      "NOFLOAT":
      guard block != .section, try lexer.peek() == UInt8(ascii: "(") else { return nil }
      return .command(word, try arguments(of: word))
    case "VERSION" where block == .top:
      try expect("{", "behind VERSION")
      var open = 1
      while open > 0 {
        if try lexer.take("{") {
          open += 1
        } else if try lexer.take("}") {
          open -= 1
        } else {
          if try takeAny([";", "=", "(", ")", ","]) { continue }
          _ = try name("in VERSION")
        }
      }
      return .command(word, [])
    default: return nil
    }
  }

  /// The names between parentheses, nested lists flattened.
  private mutating func arguments(of command: String) throws(ScriptError) -> [String] {
    try expect("(", "behind \(command)")
    var names: [String] = []
    var open = 1
    while open > 0 {
      if try lexer.take(")") {
        open -= 1
      } else if try lexer.take("(") {
        open += 1
      } else {
        if try lexer.take(",") { continue }
        names.append(try name("in \(command)"))
      }
    }
    return names
  }

  // MARK: - Assignments

  static let assignmentSigns: [StaticString] = [
    "=", "+=", "-=", "*=", "/=", "&=", "|=", "^=", "<<=", ">>=",
  ]

  private mutating func isAssignment() throws(ScriptError) -> Bool {
    let saved = lexer
    let sign = try assignmentSign()
    lexer = saved
    return sign != nil
  }

  private mutating func assignmentSign() throws(ScriptError) -> String? {
    for sign in Self.assignmentSigns where try lexer.take(sign) {
      // `==` is a comparison.
      if lexer.byte(0) == UInt8(ascii: "="), sign.utf8CodeUnitCount == 1 { return nil }
      return "\(sign)"
    }
    return nil
  }

  private mutating func assignment(
    to target: String
  ) throws(ScriptError) -> ScriptAssignmentSyntax {
    guard let sign = try assignmentSign() else {
      throw failure("expected '=', found \(lexer.found())")
    }
    return ScriptAssignmentSyntax(target: target, sign: sign, value: try expression())
  }

  // MARK: - MEMORY, PHDRS

  private mutating func memory() throws(ScriptError) -> [ScriptMemory] {
    try expect("{", "behind MEMORY")
    var blocks: [ScriptMemory] = []
    while try !lexer.take("}") {
      if try takeAny([",", ";"]) { continue }
      let before = commentsBefore()
      let place = lexer.place
      var name = try name("in MEMORY")
      if name == "INCLUDE" {
        throw failure("INCLUDE inside MEMORY is not read; put the text here")
      }
      var attributes = ""
      if name.count > 1, name.hasSuffix(":") {
        lexer.back(1)
        name.removeLast()
      }
      if try lexer.take("(") {
        while try !lexer.take(")") {
          attributes += try self.name("in the attributes of '\(name)'")
        }
      }
      try expect(":", "behind the name '\(name)' in MEMORY")
      let origin = try memoryNumber(["ORIGIN", "org", "o"], "ORIGIN")
      _ = try lexer.take(",")
      let length = try memoryNumber(["LENGTH", "len", "l"], "LENGTH")
      let row = lexer.row
      _ = try lexer.take(";")
      blocks.append(
        ScriptMemory(
          name: name, attributes: attributes, origin: origin, length: length, place: place,
          trivia: ScriptTrivia(before: before, behind: try commentsBehind(row))))
    }
    return blocks
  }

  private mutating func memoryNumber(
    _ words: [String], _ word: String
  ) throws(ScriptError) -> ScriptExpression {
    guard let found = try lexer.name(), words.contains(found) else {
      throw failure("expected \(word) in MEMORY, found \(lexer.found())")
    }
    try expect("=", "behind \(word)")
    return try expression()
  }

  private mutating func headers() throws(ScriptError) -> [ScriptHeader] {
    try expect("{", "behind PHDRS")
    var result: [ScriptHeader] = []
    while try !lexer.take("}") {
      let place = lexer.place
      let name = try name("in PHDRS")
      let type = try self.name("behind '\(name)' in PHDRS")
      var header = ScriptHeader(name: name, type: type, place: place)
      while try !lexer.take(";") {
        let word = try self.name("in PHDRS, or ';'")
        switch word {
        case "FILEHDR": header.hasFileHeader = true
        case "PHDRS": header.hasProgramHeaders = true
        case "AT", "FLAGS":
          try expect("(", "behind \(word)")
          let value = try expression()
          try expect(")", "behind \(word)")
          if word == "AT" { header.address = value } else { header.flags = value }
        default: throw failure("'\(word)' is no word of PHDRS")
        }
      }
      result.append(header)
    }
    return result
  }
}
