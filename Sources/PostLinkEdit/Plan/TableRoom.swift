// Where a table goes that has outgrown its place: `.dynstr`, `.interp`, `.dynamic`. What the linker left
// free is taken in the order of least change: zeros behind a segment, a spare program header, room behind a
// segment that a file shift gives bytes to, the program header of what another one says as well, and at
// last a longer program header table in another place (SegmentTable.swift). The old bytes stay.

internal import ELF

extension EditSession {
  /// Puts `content` into loaded memory under a name of its own, with up to `spare` zeros behind it.
  /// - Parameter flags: "r" or "rw".
  /// - Returns: the section, whose name the caller replaces.
  func placeTable(
    _ name: String, _ content: [UInt8], spare: Int, alignment: UInt64, flags: String = "r"
  ) throws(EditFailure) -> Section {
    try requireNewName(name)
    try requireSections()
    let roomy = content + [UInt8](repeating: 0, count: spare)
    var isPlaced = try placeInTail(name, roomy, alignment, flags, shifts: false)
    if !isPlaced { isPlaced = try placeInTail(name, content, alignment, flags, shifts: false) }
    if !isPlaced, !image.hasSpareHeader {
      isPlaced = try placeInTail(name, roomy, alignment, flags, shifts: true)
    }
    if !isPlaced {
      try addSegment(name, roomy, alignment: alignment, flags: flags, lma: nil, address: nil)
    }
    guard let placed = image.sections.first(where: { $0.name == name }) else {
      throw EditFailure(.verification, "the new '\(name)' was not placed")
    }
    return placed
  }

  /// Puts a table behind a segment with the rights for it, one without code if there is one.
  private func placeInTail(
    _ name: String, _ content: [UInt8], _ alignment: UInt64, _ flags: String, shifts: Bool
  ) throws(EditFailure) -> Bool {
    let wanted = flags == "rw" ? PF.W : 0
    let homes = image.loads.filter { $0.flags & PF.R != 0 && $0.flags & PF.W == wanted }
    for segment in homes.filter({ $0.flags & PF.X == 0 }) + homes.filter({ $0.flags & PF.X != 0 }) {
      guard let start = alignUp(segment.memoryEnd, alignment),
        !start.addingReportingOverflow(UInt64(content.count)).overflow
      else { continue }
      let end = start + UInt64(content.count)
      let room = shifts ? image.shiftRoom(of: segment) : image.tailRoom(of: segment)
      // Huge pages are no reason to write one of zeros.
      if shifts, image.shiftUnit(behind: segment) ?? .max > 64 << 10 { continue }
      guard end - segment.memoryEnd <= room, protection(of: segment.memoryEnd..<end) == nil else {
        continue
      }
      try appendToSegment(segment, name, content, alignment: alignment, flags: flags)
      return true
    }
    return false
  }

  // MARK: Program headers

  /// Sees to it that the program header table has a spare entry.
  func provideSpareHeader(for name: String) throws(EditFailure) {
    guard !image.hasSpareHeader, image.isLoaded(file: image.segmentTableRange) else { return }
    guard let needless = image.needlessHeader else { return try moveSegmentTable(for: name) }
    let what =
      needless.type == PT.LOAD
      ? "an empty PT_LOAD" : "the PT_NOTE of what PT_GNU_PROPERTY names"
    var empty = Segment()
    empty.index = needless.index
    if needless.type != PT.LOAD { plan.freedHeaders.append(needless) }
    try writeSegment(empty)
    try refresh()
    note("program header \(needless.index), \(what), is free for a new segment")
  }
}

extension Image {
  var hasSpareHeader: Bool { segments.contains { $0.type == PT.NULL } }

  /// A program header that says nothing, or the same as another one. Loaders that know
  /// PT_GNU_PROPERTY look at no PT_NOTE for properties.
  var needlessHeader: Segment? {
    if let empty = segments.first(where: {
      $0.type == PT.LOAD && $0.memorySize == 0 && $0.fileSize == 0
    }), loads.count > 1 {
      return empty
    }
    guard let property = segments.first(where: { $0.type == PT.GNU_PROPERTY }) else { return nil }
    return segments.first {
      $0.type == PT.NOTE && $0.offset == property.offset && $0.address == property.address
        && $0.fileSize == property.fileSize && $0.memorySize == property.memorySize
        && $0.fileSize > 0
    }
  }
}
