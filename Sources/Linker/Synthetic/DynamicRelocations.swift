// Relocations for the dynamic linker, in the form of the target: with their addends, or with the
// addends in the words that they change (gABI, "Relocation").

internal import ELF

enum DynamicRelocations {
  /// Stores entry `index` of a table. What the addend is, the place must hold if the target has it
  /// there.
  @inline(__always) static func store(
    _ record: Rela, entry index: Int, in table: OutputBytes, _ target: TargetFacts
  ) {
    store(record, entry: index, in: table, target.format, hasAddends: target.hasAddends)
  }

  /// The same for loops, which had better not hold all facts.
  @inline(__always) static func store(
    _ record: Rela, entry index: Int, in table: OutputBytes, _ format: Format, hasAddends: Bool
  ) {
    if hasAddends {
      table.store(record, entry: index, format)
    } else {
      let place = RelocationPlace(offset: record.offset, info: record.info)
      table.copy(place.encoded(format), at: index * format.relEntrySize)
    }
  }

  /// The records of a table.
  static func records(in table: ByteView, _ target: TargetFacts) -> [Rela] {
    if target.hasAddends { return RecordView<Rela>(decoding: table, target.format).array }
    var reader = RecordReader(table, target.format)
    return (0..<table.count / target.format.relEntrySize).map { _ in
      let place = RelocationPlace(from: &reader)
      return Rela(
        offset: place.offset, type: UInt32(truncatingIfNeeded: place.info),
        symbol: UInt32(truncatingIfNeeded: place.info >> 32), addend: 0)
    }
  }
}
