// What a map promises about its result: rights, room, what has to stand together. That nothing overlaps is
// checked in LayoutEngine+Overlaps.swift.

internal import ELF
internal import MapLang
internal import Text

extension LayoutEngine {
  mutating func check() {
    checkOverflow()
    if layout.selection.inputs.hasUserMap {
      checkAccess()
      checkOverlaps()
      checkPages()
      checkImages()
      checkContiguity()
      checkCompanions()
    } else if options.checkSections,
      !options.sectionStarts.isEmpty || !options.placeAddresses.isEmpty
    {
      checkOverlaps()
    }
  }

  func name(_ thing: Placed) -> String {
    if let output = thing.output { return layout.outputs[output.index].name }
    if let reserve = thing.reserve { return map[reserve].name }
    return "the headers"
  }

  /// Where the map speaks of it: the address if it has one, else the name.
  func position(_ thing: Placed) -> SourcePosition? {
    if let output = thing.output {
      if let section = layout.outputs[output.index].mapSection {
        return map[section].at.map { map.sources.keyword(before: $0.position) }
          ?? map[section].position
      }
      if let slot = layout.outputs[output.index].slot {
        return map[slot].at.map { map.sources.keyword(before: $0.position) } ?? map[slot].position
      }
    }
    if let reserve = thing.reserve {
      return map[reserve].at.map { map.sources.keyword(before: $0.position) }
        ?? map[reserve].position
    }
    return nil
  }

  private func mapSection(_ thing: Placed) -> MapSection? {
    thing.output.flatMap { layout.outputs[$0.index].mapSection }.map { map[$0] }
  }

  // MARK: SM301

  /// Once for each region, with everyone who contributes.
  private mutating func checkOverflow() {
    for (index, memory) in memories.enumerated() where memory.overflows {
      let contributors = things.indices.filter { isIn($0, index) && things[$0].size > 0 }
        .sorted { things[$0].size > things[$1].size }
      guard let region = memory.region, let end = memory.end else {
        let culprit = contributors.first.map { name(things[$0]) } ?? "it"
        diagnostics.append(
          MapDiagnostic(
            .regionOverflow,
            "a place at \(hexadecimal(memory.start)) reaches beyond the last "
              + "address of the machine; the largest item is \(culprit)",
            at: map.places.indices.first { memoryOfPlace[$0] == index }.map {
              map.places[$0].position
            }
          ))
        continue
      }
      let row = map[region]
      let size = end - memory.start
      // What was taken from the end of the region is needed too.
      let high = memory.highLimit.map { end > $0 ? end - $0 : 0 } ?? 0
      let needed = (max(memory.highest, memory.start) - memory.start)
        .addingSaturated(high).addingSaturated(memory.unplaced)
      let beyond = needed > size ? needed - size : 0
      var words: [String] = []
      for thing in contributors.prefix(6) {
        words.append(
          (things[thing].image != nil
            ? "load image of \(imageName(things[thing]))"
            : name(things[thing])) + " \(byteCount(things[thing].size))")
      }
      var notes = [MapDiagnostic.Note(words.joined(separator: "   "))]
      let inputs = largestInputs(contributors)
      if !inputs.isEmpty {
        notes.append(
          MapDiagnostic.Note(
            "largest: " + inputs.joined(separator: " · ") + " (--explain=region:\(row.name))"))
      }
      diagnostics.append(
        MapDiagnostic(
          .regionOverflow,
          "region \(row.name) overflowed by \(byteCount(beyond)) (\(size) bytes, needs \(needed))",
          at: row.position, notes: notes))
    }
  }

  private func isIn(_ thing: Int, _ memory: Int) -> Bool { things[thing].memory == memory }

  private func imageName(_ thing: Placed) -> String {
    thing.image.flatMap { outputOf[$0.index] }.map { layout.outputs[$0.index].name } ?? "an orphan"
  }

  /// The three largest input sections.
  private func largestInputs(_ contributors: [Int]) -> [String] {
    let selection = layout.selection
    var all: [SectionID] = []
    for thing in contributors {
      if let output = things[thing].output { all += layout.outputs[output.index].members }
    }
    all.sort { selection.sections[$0].size > selection.sections[$1].size }
    return all.prefix(3).filter { selection.sections[$0].size > 0 }.map {
      "\(selection.displayName($0)) \(byteCount(selection.sections[$0].size))"
    }
  }

  // MARK: SM303

  private mutating func checkAccess() {
    for thing in things {
      guard let id = thing.output, thing.size > 0 else { continue }
      let output = layout.outputs[id.index]
      if let region = memories[thing.memory].region, let allowed = map[region].access,
        !layout.accessAtRunTime(output).isSubset(of: allowed)
      {
        reportAccess(
          output, thing, "region '\(map[region].name)'", allowed, map[region].position)
      }
      guard let number = thing.segment, thing.isWholeSegment,
        let segment = segment(number), let allowed = segment.access,
        !output.access.isSubset(of: allowed)
      else { continue }
      reportAccess(output, thing, "segment '\(segment.name)'", allowed, segment.position)
    }
  }

