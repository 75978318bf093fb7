// Pairs and sequences of instructions that are replaced by cheaper ones. Whether they may be says
// +Relax and +ThreadLocal.

internal import ELF

extension SectionApplier where T == AArch64 {
  private typealias Instruction = AArch64.Instruction

  private func put(_ word: UInt32, _ offset: Int) { out.store(word, at: offset) }

  private func isInReach(_ value: UInt64, bits: Int) -> Bool {
    let signed = Int64(bitPattern: value)
    return signed >= -(Int64(1) << Int64(bits - 1)) && signed < Int64(1) << Int64(bits - 1)
  }

  // MARK: Addresses

  /// `adrp`; with its `add` it is one `adr` if the address is near. Returns how many records were
  /// used.
  func applyPage(
    _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64, _ A: UInt64, _ P: UInt64,
    _ records: RecordView<Rela>, _ index: Int
  ) -> Int {
    let address = pageTarget(S, row, P) &+ A
    if context.relaxes, isInReach(address &- P &- 4, bits: 21), S != 0,
      AArch64.isAddressPair(records, index, section.instructions)
    {
      let register = Instruction.destination(out.load(UInt32.self, at: offset))
      put(Instruction.nop, offset)
      put(Instruction.withADR(Instruction.adr(register), address &- P &- 4), offset + 4)
      return 2
    }
    put(
      AArch64.page(address) &- AArch64.page(P), .adrp(isChecked: true), offset, record)
    return 1
  }

  /// A half of a load from the GOT. Returns false if it stays one.
  func applyGOTPair(
    _ type: AArch64.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64,
    _ A: UInt64, _ P: UInt64, _ records: RecordView<Rela>, _ index: Int
  ) -> Bool {
    guard context.relaxes,
      AArch64.isRelaxableLoad(
        context.flags[context.definition[row]], records, index, section.instructions)
    else { return false }
    let start = type == .adrGotPage ? P : P &- 4
    let distance = AArch64.page(S) &- AArch64.page(start)
    // Out of reach it stays, if there is an entry; else it is an error.
    let hasEntry = (context.selection.entries.record(context.definition[row])?.got ?? -1) >= 0
    if hasEntry && !isInReach(distance, bits: 33) { return false }
    let register = Instruction.destination(out.load(UInt32.self, at: offset))
    let isNear = isInReach(S &- start &- 4, bits: 21)
    if type == .adrGotPage {
      if isNear {
        put(Instruction.nop, offset)
      } else {
        put(distance, .adrp(isChecked: true), offset, record)
      }
    } else if isNear {
      put(Instruction.withADR(Instruction.adr(register), S &- P), offset)
    } else {
      put(Instruction.withLow12(Instruction.add(register, register), S), offset)
    }
    return true
  }

  // MARK: Thread-local storage

  /// The offset of a thread-local variable from the thread pointer. Replaced code has room for 32 bits.
  private func offsetFromPointer(
    _ S: UInt64, _ row: SymbolID, _ A: UInt64, _ record: Rela
  ) -> UInt64 {
    let value = threadOffset(S, row, from: context.threadPointer) &+ A
    if value >> 32 != 0 { reportOverflow(record, Int64(bitPattern: value), 32) }
    return value
  }

  /// Half of an initial-exec load. Returns false if it stays one.
  func applyOffsetPair(
    _ type: AArch64.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64,
    _ A: UInt64, _ records: RecordView<Rela>, _ index: Int
  ) -> Bool {
    guard context.relaxesThreadLocal,
      !context.flags[context.definition[row]].contains(.imported),
      AArch64.isRelaxableOffset(records, index, section.instructions)
    else { return false }
    let value = offsetFromPointer(S, row, A, record)
    let register = Instruction.destination(out.load(UInt32.self, at: offset))
    if type == .tlsieAdrGottprelPage21 {
      put(Instruction.withMove(Instruction.movz(register, group: 1), value >> 16), offset)
    } else {
      put(Instruction.withMove(Instruction.movk(register, group: 0), value), offset)
    }
    return true
  }

