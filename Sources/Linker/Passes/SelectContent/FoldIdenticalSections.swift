// --icf: of sections with the same content one is kept (identical code folding).
//
// Before: it is known what is live and where merged strings lie in their sections. After: of every class
// of equivalent sections only the first in input order is live, and all symbols of the others are defined
// in it.
//
// Sections are equivalent if one can stand for the other and nothing that runs can tell: bytes, flags
// and place in the map are equal, so are the relocations, and what these lead to is the same or
// equivalent in turn; so are unwind tables, with what they refer to. Functions that call each other in a
// circle are equivalent to another such circle, for what is asked is which sections differ.
//
// The facets are in the files beside this one: which sections may be folded (+Choice) and what is
// compared (+Descriptions). Classes are found by Support/ColourRefinement.

internal import ELF
internal import Parallel

extension Selection {
  func foldIdenticalSections() {
    guard options.folding != .none else { return }
    let foldable = foldableSections()
    guard foldable.ids.count > 1 else { return reportFolded(foldable, .empty) }
    var refinement = describe(foldable)
    let first = refinement.classes()
    foldingRounds = refinement.rounds
    fold(foldable, first)
    reportFolded(foldable, first)
  }

  /// `first`: for each foldable section the number of the one that stands for it.
  private func fold(_ foldable: FoldableSections, _ first: Block<UInt32>) {
    let ids = foldable.ids
    guard (0..<ids.count).contains(where: { first[$0] != $0 }) else { return }
    folded = FoldedSections(sectionCount: sections.count, symbolCount: inputs.symbolCount)
    for number in 0..<ids.count where first[number] != number {
      let (id, representative) = (ids[number], ids[Int(first[number])])
      // Code may count on its alignment.
      sections[representative].alignmentShift = max(
        sections[representative].alignmentShift, sections[id].alignmentShift)
      folded.add(id, to: representative, size: sections[id].size)
      states.remove(.live, at: id)
      for dependent in linkOrderDependents[id] ?? [] { states.remove(.live, at: dependent) }
    }
    moveSymbols()
    indirectPlaces.removeAll { !isLive($0.section) }
    textRelocations.removeAll { !isLive($0.section) }
  }

  /// Defines the symbols of folded sections in those that stand for them.
  private func moveSymbols() {
    let (definingSection, folded) = (definingSection, folded)
    program.forEachLiveObject { _, file in
      for index in 0..<file.symbolCount {
        let row = file.symbolID(index)
        guard let representative = folded.representative(of: definingSection[row]) else { continue }
        definingSection[row] = representative
        folded.noteSymbol(row)
      }
    }
    for (symbol, base) in program.assignments.placed {
      definingSection[symbol] = definingSection[base]
    }
  }

  /// --print-icf-sections.
  private func reportFolded(_ foldable: FoldableSections, _ first: Block<UInt32>) {
    guard options.printFoldedSections else { return }
    var lines = ""
    for number in 0..<first.count where first[number] != number {
      let representative = foldable.ids[Int(first[number])]
      lines += "folding section \(displayName(foldable.ids[number])) "
      lines += "into \(displayName(representative))\n"
    }
    TextOutput.write(lines, to: options.printFoldedSectionsPath ?? "-", log)
  }
}
