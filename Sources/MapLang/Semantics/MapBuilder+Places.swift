// The walk over the statements: places and what stands in them.

internal import Text

extension MapBuilder {
  /// All steps behind reading.
  mutating func build() {
    buildRegions()
    isBuiltIn = false
    map.orphans = map.extendsDefault || settings.isRelocatable ? .place : .error
    for statement in userStatements { buildTopLevel(statement) }
    isBuiltIn = true
    for statement in builtInStatements { buildTopLevel(statement) }
    isBuiltIn = false
    mergeAndAnchor()
    checkWhole()
  }

  private mutating func buildTopLevel(_ statement: StatementSyntax) {
    if settings.isRelocatable && !isBuiltIn { checkRelocatable(statement) }
    switch statement {
    case .entry(let name):
      if map.entry == nil || map.entry?.isBuiltIn == isBuiltIn {
        if let first = map.entry {
          error(
            .redefinition, "a second 'entry'", at: name.position,
            notes: [MapDiagnostic.Note("first here", at: first.position)])
        }
        map.entry = symbol(name)
      }
    case .root(let names): map.roots += names.map { symbol($0) }
    case .pages(let size, let position): buildPages(size, position)
    case .orphans(let policy, let position):
      // The user's word comes first and stays.
      if isBuiltIn && orphansAreSet { return }
      if orphansAreSet {
        error(
          .redefinition, "a second 'orphans'", at: position,
          notes: [MapDiagnostic.Note("first here", at: map.orphansPosition)])
        return
      }
      orphansAreSet = true
      map.orphans = policy
      map.orphansPosition = position
    case .spare(let items): for item in items { buildSpare(item) }
    case .place(let syntax): buildPlace(syntax)
    case .section(let syntax): buildTopLevelSection(syntax)
    case .rule(let syntax): _ = buildRule(syntax, section: nil)
    case .symbol(let syntax):
      guard let value = resolve(syntax.value, .observing) else { return }
      map.symbols.append(
        SymbolDefinition(
          name: string(syntax.name), value: value, provide: syntax.provide, hidden: syntax.hidden,
          isBuiltIn: isBuiltIn, position: syntax.name.position))
    case .assertion(let condition, let message, let position):
      guard let condition = resolve(condition, .observing) else { return }
      if let value = condition.constant, value.number == 0 {
        error(
          .assertionFailed, message.map { string($0) } ?? "the assertion does not hold",
          at: position)
      }
      map.assertions.append(
        Assertion(
          condition: condition, message: message.map { string($0) }, isBuiltIn: isBuiltIn,
          position: position))
    case .include, .constant, .condition, .extendsDefault, .region, .regionAlias, .block, .image,
      .headers, .hole, .words, .attribute, .bound:
      break
    }
  }

  private func symbol(_ text: SyntaxText) -> NamedSymbol {
    NamedSymbol(name: string(text), isBuiltIn: isBuiltIn, position: text.position)
  }

  private mutating func buildPages(_ size: ExpressionSyntax?, _ position: SourcePosition) {
    if let first = pagesPosition {
      if !isBuiltIn {
        error(
          .redefinition, "a second 'pages'", at: position,
          notes: [MapDiagnostic.Note("first here", at: first)])
      }
      return
    }
    pagesPosition = position
    if !isBuiltIn { map.pagesPosition = position }
    if let size {
      if let number = alignmentConstant(size) { map.pages = .size(number) }
    } else {
      map.pages = .none
    }
  }

  private mutating func buildSpare(_ item: SpareSyntax) {
    guard let count = unsignedConstant(item.count, "a count") else { return }
    guard count <= 1 << 24 else {
      error(.badNumber, "room for \(count) is more than any file can use", at: item.count.position)
      return
    }
    let path: WritableKeyPath<Spare, UInt64?> =
      switch item.kind {
      case .programHeaders: \.programHeaders
      case .dynamicTags: \.dynamicTags
      case .dynamicStringBytes: \.dynamicStringBytes
      case .interpreterBytes: \.interpreterBytes
      }
    if map.spare[keyPath: path] == nil {
      map.spare[keyPath: path] = count
    } else if !isBuiltIn {
      error(.redefinition, "given twice", at: item.position)
    }
  }

  // MARK: - Places

