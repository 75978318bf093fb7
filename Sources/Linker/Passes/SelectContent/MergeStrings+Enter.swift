// Makes equal pieces of one group of mergeable sections one.
//
// Chunks of sections are hashed by all workers into records, sorted by shard; then one worker for each
// shard enters its records, in order. Pieces of a shard have their places in order of arrival.

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

extension Selection {
  private static var shardCount: Int { 64 }

  func merge(_ group: MergedSection, _ number: Int) {
    let ranges = group.members.map { pieces.ranges[Int(pieces.numbers[$0]) - 1] }
    // Chunks of sections with about 64 K pieces.
    var chunks: [Range<Int>] = []
    var first = 0
    var count = 0
    let chunkSize = pool.portion(1 << 16)
    for index in ranges.indices {
      count += ranges[index].count
      if count >= chunkSize {
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
      var table = PieceTable(capacity: (shardBases[shard + 1] - shardBases[shard]) / 4)
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
}

/// A private hash table of one shard.
private struct PieceTable {
  private var numbers: HashNumbering
  var pieces: [MergedPiece] = []

  init(capacity: Int) { numbers = HashNumbering(capacity: capacity) }

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
