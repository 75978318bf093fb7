// Output sections: declared in a place, at the top level, refined, extended.

extension MapBuilder {
  /// `section` in a place.
  mutating func buildPlacedSection(
    _ syntax: SectionSyntax, region: RegionID?
  ) -> MapSectionID? {
    let id = section(syntax.name)
    if let anchor = syntax.anchor {
      error(
        .attributeOutOfPlace,
        "'after' and 'before' are for sections outside of every place; here the order of the lines "
          + "counts", at: anchor.position)
    }
    let row = sectionRows[id.index]
    if isBuiltIn && row.isDeclaredByUser {
      if row.isPlaced || row.hasAnchor {
        let user = map.sections[id.index].position
        error(
          .secondSection,
          "section '\(map.sections[id.index].name)' belongs to the built-in layout", at: user,
          help: "write 'section \(map.sections[id.index].name) { … }' outside of every place to "
            + "refine it; with 'at ADDRESS;' to pin it")
        return nil
      }
    } else if row.isDeclared {
      secondSection(syntax, id)
      return nil
    }
    sectionRows[id.index].isPlaced = true
    sectionRows[id.index].region = region
    declare(syntax, id)
    return id
  }

  /// `section`, `extend` at the top level.
  mutating func buildTopLevelSection(_ syntax: SectionSyntax) {
    let id = section(syntax.name)
    if syntax.isExtension {
      let block = walk(syntax.items ?? [], section: id)
      for (kind, position) in block.attributes.positions {
        error(
          .attributeOutOfPlace,
          "'\(kind.name)' cannot stand in an 'extend'; it belongs in the "
            + "section itself", at: position)
      }
      extensions.append((id, block.items, block.bounds))
      return
    }
    if sectionRows[id.index].isDeclared {
      secondSection(syntax, id)
      return
    }
    if let anchor = syntax.anchor {
      sectionRows[id.index].hasAnchor = true
      anchored.append((.section(id), resolve(anchor, in: nil)))
    } else if !isBuiltIn {
      unplacedByUser.append(id)
    } else {
      map.unplaced.append(id)
    }
    declare(syntax, id)
  }

  private mutating func secondSection(_ syntax: SectionSyntax, _ id: MapSectionID) {
    error(
      .secondSection, "section '\(map.sections[id.index].name)' is already declared",
      at: syntax.name.position,
      notes: [MapDiagnostic.Note("first here", at: map.sections[id.index].position)],
      help: "'extend \(map.sections[id.index].name) { … }' adds to it")
  }

  /// Fills the row of a section; if the user refined it already, merges the built-in text into it.
  private mutating func declare(_ syntax: SectionSyntax, _ id: MapSectionID) {
    var block = SectionBlock()
    if let items = syntax.items {
      block = walk(items, section: id)
    } else {
      block.items = [.take(buildImpliedRule(syntax, id))]
    }
    let attributes = block.attributes
    checkContradictions(attributes, "section '\(map.sections[id.index].name)'")
    let refined = sectionRows[id.index].isDeclared
    var row = map.sections[id.index]
    row.at = row.at ?? attributes.at
    row.align = row.align ?? attributes.align
    row.pad = row.pad ?? attributes.pad
    row.size = row.size ?? attributes.exactSize
    row.min = row.min ?? attributes.min
    row.max = row.max ?? attributes.max
    if row.load == nil {
      (row.load, row.loadAlign) = (attributes.load, attributes.loadAlign)
    }
    row.access = row.access ?? attributes.access
    row.subalign = row.subalign ?? attributes.subalign
    row.fill = row.fill ?? attributes.fill
    row.noload = row.noload || attributes.noload
    row.nobits = row.nobits || attributes.nobits
    row.high = row.high || attributes.high
    row.relro = row.relro || attributes.relro
    row.always = row.always || attributes.always
    row.bounds += block.bounds
    row.items += block.items
    row.isBuiltIn = isBuiltIn
    if !refined { row.position = syntax.name.position }
    map.sections[id.index] = row
    if pinPositions[id] == nil, let position = attributes.atPosition { pinPositions[id] = position }
    sectionRows[id.index].isDeclared = true
    if !isBuiltIn { sectionRows[id.index].isDeclaredByUser = true }
  }

  /// What a block of a section holds.
  struct SectionBlock {
    var attributes = Attributes()
    var bounds: [Bound] = []
    var items: [SectionItem] = []
  }

  private mutating func walk(
    _ statements: [StatementSyntax], section id: MapSectionID,
    _ kind: AttributeBlock = .section
  ) -> SectionBlock {
    var block = SectionBlock()
    for statement in decided(statements) {
      switch statement {
      case .rule(let syntax): block.items.append(.take(buildRule(syntax, section: id)))
      case .hole(let size, _):
        if let size = resolve(size, .placement) { block.items.append(.hole(size)) }
      case .block(let syntax):
        if syntax.kind == .slot {
          if let slot = buildSlot(syntax, isInSection: true) { block.items.append(.slot(slot)) }
        } else {
          block.items.append(.group(buildSubgroup(syntax, section: id)))
        }
      case .attribute(let syntax): add(syntax, to: &block.attributes, in: kind)
      case .bound(let syntax): block.bounds.append(bound(syntax))
      case _: break
      }
    }
    return block
  }

  private mutating func buildSubgroup(
    _ syntax: BlockSyntax, section id: MapSectionID
  ) -> Subgroup {
    let block = walk(syntax.items, section: id, .subgroup)
    let name = syntax.name.map { string($0) }
    checkContradictions(block.attributes, name.map { "group '\($0)'" } ?? "the group")
    return Subgroup(
      name: name, offset: block.attributes.offset, align: block.attributes.align,
      pad: block.attributes.pad, size: block.attributes.exactSize, min: block.attributes.min,
      max: block.attributes.max, fill: block.attributes.fill, bounds: block.bounds,
      items: block.items, position: syntax.name?.position ?? syntax.position)
  }
}
