// debug: split, link, strip, compress. Splitting and linking are one transaction, because the CRC
// in the program is that of the debug file's final bytes; tools that do it in two steps produce
// pairs that no debugger accepts.

internal import CZlib
internal import CZstd
internal import ELF

extension EditSession {
  func editDebug(_ action: DebugAction) throws(EditFailure) {
    switch action {
    case .split(let path, let link, let compression):
      try splitDebug(to: path, link: link, compression)
    case .link(let path): try linkDebug(path, try readFile(path))
    case .strip:
      let removed = debugSections()
      guard !removed.isEmpty else { return try nothingToDo("there is nothing to strip") }
      try stripDebug(removed)
      note("\(removed.count) sections removed")
    case .compress(let method): try compressDebug(method)
    case .decompress: try decompressDebug()
    }
  }

  private static func isDebug(_ section: Section) -> Bool {
    !section.isLoaded
      && (section.name.hasPrefix(".debug_") || section.name == ".gdb_index"
        || section.name.hasPrefix(".stab") || section.name.hasPrefix(".gnu.debuglto_"))
  }

  /// What no program needs: debug information, the symbol table, emitted relocations.
  private func debugSections() -> Set<Int> {
    var result = Set<Int>()
    for section in image.sections.dropFirst() where !section.isLoaded {
      switch section.type {
      case SHT.SYMTAB:
        result.insert(section.index)
        let strings = Int(section.link)
        let isShared = image.sections.contains {
          $0.index != section.index && Int($0.link) == strings && $0.isLoaded
        }
        let names = image.sections[strings]
        if strings != image.sectionNameIndex, !isShared, names.type == SHT.STRTAB, !names.isLoaded {
          result.insert(strings)
        }
      case SHT.SYMTAB_SHNDX, SHT.REL, SHT.RELA: result.insert(section.index)
      default: if EditSession.isDebug(section) { result.insert(section.index) }
      }
    }
    return result
  }

  /// Sections that share bytes would make more of them than the file has.
  private func requireOwnBytes() throws(EditFailure) {
    var rest = UInt64(image.bytes.count)
    for section in image.sections.dropFirst() where !section.isLoaded && section.hasFileBytes {
      guard section.size <= rest else {
        throw EditFailure(.malformed, "'\(section.name)' shares bytes of the file with others")
      }
      rest -= section.size
    }
  }

  private func stripDebug(_ removed: Set<Int>) throws(EditFailure) {
    plan.symbols = nil
    try removeSections { removed.contains($0.index) }
  }

  // MARK: Split and link

  private func requireNoLink() throws(EditFailure) {
    if image.sections.contains(where: { $0.name == ".gnu_debuglink" }) {
      throw EditFailure(
        .already, "the file has a .gnu_debuglink already",
        hint: "'section remove .gnu_debuglink' first")
    }
  }

  private func splitDebug(
    to path: String, link: Bool, _ compression: Compression?
  ) throws(EditFailure) {
    try requireNoLink()
    try requireOwnBytes()
    let removed = debugSections()
    guard removed.contains(where: { EditSession.isDebug(image.sections[$0]) }) else {
      return try nothingToDo("the file has no debug information to split off")
    }
    let file = try debugFile(compression)
    sideFiles.append(SideFile(path: path, bytes: file))
    try stripDebug(removed)
    if link { try addDebugLink(path, file) }
    hasSplitDebug = true
    note("debug information to \(path), \(file.count) bytes")
  }

  private func linkDebug(_ path: String, _ file: [UInt8]) throws(EditFailure) {
    try requireNoLink()
    let mine = image.buildID()?.bytes
    let matches = try file.withView { view throws(EditFailure) in
      let other = try Image(view)
      return other.buildID()?.bytes == mine && other.machine == image.machine
    }
    guard matches else {
      throw EditFailure(.value, "'\(path)' belongs to another program: the build-ids differ")
    }
    try addDebugLink(path, file)
    note("linked to \(path)")
  }

