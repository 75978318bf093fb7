// Writes `.gdb_index`. Everything in it is little-endian, whatever the machine.

internal import CShims
internal import ELF
internal import Parallel

extension GdbIndex {
  /// Where inputs are in the output.
  struct Addresses: Sendable {
    /// Of a place in an input section.
    let address: @Sendable (SectionID, UInt64) -> UInt64
    /// Where an input section begins in its output section.
    let offset: @Sendable (SectionID) -> UInt64
  }

  /// `start`: where the section begins in the output.
  func write(
    to parts: OutputParts, at start: Int, _ hashes: ChunkHashes?, _ addresses: Addresses,
    _ pool: WorkerPool
  ) {
    // The names are most of it, so they are made by parts; what is stored in any order is not.
    let head = parts.file.slice(start, slotsOffset)
    writeHeader(to: head)
    writeUnits(to: head, addresses)
    pool.parallelFor(files.count) { range, _ in
      for file in range { writeRanges(of: file, to: head, addresses) }
    }
    hashes?.made(head, at: start)
    hashes?.stored(start..<start + slotsOffset)
    let symbols = Block<Symbol>(room: nameCount)
    let starts = symbolStarts
    pool.parallelForEach(shards.count) { shard, worker in
      let symbols = symbols.slice(starts[shard]..<starts[shard + 1])
      let part = PoolPart(parts: parts, start: start + poolOffset, hashes: hashes, worker: worker)
      writeLists(of: shard, to: part)
      writeTexts(of: shard, to: part, symbols)
    }
    let slots = slots(symbols)
    symbols.release()
    pool.parallelForEach(slots.count / GdbIndex.slotsOfPart) { index, worker in
      let first = index * GdbIndex.slotsOfPart
      let offset = start + slotsOffset + first * 8
      parts.make(offset..<offset + GdbIndex.slotsOfPart * 8, worker, hashes) { out in
        for slot in 0..<GdbIndex.slotsOfPart { out.store(slots[first + slot], at: 8 * slot) }
      }
    }
    slots.release()
  }

  private func writeHeader(to out: OutputBytes) {
    out.store(GdbIndex.version, at: 0)
    let parts = [
      GdbIndex.headerSize, typeUnitsOffset, rangesOffset, slotsOffset, poolOffset,
    ]
    for (index, offset) in parts.enumerated() {
      out.store(UInt32(truncatingIfNeeded: offset), at: 4 + 4 * index)
    }
  }

  private func writeUnits(to out: OutputBytes, _ addresses: Addresses) {
    for index in 0..<units.count {
      let unit = units[index]
      let offset = GdbIndex.headerSize + index * GdbIndex.unitSize
      out.store(addresses.offset(unit.section) &+ unit.offset, at: offset)
      out.store(unit.size, at: offset + 8)
    }
    for index in 0..<typeUnits.count {
      let unit = typeUnits[index]
      let offset = typeUnitsOffset + index * GdbIndex.typeUnitSize
      out.store(addresses.offset(unit.section) &+ unit.offset, at: offset)
      out.store(unit.typeOffset, at: offset + 8)
      out.store(unit.signature, at: offset + 16)
    }
  }

  private func writeRanges(of file: Int, to out: OutputBytes, _ addresses: Addresses) {
    let ranges = files[file].ranges
    var offset = rangesOffset + rangeStarts[file] * GdbIndex.rangeSize
    for index in 0..<ranges.count {
      let range = ranges[index]
      out.store(addresses.address(range.section, range.low), at: offset)
      out.store(addresses.address(range.section, range.high), at: offset + 8)
      out.store(unitNumbers[file][Int(range.unit)], at: offset + 16)
      offset += GdbIndex.rangeSize
    }
  }

  // MARK: Names

  /// What the hash table says of a name.
  private struct Symbol: BitwiseCopyable {
    var hash: UInt32
    var text: UInt32
    var list: UInt32
  }

  private var symbolStarts: [Int] {
    var starts = [0]
    for shard in 0..<shards.count { starts.append(starts[shard] + shards[shard].texts.count) }
    return starts
  }

  /// A worker's view of the constant pool.
  private struct PoolPart {
    let parts: OutputParts
    /// Where the pool begins in the output.
    let start: Int
    let hashes: ChunkHashes?
    let worker: Worker

