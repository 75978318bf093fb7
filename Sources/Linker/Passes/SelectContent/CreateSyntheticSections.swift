// Decides which sections the linker makes, and gives each a row and a rule of the map.
//
// Before: it is known which symbols have entries. After: rows exist for all linker-made sections that
// the output needs. Their sizes follow when layout begins, for some depend on each other.

internal import ELF
internal import MapLang

extension Selection {
  func createSyntheticSections() {
    let isDynamic = program.isDynamic
    let options = options
    inputs.target = inputs.target.machine.code.facts(for: self)
    if options.outputFormat == .elf { make(.fileHeaders) }
    if isDynamic && wantsInterpreter { make(.interpreter) }
    if properties.noteSize > 0 { make(.noteProperty) }
    if options.buildID != .none { make(.noteBuildID) }
    if options.packageMetadata != nil { make(.notePackage) }
    if isDynamic {
      if options.hashStyle.contains(.sysv) { make(.sysvHash) }
      if options.hashStyle.contains(.gnu) { make(.gnuHash) }
      make(.dynamicSymbols)
      make(.dynamicStrings)
      make(.dynamic)
    }
    if !gotPlan.pltSymbols.isEmpty { make(.plt) }
    if gotPlan.pltGOTCount > 0 { make(.pltGOT) }
    if usesSecondaryPLT && !gotPlan.pltSymbols.isEmpty { make(.pltSecondary) }
    if gotPlan.veneerCount > 0 { make(.veneers) }
    let baseSection: SyntheticKind? = needsGOTBase ? inputs.target.gotBaseSection : nil
    if gotPlan.entryCount > 0 || baseSection == .got {
      gotPlan.entryCount = max(gotPlan.entryCount, inputs.target.gotHeaderEntries)
      make(.got)
    }
    // Where there are relocations of a PLT, even if only IFUNCs' GOT entries have some, a lazily
    // binding loader writes into the words that DT_PLTGOT leads to.
    if !gotPlan.pltSymbols.isEmpty || baseSection == .gotPLT || isDynamic && needsPLTRelocations {
      make(.gotPLT)
    }
    if copySize > 0 { make(.copy) }
    if copyRelroSize > 0 { make(.copyRelro) }
    if !exceptionFrames.inputs.isEmpty {
      make(.exceptionFrames)
      if options.ehFrameHeader { make(.exceptionFrameHeader) }
    }
    makeRelocationSections(isDynamic)
    if hasUnwindIndex { make(.unwindStops) }
    if !program.abi.attributeBytes.isEmpty { make(.attributes) }
    if SlotRegistryNote.isWanted(map) { make(.slotRegistry) }
    if options.writesGdbIndex { make(.gdbIndex) }
  }

  /// The relocation tables need to be known before their sizes are; empty ones go again.
  private func makeRelocationSections(_ isDynamic: Bool) {
    if needsPLTRelocations { make(.relaPLT) }
    guard isDynamic else { return }
    make(.relaDynamic)
    if options.packRelativeRelocations { make(.relrDynamic) }
  }

  private var needsPLTRelocations: Bool {
    !gotPlan.pltSymbols.isEmpty || !indirectPlaces.isEmpty || hasIndirectGOT
  }

  /// Whether a GOT entry holds the address of an IFUNC, which an IRELATIVE relocation finds.
  var hasIndirectGOT: Bool {
    entries.records.contains { record in
      record.got >= 0 && isIndirectGOT(record.symbol)
    }
  }

  func isIndirectGOT(_ symbol: SymbolID) -> Bool {
    let facts = program.flags[symbol]
    return facts.contains(.ifunc) && !facts.contains(.imported)
      && !facts.contains(.needsCanonicalPLT)
  }

  private var wantsInterpreter: Bool {
    options.outputKind.isExecutable && !options.noDynamicLinker && !inputs.isStatic
  }

  /// `_GLOBAL_OFFSET_TABLE_` is used, by name or by an offset from it.
  private var needsGOTBase: Bool {
    if needs.gotBase { return true }
    guard let symbol = program.linkerReference("_GLOBAL_OFFSET_TABLE_") else { return false }
    return program.flags[symbol].contains(.referenced)
  }

  /// Control-flow enforcement: the PLT that code calls has `endbr64` in every entry.
  var usesSecondaryPLT: Bool {
    let bit = inputs.target.properties.secondaryPLT
    return bit != 0 && (options.ibtPLT || properties.features & bit != 0)
  }

  @discardableResult
  func make(_ kind: SyntheticKind) -> SectionID {
    var row = InputSection()
    row.file = inputs.linker
    row.index = kind.rawValue
    row.kind = kind.kind
    row.alignmentShift = kind.alignmentShift(inputs.target.format)
    row.rule = InputSection.noRule
    if kind == .dynamic && options.readOnlyDynamic { row.kind.remove(.write) }
    if kind == .copy { row.alignmentShift = UInt8(copyAlignment.trailingZeroBitCount) }
    if kind == .copyRelro { row.alignmentShift = UInt8(copyRelroAlignment.trailingZeroBitCount) }
    if kind == .pltGOT { row.alignmentShift = 4 }
    let name = kind.name(inputs.target)
    if !name.isEmpty && row.kind.contains(.alloc) {
      switch matcher.rule(
        name: name, traits: traits(row), file: matcher.linkerFilePatterns)
      {
      case .rule(let rule):
        switch map[rule].kind {
        case .take, .gather: row.rule = rule.rawValue
        case .discard:
          if kind.isOptional { return .none }
          reportNeeded(kind, map[rule])
        case .forbid: forbiddenSections.append((kind, rule))
        }
      case .ambiguous(let number): reportAmbiguity(number, "<linker>:(\(kind.name(inputs.target)))")
      case .none: break
      }
    }
    let id = addSection(row)
    syntheticRows[kind] = id
    return id
  }
}
