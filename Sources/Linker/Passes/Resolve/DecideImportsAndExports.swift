// Decides which symbols other modules see and which are looked for at run time.
//
// Before: every name has its definition, `flags` tell visibility and who refers to it. After:
// `exported` and `imported` are final; a symbol that is neither is bound here and now. An exported
// symbol of a shared library that others may replace is both.
//
// The rules are those of the gABI ("Symbol Table", visibility) with the refinements of version
// scripts, dynamic lists, -Bsymbolic and --exclude-libs.

internal import ELF
internal import Parallel

extension Program {
  func decideImportsAndExports() {
    let chooser = ExportChooser(self)
    forEachLiveFile { id, file in
      if file.kind == .shared && !self.fileFlags[id].contains(.needed) { return }
      for index in file.globals {
        let row = file.symbolID(index)
        guard self.definition[row] == row else { continue }
        self.decide(row, index, file, chooser)
      }
    }
    assignExplicitVersions()
    checkUnmatchedVersions()
  }

  private func decide(
    _ row: SymbolID, _ index: Int, _ file: InputFile, _ chooser: ExportChooser
  ) {
    let facts = flags[row]
    if facts.contains(.shared) {
      if facts.isConfined {
        // The library's definition does not count. To libraries it does: `shared` stays.
        flags.insert([.undefined, .absolute], at: row)
      } else {
        flags.insert(.imported, at: row)
      }
      return
    }
    if facts.contains(.undefined) {
      decideUndefined(row, facts)
      return
    }
    if file.kind == .linker {
      let entry = inputs.linkerSymbols.entries[index - 1]
      if entry.isProvided && facts.isDisjoint(with: [.referenced, .knownToShared]) { return }
    }
    guard isDynamic else {
      // Other tools that read the symbol table, and a program that is linked against, see it too.
      if file.excludesExports { flags.insert(.forcedLocal, at: row) }
      return
    }
    guard !facts.isHidden else { return }
    if !chooser.applyVersionScript(row, index, file) || file.excludesExports {
      flags.insert(.forcedLocal, at: row)
      return
    }
    guard chooser.isExported(facts, index, file) else { return }
    flags.insert(.exported, at: row)
    if facts.isSuperset(of: [.ifunc, .knownToShared]) && options.outputKind != .sharedObject
      && !(inputs.target.pltNeedsGOTRegister && options.outputKind.isPositionIndependent)
    {
      // Libraries are relocated before the program, when its resolvers cannot run yet; so to them it
      // is an ordinary function, its PLT entry.
      flags.insert([.needsPLT, .needsCanonicalPLT], at: row)
    }
    if options.outputKind == .sharedObject && !facts.contains(.sawProtected)
      && chooser.isReplaceable(facts, index, file)
    {
      flags.insert(.imported, at: row)
    }
  }

  /// Nobody defines the name: the dynamic linker may find it, or it is zero, or an error (which the
  /// relocation scan reports, for it knows who refers to it).
  private func decideUndefined(_ row: SymbolID, _ facts: SymbolFlags) {
    var isWeak = !facts.contains(.stronglyReferenced)
    if facts.contains(.weakInLostGroup) && options.outputKind != .relocatable {
      // As lld: what could have been left undefined was not needed in the copy that was kept.
      flags.remove(.stronglyReferenced, at: row)
      isWeak = true
    }
    let canImport = isDynamic && !facts.isConfined
    let isImported =
      if isWeak {
        canImport && !inputs.isSelfContained && options.dynamicUndefinedWeak != false
      } else if options.outputKind == .sharedObject {
        canImport
      } else {
        // Who asks not to hear of it gets zero, unless a library needs the same symbol. (GNU ld)
        canImport && options.undefinedInObjects != .error && facts.contains(.knownToShared)
      }
    // A version is looked for in the library that the output names beside it, and there is none.
    let isUndefinedVersion = facts.contains(.undefinedVersion)
    if isUndefinedVersion && !isImported { flags.remove(.undefinedVersion, at: row) }
    flags.insert(isImported && !isUndefinedVersion ? .imported : .absolute, at: row)
  }
}

/// What the options say about exports, in a form that is quick to ask.
private struct ExportChooser: @unchecked Sendable {
  // Sendable: read only.
  private let program: Program
  private let isShared: Bool
  private let exportAll: Bool
  private let binding: SymbolicBinding

  init(_ program: Program) {
    self.program = program
    isShared = program.options.outputKind == .sharedObject
    exportAll = program.options.exportDynamic
    binding = program.options.symbolicBinding
  }

  /// Applies the version script to a definition; false if it makes the symbol local.
  func applyVersionScript(_ row: SymbolID, _ index: Int, _ file: InputFile) -> Bool {
    if program.versionMatcher == nil && program.explicitVersions.isEmpty { return true }
    let name = file.symbolName(index)
    if let (base, version, _) = ExplicitVersion.parts(of: name) {
      // Only its own node has a say.
      return program.ownVersions.shows(base, version)
    }
    if let version = program.ownVersions.defaults[name], program.ownVersions.shows(name, version) {
      return true  // it gets the version of a weak `foo@@V` that lost to it
    }
    var number = VER.NDX_GLOBAL
    if let matcher = program.versionMatcher {
      switch matcher.answer(for: name) {
      case .unlisted: break
      case .local: return false
      case .version(let listed):
        number = listed
        program.versionIndex[row] = listed
      }
    }
    return !program.yieldsToOldVersion(row, name, number)
  }

  func isExported(_ facts: SymbolFlags, _ index: Int, _ file: InputFile) -> Bool {
    if isShared || exportAll || facts.contains(.knownToShared) { return true }
    return isListed(index, file)
  }

  private func isListed(_ index: Int, _ file: InputFile) -> Bool {
    if program.options.dynamicListData && file.symbols[index].type == STT.OBJECT { return true }
    if program.dynamicLists.isEmpty { return false }
    var name = file.symbolName(index)
    // A list has names without versions, which mean the default.
    if let (base, _, isDefault) = ExplicitVersion.parts(of: name), isDefault { name = base }
    return program.dynamicLists.contains { $0.answer(for: name) != .unlisted }
  }

  /// Whether a definition in a shared library may be replaced by another module's.
  func isReplaceable(_ facts: SymbolFlags, _ index: Int, _ file: InputFile) -> Bool {
    let isFunction = facts.contains(.function)
    let isWeak = file.symbols[index].binding == STB.WEAK
    // Unique in the process, whatever the library asks for. (GNU ld)
    if file.symbols[index].binding == STB.GNU_UNIQUE && program.options.gnuUnique { return true }
    let isBound =
      switch binding {
      case .none: false
      case .all: true
      case .functions: isFunction
      case .nonWeak: !isWeak
      case .nonWeakFunctions: isFunction && !isWeak
      }
    guard isBound || program.hasDynamicList else { return true }
    return isListed(index, file)
  }
}
