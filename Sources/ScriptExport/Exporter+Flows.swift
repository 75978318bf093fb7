// The walk: regions one after the other, each with its flow.
//
// Behind the last section of a flow the location counter is the end of the flow, so what comes from there
// on (stacks, heaps, end symbols) is counted with it. Sections of another flow set it anew.

internal import MapLang

/// Where the walk is.
struct ScriptFlow {
  /// The name of `> NAME`; nil: the map has no regions, and the location counter is the place.
  var memory: String?
  var region: RegionID?
  /// How its bytes are stored, if not where they run.
  var distance: UInt64?
  /// Where the flow begins.
  var origin = "0"
  /// The node of the last section, and all of them.
  var last: Int?
  var sections: [Int] = []
  /// What the next section begins with, and what it is aligned to.
  private var starts: [String] = []
  private var alignment: UInt64 = 1
  /// The address of the next section, if it does not simply follow.
  var address: String?
  /// Something before was stored elsewhere, which GNU ld would go on with.
  var isStoredElsewhere = false
  /// Where the room ends that is taken from the end of the region.
  var limit: UInt64?
  /// Padding by the location counter, which the next section would not see.
  var padding: (what: String, position: SourcePosition)?
  /// What `size rest` ends at.
  var rests: [(reserve: ReserveID, start: String)] = []

  mutating func begin(_ symbols: [String], align: UInt64) {
    starts += symbols
    alignment = max(alignment, align)
  }

  mutating func takeStarts() -> [String] {
    defer { starts = [] }
    return starts
  }

  mutating func takeAlignment() -> UInt64 {
    defer { alignment = 1 }
    return alignment
  }
}

extension Exporter {
  /// The places in the order of the script: a region that stores for others before those, and of each
  /// region the ordinary flow first.
  var placeOrder: [Int] {
    var regions: [RegionID] = []
    func add(_ id: RegionID, _ depth: Int) {
      guard !regions.contains(id), depth < 64 else { return }
      for target in loadTargets(of: id) { add(target, depth + 1) }
      if !regions.contains(id) { regions.append(id) }
    }
    var order: [Int] = []
    for place in map.places {
      if case .region(let id, _) = place.target { add(id, 0) }
    }
    for (index, place) in map.places.enumerated() {
      if case .address = place.target { order.append(index) }
    }
    for id in regions {
      for wantsOwnFlow in [false, true] {
        for (index, place) in map.places.enumerated() {
          if case .region(id, let at) = place.target, (at != nil) == wantsOwnFlow {
            order.append(index)
          }
        }
      }
    }
    return order
  }

  private func loadTargets(of id: RegionID) -> [RegionID] {
    var targets: [RegionID] = []
    if case .region(let target, _) = map[id].load { targets.append(target) }
    func collect(_ items: [PlaceItem]) {
      for item in items {
        switch item {
        case .section(let section):
          if case .region(let target, _) = map[section].load { targets.append(target) }
        case .group(let group), .overlay(let group):
          if case .region(let target, _) = group.load { targets.append(target) }
          collect(group.items)
        case .segment(let segment): collect(segment.items)
        default: break
        }
      }
    }
    for place in map.places {
      if case .region(id, _) = place.target { collect(place.items) }
    }
    return targets
  }

  // MARK: Flows

  mutating func writeFlows() {
    let order = placeOrder
    var index = 0
    while index < order.count {
      let place = map.places[order[index]]
      var next = index + 1
      beginFlow(order[index])
      write(place)
      if case .region(let id, nil) = place.target {
        // The flow goes on in further blocks.
        while next < order.count, case .region(id, nil) = map.places[order[next]].target {
          write(map.places[order[next]])
          next += 1
        }
      }
      endFlow()
      index = next
    }
  }

