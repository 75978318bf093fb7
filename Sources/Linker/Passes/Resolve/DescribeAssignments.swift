// What kind of symbol an assignment defines, as far as that is known before the layout.
//
// An address plus or minus a number is an address: it moves with a program that is loaded anywhere,
// and its relocations are counted before it has a value. The difference of two addresses is a number,
// and so is what all other operators make. (GNU ld calls `foo + 1` absolute, and a PIE that uses it
// does not work; LLVM's linker has this rule.) An alias is what its target is.

internal import ELF
internal import MapLang

/// What is known of an expression before the layout.
private struct Nature {
  var isAddress = false
  /// The symbol that it is derived from.
  var base: SymbolID?
  /// It is `base` itself.
  var isAlias = false
}

extension AssignmentResolver {
  /// Describes an assignment; those that it depends on are described already.
  mutating func describe(_ number: Int) {
    if plan.nodes[number].operands.values.contains(where: isFailed) {
      failed.insert(number)
      return
    }
    do throws(EvaluationFailure) {
      if let expression = plan.nodes[number].expression {
        let folded = try fold(expression, number)
        plan.nodes[number].expression = folded
        plan.nodes[number].constant = try? constant(folded, number)
        record(try nature(folded, number), number)
      } else {
        record(try mapNature(number), number)
      }
    } catch {
      failed.insert(number)
      program.report(all[number], error)
    }
  }

  private func isFailed(_ operand: AssignmentPlan.Operand) -> Bool {
    if case .assignment(let other) = operand { failed.contains(other) } else { false }
  }

  // MARK: Conditions

  /// The expression without the branches that are known not to be taken.
  private func fold(
    _ expression: SymbolExpression, _ number: Int
  ) throws(EvaluationFailure) -> SymbolExpression {
    switch expression {
    case .conditional(let condition, let yes, let no):
      let condition = try fold(condition, number)
      if let value = try? constant(condition, number) {
        return try fold(value != 0 ? yes : no, number)
      }
      return .conditional(condition, try fold(yes, number), try fold(no, number))
    case .binary(let operation, let left, let right):
      let left = try fold(left, number)
      if operation == .logicalAnd || operation == .logicalOr,
        let value = try? constant(left, number), (value != 0) == (operation == .logicalOr)
      {
        return .number(value != 0 ? 1 : 0)
      }
      return .binary(operation, left, try fold(right, number))
    case .unary(let operation, let operand): return .unary(operation, try fold(operand, number))
    case .assertion(let operand, let message): return .assertion(try fold(operand, number), message)
    case .call(let function, let arguments):
      var folded: [SymbolExpression] = []
      for argument in arguments { folded.append(try fold(argument, number)) }
      return .call(function, folded)
    case .number, .symbol, .question, .defined: return expression
    }
  }

  /// The value of what depends on no address.
  private func constant(
    _ expression: SymbolExpression, _ number: Int
  ) throws(EvaluationFailure) -> UInt64 {
    let (plan, program) = (plan, program)
    let evaluator = SymbolEvaluator(
      symbol: { (name) throws(EvaluationFailure) in
        switch plan.nodes[number].operands[name] {
        case .assignment(let other):
          if let value = plan.nodes[other].constant { return SymbolValue(bits: value) }
        case .symbol(let row):
          let (symbol, _, file) = program.inputs.entry(of: row)
          if program.files[file.index].kind == .object, symbol.sectionIndex == SHN.ABS {
            return SymbolValue(bits: symbol.value)
          }
        case nil: break
        }
        throw .unknown
      },
      question: { (question) throws(EvaluationFailure) in
        guard let value = program.inputs.answer(question) else { throw .unknown }
        return value
      })
    return try evaluator.evaluate(expression).bits
  }

  // MARK: Numbers and addresses

  private func nature(
    _ expression: SymbolExpression, _ number: Int
  ) throws(EvaluationFailure) -> Nature {
    switch expression {
    case .number, .defined: return Nature()
    case .question(.address): return Nature(isAddress: true)
    case .question: return Nature()
    case .symbol(let name): return try nature(of: name, number)
    case .unary(_, let operand):
      _ = try nature(operand, number)
      return Nature()
    case .binary(let operation, let left, let right):
      let left = try nature(left, number)
      let right = try nature(right, number)
      return SymbolEvaluator.isAddress(operation, left.isAddress, right.isAddress)
        ? derived(left.isAddress ? left : right) : Nature()
    case .conditional(let condition, let yes, let no):
      _ = try nature(condition, number)
      return try common(try nature(yes, number), try nature(no, number))
    case .call(.minimum, let arguments), .call(.maximum, let arguments):
      let first = try nature(arguments[0], number)
      let second = try nature(arguments[1], number)
      return Nature(isAddress: first.isAddress || second.isAddress)
    case .call(let function, let arguments):
      var result = try nature(arguments[0], number)
      for argument in arguments.dropFirst() { _ = try nature(argument, number) }
      if function == .log2Ceil { return Nature() }
      if function == .absolute { result.isAddress = false }
      return derived(result)
    case .assertion(let operand, _): return try nature(operand, number)
    }
  }