    func make(_ offset: Int, _ size: Int, _ body: (OutputBytes) -> Void) {
      parts.make(start + offset..<start + offset + size, worker, hashes, body)
    }
  }

  /// How much of the names, and of the hash table, is made at a time: as much as a cache holds.
  private static var partSize: Int { 512 << 10 }
  private static var slotsOfPart: Int { 1024 }

  private func writeLists(of number: Int, to pool: PoolPart) {
    let words = shards[number].words
    pool.make(listStarts[number], words.count * 4) { out in
      for index in 0..<words.count { out.store(words[index], at: 4 * index) }
    }
  }

  private func writeTexts(of number: Int, to pool: PoolPart, _ symbols: Block<Symbol>) {
    let shard = shards[number]
    var (first, start) = (0, textStarts[number])
    while first < shard.texts.count {
      var (end, size) = (first, 0)
      repeat {
        size += shard.texts[end].count + 1
        end += 1
      } while end < shard.texts.count && size < GdbIndex.partSize
      pool.make(start, size) { out in
        var offset = 0
        for index in first..<end {
          // (Names are all over the memory.)
          swold_prefetch(shard.texts[min(index + 8, end - 1)].buffer.baseAddress)
          let name = shard.texts[index]
          symbols[index] = Symbol(
            hash: GdbIndex.hash(name), text: UInt32(truncatingIfNeeded: start + offset),
            list: UInt32(truncatingIfNeeded: listStarts[number] + 4 * Int(shard.lists[index])))
          out.copy(name, at: offset)
          offset += name.count + 1
          out.store(0 as UInt8, at: offset - 1)
        }
      }
      (first, start) = (end, start + size)
    }
  }

  /// The hash of a name in a table since version 5: letters count as small ones.
  static func hash(_ name: ByteView) -> UInt32 {
    var hash: UInt32 = 0
    // Eight bytes at once: 67 times the first of two and the second, in four parts of a word, then the same
    // with pairs of these, as polynomials may be put together.
    let (power4, power8): (UInt32, UInt32) = (20_151_121, 20_151_121 &* 20_151_121)
    let constants = (0..<8).reduce(0 as UInt32) { sum, _ in sum &* 67 &+ 113 }
    var position = 0
    while let word = name.load(UInt64.self, at: position) {
      var lanes = lowercased(word)
      lanes = (lanes & 0xff_00ff_00ff_00ff) &* 67 &+ (lanes >> 8 & 0xff_00ff_00ff_00ff)
      lanes = (lanes & 0xffff_0000_ffff) &* 4489 &+ (lanes >> 16 & 0xffff_0000_ffff)
      let sum =
        UInt32(truncatingIfNeeded: lanes) &* power4 &+ UInt32(truncatingIfNeeded: lanes >> 32)
      hash = hash &* power8 &+ sum &- constants
      position += 8
    }
    while position < name.count {
      let byte = UInt32(truncatingIfNeeded: lowercased(UInt64(name[position])))
      hash = hash &* 67 &+ byte &- 113
      position += 1
    }
    return hash
  }

  /// The eight bytes with small letters in place of capital ones of ASCII.
  private static func lowercased(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    // Bit 7 of each byte tells whether the lower bits are at least `A`, and beyond `Z`.
    let low = word & (0x7f * ones)
    let isLetter = (low &+ (0x80 - 0x41) * ones) ^ (low &+ (0x80 - 0x5b) * ones)
    return word | (isLetter & ~word & (0x80 * ones)) >> 2
  }

  /// The hash table: in each slot where the text is and, above it, the list.
  private func slots(_ symbols: Block<Symbol>) -> Block<UInt64> {
    let slots = Block<UInt64>(count: slotCount)
    let mask = UInt32(truncatingIfNeeded: slotCount - 1)
    for index in 0..<symbols.count {
      let symbol = symbols[index]
      let step = (symbol.hash &* 17) & mask | 1
      var slot = symbol.hash & mask
      // (A list is never empty, so no slot that is taken has two zeros: texts stand behind all lists.)
      while slots[Int(slot)] != 0 { slot = (slot &+ step) & mask }
      slots[Int(slot)] = UInt64(symbol.list) << 32 | UInt64(symbol.text)
    }
    return slots
  }
}
