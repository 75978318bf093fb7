// The doors through which every change passes, and the guards that stand there.

internal import ELF

extension EditSession {
  /// Whether the bytes at `place` are already `content`.
  func holds(_ content: [UInt8], at offset: Int) -> Bool {
    guard let old = image.bytes.slice(offset, content.count) else { return false }
    return content.withView { same($0, old) }
  }

  /// Overwrites bytes that a place names: plans, guards, writes, and marks a slot filled.
  /// - Parameter knowsStructure: the content is right for a table of the format.
  /// - Returns: false if they were so before.
  @discardableResult
  func store(
    _ content: [UInt8], at place: ResolvedPlace, knowsStructure: Bool = false
  ) throws(EditFailure) -> Bool {
    let length = UInt64(content.count)
    if let room = place.room, length > room {
      let kind = place.slot.map { "slot '\($0.name)'" } ?? place.label
      throw EditFailure(
        .slotOverflow,
        "\(kind) holds \(room) bytes at \(place.space.rawValue) \(hex(place.address)), data is "
          + "\(length) bytes",
        hint: place.slot == nil
          ? "pass fewer bytes" : "enlarge the slot in the section map or pass a smaller file")
    }
    let (end, overflow) = place.address.addingReportingOverflow(length)
    guard !overflow else { throw EditFailure(.notInFile, "\(place.label) lies beyond all memory") }
    let range = place.address..<end
    let offset = try fileOffset(of: place, length)
    let same = holds(content, at: offset)
    try checkExpectation(at: offset, limit: content.count, isSo: same)
    if place.space == .virtual { try checkSlots(range, same: same, offset: offset) }
    if same {
      if let slot = place.slot, slot.flagsOffset != nil, !slot.flags.contains(.filled) {
        try markFilled(range)
        note("slot '\(slot.name)' already holds the bytes; marked filled")
        return true
      }
      try nothingToDo("\(place.label) already holds these bytes")
      return false
    }
    if !knowsStructure {
      try checkStructure(UInt64(offset)..<UInt64(offset + content.count), place.label)
    }
    if place.space == .virtual {
      try checkHasBytes(range)
      try checkCode(range, place.label)
      try checkRelocations(range, place.label)
      try checkCoverage(range)
      record(content, at: offset, virtual: place.address)
      for part in image.virtualRanges(ofFile: UInt64(offset)..<UInt64(offset + content.count)) {
        plan.loaded.insert(part)
      }
    } else {
      try checkCoverage(nil)
      for section in image.sections.dropFirst()
      where section.hasFileBytes
        && section.fileRange.overlaps(UInt64(offset)..<UInt64(offset + content.count))
      {
        plan.contents.insert(section.name)
      }
      record(content, at: offset, virtual: nil)
    }
    working.write(content, at: offset)
    try refresh()
    if place.space == .virtual { try markFilled(range) }
    return true
  }

  private func fileOffset(
    of place: ResolvedPlace, _ length: UInt64
  ) throws(EditFailure) -> Int {
    if place.space == .virtual {
      if let offset = image.offset(ofVirtual: place.address, length) { return offset }
      throw EditFailure(
        .notInFile, "\(length) bytes at \(place.label) are not all in the file",
        hint: "bytes of .bss exist only in memory; no edit can give them a value")
    }
    guard image.bytes.slice(place.address, length) != nil, place.address <= UInt64(image.end),
      length <= UInt64(image.end) - place.address
    else { throw EditFailure(.notInFile, "\(place.label) lies outside the ELF file") }
    let range = place.address..<(place.address + length)
    let headers = [
      0..<UInt64(image.format.headerSize), image.segmentTableRange, image.sectionTableRange,
    ]
    guard !image.isLoaded(file: range), !headers.contains(where: { $0.overlaps(range) }) else {
      throw EditFailure(
        .value, "off: may only name bytes outside of segments and headers",
        hint: "use va:, lma:, sec: or sym:")
    }
    return Int(place.address)
  }

