// The parser for the expressions of --defsym and of assignments in linker scripts.
//
//     expression = rank1 [ "?" expression ":" expression ]
//     rankN      = rankN+1 { OPERATOR rankN+1 }
//     unary      = { "-" | "+" | "~" | "!" } primary
//     primary    = number | symbol | FUNCTION "(" … ")" | "(" expression ")"
//
// Operators and their ranks are those of C. The operands are in ExpressionParser+Operands.

struct ExpressionError: Error, Equatable {
  /// From 1, in bytes.
  let column: Int
  let problem: String
}

struct ExpressionParser {
  /// Stands in front of the next token.
  var scanner: ScriptScanner
  private var depth = 0
  private var operandCount = 0

  // The tree is walked by recursion, so its height has to be bounded.
  private static let depthLimit = 100
  private static let operandLimit = 1000

  private init(_ scanner: ScriptScanner) { self.scanner = scanner }

  /// Parses an option's value.
  static func parse(_ text: String) throws(ExpressionError) -> SymbolExpression {
    let utf8 = Array(text.utf8)
    guard let bytes = OwnedBytes(count: utf8.count, fill: { $0.copyBytes(from: utf8) }) else {
      throw ExpressionError(column: 1, problem: "needs more memory than there is")
    }
    defer { withExtendedLifetime(bytes) {} }
    do throws(TextError) {
      var scanner = try ScriptScanner(bytes.view)
      let expression = try parse(&scanner)
      if !scanner.isAtEnd { throw ExpressionParser(scanner).unexpected("an operator") }
      return expression
    } catch {
      throw ExpressionError(column: Int(error.position.column), problem: error.text)
    }
  }

  /// Parses an expression of a script; `scanner` stands behind it afterwards. Messages continue the
  /// words "the expression".
  static func parse(_ scanner: inout ScriptScanner) throws(TextError) -> SymbolExpression {
    var parser = ExpressionParser(scanner)
    let expression = try parser.expression()
    scanner = parser.scanner
    return expression
  }

  /// Operators from the weakest rank to the strongest.
  private static let ranks: [[(text: String, operation: SymbolExpression.BinaryOperator)]] = [
    [("||", .logicalOr)], [("&&", .logicalAnd)],
    [("|", .or)], [("^", .exclusiveOr)], [("&", .and)],
    [("==", .equal), ("!=", .notEqual)],
    [("<=", .lessOrEqual), (">=", .greaterOrEqual), ("<", .less), (">", .greater)],
    [("<<", .shiftLeft), (">>", .shiftRight)],
    [("+", .add), ("-", .subtract)],
    [("*", .multiply), ("/", .divide), ("%", .remainder)],
  ]

  mutating func expression() throws(TextError) -> SymbolExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw failure("is nested too deeply") }
    let condition = try binary(rank: 0)
    guard try scanner.take("?") else { return condition }
    let yes = try expression()
    guard try scanner.take(":") else { throw unexpected("\":\"") }
    return .conditional(condition, yes, try expression())
  }

  private mutating func binary(rank: Int) throws(TextError) -> SymbolExpression {
    guard rank < Self.ranks.count else { return try unary() }
    var left = try binary(rank: rank + 1)
    while let operation = try takeOperator(of: Self.ranks[rank]) {
      left = .binary(operation, left, try binary(rank: rank + 1))
    }
    return left
  }

  /// Takes one of `operators` if it is next. The `&` of `a && b` is none.
  private mutating func takeOperator(
    of operators: [(text: String, operation: SymbolExpression.BinaryOperator)]
  ) throws(TextError) -> SymbolExpression.BinaryOperator? {
    for (text, operation) in operators where scanner.stands(at: text) {
      if text == "|" || text == "&", scanner.peek(1) == text.utf8.first { continue }
      try scanner.skip(text.utf8.count)
      return operation
    }
    return nil
  }

  private mutating func unary() throws(TextError) -> SymbolExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw failure("is nested too deeply") }
    if try scanner.take("-") { return .unary(.negate, try unary()) }
    if try scanner.take("~") { return .unary(.complement, try unary()) }
    if try scanner.take("!") { return .unary(.not, try unary()) }
    if try scanner.take("+") { return try unary() }
    operandCount += 1
    guard operandCount <= Self.operandLimit else { throw failure("is too long") }
    return try primary()
  }

  // MARK: Errors

  func failure(_ problem: String) -> TextError { scanner.error(problem) }

  func unexpected(_ wanted: String) -> TextError {
    guard !scanner.isAtEnd else { return failure("ends where \(wanted) should follow") }
    return failure("needs \(wanted) before \"\(scanner.restOfLine)\"")
  }
}
