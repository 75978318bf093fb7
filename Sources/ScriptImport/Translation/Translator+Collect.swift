// What a script declares, wherever it stands: later phases look up and down.

extension Translator {
  /// What later phases have to know of the whole script.
  mutating func collect(_ statements: [ScriptStatement]) {
    var count: [String: Int] = [:]
    func visit(_ statements: [ScriptStatement], _ result: inout [ScriptAssignmentSyntax]) {
      for statement in statements {
        switch statement.kind {
        case .assignment(let assignment): result.append(assignment)
        case .sections(let inner): visit(inner, &result)
        case .section(let section): visit(section.contents, &result)
        case .overlay(let overlay):
          for (section, _, _) in overlay.sections { visit(section.contents, &result) }
        default: break
        }
      }
    }
    var assignments: [ScriptAssignmentSyntax] = []
    visit(statements, &assignments)
    for assignment in assignments where assignment.target != "." {
      count[assignment.target, default: 0] += 1
      definedSymbols.insert(assignment.target)
    }
    for statement in statements {
      switch statement.kind {
      case .memory(let blocks): memories += blocks
      case .alias(let name, let target): aliases.append((name, target))
      case .headers(let list): headers += list
      case .insert(let side, let section): insertion = (side, section)
      case .sections(let inner):
        for statement in inner {
          switch statement.kind {
          case .section(let section):
            sectionNames.insert(section.name)
            if section.name != "/DISCARD/", !isUnallocated(section) { sectionsToCome += 1 }
          case .overlay(let overlay):
            for (section, _, _) in overlay.sections { sectionNames.insert(section.name) }
            sectionsToCome += 1
          case .insert(let side, let section): insertion = (side, section)
          case .assignment(let assignment):
            if Self.mentionsHeaders(assignment.value) { usesHeaders = true }
          default: break
          }
        }
      default: break
      }
    }
    let candidates = assignments.filter {
      $0.target != "." && $0.sign == "=" && count[$0.target] == 1
    }
    for assignment in assignments { collectDefaults(assignment.value) }
    for memory in memories {
      collectDefaults(memory.origin)
      collectDefaults(memory.length)
    }
    // What is defined further down counts, too.
    for _ in 0..<8 {
      let known = constants.count
      for assignment in candidates where constants[assignment.target] == nil {
        let value = Self.withoutDefault(assignment)
        if isConstant(value) { setConstant(assignment.target, value) }
      }
      if constants.count == known { break }
    }
    if headers.contains(where: { $0.hasFileHeader || $0.hasProgramHeaders }) { usesHeaders = true }
    sectionNames.remove("/DISCARD/")
  }

  mutating func setConstant(_ name: String, _ value: ScriptExpression) {
    constants[name] = value
    constantValues[name] = self.value(value)
  }

  /// Symbols that the command line may define.
  mutating func collectDefaults(_ value: ScriptExpression) {
    switch value {
    case .conditional(.of("DEFINED", let name), .symbol(let same), let other)
    where name == same && !definedSymbols.contains(name):
      collectDefaults(other)
      if isConstant(other), constants[name] == nil, MapWords.isPlain(name) {
        setConstant(name, other)
        defaults.insert(name)
      }
    case .number, .dot, .symbol, .of: break
    case .unary(_, let value): collectDefaults(value)
    case .binary(_, let left, let right):
      collectDefaults(left)
      collectDefaults(right)
    case .conditional(let a, let b, let c): for value in [a, b, c] { collectDefaults(value) }
    case .call(_, let values): for value in values { collectDefaults(value) }
    }
  }

  /// `DEFINED(x) ? x : e` for x is e, unless somebody else defines x.
  static func withoutDefault(_ assignment: ScriptAssignmentSyntax) -> ScriptExpression {
    if case .conditional(.of("DEFINED", let name), .symbol(let same), let value) = assignment.value,
      name == assignment.target, same == name
    {
      return value
    }
    return assignment.value
  }

  static func mentionsHeaders(_ value: ScriptExpression) -> Bool {
    switch value {
    case .call("SIZEOF_HEADERS", _): true
    case .call(_, let values): values.contains { mentionsHeaders($0) }
    case .unary(_, let value): mentionsHeaders(value)
    case .binary(_, let left, let right): mentionsHeaders(left) || mentionsHeaders(right)
    case .conditional(let a, let b, let c):
      mentionsHeaders(a) || mentionsHeaders(b) || mentionsHeaders(c)
    default: false
    }
  }
}
