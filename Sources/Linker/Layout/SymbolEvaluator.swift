// The values of assignments' expressions, as GNU ld computes them: on 64 bits that wrap, divisions
// with sign, comparisons and shifts without.
//
// The same evaluator serves before the layout, for what depends on no address; in the layout; and for
// -r, where addresses are offsets in sections.

/// What an expression yields.
struct SymbolValue: Sendable {
  var bits: UInt64
  /// Whether it moves with the program.
  var isAddress = false
  /// The output section that an address is in.
  var output: OutputID?
}

/// Why an expression has no value.
enum EvaluationFailure: Error {
  /// It depends on the layout, or on a statement that was reported.
  case unknown
  case undefined(String)
  /// Only a shared library defines the symbol: the name, and the library.
  case shared(String, String)
  /// The symbol's section is not in the output.
  case dropped(String)
  case noSection(String)
  case noRegion(String)
  case divisionByZero
  case notPowerOfTwo(UInt64)
  case assertion(String)
  /// A number or an address, which the layout decides.
  case mixed
  /// -r: sections have no addresses yet.
  case unplaced
}

struct SymbolEvaluator {
  var symbol: (String) throws(EvaluationFailure) -> SymbolValue
  var question: (SymbolExpression.Question) throws(EvaluationFailure) -> SymbolValue
  /// -r: addresses count from the beginning of their sections, so only those of one section can be
  /// compared.
  var areOffsets = false

  func evaluate(_ expression: SymbolExpression) throws(EvaluationFailure) -> SymbolValue {
    switch expression {
    case .number(let value): return SymbolValue(bits: value)
    case .symbol(let name): return try symbol(name)
    case .question(let question): return try self.question(question)
    case .defined: throw .unknown  // replaced before
    case .unary(let operation, let operand):
      let value = try evaluate(operand)
      if areOffsets && value.isAddress { throw .unplaced }
      return SymbolValue(bits: operation.apply(value.bits))
    case .binary(.logicalAnd, let left, let right):
      return truth(try isTrue(left) ? try isTrue(right) : false)
    case .binary(.logicalOr, let left, let right):
      return truth(try isTrue(left) ? true : try isTrue(right))
    case .binary(let operation, let left, let right):
      return try apply(operation, try evaluate(left), try evaluate(right))
    case .conditional(let condition, let yes, let no):
      return try evaluate(try isTrue(condition) ? yes : no)
    case .call(let function, let arguments): return try call(function, arguments)
    case .assertion(let operand, let message):
      let value = try evaluate(operand)
      if value.bits == 0 && !(areOffsets && value.isAddress) { throw .assertion(message) }
      return value
    }
  }

  private func truth(_ condition: Bool) -> SymbolValue { SymbolValue(bits: condition ? 1 : 0) }

  private func isTrue(_ expression: SymbolExpression) throws(EvaluationFailure) -> Bool {
    let value = try evaluate(expression)
    if areOffsets && value.isAddress { throw .unplaced }
    return value.bits != 0
  }

  /// Whether a result moves with the program: an address plus or minus a number, or with some bits
  /// of it changed.
  static func isAddress(
    _ operation: SymbolExpression.BinaryOperator, _ left: Bool, _ right: Bool
  ) -> Bool {
    switch operation {
    case .add, .and, .or, .exclusiveOr: left != right
    case .subtract: left && !right
    default: false
    }
  }

  private func apply(
    _ operation: SymbolExpression.BinaryOperator, _ left: SymbolValue, _ right: SymbolValue
  ) throws(EvaluationFailure) -> SymbolValue {
    if areOffsets && (left.isAddress || right.isAddress) {
      let isShift = operation == .add || operation == .subtract && !right.isAddress
      let isComparison =
        left.isAddress && right.isAddress && left.output == right.output
        && operation.comparesPlaces
      guard isShift && left.isAddress != right.isAddress || isComparison else { throw .unplaced }
    }
    let (bits, isDefined) = operation.apply(left.bits, right.bits)
    guard isDefined else { throw .divisionByZero }
    guard SymbolEvaluator.isAddress(operation, left.isAddress, right.isAddress) else {
      return SymbolValue(bits: bits)
    }
    return SymbolValue(
      bits: bits, isAddress: true, output: left.isAddress ? left.output : right.output)
  }

