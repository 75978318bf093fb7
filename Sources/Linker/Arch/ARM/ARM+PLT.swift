// The procedure linkage table. Entries are ARM code; before each stand two Thumb instructions that
// change the state, for jumps, which cannot do so themselves. An entry leaves the address of its entry
// in ip, which the dynamic linker looks at.

internal import ELF

extension ARM {
  /// `bx pc; nop`, before each entry.
  static var thumbStubSize: UInt64 { 4 }

  static func lazyEntry(_ number: Int, _ layout: Layout) -> UInt64 { layout.address(of: .plt) }

  static func writePLT(to out: OutputBytes, _ layout: Layout) {
    let address = layout.address(of: .plt)
    let gotPLT = layout.address(of: .gotPLT)
    var offset = 0
    if layout.hasPLTHeader {
      let header: [UInt32] = [
        0xe52d_e004,  // str lr, [sp, #-4]!
        0xe59f_e004,  // ldr lr, [pc, #4]
        0xe08f_e00e,  // add lr, pc, lr
        0xe5be_f008,  // ldr pc, [lr, #8]!
        UInt32(truncatingIfNeeded: gotPLT &- address &- 16),
      ]
      store(header, to: out, at: 0)
      offset = Int(facts.pltHeaderSize)
    }
    for number in 0..<layout.selection.gotPlan.pltSymbols.count {
      let gotEntry = gotPLT &+ UInt64((facts.gotPLTHeaderEntries + number) * 4)
      writeEntry(gotEntry, to: out, at: offset, address)
      offset += Int(facts.pltEntrySize)
    }
  }

  static func writePLTSecondary(to out: OutputBytes, _ layout: Layout) {}

  static func writePLTGOT(to out: OutputBytes, _ layout: Layout) {
    let address = layout.address(of: .pltGOT)
    for record in layout.selection.entries.records where record.pltGOT >= 0 {
      let gotEntry = layout.address(of: .got) &+ UInt64(record.got) * 4
      writeEntry(gotEntry, to: out, at: Int(record.pltGOT) * Int(facts.pltGOTEntrySize), address)
    }
  }

  private static func writeEntry(
    _ gotEntry: UInt64, to out: OutputBytes, at offset: Int, _ start: UInt64
  ) {
    // pc is two instructions ahead of the first.
    let place = start &+ UInt64(offset) &+ thumbStubSize
    let distance = UInt32(truncatingIfNeeded: gotEntry &- place &- 8)
    let entry: [UInt32] = [
      0x46c0_4778,  // bx pc; nop
      0xe28f_c200 | distance >> 28,  // add ip, pc, #0xN0000000
      0xe28c_c600 | distance >> 20 & 0xff,  // add ip, ip, #0x0NN00000
      0xe28c_ca00 | distance >> 12 & 0xff,  // add ip, ip, #0x000NN000
      0xe5bc_f000 | distance & 0xfff,  // ldr pc, [ip, #0x00000NNN]!
    ]
    store(entry, to: out, at: offset)
  }

  private static func store(_ words: [UInt32], to out: OutputBytes, at offset: Int) {
    for (index, word) in words.enumerated() { out.store(word, at: offset + 4 * index) }
  }
}
