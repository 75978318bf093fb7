// Attaches the relocations of an object to the rows of its sections; final links and -r share it.
//
// Before: `sectionMap` leads from section indices to rows. After: the rows know where in the mapped
// file their relocations are, and how many. Relocations without addends (SHT_REL), which have them in
// the bytes that they apply to, are copied into records with addends; nothing behind this pass knows
// the other form.

internal import ELF

extension InputFile {
  /// `row`: the row of a section; none if it has none. `report` gets the index of a section and what
  /// is wrong with it, `attached` each row that has relocations now.
  func attachRelocations(
    to sections: Column<SectionID, InputSection>, _ machine: any Target.Type,
    row: (_ section: UInt32) -> SectionID,
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
      if header.type == SHT.REL {
        guard !sections[target].kind.contains(.compressed) else {
          report(
            index,
            "section \(header.info) is compressed, and the addends of its relocations are in it")
          continue
        }
        let block = self.records(records, addendsIn: sections[target].bytes, machine)
        sections.setRelocations(of: target, to: block, count: records.count / format.relEntrySize)
      } else {
        sections[target].relocations = records.buffer.baseAddress
        sections[target].relocationCount = UInt32(records.count / Rela.size)
      }
      attached(target)
    }
  }

  /// The records of a SHT_REL section with the addends that stand in `bytes`. They stay until the
  /// process ends.
  private func records(
    _ table: ByteView, addendsIn bytes: ByteView, _ machine: any Target.Type
  ) -> Block<Rela> {
    let count = table.count / format.relEntrySize
    let block = Block<Rela>(count: count)
    var reader = RecordReader(table, format)
    for index in 0..<count {
      let record = RelocationPlace(from: &reader)
      var full = Rela()
      full.offset = record.offset
      full.info = record.info
      full.addend = machine.implicitAddend(full.type, bytes, at: record.offset)
      block[index] = full
    }
    return block
  }
}
