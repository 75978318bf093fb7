// The room behind a segment. Addresses are free up to the page of the next segment; what the file
// has there decides how they can be used. GNU ld pads the file to the next page, and those zeros
// can be taken. lld, mold and others pack it: the next segment's bytes follow at once, only its
// address is a page further, so the rest of the file must move.

internal import ELF

extension Image {
  /// Free addresses behind a segment. One with bss behind its data has none: extending it would turn
  /// bss into file bytes; the segments of a separate debug file are those of another file.
  func addressRoom(behind segment: Segment) -> UInt64 {
    guard segment.fileSize == segment.memorySize, segment.fileSize > 0, !isSeparateDebugFile
    else { return 0 }
    let limit = format.addressLimit
    var room = limit - min(limit, segment.memoryEnd)
    let step = mappingStep
    for other in loads
    where other.address >= segment.memoryEnd && other.index != segment.index {
      let start = other.address / step * step
      room = min(room, start - min(start, segment.memoryEnd))
    }
    for other in loads where other.index != segment.index {
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
    shiftUnit(behind: segment) == nil ? 0 : addressRoom(behind: segment)
  }

  /// Zeros of the file that follow a segment and belong to nothing.
  func zeroBytes(behind segment: Segment, limit: UInt64) -> UInt64 {
    var end = UInt64(end)
    for other in segments where other.type != PT.NULL && other.fileSize > 0 {
      if other.fileEnd > segment.fileEnd { end = min(end, max(other.offset, segment.fileEnd)) }
    }
    for section in sections.dropFirst() where section.hasFileBytes && section.size > 0 {
      if section.fileRange.upperBound > segment.fileEnd {
        end = min(end, max(section.offset, segment.fileEnd))
      }
    }
    for table in [segmentTableRange, sectionTableRange] where !table.isEmpty {
      if table.upperBound > segment.fileEnd {
        end = min(end, max(table.lowerBound, segment.fileEnd))
      }
    }
    let count = min(limit, end - min(end, segment.fileEnd))
    guard let view = bytes.slice(segment.fileEnd, count) else { return 0 }
    return UInt64((0..<view.count).first { view[$0] != 0 } ?? view.count)
  }

  /// By multiples of what the file behind a segment can move, or nil if it cannot: something reaches
  /// across, or a program header table would move that a program can see. Kernels before 5.18 find
  /// it by its file offset.
  func shiftUnit(behind segment: Segment) -> UInt64? {
    let cut = segment.fileEnd
    func isCut(_ range: Range<UInt64>) -> Bool { range.lowerBound < cut && cut < range.upperBound }
    let table = segmentTableRange
    if isCut(0..<UInt64(format.headerSize)) || isCut(table) || isCut(sectionTableRange)
      || (table.lowerBound >= cut && isLoaded(file: table))
      || segments.contains(where: { $0.type != PT.NULL && isCut($0.fileRange) })
      || sections.dropFirst().contains(where: { isCut($0.fileRange) })
    {
      return nil
    }
    // Behind the last thing of the file nothing needs an alignment, and zeros that nothing owns would
    // be an overlay.
    if cut == UInt64(end) { return 1 }
    // Sections that no segment loads have an alignment in the file only.
    let unloaded = sections.dropFirst().filter {
      !$0.isLoaded && $0.offset >= cut && $0.alignment <= 4096
    }
    let unit = max(
      shiftAlignment, unloaded.map(\.alignment).max() ?? 1, UInt64(format.wordSize))
    // Pages of a gigabyte are no reason to write one.
    return unit <= 64 << 20 ? unit : nil
  }

  /// What segments must keep of the agreement of their offsets and addresses. x86 has pages of 4 KiB, so
  /// a larger `p_align` can go down to that if no section asks for it.
  var shiftAlignment: UInt64 {
    let page: UInt64 = 4096
    guard largestAlignment > page, isHosted, [EM.X86_64, EM.I386].contains(machine),
      sections.contains(where: \.isLoaded),
      sections.allSatisfy({ !$0.isLoaded || $0.alignment <= page }),
      segments.allSatisfy({ $0.type == PT.LOAD || $0.type == PT.NULL || $0.alignment <= page }),
      loads.allSatisfy({ $0.alignment >= page && ($0.offset &- $0.address) % page == 0 })
    else { return largestAlignment }
    return page
  }

  /// To what the next segment's address is rounded down before another one may grow up to it. A
  /// loader maps whole pages, so no two segments may come to share one. A bare-metal image that is
  /// copied to its place, or shares pages already, is not mapped.
  var mappingStep: UInt64 {
    let page = largestAlignment
    if isProgram { return page }
    let parts = loads.filter { $0.memorySize > 0 }
    let isMapped =
      parts.allSatisfy { $0.loadAddress == $0.address }
      && zip(parts, parts.dropFirst()).allSatisfy { ($0.memoryEnd - 1) / page < $1.address / page }
    return isMapped ? page : 1
  }
}
