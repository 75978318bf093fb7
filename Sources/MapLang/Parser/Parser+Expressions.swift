// Expressions: one function for each level of precedence, loosest first.

internal import Text

extension Parser {
  /// `expr ::= and ( '||' and )*`
  mutating func expr() -> ExpressionSyntax {
    var result: ExpressionSyntax = .invalid(here)
    if expressionDepth == 0 { operatorCount = 0 }
    expressionDepth += 1
    let isNested = nested { result = $0.leftAssociative(0) }
    expressionDepth -= 1
    if !isNested { skipOperand() }
    return result
  }

  /// `and`, `cmp`, `bor`, `xor`, `band`, `shift`, `sum` and `product`, by number: a loop for each
  /// level would be the same loop eight times.
  private mutating func leftAssociative(_ level: Int) -> ExpressionSyntax {
    if level == Self.levelCount { return unary() }
    var left = leftAssociative(level + 1)
    var count = 0
    while let (binaryOperator, operatorLevel) = Self.binaryOperator(token.kind),
      operatorLevel == level
    {
      count += 1
      operatorCount += 1
      if level == Self.comparisonLevel && count > 1 {
        fail(
          "comparisons do not chain", help: "write 'a < b && b < c', or use parentheses")
      }
      advance()
      let right = leftAssociative(level + 1)
      left = .binary(
        binaryOperator, left, right, Self.join(left.position, right.position))
      // A chain of operators becomes a tree as deep as it is long, and parentheses put trees on trees.
      if operatorCount > Self.chainLimit {
        fail("more than \(Self.chainLimit) operators in one expression")
        skipOperand()
        return left
      }
    }
    return left
  }

  private static let levelCount = 9
  private static let comparisonLevel = 2
  static let chainLimit = 500

  private static func binaryOperator(_ kind: Token.Kind) -> (BinaryOperator, level: Int)? {
    switch kind {
    case .bars: (.or, 0)
    case .ampersands: (.and, 1)
    case .equal: (.equal, 2)
    case .notEqual: (.notEqual, 2)
    case .lessOrEqual: (.lessOrEqual, 2)
    case .greaterOrEqual: (.greaterOrEqual, 2)
    case .less: (.less, 2)
    case .greater: (.greater, 2)
    case .bar: (.bitOr, 3)
    case .caret: (.bitXor, 4)
    case .ampersand: (.bitAnd, 5)
    case .shiftLeft: (.shiftLeft, 6)
    case .shiftRight: (.shiftRight, 6)
    case .plus: (.add, 7)
    case .minus: (.subtract, 7)
    case .star: (.multiply, 8)
    case .slash: (.divide, 8)
    case .percent: (.remainder, 8)
    case _: nil
    }
  }

  /// `unary ::= ( '-' | '~' | '!' ) unary | primary`
  private mutating func unary() -> ExpressionSyntax {
    let start = here
    let unaryOperator: UnaryOperator
    switch token.kind {
    case .minus: unaryOperator = .negate
    case .tilde: unaryOperator = .complement
    case .exclamation: unaryOperator = .not
    case _: return primary()
    }
    advance()
    var operand: ExpressionSyntax = .invalid(here)
    if !nested({ operand = $0.unary() }) { skipOperand() }
    return .unary(unaryOperator, operand, Self.join(start, operand.position))
  }

  /// Leaves an expression that nests too deeply.
  private mutating func skipOperand() {
    while token.kind != .semicolon && token.kind != .openBrace && token.kind != .closeBrace
      && token.kind != .end
    {
      advance()
    }
  }

  /// `primary`
  private mutating func primary() -> ExpressionSyntax {
    let start = here
    switch token.kind {
    case .integer: return integer()
    case .openParen:
      advance()
      let inner = expr()
      expect(.closeParen, "')'")
      return inner
    case .name: break
    case .end, .string, .word, .semicolon, .comma, .openBrace, .closeBrace, .closeParen, .assign,
      .plus, .minus, .star, .slash, .percent, .tilde, .exclamation, .caret, .ampersand, .ampersands,
      .bar, .bars, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .shiftLeft,
      .shiftRight, .unterminatedString, .unknown:
      fail("expected a number, a name or '(', found \(found)")
      return .invalid(start)
    }
    if lexer.isFollowedByParenthesis() { return call() }
    if let keyword, [.pow2, .rest, .nothing, .offset, .nop, .trap].contains(keyword) {
      fail("'\(keyword.text)' has no value")
      return .invalid(start)
    }
    let text = SyntaxText(position: here)
    if bytes(of: token).elementsEqual([UInt8(ascii: ".")]) {
      fail(
        "there is no location counter",
        help: "write 'end(SECTION)' or define a symbol with 'start' or 'end' in a block")
    }
    advance()
    return .name(text)
  }

