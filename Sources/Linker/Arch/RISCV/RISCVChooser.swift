// Chooses what each cut of a section leaves out, by the addresses of the last round of layout.

internal import ELF

struct RISCVChooser<Width: RISCVWidth> {
  private let context: ApplyContext
  private let section: InputSection
  private let file: InputFile
  private let records: RecordView<Rela>
  private let bytes: ByteView
  /// Address of the section's first byte.
  private let start: UInt64
  /// Whether the file has instructions of two bytes.
  private let isCompressed: Bool
  private let cuts: SectionCuts

  init(_ id: SectionID, _ cuts: SectionCuts, _ context: ApplyContext) {
    self.context = context
    self.cuts = cuts
    section = context.sections[id]
    file = context.files[section.file.index]
    records = section.relocationRecords
    bytes = section.bytes
    start = context.address(of: section)
    let flags = FileHeader(file.bytes)?.flags ?? 0
    isCompressed =
      flags & RISCV<Width>.compressedFlag != 0 && !RISCVChooser.hasWideNops(cuts, records)
  }

  /// Whether alignment in the section has room for nops of four bytes only: it was written without
  /// compressed instructions (`.option norvc`), and one would put it out of step.
  private static func hasWideNops(_ cuts: SectionCuts, _ records: RecordView<Rela>) -> Bool {
    (0..<cuts.count).contains { index in
      let record = records[Int(cuts[index].record)]
      guard record.type == RISCVRelocation.align.rawValue else { return false }
      let size = UInt64(bitPattern: record.addend)
      return RISCVForm.alignment(size) &- size > 2
    }
  }

  /// Returns whether anything changed.
  func run(mayTakeMore: Bool) -> Bool {
    var isChanged = false
    var removed: UInt32 = 0
    for index in 0..<cuts.count {
      let old = cuts[index]
      var cut = old
      let record = records[Int(cut.record)]
      if record.type == RISCVRelocation.align.rawValue {
        cut.form = RISCVForm.aligned.rawValue
        cut.count = surplus(record, removed)
        cut.offset =
          UInt32(truncatingIfNeeded: record.offset &+ UInt64(bitPattern: record.addend))
          &- cut.count
      } else if let type = RISCVRelocation(rawValue: record.type) {
        let limit = cut.isFinal || !mayTakeMore ? cut.count : UInt32.max
        // The place as the last round had it, like all other addresses.
        let place = start &+ record.offset &- UInt64(cut.before)
        let (form, count) = best(type, record, place, limit)
        if count < cut.count { cut.isFinal = true }
        cut.form = form.rawValue
        cut.count = count
        cut.offset = UInt32(truncatingIfNeeded: record.offset) &+ RISCVForm.size(type) &- count
      }
      cut.before = removed
      removed += cut.count
      if cut.count != old.count || cut.before != old.before || cut.form != old.form {
        isChanged = true
      }
      cuts[index] = cut
    }
    return isChanged
  }

  /// The nops that alignment does not take, if `removed` bytes before them are gone.
  private func surplus(_ record: Rela, _ removed: UInt32) -> UInt32 {
    let size = UInt64(bitPattern: record.addend)
    let place = start &+ record.offset &- UInt64(removed)
    let padding = (0 &- place) & (RISCVForm.alignment(size) &- 1)
    return UInt32(truncatingIfNeeded: size - min(padding, size))
  }

  // MARK: Instructions

  /// The form that leaves out the most, but not more than `limit`, and how much.
  private func best(
    _ type: RISCVRelocation, _ record: Rela, _ place: UInt64, _ limit: UInt32
  ) -> (RISCVForm, UInt32) {
    let size = RISCVForm.size(type)
    var forms = forms(type, record, place)
    while let form = forms.takeFirst() {
      let count = size - UInt32(RISCVForm.width(type, form))
      if count <= limit { return (form, count) }
    }
    return (.full, 0)
  }

