// -r: copies every row to its place and carries its relocations over.
//
// A relocation moves with its section; it names the output's entry of its symbol; if that is a
// section symbol, which now means the whole output section, the addend grows by the offset of the
// input section. What refers to a section that is not in the output is left out of debug information,
// which gets a tombstone instead; in tables of exception handling it becomes R_*_NONE; elsewhere
// it is an error.
//
// Work is cut into tasks of about the same number of bytes, which the workers take in turn.

internal import ELF
internal import Parallel

/// Rows of one output section that one worker writes.
private struct ObjectTask: BitwiseCopyable {
  var output = OutputID.none
  var first = 0
  var end = 0
}

extension ObjectOutput {
  func writeSections(to file: OutputBytes) {
    let tasks = makeTasks()
    pool.parallelForEach(tasks.count) { index, _ in self.run(tasks[index], file) }
    writeCompressedSections(to: file)
  }

  private static var taskSize: Int { 256 << 10 }

  private func makeTasks() -> [ObjectTask] {
    var tasks: [ObjectTask] = []
    let taskSize = UInt64(pool.portion(ObjectOutput.taskSize))
    for index in 0..<outputs.count {
      let range = outputs[index].members
      var task = ObjectTask(output: OutputID(index), first: range.lowerBound)
      var bytes: UInt64 = 0
      for position in range {
        let id = members[position]
        bytes +=
          sections[id].fileSize + UInt64(relocationCounts[id]) * UInt64(target.relocationEntrySize)
          + 64
        guard bytes >= taskSize || position + 1 == range.upperBound else { continue }
        task.end = position + 1
        tasks.append(task)
        task.first = task.end
        bytes = 0
      }
    }
    return tasks
  }

  private func run(_ task: ObjectTask, _ file: OutputBytes) {
    let output = outputs[task.output.index]
    let isWritten = output.hasBytes && compressedOutputs[task.output] == nil
    let bytes = isWritten ? file.slice(Int(output.fileOffset), Int(output.size)) : nil
    let records = file.slice(
      Int(output.relocationOffset), Int(output.relocationCount) * target.relocationEntrySize)
    var end = 0
    if task.first > output.firstMember {
      let previous = sections[members[task.first - 1]]
      end = Int(truncatingIfNeeded: previous.offset &+ previous.size)
    }
    for position in task.first..<task.end {
      let id = members[position]
      let section = sections[id]
      var out: OutputBytes?
      if let bytes {
        let start = Int(section.offset)
        // Pieces of `.init` and `.fini` run into each other, so code is padded with nop.
        if output.flags & SHF.EXECINSTR != 0 { bytes.fill(target.nop, end..<start) }
        end = start + Int(section.size)
        let slice = bytes.slice(start, Int(section.size))
        copy(section, id, to: slice)
        out = slice
      }
      guard section.relocationCount > 0 else { continue }
      let target = records.slice(
        Int(relocationStarts[id]) * target.relocationEntrySize,
        Int(relocationCounts[id]) * target.relocationEntrySize)
      var writer = ObjectRelocations(self, id, output: target, contents: out)
      writer.write()
    }
  }

  func copy(_ section: InputSection, _ id: SectionID, to out: OutputBytes) {
    if section.kind.contains(.synthetic) {
      switch SyntheticKind(rawValue: section.index) {
      case .noteProperty: properties.write(to: out)
      case .attributes: out.copy(program.abi.attributeBytes)
      default: break
      }
      return
    }
    if section.kind.contains(.compressed) { return decompress(section, id, to: out) }
    let edit = frameEditOf[id]
    guard edit != 0 else { return out.copy(section.bytes) }
    for piece in frameEdits[Int(edit) - 1].pieces {
      guard let new = piece.newOffset,
        let bytes = section.bytes.slice(Int(piece.offset), Int(piece.size))
      else { continue }
      out.copy(bytes, at: Int(new))
      if piece.padding > 0 { out.store(piece.size - 4 + piece.padding, at: Int(new)) }
      // The distance from this word back to the CIE, whose new offset the edit remembers.
      if piece.cie >= 0 { out.store(new + 4 - UInt32(piece.cie), at: Int(new) + 4) }
    }
  }

  private func decompress(_ section: InputSection, _ id: SectionID, to out: OutputBytes) {
    let header = files[section.file.index].sectionHeaders[Int(section.index)]
    do throws(DecompressionError) {
      let compressed = try CompressedSection(
        flags: header.flags, section.bytes, files[section.file.index].format)
      try compressed.decompress(
        into: UnsafeMutableRawBufferPointer(start: out.base, count: out.count))
    } catch {
      log.error(.malformedFile(displayName(id), "\(error)"), at: place(id, 0))
    }
  }

  func writeBuildID(to file: OutputBytes) {
    for index in 1..<sectionCount {
      let section = sections[SectionID(index)]
      guard section.kind.contains(.synthetic),
        section.index == SyntheticKind.noteBuildID.rawValue
      else { continue }
      let offset = outputs[section.output.index].fileOffset + section.offset
      let parts = OutputParts(of: file, pool)
      BuildIDNote(options.buildID, pool).write(
        to: file.slice(Int(offset), Int(section.size)), ChunkHashes(options.buildID, of: parts))
      parts.release()
    }
  }
}

