// The relocations of a section, whatever the form of their table (gABI, "Relocation").
//
// 64-bit little-endian SHT_RELA tables are viewed in the mapped file. Others are decoded once (SHT_CREL:
// CompactRelocations), and addends that SHT_REL leaves in the bytes of the section are read here, so that
// everything later knows one form only.

internal import ELF

extension InputFile {
  /// Bytes of an entry of a table with relocations.
  func relocationEntrySize(_ header: SectionHeader) -> Int {
    header.type == SHT.REL ? format.relEntrySize : format.relaEntrySize
  }

  /// The records of a table without defects, for a section of this file.
  func relocations(_ header: SectionHeader, _ code: any Target.Type) -> RecordView<Rela> {
    guard let table = contents(header) else { return RecordView() }
    if header.type == SHT.RELA { return RecordView(decoding: table, format) }
    let section = sectionHeaders[Int(header.info)]
    // Addends of compressed debug information are compressed, too.
    let owned = isCompressed(section) ? decompressed(section) : nil
    let bytes = owned?.view ?? contents(section) ?? ByteView()
    if header.type == SHT.CREL { return RecordView(compact: table, in: bytes, code) }
    return RecordView(withoutAddends: table, format, in: bytes, code)
  }

  private func isCompressed(_ section: SectionHeader) -> Bool {
    CompressedSection.isCompressed(flags: section.flags, name: sectionName(section))
  }

  private func decompressed(_ section: SectionHeader) -> OwnedBytes? {
    guard let bytes = contents(section),
      let compressed = try? CompressedSection(flags: section.flags, bytes, format)
    else { return nil }
    return try? compressed.decompressed()
  }
}

extension RecordView where Record == Rela {
  /// The records of a SHT_REL table, with the addends that stand in `bytes`, the section's. They live
  /// as long as the link.
  init(
    withoutAddends table: ByteView, _ format: Format, in bytes: ByteView, _ code: any Target.Type
  ) {
    let records = Block<Rela>(count: table.count / format.relEntrySize)
    var reader = RecordReader(table, format)
    for index in 0..<records.count {
      let place = RelocationPlace(from: &reader)
      let type = UInt32(truncatingIfNeeded: place.info)
      records[index] = Rela(
        offset: place.offset, type: type, symbol: UInt32(truncatingIfNeeded: place.info >> 32),
        addend: code.implicitAddend(type, bytes, at: place.offset))
    }
    self.init(
      ByteView(UnsafeRawPointer(records.base), count: records.count * MemoryLayout<Rela>.stride))
  }
}
