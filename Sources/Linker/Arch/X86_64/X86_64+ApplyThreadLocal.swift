// Thread-local code sequences: applied as they are, or replaced in programs (psABI, "Thread-Local
// Storage: Relaxations").

internal import ELF

extension SectionApplier where T == X86_64 {
  /// General-dynamic and local-dynamic sequences.
  func applyThreadCall(
    _ type: X86_64.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64,
    _ A: UInt64,
    _ P: UInt64, _ records: RecordView<Rela>, _ index: Int
  ) -> Int {
    let facts = context.flags[context.definition[row]]
    let bytes = section.instructions
    guard context.relaxesThreadLocal,
      let call = X86_64.threadCall(type, records, index, bytes)
    else {
      let entry =
        type == .tlsGD ? entry(row, \.tlsGD) : context.gotEntry(context.layout.tlsModuleBaseEntry)
      storeSigned(entry &+ A &- P, 32, offset, record)
      return 1
    }
    let start: Int
    let code: [UInt8]
    switch call {
    case .general:
      start = offset - 4
      code =
        facts.contains(.imported)
        ? [
          0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0,  // mov %fs:0, %rax
          0x48, 0x03, 0x05, 0, 0, 0, 0,  // add foo@GOTTPOFF(%rip), %rax
        ]
        : [
          0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0,  // mov %fs:0, %rax
          0x48, 0x8d, 0x80, 0, 0, 0, 0,  // lea foo@TPOFF(%rax), %rax
        ]
    case .generalLarge:
      start = offset - 3
      code =
        facts.contains(.imported)
        ? [
          0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0,  // mov %fs:0, %rax
          0x48, 0x03, 0x05, 0, 0, 0, 0,  // add foo@GOTTPOFF(%rip), %rax
          0x66, 0x0f, 0x1f, 0x44, 0, 0,  // nop
        ]
        : [
          0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0,  // mov %fs:0, %rax
          0x48, 0x8d, 0x80, 0, 0, 0, 0,  // lea foo@TPOFF(%rax), %rax
          0x66, 0x0f, 0x1f, 0x44, 0, 0,  // nop
        ]
    case .local:
      start = offset - 3
      code = [
        0x66, 0x66, 0x66,  // data16 prefixes
        0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0,  // mov %fs:0, %rax
      ]
    case .localIndirect:
      start = offset - 3
      code = [
        0x66, 0x66, 0x66, 0x66,  // data16 prefixes
        0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0,  // mov %fs:0, %rax
      ]
    case .localLarge:
      start = offset - 3
      code = [
        0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,  // data16 prefixes
        0x66, 0x0f, 0x1f, 0x44, 0, 0,  // nop
        0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0,  // mov %fs:0, %rax
      ]
    }
    guard start >= 0, out.holds(UInt64(start), code.count) else {
      reportOutside(record)
      return 2
    }
    out.copy(code, at: start)
    if call == .general || call == .generalLarge {
      let operand = start + 12
      let place = self.start &+ UInt64(operand)
      let value =
        facts.contains(.imported)
        ? entry(row, \.gotTP) &- place &- 4
        : threadOffset(S, row, from: context.threadPointer) &+ A &+ 4
      storeSigned(value, 32, operand, record)
    }
    return 2
  }

  /// Initial-exec loads.
  func applyThreadOffsetLoad(
    _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64, _ A: UInt64, _ P: UInt64
  ) {
    let facts = context.flags[context.definition[row]]
    guard context.relaxesThreadLocal, !facts.contains(.imported),
      let load = X86_64.threadOffsetLoad(section.instructions, at: record.offset)
    else {
      storeSigned(entry(row, \.gotTP) &+ A &- P, 32, offset, record)
      return
    }
    let prefix = out.load(UInt8.self, at: offset - 3)
    let register = out.load(UInt8.self, at: offset - 1) >> 3 & 7
    out.store(X86_64.movingRegister(prefix), at: offset - 3)
    out.store(load == .mov ? 0xc7 : 0x81 as UInt8, at: offset - 2)  // mov or add $imm32, %reg
    out.store(0xc0 | register, at: offset - 1)
    storeSigned(threadOffset(S, row, from: context.threadPointer) &+ A &+ 4, 32, offset, record)
  }

  func applyTLSDescLoad(
    _ type: X86_64.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64,
    _ A: UInt64,
    _ P: UInt64
  ) {
    let facts = context.flags[context.definition[row]]
    guard context.relaxesThreadLocal,
      X86_64.isTLSDescLoad(type, section.instructions, at: record.offset)
    else {
      storeSigned(entry(row, \.tlsDesc) &+ A &- P, 32, offset, record)
      return
    }
    if facts.contains(.imported) {
      out.store(0x8b as UInt8, at: offset - 2)  // mov foo@GOTTPOFF(%rip), %reg
      storeSigned(entry(row, \.gotTP) &+ A &- P, 32, offset, record)
    } else {
      let register = out.load(UInt8.self, at: offset - 1) >> 3 & 7
      let prefix = out.load(UInt8.self, at: offset - 3)
      out.store(X86_64.movingRegister(prefix, isREX2: type == .code4GOTPC32TLSDesc), at: offset - 3)
      out.store(0xc7 as UInt8, at: offset - 2)  // mov $foo@TPOFF, %reg
      out.store(0xc0 | register, at: offset - 1)
      storeSigned(threadOffset(S, row, from: context.threadPointer) &+ A &+ 4, 32, offset, record)
    }
  }

  func applyTLSDescCall(_ record: Rela, _ row: SymbolID, _ offset: Int) {
    guard context.relaxesThreadLocal,
      let size = X86_64.descriptorCallSize(section.instructions, at: record.offset),
      out.holds(UInt64(offset), size)
    else { return }
    if size == 2 {
      out.copy([0x66, 0x90], at: offset)  // xchg %ax, %ax
    } else {
      out.copy([0x0f, 0x1f, 0x00], at: offset)  // nopl (%rax)
    }
  }
}
