// Merges equal strings and constants (gABI, SHF_MERGE and SHF_STRINGS).
//
// Before: mergeable sections are rows like all others. After: each is cut into pieces (strings with
// their terminators, or constants of `sh_entsize` bytes), equal pieces of one group are one, and the
// group's pieces have offsets in a `MergedSection`, which stands in the output where the group's
// first member would. A group has one rule of the map (or one name, for what no rule takes), one
// entry size and one form.
//
// The shape is that of InternSymbolNames: hash in chunks that do not depend on the number of
// threads, enter by shard, in order. So offsets are the same for any number of threads. Two pieces
// are equal if 92 bits of their hashes are.

internal import CXXHash
internal import ELF
internal import Parallel

/// One occurrence of a piece, while pieces are entered.
private struct PieceRecord: BitwiseCopyable {
  var low: UInt64
  /// 28 bits of the hash's other half, then log2 of the alignment (at most 15).
  var check: UInt32
  /// Number of the piece among all pieces of the chunk's sections.
  var piece: UInt32
}

/// A piece that is kept, in its shard.
struct MergedPiece: BitwiseCopyable, @unchecked Sendable {
  // Sendable: the pointer leads to a mapped input, which nobody writes.

  var bytes: UnsafeRawPointer?
  var offset: UInt64
  var size: UInt32
  var shift: UInt8
}

/// The pieces of all merged input sections. Plain memory only, so that a loop may hold a copy.
struct MergePieces: BitwiseCopyable, @unchecked Sendable {
  // Sendable: filled by passes that own their rows, then read.

  /// For each merged section, its place in the lists; 0: not merged.
  fileprivate(set) var numbers = Column<SectionID, UInt32>(count: 0)
  /// By section number: range of pieces, and its group.
  fileprivate(set) var ranges = Block<PieceRange>(count: 0)
  /// Offset of each piece in its input section.
  fileprivate(set) var offsets = Block<UInt32>(count: 0)
  /// First the kept piece that each is merged into, as a number in its group; in the end where that
  /// piece lies in the merged section.
  fileprivate(set) var places = Block<UInt32>(count: 0)
  /// The address of each group, once there are addresses.
  private(set) var groupAddresses = Block<UInt64>(count: 0)
  /// For every 64 bytes of a section, the number of the piece that holds the first of them,
  /// relative to the section's first piece: shortens the search.
  fileprivate(set) var buckets = Block<UInt32>(count: 0)

  struct PieceRange: Sendable, BitwiseCopyable {
    var section: SectionID
    var group: UInt32
    var first: Int = 0
    var count: Int = 0
    var firstBucket: Int = 0
    var bucketCount: Int = 0
  }

  static var bucketShift: UInt64 { 6 }

  @inline(__always) func isMerged(_ section: SectionID) -> Bool {
    section.index < numbers.count && numbers[section] != 0
  }

  /// The group that a merged section is in.
  func group(of section: SectionID) -> Int { Int(ranges[Int(numbers[section]) - 1].group) }

  /// The address of byte `offset` of a merged section.
  func address(_ section: SectionID, _ offset: UInt64) -> UInt64 {
    let range = ranges[Int(numbers[section]) - 1]
    guard range.count > 0 else { return 0 }
    let bucket = Int(min(offset >> MergePieces.bucketShift, UInt64(range.bucketCount - 1)))
    var piece = Int(buckets[range.firstBucket + bucket])
    while piece + 1 < range.count && UInt64(offsets[range.first + piece + 1]) <= offset {
      piece += 1
    }
    let start = UInt64(offsets[range.first + piece])
    return groupAddresses[Int(range.group)] &+ UInt64(places[range.first + piece])
      &+ (offset &- start)
  }

  /// Tells where the groups are.
  mutating func setAddresses(_ addresses: [UInt64]) {
    groupAddresses = Block(count: addresses.count)
    for (index, address) in addresses.enumerated() { groupAddresses[index] = address }
  }
}

/// One group: what is kept of it.
final class MergedSection: @unchecked Sendable {
  // Sendable: each shard is filled by one worker.

  struct Key: Hashable, Sendable {
    var rule: UInt32
    /// For what no rule takes.
    var name: String
    var entrySize: UInt64
    var isStrings: Bool
    var isAllocated: Bool
  }

  let key: Key
  /// The row that stands for the group.
  var row = SectionID.none
  var kind: SectionKind
  var members: [SectionID] = []
  fileprivate(set) var shards: [Block<MergedPiece>] = []
  fileprivate(set) var shardCounts: [Int] = []
  /// Number of each shard's first entry.
  fileprivate(set) var shardBases: [Int] = []
  /// Offset of each shard's first byte.
  fileprivate(set) var shardOffsets: [UInt64] = []
  fileprivate(set) var size: UInt64 = 0
  fileprivate(set) var alignmentShift: UInt8 = 0

