// `.symtab` and `.strtab` of the output, and `.shstrtab`.
//
// First all files are counted in parallel, then each gets its ranges of entries and name bytes, then all
// write: some files that follow each other are one task, for their ranges are one as well. Local symbols stand before global ones (gABI, "Symbol
// Table"); global symbols that nobody outside sees become local.

internal import ELF
internal import Glibc
internal import Parallel

struct SymbolTableOutput: Sendable {
  private var counts = Block<FileCounts>(count: 0)
  /// What was decided about each symbol.
  private var listings = Column<SymbolID, Listing>(count: 0)
  /// --emit-relocs: for rows that are in the table, their entry there.
  private var indices = Column<SymbolID, UInt32>(count: 0)
  /// --emit-relocs: the output sections in the order of the section headers, whose symbols are the first
  /// entries.
  private var sections: [OutputID] = []
  private var entryCount = 0
  private var localCount = 0
  private var stringSize: UInt64 = 0
  private var isPresent = false
  /// A symbol is an IFUNC or unique, which only GNU systems know.
  private(set) var usesGNUExtensions = false
  private(set) var symbolOffset: UInt64 = 0
  private(set) var stringOffset: UInt64 = 0
  private(set) var extendedOffset: UInt64 = 0
  private(set) var nameOffset: UInt64 = 0
  private var names = StringTable()
  private var nameOffsets: [UInt32] = []
  private var ownNames: (symbols: UInt32, strings: UInt32, extended: UInt32, names: UInt32) =
    (0, 0, 0, 0)
  private var needsExtendedIndices = false
  /// Local symbols that the linker makes, behind those of the files.
  private var ownSymbols: [OwnSymbol] = []
  private var firstOwnString = 0
  /// -S and -s leave debug sections out; this holds for symbols too.
  private var outputKind = OutputKind.executable

  private enum Listing: UInt8, BitwiseCopyable {
    case none
    case local
    case global
  }

  /// What one file contributes, then where its parts begin.
  private struct FileCounts: BitwiseCopyable {
    var usesGNUExtensions = false
    var locals = 0
    var globals = 0
    var strings = 0
    var firstLocal = 0
    var firstGlobal = 0
    var firstString = 0
  }

  /// The number of the first of these tables' sections.
  private var firstHeader = 0

  /// Section headers behind those of the outputs.
  var headerCount: Int { isPresent ? (needsExtendedIndices ? 4 : 3) : 1 }

  // MARK: Planning

  mutating func plan(_ layout: Layout) {
    isPresent = layout.options.strip != .all
    firstHeader = 1 + layout.headerOrder.count + layout.emitted.headerCount
    needsExtendedIndices = isPresent && firstHeader + 3 >= Int(SHN.LORESERVE)
    nameOffsets = layout.headerOrder.map { names.add(layout.outputs[$0.index].name) }
    layout.emitted.addNames(to: &names, layout)
    if isPresent {
      ownNames.symbols = names.add(".symtab")
      ownNames.strings = names.add(".strtab")
      if needsExtendedIndices { ownNames.extended = names.add(".symtab_shndx") }
    }
    ownNames.names = names.add(".shstrtab")
    guard isPresent else { return }
    let selection = layout.selection
    // One more, for where the last file's parts end.
    let counts = Block<FileCounts>(count: selection.files.count + 1)
    let filter = SymbolFilter(layout)
    let listings = Column<SymbolID, Listing>(count: selection.inputs.symbolCount)
    self.listings = listings
    selection.program.forEachLiveFile { id, file in
      var count = FileCounts()
      filter.forEachSymbol(file) { symbol, index, isLocal in
        listings[file.symbolID(index)] = isLocal ? .local : .global
        if isLocal { count.locals += 1 } else { count.globals += 1 }
        if file.kind == .object
          && (symbol.type == STT.GNU_IFUNC || symbol.binding == STB.GNU_UNIQUE)
        {
          count.usesGNUExtensions = true
        }
        count.strings += filter.name(symbol, index, file).count + 1
      }
      counts[id.index] = count
    }
    if layout.options.emitRelocations { sections = layout.headerOrder }
    var local = 1 + sections.count
    var string = 1
    for index in 0..<counts.count {
      if counts[index].usesGNUExtensions { usesGNUExtensions = true }
      counts[index].firstLocal = local
      counts[index].firstString = string
      local += counts[index].locals
      string += counts[index].strings
    }
    if layout.options.discard != .all && !filter.retainsByName {
      ownSymbols = layout.thunkSymbols()
    }
    firstOwnString = string
    local += ownSymbols.count
    for symbol in ownSymbols { string += symbol.name.utf8.count + 1 }
    var global = local
    for index in 0..<counts.count {
      counts[index].firstGlobal = global
      global += counts[index].globals
    }
    self.counts = counts
    localCount = local
    entryCount = global
    stringSize = UInt64(string)
    if stringSize > UInt64(UInt32.max) {
      layout.log.error(.tooMuch("bytes of symbol names", Int(UInt32.max)))
    }
    if !sections.isEmpty { numberEntries(selection) }
  }