  private mutating func buildPlace(_ syntax: PlaceSyntax) {
    let target: PlaceTarget
    if let name = syntax.region {
      guard let region = region(name) else {
        // Go on, for the other errors of the block.
        _ = walk(syntax.items, .place, region: nil)
        return
      }
      var start: UInt64?
      if let at = syntax.at {
        start = unsignedConstant(at, "an address")
        if let start, resolveRegionRange(region) {
          let row = map.regions[region.index]
          if start < row.at || row.size.map({ start - row.at >= $0 }) == true {
            error(
              .pinOutsideRegion, "\(hexadecimal(start)) lies outside of region '\(row.name)'",
              at: at.position, notes: [MapDiagnostic.Note("the region", at: row.position)])
          }
        }
      }
      target = .region(region, at: start)
    } else {
      guard let at = syntax.at, let start = unsignedConstant(at, "an address") else {
        _ = walk(syntax.items, .place, region: nil)
        return
      }
      if settings.isPositionIndependent && !isBuiltIn && start != 0 {
        error(
          .pinInPositionIndependent,
          "a place at an address, but this output may be loaded anywhere",
          at: at.position, help: "link with -no-pie")
      }
      target = .address(start, load: syntax.load.flatMap { unsignedConstant($0, "an address") })
    }
    var region: RegionID?
    if case .region(let id, _) = target { region = id }
    let block = walk(syntax.items, .place, region: region)
    let place = MapPlace(
      target: target, align: block.attributes.align, pad: block.attributes.pad,
      bounds: block.bounds, items: block.items, isBuiltIn: isBuiltIn, position: syntax.position)
    guard let anchor = syntax.anchor else {
      map.places.append(place)
      return
    }
    if syntax.at != nil {
      error(
        .attributeOutOfPlace, "a place has an address or stands next to a section, not both",
        at: anchor.position)
    }
    anchored.append(
      (
        .group(
          Group(
            name: nil, align: place.align, pad: place.pad, bounds: place.bounds,
            items: place.items, isBuiltIn: isBuiltIn, position: place.position)),
        resolve(anchor, in: region)
      ))
  }

  mutating func resolve(_ syntax: AnchorSyntax, in region: RegionID?) -> Anchor {
    let anchor = Anchor(
      side: syntax.side, section: section(syntax.section), position: syntax.position)
    if let region { anchorRegions.append((anchor, region)) }
    return anchor
  }

  /// What a block of a place holds.
  struct PlaceBlock {
    var attributes = Attributes()
    var bounds: [Bound] = []
    var items: [PlaceItem] = []
  }

  /// Walks over the items of a place, group, segment or overlay.
  private mutating func walk(
    _ statements: [StatementSyntax], _ kind: AttributeBlock, region: RegionID?
  ) -> PlaceBlock {
    var block = PlaceBlock()
    for statement in decided(statements) {
      switch statement {
      case .section(let syntax):
        if let id = buildPlacedSection(syntax, region: region) { block.items.append(.section(id)) }
      case .block(let syntax):
        if let item = buildBlock(syntax, region: region) { block.items.append(item) }
      case .image(let name, let position):
        block.items.append(.image(section(name), position))
      case .headers(let position, let isListed):
        block.items.append(.headers(position))
        map.listsProgramHeaders = isListed ?? map.listsProgramHeaders
      case .rule(let syntax): block.items.append(.orphans(buildRule(syntax, section: nil)))
      case .attribute(let syntax): add(syntax, to: &block.attributes, in: kind)
      case .bound(let syntax): block.bounds.append(bound(syntax))
      case _: break
      }
    }
    return block
  }

  private mutating func buildBlock(_ syntax: BlockSyntax, region: RegionID?) -> PlaceItem? {
    switch syntax.kind {
    case .group, .overlay:
      let isOverlay = syntax.kind == .overlay
      let block = walk(syntax.items, isOverlay ? .overlay : .group, region: region)
      let attributes = block.attributes
      let group = Group(
        name: syntax.name.map { string($0) }, align: attributes.align, pad: attributes.pad,
        load: attributes.load, loadAlign: attributes.loadAlign, bounds: block.bounds,
        items: block.items, isBuiltIn: isBuiltIn, position: syntax.name?.position ?? syntax.position
      )
      if isOverlay {
        checkOverlay(group, attributes)
      } else if group.load != nil {
        checkStoredTogether(group)
      }
      return isOverlay ? .overlay(group) : .group(group)
    case .segment:
      let block = walk(syntax.items, .segment, region: region)
      let position = syntax.name?.position ?? syntax.position
      let name = syntax.name.map { string($0) } ?? ""
      declareName(name, of: "segment", at: position)
      return .segment(
        MapSegment(
          name: name, access: syntax.access, align: block.attributes.align,
          pad: block.attributes.pad, relro: block.attributes.relro,
          splits: block.attributes.splits, bounds: block.bounds, items: block.items,
          isBuiltIn: isBuiltIn, position: position))
    case .reserve: return buildReserve(syntax)
    case .slot: return buildSlot(syntax, isInSection: false).map { .slot($0) }
    }
  }