  init(_ key: Key, _ kind: SectionKind) {
    self.key = key
    self.kind = kind
  }

  /// Where a kept piece lies in the merged section.
  fileprivate func offset(of entry: Int) -> UInt64 {
    let shard = self.shard(of: entry)
    return shardOffsets[shard] &+ shards[shard][entry - shardBases[shard]].offset
  }

  private func shard(of entry: Int) -> Int {
    var low = 0
    var high = shardBases.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if shardBases[middle] <= entry { low = middle } else { high = middle }
    }
    return low
  }

  /// Writes the pieces of one shard.
  func write(shard: Int, to out: OutputBytes) {
    let base = Int(shardOffsets[shard])
    let pieces = shards[shard]
    var end = base
    // Pieces are in the order of their offsets, so the gaps between them are known.
    for index in 0..<shardCounts[shard] {
      let piece = pieces[index]
      let start = base + Int(piece.offset)
      if start > end { out.fill(0, end..<start) }
      out.copy(ByteView(piece.bytes!, count: Int(piece.size)), at: start)
      end = start + Int(piece.size)
    }
  }
}

extension Selection {
  private static var shardCount: Int { 64 }

  func mergeStrings() {
    let live = mergedInputs.filter { isLive($0) }
    guard !live.isEmpty else { return }
    group(live)
    cut()
    for number in mergedSections.indices { merge(mergedSections[number], number) }
    addMergedRows()
  }

  /// Sorts the sections into groups.
  private func group(_ live: [SectionID]) {
    var known: [MergedSection.Key: Int] = [:]
    pieces.numbers = Column(count: sections.count)
    pieces.ranges = Block(count: live.count)
    for (position, id) in live.enumerated() {
      let section = sections[id]
      let file = files[section.file.index]
      let header = file.sectionHeaders[Int(section.index)]
      let isAllocated = section.kind.contains(.alloc)
      let key = MergedSection.Key(
        rule: section.rule, name: section.rule == InputSection.noRule ? sectionName(id) : "",
        entrySize: header.entrySize, isStrings: section.kind.contains(.strings),
        isAllocated: isAllocated)
      let number: Int
      if let found = known[key] {
        number = found
      } else {
        number = mergedSections.count
        known[key] = number
        mergedSections.append(MergedSection(key, section.kind))
      }
      mergedSections[number].members.append(id)
      pieces.ranges[position] = MergePieces.PieceRange(section: id, group: UInt32(number))
      pieces.numbers[id] = UInt32(position + 1)
    }
  }

  // MARK: Cutting

  /// Counts the pieces of all sections, then finds their offsets.
  private func cut() {
    let counts = Block<UInt32>(count: pieces.ranges.count)
    let ranges = pieces.ranges
    pool.parallelFor(ranges.count) { range, _ in
      for index in range {
        var count: UInt32 = 0
        self.forEachPiece(ranges[index]) { _, _ in count += 1 }
        counts[index] = count
      }
    }
    var first = 0
    var bucket = 0
    for index in 0..<ranges.count {
      pieces.ranges[index].first = first
      pieces.ranges[index].count = Int(counts[index])
      pieces.ranges[index].firstBucket = bucket
      let bytes = sections[pieces.ranges[index].section].fileSize
      pieces.ranges[index].bucketCount = Int(bytes >> MergePieces.bucketShift) + 1
      first += Int(counts[index])
      bucket += pieces.ranges[index].bucketCount
    }
    counts.release()
    pieces.offsets = Block(count: first)
    pieces.places = Block(count: first)
    pieces.buckets = Block(count: bucket)
  }

  /// Calls `body` with offset and size of every piece of a section.
  @inline(__always) private func forEachPiece(
    _ range: MergePieces.PieceRange, _ body: (_ offset: Int, _ size: Int) -> Void
  ) {
    let section = sections[range.section]
    let key = mergedSections[Int(range.group)].key
    guard let base = section.contents else { return }
    let count = Int(section.fileSize)
    let unit = Int(key.entrySize)
    guard key.isStrings else {
      var offset = 0
      while offset < count {
        body(offset, min(unit, count - offset))
        offset += unit
      }
      return
    }
    var start = 0
    while start < count {
      let end = StringScan.end(base, start, count, unit)
      body(start, end - start)
      start = end
    }
  }

  // MARK: Merging one group