  private func derived(_ nature: Nature) -> Nature {
    Nature(isAddress: nature.isAddress, base: nature.base)
  }

  /// What a condition that needs the layout leaves open.
  private func common(_ yes: Nature, _ no: Nature) throws(EvaluationFailure) -> Nature {
    if yes.isAddress != no.isAddress && program.options.outputKind.isPositionIndependent {
      throw .mixed
    }
    guard yes.base == no.base else { return Nature(isAddress: yes.isAddress || no.isAddress) }
    return Nature(
      isAddress: yes.isAddress || no.isAddress, base: yes.base, isAlias: yes.isAlias && no.isAlias)
  }

  private func nature(of name: String, _ number: Int) throws(EvaluationFailure) -> Nature {
    switch plan.nodes[number].operands[name] {
    case .assignment(let other):
      let node = plan.nodes[other]
      return Nature(isAddress: node.isAddress, base: node.base, isAlias: node.isAlias)
    case .symbol(let row):
      let (symbol, _, file) = program.inputs.entry(of: row)
      // A definition that an assignment replaces has no facts of its own.
      guard program.definition[row] == row else {
        return Nature(isAddress: symbol.sectionIndex != SHN.ABS, base: row, isAlias: true)
      }
      let facts = program.flags[row]
      if facts.contains(.undefined) || isMissing(row) { throw .undefined(name) }
      if facts.contains(.shared) { throw .shared(name, program.inputs.displayName(file)) }
      return Nature(isAddress: !facts.contains(.absolute), base: row, isAlias: true)
    case nil: throw .undefined(name)
    }
  }

  private func mapNature(_ number: Int) throws(EvaluationFailure) -> Nature {
    guard case .map(let index) = all[number].value, let map = program.inputs.map else {
      return Nature()
    }
    let expression = map.symbols[index].value
    if case .query(.symbol(let name), _) = expression { return try nature(of: name, number) }
    var failure: EvaluationFailure?
    let isAddress = expression.isAddress { name in
      do throws(EvaluationFailure) {
        return try nature(of: name, number).isAddress
      } catch {
        failure = error
        return true
      }
    }
    if let failure { throw failure }
    return Nature(isAddress: isAddress)
  }

  // MARK: Facts

  /// `_DYNAMIC` of a program that has no dynamic section.
  private func isMissing(_ row: SymbolID) -> Bool {
    isOwn(row) && !program.isDynamic
      && program.inputs.linkerSymbols.entries[Int(row.rawValue - linker.symbolBase) - 1].role
        == .dynamicSection
  }

  private mutating func record(_ nature: Nature, _ number: Int) {
    plan.nodes[number].isAddress = nature.isAddress
    plan.nodes[number].base = nature.base
    plan.nodes[number].isAlias = nature.isAlias
    guard let row = plan.nodes[number].row else { return }
    var facts: SymbolFlags = nature.isAddress ? [] : .absolute
    if let base = nature.base {
      let target = program.inputs.entry(of: base)
      var type = target.symbol.type == STT.COMMON ? STT.OBJECT : target.symbol.type
      var inherited = program.flags[base]
      if program.definition[base] != base {
        inherited = SymbolFlags(type: type)
      }
      inherited.formIntersection([
        .function, .ifunc, .tls, .sawProtected, .sawHidden, .sawInternal,
      ])
      if !nature.isAlias {
        // What lies behind an IFUNC is code that nobody resolves.
        inherited.formIntersection(inherited.contains(.ifunc) ? [] : [.function, .tls])
        if type == STT.GNU_IFUNC { type = STT.NOTYPE }
      }
      if type == STT.TLS && !nature.isAddress && !nature.isAlias {
        inherited.remove(.tls)
        type = STT.NOTYPE
      }
      if type == STT.SECTION || type == STT.FILE { type = STT.NOTYPE }
      facts.formUnion(inherited)
      program.inputs.linkerSymbols.setType(
        type, at: Int(row.rawValue - linker.symbolBase) - 1)
    }
    program.flags.insert(facts, at: row)
  }
}
