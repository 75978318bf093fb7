// Questions about the whole map that need no object file.

internal import Text

extension MapBuilder {
  mutating func checkWhole() {
    checkSectionsAreDeclared()
    checkSizeCycles()
    for place in map.places { checkHeaders(place) }
    checkPins()
    checkRest()
    checkNames()
    if settings.isRelocatable { checkNothingIsPlaced() }
  }

  /// SM106 for sections that say more than what goes into them, in which order and how aligned.
  private mutating func checkNothingIsPlaced() {
    for section in map.sections where !section.isBuiltIn {
      if let word = placementWord(of: section) { refuseToPlace(word, at: section.position) }
    }
  }

  /// A word in a section that needs addresses, or bytes that no input has.
  private func placementWord(of section: MapSection) -> String? {
    let attributes: [(Bool, String)] = [
      (section.at != nil, "at"), (section.pad != nil, "pad"), (section.size != nil, "size"),
      (section.min != nil, "min"), (section.max != nil, "max"), (section.load != nil, "load"),
      (section.access != nil, "access"), (section.subalign != nil, "subalign"),
      (section.fill != nil, "fill"), (section.noload, "noload"), (section.nobits, "nobits"),
      (section.high, "high"), (section.relro, "relro"), (section.always, "always"),
      (!section.bounds.isEmpty, "start, end, size"),
    ]
    if let (_, word) = attributes.first(where: \.0) { return word }
    if case .powerOfTwo? = section.align { return "align pow2" }
    for item in section.items {
      switch item {
      case .take(let rule): if map[rule].orderFile != nil { return "order" }
      case .group: return "group"
      case .hole: return "reserve"
      case .slot: return "slot"
      }
    }
    return nil
  }

  /// SM003 for sections that are only mentioned.
  private mutating func checkSectionsAreDeclared() {
    for (index, row) in sectionRows.enumerated() where !row.isDeclared {
      if assumesUnknownSections {
        map.sections[index].isBuiltIn = true
        map.unplaced.append(MapSectionID(index))
        continue
      }
      let known = map.sections.indices.filter { sectionRows[$0].isDeclared }
      unknownName(
        "section", map.sections[index].name, at: row.mention,
        among: known.map { map.sections[$0].name })
    }
  }

  // MARK: - Sizes that depend on sizes

  private mutating func checkSizeCycles() {
    var needs: [[(section: MapSectionID, position: SourcePosition)]] = []
    for section in map.sections {
      var edges: [(section: MapSectionID, position: SourcePosition)] = []
      func add(_ expression: Expression?) {
        expression?.forEachQuery { query, position in
          if case .section(_, let id) = query { edges.append((id, position)) }
        }
      }
      func add(_ padding: Padding?) {
        if case .multiple(let multiple) = padding { add(multiple) }
      }
      func walk(_ items: [SectionItem]) {
        for item in items {
          switch item {
          case .take: break
          case .hole(let size): add(size)
          case .slot(let slot): add(map[slot].size)
          case .group(let group):
            add(group.offset)
            add(group.size)
            add(group.pad)
            walk(group.items)
          }
        }
      }
      add(section.size)
      add(section.pad)
      walk(section.items)
      needs.append(edges)
    }
    if needs.allSatisfy(\.isEmpty) { return }
    // Depth first, without recursion, for chains may be long; a section met again on the way down
    // closes a cycle.
    var state = [UInt8](repeating: 0, count: needs.count)
    var cycles: [(MapSectionID, SourcePosition)] = []
    for start in needs.indices where state[start] == 0 {
      var way = [(index: start, next: 0)]
      state[start] = 1
      while let (index, next) = way.last {
        guard next < needs[index].count else {
          state[index] = 2
          map.sizeOrder.append(MapSectionID(index))
          way.removeLast()
          continue
        }
        way[way.count - 1].next += 1
        let (section, position) = needs[index][next]
        if state[section.index] == 1 {
          cycles.append((section, position))
        } else if state[section.index] == 0 {
          state[section.index] = 1
          way.append((section.index, 0))
        }
      }
    }
    for (section, position) in cycles {
      error(
        .addressInPlacement, "the size of '\(map[section].name)' depends on itself", at: position)
    }
  }

  // MARK: - Headers

