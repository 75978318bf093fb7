// Opens the debug sections of an object: decompresses them, sorts their relocations, and puts the
// distances between labels in place where objects have pairs of relocations for them.

internal import ELF

struct DebugFileReader {
  private let selection: Selection
  private let id: FileID
  private let file: InputFile
  private let code: any Target.Type

  init(_ selection: Selection, _ id: FileID) {
    self.selection = selection
    self.id = id
    file = selection.files[id.index]
    code = selection.inputs.target.machine.code
  }

  /// nil: the object has no debug information.
  func read() -> IndexedFile? {
    var owners: [OwnedBytes] = []
    var debug = DebugFile()
    for index in 0..<file.sectionCount {
      let header = file.sectionHeaders[index]
      guard header.flags & SHF.ALLOC == 0,
        let kind = DebugSectionKind(file.sectionName(header)),
        let table = open(UInt32(index), &owners)
      else { continue }
      debug.add(table, kind)
    }
    guard !debug.infos.isEmpty || !debug.types.isEmpty else { return nil }
    let states = selection.states
    let sections = selection.sections
    // The views do not keep decompressed bytes alive.
    return withExtendedLifetime(owners) {
      IndexedFile(id, debug) {
        states[$0].contains(.live) && sections[$0].kind.contains(.alloc)
          && sections[$0].output != .none
      }
    }
  }

  private func open(_ index: UInt32, _ owners: inout [OwnedBytes]) -> DebugTable? {
    let id = selection.section(file, index)
    guard id != .none, selection.sections[id].kind.contains(.used), selection.isLive(id) else {
      return nil
    }
    let row = selection.sections[id]
    guard let bytes = bytes(of: row, &owners) else { return nil }
    let isTemporary = row.kind.contains(.compressed)
    guard row.relocationCount > 0 else {
      return DebugTable(bytes, id: id, isTemporary: isTemporary)
    }
    let records = selection.sections.sortRelocations(of: id)
    let targets = DebugTargets(file)
    let differences = DebugDifferences(
      table: records,
      symbols: DebugSymbols(records: file.symbols, names: file.symbolNames), target: code)
    guard selection.inputs.target.keepsTemporaryLabels, differences.areThere else {
      return DebugTable(
        bytes, id: id, relocations: records, targets: targets, isTemporary: isTemporary)
    }
    guard let applied = differences.applied(to: bytes) else { return nil }
    owners.append(applied)
    let values = Block<Rela>(room: records.count)
    var count = 0
    for index in 0..<records.count where !differences.isDifference(records[index]) {
      values[count] = records[index]
      count += 1
    }
    let view = RecordView<Rela>(
      ByteView(UnsafeRawPointer(values.base), count: count * MemoryLayout<Rela>.stride))
    return DebugTable(applied.view, id: id, relocations: view, targets: targets, isTemporary: true)
  }

  /// Malformed compressed sections are reported when they are written.
  private func bytes(of row: InputSection, _ owners: inout [OwnedBytes]) -> ByteView? {
    guard row.kind.contains(.compressed) else { return row.bytes }
    let header = file.sectionHeaders[Int(row.index)]
    guard let compressed = try? CompressedSection(flags: header.flags, row.bytes, file.format),
      let owned = try? compressed.decompressed()
    else { return nil }
    owners.append(owned)
    return owned.view
  }
}
