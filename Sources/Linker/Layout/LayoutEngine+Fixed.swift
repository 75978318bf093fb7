// What is placed before the flows: pins and items that are taken from the end of a region. And what
// is placed behind them: load images, and the reserves that take the rest.

internal import ELF
internal import MapLang

extension LayoutEngine {
  /// Something to be placed out of the order of the text.
  private struct Candidate {
    var item: EarlyItem
    var memory: Int
    var context: PlaceContext
    var size: UInt64
    var alignment: UInt64
    var output: OutputID?
    var name: String
    var position: SourcePosition
  }

  // MARK: Pins

  /// Step 1 of section 7: pins. They are known before anything moves.
  mutating func placeEarly() {
    guard hasEarlyItems else { return }
    forEachEarly { engine, candidate, pin in
      guard let pin else { return }
      guard let address = engine.layout.placementValue(pin) else { return }
      if address & (candidate.alignment - 1) != 0 {
        engine.diagnostics.append(
          MapDiagnostic(
            .misalignedPin,
            "pinned address \(hexadecimal(address)) is not a multiple of \(candidate.alignment), "
              + "the alignment of \(candidate.name)\(engine.mostAligned(candidate.output))",
            at: engine.map.sources.keyword(before: pin.position)))
      }
      let memory = engine.memories[candidate.memory]
      let end = address.addingSaturated(candidate.size)
      if address < memory.start || memory.end.map({ end > $0 }) == true, let region = memory.region
      {
        let row = engine.map[region]
        engine.diagnostics.append(
          MapDiagnostic(
            .pinOutsideRegion,
            "\(candidate.name), pinned at \(hexadecimal(address)) with \(byteCount(candidate.size)), "
              + "does not lie in region '\(row.name)'",
            at: engine.map.sources.keyword(before: pin.position),
            notes: [MapDiagnostic.Note("the region", at: row.position)]))
      }
      engine.addEarly(candidate, at: address, isHigh: false)
    }
  }

  /// ` (boot.o)`: the input that makes an alignment necessary.
  private func mostAligned(_ output: OutputID?) -> String {
    guard let output else { return "" }
    let selection = layout.selection
    let member = layout.outputs[output.index].members.max {
      selection.sections[$0].alignmentShift < selection.sections[$1].alignmentShift
    }
    guard let member, selection.sections[member].alignmentShift > 0 else { return "" }
    return " (\(selection.inputs.displayName(selection.sections[member].file)))"
  }

  // MARK: High items

  /// Step 3: the first listed is highest, each at the highest suitable address below the one before.
  mutating func placeHigh() {
    guard hasEarlyItems else { return }
    forEachEarly { engine, candidate, pin in
      guard pin == nil else { return }
      let memory = engine.memories[candidate.memory]
      guard var limit = memory.highLimit else {
        engine.diagnostics.append(
          MapDiagnostic(
            .attributeOutOfPlace, "'high' needs a region that ends somewhere",
            at: candidate.position))
        return
      }
      var address: UInt64
      repeat {
        guard limit >= candidate.size, limit - candidate.size >= memory.start else {
          engine.memories[candidate.memory].overflows = true
          return engine.addEarly(candidate, at: memory.start, isHigh: true)
        }
        address = (limit - candidate.size).alignedDown(to: candidate.alignment)
        guard let obstacle = memory.obstacle(at: address, size: candidate.size) else { break }
        limit = obstacle.start
      } while true
      if address < memory.start { engine.memories[candidate.memory].overflows = true }
      engine.memories[candidate.memory].highLimit = address
      engine.addEarly(candidate, at: address, isHigh: true)
    }
  }

  private mutating func addEarly(_ candidate: Candidate, at address: UInt64, isHigh: Bool) {
    memory = candidate.memory
    var section: MapLang.OutputSection?
    if case .section(let id) = candidate.item { section = map[id] }
    var thing: Placed
    switch candidate.item {
    case .reserve(let id): thing = reserved(id, address, candidate.size)
    case .section, .slot:
      guard let output = candidate.output else { return }
      layout.outputs[output.index].address = address
      layout.outputs[output.index].loadAddress = address
      let access = grantedAccess(layout.outputs[output.index], candidate.context)
      thing = Placed(
        output: output, address: address, size: candidate.size, loadAddress: address,
        access: access, segment: candidate.context.segment,
        isWholeSegment: candidate.context.isWholeSegment,
        isRelro: candidate.context.isRelro, memory: candidate.memory, key: address)
      thing.isBehindObstacle = true
    }
    things.append(thing)
    let index = things.count - 1
    early[candidate.item] = index
    store(index, section)
    if let output = candidate.output { addBounds(of: output, index) }
    if case .reserve(let id) = candidate.item { addBounds(map[id].bounds, index) }
    let takes = takesAddresses(thing)
    let end = address.addingSaturated(candidate.size)
    if takes {
      memories[candidate.memory].add(Obstacle(start: address, end: end, isHigh: isHigh))
    }
  }

  // MARK: Finding them

  private var hasEarlyItems: Bool {
    map.sections.contains { $0.at != nil || $0.high }
      || map.slots.contains { $0.at != nil || $0.high }
      || map.reserves.contains { $0.at != nil || $0.high }
  }

  /// Calls `body` for every pinned item with its address, and for every `high` one without.
  private mutating func forEachEarly(
    _ body: (inout LayoutEngine, Candidate, Expression?) -> Void
  ) {
    for (index, place) in map.places.enumerated() {
      forEachEarly(place.items, memoryOfPlace[index], PlaceContext(), body)
    }
  }

