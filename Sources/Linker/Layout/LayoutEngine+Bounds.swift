// The symbols of blocks: `start`, `end`, `length`, `load_start`, `load_end`.

internal import ELF
internal import MapLang

extension LayoutEngine {
  /// The symbols of a section.
  mutating func addBounds(of id: OutputID, _ thing: Int) {
    guard let mapped = layout.outputs[id.index].mapSection else { return }
    addBounds(map[mapped].bounds, thing)
  }

  mutating func addBounds(_ symbols: [Bound], _ thing: Int) {
    guard !symbols.isEmpty else { return }
    bounds.append(
      BlockBounds(
        bounds: symbols, things: [thing], cursor: 0,
        ghost: ghost(symbols, [thing], things[thing].address)))
  }

  /// A section that is left out still has a place for its symbols and those of its groups.
  mutating func emptyBounds(_ section: MapSection) {
    var symbols = section.bounds
    func collect(_ items: [SectionItem]) {
      for case .group(let group) in items {
        symbols += group.bounds
        collect(group.items)
      }
    }
    collect(section.items)
    guard !symbols.isEmpty else { return }
    bounds.append(
      BlockBounds(
        bounds: symbols, things: [], cursor: flow.cursor,
        anchor: things.last { $0.output != nil }?.output,
        ghost: ghost(symbols, [], flow.cursor, section)))
  }

  /// Something without a size at `address` that tells where bytes would be stored, for a block that
  /// has none and symbols that ask. (A section without bytes has its own load address.)
  mutating func ghost(
    _ symbols: [Bound], _ members: [Int], _ address: UInt64,
    _ section: MapSection? = nil
  ) -> Int? {
    guard !isTrial, symbols.contains(where: { $0.edge == .loadStart || $0.edge == .loadEnd }),
      !members.contains(where: { things[$0].output != nil || things[$0].isHeaders })
    else { return nil }
    var thing = reserved(ReserveID(rawValue: 0), address, 0)
    thing.reserve = nil
    thing.image = section.flatMap { map.section(named: $0.name) } ?? MapSectionID(rawValue: .max)
    things.append(thing)
    store(things.count - 1, section)
    return things.count - 1
  }

  /// Gives every symbol of a block its value.
  mutating func defineBounds() {
    for block in bounds { define(block) }
    for index in map.regions.indices where !map.regions[index].bounds.isEmpty {
      define(RegionID(index))
    }
    for thing in things {
      guard let id = thing.output, let contents = contents[id] ?? layout.contents[id] else {
        continue
      }
      define(contents, thing, id)
    }
  }

  private func hasBytes(_ thing: Placed) -> Bool {
    thing.output.map { layout.outputs[$0.index].hasBytes } ?? thing.isHeaders
  }

  private mutating func define(_ block: BlockBounds) {
    // A section's own symbols span it even if it takes no addresses, as .tbss.
    let members = block.things.map { things[$0] }
    let spanning = members.count == 1 ? members : members.filter { takesAddresses($0) }
    let first = spanning.min { $0.address < $1.address }
    let last = spanning.max { $0.address &+ $0.size < $1.address &+ $1.size }
    let outputs = members.filter { $0.image == nil }
    var values = Edges()
    values.start = first?.address ?? block.cursor
    values.end = last.map { $0.address &+ $0.size } ?? block.cursor
    let padding = block.paddedEnd.map { $0 > values.end ? $0 - values.end : 0 } ?? 0
    values.end = values.end &+ padding
    store(&values, spanning, padding, block.ghost)
    values.first = outputs.lazy.compactMap(\.output).first ?? block.anchor ?? anyOutput
    values.last = last?.output ?? outputs.last { $0.output != nil }?.output ?? values.first
    if outputs.allSatisfy({ $0.reserve != nil }) && !outputs.isEmpty { values.detach(layout) }
    define(block.bounds, values)
  }

