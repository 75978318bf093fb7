// Gives every distinct global name a number.
//
// Before: symbol tables are read, names are bytes in string tables. After: `names[symbol]` is equal
// for two entries exactly if their names are, and `best` holds for each name who would define it if
// every archive member took part (the pulling of members starts from that).
//
// A Chromium link has about 10 million global entries. There is no concurrent map: first each
// worker hashes the names of some files into records, sorted by shard (bits of the hash); then one
// worker for each shard enters its records into a private table. Chunks of files do not depend on
// the number of threads and shards read them in order, so numbers are the same for any number.
//
// Two names are equal if 92 bits of their XXH3-128 hashes are. Comparing the bytes as well would
// cost two cache misses for each of the millions of records; a chance collision among 10 million
// names has a probability of about 10⁻¹⁴ (docs/Design.md says more).

internal import CShims
internal import CXXHash
internal import ELF
internal import Glibc
internal import Parallel

/// One occurrence of a global name.
private struct NameRecord: BitwiseCopyable {
  /// The low half of the hash; its top bits choose the shard.
  var low: UInt64
  /// 28 bits of the high half, then 4 of `Occurrence`.
  var check: UInt32
  var symbol: UInt32
}

/// What an occurrence does with its name, in 4 bits.
private enum Occurrence: UInt32 {
  case reference, strong, weak, common, shared, provided, assignment
  case lazy, lazyCommon

  var rank: Candidate.Rank {
    switch self {
    case .reference: .undefined
    case .strong: .strong
    case .common: .liveCommon
    case .weak: .weak
    case .provided: .undefined
    case .shared, .lazy: .lazy
    case .lazyCommon: .lazyCommon
    case .assignment: .assignment
    }
  }
}

/// The records of one chunk of files, sorted by shard.
private struct RecordChunk: BitwiseCopyable {
  var files: (first: Int, end: Int) = (0, 0)
  var records = Block<NameRecord>.empty
  /// `starts[s]..<starts[s + 1]` are the records of shard s.
  var starts = Block<UInt32>.empty
}

extension Program {
  private static var shardBits: Int { 6 }
  private static var shardCount: Int { 1 << shardBits }
  /// Global entries in a chunk, about.
  private static var chunkSize: Int { 1 << 15 }

  func internSymbolNames() {
    let startStop = Gathered<String>(pool)
    let versions = Gathered<ExplicitVersion>(pool)
    var chunks = makeChunks()
    let block = Block<RecordChunk>(count: chunks.count + 1)
    for (index, chunk) in chunks.enumerated() { block[index] = chunk }
    let wraps = inputs.wraps
    let rooms = Scratch<NameRecord>(pool)
    pool.parallelForEach(chunks.count) { index, worker in
      self.hashNames(&block[index], wraps, startStop, versions, rooms, worker)
    }
    // The linker's own symbols come last: which __start_ names are wanted is known only now.
    addLinkerSymbols(startStop.take())
    block[chunks.count].files = (files.count - 1, files.count)
    hashNames(&block[chunks.count], wraps, startStop, versions, rooms, Worker.caller)
    rooms.release()
    explicitVersions = versions.take().sorted { $0.symbol < $1.symbol }
    chunks = (0...chunks.count).map { block[$0] }
    enterNames(chunks)
    bindVersions()
  }

  /// Consecutive files with about `chunkSize` global entries together.
  private func makeChunks() -> [RecordChunk] {
    var chunks: [RecordChunk] = []
    var first = 0
    var count = 0
    let chunkSize = pool.portion(Program.chunkSize)
    for index in 0..<(files.count - 1) {
      count += files[index].symbolCount - Int(files[index].firstGlobal)
      if count >= chunkSize {
        chunks.append(RecordChunk(files: (first, index + 1)))
        first = index + 1
        count = 0
      }
    }
    if first < files.count - 1 { chunks.append(RecordChunk(files: (first, files.count - 1))) }
    return chunks
  }

