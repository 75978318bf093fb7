// `.debug_gnu_pubnames` and `.debug_gnu_pubtypes`: the names of units, as the compiler has listed them
// for a linker that makes an index (-ggnu-pubnames). A table is a row of sets, one for a unit: a header as in
// `.debug_pubnames` (DWARF 4, 6.1.1), and for each name the offset of its entry, a byte with the attributes
// that `.gdb_index` has, and the name.

internal import ELF

extension NameCollector {
  /// Adds the names of the units for which `accepts` answers a number; false: the table is malformed.
  mutating func addPublicNames(
    _ table: inout DebugTable, accepts: (DebugPlace) -> Int?
  ) -> Bool {
    var cursor = ByteCursor(table.bytes)
    while !cursor.isAtEnd {
      guard let (length, is64Bit) = takeInitialLength(&cursor), length <= UInt64(cursor.remaining)
      else { return false }
      let size = is64Bit ? 8 : 4
      let end = cursor.offset + Int(length)
      var inner = ByteCursor(table.bytes.slice(0, end) ?? ByteView(), at: cursor.offset)
      _ = cursor.skip(length)
      guard inner.take(UInt16.self) == 2, let place = table.place(at: inner.offset, size: size),
        inner.skip(UInt64(2 * size))
      else { return false }
      guard let unit = accepts(place) else { continue }
      guard addSet(&inner, size, table.isTemporary, unit) else { return false }
    }
    return true
  }

  private mutating func addSet(
    _ cursor: inout ByteCursor, _ size: Int, _ isTemporary: Bool, _ unit: Int
  ) -> Bool {
    while true {
      guard
        let entry = size == 8
          ? cursor.take(UInt64.self) : cursor.take(UInt32.self).map(UInt64.init)
      else { return false }
      if entry == 0 { return true }
      guard let attributes = cursor.take(UInt8.self),
        let rest = cursor.bytes.suffix(from: cursor.offset), let length = rest.find(0),
        let text = rest.slice(0, length), cursor.skip(UInt64(length + 1))
      else { return false }
      add(
        DebugFile.Text(bytes: text, isTemporary: isTemporary), NameAttributes(rawValue: attributes),
        unit: unit)
    }
  }
}