  private mutating func reportAccess(
    _ output: OutputSection, _ thing: Placed, _ place: String, _ allowed: Access,
    _ at: SourcePosition
  ) {
    let extra = output.access.subtracting(allowed)
    let selection = layout.selection
    let culprit = output.members.first {
      let kind = selection.sections[$0].kind
      return extra.contains(.write) && layout.isWritten($0)
        || extra.contains(.execute) && kind.contains(.exec)
    }
    let region = memories[thing.memory].region.map { map[$0].name } ?? "REGION"
    let isVariable = extra == .write && at == memories[thing.memory].region.map { map[$0].position }
    let because = culprit.map { " because of \(selection.displayName($0))" } ?? ""
    diagnostics.append(
      MapDiagnostic(
        .accessBeyond,
        "'\(output.name)' has access \(output.access.text)\(because), and \(place) allows "
          + "\(allowed.text)", at: position(thing) ?? at,
        notes: [MapDiagnostic.Note("what allows \(allowed.text)", at: at)],
        help: output.mapSection == nil
          ? "no rule takes it: take it into a section that may stand elsewhere"
          : isVariable
            ? "what is written stands in a region that allows it, with 'load in \(region);' to be "
              + "copied from here; if nobody writes to it, say 'access \(allowed.text);' in the section"
            : "if that is meant, write 'access \(allowed.text);' in the section"))
  }

  func segment(_ number: Int) -> MapSegment? {
    func find(_ items: [PlaceItem]) -> MapSegment? {
      for item in items {
        switch item {
        case .segment(let segment):
          if segmentNumbers[segment.position] == number { return segment }
        case .group(let group), .overlay(let group):
          if let found = find(group.items) { return found }
        case .section, .reserve, .slot, .image, .headers, .orphans: break
        }
      }
      return nil
    }
    for place in map.places { if let found = find(place.items) { return found } }
    return nil
  }

  // MARK: SM202

  /// What the linker makes and no rule takes goes where its kind goes; but under `orphans error` not
  /// among sections that start-up code copies, for nobody would copy it.
  private mutating func checkCompanions() {
    guard map.orphans == .error else { return }
    for thing in things where thing.size > 0 && thing.loadAddress != thing.address {
      guard let id = thing.output, layout.outputs[id.index].hasBytes,
        layout.outputs[id.index].mapSection == nil, layout.outputs[id.index].slot == nil,
        layout.outputs[id.index].access.contains(.write)
      else { continue }
      if case .shifted = memories[thing.memory].load { continue }
      diagnostics.append(
        MapDiagnostic(
          .orphanSections,
          "no rule takes \(name(thing)) (\(byteCount(thing.size))), and it would need a copy in RAM",
          at: map.orphansPosition,
          help: "add 'take \(name(thing))+;' to the section where it belongs"))
    }
  }

  // MARK: SM310

  private mutating func checkContiguity() {
    let placed = things.enumerated().filter { $0.element.output != nil && $0.element.size > 0 }
      .sorted { ($0.element.key, $0.offset) < ($1.element.key, $1.offset) }.map(\.element)
    let outputs = layout.outputs
    checkRun(placed, "thread-local sections do not stand together") { thing in
      thing.output.map { outputs[$0.index].isTLS } ?? false
    }
    checkRun(placed, "'relro' sections do not stand together", \.isRelro)
    // The thread's block begins with its bytes: .tdata before .tbss.
    let blocks = placed.filter { layout.outputs[$0.output!.index].isTLS }
    for (first, second) in zip(blocks, blocks.dropFirst())
    where !layout.outputs[first.output!.index].hasBytes
      && layout.outputs[second.output!.index].hasBytes
    {
      diagnostics.append(
        MapDiagnostic(
          .notContiguous,
          "'\(name(second))' has bytes and stands behind '\(name(first))', which "
            + "has none; the thread's image would have a hole", at: position(second)))
    }
  }

  private mutating func checkRun(
    _ placed: [Placed], _ message: String, _ belongs: (Placed) -> Bool
  ) {
    guard let first = placed.firstIndex(where: belongs),
      let last = placed.lastIndex(where: belongs),
      let stranger = placed[first...last].first(where: { !belongs($0) })
    else { return }
    let behind = placed[first...last].first { belongs($0) && $0.address >= stranger.address }
    diagnostics.append(
      MapDiagnostic(
        .notContiguous,
        "\(message): '\(name(stranger))' stands between '\(name(placed[first]))' and "
          + "'\(behind.map { name($0) } ?? name(placed[last]))'",
        at: position(stranger) ?? position(placed[last])))
  }
}

extension SourceSet {
  /// The attribute that an expression is the value of: `at 0x1000`, not only `0x1000`.
  func keyword(before position: SourcePosition) -> SourcePosition {
    let bytes = files[Int(position.file)].bytes
    var start = min(Int(position.offset), bytes.count)
    while start > 0, bytes[start - 1] == 0x20 || bytes[start - 1] == 0x09 { start -= 1 }
    guard start >= 2, bytes[start - 2] == UInt8(ascii: "a"), bytes[start - 1] == UInt8(ascii: "t")
    else { return position }
    var whole = position
    whole.length = UInt16(clamping: Int(position.length) + Int(position.offset) - (start - 2))
    whole.offset = UInt32(start - 2)
    return whole
  }
}
