// section: headers and contents of sections. What is loaded keeps its size and place; only
// sections that no program sees come, go and grow.

internal import ELF

extension EditSession {
  func editSection(_ name: String, _ action: SectionAction) throws(EditFailure) {
    switch action {
    case .add(let data, let alignment):
      let content = try bytes(of: data)
      if let old = image.sections(named: name).first {
        guard let present = image.contents(of: old), content.withView({ $0 == present }) else {
          throw EditFailure(.already, "the section '\(name)' exists already")
        }
        return try nothingToDo("the section '\(name)' exists already", .already)
      }
      guard alignment > 0, alignment & (alignment - 1) == 0, alignment <= 1 << 20 else {
        throw EditFailure(.value, "align=\(alignment) is not a power of two")
      }
      try addUnloaded(name, content, alignment: alignment)
      note("section '\(name)', \(content.count) bytes")
    case .replace(let data, let padding): try replaceSection(name, bytes(of: data), padding)
    case .remove:
      guard !image.sections(named: name).isEmpty else {
        guard edit.ifNeeded else { _ = try image.section(named: name); return }
        return
      }
      let section = try image.section(named: name)
      guard !section.isLoaded else {
        throw EditFailure(
          .linked, "'\(name)' is loaded", hint: "only sections that no program sees can be removed")
      }
      try removeSections { $0.index == section.index }
      note("section '\(name)' removed")
    case .rename(let new):
      if edit.ifNeeded, image.sections(named: name).isEmpty, !image.sections(named: new).isEmpty {
        return
      }
      let section = try image.section(named: name)
      if name == new { return try nothingToDo("the section is called '\(name)' already") }
      try requireNewName(new)
      var edits = sectionEdits()
      edits[section.index - 1].section.name = new
      plan.removed.insert(name)
      plan.added.insert(new)
      try rewriteSections(edits)
      note("section '\(name)' is called '\(new)'")
    case .dump(let path, let raw): try dumpSection(name, path, raw: raw)
    case .flags(let letters): try setSectionFlags(name, letters)
    }
  }

  /// Adds a section that no program sees.
  func addUnloaded(
    _ name: String, _ content: [UInt8], alignment: UInt64, type: UInt32 = SHT.PROGBITS
  ) throws(EditFailure) {
    var section = Section()
    section.name = name
    section.type = type
    section.alignment = alignment
    section.size = UInt64(content.count)
    var edits = sectionEdits()
    // Before the tables of names and symbols, where debug information ends.
    let position =
      edits.firstIndex {
        !$0.section.isLoaded && ($0.section.type == SHT.SYMTAB || $0.section.type == SHT.STRTAB)
      } ?? edits.count
    edits.insert(SectionEdit(section: section, content: content), at: position)
    plan.added.insert(name)
    try rewriteSections(edits)
  }

  /// Removes unloaded sections; relocation sections of a removed section go with it.
  /// - Parameter unlinked: sections whose sh_link does not count, and becomes 0.
  func removeSections(
    sparing unlinked: Set<Int> = [], _ condition: (Section) -> Bool
  ) throws(EditFailure) {
    let removed = image.sections.dropFirst().filter(condition)
    let numbers = Set(removed.map(\.index))
    for section in removed {
      guard section.index != image.sectionNameIndex else {
        throw EditFailure(.linked, "'\(section.name)' holds the names of all sections")
      }
      for other in image.sections.dropFirst() where !numbers.contains(other.index) {
        let usesInfo =
          other.type == SHT.REL || other.type == SHT.RELA || other.flags & SHF.INFO_LINK != 0
        let usesLink = Int(other.link) == section.index && !unlinked.contains(other.index)
        if usesLink || (usesInfo && Int(other.info) == section.index) {
          throw EditFailure(
            .linked, "'\(other.name)' uses '\(section.name)'", hint: "remove '\(other.name)' first")
        }
      }
      plan.removed.insert(section.name)
    }
    var edits = sectionEdits().filter { !numbers.contains($0.section.index) }
    for index in edits.indices where unlinked.contains(edits[index].section.index) {
      edits[index].section.link = 0
    }
    try rewriteSections(edits)
  }

  private func replaceSection(
    _ name: String, _ content: [UInt8], _ padding: PaddingTreatment?
  ) throws(EditFailure) {
    let section = try image.section(named: name)
    guard section.hasFileBytes else {
      throw EditFailure(.notInFile, "'\(name)' has no bytes in the file")
    }
    if section.isLoaded {
      return try put(.section(name), .bytes(content), padding)
    }
    guard section.index != image.sectionNameIndex, section.type != SHT.SYMTAB else {
      throw EditFailure(.linked, "'\(name)' is a table that other parts of the file use")
    }
    let isSo = image.contents(of: section).map { old in content.withView { $0 == old } } ?? false
    try checkExpectation(at: Int(section.offset), limit: Int(section.size), isSo: isSo)
    if isSo {
      return try nothingToDo("'\(name)' holds these bytes already")
    }
    var edits = sectionEdits()
    edits[section.index - 1].content = content
    plan.contents.insert(name)
    plan.headers.insert(name)
    try rewriteSections(edits)
    note("section '\(name)', \(content.count) bytes")
  }

