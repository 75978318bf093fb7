// The procedure linkage table (RISC-V ELF psABI, "Program Linkage Table").
//
// An entry jumps through its entry of `.got.plt` and leaves its own address in t1, from which the first
// entry finds the number of that.

internal import ELF

extension RISCV {
  private typealias I = RISCVInstruction
  private static var t0: UInt32 { 5 }
  private static var t1: UInt32 { 6 }
  private static var t2: UInt32 { 7 }
  private static var t3: UInt32 { 28 }

  /// STO_RISCV_VARIANT_CC: the function has arguments in registers that the dynamic linker does not
  /// save, so it must not be bound lazily.
  private static var variantCC: UInt8 { 0x80 }

  static func dynamicEntries(_ selection: Selection) -> [(tag: Int64, value: UInt64)] {
    let hasVariant = selection.gotPlan.pltSymbols.contains { symbol in
      selection.inputs.entry(of: symbol).symbol.other & variantCC != 0
    }
    return hasVariant ? [(DT.RISCV_VARIANT_CC, 0 as UInt64)] : []
  }

  static func lazyEntry(_ number: Int, _ layout: Layout) -> UInt64 { layout.address(of: .plt) }

  static func writePLT(to out: OutputBytes, _ layout: Layout) {
    let address = layout.address(of: .plt)
    let gotPLT = layout.address(of: .gotPLT)
    var offset = 0
    if layout.hasPLTHeader {
      writeHeader(to: out, gotPLT &- address)
      offset = Int(facts.pltHeaderSize)
    }
    for number in 0..<layout.selection.gotPlan.pltSymbols.count {
      let gotEntry = gotPLT &+ UInt64((facts.gotPLTHeaderEntries + number) * facts.format.wordSize)
      writeEntry(gotEntry &- address &- UInt64(offset), to: out, at: offset)
      offset += Int(facts.pltEntrySize)
    }
  }

  private static func writeHeader(to out: OutputBytes, _ distance: UInt64) {
    let word = facts.format.wordSize
    // t1 is 12 bytes behind the start of an entry; entries are of 16 bytes, those of `.got.plt` of a word.
    let back = UInt64(bitPattern: -Int64(facts.pltHeaderSize) - 12)
    let shift: UInt32 = word == 8 ? 1 : 2
    let words: [UInt32] = [
      I.settingU(I.auipc(t2), distance),
      0x4000_0033 | t1 << 7 | t1 << 15 | t3 << 20,  // sub t1, t1, t3
      I.settingI(I.loadWord(t3, t2, is64: Width.is64), distance),
      I.settingI(I.addi(t1, t1), back),
      I.settingI(I.addi(t0, t2), distance),
      0x0000_5013 | t1 << 7 | t1 << 15 | shift << 20,  // srli t1, t1, shift
      I.settingI(I.loadWord(t0, t0, is64: Width.is64), UInt64(word)),
      I.jalr(0, t3),
    ]
    for (index, word) in words.enumerated() { out.store(word, at: index * 4) }
  }

  static func writePLTGOT(to out: OutputBytes, _ layout: Layout) {
    let (table, got) = (layout.address(of: .pltGOT), layout.address(of: .got))
    for record in layout.selection.entries.records where record.pltGOT >= 0 {
      let offset = Int(record.pltGOT) * Int(facts.pltGOTEntrySize)
      let gotEntry = got &+ UInt64(record.got) * UInt64(facts.format.wordSize)
      writeEntry(gotEntry &- table &- UInt64(offset), to: out, at: offset)
    }
  }

  /// No second table: RISC-V has no landing pads here.
  static func writePLTSecondary(to out: OutputBytes, _ layout: Layout) {}

  private static func writeEntry(_ distance: UInt64, to out: OutputBytes, at offset: Int) {
    out.store(I.settingU(I.auipc(t3), distance), at: offset)
    out.store(I.settingI(I.loadWord(t3, t3, is64: Width.is64), distance), at: offset + 4)
    out.store(I.jalr(t1, t3), at: offset + 8)
    out.store(I.nop, at: offset + 12)
  }
}