  private func addDebugLink(_ path: String, _ file: [UInt8]) throws(EditFailure) {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    var content = Array(name.utf8) + [0]
    while content.count % 4 != 0 { content.append(0) }
    let crc = unsafe file.withUnsafeBytes { buffer in
      unsafe crc32_z(0, buffer.bindMemory(to: UInt8.self).baseAddress, buffer.count)
    }
    content += image.format.encode(UInt64(crc), size: 4)
    try addUnloaded(".gnu_debuglink", content, alignment: 4)
  }

  /// The debug file: every section header keeps its number; what is loaded becomes NOBITS, except
  /// notes, which carry the build-id.
  private func debugFile(_ compression: Compression?) throws(EditFailure) -> [UInt8] {
    let format = image.format
    var out = image.bytes.slice(0, format.headerSize)?.array ?? []
    let segmentOffset = out.count
    let headerEnd = UInt64(out.count + image.segments.count * format.segmentEntrySize)
    for segment in image.segments {
      var copy = segment
      // Only the headers themselves are in this file.
      let holdsHeaders = segment.offset == 0 && segment.fileSize >= headerEnd
      copy.fileSize = segment.type == PT.LOAD && holdsHeaders ? headerEnd : 0
      if segment.type == PT.PHDR { copy.fileSize = segment.fileSize }
      if segment.type == PT.LOAD { copy.offset = 0 }
      out += copy.encoded(format)
    }
    var sections = image.sections
    for index in sections.indices.dropFirst() {
      let section = sections[index]
      let keeps = section.hasFileBytes && (!section.isLoaded || section.type == SHT.NOTE)
      guard keeps, let view = image.contents(of: section) else {
        if section.isLoaded { sections[index].type = SHT.NOBITS }
        sections[index].offset = UInt64(out.count)
        continue
      }
      var content = view.array
      if let compression, EditSession.isDebug(section), section.flags & SHF.COMPRESSED == 0 {
        if let packed = try compress(content, section, compression) {
          content = packed
          sections[index].flags |= SHF.COMPRESSED
          sections[index].alignment = UInt64(format.wordSize)
        }
      }
      let alignment = Int(clamping: min(max(sections[index].alignment, 1), 4096))
      while out.count % alignment != 0 { out.append(0) }
      sections[index].offset = UInt64(out.count)
      sections[index].size = UInt64(content.count)
      out += content
    }
    while out.count % format.wordSize != 0 { out.append(0) }
    let table = out.count
    for section in sections { out += section.encoded(format) }
    let word = format.wordSize
    out.replaceSubrange(
      format.segmentTableField..<(format.segmentTableField + word),
      with: format.encode(image.segments.isEmpty ? 0 : UInt64(segmentOffset), size: word))
    out.replaceSubrange(
      format.sectionTableField..<(format.sectionTableField + word),
      with: format.encode(UInt64(table), size: word))
    return out
  }

  // MARK: Compression

  /// The section's contents behind an `Elf_Chdr`, or nil if that is not smaller.
  private func compress(
    _ content: [UInt8], _ section: Section, _ method: Compression
  ) throws(EditFailure) -> [UInt8]? {
    guard !content.isEmpty else { return nil }
    let header = CompressionHeader(
      type: method == .zlib ? ELFCOMPRESS.ZLIB : ELFCOMPRESS.ZSTD, size: UInt64(content.count),
      alignment: section.alignment)
    var packed: [UInt8]
    switch method {
    case .zlib:
      var size = compressBound(UInt(content.count))
      packed = [UInt8](repeating: 0, count: Int(size))
      let status = unsafe packed.withUnsafeMutableBytes { target in
        unsafe content.withUnsafeBytes { source in
          unsafe compress2(
            target.bindMemory(to: UInt8.self).baseAddress, &size,
            source.bindMemory(to: UInt8.self).baseAddress, UInt(source.count), 6)
        }
      }
      guard status == Z_OK else { throw EditFailure(.value, "zlib failed on '\(section.name)'") }
      packed.removeSubrange(Int(size)...)
    case .zstd:
      packed = [UInt8](repeating: 0, count: ZSTD_compressBound(content.count))
      let size = unsafe packed.withUnsafeMutableBytes { target in
        unsafe content.withUnsafeBytes { source in
          unsafe ZSTD_compress(
            target.baseAddress, target.count, source.baseAddress, source.count, 5)
        }
      }
      guard ZSTD_isError(size) == 0 else {
        throw EditFailure(.value, "zstd failed on '\(section.name)'")
      }
      packed.removeSubrange(size...)
    }
    let result = header.encoded(image.format) + packed
    return result.count < content.count ? result : nil
  }

