// The symbols that the linker itself defines or asks for: `_end`, `__init_array_start`,
// `__start_NAME`, --defsym, and the references of -u and -e.
//
// They are rows of the linker's own file, like the symbols of any object: name resolution, versioning and output
// need no special case. The names are known before names are resolved; which of them get a value, and which
// value, is decided when addresses are known.

internal import ELF
internal import Glibc
internal import MapLang

/// What gives a linker-made symbol its value.
enum LinkerSymbolRole: Sendable, Hashable {
  /// Only a reference: -u, -e, EXTERN.
  case reference
  /// A boundary or other symbol that the section map defines.
  case map
  /// `symbol n = e;`: index into the map's list.
  case mapExpression(Int)
  /// --defsym: index into the options' list.
  case definition(Int)
  /// `__start_NAME` and `__stop_NAME` of an output section named by a C identifier.
  case sectionStart(String)
  case sectionStop(String)
  /// Symbols of the ABI that no map need mention.
  case globalOffsetTable
  case dynamicSection
  case tlsModuleBase
  case ehdrStart
  case relaIpltStart
  case relaIpltEnd
  case dsoHandle
}

final class LinkerSymbols: @unchecked Sendable {
  // Sendable: filled serially while inputs are read.

  struct Entry: Sendable {
    let name: String
    let role: LinkerSymbolRole
    /// Define only what somebody references and nobody defines.
    let isProvided: Bool
    /// `STV` of the definition.
    let visibility: UInt8
    /// Its value does not move with the program.
    var isAbsolute = false
    /// STT_OBJECT: a slot.
    var isObject = false
    /// Where the map names it.
    var position: SourcePosition?

    var isHidden: Bool { visibility == STV.HIDDEN }
  }

  private(set) var entries: [Entry] = []
  private var table = Block<Symbol>(count: 0)
  private var known: [String: Int] = [:]

  /// Adds a symbol unless the name is there already; a definition replaces a reference.
  func add(
    _ name: String, _ role: LinkerSymbolRole, provided: Bool = true, hidden: Bool = true,
    absolute: Bool = false, object: Bool = false, at position: SourcePosition? = nil
  ) {
    add(
      name, role, provided: provided, visibility: hidden ? STV.HIDDEN : STV.DEFAULT,
      absolute: absolute, object: object, at: position)
  }

  /// As above, with a visibility of the gABI.
  func add(
    _ name: String, _ role: LinkerSymbolRole, provided: Bool = true, visibility: UInt8,
    absolute: Bool = false, object: Bool = false, at position: SourcePosition? = nil
  ) {
    let entry = Entry(
      name: name, role: role, isProvided: provided, visibility: visibility, isAbsolute: absolute,
      isObject: object, position: position)
    if let index = known[name] {
      if entries[index].role == .reference { entries[index] = entry }
      return
    }
    known[name] = entries.count
    entries.append(entry)
  }

  func index(of name: String) -> Int? { known[name] }

  /// The size of a slot, known when it is placed.
  func setSize(_ size: UInt64, of name: String) {
    guard let index = known[name], index + 1 < table.count else { return }
    table[index + 1].size = size
  }

  /// Lays the entries out as the symbol table of an object: entry `i` is symbol `i + 1`.
  func makeTables(_ file: inout InputFile) {
    let names = entries.map { Array($0.name.utf8) }
    let stringSize = 1 + names.reduce(0) { $0 + $1.count + 1 }
    let strings = UnsafeMutableRawPointer.allocate(byteCount: stringSize + 8, alignment: 8)
    memset(strings, 0, stringSize + 8)
    let table = Block<Symbol>(count: entries.count + 1)
    var offset = 1
    for (index, name) in names.enumerated() {
      name.withUnsafeBytes {
        (strings + offset).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
      }
      var symbol = Symbol()
      symbol.nameOffset = UInt32(offset)
      let isReference = entries[index].role == .reference
      symbol.info = STB.GLOBAL << 4 | (entries[index].isObject ? STT.OBJECT : STT.NOTYPE)
      symbol.other = isReference ? STV.DEFAULT : entries[index].visibility
      // Provided symbols are undefined until it is known that nobody else defines them.
      symbol.sectionIndex = isReference || entries[index].isProvided ? SHN.UNDEF : SHN.ABS
      table[index + 1] = symbol
      offset += name.count + 1
    }
    self.table = table
    file.symbols = RecordView(
      ByteView(UnsafeRawPointer(table.base), count: (entries.count + 1) * Symbol.size))
    file.symbolNames = ByteView(UnsafeRawPointer(strings), count: stringSize)
    file.firstGlobal = 1
  }
}

