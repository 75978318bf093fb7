// Which thread-local sequences are replaced in programs (Drepper, "ELF Handling For Thread-Local
// Storage"; AAELF64, "Relocations for thread-local storage").
//
// The instructions of a TLS descriptor call are replaced one by one: their registers are fixed by the
// ABI. Calls of `__tls_get_addr` are replaced as a whole, if all of it is there.

internal import ELF

extension AArch64 {
  /// How a call of `__tls_get_addr` is written.
  enum ThreadCall {
    /// `adrp x0, …; add x0, x0, …; bl __tls_get_addr; nop`
    case small
    /// `adr x0, …; bl __tls_get_addr; nop`
    case tiny

    var instructionCount: Int { self == .small ? 4 : 3 }
    /// How many relocations it has.
    var recordCount: Int { self == .small ? 3 : 2 }
  }

  /// The call that begins at `records[index]`, if all its instructions are known.
  static func threadCall(
    _ type: Relocation, _ records: RecordView<Rela>, _ index: Int, _ bytes: ByteView
  ) -> ThreadCall? {
    let call: ThreadCall
    switch type {
    case .tlsgdAdrPage21, .tlsldAdrPage21: call = .small
    case .tlsgdAdrPrel21, .tlsldAdrPrel21: call = .tiny
    default: return nil
    }
    let start = records[index].offset
    guard index + call.recordCount <= records.count, start & 3 == 0,
      let offset = Int(exactly: start), offset <= bytes.count - 4 * call.instructionCount
    else { return nil }
    for number in 1..<call.recordCount {
      let record = records[index + number]
      guard record.offset == start + UInt64(4 * number) else { return nil }
    }
    func word(_ number: Int) -> UInt32 { bytes.load(UInt32.self, at: offset + 4 * number) ?? 0 }
    let last = call.instructionCount - 1
    guard records[index + call.recordCount - 1].type == Relocation.call26.rawValue,
      Instruction.isCall(word(last - 1)), word(last) == Instruction.nop
    else { return nil }
    if call == .tiny { return word(0) & 0x9f00_001f == Instruction.adr(0) ? .tiny : nil }
    let second: Relocation = type == .tlsgdAdrPage21 ? .tlsgdAddLo12Nc : .tlsldAddLo12Nc
    return records[index + 1].type == second.rawValue
      && word(0) & 0x9f00_001f == Instruction.adrp(0)
      && word(1) & 0xffc0_03ff == Instruction.add(0, 0) ? .small : nil
  }

  /// Whether the instruction is the one that a relocation of a descriptor call belongs to.
  static func isDescriptorInstruction(
    _ type: Relocation, _ bytes: ByteView, at offset: UInt64
  ) -> Bool {
    guard offset & 3 == 0, let offset = Int(exactly: offset),
      let word = bytes.load(UInt32.self, at: offset)
    else { return false }
    return switch type {
    case .tlsdescAdrPage21: Instruction.isADRP(word)
    case .tlsdescAdrPrel21: Instruction.isADR(word)
    case .tlsdescLd64Lo12: Instruction.isLoad(word)
    case .tlsdescLdPrel19: Instruction.isLoadLiteral(word)
    case .tlsdescAddLo12: Instruction.isAdd(word)
    case .tlsdescOffG1, .tlsdescOffG0Nc: word & 0x1f80_0000 == 0x1280_0000  // movz, movk
    case .tlsdescLdr: word & 0xffe0_0c00 == 0xf860_0800  // ldr Xt, [Xn, Xm]
    case .tlsdescAdd: word & 0xff20_0000 == 0x8b00_0000  // add Xd, Xn, Xm
    case .tlsdescCall: word & 0xffff_fc1f == 0xd63f_0000  // blr
    default: false
    }
  }
}