  private func dumpSection(_ name: String, _ path: String, raw: Bool) throws(EditFailure) {
    let section = try image.section(named: name)
    guard let view = image.contents(of: section), section.hasFileBytes else {
      throw EditFailure(.notInFile, "'\(name)' has no bytes in the file")
    }
    var content = view.array
    if !raw, section.flags & SHF.COMPRESSED != 0 {
      content = try decompress(view, name).content
    }
    sideFiles.append(SideFile(path: path, bytes: content))
    note("section '\(name)' to \(path), \(content.count) bytes")
  }

  private func setSectionFlags(_ name: String, _ letters: String) throws(EditFailure) {
    let section = try image.section(named: name)
    var flags = section.flags & ~(SHF.WRITE | SHF.EXECINSTR | SHF.MERGE | SHF.STRINGS)
    for letter in letters.utf8 {
      switch letter {
      case UInt8(ascii: "a"):
        guard section.isLoaded else {
          throw EditFailure(
            .unsupported, "no segment loads '\(name)'", hint: "'insert' adds loaded bytes")
        }
      case UInt8(ascii: "w"): flags |= SHF.WRITE
      case UInt8(ascii: "x"): flags |= SHF.EXECINSTR
      case UInt8(ascii: "M"): flags |= SHF.MERGE
      case UInt8(ascii: "S"): flags |= SHF.STRINGS
      default: throw EditFailure(.value, "flags are letters of a, w, x, M, S")
      }
    }
    if section.isLoaded {
      guard letters.utf8.contains(UInt8(ascii: "a")) else {
        throw EditFailure(.unsupported, "'\(name)' is loaded: keep the letter a")
      }
      let segment = image.loads.first { $0.memoryRange.overlaps(section.memoryRange) }
      let allowed = segment?.flags ?? 0
      if flags & SHF.WRITE != 0 && allowed & PF.W == 0
        || flags & SHF.EXECINSTR != 0 && allowed & PF.X == 0
      {
        throw EditFailure(.value, "the segment of '\(name)' does not permit '\(letters)'")
      }
    }
    guard flags != section.flags else {
      return try nothingToDo("'\(name)' has these flags already")
    }
    if section.isLoaded, let refusal = protection(of: section.memoryRange) { throw refusal }
    var edits = sectionEdits()
    if flags & SHF.MERGE != 0, section.entrySize == 0 {
      guard flags & SHF.STRINGS != 0 else {
        throw EditFailure(
          .value, "'\(name)' has no entry size, so its entries cannot be merged",
          hint: "MS is for strings")
      }
      edits[section.index - 1].section.entrySize = 1
    }
    edits[section.index - 1].section.flags = flags
    plan.headers.insert(name)
    try rewriteSections(edits)
    note("section '\(name)' has the flags '\(letters)'")
  }

  // MARK: Notes

  /// `note set OWNER TYPE DATA`
  func setNote(
    _ owner: String, _ type: UInt32, _ data: EditData, _ section: String?, _ loaded: String?
  ) throws(EditFailure) {
    if owner == SlotNote.owner, type < SlotNote.firstFreeType {
      throw EditFailure(
        .value, "types below 0x100 of the owner SWOLD are reserved", hint: "use 0x100 or above")
    }
    if owner == "GNU", type == NT.GNU_BUILD_ID {
      throw EditFailure(.value, "the build-id has a verb of its own", hint: "use 'build-id set'")
    }
    guard !owner.isEmpty, !owner.utf8.contains(0) else {
      throw EditFailure(.value, "the owner of a note is a name")
    }
    let isProperty = owner == "GNU" && type == NT.GNU_PROPERTY_TYPE_0
    let alignment = isProperty && image.format.is64 ? 8 : 4
    var encoder = NoteEncoder(image.format.order)
    encoder.append(bytes: try bytes(of: data))
    let content = encoder.finish(type: type, owner: owner, alignment: alignment)
    if let loaded {
      return try put(.slot(loaded), .bytes(content), .zero)
    }
    for found in image.notes().found
    where found.note.owner.string == owner && found.note.type == type {
      return try replaceNote(found, content)
    }
    let name = section ?? ".note.\(owner)"
    try appendNote(content, to: name, alignment: alignment)
    note("note \(owner) \(hex(UInt64(type))) in '\(name)'")
  }

