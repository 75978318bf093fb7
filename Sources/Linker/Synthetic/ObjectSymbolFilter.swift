// -r: which symbols are in the output's table, and what their entries say.
//
// Definitions keep binding, type and size; common symbols stay common, references stay references.
// What the inputs say about visibility is combined, as a later link of the inputs would do.

internal import ELF

struct ObjectSymbolFilter: @unchecked Sendable {
  // Sendable: read only.
  private let object: ObjectOutput
  private let options: Options
  private let program: Program
  private let retained: Set<String>?
  private let dropsUnreferenced: Bool

  init(_ object: ObjectOutput) {
    self.object = object
    options = object.options
    program = object.program
    retained = object.inputs.requests.retainedSymbols
    dropsUnreferenced = object.dropsUnreferencedSymbols
  }

  /// Calls `body` for every symbol of `file` that is in the output's table, locals first.
  @inline(__always) func forEachSymbol(
    _ file: InputFile, _ body: (_ symbol: Symbol, _ index: Int, _ isLocal: Bool) -> Void
  ) {
    let symbols = file.symbols
    if file.kind == .object {
      for index in 1..<max(Int(min(file.firstGlobal, UInt32(symbols.count))), 1) {
        let symbol = symbols[index]
        if isWantedLocal(symbol, index, file) { body(symbol, index, true) }
      }
    }
    for index in file.globals where index > 0 {
      let row = file.symbolID(index)
      guard program.definition[row] == row else { continue }
      let symbol = symbols[index]
      if isWantedGlobal(symbol, index, file, row) { body(symbol, index, false) }
    }
  }

  private func isWantedLocal(_ symbol: Symbol, _ index: Int, _ file: InputFile) -> Bool {
    if symbol.type == STT.SECTION || symbol.sectionIndex == SHN.UNDEF { return false }
    if symbol.type == STT.FILE {
      return options.strip != .all && options.discard != .all && retained == nil
    }
    if file.isInSection(symbol) {
      let section = file.sectionIndex(symbol, index)
      guard object.section(file, section) != .none || isGroup(section, file) else { return false }
    } else if object.program.isCommon(symbol) {
      return false
    }
    guard dropsUnreferenced else { return true }
    if program.flags[file.symbolID(index)].contains(.touched) { return true }
    if options.strip == .all || options.discard == .all { return false }
    let name = file.symbolName(index)
    if let retained { return retained.contains(name.string) }
    return !(options.discard == .temporary && name.hasPrefix(".L"))
  }

  private func isWantedGlobal(
    _ symbol: Symbol, _ index: Int, _ file: InputFile, _ row: SymbolID
  ) -> Bool {
    let facts = program.flags[row]
    if file.kind == .linker {
      let entry = object.inputs.linkerSymbols.entries[index - 1]
      // -e only says where to begin.
      if entry.role == .reference { return entry.isRequested && !object.isOnlyEntry(entry.name) }
      return object.definitions[row] != nil
    }
    if facts.contains(.undefined) {
      return !options.gcSections || facts.contains(.touched)
        || object.inputs.linkerSymbols.index(of: file.symbolName(index).string) != nil
    }
    if file.isInSection(symbol), object.definingSection(symbol, index, file) == .none {
      let isSignature = facts.contains(.touched) || !dropsUnreferenced
      return isSignature && isGroup(file.sectionIndex(symbol, index), file)
    }
    guard let retained, !facts.contains(.touched) else { return true }
    return retained.contains(file.symbolName(index).string)
  }

  /// Whether a section of a file is a section group that is kept; assemblers define the signature of
  /// a group there if nothing else defines it.
  private func isGroup(_ section: UInt32, _ file: InputFile) -> Bool {
    groupHeaderIndex(section, file) != nil
  }