  private mutating func beginFlow(_ index: Int) {
    let place = map.places[index]
    flow = ScriptFlow()
    (rights, loose) = (nil, nil)
    switch place.target {
    case .region(let id, let at):
      let region = map[id]
      flow.memory = ScriptWords.name(region.name)
      flow.region = id
      flow.origin =
        isWhole(id)
        ? "ORIGIN(\(ScriptWords.name(region.name)))" : ScriptWords.number(range(id).start)
      flow.limit = region.size.map { region.at &+ $0 }
      if case .at(let load, _) = region.load { flow.distance = load &- region.at }
      if let at {
        flow.address = ScriptWords.number(at)
        flow.origin = ScriptWords.number(at)
      }
      let parts = map.regions.filter { $0.parent == id }
      if parts.contains(where: { part in
        part.at > range(id).start && part.at < range(id).start &+ range(id).size
      }) {
        note("GNU ld does not walk around the parts of region \(region.name)", region.position)
      }
    case .address(let at, let load):
      flow.origin = ScriptWords.number(at)
      flow.distance = load.map { $0 &- at }
      if map.regions.isEmpty {
        line(". = \(ScriptWords.number(at));")
      } else {
        flow.memory = "place_\(index + 1)"
      }
    }
  }

  mutating func write(_ place: MapPlace) {
    block(place.bounds, place.align, place.pad, place.items, "the place", place.position)
  }

  private mutating func endFlow() {
    for rest in flow.rests {
      let row = map[rest.reserve]
      guard let limit = flow.limit else { continue }
      line(Self.comment("reserve \(row.name): up to \(ScriptWords.number(limit))"))
      symbols(row.bounds, start: rest.start, end: ScriptWords.number(limit))
      if let smallest = row.min, let words = value(smallest, "min of \(row.name)") {
        line(
          "ASSERT(\(ScriptWords.number(limit)) - \(rest.start) >= \(words), "
            + "\(ScriptWords.quoted("no room for \(row.name)")))")
      }
    }
  }

  /// Items with symbols at their edges.
  mutating func block(
    _ bounds: [Bound], _ align: Alignment?, _ pad: Padding?, _ items: [PlaceItem], _ what: String,
    _ position: SourcePosition
  ) {
    if case .powerOfTwo? = align { note("a script has no 'align pow2': \(what)", position) }
    flow.begin(self.bounds(bounds, .start), align: Self.unit(align))
    let first = flow.sections.count
    write(items)
    let own = flow.sections[first...]
    // What is stored here by `image` belongs to the block.
    var ends: [String] = []
    if case .image(let id, _) = items.last, !isFollowedBySections(id) {
      let name = ScriptWords.name(map[id].name)
      for bound in bounds where bound.edge == .end {
        for symbol in bound.names {
          late.append(
            ScriptNode(
              head: Self.assignment(
                symbol.name, "LOADADDR(\(name)) + SIZEOF(\(name))", provide: bound.provide,
                hidden: bound.hidden)))
        }
      }
      for bound in bounds where bound.edge != .start && bound.edge != .end {
        note(
          "a script has no \(bound.edge.spelling) of \(what), which ends with an image", position)
      }
    } else {
      ends = self.bounds(bounds, .end)
    }
    let padding = self.padding(pad, what, position)
    // Symbols do not move the location counter.
    let isBehindSection =
      own.last.map { last in
        nodes[(last + 1)...].allSatisfy { $0.body == nil && !$0.head.hasPrefix(". ") }
      } ?? false
    if let last = own.last, isBehindSection, flow.memory != nil || padding.isEmpty {
      nodes[last].body?.append(contentsOf: padding + ends)
      if !padding.isEmpty {
        remark("the padding of \(what) is part of its last section", position)
      }
    } else {
      if !padding.isEmpty && flow.memory != nil { flow.padding = (what, position) }
      for text in padding + ends { line(text) }
    }
    guard let one = own.first, let other = own.last else {
      for text in flow.takeStarts() { line(text) }
      _ = flow.takeAlignment()
      if bounds.contains(where: { $0.edge != .start && $0.edge != .end }) {
        note("load addresses of \(what), which holds no section", position)
      }
      return
    }
    edges(bounds, first: sectionName(one), last: sectionName(other))
  }

  mutating func blockOfGroup(_ group: Group, _ what: String) {
    block(group.bounds, group.align, group.pad, group.items, what, group.position)
  }

  /// Where the last section of the flow ends.
  var lastEnd: String { flowEnd }

  func sectionName(_ node: Int) -> String {
    let head = nodes[node].head
    if head.hasPrefix("\""), let end = head.dropFirst().firstIndex(of: "\"") {
      return String(head[...end])
    }
    return String(head.prefix { $0 != " " })
  }
}
