// The map as text: what was gathered, in the order in which a person reads it.

extension Translator {
  mutating func text(header: String) -> String {
    finishLoads()
    for (index, flow, edge) in unaligned {
      expectNoPadding(
        index, flow, "an address makes GNU ld forget the alignment of \(outputs[index].name)",
        edge: edge)
    }
    let usesPages = usesHeaders || usesPageConstants
    let segments = segmentsInPlace()
    checkHeadersArePlaced()
    let rules = self
    var writer = MapWriter { rules.nodes(ofRule: $0) }
    writer.write([.line("smap 1;"), .comment(header)])
    if insertion != nil {
      writer.write([.line("extends default;")])
    } else if !isRelocatable {
      writer.write([
        usesHeaders
          ? .line("pages page_size;")
          : .line("pages none;", behind: "padding only where the script has it"),
        .line("orphans place;", behind: "as GNU ld; 'error' finds what no rule takes"),
      ])
    }
    writer.write(preamble)
    if !memories.isEmpty || !constants.isEmpty { writer.write([.blank]) }
    let regions = regionNodes()
    let (constantNodes, written) = constantNodes(usesPages)
    for name in written {
      guard let (index, words, behind) = constantLines[name] else { continue }
      tail[index] = .line("\(words)\(name);", behind: behind)
    }
    checkParameters(written)
    writer.write(constantNodes)
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

  /// The addresses at which the script begins anew, but for 0, which scripts for -r say of each section.
  var addresses: [String] { flows.compactMap { $0.at?.text }.filter { $0 != "0" } }

  /// Sizes and addresses that a symbol of somebody else would change: the map's parameter has to agree.
  private mutating func checkParameters(_ names: [String]) {
    for name in names where defaults.contains(name) || replaceable.contains(name) {
      let symbol = MapWords.name(name)
      if !replaceable.contains(name) {
        tail.append(.line("provide hidden symbol \(symbol) = \(name);"))
      }
      tail.append(
        .line("assert sym(\(symbol)) == \(name), \"set it with --map-set \(name)=..., too\";"))
    }
  }

  func constantNodes(_ usesPages: Bool) -> (nodes: [MapNode], names: [String]) {
    var nodes: [MapNode] = []
    if usesPages || usesPageConstants {
      nodes.append(.line("param page_size = 4 KiB;", behind: "CONSTANT(MAXPAGESIZE)"))
    }
    var written: Set<String> = []
    var names: [String] = []
    func behind(_ name: String) -> String {
      defaults.contains(name) || replaceable.contains(name) ? "--map-set, not --defsym" : ""
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
      names.append(name)
      nodes.append(.line("param \(name) = \(words.text);", behind: behind(name)))
    }
    return (nodes, names)
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
    if let load = output.load { attributes.append(.line("\(load);")) }
    // A symbol of its own keeps an empty section; one that is provided does so only if somebody asks for it.
    let keepsItself = output.bounds.contains {
      if case .line(let words, _) = $0 { !words.hasPrefix("provide ") } else { false }
    }
    if referenced.contains(output.name), !keepsItself { attributes.append(.line("always;")) }
    if let name = output.segment, case let access = access(of: name), !access.isEmpty,
      !access.contains("w"), isWritable(index)
    {
      // What stands in gaps depends on whether a section is code.
      let own = isCode(index) ? access : access.filter { $0 != "x" }
      attributes.append(.line("access\(own);"))
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

  private static let codeNames = [".text", ".init", ".fini", ".boot", ".gnu.linkonce.t"]
  /// Tables that compilers mark writable and scripts store with constants.
  private static let tableNames = [".init_array", ".fini_array", ".preinit_array"]
  private static let writableNames =
    tableNames + [
      ".ctors", ".dtors", ".got", ".jcr", ".tm_clone_table", ".data", ".sdata", ".bss", ".sbss",
      "COMMON",
    ]

  private func isWritable(_ index: Int) -> Bool {
    takes(index) { text in Self.writableNames.contains { text.hasPrefix($0) } }
  }

  private func isCode(_ index: Int) -> Bool {
    takes(index) { text in
      Self.codeNames.contains { text.hasPrefix($0) }
        && !Self.tableNames.contains { text.hasPrefix($0) }
    }
  }

  /// Whether a rule of the section has a pattern of that kind.
  private func takes(_ index: Int, _ isMeant: (String) -> Bool) -> Bool {
    rules.contains { rule in
      rule.section == index && rule.selectors.contains { isMeant($0.sectionText) }
    }
  }
}
