// The separate debug file of `debug split`: the program without the bytes that it loads.
//
// Every section header keeps its number; what is loaded becomes NOBITS, except notes, which carry the
// build-id. The program headers stay too, because debuggers compare addresses with them. A segment
// that loads the headers begins at offset 0 and holds the notes at the distance that they have in
// memory; every other one is empty, at the lowest offset that agrees with its address.

internal import ELF

extension EditSession {
  /// The bytes of the debug file.
  func debugFile(_ compression: Compression?) throws(EditFailure) -> [FilePiece] {
    let format = image.format
    let headerEnd = format.headerSize + image.segments.count * format.segmentEntrySize
    var header = image.bytes.slice(0, format.headerSize)?.array ?? []
    // What stands behind the headers, which are written when it is known how far the first segment reaches.
    var pieces: [FilePiece] = []
    var end = headerEnd
    func append(_ piece: FilePiece) {
      guard piece.count > 0 else { return }
      pieces.append(piece)
      end += piece.count
    }
    let first = image.loads.first { $0.offset == 0 && $0.fileSize >= UInt64(headerEnd) }
    var firstEnd = UInt64(headerEnd)
    var sections = image.sections
    for index in sections.indices.dropFirst() {
      let section = sections[index]
      let keeps = section.hasFileBytes && (!section.isLoaded || section.type == SHT.NOTE)
      guard keeps, let view = image.contents(of: section) else {
        if section.isLoaded { sections[index].type = SHT.NOBITS }
        sections[index].offset = UInt64(end)
        continue
      }
      var content = working.piece(view, at: Int(section.offset))
      if let compression, EditSession.isDebug(section), section.flags & SHF.COMPRESSED == 0 {
        if let packed = try compress(view.array, section, compression) {
          content = .bytes(packed)
          sections[index].flags |= SHF.COMPRESSED
          sections[index].alignment = UInt64(format.wordSize)
        }
      }
      let alignment = UInt64(min(max(sections[index].alignment, 1), 4096))
      var start = alignUp(UInt64(end), alignment) ?? UInt64(end)
      if section.isLoaded, let first, first.backedRange.contains(section.address) {
        // Where memory has it, if that is near.
        let place = section.address - first.address
        if place >= start, place - start <= 4096 {
          start = place
          firstEnd = max(firstEnd, place + section.size)
        }
      }
      append(.bytes([UInt8](repeating: 0, count: Int(start) - end)))
      sections[index].offset = start
      sections[index].size = UInt64(content.count)
      append(content)
    }
    append(.bytes([UInt8](repeating: 0, count: (0 &- end) & (format.wordSize - 1))))
    let table = end
    append(.bytes(sections.flatMap { $0.encoded(format) }))
    let segments = image.segments.flatMap { segment in
      debugSegment(segment, first, firstEnd, sections).encoded(format)
    }
    header += segments
    let word = format.wordSize
    header.replaceSubrange(
      format.segmentTableField..<(format.segmentTableField + word),
      with: format.encode(segments.isEmpty ? 0 : UInt64(format.headerSize), size: word))
    header.replaceSubrange(
      format.sectionTableField..<(format.sectionTableField + word),
      with: format.encode(UInt64(table), size: word))
    return [.bytes(header)] + pieces
  }

  /// A program header as the debug file has it.
  private func debugSegment(
    _ segment: Segment, _ first: Segment?, _ firstEnd: UInt64, _ sections: [Section]
  ) -> Segment {
    var copy = segment
    guard segment.type != PT.NULL else { return copy }
    if segment.type == PT.PHDR {
      copy.offset = UInt64(image.format.headerSize)
      return copy
    }
    let home = image.loads.first { $0.memoryRange.contains(segment.address) }
    if let first, home?.index == first.index {
      copy.offset = segment.address - first.address
      let (end, overflow) = copy.offset.addingReportingOverflow(segment.fileSize)
      let isWhole = !overflow && end <= firstEnd
      if segment.type == PT.LOAD {
        copy.fileSize = firstEnd
      } else if !isWhole || !holdsNotesOnly(segment, sections) {
        copy.fileSize = 0
      }
      return copy
    }
    copy.fileSize = 0
    let alignment = max(segment.alignment, home?.alignment ?? 1, 1)
    copy.offset = segment.address % alignment
    // Notes of other segments have gone somewhere else, where readers can find them.
    if segment.type == PT.NOTE,
      let note = sections.first(where: {
        $0.type == SHT.NOTE && $0.isLoaded && $0.address == segment.address
          && $0.size == segment.fileSize && $0.size > 0
      }), note.offset % max(segment.alignment, 1) == segment.address % max(segment.alignment, 1)
    {
      copy.offset = note.offset
      copy.fileSize = note.size
    }
    return copy
  }

  private func holdsNotesOnly(_ segment: Segment, _ sections: [Section]) -> Bool {
    sections.dropFirst().allSatisfy {
      !$0.isLoaded || !$0.memoryRange.overlaps(segment.backedRange) || $0.type == SHT.NOTE
    }
  }
}
