// What each type of relocation asks for (AAELF32, "Relocation codes table").

internal import ELF
internal import Parallel

extension ARM {
  static func scan(
    _ id: SectionID, _ context: ScanContext, _ reached: inout Worklist, _ worker: Worker
  ) {
    SectionScanner<ARM>.run(id, context, &reached, worker)
  }

  static func scan(
    _ records: RecordView<Rela>, of section: InputSection, _ id: SectionID, in range: Range<Int>,
    _ context: ScanContext, _ reached: inout Worklist, _ worker: Worker
  ) {
    SectionScanner<ARM>.run(records, of: section, id, in: range, context, &reached, worker)
  }

  static func scan(
    _ type: Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags,
    _ records: RecordView<Rela>, _ index: Int, _ scanner: inout SectionScanner<ARM>
  ) -> Int {
    scanner.scan(type, record, target, facts)
    return 1
  }
}

extension SectionScanner where T == ARM {
  mutating func scan(
    _ type: ARM.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) {
    let meaning = ARM.meaning(
      type, context.selection.options, isDynamic: context.isDynamic || context.isShared)
    switch meaning {
    case .abs32, .abs32NoI: scanWord(type, record, target, facts)
    case .abs16, .abs8, .abs12, .thmAbs5, .movwAbsNC, .movtAbs, .thmMovwAbsNC, .thmMovtAbs,
      .thmAluAbsG0NC, .thmAluAbsG1NC, .thmAluAbsG2NC, .thmAluAbsG3:
      scanNarrow(type, record, target, facts)
    case .call, .jump24, .pc24, .plt32, .thmCall, .thmJump24, .thmJump19:
      scanBranch(type, record, target, facts)
    case .prel31: scanPCRelative(type, record, target, facts, isBranch: true)
    case .rel32, .rel32NoI, .movwPrelNC, .movtPrel, .thmMovwPrelNC, .thmMovtPrel, .thmPC8,
      .thmPC12, .thmALUPrel11, .ldrPCG0, .ldrPCG1, .ldrPCG2, .ldrsPCG0, .ldrsPCG1, .ldrsPCG2,
      .ldcPCG0, .ldcPCG1, .ldcPCG2, .aluPCG0NC, .aluPCG0, .aluPCG1NC, .aluPCG1, .aluPCG2,
      .thmJump11, .thmJump8, .thmJump6:
      scanPCRelative(type, record, target, facts, isBranch: false)
    case .gotBrel, .gotBrel12:
      context.found.insert(.gotBase)
      scanEntry(record, target, facts)
    case .gotPrel: scanEntry(record, target, facts)
    case .gotAbs:
      if context.isPositionIndependent { reportNotPIC(type, record, target) }
      scanEntry(record, target, facts)
    case .gotOff32, .gotOff12: scanGOTOffset(type, record, target, facts)
    case .basePrel: context.found.insert(.gotBase)
    case .sbRel32, .movwBrelNC, .movtBrel, .movwBrel, .thmMovwBrelNC, .thmMovtBrel, .thmMovwBrel:
      if facts.contains(.tls) { checkThreadLocal(record, target, facts) }
      if facts.contains(.imported) { reportNotPIC(type, record, target) }
    case .tlsGD32, .tlsLDM32, .tlsLDO32, .tlsLDO12, .tlsIE32, .tlsIE12GP, .tlsLE32, .tlsLE12,
      .tlsGOTDesc, .tlsCall, .thmTLSCall, .tlsDescSeq, .thmTLSDescSeq16, .thmTLSDescSeq32:
      scanThreadLocal(type, record, target, facts)
    case .none, .v4BX, .vtEntry, .vtInherit, .target1, .target2: break
    case .copy, .globDat, .jumpSlot, .relative, .tlsDesc, .tlsDTPMod32, .tlsDTPOff32, .tlsTPOff32,
      .iRelative:
      report(record, "has type \(type.name), which belongs in linked files only")
    }
  }

  /// An address that is loaded from the GOT.
  private mutating func scanEntry(_ record: Rela, _ target: SymbolID, _ facts: SymbolFlags) {
    if facts.contains(.tls) { checkThreadLocal(record, target, facts) }
    need(.needsGOT, target)
  }

  private mutating func scanBranch(
    _ type: ARM.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) {
    scanCall(type, record, target, facts)
    if facts.contains(.function) { scanState(type, record, target, facts) }
    guard !facts.isDisjoint(with: [.imported, .ifunc]),
      ARMFeatures(rawValue: context.selection.program.abi.features).contains(.thumbOnly)
    else { return }
    report(
      record,
      "calls \(name(target)) through the procedure linkage table, which swold does not make for "
        + "processors without ARM state")
  }

  /// A veneer leads to a function in the other state if the branch cannot change it.
  private func scanState(
    _ type: ARM.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) {
    let features = ARMFeatures(rawValue: context.selection.program.abi.features)
    let isThumb = type == .thmCall || type == .thmJump24 || type == .thmJump19
    let changesState =
      features.contains(.blx) && (type == .thmCall || ARM.isBL(bytes, record))
    guard !changesState, facts.isDisjoint(with: [.imported, .ifunc, .undefined]) else { return }
    let symbol = context.selection.inputs.entry(of: target).symbol
    if (symbol.value & 1 != 0) != isThumb { need(.needsVeneer, target) }
  }

  private mutating func scanGOTOffset(
    _ type: ARM.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) {
    context.found.insert(.gotBase)
    if facts.contains(.tls) { checkThreadLocal(record, target, facts) }
    if facts.contains(.imported) {
      if context.isShared {
        reportNotPIC(type, record, target)
      } else {
        needFixedAddress(type, record, target, facts)
      }
    } else if facts.contains(.ifunc) {
      need([.needsPLT, .needsCanonicalPLT], target)
    } else if isFixed(record, facts) {
      reportNotPIC(type, record, target)
    }
  }

  private mutating func scanThreadLocal(
    _ type: ARM.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) {
    switch type {
    case .tlsGD32: need(.needsTLSGD, target)
    case .tlsLDM32: context.found.insert(.tlsModuleBase)
    case .tlsIE32, .tlsIE12GP:
      if context.isShared { context.found.insert(.staticTLS) }
      if type == .tlsIE12GP { context.found.insert(.gotBase) }
      need(.needsGOTTP, target)
    case .tlsLE32, .tlsLE12:
      if context.isShared || facts.contains(.imported) { reportNotPIC(type, record, target) }
    case .tlsGOTDesc, .tlsCall, .thmTLSCall, .tlsDescSeq, .thmTLSDescSeq16, .thmTLSDescSeq32:
      scanDescriptor(type, record, target, facts)
    default: break
    }
  }
}