  private func call(
    _ function: SymbolExpression.Function, _ arguments: [SymbolExpression]
  ) throws(EvaluationFailure) -> SymbolValue {
    let first = try evaluate(arguments[0])
    let second = arguments.count > 1 ? try evaluate(arguments[1]) : SymbolValue(bits: 0)
    if areOffsets && (first.isAddress || second.isAddress) {
      guard function == .maximum || function == .minimum, first.isAddress, second.isAddress,
        first.output == second.output
      else { throw .unplaced }
    }
    switch function {
    case .absolute: return SymbolValue(bits: first.bits)
    case .log2Ceil:
      return SymbolValue(
        bits: first.bits <= 1 ? 0 : UInt64(64 - (first.bits - 1).leadingZeroBitCount))
    case .maximum: return first.bits >= second.bits ? first : second
    case .minimum: return first.bits <= second.bits ? first : second
    case .align:
      let alignment = second.bits
      guard alignment & (alignment &- 1) == 0 else { throw .notPowerOfTwo(alignment) }
      var result = first
      if alignment > 1 { result.bits = (first.bits &+ alignment &- 1) & ~(alignment &- 1) }
      return result
    }
  }
}

extension SymbolExpression.UnaryOperator {
  func apply(_ value: UInt64) -> UInt64 {
    switch self {
    case .negate: 0 &- value
    case .complement: ~value
    case .not: value == 0 ? 1 : 0
    }
  }
}

extension SymbolExpression.BinaryOperator {
  /// Whether two places of one section can be put to it, wherever the section will be.
  fileprivate var comparesPlaces: Bool {
    switch self {
    case .subtract, .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: true
    default: false
    }
  }

  /// The result on 64 bits, and whether there is one. Shifts count by the low six bits, as the
  /// processor does, and both peers with it.
  func apply(_ left: UInt64, _ right: UInt64) -> (UInt64, isDefined: Bool) {
    func truth(_ condition: Bool) -> UInt64 { condition ? 1 : 0 }
    let (first, second) = (Int64(bitPattern: left), Int64(bitPattern: right))
    let result: UInt64
    switch self {
    case .multiply: result = left &* right
    case .divide:
      guard right != 0 else { return (0, false) }
      result = UInt64(bitPattern: first.dividedReportingOverflow(by: second).partialValue)
    case .remainder:
      guard right != 0 else { return (0, false) }
      result = UInt64(bitPattern: first.remainderReportingOverflow(dividingBy: second).partialValue)
    case .add: result = left &+ right
    case .subtract: result = left &- right
    case .shiftLeft: result = left &<< right
    case .shiftRight: result = left &>> right
    case .less: result = truth(left < right)
    case .lessOrEqual: result = truth(left <= right)
    case .greater: result = truth(left > right)
    case .greaterOrEqual: result = truth(left >= right)
    case .equal: result = truth(left == right)
    case .notEqual: result = truth(left != right)
    case .and: result = left & right
    case .exclusiveOr: result = left ^ right
    case .or: result = left | right
    case .logicalAnd: result = truth(left != 0 && right != 0)
    case .logicalOr: result = truth(left != 0 || right != 0)
    }
    return (result, true)
  }
}

extension SymbolExpression {
  /// The tree without conditions that are plain numbers, such as DEFINED has become.
  func reduced() -> SymbolExpression {
    switch self {
    case .conditional(let condition, let yes, let no):
      let condition = condition.reduced()
      guard case .number(let value) = condition else {
        return .conditional(condition, yes.reduced(), no.reduced())
      }
      return value != 0 ? yes.reduced() : no.reduced()
    case .unary(let operation, let operand):
      let operand = operand.reduced()
      guard case .number(let value) = operand else { return .unary(operation, operand) }
      return .number(operation.apply(value))
    case .binary(let operation, let left, let right):
      let (left, right) = (left.reduced(), right.reduced())
      guard case .number(let first) = left else { return .binary(operation, left, right) }
      if operation == .logicalAnd && first == 0 { return .number(0) }
      if operation == .logicalOr && first != 0 { return .number(1) }
      guard case .number(let second) = right,
        case (let result, true) = operation.apply(first, second)
      else { return .binary(operation, left, right) }
      return .number(result)
    case .call(let function, let arguments): return .call(function, arguments.map { $0.reduced() })
    case .assertion(let operand, let message): return .assertion(operand.reduced(), message)
    case .number, .symbol, .question, .defined: return self
    }
  }
}

extension Inputs {
  /// What the command line and the machine decide.
  func answer(_ question: SymbolExpression.Question) -> SymbolValue? {
    switch question {
    case .maximumPageSize: SymbolValue(bits: maxPageSize)
    case .commonPageSize: SymbolValue(bits: options.commonPageSize)
    default: nil
    }
  }
}
