// The procedure linkage table: small pieces of code through which imported functions are called
// (psABI, "Procedure Linkage Table"; for the entries with `endbr64`, "IBT PLT").

internal import ELF

extension X86_64 {
  /// Where an entry of `.got.plt` points before the function is found: into its own PLT entry.
  static func lazyEntry(_ number: Int, _ layout: Layout) -> UInt64 {
    let entry = layout.address(of: .plt) &+ pltHeaderSize &+ UInt64(number) * pltEntrySize
    // Behind the jump; the entries of an IBT PLT begin with what has to be done.
    return layout.selection.usesSecondaryPLT ? entry : entry &+ 6
  }

  static func writePLT(to out: OutputBytes, _ layout: Layout) {
    let address = layout.address(of: .plt)
    let gotPLT = layout.address(of: .gotPLT)
    let hasSecondary = layout.selection.usesSecondaryPLT
    var offset = 0
    if layout.hasPLTHeader {
      out.copy(
        [
          0xff, 0x35, 0, 0, 0, 0,  // push GOTPLT+8(%rip)
          0xff, 0x25, 0, 0, 0, 0,  // jmp *GOTPLT+16(%rip)
          0x0f, 0x1f, 0x40, 0x00,  // nopl 0(%rax)
        ], at: 0)
      out.store(distance(gotPLT &+ 8, address &+ 6), at: 2)
      out.store(distance(gotPLT &+ 16, address &+ 12), at: 8)
      offset = Int(pltHeaderSize)
    }
    for number in 0..<layout.selection.gotPlan.pltSymbols.count {
      let entry = address &+ UInt64(offset)
      let gotEntry = gotPLT &+ UInt64((gotPLTHeaderEntries + number) * 8)
      if hasSecondary {
        out.copy(
          [
            0xf3, 0x0f, 0x1e, 0xfa,  // endbr64
            0x68, 0, 0, 0, 0,  // push $number
            0xe9, 0, 0, 0, 0,  // jmp PLT0
            0x66, 0x90,  // xchg %ax, %ax
          ], at: offset)
        out.store(UInt32(number), at: offset + 5)
        out.store(layout.hasPLTHeader ? distance(address, entry &+ 14) : 0, at: offset + 10)
      } else {
        out.copy(
          [
            0xff, 0x25, 0, 0, 0, 0,  // jmp *gotEntry(%rip)
            0x68, 0, 0, 0, 0,  // push $number
            0xe9, 0, 0, 0, 0,  // jmp PLT0
          ], at: offset)
        out.store(distance(gotEntry, entry &+ 6), at: offset + 2)
        out.store(UInt32(number), at: offset + 7)
        out.store(layout.hasPLTHeader ? distance(address, entry &+ 16) : 0, at: offset + 12)
      }
      offset += Int(pltEntrySize)
    }
  }

  static func writePLTSecondary(to out: OutputBytes, _ layout: Layout) {
    let address = layout.address(of: .pltSecondary)
    let gotPLT = layout.address(of: .gotPLT)
    for number in 0..<layout.selection.gotPlan.pltSymbols.count {
      let offset = number * Int(pltEntrySize)
      let gotEntry = gotPLT &+ UInt64((gotPLTHeaderEntries + number) * 8)
      out.copy(
        [
          0xf3, 0x0f, 0x1e, 0xfa,  // endbr64
          0xff, 0x25, 0, 0, 0, 0,  // jmp *gotEntry(%rip)
          0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00,  // nopw 0(%rax,%rax,1)
        ], at: offset)
      out.store(distance(gotEntry, address &+ UInt64(offset + 10)), at: offset + 6)
    }
  }

  /// Entries for functions whose address stands in `.got` as well.
  static func writePLTGOT(to out: OutputBytes, _ layout: Layout) {
    let address = layout.address(of: .pltGOT)
    for record in layout.selection.entries.records where record.pltGOT >= 0 {
      let offset = Int(record.pltGOT) * Int(pltGOTEntrySize)
      let gotEntry = layout.address(of: .got) &+ UInt64(record.got) * 8
      out.copy(
        [
          0xf3, 0x0f, 0x1e, 0xfa,  // endbr64
          0xff, 0x25, 0, 0, 0, 0,  // jmp *gotEntry(%rip)
          0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00,  // nopw 0(%rax,%rax,1)
        ], at: offset)
      out.store(distance(gotEntry, address &+ UInt64(offset + 10)), at: offset + 6)
    }
  }

  private static func distance(_ target: UInt64, _ from: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: target &- from)
  }
}
