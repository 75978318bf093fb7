// `.eh_frame`: cut into records, cleaned of dead ones, joined into one section, with an index.
//
// A record is a CIE (what several functions have in common) or an FDE (how to unwind one function).
// Equal CIEs are merged; an FDE lives exactly if its function does. The index, `.eh_frame_hdr`, is a
// table of (function, FDE) sorted by address, in which the unwinder searches. (LSB Core, "Exception
// Frames"; DWARF 5, section 6.4.)
//
// An FDE's relocations are its function (first), its LSDA, and nothing else that matters; a CIE's
// are its personality routine.

internal import ELF
internal import Parallel

/// One CIE or FDE of an input.
struct FrameRecord: BitwiseCopyable, Sendable {
  /// The input section.
  var section: SectionID
  /// Offset and size in the input, length word included.
  var offset: UInt32
  var size: UInt32
  var relocationStart: UInt32
  var relocationCount: UInt32
  /// FDE: number of its CIE among all CIE records. CIE: the number of the CIE that it is merged into.
  var cie: UInt32
  /// FDE: the function's section; none if that is gone.
  var target: SectionID
  /// Offset in the output section.
  var outputOffset: UInt32 = 0
}

/// The records of one input section: ranges of the tables.
private struct FrameInput: BitwiseCopyable, Sendable {
  var section: SectionID
  var cies: (start: Int, count: Int) = (0, 0)
  var fdes: (start: Int, count: Int) = (0, 0)
  /// Where its part of the output begins.
  var outputOffset: UInt32 = 0
}

struct ExceptionFrames: @unchecked Sendable {
  // Sendable: passes write records of their own.

  /// The input sections, in order.
  var inputs: [SectionID] = []
  private var ranges: [FrameInput] = []
  private(set) var cies: [FrameRecord] = []
  private(set) var fdes = Block<FrameRecord>(count: 0)
  private(set) var fdeCount = 0
  /// For each section, its first FDE plus 1 in `byTarget`, and how many.
  private var firstOfTarget = Column<SectionID, UInt32>(count: 0)
  /// FDE numbers, sorted by target.
  private var byTarget: [UInt32] = []
  /// Bytes of the output section, terminator included; 0 if there are no records.
  private(set) var size: UInt64 = 0
  /// Entries of the index.
  private(set) var liveCount = 0

  // MARK: Parsing

  /// Cuts all inputs into records.
  mutating func parse(_ selection: Selection) {
    guard !inputs.isEmpty else { return }
    let inputs = inputs
    let parsed = Parsed(inputs.count)
    selection.pool.parallelFor(inputs.count) { range, _ in
      for index in range { parsed.set(FrameParser(selection, inputs[index]).parse(), at: index) }
    }
    var fdeTotal = 0
    for index in inputs.indices {
      let result = parsed[index]
      var range = FrameInput(section: inputs[index])
      range.cies = (cies.count, result.cies.count)
      range.fdes = (fdeTotal, result.fdes.count)
      ranges.append(range)
      cies += result.cies
      fdeTotal += result.fdes.count
    }
    fdes = Block(count: fdeTotal)
    fdeCount = fdeTotal
    let (fdes, ranges) = (fdes, ranges)
    selection.pool.parallelFor(inputs.count) { range, _ in
      for index in range {
        let base = ranges[index].fdes.start
        for (position, record) in parsed[index].fdes.enumerated() {
          var record = record
          record.cie += UInt32(ranges[index].cies.start)
          fdes[base + position] = record
        }
      }
    }
    mergeCIEs(selection)
    if selection.options.gcSections { indexByTarget(selection) }
  }