  private func merge(_ group: MergedSection, _ number: Int) {
    let ranges = group.members.map { pieces.ranges[Int(pieces.numbers[$0]) - 1] }
    // Chunks of sections with about 64 K pieces.
    var chunks: [Range<Int>] = []
    var first = 0
    var count = 0
    for index in ranges.indices {
      count += ranges[index].count
      if count >= 1 << 16 {
        chunks.append(first..<(index + 1))
        first = index + 1
        count = 0
      }
    }
    if first < ranges.count { chunks.append(first..<ranges.count) }
    // Few pieces are not worth the work of many shards.
    let total = ranges.reduce(0) { $0 + $1.count }
    let shardCount = total < 1 << 12 ? 1 : Selection.shardCount

    let records = Block<Block<PieceRecord>>(count: chunks.count)
    let starts = Block<Block<UInt32>>(count: chunks.count)
    let chunkRanges = chunks
    pool.parallelForEach(chunks.count) { index, _ in
      (records[index], starts[index]) = self.hash(ranges[chunkRanges[index]], shardCount)
    }
    enter(group, ranges, chunks, records, starts, shardCount)
    for index in chunks.indices {
      records[index].release()
      starts[index].release()
    }
    records.release()
    starts.release()
  }

  /// Hashes the pieces of some sections; the records come sorted by shard.
  private func hash(
    _ ranges: ArraySlice<MergePieces.PieceRange>, _ shardCount: Int
  ) -> (Block<PieceRecord>, Block<UInt32>) {
    let count = ranges.reduce(0) { $0 + $1.count }
    let unsorted = Block<PieceRecord>(count: count)
    var next = 0
    for range in ranges {
      let section = sections[range.section]
      guard let base = section.contents else { continue }
      let sectionShift = section.alignmentShift
      var position = range.first
      var bucket = 0
      forEachPiece(range) { offset, size in
        pieces.offsets[position] = UInt32(truncatingIfNeeded: offset)
        // Buckets that begin inside this piece.
        while bucket < range.bucketCount && bucket << 6 < offset + size {
          pieces.buckets[range.firstBucket + bucket] = UInt32(position - range.first)
          bucket += 1
        }
        let shift =
          offset == 0 ? sectionShift : min(sectionShift, UInt8(offset.trailingZeroBitCount))
        let hash = swold_xxh3_128(base + offset, size)
        unsorted[next] = PieceRecord(
          low: hash.low,
          check: UInt32(truncatingIfNeeded: hash.high) & 0xffff_fff0 | UInt32(min(shift, 15)),
          piece: UInt32(truncatingIfNeeded: position))
        next += 1
        position += 1
      }
      while bucket < range.bucketCount {
        pieces.buckets[range.firstBucket + bucket] = UInt32(max(range.count - 1, 0))
        bucket += 1
      }
    }
    let starts = Block<UInt32>(count: shardCount + 1)
    func shard(_ record: PieceRecord) -> Int {
      shardCount == 1 ? 0 : Int(record.low >> 58)
    }
    for index in 0..<count { starts[shard(unsorted[index]) + 1] += 1 }
    for index in 0..<shardCount { starts[index + 1] += starts[index] }
    let sorted = Block<PieceRecord>(count: count)
    let fill = Block<UInt32>(count: shardCount)
    for index in 0..<shardCount { fill[index] = starts[index] }
    for index in 0..<count {
      let target = shard(unsorted[index])
      sorted[Int(fill[target])] = unsorted[index]
      fill[target] += 1
    }
    unsorted.release()
    fill.release()
    return (sorted, starts)
  }

