// Reads what a link needs of a shared object: its dynamic symbols, their versions, its soname and
// what it needs itself (gABI, "Dynamic Section"; the GNU symbol versioning sections).

internal import ELF

/// The facts about one shared object beyond its row in the file table.
struct SharedObject: Sendable {
  /// DT_SONAME, or else the name under which the user gave the file.
  var soname = ""
  /// DT_NEEDED, in order.
  var needed: [ByteView] = []
  /// The section with DT_RPATH or DT_RUNPATH text, for finding what it needs.
  var runPaths: [ByteView] = []
  /// DT_AUDIT: lists of libraries, separated by colons.
  var audits: [ByteView] = []
  /// For each dynamic symbol, its version index with the hidden bit; empty: unversioned.
  var versionIndices = RecordView<UInt16>()
  /// For each version index, the version's name; empty where there is none.
  var versionNames: [ByteView] = []
  /// For each version index, whether the name comes from verneed: an undefined symbol's version.
  var definedVersionCount = 0

  /// The version name of dynamic symbol `index`, if it has one, and whether it is the default one.
  func version(of index: Int) -> (name: ByteView, isDefault: Bool)? {
    guard index < versionIndices.count else { return nil }
    let raw = versionIndices[index]
    let number = Int(raw & ~VER.NDX_HIDDEN)
    guard number > Int(VER.NDX_GLOBAL), number < versionNames.count, !versionNames[number].isEmpty
    else { return nil }
    return (versionNames[number], raw & VER.NDX_HIDDEN == 0)
  }

  /// The version that only references with a version find: a name, or nothing for the hidden base
  /// version, `foo@`. nil if the symbol has none.
  func exactVersion(of index: Int) -> ByteView? {
    if let version = version(of: index) { return version.name }
    guard index < versionIndices.count,
      versionIndices[index] == VER.NDX_GLOBAL | VER.NDX_HIDDEN
    else { return nil }
    return ByteView()
  }
}

extension RecordView<UInt16> {
  /// For the rows of `.gnu.version`: whether symbol `index` has a version: not the base version, and
  /// not local.
  @inline(__always) func hasVersion(_ index: Int) -> Bool {
    index < count && self[index] & ~VER.NDX_HIDDEN > VER.NDX_GLOBAL
  }

  /// Whether it has the base version, which any name without a version has.
  @inline(__always) func hasBaseVersion(_ index: Int) -> Bool {
    index < count && self[index] == VER.NDX_GLOBAL
  }
}

extension InputFile {
  /// Fills in the tables of a shared object whose `bytes` are set; `fileName` stands in for a
  /// missing DT_SONAME.
  mutating func readSharedObject(fileName: String) throws(MalformedFile) -> SharedObject {
    try readSectionHeaders()
    var shared = SharedObject()
    shared.soname = fileName
    var versionDefinitions: SectionHeader?
    var versionNeeds: SectionHeader?
    for index in 0..<sectionHeaders.count {
      let header = sectionHeaders[index]
      switch header.type {
      case SHT.DYNSYM:
        try readSymbolTable(header, index)
      case SHT.GNU_VERSYM:
        guard let table = contents(header), table.count % 2 == 0 else {
          throw MalformedFile(
            reason: "version table lies outside the file or has a broken last entry")
        }
        guard header.entrySize == 2 || header.entrySize == 0 else {
          throw MalformedFile(
            reason: "version table has entries of \(header.entrySize) bytes, not 2")
        }
        shared.versionIndices = RecordView(table)
      case SHT.GNU_VERDEF: versionDefinitions = header
      case SHT.GNU_VERNEED: versionNeeds = header
      case SHT.DYNAMIC:
        try readDynamicSection(header, &shared)
      default: break
      }
    }
    if let versionDefinitions { try readVersionDefinitions(versionDefinitions, &shared) }
    if let versionNeeds { try readVersionNeeds(versionNeeds, &shared) }
    try checkVersions(shared)
    return shared
  }

  private func readDynamicSection(
    _ header: SectionHeader, _ shared: inout SharedObject
  ) throws(MalformedFile) {
    guard let table = contents(header) else {
      throw MalformedFile(reason: "dynamic section lies outside the file")
    }
    guard let strings = linkedStrings(header) else {
      throw MalformedFile(reason: "dynamic section is not linked to a string table in the file")
    }
    let entrySize = format.dynamicEntrySize
    guard table.count % entrySize == 0,
      header.entrySize == UInt64(entrySize) || header.entrySize == 0
    else {
      throw MalformedFile(
        reason: "dynamic section has \(table.count) bytes in entries of \(header.entrySize), and "
          + "one entry has \(entrySize)")
    }
    var reader = RecordReader(table, format)
    for _ in 0..<table.count / entrySize {
      let entry = DynamicTag(from: &reader)
      if entry.tag == DT.NULL { break }
      let value = entry.value
      switch entry.tag {
      case DT.SONAME: shared.soname = try dynamicString("DT_SONAME", value, strings).string
      case DT.AUDIT: shared.audits.append(try dynamicString("DT_AUDIT", value, strings))
      case DT.NEEDED: shared.needed.append(try dynamicString("DT_NEEDED", value, strings))
      case DT.RPATH: shared.runPaths.append(try dynamicString("DT_RPATH", value, strings))
      case DT.RUNPATH: shared.runPaths.append(try dynamicString("DT_RUNPATH", value, strings))
      default: break
      }
    }
  }

