// Branches, and the states that they lead to.
//
// BL becomes BLX and back by what it calls. Other branches cannot change the state, and none of a
// processor without BLX can; then a veneer must stand between, and a thunk (ARM+Thunks) where a branch
// does not reach. What is no function (a label, a section
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

/// Where a branch goes, and how.
struct ARMRoute {
  enum Kind {
    /// Nowhere: a weak symbol that nobody defines.
    case nowhere
    /// In the state of the instruction, whatever it is.
    case asWritten
    case sameState
    /// By BLX.
    case otherState
    /// It cannot change the state.
    case impossible
  }

  var kind: Kind
  /// Even.
  var address: UInt64

  /// Whether the branch `word` is BLX in the end.
  func isBLX(_ type: ARM.Relocation, _ word: UInt32) -> Bool {
    switch kind {
    case .asWritten:
      ARM.isThumbBranch(type) ? type == .thmCall && word >> 28 & 1 == 0 : ARM.isBLX(word)
    case .otherState: true
    default: false
    }
  }

  /// S + A − P, as 32 bits with a sign. BLX of Thumb state counts from a word, in words.
  func distance(_ A: UInt64, _ P: UInt64, isWordwise: Bool) -> Int64 {
    let place = isWordwise ? P & ~3 : P
    let value = Int64(Int32(truncatingIfNeeded: address &+ A &- place))
    return isWordwise ? (value + 2) & ~3 : value
  }
}

extension ApplyContext {
  /// The route of a branch to `row`, of which references see `address`. `word` is the instruction.
  func route(
    _ type: ARM.Relocation, _ row: SymbolID, _ address: UInt64, _ word: UInt32
  ) -> ARMRoute {
    let target = definition[row]
    let facts = flags[target]
    if facts.contains(.undefined) && address == 0 { return ARMRoute(kind: .nowhere, address: 0) }
    // Entries of the PLT are in ARM state.
    let isFunction = !facts.isDisjoint(with: [.undefined, .imported, .ifunc, .function])
    guard isFunction else { return ARMRoute(kind: .asWritten, address: address) }
    let isThumb = ARM.isThumbBranch(type)
    let even = address & ~1
    if isThumb == (address & 1 != 0) { return ARMRoute(kind: .sameState, address: even) }
    if ARMFeatures(rawValue: features).contains(.blx), isThumb ? type == .thmCall : ARM.isBL(word) {
      return ARMRoute(kind: .otherState, address: even)
    }
    if isThumb, layout.pltEntryAddress(target) == even {
      return ARMRoute(kind: .sameState, address: even &- ARM.thumbStubSize)
    }
    if let record = selection.entries.record(target), record.veneer >= 0 {
      return ARMRoute(kind: .sameState, address: layout.veneerAddress(record.veneer))
    }
    return ARMRoute(kind: .impossible, address: even)
  }
}

extension SectionApplier where T == ARM {
  private var features: ARMFeatures { ARMFeatures(rawValue: context.features) }

  /// BL, B and their kin, in either state.
  func applyBranch(
    _ type: ARM.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ address: UInt64,
    _ A: UInt64, _ P: UInt64
  ) {
    let word = out.load(UInt32.self, at: offset)
    let isThumb = ARM.isThumbBranch(type)
    let route = context.route(type, row, address, word)
    if route.kind == .nowhere { return storeNothing(isThumb, offset) }
    guard let field = ARM.field(type), let reach = ARM.reach(type, features) else { return }
    var isBLX = route.isBLX(type, word)
    var value = route.distance(A, P, isWordwise: isThumb && isBLX)
    if route.kind == .impossible || !reach.holds(UInt64(bitPattern: value)) {
      let key = ARM.thunkKey(context.definition[row], A, reach, route)
      guard let thunk = context.layout.thunk(key, from: P, reach) else {
        return route.kind == .impossible
          ? reportVeneer(type, record, row) : reportOverflow(record, value, field.bits)
      }
      value = Int64(bitPattern: thunk &+ UInt64(bitPattern: reach.bias) &- P)
      isBLX = false
    }
    let instruction =
      isThumb
      ? ARM.thumbInstruction(type, word, isBLX: isBLX) : ARM.instruction(word, isBLX: isBLX)
    out.store(field.inserting(value, into: instruction), at: offset)
  }

  private func storeNothing(_ isThumb: Bool, _ offset: Int) {
    // mov r0, r0; nop.w; `mov r8, r8` twice
    let thumb: UInt32 = features.contains(.thumb2) ? 0x8000_f3af : 0x46c0_46c0
    out.store(isThumb ? thumb : 0xe1a0_0000, at: offset)
  }

  private func reportVeneer(_ type: ARM.Relocation, _ record: Rela, _ row: SymbolID) {
    context.selection.log.fault(
      .badRelocation(
        context.selection.displayName(id), record.offset,
        "\(type.name) cannot change to the state of "
          + "\(context.selection.symbolDescription(row)) without a veneer"),
      at: place(record))
  }
}

extension ARM {
  static func isThumbBranch(_ type: Relocation) -> Bool {
    type == .thmCall || type == .thmJump24 || type == .thmJump19
  }

  /// The instruction with the state changed, or not.
  static func instruction(_ word: UInt32, isBLX: Bool) -> UInt32 {
    if isBLX { return isBLX == self.isBLX(word) ? word : 0xfa00_0000 }
    return self.isBLX(word) ? 0xeb00_0000 : word
  }

  static func thumbInstruction(_ type: Relocation, _ word: UInt32, isBLX: Bool) -> UInt32 {
    type == .thmCall ? word & ~(1 << 28) | (isBLX ? 0 : 1 << 28) : word
  }
}
