// What the relocations of a section need: GOT slots, PLT entries, copies, dynamic relocations.
//
// Called once for each live allocated section, from many threads. Before: it is known for every
// symbol whether it is bound here (neither imported nor undefined). After: the needs are bits at the
// symbol's row, and the section's dynamic relocations are counted.

internal import ELF
internal import Parallel

extension X86_64 {
  static func scan(
    _ id: SectionID, _ context: ScanContext, _ reached: inout Worklist, _ worker: Worker
  ) {
    let section = context.sections[id]
    scan(
      section.relocationRecords, of: section, id, in: 0..<Int(section.relocationCount), context,
      &reached, worker)
  }

  /// Scans the relocations of `range`; `.eh_frame` has its own idea of which count.
  static func scan(
    _ records: RecordView<Rela>, of section: InputSection, _ id: SectionID, in range: Range<Int>,
    _ context: ScanContext, _ reached: inout Worklist, _ worker: Worker
  ) {
    let file = context.files[section.file.index]
    let bytes = section.instructions
    var scanner = SectionScanner(
      context: context, id: id, section: section, file: file, bytes: bytes, worker: worker)
    var index = range.lowerBound
    while index < range.upperBound {
      let record = records[index]
      guard Int(record.symbol) < file.symbolCount else {
        scanner.report(
          record, "names symbol \(record.symbol), and the file has \(file.symbolCount)")
        index += 1
        continue
      }
      let target = context.definition[file.symbolID(Int(record.symbol))]
      let facts = context.flags[target]
      if context.marks { scanner.mark(target, &reached) }
      // Most records end here.
      if isDominant(record.type) && facts.isDisjoint(with: SectionScanner.unusual) {
        index += 1
        continue
      }
      guard let type = Relocation(rawValue: record.type) else {
        scanner.report(record, "has unknown type \(record.type)")
        index += 1
        continue
      }
      if facts.contains(.undefined) { scanner.noteUndefined(record, target, facts) }
      index += scanner.scan(type, record, target, facts, records, index)
    }
    scanner.finish()
  }
}

/// The state of scanning one section.
struct SectionScanner {
  let context: ScanContext
  let id: SectionID
  let section: InputSection
  let file: InputFile
  let bytes: ByteView
  let worker: Worker
  var relativeCount: UInt32 = 0
  var symbolicCount: UInt32 = 0

  typealias Relocation = X86_64.Relocation

  /// A symbol without any of these needs nothing from relocations of the dominant types.
  static var unusual: SymbolFlags { [.imported, .undefined, .ifunc, .tls, .absolute] }

  /// Marks the section that the target is in.
  @inline(__always) func mark(_ target: SymbolID, _ reached: inout Worklist) {
    let section = context.definingSection[target]
    if section == .none {
      if target.rawValue >= context.linkerBase { context.flags.insert(.touched, at: target) }
      return
    }
    if context.states.insertIfAbsent(.live, at: section) {
      reached.push(section.rawValue)
    }
  }

  func finish() {
    if relativeCount > 0 { context.relativeCounts[id] += relativeCount }
    if symbolicCount > 0 { context.symbolicCounts[id] += symbolicCount }
  }

  func need(_ need: SymbolFlags, _ target: SymbolID) {
    context.flags.insert(need, at: target)
  }

