// symbol … dynamic=yes, symbol unversion: names of the dynamic symbol table, which the dynamic linker looks
// up. It finds a definition through a hash table whose symbols stand in the order of their buckets, so a
// new name or a symbol that is no longer exported changes numbers, and what stores them: relocations and
// the table of versions. All of them are rewritten where they are; nothing grows but the strings.
//
// A symbol that is exported no more becomes local, which a loader binds at once: the file's own
// references stay what they were. The verification looks up every name in the new tables (Verify+Lookup).

internal import ELF

/// The dynamic symbol table with all that depends on the numbers of its symbols.
struct DynamicSymbolTable {
  let section: Section
  var symbols: [SymbolEntry]
  /// Entries of the version table, one a symbol; empty if there is none.
  var versions: [UInt16] = []
  let versionOffset: Int
  let relocations: [DynamicRelocation]

  /// Nil if there is no table that the tags and the sections agree on.
  init?(_ image: Image) {
    guard let table = image.symbolTable(SHT.DYNSYM), table.count > 0,
      image.dynamicValue(DT.SYMTAB) == table.section.address
    else { return nil }
    section = table.section
    symbols = (0..<table.count).map { table[$0] }
    relocations = image.dynamicRelocations().flatMap(\.records)
    guard let address = image.dynamicValue(DT.VERSYM) else {
      versionOffset = 0
      return
    }
    guard let offset = image.offset(ofVirtual: address, UInt64(2 * table.count)),
      let view = image.bytes.slice(offset, 2 * table.count)
    else { return nil }
    versionOffset = offset
    versions = (0..<table.count).map { view.load(UInt16.self, at: 2 * $0, image.format.order) ?? 0 }
  }
}

extension EditSession {
  /// What `symbol ACTION NAME dynamic=yes` does to `.dynsym`.
  func editDynamicSymbol(
    _ selector: SymbolSelector, _ action: SymbolAction
  ) throws(EditFailure) -> (matches: Int, changes: Int) {
    guard var table = try dynamicSymbols() else { return (0, 0) }
    let selected = table.symbols.indices.dropFirst().filter { selector.matches(table.symbols[$0]) }
    guard !selected.isEmpty else { return (0, 0) }
    var leaving = Set<Int>()
    var names = Set<String>()
    switch action {
    case .rename(let new):
      guard !selector.isGlob, !new.isEmpty else {
        throw EditFailure(.value, "rename takes one name, no pattern")
      }
      let isDefined = selected.contains { table.symbols[$0].isDefined }
      let taken = table.symbols.contains {
        $0.name.string == new && ($0.isDefined || !isDefined) && $0.binding != STB.LOCAL
      }
      if taken { throw EditFailure(.already, "there is a dynamic symbol '\(new)' already") }
      let offset = try dynamicStringOffset(new)
      guard let renewed = try dynamicSymbols(), let stored = UInt32(exactly: offset) else {
        return (0, 0)
      }
      table = renewed
      for index in selected {
        names.insert(table.symbols[index].name.string)
        table.symbols[index].nameOffset = stored
      }
      names.insert(new)
      try rewrite(table, leaving: [], renamed: (Set(selected), new))
    case .localize, .hide:
      for index in selected where table.symbols[index].binding != STB.LOCAL {
        try requireLocalizable(index, table)
        names.insert(table.symbols[index].name.string)
        leaving.insert(index)
      }
      guard !leaving.isEmpty else { return (selected.count, 0) }
      try rewrite(table, leaving: leaving, renamed: nil)
    default: return (0, 0)
    }
    plan.symbols?.formUnion(names)
    return (selected.count, selected.count)
  }

  /// Refuses a symbol that others must find, or that this file must.
  private func requireLocalizable(
    _ index: Int, _ table: DynamicSymbolTable
  ) throws(EditFailure) {
    let symbol = table.symbols[index]
    func refuse(_ why: String) -> EditFailure {
      EditFailure(.linked, "'\(symbol.name.string)' \(why)", hint: "relink with a version script")
    }
    guard symbol.isDefined else { throw refuse("is defined by another file") }
    guard symbol.binding != STB.GNU_UNIQUE else { throw refuse("is unique in the whole process") }
    let copy = image.copyType
    for relocation in table.relocations where relocation.symbol == index && relocation.type == copy
    {
      throw refuse("is a copy of a variable of a library, which must find it")
    }
  }

