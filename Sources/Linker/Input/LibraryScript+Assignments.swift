// Assignments of linker scripts: `name = expression;`, PROVIDE and its kin, ASSERT.

internal import ELF

extension LibraryScript {
  /// `name = expression;`, also with `+=` and its kin.
  mutating func parseAssignment(
    to name: String, _ scanner: inout ScriptScanner, _ start: ScriptScanner
  ) throws(TextError) {
    if name == "." { throw start.error(Self.dotHelp) }
    let operation = try Self.assignmentOperator(&scanner)
    let value = try Self.expression(&scanner)
    append(
      operation.map { .binary($0, .symbol(name), value) } ?? value, name, start, scanner)
    if try scanner.take(";") { return }
    if try scanner.take(",") { return }
    throw scanner.error("expected ';' behind the assignment to \(name), found \(scanner.found)")
  }

  /// `PROVIDE(name = expression)`; the scanner stands behind the first word.
  mutating func parseProvide(
    _ scanner: inout ScriptScanner, _ start: ScriptScanner, isProvided: Bool, isHidden: Bool
  ) throws(TextError) {
    try scanner.expect("(", "in front of the assignment")
    let place = scanner
    let quoted = try scanner.quoted()
    let word = quoted == nil ? try scanner.word(.identifier) : quoted
    guard let name = word, !name.isEmpty else {
      throw place.error("expected a symbol, found \(place.found)")
    }
    if name.equals(".") { throw place.error(Self.dotHelp) }
    try scanner.expect("=", "behind \(name.string)")
    let value = try Self.expression(&scanner)
    try scanner.expect(")", "behind the assignment to \(name.string)")
    append(value, name.string, start, scanner, isProvided: isProvided, isHidden: isHidden)
  }

  /// `ASSERT(expression, message)`; the scanner stands in front of it.
  mutating func parseAssertion(_ scanner: inout ScriptScanner) throws(TextError) {
    let start = scanner
    append(try Self.expression(&scanner), "", start, scanner)
  }

  private mutating func append(
    _ expression: SymbolExpression, _ name: String, _ start: ScriptScanner, _ end: ScriptScanner,
    isProvided: Bool = false, isHidden: Bool = false
  ) {
    assignments.append(
      Assignment(
        name: name, expression: expression, isProvided: isProvided, isHidden: isHidden,
        position: start.position, text: start.text(until: end)))
  }

  private static func expression(
    _ scanner: inout ScriptScanner
  ) throws(TextError) -> SymbolExpression {
    do throws(TextError) {
      return try ExpressionParser.parse(&scanner)
    } catch {
      throw TextError(position: error.position, text: "the expression \(error.text)")
    }
  }

  /// Whether the scanner, behind a name, stands at `=`, `+=`, `<<=` and the like.
  static func isAssignment(_ scanner: ScriptScanner) -> Bool { operatorLength(scanner) != nil }

  /// Takes the operator of an assignment: nil for `=`, else what stands in front of the `=`.
  private static func assignmentOperator(
    _ scanner: inout ScriptScanner
  ) throws(TextError) -> SymbolExpression.BinaryOperator? {
    guard let length = operatorLength(scanner) else {
      throw scanner.error("expected '=', found \(scanner.found)")
    }
    let operation: SymbolExpression.BinaryOperator? =
      switch scanner.current.map(Unicode.Scalar.init) {
      case "+": .add
      case "-": .subtract
      case "*": .multiply
      case "/": .divide
      case "&": .and
      case "|": .or
      case "^": .exclusiveOr
      case "<": .shiftLeft
      case ">": .shiftRight
      default: nil
      }
    try scanner.skip(length)
    return operation
  }

  private static func operatorLength(_ scanner: ScriptScanner) -> Int? {
    guard let first = scanner.current else { return nil }
    let second = scanner.peek(1)
    switch Unicode.Scalar(first) {
    case "=": return second != UInt8(ascii: "=") ? 1 : nil
    case "+", "-", "*", "/", "&", "|", "^": return second == UInt8(ascii: "=") ? 2 : nil
    case "<", ">": return second == first && scanner.peek(2) == UInt8(ascii: "=") ? 3 : nil
    default: return nil
    }
  }
}
