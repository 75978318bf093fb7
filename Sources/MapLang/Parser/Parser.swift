// Tokens to a tree: recursive descent, one function for each production of the grammar.
//
// Functions bear the name of their production (Grammar/section-map.ebnf). One token of lookahead
// suffices, but for a name that may be a function, where the lexer peeks for `(`. After an error the
// parser skips to the end of the statement and goes on, and says nothing more about that statement:
// one error per cause. Every loop consumes a token or ends; nesting is bounded, so hostile input
// cannot exhaust the stack.

struct Parser {
  private(set) var lexer: Lexer
  private(set) var token: Token
  var diagnostics: [MapDiagnostic] = []
  let file: UInt16
  /// Blocks, parentheses and unary operators around the current token.
  var depth = 0
  /// Operators of the expression that the current token is in, parentheses or not.
  var operatorCount = 0
  /// How many expressions surround the current token.
  var expressionDepth = 0
  /// Whether the rest of this statement is suspect: nothing is reported until it ends.
  var isRecovering = false

  /// Whether a string swallowed the rest of its line, braces and all.
  private var hasUnterminatedString = false

  static let depthLimit = 200

  init(_ bytes: [UInt8], file: UInt16) {
    lexer = Lexer(bytes)
    self.file = file
    token = lexer.next(.expression)
  }

  // MARK: - Tokens

  /// Moves to the next token, read in that mode.
  mutating func advance(_ mode: Lexer.Mode = .expression) {
    token = lexer.next(mode)
    if token.kind == .unterminatedString { hasUnterminatedString = true }
  }

  func position(of token: Token) -> SourcePosition {
    SourcePosition(
      file: file, offset: token.offset, length: UInt16(clamping: Int(token.length)))
  }

  /// Where the current token stands.
  var here: SourcePosition { position(of: token) }

  func bytes(of token: Token) -> ArraySlice<UInt8> {
    lexer.bytes[Int(token.offset)..<Int(token.endOffset)]
  }

  func text(of token: Token) -> String { String(decoding: bytes(of: token), as: UTF8.self) }

  /// The keyword that the current token spells, whatever its meaning here.
  var keyword: Keyword? {
    token.kind == .name || token.kind == .word ? Keyword.of(bytes(of: token)) : nil
  }

  /// What the current token is, for messages.
  var found: String {
    switch token.kind {
    case .end: "the end of the file"
    case .unterminatedString: "a string without end"
    case _: "'\(text(of: token))'"
    }
  }

  mutating func take(_ kind: Token.Kind, _ mode: Lexer.Mode = .expression) -> Bool {
    guard token.kind == kind else { return false }
    advance(mode)
    return true
  }

  // MARK: - Errors

  mutating func report(_ diagnostic: MapDiagnostic) {
    if !isRecovering { diagnostics.append(diagnostic) }
    isRecovering = true
  }

  /// SM001 at the current token.
  mutating func fail(_ message: String, help: String? = nil) {
    report(MapDiagnostic(.syntax, message, at: here, help: help))
  }

  mutating func expect(_ kind: Token.Kind, _ what: String, _ mode: Lexer.Mode = .expression) {
    if !take(kind, mode) { fail("expected \(what), found \(found)") }
  }

  /// The end of a statement. If something is wrong, moves behind the next `;` on this level, or to
  /// the `}` that ends the block.
  mutating func finishStatement() {
    if token.kind == .semicolon {
      isRecovering = false
      advance()
      return
    }
    if !isRecovering { reportMissingSemicolon() }
    skipStatement()
  }

  private mutating func reportMissingSemicolon() {
    let isCompound: Bool
    switch token.kind {
    case .plus, .minus, .star, .slash, .bar, .ampersand:
      var probe = lexer
      isCompound = probe.next(.expression).kind == .assign
    case _: isCompound = token.kind == .assign
    }
    if isCompound {
      fail(
        "expected ';', found \(found)", help: "there are no assignments; a symbol is defined once")
    } else {
      fail("expected ';', found \(found)", help: statementHelp)
    }
  }

