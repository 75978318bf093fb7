// Who brought along the strings and constants that were merged.
//
// A piece that several inputs have is kept once, and told of the first of them in the order of the link:
// so the sizes of files add up to that of the section, and a file that only repeats others takes nothing.

internal import ELF

/// Of each group of merged sections: what each member brought along that none before it had.
struct MergedShares {
  typealias Share = (section: SectionID, size: UInt64)

  private var shares: [SectionID: [Share]] = [:]

  init(_ selection: Selection) {
    for group in selection.mergedSections where group.row != .none {
      shares[group.row] = Self.shares(of: group, selection)
    }
  }

  /// The members of the group that a row stands for; nil: it stands for none.
  subscript(row: SectionID) -> [Share]? { shares[row] }

  private static func shares(of group: MergedSection, _ selection: Selection) -> [Share] {
    var known: Set<UInt32> = []
    return group.members.map { member in
      let pieces = selection.pieces.allPieces(of: member)
      let end = selection.pieces.size(of: member)
      var size: UInt64 = 0
      for index in 0..<pieces.count where known.insert(pieces[index].place).inserted {
        let next = index + 1 < pieces.count ? UInt64(pieces[index + 1].offset) : end
        size &+= next &- UInt64(pieces[index].offset)
      }
      return (member, size)
    }
  }
}