  private func enter(
    _ group: MergedSection, _ ranges: [MergePieces.PieceRange], _ chunks: [Range<Int>],
    _ records: Block<Block<PieceRecord>>, _ starts: Block<Block<UInt32>>, _ shardCount: Int
  ) {
    // Numbers of a shard begin where those of the shards before it would end at most.
    var bases = [Int](repeating: 0, count: shardCount + 1)
    for chunk in chunks.indices {
      for shard in 0..<shardCount {
        bases[shard + 1] += Int(starts[chunk][shard + 1] - starts[chunk][shard])
      }
    }
    for shard in 0..<shardCount { bases[shard + 1] += bases[shard] }
    let shards = Block<Block<MergedPiece>>(count: shardCount)
    let counts = Block<Int>(count: shardCount)
    let sizes = Block<UInt64>(count: shardCount)
    let shifts = Block<UInt8>(count: shardCount)
    let shardBases = bases
    let (pieces, sections) = (pieces, sections)
    pool.parallelForEach(shardCount) { shard, _ in
      var table = PieceTable()
      for chunk in chunks.indices {
        let list = records[chunk]
        var range = chunks[chunk].lowerBound
        for index in Int(starts[chunk][shard])..<Int(starts[chunk][shard + 1]) {
          let record = list[index]
          let piece = Int(record.piece)
          while piece >= ranges[range].first + ranges[range].count { range += 1 }
          let (entry, isNew) = table.enter(record.low, record.check)
          if isNew {
            let section = sections[ranges[range].section]
            let offset = Int(pieces.offsets[piece])
            let isLast = piece + 1 == ranges[range].first + ranges[range].count
            let end = isLast ? Int(section.fileSize) : Int(pieces.offsets[piece + 1])
            table.pieces.append(
              MergedPiece(
                bytes: section.contents! + offset, offset: 0, size: UInt32(end - offset),
                shift: UInt8(record.check & 15)))
          } else {
            let shift = UInt8(record.check & 15)
            if shift > table.pieces[entry].shift { table.pieces[entry].shift = shift }
          }
          pieces.places[piece] = UInt32(shardBases[shard] + entry)
        }
      }
      let placed = table.place()
      shards[shard] = placed.pieces
      counts[shard] = table.pieces.count
      sizes[shard] = placed.size
      shifts[shard] = placed.shift
    }
    var offset: UInt64 = 0
    for shard in 0..<shardCount {
      let alignment = UInt64(1) << UInt64(shifts[shard])
      offset = (offset + alignment - 1) & ~(alignment - 1)
      group.shardOffsets.append(offset)
      group.shards.append(shards[shard])
      group.shardCounts.append(counts[shard])
      group.shardBases.append(bases[shard])
      group.alignmentShift = max(group.alignmentShift, shifts[shard])
      offset += sizes[shard]
    }
    group.size = offset
    if offset > UInt64(UInt32.max) {
      log.error(.mergedSectionTooLarge(sectionName(group.members[0]), offset))
    }
    pool.parallelFor(ranges.count) { indices, _ in
      for index in indices {
        for piece in ranges[index].first..<(ranges[index].first + ranges[index].count) {
          pieces.places[piece] = UInt32(
            truncatingIfNeeded: group.offset(of: Int(pieces.places[piece])))
        }
      }
    }
    shards.release()
    counts.release()
    sizes.release()
    shifts.release()
  }

  /// Gives each group a row that stands where its first member would, and takes the room from the
  /// members.
  private func addMergedRows() {
    for (number, group) in mergedSections.enumerated() {
      var row = InputSection()
      // As a row of the first member's file and section it sorts where that would.
      let first = sections[group.members[0]]
      row.file = first.file
      row.index = UInt32(number)
      row.rule = first.rule
      row.kind = first.kind
      row.kind.remove(.merged)
      row.kind.insert(.mergedGroup)
      row.size = group.size
      row.alignmentShift = group.alignmentShift
      group.row = addSection(row)
      for member in group.members {
        sections[member].size = 0
        sections[member].alignmentShift = 0
      }
    }
  }
}

/// Finds the end of strings.
enum StringScan {
  /// The offset behind the terminator of the string of `unit`-byte characters that begins at
  /// `start`; `count` if there is none.
  @inline(__always) static func end(
    _ base: UnsafeRawPointer, _ start: Int, _ count: Int, _ unit: Int
  ) -> Int {
    if unit == 1 {
      guard let found = memoryFind(base + start, 0, count - start) else { return count }
      return found - base + 1
    }
    var offset = start
    while offset + unit <= count {
      var isZero = true
      for byte in 0..<unit where base.load(fromByteOffset: offset + byte, as: UInt8.self) != 0 {
        isZero = false
        break
      }
      offset += unit
      if isZero { return offset }
    }
    return count
  }
}

/// A private hash table of one shard.
private struct PieceTable {
  private var numbers = HashNumbering()
  var pieces: [MergedPiece] = []

  mutating func enter(_ low: UInt64, _ check: UInt32) -> (number: Int, isNew: Bool) {
    numbers.enter(low, check)
  }

  /// Gives every piece its offset in the shard, in order of arrival.
  mutating func place() -> (pieces: Block<MergedPiece>, size: UInt64, shift: UInt8) {
    numbers.release()
    let block = Block<MergedPiece>(count: pieces.count)
    var offset: UInt64 = 0
    var largest: UInt8 = 0
    for index in pieces.indices {
      let alignment = UInt64(1) << UInt64(pieces[index].shift)
      offset = (offset + alignment - 1) & ~(alignment - 1)
      pieces[index].offset = offset
      block[index] = pieces[index]
      offset += UInt64(pieces[index].size)
      largest = max(largest, pieces[index].shift)
    }
    return (block, offset, largest)
  }
}

extension Message {
  static func mergedSectionTooLarge(_ name: String, _ size: UInt64) -> Message {
    Message(
      "mergedSectionTooLarge",
      "section \(name): merged strings take \(size) bytes, and more than 4 GiB cannot be merged")
  }
}
