// Gives the symbols of assignments their values, when every address is known.
//
// Before: all other symbols have the addresses of their definitions; nothing stands for them yet
// (PLT entries and copies come later). After: the assignments' symbols have values, and a section if
// they are addresses, so that a program that may be moved relocates them.

internal import ELF
internal import MapLang

extension Layout {
  /// `areFinal`: else the layout is one round of several, and what is wrong is said later.
  func evaluateAssignments(areFinal: Bool) {
    let program = selection.program
    let plan = program.assignments
    guard !plan.order.isEmpty else { return }
    let assignments = selection.inputs.linkerSymbols.assignments
    statementValues = Array(repeating: nil, count: plan.nodes.count)
    for number in plan.order {
      let node = plan.nodes[number]
      do throws(EvaluationFailure) {
        if let expression = node.expression {
          let evaluator = SymbolEvaluator(
            symbol: { (name) throws(EvaluationFailure) in
              try self.value(of: node.operands[name], name)
            },
            question: { (question) throws(EvaluationFailure) in try self.answer(question) })
          statementValues[number] = try evaluator.evaluate(expression)
        } else if case .map(let index) = assignments[number].value {
          statementValues[number] = mapValue(of: index, areFinal: areFinal)
        }
      } catch {
        if areFinal { program.report(assignments[number], error) }
      }
      guard let row = node.row, let value = statementValues[number] else { continue }
      addresses[row] = value.bits
      assignedValues[row] = value.bits
      if value.isAddress {
        linkerSymbolOutputs[row] = value.output ?? outputHolding(value.bits)
      }
    }
  }

  private func value(
    of operand: AssignmentPlan.Operand?, _ name: String
  ) throws(EvaluationFailure) -> SymbolValue {
    switch operand {
    case .assignment(let other):
      guard let value = statementValues[other] else { throw .unknown }
      return value
    case .symbol(let row): return try ownValue(of: row, name)
    case nil: throw .undefined(name)
    }
  }

  /// The value of a definition itself, whatever references to it mean.
  func ownValue(of row: SymbolID, _ name: String) throws(EvaluationFailure) -> SymbolValue {
    let facts = selection.program.flags[row]
    let isReplaced = selection.program.definition[row] != row
    if facts.contains(.undefined) && !isReplaced { throw .undefined(name) }
    let address = definitionAddress(row)
    if isReplaced ? selection.inputs.entry(of: row).symbol.sectionIndex == SHN.ABS : isAbsolute(row)
    {
      return SymbolValue(bits: address)
    }
    guard !Layout.isSpecial(address) else { throw .dropped(name) }
    return SymbolValue(bits: address, isAddress: true, output: outputSection(of: row))
  }

  private func answer(
    _ question: SymbolExpression.Question
  ) throws(EvaluationFailure) -> SymbolValue {
    func output(_ name: String) throws(EvaluationFailure) -> OutputID {
      guard
        let index = outputs.firstIndex(where: { $0.name == name && $0.size > 0 })
          ?? outputs.firstIndex(where: { $0.name == name })
      else { throw .noSection(name) }
      return OutputID(index)
    }
    func region(_ name: String) throws(EvaluationFailure) -> Region {
      guard let id = selection.map.region(named: name) else { throw .noRegion(name) }
      return selection.map[id]
    }
    switch question {
    case .address(let name):
      let id = try output(name)
      return SymbolValue(bits: outputs[id.index].address, isAddress: true, output: id)
    case .loadAddress(let name):
      return SymbolValue(bits: outputs[try output(name).index].loadAddress)
    case .size(let name):
      // The map knows the section, and nothing is in it.
      if outputs.allSatisfy({ $0.name != name }), selection.map.section(named: name) != nil {
        return SymbolValue(bits: 0)
      }
      return SymbolValue(bits: outputs[try output(name).index].size)
    case .alignment(let name):
      return SymbolValue(bits: outputs[try output(name).index].alignment)
    case .origin(let name): return SymbolValue(bits: try region(name).at)
    case .length(let name):
      guard let size = try region(name).size else { throw .noRegion(name) }
      return SymbolValue(bits: size)
    case .headersSize: return SymbolValue(bits: headersSize)
    case .maximumPageSize, .commonPageSize:
      guard let value = selection.inputs.answer(question) else { throw .unknown }
      return value
    }
  }

  /// The section that an address lies in or ends; symbols are relative to it.
  func outputHolding(_ address: UInt64) -> OutputID? {
    let sections = placed.lazy.compactMap(\.output)
    return sections.first {
      self.outputs[$0.index].address <= address && address < self.outputs[$0.index].end
    } ?? sections.first { self.outputs[$0.index].end == address }
      ?? (options.outputKind.isPositionIndependent ? sections.first : nil)
  }
}

extension EvaluationFailure {
  /// In words that follow the statement.
  func problem(_ program: Program) -> String {
    switch self {
    case .unknown: "the value depends on an address that is not known"
    case .undefined(let name): "no symbol '\(program.demangled(name: name))' is defined"
    case .shared(let name, let file):
      "symbol \(program.demangled(name: name)) is defined in \(file) only, so its address is not known "
        + "before the program runs; link an object that defines it"
    case .dropped(let name):
      "symbol \(program.demangled(name: name)) is in a section that is not in the output"
    case .noSection(let name): "the output has no section \(name)"
    case .noRegion(let name): "the section map has no region \(name) with a size"
    case .divisionByZero: "division by zero"
    case .notPowerOfTwo(let number): "the alignment \(number) is not a power of two"
    case .assertion(let message): "the assertion failed: \(message)"
    case .mixed:
      "the value is a number or an address, whichever the layout decides, and only one of them moves "
        + "with the program; give both branches of '?' the same kind, or use -no-pie"
    case .unplaced:
      "the value is neither a number nor a place in a section of the output; with -r it may be a "
        + "number, or a defined symbol plus or minus a number"
    }
  }

  /// The symbol that it is about.
  var operand: String? {
    switch self {
    case .undefined(let name), .shared(let name, _), .dropped(let name): name
    default: nil
    }
  }

  var mapCode: MapCode {
    switch self {
    case .undefined, .shared, .dropped: .noSuchSymbol
    default: .badNumber
    }
  }
}
