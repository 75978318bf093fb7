// --gdb-index: reads the debug information of all inputs, so that `.gdb_index` has its size.
//
// Before: it is known which sections are in the output, and in which order those of an output section
// stand. After: the index is complete but for addresses and offsets in the output (DebugIndex/GdbIndex).
//
// Objects are read in parallel, each as a whole; what they say is joined by shards of names.

internal import ELF
internal import Parallel

extension Layout {
  func indexDebugInfo() {
    guard selection.syntheticRows[.gdbIndex] != nil else { return }
    gdbIndex = makeIndex()
    dropEmpty(.gdbIndex, gdbIndex == nil)
  }

  private func makeIndex() -> GdbIndex? {
    let infos = outputs.filter { $0.name == ".debug_info" && !$0.isAllocated }
    let types = outputs.filter { $0.name == ".debug_types" && !$0.isAllocated }
    guard infos.count <= 1, types.count <= 1 else {
      log.warning(.noDebugIndex("the debug information is divided among several sections"))
      return nil
    }
    guard let info = infos.first else { return nil }
    let files = readDebugFiles()
    guard reportDefects(files) else { return nil }
    let index = GdbIndex(
      files, infos: info.members, types: types.first?.members ?? [], pool)
    return isRepresentable(index) ? index : nil
  }

  private func isRepresentable(_ index: GdbIndex) -> Bool {
    if index.units.count + index.typeUnits.count > GdbIndex.maximumUnitCount {
      log.warning(.noDebugIndex("there are more than \(GdbIndex.maximumUnitCount) units"))
      return false
    }
    if index.size > Int(UInt32.max) {
      log.warning(.noDebugIndex("it would be larger than 4 GiB"))
      return false
    }
    // GDB takes all for members of the one section, if there is one.
    let inTypes = (0..<index.typeUnits.count).lazy.filter {
      self.selection.sectionName(index.typeUnits[$0].section).hasSuffix("debug_types")
    }.count
    if inTypes != 0 && inTypes != index.typeUnits.count {
      log.warning(
        .noDebugIndex(
          "there are units of types in .debug_info and in .debug_types, which gdb mixes up"))
      return false
    }
    return true
  }

  private func readDebugFiles() -> Results<IndexedFile> {
    let selection = selection
    let files = (0..<selection.files.count).map { FileID($0) }.filter {
      selection.files[$0.index].kind == .object && selection.program.isLive($0)
    }
    let results = Results(repeating: IndexedFile(), count: files.count)
    pool.parallelForEach(files.count) { index, _ in
      if let found = DebugFileReader(selection, files[index]).read() {
        results.set(found, at: index)
      }
    }
    return results
  }

  /// Warns of what is malformed; false: the index would lead astray.
  private func reportDefects(_ files: Results<IndexedFile>) -> Bool {
    var isUsable = true
    for index in 0..<files.count {
      for (section, defect) in files[index].defects {
        if defect == .noNames {
          guard isUsable else { continue }
          isUsable = false
        }
        let row = selection.sections[section]
        log.warning(
          .malformedFile(selection.displayName(section), defect.reason),
          at: selection.inputs.place(row.file, section: Int(row.index)))
      }
    }
    return isUsable
  }

  // MARK: Writing

  /// `start`: where the section begins in the file.
  func writeDebugIndex(to parts: OutputParts, at start: Int, _ hashes: ChunkHashes?) {
    guard let gdbIndex else { return }
    let selection = selection
    let sections = selection.sections
    gdbIndex.write(
      to: parts, at: start, hashes,
      GdbIndex.Addresses(
        address: { [self] id, offset in
          let row = sections[id]
          return address(of: row) &+ selection.sectionPieces.output(id, row, offset)
        },
        offset: { sections[$0].offset }), pool)
  }
}

extension Message {
  static func noDebugIndex(_ reason: String) -> Message {
    Message("noDebugIndex", "--gdb-index: no .gdb_index is written, for \(reason)")
  }
}
