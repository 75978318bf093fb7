// Statements that give a symbol a value: --defsym, assignments in linker scripts, `symbol` of a
// section map. They mean the same, so they are one list, in the order of the command line; the map
// comes last.

internal import MapLang

struct Assignment: Sendable {
  enum Value: Sendable {
    case expression(SymbolExpression)
    /// `symbol n = e;`: index into the map's list.
    case map(Int)

    /// The symbols whose values it takes.
    func symbols(_ map: SectionMap?) -> [String] {
      switch self {
      case .expression(let expression): return expression.symbols
      case .map(let index):
        var names: [String] = []
        map?.symbols[index].value.forEachQuery { query, _ in
          if case .symbol(let name) = query { names.append(name) }
        }
        return names
      }
    }
  }

  /// Where the statement stands, for messages.
  enum Origin: Sendable {
    /// --defsym: the value as it was written.
    case option(String)
    /// The script, the place in it, and the statement.
    case script(String, TextPosition, String)
    case map(SourcePosition)
  }

  /// Empty for ASSERT of a script, which has a value for nobody.
  let name: String
  var value: Value
  /// PROVIDE, `provide`: defines only what somebody refers to and nobody else defines.
  var isProvided = false
  var isHidden = false
  let origin: Origin

  var isMap: Bool { if case .map = value { true } else { false } }

  /// The statement as a script writes it; nil for one of the map.
  var text: String? {
    switch origin {
    case .option(let text): "\(name) = \(text)"
    case .script(_, _, let text): text
    case .map: nil
    }
  }

  /// How messages begin: `--defsym=a=b+1`, `s.ld:3:1: a = b + 1`.
  var description: String {
    switch origin {
    case .option(let text): "--defsym=\(name)=\(text)"
    case .script(let path, let position, let text): "\(path):\(position): \(text)"
    case .map: "symbol \(name)"
    }
  }
}

/// An assignment of a script, and the place of the script on the command line.
struct ScriptAssignment: Sendable {
  let assignment: Assignment
  let position: Int
}

extension Options {
  /// What a reference to `name` means with --wrap.
  func wrapped(_ name: String) -> String {
    guard !wrappedSymbols.isEmpty else { return name }
    if wrappedSymbols.contains(name) { return "__wrap_\(name)" }
    if name.hasPrefix("__real_"), wrappedSymbols.contains(String(name.dropFirst(7))) {
      return String(name.dropFirst(7))
    }
    return name
  }
}

extension Inputs {
  /// The assignments of options and scripts, in the order of the command line, with --wrap applied
  /// to what they refer to.
  func listAssignments() -> [Assignment] {
    let options = self.options
    var ordered: [(position: Int, assignment: Assignment)] = []
    for definition in options.symbolDefinitions {
      ordered.append(
        (
          definition.position,
          Assignment(
            name: definition.name, value: .expression(definition.expression),
            origin: .option(definition.text))
        ))
    }
    let scripted = requests.assignments
    guard !scripted.isEmpty || !options.wrappedSymbols.isEmpty else {
      return ordered.map(\.assignment)
    }
    for item in scripted { ordered.append((item.position, item.assignment)) }
    let sorted = ordered.enumerated().sorted {
      ($0.element.position, $0.offset) < ($1.element.position, $1.offset)
    }
    return sorted.map { item in
      var assignment = item.element.assignment
      guard case .expression(let expression) = assignment.value else { return assignment }
      assignment.value = .expression(
        expression.replacing { part in
          switch part {
          case .symbol(let name): .symbol(options.wrapped(name))
          case .defined(let name): .defined(options.wrapped(name))
          default: part
          }
        })
      return assignment
    }
  }
}
