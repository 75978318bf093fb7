// The parser for the expressions of --defsym.
//
//     or       = xor { "|" xor }
//     xor      = and { "^" and }
//     and      = shift { "&" shift }
//     shift    = sum { ( "<<" | ">>" ) sum }
//     sum      = product { ( "+" | "-" ) product }
//     product  = unary { ( "*" | "/" | "%" ) unary }
//     unary    = { "-" | "+" | "~" } primary
//     primary  = number | symbol | "(" or ")"
//
// The ranks are those of C. A number is decimal, `0x` hexadecimal or octal after a zero, and may
// end in K or M. A symbol consists of letters, digits and `_ . $ @`, or of anything in quotes.

struct ExpressionError: Error, Equatable {
  /// From 1, in bytes.
  let column: Int
  let problem: String
}

struct ExpressionParser {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  private var operandCount = 0

  // The tree is walked by recursion, so its height has to be bounded.
  private static let depthLimit = 100
  private static let operandLimit = 1000

  private init(_ text: String) { bytes = Array(text.utf8) }

  static func parse(_ text: String) throws(ExpressionError) -> SymbolExpression {
    var parser = ExpressionParser(text)
    let expression = try parser.binary(rank: 0)
    parser.skipBlanks()
    if parser.position < parser.bytes.count { throw parser.unexpected("an operator") }
    return expression
  }

  /// Operators from the weakest rank to the strongest.
  private static let ranks: [[(text: String, operation: SymbolExpression.BinaryOperator)]] = [
    [("|", .or)], [("^", .exclusiveOr)], [("&", .and)],
    [("<<", .shiftLeft), (">>", .shiftRight)],
    [("+", .add), ("-", .subtract)],
    [("*", .multiply), ("/", .divide), ("%", .remainder)],
  ]

  private mutating func binary(rank: Int) throws(ExpressionError) -> SymbolExpression {
    guard rank < Self.ranks.count else { return try unary() }
    var left = try binary(rank: rank + 1)
    while let (_, operation) = Self.ranks[rank].first(where: { accept($0.text) }) {
      left = .binary(operation, left, try binary(rank: rank + 1))
    }
    return left
  }

  private mutating func unary() throws(ExpressionError) -> SymbolExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw failure("is nested too deeply") }
    if accept("-") { return .unary(.negate, try unary()) }
    if accept("~") { return .unary(.complement, try unary()) }
    if accept("+") { return try unary() }
    return try primary()
  }

  private mutating func primary() throws(ExpressionError) -> SymbolExpression {
    operandCount += 1
    guard operandCount <= Self.operandLimit else { throw failure("is too long") }
    if accept("(") {
      let expression = try binary(rank: 0)
      if !accept(")") { throw unexpected("\")\"") }
      return expression
    }
    skipBlanks()
    guard position < bytes.count else { throw unexpected("a number or symbol") }
    if bytes[position] == UInt8(ascii: "\"") { return try quotedSymbol() }
    let start = position
    while position < bytes.count && Self.isWord(bytes[position]) { position += 1 }
    guard position > start else { throw unexpected("a number or symbol") }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    guard (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= bytes[start] else { return .symbol(word) }
    guard let number = Self.number(word) else {
      position = start
      throw failure("has a bad number, \(word)")
    }
    return .number(number)
  }

  private mutating func quotedSymbol() throws(ExpressionError) -> SymbolExpression {
    let start = position + 1
    guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\"")), end > start else {
      throw failure("has a quote without name or end")
    }
    position = end + 1
    return .symbol(String(decoding: bytes[start..<end], as: UTF8.self))
  }

  /// A number with its multiplier: K is 1024, M is 1024 K.
  private static func number(_ word: String) -> UInt64? {
    let factor: UInt64 =
      switch word.last {
      case "K", "k": 1 << 10
      case "M", "m": 1 << 20
      default: 1
      }
    guard let number = Number.parse(factor == 1 ? word : String(word.dropLast())) else {
      return nil
    }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : product
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "$"), UInt8(ascii: "@"), 0x80...0xff:
      true
    default: false
    }
  }

  private mutating func skipBlanks() {
    while position < bytes.count && (bytes[position] == 32 || bytes[position] == 9) {
      position += 1
    }
  }

  /// Consumes `text` if it is next.
  private mutating func accept(_ text: String) -> Bool {
    skipBlanks()
    guard bytes[position...].starts(with: text.utf8) else { return false }
    position += text.utf8.count
    return true
  }

  private func failure(_ problem: String) -> ExpressionError {
    ExpressionError(column: position + 1, problem: problem)
  }

  private func unexpected(_ wanted: String) -> ExpressionError {
    guard position < bytes.count else {
      return failure("ends where \(wanted) should follow")
    }
    let rest = String(decoding: bytes[position...], as: UTF8.self)
    return failure("needs \(wanted) before \"\(rest)\"")
  }
}
