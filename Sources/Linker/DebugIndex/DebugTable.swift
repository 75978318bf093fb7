// A debug section of an input, as the index reads it.
//
// Where an object's debug information refers to code or to other debug sections, the bytes are zero, and
// a relocation says what belongs there: a symbol's section and an offset in it. That is just what is
// wanted before there are addresses. So a table answers what stands at a place: a number, and the section
// that it is an offset in.

internal import ELF

/// What stands at a place of a debug section.
struct DebugPlace: BitwiseCopyable {
  /// The value, or an offset in `section`.
  var value: UInt64
  /// The input section that a relocation leads to; none: there is no relocation, or it leads nowhere.
  var section = SectionID.none
  /// Whether there is a relocation.
  var isRelocated = false
}

struct DebugTable: BitwiseCopyable {
  let bytes: ByteView
  /// The row of the section.
  let id: SectionID
  /// Whether the bytes are gone when the file has been read.
  let isTemporary: Bool
  private let relocations: RecordView<Rela>
  private let targets: DebugTargets
  /// The record behind the last one found: places are asked for in rising order, mostly.
  private var next = 0

  /// `relocations` are in the order of their offsets.
  init(
    _ bytes: ByteView, id: SectionID = .none, relocations: RecordView<Rela> = RecordView(),
    targets: DebugTargets = DebugTargets(), isTemporary: Bool = false
  ) {
    self.bytes = bytes
    self.id = id
    self.relocations = relocations
    self.targets = targets
    self.isTemporary = isTemporary
  }

  /// The offset or address of `size` bytes that stands at `offset`; nil: the section ends before.
  mutating func place(at offset: Int, size: Int) -> DebugPlace? {
    guard let stored = number(at: offset, size: size) else { return nil }
    return place(at: offset, stored: stored)
  }

  /// The same where the bytes have been read.
  mutating func place(at offset: Int, stored: UInt64) -> DebugPlace {
    guard let index = relocation(at: UInt64(offset)) else { return DebugPlace(value: stored) }
    let record = relocations[index]
    guard let (value, section) = targets.target(of: Int(record.symbol)) else {
      return DebugPlace(value: stored, isRelocated: true)
    }
    return DebugPlace(
      value: value &+ UInt64(bitPattern: record.addend), section: section, isRelocated: true)
  }

  /// A number of 1 to 8 bytes that needs no relocation.
  func number(at offset: Int, size: Int) -> UInt64? {
    switch size {
    case 8: bytes.load(UInt64.self, at: offset)
    case 4: bytes.load(UInt32.self, at: offset).map(UInt64.init)
    case 2: bytes.load(UInt16.self, at: offset).map(UInt64.init)
    case 1: bytes.load(UInt8.self, at: offset).map(UInt64.init)
    default: nil
    }
  }

  private mutating func relocation(at offset: UInt64) -> Int? {
    // All before `low` are too low, and so are those before `high`, while steps ahead that get larger say so.
    var low = next > 0 && relocations[next - 1].offset >= offset ? 0 : next
    var high = low
    var step = 1
    while high < relocations.count, relocations[high].offset < offset {
      low = high + 1
      high += step
      step *= 2
    }
    high = min(high, relocations.count)
    while low < high {
      let middle = (low + high) / 2
      if relocations[middle].offset < offset { low = middle + 1 } else { high = middle }
    }
    next = low
    guard low < relocations.count, relocations[low].offset == offset else { return nil }
    next = low + 1
    return low
  }
}

/// Where the symbols of a file are, for the relocations of its debug sections.
struct DebugTargets: BitwiseCopyable {
  private let file: InputFile
  private let hasSymbols: Bool

  /// No symbols.
  init() {
    file = InputFile()
    hasSymbols = false
  }

  init(_ file: InputFile) {
    self.file = file
    hasSymbols = file.symbolCount > 0
  }

  /// The value of a symbol in the file and the section that defines it there; nil: there is no such symbol.
  @inline(__always) func target(of index: Int) -> (value: UInt64, section: SectionID)? {
    guard hasSymbols, index < file.symbolCount else { return nil }
    let symbol = file.symbols[index]
    guard file.isInSection(symbol), let map = file.sectionMap else { return (symbol.value, .none) }
    let section = file.sectionIndex(symbol, index)
    guard section < UInt32(truncatingIfNeeded: file.sectionCount) else { return (0, .none) }
    let row = map[Int(section)]
    return (symbol.value, row == InputFile.discardedMark ? .none : SectionID(rawValue: row))
  }
}