  /// Returns how many records were used: a TLS sequence that is replaced takes its call along.
  @inline(__always) mutating func scan(
    _ type: Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags,
    _ records: RecordView<Rela>, _ index: Int
  ) -> Int {
    switch type {
    case .plt32:
      if !facts.isDisjoint(with: [.imported, .ifunc]) { needPLT(target, facts) }
    case .pc32, .pc8, .pc16, .pc64:
      scanPCRelative(type, record, target, facts)
    case .abs64:
      scanWord(record, target, facts)
    case .abs32, .abs32S, .abs16, .abs8:
      scanNarrow(type, record, target, facts)
    case .gotPCRelX, .rexGOTPCRelX:
      if !isRelaxable(type, record, target, facts) { need(.needsGOT, target) }
    case .gotPCRel, .gotPCRel64, .code4GOTPCRelX:
      need(.needsGOT, target)
    case .got32, .got64, .gotPLT64:
      need(.needsGOT, target)
      context.found.insert(.gotBase)
    case .gotOff64:
      context.found.insert(.gotBase)
      if facts.contains(.imported) { reportNotPIC(type, record, target) }
      if facts.contains(.ifunc) { need([.needsPLT, .needsCanonicalPLT], target) }
    case .gotPC32, .gotPC64:
      context.found.insert(.gotBase)
    case .pltOff64:
      context.found.insert(.gotBase)
      if !facts.isDisjoint(with: [.imported, .ifunc]) { needPLT(target, facts) }
    case .tlsGD, .tlsLD, .gotPC32TLSDesc, .tlsDescCall, .gotTPOff, .code4GOTTPOff,
      .code4GOTPC32TLSDesc, .tpOff32, .tpOff64, .dtpOff32, .dtpOff64:
      return scanThreadLocal(type, record, target, facts, records, index)
    case .size32, .size64:
      if X86_64.isSizeLookedUp(type, facts, isWritable: section.kind.contains(.write)) {
        need(.needsDynamicSymbol, target)
        symbolicCount += 1
      }
    case .none: break
    case .copy, .globDat, .jumpSlot, .relative, .relative64, .iRelative, .dtpMod64, .tlsDesc:
      report(record, "has type \(type.name), which belongs in linked files only")
    }
    return 1
  }

  // MARK: Addresses

  /// A 64-bit word: the dynamic linker can fill it.
  private mutating func scanWord(_ record: Rela, _ target: SymbolID, _ facts: SymbolFlags) {
    if facts.contains(.tls) { checkThreadLocal(record, target, facts) }
    let source = WordSource(
      facts, isWritable: section.kind.contains(.write), isShared: context.isShared,
      isPositionIndependent: context.isPositionIndependent)
    if source == .link {
      if context.isPositionIndependent { return }
      if facts.contains(.imported) {
        needFixedAddress(.abs64, record, target, facts)
      } else if facts.contains(.ifunc) {
        need([.needsPLT, .needsCanonicalPLT], target)
      }
      return
    }
    guard checkWritable(.abs64, record, target) else { return }
    switch source {
    case .link: break
    case .load:
      relativeCount += 1
      if record.offset & 1 != 0 { context.states.insert(.unpackable, at: id) }
    case .lookup:
      need(.needsDynamicSymbol, target)
      symbolicCount += 1
    case .resolver:
      need(.needsPLT, target)
      context.found.indirect.append(
        IndirectPlace(
          section: id, offset: record.offset, symbol: target, addend: record.addend), worker)
    }
  }

  /// An ordinary relocation refers to a thread-local symbol: its file did not know.
  private func checkThreadLocal(_ record: Rela, _ target: SymbolID, _ facts: SymbolFlags) {
    let type = file.symbols[Int(record.symbol)].type
    guard type != STT.TLS, type != STT.SECTION, !facts.contains(.undefined) else { return }
    context.selection.program.reportOrdinaryUse(
      of: target, by: section.file, at: place(record))
  }

  /// Fewer than 64 bits: the address must be known now.
  private mutating func scanNarrow(
    _ type: Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) {
    if facts.contains(.tls) { checkThreadLocal(record, target, facts) }
    if facts.contains(.absolute) && !facts.contains(.imported) { return }
    if context.isPositionIndependent {
      if facts.contains(.imported) && facts.contains(.undefined) && !context.isShared { return }
      reportNotPIC(type, record, target)
    } else if facts.contains(.imported) {
      needFixedAddress(type, record, target, facts)
    } else if facts.contains(.ifunc) {
      need([.needsPLT, .needsCanonicalPLT], target)
    }
  }

