// Regions that are one memory at two addresses: `mirrors R`.
//
// One allocator serves both: what is placed in one of them takes the room in the other, too. A mirror
// without a size is as long as what it mirrors.

extension MapBuilder {
  /// SM105: a mirror names the region itself, and is no longer than it.
  mutating func checkMirror(_ mirror: RegionID, of original: RegionID, _ position: SourcePosition) {
    let own = map.regions[mirror.index]
    let other = map.regions[original.index]
    guard resolveRegionRange(mirror), resolveRegionRange(original) else { return }
    if regionSyntax[original.index].syntax.items.contains(where: { item in
      if case .attribute(let attribute) = item { attribute.kind == .mirrors } else { false }
    }) {
      error(
        .attributeOutOfPlace, "'\(other.name)' mirrors a region itself", at: position,
        help: "name the region that both mirror")
      map.regions[mirror.index].mirrors = nil
    } else if let size = map.regions[mirror.index].size,
      let limit = map.regions[original.index].size,
      size > limit
    {
      error(
        .attributeOutOfPlace,
        "region '\(own.name)' is longer than '\(other.name)', which it mirrors",
        at: position, notes: [MapDiagnostic.Note("the other", at: other.position)])
    }
  }
}
