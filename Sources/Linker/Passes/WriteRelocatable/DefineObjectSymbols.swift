// -r: the symbols of --defsym and of assignments in scripts.
//
// Sections have no addresses yet, so a value is a number, or a place in a section: a symbol plus or
// minus a number. The difference of two places in one section is a number.

internal import ELF

extension ObjectOutput {
  /// The values of all assignments; reports those that have none.
  func evaluateDefinitions() -> [SymbolID: ObjectDefinition] {
    var result: [SymbolID: ObjectDefinition] = [:]
    let plan = program.assignments
    let assignments = inputs.linkerSymbols.assignments
    statementValues = Array(repeating: nil, count: plan.nodes.count)
    for number in plan.order {
      let node = plan.nodes[number]
      guard let expression = node.expression else { continue }
      let evaluator = SymbolEvaluator(
        symbol: { (name) throws(EvaluationFailure) in
          switch node.operands[name] {
          case .assignment(let other):
            guard let value = self.statementValues[other] else { throw .unknown }
            return value
          case .symbol(let row): return try self.place(of: row, name)
          case nil: throw .undefined(name)
          }
        },
        question: { (question) throws(EvaluationFailure) in try self.answer(question) },
        areOffsets: true)
      do throws(EvaluationFailure) {
        statementValues[number] = try evaluator.evaluate(expression)
      } catch {
        program.report(assignments[number], error)
      }
      guard let row = node.row, let value = statementValues[number] else { continue }
      result[row] = ObjectDefinition(value: value.bits, output: value.output)
    }
    for name in options.requiredSymbols {
      guard let row = program.linkerReference(name) else { continue }
      if program.flags[row].contains(.undefined) { log.fault(.requiredSymbolMissing(name)) }
    }
    return result
  }

  private func place(
    of row: SymbolID, _ name: String
  ) throws(EvaluationFailure) -> SymbolValue {
    let (symbol, index, id) = inputs.entry(of: row)
    let file = files[id.index]
    guard file.kind == .object, symbol.sectionIndex != SHN.UNDEF else { throw .undefined(name) }
    if symbol.sectionIndex == SHN.ABS { return SymbolValue(bits: symbol.value) }
    if let common = program.common(row) {
      guard common.section != .none else { throw .unplaced }
      let section = sections[common.section]
      return SymbolValue(bits: section.offset, isAddress: true, output: section.output)
    }
    guard file.isInSection(symbol) else { throw .unplaced }
    let section = definingSection(symbol, index, file)
    guard section != .none else { throw .dropped(name) }
    return SymbolValue(
      bits: outputOffset(section, symbol.value), isAddress: true,
      output: sections[section].output)
  }

  private func answer(
    _ question: SymbolExpression.Question
  ) throws(EvaluationFailure) -> SymbolValue {
    func output(_ name: String) throws(EvaluationFailure) -> Int {
      for index in 0..<outputs.count where outputs[index].name.string == name { return index }
      throw .noSection(name)
    }
    switch question {
    case .address(let name):
      return SymbolValue(bits: 0, isAddress: true, output: OutputID(try output(name)))
    case .size(let name): return SymbolValue(bits: outputs[try output(name)].size)
    case .alignment(let name):
      return SymbolValue(bits: 1 << UInt64(outputs[try output(name)].alignmentShift))
    case .maximumPageSize, .commonPageSize:
      guard let value = inputs.answer(question) else { throw .unplaced }
      return value
    case .origin(let name), .length(let name): throw .noRegion(name)
    case .loadAddress, .headersSize: throw .unplaced
    }
  }
}
