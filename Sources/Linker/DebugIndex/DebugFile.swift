// The debug sections of one object, and what refers from one of them into another.

internal import ELF

/// The sections that the index reads.
enum DebugSectionKind: Int, CaseIterable {
  case info, types, abbreviations, strings, lineStrings, stringOffsets, addresses, ranges,
    rangeLists, addressRanges, publicNames, publicTypes

  /// The name behind `.debug_`.
  var name: StaticString {
    switch self {
    case .info: "info"
    case .types: "types"
    case .abbreviations: "abbrev"
    case .strings: "str"
    case .lineStrings: "line_str"
    case .stringOffsets: "str_offsets"
    case .addresses: "addr"
    case .ranges: "ranges"
    case .rangeLists: "rnglists"
    case .addressRanges: "aranges"
    case .publicNames: "gnu_pubnames"
    case .publicTypes: "gnu_pubtypes"
    }
  }

  /// The kind of a section by its name.
  init?(_ name: ByteView) {
    let start = name.hasPrefix(".debug_") ? 7 : name.hasPrefix(".zdebug_") ? 8 : 0
    guard start > 0, let rest = name.suffix(from: start) else { return nil }
    for kind in DebugSectionKind.allCases where rest.equals(kind.name) {
      self = kind
      return
    }
    return nil
  }
}

struct DebugFile {
  var infos: [DebugTable] = []
  var types: [DebugTable] = []
  var publicNames: [DebugTable] = []
  var addressRanges: [DebugTable] = []
  /// Of these an object has one each, but for what other linkers have joined.
  var abbreviations: [DebugTable] = []
  var strings: [DebugTable] = []
  var lineStrings: [DebugTable] = []
  var stringOffsets = DebugTable(ByteView())
  var addresses = DebugTable(ByteView())
  var ranges = DebugTable(ByteView())
  var rangeLists = DebugTable(ByteView())

  mutating func add(_ table: DebugTable, _ kind: DebugSectionKind) {
    switch kind {
    case .info: infos.append(table)
    case .types: types.append(table)
    case .abbreviations: abbreviations.append(table)
    case .strings: strings.append(table)
    case .lineStrings: lineStrings.append(table)
    case .publicNames, .publicTypes: publicNames.append(table)
    case .addressRanges: addressRanges.append(table)
    case .stringOffsets: stringOffsets = table
    case .addresses: addresses = table
    case .ranges: ranges = table
    case .rangeLists: rangeLists = table
    }
  }

  /// Of several sections of one kind the one that a place is in.
  private func table(_ tables: [DebugTable], for place: DebugPlace) -> DebugTable? {
    if place.section != .none, tables.count > 1 {
      for table in tables where table.id == place.section { return table }
    }
    return tables.first
  }

  func abbreviations(for unit: DebugUnit) -> DebugTable? {
    table(abbreviations, for: unit.abbreviations)
  }

  // MARK: Values

  /// A text, and whether its bytes are gone when the file has been read.
  struct Text {
    var bytes: ByteView
    var isTemporary: Bool
  }

  /// The text that a value stands for; nil: it is none, or malformed. `table` holds the value.
  mutating func text(
    _ value: DebugValue, _ unit: DebugUnit, _ table: inout DebugTable
  ) -> Text? {
    switch value.form {
    case 0x08:  // string
      return DebugFile.text(table, at: UInt64(value.offset))
    case 0x0e:  // strp
      return string(table.place(at: value.offset, stored: value.number))
    case 0x1f:  // line_strp
      let place = table.place(at: value.offset, stored: value.number)
      return self.table(lineStrings, for: place).flatMap { DebugFile.text($0, at: place.value) }
    case 0x1a, 0x25, 0x26, 0x27, 0x28, 0x1f02:  // strx, strx1 to strx4, GNU_str_index
      let size = unit.format.offsetSize
      guard
        let offset = DebugFile.element(value.number, of: unit.stringOffsetsBase.value, size),
        let place = stringOffsets.place(at: offset, size: size)
      else { return nil }
      return string(place)
    default: return nil
    }
  }

  private func string(_ place: DebugPlace) -> Text? {
    table(strings, for: place).flatMap { DebugFile.text($0, at: place.value) }
  }

  private static func text(_ table: DebugTable, at offset: UInt64) -> Text? {
    guard offset < UInt64(table.bytes.count), let rest = table.bytes.suffix(from: Int(offset)),
      let length = rest.find(0), let text = rest.slice(0, length)
    else { return nil }
    return Text(bytes: text, isTemporary: table.isTemporary)
  }

  /// The address that a value stands for; nil: none.
  mutating func address(
    _ value: DebugValue, _ unit: DebugUnit, _ table: inout DebugTable
  ) -> DebugPlace? {
    switch value.form {
    case 0x01: return table.place(at: value.offset, size: Int(unit.format.addressSize))
    case 0x1b, 0x29, 0x2a, 0x2b, 0x2c, 0x1f01:  // addrx, addrx1 to addrx4, GNU_addr_index
      return indexedAddress(value.number, unit)
    default: return nil
    }
  }

  /// Element `index` of the unit's part of `.debug_addr`.
  mutating func indexedAddress(_ index: UInt64, _ unit: DebugUnit) -> DebugPlace? {
    let size = Int(unit.format.addressSize)
    guard let offset = DebugFile.element(index, of: unit.addressBase.value, size) else {
      return nil
    }
    return addresses.place(at: offset, size: size)
  }

  /// Where element `index` of a table at `base` is.
  static func element(_ index: UInt64, of base: UInt64, _ size: Int) -> Int? {
    let (bytes, isLarge) = index.multipliedReportingOverflow(by: UInt64(size))
    let (offset, isFar) = base.addingReportingOverflow(bytes)
    return isLarge || isFar ? nil : Int(exactly: offset)
  }
}
