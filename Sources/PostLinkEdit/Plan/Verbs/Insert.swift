// insert: new bytes with a section header of their own. The first mode that works is taken: a
// slot, a hole between two sections, the room behind a segment (first as the file is, then with a
// file shift, see Tail.swift), a new segment in a spare program header. No virtual address ever
// changes.

internal import ELF

extension EditSession {
  /// `insert NAME DATA`
  func insert(
    _ name: String, _ data: EditData, _ mode: InsertMode?, _ alignment: UInt64?, _ flags: String,
    _ lma: UInt64?
  ) throws(EditFailure) {
    let content = try bytes(of: data)
    guard !content.isEmpty else { throw EditFailure(.value, "there is no data to insert") }
    let alignment = alignment ?? 1
    guard alignment > 0, alignment & (alignment - 1) == 0, alignment <= 1 << 30 else {
      throw EditFailure(.value, "align=\(alignment) is not a power of two")
    }
    if case .slot(let slot) = mode {
      return try put(.slot(slot), .bytes(content), nil)
    }
    if let old = image.sections(named: name).first {
      return try replaceInserted(old, content)
    }
    // Without a header of its own nobody could find the section again, the second run least of all.
    try requireSections()
    if flags == "rx" {
      warn(.noUnwind, "'\(name)' has no unwind information: exceptions cannot pass through it")
    }
    switch mode {
    case .nonalloc:
      try addUnloaded(name, content, alignment: alignment)
      return note("section '\(name)', \(content.count) bytes, not loaded")
    case .hole:
      for rights in SegmentRights.allCases {
        if try insertIntoHole(name, content, alignment, flags, rights) { return }
      }
    case .tail:
      if try insertBehindSegment(name, content, alignment, flags) { return }
    case .address(let expression):
      return try insert(name, content, at: evaluate(expression).value, alignment, flags, lma)
    case .segment:
      try addSegment(
        name, content, alignment: alignment, flags: flags, lma: lma, address: nil)
      return
    case nil:
      if lma == nil {
        for rights in SegmentRights.allCases {
          if try insertIntoHole(name, content, alignment, flags, rights) { return }
          if try insertBehindSegment(name, content, alignment, flags, rights, shifts: false) {
            return
          }
        }
        if try insertBehindSegment(name, content, alignment, flags) { return }
      }
      try addSegment(
        name, content, alignment: alignment, flags: flags, lma: lma, address: nil)
      return
    case .slot: return
    }
    if let refusal = protectedRoom(UInt64(content.count), alignment, flags, mode) { throw refusal }
    throw noRoom("no \(mode == .hole ? "hole" : "tail") takes \(content.count) bytes")
  }

  /// `at=`: in the hole, the tail or the new segment that has the address.
  private func insert(
    _ name: String, _ content: [UInt8], at start: UInt64, _ alignment: UInt64, _ flags: String,
    _ lma: UInt64?
  ) throws(EditFailure) {
    let (end, overflow) = start.addingReportingOverflow(UInt64(content.count))
    guard start % alignment == 0, !overflow, end - 1 <= image.format.addressLimit else {
      throw EditFailure(.value, "at=\(hex(start)) does not fit the alignment or the address space")
    }
    if let section = image.loadedSections(in: start..<end).first {
      throw EditFailure(.already, "va \(hex(start)) is in the section '\(section.name)'")
    }
    if let segment = image.loads.first(where: { $0.memoryRange.overlaps(start..<end) }) {
      guard permits(segment, flags) else {
        throw EditFailure(.value, "the segment at va \(hex(start)) does not permit '\(flags)'")
      }
      for rights in SegmentRights.allCases
      where try insertIntoHole(name, content, alignment, flags, rights, at: start) { return }
      if let refusal = protection(of: start..<end) { throw refusal }
      throw noRoom("va \(hex(start)) is not in a hole that takes \(content.count) bytes")
    }
    if lma == nil,
      let segment = image.loads.last(where: { $0.memoryEnd <= start && permits($0, flags) }),
      end - segment.memoryEnd <= max(image.tailRoom(of: segment), image.shiftRoom(of: segment)),
      protection(of: segment.memoryEnd..<end) == nil,
      start - segment.memoryEnd < max(image.largestAlignment, 4096)
    {
      try appendToSegment(segment, name, content, alignment: 1, at: start, flags: flags)
      return note("section '\(name)', \(content.count) bytes behind a segment at va \(hex(start))")
    }
    try addSegment(
      name, content, alignment: alignment, flags: flags,
      lma: lma ?? (image.isProgram ? nil : start),
      address: start)
  }

