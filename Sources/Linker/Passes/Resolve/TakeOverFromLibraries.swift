// What a library and an archive member behind it define is the library's, as long as nobody needs the
// member for something else. If somebody does, the member defines it after all, and the library is
// not needed for it: under --as-needed the output need not name it. (lld; GNU ld where
// the member is met first.)
//
// Which members join depends in turn on what libraries need. So the files are chosen as if none of
// these names were a member's, and COMDAT groups, for a definition in a group that lost is none. Then
// the files are chosen again without the libraries that were needed for such names only. Members stay,
// also those that such a library asked for: a member that it pulled may be what makes it needless,
// and without both the name would be undefined.

internal import ELF
internal import Parallel

extension Program {
  func takeOverFromLibraries() {
    while findTakenOver() {
      let objects = liveObjects()
      let libraries = (0..<files.count).filter {
        files[$0].kind == .shared && fileFlags[FileID($0)].contains(.needed)
      }
      pullAll((objects + libraries).map { UInt32($0) })
      if liveObjects().count != objects.count { selectComdatGroups() }
    }
  }

  private func liveObjects() -> [Int] {
    (0..<files.count).filter { files[$0].kind != .shared && isLive(FileID($0)) }
  }

  /// Looks for definitions in members that take part of what a library is asked for; true if there
  /// are new ones: then no library under --as-needed is marked as needed any more.
  private func findTakenOver() -> Bool {
    let libraries = Set(
      (0..<files.count).filter {
        files[$0].kind == .shared && files[$0].isAsNeeded && fileFlags[FileID($0)].contains(.needed)
      })
    guard !libraries.isEmpty else { return false }
    let found = definedByMembersToo(of: libraries)
    guard !found.isEmpty else { return false }
    takenOver.formUnion(found)
    libraryData = [:]
    for index in 0..<files.count where files[index].kind == .shared {
      fileFlags.remove(.loadedByOthers, at: FileID(index))
      if files[index].isAsNeeded { fileFlags.remove(.needed, at: FileID(index)) }
    }
    return true
  }

  private func definedByMembersToo(of libraries: Set<Int>) -> [NameID] {
    // Members have hundreds of thousands of definitions, and libraries under --as-needed few that
    // are the first of their name. Most of the former are ruled out by some bits of their number.
    let filter = NameFilter()
    for number in libraries {
      let file = files[number]
      for index in file.globals where isFirst(file.symbolID(index), number) {
        filter.insert(names[file.symbolID(index)])
      }
    }
    defer { filter.release() }
    // (Of a member in front of the library the name would be.)
    let first = libraries.min() ?? files.count
    let found = Gathered<NameID>(pool)
    let (files, flags, names, best, taken) = (files, fileFlags, names, best, takenOver)
    pool.parallelFor(files.count) { range, worker in
      for number in range
      where number > first && files[number].isLazy && files[number].kind == .object {
        guard flags[FileID(number)].contains(.live) else { continue }
        let file = files[number]
        for index in file.globals {
          let name = names[file.symbolID(index)]
          guard filter.mayContain(name), !taken.contains(name),
            libraries.contains(Candidate(key: best[name]).file.index),
            let rank = self.rank(of: file.symbols[index], index, file), rank != .undefined
          else { continue }
          found.append(name, worker)
        }
      }
    }
    // `foo@@V` of a member serves references to `foo@V`.
    var both = found.take()
    for (name, symbol) in versionBindings.defaults where !takenOver.contains(name) {
      let candidate = Candidate(key: best[name])
      if candidate.rank == .lazy, libraries.contains(candidate.file.index),
        isLiveDefinition(symbol)
      {
        both.append(name)
      }
    }
    return both
  }

  /// Whether the file is the first that defines the name of one of its entries, or one of its
  /// versions.
  private func isFirst(_ row: SymbolID, _ file: Int) -> Bool {
    let candidate = Candidate(key: best[names[row]])
    return candidate.rank == .lazy && candidate.file.index == file
  }
}

/// Some bits of each of a set of numbers of names: 8 KB, which stay in the cache.
private struct NameFilter: Sendable {
  private let words = Block<UInt64>(count: 1024)

  func insert(_ name: NameID) {
    words[Int(name.rawValue >> 6 & 1023)] |= 1 << UInt64(name.rawValue & 63)
  }

  @inline(__always) func mayContain(_ name: NameID) -> Bool {
    words[Int(name.rawValue >> 6 & 1023)] & 1 << UInt64(name.rawValue & 63) != 0
  }

  func release() { words.release() }
}