  /// Points every CIE at the first one that is equal: bytes and relocations.
  private mutating func mergeCIEs(_ selection: Selection) {
    var known: [[UInt8]: Int] = [:]
    for number in cies.indices {
      let record = cies[number]
      let section = selection.sections[record.section]
      let file = selection.files[section.file.index]
      guard let bytes = section.bytes.slice(Int(record.offset), Int(record.size)) else { continue }
      var key = [UInt8](bytes.buffer)
      let records = section.relocationRecords
      for index in Int(
        record.relocationStart)..<Int(record.relocationStart + record.relocationCount)
      {
        let relocation = records[index]
        guard Int(relocation.symbol) < file.symbolCount else { continue }
        let target = selection.program.definition[file.symbolID(Int(relocation.symbol))]
        let parts: [UInt64] = [
          relocation.offset - UInt64(record.offset), UInt64(relocation.type),
          UInt64(target.rawValue), UInt64(bitPattern: relocation.addend),
        ]
        for part in parts { withUnsafeBytes(of: part) { key.append(contentsOf: $0) } }
      }
      if let first = known[key] {
        cies[number].cie = UInt32(first)
      } else {
        known[key] = number
        cies[number].cie = UInt32(number)
      }
    }
  }

  private mutating func indexByTarget(_ selection: Selection) {
    firstOfTarget = Column(count: selection.sections.count)
    let fdes = fdes
    byTarget = (0..<UInt32(fdeCount)).filter { fdes[Int($0)].target != .none }
    byTarget.sort {
      (fdes[Int($0)].target, $0) < (fdes[Int($1)].target, $1)
    }
    for (position, number) in byTarget.enumerated().reversed() {
      firstOfTarget[fdes[Int(number)].target] = UInt32(position + 1)
    }
  }

  // MARK: Marking

  /// The sections that CIEs refer to: personality routines and pointers to them.
  func personalitySections(_ selection: Selection) -> [SectionID] {
    var result: [SectionID] = []
    for cie in cies where cies[Int(cie.cie)].section == cie.section {
      forEachTarget(cie, from: 0, selection) { result.append(selection.definingSection[$0]) }
    }
    return result
  }

  /// When a section has become live, so has what its FDEs refer to: the LSDAs.
  func markTargets(
    of id: SectionID, _ selection: Selection, _ context: ScanContext, _ list: inout Worklist
  ) {
    guard firstOfTarget.count > 0 else { return }
    var position = Int(firstOfTarget[id])
    guard position > 0 else { return }
    position -= 1
    while position < byTarget.count {
      let record = fdes[Int(byTarget[position])]
      guard record.target == id else { return }
      var pushed: [UInt32] = []
      forEachTarget(record, from: 1, selection) { symbol in
        let section = selection.definingSection[symbol]
        if section != .none && context.states.insertIfAbsent(.live, at: section) {
          pushed.append(section.rawValue)
        }
      }
      for raw in pushed { list.push(raw) }
      position += 1
    }
  }

  private func forEachTarget(
    _ record: FrameRecord, from first: Int, _ selection: Selection, _ body: (SymbolID) -> Void
  ) {
    let section = selection.sections[record.section]
    let file = selection.files[section.file.index]
    let records = section.relocationRecords
    guard first < Int(record.relocationCount) else { return }
    for index
      in (Int(record.relocationStart) + first)..<Int(
        record.relocationStart + record.relocationCount)
    {
      let symbol = Int(records[index].symbol)
      if symbol < file.symbolCount { body(selection.program.definition[file.symbolID(symbol)]) }
    }
  }

  // MARK: Layout

  /// Gives the surviving records their offsets in the output.
  mutating func layOut(_ selection: Selection) {
    guard !inputs.isEmpty else { return }
    // A merged CIE lives if one of the FDEs that use it does.
    var isUsed = [Bool](repeating: false, count: cies.count)
    for number in 0..<fdeCount where isLive(fdes[number], selection) {
      isUsed[Int(cies[Int(fdes[number].cie)].cie)] = true
    }
    var offset: UInt64 = 0
    liveCount = 0
    for index in ranges.indices {
      ranges[index].outputOffset = UInt32(truncatingIfNeeded: offset)
      let range = ranges[index]
      for number in range.cies.start..<(range.cies.start + range.cies.count)
      where isUsed[number] && Int(cies[number].cie) == number {
        cies[number].outputOffset = UInt32(truncatingIfNeeded: offset)
        offset += UInt64(cies[number].size)
      }
      for number in range.fdes.start..<(range.fdes.start + range.fdes.count)
      where isLive(fdes[number], selection) {
        fdes[number].outputOffset = UInt32(truncatingIfNeeded: offset)
        offset += UInt64(fdes[number].size)
        liveCount += 1
      }
      selection.sections[range.section].offset = UInt64(range.outputOffset)
    }
    usedCIEs = isUsed
    if offset > UInt64(Int32.max) {
      selection.log.error(.tooMuch("bytes of .eh_frame", Int(Int32.max)))
    }
    size = offset == 0 ? 0 : offset + 4
  }

