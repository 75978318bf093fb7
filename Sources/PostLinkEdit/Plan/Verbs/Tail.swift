// The room behind a segment. Addresses are free up to the page of the next segment; what the file
// has there decides how they are used. GNU ld pads the file to the next page, and those zeros can
// be taken. lld, mold and swold pack the file: the next segment's bytes follow at once, only its
// address is a page further. Then everything behind the segment moves down the file by a multiple
// of the largest p_align (the file shift): offsets and addresses stay congruent, and no virtual
// address changes. What stores offsets of the file is in its headers, so only those change.
//
// A segment with bss behind its data is never extended, that would turn bss into file bytes.

internal import ELF

extension EditSession {
  // MARK: Room

  /// Free addresses behind a segment.
  func addressRoom(behind segment: Segment) -> UInt64 {
    guard segment.fileSize == segment.memorySize, segment.fileSize > 0 else { return 0 }
    let limit = image.format.addressLimit
    var room = limit - min(limit, segment.memoryEnd)
    let step = image.mappingStep
    for other in image.loads
    where other.address >= segment.memoryEnd && other.index != segment.index {
      let start = other.address / step * step
      room = min(room, start - min(start, segment.memoryEnd))
    }
    for other in image.loads where other.index != segment.index {
      let end = segment.loadRange.upperBound
      if other.loadAddress >= end { room = min(room, other.loadAddress - end) }
    }
    return min(room, UInt64(WorkingFile.growth))
  }

  /// Free addresses behind a segment that the file has zeros for, without moving anything.
  func tailRoom(of segment: Segment) -> UInt64 {
    zeroBytes(behind: segment, limit: addressRoom(behind: segment))
  }

  /// Free addresses behind a segment that a file shift can give bytes to.
  func shiftRoom(of segment: Segment) -> UInt64 {
    canShift(behind: segment) ? addressRoom(behind: segment) : 0
  }

  /// Zeros of the file that follow a segment and belong to nothing.
  private func zeroBytes(behind segment: Segment, limit: UInt64) -> UInt64 {
    var end = UInt64(image.end)
    for other in image.segments where other.type != PT.NULL && other.fileSize > 0 {
      if other.offset >= segment.fileEnd { end = min(end, other.offset) }
    }
    for section in image.sections.dropFirst() where section.hasFileBytes && section.size > 0 {
      if section.fileRange.upperBound > segment.fileEnd {
        end = min(end, max(section.offset, segment.fileEnd))
      }
    }
    for table in [image.segmentTableRange, image.sectionTableRange] where !table.isEmpty {
      if table.upperBound > segment.fileEnd {
        end = min(end, max(table.lowerBound, segment.fileEnd))
      }
    }
    let count = min(limit, end - min(end, segment.fileEnd))
    guard let view = image.bytes.slice(segment.fileEnd, count) else { return 0 }
    return UInt64((0..<view.count).first { view[$0] != 0 } ?? view.count)
  }

  // MARK: Mode 3

  /// Puts a section behind the first segment that has the room.
  /// - Parameter shifts: the rest of the file may move.
  func insertBehindSegment(
    _ name: String, _ content: [UInt8], _ alignment: UInt64, _ flags: String, shifts: Bool
  ) throws(EditFailure) -> Bool {
    for segment in image.loads where permits(segment, flags) {
      guard let start = alignUp(segment.memoryEnd, alignment) else { continue }
      let gap = start - segment.memoryEnd
      let room = shifts ? shiftRoom(of: segment) : tailRoom(of: segment)
      guard gap <= room, UInt64(content.count) <= room - gap,
        protection(of: segment.memoryEnd..<(start + UInt64(content.count))) == nil
      else { continue }
      try appendToSegment(segment, name, content, alignment: alignment, flags: flags)
      note("section '\(name)', \(content.count) bytes behind a segment at va \(hex(start))")
      return true
    }
    return false
  }

  /// Extends a segment whose tail has the room, with a file shift if it must be.
  func appendToSegment(
    _ segment: Segment, _ name: String, _ content: [UInt8], alignment: UInt64, flags: String = "r"
  ) throws(EditFailure) {
    guard let start = alignUp(segment.memoryEnd, alignment) else {
      throw EditFailure(.value, "the alignment is too large")
    }
    let gap = start - segment.memoryEnd
    let offset = segment.fileEnd + gap
    let end = start + UInt64(content.count)
    try provideBytes(behind: segment, end - segment.memoryEnd)
    plan.grown.insert(segment.memoryEnd, end)
    try checkCoverage(segment.memoryEnd..<end)
    reports[reports.count - 1].writes.append(
      WriteRecord(
        virtualAddress: start, loadAddress: segment.loadAddress &+ (start - segment.address),
        offset: offset, old: [], new: content))
    working.write(content, at: Int(offset))
    var changed = segment
    changed.fileSize = end - segment.address
    changed.memorySize = changed.fileSize
    try writeSegment(changed)
    try refresh()
    guard !image.sections.isEmpty else { return }
    var edits = sectionEdits()
    insertByAddress(
      SectionEdit(
        section: loadedSection(name, start, offset, content.count, alignment, flags)),
      into: &edits)
    plan.added.insert(name)
    try rewriteSections(edits)
  }