extension Inputs {
  /// Lists what the map, the options and the ABI define or ask for.
  func listLinkerSymbols() {
    for (number, definition) in options.symbolDefinitions.enumerated() {
      linkerSymbols.add(
        definition.name, .definition(number), provided: false, hidden: false)
      for name in definition.expression.symbols { linkerSymbols.add(name, .reference) }
    }
    guard options.outputKind != .relocatable else {
      let entry = (options.entry ?? requests.entry).map { [$0] } ?? []
      let named = options.undefinedSymbols + options.requiredSymbols + requests.externs
      for name in entry + named { linkerSymbols.add(name, .reference) }
      return
    }
    if let map { addMapSymbols(map) }
    linkerSymbols.add("_GLOBAL_OFFSET_TABLE_", .globalOffsetTable)
    linkerSymbols.add("_DYNAMIC", .dynamicSection)
    linkerSymbols.add("_TLS_MODULE_BASE_", .tlsModuleBase)
    linkerSymbols.add("__ehdr_start", .ehdrStart)
    linkerSymbols.add("__dso_handle", .dsoHandle)
    linkerSymbols.add("__rela_iplt_start", .relaIpltStart)
    linkerSymbols.add("__rela_iplt_end", .relaIpltEnd)

    addGlobReferences()
    let references =
      [entryName] + options.undefinedSymbols
      + options.requiredSymbols + requests.externs + [options.initSymbol, options.finiSymbol]
    for name in references { linkerSymbols.add(name, .reference) }
  }

  /// --undefined-glob: a reference to every symbol of an object or archive member that matches.
  private func addGlobReferences() {
    guard !options.undefinedGlobs.isEmpty else { return }
    let globs = options.undefinedGlobs.map { Glob($0) }
    for number in 0..<files.count where files[number].kind == .object {
      let file = files[number]
      for index in file.globals where file.symbols[index].sectionIndex != SHN.UNDEF {
        let name = file.symbolName(index)
        if globs.contains(where: { $0.matches(name) }) {
          linkerSymbols.add(name.string, .reference)
        }
      }
    }
  }

  /// -e, else the map's, else a script's, else `_start`.
  var entryName: String { options.entry ?? map?.entry?.name ?? requests.entry ?? "_start" }

  /// The symbols that expressions of the map ask for.
  private func addReferences(_ expression: Expression) {
    expression.forEachQuery { query, _ in
      if case .symbol(let name) = query { linkerSymbols.add(name, .reference) }
    }
  }

  private func addExpressions(_ map: SectionMap) {
    for (index, symbol) in map.symbols.enumerated() {
      linkerSymbols.add(
        symbol.name, .mapExpression(index), provided: symbol.provide, hidden: symbol.hidden,
        absolute: !symbol.value.isAddress, at: symbol.position)
    }
    for slot in map.slots {
      let name = SlotNote.symbolPrefix + slot.name
      linkerSymbols.add(name, .map, provided: false, object: true)
      linkerSymbols.add(name + "_start", .map, provided: false)
      linkerSymbols.add(name + "_end", .map, provided: false)
    }
    for symbol in map.symbols { addReferences(symbol.value) }
    for assertion in map.assertions { addReferences(assertion.condition) }
    for root in map.roots { linkerSymbols.add(root.name, .reference) }
  }

  private func addMapSymbols(_ map: SectionMap) {
    func add(_ bounds: [Bound]) {
      for bound in bounds {
        for name in bound.names {
          linkerSymbols.add(
            name.name, .map, provided: bound.provide, hidden: bound.hidden,
            absolute: bound.edge == .length, at: name.position)
        }
      }
    }
    func visit(_ items: [PlaceItem]) {
      for item in items {
        switch item {
        case .group(let group), .overlay(let group):
          add(group.bounds)
          visit(group.items)
        case .segment(let segment):
          add(segment.bounds)
          visit(segment.items)
        case .reserve(let id): add(map[id].bounds)
        case .section, .slot, .image, .headers: break
        }
      }
    }
    func visit(_ items: [SectionItem]) {
      for item in items {
        guard case .group(let group) = item else { continue }
        add(group.bounds)
        visit(group.items)
      }
    }
    for place in map.places {
      add(place.bounds)
      visit(place.items)
    }
    for section in map.sections {
      add(section.bounds)
      visit(section.items)
    }
    for region in map.regions { add(region.bounds) }
    addExpressions(map)
  }
}
