// Patches the bytes of a section that was copied to the output. 32-bit sums wrap around (psABI), so
// only the narrow fields have limits.

internal import ELF
internal import Parallel

extension I386 {
  static func apply(_ id: SectionID, to out: OutputBytes, _ context: ApplyContext) {
    let section = context.sections[id]
    var applier = SectionApplier<I386>(context: context, id: id, section: section, out: out)
    applier.applyEach(
      section.relocationRecords, in: 0..<Int(section.relocationCount), shift: 0)
  }

  static func apply(
    _ pieces: [RelocationPiece], of id: SectionID, to out: OutputBytes, start: UInt64,
    _ context: ApplyContext
  ) {
    let section = context.sections[id]
    var applier = SectionApplier<I386>(
      context: context, id: id, section: section, out: out, start: start)
    let records = section.relocationRecords
    for piece in pieces { applier.applyEach(records, in: piece.records, shift: piece.shift) }
  }

  static func apply(
    _ type: Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64, _ A: UInt64,
    _ P: UInt64, _ records: RecordView<Rela>, _ index: Int,
    _ applier: inout SectionApplier<I386>
  ) -> Int {
    applier.apply(type, record, row, offset, S, A, P, records, index)
  }
}

extension SectionApplier where T == I386 {
  @inline(__always) private func store(_ value: UInt64, _ offset: Int) {
    out.store(UInt32(truncatingIfNeeded: value), at: offset)
  }

