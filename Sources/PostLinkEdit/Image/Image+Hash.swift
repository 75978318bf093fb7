// The two hash tables by which the dynamic linker finds a definition: DT_HASH of the gABI, a chain of
// symbol numbers for each bucket, and DT_GNU_HASH, whose buckets are runs of the symbol table itself, with
// a Bloom filter before them.

internal import ELF

/// `.gnu.hash`
struct GNUHash {
  let offset: Int
  let bucketCount: UInt32
  /// The number of the first symbol that the table has; all behind it are in it.
  let firstSymbol: Int
  let bloomCount: Int
  let bloomShift: UInt32
  /// How many chain entries the file has room for.
  let chainCount: Int
  fileprivate let bloom: ByteView
  fileprivate let buckets: ByteView
  fileprivate let chain: ByteView

  static func hash(_ name: some Sequence<UInt8>) -> UInt32 {
    name.reduce(5381) { $0 &* 33 &+ UInt32($1) }
  }

  /// The whole table for symbols in the order of their buckets.
  func encoded(
    _ symbols: [(bucket: UInt32, hash: UInt32)], first: Int, _ format: Format
  ) -> [UInt8] {
    let bits = UInt32(format.wordSize * 8)
    var filter = [UInt64](repeating: 0, count: bloomCount)
    var starts = [UInt32](repeating: 0, count: Int(bucketCount))
    var links = [UInt32](repeating: 0, count: chainCount)
    for (index, symbol) in symbols.enumerated() {
      let word = Int(symbol.hash / bits) % bloomCount
      filter[word] |= 1 << UInt64(symbol.hash % bits)
      filter[word] |= 1 << UInt64((bloomShift < 32 ? symbol.hash >> bloomShift : 0) % bits)
      if starts[Int(symbol.bucket)] == 0 { starts[Int(symbol.bucket)] = UInt32(first + index) }
      let isLast = index + 1 == symbols.count || symbols[index + 1].bucket != symbol.bucket
      links[index] = symbol.hash & ~1 | (isLast ? 1 : 0)
    }
    var out: [UInt8] = []
    for value in [bucketCount, UInt32(first), UInt32(bloomCount), bloomShift] {
      out += format.encode(UInt64(value), size: 4)
    }
    for value in filter { out += format.encode(value, size: format.wordSize) }
    for value in starts + links { out += format.encode(UInt64(value), size: 4) }
    return out
  }
}

/// `.hash`
struct SystemVHash {
  let offset: Int
  let bucketCount: Int
  /// 4, or 8 on a few machines.
  let entrySize: Int
  /// The symbols that the table has.
  let reached: Set<Int>

  static func hash(_ name: some Sequence<UInt8>) -> UInt32 {
    var value: UInt32 = 0
    for byte in name {
      value = value << 4 &+ UInt32(byte)
      let high = value & 0xf000_0000
      if high != 0 { value ^= high >> 24 }
      value &= ~high
    }
    return value
  }

  /// The whole table; symbols without a name here are not in it.
  func encoded(_ names: [[UInt8]?], _ format: Format) -> [UInt8] {
    var buckets = [Int](repeating: 0, count: bucketCount)
    var chain = [Int](repeating: 0, count: names.count)
    // From the last on, so that chains have the order of the symbols.
    for index in names.indices.reversed() {
      guard let name = names[index] else { continue }
      let bucket = Int(SystemVHash.hash(name)) % bucketCount
      chain[index] = buckets[bucket]
      buckets[bucket] = index
    }
    return ([bucketCount, names.count] + buckets + chain).flatMap {
      format.encode(UInt64($0), size: entrySize)
    }
  }
}

