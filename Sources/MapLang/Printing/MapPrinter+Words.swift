// Numbers, names and expressions, as people write them.

internal import Text

extension MapPrinter {
  static func words(_ fill: Fill) -> String {
    switch fill {
    case .pattern(let pattern):
      pattern == (pattern & 0xff) &* 0x0101_0101
        ? "0x" + String(pattern & 0xff, radix: 16) : "0x" + String(pattern, radix: 16)
    case .nop: "nop"
    case .trap: "trap"
    }
  }

  /// Small numbers in decimal, addresses and large powers as people write them.
  static func number(_ number: UInt64) -> String {
    if number < 1024 { return String(number) }
    for (shift, unit) in [(40 as UInt64, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")] {
      let count = number >> shift
      if count << shift == number && count < 1024 { return "\(count) \(unit)" }
    }
    return hexadecimal(number)
  }

  /// A name, in quotes if the language would not read it as one.
  static func name(_ name: String) -> String {
    var isPlain = false
    for (index, byte) in name.utf8.enumerated() {
      let wanted = index == 0 ? ByteClass.beginsName : ByteClass.continuesName
      isPlain = ByteClass.of(byte) & wanted != 0
      if !isPlain { break }
    }
    return isPlain ? name : quoted(name)
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for character in text.unicodeScalars {
      if character == "\"" || character == "\\" { result += "\\" }
      result.unicodeScalars.append(character)
    }
    return result + "\""
  }

  // MARK: - Expressions

  /// The expression with parentheses where the tree needs them.
  func words(_ expression: Expression) -> String { words(expression, 0) }

  func words(_ expression: Expression, _ level: Int) -> String {
    switch expression {
    case .number(let value, _):
      if let number = UInt64(exactly: value.number) { return Self.number(number) }
      let digits = "-\(value.number.magnitude)"
      return level > 8 ? "(\(digits))" : digits
    case .query(let query, _):
      switch query {
      case .section(let property, let id):
        return "\(property.functionName)(\(Self.name(map[id].name)))"
      case .region(let property, let id): return "\(property.functionName)(\(map[id].name))"
      case .symbol(let name): return "sym(\(Self.name(name)))"
      }
    case .unary(let unaryOperator, let operand, _):
      let sign =
        switch unaryOperator {
        case .negate: "-"
        case .complement: "~"
        case .not: "!"
        }
      return sign + words(operand, 9)
    case .binary(let binaryOperator, let left, let right, _):
      let (sign, own) = Self.sign(binaryOperator)
      // Comparisons do not chain, so both of their sides bind tighter.
      let inner = words(left, own == 2 ? 3 : own) + " \(sign) " + words(right, own + 1)
      return own < level ? "(\(inner))" : inner
    case .call(let function, let arguments, _):
      return "\(function.name)(\(arguments.map { words($0, 0) }.joined(separator: ", ")))"
    }
  }

  static func sign(_ binaryOperator: BinaryOperator) -> (String, level: Int) {
    switch binaryOperator {
    case .or: ("||", 0)
    case .and: ("&&", 1)
    case .equal: ("==", 2)
    case .notEqual: ("!=", 2)
    case .lessOrEqual: ("<=", 2)
    case .greaterOrEqual: (">=", 2)
    case .less: ("<", 2)
    case .greater: (">", 2)
    case .bitOr: ("|", 3)
    case .bitXor: ("^", 4)
    case .bitAnd: ("&", 5)
    case .shiftLeft: ("<<", 6)
    case .shiftRight: (">>", 6)
    case .add: ("+", 7)
    case .subtract: ("-", 7)
    case .multiply: ("*", 8)
    case .divide: ("/", 8)
    case .remainder: ("%", 8)
    }
  }
}
