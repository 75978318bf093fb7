// Decides what the names in assignments mean, which assignments are needed, and which kind of symbol
// each defines: --defsym, assignments of scripts, `symbol` of the map.
//
// Before: every name has its definition. After: `assignments` holds the order of evaluation; the row
// of each symbol that is defined has the facts of the symbol that it is an alias of (type, IFUNC,
// visibility), or says that its value is a number, which does not move with the program.
//
// Statements are executed in order, as GNU ld does it: a name means the latest assignment before the
// statement; else the last one behind it; else the definition of the inputs. In `foo = foo + 1` it is
// the definition that the statement replaces.

internal import ELF
internal import MapLang

extension Program {
  func resolveAssignments() {
    guard !inputs.linkerSymbols.assignments.isEmpty else { return }
    var resolver = AssignmentResolver(self)
    resolver.run()
    assignments = resolver.plan
  }

  /// The definition of a symbol that the linker's own file names.
  func linkerReference(_ name: String) -> SymbolID? {
    guard let index = inputs.linkerSymbols.index(of: name) else { return nil }
    return definition[files[inputs.linker.index].symbolID(index + 1)]
  }

  /// A name that the linker's own file has, as messages show it.
  func demangled(name: String) -> String {
    guard let index = inputs.linkerSymbols.index(of: name) else { return name }
    return demangled(files[inputs.linker.index].symbolID(index + 1))
  }
}

struct AssignmentResolver {
  let program: Program
  let all: [Assignment]
  var plan = AssignmentPlan()
  /// Numbers of the assignments of options and scripts to each name, rising; without PROVIDE.
  private var statements: [String: [Int]] = [:]
  /// Definitions of the inputs that assignments replace, once one is asked for.
  private var replaced: [NameID: SymbolID]?
  var failed: Set<Int> = []

  private var table: LinkerSymbols { program.inputs.linkerSymbols }
  var linker: InputFile { program.files[program.inputs.linker.index] }

  init(_ program: Program) {
    self.program = program
    all = program.inputs.linkerSymbols.assignments
    plan.nodes = Array(repeating: AssignmentPlan.Node(), count: all.count)
    for (number, assignment) in all.enumerated()
    where !assignment.isMap && !assignment.isProvided && !assignment.name.isEmpty {
      statements[assignment.name, default: []].append(number)
    }
  }

  mutating func run() {
    let needed = findNeeded()
    guard sort(needed) else { return }
    for number in plan.order { describe(number) }
  }

  // MARK: What is needed

  /// All statements but for PROVIDE of what nobody needs. Resolves the operands of the needed ones.
  private mutating func findNeeded() -> [Int] {
    var isNeeded = Array(repeating: false, count: all.count)
    var list: [Int] = []
    func need(_ number: Int) {
      if !isNeeded[number] {
        isNeeded[number] = true
        list.append(number)
      }
    }
    for (number, assignment) in all.enumerated() {
      plan.nodes[number].row = ownRow(number)
      if !assignment.isProvided {
        // Of two definitions by options and map, the option's counts.
        if !assignment.isMap || plan.nodes[number].row != nil { need(number) }
      } else if let row = plan.nodes[number].row,
        !program.flags[row].isDisjoint(with: [.referenced, .knownToShared])
      {
        need(number)
      }
    }
    var next = 0
    while next < list.count {
      let number = list[next]
      next += 1
      for name in names(of: number) {
        guard let operand = operand(name, of: number) else { continue }
        plan.nodes[number].operands[name] = operand
        switch operand {
        case .assignment(let other):
          need(other)
          if let row = plan.nodes[other].row { program.flags.insert(.referenced, at: row) }
        case .symbol(let row):
          program.flags.insert(isOwn(row) ? [.referenced, .touched] : .referenced, at: row)
          plan.roots.append(row)
        }
      }
    }
    return list.sorted()
  }

  /// The symbol that an assignment defines; nil if another definition counts.
  private func ownRow(_ number: Int) -> SymbolID? {
    guard let index = table.index(of: all[number].name),
      table.entries[index].role == .assignment(number)
    else { return nil }
    let row = linker.symbolID(index + 1)
    return program.definition[row] == row ? row : nil
  }

  /// The symbols whose values an assignment takes; folds DEFINED on the way.
  private mutating func names(of number: Int) -> [String] {
    guard case .expression(let expression) = all[number].value else {
      return all[number].value.symbols(program.inputs.map)
    }
    let folded = expression.replacing { part in
      guard case .defined(let name) = part else { return part }
      return .number(isDefined(name, before: number) ? 1 : 0)
    }.reduced()
    plan.nodes[number].expression = folded
    return folded.symbols
  }

  // MARK: What a name means

  private mutating func operand(_ name: String, of number: Int) -> AssignmentPlan.Operand? {
    if !all[number].isMap, let earlier = statement(to: name, before: number) {
      return .assignment(earlier)
    }
    guard let row = program.linkerReference(name) else { return nil }
    guard let other = assignment(of: row) else { return .symbol(row) }
    if other == number && !all[number].isMap { return replacedDefinition(row).map { .symbol($0) } }
    return .assignment(other)
  }

