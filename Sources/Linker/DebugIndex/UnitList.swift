// Reads the first entry of each unit of a section: language, bases of tables, ranges (DWARF 5, 3.1.1).

internal import ELF

/// The attributes of a unit's first entry that the index wants.
private struct UnitEntry {
  var low = DebugValue()
  var high = DebugValue()
  var ranges = DebugValue()
  var producer = DebugValue()
  var language: UInt64 = 0
  var bases = (strings: DebugValue(), addresses: DebugValue(), rangeLists: DebugValue())
  var namesAreElsewhere = false
}

struct UnitList {
  private(set) var units = GrowingBlock<DebugUnit>()
  /// For each section in order, its units.
  private(set) var sections: [(id: SectionID, units: Range<Int>)] = []
  /// Whether a unit's own entry says which code is its.
  private var hasRanges = GrowingBlock<Bool>()

  /// Adds the units of a section. Answers what is wrong with it; nil: nothing.
  mutating func add(
    _ table: inout DebugTable, _ kind: DebugUnit.Kind, _ file: inout DebugFile,
    _ abbreviations: inout AbbreviationTable, _ ranges: inout RangeCollector
  ) -> DebugDefect? {
    var defect: DebugDefect?
    let first = units.count
    var cursor = ByteCursor(table.bytes)
    while !cursor.isAtEnd {
      let start = cursor.offset
      guard var unit = DebugUnit(&table, &cursor, kind) else {
        defect = defect ?? .unit(start)
        break
      }
      var isFound = false
      let count = ranges.ranges.count
      if !unit.isLeftOut,
        !readEntry(&unit, &table, &file, &abbreviations, &ranges, found: &isFound)
      {
        unit.isLeftOut = true
      }
      if unit.isLeftOut {
        ranges.ranges.truncate(to: count)
        defect = defect ?? .unit(start)
        unit.isDone = true
      }
      units.append(unit)
      hasRanges.append(isFound)
    }
    sections.append((table.id, first..<units.count))
    return defect
  }

  private func readEntry(
    _ unit: inout DebugUnit, _ table: inout DebugTable, _ file: inout DebugFile,
    _ abbreviations: inout AbbreviationTable, _ ranges: inout RangeCollector, found: inout Bool
  ) -> Bool {
    var cursor = ByteCursor(table.bytes.slice(0, unit.end) ?? ByteView(), at: unit.entries)
    guard let section = file.abbreviations(for: unit),
      abbreviations.read(section, at: unit.abbreviations.value, unit.format),
      let code = cursor.takeULEB(), let abbreviation = abbreviations.abbreviation(code)
    else { return false }
    var entry = UnitEntry()
    let first = Int(abbreviation.first)
    for index in first..<first + Int(abbreviation.count) {
      let attribute = abbreviations.attributes[index]
      guard let value = unit.format.value(of: attribute, &cursor) else { return false }
      UnitList.note(attribute.name, value, in: &entry)
    }
    describe(&unit, entry, &table, &file)
    return unit.isType
      || ranges.add(
        low: entry.low, high: entry.high, list: entry.ranges, unit, number: units.count, &table,
        &file, found: &found)
  }

  private static func note(_ name: UInt16, _ value: DebugValue, in entry: inout UnitEntry) {
    switch name {
    case 0x11: entry.low = value  // DW_AT_low_pc
    case 0x12: entry.high = value  // DW_AT_high_pc
    case 0x55: entry.ranges = value  // DW_AT_ranges
    case 0x13: entry.language = value.number  // DW_AT_language
    case 0x25: entry.producer = value  // DW_AT_producer
    case 0x72: entry.bases.strings = value  // DW_AT_str_offsets_base
    case 0x73, 0x2133: entry.bases.addresses = value  // DW_AT_addr_base, DW_AT_GNU_addr_base
    case 0x74: entry.bases.rangeLists = value  // DW_AT_rnglists_base
    case 0x76, 0x2130: entry.namesAreElsewhere = true  // DW_AT_dwo_name, DW_AT_GNU_dwo_name
    default: break
    }
  }

  private func describe(
    _ unit: inout DebugUnit, _ entry: UnitEntry, _ table: inout DebugTable, _ file: inout DebugFile
  ) {
    unit.language = SourceLanguage(entry.language)
    if entry.namesAreElsewhere { unit.isSkeleton = true }
    func base(_ value: DebugValue) -> DebugPlace {
      value.isThere ? table.place(at: value.offset, stored: value.number) : DebugPlace(value: 0)
    }
    unit.stringOffsetsBase = base(entry.bases.strings)
    unit.addressBase = base(entry.bases.addresses)
    unit.rangeListsBase = base(entry.bases.rangeLists)
    if let producer = file.text(entry.producer, unit, &table) {
      unit.isOfGNUCxx = producer.bytes.hasPrefix("GNU C++")
    }
  }

  /// The number of the unit that begins at a place; nil: there is none.
  func unit(at place: DebugPlace) -> Int? {
    // Without a relocation there is only one section that it can be.
    guard
      let section = place.section == .none && sections.count == 1
        ? sections.first : sections.first(where: { $0.id == place.section })
    else { return nil }
    var (low, high) = (section.units.lowerBound, section.units.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if UInt64(units[middle].start) < place.value { low = middle + 1 } else { high = middle }
    }
    guard low < section.units.upperBound, UInt64(units[low].start) == place.value else {
      return nil
    }
    return low
  }

  /// Whether `.debug_aranges` is to be asked for a unit.
  func lacksRanges(_ number: Int) -> Bool { !hasRanges[number] && !units[number].isLeftOut }

  mutating func setDone(_ number: Int) { units[number].isDone = true }

  mutating func leaveOut(_ number: Int) {
    units[number].isLeftOut = true
    units[number].isDone = true
  }

  func releaseScratch() { hasRanges.release() }
}

/// What is wrong with debug information.
enum DebugDefect: Equatable {
  /// The unit at an offset.
  case unit(Int)
  case table
  /// A skeleton whose names are in a file that is not linked, and which lists none of them.
  case noNames

  var reason: String {
    switch self {
    case .unit(let offset):
      "the unit at offset \(offset) is malformed, and .gdb_index does without"
    case .table: "is malformed, and .gdb_index does without what it says"
    case .noNames:
      "its names are in another file (split debug information) and not listed here, so there is no "
        + ".gdb_index; compile with -ggnu-pubnames"
    }
  }
}
