// The walk over the places of the map, in the order of the text.

internal import ELF
internal import MapLang

/// What surrounds an item.
struct PlaceContext {
  /// Number of the `segment`; nil: none.
  var segment: Int?
  /// The rights that the user gave the segment.
  var segmentAccess: Access?
  var isWholeSegment = false
  var isRelro = false
  /// How many groups deep: orphans wait for their end.
  var depth = 0
}

extension LayoutEngine {
  /// Flows at an address first, by address, then the flows of the regions.
  mutating func walkPlaces() {
    var fixed: [(address: UInt64, index: Int)] = []
    for (index, place) in map.places.enumerated() {
      if case .region(_, let address?) = place.target { fixed.append((address, index)) }
    }
    fixed.sort { ($0.address, $0.index) < ($1.address, $1.index) }
    for (address, index) in fixed { walkFixed(index, address) }
    placeHigh()
    for (index, place) in map.places.enumerated() {
      if case .region(_, .some) = place.target { continue }
      memory = memoryOfPlace[index]
      flow = memories[memory].flow
      walk(place)
      memories[memory].flow = flow
    }
  }

  private mutating func walkFixed(_ index: Int, _ address: UInt64) {
    memory = memoryOfPlace[index]
    flow = Flow(cursor: address)
    let first = things.count
    walk(map.places[index])
    for thing in things[first...] where thing.memory == memory {
      memories[memory].add(Obstacle(start: thing.address, end: thing.address &+ thing.size))
    }
  }

  private mutating func walk(_ place: MapLang.Place) {
    enclose(place.align, place.pad, place.bounds) { engine in
      engine.walk(place.items, PlaceContext())
      for output in engine.unanchored { engine.place(output, PlaceContext()) }
      engine.unanchored = []
    }
    closeRelro()
  }

  private mutating func walk(_ items: [PlaceItem], _ context: PlaceContext) {
    for item in items {
      switch item {
      case .section(let id): walk(id, context)
      case .headers: placeHeaders(context)
      case .segment(let inner): walk(inner)
      case .group(let group), .overlay(let group):
        var inside = context
        inside.depth += 1
        enclose(group.align, group.pad, group.bounds) { $0.walk(group.items, inside) }
        if context.depth == 0 { placeWaiting(context) }
      case .reserve(let id): place(id)
      case .slot(let id): place(id, context)
      case .image(let id, let position): placeImage(of: id, position)
      }
    }
  }

  private mutating func walk(_ id: OutputSectionID, _ context: PlaceContext) {
    guard let output = outputOf[id.index] else {
      if let thing = early[.section(id)] { return count(thing) }
      return emptyBounds(map[id])
    }
    for orphan in predecessors[output] ?? [] {
      place(orphan, context, layout.outputs[orphan.index].mapSection.map { map[$0] })
    }
    if let thing = early[.section(id)] {
      count(thing)
    } else {
      var own = context
      own.isRelro = context.isRelro || map[id].relro
      place(output, own, map[id])
    }
    let follow = followers[output] ?? []
    guard !follow.isEmpty else { return }
    waiting += follow
    if context.depth == 0 { placeWaiting(context) }
  }

  private mutating func placeWaiting(_ context: PlaceContext) {
    let outputs = waiting
    waiting = []
    for output in outputs {
      let section = layout.outputs[output.index].mapSection.map { map[$0] }
      place(output, context, section)
    }
  }

  private mutating func walk(_ segment: MapLang.Segment) {
    var context = PlaceContext(segment: number(of: segment), isRelro: segment.relro)
    context.segmentAccess = segment.access
    context.isWholeSegment = !segment.splits
    let first = things.count
    enclose(segment.align, segment.pad, segment.bounds) { engine in
      engine.walk(segment.items, context)
      if segment.relro { engine.endRelro(from: first) }
    }
  }

  /// Segments are told apart by where they stand in the text.
  mutating func number(of segment: MapLang.Segment) -> Int {
    if let known = segmentNumbers[segment.position] { return known }
    segmentNumbers[segment.position] = segmentNumbers.count + 1
    return segmentNumbers.count
  }

  // MARK: Blocks

  /// Runs `body` as a block with alignment, padding and symbols.
  private mutating func enclose(
    _ align: Alignment?, _ pad: Padding?, _ symbols: [Bound],
    _ body: (inout LayoutEngine) -> Void
  ) {
    switch align {
    case nil: break
    case .atLeast(let minimum): flow.cursor = flow.cursor.alignedUp(to: minimum)
    case .powerOfTwo(let minimum):
      // How large the block is shows only when it is placed; so it is, once for its size.
      var trial = self
      trial.flow.cursor = flow.cursor.alignedUp(to: minimum)
      let start = trial.flow.cursor
      body(&trial)
      let size = (trial.flow.cursor &- start).padded(pad)
      flow.cursor = flow.cursor.alignedUp(to: max(minimum, size.powerOfTwoCeiling))
    }
    let cursor = flow.cursor
    let anchor = things.last { $0.output != nil }?.output
    blocks.append([])
    body(&self)
    let members = blocks.removeLast()
    var paddedEnd: UInt64?
    if let pad {
      let start = members.filter { isInFlow($0) }.map { things[$0].address }.min() ?? cursor
      let end = start.addingSaturated((flow.cursor &- start).padded(pad))
      if flow.cursor > start || end > flow.cursor {
        flow.cursor = end
        paddedEnd = end
        noteExtent(end)
      }
    }
    if !blocks.isEmpty { blocks[blocks.count - 1] += members }
    guard !symbols.isEmpty else { return }
    bounds.append(
      BlockBounds(
        bounds: symbols, things: members, cursor: cursor, paddedEnd: paddedEnd, anchor: anchor))
  }

  private func isInFlow(_ thing: Int) -> Bool {
    !early.values.contains(thing) && takesAddresses(things[thing])
  }

  func takesAddresses(_ thing: Placed) -> Bool {
    thing.output.map { layout.outputs[$0.index].takesAddresses } ?? true
  }

  /// Counts something that was placed to the block that the walk is in.
  mutating func count(_ thing: Int) {
    if !blocks.isEmpty { blocks[blocks.count - 1].append(thing) }
  }
}
