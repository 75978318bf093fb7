// Fills the column of symbol addresses: what references to each symbol mean.
//
// Before: sections have addresses. After: `addresses` holds for every symbol entry of a live file the
// address of its definition, or of the PLT entry or copy that stands for it; so applying a relocation
// is one load from a part of the column that belongs to its own file.

internal import ELF
internal import Parallel

extension Layout {
  /// `areFinal`: else sections may move, and what cannot be computed again is marked unknown.
  func computeSymbolAddresses(areFinal: Bool = true) {
    let program = selection.program
    selection.pieces.setAddresses(
      selection.mergedSections.map { address(of: selection.sections[$0.row]) })
    program.forEachLiveObject { _, file in
      for index in 0..<file.symbolCount {
        let row = file.symbolID(index)
        guard program.definition[row] == row else { continue }
        self.addresses[row] = self.ownAddress(file.symbols[index], row, file)
      }
    }
    for common in program.commons { addresses[common.symbol] = commonAddress(common) }
    computeLinkerSymbols(areFinal)
    for record in selection.entries.records { addresses[record.symbol] = effectiveAddress(record) }
    program.forEachLiveFile { _, file in
      for index in file.globals {
        let row = file.symbolID(index)
        let definition = program.definition[row]
        if definition != row { self.addresses[row] = self.addresses[definition] }
      }
    }
  }

  private func commonAddress(_ common: CommonSymbol) -> UInt64 {
    selection.isLive(common.section)
      ? address(of: selection.sections[common.section]) : Layout.discardedMark
  }

  /// The address that a symbol's entry states.
  private func ownAddress(_ symbol: Symbol, _ row: SymbolID, _ file: InputFile) -> UInt64 {
    let id = selection.definingSection[row]
    guard id != .none else {
      if selection.program.flags[row].contains(.undefined) { return 0 }
      if file.isInSection(symbol) {
        // With its section went the definition; who still names it means an undefined symbol.
        return selection.program.flags[row].contains(.undefined) ? 0 : Layout.discardedMark
      }
      return symbol.sectionIndex == SHN.ABS ? symbol.value : 0
    }
    guard selection.isLive(id) else { return Layout.discardedMark }
    let section = selection.sections[id]
    if section.kind.contains(.merged) {
      return symbol.type == STT.SECTION ? Layout.mergedMark : mergedAddress(id, symbol.value)
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

  /// The address of a symbol's own definition, whatever stands for it elsewhere.
  func definitionAddress(_ symbol: SymbolID) -> UInt64 {
    let entry = selection.inputs.entry(of: symbol)
    let file = selection.files[entry.file.index]
    guard file.kind == .object else { return assignedValues[symbol] ?? addresses[symbol] }
    if let common = selection.program.common(symbol) { return commonAddress(common) }
    return ownAddress(entry.symbol, symbol, file)
  }

  /// Where the function of an entry point is, which the loader calls in this module and nowhere else:
  /// its own code, though calls by name may go through a PLT entry to another module's.
  func entryPoint(_ symbol: SymbolID) -> UInt64 {
    let facts = selection.program.flags[symbol]
    return facts.contains(.imported) && !facts.contains(.ifunc)
      ? definitionAddress(symbol) : addresses[symbol]
  }

  /// What references mean: a copy, a PLT entry, or the definition.
  private func effectiveAddress(_ record: SymbolEntries) -> UInt64 {
    let facts = selection.program.flags[record.symbol]
    if record.copyIndex >= 0 { return copyAddress(selection.copies[Int(record.copyIndex)]) }
    if facts.contains(.undefined) && options.outputKind != .sharedObject {
      // Calls go through the PLT, all else sees that the symbol is not there.
      return record.plt >= 0 || record.pltGOT >= 0 ? Layout.weakCallMark : 0
    }
    if facts.contains(.imported) || facts.contains(.ifunc) {
      if record.plt >= 0 { return pltAddress(record.plt) }
      if record.pltGOT >= 0 { return pltGOTAddress(record.pltGOT) }
    }
    return addresses[record.symbol]
  }

  // MARK: The linker's own symbols

  private func computeLinkerSymbols(_ areFinal: Bool) {
    defineSlots()
    let table = selection.inputs.linkerSymbols
    let file = selection.files[selection.inputs.linker.index]
    var outputOf: [String: Int] = [:]
    for (index, output) in outputs.enumerated().reversed() where output.isAllocated {
      outputOf[output.name] = index
    }
    let anchor = placed.lazy.compactMap(\.output).first { self.outputs[$0.index].size > 0 }
    for (index, entry) in table.entries.enumerated() {
      let row = file.symbolID(index + 1)
      guard selection.program.definition[row] == row,
        !selection.program.flags[row].contains(.undefined)
      else { continue }
      guard let value = value(of: entry, outputOf, anchor) else {
        addresses[row] = areFinal ? 0 : Layout.unknownMark
        continue
      }
      addresses[row] = value.address
      linkerSymbolOutputs[row] = value.output
    }
    evaluateAssignments(areFinal: areFinal)
  }

  /// `anchor`: the section that symbols without one of their own are relative to.
  private func value(
    of entry: LinkerSymbols.Entry, _ outputOf: [String: Int], _ anchor: OutputID?
  ) -> DefinedSymbolValue? {
    let nowhere = DefinedSymbolValue(
      address: anchor.map { outputs[$0.index].address } ?? 0, output: anchor)
    switch entry.role {
    case .reference, .assignment: return nil
    case .map: return definedSymbols[entry.name]
    case .sectionStart(let name):
      guard let index = outputOf[name] else { return nowhere }
      return DefinedSymbolValue(address: outputs[index].address, output: OutputID(index))
    case .sectionStop(let name):
      guard let index = outputOf[name] else {
        return nowhere
      }
      return DefinedSymbolValue(address: outputs[index].end, output: OutputID(index))
    case .globalOffsetTable:
      return DefinedSymbolValue(
        address: gotBase, output: outputIndex(of: gotBaseSection) ?? anchor)
    case .dynamicSection:
      return DefinedSymbolValue(address: address(of: .dynamic), output: outputIndex(of: .dynamic))
    case .tlsModuleBase:
      let output = outputs.firstIndex { $0.isTLS && $0.isAllocated }
      return DefinedSymbolValue(
        address: selection.inputs.relaxesThreadLocal ? threadPointer : threadBlock,
        output: output.map { OutputID($0) })
    case .ehdrStart, .dsoHandle:
      return DefinedSymbolValue(address: headersAddress ?? 0, output: anchor)
    case .smallDataPointer: return smallDataMiddle()
    case .relaIpltStart, .relaIpltEnd:
      // Only a static program at a fixed address applies its IRELATIVE relocations itself.
      guard !selection.program.isDynamic, let output = outputIndex(of: .relaPLT) else {
        return nowhere
      }
      let section = outputs[output.index]
      return DefinedSymbolValue(
        address: entry.role == .relaIpltStart ? section.address : section.end, output: output)
    }
  }

  /// The output section that a symbol is in; nil for absolute and undefined ones.
  func outputSection(of symbol: SymbolID) -> OutputID? {
    if symbol.rawValue >= selection.files[selection.inputs.linker.index].symbolBase,
      let known = linkerSymbolOutputs[symbol]
    {
      return known
    }
    let section = selection.definingSection[symbol]
    guard section != .none else { return nil }
    let row = selection.sections[section]
    var output = row.output
    if row.kind.contains(.merged), selection.pieces.isMerged(section) {
      let group = selection.mergedSections[selection.pieces.group(of: section)]
      output = selection.sections[group.row].output
    }
    return output == .none ? nil : output
  }
}
