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
      shareFlow(of: memory)
    }
  }

  private mutating func walkFixed(_ index: Int, _ address: UInt64) {
    memory = memoryOfPlace[index]
    flow = Flow(cursor: address)
    let first = things.count
    walk(map.places[index])
    for thing in things[first...] where thing.memory == memory {
      add(Obstacle(start: thing.address, end: thing.address &+ thing.size), to: memory)
    }
  }

  private mutating func walk(_ place: MapPlace) {
    enclose(Block(place.position, place.align, place.pad, place.bounds)) { engine in
      engine.walk(place.items, PlaceContext())
      for output in engine.unanchored { engine.place(output, PlaceContext()) }
      engine.unanchored = []
    }
    closeRelro()
  }

  mutating func walk(_ items: [PlaceItem], _ context: PlaceContext) {
    for item in items {
      switch item {
      case .section(let id): walk(id, context)
      case .headers: placeHeaders(context)
      case .segment(let inner): walk(inner)
      case .group(let group), .overlay(let group):
        var inside = context
        inside.depth += 1
        let block = Block(group.position, group.align, group.pad, group.bounds)
        if case .overlay = item {
          enclose(block) { $0.walkOverlay(group, inside) }
        } else {
          beginStoring(group)
          enclose(block) { $0.walk(group.items, inside) }
          endStoring(group)
        }
        if context.depth == 0 { placeWaiting(context) }
      case .reserve(let id): place(id)
      case .slot(let id): place(id, context)
      case .image(let id, let position): placeImage(of: id, position)
      case .orphans(let rule): for output in gathered[rule] ?? [] { place(output, context) }
      }
    }
  }

  private mutating func walk(_ id: MapSectionID, _ context: PlaceContext) {
    guard let output = outputOf[id.index] else {
      if let thing = early[.section(id)] { return countEarly(thing) }
      return emptyBounds(map[id])
    }
    for orphan in predecessors[output] ?? [] {
      place(orphan, context, layout.outputs[orphan.index].mapSection.map { map[$0] })
    }
    if let thing = early[.section(id)] {
      countEarly(thing)
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

  private mutating func walk(_ segment: MapSegment) {
    var context = PlaceContext(segment: number(of: segment), isRelro: segment.relro)
    context.segmentAccess = segment.access
    context.isWholeSegment = !segment.splits
    enclose(Block(segment.position, segment.align, segment.pad, segment.bounds)) { engine in
      let first = engine.things.count
      engine.walk(segment.items, context)
      if segment.relro { engine.endRelro(from: first) }
    }
  }

  /// Segments are told apart by where they stand in the text.
  mutating func number(of segment: MapSegment) -> Int {
    if let known = segmentNumbers[segment.position] { return known }
    segmentNumbers[segment.position] = segmentNumbers.count + 1
    return segmentNumbers.count
  }

  // MARK: Blocks

  /// What a place, segment or group says of itself.
  private struct Block {
    var position: SourcePosition
    var align: Alignment?
    var pad: Padding?
    var symbols: [Bound]

    init(_ position: SourcePosition, _ align: Alignment?, _ pad: Padding?, _ symbols: [Bound]) {
      (self.position, self.align, self.pad, self.symbols) = (position, align, pad, symbols)
    }
  }

  /// Runs `body` as a block with alignment, padding and symbols.
  private mutating func enclose(_ block: Block, _ body: (inout LayoutEngine) -> Void) {
    let alignment = alignment(of: block, body)
    let isFirst = flow.cursor == flow.blockStart
    flow.cursor = flow.cursor.alignedUp(to: alignment)
    flow.blockAlignment = isFirst ? max(flow.blockAlignment, alignment) : alignment
    flow.blockStart = flow.cursor
    let cursor = flow.cursor
    let anchor = things.last { $0.output != nil }?.output
    blocks.append([])
    body(&self)
    let members = blocks.removeLast()
    let paddedEnd = pad(block, members, cursor)
    if !blocks.isEmpty { blocks[blocks.count - 1] += members }
    guard !block.symbols.isEmpty else { return }
    bounds.append(
      BlockBounds(
        bounds: block.symbols, things: members, cursor: cursor, paddedEnd: paddedEnd,
        anchor: anchor, ghost: ghost(block.symbols, members, cursor)))
  }

  private mutating func alignment(
    of block: Block, _ body: (inout LayoutEngine) -> Void
  ) -> UInt64 {
    guard case .powerOfTwo = block.align else { return block.align?.value(0) ?? 1 }
    if let known = blockAlignments[block.position] { return known }
    let result = block.align?.value(measured(block, body)) ?? 1
    blockAlignments[block.position] = result
    return result
  }

  /// The size of a block at an address that suits every alignment, with nothing in its way. What is
  /// found out is thrown away, but for the alignments of the blocks inside: each is measured once,
  /// however deep it stands.
  private mutating func measured(
    _ block: Block, _ body: (inout LayoutEngine) -> Void
  ) -> UInt64 {
    var trial = self
    trial.isTrial = true
    trial.memories[memory] = MemoryRegion(
      region: memories[memory].region, start: 0, end: nil, load: .same)
    trial.flow = Flow(cursor: 0)
    trial.things = []
    trial.blocks = [[]]
    trial.bounds = []
    trial.images = []
    trial.storedGroups = []
    trial.lateLoads = []
    trial.imageGaps = []
    trial.rests = []
    trial.diagnostics = []
    body(&trial)
    blockAlignments = trial.blockAlignments
    let start = trial.start(trial.blocks[0]) ?? 0
    return (trial.flow.cursor - min(start, trial.flow.cursor)).padded(
      layout.settled(block.pad, &diagnostics), from: start)
  }

  /// Moves the flow behind the padding of a block; returns where that ends.
  private mutating func pad(_ block: Block, _ members: [Int], _ cursor: UInt64) -> UInt64? {
    guard let padding = layout.settled(block.pad, &diagnostics) else { return nil }
    let start = min(start(members) ?? cursor, flow.cursor)
    let end = start.addingSaturated((flow.cursor - start).padded(padding, from: start))
    guard flow.cursor > start || end > flow.cursor else { return nil }
    flow.cursor = end
    noteExtent(end)
    return end
  }

  /// The lowest address of what a block has in the flow.
  func start(_ members: [Int]) -> UInt64? {
    members.lazy.map { things[$0] }.filter { !$0.isEarly && takesAddresses($0) }
      .map(\.address).min()
  }

  func takesAddresses(_ thing: Placed) -> Bool {
    thing.output.map { layout.outputs[$0.index].takesAddresses } ?? true
  }

  /// Counts something that was placed to the block that the walk is in.
  mutating func count(_ thing: Int) {
    if !blocks.isEmpty { blocks[blocks.count - 1].append(thing) }
  }
  /// The same for what was placed before the walk came by; a copy that measures has it not.
  mutating func countEarly(_ thing: Int) {
    if !isTrial { count(thing) }
  }
}
