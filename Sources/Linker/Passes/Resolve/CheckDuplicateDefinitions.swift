// Reports names that two files define, and definitions of what only the linker can define.
//
// Only after COMDAT groups are selected: their copies are no duplicates. Weak definitions, common
// symbols and STB_GNU_UNIQUE never clash.

internal import ELF
internal import MapLang
internal import Parallel

extension Program {
  func checkDuplicateDefinitions() {
    checkReservedDefinitions()
    guard !options.allowMultipleDefinition else { return }
    let found = Gathered<(SymbolID, SymbolID)>(pool)
    let (files, flags) = (files, fileFlags)
    pool.parallelFor(files.count) { range, worker in
      for number in range where flags[FileID(number)].contains(.live) {
        let file = files[number]
        guard file.kind == .object else { continue }
        for index in file.globals {
          let row = file.symbolID(index)
          let winner = self.definition[row]
          guard winner != row, self.isStrongDefinition(file.symbols[index], index, file) else {
            continue
          }
          found.append((row, winner), worker)
        }
      }
    }
    let duplicates = found.take().sorted { $0.0 < $1.0 }
    guard !duplicates.isEmpty else { return }
    let locators = SourceLocators(self)
    /// The first definition of each name that an assignment replaces. That may replace one, not
    /// choose between two. (GNU ld, lld)
    var replaced: [SymbolID: SymbolID] = [:]
    for (row, winner) in duplicates {
      report(row, winner, locators)
      guard files[inputs.file(of: winner).index].kind == .linker else { continue }
      if let first = replaced[winner] {
        report(row, first, locators)
      } else {
        replaced[winner] = row
      }
    }
  }

  /// Code that is compiled for another place finds its table of addresses by this name alone.
  private func checkReservedDefinitions() {
    let name = "_GLOBAL_OFFSET_TABLE_"
    guard options.outputKind != .relocatable, let index = inputs.linkerSymbols.index(of: name)
    else { return }
    if case .assignment(let number) = inputs.linkerSymbols.entries[index].role {
      let assignment = inputs.linkerSymbols.assignments[number]
      log.error(.reservedAssignment(assignment.description, name))
    }
    guard inputs.linkerSymbols.entries[index].role == .globalOffsetTable else { return }
    let winner = definition[files[inputs.linker.index].symbolID(index + 1)]
    let file = inputs.file(of: winner)
    guard files[file.index].kind == .object, !flags[winner].contains(.undefined) else { return }
    log.error(.reservedSymbol(name, inputs.displayName(file)), at: inputs.place(file))
  }

  private func isStrongDefinition(_ symbol: Symbol, _ index: Int, _ file: InputFile) -> Bool {
    guard symbol.binding != STB.WEAK, symbol.binding != STB.GNU_UNIQUE,
      symbol.sectionIndex != SHN.UNDEF, !isCommon(symbol)
    else { return false }
    guard file.isInSection(symbol) else { return true }
    let section = Int(file.sectionIndex(symbol, index))
    return section >= file.sectionCount || file.sectionMap![section] != InputFile.discardedMark
  }

  private func report(_ row: SymbolID, _ winner: SymbolID, _ locators: SourceLocators) {
    let (other, otherIndex, otherFile) = inputs.entry(of: winner)
    let (symbol, index, file) = inputs.entry(of: row)
    let otherRow = files[otherFile.index]
    if otherRow.kind == .linker, otherIndex > 0,
      let position = inputs.linkerSymbols.entries[otherIndex - 1].position, let map = inputs.map
    {
      inputs.report(
        MapDiagnostic(
          .redefinition,
          "symbol '\(inputs.linkerSymbols.entries[otherIndex - 1].name)' is also defined in "
            + inputs.displayName(file), at: position,
          help: "with 'provide' in front the program's definition wins"), map.sources)
      return
    }
    guard otherRow.kind == .object, isStrongDefinition(other, otherIndex, otherRow) else { return }
    // `.symver foo, foo@@V` leaves a plain `foo` at the same place.
    if file == otherFile, isSamePlace(index, otherIndex, otherRow) {
      let names = [index, otherIndex].map { otherRow.symbolName($0) }
      if names.contains(where: { ExplicitVersion.parts(of: $0) == nil }) { return }
    }
    // The same absolute value twice is no contradiction.
    if symbol.sectionIndex == SHN.ABS && other.sectionIndex == SHN.ABS
      && symbol.value == other.value
    {
      return
    }
    log.fault(
      .duplicateSymbol(
        demangled(row), definition(other, otherIndex, otherFile, locators),
        definition(symbol, index, file, locators)),
      at: inputs.place(file, offset: UInt64(index)))
  }

  private func definition(
    _ symbol: Symbol, _ index: Int, _ file: FileID, _ locators: SourceLocators
  ) -> String {
    let row = files[file.index]
    // What is not compiled yet has no places.
    if let optimization = inputs.optimization, optimization.isUncompiled(file) {
      return inputs.displayName(file)
    }
    return locators.definition(
      file, section: row.isInSection(symbol) ? row.sectionIndex(symbol, index) : nil,
      offset: symbol.value)
  }
}
