// Finds the first of a pair that is counted from the place: the second names a label, and the
// relocation at that label says what both are about. The order of relocations does not matter; they
// were sorted by their offsets.

internal import ELF

struct RISCVPairs {
  struct High {
    let index: Int
    let record: Rela
    let type: RISCVRelocation
  }

  /// The last that was found; its label. Seconds often follow each other.
  private var last: (label: UInt64, high: High)?

  init() {}

  /// The first of the pair whose second is `record`.
  mutating func find(
    _ record: Rela, _ records: RecordView<Rela>, _ file: InputFile, _ section: InputSection
  ) -> High? {
    guard let label = RISCVPairs.label(record, file, section) else { return nil }
    if let last, last.label == label { return last.high }
    var index = RISCVPairs.first(at: label, records)
    while index < records.count, records[index].offset == label {
      if let type = RISCVRelocation(rawValue: records[index].type), type.isPCRelHigh {
        let high = High(index: index, record: records[index], type: type)
        last = (label, high)
        return high
      }
      index += 1
    }
    return nil
  }

  /// The offset of the label that a second names, which must be in the same section.
  static func label(_ record: Rela, _ file: InputFile, _ section: InputSection) -> UInt64? {
    guard Int(record.symbol) < file.symbolCount else { return nil }
    let symbol = file.symbols[Int(record.symbol)]
    guard file.isInSection(symbol),
      file.sectionIndex(symbol, Int(record.symbol)) == section.index
    else { return nil }
    // A section symbol and an offset name a label as well.
    return symbol.type == STT.SECTION
      ? symbol.value &+ UInt64(bitPattern: record.addend) : symbol.value
  }

  /// The number of the first record at or behind `offset`.
  private static func first(at offset: UInt64, _ records: RecordView<Rela>) -> Int {
    var low = 0
    var high = records.count
    while low < high {
      let middle = (low + high) / 2
      if records[middle].offset < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Whether R_RISCV_RELAX stands at the place of record `index`, behind it.
  static func isRelaxed(_ records: RecordView<Rela>, _ index: Int) -> Bool {
    let offset = records[index].offset
    var next = index + 1
    while next < records.count, records[next].offset == offset {
      if records[next].type == RISCVRelocation.relax.rawValue { return true }
      next += 1
    }
    return false
  }

  /// Where the addition of a descriptor's sequence is whose call is record `index`.
  func addition(before index: Int, _ call: Rela, _ records: RecordView<Rela>) -> UInt64? {
    for other in stride(from: index - 1, through: 0, by: -1) {
      let record = records[other]
      if record.type == RISCVRelocation.tlsDescAddLo12.rawValue, record.symbol == call.symbol {
        return record.offset
      }
    }
    return nil
  }
}
