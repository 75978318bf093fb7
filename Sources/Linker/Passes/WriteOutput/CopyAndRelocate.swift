// Copies every input section to its place in the output and applies its relocations there, while
// its bytes are in the cache. Linker-made sections are written by their own code.
//
// Work is cut into tasks of about the same number of bytes, which the workers take in turn.

internal import ELF
internal import Parallel

/// Members of one output section that one worker copies.
private struct CopyTask {
  let output: OutputID
  let members: Range<Int>
}

extension Layout {
  /// `hashes`: told what is final as soon as it is.
  func copyAndRelocate(to file: OutputBytes, _ hashes: ChunkHashes?) {
    relaDynamic = part(of: .relaDynamic, file) ?? OutputBytes(base: file.base, count: 0)
    fillPadding(file)
    let tasks = copyTasks(
      of: headerOrder.filter { outputs[$0.index].hasBytes && compressedOutputs[$0] == nil })
    let context = ApplyContext(self)
    let isFinal = hashes == nil ? [] : outputs.map(isWrittenOnce)
    pool.parallelForEach(tasks.count) { index, _ in
      let task = tasks[index]
      let output = self.outputs[task.output.index]
      let start = Int(output.fileOffset)
      let range = self.run(task, file.slice(start, Int(output.size)), context)
      if let hashes, isFinal[task.output.index] {
        hashes.wrote(start + range.lowerBound..<start + range.upperBound)
      }
    }
    writeSyntheticSections(to: file, context)
    writeThunks(to: file)
    sortUnwindIndex(in: file)
    if !compressedOutputs.isEmpty { writeCompressedSections(to: file) }
    sortDynamicRelocations()
  }

  /// Writes one output section that holds nothing linker-made but merged strings.
  func writeContent(of id: OutputID, to out: OutputBytes, _ context: ApplyContext) {
    let tasks = copyTasks(of: [id])
    pool.parallelForEach(tasks.count) { index, _ in self.run(tasks[index], out, context) }
    for group in selection.mergedSections where isMember(group, of: id) {
      write(group, to: out)
    }
  }

  private func isMember(_ group: MergedSection, of id: OutputID) -> Bool {
    group.row != .none && selection.sections[group.row].output == id
  }

  /// Writes merged strings into their output section.
  private func write(_ group: MergedSection, to output: OutputBytes) {
    let section = selection.sections[group.row]
    let out = output.slice(Int(section.offset), Int(section.size))
    pool.parallelForEach(group.shards.count) { shard, _ in group.write(shard: shard, to: out) }
  }

  /// The bytes of a linker-made section; nil if there is none, or it has none in the file.
  func part(of kind: SyntheticKind, _ file: OutputBytes) -> OutputBytes? {
    guard let row = selection.syntheticRows[kind] else { return nil }
    let section = selection.sections[row]
    guard section.output != .none else { return nil }
    let output = outputs[section.output.index]
    guard output.hasBytes else { return nil }
    return file.slice(Int(output.fileOffset + section.offset), Int(section.size))
  }

  /// Whether nobody writes into an output section after its members were copied: nothing of the
  /// linker's own is in it, and nothing is sorted or patched as a whole.
  private func isWrittenOnce(_ output: OutputSection) -> Bool {
    guard thunks.islands.isEmpty,
      target.unwindIndexType == 0 || output.type != target.unwindIndexType
    else { return false }
    return output.members.allSatisfy {
      selection.sections[$0].kind.isDisjoint(with: [.synthetic, .mergedGroup])
    }
  }

  // MARK: Tasks

  private static var taskSize: Int { 256 << 10 }