extension Image {
  /// `.gnu.hash` of a table of `count` symbols; nil if there is none.
  func gnuHash(count: Int) throws(EditFailure) -> GNUHash? {
    guard let address = dynamicValue(DT.GNU_HASH) else { return nil }
    let order = format.order
    guard let start = offset(ofVirtual: address, 16), let rest = bytes.suffix(from: start),
      let buckets = rest.load(UInt32.self, at: 0, order), buckets > 0,
      let begin = rest.load(UInt32.self, at: 4, order), Int(begin) <= max(count, 1),
      let bloom = rest.load(UInt32.self, at: 8, order), bloom > 0,
      let shift = rest.load(UInt32.self, at: 12, order)
    else { throw EditFailure(.malformed, "DT_GNU_HASH names no hash table") }
    let bloomSize = Int(bloom) * format.wordSize
    // Where nothing is exported GNU ld begins at symbol 1 all the same, and writes no chains.
    let isEmpty =
      rest.slice(16 + bloomSize, 4 * Int(buckets)).map { heads in
        (0..<heads.count).allSatisfy { heads[$0] == 0 }
      } ?? false
    let first = isEmpty ? count : min(Int(begin), count)
    let chain = count - first
    let size = 16 + bloomSize + 4 * (Int(buckets) + chain)
    guard offset(ofVirtual: address, UInt64(size)) == start,
      fits(size, SHT.GNU_HASH, at: address), let filter = rest.slice(16, bloomSize),
      let heads = rest.slice(16 + bloomSize, 4 * Int(buckets)),
      let links = rest.slice(16 + bloomSize + 4 * Int(buckets), 4 * chain)
    else { throw EditFailure(.malformed, "the hash table of DT_GNU_HASH is cut off") }
    return GNUHash(
      offset: start, bucketCount: buckets, firstSymbol: first,
      bloomCount: Int(bloom), bloomShift: shift, chainCount: chain, bloom: filter, buckets: heads,
      chain: links)
  }

  /// `.hash` of a table of `count` symbols; nil if there is none.
  func systemVHash(count: Int) throws(EditFailure) -> SystemVHash? {
    guard let address = dynamicValue(DT.HASH) else { return nil }
    // s390x and Alpha have words of 8 bytes here, as sh_entsize says.
    let isWide = sections.contains {
      $0.type == SHT.HASH && $0.address == address && $0.entrySize == 8
    }
    let entry = isWide ? 8 : 4
    func value(_ index: Int) -> Int? {
      bytes(atVirtual: address &+ UInt64(index * entry), UInt64(entry)).map {
        Int(truncatingIfNeeded: Format.decode($0.array, format.order))
      }
    }
    guard let buckets = value(0), buckets > 0, buckets < 1 << 30, let chain = value(1),
      chain == count,
      let start = offset(ofVirtual: address, UInt64((2 + buckets + chain) * entry)),
      fits((2 + buckets + chain) * entry, SHT.HASH, at: address)
    else { throw EditFailure(.malformed, "DT_HASH names no hash table of \(count) symbols") }
    var reached = Set<Int>()
    for bucket in 0..<buckets {
      var next = value(2 + bucket) ?? 0
      while next > 0, next < count, reached.insert(next).inserted {
        next = value(2 + buckets + next) ?? 0
      }
    }
    return SystemVHash(offset: start, bucketCount: buckets, entrySize: entry, reached: reached)
  }

  /// Whether a hash table ends with its section: one that does not would be written over what follows.
  private func fits(_ size: Int, _ type: UInt32, at address: UInt64) -> Bool {
    let home = sections.first { $0.type == type && $0.isLoaded && $0.address == address }
    return home.map { UInt64(size) <= $0.size } ?? true
  }

  /// The symbols called `name` that a loader finds in `.gnu.hash`.
  func lookUp(_ name: [UInt8], in table: GNUHash, _ symbols: [SymbolEntry]) -> [Int] {
    let order = format.order
    let hash = GNUHash.hash(name)
    let bits = UInt32(format.wordSize * 8)
    let word = Int(hash / bits) % table.bloomCount
    let filter = Format.decode(
      table.bloom.slice(word * format.wordSize, format.wordSize)?.array ?? [], order)
    let second = table.bloomShift < 32 ? hash >> table.bloomShift : 0
    guard filter >> UInt64(hash % bits) & 1 != 0, filter >> UInt64(second % bits) & 1 != 0,
      var index = table.buckets.load(UInt32.self, at: 4 * Int(hash % table.bucketCount), order)
        .map(Int.init), index >= table.firstSymbol
    else { return [] }
    var found: [Int] = []
    while index < symbols.count,
      let link = table.chain.load(UInt32.self, at: 4 * (index - table.firstSymbol), order)
    {
      if link | 1 == hash | 1, name.withView({ $0 == symbols[index].name }) { found.append(index) }
      if link & 1 != 0 { break }
      index += 1
    }
    return found
  }
}