  /// The table, after it is clear that nothing unknown stores numbers of its symbols.
  private func dynamicSymbols() throws(EditFailure) -> DynamicSymbolTable? {
    guard image.symbolTable(SHT.DYNSYM) != nil, !image.isSeparateDebugFile else { return nil }
    guard let table = DynamicSymbolTable(image),
      Int(table.section.info) <= table.symbols.count,
      table.symbols[..<Int(table.section.info)].allSatisfy({ $0.binding == STB.LOCAL }),
      table.symbols[Int(table.section.info)...].allSatisfy({ $0.binding != STB.LOCAL })
    else {
      throw EditFailure(.malformed, "the dynamic symbol table and its tags disagree")
    }
    try requireTables()
    return table
  }

  /// What is about to be written must be what the sections call it, too.
  private func requireTables() throws(EditFailure) {
    let tables: [(tag: Int64, size: Int64?, types: Set<UInt32>)] = [
      (DT.VERSYM, nil, [SHT.GNU_VERSYM]), (DT.GNU_HASH, nil, [SHT.GNU_HASH]),
      (DT.HASH, nil, [SHT.HASH]), (DT.RELA, DT.RELASZ, [SHT.RELA]), (DT.REL, DT.RELSZ, [SHT.REL]),
      (DT.JMPREL, DT.PLTRELSZ, [SHT.RELA, SHT.REL]),
    ]
    for (tag, size, types) in tables {
      guard let address = image.dynamicValue(tag), size.flatMap({ image.dynamicValue($0) }) != 0
      else { continue }
      let isNamed = image.sections.contains {
        $0.isLoaded && types.contains($0.type) && $0.memoryRange.contains(address)
      }
      guard isNamed else {
        throw EditFailure(
          .malformed, "the table of \(tagName(tag)) at va \(hex(address)) is in no such section")
      }
    }
  }

  private func requireKnownNumbers(_ table: DynamicSymbolTable) throws(EditFailure) {
    // SYMTAB_SHNDX; packed relocations of Android; prelink's tables; order is meaning on MIPS.
    let unknown: Set<Int64> = [DT.SYMTAB_SHNDX, 0x6000_000f, 0x6000_0011, 0x6fff_fef8, 0x6fff_fef9]
    let tag = image.dynamicEntries.first { unknown.contains($0.tag) }?.tag
    let isListed = image.sections.dropFirst().contains {
      !$0.isLoaded && Int($0.link) == table.section.index
    }
    let machines: Set<UInt16> = [EM.MIPS, 2, 43]
    guard tag == nil, !isListed, !machines.contains(image.machine) else {
      throw EditFailure(
        .unsupported,
        "dynamic symbols cannot be renumbered: "
          + (tag.map { "the tag \(tagName($0))" } ?? "something of this machine or file")
          + " depends on their numbers")
    }
  }

  // MARK: Writing

