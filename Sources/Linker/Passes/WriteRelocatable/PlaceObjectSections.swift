// -r: sizes, offsets and numbers.
//
// Members get their offsets in their output section, relocations their places among the relocations
// of the output section, sections their indices, everything its place in the file:
//
//   header | groups | contents of sections | relocations | symbols, names | section headers
//
// In the table of section headers groups come first (gABI, "Section Groups": before their members),
// then the sections, each before its relocations, then symbol table and names.

internal import ELF
internal import Parallel

extension ObjectOutput {
  /// Gives rows their offsets, and outputs size and number of relocations.
  func placeMembers() {
    let (sections, members, outputs) = (sections, members, outputs)
    let (counts, starts) = (relocationCounts, relocationStarts)
    pool.parallelFor(outputs.count) { range, _ in
      for index in range {
        var size: UInt64 = 0
        var relocationCount: UInt64 = 0
        var isTooLarge = false
        for position in outputs[index].members {
          let id = members[position]
          let mask = sections[id].alignment &- 1
          let start = size.addingReportingOverflow(mask)
          sections[id].offset = start.partialValue & ~mask
          let end = sections[id].offset.addingReportingOverflow(sections[id].size)
          isTooLarge = isTooLarge || start.overflow || end.overflow
          size = end.partialValue
          starts[id] = relocationCount
          relocationCount += UInt64(counts[id])
        }
        outputs[index].size = size
        outputs[index].relocationCount = relocationCount
        if isTooLarge || outputs[index].hasBytes && size > ObjectOutput.sizeLimit {
          let id = members[outputs[index].firstMember]
          self.log.error(.objectSectionTooLarge(self.displayName(id)), at: self.place(id, 0))
          outputs[index].size = 0
        }
      }
    }
  }

  /// More than any file has; keeps sums of sizes away from overflow.
  private static var sizeLimit: UInt64 { 1 << 46 }

  /// Gives groups and outputs their places in the section header table.
  func numberSections() {
    dropEmptyGroups()
    var next: UInt32 = 1
    for index in groups.indices {
      groups[index].headerIndex = next
      next += 1
    }
    for index in 0..<outputs.count {
      outputs[index].headerIndex = next
      outputs[index].symbolIndex = UInt32(index + 1)
      next += 1
      if outputs[index].relocationCount > 0 {
        outputs[index].relocationHeaderIndex = next
        next += 1
      }
    }
    for index in groups.indices {
      var count = 0
      forEachMember(of: groups[index]) { output in
        count += output.relocationHeaderIndex == 0 ? 1 : 2
      }
      groups[index].memberCount = count
    }
    sectionHeaderCount = Int(next)
  }

  /// Forgets groups none of whose sections reached the output.
  private func dropEmptyGroups() {
    var newNumbers = [UInt32](repeating: 0, count: groups.count + 1)
    var kept: [ObjectGroup] = []
    for (number, group) in groups.enumerated() {
      var isEmpty = true
      forEachMember(of: group) { _ in isEmpty = false }
      guard !isEmpty else { continue }
      kept.append(group)
      newNumbers[number + 1] = UInt32(kept.count)
    }
    for index in 0..<outputs.count where outputs[index].group != 0 {
      outputs[index].group = newNumbers[Int(outputs[index].group)]
    }
    groups = kept
  }

  /// Calls `body` with the outputs of a group's members, in their order.
  func forEachMember(of group: ObjectGroup, _ body: (ObjectSection) -> Void) {
    let file = files[group.file.index]
    for position in 0..<group.members.count {
      let row = section(file, group.members[position])
      guard row != .none, sections[row].output != .none else { continue }
      body(outputs[sections[row].output.index])
    }
  }

  /// Gives everything its place in the file.
  func assignFileOffsets() {
    var offset = UInt64(format.headerSize)
    for index in groups.indices {
      groups[index].fileOffset = offset
      offset += UInt64(4 + 4 * groups[index].memberCount)
    }
    for index in 0..<outputs.count {
      // A page is as much alignment as anybody who maps an object could use.
      let mask = (UInt64(1) << UInt64(min(outputs[index].alignmentShift, 12))) - 1
      offset = (offset + mask) & ~mask
      outputs[index].fileOffset = offset
      if outputs[index].hasBytes { offset += outputs[index].size }
    }
    offset = (offset + 7) & ~7
    for index in 0..<outputs.count where outputs[index].relocationHeaderIndex != 0 {
      outputs[index].relocationOffset = offset
      offset += outputs[index].relocationCount * UInt64(target.relocationEntrySize)
    }
    nameTable = ObjectNameTable(self)
    offset = symbolTable.place(at: offset, format)
    nameTable.fileOffset = offset
    offset += UInt64(nameTable.bytes.count)
    sectionHeaderCount += symbolTable.headerCount + 1
    sectionHeaderOffset = (offset + 7) & ~7
    fileSize = sectionHeaderOffset + UInt64(sectionHeaderCount * format.sectionEntrySize)
    if offset > ObjectOutput.sizeLimit { log.error(.objectSectionTooLarge("the whole output")) }
  }
}

extension Message {
  static func objectSectionTooLarge(_ name: String) -> Message {
    Message("objectSectionTooLarge", "\(name) is larger than a file can be")
  }
}
