// -r: counts the relocations that reach the output.
//
// Before: `relocationCounts` holds what the inputs have. After: debug information has lost those that
// refer to copies of functions that are not in the output. (What is left of `.eh_frame` was counted
// along with its records.)

internal import ELF
internal import Parallel

extension ObjectOutput {
  func countRelocations() {
    let (sections, files, counts) = (sections, files, relocationCounts)
    pool.parallelFor(sectionCount, grain: 64) { range, _ in
      for index in range {
        let id = SectionID(index)
        let section = sections[id]
        guard section.relocationCount > 0, !section.kind.contains(.alloc), self.isLive(id) else {
          continue
        }
        let file = files[section.file.index]
        let records = section.relocationRecords
        var count: UInt32 = 0
        for position in 0..<records.count
        where !self.refersToNothing(records[position], file) { count += 1 }
        counts[id] = count
      }
    }
  }

  /// Whether a relocation's symbol is defined in a section that is not in the output.
  @inline(__always) func refersToNothing(_ record: Rela, _ file: InputFile) -> Bool {
    let number = Int(record.symbol)
    guard number > 0, number < file.symbolCount else { return false }
    if number < Int(file.firstGlobal) {
      let symbol = file.symbols[number]
      return file.isInSection(symbol) && definingSection(symbol, number, file) == .none
    }
    // The definition of a global name is in the output, but for garbage.
    guard options.gcSections else { return false }
    let definition = program.definition[file.symbolID(number)]
    guard !program.flags[definition].contains(.undefined) else { return false }
    let (symbol, index, owner) = inputs.entry(of: definition)
    let ownerFile = files[owner.index]
    return ownerFile.kind == .object && ownerFile.isInSection(symbol)
      && definingSection(symbol, index, ownerFile) == .none
  }
}