  private func copyTasks(of ids: [OutputID]) -> [CopyTask] {
    var tasks: [CopyTask] = []
    let sections = selection.sections
    let taskSize = UInt64(pool.portion(Layout.taskSize))
    for id in ids where outputs[id.index].size > 0 {
      let members = outputs[id.index].members
      var first = 0
      var bytes: UInt64 = 0
      for (position, member) in members.enumerated() {
        bytes += sections[member].size + 64
        if bytes >= taskSize {
          tasks.append(CopyTask(output: id, members: first..<(position + 1)))
          first = position + 1
          bytes = 0
        }
      }
      if first < members.count {
        tasks.append(CopyTask(output: id, members: first..<members.count))
      }
    }
    return tasks
  }

  /// Copies the members of `task` into `target`, their output section. Returns which part of that is
  /// done: with the gap before the first member.
  @discardableResult private func run(
    _ task: CopyTask, _ target: OutputBytes, _ context: ApplyContext
  ) -> Range<Int> {
    let output = outputs[task.output.index]
    // Code is padded with instructions that trap, all else with zeros.
    let isFilled = contents[task.output] != nil  // all of it was filled before
    let isPadded = output.flags & SHF.EXECINSTR != 0 && !isFilled
    var end =
      task.members.lowerBound == 0 ? 0 : self.end(of: output.members[task.members.lowerBound - 1])
    let begin = end
    for position in task.members {
      let member = output.members[position]
      let section = context.sections[member]
      let start = Int(section.offset)
      if start > end && isPadded { target.fill(self.target.trap, end..<start) }
      end = start + Int(section.size)
      guard section.kind.isDisjoint(with: [.synthetic, .noBits]) else {
        if isFilled && section.kind.contains(.noBits) { target.fill(0, start..<end) }
        continue
      }
      let out = target.slice(start, Int(section.size))
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
    return begin..<max(begin, end)
  }

  private func end(of member: SectionID) -> Int {
    let section = selection.sections[member]
    return Int(section.offset + section.size)
  }

  private func copy(_ section: InputSection, _ id: SectionID, to out: OutputBytes) {
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

  private func writeSyntheticSections(to file: OutputBytes, _ context: ApplyContext) {
    for (kind, _) in selection.syntheticRows.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      guard let out = part(of: kind, file) else { continue }
      write(kind, to: out, file, context)
    }
    if selection.syntheticRows[.got] == nil, !selection.copies.isEmpty {
      var entry = gotSymbolicStart
      writeCopyRelocations(&entry)
    }
    for group in selection.mergedSections where group.row != .none {
      let id = selection.sections[group.row].output
      guard id != .none, compressedOutputs[id] == nil else { continue }
      let output = outputs[id.index]
      write(group, to: file.slice(Int(output.fileOffset), Int(output.size)))
    }
  }

  private func write(
    _ kind: SyntheticKind, to out: OutputBytes, _ file: OutputBytes, _ context: ApplyContext
  ) {
    switch kind {
    case .unwindStops: break  // when the whole is sorted
    case .fileHeaders, .copy, .copyRelro, .noteBuildID, .thunks: break
    case .relaDynamic:  // the others with the sections that need them
      if indirectEndsDynamic { writeIndirect(from: relativeCount + symbolicCount, in: out) }
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
    case .exceptionFrameHeader: break  // with the frames
    case .exceptionFrames:
      let header = part(of: .exceptionFrameHeader, file).map {
        (out: $0, address: address(of: .exceptionFrameHeader))
      }
      selection.exceptionFrames.write(
        to: out, header: header, address: address(of: .exceptionFrames), context)
    case .plt: context.code.writePLT(to: out, self)
    case .pltGOT: context.code.writePLTGOT(to: out, self)
    case .pltSecondary: context.code.writePLTSecondary(to: out, self)
    case .veneers: context.code.writeVeneers(to: out, self)
    case .dynamic: dynamicSection.write(to: out, self)
    case .got: writeGOT(to: out)
    case .gotPLT: writeGOTPLT(to: out)
    case .attributes: out.copy(selection.program.abi.attributeBytes)
    case .slotRegistry: SlotRegistryNote.write(to: out, self)
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
  private func sortDynamicRelocations() {
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
