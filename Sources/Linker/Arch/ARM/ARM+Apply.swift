// Patches the bytes of a section that was copied to the output. 32-bit sums wrap around, so only
// narrower fields have limits (AAELF32, "Relocation codes table").

internal import ELF
internal import Parallel

extension ARM {
  static func apply(_ id: SectionID, to out: OutputBytes, _ context: ApplyContext) {
    let section = context.sections[id]
    if section.kind.contains(.shrunk) {
      let cuts = context.selection.sectionPieces.cuts(of: id, section)
      return apply(
        cuts.relocations(section.relocationRecords), of: id, to: out,
        start: context.address(of: section), context)
    }
    var applier = SectionApplier<ARM>(context: context, id: id, section: section, out: out)
    applier.applyEach(
      section.relocationRecords, in: 0..<Int(section.relocationCount), shift: 0)
  }

  static func apply(
    _ pieces: [RelocationPiece], of id: SectionID, to out: OutputBytes, start: UInt64,
    _ context: ApplyContext
  ) {
    let section = context.sections[id]
    var applier = SectionApplier<ARM>(
      context: context, id: id, section: section, out: out, start: start)
    let records = section.relocationRecords
    for piece in pieces { applier.applyEach(records, in: piece.records, shift: piece.shift) }
  }

  static func apply(
    _ type: Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64, _ A: UInt64,
    _ P: UInt64, _ records: RecordView<Rela>, _ index: Int,
    _ applier: inout SectionApplier<ARM>
  ) -> Int {
    applier.apply(type, record, row, offset, S, A, P)
    return 1
  }
}

extension SectionApplier where T == ARM {
  mutating func apply(
    _ type: ARM.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ address: UInt64,
    _ A: UInt64, _ P: UInt64
  ) {
    // The state is no part of S, so that an addend may lead into the middle of a function.
    let T: UInt64 = context.flags[context.definition[row]].contains(.function) ? address & 1 : 0
    let S = address &- T
    let GOT = context.gotBase
    let value = (S &+ A) | T
    func put(_ value: UInt64) { store(value, type, offset, record) }
    let meaning = ARM.meaning(
      type, context.selection.options,
      isDynamic: context.selection.program.isDynamic || context.isShared)
    switch meaning {
    case .none, .vtEntry, .vtInherit, .target1, .target2: break
    case .abs32: applyWord(record, row, offset, value &- A, A, P)
    case .abs32NoI: applyWord(record, row, offset, S, A, P)
    case .abs16, .abs8, .abs12, .thmAbs5: put(S &+ A)
    case .rel32: put(value &- P)
    case .rel32NoI: put(S &+ A &- P)
    case .prel31: put(value &- P)
    case .call, .jump24, .pc24, .plt32, .thmCall, .thmJump24, .thmJump19:
      applyBranch(type, record, row, offset, address, A, P)
    case .thmJump11, .thmJump8, .thmJump6: put(S &+ A &- P)
    case .movwAbsNC, .thmMovwAbsNC: put(low(value))
    case .movtAbs, .thmMovtAbs: put(high(S &+ A))
    case .movwPrelNC, .thmMovwPrelNC: put(low(value &- P))
    case .movtPrel, .thmMovtPrel: put(high(S &+ A &- P))
    case .thmPC8, .thmPC12, .thmALUPrel11:
      // The processor counts from a word.
      put((meaning == .thmALUPrel11 ? value : S &+ A) &- (P & ~3))
    case .ldrPCG0, .ldrsPCG0, .ldcPCG0: putGroup(0, S &+ A &- P, type, offset, record)
    case .ldrPCG1, .ldrsPCG1, .ldcPCG1: putGroup(1, S &+ A &- P, type, offset, record)
    case .ldrPCG2, .ldrsPCG2, .ldcPCG2: putGroup(2, S &+ A &- P, type, offset, record)
    case .aluPCG0NC: putPart(0, value &- P, isLast: false, offset, record)
    case .aluPCG0: putPart(0, value &- P, isLast: true, offset, record)
    case .aluPCG1NC: putPart(1, value &- P, isLast: false, offset, record)
    case .aluPCG1: putPart(1, value &- P, isLast: true, offset, record)
    case .aluPCG2: putPart(2, value &- P, isLast: true, offset, record)
    case .thmAluAbsG0NC: put(value & 0xff)
    case .thmAluAbsG1NC: put((S &+ A) >> 8 & 0xff)
    case .thmAluAbsG2NC: put((S &+ A) >> 16 & 0xff)
    case .thmAluAbsG3: put((S &+ A) >> 24 & 0xff)
    case .gotBrel, .gotBrel12: put(gotEntry(row) &+ A &- GOT)
    case .gotPrel: put(gotEntry(row) &+ A &- P)
    case .gotAbs: put(gotEntry(row) &+ A)
    case .gotOff32, .gotOff12: put(value &- GOT)
    case .basePrel: put(GOT &+ A &- P)
    case .sbRel32: put(value &- staticBase(S))
    case .movwBrelNC, .thmMovwBrelNC: put(low(value &- staticBase(S)))
    case .movwBrel, .thmMovwBrel: put(value &- staticBase(S))
    case .movtBrel, .thmMovtBrel: put(high(S &+ A &- staticBase(S)))
    case .tlsGD32: put(entry(row, \.tlsGD) &+ A &- P)
    case .tlsLDM32: put(context.gotEntry(context.layout.tlsModuleBaseEntry) &+ A &- P)
    case .tlsLDO32, .tlsLDO12: put(threadOffset(S, row, from: dtpBase) &+ A)
    case .tlsIE32: put(entry(row, \.gotTP) &+ A &- P)
    case .tlsIE12GP: put(entry(row, \.gotTP) &+ A &- GOT)
    case .tlsLE32, .tlsLE12: put(threadOffset(S, row, from: context.threadPointer) &+ A)
    case .v4BX: replaceBX(offset)
    case .tlsGOTDesc, .tlsCall, .thmTLSCall, .tlsDescSeq, .thmTLSDescSeq16, .thmTLSDescSeq32:
      applyDescriptor(type, record, row, offset, S, A, P)
    case .copy, .globDat, .jumpSlot, .relative, .tlsDesc, .tlsDTPMod32, .tlsDTPOff32, .tlsTPOff32,
      .iRelative:
      break  // reported by the scan
    }
  }