  private func dynamicString(
    _ tag: String, _ offset: UInt64, _ strings: ByteView
  ) throws(MalformedFile) -> ByteView {
    if offset < UInt64(strings.count), let text = strings.cString(at: Int(offset)) { return text }
    throw MalformedFile(
      reason: "\(tag) is at offset \(offset) of a string table that has \(strings.count) bytes")
  }

  /// `Elf64_Verdef` chains: version, flags, index, count, hash, aux, next.
  private func readVersionDefinitions(
    _ header: SectionHeader, _ shared: inout SharedObject
  ) throws(MalformedFile) {
    guard let table = contents(header), let strings = linkedStrings(header) else {
      throw MalformedFile(reason: "version definitions or their names lie outside the file")
    }
    var offset = 0
    for _ in 0..<header.info {
      guard let flags = table.load(UInt16.self, at: offset + 2),
        let index = table.load(UInt16.self, at: offset + 4),
        let count = table.load(UInt16.self, at: offset + 6),
        let auxiliary = table.load(UInt32.self, at: offset + 12),
        let next = table.load(UInt32.self, at: offset + 16),
        let name = table.load(UInt32.self, at: offset + Int(auxiliary))
      else { throw MalformedFile(reason: "version definitions are truncated") }
      guard count > 0, auxiliary >= 20, next == 0 || next >= 20 else {
        throw MalformedFile(reason: "version definition \(index) has no name, or overlaps others")
      }
      // The base definition names the library, not a version.
      if flags & VER.FLG_BASE == 0 { try shared.setVersion(index, name, strings) }
      if next == 0 { break }
      offset += Int(next)
    }
    shared.definedVersionCount = shared.versionNames.count
  }

  /// `Elf64_Verneed` chains: version, count, file, aux, next; each with `Elf64_Vernaux`: hash,
  /// flags, other, name, next.
  private func readVersionNeeds(
    _ header: SectionHeader, _ shared: inout SharedObject
  ) throws(MalformedFile) {
    guard let table = contents(header), let strings = linkedStrings(header) else {
      throw MalformedFile(reason: "version needs or their names lie outside the file")
    }
    var offset = 0
    // Entries may overlap, so their number is what keeps a hostile table from taking forever.
    var left = table.count / 16
    for _ in 0..<header.info {
      guard let count = table.load(UInt16.self, at: offset + 2),
        let file = table.load(UInt32.self, at: offset + 4),
        let auxiliary = table.load(UInt32.self, at: offset + 8),
        let next = table.load(UInt32.self, at: offset + 12)
      else { throw MalformedFile(reason: "version needs are truncated") }
      guard strings.cString(at: Int(file)) != nil else {
        throw MalformedFile(
          reason: "version needs name a library at offset \(file) of a string table that has "
            + "\(strings.count) bytes")
      }
      var entry = offset + Int(auxiliary)
      for _ in 0..<count {
        left -= 1
        guard left >= 0, let index = table.load(UInt16.self, at: entry + 6),
          let name = table.load(UInt32.self, at: entry + 8),
          let nextEntry = table.load(UInt32.self, at: entry + 12)
        else { throw MalformedFile(reason: "version needs are truncated") }
        try shared.setVersion(index, name, strings)
        if nextEntry == 0 { break }
        entry += Int(nextEntry)
      }
      if next == 0 { break }
      offset += Int(next)
    }
  }

  /// Every dynamic symbol has an entry, and its version a name.
  private func checkVersions(_ shared: SharedObject) throws(MalformedFile) {
    let indices = shared.versionIndices
    guard indices.count > 0 else { return }
    guard indices.count >= symbolCount else {
      throw MalformedFile(
        reason: "version table has \(indices.count) entries for \(symbolCount) dynamic symbols")
    }
    for index in globals {
      let number = Int(indices[index] & ~VER.NDX_HIDDEN)
      guard number > Int(VER.NDX_GLOBAL) else { continue }
      guard number < shared.versionNames.count, !shared.versionNames[number].isEmpty else {
        throw MalformedFile(
          reason: "dynamic symbol \(index) (\(symbolName(index).string)) has version \(number), "
            + "which is neither defined nor needed")
      }
    }
  }
}

extension SharedObject {
  fileprivate mutating func setVersion(
    _ index: UInt16, _ offset: UInt32, _ strings: ByteView
  ) throws(MalformedFile) {
    guard let name = strings.cString(at: Int(offset)) else {
      throw MalformedFile(
        reason: "a version has its name at offset \(offset) of a string table that has "
          + "\(strings.count) bytes")
    }
    let number = Int(index & ~VER.NDX_HIDDEN)
    while versionNames.count <= number { versionNames.append(ByteView()) }
    versionNames[number] = name
  }
}
