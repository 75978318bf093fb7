// `.gdb_index`: by which GDB finds the unit of a name or an address without reading all debug information
// (GDB's manual, "Index Section Format", version 8).
//
//     header           the version, and where the other parts begin
//     units            offset and size in `.debug_info` of each
//     type units       offset, offset of the type in it, signature
//     addresses        ranges of code, and each one's unit
//     symbol table     a hash table: for each name where it and its list of units are in the pool
//     constant pool    lists of units with what the name is there, then the names
//
// All sizes follow from the inputs and from what is live, so the section has its place before there are
// addresses; offsets and addresses are filled in when they are final (+Writing).

internal import ELF
internal import Parallel

struct GdbIndex {
  /// A unit in the output.
  struct Unit: BitwiseCopyable {
    var section: SectionID
    var offset: UInt64
    var size: UInt64
    var typeOffset: UInt64
    var signature: UInt64
  }

  let files: Results<IndexedFile>
  /// For each file the number of each of its units; `UInt32.max`: it is left out.
  let unitNumbers: Results<Block<UInt32>>
  /// Units that describe code, and behind them type units: by section of the output and offset in it.
  private(set) var units = GrowingBlock<Unit>()
  private(set) var typeUnits = GrowingBlock<Unit>()
  let shards: Results<NameShard>
  /// For each shard where its lists begin in the pool, and its names; one more for the end.
  private(set) var listStarts: [Int] = []
  private(set) var textStarts: [Int] = []
  /// For each file, where its ranges begin in the address area.
  private(set) var rangeStarts: [Int] = []
  private(set) var nameCount = 0

  static var version: UInt32 { 8 }
  static var headerSize: Int { 24 }
  static var unitSize: Int { 16 }
  static var typeUnitSize: Int { 24 }
  static var rangeSize: Int { 20 }
  static var maximumUnitCount: Int { 0xff_ffff }

  /// `infos` and `types`: the members of `.debug_info` and `.debug_types`, in order.
  init(
    _ files: Results<IndexedFile>, infos: [SectionID], types: [SectionID], _ pool: WorkerPool
  ) {
    self.files = files
    unitNumbers = Results(repeating: .empty, count: files.count)
    shards = Results(repeating: NameShard(), count: IndexedFile.shardCount)
    numberUnits(infos, types)
    let (shards, unitNumbers) = (shards, unitNumbers)
    if units.count + typeUnits.count <= GdbIndex.maximumUnitCount {
      pool.parallelForEach(shards.count) { shard, _ in
        shards.set(NameShard(shard, files, units: unitNumbers), at: shard)
      }
    }
    place()
  }

  /// In the order of the output, in which offsets rise.
  private mutating func numberUnits(_ infos: [SectionID], _ types: [SectionID]) {
    var owners: [SectionID: (file: Int, units: Range<Int>)] = [:]
    for index in 0..<files.count {
      let file = files[index]
      let numbers = Block<UInt32>(room: file.units.count)
      for unit in 0..<numbers.count { numbers[unit] = UInt32.max }
      unitNumbers.set(numbers, at: index)
      for (id, units) in file.infos + file.types { owners[id] = (index, units) }
    }
    for isType in [false, true] {
      for id in infos + types {
        guard let (file, range) = owners[id] else { continue }
        let rows = files[file].units
        for number in range where rows[number].isType == isType && !rows[number].isLeftOut {
          let row = rows[number]
          let count = units.count + typeUnits.count
          unitNumbers[file][number] = UInt32(truncatingIfNeeded: count)
          let unit = Unit(
            section: id, offset: UInt64(row.start), size: UInt64(row.size),
            typeOffset: row.typeOffset, signature: row.signature)
          if isType { typeUnits.append(unit) } else { units.append(unit) }
        }
      }
    }
  }

  private mutating func place() {
    var (lists, texts, ranges) = (0, 0, 0)
    for shard in 0..<shards.count {
      listStarts.append(lists)
      lists += shards[shard].words.count * 4
      nameCount += shards[shard].texts.count
    }
    listStarts.append(lists)
    texts = lists
    for shard in 0..<shards.count {
      textStarts.append(texts)
      texts += shards[shard].textSize
    }
    textStarts.append(texts)
    for file in 0..<files.count {
      rangeStarts.append(ranges)
      ranges += files[file].ranges.count
    }
    rangeStarts.append(ranges)
  }

  // MARK: Where the parts are

  /// Places in the hash table: a power of two, at most three quarters full.
  var slotCount: Int {
    var count = 1024
    while count / 4 * 3 < nameCount { count *= 2 }
    return count
  }
  var typeUnitsOffset: Int { GdbIndex.headerSize + units.count * GdbIndex.unitSize }
  var rangesOffset: Int { typeUnitsOffset + typeUnits.count * GdbIndex.typeUnitSize }
  var slotsOffset: Int { rangesOffset + (rangeStarts.last ?? 0) * GdbIndex.rangeSize }
  var poolOffset: Int { slotsOffset + slotCount * 8 }
  var size: Int { poolOffset + (textStarts.last ?? 0) }
}
