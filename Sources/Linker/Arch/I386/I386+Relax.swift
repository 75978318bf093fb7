// Which instruction sequences are replaced by shorter ones, and by what.
//
// The scan asks whether a sequence can be replaced, so that it needs no GOT entry, and the apply pass
// does it; both must come to the same answer, so both ask here, with the bytes of the *input*.
// (psABI, "Optimize R_386_GOT32X Relocation"; Drepper, "ELF Handling For Thread-Local Storage",
// sections 4 and 5; for descriptors, the psABI's TLSDESC extension.)

internal import ELF

extension I386 {
  /// A load of an address from the GOT that can compute it instead.
  enum GOTLoad: Sendable {
    /// `movl foo@GOT(%base), %reg` → `leal foo@GOTOFF(%base), %reg`
    case mov
    /// `movl foo@GOT, %reg` → `movl $foo, %reg`
    case movAbsolute
    /// `call *foo@GOT(%base)` → `addr16 call foo`
    case call
    /// `jmp *foo@GOT(%base)` → `jmp foo; nop`
    case jump
  }

  /// Whether the operand at `offset` has no base register: mod 00, r/m 101.
  static func isAbsoluteOperand(_ bytes: ByteView, at offset: UInt64) -> Bool {
    guard offset >= 1, offset <= UInt64(bytes.count) else { return false }
    return bytes[Int(offset) - 1] & 0xc7 == 0x05
  }

  /// Whether the operand at `offset` is `x(%base)`: mod 10, r/m not 100, which a SIB byte follows.
  private static func hasBase(_ modRM: UInt8) -> Bool { modRM & 0xc0 == 0x80 && modRM & 7 != 4 }

  /// The instruction around a GOT32X relocation at `offset`, if it can be replaced.
  static func gotLoad(_ bytes: ByteView, at offset: UInt64) -> GOTLoad? {
    guard offset >= 2, offset <= UInt64(bytes.count), UInt64(bytes.count) - offset >= 4 else {
      return nil
    }
    let opcode = bytes[Int(offset) - 2]
    let modRM = bytes[Int(offset) - 1]
    let isAbsolute = modRM & 0xc7 == 0x05
    guard isAbsolute || hasBase(modRM) else { return nil }
    switch (opcode, modRM >> 3 & 7) {
    case (0x8b, _): return isAbsolute ? .movAbsolute : .mov
    case (0xff, 2): return .call
    case (0xff, 4): return .jump
    default: return nil
    }
  }

  /// Whether a load from the GOT may become the computation of the address.
  static func isRelaxable(
    _ type: Relocation, _ record: Rela, _ facts: SymbolFlags, _ bytes: ByteView,
    isPositionIndependent: Bool
  ) -> Bool {
    guard type == .got32X, facts.isDisjoint(with: [.imported, .ifunc, .absolute]),
      record.addend == 0, let load = gotLoad(bytes, at: record.offset)
    else { return false }
    return load != .movAbsolute || !isPositionIndependent
  }

  /// How a thread-local sequence is written.
  enum ThreadCall: Sendable {
    /// `leal foo@TLSGD(,%ebx,1), %eax; call ___tls_get_addr@PLT`: 12 bytes.
    case generalIndexed
    /// `leal foo@TLSGD(%reg), %eax; call ___tls_get_addr@PLT; nop`: 12 bytes; or without the nop and
    /// with `call *___tls_get_addr@GOT(%reg)`.
    case general
    /// `leal foo@TLSLDM(%reg), %eax; call ___tls_get_addr@PLT`: 11 bytes.
    case local
    /// The same with an indirect call: 12 bytes.
    case localIndirect
  }

