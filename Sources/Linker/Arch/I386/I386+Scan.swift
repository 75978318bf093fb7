// What each type of relocation asks for (psABI, "Relocation Types").

internal import ELF
internal import Parallel

extension I386 {
  static func scan(
    _ id: SectionID, _ context: ScanContext, _ reached: inout Worklist, _ worker: Worker
  ) {
    SectionScanner<I386>.run(id, context, &reached, worker)
  }

  static func scan(
    _ records: RecordView<Rela>, of section: InputSection, _ id: SectionID, in range: Range<Int>,
    _ context: ScanContext, _ reached: inout Worklist, _ worker: Worker
  ) {
    SectionScanner<I386>.run(records, of: section, id, in: range, context, &reached, worker)
  }

  static func scan(
    _ type: Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags,
    _ records: RecordView<Rela>, _ index: Int, _ scanner: inout SectionScanner<I386>
  ) -> Int {
    scanner.scan(type, record, target, facts, records, index)
  }
}

extension SectionScanner where T == I386 {
  mutating func scan(
    _ type: I386.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags,
    _ records: RecordView<Rela>, _ index: Int
  ) -> Int {
    switch type {
    case .plt32:
      if !facts.isDisjoint(with: [.imported, .ifunc]) { needPLT(target, facts) }
    case .pc32, .pc16, .pc8:
      let isBranch =
        type == .pc32 && !facts.isDisjoint(with: [.imported, .ifunc])
        && I386.isBranch(bytes, at: record.offset)
      if type == .pc32 && context.isPositionIndependent
        && (isBranch || I386.isDynamicDistance(facts, isBranch: false, isShared: context.isShared))
      {
        scanFixedCode(record, target, facts)
      } else {
        scanPCRelative(type, record, target, facts, isBranch: isBranch)
      }
    case .abs32:
      scanWord(type, record, target, facts)
    case .abs16, .abs8:
      scanNarrow(type, record, target, facts)
    case .got32, .got32X:
      context.found.insert(.gotBase)
      if facts.contains(.tls) { checkThreadLocal(record, target, facts) }
      if context.isPositionIndependent, I386.isAbsoluteOperand(bytes, at: record.offset) {
        reportNotPIC(type, record, target)
      } else if !context.relaxes
        || !I386.isRelaxable(
          type, record, facts, bytes, isPositionIndependent: context.isPositionIndependent)
      {
        need(.needsGOT, target)
      }
    case .gotOff:
      context.found.insert(.gotBase)
      if facts.contains(.imported) {
        // The entry of the PLT of a PIE is no address of a function, and zero has no fixed distance.
        if context.isShared
          || context.isPositionIndependent && !facts.isDisjoint(with: [.function, .undefined])
        {
          reportNotPIC(type, record, target)
        } else {
          needFixedAddress(type, record, target, facts)
        }
      } else if facts.contains(.ifunc) {
        if context.isPositionIndependent {
          report(
            record,
            "of type \(type.name) computes the address of an indirect function, which a "
              + "position-independent program can only load; use @GOT")
        }
        need([.needsPLT, .needsCanonicalPLT], target)
      } else if isFixed(record, facts) {
        reportNotPIC(type, record, target)
      }
    case .gotPC:
      context.found.insert(.gotBase)
    case .tlsGD, .tlsLDM, .tlsIE, .tlsGOTIE, .tlsIE32, .tlsLE, .tlsLE32, .tlsLDO32, .tlsGOTDesc,
      .tlsDescCall:
      return scanThreadLocal(type, record, target, facts, records, index)
    case .size32, .none: break
    case .copy, .globDat, .jumpSlot, .relative, .tpOff, .dtpMod32, .dtpOff32, .tpOff32, .tlsDesc,
      .iRelative:
      report(record, "has type \(type.name), which belongs in linked files only")
    }
    return 1
  }

  /// A call, or the distance to a function, in code that is not position-independent. An entry of the PLT
  /// wants the address of the GOT in %ebx, which such code does not have, so the dynamic linker changes
  /// the code itself. (GNU ld)
  private mutating func scanFixedCode(
    _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) {
    if facts.contains(.tls) { checkThreadLocal(record, target, facts) }
    guard facts.contains(.imported) else {
      return report(
        record,
        "of type \(I386.Relocation.pc32.name) calls the indirect function \(name(target)) without the "
          + "address of the GOT in %ebx; recompile with -fPIC")
    }
    noteDynamic(record, target)
    need(.needsDynamicSymbol, target)
    symbolicCount += 1
  }

  private mutating func scanThreadLocal(
    _ type: I386.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags,
    _ records: RecordView<Rela>, _ index: Int
  ) -> Int {
    let isImported = facts.contains(.imported)
    let toExecutable = context.relaxesThreadLocal
    context.found.insert(.gotBase)
    switch type {
    case .tlsGD:
      if toExecutable && I386.threadCall(type, records, index, bytes) != nil {
        if isImported { need(.needsGOTTP, target) }
        return 2
      }
      need(.needsTLSGD, target)
    case .tlsLDM:
      if toExecutable && I386.threadCall(type, records, index, bytes) != nil { return 2 }
      context.found.insert(.tlsModuleBase)
    case .tlsIE, .tlsGOTIE, .tlsIE32:
      if context.isShared { context.found.insert(.staticTLS) }
      let isReplaced =
        toExecutable && !isImported
        && I386.threadOffsetLoad(type, bytes, at: record.offset) != nil
      if isReplaced { break }
      if type == .tlsIE && context.isPositionIndependent {
        reportNotPIC(type, record, target)
      } else {
        need(type == .tlsIE32 ? .needsNegatedGOTTP : .needsGOTTP, target)
      }
    case .tlsGOTDesc:
      if toExecutable && I386.isTLSDescLoad(bytes, at: record.offset) {
        if isImported { need(.needsGOTTP, target) }
      } else if context.relaxesThreadLocal {
        reportForeignInstruction(type.name, record)
      } else if !context.isDynamic {
        report(record, "has type \(type.name), which a static program can have only with --relax")
      } else {
        need(.needsTLSDesc, target)
      }
    case .tlsDescCall:
      if toExecutable && !I386.isTLSDescCall(bytes, at: record.offset) {
        reportForeignInstruction(type.name, record)
      }
    case .tlsLE, .tlsLE32:
      if context.isShared || isImported { reportNotPIC(type, record, target) }
    default: break
    }
    return 1
  }
}
