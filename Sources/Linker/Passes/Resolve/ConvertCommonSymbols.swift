// Turns the common symbols that won their names into definitions (gABI, "Symbol Table", SHN_COMMON).
//
// Before: a common symbol says size and alignment (its value) and nothing else. After: `commons`
// lists the winners with the largest size and alignment that any live file asked for; each becomes a
// section named COMMON of the file that won, without bytes, when sections are built; LARGE_COMMON if all
// files say SHN_X86_64_LCOMMON, that is, if their code reaches it anywhere (psABI, "Large Models").

internal import ELF
internal import Parallel

extension Program {
  func convertCommonSymbols() {
    let found = Gathered<(SymbolID, Symbol)>(pool)
    let (files, flags) = (files, fileFlags)
    pool.parallelFor(files.count) { range, worker in
      for number in range where flags[FileID(number)].contains(.live) {
        let file = files[number]
        guard file.kind == .object else { continue }
        for index in file.globals where self.isCommon(file.symbols[index]) {
          found.append((file.symbolID(index), file.symbols[index]), worker)
        }
      }
    }
    var byDefinition: [SymbolID: CommonSymbol] = [:]
    for (row, symbol) in found.take() {
      let winner = definition[row]
      let entry = inputs.entry(of: winner)
      guard files[entry.file.index].kind == .object, isCommon(entry.symbol) else {
        if options.warnCommon { warnAboutCommon(row, winner) }
        continue
      }
      if options.warnCommon && winner != row { warnAboutCommon(row, winner) }
      var common =
        byDefinition[winner] ?? CommonSymbol(symbol: winner, size: 0, alignment: 1)
      common.size = max(common.size, symbol.size)
      common.alignment = max(common.alignment, symbol.value)
      common.isLarge = common.isLarge && isLargeCommon(symbol)
      byDefinition[winner] = common
    }
    // What a library has under the same name is this symbol at run time: it must find room.
    var byName: [NameID: SymbolID] = [:]
    if !inputs.sharedObjects.isEmpty {
      for winner in byDefinition.keys { byName[names[winner]] = winner }
    }
    forEachLibraryDefinition(of: Set(byName.keys)) { id, _, symbol, name in
      guard fileFlags[id].contains(.needed), symbol.type == STT.OBJECT, let winner = byName[name]
      else { return }
      byDefinition[winner]!.size = max(byDefinition[winner]!.size, symbol.size)
    }
    commons = byDefinition.values.sorted { $0.symbol < $1.symbol }
    for index in commons.indices
    where commons[index].alignment.nonzeroBitCount != 1 || commons[index].alignment > 1 << 32
      || commons[index].size > Layout.largestSize
    {
      let file = inputs.file(of: commons[index].symbol)
      log.error(
        .malformedFile(
          inputs.displayName(file),
          "common symbol \(demangled(commons[index].symbol)) has \(commons[index].size) bytes and "
            + "alignment \(commons[index].alignment), which must be a power of two up to 2³²"),
        at: inputs.place(file))
      commons[index].alignment = 1
      commons[index].size = 1
    }
  }

  private func warnAboutCommon(_ row: SymbolID, _ winner: SymbolID) {
    let file = inputs.file(of: row)
    log.warning(
      .multipleCommon(
        demangled(row), inputs.displayName(file), inputs.displayName(inputs.file(of: winner))),
      at: inputs.place(file))
  }

  /// The symbol's name for messages.
  func demangled(_ symbol: SymbolID) -> String { demangled(inputs.name(of: symbol)) }

  /// A name for messages: demangled unless --no-demangle.
  func demangled(_ name: ByteView) -> String {
    guard options.demangle else { return name.string }
    guard let base = ExplicitVersion.parts(of: name)?.base else { return Demangler.readable(name) }
    return Demangler.readable(base) + (name.suffix(from: base.count)?.string ?? "")
  }
}
