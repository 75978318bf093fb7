// Addresses: which file bytes a virtual or a load address names, what the loaded image holds, and
// what lies between its parts. PT_LOAD entries decide, never sections: a flash programmer and a
// kernel look at nothing else.

internal import ELF

/// The three ways to number bytes.
enum AddressSpace: String, Sendable { case virtual = "va", load = "lma", file = "off" }

extension Image {
  /// The loaded segment whose file bytes hold all of `length` bytes at the virtual address.
  func segment(backing address: UInt64, _ length: UInt64) -> Segment? {
    loads.first {
      address >= $0.address && address - $0.address <= $0.fileSize
        && length <= $0.fileSize - (address - $0.address) && $0.fileSize > 0
    }
  }

  /// The file offset of `length` bytes at a virtual address, if they are in the file.
  func offset(ofVirtual address: UInt64, _ length: UInt64) -> Int? {
    segment(backing: address, length).flatMap { Int(exactly: $0.offset + (address - $0.address)) }
  }

  /// The bytes at a virtual address, if they are in the file.
  func bytes(atVirtual address: UInt64, _ length: UInt64) -> ByteView? {
    offset(ofVirtual: address, length).flatMap { self.bytes.slice(UInt64($0), length) }
  }

  /// The virtual address of a load address: the first segment in load order that stores it.
  func virtualAddress(ofLoad address: UInt64) -> UInt64? {
    for segment in loads where segment.loadRange.contains(address) {
      return segment.address + (address - segment.loadAddress)
    }
    // The first byte behind a segment, for ranges.
    for segment in loads where segment.fileSize > 0 && segment.loadRange.upperBound == address {
      return segment.address &+ segment.fileSize
    }
    return nil
  }

  /// The load address of a virtual address inside a segment's memory.
  func loadAddress(ofVirtual address: UInt64) -> UInt64? {
    for segment in loads where segment.memoryRange.contains(address) {
      return segment.loadAddress &+ (address - segment.address)
    }
    for segment in loads where segment.memoryEnd == address {
      return segment.loadAddress &+ segment.memorySize
    }
    return nil
  }

  /// Virtual addresses of a range of file offsets, as far as a segment loads them.
  func virtualRanges(ofFile range: Range<UInt64>) -> [Range<UInt64>] {
    loads.compactMap { segment in
      guard segment.fileRange.overlaps(range) else { return nil }
      let part = segment.fileRange.clamped(to: range)
      let start = segment.address &+ (part.lowerBound - segment.offset)
      return start..<(start &+ (part.upperBound - part.lowerBound))
    }
  }

  /// Whether any PT_LOAD loads bytes of this range of file offsets.
  func isLoaded(file range: Range<UInt64>) -> Bool {
    loads.contains { $0.fileRange.overlaps(range) }
  }

  /// One contiguous piece of the load image.
  struct LoadPiece {
    var loadAddress: UInt64
    var address: UInt64
    var bytes: ByteView
    var end: UInt64 { loadAddress &+ UInt64(bytes.count) }
  }

  /// The load image by load address. Identical overlapping bytes are kept once.
  func loadImage() throws(EditFailure) -> [LoadPiece] {
    var pieces: [LoadPiece] = []
    for segment in loads where segment.fileSize > 0 {
      guard let content = bytes.slice(segment.offset, segment.fileSize) else { continue }
      pieces.append(
        LoadPiece(
          loadAddress: segment.loadAddress, address: segment.address, bytes: content))
    }
    pieces.sort { ($0.loadAddress, $0.address) < ($1.loadAddress, $1.address) }
    var result: [LoadPiece] = []
    for piece in pieces {
      // What lies behind `piece` in the result without a gap may be compared with it.
      var rest = piece
      let first = result.lastIndex { $0.end <= piece.loadAddress }.map { $0 + 1 } ?? 0
      for old in result[first...] where old.loadAddress <= rest.loadAddress && !rest.bytes.isEmpty {
        let skip = Int(rest.loadAddress - old.loadAddress)
        let common = min(old.bytes.count - skip, rest.bytes.count)
        guard let before = old.bytes.slice(skip, common), let now = rest.bytes.slice(0, common),
          same(before, now)
        else {
          throw EditFailure(
            .value,
            "two segments load different bytes at lma \(hex(rest.loadAddress))",
            hint: "select one with range=")
        }
        rest = LoadPiece(
          loadAddress: rest.loadAddress &+ UInt64(common), address: rest.address &+ UInt64(common),
          bytes: rest.bytes.suffix(from: common) ?? ByteView())
      }
      if !rest.bytes.isEmpty { result.append(rest) }
    }
    return result
  }

  /// From the lowest to the highest load address that has file bytes.
  var rom: Range<UInt64>? {
    let parts = loads.filter { $0.fileSize > 0 }
    guard let low = parts.map(\.loadRange.lowerBound).min(),
      let high = parts.map(\.loadRange.upperBound).max()
    else { return nil }
    return low..<high
  }

  /// The sections whose memory an address range meets.
  func loadedSections(in range: Range<UInt64>) -> [Section] {
    sections.filter {
      $0.isLoaded && !$0.takesNoMemory && $0.memoryRange.overlaps(range) && $0.type != SHT.NULL
    }
  }

  /// Virtual addresses with file bytes that no section and no header uses.
  func holes() -> RangeSet {
    // Without sections nobody knows what is a hole.
    guard knowsHoles else { return RangeSet() }
    var used = RangeSet()
    for section in sections where section.isLoaded && !section.takesNoMemory {
      used.insert(section.memoryRange)
    }
    // What has a program header of its own is used, whatever the sections say.
    for segment in segments
    where segment.type != PT.LOAD && segment.type != PT.NULL && segment.type != PT.GNU_RELRO
      && segment.type != PT.GNU_STACK && segment.type != PT.TLS && segment.fileSize > 0
    {
      for part in virtualRanges(ofFile: segment.fileRange) { used.insert(part) }
    }
    var files: [Range<UInt64>] = [
      0..<UInt64(format.headerSize), segmentTableRange, sectionTableRange,
    ]
    files += sections.dropFirst().filter { !$0.isLoaded && $0.hasFileBytes }.map(\.fileRange)
    for range in files where !range.isEmpty {
      for part in virtualRanges(ofFile: range) { used.insert(part) }
    }
    var result = RangeSet()
    for segment in loads {
      for gap in used.gaps(in: segment.backedRange) { result.insert(gap) }
    }
    return result
  }

  /// Whether the file has section headers for what it loads.
  var knowsHoles: Bool { sections.contains { $0.isLoaded && !$0.takesNoMemory } }

  /// Whether code may be changed by a write to these addresses.
  func firstCode(in range: Range<UInt64>) -> String? {
    for section in loadedSections(in: range) where section.isCode { return section.name }
    guard !sections.contains(where: { $0.isLoaded && $0.type == SHT.PROGBITS }) else { return nil }
    return loads.contains { $0.flags & PF.X != 0 && $0.memoryRange.overlaps(range) }
      ? "an executable segment" : nil
  }
}
