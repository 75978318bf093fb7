// Changing the section header table: the one place where parts of a file move.
//
// A linked file is a loaded part, which does not move here, and behind it a tail that no program sees:
// debug sections, symbol and string tables, the section header table. An edit that adds, removes
// or resizes a section writes the tail anew from the first change on. Sections keep their order,
// everything before the change keeps its offset, bytes that no header names stay with their
// neighbour, and what follows the ELF file (an overlay) stays behind it. Section numbers are
// corrected wherever a file stores them: sh_link, sh_info, symbols, e_shstrndx.
//
// A program header table that no segment loads and that lies in the tail (some bare-metal files)
// goes to the very end: before the section header table eu-strip would destroy it.

internal import ELF

/// A section as it shall be.
struct SectionEdit {
  var section: Section
  /// New contents; nil leaves the bytes.
  var content: [UInt8]?
  /// Its number before, nil if it is new.
  var oldIndex: Int? { section.index > 0 ? section.index : nil }
}

/// Loaded bytes that are placed first in the tail: a new segment.
struct LoadedBlock {
  var bytes: [UInt8]
  var alignment: UInt64
  /// The lowest offset that it may have.
  var lowest: UInt64 = 0
}

extension EditSession {
  /// All sections but the null section, unchanged.
  func sectionEdits() -> [SectionEdit] {
    image.sections.dropFirst().map { SectionEdit(section: $0) }
  }

  /// The end of everything that must stay where it is. Without section headers that is all.
  var loadedEnd: Int {
    guard image.hasSections else { return image.end }
    var end = UInt64(image.format.headerSize)
    for segment in image.segments where segment.type != PT.NULL && !image.isSeparateDebugFile {
      end = max(end, segment.fileRange.upperBound)
    }
    for section in image.sections.dropFirst() where section.isLoaded && section.hasFileBytes {
      end = max(end, section.fileRange.upperBound)
    }
    let table = image.segmentTableRange
    if !table.isEmpty, image.isLoaded(file: table) || table.lowerBound < end {
      end = max(end, table.upperBound)
    }
    // An unloaded section that begins in front of the end stays where it is, too.
    let others = image.sections.dropFirst().filter { !$0.isLoaded && $0.hasFileBytes }
    for section in others.sorted(by: { $0.offset < $1.offset }) where section.offset < end {
      end = max(end, section.fileRange.upperBound)
    }
    return Int(end)
  }

  /// Fails if the file has no section headers to change.
  func requireSections() throws(EditFailure) {
    guard image.sectionNameIndex > 0, image.sections.indices.contains(image.sectionNameIndex) else {
      throw EditFailure(
        .unsupported, "the file has no section headers, so none can be added or changed")
    }
  }

  /// Writes the section header table and the tail anew.
  /// - Returns: the file offset of `block`, if there is one.
  @discardableResult
  func rewriteSections(
    _ edits: [SectionEdit], block: LoadedBlock? = nil
  ) throws(EditFailure) -> UInt64? {
    try requireSections()
    guard edits.count < 0xff00 || image.sections.count >= 0xff00 else {
      throw EditFailure(.unsupported, "the file would need extended section numbering")
    }
    var edits = edits
    var map: [Int: Int] = [0: 0]
    for (position, edit) in edits.enumerated() {
      if let old = edit.oldIndex { map[old] = position + 1 }
    }
    guard let nameIndex = map[image.sectionNameIndex] else {
      throw EditFailure(.linked, "the table of section names cannot be removed")
    }
    nameSections(&edits, nameIndex)
    try renumber(&edits, map)
    let offset = try layTail(&edits, block)
    try writeTable(edits, nameIndex)
    return offset
  }