  private func replaceInserted(_ old: Section, _ content: [UInt8]) throws(EditFailure) {
    guard let present = image.contents(of: old) else { return }
    if content.withView({ $0 == present }) {
      return try nothingToDo("the section '\(old.name)' holds these bytes already", .already)
    }
    guard edit.replace else {
      throw EditFailure(
        .already, "the section '\(old.name)' exists already",
        hint: "replace=yes takes data of the same size")
    }
    guard content.count == present.count else {
      throw EditFailure(
        .slotOverflow, "'\(old.name)' has \(present.count) bytes, data is \(content.count) bytes")
    }
    try store(content, at: resolve(.section(old.name)))
    note("section '\(old.name)' replaced")
  }

  func noRoom(_ message: String) -> EditFailure {
    EditFailure(
      .noRoom, message + "\n" + image.roomLines().map { "  " + $0 }.joined(separator: "\n"),
      hint: image.roomHint(for: edit.verb))
  }

  /// What a segment may do beside what was asked for.
  enum SegmentRights: CaseIterable {
    /// Nothing: read-only data stays out of executable memory, code out of writable memory.
    case exact
    case more
  }

  func permits(_ segment: Segment, _ flags: String, _ rights: SegmentRights? = nil) -> Bool {
    let wanted = PF.R | (flags == "rw" ? PF.W : 0) | (flags == "rx" ? PF.X : 0)
    let given = segment.flags & (PF.R | PF.W | PF.X)
    let isEnough: Bool =
      switch flags {
      case "rw": given & PF.W != 0
      case "rx": given & PF.X != 0
      default: given & PF.W == 0 && given & PF.R != 0
      }
    return isEnough && rights.map { ($0 == .exact) == (given == wanted) } ?? true
  }

  func loadedSection(
    _ name: String, _ address: UInt64, _ offset: UInt64, _ size: Int, _ alignment: UInt64,
    _ flags: String
  ) -> Section {
    var section = Section()
    section.name = name
    section.type = SHT.PROGBITS
    section.flags = SHF.ALLOC
    if flags == "rw" { section.flags |= SHF.WRITE }
    if flags == "rx" { section.flags |= SHF.EXECINSTR }
    section.address = address
    section.offset = offset
    section.size = UInt64(size)
    section.alignment = alignment
    return section
  }

  // MARK: Mode 2

  private func insertIntoHole(
    _ name: String, _ content: [UInt8], _ alignment: UInt64, _ flags: String,
    _ rights: SegmentRights, at address: UInt64? = nil
  ) throws(EditFailure) -> Bool {
    for hole in image.holes().ranges {
      guard let segment = image.segment(backing: hole.lowerBound, 1),
        permits(segment, flags, rights),
        let start = address ?? alignUp(hole.lowerBound, alignment), hole.contains(start),
        hole.upperBound - start >= UInt64(content.count),
        let offset = image.offset(ofVirtual: start, UInt64(content.count)),
        let old = image.bytes.slice(offset, content.count), image.isBlank(old),
        protection(of: start..<(start + UInt64(content.count))) == nil
      else { continue }
      try writeHeader(content, at: offset)
      try refresh()
      var edits = sectionEdits()
      insertByAddress(
        SectionEdit(
          section: loadedSection(name, start, UInt64(offset), content.count, alignment, flags)),
        into: &edits)
      plan.added.insert(name)
      try rewriteSections(edits)
      note("section '\(name)', \(content.count) bytes in a hole at va \(hex(start))")
      return true
    }
    return false
  }

