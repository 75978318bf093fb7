// Which symbols the linker itself defines or asks for: what the map, the options, scripts and the ABI
// say.

internal import ELF
internal import MapLang
internal import Text

extension Inputs {
  /// Lists what the map, the options and the ABI define or ask for.
  func listLinkerSymbols() {
    for assignment in listAssignments() { linkerSymbols.add(assignment) }
    guard options.outputKind != .relocatable else {
      linkerSymbols.mentionOperands(nil)
      let entry = (options.entry ?? requests.entry).map { [$0] } ?? []
      let named = options.undefinedSymbols + options.requiredSymbols + requests.externs
      for name in entry + named { linkerSymbols.request(name) }
      return
    }
    if let map { addMapSymbols(map) }
    linkerSymbols.mentionOperands(map)
    linkerSymbols.add("_GLOBAL_OFFSET_TABLE_", .globalOffsetTable)
    linkerSymbols.add("_DYNAMIC", .dynamicSection)
    linkerSymbols.add("_TLS_MODULE_BASE_", .tlsModuleBase)
    linkerSymbols.add("__ehdr_start", .ehdrStart)
    linkerSymbols.add("__dso_handle", .dsoHandle)
    if let name = target.smallDataPointer, options.outputKind != .sharedObject {
      linkerSymbols.add("\(name)", .smallDataPointer, hidden: false)
    }
    let prefix = target.hasAddends ? "__rela" : "__rel"
    linkerSymbols.add("\(prefix)_iplt_start", .relaIpltStart)
    linkerSymbols.add("\(prefix)_iplt_end", .relaIpltEnd)

    addGlobReferences()
    let references =
      [entryName] + options.undefinedSymbols
      + options.requiredSymbols + requests.externs + [options.initSymbol, options.finiSymbol]
    for name in references { linkerSymbols.request(name) }
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
          linkerSymbols.request(name.string)
        }
      }
    }
  }

  /// -e, else the map's, else a script's, else `_start`.
  var entryName: String { options.entry ?? map?.entry?.name ?? requests.entry ?? "_start" }

  private func addExpressions(_ map: SectionMap) {
    for (index, symbol) in map.symbols.enumerated() {
      linkerSymbols.add(
        Assignment(
          name: symbol.name, value: .map(index), isProvided: symbol.provide,
          isHidden: symbol.hidden, origin: .map(symbol.position)))
    }
    for slot in map.slots {
      let name = SlotNote.symbolPrefix + slot.name
      linkerSymbols.add(name, .map, provided: false, object: true)
      linkerSymbols.add(name + "_start", .map, provided: false)
      linkerSymbols.add(name + "_end", .map, provided: false)
    }
    for expression in map.assertions.map(\.condition) + map.slots.flatMap(\.words).map(\.value) {
      expression.forEachQuery { query, _ in
        if case .symbol(let name) = query { linkerSymbols.request(name) }
      }
    }
    for root in map.roots { linkerSymbols.request(root.name) }
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
        case .section, .slot, .image, .headers, .orphans: break
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
