// The procedure linkage table (psABI, "Procedure Linkage Table"). In position-independent output
// the caller has the address of `.got.plt` in %ebx; else entries name addresses.

internal import ELF

extension I386 {
  static func lazyEntry(_ number: Int, _ layout: Layout) -> UInt64 {
    let entry =
      layout.address(of: .plt) &+ facts.pltHeaderSize &+ UInt64(number) * facts.pltEntrySize
    // Behind the jump; the entries of an IBT PLT begin with what has to be done.
    return layout.selection.usesSecondaryPLT ? entry : entry &+ 6
  }

  /// `jmp *gotEntry`, in the form that the output's kind allows.
  private static func jump(_ gotEntry: UInt64, _ layout: Layout) -> (modRM: UInt8, operand: UInt32)
  {
    layout.options.outputKind.isPositionIndependent
      ? (0xa3, UInt32(truncatingIfNeeded: gotEntry &- layout.gotBase))  // *x(%ebx)
      : (0x25, UInt32(truncatingIfNeeded: gotEntry))  // *x
  }

  static func writePLT(to out: OutputBytes, _ layout: Layout) {
    let address = layout.address(of: .plt)
    let gotPLT = layout.address(of: .gotPLT)
    let hasSecondary = layout.selection.usesSecondaryPLT
    var offset = 0
    if layout.hasPLTHeader {
      if layout.options.outputKind.isPositionIndependent {
        out.copy(
          [
            0xff, 0xb3, 4, 0, 0, 0,  // pushl 4(%ebx)
            0xff, 0xa3, 8, 0, 0, 0,  // jmp *8(%ebx)
            0x0f, 0x1f, 0x40, 0x00,  // nopl 0(%eax)
          ], at: 0)
      } else {
        out.copy(
          [
            0xff, 0x35, 0, 0, 0, 0,  // pushl GOTPLT+4
            0xff, 0x25, 0, 0, 0, 0,  // jmp *GOTPLT+8
            0x0f, 0x1f, 0x40, 0x00,  // nopl 0(%eax)
          ], at: 0)
        out.store(UInt32(truncatingIfNeeded: gotPLT &+ 4), at: 2)
        out.store(UInt32(truncatingIfNeeded: gotPLT &+ 8), at: 8)
      }
      offset = Int(facts.pltHeaderSize)
    }
    for number in 0..<layout.selection.gotPlan.pltSymbols.count {
      let entry = address &+ UInt64(offset)
      let relocation = UInt32(number * layout.format.relEntrySize)
      let back = layout.hasPLTHeader ? UInt32(truncatingIfNeeded: address &- entry) : 0
      if hasSecondary {
        out.copy(
          [
            0xf3, 0x0f, 0x1e, 0xfb,  // endbr32
            0x68, 0, 0, 0, 0,  // push $relocation
            0xe9, 0, 0, 0, 0,  // jmp PLT0
            0x66, 0x90,  // xchg %ax, %ax
          ], at: offset)
        out.store(relocation, at: offset + 5)
        out.store(layout.hasPLTHeader ? back &- 14 : 0, at: offset + 10)
      } else {
        let gotEntry = gotPLT &+ UInt64((facts.gotPLTHeaderEntries + number) * 4)
        let jump = jump(gotEntry, layout)
        out.copy(
          [
            0xff, jump.modRM, 0, 0, 0, 0,  // jmp *gotEntry
            0x68, 0, 0, 0, 0,  // push $relocation
            0xe9, 0, 0, 0, 0,  // jmp PLT0
          ], at: offset)
        out.store(jump.operand, at: offset + 2)
        out.store(relocation, at: offset + 7)
        out.store(layout.hasPLTHeader ? back &- 16 : 0, at: offset + 12)
      }
      offset += Int(facts.pltEntrySize)
    }
  }

  static func writePLTSecondary(to out: OutputBytes, _ layout: Layout) {
    let gotPLT = layout.address(of: .gotPLT)
    for number in 0..<layout.selection.gotPlan.pltSymbols.count {
      let gotEntry = gotPLT &+ UInt64((facts.gotPLTHeaderEntries + number) * 4)
      writeEntry(gotEntry, to: out, at: number * Int(facts.pltEntrySize), layout)
    }
  }

  static func writePLTGOT(to out: OutputBytes, _ layout: Layout) {
    for record in layout.selection.entries.records where record.pltGOT >= 0 {
      let gotEntry = layout.address(of: .got) &+ UInt64(record.got) * 4
      writeEntry(gotEntry, to: out, at: Int(record.pltGOT) * Int(facts.pltGOTEntrySize), layout)
    }
  }

  private static func writeEntry(
    _ gotEntry: UInt64, to out: OutputBytes, at offset: Int, _ layout: Layout
  ) {
    let jump = jump(gotEntry, layout)
    out.copy(
      [
        0xf3, 0x0f, 0x1e, 0xfb,  // endbr32
        0xff, jump.modRM, 0, 0, 0, 0,  // jmp *gotEntry
        0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00,  // nopw 0(%eax,%eax,1)
      ], at: offset)
    out.store(jump.operand, at: offset + 6)
  }
}
