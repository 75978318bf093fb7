// OVERLAY, and sections at the address of another one.

extension Translator {
  mutating func overlay(_ overlay: ScriptOverlay, _ statement: ScriptStatement) {
    note(
      "OVERLAY: the map places its sections one behind the other, not at one address",
      statement.place)
    tail.append(.comment("not imported (OVERLAY): \(statement.words)"))
    for (index, (inner, place, _)) in overlay.sections.enumerated() {
      var section = inner
      if index == 0 { section.address = overlay.address }
      section.region = overlay.region
      section.loadRegion = overlay.loadRegion
      if section.headers.isEmpty { section.headers = overlay.headers }
      section.fill = section.fill ?? overlay.fill
      let name = MapWords.identifier(section.name)
      output(
        section,
        ScriptStatement(
          kind: .section(section), place: place, trivia: ScriptTrivia(), words: section.name))
      guard let output = outputIndex[section.name] else { continue }
      outputs[output].bounds += [
        .line("provide load_start __load_start_\(name);"),
        .line("provide load_end __load_stop_\(name);"),
      ]
    }
  }
}
