// `.dynsym` and what belongs to it: `.dynstr`, the hash tables, the versions.
//
// Order: the null symbol, the symbols that are looked for elsewhere, then those that others may find
// here, sorted by hash bucket, as `.gnu.hash` demands. (gABI, "Dynamic Linking"; the GNU hash and
// version sections.)

internal import ELF

struct DynamicSymbols: Sendable {
  /// In the order of `.dynsym`, without the null symbol.
  private(set) var symbols: [SymbolID] = []
  private(set) var nameOffsets: [UInt32] = []
  /// `.gnu.version`, by index in `.dynsym`.
  private(set) var versions: [UInt16] = []
  /// Index of the first symbol that is in `.gnu.hash`.
  private(set) var firstExported = 1
  private(set) var strings = StringTable()
  private(set) var needs: [VersionNeed] = []
  /// GNU hash of each exported symbol, in order.
  private var hashes: [UInt32] = []
  private var sysvHashes: [UInt32] = []
  private var bucketCount = 1
  /// Words of the Bloom filter.
  private var bloomSize = 1
  private var format = Format.native

  var count: Int { symbols.count + 1 }
  var hasVersions: Bool { !needs.isEmpty || definesVersions }
  private(set) var definesVersions = false

  /// The versions that are needed of one library.
  struct VersionNeed: Sendable {
    let file: FileID
    let soname: UInt32
    var versions: [(index: UInt16, name: UInt32, hash: UInt32)]
  }

  init() {}

  // MARK: Making

  init(_ selection: Selection) {
    format = selection.inputs.target.format
    let program = selection.program
    definesVersions = !program.definedVersions.isEmpty
    let isDefined = { (symbol: SymbolID) in selection.isDefinedHere(symbol) }
    let imports = selection.dynamicSymbols.filter { !isDefined($0) }
    let exports = selection.dynamicSymbols.filter(isDefined)
    firstExported = imports.count + 1

    bucketCount = max(1, exports.count / 4)
    bloomSize = 1
    while bloomSize * format.wordSize * 8 < exports.count * 12 { bloomSize *= 2 }
    let buckets = UInt32(bucketCount)
    let hashed = exports.map {
      (symbol: $0, hash: DynamicSymbols.gnuHash(selection.exportName($0)))
    }
    .enumerated()
    .sorted { ($0.element.hash % buckets, $0.offset) < ($1.element.hash % buckets, $1.offset) }
    .map(\.element)
    hashes = hashed.map(\.hash)
    symbols = imports + hashed.map(\.symbol)
    for (index, symbol) in symbols.enumerated() {
      let name = selection.exportName(symbol)
      nameOffsets.append(strings.append(name))
      selection.entries.records[selection.entries.index(making: symbol)].dynamicSymbol =
        Int32(index + 1)
      if selection.options.hashStyle.contains(.sysv) {
        sysvHashes.append(DynamicSymbols.sysvHash(name))
      }
    }
    assignVersions(selection)
  }

  private mutating func assignVersions(_ selection: Selection) {
    let program = selection.program
    versions = [VER.NDX_LOCAL]
    var next = UInt16(program.definedVersions.count + 2)
    var known: [FileID: [String: UInt16]] = [:]
    var order: [FileID] = []
    var lists: [FileID: [(UInt16, String)]] = [:]
    for symbol in symbols {
      let facts = program.flags[symbol]
      guard facts.contains(.shared) else {
        let own = program.versionIndex[symbol]
        versions.append(
          facts.contains(.undefined)
            ? VER.NDX_GLOBAL : own > VER.NDX_GLOBAL ? own : program.defaultVersionIndex)
        continue
      }
      let entry = selection.inputs.entry(of: symbol)
      let shared = selection.inputs.sharedObjects[
        Int(selection.files[entry.file.index].sharedIndex)]
      let isPlain = shared.versionIndices.count == 0 && selection.options.defaultImportedVersion
      guard
        let name = shared.version(of: entry.index)?.name.string ?? (isPlain ? shared.soname : nil)
      else {
        versions.append(VER.NDX_GLOBAL)
        continue
      }
      if let index = known[entry.file]?[name] {
        versions.append(index)
        continue
      }
      if known[entry.file] == nil { order.append(entry.file) }
      guard next < VER.NDX_HIDDEN else {
        selection.log.error(.tooMuch("symbol versions", VersionScript.maximumNodeCount))
        return
      }
      known[entry.file, default: [:]][name] = next
      lists[entry.file, default: []].append((next, name))
      versions.append(next)
      next += 1
    }
    if selection.options.packRelativeRelocations {
      addRelrVersion(selection, &order, &lists, &next)
    }
    for file in order.sorted() {
      let soname = selection.soname(file)
      needs.append(
        VersionNeed(
          file: file, soname: strings.add(soname),
          versions: (lists[file] ?? []).map { index, name in
            (index, strings.add(name), DynamicSymbols.sysvHash(name))
          }))
    }
  }

