// Cuts mergeable sections into pieces and hashes these.
//
// The unit of work is a chunk: some sections of a group, together about a megabyte. All that is done to
// their bytes is done by one worker while they are in its cache: find where each piece begins, hash
// each, once. The result is a list of records, sorted by shard, for MergeStrings+Enter.

internal import CShims
internal import CXXHash
internal import ELF
internal import Parallel

/// One occurrence of a piece, while pieces are entered.
struct PieceRecord: BitwiseCopyable, Sendable {
  var low: UInt64
  /// 28 bits of the hash's other half, then log2 of the alignment (at most 15). Of a piece that has been
  /// entered: where the kept one lies in its shard.
  var check: UInt32
  /// Number of the piece among those of its chunk.
  var piece: UInt32
}

/// The pieces of some sections of a group.
struct PieceChunk: BitwiseCopyable, Sendable {
  /// The first of its sections among those of the group, and how many they are.
  var first: Int
  var count: Int
  /// Sorted by shard.
  var records = Block<PieceRecord>.empty
  /// Where the records of each shard begin.
  var starts = Block<UInt32>.empty
  var pieces = Block<PiecePlace>.empty
  var sections = Block<CutSection>.empty

  func records(of shard: Int) -> Range<Int> { Int(starts[shard])..<Int(starts[shard + 1]) }

  /// Frees what only entering needs.
  func release() {
    records.release()
    starts.release()
    sections.release()
  }

  /// Where a piece lies in the input.
  @inline(__always) func bytes(of piece: Int) -> MergedPiece {
    var low = 0
    var high = count
    while high &- low > 1 {
      let middle = (low &+ high) / 2
      if Int(sections[middle].firstPiece) <= piece { low = middle } else { high = middle }
    }
    let section = sections[low]
    let isLast = piece &+ 1 == Int(section.endPiece)
    let offset = pieces[piece].offset
    let end = isLast ? section.size : pieces[piece &+ 1].offset
    return MergedPiece(bytes: section.contents + Int(offset), offset: 0, size: end &- offset)
  }
}

/// A section of a chunk.
struct CutSection: BitwiseCopyable, @unchecked Sendable {
  // Sendable: the pointer leads to a mapped input, which nobody writes.
  var contents: UnsafeRawPointer
  var size: UInt32
  var firstPiece: UInt32
  var endPiece: UInt32
}

/// Sections of one group, cut by one worker after another.
struct PieceCutter: Sendable {
  /// Where pieces begin, and their records before they are sorted.
  struct Rooms: Sendable {
    let starts: Scratch<UInt32>
    let records: Scratch<PieceRecord>
  }

  let sections: Column<SectionID, InputSection>
  let entrySize: Int
  let isStrings: Bool
  var shardCount = 1

  /// How many pieces a section has.
  func count(_ section: InputSection) -> Int {
    guard let base = section.contents else { return 0 }
    let size = Int(section.fileSize)
    guard isStrings else { return (size + entrySize - 1) / entrySize }
    if entrySize == 1 {
      // The last string may lack its end.
      let isOpen = size > 0 && base.load(fromByteOffset: size - 1, as: UInt8.self) != 0
      return swold_count_zeros(base, size) + (isOpen ? 1 : 0)
    }
    var count = 0
    var offset = 0
    while offset < size {
      offset = StringScan.end(base, offset, size, entrySize)
      count += 1
    }
    return count
  }

