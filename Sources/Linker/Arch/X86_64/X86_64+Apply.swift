// Patches the bytes of a section that was copied to the output.
//
// The letters are those of the psABI: S is the symbol's address, A the addend, P the place, G the
// symbol's GOT entry as an offset from the GOT, GOT its address, L the PLT entry.

internal import ELF
internal import Parallel

/// What applying may read and write, copied out of the tables for the loop's sake.
struct ApplyContext: @unchecked Sendable {
  // Sendable: tables are read only by now; the dynamic relocations of a section have slots of
  // their own.
  let layout: Layout
  let selection: Selection
  let files: Block<InputFile>
  let sections: Column<SectionID, InputSection>
  let outputAddresses: Block<UInt64>
  let relativeStarts: Column<SectionID, UInt32>
  let symbolicStarts: Column<SectionID, UInt32>
  let pieces: MergePieces
  let definingSection: Column<SymbolID, SectionID>
  let addresses: Column<SymbolID, UInt64>
  let definition: Column<SymbolID, SymbolID>
  let flags: AtomicFlags<SymbolID, SymbolFlags>
  let isShared: Bool
  let isPositionIndependent: Bool
  let relaxes: Bool
  /// Address of `.got`.
  let got: UInt64
  /// `_GLOBAL_OFFSET_TABLE_`.
  let gotBase: UInt64
  /// The thread pointer of the main program: the aligned end of the TLS segment.
  let threadPointer: UInt64
  /// Start of the TLS segment.
  let threadBlock: UInt64
  let applyAddends: Bool
  let packsRelative: Bool

  init(_ layout: Layout) {
    self.layout = layout
    selection = layout.selection
    files = selection.files
    sections = selection.sections
    outputAddresses = layout.outputAddresses
    relativeStarts = layout.relativeStarts
    symbolicStarts = layout.symbolicStarts
    pieces = selection.pieces
    definingSection = selection.definingSection
    addresses = layout.addresses
    definition = selection.program.definition
    flags = selection.program.flags
    let options = selection.options
    isShared = options.outputKind == .sharedObject
    isPositionIndependent = options.outputKind.isPositionIndependent
    relaxes = options.relax
    got = layout.address(of: .got)
    gotBase = layout.gotBase
    threadPointer = layout.threadPointer
    threadBlock = layout.threadBlock
    applyAddends = options.applyDynamicRelocations
    packsRelative = options.packRelativeRelocations
  }

  /// Address of an input section's first byte.
  @inline(__always) func address(of section: InputSection) -> UInt64 {
    section.output == .none ? 0 : outputAddresses[section.output.index] &+ section.offset
  }

  /// S and A for a symbol with a mark; nil: what it marks is not in the output.
  @inline(__always) func specialAddress(_ row: SymbolID, _ addend: UInt64) -> (UInt64, UInt64)? {
    if addresses[row] == Layout.mergedMark {
      let section = definingSection[definition[row]]
      if section != .none && pieces.isMerged(section) {
        return (pieces.address(section, addend), 0)
      }
    }
    return layout.specialAddress(row, addend)
  }

  /// Address of a GOT entry.
  @inline(__always) func gotEntry(_ index: Int32) -> UInt64 {
    got &+ UInt64(bitPattern: Int64(index) * 8)
  }
}

extension X86_64 {
  /// Applies the relocations of an allocated section.
  static func apply(_ id: SectionID, to out: OutputBytes, _ context: ApplyContext) {
    let section = context.sections[id]
    var applier = SectionApplier(context: context, id: id, section: section, out: out)
    applier.run()
  }
}

struct SectionApplier {
  let context: ApplyContext
  let id: SectionID
  let section: InputSection
  let out: OutputBytes
  let file: InputFile
  /// Address of the section's first byte.
  let start: UInt64
  /// The section's next slots for dynamic relocations.
  var relativeSlot: Int
  var symbolicSlot: Int

  typealias Relocation = X86_64.Relocation