  private func groupHeaderIndex(_ section: UInt32, _ file: InputFile) -> UInt32? {
    guard section < file.sectionCount, file.sectionHeaders[Int(section)].type == SHT.GROUP else {
      return nil
    }
    let groups = object.groups
    var low = 0
    var high = groups.count
    let key = (file.symbolBase, section)
    while low < high {
      let middle = (low + high) / 2
      let group = groups[middle]
      if (object.files[group.file.index].symbolBase, group.index) < key {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low < groups.count, groups[low].index == section,
      object.files[groups[low].file.index].symbolBase == file.symbolBase
    else { return nil }
    return groups[low].headerIndex
  }

  func name(_ symbol: Symbol, _ index: Int, _ file: InputFile) -> ByteView {
    object.inputs.name(symbol, index, file)
  }

  /// The entry without its name, and the index of its section; 0: `sectionIndex` says it all.
  func entry(_ symbol: Symbol, _ index: Int, _ file: InputFile) -> (Symbol, UInt32) {
    let row = file.symbolID(index)
    var entry = symbol
    guard index >= Int(file.firstGlobal) else {
      let section = place(symbol, index, file, &entry)
      return (entry, section)
    }
    let facts = program.flags[row]
    entry.other = symbol.other & ~3 | visibility(symbol, facts)
    if file.kind == .linker, let definition = object.definitions[row] {
      entry.sectionIndex = SHN.ABS
      entry.value = definition.value
      entry.size = 0
      return (entry, definition.output.map { object.outputs[$0.index].headerIndex } ?? 0)
    }
    if facts.contains(.undefined) || file.kind == .linker {
      // A reference is as strong as the strongest one.
      let isStrong = facts.contains(.stronglyReferenced) || file.kind == .linker
      entry.info = (isStrong ? STB.GLOBAL : STB.WEAK) << 4 | symbol.type
      entry.sectionIndex = SHN.UNDEF
      entry.value = 0
      entry.size = 0
      return (entry, 0)
    }
    if symbol.binding == STB.GNU_UNIQUE && !options.gnuUnique {
      entry.info = STB.GLOBAL << 4 | symbol.type
    }
    if program.isCommon(symbol), let common = object.common(row) {
      entry.size = common.size
      entry.value = common.alignment
      if !common.isLarge { entry.sectionIndex = SHN.COMMON }
      guard common.section != .none else { return (entry, 0) }
      let section = object.sections[common.section]
      if symbol.type == STT.COMMON { entry.info = symbol.binding << 4 | STT.OBJECT }
      entry.value = section.offset
      return (entry, object.outputs[section.output.index].headerIndex)
    }
    let section = place(symbol, index, file, &entry)
    return (entry, section)
  }

  /// Sets the value of a symbol that is defined in a section; returns the section's new index.
  private func place(
    _ symbol: Symbol, _ index: Int, _ file: InputFile, _ entry: inout Symbol
  ) -> UInt32 {
    guard file.isInSection(symbol) else { return 0 }
    let number = file.sectionIndex(symbol, index)
    let row = object.section(file, number)
    guard row != .none else {
      entry.sectionIndex = SHN.ABS
      return groupHeaderIndex(number, file) ?? 0
    }
    entry.value = object.outputOffset(row, symbol.value)
    return object.outputs[object.sections[row].output.index].headerIndex
  }

  private func visibility(_ symbol: Symbol, _ facts: SymbolFlags) -> UInt8 {
    if facts.contains(.sawInternal) { return STV.INTERNAL }
    if facts.contains(.sawHidden) { return STV.HIDDEN }
    if facts.contains(.sawProtected) { return STV.PROTECTED }
    return symbol.visibility
  }
}

extension ObjectOutput {
  /// What became of a common symbol.
  fileprivate func common(_ symbol: SymbolID) -> CommonSymbol? {
    let commons = program.commons
    var low = 0
    var high = commons.count
    while low < high {
      let middle = (low + high) / 2
      if commons[middle].symbol < symbol { low = middle + 1 } else { high = middle }
    }
    return low < commons.count && commons[low].symbol == symbol ? commons[low] : nil
  }

  /// Whether nothing but -e asks for a symbol.
  fileprivate func isOnlyEntry(_ name: String) -> Bool {
    name == (options.entry ?? inputs.requests.entry) && !options.undefinedSymbols.contains(name)
      && !options.requiredSymbols.contains(name) && !inputs.requests.externs.contains(name)
  }
}
