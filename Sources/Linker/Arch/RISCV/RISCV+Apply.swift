// Patches the bytes of a section that was copied to the output: the loop, and what each type of
// relocation computes. Of sections that get shorter only what is left was copied; a relocation with a
// cut finds there the form that was chosen (+Shrink).

internal import ELF
internal import Parallel

extension RISCV {
  static func apply(_ id: SectionID, to out: OutputBytes, _ context: ApplyContext) {
    let section = context.sections[id]
    var applier = RISCVApplier<Width>(
      base: SectionApplier(context: context, id: id, section: section, out: out))
    applier.run(in: 0..<applier.records.count, shift: 0)
  }

  static func apply(
    _ pieces: [RelocationPiece], of id: SectionID, to out: OutputBytes, start: UInt64,
    _ context: ApplyContext
  ) {
    let section = context.sections[id]
    var applier = RISCVApplier<Width>(
      base: SectionApplier(context: context, id: id, section: section, out: out, start: start))
    for piece in pieces { applier.run(in: piece.records, shift: piece.shift) }
  }

  static func apply(
    _ type: Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64, _ A: UInt64,
    _ P: UInt64, _ records: RecordView<Rela>, _ index: Int,
    _ applier: inout SectionApplier<RISCV>
  ) -> Int {
    var own = RISCVApplier<Width>(base: applier)
    own.apply(type, record, row, offset, S, A, P, index)
    applier = own.base
    return 1
  }
}

/// Applies the relocations of one section.
struct RISCVApplier<Width: RISCVWidth> {
  var base: SectionApplier<RISCV<Width>>
  let records: RecordView<Rela>
  let cuts: SectionCuts
  /// The form of the instruction that is being patched.
  var form = RISCVForm.full
  /// What the last SET_ULEB128 has set, and where.
  var minuend: (offset: Int, value: UInt64)?
  /// The first halves of pairs that are counted from the place.
  var pairs = RISCVPairs()

  init(base: SectionApplier<RISCV<Width>>) {
    self.base = base
    records = base.section.relocationRecords
    cuts = base.context.selection.sectionPieces.cuts(of: base.id, base.section)
  }

  var context: ApplyContext { base.context }
  var out: OutputBytes { base.out }

  mutating func run(in range: Range<Int>, shift: Int64) {
    let (addresses, symbolBase) = (context.addresses, base.file.symbolBase)
    let symbolCount = base.file.symbolCount
    let isReversed = base.section.kind.contains(.reversed)
    let wordSize = UInt64(context.format.wordSize)
    var next = 0
    for index in range {
      let record = records[index]
      // Both are reported by the scan.
      guard Int(record.symbol) < symbolCount, let type = RISCVRelocation(rawValue: record.type),
        type != .relax
      else { continue }
      // Where the record is in what is left: cuts before its own have ended, or hold it.
      while next < cuts.count, cuts[next].record < index { next += 1 }
      var offset = record.offset
      if next > 0 {
        let last = cuts[next - 1]
        let end = UInt64(last.offset) + UInt64(last.count)
        if offset < end && offset > last.offset { continue }
        offset = offset &- UInt64(last.before) &- (offset < end ? 0 : UInt64(last.count))
      }
      form = .full
      if next < cuts.count, cuts[next].record == index {
        form = RISCVForm(rawValue: cuts[next].form) ?? .full
      }
      offset = offset &+ UInt64(bitPattern: shift)
      if isReversed { offset = UInt64(out.count) &- wordSize &- offset }
      guard out.holds(offset, RISCVForm.width(type, form)) else {
        base.reportOutside(record)
        continue
      }
      let row = SymbolID(rawValue: symbolBase &+ record.symbol)
      var S = addresses[row]
      var A = UInt64(bitPattern: record.addend)
      if Layout.isSpecial(S) { (S, A) = base.special(record, row) }
      apply(type, record, row, Int(offset), S, A, base.start &+ offset, index)
    }
  }

