// Which instruction sequences are replaced by shorter ones, and by what.
//
// The scan asks whether a sequence can be replaced, so that it needs no GOT slot, and the apply pass
// does it; both must come to the same answer, so both ask here, with the bytes of the *input*.
// (psABI, "Optimize GOTPCRELX Relocations" and "Thread-Local Storage: Relaxations"; Drepper, "ELF
// Handling For Thread-Local Storage".)

internal import ELF

extension X86_64 {
  /// A load of an address from the GOT that can compute it instead.
  enum GOTLoad: Sendable {
    /// `mov foo@GOTPCREL(%rip), %reg` → `lea foo(%rip), %reg`
    case mov
    /// `call *foo@GOTPCREL(%rip)` → `addr32 call foo`
    case call
    /// `jmp *foo@GOTPCREL(%rip)` → `jmp foo; nop`
    case jump
  }

  /// The instruction around a GOTPCRELX relocation at `offset`, if it can be replaced.
  static func gotLoad(_ type: Relocation, _ bytes: ByteView, at offset: UInt64) -> GOTLoad? {
    guard offset >= 2, offset <= UInt64(bytes.count), UInt64(bytes.count) - offset >= 4 else {
      return nil
    }
    let opcode = bytes[Int(offset) - 2]
    let operand = bytes[Int(offset) - 1]
    switch type {
    case .gotPCRelX:
      if opcode == 0xff && operand == 0x15 { return .call }
      if opcode == 0xff && operand == 0x25 { return .jump }
      // mod 00, r/m 101: %rip relative.
      if opcode == 0x8b && operand & 0xc7 == 0x05 { return .mov }
      return nil
    case .rexGOTPCRelX:
      guard offset >= 3, bytes[Int(offset) - 3] & 0xf0 == 0x40 else { return nil }
      return opcode == 0x8b && operand & 0xc7 == 0x05 ? .mov : nil
    default: return nil
    }
  }

  /// A load of a thread-pointer offset from the GOT.
  enum ThreadOffsetLoad: Sendable {
    /// `mov foo@GOTTPOFF(%rip), %reg` → `mov $foo@TPOFF, %reg`
    case mov
    /// `add foo@GOTTPOFF(%rip), %reg` → `add $foo@TPOFF, %reg`
    case add
  }

  /// The instruction around a GOTTPOFF relocation at `offset`, if it can be replaced.
  static func threadOffsetLoad(_ bytes: ByteView, at offset: UInt64) -> ThreadOffsetLoad? {
    guard offset >= 3, offset <= UInt64(bytes.count), UInt64(bytes.count) - offset >= 4 else {
      return nil
    }
    let prefix = bytes[Int(offset) - 3]
    let operand = bytes[Int(offset) - 1]
    // REX.W, with or without REX.R for the upper registers.
    guard prefix & 0xfb == 0x48, operand & 0xc7 == 0x05 else { return nil }
    switch bytes[Int(offset) - 2] {
    case 0x8b: return .mov
    case 0x03: return .add
    default: return nil
    }
  }

  /// How a call of `__tls_get_addr` is written behind `lea foo@TLSGD(%rip), %rdi`.
  enum ThreadCall: Sendable {
    /// `data16 lea …; data16 data16 rex.W call __tls_get_addr@PLT`: 16 bytes in all, or the same
    /// length with `call *__tls_get_addr@GOTPCREL(%rip)`.
    case general
    /// `lea …; movabs $__tls_get_addr@PLTOFF, %rax; add %rbx, %rax; call *%rax`: 22 bytes (large
    /// code model).
    case generalLarge
    /// `lea foo@TLSLD(%rip), %rdi; call __tls_get_addr@PLT`: 12 bytes.
    case local
    /// The same with an indirect call: 13 bytes.
    case localIndirect
    /// The large code model: 22 bytes.
    case localLarge
  }

  /// The call behind the TLSGD or TLSLD relocation `records[index]`, if its form is known, so that
  /// the sequence may be replaced. The record that follows belongs to the call.
  static func threadCall(
    _ type: Relocation, _ records: RecordView<Rela>, _ index: Int, _ bytes: ByteView
  ) -> ThreadCall? {
    guard index + 1 < records.count else { return nil }
    let offset = records[index].offset
    let call = records[index + 1]
    guard offset >= 4, call.offset > offset, call.offset - offset <= 16,
      UInt64(bytes.count) >= 8, call.offset <= UInt64(bytes.count) - 4,
      let callType = Relocation(rawValue: call.type)
    else { return nil }
    let distance = call.offset - offset
    let isDirect = callType == .plt32 || callType == .pc32
    let isIndirect = callType == .gotPCRelX || callType == .gotPCRel || callType == .rexGOTPCRelX
    if type == .tlsGD {
      // 66 48 8d 3d: data16 lea; 66 66 48 e8: call; 66 48 ff 15: call through the GOT.
      if bytes[Int(offset) - 4] == 0x66 {
        if isDirect && distance == 8 { return .general }
        if isIndirect && distance == 8 { return .general }
        return nil
      }
      if callType == .pltOff64 && distance == 6 { return .generalLarge }
      return nil
    }
    if isDirect && distance == 5 { return .local }
    if isIndirect && distance == 6 { return .localIndirect }
    if callType == .pltOff64 && distance == 6 { return .localLarge }
    return nil
  }

  /// Whether the relocation is the operand of a call or jump, so that a PLT entry will do.
  static func isBranch(_ bytes: ByteView, at offset: UInt64) -> Bool {
    guard offset >= 1, offset <= UInt64(bytes.count) else { return false }
    let opcode = bytes[Int(offset) - 1]
    if opcode == 0xe8 || opcode == 0xe9 { return true }
    return offset >= 2 && bytes[Int(offset) - 2] == 0x0f && opcode & 0xf0 == 0x80
  }
}
