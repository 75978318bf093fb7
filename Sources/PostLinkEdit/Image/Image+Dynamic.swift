// The dynamic section and its strings.

internal import ELF

/// One entry of `.dynamic`.
struct DynamicEntry: Equatable {
  var index: Int
  var tag: Int64
  var value: UInt64
}

extension Image {
  /// The file range of the dynamic section, from its program header.
  var dynamicRange: Range<UInt64>? {
    guard let segment = segments.first(where: { $0.type == PT.DYNAMIC }), segment.fileSize > 0,
      !isSeparateDebugFile
    else { return nil }
    return segment.fileRange
  }

  /// Every entry of the dynamic section.
  func decodeDynamicEntries() -> [DynamicEntry] {
    guard let range = dynamicRange, let start = Int(exactly: range.lowerBound),
      bytes.slice(range.lowerBound, range.upperBound - range.lowerBound) != nil
    else { return [] }
    let count = Int(range.upperBound - range.lowerBound) / format.dynamicEntrySize
    return (0..<count).map { index in
      var reader = RecordReader(bytes, format, at: start + index * format.dynamicEntrySize)
      let entry = DynamicTag(from: &reader)
      return DynamicEntry(index: index, tag: entry.tag, value: entry.value)
    }
  }

  func dynamicValue(_ tag: Int64) -> UInt64? { dynamicEntries.first { $0.tag == tag }?.value }

  /// Whether the value of a tag counts from the address of its own entry: DT_MIPS_RLD_MAP_REL, which
  /// an entry that comes or goes before it would make wrong.
  func isRelative(_ tag: Int64) -> Bool { tag == DT.MIPS_RLD_MAP_REL && machine == EM.MIPS }

  /// The value of an entry, as an address if it counts from its own.
  func meaning(_ entry: DynamicEntry) -> UInt64 {
    guard isRelative(entry.tag), let segment = segments.first(where: { $0.type == PT.DYNAMIC })
    else { return entry.value }
    let place = segment.address &+ UInt64(entry.index * format.dynamicEntrySize)
    return (place &+ entry.value) & format.addressLimit
  }

  func dynamicString(_ offset: UInt64) -> String? {
    guard let strings = dynamicStrings, let offset = Int(exactly: offset) else { return nil }
    return strings.bytes.cString(at: offset)?.string
  }

  /// The interpreter's path and the segment that holds it.
  var interpreter: (path: String, segment: Segment)? {
    guard let segment = segments.first(where: { $0.type == PT.INTERP }), !isSeparateDebugFile,
      let view = bytes.slice(segment.offset, segment.fileSize), let path = view.cString(at: 0)
    else { return nil }
    return (path.string, segment)
  }

  /// Tags whose value is an offset into the dynamic strings.
  static let stringTags: Set<Int64> = [
    DT.NEEDED, DT.SONAME, DT.RPATH, DT.RUNPATH, DT.AUDIT, DT.DEPAUDIT, DT.AUXILIARY, DT.FILTER,
    0x6fff_fefa, 0x7fff_fffe,  // DT_CONFIG, DT_USED
  ]

  /// The offsets of the strings that tags and needed versions name.
  func namedDynamicStrings() -> [UInt64] {
    dynamicEntries.filter { Image.stringTags.contains($0.tag) }.map(\.value)
      + (versionNeeds() ?? []).flatMap { need in ([need.file] + need.names).map(UInt64.init) }
  }

