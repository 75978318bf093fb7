// What a constant or a region needs before it has its value.
//
// The value of each may lead on to others, in any order of the text and through thousands of steps.
// Following it by recursion would take as much stack as the chain is long, so what is needed is
// resolved first, with a list of what is being waited for. What waits for itself is left to the
// resolution proper, which reports it.

extension MapBuilder {
  enum Definition {
    case constant(Int)
    case region(Int)
  }

  /// Resolves everything that an expression leads to, the last first.
  mutating func resolveNeeds(of syntax: ExpressionSyntax) {
    // Only a chain is worth it: what leads nowhere or to what is known costs one look.
    guard let first = unresolved(in: syntax) else { return }
    var waiting = [first]
    var isWaiting: Set<Int> = [Self.key(first)]
    while let last = waiting.last {
      if let next = unresolved(in: last, isWaiting) {
        waiting.append(next)
        isWaiting.insert(Self.key(next))
        continue
      }
      waiting.removeLast()
      isWaiting.remove(Self.key(last))
      let wasBuiltIn = isBuiltIn
      switch last {
      case .constant(let index):
        isBuiltIn = constants[index].isBuiltIn
        _ = value(ofConstant: index)
      case .region(let index): _ = resolveRegionRange(RegionID(index))
      }
      isBuiltIn = wasBuiltIn
      if waiting.isEmpty, let another = unresolved(in: syntax) {
        // One that could not be resolved has failed, so each comes by once.
        waiting.append(another)
        isWaiting.insert(Self.key(another))
      }
    }
  }

  private static func key(_ definition: Definition) -> Int {
    switch definition {
    case .constant(let index): index * 2
    case .region(let index): index * 2 + 1
    }
  }

  private func unresolved(in definition: Definition, _ waiting: Set<Int>) -> Definition? {
    switch definition {
    case .constant(let index):
      return unresolved(in: constants[index].syntax, constants[index].isBuiltIn, waiting)
    case .region(let index):
      return unresolved(
        in: regionSyntax[index].syntax.items, regionSyntax[index].isBuiltIn, waiting)
    }
  }

  private func unresolved(
    in items: [StatementSyntax], _ isBuiltIn: Bool, _ waiting: Set<Int>
  ) -> Definition? {
    for item in items {
      switch item {
      case .attribute(let attribute) where attribute.kind == .at || attribute.kind == .size:
        if let found = attribute.value.flatMap({ unresolved(in: $0, isBuiltIn, waiting) }) {
          return found
        }
      case .condition(let syntax):
        if let found = unresolved(in: syntax.condition, isBuiltIn, waiting) { return found }
      case _: break
      }
    }
    return nil
  }

  private func unresolved(in syntax: ExpressionSyntax) -> Definition? {
    unresolved(in: syntax, isBuiltIn, [])
  }

  /// The first thing that an expression names, is not resolved, and is not waited for.
  private func unresolved(
    in syntax: ExpressionSyntax, _ isBuiltIn: Bool, _ waiting: Set<Int>
  ) -> Definition? {
    switch syntax {
    case .integer, .invalid: return nil
    case .name(let text):
      guard let index = findConstant(string(text), isBuiltIn: isBuiltIn),
        constants[index].state == .unresolved, !waiting.contains(index * 2)
      else { return nil }
      return .constant(index)
    case .geometry(let function, let target, _):
      guard [.start, .end, .size].contains(function), let region = findRegion(string(target)),
        regionSyntax[region.index].state == .unresolved, !waiting.contains(region.index * 2 + 1)
      else { return nil }
      return .region(region.index)
    case .unary(_, let operand, _): return unresolved(in: operand, isBuiltIn, waiting)
    case .binary(_, let left, let right, _):
      return unresolved(in: left, isBuiltIn, waiting) ?? unresolved(in: right, isBuiltIn, waiting)
    case .numeric(_, let arguments, _):
      for argument in arguments {
        if let found = unresolved(in: argument, isBuiltIn, waiting) { return found }
      }
      return nil
    }
  }

  /// The constant that a name means: a user's expression sees the user's constants, then the built-in
  /// parameters.
  func findConstant(_ name: String, isBuiltIn: Bool) -> Int? {
    if !isBuiltIn, let own = constantNumbers[ConstantName(name: name, isBuiltIn: false)] {
      return own
    }
    return constantNumbers[ConstantName(name: name, isBuiltIn: true)]
  }
}

/// A user's constants and the parameters of the built-in map do not meet.
struct ConstantName: Hashable {
  var name: String
  var isBuiltIn: Bool
}