  /// glibc loads a program with DT_RELR only if it says that it needs a libc that knows about it.
  private func addRelrVersion(
    _ selection: Selection, _ order: inout [FileID], _ lists: inout [FileID: [(UInt16, String)]],
    _ next: inout UInt16
  ) {
    if selection.options.usesAndroidTags { return }
    for file in selection.program.neededSharedObjects {
      let shared = selection.inputs.sharedObjects[Int(selection.files[file.index].sharedIndex)]
      guard shared.soname.hasPrefix("libc.so."),
        shared.versionNames.contains(where: { $0.equals("GLIBC_ABI_DT_RELR") })
      else { continue }
      if lists[file] == nil { order.append(file) }
      lists[file, default: []].append((next, "GLIBC_ABI_DT_RELR"))
      next &+= 1
    }
  }

  /// Adds a string to `.dynstr`.
  mutating func string(_ text: String) -> UInt32 { strings.add(text) }
  mutating func padStrings(_ count: Int) { strings.pad(count) }

  // MARK: Sizes

  var gnuHashSize: UInt64 {
    UInt64(16 + bloomSize * format.wordSize + bucketCount * 4 + hashes.count * 4)
  }
  private var sysvBucketCount: Int { max(1, count / 2) }
  var sysvHashSize: UInt64 { UInt64(8 + sysvBucketCount * 4 + count * 4) }
  var needsSize: UInt64 { UInt64(needs.reduce(0) { $0 + 16 + 16 * $1.versions.count }) }

  // MARK: Writing

  /// `.gnu.hash`: header, Bloom filter, buckets, chains.
  func writeGNUHash(to out: OutputBytes) {
    out.store(UInt32(bucketCount), at: 0)
    out.store(UInt32(firstExported), at: 4)
    out.store(UInt32(bloomSize), at: 8)
    out.store(26 as UInt32, at: 12)  // the second Bloom bit is hash >> 26
    let wordBits = UInt32(format.wordSize * 8)
    var bloom = [UInt64](repeating: 0, count: bloomSize)
    for hash in hashes {
      bloom[Int(hash / wordBits) % bloomSize] |=
        1 << UInt64(hash % wordBits) | 1 << UInt64((hash >> 26) % wordBits)
    }
    for (index, word) in bloom.enumerated() {
      out.storeWord(word, at: 16 + index * format.wordSize, format)
    }
    let buckets = 16 + bloomSize * format.wordSize
    let chains = buckets + bucketCount * 4
    for index in 0..<bucketCount { out.store(0 as UInt32, at: buckets + index * 4) }
    for (index, hash) in hashes.enumerated() {
      let bucket = Int(hash % UInt32(bucketCount))
      if out.load(UInt32.self, at: buckets + bucket * 4) == 0 {
        out.store(UInt32(firstExported + index), at: buckets + bucket * 4)
      }
      let isLast =
        index + 1 == hashes.count || Int(hashes[index + 1] % UInt32(bucketCount)) != bucket
      out.store(isLast ? hash | 1 : hash & ~1, at: chains + index * 4)
    }
  }

  /// `.hash`: counts, buckets, chains.
  func writeSysvHash(to out: OutputBytes) {
    let buckets = sysvBucketCount
    out.store(UInt32(buckets), at: 0)
    out.store(UInt32(count), at: 4)
    out.fill(0, 8..<Int(sysvHashSize))
    for index in 1..<max(count, 1) {
      let bucket = 8 + Int(sysvHashes[index - 1] % UInt32(buckets)) * 4
      out.store(out.load(UInt32.self, at: bucket), at: 8 + buckets * 4 + index * 4)
      out.store(UInt32(index), at: bucket)
    }
  }

