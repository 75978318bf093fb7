// Writes `.gdb_index`. Everything in it is little-endian, whatever the machine.

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

  func write(to out: OutputBytes, _ addresses: Addresses, _ pool: WorkerPool) {
    out.store(GdbIndex.version, at: 0)
    let parts = [
      GdbIndex.headerSize, typeUnitsOffset, rangesOffset, slotsOffset, poolOffset,
    ]
    for (index, offset) in parts.enumerated() {
      out.store(UInt32(truncatingIfNeeded: offset), at: 4 + 4 * index)
    }
    writeUnits(to: out, addresses)
    pool.parallelFor(files.count) { range, _ in
      for file in range { writeRanges(of: file, to: out, addresses) }
    }
    let symbols = Block<Symbol>(room: nameCount)
    let starts = symbolStarts
    pool.parallelForEach(shards.count) { shard, _ in
      writePool(shard, to: out, symbols.slice(starts[shard]..<starts[shard + 1]))
    }
    writeSlots(symbols, to: out)
    symbols.release()
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

  private func writePool(_ number: Int, to out: OutputBytes, _ symbols: Block<Symbol>) {
    let shard = shards[number]
    let pool = poolOffset
    for index in 0..<shard.words.count {
      out.store(shard.words[index], at: pool + listStarts[number] + 4 * index)
    }
    var text = textStarts[number]
    for index in 0..<shard.texts.count {
      let name = shard.texts[index]
      symbols[index] = Symbol(
        hash: GdbIndex.hash(name), text: UInt32(truncatingIfNeeded: text),
        list: UInt32(truncatingIfNeeded: listStarts[number] + 4 * Int(shard.lists[index])))
      out.copy(name, at: pool + text)
      text += name.count + 1
      out.store(0 as UInt8, at: pool + text - 1)
    }
  }

  /// The hash of a name in a table since version 5: letters count as small ones.
  static func hash(_ name: ByteView) -> UInt32 {
    var hash: UInt32 = 0
    for byte in name.buffer {
      let isCapital = byte &- UInt8(ascii: "A") < 26
      hash = hash &* 67 &+ UInt32(isCapital ? byte | 0x20 : byte) &- 113
    }
    return hash
  }

  private func writeSlots(_ symbols: Block<Symbol>, to out: OutputBytes) {
    let slots = out.slice(slotsOffset, slotCount * 8)
    slots.fill(0, 0..<slots.count)
    let mask = UInt32(truncatingIfNeeded: slotCount - 1)
    for index in 0..<symbols.count {
      let symbol = symbols[index]
      let step = (symbol.hash &* 17) & mask | 1
      var slot = symbol.hash & mask
      // (A list is never empty, so no slot that is taken has two zeros: texts stand behind all lists.)
      while slots.load(UInt64.self, at: Int(slot) * 8) != 0 { slot = (slot &+ step) & mask }
      slots.store(symbol.text, at: Int(slot) * 8)
      slots.store(symbol.list, at: Int(slot) * 8 + 4)
    }
  }
}