  /// Where a block is stored. What has no bytes belongs to it if it goes along with those that have,
  /// as in a region with `load at`.
  private func store(
    _ values: inout Edges, _ spanning: [Placed], _ padding: UInt64, _ ghost: Int?
  ) {
    if let ghost {
      values.loadStart = things[ghost].loadAddress
      values.loadEnd = values.loadStart
      return
    }
    let placed = spanning.filter { $0.output != nil || $0.isHeaders }
    let distances = Set(placed.filter { hasBytes($0) }.map { $0.loadAddress &- $0.address })
    let stored = placed.filter {
      hasBytes($0) || $0.isStoredApart || distances.isEmpty
        || distances.contains($0.loadAddress &- $0.address)
    }
    func end(_ thing: Placed) -> UInt64 {
      thing.loadAddress &+ (hasBytes(thing) || !thing.isStoredApart ? thing.size : 0)
    }
    values.loadStart = stored.map(\.loadAddress).min() ?? values.start
    let last = stored.max { end($0) < end($1) }
    values.loadEnd = last.map { end($0) } ?? values.loadStart
    if let last, last.address &+ last.size &+ padding == values.end {
      values.loadEnd = values.loadEnd &+ padding
    }
  }

  /// A region whose sections are stored in another is stored where their images are.
  private mutating func define(_ id: RegionID) {
    let region = map[id]
    var values = Edges()
    values.start = region.at
    values.end = region.at.addingSaturated(region.size ?? 0)
    let memory = memories[id.index]
    values.loadStart = loadAddress(region.at, memory.load)
    values.loadEnd = values.loadStart &+ (region.size ?? 0)
    if case .region(var target) = memory.load {
      let stored = things.filter {
        $0.memory == id.index
          && ($0.output != nil && hasBytes($0) || $0.image != nil && $0.size > 0)
      }
      while case .region(let next) = memories[target.index].load { target = next }
      let other = memories[target.index]
      values.loadStart =
        stored.map(\.loadAddress).min() ?? loadAddress(other.flow.cursor, other.load)
      values.loadEnd = stored.map { $0.loadAddress &+ $0.size }.max() ?? values.loadStart
    }
    values.first = anyOutput
    values.last = values.first
    values.detach(layout)
    define(region.bounds, values)
  }

  private mutating func define(_ contents: SectionContents, _ thing: Placed, _ id: OutputID) {
    for block in contents.blocks {
      var values = Edges()
      values.start = thing.address &+ block.range.lowerBound
      values.end = thing.address &+ block.range.upperBound
      values.loadStart = thing.loadAddress &+ block.range.lowerBound
      values.loadEnd = thing.loadAddress &+ block.range.upperBound
      values.first = id
      values.last = id
      define(block.bounds, values)
    }
  }

  private struct Edges {
    var start: UInt64 = 0
    var end: UInt64 = 0
    var loadStart: UInt64 = 0
    var loadEnd: UInt64 = 0
    /// What begins at `start` and what ends at `end`; the symbols are relative to them.
    var first: OutputID?
    var last: OutputID?

    /// No section is there: the values are plain numbers, unless the program may be moved.
    mutating func detach(_ layout: Layout) {
      if layout.options.outputKind.isPositionIndependent { return }
      first = nil
      last = nil
    }
  }

  private mutating func define(_ bounds: [Bound], _ edges: Edges) {
    for bound in bounds {
      var value = DefinedSymbolValue(address: 0, output: nil)
      switch bound.edge {
      case .start: value = DefinedSymbolValue(address: edges.start, output: edges.first)
      case .end: value = DefinedSymbolValue(address: edges.end, output: edges.last)
      case .length: value.address = edges.end &- edges.start
      case .loadStart: value = loadValue(edges.loadStart, edges.start, edges.first)
      case .loadEnd: value = loadValue(edges.loadEnd, edges.end, edges.last)
      }
      for name in bound.names { symbols[name.name] = value }
    }
  }

  private func loadValue(
    _ address: UInt64, _ run: UInt64, _ output: OutputID?
  ) -> DefinedSymbolValue {
    DefinedSymbolValue(address: address, output: address == run ? output : nil)
  }

  private var anyOutput: OutputID? { things.lazy.compactMap(\.output).first }
}