  /// `.gnu.version_r`
  func writeNeeds(to out: OutputBytes) {
    var offset = 0
    for (number, need) in needs.enumerated() {
      let isLast = number + 1 == needs.count
      out.store(1 as UInt16, at: offset)
      out.store(UInt16(need.versions.count), at: offset + 2)
      out.store(need.soname, at: offset + 4)
      out.store(16 as UInt32, at: offset + 8)
      out.store(isLast ? 0 : UInt32(16 + 16 * need.versions.count), at: offset + 12)
      offset += 16
      for (index, version) in need.versions.enumerated() {
        out.store(version.hash, at: offset)
        out.store(0 as UInt16, at: offset + 4)
        out.store(version.index, at: offset + 6)
        out.store(version.name, at: offset + 8)
        out.store(index + 1 == need.versions.count ? 0 : 16 as UInt32, at: offset + 12)
        offset += 16
      }
    }
  }

  // MARK: Hashes

  /// The hash of `.gnu.hash`: h × 33 + c, from 5381.
  static func gnuHash(_ name: ByteView) -> UInt32 {
    var hash: UInt32 = 5381
    for byte in name.buffer { hash = hash &* 33 &+ UInt32(byte) }
    return hash
  }

  /// The hash of `.hash` and of version names (gABI, "Hash Table").
  static func sysvHash(_ name: ByteView) -> UInt32 { sysvHash(name.buffer) }
  static func sysvHash(_ name: String) -> UInt32 { sysvHash(name.utf8) }

  private static func sysvHash(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var hash: UInt32 = 0
    for byte in bytes {
      hash = (hash << 4) &+ UInt32(byte)
      let high = hash & 0xf000_0000
      if high != 0 { hash ^= high >> 24 }
      hash &= ~high
    }
    return hash
  }
}

/// `.gnu.version_d`: the versions that this output defines.
struct VersionDefinitions: Sendable {
  private var entries: [(flags: UInt16, index: UInt16, hash: UInt32, names: [UInt32])] = []

  /// The base definition names the library itself.
  init(_ selection: Selection, _ strings: inout DynamicSymbols) {
    guard strings.definesVersions else { return }
    let base = selection.options.libraryName
    entries.append((VER.FLG_BASE, 1, DynamicSymbols.sysvHash(base), [strings.string(base)]))
    for (number, version) in selection.program.definedVersions.enumerated() {
      entries.append(
        (
          0, UInt16(number + 2), DynamicSymbols.sysvHash(version.name),
          ([version.name] + version.parents).map { strings.string($0) }
        ))
    }
  }

  var count: Int { entries.count }
  var size: UInt64 { UInt64(entries.reduce(0) { $0 + 20 + 8 * $1.names.count }) }

  func write(to out: OutputBytes) {
    var offset = 0
    for (number, entry) in entries.enumerated() {
      let length = 20 + 8 * entry.names.count
      out.store(1 as UInt16, at: offset)
      out.store(entry.flags, at: offset + 2)
      out.store(entry.index, at: offset + 4)
      out.store(UInt16(entry.names.count), at: offset + 6)
      out.store(entry.hash, at: offset + 8)
      out.store(20 as UInt32, at: offset + 12)
      out.store(number + 1 == entries.count ? 0 : UInt32(length), at: offset + 16)
      for (index, name) in entry.names.enumerated() {
        out.store(name, at: offset + 20 + index * 8)
        out.store(index + 1 == entry.names.count ? 0 : 8 as UInt32, at: offset + 24 + index * 8)
      }
      offset += length
    }
  }
}

extension Selection {
  /// Whether a dynamic symbol has its definition in this output: its own, a copy, or the PLT entry
  /// that stands for a function's address.
  func isDefinedHere(_ symbol: SymbolID) -> Bool {
    let facts = program.flags[symbol]
    if facts.isDisjoint(with: [.shared, .undefined]) { return true }
    return !facts.isDisjoint(with: [.needsCopy, .needsCanonicalPLT])
  }

  /// The name under which `.dynsym` shows a symbol: without its version.
  func exportName(_ symbol: SymbolID) -> ByteView {
    let name = inputs.name(of: symbol)
    guard let at = name.firstIndex(of: 0x40), at > 0 else { return name }
    return name.slice(0, at) ?? name
  }

  func soname(_ file: FileID) -> String {
    inputs.sharedObjects[Int(files[file.index].sharedIndex)].soname
  }
}
