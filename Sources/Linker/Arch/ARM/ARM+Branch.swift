// Branches, and the states that they lead to.
//
// BL becomes BLX and back by what it calls. Other branches cannot change the state, and none of a
// processor without BLX can; then a veneer must stand between. What is no function (a label, a section
// and an addend) is taken to be in the state that the instruction already means. A call of a weak
// function that is not there does nothing.

internal import ELF

extension ARM {
  /// Whether a branch of ARM state is BL or BLX without a condition.
  static func isBL(_ bytes: ByteView, _ record: Rela) -> Bool {
    guard let offset = Int(exactly: record.offset),
      let word = bytes.load(UInt32.self, at: offset)
    else { return false }
    return isBL(word)
  }

  static func isBL(_ word: UInt32) -> Bool { word >> 24 == 0xeb || isBLX(word) }
  static func isBLX(_ word: UInt32) -> Bool { word >> 25 == 0x7d }

  // MARK: Veneers

  /// Code before a function in the other state, for branches that cannot change it. It reaches
  /// everything and does not depend on where it is loaded.
  static func writeVeneers(to out: OutputBytes, _ layout: Layout) {
    let start = layout.address(of: .veneers)
    func store(_ code: [UInt32], _ number: Int32) {
      for (index, word) in code.enumerated() {
        out.store(word, at: Int(number) * Int(facts.veneerSize) + 4 * index)
      }
    }
    let trampoline = layout.selection.gotPlan.tlsTrampoline
    if trampoline >= 0 { store(descriptorCall, trampoline) }
    for record in layout.selection.entries.records where record.veneer >= 0 {
      let place = start &+ UInt64(record.veneer) * facts.veneerSize
      let target = layout.addresses[record.symbol]
      func distance(from pc: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: target &- place &- pc)
      }
      let code: [UInt32] =
        target & 1 == 0
        ? [
          0x46c0_4778,  // bx pc; nop
          0xe59f_c000,  // ldr ip, [pc]
          0xe08f_f00c,  // add pc, pc, ip
          distance(from: 16),
        ]
        : [
          0xe59f_c004,  // ldr ip, [pc, #4]
          0xe08c_c00f,  // add ip, ip, pc
          0xe12f_ff1c,  // bx ip
          distance(from: 12),
        ]
      store(code, record.veneer)
    }
  }
}

extension SectionApplier where T == ARM {
  /// Where a branch leads.
  private enum Destination {
    case arm
    case thumb
    /// Whatever the instruction means.
    case unknown
    /// A weak symbol that nobody defines.
    case nowhere
  }

  private var features: ARMFeatures { ARMFeatures(rawValue: context.features) }

  private func destination(_ row: SymbolID, _ S: UInt64, _ T: UInt64) -> Destination {
    let facts = context.flags[context.definition[row]]
    if facts.contains(.undefined) && S == 0 { return .nowhere }
    // Entries of the PLT are in ARM state.
    if !facts.isDisjoint(with: [.undefined, .imported, .ifunc]) { return T == 0 ? .arm : .thumb }
    guard facts.contains(.function) else { return .unknown }
    return T == 0 ? .arm : .thumb
  }

  /// Whether a function is reached through its entry in the PLT.
  private func isInPLT(_ row: SymbolID, _ S: UInt64) -> Bool {
    context.layout.pltEntryAddress(context.definition[row]) == S
  }

  private func veneer(_ row: SymbolID) -> UInt64? {
    guard let record = context.selection.entries.record(context.definition[row]), record.veneer >= 0
    else { return nil }
    return context.layout.veneerAddress(record.veneer)
  }

  // MARK: From ARM state

  func applyBranch(
    _ type: ARM.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64,
    _ T: UInt64, _ A: UInt64, _ P: UInt64
  ) {
    var S = S
    var word = out.load(UInt32.self, at: offset)
    let isBLX = ARM.isBLX(word)
    let isBL = ARM.isBL(word)
    switch destination(row, S, T) {
    case .unknown: break
    case .nowhere:
      out.store(0xe1a0_0000 as UInt32, at: offset)  // mov r0, r0
      return
    case .arm: if isBLX { word = 0xeb00_0000 }
    case .thumb:
      if isBL && features.contains(.blx) {
        word = 0xfa00_0000
      } else if let veneer = veneer(row) {
        S = veneer
      } else {
        return reportVeneer(type, record, row, "Thumb")
      }
    }
    let value = Int64(Int32(truncatingIfNeeded: S &+ A &- P))
    guard ARM.Field.branch24.holds(value) else {
      return reportOverflow(record, value, ARM.Field.branch24.bits)
    }
    out.store(ARM.Field.branch24.inserting(value, into: word), at: offset)
  }

  // MARK: From Thumb state

  func applyThumbBranch(
    _ type: ARM.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64,
    _ T: UInt64, _ A: UInt64, _ P: UInt64
  ) {
    var word = out.load(UInt32.self, at: offset)
    var S = S
    var isBLX = type == .thmCall && word >> 28 & 1 == 0
    switch destination(row, S, T) {
    case .unknown: break
    case .nowhere:
      // nop.w, or `mov r8, r8` twice
      let nop: UInt32 = features.contains(.thumb2) ? 0x8000_f3af : 0x46c0_46c0
      out.store(nop, at: offset)
      return
    case .thumb: isBLX = false
    case .arm:
      if type == .thmCall && features.contains(.blx) {
        isBLX = true
      } else if isInPLT(row, S) {
        S = S &- ARM.thumbStubSize
        isBLX = false
      } else if let veneer = veneer(row) {
        S = veneer
        isBLX = false
      } else {
        return reportVeneer(type, record, row, "ARM")
      }
    }
    if type == .thmCall { word = word & ~(1 << 28) | (isBLX ? 0 : 1 << 28) }
    // BLX counts from a word, in words.
    var value = Int64(Int32(truncatingIfNeeded: S &+ A &- (isBLX ? P & ~3 : P)))
    if isBLX { value = (value + 2) & ~3 }
    guard let field = ARM.field(type) else { return }
    let isLong = type != .thmCall || features.contains(.longBL)
    guard field.holds(value), isLong || value >= -(1 << 22) && value < 1 << 22 else {
      return reportOverflow(record, value, isLong ? field.bits : 23)
    }
    out.store(field.inserting(value, into: word), at: offset)
  }

  private func reportVeneer(
    _ type: ARM.Relocation, _ record: Rela, _ row: SymbolID, _ state: String
  ) {
    context.selection.log.fault(
      .badRelocation(
        context.selection.displayName(id), record.offset,
        "\(type.name) cannot lead to \(state) code, where "
          + "\(context.selection.symbolDescription(row)) is, without a veneer"),
      at: place(record))
  }
}