  // MARK: Stores

  /// A 32-bit value, as a number with a sign.
  private func signed(_ value: UInt64) -> Int64 { Int64(Int32(truncatingIfNeeded: value)) }

  func store(_ value: UInt64, _ type: ARM.Relocation, _ offset: Int, _ record: Rela) {
    guard let field = ARM.field(type) else { return }
    let value = signed(value)
    guard field.holds(value) else { return reportOverflow(record, value, field.bits) }
    field.store(value, to: out, at: offset)
  }

  private func low(_ value: UInt64) -> UInt64 {
    UInt64(bitPattern: Int64(Int16(truncatingIfNeeded: value)))
  }

  private func high(_ value: UInt64) -> UInt64 { low(value >> 16) }

  /// The origin that offsets of a static base count from: the segment of the symbol.
  private func staticBase(_ S: UInt64) -> UInt64 {
    context.layout.loads.last { $0.start <= S }?.start ?? 0
  }

  /// --fix-v4bx: `bx rM` becomes `mov pc, rM`, which ARMv4 has.
  private func replaceBX(_ offset: Int) {
    guard context.selection.options.replacesBX else { return }
    let word = out.load(UInt32.self, at: offset)
    if word & 0x0fff_fff0 == 0x012f_ff10 && word & 0xf != 15 {
      out.store(word & 0xf000_000f | 0x01a0_f000, at: offset)
    }
  }

  // MARK: Groups

  /// Splits a distance into the parts that a sequence of ADDs takes, the highest bits first, each a
  /// byte at an even place; the load at its end takes the rest (AAELF32, "Group relocations").
  private func part(_ number: Int, of magnitude: UInt32) -> (part: UInt32, rest: UInt32) {
    var rest = magnitude
    var part: UInt32 = 0
    for _ in 0...number {
      part = 0
      guard rest != 0 else { continue }
      let top = (31 - UInt32(rest.leadingZeroBitCount)) & ~1
      let shift = top < 6 ? 0 : top - 6
      part = rest & 0xff << shift
      rest &= ~part
    }
    return (part, rest)
  }

  private func putPart(
    _ number: Int, _ value: UInt64, isLast: Bool, _ offset: Int, _ record: Rela
  ) {
    let value = signed(value)
    let (part, rest) = part(number, of: UInt32(truncatingIfNeeded: value.magnitude))
    if isLast && rest != 0 { return reportOverflow(record, value, 8) }
    let signed = value < 0 ? -Int64(part) : Int64(part)
    ARM.Field.rotatedByte.store(signed, to: out, at: offset)
  }

  private func putGroup(
    _ number: Int, _ value: UInt64, _ type: ARM.Relocation, _ offset: Int, _ record: Rela
  ) {
    let value = signed(value)
    var rest = UInt32(truncatingIfNeeded: value.magnitude)
    if number > 0 { rest = part(number - 1, of: rest).rest }
    let signed = value < 0 ? -Int64(rest) : Int64(rest)
    guard let field = ARM.field(type), field.holds(signed) else {
      return reportOverflow(record, value, ARM.field(type)?.bits ?? 0)
    }
    field.store(signed, to: out, at: offset)
  }
}
