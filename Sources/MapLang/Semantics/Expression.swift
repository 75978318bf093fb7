// Expressions of a checked map, and their evaluation.
//
// Constants are folded while the map is checked; what remains asks for addresses and sizes that
// exist only during layout. The tree names sections and regions by id, and whoever evaluates it
// answers the queries. Values are exact integers: 128 bits hold every intermediate result whose
// operands are in range, and each result is checked against −2⁶³ … 2⁶⁴−1 (−2³¹ … 2³²−1 for a 32-bit
// target), so nothing wraps in silence.

/// What an expression yields: an exact integer, and whether it moves with the program.
public struct Value: Sendable, Hashable {
  /// In the range of the target's `NumberWidth` when it comes from `evaluate`.
  public var number: Int128
  /// True for an address (start of a section, a symbol in a section), false for a size or constant.
  /// A symbol defined by an address is relative to the section it points into.
  public var isAddress: Bool

  public init(_ number: Int128, isAddress: Bool = false) {
    self.number = number
    self.isAddress = isAddress
  }

  /// An address or a size, which are never negative.
  public init(_ number: UInt64, isAddress: Bool = false) {
    self.init(Int128(number), isAddress: isAddress)
  }

  /// The value as 64 bits, two's complement: what a symbol table holds.
  public var bits: UInt64 { UInt64(truncatingIfNeeded: number) }
  /// The value if it is an address or a size: 0 … 2⁶⁴−1.
  public var unsigned: UInt64? { UInt64(exactly: number) }
}

/// What an expression wants to know of the layout.
public enum Query: Sendable, Hashable {
  /// A property of an output section: `start(.text)`.
  case section(SectionProperty, MapSectionID)
  /// A property of a region: `free(ram)`.
  case region(RegionProperty, RegionID)
  /// A symbol of the program or of the map: `sym(main)`.
  case symbol(String)
}

/// A function of the language on an output section. Addresses and sizes are in bytes.
public enum SectionProperty: Sendable, Hashable {
  /// Run address of the first byte after alignment: `start()`.
  case address
  /// Run address behind the last byte: `end()`.
  case end
  /// `size()`.
  case size
  /// Load address of the first byte: `load_start()`.
  case loadAddress
  /// `load_end()`.
  case loadEnd
  /// `align_of()`.
  case alignment
  /// `file_offset()`.
  case fileOffset

  /// The function of the language.
  public var functionName: String {
    switch self {
    case .address: "start"
    case .end: "end"
    case .size: "size"
    case .loadAddress: "load_start"
    case .loadEnd: "load_end"
    case .alignment: "align_of"
    case .fileOffset: "file_offset"
    }
  }
}

/// A function of the language on a region. `used` counts the gaps between what is placed, too, as GNU
/// ld does; `free` is the rest.
public enum RegionProperty: Sendable, Hashable {
  case start, end, size, used, free

  /// The function of the language.
  public var functionName: String {
    switch self {
    case .start: "start"
    case .end: "end"
    case .size: "size"
    case .used: "used"
    case .free: "free"
    }
  }
}

/// `-`, `~` and `!`; the last yields 0 or 1.
public enum UnaryOperator: UInt8, Sendable {
  case negate, complement, not
}

/// The operators of C; comparisons, `&&` and `||` yield 0 or 1.
public enum BinaryOperator: UInt8, Sendable {
  case or, and
  case equal, notEqual, lessOrEqual, greaterOrEqual, less, greater
  case bitOr, bitXor, bitAnd, shiftLeft, shiftRight
  case add, subtract, multiply, divide, remainder
}

/// Functions of numbers alone, so that they may stand in constants.
public enum NumericFunction: UInt8, Sendable {
  case min, max, alignUp, alignDown, pow2Ceil

  /// The function of the language.
  public var name: String {
    switch self {
    case .min: "min"
    case .max: "max"
    case .alignUp: "align_up"
    case .alignDown: "align_down"
    case .pow2Ceil: "pow2ceil"
    }
  }
}

/// An expression whose names are resolved and whose constant parts are folded.
public indirect enum Expression: Sendable {
  case number(Value, SourcePosition)
  case query(Query, SourcePosition)
  case unary(UnaryOperator, Expression, SourcePosition)
  case binary(BinaryOperator, Expression, Expression, SourcePosition)
  case call(NumericFunction, [Expression], SourcePosition)

  /// Where the expression stands in the map.
  public var position: SourcePosition {
    switch self {
    case .number(_, let position), .query(_, let position), .unary(_, _, let position),
      .binary(_, _, _, let position), .call(_, _, let position):
      position
    }
  }

  /// The value, if no query is left in the expression.
  public var constant: Value? {
    if case .number(let value, _) = self { return value }
    return nil
  }

  /// Calls `body` for every query of the expression, left to right.
  public func forEachQuery(_ body: (Query, SourcePosition) -> Void) {
    switch self {
    case .number: break
    case .query(let query, let position): body(query, position)
    case .unary(_, let operand, _): operand.forEachQuery(body)
    case .binary(_, let left, let right, _):
      left.forEachQuery(body)
      right.forEachQuery(body)
    case .call(_, let arguments, _):
      for argument in arguments { argument.forEachQuery(body) }
    }
  }
}

/// Why an expression has no value.
public struct EvaluationError: Error, Sendable {
  /// What is wrong with the numbers, or what was not known.
  public enum Reason: Sendable, Hashable {
    /// The result does not fit the numbers of the target.
    case outOfRange
    case divisionByZero
    /// A shift by less than 0 or more than 127 bits.
    case shiftCount
    /// An alignment that is not a power of two; or pow2ceil of what has none.
    case notPowerOfTwo
    /// The lookup did not know the answer.
    case unknown(Query)
  }

