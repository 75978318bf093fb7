// Where a table goes that has outgrown its place: `.dynstr`, `.interp`, `.dynamic`. What the linker left
// free is taken in the order of least change: zeros behind a segment, a spare program header, room behind a
// segment that a file shift gives bytes to, the program header of what another one says as well, the place
// of what stands behind the program headers (HeaderRoom.swift), and at last a longer program header table
// in another place (SegmentTable.swift). The old bytes stay.

internal import ELF

extension EditSession {
  /// Puts `content` into loaded memory under a name of its own, with up to `spare` zeros behind it.
  /// - Parameters:
  ///   - flags: "r" or "rw".
  ///   - mayBeWritable: a segment that can be written is taken rather than that headers move.
  /// - Returns: the section, whose name the caller replaces.
  func placeTable(
    _ name: String, _ content: consuming [UInt8], spare: Int, alignment: UInt64,
    flags: String = "r", mayBeWritable: Bool = false
  ) throws(EditFailure) -> Section {
    try requireNewName(name)
    let tight = content.count
    content.append(contentsOf: repeatElement(0, count: spare))
    func tail(_ count: Int, shifts: Bool, writable: Bool = false) -> Segment? {
      tailHome(count, alignment, flags, shifts: shifts, writable: writable)
    }
    var home = tail(content.count, shifts: false)
    if home == nil {
      home = tail(tight, shifts: false)
      if home != nil { content.removeLast(spare) }
    }
    if home == nil, !image.hasSpareHeader { home = tail(content.count, shifts: true) }
    if home == nil, mayBeWritable, flags == "r", !image.hasSpareHeader {
      home = tail(content.count, shifts: true, writable: true)
    }
    // What moves for a program header has a segment, which takes read-only tables, too.
    if home == nil, flags == "r", image.needsHeaderRoom, try makeHeaderRoom(1) {
      home = tail(content.count, shifts: true)
    }
    guard let home, let start = alignUp(home.memoryEnd, alignment) else {
      let address = try addSegment(
        name, content, alignment: alignment, flags: flags, lma: nil, address: nil)
      return try placedSection(name, address, content.count, alignment, flags)
    }
    try appendToSegment(home, name, content, alignment: alignment, flags: flags)
    return try placedSection(name, start, content.count, alignment, flags)
  }

  /// The header of what has been placed, made up if the file has none.
  private func placedSection(
    _ name: String, _ address: UInt64, _ size: Int, _ alignment: UInt64, _ flags: String
  ) throws(EditFailure) -> Section {
    guard image.hasSections else {
      guard let offset = image.offset(ofVirtual: address, UInt64(size)) else {
        throw EditFailure(.verification, "the new '\(name)' was not placed")
      }
      return loadedSection(name, address, UInt64(offset), size, alignment, flags)
    }
    guard let placed = image.sections.first(where: { $0.name == name }) else {
      throw EditFailure(.verification, "the new '\(name)' was not placed")
    }
    return placed
  }

  /// The segment behind which a table of `count` bytes finds room, with the rights for it; one without
  /// code if there is one.
  private func tailHome(
    _ count: Int, _ alignment: UInt64, _ flags: String, shifts: Bool, writable: Bool
  ) -> Segment? {
    let wanted = flags == "rw" || writable ? PF.W : 0
    let homes = image.loads.filter { $0.flags & PF.R != 0 && $0.flags & PF.W == wanted }
    for segment in homes.filter({ $0.flags & PF.X == 0 }) + homes.filter({ $0.flags & PF.X != 0 }) {
      guard let start = alignUp(segment.memoryEnd, alignment),
        !start.addingReportingOverflow(UInt64(count)).overflow
      else { continue }
      let end = start + UInt64(count)
      let room = shifts ? image.shiftRoom(of: segment) : image.tailRoom(of: segment)
      // Huge pages are no reason to write one of zeros.
      if shifts, image.shiftUnit(behind: segment) ?? .max > 64 << 10 { continue }
      if end - segment.memoryEnd <= room, protection(of: segment.memoryEnd..<end) == nil {
        return segment
      }
    }
    return nil
  }

  // MARK: Program headers

  /// Sees to it that the program header table has a spare entry.
  func provideSpareHeader(for name: String) throws(EditFailure) {
    guard !image.hasSpareHeader, image.isLoaded(file: image.segmentTableRange) else { return }
    guard let needless = image.needlessHeader else {
      // One is for what moves.
      if try makeHeaderRoom(2) { return }
      return try moveSegmentTable(for: name)
    }
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
  /// Whether there are section headers, so that what comes into being gets one.
  var hasSections: Bool { sections.count > 1 }

  var hasSpareHeader: Bool { segments.contains { $0.type == PT.NULL } }

  /// Above which address a new segment may begin. eu-elflint takes the size of a relocation's symbol for
  /// the number of bytes that the relocation changes, so the longest symbol keeps it away from data.
  var newSegmentFloor: UInt64? {
    guard let end = loads.map(\.memoryEnd).max() else { return nil }
    var longest: UInt64 = 0
    if let table = symbolTable(SHT.DYNSYM) {
      for index in 0..<table.count { longest = max(longest, table.record(index).size) }
    }
    let floor = end.addingReportingOverflow(min(longest, 1 << 20))
    return floor.overflow || floor.partialValue > format.addressLimit ? end : floor.partialValue
  }

  /// Whether a new segment needs an entry that the program header table does not have.
  var needsHeaderRoom: Bool {
    !hasSpareHeader && needlessHeader == nil && isLoaded(file: segmentTableRange)
  }

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
