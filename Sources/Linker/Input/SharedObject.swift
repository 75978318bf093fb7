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
        guard let table = contents(header) else {
          throw MalformedFile(reason: "version table lies outside the file")
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
    return shared
  }

  private func readDynamicSection(
    _ header: SectionHeader, _ shared: inout SharedObject
  ) throws(MalformedFile) {
    guard let table = contents(header), let strings = linkedStrings(header) else {
      throw MalformedFile(reason: "dynamic section lies outside the file")
    }
    var offset = 0
    while let tag = table.load(Int64.self, at: offset),
      let value = table.load(UInt64.self, at: offset + 8)
    {
      offset += 16
      if tag == DT.NULL { break }
      guard let text = value < UInt64(strings.count) ? strings.cString(at: Int(value)) : nil else {
        continue
      }
      switch tag {
      case DT.SONAME: shared.soname = text.string
      case DT.AUDIT: shared.audits.append(text)
      case DT.NEEDED: shared.needed.append(text)
      case DT.RPATH, DT.RUNPATH: shared.runPaths.append(text)
      default: break
      }
    }
  }

  private func linkedStrings(_ header: SectionHeader) -> ByteView? {
    guard Int(header.link) < sectionHeaders.count else { return nil }
    return contents(sectionHeaders[Int(header.link)])
  }

  /// `Elf64_Verdef` chains: version, flags, index, count, hash, aux, next.
  private func readVersionDefinitions(
    _ header: SectionHeader, _ shared: inout SharedObject
  ) throws(MalformedFile) {
    guard let table = contents(header), let strings = linkedStrings(header) else {
      throw MalformedFile(reason: "version definitions lie outside the file")
    }
    var offset = 0
    for _ in 0..<header.info {
      guard let flags = table.load(UInt16.self, at: offset + 2),
        let index = table.load(UInt16.self, at: offset + 4),
        let auxiliary = table.load(UInt32.self, at: offset + 12),
        let next = table.load(UInt32.self, at: offset + 16),
        let name = table.load(UInt32.self, at: offset + Int(auxiliary))
      else { throw MalformedFile(reason: "version definitions are truncated") }
      // The base definition names the library, not a version.
      if flags & VER.FLG_BASE == 0 {
        shared.setVersion(index, strings.cString(at: Int(name)) ?? ByteView())
      }
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
      throw MalformedFile(reason: "version needs lie outside the file")
    }
    var offset = 0
    // Entries may overlap, so their number is what keeps a hostile table from taking forever.
    var left = table.count / 16
    for _ in 0..<header.info {
      guard let count = table.load(UInt16.self, at: offset + 2),
        let auxiliary = table.load(UInt32.self, at: offset + 8),
        let next = table.load(UInt32.self, at: offset + 12)
      else { throw MalformedFile(reason: "version needs are truncated") }
      var entry = offset + Int(auxiliary)
      for _ in 0..<count {
        left -= 1
        guard left >= 0, let index = table.load(UInt16.self, at: entry + 6),
          let name = table.load(UInt32.self, at: entry + 8),
          let nextEntry = table.load(UInt32.self, at: entry + 12)
        else { throw MalformedFile(reason: "version needs are truncated") }
        shared.setVersion(index, strings.cString(at: Int(name)) ?? ByteView())
        if nextEntry == 0 { break }
        entry += Int(nextEntry)
      }
      if next == 0 { break }
      offset += Int(next)
    }
  }
}

extension SharedObject {
  fileprivate mutating func setVersion(_ index: UInt16, _ name: ByteView) {
    let number = Int(index & ~VER.NDX_HIDDEN)
    while versionNames.count <= number { versionNames.append(ByteView()) }
    versionNames[number] = name
  }
}
