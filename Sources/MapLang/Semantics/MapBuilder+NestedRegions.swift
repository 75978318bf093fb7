// Regions that are parts of others: `region ISR in FLASH { … }`.
//
// A part has addresses of its own, and the flow of the whole leaves them out. What a part does not
// say (access, fill, where it is stored) is as in the whole.

extension MapBuilder {
  mutating func nestRegions() {
    for index in map.regions.indices {
      guard let name = regionSyntax[index].syntax.parent, let parent = region(name) else {
        continue
      }
      map.regions[index].parent = parent
    }
    breakCircles()
    var isDone = [Bool](repeating: false, count: map.regions.count)
    for start in map.regions.indices {
      // The whole before its parts.
      var way: [Int] = []
      var next: Int? = start
      while let index = next, !isDone[index] {
        isDone[index] = true
        way.append(index)
        next = map.regions[index].parent?.index
      }
      for index in way.reversed() { inherit(index) }
    }
  }

  /// SM105 for regions that are parts of themselves.
  private mutating func breakCircles() {
    for circle in regionCircles(\.parent) {
      let region = circle[0]
      error(
        .attributeOutOfPlace, "region '\(map.regions[region].name)' is a part of itself",
        at: regionSyntax[region].syntax.parent?.position)
      map.regions[region].parent = nil
    }
  }

  private mutating func inherit(_ index: Int) {
    guard let parent = map.regions[index].parent else { return }
    let whole = map.regions[parent.index]
    let part = map.regions[index]
    map.regions[index].access = part.access ?? whole.access
    map.regions[index].fill = part.fill ?? whole.fill
    if part.load == nil {
      switch whole.load {
      case .at(let address, let position):
        map.regions[index].load = .at(address &+ (part.at &- whole.at), position)
      case .region, nil:
        map.regions[index].load = whole.load
        map.regions[index].loadAlign = whole.loadAlign
      }
    }
    guard resolveRegionRange(RegionID(index)), resolveRegionRange(parent) else { return }
    let end = Int128(part.at) + Int128(part.size ?? 0)
    let limit = whole.size.map { Int128(whole.at) + Int128($0) }
    if part.size == nil {
      error(
        .attributeOutOfPlace, "region '\(part.name)' is a part of '\(whole.name)' and has no size",
        at: part.position, help: "add 'size SIZE;'")
    } else if part.at < whole.at || limit.map({ end > $0 }) == true {
      error(
        .pinOutsideRegion,
        "region '\(part.name)' does not lie in region '\(whole.name)', which it is a part of",
        at: part.position, notes: [MapDiagnostic.Note("the whole", at: whole.position)])
    }
  }
}
