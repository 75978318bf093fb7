// Attaches the relocations of an object to the rows of its sections; final links and -r share it.
//
// Before: `sectionMap` leads from section indices to rows. After: the rows know where in the mapped
// file their relocations are, and how many.

internal import ELF

extension InputFile {
  /// `row`: the row of a section; none if it has none. `report` gets the index of a section and what
  /// is wrong with it, `attached` each row that has relocations now.
  func attachRelocations(
    to sections: Column<SectionID, InputSection>, row: (_ section: UInt32) -> SectionID,
    report: (_ index: Int, _ reason: String) -> Void, attached: (SectionID) -> Void
  ) {
    for index in 0..<sectionCount {
      let header = sectionHeaders[index]
      guard header.type == SHT.RELA || header.type == SHT.REL || header.type == SHT.CREL else {
        continue
      }
      if let defect = defect(ofRelocations: header) {
        report(index, defect)
        continue
      }
      let target = row(header.info)
      guard target != .none, header.size > 0, let records = contents(header) else { continue }
      guard sections[target].relocations == nil else {
        report(index, "section \(header.info) has two sections with relocations")
        continue
      }
      sections[target].relocations = records.buffer.baseAddress
      sections[target].relocationCount = UInt32(records.count / Rela.size)
      attached(target)
    }
  }
}