  /// Writes one entry of the program header table in place.
  func writeSegment(_ segment: Segment) throws(EditFailure) {
    let offset = Int(image.segmentTableOffset) + segment.index * image.format.segmentEntrySize
    try writeHeader(segment.encoded(image.format), at: offset)
  }

  // MARK: The file shift

  /// Whether the file can be cut behind a segment: nothing reaches across, and no program header
  /// table moves that a program can see. Kernels before 5.18 find it by its file offset.
  private func canShift(behind segment: Segment) -> Bool {
    let cut = segment.fileEnd
    func isCut(_ range: Range<UInt64>) -> Bool { range.lowerBound < cut && cut < range.upperBound }
    let table = image.segmentTableRange
    if isCut(0..<UInt64(image.format.headerSize)) || isCut(table) || isCut(image.sectionTableRange)
      || (table.lowerBound >= cut && image.isLoaded(file: table))
    {
      return false
    }
    return !image.segments.contains { $0.type != PT.NULL && isCut($0.fileRange) }
      && !image.sections.dropFirst().contains { isCut($0.fileRange) }
  }

  /// Sees to it that `count` bytes of the file behind a segment are free.
  private func provideBytes(
    behind segment: Segment, _ count: UInt64
  ) throws(EditFailure) {
    let free = zeroBytes(behind: segment, limit: count)
    guard free < count else { return }
    // Sections that no segment loads have an alignment in the file only.
    let unloaded = image.sections.dropFirst().filter {
      !$0.isLoaded && $0.offset >= segment.fileEnd && $0.alignment <= 4096
    }
    let unit = max(
      image.largestAlignment, unloaded.map(\.alignment).max() ?? 1,
      UInt64(image.format.wordSize))
    guard canShift(behind: segment), let block = alignUp(count - free, unit),
      block <= UInt64(Int.max / 4),
      UInt64(working.count) + block <= image.format.addressLimit
    else {
      throw noRoom("the file cannot be moved by \(count) bytes behind a segment")
    }
    try shiftFile(behind: segment, by: block)
  }

  /// Moves everything behind a segment down the file.
  private func shiftFile(behind segment: Segment, by block: UInt64) throws(EditFailure) {
    let cut = segment.fileEnd
    // What has no bytes stays with the segment if its address does.
    func moves(_ offset: UInt64, isEmpty: Bool, _ address: UInt64?) -> Bool {
      guard offset == cut, isEmpty, let address else { return offset >= cut }
      return address < segment.address || address > segment.memoryEnd
    }
    // The headers change in their old places, and move with the rest.
    for var other in image.segments
    where other.type != PT.NULL && other.index != segment.index
      && moves(other.offset, isEmpty: other.fileSize == 0, other.address)
    {
      other.offset += block
      try writeSegment(other)
      if other.type == PT.LOAD, other.fileSize > 0 {
        plan.fileShifts[other.address, default: 0] += block
      }
    }
    var table: [UInt8] = []
    for var section in image.sections {
      if section.index > 0, section.type != SHT.NULL,
        moves(
          section.offset, isEmpty: section.fileRange.isEmpty,
          section.isLoaded ? section.address : nil)
      {
        section.offset += block
      }
      table += section.encoded(image.format)
    }
    if !table.isEmpty { try writeHeader(table, at: Int(image.sectionTableOffset)) }
    let is64 = image.format.is64
    let word = image.format.wordSize
    for (offset, field) in [
      (image.segmentTableOffset, is64 ? 32 : 28), (image.sectionTableOffset, is64 ? 40 : 32),
    ] where offset >= cut {
      try writeHeader(image.format.encode(offset + block, size: word), at: field)
    }
    if !image.overlay.isEmpty {
      warn(
        .selfRead,
        "the \(image.overlay.count) bytes behind the ELF file move by \(block): a program that reads "
          + "them at an offset of the file does not find them any more")
    }
    try checkCoverage(nil)
    try working.replace(
      Int(cut)..<Int(cut), with: [UInt8](repeating: 0, count: Int(block)))
    try refresh()
    note("the file moves by \(block) bytes from offset \(hex(cut)) on")
  }
}
