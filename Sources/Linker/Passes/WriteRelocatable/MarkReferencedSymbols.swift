// -r: finds the symbols that relocations or section groups of the output name, for options that
// would take them out of the symbol table: -s, -x, -X and --retain-symbols-file leave these in, or
// the output could not be linked. After: they have `.touched`.

internal import ELF
internal import Parallel

extension ObjectOutput {
  /// Whether being referenced makes a difference for the symbol table.
  var dropsUnreferencedSymbols: Bool {
    options.strip == .all || options.discard == .all || options.discard == .temporary
      || options.gcSections || inputs.requests.retainedSymbols != nil
  }

  func markReferencedSymbols() {
    guard dropsUnreferencedSymbols else { return }
    let (sections, files, program) = (sections, files, program)
    pool.parallelFor(sectionCount, grain: 256) { range, _ in
      for index in range {
        let id = SectionID(index)
        let section = sections[id]
        guard section.relocationCount > 0, self.isLive(id) else { continue }
        let file = files[section.file.index]
        let records = section.relocationRecords
        for position in 0..<records.count {
          let symbol = Int(records[position].symbol)
          guard symbol < file.symbolCount else { continue }
          program.flags.insert(.touched, at: program.definition[file.symbolID(symbol)])
        }
      }
    }
    for group in groups {
      let row = files[group.file.index].symbolID(Int(group.signature))
      program.flags.insert(.touched, at: program.definition[row])
    }
  }
}
