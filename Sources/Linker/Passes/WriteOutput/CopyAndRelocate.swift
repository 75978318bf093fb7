// Copies every input section to its place in the output and applies its relocations there, while
// its bytes are in the cache. Linker-made sections are written by their own code.
//
// Work is cut into tasks of about the same number of bytes, which the workers take in turn. Most are made
// in a worker's own memory and written in one go (Storage/OutputParts).

internal import ELF
internal import Parallel

extension InputSectionKind {
  /// What is not copied from an input, but written by its own code.
  fileprivate static var madeElsewhere: InputSectionKind { [.synthetic, .mergedGroup] }
}

/// Members of one output section that one worker copies.
private struct CopyTask {
  let output: OutputID
  let members: Range<Int>
  /// Their bytes, with the gap before the first, as offsets in the output section.
  let range: Range<Int>
  /// Whether all of these bytes are theirs: nothing was stored there before, and nobody else will.
  let isWhole: Bool
}

extension Layout {
  /// `hashes`: told what is final as soon as it is.
  func copyAndRelocate(to parts: OutputParts, _ hashes: ChunkHashes?) {
    let file = parts.file
    let dynamicRelocations = range(of: .relaDynamic)
    let isPacked = options.packsDynamicRelocations
    relaDynamic =
      dynamicRelocations.map { isPacked ? makeRelocationTable() : parts.table($0) }
      ?? OutputBytes(base: file.base, count: 0)
    fillPadding(file)
    let tasks = copyTasks(
      of: headerOrder.filter { outputs[$0.index].hasBytes && compressedOutputs[$0] == nil })
    let context = ApplyContext(self)
    let isFinal = outputs.map(isWrittenOnce)
    pool.parallelForEach(tasks.count) { index, worker in
      let task = tasks[index]
      let output = self.outputs[task.output.index]
      let start = Int(output.fileOffset)
      if task.isWhole {
        let range = start + task.range.lowerBound..<start + task.range.upperBound
        parts.make(range, worker, isFinal[task.output.index] ? hashes : nil) {
          self.run(task, $0, from: task.range.lowerBound, context)
        }
      } else {
        self.run(task, file.slice(start, Int(output.size)), from: 0, context)
      }
    }
    writeSyntheticSections(to: parts, context, hashes)
    writeThunks(to: file)
    sortUnwindIndex(in: file)
    if !compressedOutputs.isEmpty { writeCompressedSections(to: file) }
    sortDynamicRelocations()
    guard let dynamicRelocations else { return }
    if isPacked {
      writePackedRelocations(
        to: file.slice(dynamicRelocations.lowerBound, dynamicRelocations.count))
    } else {
      parts.finish(relaDynamic, at: dynamicRelocations.lowerBound, pool, hashes)
    }
  }

  /// Writes one output section that holds nothing linker-made but merged strings.
  func writeContent(of id: OutputID, to out: OutputBytes, _ context: ApplyContext) {
    let tasks = copyTasks(of: [id])
    pool.parallelForEach(tasks.count) { index, _ in self.run(tasks[index], out, from: 0, context) }
    let parts = OutputParts(of: out, pool)
    defer { parts.release() }
    for group in selection.mergedSections where isMember(group, of: id) {
      write(group, to: parts, 0, nil)
    }
  }

  private func isMember(_ group: MergedSection, of id: OutputID) -> Bool {
    group.row != .none && selection.sections[group.row].output == id
  }

  /// Writes merged strings into their output section, which begins at `start`.
  private func write(
    _ group: MergedSection, to parts: OutputParts, _ start: Int, _ hashes: ChunkHashes?
  ) {
    let start = start + Int(selection.sections[group.row].offset)
    pool.parallelForEach(group.shards.count) { shard, worker in
      let first = start + Int(group.shards[shard].offset)
      // (A part that the pieces leave, up to the next shard, is zero.)
      parts.make(first..<first + Int(group.shards[shard].size), worker, hashes) {
        group.shards[shard].write(to: $0)
      }
    }
  }

  /// The bytes of a linker-made section; nil if there is none, or it has none in the file.
  func part(of kind: SyntheticKind, _ file: OutputBytes) -> OutputBytes? {
    range(of: kind).map { file.slice($0.lowerBound, $0.count) }
  }

  /// Where in the file a linker-made section is, likewise.
  private func range(of kind: SyntheticKind) -> Range<Int>? {
    guard let row = selection.syntheticRows[kind] else { return nil }
    let section = selection.sections[row]
    guard section.output != .none else { return nil }
    let output = outputs[section.output.index]
    guard output.hasBytes, output.isAllocated || options.sectionHeaders else { return nil }
    let start = Int(output.fileOffset + section.offset)
    return start..<start + Int(section.size)
  }

  /// Whether nobody changes members of an output section after they were copied: nothing is sorted or
  /// patched as a whole.
  private func isWrittenOnce(_ output: OutputSection) -> Bool {
    thunks.islands.isEmpty
      && (target.unwindIndexType == 0 || output.type != target.unwindIndexType)
  }

