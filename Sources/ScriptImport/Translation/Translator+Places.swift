// Where a section goes: the flow of its region, or a new one at its address.

extension Translator {
  mutating func place(
    _ section: ScriptSection, _ index: Int, _ statement: ScriptStatement
  ) {
    var region: String?
    if let name = section.region {
      region = regionName(name)
      if region == nil {
        note(
          "MEMORY has no '\(name)'; the section goes where the one before went",
          statement.place)
      }
    } else if !memories.isEmpty, insertion == nil {
      if openFlow != nil, anchor == openFlow || anchor == nil && flows[openFlow!].items.isEmpty {
        region = nil
      } else if let last = lastRegion {
        region = last
        note(
          "'\(section.name)' names no region; GNU ld chooses one by attributes, the map takes '\(last)'",
          statement.place)
      }
    }
    segment(section, index)
    let flow = self.flow(for: section, region, statement)
    // What has an address of its own does not go on where the images end.
    if let region, flows[flow].at == nil {
      for image in waitingImages.removeValue(forKey: region) ?? [] {
        flows[flow].items.append(.image(image))
      }
    }
    load(section, index, region, flow, statement)
    flows[flow].items.append(.section(index))
    for name in outputs[index].endSymbols { flowOfSymbol[name] = flow }
    if !outputs[index].isThreadBare {
      anchor = flow
      counter = MapExpression("end(\(MapWords.name(section.name)))")
      constantCounter = nil
      counterSection = section.name
    }
    lastRegion = region ?? lastRegion
  }

  /// The flow that the section continues, or a new one where it says an address.
  mutating func flow(
    for section: ScriptSection, _ region: String?, _ statement: ScriptStatement
  ) -> Int {
    if let address = section.address, !address.isAlignment {
      if isConstant(address), let words = try? expression(address, .constant) {
        flows.append(FlowDraft(region: region, at: words))
        let new = flows.count - 1
        if let region { flowOfRegion[region] = new } else { openFlow = new }
        return new
      }
      let isHere =
        (try? expression(address, .observing, counter)).map { $0.text == counter?.text } ?? false
      if isHere, section.align == nil, !endsPadded() {
        note(
          "an address makes GNU ld forget the alignment of '\(section.name)'; the map aligns it",
          statement.place)
      }
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
    flows.append(FlowDraft(region: nil, at: MapExpression("0")))
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
    case .reserve, .image, .headers, .comments: return false
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
