// -r: `.symtab`, `.symtab_shndx` and `.strtab`.
//
// First come the section symbols, one for each output section; then every file's local symbols, its
// STT_FILE symbol before them; then the global symbols, each once, in the order of the files whose
// entries stand for their names. Every file writes its own part: all are counted in parallel, then
// each gets its ranges of entries and name bytes. Indices are known before relocations are written.

internal import ELF
internal import Parallel

struct ObjectSymbolTable: Sendable {
  /// What one file contributes, then where its parts begin.
  fileprivate struct FileCounts: BitwiseCopyable {
    var locals = 0
    var globals = 0
    var strings = 0
    var usesGNUExtensions = false
    var firstLocal = 0
    var firstGlobal = 0
    var firstString = 0
  }

  fileprivate var counts = Block<FileCounts>(count: 0)
  /// For rows that are in the table, their index there.
  fileprivate(set) var indices = Column<SymbolID, UInt32>(count: 0)
  fileprivate(set) var entryCount = 0
  fileprivate(set) var localCount = 0
  fileprivate(set) var stringSize = 0
  /// Index of the section header of `.symtab`.
  fileprivate(set) var firstHeaderIndex: UInt32 = 0
  fileprivate(set) var needsExtendedIndices = false
  /// STT_GNU_IFUNC or STB_GNU_UNIQUE occurs.
  fileprivate(set) var usesGNUExtensions = false
  fileprivate(set) var symbolOffset: UInt64 = 0
  fileprivate(set) var extendedOffset: UInt64 = 0
  fileprivate(set) var stringOffset: UInt64 = 0

  /// The tables' own section headers.
  var headerCount: Int { needsExtendedIndices ? 3 : 2 }

  /// The index of the entry that stands for a definition; 0: it is not in the table.
  @inline(__always) func index(of definition: SymbolID) -> UInt32 { indices[definition] }

  /// Takes room in the file from `offset`, a multiple of 8; returns what follows.
  mutating func place(at offset: UInt64, _ format: Format) -> UInt64 {
    symbolOffset = offset
    extendedOffset = symbolOffset + UInt64(entryCount * format.symbolEntrySize)
    stringOffset = extendedOffset + (needsExtendedIndices ? UInt64(entryCount * 4) : 0)
    return stringOffset + UInt64(stringSize)
  }

  /// The section headers of the tables.
  func headers(_ object: ObjectOutput) -> [SectionHeader] {
    let names = object.nameTable.own
    var symbols = SectionHeader()
    symbols.nameOffset = names.symbols
    symbols.type = SHT.SYMTAB
    symbols.offset = symbolOffset
    symbols.size = UInt64(entryCount * object.format.symbolEntrySize)
    symbols.link = firstHeaderIndex + UInt32(headerCount) - 1
    symbols.info = UInt32(localCount)
    symbols.alignment = UInt64(object.format.wordSize)
    symbols.entrySize = UInt64(object.format.symbolEntrySize)
    var strings = SectionHeader()
    strings.nameOffset = names.strings
    strings.type = SHT.STRTAB
    strings.offset = stringOffset
    strings.size = UInt64(stringSize)
    strings.alignment = 1
    guard needsExtendedIndices else { return [symbols, strings] }
    var extended = SectionHeader()
    extended.nameOffset = names.extended
    extended.type = SHT.SYMTAB_SHNDX
    extended.offset = extendedOffset
    extended.size = UInt64(entryCount * 4)
    extended.link = firstHeaderIndex
    extended.alignment = 4
    extended.entrySize = 4
    return [symbols, extended, strings]
  }
}

extension ObjectOutput {
  /// Decides which symbols are in the table, and where.
  func planSymbols() {
    definitions = evaluateDefinitions()
    let filter = ObjectSymbolFilter(self)
    let counts = Block<ObjectSymbolTable.FileCounts>(count: files.count)
    program.forEachLiveFile { id, file in
      var count = ObjectSymbolTable.FileCounts()
      filter.forEachSymbol(file) { symbol, index, isLocal in
        if isLocal { count.locals += 1 } else { count.globals += 1 }
        count.strings += filter.name(symbol, index, file).count + 1
        if symbol.type == STT.GNU_IFUNC || symbol.binding == STB.GNU_UNIQUE {
          count.usesGNUExtensions = true
        }
      }
      counts[id.index] = count
    }
    var local = 1 + outputs.count
    var string = 1
    for index in 0..<counts.count {
      counts[index].firstLocal = local
      counts[index].firstString = string
      local += counts[index].locals
      string += counts[index].strings
      symbolTable.usesGNUExtensions =
        symbolTable.usesGNUExtensions || counts[index].usesGNUExtensions
    }
    var global = local
    for index in 0..<counts.count {
      counts[index].firstGlobal = global
      global += counts[index].globals
    }
    let indices = Column<SymbolID, UInt32>(count: inputs.symbolCount)
    program.forEachLiveFile { id, file in
      var local = counts[id.index].firstLocal
      var global = counts[id.index].firstGlobal
      filter.forEachSymbol(file) { _, index, isLocal in
        indices[file.symbolID(index)] = UInt32(truncatingIfNeeded: isLocal ? local : global)
        if isLocal { local += 1 } else { global += 1 }
      }
    }
    symbolTable.counts = counts
    symbolTable.indices = indices
    symbolTable.localCount = local
    symbolTable.entryCount = global
    symbolTable.stringSize = string
    symbolTable.firstHeaderIndex = UInt32(sectionHeaderCount)
    symbolTable.needsExtendedIndices = sectionHeaderCount > Int(SHN.LORESERVE)
    if string > Int(UInt32.max) || global > Int(UInt32.max) {
      log.error(.objectSectionTooLarge("the symbol table"))
    }
  }

  /// Writes the tables into the whole output.
  func writeSymbols(to file: OutputBytes) {
    let (table, format) = (symbolTable, format)
    let symbols = file.slice(
      Int(table.symbolOffset), table.entryCount * format.symbolEntrySize)
    let strings = file.slice(Int(table.stringOffset), table.stringSize)
    let extended =
      table.needsExtendedIndices
      ? file.slice(Int(table.extendedOffset), table.entryCount * 4) : nil
    @Sendable func store(_ entry: Symbol, _ section: UInt32, at position: Int) {
      var entry = entry
      if section >= UInt32(SHN.LORESERVE) {
        entry.sectionIndex = SHN.XINDEX
        extended?.store(section, at: position * 4)
      } else if section != 0 {
        entry.sectionIndex = UInt16(section)
      }
      symbols.store(entry, entry: position, format)
    }
    for index in 0..<outputs.count {
      var entry = Symbol()
      entry.info = STB.LOCAL << 4 | STT.SECTION
      store(entry, outputs[index].headerIndex, at: Int(outputs[index].symbolIndex))
    }
    let filter = ObjectSymbolFilter(self)
    program.forEachLiveFile { id, input in
      var string = table.counts[id.index].firstString
      filter.forEachSymbol(input) { symbol, index, _ in
        let name = filter.name(symbol, index, input)
        var (entry, section) = filter.entry(symbol, index, input)
        entry.nameOffset = name.isEmpty ? 0 : UInt32(truncatingIfNeeded: string)
        strings.copy(name, at: string)
        string += name.count + 1
        store(entry, section, at: Int(table.indices[input.symbolID(index)]))
      }
    }
  }
}