  /// `start`: the address of `out`; nil: that of the section.
  init(
    context: ApplyContext, id: SectionID, section: InputSection, out: OutputBytes,
    start: UInt64? = nil
  ) {
    self.context = context
    self.id = id
    self.section = section
    self.out = out
    file = context.files[section.file.index]
    self.start = start ?? context.address(of: section)
    relativeSlot = Int(context.relativeStarts[id])
    symbolicSlot = Int(context.symbolicStarts[id])
  }

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
      // The dominant kinds first: about 95 % are PC32 and PLT32.
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

  /// S and A for symbols that have no one address. What refers to a section that is not in the
  /// output gets 0; in tables of exception handling that is customary, elsewhere an error.
  private func special(_ record: Rela, _ row: SymbolID) -> (UInt64, UInt64) {
    let isCall =
      record.type == Relocation.plt32.rawValue || record.type == Relocation.pltOff64.rawValue
      || record.type == Relocation.pc32.rawValue
        && X86_64.isBranch(section.instructions, at: record.offset)
    if isCall, context.addresses[row] == Layout.weakCallMark,
      let entry = context.layout.pltEntryAddress(context.definition[row])
    {
      return (entry, UInt64(bitPattern: record.addend))
    }
    if let (S, A) = context.specialAddress(row, UInt64(bitPattern: record.addend)) {
      return (S, A)
    }
    let name = context.selection.sectionName(id)
    if !name.hasPrefix(".gcc_except_table") && !name.hasPrefix(".eh_frame") {
      if context.selection.reportDropped(row, from: id) { return (0, 0) }
      context.selection.log.error(
        .discardedReference(
          context.selection.symbolDescription(row), context.selection.displayName(id)),
        at: place(record))
    }
    return (0, 0)
  }

