// insert, mode 3: bytes behind a segment. Where the file is padded they take the padding; where it is
// packed, everything behind the segment moves down the file by a multiple of the largest p_align
// (the file shift). Offsets and addresses stay congruent, and no virtual address changes. What
// stores offsets of the file is in its headers, so only those change.

internal import ELF

extension EditSession {
  // MARK: Mode 3

  /// Puts a section behind a segment, first as the file is, then with a file shift.
  func insertBehindSegment(
    _ name: String, _ content: [UInt8], _ alignment: UInt64, _ flags: String
  ) throws(EditFailure) -> Bool {
    for shifts in [false, true] {
      for rights in SegmentRights.allCases {
        if try insertBehindSegment(name, content, alignment, flags, rights, shifts: shifts) {
          return true
        }
      }
    }
    return false
  }

  /// Puts a section behind the first segment that has the room.
  /// - Parameter shifts: the rest of the file may move.
  func insertBehindSegment(
    _ name: String, _ content: [UInt8], _ alignment: UInt64, _ flags: String,
    _ rights: SegmentRights, shifts: Bool
  ) throws(EditFailure) -> Bool {
    for segment in image.loads where permits(segment, flags, rights) {
      guard let start = alignUp(segment.memoryEnd, alignment) else { continue }
      let gap = start - segment.memoryEnd
      let room = shifts ? image.shiftRoom(of: segment) : image.tailRoom(of: segment)
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
    _ segment: Segment, _ name: String, _ content: [UInt8], alignment: UInt64,
    at address: UInt64? = nil, flags: String = "r"
  ) throws(EditFailure) {
    guard let start = address ?? alignUp(segment.memoryEnd, alignment) else {
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
    guard image.hasSections else { return }
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

  /// Sees to it that `count` bytes of the file behind a segment are free.
  private func provideBytes(
    behind segment: Segment, _ count: UInt64
  ) throws(EditFailure) {
    let free = image.zeroBytes(behind: segment, limit: count)
    guard free < count else { return }
    guard let unit = image.shiftUnit(behind: segment), let block = alignUp(count - free, unit),
      block <= UInt64(WorkingFile.growth),
      UInt64(working.count) + block <= image.format.addressLimit
    else {
      throw noRoom("the file cannot be moved by \(count) bytes behind a segment")
    }
    try shiftFile(behind: segment, by: block)
  }

  /// Moves everything behind a segment down the file.
  private func shiftFile(behind segment: Segment, by block: UInt64) throws(EditFailure) {
    let cut = segment.fileEnd
    // What has no bytes stays with the segment if its address does; its offset may be anything.
    let fileEnd = UInt64(working.count)
    func moves(_ offset: UInt64, isEmpty: Bool, _ address: UInt64?) -> Bool {
      guard offset <= fileEnd else { return false }
      guard offset == cut, isEmpty, let address else { return offset >= cut }
      return address < segment.address || address > segment.memoryEnd
    }
    // The headers change in their old places, and move with the rest.
    let shiftAlignment = image.shiftAlignment
    for var other in image.segments
    where other.type != PT.NULL && other.index != segment.index
      && moves(other.offset, isEmpty: other.fileSize == 0, other.address)
    {
      other.offset += block
      if other.type == PT.LOAD, other.alignment > shiftAlignment,
        (other.offset &- other.address) % other.alignment != 0
      {
        other.alignment = shiftAlignment
        plan.loweredAlignments.insert(other.address)
      }
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
    let format = image.format
    let word = format.wordSize
    for (offset, field) in [
      (image.segmentTableOffset, format.segmentTableField),
      (image.sectionTableOffset, format.sectionTableField),
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
    try working.replace(Int(cut)..<Int(cut), zeros: Int(block))
    try refresh()
    if Int(cut) + Int(block) < working.count {
      note("the file moves by \(block) bytes from offset \(hex(cut)) on")
    }
  }
}