  private mutating func numberEntries(_ selection: Selection) {
    let indices = Column<SymbolID, UInt32>(count: selection.inputs.symbolCount)
    let (counts, listings) = (counts, listings)
    selection.program.forEachLiveFile { id, file in
      var (local, global) = (counts[id.index].firstLocal, counts[id.index].firstGlobal)
      for index in 0..<file.symbolCount {
        let row = file.symbolID(index)
        switch listings[row] {
        case .none: break
        case .local:
          indices[row] = UInt32(truncatingIfNeeded: local)
          local += 1
        case .global:
          indices[row] = UInt32(truncatingIfNeeded: global)
          global += 1
        }
      }
    }
    self.indices = indices
  }

  /// --emit-relocs: the entry of a definition; 0: it is not in the table.
  @inline(__always) func index(of definition: SymbolID) -> UInt32 { indices[definition] }

  /// --emit-relocs: the entry that stands for an output section; 0: it has no header.
  func sectionSymbol(_ output: OutputID, _ layout: Layout) -> UInt32 {
    layout.headerNumbers[output.index]
  }

  /// Takes room in the file from `offset`; returns what follows.
  mutating func place(at offset: UInt64, _ format: Format) -> UInt64 {
    var offset = offset
    if isPresent {
      offset = (offset + 7) & ~7
      symbolOffset = offset
      offset += UInt64(entryCount * format.symbolEntrySize)
      if needsExtendedIndices {
        extendedOffset = offset
        offset += UInt64(entryCount * 4)
      }
      stringOffset = offset
      offset += stringSize
    }
    nameOffset = offset
    return offset + names.size
  }

  // MARK: Writing

  /// Writes the tables into the whole output.
  func write(to parts: OutputParts, _ hashes: ChunkHashes?, _ layout: Layout) {
    let file = parts.file
    file.copy(names.bytes, at: Int(nameOffset))
    guard isPresent else { return }
    let format = layout.format
    let symbols = file.slice(Int(symbolOffset), entryCount * format.symbolEntrySize)
    let strings = file.slice(Int(stringOffset), Int(stringSize))
    let extended =
      needsExtendedIndices ? file.slice(Int(extendedOffset), entryCount * 4) : nil
    symbols.store(Symbol(), entry: 0, format)
    extended?.store(0 as UInt32, at: 0)
    strings.store(0 as UInt8, at: 0)
    let (filter, tasks) = (SymbolFilter(layout), tasks(format, layout.pool))
    layout.pool.parallelForEach(tasks.count) { index, worker in
      let files = tasks[index]
      let (first, end) = (counts[files.lowerBound], counts[files.upperBound])
      parts.make(
        [
          entries(first.firstLocal..<end.firstLocal, format),
          entries(first.firstGlobal..<end.firstGlobal, format),
          Int(stringOffset) + first.firstString..<Int(stringOffset) + end.firstString,
        ], worker, hashes
      ) {
        write(files, locals: $0[0], globals: $0[1], strings: $0[2], extended, filter)
      }
    }
    writeSectionSymbols(to: symbols, extended, layout)
    writeOwnSymbols(to: symbols, strings, extended, layout)
  }

  /// Where entries lie in the output.
  private func entries(_ range: Range<Int>, _ format: Format) -> Range<Int> {
    let (start, size) = (Int(symbolOffset), format.symbolEntrySize)
    return start + range.lowerBound * size..<start + range.upperBound * size
  }

  /// Files that together have about a quarter of a megabyte of entries and names.
  private func tasks(_ format: Format, _ pool: WorkerPool) -> [Range<Int>] {
    let taskSize = pool.portion(256 << 10)
    var tasks: [Range<Int>] = []
    var first = 0
    var size = 0
    for index in 0..<counts.count - 1 {
      let count = counts[index]
      size += (count.locals + count.globals) * format.symbolEntrySize + count.strings
      if size >= taskSize || index == counts.count - 2 {
        if size > 0 { tasks.append(first..<index + 1) }
        (first, size) = (index + 1, 0)
      }
    }
    return tasks
  }

