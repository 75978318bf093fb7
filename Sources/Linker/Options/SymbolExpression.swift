// The expressions of --defsym and of assignments in linker scripts, as a tree.
//
// `--defsym NAME=EXPRESSION` defines a symbol in terms of numbers, other symbols and the layout. The
// value is known only when addresses are, so the command line keeps the tree; the core of the linker
// decides what it depends on (`ResolveAssignments`) and evaluates it (`SymbolEvaluator`).

/// A tree of operands and operators.
indirect enum SymbolExpression: Sendable, Hashable {
  enum UnaryOperator: Sendable, Hashable {
    case negate
    case complement
    case not
  }

  enum BinaryOperator: Sendable, Hashable {
    case multiply, divide, remainder
    case add, subtract
    case shiftLeft, shiftRight
    case less, lessOrEqual, greater, greaterOrEqual
    case equal, notEqual
    case and, exclusiveOr, or
    case logicalAnd, logicalOr
  }

  /// Functions of numbers and addresses.
  enum Function: String, Sendable, Hashable {
    case absolute = "ABSOLUTE"
    case align = "ALIGN"
    case log2Ceil = "LOG2CEIL"
    case maximum = "MAX"
    case minimum = "MIN"

    var argumentCount: Int {
      switch self {
      case .absolute, .log2Ceil: 1
      case .align, .maximum, .minimum: 2
      }
    }
  }

  /// What an expression may ask of the layout.
  enum Question: Sendable, Hashable {
    /// ADDR, LOADADDR, SIZEOF and ALIGNOF of an output section.
    case address(String)
    case loadAddress(String)
    case size(String)
    case alignment(String)
    /// ORIGIN and LENGTH of a region of the section map.
    case origin(String)
    case length(String)
    /// SIZEOF_HEADERS
    case headersSize
    /// CONSTANT(MAXPAGESIZE) and CONSTANT(COMMONPAGESIZE)
    case maximumPageSize
    case commonPageSize
  }

  case number(UInt64)
  case symbol(String)
  case question(Question)
  /// DEFINED(NAME)
  case defined(String)
  case unary(UnaryOperator, SymbolExpression)
  case binary(BinaryOperator, SymbolExpression, SymbolExpression)
  /// `CONDITION ? YES : NO`
  case conditional(SymbolExpression, SymbolExpression, SymbolExpression)
  case call(Function, [SymbolExpression])
  /// ASSERT(EXPRESSION, MESSAGE): its value, unless that is zero.
  case assertion(SymbolExpression, String)

  /// The name, if the expression is just another symbol: then the new symbol is an alias and takes
  /// over type and section as well.
  var aliasedSymbol: String? {
    if case .symbol(let name) = self { name } else { nil }
  }

  /// All symbols whose value the expression takes, from left to right, with repetitions.
  var symbols: [String] {
    var result: [String] = []
    forEach { if case .symbol(let name) = $0 { result.append(name) } }
    return result
  }

  /// The names that DEFINED asks for.
  var probedSymbols: [String] {
    var result: [String] = []
    forEach { if case .defined(let name) = $0 { result.append(name) } }
    return result
  }

  /// Calls `body` for each part that has no parts itself, from left to right.
  private func forEach(_ body: (SymbolExpression) -> Void) {
    switch self {
    case .number, .symbol, .question, .defined: body(self)
    case .unary(_, let operand), .assertion(let operand, _): operand.forEach(body)
    case .binary(_, let left, let right):
      left.forEach(body)
      right.forEach(body)
    case .conditional(let condition, let yes, let no):
      condition.forEach(body)
      yes.forEach(body)
      no.forEach(body)
    case .call(_, let arguments):
      for argument in arguments { argument.forEach(body) }
    }
  }

  /// The tree with every part that has no parts replaced by what `body` makes of it.
  func replacing(_ body: (SymbolExpression) -> SymbolExpression) -> SymbolExpression {
    switch self {
    case .number, .symbol, .question, .defined: body(self)
    case .unary(let operation, let operand): .unary(operation, operand.replacing(body))
    case .binary(let operation, let left, let right):
      .binary(operation, left.replacing(body), right.replacing(body))
    case .conditional(let condition, let yes, let no):
      .conditional(condition.replacing(body), yes.replacing(body), no.replacing(body))
    case .call(let function, let arguments):
      .call(function, arguments.map { $0.replacing(body) })
    case .assertion(let operand, let message): .assertion(operand.replacing(body), message)
    }
  }
}