  /// Skips to the end of a statement, over whole blocks.
  mutating func skipStatement() {
    isRecovering = false
    var open = 0
    while true {
      switch token.kind {
      case .end: return
      case .semicolon where open == 0:
        advance()
        return
      case .openBrace: open += 1
      case .closeBrace:
        if open == 0 { return }
        open -= 1
        if open == 0 {
          advance()
          return
        }
      case _:
        // A word that begins a statement, first on its line: the `;` before it is what was missing.
        if open == 0, isFirstOnLine, let keyword, Self.beginsStatement(keyword) { return }
      }
      advance()
    }
  }

  private var isFirstOnLine: Bool {
    var index = Int(token.offset)
    while index > 0 {
      index -= 1
      switch lexer.bytes[index] {
      case 0x0a: return true
      case 0x20, 0x09, 0x0d: continue
      case _: return false
      }
    }
    return false
  }

  static func beginsStatement(_ keyword: Keyword) -> Bool {
    switch keyword {
    case .include, .let, .param, .when, .entry, .root, .pages, .extends, .orphans, .spare, .region,
      .place, .section, .extend, .discard, .forbid, .symbol, .assert, .group, .overlay, .segment,
      .reserve, .slot, .image, .headers, .take, .keep, .prefer:
      true
    case _: false
    }
  }

  // MARK: - Nesting

  /// Runs `body` one level deeper; false, with an error, if that is too deep.
  mutating func nested(_ body: (inout Parser) -> Void) -> Bool {
    guard depth < Self.depthLimit else {
      fail("nested more than \(Self.depthLimit) levels deep")
      return false
    }
    depth += 1
    body(&self)
    depth -= 1
    return true
  }

  /// `'{' item* '}'`
  mutating func block(
    _ item: (inout Parser) -> StatementSyntax?
  ) -> [StatementSyntax] {
    var items: [StatementSyntax] = []
    let open = token
    guard take(.openBrace) else {
      fail("expected '{', found \(found)", help: blockHelp)
      return items
    }
    let isNested = nested { parser in
      while parser.token.kind != .closeBrace && parser.token.kind != .end {
        let before = parser.token.offset
        if let statement = item(&parser) { items.append(statement) }
        if parser.token.offset == before && parser.token.kind != .end
          && parser.token.kind != .closeBrace
        {
          // Nothing was consumed: an error was reported, so this cannot go on for ever.
          parser.advance()
        }
      }
    }
    guard isNested else { return items }
    if token.kind == .closeBrace {
      isRecovering = false
      advance()
    } else if !hasUnterminatedString {
      report(
        MapDiagnostic(
          .syntax, "expected '}', found \(found)", at: here,
          notes: [MapDiagnostic.Note("the block begins here", at: position(of: open))]))
    }
    return items
  }

  /// `name ::= NAME | STRING`, and NAME alone if `allowString` is false.
  mutating func name(_ what: String, allowString: Bool = true) -> SyntaxText {
    let text = SyntaxText(position: here, isQuoted: token.kind == .string)
    if token.kind == .name || (allowString && token.kind == .string) {
      advance()
    } else if token.kind == .string {
      fail("expected \(what) without quotes, found \(found)")
    } else {
      fail("expected \(what), found \(found)")
    }
    return text
  }

  mutating func string(_ what: String) -> SyntaxText {
    let text = SyntaxText(position: here, isQuoted: true)
    if !take(.string) { fail("expected \(what) in quotes, found \(found)") }
    return text
  }

  /// From the first byte of one position to the last of another.
  static func join(_ first: SourcePosition, _ last: SourcePosition) -> SourcePosition {
    let end = Int(last.offset) + Int(last.length)
    return SourcePosition(
      file: first.file, offset: first.offset, length: UInt16(clamping: end - Int(first.offset)))
  }
}