  /// The call behind the TLS_GD or TLS_LDM relocation `records[index]`, if all bytes of the sequence
  /// are known, so that it may be replaced. The record that follows belongs to the call.
  static func threadCall(
    _ type: Relocation, _ records: RecordView<Rela>, _ index: Int, _ bytes: ByteView
  ) -> ThreadCall? {
    guard index + 1 < records.count else { return nil }
    let call = records[index + 1]
    guard let callType = Relocation(rawValue: call.type), records[index].offset >= 2,
      records[index].offset <= UInt64(bytes.count), call.offset > records[index].offset,
      let distance = Int(exactly: call.offset - records[index].offset), distance <= 6,
      bytes.load(UInt32.self, at: Int(records[index].offset) + distance) != nil
    else { return nil }
    let offset = Int(records[index].offset)
    // lea with base: 8d, mod 10, reg 000, r/m the base.
    let modRM = bytes[offset - 1]
    let isLEA = bytes[offset - 2] == 0x8d && modRM & 0xf8 == 0x80 && modRM & 7 != 4
    let isDirect =
      (callType == .plt32 || callType == .pc32) && distance == 5 && bytes[offset + 4] == 0xe8
    let isIndirect =
      (callType == .got32X || callType == .got32) && distance == 6 && bytes[offset + 4] == 0xff
      && bytes[offset + 5] & 0xf8 == 0x90 && bytes[offset + 5] & 7 != 4
    if type == .tlsGD {
      // 8d 04 1d: lea x(,%ebx,1), %eax
      if isDirect, offset >= 3, bytes[offset - 3] == 0x8d, bytes[offset - 2] == 0x04, modRM == 0x1d
      {
        return .generalIndexed
      }
      guard isLEA else { return nil }
      if isIndirect { return .general }
      return isDirect && bytes.load(UInt8.self, at: offset + 9) == 0x90 ? .general : nil
    }
    guard isLEA else { return nil }
    return isDirect ? .local : isIndirect ? .localIndirect : nil
  }

  /// The base register of a replaced general-dynamic sequence.
  static func threadCallBase(_ call: ThreadCall, _ bytes: ByteView, at offset: UInt64) -> UInt8 {
    call == .generalIndexed ? 3 : bytes[Int(offset) - 1] & 7
  }

  /// A load of a thread-pointer offset from the GOT.
  enum ThreadOffsetLoad: Sendable {
    /// `movl x, %eax` in its short form, a1 → b8
    case movAccumulator
    /// `movl x, %reg` → `movl $offset, %reg`
    case mov
    /// `addl x, %reg` → `addl $offset, %reg`
    case add
    /// `subl x, %reg` → `subl $offset, %reg`
    case sub
  }

  /// The instruction around a TLS_IE, TLS_GOTIE or TLS_IE_32 relocation, if it can be replaced.
  static func threadOffsetLoad(
    _ type: Relocation, _ bytes: ByteView, at offset: UInt64
  ) -> ThreadOffsetLoad? {
    guard offset >= 1, offset <= UInt64(bytes.count), UInt64(bytes.count) - offset >= 4 else {
      return nil
    }
    let modRM = bytes[Int(offset) - 1]
    if type == .tlsIE, modRM == 0xa1 { return .movAccumulator }
    guard offset >= 2, type == .tlsIE ? modRM & 0xc7 == 0x05 : hasBase(modRM) else { return nil }
    switch bytes[Int(offset) - 2] {
    case 0x8b: return .mov
    case 0x03: return .add
    case 0x2b: return .sub
    default: return nil
    }
  }

  /// Whether the instruction is `leal foo@TLSDESC(%base), %eax`, the form that may be replaced.
  static func isTLSDescLoad(_ bytes: ByteView, at offset: UInt64) -> Bool {
    guard offset >= 2, offset <= UInt64(bytes.count), UInt64(bytes.count) - offset >= 4 else {
      return false
    }
    let modRM = bytes[Int(offset) - 1]
    return bytes[Int(offset) - 2] == 0x8d && modRM & 0xf8 == 0x80 && modRM & 7 != 4
  }

  /// Whether the instruction is `call *foo@TLSCALL(%eax)`.
  static func isTLSDescCall(_ bytes: ByteView, at offset: UInt64) -> Bool {
    guard offset <= UInt64(bytes.count) else { return false }
    return bytes.load(UInt16.self, at: Int(offset)) == 0x10ff
  }
}
