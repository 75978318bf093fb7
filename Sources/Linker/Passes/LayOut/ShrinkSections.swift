// Makes sections shorter, for machines whose code may shrink once addresses are known.
//
// Before: the layout has settled with every section as long as in its file. Each round looks at the
// addresses of the last one, chooses what every cut leaves out, and lays out again; when a round
// changes nothing, choices and addresses fit together. A cut that has to be taken back, because
// alignment moved something away, is final, so no two choices take turns; after some rounds none
// takes more than it has. Hence the end.

internal import ELF
internal import Parallel

extension Selection {
  /// Finds the cuts of all sections that the scan saw such relocations in.
  func findPieces() {
    guard needs.pieces else { return }
    let code = inputs.target.machine.code
    let (sections, states) = (sections, states)
    let found = Gathered<(id: SectionID, cuts: [SectionCut])>(pool)
    let targets = Gathered<(file: FileID, index: UInt32)>(pool)
    pool.parallelFor(sectionCount, grain: 64) { range, worker in
      for index in range {
        let id = SectionID(index)
        guard states[id].contains([.live, .shrinkable]) else { continue }
        let cuts = code.cuts(of: id, self)
        guard !cuts.isEmpty else { continue }
        found.append((id, cuts), worker)
        let (file, records) = (sections[id].file, sections[id].relocationRecords)
        let firstGlobal = files[file.index].firstGlobal
        for cut in cuts where records[Int(cut.record)].symbol < firstGlobal {
          targets.append((file, records[Int(cut.record)].symbol), worker)
        }
      }
    }
    let all = found.take().sorted { $0.id < $1.id }
    for entry in all { sections[entry.id].kind.insert(.shrunk) }
    sectionPieces = SectionPieces(
      all, targets: unique(targets.take().sorted { ($0.file, $0.index) < ($1.file, $1.index) }),
      sectionCount: sections.count)
  }

  private func unique(
    _ targets: [(file: FileID, index: UInt32)]
  ) -> [(file: FileID, index: UInt32)] {
    var result: [(file: FileID, index: UInt32)] = []
    for target in targets where result.last.map({ $0 != target }) ?? true { result.append(target) }
    return result
  }
}

extension Layout {
  /// As many rounds in which a cut may take more.
  private static var growingRounds: Int { 16 }
  private static var mostRounds: Int { 64 }

  /// `layOut`: a round of layout with the sizes that rows have.
  func shrinkSections(_ layOut: () -> Void) {
    guard !selection.sectionPieces.areFinal else { return }
    for round in 0..<Layout.mostRounds {
      prepareAddresses()
      if !chooseCuts(mayTakeMore: round < Layout.growingRounds) { return }
      layOut()
    }
    log.error(.shrinkingDoesNotSettle(options.outputPath))
  }

  /// What choices are made by: addresses of all symbols that somebody asks for but those that depend on what
  /// is not known yet. `areComplete`: also of those that nobody asks for in rounds.
  func prepareAddresses(areComplete: Bool = false) {
    freezeOutputAddresses()
    findGOTBase()
    computeSymbolAddresses(areFinal: false, areComplete: areComplete)
  }

  /// Returns whether anything changed.
  private func chooseCuts(mayTakeMore: Bool) -> Bool {
    let context = ApplyContext(self)
    let pieces = selection.sectionPieces
    let changes = Gathered<Bool>(pool)
    let sections = selection.sections
    pool.parallelFor(pieces.ids.count, grain: 16) { range, worker in
      var isChanged = false
      for index in range {
        let id = pieces.ids[index]
        let section = sections[id]
        let cuts = pieces.cuts(of: id, section)
        if context.code.choose(cuts, of: id, context, mayTakeMore: mayTakeMore) { isChanged = true }
        sections[id].size = section.fileSize - min(cuts.total, section.fileSize)
      }
      if isChanged { changes.append(true, worker) }
    }
    return !changes.take().isEmpty
  }
}

extension Message {
  static func shrinkingDoesNotSettle(_ path: String) -> Message {
    Message(
      "shrinkingDoesNotSettle",
      "the code of \(path) does not settle while it is shortened; link with --no-relax")
  }
}