  /// The contents of a compressed section and its alignment.
  func decompress(
    _ view: ByteView, _ name: String
  ) throws(EditFailure) -> (content: [UInt8], alignment: UInt64) {
    var reader = RecordReader(view, image.format)
    let header = CompressionHeader(from: &reader)
    let (type, size, alignment) = (header.type, header.size, header.alignment)
    guard !reader.failed, size <= UInt64(WorkingFile.growth),
      size / 4096 <= UInt64(view.count), alignment <= 1 << 20,
      alignment & (alignment &- 1) == 0, let packed = view.suffix(from: reader.offset)
    else { throw EditFailure(.malformed, "the compressed section '\(name)' is malformed") }
    var content = [UInt8](repeating: 0, count: Int(size))
    let isGood: Bool
    switch type {
    case ELFCOMPRESS.ZLIB:
      var length = UInt(size)
      let status = unsafe content.withUnsafeMutableBytes { target in
        unsafe uncompress(
          target.bindMemory(to: UInt8.self).baseAddress, &length,
          packed.buffer.bindMemory(to: UInt8.self).baseAddress, UInt(packed.count))
      }
      isGood = status == Z_OK && length == UInt(size)
    case ELFCOMPRESS.ZSTD:
      let length = unsafe content.withUnsafeMutableBytes { target in
        unsafe ZSTD_decompress(
          target.baseAddress, target.count, packed.buffer.baseAddress, packed.count)
      }
      isGood = ZSTD_isError(length) == 0 && UInt64(length) == size
    default: throw EditFailure(.unsupported, "'\(name)' is compressed in an unknown way")
    }
    guard isGood else {
      throw EditFailure(.malformed, "the compressed section '\(name)' is malformed")
    }
    return (content, alignment)
  }

  private func compressDebug(_ method: Compression) throws(EditFailure) {
    try requireOwnBytes()
    var edits = sectionEdits()
    var count = 0
    for index in edits.indices {
      let section = edits[index].section
      guard EditSession.isDebug(section), section.flags & SHF.COMPRESSED == 0,
        let view = image.contents(of: section),
        let packed = try compress(view.array, section, method)
      else { continue }
      edits[index].content = packed
      edits[index].section.flags |= SHF.COMPRESSED
      edits[index].section.alignment = UInt64(image.format.wordSize)
      plan.contents.insert(section.name)
      plan.headers.insert(section.name)
      count += 1
    }
    guard count > 0 else { return try nothingToDo("there is nothing to compress") }
    try rewriteSections(edits)
    note("\(count) sections compressed")
  }

  private func decompressDebug() throws(EditFailure) {
    try requireOwnBytes()
    var edits = sectionEdits()
    var count = 0
    var total = 0
    for index in edits.indices {
      let section = edits[index].section
      guard !section.isLoaded, section.flags & SHF.COMPRESSED != 0,
        let view = image.contents(of: section)
      else { continue }
      let (content, alignment) = try decompress(view, section.name)
      total += content.count
      guard total <= WorkingFile.growth else {
        throw EditFailure(.value, "the sections have more than \(WorkingFile.growth) bytes")
      }
      edits[index].content = content
      edits[index].section.flags &= ~SHF.COMPRESSED
      edits[index].section.alignment = alignment
      plan.contents.insert(section.name)
      plan.headers.insert(section.name)
      count += 1
    }
    guard count > 0 else { return try nothingToDo("there is nothing to decompress") }
    try rewriteSections(edits)
    note("\(count) sections decompressed")
  }
}