  /// Puts new loaded bytes behind all that must stay where it is.
  /// - Parameter edits: the sections, as `rewriteSections` takes them, if the file has any.
  /// - Returns: their offset.
  func place(_ block: LoadedBlock, _ edits: [SectionEdit]) throws(EditFailure) -> UInt64 {
    guard !image.hasSections else {
      guard let offset = try rewriteSections(edits, block: block) else {
        throw EditFailure(.verification, "the new segment was not placed")
      }
      return offset
    }
    let end = UInt64(loadedEnd)
    guard let offset = alignUp(max(end, block.lowest), block.alignment),
      offset - end <= WorkingFile.longestPadding
    else { throw EditFailure(.value, "the alignment is too large") }
    try checkCoverage(nil)
    try working.replace(loadedEnd..<loadedEnd, zeros: Int(offset - end), with: block.bytes)
    return offset
  }

  /// Makes sure that every name is in the table of section names; that table only grows.
  private func nameSections(_ edits: inout [SectionEdit], _ nameIndex: Int) {
    let table = image.sections[image.sectionNameIndex]
    var strings = edits[nameIndex - 1].content ?? image.contents(of: table)?.array ?? [0]
    let oldCount = strings.count
    if strings.last != 0 { strings.append(0) }
    for index in edits.indices {
      if let old = edits[index].oldIndex, image.sections[old].name == edits[index].section.name {
        continue
      }
      let offset =
        strings.withView { findString(edits[index].section.name, in: $0) } ?? strings.count
      if offset == strings.count {
        strings.append(contentsOf: edits[index].section.name.utf8)
        strings.append(0)
      }
      edits[index].section.nameOffset = UInt32(clamping: offset)
    }
    if strings.count != oldCount {
      edits[nameIndex - 1].content = strings
      plan.headers.insert(table.name)
      plan.contents.insert(table.name)
    }
  }

  /// Where `text` ends a string of a string table.
  func findString(_ text: String, in strings: ByteView) -> Int? {
    strings.firstOffset(of: Array(text.utf8) + [0])
  }

  // MARK: Numbers

  private func renumber(_ edits: inout [SectionEdit], _ map: [Int: Int]) throws(EditFailure) {
    let isIdentity = map.allSatisfy { $0.key == $0.value } && map.count == image.sections.count
    guard !isIdentity else { return }
    for index in edits.indices where edits[index].oldIndex != nil {
      let section = edits[index].section
      if let link = map[Int(section.link)] {
        edits[index].section.link = UInt32(link)
      } else {
        throw EditFailure(
          .linked, "'\(section.name)' needs the section '\(image.sections[Int(section.link)].name)'"
        )
      }
      let infoIsSection =
        section.type == SHT.REL || section.type == SHT.RELA || section.flags & SHF.INFO_LINK != 0
      if infoIsSection {
        guard let info = map[Int(section.info)] else {
          throw EditFailure(.linked, "'\(section.name)' applies to a section that is removed")
        }
        edits[index].section.info = UInt32(info)
      }
    }
    for table in image.sections where table.type == SHT.SYMTAB || table.type == SHT.DYNSYM {
      guard let position = map[table.index], position > 0 else { continue }
      try renumberSymbols(table, &edits[position - 1], map)
    }
  }

