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

  static func isDebug(_ section: Section) -> Bool {
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
    try removeSections(sparing: unlinkedRelocations(of: removed)) { removed.contains($0.index) }
  }

  /// Loaded relocations of a static program say that their symbols are in `.symtab`, and name none.
  private func unlinkedRelocations(of removed: Set<Int>) -> Set<Int> {
    let format = image.format
    let word = format.wordSize
    let relocations = image.sections.filter { section in
      guard section.isLoaded, section.type == SHT.REL || section.type == SHT.RELA,
        removed.contains(Int(section.link)), let content = image.contents(of: section)?.array
      else { return false }
      let size = word * (section.type == SHT.RELA ? 3 : 2)
      return stride(from: 0, through: content.count - size, by: size).allSatisfy { start in
        let info = Format.decode(content[(start + word)..<(start + 2 * word)], format.order)
        return info >> (format.is64 ? 32 : 8) == 0
      }
    }
    return Set(relocations.map(\.index))
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
    let removed = debugSections()
    guard removed.contains(where: { EditSession.isDebug(image.sections[$0]) }) else {
      if link, let old = image.debugLink, old.name == fileName(path) {
        try requireCurrent(path, old)
      }
      return try nothingToDo("the file has no debug information to split off")
    }
    try requireNoLink()
    try requireOwnBytes()
    let file = try debugFile(compression)
    sideFiles.append(SideFile(path: path, pieces: file))
    try stripDebug(removed)
    if link { try addDebugLink(path, file) }
    hasSplitDebug = true
    note("debug information to \(path), \(file.byteCount) bytes")
  }

  /// A link that is there already is only right for the debug file that it was made for.
  private func requireCurrent(
    _ path: String, _ link: (name: String, crc: UInt32)
  ) throws(EditFailure) {
    guard fileExists(path), debugCRC([.bytes(try readFile(path))]) != link.crc else { return }
    throw EditFailure(
      .already, "the file has a .gnu_debuglink to another '\(link.name)': the CRC differs",
      hint: "'section remove .gnu_debuglink' first")
  }

  private func fileName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private func debugCRC(_ file: [FilePiece]) -> UInt32 {
    var crc: UInt = 0
    func add(_ view: ByteView) {
      let bytes = unsafe view.buffer.bindMemory(to: UInt8.self)
      // For no bytes at all zlib begins anew.
      if let start = bytes.baseAddress { crc = unsafe crc32_z(crc, start, bytes.count) }
    }
    let step = 1 << 20
    for piece in file {
      switch piece {
      case .bytes(let bytes): bytes.withView(add)
      case .original(let view, let offset):
        for start in stride(from: 0, to: view.count, by: step) {
          let count = min(step, view.count - start)
          if let part = view.slice(start, count) { add(part) }
          working.releaseOriginal((offset + start)..<(offset + start + count))
        }
      }
    }
    return UInt32(truncatingIfNeeded: crc)
  }

  private func linkDebug(_ path: String, _ file: [UInt8]) throws(EditFailure) {
    if let old = image.debugLink, old.name == fileName(path), old.crc == debugCRC([.bytes(file)]) {
      return try nothingToDo("the file is linked to '\(path)' already", .already)
    }
    try requireNoLink()
    let mine = image.buildID()?.bytes
    let matches = try file.withView { view throws(EditFailure) in
      let other = try Image(view)
      return other.buildID()?.bytes == mine && other.machine == image.machine
    }
    guard matches else {
      throw EditFailure(.value, "'\(path)' belongs to another program: the build-ids differ")
    }
    try addDebugLink(path, [.bytes(file)])
    note("linked to \(path)")
  }

  private func addDebugLink(_ path: String, _ file: [FilePiece]) throws(EditFailure) {
    var content = Array(fileName(path).utf8) + [0]
    while content.count % 4 != 0 { content.append(0) }
    content += image.format.encode(UInt64(debugCRC(file)), size: 4)
    try addUnloaded(".gnu_debuglink", content, alignment: 4)
  }

  // MARK: Compression

  /// The section's contents behind an `Elf_Chdr`, or nil if that is not smaller.
  func compress(
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

extension Image {
  /// What `.gnu_debuglink` says: the debug file's name, and the CRC of its bytes.
  var debugLink: (name: String, crc: UInt32)? {
    guard let section = sections.first(where: { $0.name == ".gnu_debuglink" }),
      let view = contents(of: section), let name = view.cString(at: 0),
      let crc = view.load(UInt32.self, at: (name.count + 4) & ~3, format.order)
    else { return nil }
    return (name.string, crc)
  }
}