  /// Where other sections follow it in its segment, the file has zeros for a .bss. They stay zeros:
  /// strip tools and start-up code rely on the section's type.
  private func checkHasBytes(_ range: Range<UInt64>) throws(EditFailure) {
    for section in image.sections.dropFirst()
    where section.type == SHT.NOBITS && section.isLoaded && !section.takesNoMemory
      && section.memoryRange.overlaps(range)
    {
      throw EditFailure(
        .notInFile, "'\(section.name)' exists only in memory",
        hint: "no edit can give its bytes a value; put the object into a section with data")
    }
  }

  /// - Parameter isSo: the bytes are already what the edit makes them, which is all that an edit with
  ///   `if-needed` asks for.
  func checkExpectation(at offset: Int, limit: Int, isSo: Bool = false) throws(EditFailure) {
    guard let data = edit.expect, !(isSo && edit.ifNeeded) else { return }
    let wanted = try bytes(of: data)
    guard wanted.count <= limit else {
      throw EditFailure(.expect, "expect= has \(wanted.count) bytes, only \(limit) are written")
    }
    guard holds(wanted, at: offset) else {
      let old = image.bytes.slice(offset, wanted.count)?.array ?? []
      throw EditFailure(
        .expect, "the old bytes are \(hex(old)), expected \(hex(wanted))")
    }
  }

  /// The same for a field that is text.
  func checkExpectation(
    _ old: String?, _ what: String, isSo: Bool = false
  ) throws(EditFailure) {
    guard let data = edit.expect, !(isSo && edit.ifNeeded) else { return }
    guard try bytes(of: data) == Array((old ?? "").utf8) else {
      throw EditFailure(.expect, "\(what) is '\(old ?? "")'")
    }
  }

  private func checkSlots(
    _ range: Range<UInt64>, same: Bool, offset: Int
  ) throws(EditFailure) {
    for slot in try image.slots() where slot.range.overlaps(range) {
      if same { continue }
      guard !slot.flags.contains(.sealed) else {
        throw EditFailure(.sealed, "slot '\(slot.name)' is sealed")
      }
      guard !edit.replace else { continue }
      let part = slot.range.clamped(to: range)
      var isFill = true
      for address in part {
        let old = image.bytes[offset + Int(address - range.lowerBound)]
        if old != slot.fill[Int(truncatingIfNeeded: address - slot.address)] {
          isFill = false
          break
        }
      }
      guard isFill else {
        throw EditFailure(
          .slotRewrite, "slot '\(slot.name)' already holds something", hint: "add replace=yes")
      }
    }
  }

  /// Refuses bytes that belong to the format: a pattern of bytes there is no edit, for loaders and
  /// tools read a meaning. The verbs that know the meaning do not come through here.
  private func checkStructure(
    _ range: Range<UInt64>, _ label: String
  ) throws(EditFailure) {
    func refuse(_ what: String, _ verb: String) -> EditFailure {
      EditFailure(
        .structure, "\(label) lies in \(what), which has a meaning of its own", hint: verb)
    }
    let sections = image.sections.dropFirst().filter {
      $0.hasFileBytes && $0.fileRange.overlaps(range)
    }
    let headers = [
      0..<UInt64(image.format.headerSize), image.segmentTableRange, image.sectionTableRange,
    ]
    if headers.contains(where: { $0.overlaps(range) }) {
      throw refuse("the headers of the file", "entry, lma and section change fields of them")
    }
    if let path = image.interpreter?.segment.fileRange, path.overlaps(range) {
      throw refuse("the interpreter's path", "use: interp PATH")
    }
    for section in sections {
      let what = "'\(section.name)'"
      switch section.type {
      case SHT.SYMTAB, SHT.STRTAB, SHT.DYNSYM, SHT.SYMTAB_SHNDX, SHT.HASH, SHT.GNU_HASH,
        SHT.GNU_VERSYM, SHT.GNU_VERDEF, SHT.GNU_VERNEED:
        throw refuse(what, "use: symbol, needed, rpath, soname or section")
      case SHT.DYNAMIC: throw refuse(what, "use: needed, rpath or soname")
      case SHT.REL, SHT.RELA, SHT.RELR: throw refuse(what, "relocations cannot be edited")
      case SHT.NOTE:
        if let id = image.buildID(),
          range.overlaps(UInt64(id.offset)..<UInt64(id.offset + id.bytes.count))
        {
          throw refuse("the build-id", "use: build-id set HEX")
        }
        let isInside = image.notes().found.contains {
          let start = UInt64($0.descriptionOffset)
          return start <= range.lowerBound
            && range.upperBound <= start + UInt64($0.note.description.count)
        }
        guard isInside else { throw refuse(what, "use: note set OWNER TYPE DATA") }
      default: break
      }
    }
    let index = image.segments.first { $0.type == PT.GNU_EH_FRAME }?.fileRange
    if let index, index.overlaps(range) {
      throw refuse("the index of unwind tables", "relink to change it")
    }
  }

