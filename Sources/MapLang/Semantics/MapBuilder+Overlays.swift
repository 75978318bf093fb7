// What an overlay, and a group that is stored as one, ask of their items.

extension MapBuilder {
  /// The items of an overlay share their run addresses, so nothing in it may have one of its own.
  mutating func checkOverlay(_ overlay: Group, _ attributes: Attributes) {
    if case .address = attributes.load, let position = attributes.positions[.load] {
      error(
        .attributeOutOfPlace, "the items of an overlay cannot all be stored at one address",
        at: position, help: "'load in REGION;' stores one behind the other")
    }
    for item in overlay.items {
      switch item {
      case .section, .group, .reserve, .slot: break
      case .segment(let segment): refuse("a segment", in: "an overlay", segment.position)
      case .overlay: break  // below
      case .image(_, let position): refuse("'image'", in: "an overlay", position)
      case .orphans(let rule): refuse("'orphans'", in: "an overlay", map[rule].position)
      case .headers(let position): refuse("'headers'", in: "an overlay", position)
      }
    }
    checkFlowing(overlay.items, "an overlay")
  }

  /// The distance between run and load address is the same all over the group.
  mutating func checkStoredTogether(_ group: Group) {
    checkFlowing(group.items, "a group with 'load'")
  }

  private mutating func refuse(_ what: String, in block: String, _ position: SourcePosition) {
    error(.attributeOutOfPlace, "\(what) cannot stand in \(block)", at: position)
  }

  /// What is pinned or `high` takes no part in the flow.
  private mutating func checkFlowing(_ items: [PlaceItem], _ block: String) {
    for item in items {
      switch item {
      case .section(let id):
        let row = map[id]
        if row.at != nil || row.high {
          refuse("a section with an address", in: block, row.position)
        }
      case .slot(let id):
        let row = map[id]
        if row.at != nil || row.high { refuse("a slot with an address", in: block, row.position) }
      case .reserve(let id):
        let row = map[id]
        if row.at != nil || row.high {
          refuse("a reserve with an address", in: block, row.position)
        }
        if case .rest(let position) = row.size { refuse("'size rest'", in: block, position) }
      case .group(let group): checkFlowing(group.items, block)
      case .overlay(let inner): refuse("an overlay", in: block, inner.position)
      case .segment(let segment): checkFlowing(segment.items, block)
      case .image, .headers, .orphans: break
      }
    }
  }
}