  /// Makes the rows of the linker's own file: requested ones, those that the map defines, and a
  /// start and end for each `__start_X` that somebody refers to.
  private func addLinkerSymbols(_ startStop: [String]) {
    let table = inputs.linkerSymbols
    let visibility = options.startStopVisibility.value
    let mentioned = table.entries.lazy.filter { $0.role == .reference }.map(\.name)
      .filter { $0.hasPrefix("__start_") || $0.hasPrefix("__stop_") }
    let isRelocatable = options.outputKind == .relocatable
    for name in Set(startStop + (isRelocatable ? [] : Array(mentioned))).sorted() {
      if name.hasPrefix("__start_") {
        table.add(name, .sectionStart(String(name.dropFirst(8))), visibility: visibility)
      } else {
        table.add(name, .sectionStop(String(name.dropFirst(7))), visibility: visibility)
      }
    }
    table.makeTables(&files[files.count - 1])
    files[files.count - 1].symbolBase = UInt32(inputs.symbolCount)
    inputs.symbolCount += files[files.count - 1].symbolCount
    makeSymbolTables()
  }

  // MARK: Hashing

  private func hashNames(
    _ chunk: inout RecordChunk, _ wraps: WrapTable?, _ startStop: Gathered<String>,
    _ versions: Gathered<ExplicitVersion>, _ rooms: Scratch<NameRecord>, _ worker: Worker
  ) {
    var capacity = 0
    for index in chunk.files.first..<chunk.files.end {
      let file = files[index]
      capacity += file.symbolCount - Int(file.firstGlobal) + Int(file.groupCount)
    }
    let unsorted = rooms.room(capacity, worker)
    var count = 0
    for index in chunk.files.first..<chunk.files.end {
      hashNames(of: FileID(index), unsorted, &count, wraps, startStop, versions, worker)
    }
    let shift = UInt64(64 - Program.shardBits)
    (chunk.records, chunk.starts) = unsorted.sorted(count, shards: Program.shardCount) {
      Int($0.low >> shift)
    }
  }

  private func hashNames(
    of id: FileID, _ records: Block<NameRecord>, _ count: inout Int, _ wraps: WrapTable?,
    _ startStop: Gathered<String>, _ versions: Gathered<ExplicitVersion>, _ worker: Worker
  ) {
    let file = files[id.index]
    guard let strings = file.symbolNames.buffer.baseAddress, file.symbolCount > 0 else { return }
    let stringCount = file.symbolNames.count
    let symbols = file.symbols
    // An object for a further link leaves versions and boundaries of sections to that link.
    let isRelocatable = options.outputKind == .relocatable
    for index in file.globals {
      let symbol = symbols[index]
      guard Int(symbol.nameOffset) < stringCount else {
        log.error(
          .malformedFile(inputs.displayName(id), "symbol \(index) has its name outside the table"),
          at: inputs.place(id))
        return
      }
      // String tables end in NUL (checked while reading), so this stays inside.
      let start = strings + Int(symbol.nameOffset)
      let (length, hasVersion) = memoryMeasure(start, upTo: 0x40)
      var name = ByteView(start, count: length)
      let occurrence: Occurrence
      if file.kind == .shared {
        guard symbol.binding != STB.LOCAL else {
          log.error(
            .malformedFile(
              inputs.displayName(id),
              "dynamic symbol \(index) (\(name.string)) is local, and sh_info of the table says "
                + "that only \(file.firstGlobal) symbols are"),
            at: inputs.place(id))
          return
        }
        if symbol.sectionIndex != SHN.UNDEF && !isFindable(symbol, index, file) { continue }
        occurrence = symbol.sectionIndex == SHN.UNDEF ? .reference : .shared
      } else {
        occurrence = self.occurrence(symbol, index, file)
        if file.kind == .object {
          if occurrence == .reference {
            if name.count > 7 && name[0] == 0x5f && !isRelocatable && isStartStop(name) {
              startStop.append(name.string, worker)
            }
            if let wraps, let other = wraps.replacement(name) { name = other }
          }
          if isCommon(symbol) && name.equals("__gnu_lto_slim") { reportGIMPLE(id) }
        }
        if !isRelocatable && hasVersion {
          name = splitVersion(name, file.symbolID(index), occurrence, versions, worker)
        }
      }
      records[count] = record(name, occurrence, file.symbolBase &+ UInt32(index))
      count += 1
    }
    if file.groupCount > 0 { hashLocalSignatures(file, records, &count) }
  }

