// What can be wrong with the section groups of an object (gABI, "Section Groups"). It is checked
// when groups are selected, by the first loop over those of the objects that take part.
//
// Harmless, and not looked for: a group without members, SHF_GROUP on a section of no group or
// missing on a member, and signatures without a name, which are all the same one.

internal import ELF

extension InputFile {
  /// Signatures are symbols of the file's table; members are sections of the file, each of one group
  /// only. Calls `body` with the section index, the header and the flags of each group.
  @inline(__always) func checkGroups(
    _ body: (_ group: Int, _ header: SectionHeader, _ flags: UInt32) -> Void
  ) throws(MalformedFile) {
    let table = Int(symbolTable)
    let names = Int(sectionHeaders[table].link)
    // Compilers number sections such that the members of all groups are in ascending order, and
    // then none of them is there twice.
    var last = 0
    var isAscending = true
    for index in groups {
      let header = sectionHeaders[index]
      guard header.type == SHT.GROUP else { continue }
      guard let words = contents(header), words.count % 4 == 0,
        let flags = words.load(UInt32.self, at: 0)
      else {
        throw MalformedFile(
          reason: "section group \(index) lies outside the file or has a broken size")
      }
      if let reason = defect(ofGroup: header, flags) {
        throw MalformedFile(reason: "section group \(index) \(reason)")
      }
      let members = RecordView<UInt32>(words).slice(1..<words.count / 4)
      for position in 0..<members.count {
        let member = Int(members[position])
        guard member < sectionCount else {
          throw MalformedFile(
            reason:
              "section group \(index) has section \(member) as a member, and the file has "
              + "\(sectionCount)")
        }
        guard member != 0, member != index, member != table, member != names else {
          throw MalformedFile(
            reason:
              "section group \(index) has section \(member) as a member, which is "
              + (member == 0
                ? "none" : member == index ? "the group" : "the symbol table or its names")
          )
        }
        if member <= last { isAscending = false }
        last = member
      }
      body(index, header, flags)
    }
    if !isAscending { try checkMembership() }
  }

  /// What is wrong with a group beside its members.
  @inline(__always)
  private func defect(ofGroup header: SectionHeader, _ flags: UInt32) -> String? {
    guard header.entrySize == 4 else { return "has entries of \(header.entrySize) bytes, not 4" }
    guard header.link == symbolTable else { return "is not linked to the symbol table" }
    guard Int(header.info) < symbolCount else {
      return "names symbol \(header.info), and the file has \(symbolCount)"
    }
    guard flags & ~GRP.COMDAT == 0 else {
      return "has the flags 0x\(String(flags, radix: 16)), of which only GRP_COMDAT (1) is known"
    }
    return nil
  }

  private func groupMembers(_ header: SectionHeader) -> RecordView<UInt32> {
    RecordView<UInt32>(contents(header)?.suffix(from: 4) ?? ByteView())
  }

  /// No section is a member twice.
  private func checkMembership() throws(MalformedFile) {
    var groupOf = [Int](repeating: 0, count: sectionCount)
    for index in groups {
      let header = sectionHeaders[index]
      guard header.type == SHT.GROUP else { continue }
      let members = groupMembers(header)
      for position in 0..<members.count {
        let member = Int(members[position])
        guard groupOf[member] == 0 else {
          throw MalformedFile(
            reason:
              "section \(member) is a member of section group \(groupOf[member]) and "
              + (groupOf[member] == index ? "is named there twice" : "of \(index)"))
        }
        groupOf[member] = index
      }
    }
  }
}