  // MARK: Tasks

  private static var taskSize: Int { 256 << 10 }

  /// Members that are looked at together.
  private static var stretch: Int { 16 << 10 }

  private func copyTasks(of ids: [OutputID]) -> [CopyTask] {
    var stretches: [(output: OutputID, members: Range<Int>)] = []
    for id in ids where outputs[id.index].size > 0 {
      let count = outputs[id.index].members.count
      for first in stride(from: 0, to: count, by: Layout.stretch) {
        stretches.append((id, first..<min(first + Layout.stretch, count)))
      }
    }
    let tasks = Results(repeating: [CopyTask](), count: stretches.count)
    let taskSize = UInt64(pool.portion(Layout.taskSize))
    pool.parallelForEach(stretches.count) { [stretches] index, _ in
      let stretch = stretches[index]
      tasks.set(self.copyTasks(of: stretch.output, stretch.members, taskSize), at: index)
    }
    return (0..<stretches.count).flatMap { tasks[$0] }
  }

  private func copyTasks(
    of id: OutputID, _ range: Range<Int>, _ taskSize: UInt64
  ) -> [CopyTask] {
    var tasks: [CopyTask] = []
    let sections = selection.sections
    let members = outputs[id.index].members
    let isEmpty = contents[id] == nil && outputs[id.index].slot == nil
    var (first, bytes) = (range.lowerBound, UInt64(0))
    // Where the task begins, where its last member ends, and what is known of it.
    var begin = 0
    if range.lowerBound > 0 {
      let before = sections[members[range.lowerBound - 1]]
      begin = Int(before.offset + before.size)
    }
    var end = begin
    var isWhole = isEmpty
    for position in range {
      let section = sections[members[position]]
      bytes += section.size + 64
      if Int(section.offset) < end || !section.kind.isDisjoint(with: .madeElsewhere) {
        isWhole = false
      }
      end = Int(section.offset + section.size)
      if bytes >= taskSize || position + 1 == range.upperBound {
        tasks.append(
          CopyTask(
            output: id, members: first..<(position + 1), range: begin..<max(begin, end),
            isWhole: isWhole))
        (first, bytes, begin) = (position + 1, 0, end)
        isWhole = isEmpty
      }
    }
    return tasks
  }

  /// Copies the members of `task` into `target`, the part of their output section from `first` on.
  private func run(
    _ task: CopyTask, _ target: OutputBytes, from first: Int, _ context: ApplyContext
  ) {
    let output = outputs[task.output.index]
    let isFilled = contents[task.output] != nil  // all of it was filled before
    let isCode = output.flags & SHF.EXECINSTR != 0
    var end = task.range.lowerBound
    for position in task.members {
      let member = output.members[position]
      let section = context.sections[member]
      let start = Int(section.offset)
      if start > end {
        // Code is padded with instructions that trap, all else with zeros, or as --filler says.
        if let filler = options.filler, !isFilled, output.isAllocated {
          target.fill(filler, end - first..<start - first)
        } else if isCode && !isFilled {
          target.fill(self.target.trap, end - first..<start - first, from: first)
        } else if task.isWhole {
          target.fill(0, end - first..<start - first)
        }
      }
      end = start + Int(section.size)
      guard section.kind.isDisjoint(with: [.synthetic, .noBits]) else {
        if section.kind.contains(.noBits) && (isFilled || task.isWhole || options.filler != nil) {
          target.fill(0, start - first..<end - first)
        }
        continue
      }
      let out = target.slice(start - first, Int(section.size))
      if section.kind.contains(.mergedGroup) { continue }  // written with the linker-made ones
      copy(section, member, to: out)
      if section.relocationCount > 0 {
        if section.kind.contains(.alloc) {
          context.code.apply(member, to: out, context)
        } else {
          context.code.applyToDebug(member, to: out, context)
        }
      }
    }
  }

  /// Stores every byte of a section, unless it cannot be had, which ends the link.
  func copy(_ section: InputSection, _ id: SectionID, to out: OutputBytes) {
    if section.kind.contains(.compressed) {
      decompress(section, id, to: out)
    } else if section.kind.contains(.shrunk) {
      selection.sectionPieces.cuts(of: id, section).copy(section.bytes, to: out)
    } else if section.kind.contains(.reversed) {
      let bytes = section.bytes
      let size = format.wordSize
      let count = bytes.count / size
      for index in 0..<count {
        guard let word = bytes.slice(index * size, size) else { break }
        out.copy(word, at: (count - 1 - index) * size)
      }
      out.fill(0, count * size..<out.count)
    } else {
      out.copy(section.bytes)
    }
  }

  private func decompress(_ section: InputSection, _ id: SectionID, to out: OutputBytes) {
    let header = selection.files[section.file.index].sectionHeaders[Int(section.index)]
    do throws(DecompressionError) {
      let compressed = try CompressedSection(
        flags: header.flags, section.bytes, selection.files[section.file.index].format)
      try compressed.decompress(
        into: UnsafeMutableRawBufferPointer(start: out.base, count: out.count))
    } catch {
      log.error(
        .malformedFile(selection.displayName(id), "\(error)"),
        at: selection.inputs.place(section.file, section: Int(section.index)))
    }
  }

