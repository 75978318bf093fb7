// The symbols of blocks: `start`, `end`, `length`, `load_start`, `load_end`.

internal import ELF
internal import MapLang

extension LayoutEngine {
  /// The symbols of a section, of its groups and of the slots in it.
  mutating func addBounds(of id: OutputID, _ thing: Int) {
    guard let mapped = layout.outputs[id.index].mapSection else { return }
    addBounds(map[mapped].bounds, thing)
  }

  mutating func addBounds(_ symbols: [Bound], _ thing: Int) {
    guard !symbols.isEmpty else { return }
    bounds.append(BlockBounds(bounds: symbols, things: [thing], cursor: 0))
  }

  /// A section that is left out still has a place for its symbols.
  mutating func emptyBounds(_ section: MapLang.OutputSection) {
    guard !section.bounds.isEmpty else { return }
    bounds.append(
      BlockBounds(
        bounds: section.bounds, things: [], cursor: flow.cursor,
        anchor: things.last { $0.output != nil }?.output))
  }

  /// Gives every symbol of a block its value.
  mutating func defineBounds() {
    for block in bounds { define(block) }
    for region in map.regions where !region.bounds.isEmpty { define(region) }
    for (id, contents) in layout.contents { define(contents, OutputID(Int(id.rawValue))) }
  }

  private func define(_ block: BlockBounds) {
    // A section's own symbols span it even if it takes no addresses, as .tbss.
    let members = block.things.map { things[$0] }
    let spanning = members.count == 1 ? members : members.filter { takesAddresses($0) }
    let first = spanning.min { $0.address < $1.address }
    let last = spanning.max { $0.address &+ $0.size < $1.address &+ $1.size }
    let outputs = members.filter { $0.image == nil }
    var values = Edges()
    values.start = first?.address ?? block.cursor
    values.end = last.map { $0.address &+ $0.size } ?? block.cursor
    let padding = block.paddedEnd.map { $0 &- values.end } ?? 0
    values.end = values.end &+ padding
    let stored = spanning.filter { $0.image == nil }
    values.loadStart = stored.map(\.loadAddress).min() ?? values.start
    values.loadEnd = (stored.map { $0.loadAddress &+ $0.size }.max() ?? values.start) &+ padding
    values.first = outputs.lazy.compactMap(\.output).first ?? block.anchor ?? anyOutput
    values.last = last?.output ?? outputs.last { $0.output != nil }?.output ?? values.first
    if outputs.allSatisfy({ $0.reserve != nil }) && !outputs.isEmpty { values.detach(layout) }
    define(block.bounds, values)
  }

  private func define(_ region: Region) {
    var values = Edges()
    values.start = region.at
    values.end = region.at.addingSaturated(region.size ?? 0)
    let load = map.region(named: region.name).map { memories[$0.index].load } ?? .same
    values.loadStart = loadAddress(region.at, load)
    values.loadEnd = values.loadStart &+ (region.size ?? 0)
    values.first = anyOutput
    values.last = values.first
    values.detach(layout)
    define(region.bounds, values)
  }

  private func define(_ contents: SectionContents, _ id: OutputID) {
    let output = layout.outputs[id.index]
    for block in contents.blocks {
      var values = Edges()
      values.start = output.address &+ block.range.lowerBound
      values.end = output.address &+ block.range.upperBound
      values.loadStart = output.loadAddress &+ block.range.lowerBound
      values.loadEnd = output.loadAddress &+ block.range.upperBound
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

  private func define(_ bounds: [Bound], _ edges: Edges) {
    for bound in bounds {
      var value = DefinedSymbolValue(address: 0, output: nil)
      switch bound.edge {
      case .start: value = DefinedSymbolValue(address: edges.start, output: edges.first)
      case .end: value = DefinedSymbolValue(address: edges.end, output: edges.last)
      case .length: value.address = edges.end &- edges.start
      case .loadStart: value = loadValue(edges.loadStart, edges.start, edges.first)
      case .loadEnd: value = loadValue(edges.loadEnd, edges.end, edges.last)
      }
      for name in bound.names { layout.definedSymbols[name.name] = value }
    }
  }

  private func loadValue(
    _ address: UInt64, _ run: UInt64, _ output: OutputID?
  ) -> DefinedSymbolValue {
    DefinedSymbolValue(address: address, output: address == run ? output : nil)
  }

  private var anyOutput: OutputID? { things.lazy.compactMap(\.output).first }
}
