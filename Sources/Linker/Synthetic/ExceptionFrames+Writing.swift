// Writes the surviving records, each relocated at its place, and `.eh_frame_hdr`, the sorted index of
// functions in which the unwinder searches.

internal import ELF
internal import Parallel

/// A row of the index.
private struct FrameEntry: BitwiseCopyable {
  var function: UInt64
  var frame: UInt64
}

extension ExceptionFrames {
  /// Writes the section and, if `header` is given, its index.
  func write(
    to out: OutputBytes, header: (out: OutputBytes, address: UInt64)?, address: UInt64,
    _ context: ApplyContext
  ) {
    let selection = context.selection
    let entries = Block<FrameEntry>(room: liveCount)
    let ranges = ranges
    selection.pool.parallelFor(ranges.count) { indices, _ in
      for index in indices {
        self.write(ranges[index], to: out, entries, address: address, context)
      }
    }
    if size > 0 { out.store(0 as UInt32, at: Int(size) - 4) }
    if let header {
      writeIndex(entries, header.out, header.address, address, selection.pool)
    }
    entries.release()
  }

  private func write(
    _ range: FrameInput, to out: OutputBytes, _ entries: Block<FrameEntry>, address: UInt64,
    _ context: ApplyContext
  ) {
    let selection = context.selection
    let section = selection.sections[range.section]
    let bytes = section.bytes
    let records = section.relocationRecords
    let file = selection.files[section.file.index]
    var pieces: [RelocationPiece] = []
    pieces.reserveCapacity(Int(range.cies.count + range.fdes.count))
    func copy(_ record: FrameRecord) {
      guard let source = bytes.slice(Int(record.offset), Int(record.size)) else { return }
      out.copy(source, at: Int(record.outputOffset))
      let first = Int(record.relocationStart)
      pieces.append(
        RelocationPiece(
          records: first..<(first + Int(record.relocationCount)),
          shift: Int64(record.outputOffset) - Int64(record.offset)))
    }
    for number in range.cies.start..<(range.cies.start + range.cies.count)
    where usedCIEs[number] && Int(cies[number].cie) == number {
      copy(cies[number])
    }
    var entry = range.firstEntry
    for number in range.fdes.start..<(range.fdes.start + range.fdes.count)
    where isLive(fdes[number], selection) {
      let record = fdes[number]
      copy(record)
      let cie = cies[Int(cies[Int(record.cie)].cie)]
      out.store(record.outputOffset + 4 - cie.outputOffset, at: Int(record.outputOffset) + 4)
      let relocation = records[Int(record.relocationStart)]
      let row = file.symbolID(Int(relocation.symbol))
      entries[entry] = FrameEntry(
        function: context.value(row, UInt64(bitPattern: relocation.addend)),
        frame: address &+ UInt64(record.outputOffset))
      entry += 1
    }
    context.code.apply(pieces, of: range.section, to: out, start: address, context)
  }

  /// `.eh_frame_hdr`: version 1, encodings, pointer to `.eh_frame`, count, sorted table.
  private func writeIndex(
    _ entries: Block<FrameEntry>, _ out: OutputBytes, _ address: UInt64, _ frames: UInt64,
    _ pool: WorkerPool
  ) {
    out.store(1 as UInt8, at: 0)
    out.store(0x1b as UInt8, at: 1)  // pointer: DW_EH_PE_pcrel | sdata4
    out.store(0x03 as UInt8, at: 2)  // count: DW_EH_PE_udata4
    out.store(0x3b as UInt8, at: 3)  // table: DW_EH_PE_datarel | sdata4
    out.store(Int32(truncatingIfNeeded: frames &- address &- 4), at: 4)
    out.store(UInt32(liveCount), at: 8)
    let (sorted, starts) = byStretch(entries)
    pool.parallelForEach(starts.count - 1) { number, _ in
      let range = Int(starts[number])..<Int(starts[number + 1])
      var rows = UnsafeMutableBufferPointer(
        start: sorted.base + range.lowerBound, count: range.count)
      rows.sort { ($0.function, $0.frame) < ($1.function, $1.frame) }
      for index in range {
        let entry = sorted[index]
        out.store(Int32(truncatingIfNeeded: entry.function &- address), at: 12 + index * 8)
        out.store(Int32(truncatingIfNeeded: entry.frame &- address), at: 16 + index * 8)
      }
    }
    sorted.release()
    starts.release()
  }

  /// The entries by stretches of addresses, each of which a worker may sort, and where each begins.
  private func byStretch(
    _ entries: Block<FrameEntry>
  ) -> (records: Block<FrameEntry>, starts: Block<UInt32>) {
    var (lowest, highest) = (UInt64.max, UInt64(0))
    for index in 0..<liveCount {
      lowest = min(lowest, entries[index].function)
      highest = max(highest, entries[index].function)
    }
    let wanted = UInt64(max(1, liveCount / 1024))
    var shift = 0
    while liveCount > 0, (highest - lowest) >> UInt64(shift) >= wanted { shift += 1 }
    let count = liveCount == 0 ? 1 : Int((highest - lowest) >> UInt64(shift)) + 1
    return entries.sorted(liveCount, shards: count) { Int(($0.function - lowest) >> UInt64(shift)) }
  }
}