  private mutating func forEachEarly(
    _ items: [PlaceItem], _ memory: Int, _ context: PlaceContext,
    _ body: (inout LayoutEngine, Candidate, Expression?) -> Void
  ) {
    for item in items {
      switch item {
      case .section(let id):
        let row = map[id]
        guard row.at != nil || row.high, let output = outputOf[id.index] else { continue }
        let section = layout.outputs[output.index]
        body(
          &self,
          Candidate(
            item: .section(id), memory: memory, context: context, size: section.size,
            alignment: section.alignment, output: output, name: row.name, position: row.position),
          row.at)
      case .slot(let id):
        let row = map[id]
        guard row.at != nil || row.high, let output = outputOfSlot[id.index] else { continue }
        let section = layout.outputs[output.index]
        body(
          &self,
          Candidate(
            item: .slot(id), memory: memory, context: context, size: section.size,
            alignment: section.alignment, output: output, name: row.name, position: row.position),
          row.at)
      case .reserve(let id):
        let row = map[id]
        guard row.at != nil || row.high else { continue }
        let size = size(of: row) ?? 0
        body(
          &self,
          Candidate(
            item: .reserve(id), memory: memory, context: context, size: size,
            alignment: alignment(of: row, size), name: row.name, position: row.position), row.at)
      case .group(let group), .overlay(let group): forEachEarly(group.items, memory, context, body)
      case .segment(let segment):
        var inside = PlaceContext(segment: number(of: segment), isRelro: segment.relro)
        inside.segmentAccess = segment.access
        inside.isWholeSegment = !segment.splits
        forEachEarly(segment.items, memory, inside, body)
      case .image, .headers: break
      }
    }
  }

  // MARK: Load addresses

  func loadAddress(_ address: UInt64, _ rule: LoadRule) -> UInt64 {
    if case .shifted(let distance) = rule { return address &+ distance }
    return address
  }

  /// Decides where the bytes of a section are stored, as far as that is known now.
  mutating func store(_ thing: Int, _ section: MapLang.OutputSection?) {
    guard let id = things[thing].output else { return }
    let memory = memories[things[thing].memory]
    let output = layout.outputs[id.index]
    var rule = memory.load
    switch section?.load {
    case nil: if let region = neighbourLoad[id] { rule = .region(region) }
    case .region(let region, _): rule = .region(region)
    case .address(let expression):
      guard let address = layout.placementValue(expression) else { return }
      return setLoadAddress(thing, address)
    }
    switch rule {
    case .same: break
    case .shifted: setLoadAddress(thing, loadAddress(output.address, rule))
    case .region(let region):
      guard output.hasBytes, output.size > 0 else { return }
      if let mapped = output.mapSection, let address = imageAddresses[mapped] {
        return setLoadAddress(thing, address)
      }
      images.append((thing, region))
    }
  }

  private mutating func setLoadAddress(_ thing: Int, _ address: UInt64) {
    things[thing].loadAddress = address
    if let id = things[thing].output { layout.outputs[id.index].loadAddress = address }
  }

  /// `image S`: the bytes of S are stored here.
  mutating func placeImage(of id: OutputSectionID, _ position: SourcePosition) {
    guard let output = outputOf[id.index] else { return }
    let section = layout.outputs[output.index]
    let need = Need(
      size: section.hasBytes ? section.size : 0, alignment: section.alignment,
      name: "image of \(section.name)", position: position)
    let (address, _) = fit(need, from: flow.cursor)
    var thing = reserved(ReserveID(rawValue: 0), address, need.size)
    thing.reserve = nil
    thing.image = id
    things.append(thing)
    count(things.count - 1)
    imageAddresses[id] = address
    flow.cursor = address.addingSaturated(need.size)
    noteExtent(flow.cursor)
    if let waiting = images.firstIndex(where: { things[$0.thing].output == output }) {
      setLoadAddress(images[waiting].thing, address)
      images.remove(at: waiting)
    }
  }

  /// Step 5: images follow the flow of their region, in the order in which their sections were
  /// declared.
  mutating func placeImages() {
    func declared(_ thing: Int) -> Int {
      things[thing].output.flatMap { layout.outputs[$0.index].mapSection?.index } ?? .max
    }
    for (thing, region) in images.sorted(by: { declared($0.thing) < declared($1.thing) }) {
      guard let output = things[thing].output else { continue }
      let section = layout.outputs[output.index]
      memory = region.index
      flow = memories[memory].flow
      let need = Need(
        size: section.size, alignment: section.alignment, name: "image of \(section.name)",
        position: section.mapSection.map { map[$0].position })
      let (address, _) = fit(need, from: flow.cursor)
      var image = reserved(ReserveID(rawValue: 0), address, section.size)
      image.reserve = nil
      image.image = section.mapSection ?? OutputSectionID(rawValue: .max)
      things.append(image)
      setLoadAddress(thing, address)
      flow.cursor = address.addingSaturated(section.size)
      noteExtent(flow.cursor)
      memories[memory].flow = flow
    }
    images = []
  }

  /// Step 6: `size rest` reaches from the end of the flow to what is fixed next, or to the end.
  mutating func placeRests() {
    for (thing, index) in rests {
      guard let id = things[thing].reserve else { continue }
      let memory = memories[index]
      let reserve = map[id]
      let start = max(memory.flow.cursor, things[thing].address)
        .alignedUp(to: alignment(of: reserve, 0))
      let next = memory.obstacles.first { $0.end > start }.map { max($0.start, start) }
      let end = next ?? memory.end ?? start
      things[thing].address = start
      things[thing].key = start
      things[thing].size = end > start ? end - start : 0
      memories[index].highest = max(memory.highest, end)
    }
  }
}
