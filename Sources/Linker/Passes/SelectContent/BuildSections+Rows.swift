// What an input section's header says, as a row: which kind of section it is, and whether it is one
// that reaches the output at all. Some are consumed here: notes that are merged, the mark of an
// executable stack, texts of warnings.

internal import ELF
internal import MapLang
internal import Parallel

extension Selection {
  /// The row of one section; nil if it is consumed here or left out.
  func makeSection(
    _ header: SectionHeader, _ name: ByteView, _ file: InputFile, _ id: FileID, _ index: Int,
    _ patterns: FilePatternSet, _ found: Found, _ worker: Worker
  ) -> InputSection? {
    guard let bytes = file.contents(header) else {
      report(
        id, index,
        "section \(name.string) lies outside the file (offset \(header.offset), "
          + "\(header.size) bytes)")
      return nil
    }
    if name.count >= 10 && name.hasPrefix(".note.") {
      if name.equals(".note.GNU-stack") {
        if header.flags & SHF.EXECINSTR != 0 { found.executableStack.append(id, worker) }
        return nil
      }
      if name.equals(".note.gnu.property") && header.type == SHT.NOTE {
        var note = InputSection()
        note.kind = [.alloc, .note]
        if inputs.hasUserMap && isDiscarded(name, note, patterns) { return nil }
        found.properties.append((id, bytes), worker)
        return nil
      }
    }
    if name.hasPrefix(".gnu.warning") && options.outputKind != .relocatable {
      found.warnings.append(WarningSection(file: id, index: index, text: bytes), worker)
      return nil
    }
    // Merged already.
    if header.type == inputs.target.attributeSectionType { return nil }
    guard header.alignment == 0 || header.alignment.nonzeroBitCount == 1,
      header.alignment <= 1 << 32
    else {
      report(
        id, index,
        "section \(name.string) has alignment \(header.alignment), which is no power of two up to 2³²"
      )
      return nil
    }
    guard header.size < 1 << 46 else {
      report(id, index, "section \(name.string) has \(header.size) bytes, more than memory can be")
      return nil
    }
    if let defect = file.defect(ofSection: header, ofMachine: inputs.target.loadedSectionTypes) {
      report(id, index, defect)
      return nil
    }
    var section = InputSection(header, bytes, kind(header, name), file: id, index: index)
    if header.flags & SHF.COMPRESSED != 0 || name.hasPrefix(".zdebug_") {
      guard header.flags & SHF.ALLOC == 0, header.type != SHT.NOBITS else {
        report(id, index, "section \(name.string) is compressed, and it is loaded or has no bytes")
        return nil
      }
      guard readCompressionHeader(&section, bytes, name, id, index) else { return nil }
    }
    if section.kind.contains(.merged), let defect = file.defect(ofMerged: section.bytes, header) {
      report(id, index, defect)
      return nil
    }
    if section.alignmentShift >= 16 || section.fileSize >= 1 << 31 || section.fileSize == 0 {
      section.kind.subtract([.merged, .strings])  // more than a piece has room to say
    }
    if !section.kind.contains(.alloc) {
      if !options.sectionHeaders { return nil }  // nobody could find it
      if options.strip != .none && isDebug(name) { return nil }
      // A link to debug information that belongs to the input, and the LTO half of fat objects.
      if name.equals(".gnu_debuglink") || name.hasPrefix(".gnu.lto_") { return nil }
    }
    return section
  }

