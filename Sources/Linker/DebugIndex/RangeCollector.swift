// Which code a unit describes (DWARF 5, 2.17, and 6.1.2 for `.debug_aranges`).
//
// The first entry of a unit has a lowest and a highest address, or a list of ranges; if it has neither, the
// object's table of address ranges may know. All of them are places in input sections here: what they are in
// the output is asked for when there are addresses.

internal import ELF

/// Code of a unit: a part of an input section.
struct IndexedRange: BitwiseCopyable {
  var section: SectionID
  var low: UInt64
  var high: UInt64
  /// The number of the unit in its file.
  var unit: UInt32
}

struct RangeCollector {
  var ranges = GrowingBlock<IndexedRange>()

  /// The ranges that the first entry states; false: they are malformed. `found` tells whether it states some.
  mutating func add(
    low: DebugValue, high: DebugValue, list: DebugValue, _ unit: DebugUnit, number: Int,
    _ table: inout DebugTable, _ file: inout DebugFile, found: inout Bool
  ) -> Bool {
    let base = low.isThere ? file.address(low, unit, &table) : nil
    if list.isThere {
      found = true
      return unit.format.version >= 5
        ? addList(list, base, unit, number, &table, &file)
        : addPairs(list, base, unit, number, &table, &file)
    }
    guard low.isThere, high.isThere else { return true }
    found = true
    guard let base else { return false }
    if let end = file.address(high, unit, &table) {
      add(base, to: end, number)
    } else {
      // Since version 4 a constant is the size.
      add(base, size: high.number, number)
    }
    return true
  }

  private mutating func add(_ low: DebugPlace, to high: DebugPlace, _ unit: Int) {
    guard low.section != .none, high.section == low.section, high.value > low.value else { return }
    ranges.append(
      IndexedRange(
        section: low.section, low: low.value, high: high.value,
        unit: UInt32(truncatingIfNeeded: unit))
    )
  }

  private mutating func add(_ low: DebugPlace, size: UInt64, _ unit: Int) {
    let (end, overflow) = low.value.addingReportingOverflow(size)
    guard !overflow else { return }
    add(low, to: DebugPlace(value: end, section: low.section), unit)
  }

  private static func sum(_ base: DebugPlace, _ offset: UInt64) -> DebugPlace {
    DebugPlace(value: base.value &+ offset, section: base.section)
  }

  // MARK: .debug_ranges

  private mutating func addPairs(
    _ list: DebugValue, _ first: DebugPlace?, _ unit: DebugUnit, _ number: Int,
    _ table: inout DebugTable, _ file: inout DebugFile
  ) -> Bool {
    var base = first ?? DebugPlace(value: 0)
    let size = Int(unit.format.addressSize)
    let last: UInt64 = size == 8 ? .max : UInt64(UInt32.max)
    guard var offset = Int(exactly: table.place(at: list.offset, stored: list.number).value) else {
      return false
    }
    while let low = file.ranges.place(at: offset, size: size),
      let high = file.ranges.place(at: offset + size, size: size)
    {
      offset += 2 * size
      if !low.isRelocated && !high.isRelocated && low.value == 0 && high.value == 0 { return true }
      if !low.isRelocated && low.value == last {
        base = high
      } else if low.isRelocated {
        add(low, to: high, number)
      } else {
        add(
          RangeCollector.sum(base, low.value), to: RangeCollector.sum(base, high.value), number)
      }
    }
    return false
  }

  // MARK: .debug_rnglists