  /// The offsets of all strings of `.dynstr` that something refers to: tags, dynamic symbols and
  /// the version tables. Sorted; what several refer to is there several times.
  /// - Parameter replaced: an entry that does not count.
  func referencedDynamicStrings(without replaced: DynamicEntry? = nil) -> [UInt64] {
    var offsets: [UInt64] = []
    for entry in dynamicEntries where Image.stringTags.contains(entry.tag) && entry != replaced {
      offsets.append(entry.value)
    }
    let strings = dynamicStrings?.address
    for section in sections where Int(section.link) < sections.count {
      guard section.isLoaded, sections[Int(section.link)].address == strings else { continue }
      if section.type == SHT.DYNSYM, let table = SymbolTable(section, in: self) {
        for index in 0..<table.count { offsets.append(UInt64(table.record(index).nameOffset)) }
      }
    }
    if let record = versionNeeds() {
      for need in record {
        offsets.append(UInt64(need.file))
        for name in need.names { offsets.append(UInt64(name)) }
      }
    }
    for name in versionDefinitionNames() { offsets.append(UInt64(name)) }
    offsets.sort()
    return offsets
  }

  /// One `Verneed` record: offsets into `.dynstr` and where the file name's offset is stored.
  struct VersionNeed {
    var file: UInt32
    var fileFieldOffset: Int
    var names: [UInt32]
  }

  /// The records of `.gnu.version_r`; nil if there are none or they are malformed.
  func versionNeeds() -> [VersionNeed]? {
    guard let address = dynamicValue(DT.VERNEED), let count = dynamicValue(DT.VERNEEDNUM),
      let segment = segment(backing: address, 16), let start = offset(ofVirtual: address, 16),
      let bytes = bytes.slice(0, segment.fileEnd)
    else { return nil }
    var result: [VersionNeed] = []
    var position = start
    var budget = Image.versionRecordLimit
    for _ in 0..<min(count, 65_536) {
      var reader = RecordReader(bytes, format, at: position)
      _ = reader.u16()
      let auxiliaryCount = reader.u16()
      let file = reader.u32()
      let auxiliary = reader.u32()
      let next = reader.u32()
      guard !reader.failed else { return nil }
      var need = VersionNeed(file: file, fileFieldOffset: position + 4, names: [])
      var inner = position + Int(auxiliary)
      for _ in 0..<auxiliaryCount {
        budget -= 1
        guard budget > 0 else { return nil }
        var entry = RecordReader(bytes, format, at: inner)
        _ = entry.u32()
        _ = entry.u32()
        let name = entry.u32()
        let step = entry.u32()
        guard !entry.failed else { return nil }
        need.names.append(name)
        if step == 0 { break }
        inner += Int(step)
      }
      result.append(need)
      if next == 0 { break }
      position += Int(next)
    }
    return result
  }

  /// Why readers of the file do not agree on what its tags and symbols say.
  var dynamicProblem: String? {
    if dynamicValue(DT.VERNEED) != nil, versionNeeds() == nil {
      return "DT_VERNEED names no table of needed versions"
    }
    let single: Set<Int64> = [
      DT.STRTAB, DT.STRSZ, DT.SYMTAB, DT.HASH, DT.GNU_HASH, DT.RELA, DT.RELASZ, DT.REL, DT.RELSZ,
      DT.JMPREL, DT.PLTRELSZ, DT.PLTREL, DT.VERSYM, DT.VERNEED, DT.VERDEF, DT.SONAME, DT.RPATH,
      DT.RUNPATH,
    ]
    let tags = dynamicEntries.map(\.tag).filter { single.contains($0) }
    if Set(tags).count < tags.count { return "a tag stands twice in .dynamic that may stand once" }
    for table in sections where table.type == SHT.SYMTAB || table.type == SHT.DYNSYM {
      guard sections.indices.contains(Int(table.link)), sections[Int(table.link)].type == SHT.STRTAB
      else { return "the strings of '\(table.name)' are in no string table" }
    }
    return tableProblem
  }

