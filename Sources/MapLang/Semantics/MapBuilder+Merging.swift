// Extensions and anchors: what is said in one place of the text and takes effect in another.

extension MapBuilder {
  mutating func mergeAndAnchor() {
    for extended in extensions {
      map.sections[extended.section.index].items += extended.items
      map.sections[extended.section.index].bounds += extended.bounds
    }
    for id in unplacedByUser where !sectionRows[id.index].isPlaced {
      map.unplaced.append(id)
      if map.extendsDefault || settings.isRelocatable || map.orphans == .place
        || map.orphans == .warn
      {
        continue
      }
      error(
        .attributeOutOfPlace,
        "section '\(map.sections[id.index].name)' stands in no place",
        at: map.sections[id.index].position,
        help: "write it in a 'place'; outside of one it needs 'extends default;', 'orphans place;' "
          + "or -r")
    }
    // Later anchors at one section stand nearer to it for `before`, farther for `after`, so that in
    // both cases the order of the text is the order in memory.
    for (index, entry) in anchored.enumerated() {
      let isSecond = anchored[..<index].contains {
        $0.anchor.section == entry.anchor.section && $0.anchor.side == entry.anchor.side
      }
      anchor(entry.item, entry.anchor, behindEarlier: isSecond ? index : nil)
    }
    dropOverriddenBounds()
  }

  private mutating func anchor(
    _ item: PlaceItem, _ anchor: Anchor, behindEarlier: Int?
  ) {
    let target = anchor.section
    if assumesUnknownSections && !sectionRows[target.index].isDeclared {
      if case .section(let id) = item { map.unplaced.append(id) }
      return
    }
    guard sectionRows[target.index].isDeclared else { return }
    if !map.extendsDefault && map.places.isEmpty { return }
    var distance = 0
    if let behindEarlier, anchor.side == .after {
      distance = anchored[..<behindEarlier].count {
        $0.anchor.section == target && $0.anchor.side == .after
      }
    }
    for index in map.places.indices {
      if Self.insert(item, anchor, distance, into: &map.places[index].items) {
        let region = anchorRegions.first { $0.anchor.position == anchor.position }?.region
        if let region {
          guard case .region(region, _) = map.places[index].target else {
            error(
              .attributeOutOfPlace,
              "section '\(map.sections[target.index].name)' is not in region "
                + "'\(map.regions[region.index].name)'", at: anchor.position)
            return
          }
        }
        return
      }
    }
    error(
      .attributeOutOfPlace,
      "section '\(map.sections[target.index].name)' stands in no place, so nothing can stand next "
        + "to it", at: anchor.position)
  }

  /// Puts `item` next to the section of the anchor, if that is in `items`.
  private static func insert(
    _ item: PlaceItem, _ anchor: Anchor, _ distance: Int, into items: inout [PlaceItem]
  ) -> Bool {
    for index in items.indices {
      switch items[index] {
      case .section(anchor.section):
        items.insert(
          item, at: anchor.side == .before ? index : min(index + 1 + distance, items.count))
        return true
      case .group(var group):
        if insert(item, anchor, distance, into: &group.items) {
          items[index] = .group(group)
          return true
        }
      case .segment(var segment):
        if insert(item, anchor, distance, into: &segment.items) {
          items[index] = .segment(segment)
          return true
        }
      case .overlay(var group):
        if insert(item, anchor, distance, into: &group.items) {
          items[index] = .overlay(group)
          return true
        }
      case .section, .reserve, .slot, .image, .headers, .orphans: break
      }
    }
    return false
  }

  // MARK: - Symbols

  /// A user's symbol replaces a built-in one of its name; two of the user's are an error.
  private mutating func dropOverriddenBounds() {
    var userNames: [String: SourcePosition] = [:]
    var duplicates: [(String, SourcePosition, SourcePosition)] = []
    func note(_ name: String, _ position: SourcePosition) {
      if let first = userNames[name] {
        let isLater = (position.file, position.offset) > (first.file, first.offset)
        duplicates.append((name, isLater ? position : first, isLater ? first : position))
      } else {
        userNames[name] = position
      }
    }
    forEachBounds { bounds in
      for bound in bounds where !bound.isBuiltIn {
        for name in bound.names { note(name.name, name.position) }
      }
    }
    for symbol in map.symbols where !symbol.isBuiltIn { note(symbol.name, symbol.position) }
    for (name, position, first) in duplicates {
      error(
        .redefinition, "symbol '\(name)' is already defined", at: position,
        notes: [MapDiagnostic.Note("first here", at: first)])
    }
    if userNames.isEmpty || builtInStatements.isEmpty { return }
    map.symbols.removeAll { $0.isBuiltIn && userNames[$0.name] != nil }
    forEachBounds { bounds in
      for index in bounds.indices where bounds[index].isBuiltIn {
        bounds[index].names.removeAll { userNames[$0.name] != nil }
      }
      bounds.removeAll { $0.names.isEmpty }
    }
  }

  /// Calls `body` for the bounds of every block of the map.
  mutating func forEachBounds(_ body: (inout [Bound]) -> Void) {
    for index in map.regions.indices { body(&map.regions[index].bounds) }
    for index in map.reserves.indices { body(&map.reserves[index].bounds) }
    for index in map.sections.indices {
      body(&map.sections[index].bounds)
      Self.forEachBounds(of: &map.sections[index].items, body)
    }
    for index in map.places.indices {
      body(&map.places[index].bounds)
      Self.forEachBounds(of: &map.places[index].items, body)
    }
  }

  private static func forEachBounds(
    of items: inout [SectionItem], _ body: (inout [Bound]) -> Void
  ) {
    for index in items.indices {
      guard case .group(var group) = items[index] else { continue }
      body(&group.bounds)
      forEachBounds(of: &group.items, body)
      items[index] = .group(group)
    }
  }

  private static func forEachBounds(of items: inout [PlaceItem], _ body: (inout [Bound]) -> Void) {
    for index in items.indices {
      switch items[index] {
      case .group(var group):
        body(&group.bounds)
        forEachBounds(of: &group.items, body)
        items[index] = .group(group)
      case .overlay(var group):
        body(&group.bounds)
        forEachBounds(of: &group.items, body)
        items[index] = .overlay(group)
      case .segment(var segment):
        body(&segment.bounds)
        forEachBounds(of: &segment.items, body)
        items[index] = .segment(segment)
      case .section, .reserve, .slot, .image, .headers, .orphans: break
      }
    }
  }
}
