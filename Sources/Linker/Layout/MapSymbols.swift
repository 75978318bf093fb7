// `symbol n = e;` and `assert e;`: the statements that observe the finished layout.
//
// Before: everything has its address and the loaded sections their place in the file. After: the
// map's symbols have values, section-relative if the expression is an address, so that a program that
// may be moved relocates them.

internal import ELF
internal import MapLang

extension Expression {
  /// Whether the value moves with the program, as the operators say it.
  var isAddress: Bool {
    switch self {
    case .number(let value, _): return value.isAddress
    case .query(let query, _):
      switch query {
      case .section(let property, _):
        return [.address, .end, .loadAddress, .loadEnd].contains(property)
      case .region(let property, _): return property == .start || property == .end
      case .symbol: return true
      }
    case .unary: return false
    case .binary(let operation, let left, let right, _):
      switch operation {
      case .add, .bitAnd: return left.isAddress != right.isAddress
      case .subtract: return left.isAddress && !right.isAddress
      default: return false
      }
    case .call(_, let arguments, _): return arguments.first?.isAddress ?? false
    }
  }
}

extension Layout {
  /// Gives the map's symbols their values.
  func evaluateMapSymbols() {
    let map = selection.map
    guard !map.symbols.isEmpty || !map.slots.isEmpty else { return }
    var observer = Observer(self)
    let table = selection.inputs.linkerSymbols
    let file = selection.files[selection.inputs.linker.index]
    for (index, entry) in table.entries.enumerated() {
      guard case .mapExpression(let number) = entry.role else { continue }
      let row = file.symbolID(index + 1)
      guard selection.program.definition[row] == row else { continue }
      guard let value = observer.value(of: number) else { continue }
      addresses[row] = value.bits
      if value.isAddress { linkerSymbolOutputs[row] = outputHolding(value.bits) }
    }
    report(observer.problems)
  }

  /// The section that an address lies in or ends; symbols are relative to it.
  private func outputHolding(_ address: UInt64) -> OutputID? {
    let sections = placed.lazy.compactMap(\.output)
    return sections.first {
      self.outputs[$0.index].address <= address && address < self.outputs[$0.index].end
    } ?? sections.first { self.outputs[$0.index].end == address }
      ?? (options.outputKind.isPositionIndependent ? sections.first : nil)
  }

  /// SM309, and SM206 for names that are nobody's.
  func checkAssertions() {
    let map = selection.map
    var observer = Observer(self)
    for assertion in map.assertions {
      guard let value = observer.value(of: assertion.condition), value.number == 0 else { continue }
      let text = map.sources.text(at: assertion.condition.position)
      observer.problems.append(
        MapDiagnostic(
          .assertionFailed, assertion.message ?? "the assertion '\(text)' does not hold",
          at: assertion.condition.position, notes: observer.notes(on: assertion.condition)))
    }
    for named in map.roots + (options.entry == nil ? [map.entry].compactMap { $0 } : [])
    where !named.isBuiltIn {
      if let symbol = selection.linkerReference(named.name),
        !selection.program.flags[symbol].contains(.undefined)
      {
        continue
      }
      observer.problems.append(
        MapDiagnostic(
          .noSuchSymbol, "no symbol '\(named.name)' is defined", at: named.position))
    }
    report(observer.problems)
  }

  func report(_ problems: [MapDiagnostic]) {
    for problem in problems { selection.inputs.report(problem, selection.map.sources) }
  }
}

/// Answers the questions of observing expressions.
private struct Observer {
  let layout: Layout
  var problems: [MapDiagnostic] = []
  private var values: [Int: Value?] = [:]
  private var isBusy: Set<Int> = []

  init(_ layout: Layout) { self.layout = layout }

  /// The value of the map's symbol `number`; nil was reported.
  mutating func value(of number: Int) -> Value? {
    if let known = values[number] { return known }
    let symbol = layout.selection.map.symbols[number]
    guard isBusy.insert(number).inserted else {
      problems.append(
        MapDiagnostic(
          .addressInPlacement, "symbol '\(symbol.name)' is defined by itself", at: symbol.position))
      return nil
    }
    let result = value(of: symbol.value)
    values[number] = .some(result)
    isBusy.remove(number)
    return result
  }

  mutating func value(of expression: Expression) -> Value? {
    // Answers are collected first, for the evaluator cannot change what it asks.
    var answers: [Query: Value] = [:]
    expression.forEachQuery { query, _ in
      if answers[query] == nil { answers[query] = answer(query) }
    }
    do throws(EvaluationError) {
      return try evaluate(expression, width: layout.selection.map.width) { answers[$0] }
    } catch {
      problems.append(MapDiagnostic(error))
      return nil
    }
  }

  /// What the parts of a failed condition were.
  mutating func notes(on expression: Expression) -> [MapDiagnostic.Note] {
    var notes: [MapDiagnostic.Note] = []
    expression.forEachQuery { query, position in
      guard let value = answer(query) else { return }
      let text = layout.selection.map.sources.text(at: position)
      notes.append(MapDiagnostic.Note("\(text) is \(hexadecimal(value.bits))"))
    }
    return notes
  }

  private mutating func answer(_ query: Query) -> Value? {
    switch query {
    case .section(let property, let id): return answer(property, id)
    case .region(let property, let id): return answer(property, id)
    case .symbol(let name):
      guard let symbol = layout.selection.linkerReference(name) else { return nil }
      let inputs = layout.selection.inputs
      if inputs.file(of: symbol) == inputs.linker,
        let number = layout.selection.map.symbols.firstIndex(where: { $0.name == name })
      {
        return value(of: number)
      }
      let facts = layout.selection.program.flags[symbol]
      guard !facts.contains(.undefined), !facts.contains(.shared) else { return nil }
      let address = layout.addresses[symbol]
      return Layout.isSpecial(address)
        ? nil : Value(address, isAddress: !facts.contains(.absolute))
    }
  }

  private func answer(_ property: SectionProperty, _ id: OutputSectionID) -> Value? {
    guard let output = layout.output(of: id).map({ layout.outputs[$0.index] }) else {
      // Left out: it has no bytes, and no address that would mean anything.
      return property == .size
        ? Value(0 as UInt64)
        : property == .alignment
          ? Value(1 as UInt64)
          : nil
    }
    switch property {
    case .address: return Value(output.address, isAddress: true)
    case .end: return Value(output.end, isAddress: true)
    case .size: return Value(output.size)
    case .loadAddress: return Value(output.loadAddress, isAddress: true)
    case .loadEnd: return Value(output.loadEnd, isAddress: true)
    case .alignment: return Value(output.alignment)
    case .fileOffset: return Value(output.fileOffset)
    }
  }

  private func answer(_ property: RegionProperty, _ id: RegionID) -> Value? {
    let region = layout.selection.map[id]
    let used = layout.memories.indices.contains(id.index) ? layout.memories[id.index].used : 0
    switch property {
    case .start: return Value(region.at, isAddress: true)
    case .size: return region.size.map { Value($0) }
    case .end: return region.size.map { Value(Int128(region.at) + Int128($0), isAddress: true) }
    case .used: return Value(used)
    case .free: return region.size.map { Value($0 > used ? $0 - used : 0) }
    }
  }
}