  /// A sum as a number of 32 bits with a sign: what narrow fields have to hold.
  private func wrapped(_ value: UInt64) -> UInt64 {
    UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: value)))
  }

  /// Whether the dynamic linker changes the code (+Scan).
  private func isDynamicDistance(_ record: Rela, _ row: SymbolID) -> Bool {
    I386.isDynamicDistance(
      context.flags[context.definition[row]],
      isBranch: I386.isBranch(section.instructions, at: record.offset), isShared: context.isShared)
  }

  mutating func apply(
    _ type: I386.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64,
    _ A: UInt64, _ P: UInt64, _ records: RecordView<Rela>, _ index: Int
  ) -> Int {
    let GOT = context.gotBase
    switch type {
    case .none: break
    case .abs32: applyWord(record, row, offset, S, A, P)
    case .pc32 where context.isPositionIndependent && isDynamicDistance(record, row):
      addSymbolic(type.rawValue, context.definition[row], P, A)
      store(A, offset)
    case .pc32, .plt32: store(S &+ A &- P, offset)
    case .abs16: storeEither(wrapped(S &+ A), 16, offset, record)
    case .abs8: storeEither(wrapped(S &+ A), 8, offset, record)
    case .pc16: storeEither(wrapped(S &+ A &- P), 16, offset, record)
    case .pc8: storeSigned(wrapped(S &+ A &- P), 8, offset, record)
    case .got32, .got32X: applyGOTLoad(type, record, row, offset, S, A, P)
    case .gotOff: store(S &+ A &- GOT, offset)
    case .gotPC: store(GOT &+ A &- P, offset)
    case .size32: store(context.selection.size(of: context.definition[row]) &+ A, offset)
    case .tlsGD, .tlsLDM: return applyThreadCall(type, record, row, offset, S, A, records, index)
    case .tlsLDO32: store(threadOffset(S, row, from: dtpBase) &+ A, offset)
    case .tlsLE: store(threadOffset(S, row, from: context.threadPointer) &+ A, offset)
    case .tlsLE32: store(0 &- threadOffset(S, row, from: context.threadPointer) &- A, offset)
    case .tlsIE, .tlsGOTIE, .tlsIE32: applyThreadOffsetLoad(type, record, row, offset, S, A)
    case .tlsGOTDesc: applyTLSDescLoad(record, row, offset, S, A)
    case .tlsDescCall:
      if context.relaxesThreadLocal, out.holds(UInt64(offset), 2) {
        out.copy([0x66, 0x90], at: offset)  // xchg %ax, %ax
      }
    case .copy, .globDat, .jumpSlot, .relative, .tpOff, .dtpMod32, .dtpOff32, .tpOff32, .tlsDesc,
      .iRelative:
      break  // reported by the scan
    }
    return 1
  }

  private func applyGOTLoad(
    _ type: I386.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64,
    _ A: UInt64, _ P: UInt64
  ) {
    let bytes = section.instructions
    let facts = context.flags[context.definition[row]]
    guard context.relaxes,
      I386.isRelaxable(
        type, record, facts, bytes, isPositionIndependent: context.isPositionIndependent),
      let load = I386.gotLoad(bytes, at: record.offset)
    else {
      let entry = gotEntry(row) &+ A
      store(
        I386.isAbsoluteOperand(bytes, at: record.offset) ? entry : entry &- context.gotBase, offset)
      return
    }
    let modRM = out.load(UInt8.self, at: offset - 1)
    switch load {
    case .mov:
      out.store(0x8d as UInt8, at: offset - 2)  // leal
      store(S &+ A &- context.gotBase, offset)
    case .movAbsolute:
      out.store(0xc7 as UInt8, at: offset - 2)  // movl $imm32, %reg
      out.store(0xc0 | modRM >> 3 & 7, at: offset - 1)
      store(S &+ A, offset)
    case .call:
      out.copy([0x67, 0xe8], at: offset - 2)  // addr16 call
      store(S &+ A &- P &- 4, offset)
    case .jump:
      // The shorter jump begins at the same place, so it ends one byte earlier.
      out.store(0xe9 as UInt8, at: offset - 2)  // jmp
      store(S &+ A &- P &- 3, offset - 1)
      out.store(0x90 as UInt8, at: offset + 3)  // nop
    }
  }

  /// General-dynamic and local-dynamic sequences.
  private func applyThreadCall(
    _ type: I386.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64,
    _ A: UInt64, _ records: RecordView<Rela>, _ index: Int
  ) -> Int {
    let bytes = section.instructions
    guard context.relaxesThreadLocal, let call = I386.threadCall(type, records, index, bytes)
    else {
      let entry =
        type == .tlsGD ? entry(row, \.tlsGD) : context.gotEntry(context.layout.tlsModuleBaseEntry)
      store(entry &+ A &- context.gotBase, offset)
      return 1
    }
    let facts = context.flags[context.definition[row]]
    let start = call == .generalIndexed ? offset - 3 : offset - 2
    let size = call == .local ? 11 : 12
    guard start >= 0, out.holds(UInt64(start), size) else {
      reportOutside(record)
      return 2
    }
    out.copy([0x65, 0xa1, 0, 0, 0, 0], at: start)  // movl %gs:0, %eax
    switch call {
    case .general, .generalIndexed:
      if facts.contains(.imported) {
        let base = I386.threadCallBase(call, bytes, at: record.offset)
        out.copy([0x03, 0x80 | base], at: start + 6)  // addl foo@gotntpoff(%base), %eax
        store(entry(row, \.gotTP) &- context.gotBase, start + 8)
      } else {
        out.copy([0x81, 0xc0], at: start + 6)  // addl $foo@ntpoff, %eax
        store(threadOffset(S, row, from: context.threadPointer) &+ A, start + 8)
      }
    case .local: out.copy([0x90, 0x8d, 0x74, 0x26, 0], at: start + 6)  // nop; leal 0(%esi,1), %esi
    case .localIndirect:
      out.copy([0x8d, 0xb6, 0, 0, 0, 0], at: start + 6)  // leal 0(%esi), %esi
    }
    return 2
  }

  /// Initial-exec loads.
  private func applyThreadOffsetLoad(
    _ type: I386.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64,
    _ A: UInt64
  ) {
    let facts = context.flags[context.definition[row]]
    guard context.relaxesThreadLocal, !facts.contains(.imported),
      let load = I386.threadOffsetLoad(type, section.instructions, at: record.offset)
    else {
      let entry = entry(row, type == .tlsIE32 ? \.negatedGOTTP : \.gotTP) &+ A
      store(type == .tlsIE ? entry : entry &- context.gotBase, offset)
      return
    }
    let register = out.load(UInt8.self, at: offset - 1) >> 3 & 7
    switch load {
    case .movAccumulator: out.store(0xb8 as UInt8, at: offset - 1)
    case .mov: out.copy([0xc7, 0xc0 | register], at: offset - 2)
    case .add: out.copy([0x81, 0xc0 | register], at: offset - 2)
    case .sub: out.copy([0x81, 0xe8 | register], at: offset - 2)
    }
    let value = threadOffset(S, row, from: context.threadPointer) &+ A
    store(type == .tlsIE32 ? 0 &- value : value, offset)
  }

  private func applyTLSDescLoad(
    _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64, _ A: UInt64
  ) {
    guard context.relaxesThreadLocal,
      I386.isTLSDescLoad(section.instructions, at: record.offset)
    else {
      store(entry(row, \.tlsDesc) &+ A &- context.gotBase, offset)
      return
    }
    if context.flags[context.definition[row]].contains(.imported) {
      out.store(0x8b as UInt8, at: offset - 2)  // movl foo@gotntpoff(%base), %eax
      store(entry(row, \.gotTP) &+ A &- context.gotBase, offset)
    } else {
      out.store(0x05 as UInt8, at: offset - 1)  // leal foo@ntpoff, %eax
      store(threadOffset(S, row, from: context.threadPointer) &+ A, offset)
    }
  }
}
