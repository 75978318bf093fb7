// Room for more program headers where the table is. GNU strip, objcopy and eu-strip put the table behind
// the ELF header whatever the file says, so it is best left there. What stands behind it are, from every
// linker, small things that only headers and tags name: the interpreter's path, notes, hash tables. They
// move to a new segment with all that names them, and the table grows over their place. No code and no
// data can know their addresses: symbols would tell, and the contents of others stay where they are.

internal import ELF

/// Loaded bytes that have gone to another place.
struct MovedRange {
  /// The virtual addresses that they had.
  var range: Range<UInt64>
  /// What is added to them, modulo the address space.
  var distance: UInt64
  /// What the run had changed before they went.
  var earlier = RangeSet()

  func moved(_ address: UInt64) -> UInt64 { address &+ distance }
  /// An empty section at the end is none of it.
  func holds(_ other: Range<UInt64>) -> Bool {
    !other.isEmpty && range.lowerBound <= other.lowerBound && other.upperBound <= range.upperBound
  }
}

/// What stands behind the program header table.
private struct Followers {
  var file: Range<UInt64>
  var sections: [Section]
  var alignment: UInt64
  /// Where the first byte is that stays.
  var limit: UInt64
}

extension EditSession {
  /// Makes spare entries behind the last one of the program header table.
  /// - Parameter count: how many; if something must move for them, one of them is its segment's.
  /// - Returns: false if what stands there cannot move.
  func makeHeaderRoom(_ count: Int) throws(EditFailure) -> Bool {
    let size = UInt64(image.format.segmentEntrySize)
    guard let home = image.tableHome, image.segments.count + count < 0xff00 else { return false }
    let wanted = image.segmentTableRange.upperBound + UInt64(count) * size
    guard wanted <= home.fileEnd else { return false }
    if image.isFree(file: image.segmentTableRange.upperBound..<wanted) {
      try writeSegmentTable(
        image.segments + [Segment](repeating: Segment(), count: count), zerosTo: wanted)
      note("\(count) program headers spare behind the last one")
      return true
    }
    guard let followers = image.followers(of: home, upTo: wanted) else { return false }
    return try move(followers, count)
  }

  /// Writes the table in its place, in which it may grow.
  private func writeSegmentTable(_ table: [Segment], zerosTo end: UInt64) throws(EditFailure) {
    let format = image.format
    let start = image.segmentTableOffset
    let size = UInt64(table.count * format.segmentEntrySize)
    var table = table
    for index in table.indices where table[index].type == PT.PHDR {
      table[index].fileSize = size
      table[index].memorySize = size
    }
    var content = table.flatMap { $0.encoded(format) }
    if start + UInt64(content.count) < end {
      content.append(contentsOf: repeatElement(0, count: Int(end - start) - content.count))
    }
    try writeHeader(content, at: Int(start))
    try writeHeader(format.encode(UInt64(table.count), size: 2), at: format.segmentCountField)
    try refresh()
  }

  private func move(_ followers: Followers, _ count: Int) throws(EditFailure) -> Bool {
    let page = max(image.largestAlignment, followers.alignment)
    let alignment = max(followers.alignment, 16)
    // Each keeps its place in a unit of the largest alignment.
    let lead = followers.file.lowerBound % alignment
    guard let bytes = image.bytes.slice(followers.file.lowerBound, followers.file.count64),
      let first = image.tableHome, let highest = image.newSegmentFloor,
      let offset = alignUp(UInt64(loadedEnd), alignment),
      let start = alignUp(highest, page).map({ $0 &+ offset % page }), start >= highest,
      start <= image.format.addressLimit - UInt64(bytes.count) - lead,
      image.loads.allSatisfy({ $0.loadAddress &- $0.address == first.loadAddress &- first.address })
    else { return false }
    let content = bytes.array(behind: Int(lead))
    let oldAddress = first.address + (followers.file.lowerBound - first.offset)
    let moved = MovedRange(
      range: oldAddress..<(oldAddress + followers.file.count64),
      distance: start &+ lead &- oldAddress, earlier: plan.loaded)
    let fileDistance = offset &+ lead &- followers.file.lowerBound
    plan.moved.append(moved)

    // Each keeps its number at first: the symbols that say it may move as well.
    let numbers = Set(followers.sections.map(\.index))
    var edits = sectionEdits()
    for index in edits.indices where numbers.contains(index + 1) {
      edits[index].section.address &+= moved.distance
      edits[index].section.offset &+= fileDistance
    }
    let placed = try rewriteSections(
      edits, block: LoadedBlock(bytes: content, alignment: alignment))
    guard placed == offset else {
      throw EditFailure(.verification, "what stands behind the program headers was not placed")
    }

    let load = newLoad(
      content.count, at: start, loadAddress: start &+ (first.loadAddress &- first.address),
      offset: offset, alignment: page)
    record(content, of: load)
    var table = image.segments
    for index in table.indices
    where table[index].type != PT.LOAD && moved.holds(table[index].extent) {
      table[index].address &+= moved.distance
      table[index].loadAddress &+= moved.distance
      table[index].offset &+= fileDistance
    }
    table.insert(load: load)
    table += repeatElement(Segment(), count: count - 1)
    // Bytes that nothing names any more would be somebody's for the next edit.
    try writeSegmentTable(table, zerosTo: followers.file.upperBound)

    for entry in image.dynamicEntries
    where image.isAddress(entry.tag) && moved.range.contains(entry.value) {
      try writeDynamic(entry.index, entry.tag, moved.moved(entry.value))
    }
    try refresh()
    try moveSymbols(numbers, moved)
    try sortSections(numbers)
    note(
      "program headers: room for \(count) more, "
        + followers.sections.map { "'\($0.name)'" }.joined(separator: ", ")
        + " moved to va \(hex(start))")
    return true
  }

