// Regions of the map: MEMORY, and what load addresses ask for.

extension Translator {
  /// The smallest region that this one is a part of.
  private func enclosing(_ memory: ScriptMemory) -> String? {
    guard let (start, end) = range(memory) else { return nil }
    var best: (name: String, size: UInt64)?
    for (index, other) in memories.enumerated() where other.name != memory.name {
      guard let whole = range(other), whole.start <= start, end <= whole.end else { continue }
      // Of two that are the same, the later is in the earlier.
      let isSame = whole.start == start && whole.end == end
      if isSame, memories[..<index].contains(where: { $0.name == memory.name }) { continue }
      let size = whole.end - whole.start
      if size < best?.size ?? .max, let name = regionName(other.name) { best = (name, size) }
    }
    return best?.name
  }

  private func range(_ memory: ScriptMemory) -> (start: UInt64, end: UInt64)? {
    guard let start = value(memory.origin), let size = value(memory.length), size > 0,
      size <= .max - start
    else { return nil }
    return (start, start + size)
  }

  /// Regions that share addresses: the flow of a whole leaves out its parts, and GNU ld's does not.
  private mutating func checkOverlaps() {
    for (index, memory) in memories.enumerated() {
      guard let own = range(memory) else { continue }
      for other in memories[..<index] {
        guard let second = range(other), own.start < second.end, second.start < own.end else {
          continue
        }
        let isNested =
          own.start >= second.start && own.end <= second.end
          || second.start >= own.start && second.end <= own.end
        guard isNested else {
          note(
            "regions '\(other.name)' and '\(memory.name)' overlap; a map refuses that", memory.place
          )
          continue
        }
        let isSecondWhole = second.end - second.start >= own.end - own.start
        let (whole, part) = isSecondWhole ? (other, memory) : (memory, other)
        guard isUsed(whole) else { continue }
        let ranges = isSecondWhole ? (second, own) : (own, second)
        if ranges.0.start == ranges.1.start, isUsed(part) || ranges.0.end == ranges.1.end {
          // Both would begin at one address, so GNU ld would complain if both had something.
          note(
            "'\(part.name)' is where '\(whole.name)' begins; the map places what goes into '\(whole.name)' behind it",
            memory.place)
        } else {
          remark(
            "'\(part.name)' is a part of '\(whole.name)', whose sections go around it", memory.place
          )
        }
      }
    }
  }

  private func isUsed(_ memory: ScriptMemory) -> Bool {
    guard let name = regionName(memory.name) else { return false }
    return flows.contains { $0.region == name && !$0.items.isEmpty }
      || outputs.contains { $0.storedIn == name }
  }

  /// Regions from MEMORY, and those that AT() asks for.
  mutating func regionNodes() -> [MapNode] {
    var nodes: [MapNode] = []
    checkOverlaps()
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
      var line = "region \(name)\(enclosing(memory).map { " in \($0)" } ?? "") {"
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
