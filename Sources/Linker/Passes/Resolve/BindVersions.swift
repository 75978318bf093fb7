// Versions in names: what `foo@V1` means (docs/SymbolVersions.md has the rules).
//
// An assembler writes the version of a symbol into its name: `foo@@V2` defines `foo`, and V2 is the
// version that references without one get; `foo@V1` defines or wants that version only. So `foo@V1`
// and `foo@` are interned as names of their own, and a definition `foo@@V2` as `foo`
// (`splitVersion`). What is left to do happens here, and only in links whose objects name versions:
// `foo@V1` also means a definition `foo@@V1`, and the versions that shared libraries define.

internal import ELF

/// Names by base and version.
private struct VersionedNames {
  private var lists: [ByteView: [(version: ByteView, name: NameID)]] = [:]
  var isEmpty: Bool { lists.isEmpty }

  func name(_ base: ByteView, _ version: ByteView) -> NameID? {
    lists[base]?.first { $0.version == version }?.name
  }

  mutating func insert(_ explicit: ExplicitVersion, _ name: NameID) {
    guard self.name(explicit.base, explicit.version) == nil else { return }
    lists[explicit.base, default: []].append((explicit.version, name))
  }
}

extension Program {
  // MARK: Before it is known which files take part

  /// Finds what the versions in objects may lead to, and lets these definitions compete: the best
  /// one pulls its archive member, or makes its library needed.
  func bindVersions() {
    guard !explicitVersions.isEmpty else { return }
    var mentioned = VersionedNames()
    for explicit in explicitVersions where !explicit.isDefault {
      mentioned.insert(explicit, names[explicit.symbol])
    }
    var defined = VersionedNames()
    for explicit in explicitVersions {
      let (symbol, index, file) = inputs.entry(of: explicit.symbol)
      let rank = rankBeforePulling(symbol, index, files[file.index])
      guard rank != .undefined else { continue }
      let name = mentioned.name(explicit.base, explicit.version)
      if explicit.isDefault, let name {
        versionBindings.defaults.append((name, explicit.symbol))
        best.offer(Candidate(rank, file, index).key, at: name)
      }
      defined.insert(explicit, name ?? names[explicit.symbol])
    }
    bindLibraries(mentioned, defined)
  }

  private func bindLibraries(_ mentioned: VersionedNames, _ defined: VersionedNames) {
    for number in 0..<files.count where files[number].kind == .shared {
      let file = files[number]
      let shared = inputs.sharedObjects[Int(file.sharedIndex)]
      for index in file.globals {
        let symbol = file.symbols[index]
        guard let version = shared.exactVersion(of: index) else { continue }
        let base = file.symbolName(index)
        if symbol.sectionIndex == SHN.UNDEF {
          guard let name = defined.name(base, version) else { continue }
          versionBindings.libraryNeeds.append((name, file.symbolID(index), version))
        } else if symbol.visibility == STV.DEFAULT || symbol.visibility == STV.PROTECTED {
          guard let name = mentioned.name(base, version) else { continue }
          versionBindings.libraryDefinitions.append((name, file.symbolID(index)))
          best.offer(Candidate(.lazy, FileID(number), index).key, at: name)
        }
      }
    }
  }

  /// The archive members that define what a shared library needs under its version.
  func membersForLibraries() -> [UInt32] {
    var members: [UInt32] = []
    for need in versionBindings.libraryNeeds {
      let candidate = Candidate(key: best[need.name])
      let user = inputs.entry(of: need.user)
      guard candidate.rank == .lazy, defines(candidate, need.version),
        user.symbol.binding != STB.WEAK, fileFlags[user.file].contains(.needed),
        fileFlags.insertIfAbsent(.live, at: candidate.file)
      else { continue }
      recordExtraction(of: candidate.file, by: need.user)
      members.append(candidate.file.rawValue)
    }
    return members
  }

  // MARK: When that is known

  /// Where a definition `foo@@V` takes part, `foo@V` is the same name as `foo`.
  func uniteDefaultVersions() {
    var united: [NameID: NameID] = [:]
    for (name, symbol) in versionBindings.defaults where isLiveDefinition(symbol) {
      united[name] = names[symbol]
    }
    guard !united.isEmpty else { return }
    for explicit in explicitVersions where !explicit.isDefault {
      if let name = united[names[explicit.symbol]] { names[explicit.symbol] = name }
    }
    for index in versionBindings.libraryDefinitions.indices {
      let name = versionBindings.libraryDefinitions[index].name
      versionBindings.libraryDefinitions[index].name = united[name] ?? name
    }
    for index in versionBindings.libraryNeeds.indices {
      let name = versionBindings.libraryNeeds[index].name
      versionBindings.libraryNeeds[index].name = united[name] ?? name
    }
  }

