// Finds the files that take part: whatever the command line names outside archives, and the archive
// members that these need, directly or through each other.
//
// Before: `best` holds each name's definition as if every member took part. After: the files that
// take part are marked live, and the shared libraries that an object needs are marked needed.
//
// A member joins if a live file has an undefined, non-weak symbol whose best definition is in it;
// or a common symbol that it defines properly. Libraries may therefore stand in any order.

internal import ELF
internal import Parallel

extension Program {
  func pullArchiveMembers() {
    var seeds: [UInt32] = []
    for index in 0..<files.count {
      let file = files[index]
      if file.isLazy { continue }
      let isShared = file.kind == .shared
      var state: FileFlags = .live
      if isShared && !file.isAsNeeded { state.insert(.needed) }
      fileFlags.insert(state, at: FileID(index))
      seeds.append(UInt32(index))
    }
    guard options.whyExtract == nil else { return pullRecording(seeds) }
    pool.parallelTraverse(seeds, grain: 1) { index, list, _ in
      self.pull(from: FileID(rawValue: index)) { target, _ in list.push(target.rawValue) }
    }
  }

  /// Calls `found` for every member that a file is the first to need, with the symbol's index.
  @inline(__always) func pull(from id: FileID, _ found: (FileID, Int) -> Void) {
    let file = files[id.index]
    let symbols = file.symbols
    for index in file.globals {
      let symbol = symbols[index]
      let isReference = symbol.sectionIndex == SHN.UNDEF
      guard isReference ? symbol.binding != STB.WEAK : file.kind == .object && isCommon(symbol)
      else { continue }
      let candidate = Candidate(key: best[names[file.symbolID(index)]])
      guard candidate.key != AtomicMinimum<NameID>.none, candidate.rank == .lazy else { continue }
      let target = files[candidate.file.index]
      if target.kind == .shared {
        // Only what a regular object needs counts (--as-needed).
        if isReference && file.kind != .shared { fileFlags.insert(.needed, at: candidate.file) }
      } else if fileFlags.insertIfAbsent(.live, at: candidate.file) {
        found(candidate.file, index)
      }
    }
  }
}
