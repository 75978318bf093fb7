// `.eh_frame`: cut into records, cleaned of dead ones, joined into one section, with an index.
//
// A record is a CIE (what several functions have in common) or an FDE (how to unwind one function).
// Equal CIEs are merged; an FDE lives exactly if its function does. The index, `.eh_frame_hdr`, is a
// table of (function, FDE) sorted by address, in which the unwinder searches. (LSB Core, "Exception
// Frames"; DWARF 5, section 6.4.)
//
// An FDE's relocations are its function (first), its LSDA, and nothing else that matters; a CIE's
// are its personality routine.
//
// The facets are in the files beside this one: what keeps what alive (+Marking) and the bytes
// (+Writing).

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
struct FrameInput: BitwiseCopyable, Sendable {
  var section: SectionID
  var cies: (start: Int, count: Int) = (0, 0)
  var fdes: (start: Int, count: Int) = (0, 0)
  /// Where its part of the output begins, and how many entries of the index stand before its own.
  var outputOffset: UInt32 = 0
  var firstEntry = 0
}

struct ExceptionFrames: @unchecked Sendable {
  // Sendable: passes write records of their own.

  /// The input sections, in order.
  var inputs: [SectionID] = []
  private(set) var ranges: [FrameInput] = []
  private(set) var cies: [FrameRecord] = []
  private(set) var fdes = Block<FrameRecord>(count: 0)
  private(set) var fdeCount = 0
  /// For each section, its first FDE plus 1 in `byTarget`, and how many.
  var firstOfTarget = Column<SectionID, UInt32>(count: 0)
  /// FDE numbers, sorted by target.
  var byTarget: [UInt32] = []
  /// Bytes of the output section, terminator included; 0 if there are no records.
  private(set) var size: UInt64 = 0
  /// Entries of the index.
  private(set) var liveCount = 0

  // MARK: Parsing

  /// Cuts all inputs into records.
  mutating func parse(_ selection: Selection) {
    guard !inputs.isEmpty else { return }
    let inputs = inputs
    let parsed = Results(repeating: FrameParser.Result(), count: inputs.count)
    selection.pool.parallelFor(inputs.count) { range, _ in
      for index in range { parsed.set(FrameParser(selection, inputs[index]).parse(), at: index) }
    }
    var fdeTotal = 0
    for index in inputs.indices {
      let result = parsed[index]
      var range = FrameInput(section: inputs[index])
      range.cies = (cies.count, result.cies.count)
      range.fdes = (fdeTotal, result.fdeCount)
      ranges.append(range)
      cies += result.cies
      fdeTotal += result.fdeCount
    }
    fdes = Block(room: fdeTotal)
    fdeCount = fdeTotal
    let (fdes, ranges) = (fdes, ranges)
    selection.pool.parallelFor(inputs.count) { range, _ in
      for index in range {
        let base = ranges[index].fdes.start
        let own = parsed[index].fdes
        for position in 0..<ranges[index].fdes.count {
          var record = own[position]
          record.cie += UInt32(ranges[index].cies.start)
          fdes[base + position] = record
        }
        if own.count > 0 { own.release() }
      }
    }
    mergeCIEs(selection)
    if selection.options.gcSections || selection.options.folding != .none {
      indexByTarget(selection)
    }
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
      ranges[index].firstEntry = liveCount
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

  private(set) var usedCIEs: [Bool] = []

  func isLive(_ record: FrameRecord, _ selection: Selection) -> Bool {
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

  /// Bytes of the index.
  var indexSize: UInt64 { 12 + 8 * UInt64(liveCount) }
}

/// Reads one input section.
private struct FrameParser {
  struct Result: Sendable {
    var cies: [FrameRecord] = []
    /// `cie` counts from the first CIE of this input.
    var fdes = Block<FrameRecord>.empty
    var fdeCount = 0
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
    let relocations = selection.sections.sortRelocations(of: id)
    // Nothing but an FDE without relocations, whose function is not known, has none of its own.
    var fdes = GrowingBlock<FrameRecord>(room: relocations.count)
    do throws(FrameDefect) {
      try FrameCutter.cut(
        section.bytes, relocations, wordSize: file.format.wordSize
      ) { frame in
        var record = FrameRecord(
          section: id, offset: frame.offset, size: frame.size,
          relocationStart: frame.relocationStart, relocationCount: frame.relocationCount, cie: 0,
          target: .none)
        switch frame.kind {
        case .terminator: break  // the output gets its own
        case .cie: result.cies.append(record)
        case .fde(let cie):
          record.cie = cie
          if frame.relocationCount > 0 {
            let function = relocations[Int(frame.relocationStart)]
            record.target = target(function, UInt64(frame.offset), file)
          }
          fdes.append(record)
        }
      }
    } catch {
      report(error)
    }
    result.fdes = fdes.whole
    result.fdeCount = fdes.count
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

  private func report(_ defect: FrameDefect) {
    let section = selection.sections[id]
    selection.log.error(
      .malformedFile(
        selection.displayName(id),
        "\(defect.reason) (offset 0x\(String(defect.offset, radix: 16)))"),
      at: selection.inputs.place(
        section.file, section: Int(section.index), offset: UInt64(defect.offset)))
  }
}
