// Where a symbol is defined and what its address is: the one place that answers.
//
// Two addresses may differ. `addresses` has what references mean, once `computeSymbolAddresses` has filled
// it: a PLT entry or a copy may stand for the definition. `definition(of:)` says where its own section put
// it. Some symbols have no one address, or none at all; marks in `addresses` say so.

internal import ELF

// MARK: Marks

extension Layout {
  /// The mark of a symbol that stands for a section of merged strings: which string is meant shows
  /// the addend. The value is where no address of x86-64 can be.
  static var mergedMark: UInt64 { 0x8002_0000_0000_0000 }
  /// The mark of a symbol in a section that is not in the output.
  static var discardedMark: UInt64 { 0x8003_0000_0000_0000 }

  /// The mark of an undefined weak symbol of a program that has a PLT entry.
  static var weakCallMark: UInt64 { 0x8003_0000_0000_0001 }

  /// The mark of a symbol that stands for a section of which parts are left out: what is meant shows
  /// the addend.
  static var shrunkMark: UInt64 { 0x8003_0000_0000_0002 }

  /// The mark of a symbol whose value is not known before addresses are final.
  static var unknownMark: UInt64 { 0x8003_0000_0000_0003 }

  @inline(__always) static func isSpecial(_ address: UInt64) -> Bool { address >> 49 == 0x4001 }

  /// Whether the symbol's value is a number of its own.
  func isAbsolute(_ symbol: SymbolID) -> Bool {
    let facts = selection.program.flags[selection.program.definition[symbol]]
    return facts.contains(.absolute) && !facts.contains(.undefined)
  }

  /// Whether a definition has an address in the output. (An absolute symbol may be a number like a mark.)
  func isInOutput(_ symbol: SymbolID) -> Bool {
    !Layout.isSpecial(addresses[symbol]) || isAbsolute(symbol)
  }

  /// S and A for a symbol with a mark; nil: what it marks is not in the output.
  func specialAddress(_ symbol: SymbolID, _ addend: UInt64) -> (UInt64, UInt64)? {
    let value = addresses[symbol]
    if isAbsolute(symbol) { return (value, addend) }
    let section = selection.definingSection[selection.program.definition[symbol]]
    switch value {
    case Layout.mergedMark where section != .none && selection.pieces.isMerged(section):
      return (selection.pieces.address(section, addend), 0)
    case Layout.shrunkMark where section != .none:
      let row = selection.sections[section]
      return (address(of: row) &+ selection.sectionPieces.output(section, row, addend), 0)
    case Layout.discardedMark: return nil
    case Layout.weakCallMark: return (0, addend)
    default: return (value, addend)  // an image at such an address
    }
  }
}

// MARK: What references mean

extension Layout {
  /// What references mean: a copy, a PLT entry, or the definition.
  func effectiveAddress(_ record: SymbolEntries) -> UInt64 {
    let facts = selection.program.flags[record.symbol]
    if record.copyIndex >= 0 { return copyAddress(selection.copies[Int(record.copyIndex)]) }
    if facts.contains(.undefined) && options.outputKind != .sharedObject {
      // Calls go through the PLT, all else sees that the symbol is not there.
      return pltEntryAddress(record) != nil ? Layout.weakCallMark : 0
    }
    if facts.contains(.imported) || facts.contains(.ifunc) {
      if let entry = pltEntryAddress(record) { return entry }
    }
    return addresses[record.symbol]
  }

  /// The PLT entry of a symbol that has one.
  func pltEntryAddress(_ symbol: SymbolID) -> UInt64? {
    selection.entries.record(symbol).flatMap { pltEntryAddress($0) }
  }

  private func pltEntryAddress(_ record: SymbolEntries) -> UInt64? {
    if record.plt >= 0 { return pltAddress(record.plt) }
    return record.pltGOT >= 0 ? pltGOTAddress(record.pltGOT) : nil
  }

  /// Where the function of an entry point is, which the loader calls in this module and nowhere else:
  /// its own code, though calls by name may go through a PLT entry to another module's. 0: it is not in
  /// the output.
  func entryPoint(_ symbol: SymbolID) -> UInt64 {
    guard isInOutput(symbol) else { return 0 }
    let facts = selection.program.flags[symbol]
    return facts.contains(.imported) && !facts.contains(.ifunc)
      ? definitionAddress(symbol) : addresses[symbol]
  }
}

// MARK: Where definitions are

extension Layout {
  /// The address of a symbol's own definition, whatever stands for it elsewhere: of an IFUNC that of its
  /// resolver.
  func definitionAddress(_ symbol: SymbolID) -> UInt64 {
    let entry = selection.inputs.entry(of: symbol)
    let file = selection.files[entry.file.index]
    guard file.kind == .object else { return assignedValues[symbol] ?? addresses[symbol] }
    if let common = selection.program.common(symbol) { return commonAddress(common) }
    return ownAddress(entry.symbol, symbol, file)
  }

  /// The same, and the output section that it is in.
  func definition(of symbol: SymbolID) -> DefinedSymbolValue {
    // For all but these references mean the definition.
    let isReplaced =
      !selection.program.flags[symbol].isDisjoint(with: [.ifunc, .imported])
    return DefinedSymbolValue(
      address: isReplaced ? definitionAddress(symbol) : addresses[symbol],
      output: outputSection(of: symbol))
  }

  func commonAddress(_ common: CommonSymbol) -> UInt64 {
    selection.isLive(common.section)
      ? address(of: selection.sections[common.section]) : Layout.discardedMark
  }

  /// The address that a symbol's entry states.
  func ownAddress(_ symbol: Symbol, _ row: SymbolID, _ file: InputFile) -> UInt64 {
    let id = selection.definingSection[row]
    guard id != .none else {
      // With its section went the definition; who still names it may mean an undefined symbol.
      if selection.program.flags[row].contains(.undefined) { return 0 }
      if file.isInSection(symbol) { return Layout.discardedMark }
      return symbol.sectionIndex == SHN.ABS ? symbol.value : 0
    }
    guard selection.isLive(id) else { return Layout.discardedMark }
    let section = selection.sections[id]
    if section.kind.contains(.merged) {
      return symbol.type == STT.SECTION
        ? Layout.mergedMark : selection.pieces.address(id, symbol.value)
    }
    if section.kind.contains(.exceptionFrames) {
      guard let frames = selection.syntheticRows[.exceptionFrames] else { return 0 }
      return address(of: selection.sections[frames])
        &+ selection.exceptionFrames.outputOffset(of: id, symbol.value, selection)
    }
    if section.kind.contains(.shrunk) {
      if symbol.type == STT.SECTION && symbol.value == 0 { return Layout.shrunkMark }
      return address(of: section) &+ selection.sectionPieces.output(id, section, symbol.value)
    }
    return address(of: section) &+ symbol.value
  }

  /// The output section that a symbol is in; nil for absolute and undefined ones.
  func outputSection(of symbol: SymbolID) -> OutputID? {
    let section = selection.definingSection[symbol]
    guard section != .none else { return linkerSymbolOutputs[symbol] }
    // (The row is at hand: `placedRow` would look into one more table for every symbol.)
    let row = selection.sections[section]
    let output =
      row.kind.contains(.merged)
      ? selection.sections[selection.placedRow(section)].output : row.output
    return output == .none ? nil : output
  }
}

extension Selection {
  /// The row that is placed for a section: of a merged one, that of the whole.
  func placedRow(_ section: SectionID) -> SectionID {
    pieces.isMerged(section) ? mergedSections[pieces.group(of: section)].row : section
  }
}
