// OVERLAY: sections that share one run address, each with a load address of its own.

extension Translator {
  mutating func overlay(_ overlay: ScriptOverlay, _ statement: ScriptStatement) {
    sectionsToCome -= 1
    if overlay.isNoCrossReferences {
      note("a map has no check of references between sections: NOCROSSREFS", statement.place)
    }
    var indices: [Int] = []
    for (inner, place, trivia) in overlay.sections {
      guard outputIndex[inner.name] == nil else {
        note("'\(inner.name)' is described twice; the map leaves out what is here", place)
        continue
      }
      var section = inner
      section.fill = section.fill ?? overlay.fill
      let own = ScriptStatement(
        kind: .section(section), place: place, trivia: trivia, words: section.name)
      let index = begin(section, own)
      attributes(of: section, index, own)
      contents(of: section, index, own)
      let name = Self.symbolPart(section.name)
      outputs[index].bounds += [
        .line("provide load_start __load_start_\(name);"),
        .line("provide load_end __load_stop_\(name);"),
      ]
      if !section.headers.isEmpty {
        note("the map makes the program headers of an overlay itself: \(section.name)", place)
      }
      indices.append(index)
    }
    guard let first = indices.first else { return }
    var whole = ScriptSection(name: outputs[first].name)
    whole.address = overlay.address
    whole.region = overlay.region
    let region = region(of: whole, statement)
    let flow = self.flow(for: whole, region, statement)
    placeWaiting(region, flow, statement)
    if !beginsAligned(flow) {
      remark(
        "the overlay begins where all of its sections are aligned; GNU ld does not look at their alignment",
        statement.place)
    }
    let attributes = overlayLoad(overlay, indices, region, flow, statement)
    flows[flow].items.append(
      .overlay(
        statement.trivia.before.map { .comment($0) } + attributes, indices.map { .section($0) },
        endsWithLast: false))
    anchor = flow
    for index in indices { outputs[index].region = region }
    lastOutput = indices.last
    let ends = indices.map { "end(\(MapWords.name(outputs[$0].name)))" }
    counter = MapExpression(ends.dropFirst().reduce(ends[0]) { "max(\($0), \($1))" })
    constantCounter = nil
    counterSection = outputs[first].name
    lastRegion = region ?? lastRegion
    // (One that has the symbols of its load address is not asked for if nobody asks for them.)
    for index in indices where outputs[index].bounds.isEmpty {
      referenced.insert(outputs[index].name)
    }
  }

  /// Where the sections of an overlay are stored: one behind the other, packed.
  private mutating func overlayLoad(
    _ overlay: ScriptOverlay, _ indices: [Int], _ region: String?, _ flow: Int,
    _ statement: ScriptStatement
  ) -> [MapNode] {
    var target: String?
    if let wanted = overlay.loadRegion {
      target = regionName(wanted)
      if target == nil { note("MEMORY has no '\(wanted)'", statement.place) }
    } else if let address = overlay.load {
      if isConstant(address), let words = try? expression(address, .placement) {
        chainLoads(indices, "load at \(words.text)")
        return []
      }
      if let (region, alignment) = regionWhoseEnd(address, but: flow), alignment == nil {
        target = region
      }
    }
    if let target {
      for index in indices {
        store(index, in: target, statement)
        outputs[index].load = nil
      }
      return [.line("load in \(target) align 1;")]
    }
    note(
      overlay.load == nil
        ? "an OVERLAY without AT is stored where it runs, one section behind the other, where something else may be"
        : "the load address of the OVERLAY has no counterpart, so it is the run address",
      statement.place)
    chainLoads(indices, nil)
    return []
  }

  private mutating func chainLoads(_ indices: [Int], _ first: String?) {
    var load = first
    for index in indices {
      outputs[index].load = load
      outputs[index].hasLoad = true
      load = "load at load_end(\(MapWords.name(outputs[index].name)))"
    }
  }

  /// What GNU ld makes of a section's name in `__load_start_NAME`: characters of no C identifier go.
  private static func symbolPart(_ name: String) -> String {
    String(
      decoding: name.utf8.filter { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
          || (0x61...0x7a).contains(byte) || byte == UInt8(ascii: "_")
      }, as: UTF8.self)
  }
}
