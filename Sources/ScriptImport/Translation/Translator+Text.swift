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

  private func constantNodes(_ usesPages: Bool) -> [MapNode] {
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

  /// Regions from MEMORY, and those that AT() asks for.
  private mutating func regionNodes() -> [MapNode] {
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

  /// Load addresses at a distance are those of a whole flow or region.
  private mutating func finishLoads() {
    for flow in flows.indices {
      let sections = flows[flow].items.flatMap(\.sections).filter { !outputs[$0].hasLoad }
      let distances = Set(
        sections.filter { outputs[$0].distance != nil || !outputs[$0].isBare }.map {
          outputs[$0].distance ?? ""
        })
      guard !distances.isSubset(of: [""]) else { continue }
      guard distances.count == 1, let distance = distances.first else {
        for section in sections where outputs[section].distance?.isEmpty == false {
          note(
            "'\(outputs[section].name)' has another distance between run and load address than its neighbours; the map cannot say that here",
            outputs[section].place)
        }
        continue
      }
      if let region = flows[flow].region {
        if let memory = memories.first(where: { regionName($0.name) == region }),
          let origin = try? expression(memory.origin, .constant)
        {
          loadOfRegion[region] = "\(Self.tight(origin, 8))\(distance)"
        }
      } else if let at = flows[flow].at {
        loadOfFlow[flow] = "\(Self.tight(at, 8))\(distance)"
      }
    }
  }

  /// The PT_LOADs that stand in one piece.
  private mutating func segmentsInPlace() -> Set<String> {
    var runs: [String: Int] = [:]
    for flow in flows {
      var last: String?
      for item in flow.items {
        guard let own = segment(of: item) else {
          if !item.isComment { last = nil }
          continue
        }
        if own != last { runs[own, default: 0] += 1 }
        last = own
      }
    }
    for header in headers where header.type == "PT_LOAD" && runs[header.name, default: 0] > 1 {
      note(
        "the sections of program header '\(header.name)' stand in several places; the map lets the linker make its PT_LOADs",
        header.place)
    }
    return Set(runs.filter { $0.value == 1 }.keys)
  }

  private func segment(of item: PlaceDraft) -> String? {
    switch item {
    case .section(let index): outputs[index].segment
    case .group(_, let items): items.lazy.compactMap { segment(of: $0) }.first
    case .reserve(_, _, let segment): segment
    case .image, .headers, .comments: nil
    }
  }

  // MARK: - Places

  private func nodes(ofFlow index: Int, _ segments: Set<String>) -> [MapNode] {
    let flow = flows[index]
    var head: String
    if insertion != nil, flow.region == nil {
      return flow.items.flatMap { nodes(of: $0) }
    }
    if let region = flow.region {
      head = "place in \(region)" + (flow.at.map { " at \($0.text)" } ?? "")
    } else if let region = flow.madeRegion {
      head = "place in \(region)"
    } else {
      head = "place at \(flow.at?.text ?? "0")"
      if let load = loadOfFlow[index] { head += " load at \(load)" }
    }
    var body: [MapNode] = []
    var run: [PlaceDraft] = []
    var current: String?
    func flush() {
      guard !run.isEmpty else { return }
      let inner = run.flatMap { nodes(of: $0) }
      if let current, segments.contains(current) {
        body.append(.block("segment \(MapWords.identifier(current))\(access(of: current))", inner))
      } else {
        body += inner
      }
      run = []
    }
    for item in flow.items {
      let own = item.isComment ? current : segment(of: item)
      if case .headers = item {
        run.append(item)
        current =
          headers.first { $0.type == "PT_LOAD" && ($0.hasFileHeader || $0.hasProgramHeaders) }?
          .name
        continue
      }
      if own != current { flush() }
      current = own
      run.append(item)
    }
    flush()
    return [.block(head, body)]
  }

  /// ` rx` of FLAGS(5).
  private func access(of name: String) -> String {
    guard let flags = headers.first(where: { $0.name == name })?.flags, let bits = value(flags)
    else { return "" }
    let text =
      (bits & 4 != 0 ? "r" : "") + (bits & 2 != 0 ? "w" : "") + (bits & 1 != 0 ? "x" : "")
    return text.isEmpty ? "" : " " + text
  }

  private func nodes(of item: PlaceDraft) -> [MapNode] {
    switch item {
    case .comments(let lines): return lines.map { .comment($0) }
    case .headers: return [.line("headers;")]
    case .image(let index): return [.line("image \(MapWords.name(outputs[index].name));")]
    case .reserve(let name, let attributes, _): return [.block("reserve \(name)", attributes)]
    case .group(let attributes, let items):
      return [.block("group", attributes + items.flatMap { nodes(of: $0) })]
    case .section(let index): return nodes(ofSection: index)
    }
  }

  private func nodes(ofSection index: Int) -> [MapNode] {
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
  private static func oneAlignment(_ nodes: [MapNode]) -> [MapNode] {
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
  private func isWritable(_ index: Int) -> Bool {
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

extension PlaceDraft {
  /// The sections in it.
  var sections: [Int] {
    switch self {
    case .section(let index): [index]
    case .group(_, let items): items.flatMap(\.sections)
    case .reserve, .image, .headers, .comments: []
    }
  }
}
