// Thread-local variables through descriptors (-mtls-dialect=gnu2; ABI addenda, "TLS descriptors").
//
//       ldr r0, .Lx               the address of a descriptor, less the return address
//   .Lc: bl x(tlscall)            TLS_CALL, THM_TLS_CALL
//        …                        r0: the offset from the thread pointer
//   .Lx: .word x(tlsdesc) + . − .Lc    TLS_GOTDESC; its bit 0 says that .Lc is in Thumb state
//
// The call leads to a piece of code that adds lr and calls what the descriptor says. In programs the
// word becomes the offset, or the distance of one in the GOT, and the call a load of that, or nothing.

internal import ELF

extension SectionScanner where T == ARM {
  mutating func scanDescriptor(
    _ type: ARM.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) {
    let isReplaced = context.relaxesThreadLocal
    if !isReplaced && !context.isDynamic {
      return report(
        record, "has type \(type.name), which a static program can have only with --relax")
    }
    switch type {
    case .tlsGOTDesc:
      if isReplaced {
        if facts.contains(.imported) { need(.needsGOTTP, target) }
      } else {
        need(.needsTLSDesc, target)
      }
    case .tlsCall, .thmTLSCall: if !isReplaced { context.found.insert(.tlsTrampoline) }
    default:
      // Instructions of a sequence without the call.
      guard isReplaced else { return }
      report(
        record,
        "has type \(type.name) of a sequence that swold does not replace; link with --no-relax")
    }
  }
}

extension SectionApplier where T == ARM {
  func applyDescriptor(
    _ type: ARM.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64,
    _ A: UInt64, _ P: UInt64
  ) {
    let isReplaced = context.relaxesThreadLocal
    let isImported = context.flags[context.definition[row]].contains(.imported)
    switch type {
    case .tlsGOTDesc:
      // What the word is added to: lr behind the call, or pc in what replaces it.
      let isThumb = A & 1 != 0
      if !isReplaced {
        let lr = P &- A &+ (isThumb ? 6 : 4)
        store(entry(row, \.tlsDesc) &- lr, type, offset, record)
      } else if isImported {
        let pc = P &- A &+ (isThumb ? 5 : 8)
        store(entry(row, \.gotTP) &- pc, type, offset, record)
      } else {
        store(threadOffset(S, row, from: context.threadPointer), type, offset, record)
      }
    case .tlsCall where isReplaced:
      // ldr r0, [pc, r0]; or mov r0, r0
      out.store((isImported ? 0xe79f_0000 : 0xe1a0_0000) as UInt32, at: offset)
    case .thmTLSCall where isReplaced:
      // add r0, pc; ldr r0, [r0]; or mov r8, r8 twice
      out.store((isImported ? 0x6800_4478 : 0x46c0_46c0) as UInt32, at: offset)
    case .tlsCall: storeCall(.branch24, 0xeb00_0000, P &+ 8, offset, record)
    case .thmTLSCall: storeCall(.thumbBranch24, 0xc000_f000, P & ~3 &+ 4, offset, record)
    default: break
    }
  }

  /// BL, or BLX, to the code that calls descriptors.
  private func storeCall(
    _ field: ARM.Field, _ instruction: UInt32, _ pc: UInt64, _ offset: Int, _ record: Rela
  ) {
    let layout = context.layout
    let trampoline = layout.veneerAddress(layout.selection.gotPlan.tlsTrampoline)
    let value = Int64(Int32(truncatingIfNeeded: trampoline &- pc))
    guard field.holds(value) else { return reportOverflow(record, value, field.bits) }
    out.store(field.inserting(value, into: instruction), at: offset)
  }
}

extension ARM {
  /// Calls the function of a descriptor whose address, less lr, is in r0.
  static var descriptorCall: [UInt32] {
    [
      0xe08e_0000,  // add r0, lr, r0
      0xe590_1004,  // ldr r1, [r0, #4]
      0xe12f_ff11,  // bx r1
      0xe7fd_def1,  // udf
    ]
  }
}