  /// Writes the entries and names of some files, each into the part that they have together.
  private func write(
    _ files: Range<Int>, locals: OutputBytes, globals: OutputBytes, strings: OutputBytes,
    _ extended: OutputBytes?, _ filter: SymbolFilter
  ) {
    let start = counts[files.lowerBound]
    let format = filter.layout.format
    var (local, global, string) = (0, 0, 0)
    for file in files where counts[file].locals + counts[file].globals > 0 {
      let input = filter.layout.selection.files[file]
      for index in 0..<input.symbolCount {
        let listing = listings[input.symbolID(index)]
        guard listing != .none else { continue }
        let (symbol, isLocal) = (input.symbols[index], listing == .local)
        let name = filter.name(symbol, index, input)
        var (entry, section) = filter.entry(symbol, index, input, isLocal: isLocal)
        entry.nameOffset =
          name.isEmpty ? 0 : UInt32(truncatingIfNeeded: start.firstString + string)
        if !name.isEmpty { strings.copy(name, at: string) }
        strings.store(0 as UInt8, at: string + name.count)
        string += name.count + 1
        if let extended {
          let position = isLocal ? start.firstLocal + local : start.firstGlobal + global
          extended.store(entry.sectionIndex == SHN.XINDEX ? section : 0, at: position * 4)
        }
        if isLocal {
          locals.store(entry, entry: local, format)
          local += 1
        } else {
          globals.store(entry, entry: global, format)
          global += 1
        }
      }
    }
  }

  private func writeSectionSymbols(
    to symbols: OutputBytes, _ extended: OutputBytes?, _ layout: Layout
  ) {
    for (index, output) in sections.enumerated() {
      let number = UInt32(index + 1)
      var entry = Symbol()
      entry.info = STB.LOCAL << 4 | STT.SECTION
      entry.value = layout.outputs[output.index].address
      entry.sectionIndex = number < UInt32(SHN.LORESERVE) ? UInt16(number) : SHN.XINDEX
      extended?.store(entry.sectionIndex == SHN.XINDEX ? number : 0, at: (index + 1) * 4)
      symbols.store(entry, entry: index + 1, layout.format)
    }
  }

  private func writeOwnSymbols(
    to symbols: OutputBytes, _ strings: OutputBytes, _ extended: OutputBytes?, _ layout: Layout
  ) {
    var string = firstOwnString
    for (index, own) in ownSymbols.enumerated() {
      let position = localCount - ownSymbols.count + index
      let section = UInt32(layout.outputs[own.output.index].headerIndex)
      var entry = Symbol()
      entry.nameOffset = UInt32(truncatingIfNeeded: string)
      entry.info = STB.LOCAL << 4 | own.type
      entry.value = own.value
      entry.size = own.size
      entry.sectionIndex = section < UInt32(SHN.LORESERVE) ? UInt16(section) : SHN.XINDEX
      extended?.store(entry.sectionIndex == SHN.XINDEX ? section : 0, at: position * 4)
      symbols.store(entry, entry: position, layout.format)
      let name = Array(own.name.utf8) + [0]
      strings.copy(name, at: string)
      string += name.count
    }
  }

  /// The section headers of these tables, and the name offsets of the outputs'.
  func headers(_ layout: Layout) -> (outputNames: [UInt32], own: [SectionHeader]) {
    let first = firstHeader
    var own = layout.emitted.headers(layout, symbols: first)
    if isPresent {
      var header = SectionHeader()
      header.nameOffset = ownNames.symbols
      header.type = SHT.SYMTAB
      header.offset = symbolOffset
      header.size = UInt64(entryCount * layout.format.symbolEntrySize)
      header.link = UInt32(first + (needsExtendedIndices ? 2 : 1))
      header.info = UInt32(localCount)
      header.alignment = UInt64(layout.format.wordSize)
      header.entrySize = UInt64(layout.format.symbolEntrySize)
      own.append(header)
      if needsExtendedIndices {
        header = SectionHeader()
        header.nameOffset = ownNames.extended
        header.type = SHT.SYMTAB_SHNDX
        header.offset = extendedOffset
        header.size = UInt64(entryCount * 4)
        header.link = UInt32(first)
        header.alignment = 4
        header.entrySize = 4
        own.append(header)
      }
      header = SectionHeader()
      header.nameOffset = ownNames.strings
      header.type = SHT.STRTAB
      header.offset = stringOffset
      header.size = stringSize
      header.alignment = 1
      own.append(header)
    }
    var header = SectionHeader()
    header.nameOffset = ownNames.names
    header.type = SHT.STRTAB
    header.offset = nameOffset
    header.size = names.size
    header.alignment = 1
    own.append(header)
    return (nameOffsets, own)
  }
}