  /// A call of `__tls_get_addr`.
  func replace(
    _ call: AArch64.ThreadCall, _ type: AArch64.Relocation, _ record: Rela, _ row: SymbolID,
    _ offset: Int, _ S: UInt64, _ A: UInt64, _ P: UInt64
  ) {
    guard out.holds(UInt64(offset), 4 * call.instructionCount) else { return reportOutside(record) }
    if type == .tlsldAdrPage21 || type == .tlsldAdrPrel21 {
      // Offsets in the block count from the thread pointer (dtpBase).
      put(Instruction.threadPointer(0), offset)
      for number in 1..<call.instructionCount { put(Instruction.nop, offset + 4 * number) }
      return
    }
    let isImported = context.flags[context.definition[row]].contains(.imported)
    let last = offset + 4 * call.instructionCount - 4
    if isImported {
      let gotEntry = entry(row, \.gotTP)
      if call == .small {
        put(Instruction.adrp(0), offset)
        put(AArch64.page(gotEntry) &- AArch64.page(P), .adrp(isChecked: true), offset, record)
        put(Instruction.withLow12(Instruction.load(0, 0), (gotEntry & 0xfff) >> 3), offset + 4)
      } else {
        put(Instruction.loadLiteral(0), offset)
        put(gotEntry &- P, .literal, offset, record)
      }
      put(Instruction.threadPointer(1), last - 4)
      put(Instruction.addRegister(0, 1, 0), last)
      return
    }
    let value = offsetFromPointer(S, row, A, record)
    if call == .small {
      put(Instruction.withMove(Instruction.movz(0, group: 1), value >> 16), offset)
      put(Instruction.withMove(Instruction.movk(0, group: 0), value), offset + 4)
      put(Instruction.threadPointer(1), last - 4)
      put(Instruction.addRegister(0, 1, 0), last)
    } else {
      put(Instruction.threadPointer(0), offset)
      put(Instruction.add(0, 0, high: true), offset + 4)
      put(value, .high12, offset + 4, record)
      put(Instruction.withLow12(Instruction.add(0, 0), value), offset + 8)
    }
  }

  /// One instruction of a call through a TLS descriptor, whose result is the offset from the thread
  /// pointer in x0.
  func replaceDescriptor(
    _ type: AArch64.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64,
    _ A: UInt64, _ P: UInt64
  ) {
    guard context.relaxesThreadLocal, out.holds(UInt64(offset), 4) else { return }
    let isImported = context.flags[context.definition[row]].contains(.imported)
    let gotEntry = isImported ? entry(row, \.gotTP) : 0
    switch type {
    case .tlsdescAdrPage21 where isImported:
      put(Instruction.adrp(0), offset)
      put(AArch64.page(gotEntry) &- AArch64.page(P), .adrp(isChecked: true), offset, record)
    case .tlsdescLd64Lo12 where isImported:
      put(Instruction.withLow12(Instruction.load(0, 0), (gotEntry & 0xfff) >> 3), offset)
    case .tlsdescAdrPrel21 where isImported:
      put(Instruction.loadLiteral(0), offset)
      put(gotEntry &- P, .literal, offset, record)
    case .tlsdescLdPrel19 where isImported, .tlsdescAddLo12, .tlsdescAdd, .tlsdescCall:
      put(Instruction.nop, offset)
    case .tlsdescOffG1 where isImported:
      put(gotEntry &- context.gotBase, .move(group: 1, .signed), offset, record)
    case .tlsdescOffG0Nc where isImported:
      put(gotEntry &- context.gotBase, .move(group: 0, .unchecked), offset, record)
    case .tlsdescLdr where isImported:
      // `ldr x0, [base, x0]`
      patch(offset) { $0 & ~31 }
    case .tlsdescLdr: put(Instruction.nop, offset)
    case .tlsdescAdrPage21, .tlsdescLdPrel19, .tlsdescOffG1:
      let value = offsetFromPointer(S, row, A, record)
      put(Instruction.withMove(Instruction.movz(0, group: 1), value >> 16), offset)
    case .tlsdescLd64Lo12, .tlsdescAdrPrel21, .tlsdescOffG0Nc:
      let value = offsetFromPointer(S, row, A, record)
      put(Instruction.withMove(Instruction.movk(0, group: 0), value), offset)
    default: break
    }
  }
}