  private var usedCIEs: [Bool] = []

  private func isLive(_ record: FrameRecord, _ selection: Selection) -> Bool {
    record.target != .none && selection.isLive(record.target)
  }

  /// Where offset `offset` of an input section ended up in the output section.
  func outputOffset(of section: SectionID, _ offset: UInt64, _ selection: Selection) -> UInt64 {
    // Ranges are in the order of sections, records in that of offsets.
    let index = ExceptionFrames.last(below: ranges.count) { ranges[$0].section <= section }
    guard let index, ranges[index].section == section else { return 0 }
    let range = ranges[index]
    let number = ExceptionFrames.last(below: range.fdes.count) {
      UInt64(fdes[range.fdes.start + $0].offset) <= offset
    }
    guard let number else { return UInt64(range.outputOffset) }
    let record = fdes[range.fdes.start + number]
    guard offset < UInt64(record.offset + record.size) else { return UInt64(range.outputOffset) }
    return UInt64(record.outputOffset) + offset - UInt64(record.offset)
  }

  /// The last number below `count` for which the condition holds; it holds up to some number.
  private static func last(below count: Int, where holds: (Int) -> Bool) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : low - 1
  }

  // MARK: Writing

  /// Writes the section and, if `header` is given, its index.
  func write(
    to out: OutputBytes, header: (out: OutputBytes, address: UInt64)?, address: UInt64,
    _ context: ApplyContext
  ) {
    let selection = context.selection
    let entries = Block<FrameEntry>(count: liveCount)
    // Where each input's entries begin.
    var starts: [Int] = []
    var next = 0
    for range in ranges {
      starts.append(next)
      for number in range.fdes.start..<(range.fdes.start + range.fdes.count)
      where isLive(fdes[number], selection) { next += 1 }
    }
    let entryStarts = starts
    let ranges = ranges
    selection.pool.parallelFor(ranges.count) { indices, _ in
      for index in indices {
        self.write(
          ranges[index], to: out, entries, entryStarts[index], address: address, context)
      }
    }
    if size > 0 { out.store(0 as UInt32, at: Int(size) - 4) }
    if let header { writeIndex(entries, header.out, header.address, address) }
    entries.release()
  }

  private func write(
    _ range: FrameInput, to out: OutputBytes, _ entries: Block<FrameEntry>, _ firstEntry: Int,
    address: UInt64, _ context: ApplyContext
  ) {
    let selection = context.selection
    let section = selection.sections[range.section]
    let bytes = section.bytes
    let records = section.relocationRecords
    var applier = SectionApplier(
      context: context, id: range.section, section: section, out: out, start: address)
    func copy(_ record: FrameRecord) {
      guard let source = bytes.slice(Int(record.offset), Int(record.size)) else { return }
      out.copy(source, at: Int(record.outputOffset))
      let first = Int(record.relocationStart)
      applier.apply(
        records, in: first..<(first + Int(record.relocationCount)),
        shift: Int64(record.outputOffset) - Int64(record.offset))
    }
    for number in range.cies.start..<(range.cies.start + range.cies.count)
    where usedCIEs[number] && Int(cies[number].cie) == number {
      copy(cies[number])
    }
    var entry = firstEntry
    for number in range.fdes.start..<(range.fdes.start + range.fdes.count)
    where isLive(fdes[number], selection) {
      let record = fdes[number]
      copy(record)
      let cie = cies[Int(cies[Int(record.cie)].cie)]
      out.store(record.outputOffset + 4 - cie.outputOffset, at: Int(record.outputOffset) + 4)
      let relocation = records[Int(record.relocationStart)]
      let row = applier.file.symbolID(Int(relocation.symbol))
      entries[entry] = FrameEntry(
        function: context.addresses[row] &+ UInt64(bitPattern: relocation.addend),
        frame: address &+ UInt64(record.outputOffset))
      entry += 1
    }
  }

  /// `.eh_frame_hdr`: version 1, encodings, pointer to `.eh_frame`, count, sorted table.
  private func writeIndex(
    _ entries: Block<FrameEntry>, _ out: OutputBytes, _ address: UInt64, _ frames: UInt64
  ) {
    var sorted = UnsafeMutableBufferPointer(start: entries.base, count: liveCount)
    sorted.sort { ($0.function, $0.frame) < ($1.function, $1.frame) }
    out.store(1 as UInt8, at: 0)
    out.store(0x1b as UInt8, at: 1)  // pointer: DW_EH_PE_pcrel | sdata4
    out.store(0x03 as UInt8, at: 2)  // count: DW_EH_PE_udata4
    out.store(0x3b as UInt8, at: 3)  // table: DW_EH_PE_datarel | sdata4
    out.store(Int32(truncatingIfNeeded: frames &- address &- 4), at: 4)
    out.store(UInt32(liveCount), at: 8)
    for (index, entry) in sorted.enumerated() {
      out.store(Int32(truncatingIfNeeded: entry.function &- address), at: 12 + index * 8)
      out.store(Int32(truncatingIfNeeded: entry.frame &- address), at: 16 + index * 8)
    }
  }

  /// Bytes of the index.
  var indexSize: UInt64 { 12 + 8 * UInt64(liveCount) }

  /// Relocations of live FDEs that are not distances to something in the same file, in order.
  func unusualRelocations(_ selection: Selection) -> [(section: SectionID, index: Int)] {
    let found = Gathered<(section: SectionID, index: Int)>(selection.pool)
    let (fdes, files) = (fdes, selection.files)
    selection.pool.parallelFor(fdeCount) { range, worker in
      for number in range where self.isLive(fdes[number], selection) {
        let record = fdes[number]
        let section = selection.sections[record.section]
        let file = files[section.file.index]
        let records = section.relocationRecords
        let first = Int(record.relocationStart)
        for index in first..<(first + Int(record.relocationCount)) {
          let relocation = records[index]
          let isDistance =
            relocation.type == X86_64.Relocation.pc32.rawValue
            || relocation.type == X86_64.Relocation.pc64.rawValue
          if isDistance, Int(relocation.symbol) < file.symbolCount,
            file.isInSection(file.symbols[Int(relocation.symbol)])
          {
            continue
          }
          found.append((record.section, index), worker)
        }
      }
    }
    return found.take().sorted { $0 < $1 }
  }

  /// Relocation ranges of CIEs that are kept, for the scan.
  var keptCIEs: [FrameRecord] { cies.indices.filter { Int(cies[$0].cie) == $0 }.map { cies[$0] } }
}