  @inline(__always) private func record(
    _ name: ByteView, _ occurrence: Occurrence, _ symbol: UInt32
  ) -> NameRecord {
    let hash = swold_xxh3_128(name.buffer.baseAddress, name.count)
    let check = UInt32(truncatingIfNeeded: hash.high) & 0xffff_fff0 | occurrence.rawValue
    return NameRecord(low: hash.low, check: check, symbol: symbol)
  }

  /// A file has nothing but the intermediate form of GCC, and no plugin has taken it. (With -r the
  /// plugin itself makes such files.)
  private func reportGIMPLE(_ id: FileID) {
    if let optimization = inputs.optimization, optimization.isCompiled { return }
    log.error(.needsPlugin(inputs.displayName(id)), at: inputs.place(id))
  }

  /// How good a definition is while every archive member might take part.
  func rankBeforePulling(_ symbol: Symbol, _ index: Int, _ file: InputFile) -> Candidate.Rank {
    occurrence(symbol, index, file).rank
  }

  private func occurrence(_ symbol: Symbol, _ index: Int, _ file: InputFile) -> Occurrence {
    if file.kind == .linker {
      let entry = inputs.linkerSymbols.entries[index - 1]
      if entry.role == .reference { return .reference }
      // What an assignment takes the value of is pulled as if there were no assignment.
      return entry.isProvided || entry.isExtended ? .provided : .assignment
    }
    if symbol.sectionIndex == SHN.UNDEF { return .reference }
    if isCommon(symbol) { return file.isLazy ? .lazyCommon : .common }
    if file.isLazy { return .lazy }
    return symbol.binding == STB.WEAK ? .weak : .strong
  }

  private func isStartStop(_ name: ByteView) -> Bool {
    let prefix = name.hasPrefix("__start_") ? 8 : name.hasPrefix("__stop_") ? 7 : 0
    // A version is somebody else's: the linker's own symbols have none.
    return prefix > 0 && name.count > prefix && name.firstIndex(of: 0x40) == nil
  }

  /// The name under which a symbol with a version takes part: a definition `foo@@V` is `foo`, the
  /// rest are names of their own. All are remembered.
  private func splitVersion(
    _ name: ByteView, _ symbol: SymbolID, _ occurrence: Occurrence,
    _ versions: Gathered<ExplicitVersion>, _ worker: Worker
  ) -> ByteView {
    guard let (base, version, isDefault) = ExplicitVersion.parts(of: name) else { return name }
    if isDefault && version.isEmpty { return base }
    let isReference = occurrence == .reference
    versions.append(
      ExplicitVersion(
        symbol: symbol, base: base, version: version, isDefault: isDefault && !isReference), worker)
    guard isDefault else { return name }
    // A reference to `foo@@V` wants that version. Assemblers write `foo@V`, so this is rare.
    return isReference ? ByteView.permanent("\(base.string)@\(version.string)") : base
  }

  /// COMDAT groups may be named by a local symbol; its name takes part like a global one.
  private func hashLocalSignatures(
    _ file: InputFile, _ records: Block<NameRecord>, _ count: inout Int
  ) {
    for index in file.groups {
      let header = file.sectionHeaders[index]
      guard header.type == SHT.GROUP, header.info < file.firstGlobal,
        Int(header.info) < file.symbolCount
      else { continue }
      let symbol = file.symbols[Int(header.info)]
      var name = file.symbolName(Int(header.info))
      if symbol.type == STT.SECTION, name.isEmpty,
        Int(symbol.sectionIndex) < file.sectionCount
      {
        name = file.sectionName(file.sectionHeaders[Int(symbol.sectionIndex)])
      }
      records[count] = record(name, .reference, file.symbolBase &+ header.info)
      count += 1
    }
  }

