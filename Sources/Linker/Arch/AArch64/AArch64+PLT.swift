// The procedure linkage table (AAELF64, "PLT sequences and usage models"). All entries load their entry
// of `.got.plt` into x17 and leave its address in x16, by which the first entry tells the dynamic
// linker which function is meant.

internal import ELF

extension AArch64 {
  /// What the entries have beside the jump.
  private struct Shape {
    /// `bti c`: other code may reach the entry by an indirect call.
    var hasLandingPad: Bool
    /// The loaded pointer is signed.
    var authenticates: Bool

    init(_ selection: Selection) {
      // In a library no entry is a function's address.
      hasLandingPad = AArch64.hasBTI(selection) && selection.options.outputKind.isExecutable
      authenticates = selection.options.pacPLT
    }

    var size: UInt64 { hasLandingPad || authenticates ? 24 : 16 }
  }

  static func facts(for selection: Selection) -> TargetFacts {
    var facts = facts
    facts.pltEntrySize = Shape(selection).size
    facts.pltGOTEntrySize = facts.pltEntrySize
    return facts
  }

  /// Lazily bound calls begin at the PLT's first entry.
  static func lazyEntry(_ number: Int, _ layout: Layout) -> UInt64 { layout.address(of: .plt) }

  static func writePLT(to out: OutputBytes, _ layout: Layout) {
    let address = layout.address(of: .plt)
    let gotPLT = layout.address(of: .gotPLT)
    let target = layout.target
    var offset = 0
    if layout.hasPLTHeader {
      writeHeader(to: out, address, gotPLT &+ 16, layout)
      offset = Int(target.pltHeaderSize)
    }
    let shape = Shape(layout.selection)
    for number in 0..<layout.selection.gotPlan.pltSymbols.count {
      let gotEntry = gotPLT &+ UInt64((target.gotPLTHeaderEntries + number) * 8)
      writeEntry(gotEntry, to: out, at: offset, address &+ UInt64(offset), shape, layout)
      offset += Int(target.pltEntrySize)
    }
  }

  static func writePLTGOT(to out: OutputBytes, _ layout: Layout) {
    let address = layout.address(of: .pltGOT)
    let shape = Shape(layout.selection)
    for record in layout.selection.entries.records where record.pltGOT >= 0 {
      let offset = Int(record.pltGOT) * Int(layout.target.pltGOTEntrySize)
      let gotEntry = layout.address(of: .got) &+ UInt64(record.got) * 8
      writeEntry(gotEntry, to: out, at: offset, address &+ UInt64(offset), shape, layout)
    }
  }

  /// There is none: `bti` fits into the entries.
  static func writePLTSecondary(to out: OutputBytes, _ layout: Layout) {}

  private static func writeHeader(
    to out: OutputBytes, _ address: UInt64, _ gotEntry: UInt64, _ layout: Layout
  ) {
    var words: [UInt32] = hasBTI(layout.selection) ? [Instruction.btiC] : []
    words.append(0xa9bf_7bf0)  // stp x16, x30, [sp, #-16]!
    words += loads(gotEntry, address &+ UInt64(4 * words.count), layout)
    words.append(Instruction.branchX17)
    store(words, to: out, at: 0, size: layout.target.pltHeaderSize)
  }

  private static func writeEntry(
    _ gotEntry: UInt64, to out: OutputBytes, at offset: Int, _ address: UInt64, _ shape: Shape,
    _ layout: Layout
  ) {
    var words: [UInt32] = shape.hasLandingPad ? [Instruction.btiC] : []
    words += loads(gotEntry, address &+ UInt64(4 * words.count), layout)
    if shape.authenticates { words.append(Instruction.authenticate) }
    words.append(Instruction.branchX17)
    store(words, to: out, at: offset, size: shape.size)
  }

  /// `adrp x16, gotEntry; ldr x17, [x16, …]; add x16, x16, …`
  private static func loads(_ gotEntry: UInt64, _ place: UInt64, _ layout: Layout) -> [UInt32] {
    let distance = page(gotEntry) &- page(place)
    let signed = Int64(bitPattern: distance)
    if signed < -(1 << 32) || signed >= 1 << 32 { layout.log.fault(.pltOutOfReach()) }
    return [
      Instruction.withPage(Instruction.adrp(16), distance),
      Instruction.withLow12(Instruction.load(17, 16), (gotEntry & 0xfff) >> 3),
      Instruction.withLow12(Instruction.add(16, 16), gotEntry),
    ]
  }

  private static func store(
    _ words: [UInt32], to out: OutputBytes, at offset: Int, size: UInt64
  ) {
    for number in 0..<Int(size) / 4 {
      let word = number < words.count ? words[number] : Instruction.nop
      out.store(word, at: offset + 4 * number)
    }
  }
}

extension Message {
  static func pltOutOfReach() -> Message {
    Message(
      "pltOutOfReach",
      "the PLT cannot reach its entries in .got.plt, which are more than 4 GiB away; "
        + "place .plt and .got.plt closer to each other")
  }
}
