// Decides which definition each name means, now that it is known which files take part and which
// COMDAT groups were kept.
//
// After: `definition` leads from every global entry of a live file to the row that stands for its
// name: the best definition (a strong one, then a common, a weak, one that the linker provides, one
// in a shared library; among equals the earliest file), or the first reference if there is none.
// `flags` at that row tell what kind of thing it is and who refers to it.

internal import ELF
internal import Parallel

extension Program {
  func chooseDefinitions() {
    let count = best.count
    best.release()
    best = AtomicMinimum(count: count)
    uniteDefaultVersions()
    forEachLiveFile { id, file in self.offerDefinitions(id, file) }
    let confined = confinedNames(among: Set(libraryData.keys))
    for (name, candidate) in libraryData
    where !confined.contains(name) && Candidate(key: best[name]).rank == .common {
      best.offer(candidate.key, at: name)
    }
    readVersionScripts()
    offerVersions()
    let mismatched = Gathered<SymbolID>(pool)
    let (files, fileFlags) = (files, fileFlags)
    pool.parallelFor(files.count) { range, worker in
      for index in range where fileFlags[FileID(index)].contains(.live) {
        self.recordDefinitions(FileID(index), files[index], mismatched, worker)
      }
    }
    settleVersions()
    for name in options.undefinedSymbols + inputs.requests.externs {
      guard let index = inputs.linkerSymbols.index(of: name) else { continue }
      let row = files[inputs.linker.index].symbolID(index + 1)
      flags.insert(.stronglyReferenced, at: definition[row])
    }
    reportThreadLocalUses(of: mismatched.take())
  }

  /// Runs `body` for every file that takes part, the shared libraries and the linker included.
  func forEachLiveFile(_ body: @Sendable (FileID, InputFile) -> Void) {
    let (files, flags) = (files, fileFlags)
    pool.parallelFor(files.count) { range, _ in
      for index in range where flags[FileID(index)].contains(.live) {
        body(FileID(index), files[index])
      }
    }
  }

  private func offerDefinitions(_ id: FileID, _ file: InputFile) {
    if file.kind == .shared && !fileFlags[id].contains(.needed) { return }
    let (symbols, names, best) = (file.symbols, names, best)
    let versions = versionIndices(file)
    for index in file.globals {
      let name = names[file.symbolID(index)]
      // Entry 0 of the name table is taken by real names too; entries without a name (versioned
      // symbols of shared libraries) are those that were never entered.
      guard let rank = rank(of: symbols[index], index, file) else { continue }
      // A library may define both `foo` and `foo@@V`; references made now mean the latter.
      let isBase = rank == .shared && versions.hasBaseVersion(index)
      best.offer(Candidate(rank, id, index, isBase: isBase).key, at: name)
    }
  }

  /// The rows of `.gnu.version` of a shared library; none for other files.
  @inline(__always) func versionIndices(_ file: InputFile) -> RecordView<UInt16> {
    guard file.kind == .shared else { return RecordView() }
    return inputs.sharedObjects[Int(file.sharedIndex)].versionIndices
  }

  /// How good a definition the entry is; nil if it has no part in its name.
  func rank(of symbol: Symbol, _ index: Int, _ file: InputFile) -> Candidate.Rank? {
    switch file.kind {
    case .shared:
      return symbol.sectionIndex == SHN.UNDEF
        ? .undefined : isFindable(symbol, index, file) ? .shared : nil
    case .linker:
      let entry = inputs.linkerSymbols.entries[index - 1]
      return entry.role == .reference ? .undefined : entry.isProvided ? .provided : .assignment
    case .object:
      if symbol.sectionIndex == SHN.UNDEF { return .undefined }
      if isCommon(symbol) { return .common }
      if file.isInSection(symbol) {
        let section = Int(file.sectionIndex(symbol, index))
        // A definition in a COMDAT group that lost is a reference to the one that was kept.
        if section < file.sectionCount, file.sectionMap![section] == InputFile.discardedMark {
          return .undefined
        }
      }
      return symbol.binding == STB.WEAK ? .weak : .strong
    }
  }

  /// Whether references without a version find this symbol of a shared library.
  func isFindable(_ symbol: Symbol, _ index: Int, _ file: InputFile) -> Bool {
    if symbol.visibility == STV.HIDDEN || symbol.visibility == STV.INTERNAL { return false }
    let versions = versionIndices(file)
    guard index < versions.count else { return true }
    return versions[index] & VER.NDX_HIDDEN == 0 && versions[index] != VER.NDX_LOCAL
  }

