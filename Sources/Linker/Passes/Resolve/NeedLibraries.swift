// The second half of the choice of files: what depends on shared libraries.
//
// Before: the members and libraries that references of objects need are marked. After: so are
//   - members for references that a shared library in front of the archive cannot serve, because
//     their visibility asks for a definition in this very output;
//   - members that define `foo@V` for a library that needs this version;
//   - libraries under --as-needed that only libraries refer to, unless the DT_NEEDED of others will
//     load them (GNU ld; without them the program would not start);
//   - libraries that define a common symbol of the program as data; `libraryData` holds these.
// Each may lead to further members and libraries, so all is repeated until nothing is new.

internal import ELF

extension Program {
  func needLibraries(_ leftovers: PullLeftovers) {
    guard !inputs.sharedObjects.isEmpty else { return }
    var confined = ConfinedNames()
    var commons = SharedCommons()
    var references: Set<LibraryReference> = []
    var loaded = LoadedLibraries(self)
    while true {
      confined.add(leftovers.confined.take(), self)
      references.formUnion(leftovers.libraryReferences.take())
      var seeds = confined.members(self)
      if seeds.isEmpty { seeds = membersForLibraries() }
      if seeds.isEmpty { seeds = loaded.newlyNeeded(references, self) }
      if seeds.isEmpty { seeds = commons.providers(of: leftovers.commons.take(), self) }
      if seeds.isEmpty { return }
      pull(seeds, leftovers)
    }
  }

  /// Calls `body` with each definition of a name in `names` that references without a version find
  /// in a shared library, in the order of the files.
  func forEachLibraryDefinition(
    of names: Set<NameID>, _ body: (FileID, Int, Symbol, NameID) -> Void
  ) {
    guard !names.isEmpty else { return }
    for number in 0..<files.count where files[number].kind == .shared {
      let file = files[number]
      for index in file.globals {
        let symbol = file.symbols[index]
        guard symbol.sectionIndex != SHN.UNDEF, isFindable(symbol, index, file) else { continue }
        let name = self.names[file.symbolID(index)]
        if names.contains(name) { body(FileID(number), index, symbol, name) }
      }
    }
  }
}

extension Program {
  /// Those names that some live object mentions with another than default visibility, or has as a
  /// common symbol which --exclude-libs keeps from others.
  func confinedNames(among wanted: Set<NameID>) -> Set<NameID> {
    var found: Set<NameID> = []
    guard !wanted.isEmpty else { return found }
    for number in 0..<files.count where files[number].kind == .object && isLive(FileID(number)) {
      let file = files[number]
      for index in file.globals {
        let symbol = file.symbols[index]
        guard symbol.visibility != STV.DEFAULT || file.excludesExports && isCommon(symbol) else {
          continue
        }
        let name = names[file.symbolID(index)]
        if wanted.contains(name) { found.insert(name) }
      }
    }
    return found
  }
}

/// Names that only definitions in this output can serve, though a library has one.
private struct ConfinedNames {
  private var names: Set<NameID> = []

  mutating func add(_ symbols: [SymbolID], _ program: Program) {
    for symbol in symbols { names.insert(program.names[symbol]) }
  }

  /// The archive members that define those that a live object needs.
  func members(_ program: Program) -> [UInt32] {
    guard !names.isEmpty else { return [] }
    var wanted = names
    var needed: [NameID: SymbolID] = [:]
    let files = program.files
    for number in 0..<files.count where files[number].kind == .object {
      let file = files[number]
      guard program.isLive(FileID(number)) else { continue }
      for index in file.globals where wanted.contains(program.names[file.symbolID(index)]) {
        let name = program.names[file.symbolID(index)]
        if file.symbols[index].sectionIndex != SHN.UNDEF {
          wanted.remove(name)
          needed[name] = nil
        } else if file.symbols[index].binding != STB.WEAK, needed[name] == nil {
          needed[name] = file.symbolID(index)
        }
      }
    }
    guard !needed.isEmpty else { return [] }
    var members: [UInt32] = []
    for number in 0..<files.count where files[number].kind == .object {
      let file = files[number]
      guard !program.isLive(FileID(number)) else { continue }
      for index in file.globals where file.symbols[index].sectionIndex != SHN.UNDEF {
        let name = program.names[file.symbolID(index)]
        guard let reference = needed.removeValue(forKey: name) else { continue }
        if program.fileFlags.insertIfAbsent(.live, at: FileID(number)) {
          members.append(UInt32(number))
          program.recordExtraction(of: FileID(number), by: reference)
        }
      }
    }
    return members
  }
}