  /// Symbols of the sections, which are the sections' own and those of the start-up code's notes.
  private func moveSymbols(
    _ sections: Set<Int>, _ moved: MovedRange
  ) throws(EditFailure) {
    let format = image.format
    for type in [SHT.SYMTAB, SHT.DYNSYM] {
      guard let table = image.symbolTable(type) else { continue }
      for index in 0..<table.count {
        let symbol = table[index]
        guard sections.contains(symbol.section), symbol.rawSection < SHN.LORESERVE else { continue }
        let start =
          Int(table.section.offset) + index * format.symbolEntrySize + (format.is64 ? 8 : 4)
        let value = format.encode(
          moved.moved(symbol.value) & format.addressLimit, size: format.wordSize)
        if table.section.isLoaded {
          try writeHeader(value, at: start)
        } else {
          try writeUnloaded(value, at: start, table.section.name)
        }
      }
    }
    try refresh()
  }

  /// Puts the headers of sections that have moved where the order of addresses wants them.
  private func sortSections(_ numbers: Set<Int>) throws(EditFailure) {
    var edits = sectionEdits()
    let moved = edits.filter { numbers.contains($0.section.index) }
    edits.removeAll { numbers.contains($0.section.index) }
    for edit in moved { insertByAddress(edit, into: &edits) }
    try rewriteSections(edits)
  }
}

extension Segment {
  /// The addresses of all that it names, be it in the file only.
  fileprivate var extent: Range<UInt64> {
    memoryRange.lowerBound..<max(memoryRange.upperBound, backedRange.upperBound)
  }
}

extension Range<UInt64> {
  fileprivate var count64: UInt64 { upperBound - lowerBound }
}

extension Image {
  /// More than this is not moved for a program header.
  private static var longestFollowers: UInt64 { 4 << 20 }

  /// The segment that loads the program header table, if an entry behind it would be loaded, too.
  fileprivate var tableHome: Segment? {
    let table = segmentTableRange
    guard !table.isEmpty, sections.count > 1 else { return nil }
    let homes = loads.filter { $0.fileRange.overlaps(table) }
    guard homes.count == 1, let home = homes.first, home.flags & PF.W == 0,
      home.offset <= table.lowerBound, table.upperBound <= home.fileEnd
    else { return nil }
    return home
  }

  /// Whether bytes of the file are zeros that no header names, or what patchelf leaves where something
  /// was that it has moved: 'X' and 'Z'.
  fileprivate func isFree(file range: Range<UInt64>) -> Bool {
    guard let view = bytes.slice(range.lowerBound, range.count64) else { return false }
    return !sectionTableRange.overlaps(range)
      && !sections.dropFirst().contains { $0.hasFileBytes && $0.fileRange.overlaps(range) }
      && !segments.contains {
        ![PT.LOAD, PT.NULL].contains($0.type) && $0.fileRange.overlaps(range)
      }
      && (0..<view.count).allSatisfy { [0, 0x58, 0x5a].contains(view[$0]) }
  }

