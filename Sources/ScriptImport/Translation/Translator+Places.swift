// Where a section goes: the flow of its region, or a new one at its address.

extension Translator {
  mutating func place(
    _ section: ScriptSection, _ index: Int, _ statement: ScriptStatement
  ) {
    let region = region(of: section, statement)
    segment(section, index)
    if let first = itemAtSameStart(section) {
      return lay(index, over: first, section, region, statement)
    }
    forgetsAlignment = false
    let flow = self.flow(for: section, region, statement)
    let addressIsHere = forgetsAlignment
    placeWaiting(region, flow, statement)
    outputs[index].region = region
    load(section, index, region, flow, statement)
    flows[flow].items.append(.section(index))
    joinLoads(section, index, flow, statement)
    if addressIsHere {
      unaligned.append((index, flow, counter?.text))
    }
    settle(section, index, region, flow)
  }

  /// The region that the section goes into; nil: the script's own addresses.
  mutating func region(of section: ScriptSection, _ statement: ScriptStatement) -> String? {
    if let name = section.region {
      let region = regionName(name)
      if region == nil {
        note(
          "MEMORY has no '\(name)'; the section goes where the one before went",
          statement.place)
      }
      return region
    }
    guard !memories.isEmpty, insertion == nil else { return nil }
    if openFlow != nil, anchor == openFlow || anchor == nil && flows[openFlow!].items.isEmpty {
      return nil
    }
    guard let last = lastRegion else { return nil }
    note(
      "'\(section.name)' names no region; GNU ld chooses one by attributes, the map takes '\(last)'",
      statement.place)
    return last
  }

  /// What is stored in the region of a flow stands before what follows in the script.
  mutating func placeWaiting(_ region: String?, _ flow: Int, _ statement: ScriptStatement) {
    // What has an address of its own does not go on where the images end.
    guard let region, flows[flow].at == nil else { return }
    for image in waitingImages.removeValue(forKey: region) ?? [] {
      flows[flow].items.append(.image(image))
    }
    if waitingGroups.removeValue(forKey: region) != nil {
      note(
        "sections that are stored as one stand behind all of '\(region)' in the map, also behind what follows here",
        statement.place)
    }
  }

  /// The location counter is behind the section now.
  private mutating func settle(
    _ section: ScriptSection, _ index: Int, _ region: String?, _ flow: Int
  ) {
    for name in outputs[index].endSymbols { flowOfSymbol[name] = flow }
    lastOutput = index
    if !outputs[index].isThreadBare {
      anchor = flow
      counter = MapExpression("end(\(MapWords.name(section.name)))")
      constantCounter = nil
      counterSection = section.name
    }
    lastRegion = region ?? lastRegion
  }

  // MARK: - A section at the address of another

  /// The item of the open flow whose start is the address of `section`.
  private func itemAtSameStart(_ section: ScriptSection) -> Int? {
    guard let address = section.address, let flow = anchor else { return nil }
    return flows[flow].items.lastIndex { item in
      guard case .section(let other) = item else { return false }
      switch Self.plain(address) {
      case .of("ADDR", outputs[other].name): return true
      case .symbol(let name): return outputs[other].startSymbols.contains(name)
      default: return false
      }
    }
  }

  /// Lays the section over the items of the open flow from `first` on.
  private mutating func lay(
    _ index: Int, over first: Int, _ section: ScriptSection, _ region: String?,
    _ statement: ScriptStatement
  ) {
    guard let flow = anchor else { return }
    let below = Array(flows[flow].items[first...])
    if !outputs[index].isBare, section.type != "OVERLAY" {
      note(
        "'\(section.name)' has bytes at the run address of another section, and the map has to store both",
        statement.place)
    }
    outputs[index].region = region
    load(section, index, region, flow, statement)
    flows[flow].items.removeSubrange(first...)
    flows[flow].items.append(
      .overlay(
        [], [below.count == 1 ? below[0] : .group([], below), .section(index)], endsWithLast: true))
    settle(section, index, region, flow)
  }

  /// The flow that the section continues, or a new one where it says an address.
  mutating func flow(
    for section: ScriptSection, _ region: String?, _ statement: ScriptStatement
  ) -> Int {
    if let address = section.address, !address.isAlignment {
      if isConstant(address), let words = try? expression(address, .constant) {
        flows.append(FlowDraft(region: region, at: words, atValue: value(address)))
        let new = flows.count - 1
        if let region { flowOfRegion[region] = new } else { openFlow = new }
        return new
      }
      var isHere =
        (try? expression(address, .observing, counter)).map { $0.text == counter?.text } ?? false
      if case .symbol(let name) = Self.plain(address), let anchor,
        let last = flows[anchor].items.last?.sections.last, outputs[last].endSymbols.contains(name)
      {
        isHere = true
      }
      forgetsAlignment = isHere && section.align == nil && !endsPadded()
      if !isHere {
        note(
          "the address of '\(section.name)' is not known before the layout; it follows the section before",
          statement.place)
      }
    }
    if let region {
      if let known = flowOfRegion[region] { return known }
      flows.append(FlowDraft(region: region, at: nil))
      flowOfRegion[region] = flows.count - 1
      return flows.count - 1
    }
    if let openFlow { return openFlow }
    flows.append(FlowDraft(region: nil, at: MapExpression("0"), atValue: 0))
    openFlow = flows.count - 1
    return flows.count - 1
  }

  /// Whether padding comes before the location counter.
  func endsPadded() -> Bool {
    func isPadded(_ nodes: [MapNode]) -> Bool {
      nodes.contains { node in
        if case .line(let words, _) = node { return words.hasPrefix("pad ") }
        return false
      }
    }
    guard let anchor, let last = flows[anchor].items.last else { return true }
    switch last {
    case .section(let index): return isPadded(outputs[index].attributes)
    case .group(let attributes, _): return isPadded(attributes)
    case .reserve, .image, .headers, .comments, .overlay: return false
    }
  }

  mutating func segment(_ section: ScriptSection, _ index: Int) {
    var name = lastSegment
    if let load = section.headers.first(where: { wanted in
      headers.contains { $0.name == wanted && $0.type == "PT_LOAD" }
    }) {
      name = load
    } else if section.headers.contains("NONE") {
      note(
        "the section has no program header in the script: \(section.name)",
        outputs[index].place)
      name = nil
    }
    lastSegment = name
    outputs[index].segment = name
  }
}
