// --emit-relocs: writes the relocations of the inputs as they hold in the output.
//
// A relocation moves with its section, to an address. It names the output's entry of its symbol; where
// there is none (section symbols of inputs, labels that are left out), it names the section symbol of
// the output section and has the distance from there as addend. What refers to a section that is not
// in the output becomes R_*_NONE. Where instructions were replaced, the target says what holds of the new
// ones.

internal import ELF
internal import Parallel

extension Layout {
  /// After everything else but the symbol table: some of it looks at the finished code.
  func writeEmittedRelocations(to file: OutputBytes) {
    for table in emitted.tables {
      let records = file.slice(
        Int(table.offset), table.count * target.relocationEntrySize)
      let members = outputs[table.output.index].members
      pool.parallelFor(members.count, grain: 64) { range, _ in
        for position in range {
          let id = members[position]
          if id == self.selection.syntheticRows[.exceptionFrames] {
            self.writeEmittedFrames(to: records)
          } else if self.selection.sections[id].relocationCount > 0 {
            let first = Int(self.emitted.starts[id])
            var writer = EmittedWriter(self, id, from: first, to: records, in: file)
            writer.writeAll()
          }
        }
      }
    }
  }

  private func writeEmittedFrames(to records: OutputBytes) {
    let frames = selection.exceptionFrames
    for (index, range) in frames.ranges.enumerated() {
      let first = Int(emitted.frameStarts[index])
      var writer = EmittedWriter(self, range.section, from: first, to: records, in: nil)
      frames.forEachRecord(of: range, selection) { writer.write($0) }
    }
  }
}

/// The relocations of one row, on their way to the output.
private struct EmittedWriter {
  private let layout: Layout
  private let id: SectionID
  private let section: InputSection
  private let file: InputFile
  private let table: OutputBytes
  private let format: Format
  private let hasAddends: Bool
  private let code: any Target.Type
  private let cuts: SectionCuts
  /// The bytes of the row in the output, if the target may have replaced some of them.
  private var output = ByteView()
  private var next: Int

  init(
    _ layout: Layout, _ id: SectionID, from first: Int, to table: OutputBytes,
    in outputFile: OutputBytes?
  ) {
    self.layout = layout
    self.id = id
    self.table = table
    next = first
    format = layout.format
    hasAddends = layout.target.hasAddends
    code = layout.target.machine.code
    section = layout.selection.sections[id]
    file = layout.selection.files[section.file.index]
    cuts = layout.selection.sectionPieces.cuts(of: id, section)
    let place = layout.outputs[section.output.index]
    if let outputFile, section.kind.contains(.exec), place.hasBytes {
      output =
        outputFile.slice(Int(place.fileOffset + section.offset), Int(section.size)).view
    }
  }

  mutating func writeAll() {
    let records = section.relocationRecords
    let base = layout.address(of: section)
    for index in 0..<records.count {
      var record = records[index]
      record.offset = outputOffset(record.offset)
      if !output.isEmpty {
        record = code.asApplied(
          record,
          AppliedPlace(
            records: records, index: index, file: file, section: section, cuts: cuts,
            output: output))
      }
      record.offset = base &+ record.offset
      store(record)
    }
  }

  /// The relocations of an exception frame.
  mutating func write(_ frame: FrameRecord) {
    let base = layout.address(of: .exceptionFrames) &+ UInt64(frame.outputOffset)
    let first = Int(frame.relocationStart)
    for index in first..<(first + Int(frame.relocationCount)) {
      var record = section.relocationRecords[index]
      record.offset = base &+ (record.offset &- UInt64(frame.offset))
      store(record)
    }
  }

  /// Where a byte of the input is in what the output has of the section.
  private func outputOffset(_ offset: UInt64) -> UInt64 {
    if section.kind.contains(.reversed) {
      let word = UInt64(format.wordSize)
      return section.size / word * word &- word &- offset
    }
    return cuts.output(offset)
  }

  private mutating func store(_ record: Rela) {
    var new = record
    rename(&new)
    DynamicRelocations.store(new, entry: next, in: table, format, hasAddends: hasAddends)
    next += 1
  }

  /// Makes a record name an entry of the output's symbol table.
  private func rename(_ record: inout Rela) {
    let number = Int(record.symbol)
    guard number != 0, number < file.symbolCount else { return }
    let row = file.symbolID(number)
    let definition = layout.selection.program.definition[row]
    let listed = layout.symbolTable.index(of: definition)
    if listed != 0 { return record.setTarget(listed, record.addend) }
    var address = UInt64(bitPattern: record.addend)
    if Layout.isSpecial(layout.addresses[definition]) {
      guard let (S, A) = layout.specialAddress(definition, address) else {
        return record = Rela(offset: record.offset, type: 0, symbol: 0, addend: 0)
      }
      address = S &+ A
    } else {
      address = address &+ layout.definition(of: definition).address
    }
    guard let output = layout.outputSection(of: definition),
      case let entry = layout.symbolTable.sectionSymbol(output, layout), entry != 0
    else {
      // An absolute number: it is all addend.
      return record.setTarget(0, Int64(bitPattern: address))
    }
    record.setTarget(entry, Int64(bitPattern: address &- layout.outputs[output.index].address))
  }
}

extension Rela {
  fileprivate mutating func setTarget(_ symbol: UInt32, _ addend: Int64) {
    info = UInt64(symbol) << 32 | UInt64(type)
    self.addend = addend
  }
}
