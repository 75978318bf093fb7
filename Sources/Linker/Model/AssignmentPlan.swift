// What is known about assignments once names have their definitions: what each depends on, in which
// order they are evaluated, and what kind of symbol each defines. `Passes/Resolve/ResolveAssignments` makes
// it; it is empty in most links.

struct AssignmentPlan: Sendable {
  /// What a name in an expression means.
  enum Operand: Sendable, Hashable {
    /// The value that an assignment gives.
    case assignment(Int)
    /// A symbol of the inputs, or one that the linker or the map defines.
    case symbol(SymbolID)
  }

  struct Node: Sendable {
    /// The expression without DEFINED and without conditions that are known; nil for one of the map.
    var expression: SymbolExpression?
    var operands: [String: Operand] = [:]
    /// Whether the value moves with the program.
    var isAddress = false
    /// The symbol whose type and section the new one takes over.
    var base: SymbolID?
    /// An alias: the value is that of `base`.
    var isAlias = false
    /// The value, if it depends on no address.
    var constant: UInt64?
    /// The symbol that the assignment defines; nil: a later one counts.
    var row: SymbolID?
  }

  /// By number of the assignment.
  var nodes: [Node] = []
  /// Those that have to be evaluated, each behind what it depends on.
  var order: [Int] = []
  /// What they take their values from: sections of these stay (--gc-sections).
  var roots: [SymbolID] = []

  /// The symbols that lie where other symbols do.
  var placed: [(symbol: SymbolID, base: SymbolID)] {
    order.compactMap { number in
      guard nodes[number].isAddress, let row = nodes[number].row, let base = nodes[number].base
      else { return nil }
      return (row, base)
    }
  }
}
