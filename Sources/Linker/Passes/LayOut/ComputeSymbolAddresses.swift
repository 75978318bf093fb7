// Fills the column of symbol addresses: what references to each symbol mean.
//
// Before: sections have addresses. After: `addresses` holds for every symbol entry of a live file the
// address of its definition, or of the PLT entry or copy that stands for it; so applying a relocation
// is one load from a part of the column that belongs to its own file.

internal import ELF
internal import Parallel

extension Layout {
  /// `areFinal`: else sections may move, what cannot be computed again is marked unknown, and what nobody
  /// asks for in rounds has no address, unless they are to be complete.
  func computeSymbolAddresses(areFinal: Bool = true, areComplete: Bool = false) {
    let program = selection.program
    selection.pieces.setAddresses(
      selection.mergedSections.map { address(of: selection.sections[$0.row]) })
    // Rounds that shorten code ask for few of the local symbols.
    let hasAllLocals = areFinal || areComplete || selection.sectionPieces.areFinal
    program.forEachLiveObject { _, file in
      for index in (hasAllLocals ? 0 : file.globals.lowerBound)..<file.symbolCount {
        let row = file.symbolID(index)
        guard program.definition[row] == row else { continue }
        self.addresses[row] = self.ownAddress(file.symbols[index], row, file)
      }
    }
    if !hasAllLocals { computeTargetAddresses() }
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

  /// Of the local symbols by which code is shortened.
  private func computeTargetAddresses() {
    let (pieces, files) = (selection.sectionPieces, selection.files)
    pool.parallelFor(pieces.targets.count, grain: 1024) { range, _ in
      for (id, index) in pieces.targets[range] {
        let file = files[id.index]
        guard Int(index) < file.symbolCount else { continue }
        let row = file.symbolID(Int(index))
        self.addresses[row] = self.ownAddress(file.symbols[Int(index)], row, file)
      }
    }
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
    if options.startStop {
      for (index, output) in outputs.enumerated() where output.isAllocated {
        let name = output.name.asIdentifier
        if outputOf[name] == nil { outputOf[name] = index }
      }
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
}