/// Which symbols are in the output's table, and what they say there.
private struct SymbolFilter: @unchecked Sendable {
  // Sendable: read only.
  let layout: Layout
  private let selection: Selection
  private let options: Options
  private let retained: Set<String>?
  var retainsByName: Bool { retained != nil }

  init(_ layout: Layout) {
    self.layout = layout
    selection = layout.selection
    options = layout.options
    retained = layout.selection.inputs.requests.retainedSymbols
  }

  /// Calls `body` for every symbol of `file` that is in the output's table, locals first or not.
  @inline(__always) func forEachSymbol(
    _ file: InputFile, _ body: (_ symbol: Symbol, _ index: Int, _ isLocal: Bool) -> Void
  ) {
    let program = selection.program
    let symbols = file.symbols
    if file.kind == .object && options.discard != .all {
      for index in 1..<max(Int(file.firstGlobal), 1) {
        let symbol = symbols[index]
        if isWantedLocal(symbol, index, file) { body(symbol, index, true) }
      }
    }
    for index in file.globals {
      let row = file.symbolID(index)
      guard program.definition[row] == row else { continue }
      let facts = program.flags[row]
      switch file.kind {
      case .shared:
        guard !facts.isDisjoint(with: [.referenced, .needsCopy]), !facts.isConfined else {
          continue
        }
      case .linker:
        let entry = selection.inputs.linkerSymbols.entries[index - 1]
        if entry.role == .reference {
          guard facts.contains(.stronglyReferenced) else { continue }
        } else if entry.isProvided && facts.isDisjoint(with: [.referenced, .exported]) {
          continue
        }
      case .object:
        // (The address of an undefined weak function may be a mark, too.)
        if !facts.contains(.undefined) && !layout.isInOutput(row) { continue }
        // Nobody else may define it any more. (gABI: a hidden symbol is removed or made local.)
        if facts.contains(.undefined) && facts.isConfined { continue }
      }
      let symbol = symbols[index]
      if let retained, !retained.contains(file.symbolName(index).string) { continue }
      let isLocal = isLocalized(facts)
      if isLocal && options.discard == .all { continue }
      body(symbol, index, isLocal)
    }
  }

  /// Whether nobody outside can refer to a definition.
  private func isLocalized(_ facts: SymbolFlags) -> Bool {
    if !facts.isDisjoint(with: [.shared, .undefined]) { return false }
    return facts.isHidden || facts.contains(.forcedLocal)
  }

  private func isWantedLocal(_ symbol: Symbol, _ index: Int, _ file: InputFile) -> Bool {
    guard symbol.type != STT.SECTION else { return false }
    if symbol.type == STT.FILE { return options.strip == .none && retained == nil }
    guard symbol.sectionIndex != SHN.UNDEF else { return false }
    let row = file.symbolID(index)
    if !layout.isInOutput(row) { return false }
    let section = selection.definingSection[row]
    if section == .none {
      guard symbol.sectionIndex == SHN.ABS else { return false }
    } else if !selection.isLive(section) {
      return false
    } else if options.strip == .debug && !selection.sections[section].kind.contains(.alloc) {
      return false
    }
    guard let isTemporary = file.isTemporaryName(symbol) else { return false }
    if let retained { return retained.contains(file.symbolName(index).string) }
    guard isTemporary else { return true }
    switch options.discard {
    case .none: return true
    case .temporaryInMergeable:
      if selection.inputs.target.keepsTemporaryLabels { return false }
      return section == .none || !selection.sections[section].kind.contains(.merged)
    case .temporary, .all: return false
    }
  }

  func name(_ symbol: Symbol, _ index: Int, _ file: InputFile) -> ByteView {
    selection.inputs.name(symbol, index, file)
  }

  /// The entry without its name, and its section number if that needs 32 bits.
  func entry(
    _ symbol: Symbol, _ index: Int, _ file: InputFile, isLocal: Bool
  ) -> (Symbol, UInt32) {
    let row = file.symbolID(index)
    return layout.outputSymbol(symbol, row, file, isLocal: isLocal, isDynamic: false)
  }
}

