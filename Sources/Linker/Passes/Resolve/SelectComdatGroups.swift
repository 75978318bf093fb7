// Keeps one COMDAT group of each signature: that of the earliest live file (gABI, "Section Groups").
//
// Before: it is known which files take part. After: the `sectionMap` of each live object exists, and
// the sections of the groups that lost carry `InputFile.discardedMark`, so that no later pass ever
// looks at them. A Chromium link has 9.9 million groups, most of them copies.
//
// The last look at the section headers also counts those that remain (`sectionCounts`): they are 64
// bytes each, and come from memory whenever a pass asks for all of them.

internal import ELF
internal import Parallel

extension Program {
  func selectComdatGroups() {
    let owner = AtomicMinimum<NameID>(count: best.count)
    makeSectionMaps()
    forEachLiveObject { id, file in self.offerGroups(id, file, owner) }
    forEachLiveObject { id, file in
      self.forEachComdatGroup(file) { group, name, members in
        guard owner[name] != UInt64(id.rawValue) << 32 | UInt64(group) else { return }
        for index in 0..<members.count {
          let member = Int(members[index])
          if member < file.sectionCount { file.sectionMap![member] = InputFile.discardedMark }
        }
        file.sectionMap![group] = InputFile.discardedMark
      }
    }
    owner.release()
    selectLinkOnceSections()
    sectionCounts?.release()
    let counts = SectionCounts(files: files.count)
    forEachLiveObject { id, file in counts.set(id, self.discardCompanions(file)) }
    sectionCounts = counts
  }

  private func offerGroups(_ id: FileID, _ file: InputFile, _ owner: AtomicMinimum<NameID>) {
    guard file.groupCount > 0 else { return }
    do throws(MalformedFile) {
      try file.checkGroups { group, header, flags in
        guard flags & GRP.COMDAT != 0 else { return }
        let name = names[file.symbolID(Int(header.info))]
        owner.offer(UInt64(id.rawValue) << 32 | UInt64(group), at: name)
      }
    } catch {
      log.error(.malformedFile(inputs.displayName(id), error.reason), at: inputs.place(id))
    }
  }

  /// Runs `body` for every live object, in parallel.
  func forEachLiveObject(_ body: @Sendable (FileID, InputFile) -> Void) {
    let (files, flags) = (files, fileFlags)
    pool.parallelFor(files.count) { range, _ in
      for index in range {
        let id = FileID(index)
        guard files[index].kind == .object, flags[id].contains(.live) else { continue }
        body(id, files[index])
      }
    }
  }

  /// One block for the section maps of all live objects.
  private func makeSectionMaps() {
    var total = 0
    for index in 0..<files.count where isLive(FileID(index)) { total += files[index].sectionCount }
    let block = Block<UInt32>(count: total)
    var next = 0
    for index in 0..<files.count where isLive(FileID(index)) {
      files[index].sectionMap = block.base + next
      next += files[index].sectionCount
    }
  }

  /// Calls `body` with section index, signature and member indices of each COMDAT group.
  func forEachComdatGroup(
    _ file: InputFile, _ body: (_ group: Int, _ name: NameID, _ members: RecordView<UInt32>) -> Void
  ) {
    for index in file.groups {
      let header = file.sectionHeaders[index]
      guard header.type == SHT.GROUP, let contents = file.contents(header),
        let flags = contents.load(UInt32.self, at: 0), flags & GRP.COMDAT != 0,
        Int(header.info) < file.symbolCount,
        let members = contents.suffix(from: 4)
      else { continue }
      body(index, names[file.symbolID(Int(header.info))], RecordView(members))
    }
  }

  /// What goes with a discarded section: its relocations, also where a producer forgot to list them
  /// as members, and what describes it (SHF_LINK_ORDER), which often stands outside the group.
  /// Returns how many sections remain.
  private func discardCompanions(_ file: InputFile) -> SectionCounts.OfFile {
    let hasDiscarded = file.groupCount > 0 || linkOnceWasDiscarded
    var remaining = SectionCounts.OfFile()
    var descriptions: [(index: Int, of: Int)] = []
    for index in 0..<file.sectionCount {
      let header = file.sectionHeaders[index]
      if hasDiscarded {
        discardRelocations(header, index, file)
        if header.flags & SHF.LINK_ORDER != 0, Int(header.link) < file.sectionCount {
          descriptions.append((index, Int(header.link)))
        }
      }
      remaining.count(header, isDiscarded: file.sectionMap![index] == InputFile.discardedMark)
    }
    guard discardDescriptions(descriptions, file) else { return remaining }
    remaining = SectionCounts.OfFile()
    for index in 0..<file.sectionCount {
      let header = file.sectionHeaders[index]
      discardRelocations(header, index, file)
      remaining.count(header, isDiscarded: file.sectionMap![index] == InputFile.discardedMark)
    }
    return remaining
  }
}

/// Discards section `index` if it holds the relocations of a discarded one.
@inline(__always) private func discardRelocations(
  _ header: SectionHeader, _ index: Int, _ file: InputFile
) {
  guard header.type == SHT.RELA || header.type == SHT.REL, Int(header.info) < file.sectionCount,
    file.sectionMap![Int(header.info)] == InputFile.discardedMark
  else { return }
  file.sectionMap![index] = InputFile.discardedMark
}

/// Discards the sections of which `descriptions` says that they describe a discarded one, and those
/// that describe these. Returns whether there were any.
private func discardDescriptions(
  _ descriptions: [(index: Int, of: Int)], _ file: InputFile
) -> Bool {
  guard let map = file.sectionMap else { return false }
  var discarded: [Int] = []
  var isChained = false
  for (index, target) in descriptions where map[index] != InputFile.discardedMark {
    if map[target] == InputFile.discardedMark {
      map[index] = InputFile.discardedMark
      discarded.append(index)
    } else if file.sectionHeaders[target].flags & SHF.LINK_ORDER != 0 {
      isChained = true
    }
  }
  guard !discarded.isEmpty else { return false }
  guard isChained else { return true }
  let describing = Dictionary(grouping: descriptions, by: \.of)
  while let target = discarded.popLast() {
    for (index, _) in describing[target] ?? [] where map[index] != InputFile.discardedMark {
      map[index] = InputFile.discardedMark
      discarded.append(index)
    }
  }
  return true
}