  /// A table that reaches over what is beside it, or a name or bytes that are somewhere else.
  private var tableProblem: String? {
    if let table = symbolTable(SHT.DYNSYM), let size = dynamicStrings?.bytes.count,
      let index = (0..<table.count).first(where: { Int(table.record($0).nameOffset) >= size })
    {
      return "the name of dynamic symbol \(index) lies outside the string table"
    }
    var tables = RangeSet()
    for section in sections where section.isLoaded && [SHT.REL, SHT.RELA].contains(section.type) {
      tables.insert(section.memoryRange)
    }
    for (tag, size) in [(DT.REL, DT.RELSZ), (DT.RELA, DT.RELASZ), (DT.JMPREL, DT.PLTRELSZ)] {
      guard sections.count > 1, let address = dynamicValue(tag), let size = dynamicValue(size)
      else { continue }
      let (end, overflow) = address.addingReportingOverflow(size)
      if overflow || !tables.contains(address..<end) {
        return "a table of relocations reaches beyond its section"
      }
    }
    for segment in segments where segment.type != PT.LOAD && segment.fileSize > 0 {
      guard let offset = offset(ofVirtual: segment.address, segment.fileSize) else { continue }
      if UInt64(offset) != segment.offset {
        return "program header \(segment.index) names other bytes than its address"
      }
    }
    return nil
  }

  /// More version records than any real file has: a bound on the work for a hostile one.
  private static let versionRecordLimit = 1 << 18

  private func versionDefinitionNames() -> [UInt32] {
    guard let address = dynamicValue(DT.VERDEF), let count = dynamicValue(DT.VERDEFNUM),
      var position = offset(ofVirtual: address, 20)
    else { return [] }
    var result: [UInt32] = []
    for _ in 0..<min(count, 65_536) {
      var reader = RecordReader(bytes, format, at: position)
      _ = reader.u64()
      _ = reader.u32()
      let auxiliary = reader.u32()
      let next = reader.u32()
      guard !reader.failed else { return result }
      var inner = position + Int(auxiliary)
      for _ in 0..<64 {
        var entry = RecordReader(bytes, format, at: inner)
        let name = entry.u32()
        let step = entry.u32()
        guard !entry.failed else { return result }
        result.append(name)
        if step == 0 { break }
        inner += Int(step)
      }
      if next == 0 { break }
      position += Int(next)
    }
    return result
  }

  /// Bytes of `.dynstr` that nothing refers to, each run behind a NUL that stays. Without section
  /// headers the names of symbols are not known, so only zero bytes at the end count.
  /// - Parameter replaced: an entry whose string is about to be given up.
  func stringGaps(without replaced: DynamicEntry? = nil) -> [Range<Int>] {
    guard let strings = dynamicStrings else { return [] }
    let view = strings.bytes
    guard knowsStringReaders else {
      var start = view.count
      while start > 0, view[start - 1] == 0 { start -= 1 }
      return start + 1 < view.count ? [start + 1..<view.count] : []
    }
    // The empty string is everybody's.
    var used = RangeSet(0..<1)
    for offset in referencedDynamicStrings(without: replaced) {
      // A string that begins inside another one ends with it.
      guard let position = Int(exactly: offset), let text = view.cString(at: position) else {
        continue
      }
      used.insert(offset, offset + UInt64(text.count) + 1)
    }
    return used.gaps(in: 0..<UInt64(view.count)).map { Int($0.lowerBound)..<Int($0.upperBound) }
  }

  /// Whether all that refers to `.dynstr` is known: sections of other kinds may do so, too.
  private var knowsStringReaders: Bool {
    guard let strings = dynamicStrings?.address,
      sections.contains(where: { $0.type == SHT.DYNSYM && $0.isLoaded })
    else { return false }
    if dynamicValue(DT.VERNEED) != nil, versionNeeds() == nil { return false }
    if dynamicValue(DT.VERDEF) != nil, versionDefinitionNames().isEmpty { return false }
    let known: Set<UInt32> = [SHT.DYNSYM, SHT.DYNAMIC, SHT.GNU_VERDEF, SHT.GNU_VERNEED]
    return sections.dropFirst().allSatisfy {
      known.contains($0.type) || Int($0.link) >= sections.count || $0.link == 0
        || !sections[Int($0.link)].isLoaded || sections[Int($0.link)].address != strings
    }
  }

  /// How many bytes of `.dynstr` nothing refers to.
  var stringSlack: Int { stringGaps().reduce(0) { $0 + $1.count } }
}