  private func kind(_ header: SectionHeader, _ name: ByteView) -> InputSectionKind {
    var kind: InputSectionKind = .used
    if header.flags & SHF.ALLOC != 0 { kind.insert(.alloc) }
    if header.flags & SHF.WRITE != 0 { kind.insert(.write) }
    if header.flags & SHF.EXECINSTR != 0 { kind.insert(.exec) }
    if header.flags & SHF.TLS != 0 { kind.insert(.tls) }
    if header.flags & SHF.LINK_ORDER != 0 { kind.insert(.linkOrder) }
    if header.flags & inputs.target.largeSectionFlag != 0 { kind.insert(.large) }
    if header.flags & SHF.GROUP != 0 { kind.insert(.grouped) }
    if header.flags & SHF.GNU_RETAIN != 0 { kind.insert(.keep) }
    let isPlain = header.type == SHT.PROGBITS || header.type == SHT.NOBITS
    let known = SHF.ALLOC | SHF.WRITE | SHF.EXECINSTR | SHF.TLS | SHF.GROUP
    if isPlain && header.entrySize == 0 && header.flags & ~known == 0 { kind.insert(.plain) }
    switch header.type {
    case SHT.NOBITS: kind.insert(.noBits)
    case SHT.NOTE:
      kind.insert(.note)
      if header.flags & SHF.GROUP == 0 { kind.insert(.keep) }
    case SHT.INIT_ARRAY: kind.formUnion([.initArray, .keep])
    case SHT.FINI_ARRAY: kind.formUnion([.finiArray, .keep])
    case SHT.PREINIT_ARRAY: kind.formUnion([.preinitArray, .keep])
    default: break
    }
    if header.flags & SHF.ALLOC != 0 {
      if name.equals(".eh_frame") || header.type == inputs.target.unwindSectionType {
        kind.insert(.exceptionFrames)
      } else if isIdentifier(name) {
        kind.insert(.identifierName)
      } else if name.hasPrefix(".ctors") || name.hasPrefix(".dtors") {
        kind.insert(.keep)
      }
    } else if isDebug(name) {
      kind.insert(.debug)
      if name.equals(".debug_ranges") || name.equals(".debug_loc") { kind.insert(.debugRanges) }
    }
    if header.flags & SHF.MERGE != 0 && header.entrySize > 0 && header.flags & SHF.WRITE == 0
      && header.type != SHT.NOBITS && header.size > 0 && header.size < 1 << 31
    {
      kind.insert(.merged)
      if header.flags & SHF.STRINGS != 0 { kind.insert(.strings) }
    }
    return kind
  }

  private func isDebug(_ name: ByteView) -> Bool {
    name.hasPrefix(".debug_") || name.hasPrefix(".zdebug_") || name.hasPrefix(".stab")
      || name.equals(".gdb_index") || name.hasPrefix(".gnu.debuglto_")
  }

  private func isIdentifier(_ name: ByteView) -> Bool {
    guard name.count > 0 else { return false }
    for index in 0..<name.count {
      let byte = name[index]
      let isLetter = (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a) || byte == 0x5f
      let isDigit = byte >= 0x30 && byte <= 0x39
      if !isLetter && !(isDigit && index > 0) { return false }
    }
    return true
  }

  /// `Elf64_Chdr`, or the older form: "ZLIB" and the size in big-endian order.
  private func readCompressionHeader(
    _ section: inout InputSection, _ bytes: ByteView, _ name: ByteView, _ id: FileID, _ index: Int
  ) -> Bool {
    do throws(DecompressionError) {
      let header = try CompressedSection(
        flags: files[id.index].sectionHeaders[index].flags, bytes, files[id.index].format)
      section.size = UInt64(header.uncompressedSize)
      if let alignment = header.alignment {
        section.alignmentShift = UInt8(alignment.trailingZeroBitCount)
      }
      section.kind.insert(.compressed)
      if section.kind.contains(.merged) {
        // Cut into pieces, so the content is needed now. It stays until the process ends.
        let content = Unmanaged.passRetained(try header.decompressed()).takeUnretainedValue()
        section.contents = content.view.buffer.baseAddress
        section.fileSize = UInt64(content.view.count)
        section.kind.remove(.compressed)
      }
      return true
    } catch {
      report(id, index, "section \(name.string): \(error)")
      return false
    }
  }
}