  /// The latest assignment to a name before a statement.
  private func statement(to name: String, before number: Int) -> Int? {
    guard let list = statements[name] else { return nil }
    var low = 0
    var high = list.count
    while low < high {
      let middle = (low + high) / 2
      if list[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? list[low - 1] : nil
  }

  /// DEFINED: whether a statement before this one or an input defines the name.
  private mutating func isDefined(_ name: String, before number: Int) -> Bool {
    if statement(to: name, before: number) != nil { return true }
    guard let row = program.linkerReference(name) else { return false }
    if let other = assignment(of: row) {
      return all[other].isMap || all[other].isProvided && other < number
        || replacedDefinition(row) != nil
    }
    return program.flags[row].isDisjoint(with: [.undefined, .shared])
  }

  /// The assignment that defines a symbol.
  private func assignment(of row: SymbolID) -> Int? {
    guard isOwn(row),
      case .assignment(let number) = table.entries[Int(row.rawValue - linker.symbolBase) - 1].role
    else { return nil }
    return number
  }

  /// Whether the linker itself defines a symbol, or nobody does.
  func isOwn(_ row: SymbolID) -> Bool { program.inputs.file(of: row) == program.inputs.linker }

  /// The definition of the inputs that would count if no statement replaced it.
  private mutating func replacedDefinition(_ row: SymbolID) -> SymbolID? {
    if replaced == nil { replaced = program.definitionsBesideAssignments() }
    return replaced?[program.names[row]]
  }

  // MARK: Order

  /// Puts what an assignment depends on in front of it; false, and a message, if that is in vain.
  private mutating func sort(_ needed: [Int]) -> Bool {
    enum State { case new, open, done }
    var states = Array(repeating: State.new, count: all.count)
    var edges: [Int: [Int]] = [:]
    for number in needed {
      edges[number] = Set(
        plan.nodes[number].operands.values.compactMap { operand in
          if case .assignment(let other) = operand { other } else { nil }
        }
      ).sorted()
    }
    var hasCycle = false
    for start in needed where states[start] == .new {
      var path: [(number: Int, next: Int)] = [(start, 0)]
      states[start] = .open
      while let (number, next) = path.last {
        guard let others = edges[number], next < others.count else {
          states[number] = .done
          plan.order.append(number)
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let other = others[next]
        switch states[other] {
        case .done: break
        case .new:
          states[other] = .open
          path.append((other, 0))
        case .open:
          hasCycle = true
          let first = path.firstIndex { $0.number == other } ?? 0
          report(cycle: path[first...].map(\.number))
        }
      }
    }
    return !hasCycle
  }

  private func report(cycle: [Int]) {
    let names = cycle.map { all[$0].name }
    let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
    let problem =
      names.count == 1
      ? "symbol \(shown) is defined by itself"
      : "symbols \(shown) are defined by each other, which gives none of them a value"
    program.report(all[cycle.min() ?? 0], problem, .addressInPlacement)
  }

}

extension Program {
  /// Reports what is wrong with an assignment; in the way of the map, if it stands there. `name`: the
  /// operand that it is about.
  func report(
    _ assignment: Assignment, _ problem: String, _ code: MapCode, about name: String? = nil
  ) {
    guard case .map(let position) = assignment.origin, let map = inputs.map else {
      return log.error(.badAssignment(assignment.description, problem))
    }
    var place = position
    if let name, case .map(let index) = assignment.value {
      map.symbols[index].value.forEachQuery { query, position in
        if case .symbol(name) = query { place = position }
      }
    }
    inputs.report(MapDiagnostic(code, problem, at: place), map.sources)
  }

  func report(_ assignment: Assignment, _ failure: EvaluationFailure) {
    if case .unknown = failure { return }  // what it depends on was reported
    report(assignment, failure.problem(self), failure.mapCode, about: failure.operand)
  }

  /// For names that assignments define, the best definition of the inputs.
  fileprivate func definitionsBesideAssignments() -> [NameID: SymbolID] {
    let table = inputs.linkerSymbols
    let linker = files[inputs.linker.index]
    var found: [NameID: Candidate] = [:]
    var wanted: Set<NameID> = []
    for (index, entry) in table.entries.enumerated() {
      if case .assignment = entry.role { wanted.insert(names[linker.symbolID(index + 1)]) }
    }
    for number in 0..<files.count where isLive(FileID(number)) && files[number].kind == .object {
      let file = files[number]
      for index in file.globals {
        let name = names[file.symbolID(index)]
        guard wanted.contains(name), let rank = rank(of: file.symbols[index], index, file),
          rank != .undefined
        else { continue }
        let candidate = Candidate(rank, FileID(number), index)
        if found[name].map({ candidate.key < $0.key }) ?? true { found[name] = candidate }
      }
    }
    return found.mapValues { files[$0.file.index].symbolID($0.index) }
  }
}

extension Message {
  static func badAssignment(_ statement: String, _ problem: String) -> Message {
    Message("badAssignment", "\(statement): \(problem)")
  }
}