/// The libraries that the dynamic linker will load: those that the output names, and those that
/// these name.
private struct LoadedLibraries {
  private var byName: [String: FileID] = [:]
  private var names: Set<String> = []
  private var files: Set<FileID> = []

  init(_ program: Program) {
    for number in 0..<program.files.count where program.files[number].kind == .shared {
      let name = program.inputs.sharedObjects[Int(program.files[number].sharedIndex)].soname
      if byName[name] == nil { byName[name] = FileID(number) }
    }
  }

  /// Marks the libraries that others refer to and nobody loads. Returns them, and those that are
  /// loaded now though the output does not name them, to be looked at.
  mutating func newlyNeeded(_ references: Set<LibraryReference>, _ program: Program) -> [UInt32] {
    var seeds: [UInt32] = []
    for number in 0..<program.files.count where program.fileFlags[FileID(number)].contains(.needed)
    {
      load(FileID(number), program, &seeds)
    }
    let providers = Set(references.map(\.provider)).sorted { $0.rawValue < $1.rawValue }
    for provider in providers {
      let row = program.files[provider.index]
      let name = program.inputs.sharedObjects[Int(row.sharedIndex)].soname
      guard !names.contains(name), program.fileFlags.insertIfAbsent(.needed, at: provider) else {
        continue
      }
      seeds.append(provider.rawValue)
      load(provider, program, &seeds)
    }
    return seeds
  }

  private mutating func load(_ file: FileID, _ program: Program, _ seeds: inout [UInt32]) {
    var queue = [file]
    while let next = queue.popLast() {
      guard files.insert(next).inserted else { continue }
      if !program.fileFlags[next].contains(.needed) {
        seeds.append(next.rawValue)
        program.fileFlags.insert(.loadedByOthers, at: next)
      }
      let shared = program.inputs.sharedObjects[Int(program.files[next.index].sharedIndex)]
      for need in shared.needed {
        let name = need.string
        names.insert(name)
        if let file = byName[name] { queue.append(file) }
      }
    }
  }
}

/// Common symbols of the program that shared libraries define, too.
private struct SharedCommons {
  /// For each name, the last file that has it as a common symbol, and the largest size.
  private var commons: [NameID: (last: FileID, size: UInt64)] = [:]

  /// The libraries that become needed because they define one of the names as data: initialised,
  /// strong, behind the common symbols and large enough. (GNU ld; lld lets the common symbol win.)
  mutating func providers(of symbols: [SymbolID], _ program: Program) -> [UInt32] {
    guard !symbols.isEmpty else { return [] }
    for row in symbols {
      let entry = program.inputs.entry(of: row)
      let name = program.names[row]
      let known = commons[name]
      commons[name] = (
        FileID(max(known?.last.index ?? 0, entry.file.index)),
        max(known?.size ?? 0, entry.symbol.size)
      )
    }
    program.libraryData = [:]
    program.forEachLibraryDefinition(of: Set(commons.keys)) { id, index, symbol, name in
      guard let common = commons[name], program.libraryData[name] == nil,
        id.index > common.last.index, symbol.size >= common.size,
        isData(symbol, index, program.files[id.index]), !isDefined(name, program)
      else { return }
      program.libraryData[name] = Candidate(.libraryData, id, index)
    }
    for name in program.confinedNames(among: Set(program.libraryData.keys)) {
      program.libraryData[name] = nil
    }
    return program.libraryData.values.map(\.file).sorted().compactMap { id in
      program.fileFlags.insertIfAbsent(.needed, at: id) ? id.rawValue : nil
    }
  }

  private func isData(_ symbol: Symbol, _ index: Int, _ file: InputFile) -> Bool {
    let section = Int(file.sectionIndex(symbol, index))
    return symbol.type == STT.OBJECT && symbol.binding != STB.WEAK
      && symbol.visibility == STV.DEFAULT && section < file.sectionCount
      && file.sectionHeaders[section].type != SHT.NOBITS
  }

  /// Whether the program defines the name after all.
  private func isDefined(_ name: NameID, _ program: Program) -> Bool {
    let candidate = Candidate(key: program.best[name])
    switch candidate.rank {
    case .lazy:
      if program.files[candidate.file.index].kind == .object {
        return program.isLive(candidate.file)
      }
      return program.takenOver.contains(name) && program.lazyCommons[name] == nil
    case .liveCommon, .lazyCommon, .undefined: return false
    default: return true
    }
  }
}
