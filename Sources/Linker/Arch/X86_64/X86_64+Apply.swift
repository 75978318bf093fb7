// Patches the bytes of a section that was copied to the output.
//
// The loop and the table of formulas are here; files beside this one have loads from the GOT
// (+ApplyGOT), sizes of symbols (+Size) and thread-local code (+ApplyThreadLocal).

internal import ELF
internal import Parallel

extension X86_64 {
  /// Applies the relocations of an allocated section.
  static func apply(_ id: SectionID, to out: OutputBytes, _ context: ApplyContext) {
    let section = context.sections[id]
    var applier = SectionApplier<X86_64>(context: context, id: id, section: section, out: out)
    applier.run()
  }

  static func apply(
    _ pieces: [RelocationPiece], of id: SectionID, to out: OutputBytes, start: UInt64,
    _ context: ApplyContext
  ) {
    let section = context.sections[id]
    var applier = SectionApplier<X86_64>(
      context: context, id: id, section: section, out: out, start: start)
    let records = section.relocationRecords
    for piece in pieces { applier.apply(records, in: piece.records, shift: piece.shift) }
  }
}

extension X86_64 {
  @inline(__always) static func apply(
    _ type: Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64, _ A: UInt64,
    _ P: UInt64, _ records: RecordView<Rela>, _ index: Int,
    _ applier: inout SectionApplier<X86_64>
  ) -> Int {
    applier.apply(type, record, row, offset, S, A, P, records, index)
  }
}

extension SectionApplier where T == X86_64 {
  private typealias Relocation = X86_64.Relocation

  mutating func run() {
    apply(section.relocationRecords, in: 0..<Int(section.relocationCount), shift: 0)
  }

  /// Applies the records of `range` to `out`. `shift` is added to their offsets, for records that
  /// were moved inside their section.
  mutating func apply(_ records: RecordView<Rela>, in range: Range<Int>, shift: Int64) {
    let (addresses, base, symbolCount) = (context.addresses, file.symbolBase, file.symbolCount)
    let isReversed = section.kind.contains(.reversed)
    var index = range.lowerBound
    while index < range.upperBound {
      let record = records[index]
      var offset = record.offset &+ UInt64(bitPattern: shift)
      if isReversed { offset = UInt64(out.count) &- 8 &- offset }
      guard Int(record.symbol) < symbolCount else {
        index += 1
        continue  // reported by the scan
      }
      let row = SymbolID(rawValue: base &+ record.symbol)
      var S = addresses[row]
      var A = UInt64(bitPattern: record.addend)
      let P = start &+ offset
      // The dominant kinds first: about 95 % are PC32 and PLT32. (One mask for both is not faster.)
      if record.type == Relocation.pc32.rawValue || record.type == Relocation.plt32.rawValue {
        if Layout.isSpecial(S) { (S, A) = special(record, row) }
        let value = Int64(bitPattern: S &+ A &- P)
        guard out.holds(offset, 4) else {
          reportOutside(record)
          index += 1
          continue
        }
        if value == Int64(Int32(truncatingIfNeeded: value)) {
          out.store(Int32(truncatingIfNeeded: value), at: Int(offset))
        } else {
          reportOverflow(record, value, 32)
        }
        index += 1
        continue
      }
      guard let type = Relocation(rawValue: record.type) else {
        index += 1
        continue
      }
      guard out.holds(offset, type.width) else {
        reportOutside(record)
        index += 1
        continue
      }
      if Layout.isSpecial(S) { (S, A) = special(record, row) }
      index += apply(type, record, row, Int(offset), S, A, P, records, index)
    }
  }

  /// Returns how many records were used.
  fileprivate mutating func apply(
    _ type: X86_64.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64,
    _ A: UInt64,
    _ P: UInt64, _ records: RecordView<Rela>, _ index: Int
  ) -> Int {
    switch type {
    case .none, .tlsDescCall:
      if type == .tlsDescCall { applyTLSDescCall(record, row, offset) }
    case .abs64: applyWord(record, row, offset, S, A, P)
    case .abs32: storeUnsigned(S &+ A, 32, offset, record)
    case .abs32S: storeSigned(S &+ A, 32, offset, record)
    case .abs16: storeEither(S &+ A, 16, offset, record)
    case .abs8: storeEither(S &+ A, 8, offset, record)
    case .pc32, .plt32: storeSigned(S &+ A &- P, 32, offset, record)
    case .pc16: storeSigned(S &+ A &- P, 16, offset, record)
    case .pc8: storeSigned(S &+ A &- P, 8, offset, record)
    case .pc64: out.store(S &+ A &- P, at: offset)
    case .gotPCRelX, .rexGOTPCRelX: applyGOTLoad(type, record, row, offset, S, A, P)
    case .gotPCRel, .code4GOTPCRelX: storeSigned(gotEntry(row) &+ A &- P, 32, offset, record)
    case .gotPCRel64: out.store(gotEntry(row) &+ A &- P, at: offset)
    case .got32: storeSigned(gotEntry(row) &- context.gotBase &+ A, 32, offset, record)
    case .got64, .gotPLT64: out.store(gotEntry(row) &- context.gotBase &+ A, at: offset)
    case .gotOff64: out.store(S &+ A &- context.gotBase, at: offset)
    case .gotPC32: storeSigned(context.gotBase &+ A &- P, 32, offset, record)
    case .gotPC64: out.store(context.gotBase &+ A &- P, at: offset)
    case .pltOff64: out.store(S &+ A &- context.gotBase, at: offset)
    case .size32, .size64: applySize(type, record, row, offset, P)
    case .tlsGD, .tlsLD: return applyThreadCall(type, record, row, offset, S, A, P, records, index)
    case .dtpOff32:
      storeSigned(threadOffset(S, row, from: dtpBase) &+ A, 32, offset, record)
    case .dtpOff64: out.store(threadOffset(S, row, from: dtpBase) &+ A, at: offset)
    case .tpOff32:
      storeSigned(threadOffset(S, row, from: context.threadPointer) &+ A, 32, offset, record)
    case .tpOff64: out.store(threadOffset(S, row, from: context.threadPointer) &+ A, at: offset)
    case .gotTPOff: applyThreadOffsetLoad(record, row, offset, S, A, P)
    case .code4GOTTPOff: storeSigned(entry(row, \.gotTP) &+ A &- P, 32, offset, record)
    case .gotPC32TLSDesc, .code4GOTPC32TLSDesc:
      applyTLSDescLoad(type, record, row, offset, S, A, P)
    case .copy, .globDat, .jumpSlot, .relative, .relative64, .iRelative, .dtpMod64, .tlsDesc:
      break  // reported by the scan
    }
    return 1
  }
}
