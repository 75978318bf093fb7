// A `.dynamic` without a spare entry, moved. The loader finds it by PT_DYNAMIC, debuggers by its section
// header, code by `_DYNAMIC` and by the first word of the GOT, which holds its address. Loaders write into
// it, so it needs the rights that it had; it leaves RELRO, of which there can be only one.

internal import ELF

extension EditSession {
  /// Copies `.dynamic` to where there is room for more entries.
  func growDynamic() throws(EditFailure) {
    let format = image.format
    guard var segment = image.segments.first(where: { $0.type == PT.DYNAMIC }),
      let section = image.sections.first(where: {
        $0.type == SHT.DYNAMIC && $0.address == segment.address
      })
    else { throw noRoom("there is no spare entry in .dynamic, and it has no section header") }
    let old = segment.address
    let isWritable = section.flags & SHF.WRITE != 0
    let alignment = max(UInt64(format.wordSize) * 2, section.alignment)
    let entries = image.dynamicEntries.map { ($0.tag, $0.value) }
    let isRelative = Set(entries.map { $0.0 }.filter { image.isRelative($0) })
    func content(at address: UInt64) -> [UInt8] {
      var bytes: [UInt8] = []
      for (tag, value) in entries {
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
    if content(at: placed.address) != bytes {
      working.write(content(at: placed.address), at: Int(placed.offset))
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
    try moveDynamicSymbol(from: old, to: placed)
    try moveGOTHeader(from: old, to: placed.address)
    note(".dynamic moved to va \(hex(placed.address)), for \(placed.size / UInt64(entry)) entries")
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
