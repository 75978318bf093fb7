// Which entries of a table that is searched (UnwindIndex) are needed.
//
// An entry holds up to the next, so one that says what the entry before it says can be left out
// (--merge-exidx-entries). What it says may be compared if its second word is no distance: that the
// frame cannot be unwound, or how, in the word itself. Where code without entries follows, a stop is
// needed, unless the entry before it says so already.

internal import ELF

/// What holds at the end of the code so far.
private enum UnwindState {
  /// No entry yet.
  case nothing
  /// An entry of this table; its second word, if it can be compared.
  case entry(OutputID, UInt32?)

  /// Whether code that has no entries would be taken for a part of what is before it.
  var needsStop: Bool {
    switch self {
    case .nothing: false
    case .entry(_, let word): word != UnwindEntry.cannotUnwind
    }
  }

  func says(_ word: UInt32?, in table: OutputID) -> Bool {
    guard case .entry(table, let known?) = self else { return false }
    return known == word
  }
}

extension Layout {
  /// Finds where stops must be, and which entries can be left out: what the order inside output
  /// sections says, for the order of these is not known yet.
  func findUnwindStops() {
    guard let row = selection.syntheticRows[.unwindStops] else { return }
    let stops = selection.sections[row].output
    unwindStops = []
    var merged: [(id: SectionID, cuts: [SectionCut])] = []
    for (index, output) in outputs.enumerated() where output.isAllocated {
      var state = UnwindState.nothing
      for member in output.members {
        let section = selection.sections[member]
        guard section.size > 0, !section.kind.contains(.synthetic) else { continue }
        let tables = (selection.linkOrderDependents[member] ?? []).filter(selection.isUnwindIndex)
        if tables.isEmpty {
          guard state.needsStop else { continue }
          unwindStops.append(.section(member))
          state = .entry(stops, UnwindEntry.cannotUnwind)
          continue
        }
        for table in tables {
          let place = selection.sections[table].output
          guard tables.count == 1, let words = unwindWords(table, of: member) else {
            state = .entry(place, nil)
            continue
          }
          var cuts: [SectionCut] = []
          for entry in words {
            if options.mergesUnwindIndex && state.says(entry.word, in: place) {
              cuts.leaveOut(entry)
            } else {
              state = .entry(place, entry.word)
            }
          }
          if !cuts.isEmpty { merged.append((table, cuts)) }
        }
      }
      if state.needsStop { unwindStops.append(.end(OutputID(index))) }
    }
    leaveOut(merged)
  }

  var unwindStopsSize: UInt64 { UInt64(unwindStops.count) * UnwindEntry.size }

  private func leaveOut(_ merged: [(id: SectionID, cuts: [SectionCut])]) {
    guard !merged.isEmpty, selection.sectionPieces.isEmpty else { return }
    for (id, cuts) in merged {
      selection.sections[id].kind.insert(.shrunk)
      let total = cuts.reduce(0) { $0 + UInt64($1.count) }
      selection.sections[id].size -= min(total, selection.sections[id].size)
    }
    selection.sectionPieces = SectionPieces(
      merged.sorted { $0.id < $1.id }, targets: [], sectionCount: selection.sections.count,
      areFinal: true)
  }

  /// The entries of a piece of the table, if they are in the order of the code and all of `member`.
  private func unwindWords(_ table: SectionID, of member: SectionID) -> [ComparedUnwindEntry]? {
    let section = selection.sections[table]
    let bytes = section.bytes
    let file = selection.files[section.file.index]
    let records = section.relocationRecords
    guard let distance = target.unwindIndex?.distance, section.size == UInt64(bytes.count),
      bytes.count.isMultiple(of: Int(UnwindEntry.size)), bytes.count < 1 << 31
    else { return nil }
    var entries: [ComparedUnwindEntry] = []
    var (index, last): (Int, UInt64?) = (0, nil)
    for offset in stride(from: UInt64(0), to: UInt64(bytes.count), by: Int(UnwindEntry.size)) {
      var function: UInt64?
      var entry = ComparedUnwindEntry(
        offset: offset, record: index, word: bytes.load(UInt32.self, at: Int(offset) + 4))
      while index < records.count, records[index].offset < offset &+ UnwindEntry.size {
        let record = records[index]
        index += 1
        guard record.offset >= offset else { return nil }
        guard record.type != 0 else { continue }  // keeps a personality routine
        guard record.type == distance, Int(record.symbol) < file.symbolCount else { return nil }
        if record.offset == offset &+ 4 {
          entry.word = nil
        } else {
          guard record.offset == offset, function == nil,
            selection.definingSection[file.symbolID(Int(record.symbol))] == member
          else { return nil }
          let value = file.symbols[Int(record.symbol)].value
          // Bit 0 is the state of a function.
          function = (value &+ UInt64(bitPattern: record.addend)) & ~1
        }
      }
      guard let function, function < selection.sections[member].size,
        last.map({ $0 < function }) ?? true
      else { return nil }
      last = function
      // A distance that is a number already leads to nothing that could be compared.
      if let word = entry.word, word != UnwindEntry.cannotUnwind, word >> 31 == 0 {
        entry.word = nil
      }
      entries.append(entry)
    }
    return index == records.count ? entries : nil
  }
}

/// An entry of an input section.
private struct ComparedUnwindEntry {
  let offset: UInt64
  /// The first relocation that is not of an earlier entry.
  let record: Int
  /// The second word; nil: it cannot be compared.
  var word: UInt32?
}

extension [SectionCut] {
  /// Neighbours are one cut.
  fileprivate mutating func leaveOut(_ entry: ComparedUnwindEntry) {
    if let last, UInt64(last.offset + last.count) == entry.offset {
      self[count - 1].count += UInt32(UnwindEntry.size)
      return
    }
    var cut = SectionCut(record: entry.record, offset: entry.offset)
    cut.count = UInt32(UnwindEntry.size)
    cut.before = last.map { $0.before + $0.count } ?? 0
    append(cut)
  }
}
