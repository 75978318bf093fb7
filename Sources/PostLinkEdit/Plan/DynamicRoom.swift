// A `.dynamic` without a spare entry, moved. The loader finds it by PT_DYNAMIC, debuggers by its section
// header, code by `_DYNAMIC` and by the first word of the GOT, which holds its address. Loaders write into
// it, so it needs the rights that it had; it leaves RELRO, of which there can be only one.

internal import ELF

extension EditSession {
  /// Copies `.dynamic` to where there is room for more entries.
  func growDynamic() throws(EditFailure) {
    let format = image.format
    guard var segment = image.segments.first(where: { $0.type == PT.DYNAMIC }) else {
      throw noRoom("there is no spare entry in .dynamic")
    }
    let section = image.sections.first {
      $0.type == SHT.DYNAMIC && $0.address == segment.address
    }
    guard section != nil || !image.hasSections else {
      throw noRoom("there is no spare entry in .dynamic, and it has no section header")
    }
    let old = segment.address
    let isWritable =
      if let section { section.flags & SHF.WRITE != 0 } else {
        image.segment(backing: old, 1).map { $0.flags & PF.W != 0 } ?? true
      }
    let alignment = max(UInt64(format.wordSize) * 2, section?.alignment ?? 0)
    let isRelative = Set(image.dynamicEntries.map(\.tag).filter { image.isRelative($0) })
    // As they are when it is called: what stands behind the program headers may move for the new place.
    func content(at address: UInt64) -> [UInt8] {
      var bytes: [UInt8] = []
      for (tag, value) in image.dynamicEntries.map({ ($0.tag, $0.value) }) {
        // DT_MIPS_RLD_MAP_REL counts from the entry.
        let moved = isRelative.contains(tag) ? value &+ old &- address : value
        bytes += format.encode(UInt64(bitPattern: tag), size: format.wordSize)
        bytes += format.encode(moved & format.addressLimit, size: format.wordSize)
      }
      return bytes
    }
    let bytes = content(at: old)
    let entry = format.dynamicEntrySize
    let placed = try placeTable(
      ".dynamic.new", bytes + [UInt8](repeating: 0, count: 2 * entry), spare: 6 * entry,
      alignment: alignment, flags: isWritable ? "rw" : "r")
    let now = content(at: placed.address)
    if now != bytes {
      working.write(now, at: Int(placed.offset))
      plan.tags.formUnion(isRelative)
    }

    segment = image.segments.first { $0.type == PT.DYNAMIC } ?? segment
    segment.offset = placed.offset
    segment.address = placed.address
    segment.loadAddress = image.loadAddress(ofVirtual: placed.address) ?? placed.address
    segment.fileSize = placed.size
    segment.memorySize = placed.size
    try writeSegment(segment)
    try refresh()
    if let section { try renameDynamic(section, at: old, placed) }
    try moveDynamicSymbol(from: old, to: placed)
    try moveGOTHeader(from: old, to: placed.address)
    note(".dynamic moved to va \(hex(placed.address)), for \(placed.size / UInt64(entry)) entries")
  }

  /// The section header that was that of `.dynamic` becomes one of the old bytes.
  private func renameDynamic(
    _ section: Section, at old: UInt64, _ placed: Section
  ) throws(EditFailure) {
    let entry = image.format.dynamicEntrySize
    var edits = sectionEdits()
    // The number may have changed.
    guard
      let home = image.sections.first(where: {
        $0.type == SHT.DYNAMIC && $0.address == old && $0.name == section.name
      })
    else { throw EditFailure(.verification, "the old .dynamic is gone") }
    edits[home.index - 1].section.name = ".dynamic.old"
    edits[home.index - 1].section.type = SHT.PROGBITS
    edits[home.index - 1].section.entrySize = 0
    edits[home.index - 1].section.link = 0
    edits[placed.index - 1].section.name = section.name
    edits[placed.index - 1].section.type = SHT.DYNAMIC
    edits[placed.index - 1].section.entrySize = UInt64(entry)
    edits[placed.index - 1].section.link = home.link
    plan.added.formUnion([".dynamic.old", section.name])
    plan.removed.formUnion([section.name, placed.name])
    try rewriteSections(edits)
  }

  /// `_DYNAMIC` is where `.dynamic` is.
  private func moveDynamicSymbol(from old: UInt64, to placed: Section) throws(EditFailure) {
    let format = image.format
    for type in [SHT.SYMTAB, SHT.DYNSYM] {
      guard let table = image.symbolTable(type) else { continue }
      for index in 0..<table.count {
        let symbol = table[index]
        guard symbol.value == old, symbol.name.string == "_DYNAMIC" else { continue }
        plan.symbols?.insert("_DYNAMIC")
        let start = Int(table.section.offset) + index * format.symbolEntrySize
        let number = format.encode(UInt64(placed.index), size: 2)
        let value = format.encode(placed.address, size: format.wordSize)
        let fields = [
          (start + (format.is64 ? 6 : 14), number), (start + (format.is64 ? 8 : 4), value),
        ]
        for (offset, bytes) in fields {
          if table.section.isLoaded {
            try writeHeader(bytes, at: offset)
          } else {
            try writeUnloaded(bytes, at: offset, table.section.name)
          }
        }
      }
    }
    try refresh()
  }

  /// The first word of the GOT is the address of `_DYNAMIC` (psABI of x86, ARM and others).
  private func moveGOTHeader(from old: UInt64, to new: UInt64) throws(EditFailure) {
    let size = image.format.wordSize
    guard let got = image.dynamicValue(DT.PLTGOT),
      let offset = image.offset(ofVirtual: got, UInt64(size)),
      holds(image.format.encode(old, size: size), at: offset)
    else { return }
    try writeHeader(image.format.encode(new, size: size), at: offset)
    try refresh()
  }
}