  /// Why no structure may change at these addresses: inside the TLS template, which every thread
  /// copies whole, or inside RELRO, which the loader write-protects whole.
  func protection(of range: Range<UInt64>) -> EditFailure? {
    for segment in image.segments where segment.memoryRange.overlaps(range) {
      if segment.type == PT.TLS {
        return EditFailure(
          .tls, "va \(hex(range.lowerBound)) lies in the TLS template, which every thread copies",
          hint: "insert with where=segment, or reserve a slot")
      }
      if segment.type == PT.GNU_RELRO {
        return EditFailure(
          .relro,
          "va \(hex(range.lowerBound)) lies in RELRO, which the loader makes read-only as a whole",
          hint: "insert with where=segment, or reserve a slot")
      }
    }
    return nil
  }

  /// The protection that keeps data out of the room that there is, if nothing else does.
  private func protectedRoom(
    _ count: UInt64, _ alignment: UInt64, _ flags: String, _ mode: InsertMode?
  ) -> EditFailure? {
    let rooms: [Range<UInt64>] =
      mode == .hole
      ? image.holes().ranges
      : image.loads.map { $0.memoryEnd..<($0.memoryEnd &+ image.addressRoom(behind: $0)) }
    for room in rooms where !room.isEmpty {
      guard let segment = image.loads.first(where: { $0.memoryRange.contains(room.lowerBound) }),
        permits(segment, flags), let start = alignUp(room.lowerBound, alignment),
        start < room.upperBound, room.upperBound - start >= count
      else { continue }
      if let refusal = protection(of: start..<(start + count)) { return refusal }
    }
    return nil
  }

  // MARK: Mode 4

  /// Adds a PT_LOAD: into a spare PT_NULL entry, or on bare metal into a table that grows.
  /// - Returns: its virtual address.
  @discardableResult
  func addSegment(
    _ name: String, _ content: [UInt8], alignment: UInt64, flags: String, lma: UInt64?,
    address: UInt64?
  ) throws(EditFailure) -> UInt64 {
    guard !image.isSeparateDebugFile else {
      throw EditFailure(.unsupported, "a separate debug file has no loaded bytes")
    }
    // A static program is mapped by pages, too; lma= says of one that only looks so that it is not.
    let isMapped = image.isProgram || image.isMapped && lma == nil
    if !isMapped, lma == nil {
      throw noRoom("a new bare-metal segment for '\(name)' needs lma=ADDRESS")
    }
    if isMapped, address != nil { try checkPages(at: address ?? 0, content.count) }
    if isMapped { try provideSpareHeader(for: name) }
    let page = isMapped ? max(image.largestAlignment, alignment) : max(alignment, 1)
    let highest = isMapped ? image.newSegmentFloor ?? 0 : 0
    // At the place in its page that the bytes have in the file, which then needs no padding.
    let packing = isMapped ? max(alignment, 16) : page
    let place = alignUp(UInt64(loadedEnd), packing).map { $0 % page } ?? 0
    // The other way round if the address is given.
    let distance = isMapped ? ((address ?? 0) &- UInt64(loadedEnd)) % page : 0
    let lowest = address == nil ? 0 : UInt64(loadedEnd) + distance
    guard
      let start = address
        ?? (isMapped ? alignUp(highest, page).map { $0 &+ place } : lma),
      !start.addingReportingOverflow(UInt64(content.count)).overflow,
      start + UInt64(content.count) - 1 <= image.format.addressLimit, start % alignment == 0
    else { throw EditFailure(.value, "there is no address for the segment") }
    let range = start..<(start + UInt64(content.count))
    if let other = image.loads.first(where: { $0.memoryRange.overlaps(range) }) {
      throw EditFailure(
        .value, "the new segment at va \(hex(start)) overlaps program header \(other.index)")
    }
    let load = lma ?? start
    guard !load.addingReportingOverflow(UInt64(content.count)).overflow else {
      throw EditFailure(.value, "lma=\(hex(load)) is too high")
    }
    let loadRange = load..<(load + UInt64(content.count))
    if let other = image.loads.first(where: { $0.loadRange.overlaps(loadRange) }) {
      throw EditFailure(
        .value, "the load range of the new segment overlaps program header \(other.index)")
    }
    let spare = image.segments.first { $0.type == PT.NULL }
    guard spare != nil || !isMapped else {
      throw noRoom("there is no spare program header for '\(name)'")
    }
    if image.isLoaded(file: image.segmentTableRange), spare == nil {
      throw noRoom("the program header table is loaded and has no spare entry for '\(name)'")
    }

    let offset = try placeBlock(
      loadedSection(name, start, 0, content.count, alignment, flags),
      LoadedBlock(bytes: content, alignment: lowest > 0 ? 1 : packing, lowest: lowest))

    let segment = newLoad(
      content.count, at: start, loadAddress: load, offset: offset, alignment: page,
      flags: PF.R | (flags == "rw" ? PF.W : 0) | (flags == "rx" ? PF.X : 0))
    record(content, of: segment)
    try insertSegment(segment, replacing: spare)
    try refresh()
    note("segment with section '\(name)', \(content.count) bytes at va \(hex(start))")
    return start
  }