  /// All forms that are right, the shortest first.
  private func forms(
    _ type: RISCVRelocation, _ record: Rela, _ place: UInt64
  ) -> RISCVForms {
    guard let (row, S, A) = operand(record) else { return RISCVForms() }
    let value = S &+ A
    switch type {
    case .call, .callPLT: return calls(record, value, value &- place)
    case .hi20: return addresses(record, row, value, mayCompress: true)
    case .pcrelHi20: return addresses(record, row, value, mayCompress: false)
    case .tprelHi20, .tprelAdd:
      return isLow(threadOffset(S, row) &+ A) ? RISCVForms(.dropped) : RISCVForms()
    case .tlsDescHi20, .tlsDescLoadLo12:
      return context.isShared ? RISCVForms() : RISCVForms(.dropped)
    case .tlsDescAddLo12:
      var pairs = RISCVPairs()
      // (Only what has a cut itself has an address in these rounds.)
      guard !context.isShared,
        let high = pairs.find(record, records, file, section), cuts.cut(of: high.index) != nil,
        let (row, S, A) = operand(high.record),
        !context.flags[context.definition[row]].contains(.imported)
      else { return RISCVForms() }
      return isLow(threadOffset(S, row) &+ A) ? RISCVForms(.dropped) : RISCVForms()
    default: return RISCVForms()
    }
  }

  private func calls(_ record: Rela, _ target: UInt64, _ distance: UInt64) -> RISCVForms {
    guard distance & 1 == 0, let at = Int(exactly: record.offset),
      let link = bytes.load(UInt32.self, at: at + 4)
    else { return RISCVForms() }
    var forms = RISCVForms()
    let register = RISCVInstruction.rd(link)
    // c.jal is c.addiw where words have 64 bits.
    let mayCompress =
      isCompressed && (register == 0 || register == RISCVRegister.ra && !Width.is64)
    if mayCompress && fits(distance, 12) { forms.append(.compressedJump) }
    if fits(distance, 21) { forms.append(.jump) }
    if !context.isPositionIndependent && fits(target, 12) { forms.append(.nearZero) }
    return forms
  }

  /// Of an address in two parts, the upper.
  private func addresses(
    _ record: Rela, _ row: SymbolID, _ value: UInt64, mayCompress: Bool
  ) -> RISCVForms {
    guard !context.isPositionIndependent else { return RISCVForms() }
    var forms = RISCVForms()
    if isLow(value) { forms.append(.dropped) }
    if let pointer = context.smallDataPointer, fits(value &- pointer, 12),
      fits(value &- pointer &+ rest(row, record), 12)
    {
      forms.append(.droppedSmall)
    }
    if mayCompress && isCompressed, let at = Int(exactly: record.offset),
      let upper = bytes.load(UInt32.self, at: at)
    {
      let register = RISCVInstruction.rd(upper)
      let high = Int32(bitPattern: RISCVInstruction.high(value) << 12) >> 12
      if register != 0 && register != RISCVRegister.sp && high != 0 && high >= -32 && high < 32 {
        forms.append(.compressedUpper)
      }
    }
    return forms
  }

  /// Bytes of the symbol behind the one that is meant: a lower part may have a larger addend.
  private func rest(_ row: SymbolID, _ record: Rela) -> UInt64 {
    let size = context.selection.size(of: context.definition[row])
    guard record.addend >= 0, size > UInt64(record.addend) else { return 0 }
    return size - UInt64(record.addend) - 1
  }

  private func isLow(_ value: UInt64) -> Bool { fits(value, 12) }

  /// 32-bit addresses wrap around.
  private func fits(_ value: UInt64, _ bits: UInt64) -> Bool {
    RISCVInstruction.fits(
      Width.is64 ? value : UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: value))), bits)
  }

  private func threadOffset(_ S: UInt64, _ row: SymbolID) -> UInt64 {
    S == 0 && context.flags[context.definition[row]].contains(.undefined)
      ? 0 : S &- context.threadPointer
  }

  /// S and A of a record; nil: not known, or nothing of the output.
  private func operand(_ record: Rela) -> (row: SymbolID, S: UInt64, A: UInt64)? {
    guard Int(record.symbol) < file.symbolCount else { return nil }
    let row = file.symbolID(Int(record.symbol))
    let S = context.addresses[row]
    let A = UInt64(bitPattern: record.addend)
    guard Layout.isSpecial(S) else { return (row, S, A) }
    // Another section's cuts may be chosen at this moment; assemblers name labels in code that shrinks.
    if S == Layout.unknownMark || S == Layout.shrunkMark { return nil }
    if S == Layout.weakCallMark, RISCV<Width>.isCall(record, section),
      let entry = context.layout.pltEntryAddress(context.definition[row])
    {
      return (row, entry, A)
    }
    guard let special = context.specialAddress(row, A) else { return nil }
    return (row, special.S, special.A)
  }
}