  /// Corrects `st_shndx`. `.symtab` gets new contents, `.dynsym` is loaded and written in place.
  private func renumberSymbols(
    _ table: Section, _ edit: inout SectionEdit, _ map: [Int: Int]
  ) throws(EditFailure) {
    guard let symbols = SymbolTable(table, in: image), edit.content == nil else { return }
    let entrySize = image.format.symbolEntrySize
    let fieldOffset = image.format.is64 ? 6 : 14
    let numbers = image.sections.indices.map { map[$0] }
    // Copied when the first number changes: mostly none does.
    var content: [UInt8] = []
    func copy() { if content.isEmpty { content = image.contents(of: table)?.array ?? [] } }
    for index in 0..<symbols.count {
      let symbol = symbols.record(index)
      let number = Int(symbol.sectionIndex)
      if symbol.sectionIndex == SHN.XINDEX {
        throw EditFailure(.unsupported, "sections of a file with extended numbering cannot move")
      }
      guard number > 0, symbol.sectionIndex < SHN.LORESERVE else { continue }
      // A number that no section has could become that of a new one.
      guard number < image.sections.count else {
        throw EditFailure(
          .malformed, "symbol \(index) lies in section \(number), which does not exist")
      }
      let field = index * entrySize + fieldOffset
      let new: Int
      if let found = numbers[number] {
        new = found
      } else {
        guard symbol.type == STT.SECTION, !table.isLoaded else {
          throw EditFailure(
            .linked,
            "the symbol '\(symbols[index].name.string)' lies in a section that is removed")
        }
        // The nameless symbol of a section that goes: an absolute one without type.
        copy()
        content[index * entrySize + (image.format.is64 ? 4 : 12)] = 0
        new = Int(SHN.ABS)
      }
      guard new < 0xff00 || new == Int(SHN.ABS) else {
        throw EditFailure(.unsupported, "the file would need extended section numbering")
      }
      if new == number { continue }
      copy()
      let big = image.format.order == .big
      content[field] = UInt8(truncatingIfNeeded: big ? new >> 8 : new)
      content[field + 1] = UInt8(truncatingIfNeeded: big ? new : new >> 8)
    }
    guard !content.isEmpty else { return }
    if table.isLoaded {
      try writeHeader(content, at: Int(table.offset))
    } else {
      edit.content = content
      plan.contents.insert(table.name)
    }
  }

  // MARK: The tail

  /// A run of bytes of the tail.
  private enum Piece {
    /// The number of an edit.
    case section(Int)
    /// Bytes that no header names.
    case unnamed(Range<Int>)
    /// A section that goes: what follows moves up.
    case removed
  }

