// -r: the symbols of --defsym.
//
// Sections have no addresses yet, so a value is a number, or a place in a section: a symbol plus or
// minus a number. The difference of two places in one section is a number.

internal import ELF

/// A symbol that --defsym defines.
struct ObjectDefinition: Sendable {
  var value: UInt64
  /// The section that `value` is an offset in; nil: the symbol is absolute.
  var output: OutputID?
  /// `st_type`: that of the symbol of which it is an alias.
  var type: UInt8
}

extension ObjectOutput {
  /// The values of all --defsym; reports those that have none.
  func evaluateDefinitions() -> [SymbolID: ObjectDefinition] {
    var result: [SymbolID: ObjectDefinition] = [:]
    for definition in options.symbolDefinitions {
      guard let index = inputs.linkerSymbols.index(of: definition.name) else { continue }
      guard let value = evaluate(definition.expression, depth: 0) else {
        log.error(.unplacedDefinition(definition.name, definition.text))
        continue
      }
      var symbol = value
      if definition.expression.aliasedSymbol == nil { symbol.type = STT.NOTYPE }
      result[files[inputs.linker.index].symbolID(index + 1)] = symbol
    }
    for name in options.requiredSymbols {
      guard let index = inputs.linkerSymbols.index(of: name) else { continue }
      let row = program.definition[files[inputs.linker.index].symbolID(index + 1)]
      if program.flags[row].contains(.undefined) { log.fault(.requiredSymbolMissing(name)) }
    }
    return result
  }

  private func evaluate(_ expression: SymbolExpression, depth: Int) -> ObjectDefinition? {
    guard depth < 256 else { return nil }  // --defsym a=b --defsym b=a
    switch expression {
    case .number(let value): return ObjectDefinition(value: value, type: STT.NOTYPE)
    case .symbol(let name): return value(of: name, depth: depth + 1)
    case .unary(let operation, let operand):
      guard let operand = evaluate(operand, depth: depth + 1), operand.output == nil else {
        return nil
      }
      let value = operation == .negate ? 0 &- operand.value : ~operand.value
      return ObjectDefinition(value: value, type: STT.NOTYPE)
    case .binary(let operation, let left, let right):
      guard let left = evaluate(left, depth: depth + 1),
        let right = evaluate(right, depth: depth + 1),
        let value = operation.apply(left.value, right.value)
      else { return nil }
      var result = ObjectDefinition(value: value, type: STT.NOTYPE)
      switch (operation, left.output, right.output) {
      case (_, nil, nil): break
      case (.subtract, let first?, let second?) where first == second: break
      case (.add, let place?, nil), (.add, nil, let place?), (.subtract, let place?, nil):
        result.output = place
      default: return nil
      }
      return result
    }
  }

  private func value(of name: String, depth: Int) -> ObjectDefinition? {
    guard let number = inputs.linkerSymbols.index(of: name) else { return nil }
    let row = program.definition[files[inputs.linker.index].symbolID(number + 1)]
    let (symbol, index, id) = inputs.entry(of: row)
    let file = files[id.index]
    if file.kind == .linker {
      guard case .definition(let number) = inputs.linkerSymbols.entries[index - 1].role else {
        return nil
      }
      return evaluate(options.symbolDefinitions[number].expression, depth: depth + 1)
    }
    if symbol.sectionIndex == SHN.ABS {
      return ObjectDefinition(value: symbol.value, type: symbol.type)
    }
    let section = definingSection(symbol, index, file)
    guard section != .none, !program.flags[row].contains(.undefined) else { return nil }
    return ObjectDefinition(
      value: outputOffset(section, symbol.value), output: sections[section].output,
      type: symbol.type)
  }
}

extension Message {
  static func unplacedDefinition(_ name: String, _ expression: String) -> Message {
    Message(
      "unplacedDefinition",
      "--defsym=\(name): \(expression) is neither a number nor a place in a section of the output; "
        + "with -r it may be a number, or a defined symbol plus or minus a number")
  }
}
