// Symbols and assertions, and the bounds of regions.

internal import MapLang

extension Exporter {
  mutating func writeSymbols() {
    for (index, region) in map.regions.enumerated() where !region.bounds.isEmpty {
      let id = RegionID(index)
      let name = ScriptWords.name(region.name)
      let start = isWhole(id) ? "ORIGIN(\(name))" : ScriptWords.number(region.at)
      let size = isWhole(id) ? "LENGTH(\(name))" : ScriptWords.number(region.size ?? 0)
      for bound in region.bounds {
        let value: String
        switch bound.edge {
        case .start: value = start
        case .end: value = "\(start) + \(size)"
        case .length: value = size
        case .loadStart, .loadEnd:
          leaveOut(
            "\(bound.edge.spelling) of region \(region.name)",
            "a script knows load addresses of sections only", region.position)
          continue
        }
        for name in bound.names {
          line(Self.assignment(name.name, value, provide: bound.provide, hidden: bound.hidden))
        }
      }
    }
    for symbol in map.symbols {
      if let words = value(symbol.value, "symbol \(symbol.name)") {
        line(Self.assignment(symbol.name, words, provide: symbol.provide, hidden: symbol.hidden))
      }
    }
    for assertion in map.assertions {
      guard let words = value(assertion.condition, "assert") else { continue }
      let text = assertion.message ?? "an assertion of the map fails"
      line("ASSERT(\(words), \(ScriptWords.quoted(text)))")
    }
  }
}