  private func layTail(
    _ edits: inout [SectionEdit], _ block: LoadedBlock?
  ) throws(EditFailure) -> UInt64? {
    let start = loadedEnd
    let end = image.end
    let table = image.segmentTableRange
    let movesTable = !table.isEmpty && Int(table.lowerBound) >= start
    var used = RangeSet()
    used.insert(image.sectionTableRange)
    if movesTable { used.insert(table) }
    var pieces: [(offset: Int, order: Int, piece: Piece)] = []
    for index in edits.indices {
      let section = edits[index].section
      guard section.hasFileBytes, !section.isLoaded else {
        guard edits[index].content == nil else {
          throw EditFailure(.unsupported, "'\(section.name)' is loaded and cannot change its size")
        }
        continue
      }
      let isInTail = edits[index].oldIndex != nil && Int(section.offset) >= start
      if isInTail {
        if used.firstOverlap(section.fileRange) != nil {
          throw EditFailure(
            .unsupported, "'\(section.name)' shares bytes of the file with something else")
        }
        pieces.append((Int(section.offset), index, .section(index)))
      } else if let content = edits[index].content {
        if edits[index].oldIndex != nil, content.count == Int(section.size) {
          // A section in front of the tail keeps its place if its size stays.
          try writeUnloaded(content, at: Int(section.offset), section.name)
          edits[index].content = nil
        } else {
          pieces.append((Int.max - edits.count + index, index, .section(index)))
        }
      }
      // A new section has a size and no place yet.
      if edits[index].oldIndex != nil { used.insert(section.fileRange) }
    }
    let kept = Set(edits.compactMap(\.oldIndex))
    for section in image.sections.dropFirst()
    where section.hasFileBytes && !kept.contains(section.index) {
      used.insert(section.fileRange)
      if !section.isLoaded, Int(section.offset) >= start {
        pieces.append((Int(section.offset), -2, .removed))
      }
    }
    if start < end {
      for gap in used.gaps(in: UInt64(start)..<UInt64(end)) {
        let range = Int(gap.lowerBound)..<Int(gap.upperBound)
        guard range.contains(where: { image.bytes[$0] != 0 }) else { continue }
        pieces.append((range.lowerBound, -1, .unnamed(range)))
      }
    }
    pieces.sort { ($0.offset, $0.order) < ($1.offset, $1.order) }

    // From `cut` on the tail is written anew.
    var cursor = start
    var cut = start
    var content: [UInt8] = []
    var moved = false
    var blockOffset: UInt64?
    // Zeros in front of the block, and for it.
    var lead = 0
    func pad(to offset: Int) {
      content += [UInt8](repeating: 0, count: offset - cursor)
      cursor = offset
    }
    if let block {
      moved = true
      guard let aligned = alignUp(max(UInt64(cursor), block.lowest), block.alignment),
        aligned - UInt64(cursor) <= WorkingFile.longestPadding
      else { throw EditFailure(.value, "the alignment is too large") }
      blockOffset = aligned
      lead = Int(aligned) + block.bytes.count - cursor
      cursor += lead
    }
    for entry in pieces {
      switch entry.piece {
      case .section(let index):
        let section = edits[index].section
        let isNew = edits[index].oldIndex == nil || Int(section.offset) < start
        if !moved, !isNew, edits[index].content == nil {
          cursor = max(cursor, Int(section.offset) + Int(section.size))
          cut = cursor
          continue
        }
        if !moved, !isNew { pad(to: max(cursor, Int(section.offset))) }
        moved = true
        guard let aligned = alignUp(UInt64(cursor), max(section.alignment, 1)),
          aligned - UInt64(cursor) <= WorkingFile.longestPadding
        else { throw EditFailure(.value, "the alignment of '\(section.name)' is too large") }
        pad(to: Int(aligned))
        let bytes = edits[index].content ?? image.contents(of: section)?.array ?? []
        edits[index].section.offset = aligned
        edits[index].section.size = UInt64(bytes.count)
        content.append(contentsOf: bytes)
        cursor += bytes.count
      case .unnamed(let range):
        if !moved {
          cursor = max(cursor, range.upperBound)
          cut = cursor
          continue
        }
        content.append(contentsOf: image.bytes.slice(range.lowerBound, range.count)?.array ?? [])
        cursor += range.count
      case .removed: moved = true
      }
    }
    // The table itself, and behind it a program header table that no segment loads.
    pad(to: Int(alignUp(UInt64(cursor), UInt64(image.format.wordSize)) ?? UInt64(cursor)))
    let tableOffset = cursor
    content.append(
      contentsOf: repeatElement(0, count: (edits.count + 1) * image.format.sectionEntrySize))
    cursor += (edits.count + 1) * image.format.sectionEntrySize
    if movesTable {
      let bytes = image.bytes.slice(table.lowerBound, table.upperBound - table.lowerBound)
      content.append(contentsOf: bytes?.array ?? [])
    }
    try checkCoverage(nil)
    try working.replace(cut..<end, zeros: lead, with: content)
    if let block, let blockOffset { working.write(block.bytes, at: Int(blockOffset)) }
    if movesTable {
      let field = image.format.segmentTableField
      try writeHeader(
        image.format.encode(UInt64(cursor), size: image.format.wordSize), at: field)
    }
    newSectionTableOffset = tableOffset
    return blockOffset
  }

  func writeUnloaded(
    _ content: [UInt8], at offset: Int, _ name: String
  ) throws(EditFailure) {
    guard !holds(content, at: offset) else { return }
    try checkCoverage(nil)
    plan.contents.insert(name)
    working.write(content, at: offset)
  }

  // MARK: The table

  private func writeTable(_ edits: [SectionEdit], _ nameIndex: Int) throws(EditFailure) {
    let format = image.format
    var null = image.sections[0]
    let count = edits.count + 1
    null.size = count >= 0xff00 ? UInt64(count) : 0
    null.link = nameIndex >= 0xff00 ? UInt32(nameIndex) : 0
    var table = null.encoded(format)
    for edit in edits { table.append(contentsOf: edit.section.encoded(format)) }
    working.write(table, at: newSectionTableOffset)
    try writeHeader(
      format.encode(UInt64(newSectionTableOffset), size: format.wordSize),
      at: format.sectionTableField)
    try writeHeader(
      format.encode(count >= 0xff00 ? 0 : UInt64(count), size: 2), at: format.sectionCountField)
    try writeHeader(
      format.encode(nameIndex >= 0xff00 ? 0xffff : UInt64(nameIndex), size: 2),
      at: format.sectionNameIndexField)
    try refresh()
  }
}
