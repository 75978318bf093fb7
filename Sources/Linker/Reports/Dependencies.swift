// --print-dependencies: which section needs which, by what symbol. Four fields to a line, separated by
// tabs, as mold has them: the section that refers, the section or library that defines, `u` or `w` for a
// weak reference, the symbol.

internal import ELF

extension Selection {
  func printDependencies() {
    guard options.printDependencies else { return }
    var text = ReportText()
    text += "# section\tneeds\tu or w (weak)\tsymbol\n"
    for index in 1..<sectionCount {
      let id = SectionID(index)
      guard isLive(id), sections[id].relocationCount > 0 else { continue }
      listDependencies(of: id, in: &text)
    }
    DiagnosticEngine.write(text.bytes, to: 1)
  }

  private func listDependencies(of id: SectionID, in text: inout ReportText) {
    let section = sections[id]
    let file = files[section.file.index]
    let records = section.relocationRecords
    var seen: Set<UInt32> = []
    for index in 0..<records.count {
      let number = records[index].symbol
      guard Int(number) < file.symbolCount, number >= file.firstGlobal,
        seen.insert(number).inserted
      else { continue }
      let row = file.symbolID(Int(number))
      let definition = program.definition[row]
      let owner = inputs.file(of: definition)
      guard owner != section.file, !program.flags[definition].contains(.undefined),
        files[owner.index].kind != .linker
      else { continue }
      let place = definingSection[definition]
      let isWeak = file.symbols[Int(number)].binding == STB.WEAK
      text.append(displayName(id))
      text.append("\t\(place == .none ? inputs.displayName(owner) : displayName(place))")
      text.append("\t\(isWeak ? "w" : "u")\t\(program.demangled(definition))\n")
    }
  }
}