  // MARK: Linker-made sections

  private func writeSyntheticSections(
    to parts: OutputParts, _ context: ApplyContext, _ hashes: ChunkHashes?
  ) {
    let file = parts.file
    if let range = range(of: .gdbIndex) { writeDebugIndex(to: parts, at: range.lowerBound, hashes) }
    for (kind, _) in selection.syntheticRows.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      guard let out = part(of: kind, file) else { continue }
      if kind == .exceptionFrames {
        writeExceptionFrames(to: parts, context, hashes)
      } else {
        write(kind, to: out, context)
      }
    }
    if selection.syntheticRows[.got] == nil, !selection.copies.isEmpty {
      var entry = gotSymbolicStart
      writeCopyRelocations(&entry)
    }
    for group in selection.mergedSections where group.row != .none {
      let id = selection.sections[group.row].output
      guard id != .none, compressedOutputs[id] == nil else { continue }
      write(group, to: parts, Int(outputs[id.index].fileOffset), hashes)
    }
  }

  private func writeExceptionFrames(
    to parts: OutputParts, _ context: ApplyContext, _ hashes: ChunkHashes?
  ) {
    guard let frames = range(of: .exceptionFrames) else { return }
    let table = parts.table(frames)
    let header = range(of: .exceptionFrameHeader)
    let index = header.map(parts.table)
    selection.exceptionFrames.write(
      to: table, header: index.map { ($0, address(of: .exceptionFrameHeader)) },
      address: address(of: .exceptionFrames), context)
    parts.finish(table, at: frames.lowerBound, pool, hashes)
    if let header, let index { parts.finish(index, at: header.lowerBound, pool, hashes) }
  }

  private func write(_ kind: SyntheticKind, to out: OutputBytes, _ context: ApplyContext) {
    switch kind {
    case .unwindStops: break  // when the whole is sorted
    case .fileHeaders, .copy, .copyRelro, .noteBuildID, .thunks: break
    case .relaDynamic:  // the others with the sections that need them
      if indirectEndsDynamic { writeIndirect(from: relativeCount + symbolicCount, in: relaDynamic) }
    case .interpreter: out.copy(Array(interpreter.utf8) + [0])
    case .noteProperty: selection.properties.write(to: out)
    case .notePackage: PackageNote.write(options.packageMetadata ?? "", to: out)
    case .sysvHash: dynamicSymbols.writeSysvHash(to: out)
    case .gnuHash: dynamicSymbols.writeGNUHash(to: out)
    case .dynamicSymbols: writeDynamicSymbols(to: out)
    case .dynamicStrings: out.copy(dynamicSymbols.strings.bytes)
    case .versionSymbols:
      for (index, version) in dynamicSymbols.versions.enumerated() {
        out.store(version, at: index * 2)
      }
    case .versionDefinitions: versionDefinitions?.write(to: out)
    case .versionNeeds: dynamicSymbols.writeNeeds(to: out)
    case .relrDynamic: relr.write(to: out, self)
    case .relaPLT: writePLTRelocations(to: out)
    case .exceptionFrames, .exceptionFrameHeader: break  // tables of their own
    case .plt: context.code.writePLT(to: out, self)
    case .pltGOT: context.code.writePLTGOT(to: out, self)
    case .pltSecondary: context.code.writePLTSecondary(to: out, self)
    case .veneers: context.code.writeVeneers(to: out, self)
    case .dynamic: dynamicSection.write(to: out, self)
    case .got: writeGOT(to: out)
    case .gotPLT: writeGOTPLT(to: out)
    case .attributes: out.copy(selection.program.abi.attributeBytes)
    case .slotRegistry: SlotRegistryNote.write(to: out, self)
    case .gdbIndex: break  // by parts
    }
  }

  private func writeDynamicSymbols(to out: OutputBytes) {
    out.store(Symbol(), entry: 0, format)
    for (position, row) in dynamicSymbols.symbols.enumerated() {
      let entry = selection.inputs.entry(of: row)
      let file = selection.files[entry.file.index]
      var (symbol, _) = outputSymbol(entry.symbol, row, file, isLocal: false, isDynamic: true)
      symbol.nameOffset = dynamicSymbols.nameOffsets[position]
      out.store(symbol, entry: position + 1, format)
    }
  }

  /// -z combreloc: relocations that name the same symbol stand together, so that the dynamic linker
  /// finds it in its cache.
  func sortDynamicRelocations() {
    guard options.combineRelocations, symbolicCount > 1 else { return }
    let size = target.relocationEntrySize
    let table = relaDynamic.slice(relativeCount * size, symbolicCount * size)
    var records = DynamicRelocations.records(in: table.view, target)
    records.sort { ($0.symbol, $0.offset, $0.type) < ($1.symbol, $1.offset, $1.type) }
    for (index, record) in records.enumerated() {
      DynamicRelocations.store(record, entry: index, in: table, target)
    }
  }
}
