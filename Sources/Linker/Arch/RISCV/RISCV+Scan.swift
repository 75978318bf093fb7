// What each type of relocation asks for (RISC-V ELF psABI, "Relocations").

internal import ELF
internal import Parallel

extension RISCV {
  static func scan(
    _ id: SectionID, _ context: ScanContext, _ reached: inout Worklist, _ worker: Worker
  ) {
    // Pairs are found by their offsets, and cuts have an order.
    _ = context.sections.sortRelocations(of: id)
    SectionScanner<RISCV>.run(id, context, &reached, worker)
  }

  static func scan(
    _ records: RecordView<Rela>, of section: InputSection, _ id: SectionID, in range: Range<Int>,
    _ context: ScanContext, _ reached: inout Worklist, _ worker: Worker
  ) {
    SectionScanner<RISCV>.run(records, of: section, id, in: range, context, &reached, worker)
  }

  static func scan(
    _ type: Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags,
    _ records: RecordView<Rela>, _ index: Int, _ scanner: inout SectionScanner<RISCV>
  ) -> Int {
    scanner.scan(type, record, target, facts)
    return 1
  }
}

extension SectionScanner {
  fileprivate mutating func scan<W: RISCVWidth>(
    _ type: RISCVRelocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) where T == RISCV<W> {
    switch type {
    case .none, .tprelAdd, .pcrelLo12I, .pcrelLo12S: break
    case .relax, .align: noteShrinkable()
    case .abs32:
      if W.is64 {
        scanNarrow(type, record, target, facts)
      } else {
        scanWord(type, record, target, facts)
      }
    case .abs64:
      if W.is64 {
        scanWord(type, record, target, facts)
      } else {
        scanNarrow(type, record, target, facts)
      }
    case .hi20, .lo12I, .lo12S: scanNarrow(type, record, target, facts)
    case .pcrelHi20, .pcrel32: scanPCRelative(type, record, target, facts, isBranch: false)
    case .branch, .jal, .call, .callPLT, .rvcBranch, .rvcJump, .plt32:
      scanCall(type, record, target, facts)
    case .gotHi20, .got32PCRel:
      if facts.contains(.tls) { checkThreadLocal(record, target, facts) }
      need(.needsGOT, target)
    case .tlsGOTHi20, .tlsGDHi20, .tprelHi20, .tprelLo12I, .tprelLo12S, .tlsDescHi20,
      .tlsDescLoadLo12, .tlsDescAddLo12, .tlsDescCall:
      scanThreadLocal(type, record, target, facts)
    case .add8, .add16, .add32, .add64, .sub6, .sub8, .sub16, .sub32, .sub64, .set6, .set8, .set16,
      .set32, .setULEB128, .subULEB128:
      scanDifference(type, record, target, facts)
    case .dtpRel32, .dtpRel64:
      if facts.contains(.imported) { reportNotPIC(type, record, target) }
    case .relative, .copy, .jumpSlot, .dtpMod32, .dtpMod64, .tpRel32, .tpRel64, .tlsDesc,
      .iRelative:
      report(record, "has type \(type.name), which belongs in linked files only")
    }
  }

  private func noteShrinkable() {
    guard
      section.kind.isDisjoint(with: [.merged, .compressed, .reversed, .exceptionFrames, .noBits]),
      context.states.insertIfAbsent(.shrinkable, at: id)
    else { return }
    context.found.insert(.pieces)
  }

  /// One side of a difference of two labels, which no loading changes.
  private mutating func scanDifference(
    _ type: T.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) {
    if facts.contains(.tls) { checkThreadLocal(record, target, facts) }
    if facts.contains(.imported) {
      if context.isPositionIndependent {
        if !facts.contains(.undefined) || context.isShared { reportNotPIC(type, record, target) }
      } else {
        needFixedAddress(type, record, target, facts)
      }
    } else if facts.contains(.ifunc) {
      need([.needsPLT, .needsCanonicalPLT], target)
    }
  }

  private mutating func scanThreadLocal<W: RISCVWidth>(
    _ type: RISCVRelocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) where T == RISCV<W> {
    let isImported = facts.contains(.imported)
    switch type {
    case .tlsGOTHi20:
      if context.isShared { context.found.insert(.staticTLS) }
      need(.needsGOTTP, target)
    case .tlsGDHi20: need(.needsTLSGD, target)
    case .tlsDescHi20:
      // Programs have no descriptors, even with --no-relax: the offset is known, or in the GOT. (lld)
      if !context.isShared {
        if isImported { need(.needsGOTTP, target) }
      } else {
        need(.needsTLSDesc, target)
      }
    case .tprelHi20, .tprelLo12I, .tprelLo12S:
      if context.isShared || isImported { reportNotPIC(type, record, target) }
    default: break
    }
  }
}