/// The relocations of one row, on their way to the output.
struct ObjectRelocations {
  private let object: ObjectOutput
  private let id: SectionID
  private let section: InputSection
  private let file: InputFile
  private let output: OutputBytes
  /// The row's bytes in the output; nil: it has none.
  private let contents: OutputBytes?
  /// What is wrong with the relocations is said when they are written to the file.
  private let isRehearsal: Bool
  /// As the target's: to ask the facts for each relocation copies them.
  private let format: Format
  private let hasAddends: Bool
  private var next = 0

  init(
    _ object: ObjectOutput, _ id: SectionID, output: OutputBytes, contents: OutputBytes?,
    isRehearsal: Bool = false
  ) {
    self.isRehearsal = isRehearsal
    self.object = object
    self.id = id
    self.output = output
    self.contents = contents
    format = object.format
    hasAddends = object.target.hasAddends
    section = object.sections[id]
    file = object.files[section.file.index]
  }

  mutating func write() {
    let records = section.relocationRecords
    let edit = object.frameEditOf[id]
    guard edit != 0 else {
      for index in 0..<records.count {
        let record = records[index]
        write(record, at: record.offset)
      }
      return
    }
    for piece in object.frameEdits[Int(edit) - 1].pieces {
      let first = Int(piece.relocationStart)
      for index in first..<(first + Int(piece.relocationCount)) {
        let record = records[index]
        let distance = record.offset &- UInt64(piece.offset)
        write(record, at: UInt64(piece.newOffset ?? 0) &+ distance)
      }
    }
  }

  /// Buries what refers to nothing, and writes no relocation.
  func bury() {
    let records = section.relocationRecords
    for index in 0..<records.count where object.refersToNothing(records[index], file) {
      bury(records[index], records[index].offset)
    }
  }

  /// Writes one relocation; `offset` is its place in what the output has of the section.
  private mutating func write(_ record: Rela, at offset: UInt64) {
    if !section.kind.contains(.alloc), object.refersToNothing(record, file) {
      return bury(record, offset)
    }
    var new = record
    new.offset = section.offset &+ offset
    defer {
      DynamicRelocations.store(new, entry: next, in: self.output, format, hasAddends: hasAddends)
      if !hasAddends { storeAddend(new, offset) }
      next += 1
    }
    if offset >= section.size && record.type != 0 {
      report(record, offset)
      return
    }
    let number = Int(record.symbol)
    guard number != 0 else { return }
    guard number < file.symbolCount else {
      if !isRehearsal {
        object.log.fault(
          .badRelocation(
            object.displayName(id), record.offset, "names a symbol that the file does not have"),
          at: object.place(id, record.offset))
      }
      return
    }
    let row = file.symbolID(number)
    var symbol: UInt32 = 0
    if number < Int(file.firstGlobal) {
      let entry = file.symbols[number]
      if entry.type == STT.SECTION, file.isInSection(entry) {
        let target = object.definingSection(entry, number, file)
        if target != .none {
          symbol = object.outputs[object.sections[target].output.index].symbolIndex
          new.addend = Int64(
            bitPattern: object.outputOffset(
              target, entry.value &+ UInt64(bitPattern: record.addend)))
        }
      } else {
        symbol = object.symbolTable.index(of: row)
      }
    } else {
      symbol = object.symbolTable.index(of: object.program.definition[row])
    }
    if symbol != 0 {
      new.info = UInt64(symbol) << 32 | UInt64(record.type)
    } else {
      new.info = 0
      new.addend = 0
      reportDiscarded(record, row)
    }
  }

  /// Leaves the addend in the bytes that the relocation is about.
  private func storeAddend(_ record: Rela, _ offset: UInt64) {
    let code = object.target.machine.code
    guard let contents, let width = code.relocationWidth(record.type),
      contents.holds(offset, width)
    else { return }
    if !code.storeAddend(record.type, record.addend, to: contents, at: Int(offset), object.format) {
      object.log.fault(
        .badRelocation(
          object.displayName(id), offset,
          "of type \(code.relocationName(record.type) ?? "") has no room for the offset "
            + "\(record.addend) in a joined section"), at: object.place(id, offset))
    }
  }

  /// Only exception handling may refer to what is not in the output.
  private func reportDiscarded(_ record: Rela, _ row: SymbolID) {
    let name = object.names[id]
    if object.target.machine.code.isNone(record.type) || !section.kind.contains(.alloc)
      || name.hasPrefix(".gcc_except_table") || name.hasPrefix(".eh_frame")
    {
      return
    }
    let symbol = object.program.demangled(row)
    object.log.fault(
      .discardedReference(
        symbol.isEmpty ? "a section" : symbol, object.displayName(id), record.offset),
      at: object.place(id, record.offset))
  }

  /// Writes what a debugger takes for "not in the program" where a relocation was.
  private func bury(_ record: Rela, _ offset: UInt64) {
    let tombstone = section.tombstone
    guard let contents else { return }
    guard let size = object.target.machine.code.wordSize(record.type),
      contents.holds(offset, size)
    else { return }
    if size == 8 {
      contents.store(tombstone, at: Int(offset))
    } else {
      contents.store(UInt32(tombstone), at: Int(offset))
    }
  }

  private func report(_ record: Rela, _ offset: UInt64) {
    if isRehearsal { return }
    let name = object.target.machine.code.relocationName(record.type) ?? "\(record.type)"
    object.log.fault(
      .relocationOutside(object.displayName(id), record.offset, name),
      at: object.place(id, record.offset))
  }
}
