// `symbol n = e;` and `assert e;`: the statements that observe the finished layout.
//
// Symbols are evaluated among all assignments (EvaluateAssignments), when everything has its address;
// assertions when the loaded sections have their place in the file.

internal import ELF
internal import MapLang
internal import Text

extension Expression {
  /// Whether the value moves with the program, as the operators say it; `isAddressSymbol` answers for
  /// symbols.
  func isAddress(_ isAddressSymbol: (String) -> Bool) -> Bool {
    switch self {
    case .number(let value, _): return value.isAddress
    case .query(let query, _):
      switch query {
      case .section(let property, _):
        return [.address, .end, .loadAddress, .loadEnd].contains(property)
      case .region(let property, _): return property == .start || property == .end
      case .symbol(let name): return isAddressSymbol(name)
      }
    case .unary: return false
    case .binary(let operation, let left, let right, _):
      let first = left.isAddress(isAddressSymbol)
      let second = right.isAddress(isAddressSymbol)
      switch operation {
      case .add, .bitAnd: return first != second
      case .subtract: return first && !second
      default: return false
      }
    case .call(_, let arguments, _): return arguments.first?.isAddress(isAddressSymbol) ?? false
    }
  }
}

extension Layout {
  /// The value of the map's symbol `number`, those it depends on having theirs; nil was reported.
  func mapValue(of number: Int, areFinal: Bool) -> SymbolValue? {
    var observer = Observer(self)
    let value = observer.value(of: selection.map.symbols[number].value)
    if areFinal { report(observer.problems) }
    return value.map { SymbolValue(bits: $0.bits, isAddress: $0.isAddress) }
  }

  /// The words of a slot; what does not fit, or would have to be relocated, is reported.
  func evaluateWords(of slot: MapSlot, _ problems: inout [MapDiagnostic]) -> [UInt64] {
    var observer = Observer(self)
    defer { problems += observer.problems }
    return slot.words.map { word in
      guard let value = observer.value(of: word.value) else { return 0 }
      let bits = Int128(word.size * 8)
      if value.number < -(1 << (bits - 1)) || value.number >= 1 << bits {
        observer.problems.append(
          MapDiagnostic(
            .badNumber, "\(value.number) does not fit \(word.size * 8) bits",
            at: word.value.position))
      } else if value.isAddress && options.outputKind.isPositionIndependent {
        observer.problems.append(
          MapDiagnostic(
            .pinInPositionIndependent,
            "an address in a slot is fixed, but this output may be loaded anywhere",
            at: word.value.position, help: "link with -no-pie"))
      }
      return value.bits
    }
  }

  /// SM309, and SM206 for names that are nobody's.
  func checkAssertions() {
    let map = selection.map
    var observer = Observer(self)
    for (index, slot) in map.slots.enumerated() where !slot.words.isEmpty {
      slotWords[SlotID(index)] = evaluateWords(of: slot, &observer.problems)
    }
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
      if let symbol = selection.program.linkerReference(named.name),
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

  init(_ layout: Layout) { self.layout = layout }

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
      guard let symbol = layout.selection.program.linkerReference(name),
        !layout.selection.program.flags[symbol].contains(.shared),
        let value = try? layout.ownValue(of: symbol, name)
      else { return nil }
      return Value(value.bits, isAddress: value.isAddress)
    }
  }

  private func answer(_ property: SectionProperty, _ id: MapSectionID) -> Value? {
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
