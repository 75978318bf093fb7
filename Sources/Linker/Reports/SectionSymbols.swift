// The symbols by the section they are defined in: the reverse of `Selection.definingSection`, which
// only the map report asks for.

internal import ELF

struct SectionSymbols: Sendable {
  /// `starts[s]..<starts[s + 1]` are the positions of section s in `list`.
  private let starts: Block<UInt32>
  private let list: Block<SymbolID>

  /// The named symbols of live objects, but for those that only stand for a section or file.
  /// Symbols in merged sections count to the section that stands for their group.
  init(_ layout: Layout) {
    let selection = layout.selection
    let starts = Block<UInt32>(count: selection.sections.count + 2)
    SectionSymbols.forEach(selection) { section, _ in starts[section.index + 2] += 1 }
    for index in 1..<starts.count { starts[index] += starts[index - 1] }
    let list = Block<SymbolID>(count: Int(starts[starts.count - 1]))
    // Filling moves every start to the next one's place.
    SectionSymbols.forEach(selection) { section, symbol in
      list[Int(starts[section.index + 1])] = symbol
      starts[section.index + 1] += 1
    }
    self.starts = starts
    self.list = list
  }

  subscript(section: SectionID) -> [SymbolID] {
    (Int(starts[section.index])..<Int(starts[section.index + 1])).map { list[$0] }
  }

  private static func forEach(_ selection: Selection, _ body: (SectionID, SymbolID) -> Void) {
    let program = selection.program
    for number in 0..<selection.files.count
    where program.isLive(FileID(number)) && selection.files[number].kind == .object {
      let file = selection.files[number]
      for index in 0..<file.symbolCount {
        let symbol = file.symbols[index]
        let row = file.symbolID(index)
        guard symbol.type != STT.SECTION, symbol.type != STT.FILE, symbol.nameOffset != 0,
          program.definition[row] == row, case let section = selection.definingSection[row],
          section != .none
        else { continue }
        body(selection.placedRow(section), row)
      }
    }
  }
}