  /// `headers` is the first item of a flow and needs pages.
  private mutating func checkHeaders(_ place: MapPlace) {
    var isFirst = true
    var found: [(position: SourcePosition, isFirst: Bool)] = []
    func walk(_ items: [PlaceItem]) {
      for item in items {
        switch item {
        case .headers(let position):
          found.append((position, isFirst))
          isFirst = false
        case .group(let group), .overlay(let group): walk(group.items)
        case .segment(let segment): walk(segment.items)
        case .section, .reserve, .slot, .image, .orphans: isFirst = false
        }
      }
    }
    walk(place.items)
    for (position, isFirst) in found {
      if !isFirst {
        error(.attributeOutOfPlace, "'headers' is not the first item of its place", at: position)
      } else if map.pages == .none {
        error(.attributeOutOfPlace, "'headers' needs pages, not 'pages none'", at: position)
      }
    }
  }

  // MARK: - Pins

  /// Pins outside of their region, as far as their address is a constant.
  private mutating func checkPins() {
    for (id, position) in pinPositions.sorted(by: { $0.key < $1.key }) {
      guard let address = map[id].at?.constant?.unsigned, let region = sectionRows[id.index].region
      else { continue }
      let row = map[region]
      if address < row.at || row.size.map({ address - row.at >= $0 }) == true {
        error(
          .pinOutsideRegion,
          "pinned address \(hexadecimal(address)) of '\(map[id].name)' lies outside of region "
            + "'\(row.name)'", at: position,
          notes: [MapDiagnostic.Note("the region", at: row.position)])
      }
    }
  }

  /// One `size rest` for each region, and nothing behind it in the flow.
  private mutating func checkRest() {
    var rest: [RegionID: SourcePosition] = [:]
    for place in map.places {
      guard case .region(let region, nil) = place.target else {
        forEachReserve(in: place.items) { reserve, builder in
          guard case .rest(let position) = reserve.size else { return }
          builder.error(
            .attributeOutOfPlace, "'size rest' needs a region that ends somewhere", at: position)
        }
        continue
      }
      var offender: (MapSectionID?, String, SourcePosition)?
      func walk(_ items: [PlaceItem]) {
        for item in items where offender == nil {
          switch item {
          case .reserve(let id):
            let row = map[id]
            if row.at != nil || row.high { continue }
            if rest[region] != nil {
              offender = (nil, row.name, row.position)
            } else if case .rest(let position) = row.size {
              rest[region] = position
            }
          case .section(let id):
            let row = map[id]
            if rest[region] != nil, row.at == nil, !row.high {
              offender = (id, row.name, row.position)
            }
          case .slot(let id):
            let row = map[id]
            if rest[region] != nil, row.at == nil, !row.high {
              offender = (nil, row.name, row.position)
            }
          case .group(let group), .overlay(let group): walk(group.items)
          case .segment(let segment): walk(segment.items)
          case .image, .headers, .orphans: break
          }
        }
      }
      walk(place.items)
      if let (_, name, position) = offender, let first = rest[region] {
        error(
          .attributeOutOfPlace,
          "'\(name)' follows a reserve that takes the rest of region '\(map[region].name)'",
          at: position, notes: [MapDiagnostic.Note("the rest is taken here", at: first)])
      }
    }
    for (region, position) in rest.sorted(by: { $0.key < $1.key }) where map[region].size == nil {
      error(
        .attributeOutOfPlace,
        "'size rest' needs a region that ends somewhere; '\(map[region].name)' has no size",
        at: position)
    }
  }

  private mutating func forEachReserve(
    in items: [PlaceItem], _ body: (Reserve, inout MapBuilder) -> Void
  ) {
    for item in items {
      switch item {
      case .reserve(let id): body(map[id], &self)
      case .group(let group), .overlay(let group): forEachReserve(in: group.items, body)
      case .segment(let segment): forEachReserve(in: segment.items, body)
      case .section, .slot, .image, .headers, .orphans: break
      }
    }
  }

  // MARK: - Names

  /// A region and a section of one name would make `start(N)` ambiguous; a section `.slot.N` would
  /// collide with the slot.
  private mutating func checkNames() {
    for region in map.regions {
      guard let id = findSection(region.name), sectionRows[id.index].isDeclared else { continue }
      error(
        .redefinition, "'\(region.name)' is the name of a region and of a section",
        at: map[id].position, notes: [MapDiagnostic.Note("the region", at: region.position)])
    }
    for slot in map.slots where !slot.isInSection {
      guard let id = findSection(".slot." + slot.name) else { continue }
      error(
        .secondSection, "section '\(map[id].name)' is the one that slot '\(slot.name)' makes",
        at: map[id].position, notes: [MapDiagnostic.Note("the slot", at: slot.position)])
    }
  }
}
