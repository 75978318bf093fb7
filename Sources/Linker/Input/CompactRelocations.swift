// SHT_CREL: relocations in a compact form, each told by what is different from the one before it
// ("CREL relocation format", a proposal for the gABI that LLVM 19 writes).
//
// A ULEB128 number is 8 times the count, plus 4 if there are addends, plus the shift of all offsets. Then
// each relocation is a byte whose lowest bits say which of symbol, type and addend change, and
// whose others are the distance from the last offset, with a ULEB128 number for what does not fit;
// the changes follow as SLEB128 numbers.

internal import ELF

struct CompactRelocations {
  /// At most as many as the table has bytes.
  let count: Int
  let hasAddends: Bool
  private let shift: UInt64
  private var cursor: ByteCursor
  private var offset: UInt64 = 0
  private var symbol: UInt32 = 0
  private var type: UInt32 = 0
  private var addend: Int64 = 0

  /// nil: it cannot be such a table.
  init?(_ table: ByteView) {
    cursor = ByteCursor(table)
    guard let header = cursor.takeULEB(), header >> 3 <= UInt64(table.count) else { return nil }
    count = Int(header >> 3)
    hasAddends = header & 4 != 0
    shift = header & 3
  }

  /// The next relocation; nil: the table ends in the middle.
  mutating func next() -> Rela? {
    guard let first = cursor.take(UInt8.self) else { return nil }
    let flagBits: UInt64 = hasAddends ? 3 : 2
    offset &+= UInt64(first) >> flagBits
    if first & 0x80 != 0 {
      guard let rest = cursor.takeULEB() else { return nil }
      offset &+= rest << (7 - flagBits) &- 0x80 >> flagBits
    }
    if first & 1 != 0 {
      guard let change = cursor.takeSLEB() else { return nil }
      symbol = symbol &+ UInt32(truncatingIfNeeded: change)
    }
    if first & 2 != 0 {
      guard let change = cursor.takeSLEB() else { return nil }
      type = type &+ UInt32(truncatingIfNeeded: change)
    }
    if hasAddends && first & 4 != 0 {
      guard let change = cursor.takeSLEB() else { return nil }
      addend &+= change
    }
    return Rela(offset: offset << shift, type: type, symbol: symbol, addend: addend)
  }

  /// Whether every relocation can be read.
  static func isComplete(_ table: ByteView) -> Bool {
    guard var relocations = CompactRelocations(table) else { return false }
    for _ in 0..<relocations.count where relocations.next() == nil { return false }
    return relocations.cursor.isAtEnd
  }
}

extension RecordView where Record == Rela {
  /// The records of a SHT_CREL table without defects. What it says of no addend is in `bytes`, the
  /// section's. They live as long as the link.
  init(compact table: ByteView, in bytes: ByteView, _ code: any Target.Type) {
    guard var relocations = CompactRelocations(table), relocations.count > 0 else {
      self.init()
      return
    }
    let records = Block<Rela>(count: relocations.count)
    for index in 0..<records.count {
      guard var record = relocations.next() else { break }
      if !relocations.hasAddends {
        record.addend = code.implicitAddend(record.type, bytes, at: record.offset)
      }
      records[index] = record
    }
    self.init(
      ByteView(UnsafeRawPointer(records.base), count: records.count * MemoryLayout<Rela>.stride))
  }
}