/// A row of the index.
private struct FrameEntry: BitwiseCopyable {
  var function: UInt64
  var frame: UInt64
}

/// What the workers parsed, by input.
private final class Parsed: @unchecked Sendable {
  // Sendable: each element is written by one worker.
  private let base: UnsafeMutablePointer<FrameParser.Result>
  init(_ count: Int) {
    base = .allocate(capacity: count)
    base.initialize(repeating: FrameParser.Result(), count: count)
  }
  func set(_ result: FrameParser.Result, at index: Int) { base[index] = result }
  subscript(index: Int) -> FrameParser.Result { base[index] }
}

/// Cuts one input section into records.
private struct FrameParser {
  struct Result: Sendable {
    var cies: [FrameRecord] = []
    /// `cie` counts from the first CIE of this input.
    var fdes: [FrameRecord] = []
  }

  let selection: Selection
  let id: SectionID

  init(_ selection: Selection, _ id: SectionID) {
    self.selection = selection
    self.id = id
  }

  func parse() -> Result {
    var result = Result()
    let section = selection.sections[id]
    let file = selection.files[section.file.index]
    let bytes = section.bytes
    var records = section.relocationRecords
    if !isSorted(records) { records = sort(records) }
    var offset = 0
    var relocation = 0
    var cieAt: [Int: Int] = [:]
    if bytes.count > Int(UInt32.max) / 2 {
      report(offset, "is larger than 2 GiB")
      return result
    }
    while offset < bytes.count {
      guard let length = bytes.load(UInt32.self, at: offset) else {
        report(offset, "ends in the middle of a record")
        return result
      }
      if length == 0 {
        offset += 4
        continue  // a terminator; the output gets its own
      }
      guard length != UInt32.max else {
        report(offset, "has a 64-bit record, which x86-64 does not use")
        return result
      }
      let size = Int(length) + 4
      guard size >= 8, size <= bytes.count - offset,
        let word = bytes.load(UInt32.self, at: offset + 4)
      else {
        report(offset, "has a record of \(length) bytes that does not fit")
        return result
      }
      while relocation < records.count && records[relocation].offset < UInt64(offset) {
        relocation += 1
      }
      let firstRelocation = relocation
      while relocation < records.count && records[relocation].offset < UInt64(offset + size) {
        relocation += 1
      }
      var record = FrameRecord(
        section: id, offset: UInt32(offset), size: UInt32(size),
        relocationStart: UInt32(firstRelocation),
        relocationCount: UInt32(relocation - firstRelocation), cie: 0, target: .none)
      if word == 0 {
        cieAt[offset] = result.cies.count
        result.cies.append(record)
      } else {
        guard let cie = cieAt[offset + 4 - Int(word)] else {
          report(offset, "has an FDE whose CIE is not before it")
          return result
        }
        record.cie = UInt32(cie)
        if record.relocationCount > 0 {
          record.target = target(records[firstRelocation], UInt64(offset), file)
        }
        result.fdes.append(record)
      }
      offset += size
    }
    return result
  }

