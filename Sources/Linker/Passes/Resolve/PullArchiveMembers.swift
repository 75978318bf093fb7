// Finds the files that take part: whatever the command line names outside archives, and the archive
// members that these need, directly or through each other.
//
// Before: `best` holds each name's definition as if every member took part. After: the files that
// take part are marked live, and the shared libraries that the program needs are marked needed.
//
// A member joins if a live file has an undefined, non-weak symbol whose best definition is in it;
// or a common symbol that it defines as data. Libraries may therefore stand in any order. What
// shared libraries cannot give, and what they need themselves, is left to `needLibraries`. A library
// that was asked for what a member defines that joins later is asked for nothing: see
// `takeOverFromLibraries`.

internal import ELF
internal import Parallel

/// What a look at each live file leaves for `needLibraries`.
struct PullLeftovers: Sendable {
  /// References of objects with another than default visibility, which the best definition cannot
  /// serve, for it is in a shared library.
  let confined: Gathered<SymbolID>
  /// Libraries that a library refers to and no object needs so far.
  let libraryReferences: Gathered<LibraryReference>
  /// Common symbols that a shared library may define.
  let commons: Gathered<SymbolID>

  init(_ pool: WorkerPool) {
    confined = Gathered(pool)
    libraryReferences = Gathered(pool)
    commons = Gathered(pool)
  }
}

struct LibraryReference: Sendable, Hashable {
  let user: FileID
  let provider: FileID
}

extension Program {
  func pullArchiveMembers() {
    var seeds: [UInt32] = []
    for index in 0..<files.count where !files[index].isLazy {
      fileFlags.insert(.live, at: FileID(index))
      if files[index].kind == .shared {
        // What a library refers to that nobody needs does not matter.
        if files[index].isAsNeeded { continue }
        fileFlags.insert(.needed, at: FileID(index))
      }
      seeds.append(UInt32(index))
    }
    pullAll(seeds)
  }

  func pullAll(_ seeds: [UInt32]) {
    let leftovers = PullLeftovers(pool)
    pull(seeds, leftovers)
    repeat { needLibraries(leftovers) } while pullForProvided(leftovers)
  }

  /// Marks what the files need, directly or through each other.
  func pull(_ seeds: [UInt32], _ leftovers: PullLeftovers) {
    guard options.whyExtract == nil else { return pullRecording(seeds, leftovers) }
    pool.parallelTraverse(seeds, grain: 1) { index, list, worker in
      self.pull(from: FileID(rawValue: index), leftovers, worker) { target, _ in
        list.push(target.rawValue)
      }
    }
  }

  /// Calls `found` for every member or library that a file is the first to need, with the symbol's
  /// index.
  @inline(__always) func pull(
    from id: FileID, _ leftovers: PullLeftovers, _ worker: Worker, _ found: (FileID, Int) -> Void
  ) {
    let file = files[id.index]
    let symbols = file.symbols
    let isLinker = file.kind == .linker
    let versions = versionIndices(file)
    for index in file.globals {
      let symbol = symbols[index]
      if symbol.sectionIndex == SHN.UNDEF
        || isLinker && inputs.linkerSymbols.entries[index - 1].isExtended
      {
        if isLinker && !inputs.linkerSymbols.entries[index - 1].isWanted { continue }
        let isConfined = symbol.visibility != STV.DEFAULT && file.kind == .object
        if symbol.binding == STB.WEAK && !isConfined { continue }
        let name = names[file.symbolID(index)]
        let candidate = Candidate(key: best[name])
        guard candidate.rank == .lazy || candidate.rank == .lazyCommon else { continue }
        let target =
          lazyCommons.isEmpty || versions.hasVersion(index)
          ? candidate.file : provider(of: name, candidate.file)
        if files[target.index].kind != .shared {
          // A library's need of `foo@V` is none of `foo` (`membersForLibraries`).
          if versions.hasVersion(index) { continue }
          if symbol.binding == STB.WEAK || fileFlags[target].contains(.live)
            || isCommonAnyway(file, index)
          {
            continue
          }
          if fileFlags.insertIfAbsent(.live, at: target) { found(target, index) }
        } else if isConfined {
          leftovers.confined.append(file.symbolID(index), worker)
        } else if fileFlags[target].contains(.needed) || isCommonAnyway(file, index)
          || takenOver.contains(name)
        {
          continue
        } else if file.kind == .shared {
          leftovers.libraryReferences.append(LibraryReference(user: id, provider: target), worker)
        } else if fileFlags.insertIfAbsent(.needed, at: target) {
          found(target, index)
        }
      } else if file.kind == .object && isCommon(symbol) {
        if !inputs.sharedObjects.isEmpty && symbol.visibility == STV.DEFAULT {
          leftovers.commons.append(file.symbolID(index), worker)
        }
        let candidate = Candidate(key: best[names[file.symbolID(index)]])
        if candidate.rank == .lazy, definesData(candidate),
          fileFlags.insertIfAbsent(.live, at: candidate.file)
        {
          found(candidate.file, index)
        }
      }
    }
  }

  /// Who serves a reference that `file` is the first to define, but for common symbols: one that a
  /// member in front of a library has. (What the library defines may take its place then.)
  private func provider(of name: NameID, _ file: FileID) -> FileID {
    guard files[file.index].kind == .shared, let member = lazyCommons[name] else { return file }
    return min(member, file)
  }

  /// Whether a common symbol serves the reference; it is for that symbol to ask for more.
  private func isCommonAnyway(_ file: InputFile, _ index: Int) -> Bool {
    !liveCommons.isEmpty && liveCommons.contains(names[file.symbolID(index)])
  }

  /// Whether an archive member has the definition that a common symbol is waiting for: not a
  /// function, and not weak, for a common symbol would win over it.
  private func definesData(_ candidate: Candidate) -> Bool {
    let file = files[candidate.file.index]
    guard file.kind == .object else { return false }
    let symbol = file.symbols[candidate.index]
    return symbol.binding != STB.WEAK && symbol.type != STT.FUNC && symbol.type != STT.GNU_IFUNC
  }
}
