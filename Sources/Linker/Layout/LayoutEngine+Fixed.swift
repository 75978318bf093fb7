// What is placed before the flows: pins and items that are taken from the end of a region. And what
// is placed behind them: the reserves that take the rest.

internal import ELF
internal import MapLang
internal import Text

extension LayoutEngine {
  /// Something to be placed out of the order of the text.
  private struct Candidate {
    var item: EarlyItem
    var memory: Int
    var context: PlaceContext
    var need: Need
    var output: OutputID?
    var position: SourcePosition

    var name: String { need.name }
  }

  // MARK: Pins

  /// Step 1 of section 7: pins. They are known before anything moves.
  mutating func placeEarly() {
    guard hasEarlyItems else { return }
    forEachEarly { engine, candidate, pin in
      guard let pin else { return }
      guard let address = engine.layout.placementValue(pin, &engine.diagnostics) else { return }
      let need = candidate.need
      if address & (need.alignment - 1) != 0 {
        engine.diagnostics.append(
          MapDiagnostic(
            .misalignedPin,
            "pinned address \(hexadecimal(address)) is not a multiple of \(need.alignment), "
              + "the alignment of \(need.name)\(engine.mostAligned(candidate.output))",
            at: engine.map.sources.keyword(before: pin.position)))
      }
      let memory = engine.memories[candidate.memory]
      let size = engine.size(of: need, at: address)
      let end = address.addingSaturated(size)
      if address < memory.start || memory.end.map({ end > $0 }) == true, let region = memory.region
      {
        let row = engine.map[region]
        engine.diagnostics.append(
          MapDiagnostic(
            .pinOutsideRegion,
            "\(need.name), pinned at \(hexadecimal(address)) with \(byteCount(size)), "
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
        guard let highest = engine.highest(candidate.need, below: limit, from: memory.start) else {
          engine.memories[candidate.memory].overflows = true
          engine.memories[candidate.memory].unplaced =
            memory.unplaced.addingSaturated(candidate.need.size)
          return engine.addEarly(candidate, at: memory.start, isHigh: true)
        }
        address = highest
        let size = engine.size(of: candidate.need, at: address)
        guard let obstacle = memory.obstacle(at: address, size: size) else { break }
        limit = obstacle.start
      } while true
      engine.memories[candidate.memory].highLimit = address
      engine.addEarly(candidate, at: address, isHigh: true)
    }
  }

  /// The highest suitable address from which something does not reach beyond `limit`. If its size
  /// depends on the address, its end still rises with the address, and halving finds the last one.
  private mutating func highest(_ need: Need, below limit: UInt64, from start: UInt64) -> UInt64? {
    if need.floating == nil {
      guard limit >= need.size else { return nil }
      let address = (limit - need.size).alignedDown(to: need.alignment)
      return address >= start ? address : nil
    }
    func fits(_ step: UInt64, _ engine: inout LayoutEngine) -> Bool {
      let address = step * need.alignment
      return address.addingSaturated(engine.size(of: need, at: address)) <= limit
    }
    var low = start.alignedUp(to: need.alignment) / need.alignment
    var high = limit / need.alignment
    guard low <= high, fits(low, &self) else { return nil }
    while low < high {
      let middle = low + (high - low + 1) / 2
      if fits(middle, &self) { low = middle } else { high = middle - 1 }
    }
    return low * need.alignment
  }

  private mutating func addEarly(_ candidate: Candidate, at address: UInt64, isHigh: Bool) {
    memory = candidate.memory
    var section: MapSection?
    if case .section(let id) = candidate.item { section = map[id] }
    var thing: Placed
    switch candidate.item {
    case .reserve(let id): thing = reserved(id, address, candidate.need.size)
    case .section, .slot:
      guard let output = candidate.output else { return }
      let row = layout.outputs[output.index]
      thing = Placed(
        output: output, address: address, size: size(of: candidate.need, at: address),
        loadAddress: address, access: grantedAccess(row, candidate.context),
        segment: candidate.context.segment, isWholeSegment: candidate.context.isWholeSegment,
        isRelro: candidate.context.isRelro, memory: candidate.memory, key: address)
      thing.isBehindObstacle = true
    }
    thing.isEarly = true
    things.append(thing)
    let index = things.count - 1
    early[candidate.item] = index
    if let output = candidate.output {
      store(index, section)
      addBounds(of: output, index)
    }
    if case .reserve(let id) = candidate.item { addBounds(map[id].bounds, index) }
    guard takesAddresses(thing) else { return }
    let end = address.addingSaturated(thing.size)
    add(Obstacle(start: address, end: end, isHigh: isHigh), to: candidate.memory)
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
        var own = context
        own.isRelro =
          (context.isRelro || row.relro) && layout.outputs[output.index].flags & SHF.WRITE != 0
        body(
          &self,
          Candidate(
            item: .section(id), memory: memory, context: own,
            need: need(of: output, row.name, row.position), output: output, position: row.position),
          row.at)
      case .slot(let id):
        let row = map[id]
        guard row.at != nil || row.high, let output = outputOfSlot[id.index] else { continue }
        body(
          &self,
          Candidate(
            item: .slot(id), memory: memory, context: context,
            need: need(of: output, row.name, row.position), output: output, position: row.position),
          row.at)
      case .reserve(let id):
        let row = map[id]
        guard row.at != nil || row.high else { continue }
        let size = size(of: row) ?? 0
        body(
          &self,
          Candidate(
            item: .reserve(id), memory: memory, context: context,
            need: Need(
              size: size, alignment: alignment(of: row, size), name: row.name,
              position: row.position), position: row.position), row.at)
      case .group(let group), .overlay(let group): forEachEarly(group.items, memory, context, body)
      case .segment(let segment):
        var inside = PlaceContext(segment: number(of: segment), isRelro: segment.relro)
        inside.segmentAccess = segment.access
        inside.isWholeSegment = !segment.splits
        forEachEarly(segment.items, memory, inside, body)
      case .image, .headers, .orphans: break
      }
    }
  }

  // MARK: The rest

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
      if !mirrors.isEmpty {
        memories[index].flow.cursor = max(memory.flow.cursor, end)
        shareFlow(of: index)
      }
    }
  }
}