  private func recordDefinitions(
    _ id: FileID, _ file: InputFile, _ mismatched: Gathered<SymbolID>, _ worker: Worker
  ) {
    if file.kind == .shared && !fileFlags[id].contains(.needed) {
      if fileFlags[id].contains(.loadedByOthers) { recordLoaded(file) }
      return
    }
    let (symbols, names, best, definition) = (file.symbols, names, best, definition)
    for index in 0..<Int(min(file.firstGlobal, UInt32(symbols.count))) {
      let row = file.symbolID(index)
      definition[row] = row
      flags.insert(description(symbols[index], index, file), at: row)
    }
    for index in file.globals {
      let row = file.symbolID(index)
      let symbol = symbols[index]
      if file.kind == .shared && symbol.sectionIndex != SHN.UNDEF
        && !isFindable(symbol, index, file)
      {
        definition[row] = row  // reached by its version only
        flags.insert(description(symbol, index, file), at: row)
        continue
      }
      let winner = Candidate(key: best[names[row]])
      let target = files[winner.file.index].symbolID(winner.index)
      definition[row] = target
      var facts = referenceFlags(symbol, index, file, winner, target == row)
      if target == row {
        facts.formUnion(
          winner.rank == .undefined
            ? typeFlags(symbol, file).union(.undefined) : description(symbol, index, file))
      } else if symbol.type == STT.TLS, file.kind == .object, isOrdinary(winner) {
        mismatched.append(target, worker)
      }
      flags.insert(facts, at: target)
      if winner.has(.libraryData) && file.kind == .object {
        flags.insert([.referenced, .stronglyReferenced], at: target)
      }
    }
  }

  /// A library that only others will load defines nothing for this output, but sees what the output
  /// exports like those that it names, and what it needs must be there (`checkSharedReferences`).
  private func recordLoaded(_ file: InputFile) {
    for index in file.globals {
      let symbol = file.symbols[index]
      let isReference = symbol.sectionIndex == SHN.UNDEF
      let row = file.symbolID(index)
      let winner = Candidate(key: best[names[row]])
      let isKnown = winner.key != AtomicMinimum<NameID>.none
      if isReference {
        definition[row] = isKnown ? files[winner.file.index].symbolID(winner.index) : row
        if !isKnown { flags.insert(.undefined, at: row) }
      }
      guard isKnown, winner.rank != .undefined, files[winner.file.index].kind != .shared,
        isReference || isFindable(symbol, index, file), mustSee(symbol, index, file, winner)
      else { continue }
      flags.insert(.knownToShared, at: files[winner.file.index].symbolID(winner.index))
    }
  }

  /// What an occurrence tells about its name's definition.
  private func referenceFlags(
    _ symbol: Symbol, _ index: Int, _ file: InputFile, _ winner: Candidate, _ isDefinition: Bool
  ) -> SymbolFlags {
    var facts: SymbolFlags = []
    switch file.kind {
    case .shared:
      if mustSee(symbol, index, file, winner) { facts.insert(.knownToShared) }
    case .linker:
      let entry = inputs.linkerSymbols.entries[index - 1]
      if entry.isRequested { facts.insert(.referenced) }
      if isDefinition { facts.formUnion(SymbolFlags(visibility: entry.visibility)) }
    case .object:
      let isReference = rank(of: symbol, index, file) == .undefined
      if isReference {
        facts.insert(.referenced)
        if symbol.binding != STB.WEAK {
          facts.insert(.stronglyReferenced)
        } else if symbol.sectionIndex != SHN.UNDEF {
          facts.insert(.weakInLostGroup)
        }
      }
      facts.formUnion(SymbolFlags(visibility: symbol.visibility))
    }
    return facts
  }

  /// Whether what defines the name must be visible to a library with this entry. What it refers to
  /// must; what it defines too, for one of the two definitions will serve both.
  private func mustSee(
    _ symbol: Symbol, _ index: Int, _ file: InputFile, _ winner: Candidate
  ) -> Bool {
    guard symbol.visibility == STV.DEFAULT || symbol.visibility == STV.PROTECTED else {
      return false
    }
    let definer = files[winner.file.index]
    guard definer.kind == .object else { return true }
    guard symbol.sectionIndex != SHN.UNDEF else {
      // It wants `foo@V`, not any `foo` (`settleVersions` looks for that).
      return !versionIndices(file).hasVersion(index)
    }
    // A function of the library and a variable of the program are no two definitions of one thing.
    let other = definer.symbols[winner.index]
    return symbol.type == STT.NOTYPE || other.type == STT.NOTYPE
      || isFunction(symbol) == isFunction(other)
  }

  private func isFunction(_ symbol: Symbol) -> Bool {
    symbol.type == STT.FUNC || symbol.type == STT.GNU_IFUNC
  }

  /// What an entry that is a definition says of itself.
  func description(_ symbol: Symbol, _ index: Int, _ file: InputFile) -> SymbolFlags {
    var facts = typeFlags(symbol, file)
    if file.kind == .shared {
      facts.insert(.shared)
      if symbol.visibility == STV.PROTECTED { facts.insert(.protectedInShared) }
    } else if symbol.sectionIndex == SHN.ABS && file.kind == .object
      || file.kind == .linker && index > 0 && inputs.linkerSymbols.entries[index - 1].isAbsolute
    {
      facts.insert(.absolute)
    }
    return facts
  }

  private func typeFlags(_ symbol: Symbol, _ file: InputFile) -> SymbolFlags {
    switch symbol.type {
    case STT.FUNC: return .function
    case STT.GNU_IFUNC: return file.kind == .object ? [.function, .ifunc] : .function
    case STT.TLS: return .tls
    default: return []
    }
  }

  /// Whether it defines something that is not thread-local, by what it says.
  private func isOrdinary(_ definition: Candidate) -> Bool {
    let file = files[definition.file.index]
    return definition.rank != .undefined && file.kind != .linker
      && file.symbols[definition.index].type != STT.TLS
  }
}
