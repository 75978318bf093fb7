// Merges equal strings and constants (gABI, SHF_MERGE and SHF_STRINGS).
//
// Before: mergeable sections are rows like all others. After: each is cut into pieces (strings with
// their terminators, or constants of `sh_entsize` bytes), equal pieces of one group are one, and the
// group's pieces have offsets in a `MergedSection`, which stands in the output where the group's
// first member would. A group has one rule of the map (or one name, for what no rule takes), one
// entry size and one form.
//
// The shape is that of InternSymbolNames: cut and hash in chunks that do not depend on the number of
// threads (+Cut), enter by shard, in order (+Enter). So offsets are the same for any number of threads.
// Two pieces are equal if 92 bits of their hashes are.

internal import ELF
internal import Parallel

extension Selection {
  func mergeStrings() {
    let live = mergedInputs.filter { isLive($0) }
    guard !live.isEmpty else { return }
    group(live)
    for group in mergedSections { merge(group) }
    addMergedRows()
  }

  /// Sorts the sections into groups.
  private func group(_ live: [SectionID]) {
    var known: [MergedSection.Key: Int] = [:]
    pieces.numbers = Column(count: sections.count)
    pieces.ranges = Block(room: live.count)
    let shortKeys = describe(live)
    defer { shortKeys.release() }
    /// The short keys of the groups.
    var short: [UInt64] = []
    for (position, id) in live.enumerated() {
      let number: Int
      if shortKeys[position] != 0, short.count <= 64,
        let found = short.firstIndex(of: shortKeys[position])
      {
        number = found
      } else {
        let section = sections[id]
        let key = key(of: id, section)
        if let found = known[key] {
          number = found
        } else {
          number = mergedSections.count
          known[key] = number
          mergedSections.append(MergedSection(key, section.kind))
          short.append(shortKeys[position])
        }
      }
      mergedSections[number].members.append(id)
      pieces.ranges[position].group = UInt32(number)
    }
  }

  private func key(of id: SectionID, _ section: InputSection) -> MergedSection.Key {
    let header = files[section.file.index].sectionHeaders[Int(section.index)]
    return MergedSection.Key(
      rule: section.rule, name: section.rule == InputSection.noRule ? sectionName(id) : "",
      entrySize: header.entrySize, isStrings: section.kind.contains(.strings),
      isAllocated: section.kind.contains(.alloc))
  }

  /// Begins the ranges of pieces. Returns for each section its key in one word, which is found without looking at
  /// names; 0: that is not enough.
  private func describe(_ live: [SectionID]) -> Block<UInt64> {
    let keys = Block<UInt64>(room: live.count)
    let pieces = pieces
    pool.parallelFor(live.count) { range, _ in
      for position in range {
        let id = live[position]
        let section = self.sections[id]
        pieces.ranges[position] = MergePieces.PieceRange(
          section: id, group: 0, size: section.fileSize)
        pieces.numbers[id] = UInt32(position + 1)
        let header = self.files[section.file.index].sectionHeaders[Int(section.index)]
        guard section.rule != InputSection.noRule, header.entrySize < 1 << 24 else {
          keys[position] = 0
          continue
        }
        let forms: UInt64 =
          (section.kind.contains(.strings) ? 2 : 0) | (section.kind.contains(.alloc) ? 4 : 0)
        keys[position] = UInt64(section.rule) << 32 | header.entrySize << 8 | forms | 1
      }
    }
    return keys
  }

  /// Gives each group a row that stands where its first member would, and takes the room from the
  /// members.
  private func addMergedRows() {
    for (number, group) in mergedSections.enumerated() {
      var row = InputSection()
      // As a row of the first member's file and section it sorts where that would.
      let first = sections[group.members[0]]
      row.file = first.file
      row.index = UInt32(number)
      row.rule = first.rule
      row.kind = first.kind
      row.kind.remove(.merged)
      row.kind.insert(.mergedGroup)
      row.size = group.size
      row.alignmentShift = group.alignmentShift
      group.row = addSection(row)
      for member in group.members {
        sections[member].size = 0
        sections[member].alignmentShift = 0
      }
    }
  }
}

extension Message {
  static func mergedSectionTooLarge(_ name: String, _ size: UInt64) -> Message {
    Message(
      "mergedSectionTooLarge",
      "section \(name): merged strings take \(size) bytes, and more than 4 GiB cannot be merged")
  }
}
