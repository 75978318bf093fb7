// Which instruction sequences are replaced by shorter ones, and by what.
//
// The scan asks whether a sequence can be replaced, so that it needs no GOT entry, and the apply pass
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

  /// Whether a load from the GOT may become the computation of the address.
  static func isRelaxable(
    _ type: Relocation, _ record: Rela, _ facts: SymbolFlags, _ bytes: ByteView
  ) -> Bool {
    // The distance to an absolute address is known only if this code's own address is, and may be
    // too far in any case.
    guard facts.isDisjoint(with: [.imported, .ifunc, .absolute]), record.addend == -4 else {
      return false
    }
    return gotLoad(type, bytes, at: record.offset) != nil
  }

  /// Whether a symbol is in a section of the large model, which need not be within 2 GiB of the code.
  static func isFar(
    _ target: SymbolID, _ definingSection: Column<SymbolID, SectionID>,
    _ sections: Column<SectionID, InputSection>
  ) -> Bool {
    let section = definingSection[target]
    return section != .none && sections[section].kind.contains(.large)
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

  /// The call behind the TLSGD or TLSLD relocation `records[index]`, if all bytes of the sequence are
  /// known, so that it may be replaced. The record that follows belongs to the call.
  static func threadCall(
    _ type: Relocation, _ records: RecordView<Rela>, _ index: Int, _ bytes: ByteView
  ) -> ThreadCall? {
    guard index + 1 < records.count else { return nil }
    let call = records[index + 1]
    let limit = UInt64(bytes.count)
    guard let callType = Relocation(rawValue: call.type),
      records[index].offset >= 3, records[index].offset <= limit,
      call.offset > records[index].offset, call.offset <= limit
    else { return nil }
    let offset = Int(records[index].offset)
    let distance = Int(call.offset) - offset
    // 48 8d 3d: lea …(%rip), %rdi
    guard bytes.load(UInt16.self, at: offset - 3) == 0x8d48, bytes[offset - 1] == 0x3d,
      bytes.load(UInt32.self, at: Int(call.offset)) != nil
    else { return nil }
    switch callType {
    case .pltOff64:
      guard distance == 6, isLargeCall(bytes, at: offset + 4) else { return nil }
      return type == .tlsGD ? .generalLarge : .localLarge
    case .plt32, .pc32:
      // 66 66 48 e8: data16 data16 rex.W call
      if type == .tlsGD { return isGeneral(bytes, offset, distance, 0xe848_6666) ? .general : nil }
      return distance == 5 && bytes[offset + 4] == 0xe8 ? .local : nil
    case .gotPCRelX, .gotPCRel, .rexGOTPCRelX:
      // 66 48 ff 15: data16 rex.W call *…(%rip)
      if type == .tlsGD { return isGeneral(bytes, offset, distance, 0x15ff_4866) ? .general : nil }
      let isCall = distance == 6 && bytes.load(UInt16.self, at: offset + 4) == 0x15ff
      return isCall ? .localIndirect : nil
    default: return nil
    }
  }

  /// Whether the general-dynamic `lea` has its prefix, and the four bytes `code` are the call.
  private static func isGeneral(
    _ bytes: ByteView, _ offset: Int, _ distance: Int, _ code: UInt32
  ) -> Bool {
    distance == 8 && offset >= 4 && bytes[offset - 4] == 0x66
      && bytes.load(UInt32.self, at: offset + 4) == code
  }

  /// `movabs $…, %rax; add %reg, %rax; call *%rax`
  private static func isLargeCall(_ bytes: ByteView, at offset: Int) -> Bool {
    guard bytes.count - offset >= 15 else { return false }
    return bytes[offset] == 0x48 && bytes[offset + 1] == 0xb8
      // REX.W, with or without REX.R for the upper registers; mod 11, r/m 000: %rax.
      && bytes[offset + 10] & 0xfb == 0x48 && bytes[offset + 11] == 0x01
      && bytes[offset + 12] & 0xc7 == 0xc0
      && bytes[offset + 13] == 0xff && bytes[offset + 14] == 0xd0
  }

  /// Whether the instruction is `lea foo@TLSDESC(%rip), %reg`, the form that may be replaced.
  static func isTLSDescLoad(_ type: Relocation, _ bytes: ByteView, at offset: UInt64) -> Bool {
    let prefixSize: UInt64 = type == .code4GOTPC32TLSDesc ? 2 : 1
    guard offset >= 2 + prefixSize, offset <= UInt64(bytes.count),
      UInt64(bytes.count) - offset >= 4
    else { return false }
    let at = Int(offset)
    guard bytes[at - 2] == 0x8d, bytes[at - 1] & 0xc7 == 0x05 else { return false }
    // REX.W, with or without REX.R for the upper registers; of a REX2 prefix (APX) W, and R4 and R3.
    return prefixSize == 1
      ? bytes[at - 3] & 0xfb == 0x48 : bytes[at - 4] == 0xd5 && bytes[at - 3] & 0xbb == 0x08
  }

  /// A REX prefix, or with `isREX2` the second byte of a REX2 prefix, for the register in the r/m
  /// field instead of the reg field: R becomes B, in REX2 R4 and R3 become B4 and B3.
  static func movingRegister(_ prefix: UInt8, isREX2: Bool = false) -> UInt8 {
    let mask: UInt8 = isREX2 ? 0x44 : 0x04
    return prefix & ~mask | (prefix & mask) >> 2
  }

  /// The bytes of `call *foo@TLSCALL(%rax)`, the form that may be replaced: 2, or 3 with the prefix
  /// of x32; nil: something else.
  static func descriptorCallSize(_ bytes: ByteView, at offset: UInt64) -> Int? {
    guard offset <= UInt64(bytes.count) else { return nil }
    let at = Int(offset)
    if bytes.load(UInt16.self, at: at) == 0x10ff { return 2 }
    return bytes.load(UInt16.self, at: at) == 0xff67 && bytes.load(UInt8.self, at: at + 2) == 0x10
      ? 3 : nil
  }

  /// Whether the relocation is the operand of a call or jump, so that a PLT entry will do.
  static func isBranch(_ bytes: ByteView, at offset: UInt64) -> Bool {
    guard offset >= 1, offset <= UInt64(bytes.count) else { return false }
    let opcode = bytes[Int(offset) - 1]
    if opcode == 0xe8 || opcode == 0xe9 { return true }
    return offset >= 2 && bytes[Int(offset) - 2] == 0x0f && opcode & 0xf0 == 0x80
  }
}
