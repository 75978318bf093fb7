// `.got` and `.got.plt`: what stands in each entry, and the dynamic relocations that fill them.

internal import ELF

/// A word of `.got`.
struct GOTEntry: Sendable {
  enum Content: Sendable {
    /// Known now.
    case value(UInt64)
    /// Known but for where the program is loaded.
    case relative(UInt64)
    /// A dynamic relocation: its type, dynamic symbol (0: none) and addend.
    case dynamic(DynamicKind, Int32, Int64)
    /// What the resolver of an IFUNC answers; `writeIndirect` has the relocation.
    case indirect(SymbolID)
  }

  let index: Int32
  let content: Content
}

extension Layout {
  /// The section that `_GLOBAL_OFFSET_TABLE_` is in.
  var gotBaseSection: SyntheticKind {
    let own = target.gotBaseSection
    return selection.syntheticRows[own] != nil ? own : own == .got ? .gotPLT : .got
  }

  /// All entries of `.got` that are not zero, in a fixed order. Before addresses are known the
  /// kinds of content are right and the values are not.
  func forEachGOTEntry(_ body: (GOTEntry) -> Void) {
    let isPIC = options.outputKind.isPositionIndependent
    let isShared = options.outputKind == .sharedObject
    for record in selection.entries.records {
      let facts = selection.program.flags[record.symbol]
      let isImported = facts.contains(.imported)
      let address = addresses[record.symbol]
      // Thread-local variables that are not there are at offset 0.
      func offset(from base: UInt64) -> UInt64 { facts.contains(.undefined) ? 0 : address &- base }
      if record.got >= 0 {
        body(GOTEntry(index: record.got, content: addressContent(record, facts, isPIC, address)))
      }
      if record.gotTP >= 0 {
        let content: GOTEntry.Content =
          isImported
          ? .dynamic(.tpOff, record.dynamicSymbol, 0)
          : isShared
            ? .dynamic(.tpOff, 0, Int64(bitPattern: offset(from: threadBlock)))
            : .value(offset(from: threadPointer))
        body(GOTEntry(index: record.gotTP, content: content))
      }
      if record.negatedGOTTP >= 0 {
        let content: GOTEntry.Content =
          isImported
          ? .dynamic(.negatedTPOff, record.dynamicSymbol, 0)
          : isShared
            ? .dynamic(.negatedTPOff, 0, 0 &- Int64(bitPattern: offset(from: threadBlock)))
            : .value(0 &- offset(from: threadPointer))
        body(GOTEntry(index: record.negatedGOTTP, content: content))
      }
      if record.tlsGD >= 0 {
        let module: GOTEntry.Content =
          isImported
          ? .dynamic(.dtpMod, record.dynamicSymbol, 0)
          : isShared ? .dynamic(.dtpMod, 0, 0) : .value(1)
        body(GOTEntry(index: record.tlsGD, content: module))
        let entry: GOTEntry.Content =
          isImported
          ? .dynamic(.dtpOff, record.dynamicSymbol, 0)
          : .value(offset(from: threadBlock &+ target.threadLocal.moduleBias))
        body(GOTEntry(index: record.tlsGD + 1, content: entry))
      }
      if record.tlsDesc >= 0 {
        let descriptor: GOTEntry.Content =
          isImported
          ? .dynamic(.tlsDesc, record.dynamicSymbol, 0)
          : .dynamic(.tlsDesc, 0, Int64(bitPattern: offset(from: threadBlock)))
        body(GOTEntry(index: record.tlsDesc, content: descriptor))
      }
    }
    if tlsModuleBaseEntry >= 0 {
      body(
        GOTEntry(
          index: tlsModuleBaseEntry, content: isShared ? .dynamic(.dtpMod, 0, 0) : .value(1)))
      // In a program local-dynamic offsets are relative to the thread pointer, because most
      // sequences are replaced; so that is what the others get.
      if selection.inputs.relaxesThreadLocal {
        body(
          GOTEntry(index: tlsModuleBaseEntry + 1, content: .value(threadPointer &- threadBlock)))
      }
    }
  }

  /// The content of an entry that holds a symbol's address.
  private func addressContent(
    _ record: SymbolEntries, _ facts: SymbolFlags, _ isPIC: Bool, _ address: UInt64
  ) -> GOTEntry.Content {
    if facts.contains(.imported) && facts.isDisjoint(with: [.needsCopy, .needsCanonicalPLT]) {
      return .dynamic(.globDat, record.dynamicSymbol, 0)
    }
    if selection.isIndirectGOT(record.symbol) { return .indirect(record.symbol) }
    if facts.contains(.imported) && options.outputKind == .sharedObject {
      return .dynamic(.globDat, record.dynamicSymbol, 0)
    }
    return isPIC && !facts.contains(.absolute) ? .relative(address) : .value(address)
  }

  /// Whether words that the dynamic linker changes hold what the relocation says.
  var appliesAddends: Bool { options.applyDynamicRelocations || !target.hasAddends }