  /// Fills `chunk`, and the tables of its sections.
  func cut(
    _ chunk: inout PieceChunk, _ ranges: [Int], _ table: Block<MergePieces.PieceRange>,
    _ rooms: Rooms, _ worker: Worker
  ) {
    var most = 0
    var bucketCount = 0
    for index in chunk.first..<chunk.first + chunk.count {
      let section = sections[table[ranges[index]].section]
      most += Int(section.fileSize) / entrySize + 2
      bucketCount += PieceCutter.bucketCount(section)
    }
    chunk.sections = Block(room: chunk.count)
    // Of each section where its pieces begin and, behind them, its size.
    let starts = rooms.starts.room(most, worker)
    var total = 0
    for index in 0..<chunk.count {
      let section = sections[table[ranges[chunk.first + index]].section]
      let count = find(section, starts.base + total + index)
      chunk.sections[index] = CutSection(
        contents: section.contents ?? UnsafeRawPointer(table.base),  // then without pieces
        size: UInt32(truncatingIfNeeded: section.fileSize),
        firstPiece: UInt32(truncatingIfNeeded: total),
        endPiece: UInt32(truncatingIfNeeded: total + count))
      total += count
    }
    chunk.pieces = Block(room: total)
    let buckets = Block<UInt32>(room: bucketCount)
    let records = rooms.records.room(total, worker)
    let shardStarts = Block<UInt32>(count: shardCount + 1)
    var bucket = 0
    for index in 0..<chunk.count {
      let number = ranges[chunk.first + index]
      let section = sections[table[number].section]
      let first = Int(chunk.sections[index].firstPiece)
      let end = Int(chunk.sections[index].endPiece)
      let sectionBuckets = buckets.slice(bucket..<bucket + PieceCutter.bucketCount(section))
      table[number].pieces = chunk.pieces.slice(first..<end)
      table[number].buckets = sectionBuckets
      hash(
        section, starts.base + first + index, table[number].pieces, sectionBuckets, records, first,
        shardStarts)
      bucket += sectionBuckets.count
    }
    chunk.records = records.sorted(total, counts: shardStarts) { shard($0.low) }
    chunk.starts = shardStarts
  }

  private static func bucketCount(_ section: InputSection) -> Int {
    Int(section.fileSize >> MergePieces.bucketShift) + 1
  }

  /// Stores where the pieces of a section begin, and its size behind them; returns how many they are.
  private func find(
    _ section: InputSection, _ starts: UnsafeMutablePointer<UInt32>
  ) -> Int {
    guard let base = section.contents else { return 0 }
    let size = Int(section.fileSize)
    if isStrings && entrySize == 1 { return swold_string_starts(base, size, starts) }
    var count = 0
    var offset = 0
    while offset < size {
      starts[count] = UInt32(truncatingIfNeeded: offset)
      count += 1
      offset = isStrings ? StringScan.end(base, offset, size, entrySize) : offset + entrySize
    }
    starts[count] = UInt32(truncatingIfNeeded: size)
    return count
  }

  /// Makes records of the pieces of a section, from number `first` of the chunk on, and counts them by
  /// shard.
  private func hash(
    _ section: InputSection, _ starts: UnsafeMutablePointer<UInt32>, _ pieces: Block<PiecePlace>,
    _ buckets: Block<UInt32>, _ records: Block<PieceRecord>, _ first: Int,
    _ shardStarts: Block<UInt32>
  ) {
    var bucket = 0
    if let base = section.contents {
      let shift = Int(section.alignmentShift)
      for index in 0..<pieces.count {
        let offset = Int(starts[index])
        let end = Int(starts[index &+ 1])
        pieces[index] = PiecePlace(offset: starts[index], place: 0)
        // Buckets that begin inside this piece.
        while bucket << 6 < end {
          buckets[bucket] = UInt32(truncatingIfNeeded: index)
          bucket &+= 1
        }
        let hash = swold_xxh3_128(base + offset, end &- offset)
        // (Of 0 all 64 bits are trailing zeros.)
        let alignment = UInt32(truncatingIfNeeded: min(shift, offset.trailingZeroBitCount, 15))
        records[first &+ index] = PieceRecord(
          low: hash.low, check: UInt32(truncatingIfNeeded: hash.high) & ~15 | alignment,
          piece: UInt32(truncatingIfNeeded: first &+ index))
        shardStarts[shard(hash.low) &+ 1] &+= 1
      }
    }
    while bucket < buckets.count {
      buckets[bucket] = UInt32(truncatingIfNeeded: max(pieces.count - 1, 0))
      bucket += 1
    }
  }

  @inline(__always) private func shard(_ low: UInt64) -> Int {
    shardCount == 1 ? 0 : Int(truncatingIfNeeded: low >> 58)
  }
}