  /// Loaders map whole pages, so a segment at a given address shares none, and begins above the first:
  /// the address of that is what a program is moved by.
  private func checkPages(at start: UInt64, _ count: Int) throws(EditFailure) {
    let page = max(image.largestAlignment, 4096)
    let first = start / page
    let last =
      start.addingReportingOverflow(UInt64(count)).overflow
      ? .max : (start + UInt64(count) - 1) / page
    for other in image.loads where other.memorySize > 0 {
      guard last < other.address / page || first > (other.memoryEnd - 1) / page else {
        throw EditFailure(
          .value,
          "a segment at va \(hex(start)) would share a page with program header \(other.index)")
      }
    }
    if let lowest = image.loads.first?.address, start < lowest {
      throw EditFailure(.value, "a segment at va \(hex(start)) would be the lowest one")
    }
  }

  /// The bytes of a new segment go to the start of the tail, so the file looks as a linker would write it.
  /// - Returns: their offset.
  private func placeBlock(
    _ section: Section, _ block: LoadedBlock
  ) throws(EditFailure) -> UInt64 {
    guard image.hasSections else { return try place(block, []) }
    plan.added.insert(section.name)
    var edits = sectionEdits()
    insertByAddress(SectionEdit(section: section), into: &edits)
    let offset = try place(block, edits)
    guard var placed = image.sections.first(where: { $0.name == section.name }) else {
      throw EditFailure(.verification, "the new segment has no section")
    }
    placed.offset = offset
    working.write(
      placed.encoded(image.format),
      at: Int(image.sectionTableOffset) + placed.index * image.format.sectionEntrySize)
    return offset
  }

  /// Puts a PT_LOAD where the order of addresses wants it; entries behind it move by one, the
  /// spare entry goes. Without a spare the table grows, which only an unloaded table may.
  private func insertSegment(_ new: Segment, replacing spare: Segment?) throws(EditFailure) {
    var table = image.segments
    if let spare { table.remove(at: spare.index) }
    table.insert(load: new)
    let content = table.flatMap { $0.encoded(image.format) }
    var offset = Int(image.segmentTableOffset)
    if spare == nil {
      let old = image.segmentTableRange
      let next = old.upperBound..<(old.upperBound + UInt64(image.format.segmentEntrySize))
      let isFree =
        !image.isLoaded(file: next) && !image.sectionTableRange.overlaps(next)
        && next.upperBound <= UInt64(image.end)
        && !image.sections.contains { $0.hasFileBytes && $0.fileRange.overlaps(next) }
        && (image.bytes.slice(next.lowerBound, UInt64(image.format.segmentEntrySize)).map { view in
          (0..<view.count).allSatisfy { view[$0] == 0 }
        } ?? false)
      let word = image.format.wordSize
      if !isFree {
        // The very last thing of the file, behind the section header table.
        let isLast = Int(old.upperBound) == image.end
        let start = isLast ? offset : (image.end + word - 1) / word * word
        let filler = [UInt8](repeating: 0, count: max(0, start - image.end))
        try working.replace(
          (isLast ? start : image.end)..<image.end, with: filler + content)
        offset = start
        try writeHeader(
          image.format.encode(UInt64(offset), size: word), at: image.format.segmentTableField)
      } else {
        working.write(content, at: offset)
      }
      guard table.count < 0xffff else {
        throw EditFailure(.unsupported, "too many program headers")
      }
      try writeHeader(
        image.format.encode(UInt64(table.count), size: 2), at: image.format.segmentCountField)
    } else {
      try writeHeader(content, at: offset)
    }
  }
}
