// Regions of the map: MEMORY, and what load addresses ask for.

extension Translator {
  /// Regions from MEMORY, and those that AT() asks for.
  mutating func regionNodes() -> [MapNode] {
    var nodes: [MapNode] = []
    for memory in memories {
      nodes += memory.trivia.before.map { .comment($0) }
      guard let name = regionName(memory.name) else { continue }
      var body: [MapNode] = []
      do throws(Untranslatable) {
        body.append(.line("at \(try expression(memory.origin, .constant).text);"))
        body.append(.line("size \(try expression(memory.length, .constant).text);"))
      } catch {
        note("region '\(memory.name)': \(error.reason)", memory.place)
        nodes.append(.comment("not imported (\(error.reason)): region \(memory.name)"))
        continue
      }
      if let load = loadOfRegion[name] { body.append(.line("load at \(load);")) }
      var line = "region \(name) {"
      for case .line(let words, _) in body { line += " " + words }
      var behind = memory.trivia.behind.joined(separator: " ")
      if !memory.attributes.isEmpty {
        behind = "(\(memory.attributes))" + (behind.isEmpty ? "" : " " + behind)
      }
      nodes.append(.line(line + " }", behind: behind))
    }
    for alias in aliases {
      if let target = regionName(alias.target), MapWords.isPlain(alias.name) {
        nodes.append(.line("region \(alias.name) = \(target);"))
      }
    }
    for flow in flows {
      guard let name = flow.madeRegion, let at = flow.at else { continue }
      nodes.append(.line("region \(name) { at \(at.text); }"))
    }
    return nodes
  }
}
