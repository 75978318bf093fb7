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

  mutating func commentsBefore() -> [String] {
    defer { lexer.comments = [] }
    return lexer.comments.flatMap(\.lines)
  }

  /// The comments that begin in a line that was just read.
  mutating func commentsBehind(_ row: Int) throws(ScriptError) -> [String] {
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
    let statement = ScriptStatement(kind: kind, place: place, trivia: trivia, words: words)
    return Self.separatingAssertion(statement)
  }

  /// `x = ASSERT(e, "message")` is an assertion, and x has the value of e.
  private static func separatingAssertion(_ statement: ScriptStatement) -> [ScriptStatement] {
    guard case .assignment(var assignment) = statement.kind, assignment.sign == "=",
      case .call("ASSERT", let values) = assignment.value, values.count == 2,
      case .symbol(let message) = values[1]
    else { return [statement] }
    assignment.value = values[0]
    var (assertion, rest) = (statement, statement)
    assertion.kind = .assertion(values[0], message)
    rest.kind = .assignment(assignment)
    rest.trivia = ScriptTrivia()
    return [assertion, rest]
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
}
