// What thread-local relocations need: entries of the GOT, unless their code will be replaced.

internal import ELF

extension SectionScanner where T == X86_64 {
  mutating func scanThreadLocal(
    _ type: X86_64.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags,
    _ records: RecordView<Rela>, _ index: Int
  ) -> Int {
    let isImported = facts.contains(.imported)
    let toExecutable = context.relaxesThreadLocal
    switch type {
    case .tlsGD:
      if toExecutable && X86_64.threadCall(.tlsGD, records, index, bytes) != nil {
        if isImported { need(.needsGOTTP, target) }
        return 2
      }
      need(.needsTLSGD, target)
    case .tlsLD:
      if toExecutable && X86_64.threadCall(.tlsLD, records, index, bytes) != nil { return 2 }
      context.found.insert(.tlsModuleBase)
    case .gotTPOff, .code4GOTTPOff:
      if context.isShared { context.found.insert(.staticTLS) }
      let isReplaced =
        toExecutable && !isImported && type == .gotTPOff
        && X86_64.threadOffsetLoad(bytes, at: record.offset) != nil
      if !isReplaced { need(.needsGOTTP, target) }
    case .gotPC32TLSDesc, .code4GOTPC32TLSDesc:
      if toExecutable && X86_64.isTLSDescLoad(type, bytes, at: record.offset) {
        if isImported { need(.needsGOTTP, target) }
      } else {
        needDescriptor(type, record, target)
      }
    case .tlsDescCall:
      if toExecutable && X86_64.descriptorCallSize(bytes, at: record.offset) == nil {
        reportForeignInstruction(type.name, record)
      }
    case .tpOff32, .tpOff64:
      // What is not there at link time is at offset 0, whatever a library may bring later.
      if context.isShared || isImported && !facts.contains(.undefined) {
        reportNotPIC(type, record, target)
      }
    default: break
    }
    return 1
  }

  /// The dynamic linker makes descriptors. In a program the calls through them are replaced, so the
  /// loads have to be, too.
  private func needDescriptor(_ type: X86_64.Relocation, _ record: Rela, _ target: SymbolID) {
    if context.relaxesThreadLocal {
      reportForeignInstruction(type.name, record)
    } else if !context.isDynamic {
      report(record, "has type \(type.name), which a static program can have only with --relax")
    } else {
      need(.needsTLSDesc, target)
    }
  }
}
