// Gives GOT entries, PLT entries, copies and dynamic symbols to the symbols that need them.
//
// Before: the scan has left needs as bits. After: `entries` has a record for each such symbol, in
// input order, and the sizes of `.got`, `.plt` and their relocations are known. Imported symbols get
// their PLT entries first, so that entry n is the n-th relocation of `.rela.plt`, which lazy binding
// relies on.

internal import ELF
internal import Parallel

extension Selection {
  func assignEntries() {
    entries = EntryTable(symbolCount: inputs.symbolCount)
    reportRequiredSymbols()
    var aliases = AliasTable()
    for symbol in symbolsWithNeeds() { assign(symbol, &aliases) }
    assignPLT()
    if needs.tlsModuleBase { gotPlan.moduleBase = takeGOT(2) }
    if needs.tlsTrampoline {
      gotPlan.tlsTrampoline = Int32(gotPlan.veneerCount)
      gotPlan.veneerCount += 1
    }
    layOutCopies()
  }

  /// All symbols with needs or exports, in input order.
  private func symbolsWithNeeds() -> [SymbolID] {
    let (files, program) = (files, program)
    let lists = Gathered<(Int, [SymbolID])>(pool)
    pool.parallelFor(files.count) { range, worker in
      for number in range where program.isLive(FileID(number)) {
        let file = files[number]
        var found: [SymbolID] = []
        for index in 0..<file.symbolCount {
          let row = file.symbolID(index)
          let facts = program.flags[row]
          if facts.isDisjoint(with: SymbolFlags.anyNeed.union(.exported)) { continue }
          if self.isGone(row, facts) { continue }
          found.append(row)
        }
        if !found.isEmpty { lists.append((number, found), worker) }
      }
    }
    return lists.take().sorted { $0.0 < $1.0 }.flatMap(\.1)
  }

  /// Whether the symbol's section was garbage.
  private func isGone(_ row: SymbolID, _ facts: SymbolFlags) -> Bool {
    let section = definingSection[row]
    return section != .none && !isLive(section)
  }

  private func takeGOT(_ count: Int) -> Int32 {
    if gotPlan.entryCount == 0 { gotPlan.entryCount = inputs.target.gotHeaderEntries }
    defer { gotPlan.entryCount += count }
    return Int32(gotPlan.entryCount)
  }

  private func assign(_ symbol: SymbolID, _ aliases: inout AliasTable) {
    let facts = program.flags[symbol]
    let index = entries.index(making: symbol)
    let isImported = facts.contains(.imported)
    if facts.contains(.needsCopy) { addCopy(symbol, &aliases) }
    if facts.contains(.needsGOT) { entries.records[index].got = takeGOT(1) }
    if facts.contains(.needsGOTTP) { entries.records[index].gotTP = takeGOT(1) }
    if facts.contains(.needsNegatedGOTTP) { entries.records[index].negatedGOTTP = takeGOT(1) }
    if facts.contains(.needsTLSGD) { entries.records[index].tlsGD = takeGOT(2) }
    if facts.contains(.needsTLSDesc) { entries.records[index].tlsDesc = takeGOT(2) }
    if facts.contains(.needsPLT) {
      // A function whose address is loaded from the GOT as well needs no lazily bound entry.
      if facts.contains(.needsGOT) && isImported
        && facts.isDisjoint(with: [.needsCanonicalPLT, .ifunc])
      {
        entries.records[index].pltGOT = Int32(gotPlan.pltGOTCount)
        gotPlan.pltGOTCount += 1
      } else {
        gotPlan.pltSymbols.append(symbol)
      }
    }
    if facts.contains(.needsVeneer) {
      entries.records[index].veneer = Int32(gotPlan.veneerCount)
      gotPlan.veneerCount += 1
    }
    if program.isDynamic
      && (facts.contains(.exported) || isImported && !facts.isDisjoint(with: SymbolFlags.anyNeed)
        || !facts.isDisjoint(with: [.needsCopy, .needsDynamicSymbol]))
    {
      dynamicSymbols.append(symbol)
    }
  }

  private func assignPLT() {
    let imported = gotPlan.pltSymbols.filter { program.flags[$0].contains(.imported) }
    let indirect = gotPlan.pltSymbols.filter { !program.flags[$0].contains(.imported) }
    gotPlan.pltSymbols = imported + indirect
    gotPlan.lazyCount = imported.count
    for (number, symbol) in gotPlan.pltSymbols.enumerated() {
      entries.records[entries.index(making: symbol)].plt = Int32(number)
    }
  }

