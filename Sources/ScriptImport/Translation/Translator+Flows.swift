// Places of the map as text, and the segments in them.

extension Translator {
  /// The PT_LOADs that stand in one piece.
  mutating func segmentsInPlace() -> Set<String> {
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
      // What is loaded where is the same; only FLAGS and AT of the header would be missed.
      let isPlain = header.flags == nil && header.address == nil
      let message =
        "the sections of program header '\(header.name)' stand in several places; the map lets the linker make its PT_LOADs"
      if isPlain { remark(message, header.place) } else { note(message, header.place) }
    }
    return Set(runs.filter { $0.value == 1 }.keys)
  }

  func segment(of item: PlaceDraft) -> String? {
    switch item {
    case .section(let index): outputs[index].segment
    case .group(_, let items), .overlay(_, let items, _):
      items.lazy.compactMap { segment(of: $0) }.first
    case .reserve(_, _, let segment): segment
    case .image, .headers, .comments: nil
    }
  }

  func nodes(ofFlow index: Int, _ segments: Set<String>) -> [MapNode] {
    let flow = flows[index]
    var head: String
    if isRelocatable || insertion != nil && flow.region == nil {
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

  /// PHDRS lists all program headers that there are.
  private var headersStatement: String {
    if headers.isEmpty { return "headers;" }
    return headers.contains { $0.type == "PT_PHDR" } ? "headers phdr;" : "headers phdr none;"
  }

  /// Without SIZEOF_HEADERS, GNU ld puts headers that are to be loaded in front of the first section, if
  /// there is room in its page.
  mutating func checkHeadersArePlaced() {
    let isPlaced = flows.contains { flow in
      flow.items.contains { if case .headers = $0 { true } else { false } }
    }
    guard !isPlaced else { return }
    for header in headers where header.hasFileHeader || header.hasProgramHeaders {
      note(
        "the headers are not loaded with the map, for no SIZEOF_HEADERS leaves room for them: \(header.name)",
        header.place)
    }
  }

  /// ` rx` of FLAGS(5).
  func access(of name: String) -> String {
    guard let flags = headers.first(where: { $0.name == name })?.flags, let bits = value(flags)
    else { return "" }
    let text =
      (bits & 4 != 0 ? "r" : "") + (bits & 2 != 0 ? "w" : "") + (bits & 1 != 0 ? "x" : "")
    return text.isEmpty ? "" : " " + text
  }

  func nodes(of item: PlaceDraft) -> [MapNode] {
    switch item {
    case .comments(let lines): return lines.map { .comment($0) }
    case .headers: return [.line(headersStatement)]
    case .image(let index): return [.line("image \(MapWords.name(outputs[index].name));")]
    case .reserve(let name, let attributes, _): return [.block("reserve \(name)", attributes)]
    case .group(let attributes, let items):
      return [.block("group", attributes + items.flatMap { nodes(of: $0) })]
    case .overlay(let attributes, let items, _):
      return [.block("overlay", attributes + items.flatMap { nodes(of: $0) })]
    case .section(let index): return nodes(ofSection: index)
    }
  }
}