extension Layout {
  /// A symbol as the output's tables show it, without name.
  func outputSymbol(
    _ symbol: Symbol, _ row: SymbolID, _ file: InputFile, isLocal: Bool, isDynamic: Bool
  ) -> (Symbol, UInt32) {
    var entry = Symbol()
    let facts = selection.program.flags[row]
    var type = symbol.type
    var binding = isLocal ? STB.LOCAL : symbol.binding
    if symbol.type == STT.COMMON { type = STT.OBJECT }
    // Whether a function of a library is an IFUNC is the library's business.
    if symbol.type == STT.GNU_IFUNC && file.kind == .shared { type = STT.FUNC }
    entry.size = symbol.size
    if selection.program.isCommon(symbol),
      let common = selection.program.common(row)
    {
      entry.size = common.size
    }
    entry.other = symbol.other & ~3
    if !isLocal { entry.other |= visibility(symbol, facts) }
    var section: UInt32 = 0
    let record = selection.entries.record(row)
    if let record, record.copyIndex >= 0 {
      let copy = selection.copies[Int(record.copyIndex)]
      entry.value = copyAddress(copy)
      section = headerIndex(outputIndex(of: copy.isReadOnly ? .copyRelro : .copy))
      entry.size = max(symbol.size, 0)
      entry.other &= ~3
    } else if facts.contains(.shared) || facts.contains(.undefined) {
      if binding != STB.LOCAL {
        // A reference is as strong as the strongest one.
        binding = facts.contains(.stronglyReferenced) ? STB.GLOBAL : STB.WEAK
        if file.kind == .shared && !facts.contains(.stronglyReferenced) { binding = STB.WEAK }
      }
      if facts.contains(.needsCanonicalPLT), let record, record.plt >= 0 {
        // Undefined, with the PLT entry as value: the address of the function for everybody but the
        // PLT itself (psABI, "Function Addresses").
        entry.value = addresses[row]
        type = STT.FUNC
      }
      entry.size = facts.contains(.undefined) ? 0 : entry.size
      if section == 0 && !isDynamic { entry.size = 0 }
      entry.other &= ~3
    } else {
      (entry.value, section) = definedValue(symbol, row)
      if hasPieces { entry.size = shrunkSize(symbol, row, entry.size) }
      if facts.contains(.tls) {
        entry.value = entry.value &- threadBlock
      }
      if facts.contains(.needsCanonicalPLT) && type == STT.GNU_IFUNC, let record, record.plt >= 0 {
        // The PLT entry is the function's address now, and a plain function to others.
        entry.value = addresses[row]
        section = headerIndex(
          outputIndex(of: selection.usesSecondaryPLT ? .pltSecondary : .plt))
        type = STT.FUNC
        entry.size = 0
      }
      if binding == STB.GNU_UNIQUE && !options.gnuUnique { binding = STB.GLOBAL }
    }
    entry.info = binding << 4 | type
    if section >= UInt32(SHN.LORESERVE) && section != UInt32(SHN.ABS) {
      entry.sectionIndex = SHN.XINDEX
    } else {
      entry.sectionIndex = UInt16(section)
    }
    return (entry, section)
  }

  /// The size of a definition in a section of which parts are left out.
  private func shrunkSize(_ symbol: Symbol, _ row: SymbolID, _ size: UInt64) -> UInt64 {
    let id = selection.definingSection[row]
    guard id != .none, size <= UInt64.max - symbol.value else { return size }
    let section = selection.sections[id]
    guard section.kind.contains(.shrunk) else { return size }
    let cuts = selection.sectionPieces.cuts(of: id, section)
    return cuts.output(symbol.value + size) &- cuts.output(symbol.value)
  }

  private func visibility(_ symbol: Symbol, _ facts: SymbolFlags) -> UInt8 {
    if facts.contains(.sawInternal) { return STV.INTERNAL }
    if facts.contains(.sawHidden) { return STV.HIDDEN }
    if facts.contains(.sawProtected) { return STV.PROTECTED }
    return symbol.visibility
  }

  private func headerIndex(_ output: OutputID?) -> UInt32 {
    output.map { headerNumbers[$0.index] } ?? UInt32(SHN.ABS)
  }

  /// Value and section number of a definition.
  private func definedValue(
    _ symbol: Symbol, _ row: SymbolID
  ) -> (UInt64, UInt32) {
    if symbol.type == STT.FILE { return (0, UInt32(SHN.ABS)) }
    let definition = definition(of: row)
    guard let output = definition.output else { return (definition.address, UInt32(SHN.ABS)) }
    let number = headerNumbers[output.index]
    return (definition.address, number == 0 ? neighbour(of: definition.address) : number)
  }

  /// The number of a section that an address of a left-out section may count to: one that holds it
  /// or ends there.
  private func neighbour(of address: UInt64) -> UInt32 {
    for item in placed {
      guard let id = item.output, outputs[id.index].headerIndex != 0, !outputs[id.index].isTLS,
        outputs[id.index].address <= address, address <= outputs[id.index].end
      else { continue }
      return UInt32(outputs[id.index].headerIndex)
    }
    return UInt32(SHN.ABS)
  }
}
