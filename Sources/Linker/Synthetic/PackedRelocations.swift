// Android's packed form of a table of dynamic relocations ("APS2"), which its dynamic linker and
// readers such as llvm-readelf know.
//
// The table is a sequence of numbers in SLEB128 behind four letters: how many relocations there are and an
// offset to begin with, then groups. A group says how many members it has and what all of them share: the
// distance to the one before, type and symbol, or that none has an addend. The rest each says for itself,
// offset and addend as differences from the relocation before.

internal import ELF

struct PackedRelocations {
  private struct Shared: OptionSet {
    let rawValue: Int64

    static let info = Shared(rawValue: 1)
    static let distance = Shared(rawValue: 2)
    static let hasAddends = Shared(rawValue: 8)
  }

  /// A run of neighbouring words that is shorter costs more as a group of its own than it saves.
  private static var shortestRun: Int { 12 }

  private(set) var bytes: [UInt8] = Array("APS2".utf8)
  private let format: Format
  private let hasAddends: Bool
  private var offset: UInt64 = 0
  private var addend: Int64 = 0

  /// Packs a table: `relativeCount` relative relocations, `symbolicCount` others, and behind them those that
  /// have to stay the last.
  init(
    _ records: [Rela], relativeCount: Int, symbolicCount: Int, _ format: Format, hasAddends: Bool
  ) {
    (self.format, self.hasAddends) = (format, hasAddends)
    put(Int64(records.count))
    put(0)
    let symbolicEnd = relativeCount + symbolicCount
    addRelative(records[..<relativeCount].sorted { $0.offset < $1.offset })
    addSymbolic(records[relativeCount..<symbolicEnd])
    addGroup(records[symbolicEnd...], .info)
  }

  /// Runs of words one behind the other share their distance, which the first of a run does not have.
  private mutating func addRelative(_ records: [Rela]) {
    let word = UInt64(format.wordSize)
    var pending: [Rela] = []
    var index = 0
    while index < records.count {
      var end = index + 1
      while end < records.count, records[end].offset &- records[end - 1].offset == word { end += 1 }
      if end - index < PackedRelocations.shortestRun {
        pending += records[index..<end]
      } else {
        addGroup((pending + [records[index]])[...], .info)
        addGroup(records[(index + 1)..<end], [.info, .distance])
        pending = []
      }
      index = end
    }
    addGroup(pending[...], .info)
  }

  /// Those that share type and symbol stand together, as the dynamic linker likes it, too; then come the
  /// others, first those without an addend.
  private mutating func addSymbolic(_ records: ArraySlice<Rela>) {
    var members: [UInt64: [Rela]] = [:]
    var order: [UInt64] = []
    for record in records {
      if members[record.info] == nil { order.append(record.info) }
      members[record.info, default: []].append(record)
    }
    var single: [Rela] = []
    for info in order {
      let group = members[info] ?? []
      if group.count > 1 { addGroup(group[...], .info) } else { single += group }
    }
    addGroup(single.filter { $0.addend == 0 }[...], [])
    addGroup(single.filter { $0.addend != 0 }[...], [])
  }

  private mutating func addGroup(_ records: ArraySlice<Rela>, _ shared: Shared) {
    guard let first = records.first else { return }
    var shared = shared
    if hasAddends, records.contains(where: { $0.addend != 0 }) { shared.insert(.hasAddends) }
    put(Int64(records.count))
    put(shared.rawValue)
    if shared.contains(.distance) { put(Int64(format.wordSize)) }
    if shared.contains(.info) { put(info(first)) }
    if !shared.contains(.hasAddends) { addend = 0 }
    for record in records {
      if !shared.contains(.distance) { put(Int64(bitPattern: record.offset &- offset)) }
      offset = record.offset
      if !shared.contains(.info) { put(info(record)) }
      if shared.contains(.hasAddends) {
        put(signed(record.addend) &- addend)
        addend = signed(record.addend)
      }
    }
  }

  private func signed(_ addend: Int64) -> Int64 {
    format.is64 ? addend : Int64(Int32(truncatingIfNeeded: addend))
  }

  /// `r_info`, as the format has it.
  private func info(_ record: Rela) -> Int64 {
    format.is64
      ? Int64(bitPattern: record.info) : Int64(record.symbol) << 8 | Int64(record.type & 0xff)
  }

  private mutating func put(_ value: Int64) {
    var rest = value
    while true {
      let low = UInt8(truncatingIfNeeded: rest) & 0x7f
      rest >>= 7
      if rest == 0 && low & 0x40 == 0 || rest == -1 && low & 0x40 != 0 {
        return bytes.append(low)
      }
      bytes.append(low | 0x80)
    }
  }
}

extension Layout {
  /// Memory for `.rela.dyn` as it is before it is packed, all zero.
  func makeRelocationTable() -> OutputBytes {
    let size = dynamicRelocationCount * target.relocationEntrySize
    return OutputBytes(base: Storage.allocate(UInt8.self, size), count: size)
  }

  /// What `relaDynamic` holds, packed.
  func packedRelocations() -> [UInt8] {
    PackedRelocations(
      DynamicRelocations.records(in: relaDynamic.view, target), relativeCount: relativeCount,
      symbolicCount: symbolicCount, format, hasAddends: target.hasAddends
    ).bytes
  }

  /// Writes the packed table. What is left of its room is zeros, behind all that a reader counts.
  func writePackedRelocations(to out: OutputBytes) {
    let bytes = packedRelocations()
    // (As `sizePackedRelocations` found, unless there are errors.)
    guard bytes.count <= out.count else {
      if !log.hasErrors { log.error(.packingDoesNotSettle(options.outputPath)) }
      return
    }
    out.copy(bytes)
    out.fill(0, bytes.count..<out.count)
  }
}