  // MARK: Entering

  private func enterNames(_ chunks: [RecordChunk]) {
    // Numbers of shard s begin where the records of the shards before it would end if all names
    // were distinct: no shard has to wait for another.
    var bases = [Int](repeating: 0, count: Program.shardCount + 1)
    for chunk in chunks {
      for shard in 0..<Program.shardCount {
        bases[shard + 1] += Int(chunk.starts[shard + 1] - chunk.starts[shard])
      }
    }
    for shard in 0..<Program.shardCount { bases[shard + 1] += bases[shard] }
    names = Column(count: inputs.symbolCount)
    best = AtomicMinimum(count: bases[Program.shardCount] + 1)
    let (names, best, files) = (names, best, files)
    let shardBases = bases
    let commons = Gathered<NameID>(pool)
    let lazyCommons = Gathered<(name: NameID, file: FileID)>(pool)
    let hasLibraries = !inputs.sharedObjects.isEmpty
    pool.parallelForEach(Program.shardCount) { shard, worker in
      // Most names occur several times; in a small link it costs less to have room for all.
      let count = shardBases[shard + 1] - shardBases[shard]
      var table = HashNumbering(capacity: max(count / 4, min(count, 128)))
      for chunk in chunks {
        var file = chunk.files.first
        let range = Int(chunk.starts[shard])..<Int(chunk.starts[shard + 1])
        for index in range {
          if index &+ 8 < range.upperBound { table.prefetch(chunk.records[index &+ 8].low) }
          let record = chunk.records[index]
          let name = NameID(shardBases[shard] + table.enter(record.low, record.check).number)
          names[SymbolID(rawValue: record.symbol)] = name
          guard let occurrence = Occurrence(rawValue: record.check & 15) else { continue }
          if occurrence == .common { commons.append(name, worker) }
          let rank = occurrence.rank
          guard rank != .undefined else { continue }
          // Records of a chunk are in file order.
          while file + 1 < chunk.files.end
            && files[file + 1].symbolBase <= record.symbol
          { file += 1 }
          best.offer(
            Candidate(rank, FileID(file), Int(record.symbol - files[file].symbolBase)).key,
            at: name)
          if occurrence == .lazyCommon && hasLibraries {
            lazyCommons.append((name, FileID(file)), worker)
          }
        }
      }
      table.release()
    }
    liveCommons = Set(commons.take())
    self.lazyCommons = Dictionary(lazyCommons.take(), uniquingKeysWith: min)
    for chunk in chunks {
      chunk.records.release()
      chunk.starts.release()
    }
  }

  /// Common symbols of either kind: SHN_COMMON, and that of the large code model.
  @inline(__always) func isCommon(_ symbol: Symbol) -> Bool {
    symbol.isCommon(large: largeCommonIndex)
  }

  @inline(__always) func isLargeCommon(_ symbol: Symbol) -> Bool {
    symbol.isLargeCommon(largeCommonIndex)
  }
}

extension Symbol {
  /// `large`: the section index that the machine has for those of the large code model; 0: none.
  @inline(__always) func isCommon(large: UInt16) -> Bool {
    sectionIndex == SHN.COMMON || isLargeCommon(large)
  }

  @inline(__always) func isLargeCommon(_ large: UInt16) -> Bool {
    sectionIndex == large && sectionIndex != SHN.UNDEF
  }
}

extension ByteView {
  /// A copy of `text` that is never freed.
  static func permanent(_ text: String) -> ByteView {
    let copy = strdup(text)!
    return ByteView(UnsafeRawPointer(copy), count: strlen(copy))
  }
}
