// What the records of `.eh_frame` keep alive, and what their relocations need.
//
// An FDE lives if its function does, and then its LSDA does, too. A CIE refers to a personality
// routine, which may be imported.

internal import ELF
internal import Parallel

extension ExceptionFrames {
  /// Makes the index by which marking and folding find the FDEs of a section.
  mutating func indexByTarget(_ selection: Selection) {
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
    for position in positions(of: id) {
      var pushed: [UInt32] = []
      forEachTarget(record(at: position), from: 1, selection) { symbol in
        let section = selection.definingSection[symbol]
        if section != .none && context.states.insertIfAbsent(.live, at: section) {
          pushed.append(section.rawValue)
        }
      }
      for raw in pushed { list.push(raw) }
    }
  }

  /// Where the index has the FDEs of a section, in input order.
  func positions(of id: SectionID) -> Range<Int> {
    guard firstOfTarget.count > 0, firstOfTarget[id] > 0 else { return 0..<0 }
    let first = Int(firstOfTarget[id]) - 1
    var end = first
    while end < byTarget.count, record(at: end).target == id { end += 1 }
    return first..<end
  }

  /// The FDE at a position of the index.
  func record(at position: Int) -> FrameRecord { fdes[Int(byTarget[position])] }

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

  /// Relocations of live FDEs that are not distances to something in the same file, in order.
  func unusualRelocations(_ selection: Selection) -> [(section: SectionID, index: Int)] {
    let found = Gathered<(section: SectionID, index: Int)>(selection.pool)
    let (fdes, files, ranges) = (fdes, selection.files, ranges)
    let code = selection.inputs.target.machine.code
    selection.pool.parallelFor(ranges.count) { inputs, worker in
      for range in inputs.lazy.map({ ranges[$0] }) {
        let section = selection.sections[range.section]
        let file = files[section.file.index]
        let records = section.relocationRecords
        for number in range.fdes.start..<(range.fdes.start + range.fdes.count)
        where self.isLive(fdes[number], selection) {
          let first = Int(fdes[number].relocationStart)
          for index in first..<(first + Int(fdes[number].relocationCount)) {
            let relocation = records[index]
            if code.isDistance(relocation.type), Int(relocation.symbol) < file.symbolCount,
              file.isInSection(file.symbols[Int(relocation.symbol)])
            {
              continue
            }
            found.append((range.section, index), worker)
          }
        }
      }
    }
    return found.take().sorted { $0 < $1 }
  }

  /// Relocation ranges of CIEs that are kept, for the scan.
  var keptCIEs: [FrameRecord] { cies.indices.filter { Int(cies[$0].cie) == $0 }.map { cies[$0] } }
}

extension Selection {
  /// CIEs refer to personality routines, which may be imported. FDEs refer to their function and its
  /// LSDA, which are in the same file; whatever else one says is looked at like any relocation.
  func scanExceptionFrames(_ context: ScanContext) {
    var ignored = Worklist()
    for (section, index) in exceptionFrames.unusualRelocations(self) {
      let row = sections[section]
      context.code.scan(
        row.relocationRecords, of: row, section, in: index..<(index + 1), context, &ignored,
        Worker.caller)
    }
    for cie in exceptionFrames.keptCIEs {
      let section = sections[cie.section]
      let first = Int(cie.relocationStart)
      context.code.scan(
        section.relocationRecords, of: section, cie.section,
        in: first..<(first + Int(cie.relocationCount)), context, &ignored, Worker.caller)
    }
  }
}