  // MARK: Copies

  /// Copies the symbol and all others of its library at the same address: they are one object.
  private func addCopy(_ symbol: SymbolID, _ aliases: inout AliasTable) {
    let entry = inputs.entry(of: symbol)
    let file = files[entry.file.index]
    guard entries.records[entries.index(making: symbol)].copyIndex < 0 else { return }
    let index = Int32(copies.count)
    var size = entry.symbol.size
    var names: [SymbolID] = []
    for other in aliases.symbols(at: entry.symbol.value, in: entry.file, files) {
      let candidate = file.symbols[other]
      let row = file.symbolID(other)
      guard candidate.type != STT.TLS, program.definition[row] == row else { continue }
      size = max(size, candidate.size)
      names.append(row)
    }
    for row in names {
      entries.records[entries.index(making: row)].copyIndex = index
      program.flags.insert([.needsCopy, .exported, .needsDynamicSymbol], at: row)
      if row != symbol { dynamicSymbols.append(row) }
    }
    copies.append(
      CopiedObject(
        symbol: symbol, size: size, alignment: copyAlignment(entry.symbol, file),
        isReadOnly: isReadOnly(entry.symbol, file)))
    if size == 0 || size > Layout.largestSize {
      log.error(
        .copyOfUnknownSize(program.demangled(symbol), inputs.displayName(entry.file)),
        at: inputs.place(entry.file))
    }
  }

  /// As much as the address in the library and its section promise.
  private func copyAlignment(_ symbol: Symbol, _ file: InputFile) -> UInt64 {
    var alignment: UInt64 = 64
    if Int(symbol.sectionIndex) < file.sectionCount {
      alignment = max(file.sectionHeaders[Int(symbol.sectionIndex)].alignment, 1)
    }
    if symbol.value != 0 {
      alignment = min(alignment, 1 << UInt64(symbol.value.trailingZeroBitCount))
    }
    return alignment.nonzeroBitCount == 1 ? min(alignment, 4096) : 16
  }

  private func isReadOnly(_ symbol: Symbol, _ file: InputFile) -> Bool {
    guard Int(symbol.sectionIndex) < file.sectionCount else { return false }
    let header = file.sectionHeaders[Int(symbol.sectionIndex)]
    return header.flags & SHF.WRITE == 0
      || file.sectionName(header).hasPrefix(".data.rel.ro")
  }

  private func layOutCopies() {
    for index in copies.indices {
      let isReadOnly = copies[index].isReadOnly
      let alignment = copies[index].alignment
      var end = isReadOnly ? copyRelroSize : copySize
      end = (end &+ alignment &- 1) & ~(alignment &- 1)
      copies[index].offset = end
      end = end &+ copies[index].size
      if isReadOnly {
        copyRelroSize = end
        copyRelroAlignment = max(copyRelroAlignment, alignment)
      } else {
        copySize = end
        copyAlignment = max(copyAlignment, alignment)
      }
    }
  }

  // MARK: Checks

  private func reportRequiredSymbols() {
    for name in options.requiredSymbols {
      guard let index = inputs.linkerSymbols.index(of: name) else { continue }
      let row = files[inputs.linker.index].symbolID(index + 1)
      if program.flags[program.definition[row]].contains(.undefined) {
        log.fault(.requiredSymbolMissing(name))
      }
    }
  }
}

/// The symbols of shared libraries by value: those at one address are names of one object.
private struct AliasTable {
  private var tables: [FileID: [UInt64: [Int]]] = [:]

  /// The defined global symbols of `file` with the given value.
  mutating func symbols(at value: UInt64, in file: FileID, _ files: Block<InputFile>) -> [Int] {
    if let table = tables[file] { return table[value] ?? [] }
    var table: [UInt64: [Int]] = [:]
    let row = files[file.index]
    for index in row.globals where row.symbols[index].sectionIndex != SHN.UNDEF {
      table[row.symbols[index].value, default: []].append(index)
    }
    tables[file] = table
    return table[value] ?? []
  }
}

extension Message {
  static func copyOfUnknownSize(_ symbol: String, _ file: String) -> Message {
    Message(
      "copyOfUnknownSize",
      "\(symbol) of \(file) cannot be copied into the program, for its size is not known; "
        + "recompile with -fPIC")
  }
}
