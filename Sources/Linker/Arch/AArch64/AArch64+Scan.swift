// What each type of relocation asks for.

internal import ELF
internal import Parallel

extension SectionScanner where T == AArch64 {
  private typealias Relocation = AArch64.Relocation

  mutating func scan(
    _ type: AArch64.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags,
    _ records: RecordView<Rela>, _ index: Int
  ) -> Int {
    let operation = AArch64.operation(type)
    switch operation.what {
    case .nothing:
      if AArch64.isDynamic(type) {
        report(record, "has type \(type.name), which belongs in linked files only")
      } else if type != .none {
        checkDescriptorInstruction(type, record)
      }
    case .address: scanAddress(type, operation, record, target, facts)
    case .call: scanCall(type, record, target, facts)
    case .got:
      if facts.contains(.tls) { checkThreadLocal(record, target, facts) }
      if operation.base == .got || operation.base == .gotPage { context.found.insert(.gotBase) }
      let isRelaxed =
        context.relaxes && !context.keepsGOTLoads
        && AArch64.isRelaxableLoad(facts, records, index, bytes)
      if !isRelaxed { need(.needsGOT, target) }
    case .general, .module: return scanThreadCall(type, operation, target, facts, records, index)
    case .threadOffset:
      if context.isShared { context.found.insert(.staticTLS) }
      if operation.base == .got { context.found.insert(.gotBase) }
      let isReplaced =
        context.relaxesThreadLocal && !facts.contains(.imported)
        && AArch64.isRelaxableOffset(records, index, bytes)
      if !isReplaced { need(.needsGOTTP, target) }
    case .descriptor: scanDescriptor(type, operation, record, target, facts)
    case .fromPointer:
      // What is not there at link time is at offset 0, whatever a library may bring later.
      if context.isShared || facts.contains(.imported) && !facts.contains(.undefined) {
        reportNotPIC(type, record, target)
      }
    case .inModule: break
    }
    return 1
  }

  private mutating func scanAddress(
    _ type: AArch64.Relocation, _ operation: AArch64.Operation, _ record: Rela,
    _ target: SymbolID, _ facts: SymbolFlags
  ) {
    switch (operation.base, operation.field) {
    case (.zero, .word(64)): scanWord(type, record, target, facts)
    case (.zero, .low12): scanLowPart(type, record, target, facts)
    case (.zero, _): scanNarrow(type, record, target, facts)
    case (.got, _), (.gotPage, _):
      context.found.insert(.gotBase)
      if facts.contains(.tls) { checkThreadLocal(record, target, facts) }
      if facts.contains(.imported)
        ? context.isPositionIndependent || !facts.contains(.undefined)
        : isFixed(record, facts)
      {
        reportNotPIC(type, record, target)
      }
      if facts.contains(.ifunc) { need([.needsPLT, .needsCanonicalPLT], target) }
    case (.place, _), (.page, _):
      scanPCRelative(type, record, target, facts, isBranch: false)
    }
  }

  /// The low 12 bits of an address are the same wherever the program is loaded. What is wrong with
  /// the address says the relocation of its page.
  private mutating func scanLowPart(
    _ type: AArch64.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) {
    if facts.contains(.tls) { checkThreadLocal(record, target, facts) }
    if facts.contains(.imported) {
      let isReported = context.isPositionIndependent && facts.contains(.undefined)
      if !context.isShared && !isReported { needFixedAddress(type, record, target, facts) }
    } else if facts.contains(.ifunc) {
      need([.needsPLT, .needsCanonicalPLT], target)
    }
  }

  // MARK: Thread-local storage

  private func scanThreadCall(
    _ type: AArch64.Relocation, _ operation: AArch64.Operation, _ target: SymbolID,
    _ facts: SymbolFlags, _ records: RecordView<Rela>, _ index: Int
  ) -> Int {
    if operation.base == .got { context.found.insert(.gotBase) }
    let isModule = operation.what == .module
    if context.relaxesThreadLocal,
      let call = AArch64.threadCall(type, records, index, bytes)
    {
      if !isModule && facts.contains(.imported) { need(.needsGOTTP, target) }
      return call.recordCount
    }
    if isModule {
      context.found.insert(.tlsModuleBase)
    } else {
      need(.needsTLSGD, target)
    }
    return 1
  }

  /// The dynamic linker makes descriptors. In a program the calls through them are replaced, so the
  /// loads have to be, too.
  private func scanDescriptor(
    _ type: AArch64.Relocation, _ operation: AArch64.Operation, _ record: Rela,
    _ target: SymbolID, _ facts: SymbolFlags
  ) {
    if operation.base == .got { context.found.insert(.gotBase) }
    if context.relaxesThreadLocal {
      checkDescriptorInstruction(type, record)
      if facts.contains(.imported) { need(.needsGOTTP, target) }
    } else if !context.isDynamic {
      report(record, "has type \(type.name), which a static program can have only with --relax")
    } else {
      need(.needsTLSDesc, target)
    }
  }

  private func checkDescriptorInstruction(_ type: AArch64.Relocation, _ record: Rela) {
    if context.relaxesThreadLocal,
      !AArch64.isDescriptorInstruction(type, bytes, at: record.offset)
    {
      reportForeignInstruction(type.name, record)
    }
  }
}
