// The operands of instructions: branches, calls, and addresses in two parts.

internal import ELF

extension RISCVApplier {
  private typealias I = RISCVInstruction

  private func word(_ offset: Int) -> UInt32 { out.load(UInt32.self, at: offset) }
  private func store(_ word: UInt32, _ offset: Int) { out.store(word, at: offset) }

  /// Whether `value` fits `bits` bits; else says that it does not. 32-bit addresses wrap around.
  private func checkFits(_ value: UInt64, _ bits: UInt64, _ record: Rela) -> Bool {
    let value = Width.is64 ? value : UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: value)))
    if I.fits(value, bits) { return true }
    base.reportOverflow(record, Int64(bitPattern: value), Int(bits))
    return false
  }

  /// Whether a value has its upper part in 20 bits.
  private func checkHigh(_ value: UInt64, _ record: Rela) -> Bool {
    guard Width.is64, !I.fits(value &+ 0x800, 32) else { return true }
    base.reportOverflow(record, Int64(bitPattern: value), 32)
    return false
  }

  // MARK: Branches

  func applyBranch(_ type: RISCVRelocation, _ record: Rela, _ distance: UInt64, _ offset: Int) {
    let bits: UInt64 =
      switch type {
      case .branch: 13
      case .jal: 21
      case .rvcBranch: 9
      default: 12
      }
    guard checkFits(distance, bits, record), checkEven(distance, record) else { return }
    switch type {
    case .branch: store(I.settingB(word(offset), distance), offset)
    case .jal: store(I.settingJ(word(offset), distance), offset)
    case .rvcBranch:
      out.store(I.settingCB(out.load(UInt16.self, at: offset), distance), at: offset)
    default: out.store(I.settingCJ(out.load(UInt16.self, at: offset), distance), at: offset)
    }
  }

  private func checkEven(_ distance: UInt64, _ record: Rela) -> Bool {
    guard distance & 1 != 0 else { return true }
    let symbol = context.selection.symbolDescription(
      context.definition[base.file.symbolID(Int(record.symbol))])
    context.selection.log.fault(
      .badRelocation(
        context.selection.displayName(base.id), record.offset,
        "leads to an odd address, \(symbol) plus \(record.addend)"), at: base.place(record))
    return false
  }

  /// `auipc` and `jalr`, or what they became.
  func applyCall(_ record: Rela, _ row: SymbolID, _ target: UInt64, _ P: UInt64, _ offset: Int) {
    let distance = target &- P
    let bytes = base.section.instructions
    guard let at = Int(exactly: record.offset), let link = bytes.load(UInt32.self, at: at + 4)
    else { return base.reportOutside(record) }
    switch form {
    case .jump:
      if checkFits(distance, 21, record), checkEven(distance, record) {
        store(I.settingJ(I.jal(I.rd(link)), distance), offset)
      }
    case .compressedJump:
      guard checkFits(distance, 12, record), checkEven(distance, record) else { return }
      let opcode: UInt16 = I.rd(link) == RISCVRegister.ra ? 0x2001 : 0xa001  // c.jal, c.j
      out.store(I.settingCJ(opcode, distance), at: offset)
    case .nearZero:
      if checkFits(target, 12, record) {
        store(I.settingI(I.jalr(I.rd(link), RISCVRegister.zero), target), offset)
      }
    default:
      var upper = word(offset)
      var value = distance
      if isAbsolute(row, target, P) {
        upper = I.lui(I.rd(upper))
        value = target
      }
      guard checkHigh(value, record) else { return }
      store(I.settingU(upper, value), offset)
      store(I.settingI(link, value), offset + 4)
    }
  }

  /// Whether what is too far away from the place is a number in reach of zero, such as an undefined
  /// weak symbol: `lui` is what `auipc` would have been then. (GNU ld)
  private func isAbsolute(_ row: SymbolID, _ target: UInt64, _ P: UInt64) -> Bool {
    Width.is64 && !context.isPositionIndependent && !I.fits(target &- P &+ 0x800, 32)
      && I.fits(target &+ 0x800, 32)
      && !context.flags[context.definition[row]].isDisjoint(with: [.undefined, .absolute])
  }

  // MARK: Addresses

  /// `lui` and what takes the lower part.
  func applyAbsolute(
    _ type: RISCVRelocation, _ record: Rela, _ row: SymbolID, _ value: UInt64, _ offset: Int,
    _ index: Int
  ) {
    if type == .hi20 {
      switch form {
      case .dropped, .droppedSmall: break
      case .compressedUpper:
        guard let at = Int(exactly: record.offset),
          let upper = base.section.instructions.load(UInt32.self, at: at)
        else { return }
        out.store(I.compressedLUI(I.rd(upper), value), at: offset)
      default: if checkHigh(value, record) { store(I.settingU(word(offset), value), offset) }
      }
      return
    }
    guard isRelaxed(index), context.relaxes else {
      return storeLow(type == .lo12S, value, nil, offset)
    }
    if I.high(value) == 0 {
      storeLow(type == .lo12S, value, RISCVRegister.zero, offset)
    } else if let pointer = context.smallDataPointer, I.fits(value &- pointer, 12) {
      storeLow(type == .lo12S, value &- pointer, RISCVRegister.gp, offset)
    } else {
      storeLow(type == .lo12S, value, nil, offset)
    }
  }

  /// The lower part of `value` in a load, an `addi` or a store; `register`: instead of its own base.
  private func storeLow(_ isStore: Bool, _ value: UInt64, _ register: UInt32?, _ offset: Int) {
    var word = word(offset)
    if let register { word = I.settingRS1(word, register) }
    store(isStore ? I.settingS(word, value) : I.settingI(word, value), offset)
  }

  /// Whether the instruction of a relocation may be replaced.
  func isRelaxed(_ index: Int) -> Bool { RISCVPairs.isRelaxed(records, index) }

  /// `auipc`
  func applyHigh(
    _ type: RISCVRelocation, _ record: Rela, _ row: SymbolID, _ S: UInt64, _ A: UInt64,
    _ P: UInt64, _ offset: Int
  ) {
    if form == .dropped || form == .droppedSmall { return }
    if type == .tlsDescHi20 && !context.isShared { return store(I.nop, offset) }
    let target = target(of: type, row, S, A)
    var upper = word(offset)
    var value = target &- P
    if type == .pcrelHi20, isAbsolute(row, target, P) {
      upper = I.lui(I.rd(upper))
      value = target
    }
    if checkHigh(value, record) { store(I.settingU(upper, value), offset) }
  }

  /// The address that the first of a pair counted from the place leads to.
  private func target(
    of type: RISCVRelocation, _ row: SymbolID, _ S: UInt64, _ A: UInt64
  ) -> UInt64 {
    switch type {
    case .gotHi20: base.gotEntry(row) &+ A
    case .tlsGOTHi20: base.entry(row, \.gotTP) &+ A
    case .tlsGDHi20: base.entry(row, \.tlsGD) &+ A
    case .tlsDescHi20: base.entry(row, \.tlsDesc) &+ A
    default: S &+ A
    }
  }

  /// The first of the pair whose second is `record`; nil: there is none, which was said.
  mutating func high(of record: Rela) -> RISCVPairs.High? {
    if let high = pairs.find(record, records, base.file, base.section) { return high }
    context.selection.log.fault(
      .badRelocation(
        context.selection.displayName(base.id), record.offset,
        "names \(context.selection.symbolDescription(base.file.symbolID(Int(record.symbol)))), where no "
          + "relocation says what it is the lower part of"), at: base.place(record))
    return nil
  }

  /// S and A of another relocation of the section.
  func operand(_ record: Rela) -> (row: SymbolID, S: UInt64, A: UInt64)? {
    guard Int(record.symbol) < base.file.symbolCount else { return nil }
    let row = base.file.symbolID(Int(record.symbol))
    let S = context.addresses[row]
    let A = UInt64(bitPattern: record.addend)
    guard Layout.isSpecial(S) else { return (row, S, A) }
    guard let special = context.specialAddress(row, A) else { return (row, 0, 0) }
    return (row, special.S, special.A)
  }

  mutating func applyLow(_ type: RISCVRelocation, _ record: Rela, _ offset: Int, _ index: Int) {
    guard let high = high(of: record), let (row, S, A) = operand(high.record) else { return }
    let target = target(of: high.type, row, S, A)
    let place = base.start &+ cuts.output(high.record.offset)
    let isStore = type == .pcrelLo12S
    switch cuts.cut(of: high.index).flatMap({ RISCVForm(rawValue: $0.form) }) {
    case .dropped: storeLow(isStore, target, RISCVRegister.zero, offset)
    case .droppedSmall:
      storeLow(isStore, target &- (context.smallDataPointer ?? 0), RISCVRegister.gp, offset)
    default:
      let isAbsolute = high.type == .pcrelHi20 && isAbsolute(row, target, place)
      storeLow(isStore, isAbsolute ? target : target &- place, nil, offset)
    }
  }

  // MARK: Thread-local storage

  /// Local-exec: `lui`, `add` of the thread pointer, and what takes the lower part.
  func applyThreadOffset(
    _ type: RISCVRelocation, _ record: Rela, _ value: UInt64, _ offset: Int, _ index: Int
  ) {
    switch type {
    case .tprelHi20:
      if form != .dropped, checkHigh(value, record) {
        store(I.settingU(word(offset), value), offset)
      }
    case .tprelAdd: break
    default:
      let isShort = context.relaxes && isRelaxed(index) && I.high(value) == 0
      storeLow(type == .tprelLo12S, value, isShort ? RISCVRegister.tp : nil, offset)
    }
  }

  /// The later instructions of a descriptor's sequence (psABI, "TLS Descriptors" and their
  /// relaxations): in a program the offset is known, or in the GOT.
  mutating func applyDescriptor(
    _ type: RISCVRelocation, _ record: Rela, _ P: UInt64, _ offset: Int, _ index: Int
  ) {
    if form == .dropped { return }
    guard let high = high(of: record), high.type == .tlsDescHi20,
      let (row, S, A) = operand(high.record)
    else { return }
    if context.isShared {
      guard type != .tlsDescCall else { return }
      let place = base.start &+ cuts.output(high.record.offset)
      return storeLow(false, target(of: .tlsDescHi20, row, S, A) &- place, nil, offset)
    }
    let a0 = RISCVRegister.a0
    let isImported = context.flags[context.definition[row]].contains(.imported)
    switch type {
    case .tlsDescLoadLo12: store(I.nop, offset)
    case .tlsDescAddLo12:
      if isImported {
        let value = base.entry(row, \.gotTP) &- P
        if checkHigh(value, record) { store(I.settingU(I.auipc(a0), value), offset) }
      } else {
        let value = base.threadOffset(S, row, from: context.threadPointer) &+ A
        let upper = I.high(value) == 0 ? I.nop : I.settingU(I.lui(a0), value)
        if checkHigh(value, record) { store(upper, offset) }
      }
    default:
      if isImported {
        guard let upper = pairs.addition(before: index, record, records) else {
          return base.reportOutside(record)
        }
        let value = base.entry(row, \.gotTP) &- base.start &- cuts.output(upper)
        store(I.settingI(I.loadWord(a0, a0, is64: Width.is64), value), offset)
      } else {
        let value = base.threadOffset(S, row, from: context.threadPointer) &+ A
        let register = I.high(value) == 0 ? RISCVRegister.zero : a0
        store(I.settingI(I.addi(a0, register), value), offset)
      }
    }
  }
}