  /// The sections that stand between the table and `end`, and those that they hang together with; nil if
  /// one of them must stay.
  fileprivate func followers(of home: Segment, upTo end: UInt64) -> Followers? {
    // The loader writes into none of them.
    guard dynamicValue(DT.TEXTREL) == nil, (dynamicValue(DT.FLAGS) ?? 0) & DF.TEXTREL == 0
    else { return nil }
    var range = segmentTableRange.upperBound..<end
    guard !sectionTableRange.overlaps(range) else { return nil }
    // All that lies across the end belongs to it.
    var grows = true
    while grows {
      grows = false
      for other in parts where other.overlaps(range) {
        guard other.lowerBound >= range.lowerBound else { return nil }
        if other.upperBound > range.upperBound {
          range = range.lowerBound..<other.upperBound
          grows = true
        }
      }
      guard range.count64 <= Self.longestFollowers, range.upperBound <= home.fileEnd else {
        return nil
      }
    }
    let found = sections.dropFirst().filter {
      $0.isLoaded && $0.hasFileBytes && $0.size > 0 && $0.fileRange.overlaps(range)
    }.sorted { $0.offset < $1.offset }
    guard let first = found.first, let last = found.map(\.fileRange.upperBound).max() else {
      return nil
    }
    // What only the file has between them would not come along.
    guard
      !sections.dropFirst().contains(where: {
        !$0.isLoaded && $0.hasFileBytes && $0.fileRange.overlaps(range)
      })
    else { return nil }
    let limit = parts.map(\.lowerBound).filter { $0 >= last }.min() ?? home.fileEnd
    guard limit >= end, found.allSatisfy({ isMovable($0, in: home) }) else { return nil }
    let file = first.offset..<last
    let addresses = home.address &+ (file.lowerBound - home.offset)
    guard !isNamed(addresses..<(addresses &+ file.count64), Set(found.map(\.index))) else {
      return nil
    }
    // Bytes around them that no header names.
    for gap in [range.lowerBound..<max(range.lowerBound, file.lowerBound), last..<max(last, end)] {
      guard gap.isEmpty || isFree(file: gap) else { return nil }
    }
    let alignments =
      found.map(\.alignment)
      + segments.filter { $0.type != PT.LOAD && $0.type != PT.NULL && $0.fileRange.overlaps(file) }
      .map(\.alignment)
    let alignment = max(alignments.max() ?? 1, 8)
    guard alignment <= 4096, alignment & (alignment - 1) == 0 else { return nil }
    return Followers(file: file, sections: found, alignment: alignment, limit: limit)
  }

  /// What stands somewhere in the file as a whole: sections, and what program headers name.
  private var parts: [Range<UInt64>] {
    let others = segments.filter { ![PT.LOAD, PT.NULL, PT.PHDR].contains($0.type) }.map(\.fileRange)
    return (sections.dropFirst().filter(\.hasFileBytes).map(\.fileRange) + others).filter {
      !$0.isEmpty
    }
  }

  /// Whether only headers and tags name a section.
  private func isMovable(_ section: Section, in home: Segment) -> Bool {
    guard section.flags & (SHF.WRITE | SHF.EXECINSTR | SHF.TLS) == 0,
      section.address == home.address &+ (section.offset &- home.offset)
    else { return false }
    switch section.type {
    case SHT.NOTE: return hasPlainNotes(section)
    case SHT.GNU_HASH, SHT.HASH, SHT.DYNSYM, SHT.GNU_VERSYM, SHT.GNU_VERDEF, SHT.GNU_VERNEED,
      SHT.STRTAB:
      return dynamicEntries.contains { isAddress($0.tag) && $0.value == section.address }
    case SHT.MIPS_REGINFO, SHT.MIPS_ABIFLAGS: return machine == EM.MIPS
    // What edits have left behind.
    case SHT.PROGBITS where [".interp.old", ".dynstr.old"].contains(section.name): return true
    default: return interpreter.map { $0.segment.fileRange == section.fileRange } ?? false
    }
  }

  /// Whether a symbol names one of the addresses, which is a reason for code to use it; but for what the
  /// start-up files call their note.
  private func isNamed(_ range: Range<UInt64>, _ sections: Set<Int>) -> Bool {
    for type in [SHT.SYMTAB, SHT.DYNSYM] {
      guard let table = symbolTable(type) else { continue }
      for index in 0..<table.count where range.contains(table.record(index).value) {
        let symbol = table[index]
        guard symbol.isDefined, !symbol.isAbsolute,
          symbol.type != STT.SECTION, symbol.type != STT.FILE, symbol.type != STT.TLS
        else { continue }
        guard sections.contains(symbol.section), symbol.binding == STB.LOCAL,
          symbol.name.string == "__abi_tag"
        else { return true }
      }
    }
    return false
  }

  /// Notes of compilers, linkers and start-up files. Those of others may be variables of the program,
  /// as the metadata of a Qt plugin is.
  private func hasPlainNotes(_ section: Section) -> Bool {
    guard let view = contents(of: section) else { return false }
    var reader = NoteReader(view, format.order, alignment: section.alignment == 8 ? 8 : 4)
    while let note = reader.next() {
      let owners: [StaticString] = ["GNU", "FDO", "Android", "FreeBSD", "NetBSD", "OpenBSD"]
      guard owners.contains(where: { note.owner.equals($0) }) else { return false }
    }
    return !reader.isMalformed
  }

  /// Whether the value of a dynamic tag is the address of a table that may move.
  func isAddress(_ tag: Int64) -> Bool {
    [DT.HASH, DT.GNU_HASH, DT.SYMTAB, DT.STRTAB, DT.VERSYM, DT.VERDEF, DT.VERNEED].contains(tag)
  }
}
