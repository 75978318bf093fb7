// Makes equal pieces of one group of mergeable sections one.
//
// Chunks of sections are cut and hashed by all workers into records, sorted by shard; then one worker
// for each shard enters its records, in order. Pieces of a shard have their places in order of arrival.

internal import CShims
internal import ELF
internal import Parallel

extension Selection {
  private static var shardCount: Int { 64 }

  func merge(_ group: MergedSection) {
    let ranges = group.members.map { Int(pieces.numbers[$0]) - 1 }
    var cutter = PieceCutter(
      sections: sections, entrySize: Int(group.key.entrySize), isStrings: group.key.isStrings)
    if isLarge(group, cutter) { cutter.shardCount = Selection.shardCount }
    let chunks = chunks(of: group)
    let (table, settled) = (pieces.ranges, cutter)
    let rooms = PieceCutter.Rooms(starts: Scratch(pool), records: Scratch(pool))
    pool.parallelForEach(chunks.count) { index, worker in
      settled.cut(&chunks[index], ranges, table, rooms, worker)
    }
    rooms.starts.release()
    rooms.records.release()
    enter(group, chunks, cutter.shardCount)
    for index in 0..<chunks.count { chunks[index].release() }
    chunks.release()
  }

  /// Whether a group has so many pieces that many shards are worth their work.
  private func isLarge(_ group: MergedSection, _ cutter: PieceCutter) -> Bool {
    var count = 0
    for member in group.members {
      count += cutter.count(sections[member])
      if count >= 1 << 12 { return true }
    }
    return false
  }

  /// Sections with about a megabyte of bytes each.
  private func chunks(of group: MergedSection) -> Block<PieceChunk> {
    var found: [PieceChunk] = []
    var first = 0
    var size = 0
    let chunkSize = pool.portion(1 << 20)
    for (index, member) in group.members.enumerated() {
      size += Int(sections[member].fileSize)
      if size >= chunkSize {
        found.append(PieceChunk(first: first, count: index + 1 - first))
        first = index + 1
        size = 0
      }
    }
    if first < group.members.count {
      found.append(PieceChunk(first: first, count: group.members.count - first))
    }
    let chunks = Block<PieceChunk>(room: found.count)
    for (index, chunk) in found.enumerated() { chunks[index] = chunk }
    return chunks
  }

  /// Enters all pieces and tells each where it is.
  private func enter(_ group: MergedSection, _ chunks: Block<PieceChunk>, _ shardCount: Int) {
    let hasAlignment = group.members.contains { sections[$0].alignmentShift > 0 }
    let shards = Block<MergedShard>(room: shardCount)
    let table = PieceTable(chunks: chunks)
    pool.parallelForEach(shardCount) { shard, _ in
      shards[shard] = hasAlignment ? table.enterAligned(shard) : table.enter(shard)
    }
    var offset: UInt64 = 0
    for shard in 0..<shardCount {
      let alignment = UInt64(1) << UInt64(shards[shard].alignmentShift)
      offset = (offset + alignment - 1) & ~(alignment - 1)
      shards[shard].offset = offset
      group.shards.append(shards[shard])
      group.alignmentShift = max(group.alignmentShift, shards[shard].alignmentShift)
      offset += shards[shard].size
    }
    group.size = offset
    if offset > UInt64(UInt32.max) {
      log.error(.mergedSectionTooLarge(sectionName(group.members[0]), offset))
    }
    pool.parallelForEach(chunks.count) { index, _ in
      let chunk = chunks[index]
      for shard in 0..<shardCount {
        let base = UInt32(truncatingIfNeeded: shards[shard].offset)
        for index in chunk.records(of: shard) {
          let record = chunk.records[index]
          chunk.pieces[Int(record.piece)].place = base &+ record.check
        }
      }
    }
    shards.release()
  }
}

/// Enters the records of shards, each into a hash table of its own.
private struct PieceTable: Sendable {
  let chunks: Block<PieceChunk>

  /// Pieces that need no alignment: each that is new has its place at once, and the hash table leads
  /// to that.
  func enter(_ shard: Int) -> MergedShard {
    var result = MergedShard(pieces: room(shard), count: 0, size: 0, alignmentShift: 0)
    var numbers = HashNumbering(capacity: firstCount(shard))
    for chunk in 0..<chunks.count {
      let chunk = chunks[chunk]
      let records = chunk.records
      let range = chunk.records(of: shard)
      for index in range {
        if index &+ 8 < range.upperBound {
          let next = records[index &+ 8]
          numbers.prefetch(next.low)
          swold_prefetch(chunk.pieces.base + Int(next.piece))
        }
        let record = records[index]
        let end = UInt32(truncatingIfNeeded: result.size)
        let (place, isNew) = numbers.enter(record.low, record.check, or: end)
        records[index].check = place
        if isNew {
          var piece = chunk.bytes(of: Int(record.piece))
          piece.offset = end
          result.pieces[result.count] = piece
          result.count &+= 1
          result.size &+= UInt64(piece.size)
        }
      }
    }
    numbers.release()
    return result
  }

  /// Pieces of which later copies may need more alignment: they have their places when all are known.
  func enterAligned(_ shard: Int) -> MergedShard {
    var result = MergedShard(pieces: room(shard), count: 0, size: 0, alignmentShift: 0)
    let shifts = Block<UInt8>(room: result.pieces.count)
    var numbers = HashNumbering(capacity: firstCount(shard))
    for chunk in 0..<chunks.count {
      let chunk = chunks[chunk]
      let range = chunk.records(of: shard)
      for index in range {
        if index &+ 8 < range.upperBound {
          let next = chunk.records[index &+ 8]
          numbers.prefetch(next.low)
          swold_prefetch(chunk.pieces.base + Int(next.piece))
        }
        let record = chunk.records[index]
        let shift = UInt8(truncatingIfNeeded: record.check & 15)
        let (number, isNew) = numbers.enter(record.low, record.check)
        chunk.records[index].check = UInt32(truncatingIfNeeded: number)
        if isNew {
          result.pieces[number] = chunk.bytes(of: Int(record.piece))
          shifts[number] = shift
        } else if shift > shifts[number] {
          shifts[number] = shift
        }
      }
    }
    result.count = numbers.count
    numbers.release()
    for index in 0..<result.count {
      let alignment = UInt64(1) << UInt64(shifts[index])
      result.size = (result.size + alignment - 1) & ~(alignment - 1)
      result.pieces[index].offset = UInt32(truncatingIfNeeded: result.size)
      result.size += UInt64(result.pieces[index].size)
      result.alignmentShift = max(result.alignmentShift, shifts[index])
    }
    shifts.release()
    for chunk in 0..<chunks.count {
      let chunk = chunks[chunk]
      for index in chunk.records(of: shard) {
        let number = Int(chunk.records[index].check)
        chunk.records[index].check = result.pieces[number].offset
      }
    }
    return result
  }

  /// Room for all pieces of a shard, should each of them be another.
  private func room(_ shard: Int) -> Block<MergedPiece> {
    Block(room: (0..<chunks.count).reduce(0) { $0 + chunks[$1].records(of: shard).count })
  }

  /// How many different pieces are to be expected: as in the first chunk, for the others mostly repeat
  /// it. The table grows if there are more.
  private func firstCount(_ shard: Int) -> Int { chunks[0].records(of: shard).count }
}