  /// Returns how many records were used.
  private mutating func apply(
    _ type: Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64, _ A: UInt64,
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
    case .gotPCRel, .code4GOTPCRelX: storeSigned(gotSlot(row) &+ A &- P, 32, offset, record)
    case .gotPCRel64: out.store(gotSlot(row) &+ A &- P, at: offset)
    case .got32: storeSigned(gotSlot(row) &- context.gotBase &+ A, 32, offset, record)
    case .got64, .gotPLT64: out.store(gotSlot(row) &- context.gotBase &+ A, at: offset)
    case .gotOff64: out.store(S &+ A &- context.gotBase, at: offset)
    case .gotPC32: storeSigned(context.gotBase &+ A &- P, 32, offset, record)
    case .gotPC64: out.store(context.gotBase &+ A &- P, at: offset)
    case .pltOff64: out.store(S &+ A &- context.gotBase, at: offset)
    case .size32, .size64: applySize(type, record, row, offset, P)
    case .tlsGD, .tlsLD: return applyThreadCall(type, record, row, offset, S, A, P, records, index)
    case .dtpOff32:
      storeSigned(S &+ A &- dtpBase, 32, offset, record)
    case .dtpOff64: out.store(S &+ A &- dtpBase, at: offset)
    case .tpOff32: storeSigned(S &+ A &- context.threadPointer, 32, offset, record)
    case .tpOff64: out.store(S &+ A &- context.threadPointer, at: offset)
    case .gotTPOff: applyThreadOffsetLoad(record, row, offset, S, A, P)
    case .code4GOTTPOff: storeSigned(slot(row, \.gotTP) &+ A &- P, 32, offset, record)
    case .gotPC32TLSDesc: applyTLSDescLoad(record, row, offset, S, A, P)
    case .code4GOTPC32TLSDesc: storeSigned(slot(row, \.tlsDesc) &+ A &- P, 32, offset, record)
    case .copy, .globDat, .jumpSlot, .relative, .relative64, .iRelative, .dtpMod64, .tlsDesc:
      break  // reported by the scan
    }
    return 1
  }

  /// What local-dynamic offsets are relative to: the TLS block; in a program, whose LD sequences are
  /// replaced, the thread pointer. A sequence that stayed gets that as well, from the GOT.
  private var dtpBase: UInt64 {
    context.isShared || !context.relaxes ? context.threadBlock : context.threadPointer
  }

  // MARK: Words

  private mutating func applyWord(
    _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64, _ A: UInt64, _ P: UInt64
  ) {
    let target = context.definition[row]
    let facts = context.flags[target]
    let source = X86_64.wordSource(
      facts, isWritable: section.kind.contains(.write), isShared: context.isShared,
      isPositionIndependent: context.isPositionIndependent)
    switch source {
    case .link:
      out.store(S &+ A, at: offset)
    case .lookup:
      addSymbolic(.abs64, target, P, A)
      out.store(context.applyAddends ? A : 0, at: offset)
    case .resolver where !facts.contains(.needsCanonicalPLT):
      // The IRELATIVE relocation stands behind those of the PLT.
      out.store(0 as UInt64, at: offset)
    case .load, .resolver:
      if context.packsRelative && context.layout.isPackable(section, id) {
        out.store(S &+ A, at: offset)
        return
      }
      context.layout.relaDynamic.storeRecord(
        Rela(
          offset: P, type: Relocation.relative.rawValue, symbol: 0,
          addend: Int64(bitPattern: S &+ A)), at: relativeSlot * Rela.size)
      relativeSlot += 1
      out.store(context.applyAddends ? S &+ A : 0, at: offset)
    }
  }

  /// Adds a dynamic relocation that names a symbol.
  private mutating func addSymbolic(
    _ type: Relocation, _ target: SymbolID, _ P: UInt64, _ A: UInt64
  ) {
    let index = context.selection.slots.record(target)?.dynamicSymbol ?? 0
    context.layout.relaDynamic.storeRecord(
      Rela(
        offset: P, type: type.rawValue, symbol: UInt32(bitPattern: index),
        addend: Int64(bitPattern: A)), at: symbolicSlot * Rela.size)
    symbolicSlot += 1
  }

  private mutating func applySize(
    _ type: Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ P: UInt64
  ) {
    let target = context.definition[row]
    let isWritable = section.kind.contains(.write)
    if X86_64.isSizeLookedUp(type, context.flags[target], isWritable: isWritable) {
      addSymbolic(type, target, P, UInt64(bitPattern: record.addend))
      out.store(0 as UInt64, at: offset)
      return
    }
    let size = context.selection.inputs.entry(of: context.definition[row]).symbol.size
    let value = size &+ UInt64(bitPattern: record.addend)
    if type == .size64 {
      out.store(value, at: offset)
    } else {
      storeUnsigned(value, 32, offset, record)
    }
  }

  // MARK: The GOT

  private func slot(_ row: SymbolID, _ entry: KeyPath<SlotRecord, Int32>) -> UInt64 {
    let record = context.selection.slots.record(context.definition[row])
    return context.gotEntry(record?[keyPath: entry] ?? 0)
  }

  @inline(__always) private func gotSlot(_ row: SymbolID) -> UInt64 {
    context.gotEntry(context.selection.slots.record(context.definition[row])?.got ?? 0)
  }

  private func applyGOTLoad(
    _ type: Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64, _ A: UInt64,
    _ P: UInt64
  ) {
    let target = context.definition[row]
    let bytes = section.instructions
    guard context.relaxes, X86_64.isRelaxable(type, record, context.flags[target], bytes),
      !X86_64.isFar(target, context.definingSection, context.sections),
      let load = X86_64.gotLoad(type, bytes, at: record.offset)
    else {
      storeSigned(gotSlot(row) &+ A &- P, 32, offset, record)
      return
    }
    switch load {
    case .mov:
      out.store(0x8d as UInt8, at: offset - 2)  // lea
      storeSigned(S &+ A &- P, 32, offset, record)
    case .call:
      out.store(0x67 as UInt8, at: offset - 2)  // addr32
      out.store(0xe8 as UInt8, at: offset - 1)  // call
      storeSigned(S &+ A &- P, 32, offset, record)
    case .jump:
      // The shorter jump begins at the same place, so it ends one byte earlier.
      out.store(0xe9 as UInt8, at: offset - 2)  // jmp
      storeSigned(S &+ A &- P &+ 1, 32, offset - 1, record)
      out.store(0x90 as UInt8, at: offset + 3)  // nop
    }
  }

  // MARK: Thread-local storage

  /// General-dynamic and local-dynamic sequences.
  private func applyThreadCall(
    _ type: Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64, _ A: UInt64,
    _ P: UInt64, _ records: RecordView<Rela>, _ index: Int
  ) -> Int {
    let facts = context.flags[context.definition[row]]
    let bytes = section.instructions
    guard !context.isShared && context.relaxes,
      let call = X86_64.threadCall(type, records, index, bytes)
    else {
      let entry =
        type == .tlsGD ? slot(row, \.tlsGD) : context.gotEntry(context.layout.tlsModuleBaseEntry)
      storeSigned(entry &+ A &- P, 32, offset, record)
      return 1
    }
    let start: Int
    let code: [UInt8]
    switch call {
    case .general:
      start = offset - 4
      code =
        facts.contains(.imported)
        ? [
          0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0,  // mov %fs:0, %rax
          0x48, 0x03, 0x05, 0, 0, 0, 0,  // add foo@GOTTPOFF(%rip), %rax
        ]
        : [
          0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0,  // mov %fs:0, %rax
          0x48, 0x8d, 0x80, 0, 0, 0, 0,  // lea foo@TPOFF(%rax), %rax
        ]
    case .generalLarge:
      start = offset - 3
      code =
        facts.contains(.imported)
        ? [
          0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0,  // mov %fs:0, %rax
          0x48, 0x03, 0x05, 0, 0, 0, 0,  // add foo@GOTTPOFF(%rip), %rax
          0x66, 0x0f, 0x1f, 0x44, 0, 0,  // nop
        ]
        : [
          0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0,  // mov %fs:0, %rax
          0x48, 0x8d, 0x80, 0, 0, 0, 0,  // lea foo@TPOFF(%rax), %rax
          0x66, 0x0f, 0x1f, 0x44, 0, 0,  // nop
        ]
    case .local:
      start = offset - 3
      code = [
        0x66, 0x66, 0x66,  // data16 prefixes
        0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0,  // mov %fs:0, %rax
      ]
    case .localIndirect:
      start = offset - 3
      code = [
        0x66, 0x66, 0x66, 0x66,  // data16 prefixes
        0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0,  // mov %fs:0, %rax
      ]
    case .localLarge:
      start = offset - 3
      code = [
        0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,  // data16 prefixes
        0x66, 0x0f, 0x1f, 0x44, 0, 0,  // nop
        0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0,  // mov %fs:0, %rax
      ]
    }
    guard start >= 0, out.holds(UInt64(start), code.count) else {
      reportOutside(record)
      return 2
    }
    out.copy(code, at: start)
    if call == .general || call == .generalLarge {
      let operand = start + 12
      let place = self.start &+ UInt64(operand)
      let value =
        facts.contains(.imported)
        ? slot(row, \.gotTP) &- place &- 4 : S &+ A &+ 4 &- context.threadPointer
      storeSigned(value, 32, operand, record)
    }
    return 2
  }

  /// Initial-exec loads.
  private func applyThreadOffsetLoad(
    _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64, _ A: UInt64, _ P: UInt64
  ) {
    let facts = context.flags[context.definition[row]]
    guard !context.isShared && context.relaxes, !facts.contains(.imported),
      let load = X86_64.threadOffsetLoad(section.instructions, at: record.offset)
    else {
      storeSigned(slot(row, \.gotTP) &+ A &- P, 32, offset, record)
      return
    }
    let prefix = out.load(UInt8.self, at: offset - 3)
    let register = out.load(UInt8.self, at: offset - 1) >> 3 & 7
    // The register moves from the reg field to the r/m field, so REX.R becomes REX.B.
    out.store(prefix & 4 != 0 ? 0x49 : 0x48 as UInt8, at: offset - 3)
    out.store(load == .mov ? 0xc7 : 0x81 as UInt8, at: offset - 2)  // mov or add $imm32, %reg
    out.store(0xc0 | register, at: offset - 1)
    storeSigned(S &+ A &+ 4 &- context.threadPointer, 32, offset, record)
  }

  private func applyTLSDescLoad(
    _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64, _ A: UInt64, _ P: UInt64
  ) {
    let facts = context.flags[context.definition[row]]
    guard !context.isShared && context.relaxes,
      X86_64.isTLSDescLoad(section.instructions, at: record.offset)
    else {
      storeSigned(slot(row, \.tlsDesc) &+ A &- P, 32, offset, record)
      return
    }
    let prefix = out.load(UInt8.self, at: offset - 3)
    if facts.contains(.imported) {
      out.store(0x8b as UInt8, at: offset - 2)  // mov foo@GOTTPOFF(%rip), %reg
      storeSigned(slot(row, \.gotTP) &+ A &- P, 32, offset, record)
    } else {
      let register = out.load(UInt8.self, at: offset - 1) >> 3 & 7
      out.store(prefix & 4 != 0 ? 0x49 : 0x48 as UInt8, at: offset - 3)
      out.store(0xc7 as UInt8, at: offset - 2)  // mov $foo@TPOFF, %reg
      out.store(0xc0 | register, at: offset - 1)
      storeSigned(S &+ A &+ 4 &- context.threadPointer, 32, offset, record)
    }
  }

  private func applyTLSDescCall(_ record: Rela, _ row: SymbolID, _ offset: Int) {
    guard !context.isShared && context.relaxes,
      let size = X86_64.descriptorCallSize(section.instructions, at: record.offset),
      out.holds(UInt64(offset), size)
    else { return }
    if size == 2 {
      out.copy([0x66, 0x90], at: offset)  // xchg %ax, %ax
    } else {
      out.copy([0x0f, 0x1f, 0x00], at: offset)  // nopl (%rax)
    }
  }

  // MARK: Stores

  @inline(__always) private func storeSigned(
    _ value: UInt64, _ bits: Int, _ offset: Int, _ record: Rela
  ) {
    let signed = Int64(bitPattern: value)
    let limit = Int64(1) << Int64(bits - 1)
    guard signed >= -limit && signed < limit else { return reportOverflow(record, signed, bits) }
    store(value, bits, offset)
  }

  private func storeUnsigned(_ value: UInt64, _ bits: Int, _ offset: Int, _ record: Rela) {
    guard value >> UInt64(bits) == 0 else {
      return reportOverflow(record, Int64(bitPattern: value), bits)
    }
    store(value, bits, offset)
  }

  /// Small fields take signed and unsigned numbers.
  private func storeEither(_ value: UInt64, _ bits: Int, _ offset: Int, _ record: Rela) {
    let signed = Int64(bitPattern: value)
    guard signed >= -(Int64(1) << Int64(bits - 1)) && signed < Int64(1) << Int64(bits) else {
      return reportOverflow(record, signed, bits)
    }
    store(value, bits, offset)
  }

  @inline(__always) private func store(_ value: UInt64, _ bits: Int, _ offset: Int) {
    switch bits {
    case 8: out.store(UInt8(truncatingIfNeeded: value), at: offset)
    case 16: out.store(UInt16(truncatingIfNeeded: value), at: offset)
    default: out.store(UInt32(truncatingIfNeeded: value), at: offset)
    }
  }

  // MARK: Reports

  private func reportOverflow(_ record: Rela, _ value: Int64, _ bits: Int) {
    let target = context.definition[file.symbolID(Int(record.symbol))]
    context.selection.log.error(
      .relocationOverflow(
        Relocation(rawValue: record.type)?.name ?? "", context.selection.symbolDescription(target),
        context.selection.displayName(id), record.offset, value, bits), at: place(record))
  }

  private func reportOutside(_ record: Rela) {
    context.selection.log.error(
      .relocationOutside(
        context.selection.displayName(id), record.offset,
        Relocation(rawValue: record.type)?.name ?? "\(record.type)"), at: place(record))
  }

  private func place(_ record: Rela) -> Place {
    context.selection.inputs.place(
      section.file, section: Int(section.index), offset: record.offset)
  }
}