  private mutating func addList(
    _ list: DebugValue, _ first: DebugPlace?, _ unit: DebugUnit, _ number: Int,
    _ table: inout DebugTable, _ file: inout DebugFile
  ) -> Bool {
    guard let start = listOffset(list, unit, &table, file) else { return false }
    var base = first ?? DebugPlace(value: 0)
    var cursor = ByteCursor(file.rangeLists.bytes, at: start)
    func takeAddress(_ file: inout DebugFile) -> DebugPlace? {
      let size = Int(unit.format.addressSize)
      guard let place = file.rangeLists.place(at: cursor.offset, size: size),
        cursor.skip(UInt64(size))
      else { return nil }
      return place
    }
    while let kind = cursor.take(UInt8.self) {
      switch kind {
      case 0: return true  // DW_RLE_end_of_list
      case 1:  // DW_RLE_base_addressx
        guard let index = cursor.takeULEB(), let place = file.indexedAddress(index, unit) else {
          return false
        }
        base = place
      case 2:  // DW_RLE_startx_endx
        guard let low = cursor.takeULEB(), let high = cursor.takeULEB(),
          let start = file.indexedAddress(low, unit), let end = file.indexedAddress(high, unit)
        else { return false }
        add(start, to: end, number)
      case 3:  // DW_RLE_startx_length
        guard let low = cursor.takeULEB(), let size = cursor.takeULEB(),
          let start = file.indexedAddress(low, unit)
        else { return false }
        add(start, size: size, number)
      case 4:  // DW_RLE_offset_pair
        guard let low = cursor.takeULEB(), let high = cursor.takeULEB() else { return false }
        add(RangeCollector.sum(base, low), to: RangeCollector.sum(base, high), number)
      case 5:  // DW_RLE_base_address
        guard let place = takeAddress(&file) else { return false }
        base = place
      case 6:  // DW_RLE_start_end
        guard let low = takeAddress(&file), let high = takeAddress(&file) else { return false }
        add(low, to: high, number)
      case 7:  // DW_RLE_start_length
        guard let low = takeAddress(&file), let size = cursor.takeULEB() else { return false }
        add(low, size: size, number)
      default: return false
      }
    }
    return false
  }

  private func listOffset(
    _ list: DebugValue, _ unit: DebugUnit, _ table: inout DebugTable, _ file: DebugFile
  ) -> Int? {
    guard list.form == 0x23 else {  // else DW_FORM_sec_offset
      return Int(exactly: table.place(at: list.offset, stored: list.number).value)
    }
    // DW_FORM_rnglistx: an element of a table of offsets, which are relative to the table.
    let size = unit.format.offsetSize
    let base = unit.rangeListsBase.value
    guard let element = DebugFile.element(list.number, of: base, size),
      let offset = file.rangeLists.number(at: element, size: size)
    else { return nil }
    let (sum, overflow) = base.addingReportingOverflow(offset)
    return overflow ? nil : Int(exactly: sum)
  }

  // MARK: .debug_aranges

  /// The ranges of units that say nothing themselves. `unit` finds the number of such a unit, by its place.
  mutating func addTable(
    _ table: inout DebugTable, unit: (DebugPlace) -> Int?
  ) -> Bool {
    var cursor = ByteCursor(table.bytes)
    while !cursor.isAtEnd {
      let start = cursor.offset
      guard let (length, is64Bit) = takeInitialLength(&cursor), length <= UInt64(cursor.remaining)
      else { return false }
      let end = cursor.offset + Int(length)
      var inner = ByteCursor(table.bytes.slice(0, end) ?? ByteView(), at: cursor.offset)
      _ = cursor.skip(length)
      guard inner.take(UInt16.self) == 2,
        let place = table.place(at: inner.offset, size: is64Bit ? 8 : 4),
        inner.skip(is64Bit ? 8 : 4),
        let size = inner.take(UInt8.self).map(Int.init), size == 4 || size == 8,
        inner.take(UInt8.self) == 0  // no segments
      else { return false }
      guard let number = unit(place) else { continue }
      let header = inner.offset - start
      guard inner.skip(UInt64((2 * size - header % (2 * size)) % (2 * size))) else { return false }
      while let low = table.place(at: inner.offset, size: size),
        let length = table.number(at: inner.offset + size, size: size), inner.skip(UInt64(2 * size))
      {
        if !low.isRelocated && low.value == 0 && length == 0 { break }
        add(low, size: length, number)
      }
    }
    return true
  }

  func release() { ranges.release() }
}