  /// `INTEGER UNIT?`
  private mutating func integer() -> ExpressionSyntax {
    let number = token
    var position = here
    advance()
    var shift: UInt64 = 0
    if token.kind == .name, let unit = unit() {
      shift = unit
      position = Self.join(position, here)
      advance()
    }
    guard let value = integerValue(of: number), (value << shift) >> shift == value else {
      if !isRecovering {
        diagnostics.append(
          MapDiagnostic(
            .badNumber, "\(text(of: number)) is too large; numbers end at 2^64-1", at: position))
      }
      return .invalid(position)
    }
    return .integer(value << shift, position)
  }

  /// `UNIT`, as a shift. Every other name directly behind a number is a mistake.
  private mutating func unit() -> UInt64? {
    let word = text(of: token)
    switch word {
    case "B": return 0
    case "KiB": return 10
    case "MiB": return 20
    case "GiB": return 30
    case "TiB": return 40
    case "load", "after", "before":
      // `place at 1 load at 2`, `place in r at 1 after .text`.
      return nil
    case _: break
    }
    let meant: String? =
      switch word.lowercased() {
      case "k", "kb", "kib": "KiB"
      case "m", "mb", "mib": "MiB"
      case "g", "gb", "gib": "GiB"
      case "t", "tb", "tib": "TiB"
      case "b", "byte", "bytes": "B"
      case _: nil
      }
    // A keyword begins the next statement: a ';' is missing.
    if meant == nil && keyword != nil { return nil }
    report(
      MapDiagnostic(
        .unknownUnit, "unknown unit '\(word)'\(meant.map { "; did you mean '\($0)'?" } ?? "")",
        at: here, help: "units are B, KiB, MiB, GiB and TiB, powers of 1024"))
    advance()
    return nil
  }

  /// The value of an INTEGER; nil if it does not fit 64 bits.
  func integerValue(of token: Token) -> UInt64? {
    var digits = bytes(of: token)
    var radix: UInt64 = 10
    if digits.count > 2, digits.first == UInt8(ascii: "0") {
      switch digits[digits.startIndex + 1] | 0x20 {
      case UInt8(ascii: "x"): radix = 16
      case UInt8(ascii: "b"): radix = 2
      case _: break
      }
      if radix != 10 { digits = digits.dropFirst(2) }
    }
    var value: UInt64 = 0
    for byte in digits where byte != UInt8(ascii: "_") {
      let digit = byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x61 + 10
      let (product, overflow) = value.multipliedReportingOverflow(by: radix)
      let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
      if overflow || carry { return nil }
      value = sum
    }
    return value
  }

  /// `geometry '(' name ')'`, `numeric '(' expr ( ',' expr )* ')'`
  private mutating func call() -> ExpressionSyntax {
    let start = here
    let word = text(of: token)
    if let function = GeometryFunction.allCases.first(where: { "\($0.text)" == word }) {
      advance()
      advance()
      let target = name("the name of a section, region or symbol")
      let end = here
      expect(.closeParen, "')'")
      return .geometry(function, target, Self.join(start, end))
    }
    let functions: [NumericFunction] = [.min, .max, .alignUp, .alignDown, .pow2Ceil]
    let function = functions.first { $0.name == word }
    if function == nil {
      let known =
        functions.map(\.name) + GeometryFunction.allCases.map { "\($0.text)" }
      let near = nearestName(to: word, among: known)
      let gnu = Self.gnuFunction(word).map { "; it is written '\($0)' here" }
      if !isRecovering {
        report(
          MapDiagnostic(
            .unknownName,
            "unknown function '\(word)'"
              + (gnu ?? near.map { "; did you mean '\($0)'?" } ?? ""), at: start))
      }
    }
    advance()
    advance()
    var arguments = [expr()]
    while take(.comma) { arguments.append(expr()) }
    let end = here
    expect(.closeParen, "')'")
    guard let function else { return .invalid(start) }
    return .numeric(function, arguments, Self.join(start, end))
  }

  private static func gnuFunction(_ word: String) -> String? {
    switch word {
    case "ADDR", "ORIGIN": "start(…)"
    case "SIZEOF", "LENGTH": "size(…)"
    case "LOADADDR": "load_start(…)"
    case "ALIGNOF": "align_of(…)"
    case "ALIGN": "align_up(…, …)"
    case "MAX": "max(…)"
    case "MIN": "min(…)"
    case "LOG2CEIL": "pow2ceil(…)"
    case "DEFINED": "param and when"
    case _: nil
    }
  }
}
