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
    for (position, id) in live.enumerated() {
      let section = sections[id]
      let file = files[section.file.index]
      let header = file.sectionHeaders[Int(section.index)]
      let isAllocated = section.kind.contains(.alloc)
      let key = MergedSection.Key(
        rule: section.rule, name: section.rule == InputSection.noRule ? sectionName(id) : "",
        entrySize: header.entrySize, isStrings: section.kind.contains(.strings),
        isAllocated: isAllocated)
      let number: Int
      if let found = known[key] {
        number = found
      } else {
        number = mergedSections.count
        known[key] = number
        mergedSections.append(MergedSection(key, section.kind))
      }
      mergedSections[number].members.append(id)
      pieces.ranges[position] = MergePieces.PieceRange(
        section: id, group: UInt32(number), size: section.fileSize)
      pieces.numbers[id] = UInt32(position + 1)
    }
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
