// The map as text: what was gathered, in the order in which a person reads it.

extension Translator {
  mutating func text(header: String, file headerFile: String) -> String {
    finishLoads()
    let usesPages = usesHeaders || usesPageConstants
    let segments = segmentsInPlace()
    let rules = self
    var writer = MapWriter { rules.nodes(ofRule: $0) }
    writer.write([.line("smap 1;"), .comment(header)])
    if insertion != nil {
      writer.write([.line("extends default;")])
    } else if usesPages {
      writer.write([.line("pages page_size;")])
    } else {
      writer.write([.line("pages none;", behind: "padding only where the script has it")])
    }
    if insertion == nil {
      writer.write([
        .line("orphans place;", behind: "as GNU ld; 'error' finds what no rule takes")
      ])
    }
    writer.write(preamble)
    if !memories.isEmpty || !constants.isEmpty { writer.write([.blank]) }
    let regions = regionNodes()
    let start = ScriptPlace(file: headerFile, line: 1, column: 1)
    for name in neededConstants where defaults.contains(name) {
      note("'\(name)' is a parameter of the map: --map-set sets it, not --defsym", start)
    }
    for name in neededConstants {
      guard let (index, words, behind) = constantLines[name] else { continue }
      tail[index] = .line("\(words)\(name);", behind: behind)
    }
    writer.write(constantNodes(usesPages))
    writer.write(regions)
    for (index, flow) in flows.enumerated() where !flow.items.isEmpty {
      if flow.items.allSatisfy(\.isComment) {
        writer.write(flow.items.flatMap { nodes(of: $0) })
        continue
      }
      writer.write([.blank])
      writer.write(nodes(ofFlow: index, segments))
    }
    if !tail.isEmpty { writer.write([.blank]) }
    writer.write(tail)
    return writer.text
  }

  func constantNodes(_ usesPages: Bool) -> [MapNode] {
    var nodes: [MapNode] = []
    if usesPages || usesPageConstants {
      nodes.append(.line("param page_size = 4 KiB;", behind: "CONSTANT(MAXPAGESIZE)"))
    }
    var written: Set<String> = []
    func behind(_ name: String) -> String {
      defaults.contains(name) ? "--map-set, not --defsym" : ""
    }
    // A constant may need others, whose order does not matter.
    var waiting = neededConstants
    while let name = waiting.first {
      waiting.removeFirst()
      guard written.insert(name).inserted, let value = constants[name] else { continue }
      var copy = self
      copy.neededConstants = []
      guard let words = try? copy.expression(value, .constant) else { continue }
      waiting += copy.neededConstants
      nodes.append(.line("param \(name) = \(words.text);", behind: behind(name)))
    }
    return nodes
  }

  func nodes(ofSection index: Int) -> [MapNode] {
    let output = outputs[index]
    var attributes: [MapNode] = []
    var seen: Set<String> = []
    for node in output.attributes {
      // ALIGN before and in the section: the larger of equal words is the last.
      if case .line(let words, _) = node, !seen.insert(words).inserted { continue }
      attributes.append(node)
    }
    attributes = Self.oneAlignment(attributes)
    let isAsked = referenced.contains(output.name)
    if isAsked, output.bounds.isEmpty { attributes.append(.line("always;")) }
    if let name = output.segment, case let access = access(of: name), !access.isEmpty,
      !access.contains("w"), isWritable(index)
    {
      attributes.append(.line("access\(access);"))
    }
    var head = "section \(MapWords.name(output.name))"
    if let insertion {
      head += " \(insertion.side.lowercased()) \(MapWords.name(insertion.section))"
    }
    return output.before.map { .comment($0) } + output.behind.map { .comment($0) } + [
      .block(head, attributes + output.bounds + output.contents)
    ]
  }

  /// `align` may stand once; the larger number is meant.
  static func oneAlignment(_ nodes: [MapNode]) -> [MapNode] {
    func alignment(_ node: MapNode) -> String? {
      if case .line(let words, _) = node, words.hasPrefix("align ") {
        return String(words.dropFirst(6).dropLast())
      }
      return nil
    }
    let all = nodes.compactMap(alignment)
    guard all.count > 1 else { return nodes }
    let numbers = all.compactMap { UInt64($0) }
    if numbers.count == all.count, let largest = numbers.max() {
      return [.line("align \(largest);")] + nodes.filter { alignment($0) == nil }
    }
    let joined = all.dropFirst().reduce(all[0]) { "max(\($0), \($1))" }
    return [.line("align \(joined);")] + nodes.filter { alignment($0) == nil }
  }

  /// Whether the section takes what compilers mark writable and scripts store with code.
  func isWritable(_ index: Int) -> Bool {
    let names = [
      ".init_array", ".fini_array", ".preinit_array", ".ctors", ".dtors", ".data.rel.ro", ".got",
      ".jcr", ".tm_clone_table", ".data", ".sdata", ".bss", ".sbss", "COMMON",
    ]
    return rules.contains { rule in
      rule.section == index
        && rule.selectors.contains { selector in
          names.contains { selector.sectionText.hasPrefix($0) }
        }
    }
  }
}