  /// Writes the table with the hash tables, versions and relocations that go with it.
  private func rewrite(
    _ table: DynamicSymbolTable, leaving: Set<Int>, renamed: (indices: Set<Int>, name: String)?
  ) throws(EditFailure) {
    let format = image.format
    func name(_ index: Int) -> [UInt8] {
      if let renamed, renamed.indices.contains(index) { return Array(renamed.name.utf8) }
      return table.symbols[index].name.array
    }
    let gnu = try image.gnuHash(count: table.symbols.count)
    let locals = Int(table.section.info)
    var order = Array(0..<locals) + leaving.sorted()
    let firstHashed = gnu?.firstSymbol ?? table.symbols.count
    order += (locals..<table.symbols.count).filter { $0 < firstHashed && !leaving.contains($0) }
    var hashed: [(bucket: UInt32, index: Int, hash: UInt32)] = []
    if let gnu {
      for index in max(locals, firstHashed)..<max(table.symbols.count, firstHashed)
      where !leaving.contains(index) {
        let hash = GNUHash.hash(name(index))
        hashed.append((hash % gnu.bucketCount, index, hash))
      }
      hashed.sort { ($0.bucket, $0.index) < ($1.bucket, $1.index) }
      order += hashed.map(\.index)
    }
    guard order.count == table.symbols.count else {
      throw EditFailure(.malformed, "the hash table has local symbols")
    }
    var map = [Int](repeating: 0, count: order.count)
    for (new, old) in order.enumerated() { map[old] = new }
    let isIdentity = map.indices.allSatisfy { map[$0] == $0 }
    if !isIdentity { try requireKnownNumbers(table) }

    var content: [UInt8] = []
    for old in order {
      var symbol = table.symbols[old]
      if leaving.contains(old) {
        symbol.info = STB.LOCAL << 4 | symbol.type
        // glibc's lazy binding asks for the visibility alone whether it has to look for the name.
        symbol.other = symbol.other & ~3 | STV.HIDDEN
      }
      content += symbol.record.encoded(format)
    }
    // An empty table stays as it is.
    if let gnu, gnu.chainCount > 0 {
      let hashes = hashed.map { (bucket: $0.bucket, hash: $0.hash) }
      try writeHeader(
        gnu.encoded(hashes, first: order.count - hashed.count, format), at: gnu.offset)
    }
    if let old = try image.systemVHash(count: order.count) {
      let names = order.map { old.reached.contains($0) && !leaving.contains($0) ? name($0) : nil }
      try writeHeader(old.encoded(names, format), at: old.offset)
    }
    if !isIdentity {
      for relocation in table.relocations {
        let old = relocation.symbol
        guard old < map.count else {
          throw EditFailure(
            .malformed, "a relocation names the dynamic symbol \(old), which is none")
        }
        guard map[old] != old else { continue }
        let record = RelocationPlace(
          offset: relocation.offset, info: UInt64(map[old]) << 32 | relocation.type)
        try writeHeader(record.encoded(format), at: relocation.place)
      }
    }
    if !table.versions.isEmpty {
      let versions = order.flatMap {
        format.encode(UInt64(leaving.contains($0) ? VER.NDX_LOCAL : table.versions[$0]), size: 2)
      }
      try writeHeader(versions, at: table.versionOffset)
    }
    try writeHeader(content, at: Int(table.section.offset))
    if !leaving.isEmpty {
      var section = table.section
      section.info = UInt32(locals + leaving.count)
      try writeHeader(
        section.encoded(format),
        at: Int(image.sectionTableOffset) + section.index * format.sectionEntrySize)
    }
    let before = plan.dynamicSymbols ?? Array(map.indices)
    plan.dynamicSymbols = before.map { map.indices.contains($0) ? map[$0] : $0 }
    try refresh()
  }

  // MARK: Versions

  /// `symbol unversion NAME`
  func unversionDynamic(_ selector: SymbolSelector) throws(EditFailure) {
    guard let table = try dynamicSymbols() else {
      throw EditFailure(.notFound, "the file has no dynamic symbols")
    }
    let selected = table.symbols.indices.dropFirst().filter { selector.matches(table.symbols[$0]) }
    guard !selected.isEmpty else {
      throw EditFailure(.notFound, "there is no such dynamic symbol")
    }
    let changes = selected.filter {
      table.versions.indices.contains($0) && table.versions[$0] & ~VER.NDX_HIDDEN > VER.NDX_GLOBAL
    }
    guard !changes.isEmpty else { return try nothingToDo("the symbols have no version") }
    var seen: [String: Int] = [:]
    for index in table.symbols.indices where table.symbols[index].isDefined {
      guard changes.contains(index) || table.versions[index] == VER.NDX_GLOBAL else { continue }
      let name = table.symbols[index].name.string
      if seen.updateValue(index, forKey: name) != nil,
        changes.contains(where: { table.symbols[$0].name.string == name })
      {
        throw EditFailure(
          .ambiguous, "without a version there would be two definitions of '\(name)'")
      }
    }
    for index in changes {
      plan.unversioned.insert(table.symbols[index].name.string)
      try writeHeader(
        image.format.encode(UInt64(VER.NDX_GLOBAL), size: 2), at: table.versionOffset + 2 * index)
    }
    try refresh()
    note("\(changes.count) dynamic symbols have no version any more")
  }
}
