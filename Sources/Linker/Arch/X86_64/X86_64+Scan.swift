// What each type of relocation asks for (psABI, "Relocation Types").

internal import ELF
internal import Parallel

extension X86_64 {
  @inline(__always) static func scan(
    _ type: Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags,
    _ records: RecordView<Rela>, _ index: Int, _ scanner: inout SectionScanner<X86_64>
  ) -> Int {
    scanner.scan(type, record, target, facts, records, index)
  }
}

extension SectionScanner where T == X86_64 {
  /// Returns how many records were used: a TLS sequence that is replaced takes its call along.
  @inline(__always) mutating func scan(
    _ type: X86_64.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags,
    _ records: RecordView<Rela>, _ index: Int
  ) -> Int {
    switch type {
    case .plt32:
      scanCall(type, record, target, facts)
    case .pc32, .pc8, .pc16, .pc64:
      let isBranch =
        type == .pc32 && !facts.isDisjoint(with: [.imported, .ifunc])
        && X86_64.isBranch(bytes, at: record.offset)
      scanPCRelative(type, record, target, facts, isBranch: isBranch)
    case .abs64:
      scanWord(type, record, target, facts)
    case .abs32, .abs32S, .abs16, .abs8:
      scanNarrow(type, record, target, facts)
    case .gotPCRelX, .rexGOTPCRelX:
      if !isRelaxable(type, record, target, facts) { need(.needsGOT, target) }
    case .gotPCRel, .gotPCRel64, .code4GOTPCRelX:
      need(.needsGOT, target)
    case .got32, .got64, .gotPLT64:
      need(.needsGOT, target)
      context.found.insert(.gotBase)
    case .gotOff64:
      context.found.insert(.gotBase)
      if facts.contains(.imported)
        ? context.isPositionIndependent || !facts.contains(.undefined)
        : isFixed(record, facts) || isZeroAnyway(facts)
      {
        reportNotPIC(type, record, target)
      }
      if facts.contains(.ifunc) { need([.needsPLT, .needsCanonicalPLT], target) }
    case .gotPC32, .gotPC64:
      context.found.insert(.gotBase)
    case .pltOff64:
      context.found.insert(.gotBase)
      scanCall(type, record, target, facts)
    case .tlsGD, .tlsLD, .gotPC32TLSDesc, .tlsDescCall, .gotTPOff, .code4GOTTPOff,
      .code4GOTPC32TLSDesc, .tpOff32, .tpOff64, .dtpOff32, .dtpOff64:
      return scanThreadLocal(type, record, target, facts, records, index)
    case .size32, .size64:
      if X86_64.isSizeLookedUp(
        facts, isWritable: section.kind.contains(.write), isShared: context.isShared)
      {
        noteDynamic(record, target)
        need(.needsDynamicSymbol, target)
        symbolicCount += 1
      }
    case .none: break
    case .copy, .globDat, .jumpSlot, .relative, .relative64, .iRelative, .dtpMod64, .tlsDesc:
      report(record, "has type \(type.name), which belongs in linked files only")
    }
    return 1
  }

  private func isRelaxable(
    _ type: X86_64.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) -> Bool {
    context.relaxes && !context.keepsGOTLoads && X86_64.isRelaxable(type, record, facts, bytes)
      && !X86_64.isFar(target, context.definingSection, context.sections)
  }

}
