// Expressions of scripts: the operators of C, numbers with K and M, functions of the layout.

internal import Text

extension LinkerScriptParser {
  mutating func expression() throws(ScriptError) -> ScriptExpression {
    try deeper { parser throws(ScriptError) in
      let condition = try parser.binary(0)
      guard try parser.lexer.take("?") else { return condition }
      let first = try parser.expression()
      try parser.expect(":", "of '?'")
      return .conditional(condition, first, try parser.expression())
    }
  }

  /// Longer signs before those they begin with.
  private static let levels: [[StaticString]] = [
    ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<=", ">=", "<", ">"], ["<<", ">>"],
    ["+", "-"], ["*", "/", "%"],
  ]

  private mutating func binary(_ level: Int) throws(ScriptError) -> ScriptExpression {
    guard level < Self.levels.count else { return try unary() }
    var left = try binary(level + 1)
    var count = 0
    while let sign = try binarySign(Self.levels[level]) {
      count += 1
      guard count < 500 else { throw failure("the expression is too long") }
      left = .binary(sign, left, try binary(level + 1))
    }
    return left
  }

  private mutating func binarySign(_ signs: [StaticString]) throws(ScriptError) -> String? {
    let saved = lexer
    for sign in signs where try lexer.take(sign) {
      let next = lexer.byte(0)
      let isLonger: Bool
      switch "\(sign)" {
      case "|": isLonger = next == UInt8(ascii: "|") || next == UInt8(ascii: "=")
      case "&": isLonger = next == UInt8(ascii: "&") || next == UInt8(ascii: "=")
      case "<", ">":
        isLonger = next == "\(sign)".utf8.first || next == UInt8(ascii: "=")
      case "+", "-", "*", "/", "^", "<<", ">>": isLonger = next == UInt8(ascii: "=")
      default: isLonger = false
      }
      if isLonger {
        lexer = saved
        continue
      }
      return "\(sign)"
    }
    return nil
  }

  private mutating func unary() throws(ScriptError) -> ScriptExpression {
    var signs: [String] = []
    scan: while true {
      for sign in ["-", "~", "!", "+"] as [StaticString] where try lexer.take(sign) {
        if "\(sign)" != "+" { signs.append("\(sign)") }
        guard signs.count < 100 else { throw failure("the expression is too long") }
        continue scan
      }
      break
    }
    var value = try primary()
    for sign in signs.reversed() { value = .unary(sign, value) }
    return value
  }

  private mutating func primary() throws(ScriptError) -> ScriptExpression {
    if try lexer.take("(") {
      let value = try expression()
      try expect(")", "behind an expression")
      return value
    }
    let place = lexer.place
    if let digits = try lexer.digits() {
      guard let number = Self.number(digits) else {
        throw ScriptError("'\(digits)' is no number of 64 bits", at: place)
      }
      return number
    }
    let isQuoted = lexer.byte(0) == UInt8(ascii: "\"")
    guard let name = try lexer.name() else {
      throw failure("expected an expression, found \(lexer.found())")
    }
    if isQuoted { return .symbol(name) }
    if name == "." { return .dot }
    if name == "SIZEOF_HEADERS" || name == "sizeof_headers" { return .call("SIZEOF_HEADERS", []) }
    guard Self.functions.contains(name) || Self.nameFunctions[name] != nil,
      try lexer.take("(")
    else { return .symbol(name) }
    if let canonical = Self.nameFunctions[name] {
      let argument = try self.name("in \(name)")
      if name == "SEGMENT_START" {
        try expect(",", "in SEGMENT_START")
        let value = try expression()
        try expect(")", "behind SEGMENT_START")
        return value
      }
      if name == "ALIGNOF" || name == "SIZEOF" || name == "ADDR" || name == "LOADADDR" {
        try expect(")", "behind \(name)")
        return .of(canonical, argument)
      }
      try expect(")", "behind \(name)")
      return .of(canonical, argument)
    }
    if name == "ASSERT" {
      let value = try expression()
      try expect(",", "in ASSERT")
      let message = try self.name("in ASSERT")
      try expect(")", "behind ASSERT")
      return .call("ASSERT", [value, .symbol(message)])
    }
    var arguments: [ScriptExpression] = []
    while try !lexer.take(")") {
      if !arguments.isEmpty { try expect(",", "between the values of \(name)") }
      arguments.append(try expression())
    }
    let counts = Self.argumentCounts[name] ?? 1...1
    guard counts.contains(arguments.count) else {
      throw ScriptError("\(name) has \(arguments.count) values here", at: place)
    }
    return .call(name, arguments)
  }

  private static let functions: Set<String> = [
    "ABSOLUTE", "ALIGN", "BLOCK", "NEXT", "MAX", "MIN", "LOG2CEIL", "ASSERT",
    "DATA_SEGMENT_ALIGN", "DATA_SEGMENT_END", "DATA_SEGMENT_RELRO_END",
  ]
  private static let argumentCounts: [String: ClosedRange<Int>] = [
    "ALIGN": 1...2, "MAX": 2...2, "MIN": 2...2, "DATA_SEGMENT_ALIGN": 2...2,
    "DATA_SEGMENT_RELRO_END": 2...2,
  ]
  private static let nameFunctions: [String: String] = [
    "ADDR": "ADDR", "LOADADDR": "LOADADDR", "SIZEOF": "SIZEOF", "ALIGNOF": "ALIGNOF",
    "ORIGIN": "ORIGIN", "org": "ORIGIN", "LENGTH": "LENGTH", "len": "LENGTH",
    "DEFINED": "DEFINED", "CONSTANT": "CONSTANT", "SEGMENT_START": "SEGMENT_START",
  ]

  // MARK: - Numbers

  /// `0x10`, `16`, `020`, `$10`, `10h`, each with K or M; nil if it has no value of 64 bits.
  static func number(_ text: String) -> ScriptExpression? {
    var digits = Substring(text)
    var unit: (UInt64, String) = (1, "")
    switch digits.last {
    case "k", "K": unit = (1 << 10, " KiB")
    case "m", "M": unit = (1 << 20, " MiB")
    default: break
    }
    if unit.0 != 1 { digits = digits.dropLast() }
    var radix = 10
    var spelling = ""
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
      radix = 16
      digits = digits.dropFirst(2)
    } else if digits.hasPrefix("$") {
      radix = 16
      digits = digits.dropFirst()
    } else if digits.last == "h" || digits.last == "H" {
      radix = 16
      digits = digits.dropLast()
    } else if digits.last == "o" || digits.last == "O" {
      radix = 8
      digits = digits.dropLast()
    } else if digits.count > 1, digits.first == "0" {
      radix = 8
    }
    guard let value = UInt64(digits, radix: radix) else { return nil }
    let (product, overflows) = value.multipliedReportingOverflow(by: unit.0)
    guard !overflows else { return nil }
    spelling = radix == 16 ? hexadecimal(digits: String(digits)) : String(value)
    return .number(product, spelling + unit.1)
  }
}