  /// The section of the function that an FDE is about: that of this very file, for a symbol of a
  /// discarded copy must not lead to the copy that was kept.
  private func target(_ relocation: Rela, _ offset: UInt64, _ file: InputFile) -> SectionID {
    guard relocation.offset == offset + 8, Int(relocation.symbol) < file.symbolCount else {
      return .none
    }
    let symbol = file.symbols[Int(relocation.symbol)]
    guard file.isInSection(symbol) else { return .none }
    return selection.section(file, file.sectionIndex(symbol, Int(relocation.symbol)))
  }

  private func isSorted(_ records: RecordView<Rela>) -> Bool {
    for index in 1..<max(records.count, 1) where records[index - 1].offset > records[index].offset {
      return false
    }
    return true
  }

  /// Relocations in the order of their offsets, in memory of their own; the section uses them from
  /// now on.
  private func sort(_ records: RecordView<Rela>) -> RecordView<Rela> {
    let block = Block<Rela>(count: records.count)
    let sorted = (0..<records.count).map { records[$0] }.sorted { $0.offset < $1.offset }
    for (index, record) in sorted.enumerated() { block[index] = record }
    selection.sections[id].relocations = UnsafeRawPointer(block.base)
    return selection.sections[id].relocationRecords
  }

  private func report(_ offset: Int, _ reason: String) {
    let section = selection.sections[id]
    selection.log.error(
      .malformedFile(
        selection.displayName(id), "\(reason) (offset 0x\(String(offset, radix: 16)))"),
      at: selection.inputs.place(
        section.file, section: Int(section.index), offset: UInt64(offset)))
  }
}

extension Selection {
  /// CIEs refer to personality routines, which may be imported. FDEs refer to their function and its
  /// LSDA, which are in the same file; whatever else one says is looked at like any relocation.
  func scanExceptionFrames(_ context: ScanContext) {
    var ignored = Worklist()
    for (section, index) in exceptionFrames.unusualRelocations(self) {
      let row = sections[section]
      X86_64.scan(
        row.relocationRecords, of: row, section, in: index..<(index + 1), context, &ignored,
        Worker.caller)
    }
    for cie in exceptionFrames.keptCIEs {
      let section = sections[cie.section]
      let first = Int(cie.relocationStart)
      X86_64.scan(
        section.relocationRecords, of: section, cie.section,
        in: first..<(first + Int(cie.relocationCount)), context, &ignored, Worker.caller)
    }
  }
}
