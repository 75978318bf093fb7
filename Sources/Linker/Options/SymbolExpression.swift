// The expressions of --defsym, as a tree.
//
// `--defsym NAME=EXPRESSION` defines a symbol in terms of numbers and other symbols. The value is
// known only when addresses are, so the command line keeps the tree, and the core of the linker
// evaluates it. Arithmetic is on 64 bits and wraps, as addresses do.

/// A tree of numbers, symbols and operators.
indirect enum SymbolExpression: Sendable, Hashable {
  enum UnaryOperator: Sendable, Hashable {
    case negate
    case complement
  }

  enum BinaryOperator: Sendable, Hashable {
    case multiply, divide, remainder
    case add, subtract
    case shiftLeft, shiftRight
    case and, exclusiveOr, or
  }

  case number(UInt64)
  case symbol(String)
  case unary(UnaryOperator, SymbolExpression)
  case binary(BinaryOperator, SymbolExpression, SymbolExpression)

  /// The name, if the expression is just another symbol: then the new symbol is an alias and takes
  /// over type and section as well.
  var aliasedSymbol: String? {
    if case .symbol(let name) = self { name } else { nil }
  }

  /// All symbols in the expression, from left to right, with repetitions.
  var symbols: [String] {
    switch self {
    case .number: []
    case .symbol(let name): [name]
    case .unary(_, let operand): operand.symbols
    case .binary(_, let left, let right): left.symbols + right.symbols
    }
  }

  /// The value, with `valueOf` answering for the symbols.
  ///
  /// Returns nil if `valueOf` does so for a symbol that counts, or on a division by zero.
  func evaluate(_ valueOf: (String) -> UInt64?) -> UInt64? {
    switch self {
    case .number(let value): return value
    case .symbol(let name): return valueOf(name)
    case .unary(let operation, let operand):
      guard let value = operand.evaluate(valueOf) else { return nil }
      return operation == .negate ? 0 &- value : ~value
    case .binary(let operation, let left, let right):
      guard let left = left.evaluate(valueOf), let right = right.evaluate(valueOf) else {
        return nil
      }
      return operation.apply(left, right)
    }
  }
}

extension SymbolExpression.BinaryOperator {
  /// The result on 64 bits; nil on a division by zero. A shift by 64 or more gives 0.
  func apply(_ left: UInt64, _ right: UInt64) -> UInt64? {
    switch self {
    case .multiply: left &* right
    case .divide: right == 0 ? nil : left / right
    case .remainder: right == 0 ? nil : left % right
    case .add: left &+ right
    case .subtract: left &- right
    case .shiftLeft: right > 63 ? 0 : left << right
    case .shiftRight: right > 63 ? 0 : left >> right
    case .and: left & right
    case .exclusiveOr: left ^ right
    case .or: left | right
    }
  }
}