  /// After all others have been offered.
  func offerVersions() {
    for (name, symbol) in versionBindings.libraryDefinitions {
      let (_, index, file) = inputs.entry(of: symbol)
      guard fileFlags[file].contains(.needed) else { continue }
      best.offer(Candidate(.shared, file, index).key, at: name)
    }
    // `.symver foo, foo@@V` leaves a plain `foo` at the same place: one symbol, and the name with the
    // version says more.
    for explicit in explicitVersions where explicit.isDefault {
      let (symbol, index, file) = inputs.entry(of: explicit.symbol)
      let name = names[explicit.symbol]
      let winner = Candidate(key: best[name])
      guard isLive(file), winner.file == file, winner.index != index,
        isSamePlace(index, winner.index, files[file.index]),
        let rank = rank(of: symbol, index, files[file.index])
      else { continue }
      let isPlain = ExplicitVersion.parts(of: files[file.index].symbolName(winner.index)) == nil
      if isPlain { best.store(Candidate(rank, file, index).key, at: name) }
    }
    offerOldVersions()
  }

  /// `.symver foo, foo@V1` leaves a plain `foo`, too. Where the version script means the old symbol
  /// by it (`yieldsToOldVersion`), references to `foo` in this output are to `foo@V1`, which
  /// others may replace; so say GNU ld and lld. Not if an object gives `foo` another visibility: that
  /// is none of `foo@V1` (lld), and wants what is here.
  private func offerOldVersions() {
    guard options.outputKind != .relocatable, ownVersions.hasOldVersions else { return }
    var seen: Set<FileID> = []
    var offers: [NameID: Candidate] = [:]
    for explicit in explicitVersions where !explicit.isDefault {
      let id = inputs.file(of: explicit.symbol)
      guard isLive(id), seen.insert(id).inserted else { continue }
      let file = files[id.index]
      for index in file.globals {
        let row = file.symbolID(index)
        let winner = Candidate(key: best[names[row]])
        guard winner.file == id, winner.index == index,
          let old = oldVersion(inPlaceOf: row, file.symbolName(index)),
          let rank = rank(of: file.symbols[old], old, file)
        else { continue }
        offers[names[row]] = Candidate(rank, id, old)
      }
    }
    let confined = confinedNames(among: Set(offers.keys))
    for (name, offer) in offers where !confined.contains(name) { best.store(offer.key, at: name) }
  }

  /// The symbol `foo@V1` at the place of a `foo` that the version script lets yield to it.
  private func oldVersion(inPlaceOf row: SymbolID, _ name: ByteView) -> Int? {
    // (It is `foo@@V` by itself if it has taken the place of a weak one.)
    guard let list = ownVersions.oldVersions[name], ownVersions.defaults[name] == nil else {
      return nil
    }
    var number = VER.NDX_GLOBAL
    if let matcher = versionMatcher {
      switch matcher.answer(for: name) {
      case .unlisted: break
      case .local: return nil
      case .version(let listed): number = listed
      }
    }
    let (_, index, id) = inputs.entry(of: row)
    for old in list where number == VER.NDX_GLOBAL || old.index == number {
      let other = inputs.entry(of: old.symbol)
      if other.file == id && isSamePlace(index, other.index, files[id.index]) { return other.index }
    }
    return nil
  }

  /// After every entry has its definition.
  func settleVersions() {
    // A version of a library stands for itself, whoever defines the name without one.
    for (name, symbol) in versionBindings.libraryDefinitions {
      let (entry, index, file) = inputs.entry(of: symbol)
      let winner = Candidate(key: best[name])
      guard winner.file == file && winner.index == index else { continue }
      definition[symbol] = symbol
      flags.insert(description(entry, index, files[file.index]), at: symbol)
    }
    for explicit in explicitVersions where !explicit.isDefault {
      guard isLive(inputs.file(of: explicit.symbol)),
        Candidate(key: best[names[explicit.symbol]]).rank == .undefined
      else { continue }
      flags.insert(.undefinedVersion, at: definition[explicit.symbol])
    }
    for need in versionBindings.libraryNeeds {
      let winner = Candidate(key: best[need.name])
      guard fileFlags[inputs.file(of: need.user)].contains(.needed), defines(winner, need.version)
      else { continue }
      if definition[need.user] == need.user { flags.remove(.undefined, at: need.user) }
      definition[need.user] = files[winner.file.index].symbolID(winner.index)
      flags.insert(.knownToShared, at: definition[need.user])
    }
  }

  /// Whether two entries of a file are one place of one section.
  func isSamePlace(_ one: Int, _ other: Int, _ file: InputFile) -> Bool {
    let (first, second) = (file.symbols[one], file.symbols[other])
    return first.value == second.value && !isCommon(first) && !isCommon(second)
      && file.sectionIndex(first, one) == file.sectionIndex(second, other)
  }

  /// Whether the entry is a definition that takes part, if not the one that wins.
  func isLiveDefinition(_ symbol: SymbolID) -> Bool {
    let (entry, index, file) = inputs.entry(of: symbol)
    guard isLive(file) else { return false }
    let rank = rank(of: entry, index, files[file.index])
    return rank != nil && rank != .undefined
  }

  /// Whether the candidate is a definition in an object whose name has this version.
  private func defines(_ candidate: Candidate, _ version: ByteView) -> Bool {
    guard candidate.key != AtomicMinimum<NameID>.none, candidate.rank != .undefined,
      files[candidate.file.index].kind != .shared
    else { return false }
    let name = files[candidate.file.index].symbolName(candidate.index)
    return ExplicitVersion.parts(of: name)?.version == version
  }
}
