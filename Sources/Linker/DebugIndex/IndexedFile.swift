// What the index takes from one object: its units, the code that they describe and the names in them.

internal import ELF

struct IndexedFile {
  var file = FileID(rawValue: 0)
  var units = GrowingBlock<DebugUnit>()
  /// For each `.debug_info` and `.debug_types` section its units.
  var infos: [(id: SectionID, units: Range<Int>)] = []
  var types: [(id: SectionID, units: Range<Int>)] = []
  var ranges = GrowingBlock<IndexedRange>()
  /// By shard of their hashes; in a shard in the order of the file.
  var names = Block<IndexedName>.empty
  var shards = Block<UInt32>.empty
  /// What is wrong, and in which section.
  var defects: [(section: SectionID, defect: DebugDefect)] = []

  /// Names with the same upper bits of their hashes are one worker's when those of all files are joined.
  static var shardCount: Int { 64 }
  static func shard(of name: IndexedName) -> Int { Int(name.hash >> 58) }

  /// The names of a shard.
  func names(ofShard shard: Int) -> Range<Int> {
    guard shards.count > 0 else { return 0..<0 }
    return Int(shards[shard])..<Int(shards[shard + 1])
  }

  init() {}

  /// Reads everything. `isLive`: whether code in a section is in the output.
  init(_ id: FileID, _ debug: DebugFile, isLive: (SectionID) -> Bool) {
    file = id
    var debug = debug
    var list = UnitList()
    var abbreviations = AbbreviationTable()
    var collector = RangeCollector()
    var names = NameCollector()
    read(&debug, &list, &abbreviations, &collector)
    readAddressRanges(&debug, list, &collector)
    readPublicNames(&debug, &list, &names)
    walk(&debug, &list, &abbreviations, &names)
    units = list.units
    sort(names.names.values)
    for index in 0..<collector.ranges.count {
      let range = collector.ranges[index]
      if isLive(range.section) && !units[Int(range.unit)].isLeftOut { ranges.append(range) }
    }
    list.releaseScratch()
    abbreviations.release()
    collector.release()
    names.names.release()
    names.releaseScratch()
  }

  private mutating func read(
    _ debug: inout DebugFile, _ list: inout UnitList, _ abbreviations: inout AbbreviationTable,
    _ ranges: inout RangeCollector
  ) {
    for index in debug.infos.indices {
      var table = debug.infos[index]
      note(list.add(&table, .info, &debug, &abbreviations, &ranges), in: table)
    }
    infos = list.sections
    for index in debug.types.indices {
      var table = debug.types[index]
      note(list.add(&table, .types, &debug, &abbreviations, &ranges), in: table)
    }
    types = Array(list.sections[infos.count...])
  }

  private mutating func note(_ defect: DebugDefect?, in table: DebugTable) {
    if let defect { defects.append((table.id, defect)) }
  }

  private mutating func readAddressRanges(
    _ debug: inout DebugFile, _ list: UnitList, _ ranges: inout RangeCollector
  ) {
    for index in debug.addressRanges.indices {
      var table = debug.addressRanges[index]
      let isWellFormed = ranges.addTable(&table) { place in
        list.unit(at: place).flatMap { list.lacksRanges($0) ? $0 : nil }
      }
      if !isWellFormed { note(.table, in: table) }
    }
  }

  private mutating func readPublicNames(
    _ debug: inout DebugFile, _ list: inout UnitList, _ names: inout NameCollector
  ) {
    var listed: [Int] = []
    for index in debug.publicNames.indices {
      var table = debug.publicNames[index]
      let isWellFormed = names.addPublicNames(&table) { place in
        guard let unit = list.unit(at: place) else { return nil }
        let row = list.units[unit]
        guard !row.isDone, row.isSkeleton || !row.isOfGNUCxx else { return nil }
        listed.append(unit)
        return unit
      }
      if !isWellFormed { note(.table, in: table) }
    }
    for unit in listed { list.setDone(unit) }
  }

  /// Walks the units that no table has listed.
  private mutating func walk(
    _ debug: inout DebugFile, _ list: inout UnitList, _ abbreviations: inout AbbreviationTable,
    _ names: inout NameCollector
  ) {
    for (sections, tables) in [(infos, debug.infos), (types, debug.types)] {
      for (section, original) in zip(sections, tables) {
        var table = original
        for number in section.units where !list.units[number].isDone {
          let unit = list.units[number]
          if unit.isSkeleton {
            note(.noNames, in: table)
          } else if !names.walk(unit, number: number, &table, &debug, &abbreviations) {
            note(.unit(unit.start), in: table)
            list.leaveOut(number)
          }
        }
      }
    }
  }

  /// Sorts the names by shards.
  private mutating func sort(_ all: Block<IndexedName>) {
    guard all.count > 0 else { return }
    (names, shards) = all.sorted(
      all.count, shards: IndexedFile.shardCount, by: IndexedFile.shard)
  }
}