  private mutating func buildReserve(_ syntax: BlockSyntax) -> PlaceItem? {
    let name = syntax.name.map { string($0) } ?? ""
    let position = syntax.name?.position ?? syntax.position
    declareName(name, of: "reserve", at: position)
    var attributes = Attributes()
    var bounds: [Bound] = []
    for statement in decided(syntax.items) {
      if case .attribute(let attribute) = statement {
        add(attribute, to: &attributes, in: .reserve)
      } else if case .bound(let syntax) = statement {
        bounds.append(bound(syntax))
      }
    }
    checkContradictions(attributes, "'\(name)'")
    guard let size = attributes.size else {
      if attributes.positions[.size] == nil {
        error(
          .attributeOutOfPlace, "reserve '\(name)' has no size", at: position,
          help: "add 'size BYTES;' or 'size rest;'")
      }
      return nil
    }
    map.reserves.append(
      Reserve(
        name: name, at: attributes.at, align: attributes.align, size: size, min: attributes.min,
        max: attributes.max, high: attributes.high, bounds: bounds, position: position))
    return .reserve(ReserveID(map.reserves.count - 1))
  }

  mutating func buildSlot(_ syntax: BlockSyntax, isInSection: Bool) -> SlotID? {
    let name = syntax.name.map { string($0) } ?? ""
    let position = syntax.name?.position ?? syntax.position
    declareName(name, of: "slot", at: position)
    if name.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "$") }) {
      error(
        .attributeOutOfPlace, "the name of a slot is a C identifier, and '\(name)' is none",
        at: position)
    }
    var attributes = Attributes()
    var words: [SlotWord] = []
    for statement in decided(syntax.items) {
      if case .attribute(let attribute) = statement {
        add(attribute, to: &attributes, in: .slot)
      } else if case .words(let size, let values) = statement {
        for value in values {
          if let value = resolve(value, .observing) {
            words.append(SlotWord(size: size, value: value))
          }
        }
      }
    }
    let filled = words.reduce(0) { $0 + UInt64($1.size) }
    if !words.isEmpty && attributes.positions[.size] == nil {
      attributes.size = .exactly(.number(Value(filled), position))
    }
    if let size = attributes.exactSize?.constant?.unsigned, filled > size {
      error(
        .sizeViolated, "slot '\(name)' has \(size) bytes, and its words need \(filled)",
        at: position)
    }
    if isInSection {
      for kind in [AttributeSyntax.Kind.at, .high] {
        guard let place = attributes.positions[kind] else { continue }
        error(
          .attributeOutOfPlace,
          "a slot inside a section follows what stands before it; '\(kind.name)' needs a slot in a "
            + "place", at: place)
      }
    }
    checkContradictions(attributes, "slot '\(name)'")
    guard let size = attributes.exactSize else {
      if attributes.positions[.size] == nil {
        error(
          .attributeOutOfPlace, "slot '\(name)' has no size", at: position,
          help: "add 'size BYTES;'")
      }
      return nil
    }
    map.slots.append(
      MapSlot(
        name: name, at: attributes.at, align: attributes.align, size: size, words: words,
        fill: attributes.fill, high: attributes.high, required: attributes.required,
        isInSection: isInSection, position: position))
    return SlotID(map.slots.count - 1)
  }

  /// SM102 for a second block of one sort and name.
  private mutating func declareName(_ name: String, of sort: String, at position: SourcePosition) {
    if let first = blockNames["\(sort) \(name)"] {
      error(
        .redefinition, "\(sort) '\(name)' is already declared", at: position,
        notes: [MapDiagnostic.Note("first here", at: first)])
    } else {
      blockNames["\(sort) \(name)"] = position
    }
  }

  // MARK: - Relocatable output

  private mutating func checkRelocatable(_ statement: StatementSyntax) {
    let offender: (String, SourcePosition)? =
      switch statement {
      case .entry(let name): ("entry", name.position)
      case .root(let names): names.first.map { ("root", $0.position) }
      case .pages(_, let position): ("pages", position)
      case .orphans(_, let position): ("orphans", position)
      case .spare(let items): items.first.map { ("spare", $0.position) }
      case .place(let place): ("place", place.position)
      case .symbol(let symbol): ("symbol", symbol.name.position)
      case .assertion(_, _, let position): ("assert", position)
      case .section(let section): section.isExtension ? ("extend", section.position) : nil
      case .include, .constant, .condition, .extendsDefault, .region, .regionAlias, .rule, .block,
        .image, .headers, .hole, .words, .attribute, .bound:
        nil
      }
    if let (name, position) = offender { refuseToPlace(name, at: position) }
  }

  /// SM106 for what says where something is.
  mutating func refuseToPlace(_ word: String, at position: SourcePosition) {
    error(.doesNotFitLink, "'\(word)' has no meaning with -r, which places nothing", at: position)
  }
}