  /// The first fault, in the order of evaluation.
  public var reason: Reason
  /// The part of the expression that has no value.
  public var position: SourcePosition
}

/// The numbers that an expression may yield.
public enum NumberWidth: Sendable {
  case bits32, bits64

  func contains(_ number: Int128) -> Bool {
    switch self {
    case .bits32: number >= -(1 << 31) && number < 1 << 32
    case .bits64: number >= -(1 << 63) && number < 1 << 64
    }
  }
}

/// Evaluates `expression`; `lookup` answers its queries, nil meaning that there is no such thing.
public func evaluate(
  _ expression: Expression, width: NumberWidth = .bits64, lookup: (Query) -> Value?
) throws(EvaluationError) -> Value {
  let position = expression.position
  switch expression {
  case .number(let value, _):
    return try inRange(value, width, position)
  case .query(let query, _):
    guard let value = lookup(query) else {
      throw EvaluationError(reason: .unknown(query), position: position)
    }
    return try inRange(value, width, position)
  case .unary(let unaryOperator, let operand, _):
    let value = try evaluate(operand, width: width, lookup: lookup)
    return try inRange(apply(unaryOperator, value), width, position)
  case .binary(.or, let left, let right, _):
    if try evaluate(left, width: width, lookup: lookup).number != 0 { return Value(1 as Int128) }
    return truth(try evaluate(right, width: width, lookup: lookup).number != 0)
  case .binary(.and, let left, let right, _):
    if try evaluate(left, width: width, lookup: lookup).number == 0 { return Value(0 as Int128) }
    return truth(try evaluate(right, width: width, lookup: lookup).number != 0)
  case .binary(let binaryOperator, let left, let right, _):
    let first = try evaluate(left, width: width, lookup: lookup)
    let second = try evaluate(right, width: width, lookup: lookup)
    return try inRange(try apply(binaryOperator, first, second, position), width, position)
  case .call(let function, let arguments, _):
    var values: [Value] = []
    for argument in arguments {
      values.append(try evaluate(argument, width: width, lookup: lookup))
    }
    return try inRange(try apply(function, values, position), width, position)
  }
}

private func inRange(
  _ value: Value, _ width: NumberWidth, _ position: SourcePosition
) throws(EvaluationError) -> Value {
  guard width.contains(value.number) else {
    throw EvaluationError(reason: .outOfRange, position: position)
  }
  return value
}

private func truth(_ condition: Bool) -> Value { Value(condition ? 1 as Int128 : 0) }

private func apply(_ unaryOperator: UnaryOperator, _ operand: Value) -> Value {
  // In range means below 2⁶⁴ in magnitude, so none of these can overflow 128 bits.
  switch unaryOperator {
  case .negate: Value(-operand.number)
  case .complement: Value(~operand.number)
  case .not: truth(operand.number == 0)
  }
}

private func apply(
  _ binaryOperator: BinaryOperator, _ left: Value, _ right: Value, _ position: SourcePosition
) throws(EvaluationError) -> Value {
  let a = left.number
  let b = right.number
  switch binaryOperator {
  case .or: return truth(a != 0 || b != 0)
  case .and: return truth(a != 0 && b != 0)
  case .equal: return truth(a == b)
  case .notEqual: return truth(a != b)
  case .lessOrEqual: return truth(a <= b)
  case .greaterOrEqual: return truth(a >= b)
  case .less: return truth(a < b)
  case .greater: return truth(a > b)
  case .bitOr: return Value(a | b)
  case .bitXor: return Value(a ^ b)
  // Masking an address keeps it an address: `start(x) & ~0xfff`.
  case .bitAnd: return Value(a & b, isAddress: left.isAddress != right.isAddress)
  case .add: return Value(a + b, isAddress: left.isAddress != right.isAddress)
  case .subtract: return Value(a - b, isAddress: left.isAddress && !right.isAddress)
  case .multiply:
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    guard !overflow else { throw EvaluationError(reason: .outOfRange, position: position) }
    return Value(product)
  case .divide, .remainder:
    guard b != 0 else { throw EvaluationError(reason: .divisionByZero, position: position) }
    return Value(binaryOperator == .divide ? a / b : a % b)
  case .shiftLeft, .shiftRight:
    guard b >= 0 && b < 128 else { throw EvaluationError(reason: .shiftCount, position: position) }
    if binaryOperator == .shiftRight { return Value(a >> b) }
    guard (a << b) >> b == a else {
      throw EvaluationError(reason: .outOfRange, position: position)
    }
    return Value(a << b)
  }
}

private func apply(
  _ function: NumericFunction, _ values: [Value], _ position: SourcePosition
) throws(EvaluationError) -> Value {
  // The parser's checks guarantee at least one argument, and two where two are used.
  var result = values[0]
  switch function {
  case .min:
    for value in values.dropFirst() where value.number < result.number { result = value }
  case .max:
    for value in values.dropFirst() where value.number > result.number { result = value }
  case .alignUp, .alignDown:
    let alignment = values[1].number
    guard alignment > 0 && alignment & (alignment - 1) == 0 else {
      throw EvaluationError(reason: .notPowerOfTwo, position: position)
    }
    let raise = function == .alignUp ? alignment - 1 : 0
    result.number = (result.number + raise) & ~(alignment - 1)
  case .pow2Ceil:
    guard result.number <= 1 << 64 else {
      throw EvaluationError(reason: .outOfRange, position: position)
    }
    var power: Int128 = 1
    while power < result.number { power <<= 1 }
    result = Value(power)
  }
  return result
}