  /// Writes `.got` and its part of `.rela.dyn`.
  func writeGOT(to out: OutputBytes) {
    out.fill(0, 0..<out.count)
    let base = address(of: .got)
    if target.gotHeaderEntries > 0 { out.storeWord(address(of: .dynamic), at: 0, format) }
    var relative = gotRelativeStart
    var symbolic = gotSymbolicStart
    forEachGOTEntry { entry in
      let offset = Int(entry.index) * format.wordSize
      let place = base &+ UInt64(offset)
      switch entry.content {
      case .value(let value): out.storeWord(value, at: offset, format)
      case .indirect(let symbol):
        if !target.hasAddends { out.storeWord(definitionAddress(symbol), at: offset, format) }
      case .relative(let value):
        if options.packRelativeRelocations {
          out.storeWord(value, at: offset, format)
        } else {
          if appliesAddends { out.storeWord(value, at: offset, format) }
          DynamicRelocations.store(
            Rela(
              offset: place, type: target.dynamic.relative, symbol: 0,
              addend: Int64(bitPattern: value)), entry: relative, in: relaDynamic, target)
          relative += 1
        }
      case .dynamic(let kind, let symbol, let addend):
        if !target.hasAddends {
          let word =
            kind == .tlsDesc ? offset + target.tlsDescArgument * format.wordSize : offset
          out.storeWord(UInt64(bitPattern: addend), at: word, format)
        }
        DynamicRelocations.store(
          Rela(
            offset: place, type: target.dynamic[kind], symbol: UInt32(bitPattern: max(symbol, 0)),
            addend: addend), entry: symbolic, in: relaDynamic, target)
        symbolic += 1
      }
    }
    writeCopyRelocations(&symbolic)
  }

  /// A copy relocation for every object that was copied.
  func writeCopyRelocations(_ entry: inout Int) {
    for copy in selection.copies {
      let record = selection.entries.record(copy.symbol)
      DynamicRelocations.store(
        Rela(
          offset: copyAddress(copy), type: target.dynamic.copy,
          symbol: UInt32(bitPattern: max(record?.dynamicSymbol ?? 0, 0)), addend: 0),
        entry: entry, in: relaDynamic, target)
      entry += 1
    }
  }

  func copyAddress(_ copy: CopiedObject) -> UInt64 {
    address(of: copy.isReadOnly ? .copyRelro : .copy) &+ copy.offset
  }

  /// `.got.plt`: the address of `.dynamic`, unless `.got` begins with it, and words for the dynamic
  /// linker, then an entry for each PLT entry, which first leads back into the PLT (lazy binding).
  func writeGOTPLT(to out: OutputBytes) {
    out.fill(0, 0..<out.count)
    if target.gotHeaderEntries == 0 { out.storeWord(address(of: .dynamic), at: 0, format) }
    let code = target.machine.code
    for (number, symbol) in selection.gotPlan.pltSymbols.enumerated() {
      let offset = (target.gotPLTHeaderEntries + number) * format.wordSize
      let isLazy = selection.program.flags[symbol].contains(.imported)
      let first =
        isLazy
        ? code.lazyEntry(number, self) : target.hasAddends ? 0 : definitionAddress(symbol)
      out.storeWord(first, at: offset, format)
    }
  }

  /// `.rela.plt`
  func writePLTRelocations(to out: OutputBytes) {
    let entries = address(of: .gotPLT) &+ UInt64(target.gotPLTHeaderEntries * format.wordSize)
    let lazyCount = selection.gotPlan.lazyCount
    for (number, symbol) in selection.gotPlan.pltSymbols.prefix(lazyCount).enumerated() {
      let index = selection.entries.record(symbol)?.dynamicSymbol ?? 0
      DynamicRelocations.store(
        Rela(
          offset: entries &+ UInt64(number * format.wordSize), type: target.dynamic.jumpSlot,
          symbol: UInt32(bitPattern: max(index, 0)), addend: 0), entry: number, in: out, target)
    }
    if !indirectEndsDynamic { writeIndirect(from: lazyCount, in: out) }
  }

  /// IRELATIVE, from entry `first` of a table.
  func writeIndirect(from first: Int, in out: OutputBytes) {
    let entries = address(of: .gotPLT) &+ UInt64(target.gotPLTHeaderEntries * format.wordSize)
    var position = first
    func indirect(_ place: UInt64, _ resolver: UInt64) {
      DynamicRelocations.store(
        Rela(
          offset: place, type: target.dynamic.iRelative, symbol: 0,
          addend: Int64(bitPattern: resolver)), entry: position, in: out, target)
      position += 1
    }
    let plan = selection.gotPlan
    for (number, symbol) in plan.pltSymbols.enumerated().dropFirst(plan.lazyCount) {
      indirect(entries &+ UInt64(number * format.wordSize), definitionAddress(symbol))
    }
    for symbol in indirectGOTSymbols {
      let index = selection.entries.record(symbol)?.got ?? 0
      indirect(
        address(of: .got) &+ UInt64(index) * UInt64(format.wordSize), definitionAddress(symbol))
    }
    for place in selection.indirectPlaces {
      let section = selection.sections[place.section]
      let resolver =
        selection.program.flags[place.symbol].contains(.imported)
        ? addresses[place.symbol] : definitionAddress(place.symbol)
      let offset = selection.sectionPieces.output(place.section, section, place.offset)
      indirect(address(of: section) &+ offset, resolver &+ UInt64(bitPattern: place.addend))
    }
  }
}