  /// Puts a note behind those of an unloaded section, which is made if there is none.
  private func appendNote(
    _ content: [UInt8], to name: String, alignment: Int
  ) throws(EditFailure) {
    guard let old = image.sections(named: name).first else {
      return try addUnloaded(name, content, alignment: UInt64(alignment), type: SHT.NOTE)
    }
    guard !old.isLoaded, old.type == SHT.NOTE, let present = image.contents(of: old) else {
      throw EditFailure(.already, "'\(name)' is not a note section that can grow")
    }
    var all = present.array
    while all.count % alignment != 0 { all.append(0) }
    var edits = sectionEdits()
    edits[old.index - 1].content = all + content
    plan.contents.insert(name)
    plan.headers.insert(name)
    try rewriteSections(edits)
  }

  /// `--provenance`: says in `.note.swold.edits` which edits were made. Call it before `apply`, so
  /// that digests and the build-id are those of the whole result. A record that is there already
  /// is not made again, so a second run changes nothing.
  /// - Parameters:
  ///   - script: the text of the edits.
  ///   - verbs: their names.
  public func recordProvenance(script: [UInt8], verbs: [String]) throws(EditFailure) {
    let record = ProvenanceRecord(
      digest: script.withView { SecureHash.sha256($0) },
      tool: "swold-edit \(postLinkEditVersion)", verbs: verbs)
    let content = record.encoded(image.format.order)
    reports.append(EditReport(name: "provenance"))
    let name = SlotNote.provenanceSectionName
    let isKnown = image.notes().found.contains { found in
      found.section == name
        && found.note.description.array == record.description(image.format.order)
    }
    guard !isKnown else { return }
    try appendNote(content, to: name, alignment: 4)
    note("\(verbs.count) edits, script \(hex(record.digest))")
  }

  /// Replaces a note: any size in an unloaded section, the same size in a loaded one.
  private func replaceNote(_ found: FoundNote, _ content: [UInt8]) throws(EditFailure) {
    let start = found.descriptionOffset - (found.note.descriptionOffset - found.note.offset)
    let old = start..<(start + found.note.end - found.note.offset)
    if let present = image.bytes.slice(old.lowerBound, old.count),
      content.withView({ $0 == present })
    {
      return try nothingToDo("the note is there already", .already)
    }
    guard edit.replace || edit.ifNeeded else {
      throw EditFailure(
        .already, "the file has such a note already in '\(found.section)'", hint: "add replace=yes")
    }
    guard found.sectionIndex > 0 else {
      throw EditFailure(.unsupported, "the note lies in no section")
    }
    let section = image.sections[found.sectionIndex]
    if section.isLoaded {
      guard content.count == old.count else {
        throw EditFailure(
          .slotOverflow, "the loaded note has \(old.count) bytes, the new one \(content.count)")
      }
      let address = section.address + (UInt64(old.lowerBound) - section.offset)
      try store(content, at: resolve(.virtual(address)), knowsStructure: true)
    } else {
      var all = image.contents(of: section)?.array ?? []
      let base = Int(section.offset)
      all.replaceSubrange((old.lowerBound - base)..<(old.upperBound - base), with: content)
      var edits = sectionEdits()
      edits[section.index - 1].content = all
      plan.contents.insert(section.name)
      plan.headers.insert(section.name)
      try rewriteSections(edits)
    }
    note("note replaced in '\(found.section)'")
  }

  /// `note remove OWNER TYPE`
  func removeNote(_ owner: String, _ type: UInt32) throws(EditFailure) {
    if owner == SlotNote.owner, type < SlotNote.firstFreeType {
      throw EditFailure(.value, "types below 0x100 of the owner SWOLD are reserved")
    }
    let found = image.notes().found.first { $0.note.owner.string == owner && $0.note.type == type }
    guard let found else { return try nothingToDo("there is no such note") }
    guard found.sectionIndex > 0, !image.sections[found.sectionIndex].isLoaded else {
      throw EditFailure(.unsupported, "the note is loaded and cannot be removed")
    }
    let section = image.sections[found.sectionIndex]
    if found.note.offset == 0, found.note.end == Int(section.size) {
      try removeSections { $0.index == section.index }
    } else {
      var all = image.contents(of: section)?.array ?? []
      all.removeSubrange(found.note.offset..<found.note.end)
      var edits = sectionEdits()
      edits[section.index - 1].content = all
      plan.contents.insert(section.name)
      plan.headers.insert(section.name)
      try rewriteSections(edits)
    }
    note("note \(owner) \(hex(UInt64(type))) removed")
  }
}