  func checkCode(_ range: Range<UInt64>, _ label: String) throws(EditFailure) {
    guard !edit.code, let name = image.firstCode(in: range) else { return }
    throw EditFailure(
      .code, "\(label) lies in executable code (\(name))", hint: "add code=yes if that is meant")
  }

  func checkRelocations(_ range: Range<UInt64>, _ label: String) throws(EditFailure) {
    if isAllowed(.relocationOverlap) { return }
    // All of them in order are worth their while for many questions only.
    relocationChecks += 1
    if relocated == nil, relocationChecks > 8 { relocated = image.relocatedBytes() }
    let patched = relocated ?? image.relocatedBytes(around: range)
    if let hit = patched.dynamic.firstOverlap(range) {
      throw EditFailure(
        .relocationOverlap,
        "\(label): the dynamic loader overwrites va \(hex(hit.lowerBound)) at start-up",
        hint: "reserve a slot for the value, or --allow SE-RELOC-OVERLAP")
    }
    if let hit = patched.emitted.firstOverlap(range) {
      throw EditFailure(
        .relocationOverlap,
        "\(label): the linker computed the bytes at va \(hex(hit.lowerBound)) from a relocation",
        hint: "--allow SE-RELOC-OVERLAP if the value shall not follow the symbol")
    }
  }

  /// Fails if a digest has read the bytes; nil stands for bytes that are not loaded.
  func checkCoverage(_ range: Range<UInt64>?) throws(EditFailure) {
    for covered in coverage {
      let hit = covered.wholeFile || (range.map { covered.ranges.firstOverlap($0) != nil } ?? false)
      guard hit else { continue }
      throw EditFailure(
        .staleDigest, "this edit changes bytes that \(covered.what) has read",
        hint: "move the edit before it")
    }
  }

  /// Writes a header field or a table entry: planned like any other byte, but not guarded by
  /// sections. Does nothing if the bytes are already so.
  func writeHeader(_ content: [UInt8], at offset: Int) throws(EditFailure) {
    guard !holds(content, at: offset) else { return }
    let range = UInt64(offset)..<UInt64(offset + content.count)
    let loaded = image.virtualRanges(ofFile: range)
    for part in loaded {
      try checkCoverage(part)
      plan.loaded.insert(part)
    }
    if loaded.isEmpty { try checkCoverage(nil) }
    record(content, at: offset, virtual: loaded.first?.lowerBound)
    working.write(content, at: offset)
  }

  private func record(_ content: [UInt8], at offset: Int, virtual: UInt64?) {
    reports[reports.count - 1].writes.append(
      WriteRecord(
        virtualAddress: virtual, loadAddress: virtual.flatMap { image.loadAddress(ofVirtual: $0) },
        offset: UInt64(offset), old: image.bytes.slice(offset, content.count)?.array ?? [],
        new: content))
  }

  // MARK: Slots

  /// Sets the filled flag of every slot that `range` meets.
  func markFilled(_ range: Range<UInt64>) throws(EditFailure) {
    for slot in try image.slots() where slot.range.overlaps(range) {
      try setFlags(slot, slot.flags.union(.filled))
    }
    try refresh()
  }

  /// The caller renews the image.
  func setFlags(_ slot: Slot, _ flags: SlotRecord.Flags) throws(EditFailure) {
    guard let offset = slot.flagsOffset, flags != slot.flags else { return }
    for covered in coverage where covered.wholeFile { _ = covered; try checkCoverage(nil) }
    plan.contents.insert(SlotNote.sectionName)
    working.write(image.format.encode(UInt64(flags.rawValue), size: 2), at: offset)
  }
}