  mutating func apply(
    _ type: RISCVRelocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64,
    _ A: UInt64, _ P: UInt64, _ index: Int
  ) {
    let value = S &+ A
    switch type {
    case .none, .relax: break
    case .align: fillAlignment(record, offset, P, index)
    case .abs32:
      if Width.is64 {
        base.storeEither(value, 32, offset, record)
      } else {
        base.applyWord(record, row, offset, S, A, P)
      }
    case .abs64:
      if Width.is64 {
        base.applyWord(record, row, offset, S, A, P)
      } else {
        out.store(value, at: offset)
      }
    case .pcrel32, .plt32: storeDistance(value &- P, offset, record)
    case .got32PCRel: storeDistance(base.gotEntry(row) &+ A &- P, offset, record)
    case .branch, .jal, .rvcBranch, .rvcJump: applyBranch(type, record, value &- P, offset)
    case .call, .callPLT: applyCall(record, row, value, P, offset)
    case .hi20, .lo12I, .lo12S: applyAbsolute(type, record, row, value, offset, index)
    case .pcrelHi20, .gotHi20, .tlsGOTHi20, .tlsGDHi20, .tlsDescHi20:
      applyHigh(type, record, row, S, A, P, offset)
    case .pcrelLo12I, .pcrelLo12S: applyLow(type, record, offset, index)
    case .tprelHi20, .tprelLo12I, .tprelLo12S, .tprelAdd:
      let value = base.threadOffset(S, row, from: context.threadPointer) &+ A
      applyThreadOffset(type, record, value, offset, index)
    case .tlsDescLoadLo12, .tlsDescAddLo12, .tlsDescCall:
      applyDescriptor(type, record, P, offset, index)
    case .dtpRel32:
      let offsetInBlock = base.threadOffset(S, row, from: context.threadBlock) &+ A
      out.store(UInt32(truncatingIfNeeded: offsetInBlock &- context.moduleBias), at: offset)
    case .dtpRel64:
      out.store(
        base.threadOffset(S, row, from: context.threadBlock) &+ A &- context.moduleBias, at: offset)
    case .add8, .sub8, .set8, .add16, .sub16, .set16, .add32, .sub32, .set32, .add64, .sub64, .set6,
      .sub6:
      applyDifference(type, value, offset)
    case .setULEB128, .subULEB128: applyNumber(type, record, value, offset, index)
    case .relative, .copy, .jumpSlot, .dtpMod32, .dtpMod64, .tpRel32, .tpRel64, .tlsDesc,
      .iRelative:
      break  // reported by the scan
    }
  }

  // MARK: Data

  /// Addresses of 32 bits wrap around.
  private func storeDistance(_ value: UInt64, _ offset: Int, _ record: Rela) {
    if Width.is64 {
      base.storeSigned(value, 32, offset, record)
    } else {
      out.store(UInt32(truncatingIfNeeded: value), at: offset)
    }
  }

  private func applyDifference(_ type: RISCVRelocation, _ value: UInt64, _ offset: Int) {
    func change<N: FixedWidthInteger & BitwiseCopyable>(_ type: N.Type, _ change: (N, N) -> N) {
      out.store(change(out.load(N.self, at: offset), N(truncatingIfNeeded: value)), at: offset)
    }
    switch type {
    case .add8: change(UInt8.self, &+)
    case .add16: change(UInt16.self, &+)
    case .add32: change(UInt32.self, &+)
    case .add64: change(UInt64.self, &+)
    case .sub8: change(UInt8.self, &-)
    case .sub16: change(UInt16.self, &-)
    case .sub32: change(UInt32.self, &-)
    case .sub64: change(UInt64.self, &-)
    case .set8: change(UInt8.self) { $1 }
    case .set16: change(UInt16.self) { $1 }
    case .set32: change(UInt32.self) { $1 }
    case .set6: out.storeSixBits(value, isSubtracted: false, at: offset)
    case .sub6: out.storeSixBits(value, isSubtracted: true, at: offset)
    default: break
    }
  }

  /// A number in as many bytes as the assembler has left: of a pair of records, the first adds what may
  /// be more than these hold.
  private mutating func applyNumber(
    _ type: RISCVRelocation, _ record: Rela, _ value: UInt64, _ offset: Int, _ index: Int
  ) {
    guard let length = out.lengthOfNumber(at: offset) else { return base.reportOutside(record) }
    guard type == .subULEB128 else {
      minuend = (offset, value)
      return out.storeNumber(value, at: offset, length: length)
    }
    let before =
      minuend?.offset == offset ? minuend?.value : out.number(at: offset, length: length)
    let number = (before ?? 0) &- value
    if !OutputBytes.holds(number: number, length: length) {
      base.reportOverflow(record, Int64(bitPattern: number), 7 * length)
    }
    out.storeNumber(number, at: offset, length: length)
  }

  /// What is left of the nops becomes long ones, and a short one behind them.
  private func fillAlignment(_ record: Rela, _ offset: Int, _ P: UInt64, _ index: Int) {
    let removed = UInt64(cuts.cut(of: index)?.count ?? 0)
    let size = UInt64(bitPattern: record.addend)
    guard size >= removed, out.holds(UInt64(offset), 0) else { return }
    let kept = min(Int(clamping: size - removed), out.count - offset)
    let alignment = RISCVForm.alignment(size)
    if (P &+ UInt64(kept)) & (alignment - 1) != 0 {
      context.selection.log.fault(
        .badRelocation(
          context.selection.displayName(base.id), record.offset,
          "cannot align 0x\(String(P, radix: 16)) to \(alignment) bytes with \(size) bytes of nops"),
        at: base.place(record))
    }
    var position = offset
    while position + 4 <= offset + kept {
      out.store(RISCVInstruction.nop, at: position)
      position += 4
    }
    if position + 2 <= offset + kept {
      out.store(RISCVInstruction.compressedNop, at: position)
    }
  }
}