  private mutating func scanPCRelative(
    _ type: Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) {
    if facts.contains(.tls) { checkThreadLocal(record, target, facts) }
    if facts.contains(.imported) {
      if type == .pc32 && X86_64.isBranch(bytes, at: record.offset)
        || context.isShared && facts.contains(.function)
      {
        needPLT(target, facts)
      } else if context.isShared {
        reportNotPIC(type, record, target)
      } else {
        needFixedAddress(type, record, target, facts)
      }
    } else if facts.contains(.ifunc) {
      let isBranch = X86_64.isBranch(bytes, at: record.offset)
      need(isBranch ? .needsPLT : [.needsPLT, .needsCanonicalPLT], target)
    } else if context.isPositionIndependent && facts.contains(.absolute)
      && !facts.contains(.undefined) && record.symbol != 0
    {
      reportNotPIC(type, record, target)
    }
  }

  private func needPLT(_ target: SymbolID, _ facts: SymbolFlags) {
    // An undefined weak symbol of a program may be called only if it is there after all; its PLT
    // entry makes that possible.
    need(.needsPLT, target)
  }

  /// An imported symbol whose address must be fixed at link time: a function gets it from its PLT
  /// entry, data is copied into this program. The library of a protected one would still see its own.
  private mutating func needFixedAddress(
    _ type: Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) {
    if facts.contains(.undefined) { return }  // undefined weak: zero
    if facts.contains(.function) && !facts.contains(.protectedInShared) {
      need([.needsPLT, .needsCanonicalPLT], target)
    } else if facts.contains(.tls) {
      report(
        record,
        "of type \(type.name) cannot refer to the thread-local symbol "
          + context.selection.program.demangled(target))
    } else if isCopyable(facts) {
      need(.needsCopy, target)
    } else {
      reportNotPIC(type, record, target)
    }
  }

  /// Whether a copy relocation may serve the symbol.
  private func isCopyable(_ facts: SymbolFlags) -> Bool {
    !context.isShared && context.selection.options.copyRelocations && facts.contains(.shared)
      && !facts.contains(.protectedInShared)
      && !(facts.contains(.function) && context.isPositionIndependent
        && section.kind.contains(.write))
  }

  /// Whether a dynamic relocation may be applied to this section.
  private func checkWritable(_ type: Relocation, _ record: Rela, _ target: SymbolID) -> Bool {
    if section.kind.contains(.write) { return true }
    guard context.allowsTextRelocations else {
      context.selection.log.error(
        .textRelocation(type.name, name(target), context.selection.displayName(id)),
        at: place(record))
      return false
    }
    context.found.insert(.textRelocations)
    return true
  }

  private func isRelaxable(
    _ type: Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) -> Bool {
    context.relaxes && X86_64.isRelaxable(type, record, facts, bytes)
      && !X86_64.isFar(target, context.definingSection, context.sections)
  }

  // MARK: Reports

  func reportForeignInstruction(_ type: Relocation, _ record: Rela) {
    report(record, "has type \(type.name) at an instruction that is not the one it belongs to")
  }

  func noteUndefined(_ record: Rela, _ target: SymbolID, _ facts: SymbolFlags) {
    guard context.reportsUndefined,
      file.symbols[Int(record.symbol)].binding != STB.WEAK, record.symbol != 0
    else { return }
    context.found.undefined.append(
      UndefinedReference(symbol: target, section: id, offset: record.offset), worker)
  }

  private func place(_ record: Rela) -> Place {
    context.selection.inputs.place(
      section.file, section: Int(section.index), offset: record.offset)
  }

  private func name(_ target: SymbolID) -> String { context.selection.symbolDescription(target) }

  func report(_ record: Rela, _ reason: String) {
    context.selection.log.error(
      .badRelocation(context.selection.displayName(id), record.offset, reason), at: place(record))
  }

  func reportNotPIC(_ type: Relocation, _ record: Rela, _ target: SymbolID) {
    context.selection.log.error(
      .needsPIC(
        type.name, name(target), context.selection.displayName(id), record.offset,
        context.selection.options.outputKind), at: place(record))
  }
}
