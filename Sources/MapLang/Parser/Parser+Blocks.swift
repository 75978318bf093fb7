// Regions, places, sections, and what stands in them.

extension Parser {
  // MARK: - Memory

  /// `region ::= 'region' NAME ( '=' NAME ';' | ( 'in' NAME )? '{' region-item* '}' )`
  mutating func region() -> StatementSyntax {
    let start = here
    advance()
    let name = name("the name of a region", allowString: false)
    if take(.assign) {
      let target = self.name("the name of a region", allowString: false)
      finishStatement()
      return .regionAlias(name: name, of: target)
    }
    var parent: SyntaxText?
    if keyword == .in {
      advance()
      parent = self.name("the name of a region", allowString: false)
    }
    let items = block { $0.regionItem() }
    if isRecovering { skipStatement() }
    return .region(
      RegionSyntax(
        name: name, parent: parent, items: items, position: Self.join(start, name.position)))
  }

  /// `region-item`
  private mutating func regionItem() -> StatementSyntax? {
    switch keyword {
    case .at, .size, .access, .load, .fill:
      guard let attribute = attribute() else { return nil }
      if case .attribute(let syntax) = attribute, syntax.kind == .offset {
        diagnostics.append(
          MapDiagnostic(.syntax, "'at offset' stands in a group of a section", at: syntax.position))
      } else if case .attribute(let syntax) = attribute, syntax.special != .none {
        diagnostics.append(
          MapDiagnostic(.syntax, "a region takes a number here", at: syntax.position))
      }
      return attribute
    case .mirrors:
      let start = here
      advance()
      let region = name("the name of a region", allowString: false)
      finishStatement()
      return .attribute(AttributeSyntax(kind: .mirrors, region: region, position: start))
    case .when: return cond { $0.regionItem() }
    case .provide, .hidden, .start, .end, .length, .loadStart, .loadEnd: return bound()
    case let other:
      return unexpectedStatement(
        other, "a property of a region",
        [.at, .size, .access, .load, .fill, .mirrors, .when, .provide, .start, .end, .length])
    }
  }

  // MARK: - Placement

  /// `place ::= 'place' target anchor? '{' place-item* '}'`
  mutating func place() -> StatementSyntax {
    let start = here
    advance()
    var region: SyntaxText?
    var at: ExpressionSyntax?
    var load: ExpressionSyntax?
    // `target`
    switch keyword {
    case .in:
      advance()
      region = name("the name of a region", allowString: false)
      if keyword == .at {
        advance()
        at = expr()
      }
    case .at:
      advance()
      at = expr()
      if keyword == .load {
        advance()
        if keyword == .at {
          advance()
        } else {
          fail("expected 'at' behind 'load', found \(found)", help: Self.loadInHelp)
        }
        load = expr()
      }
    case _: fail("expected 'in REGION' or 'at ADDRESS' behind 'place', found \(found)")
    }
    let anchor = anchor()
    if region != nil, keyword == .load {
      fail("expected '{', found 'load'", help: Self.loadInHelp)
    }
    if isRecovering && token.kind != .openBrace {
      skipStatement()
      return .place(PlaceSyntax(items: [], position: start))
    }
    isRecovering = false
    let items = block { $0.placeItem() }
    if isRecovering { skipStatement() }
    return .place(
      PlaceSyntax(
        region: region, at: at, load: load, anchor: anchor, items: items, position: start))
  }

  /// `anchor ::= ( 'after' | 'before' ) name`
  private mutating func anchor() -> AnchorSyntax? {
    guard keyword == .after || keyword == .before else { return nil }
    let side = keyword == .after ? Anchor.Side.after : .before
    let start = here
    advance()
    let section = name("the name of a section")
    return AnchorSyntax(
      side: side, section: section, position: Self.join(start, section.position))
  }

  /// `place-item`
  mutating func placeItem() -> StatementSyntax? {
    let start = here
    switch keyword {
    case .section: return section()
    case .reserve: return namedBlock(.reserve) { $0.reserveItem() }
    case .slot: return namedBlock(.slot) { $0.slotItem() }
    case .group: return optionallyNamedBlock(.group) { $0.placeItem() }
    case .overlay: return optionallyNamedBlock(.overlay) { $0.placeItem() }
    case .segment: return segment()
    case .image:
      advance()
      let name = name("the name of a section")
      finishStatement()
      return .image(name, start)
    case .headers:
      advance()
      var isListed: Bool?
      if keyword == .phdr {
        advance()
        isListed = keyword != .nothing
        if keyword == .nothing { advance() }
      }
      finishStatement()
      return .headers(start, isListed: isListed)
    case .orphans: return gather()
    case .when: return cond { $0.placeItem() }
    case let other:
      return attributeOrBound()
        ?? unexpectedStatement(
          other, "an item of a place",
          [
            .section, .reserve, .slot, .group, .overlay, .segment, .image, .headers, .orphans,
            .when, .start,
            .end, .length, .provide, .align, .pad, .relro, .splits,
          ])
    }
  }

  /// `reserve NAME { … }`, `slot NAME { … }`
  private mutating func namedBlock(
    _ kind: BlockSyntax.Kind, _ item: (inout Parser) -> StatementSyntax?
  ) -> StatementSyntax {
    let start = here
    advance()
    let name = name("a name", allowString: false)
    return finishBlock(BlockSyntax(kind: kind, name: name, items: [], position: start), item)
  }

  /// `group NAME? { … }`, `overlay NAME? { … }`
  private mutating func optionallyNamedBlock(
    _ kind: BlockSyntax.Kind, _ item: (inout Parser) -> StatementSyntax?
  ) -> StatementSyntax {
    let start = here
    advance()
    let name = token.kind == .name ? name("a name", allowString: false) : nil
    return finishBlock(BlockSyntax(kind: kind, name: name, items: [], position: start), item)
  }

  private mutating func finishBlock(
    _ block: BlockSyntax, _ item: (inout Parser) -> StatementSyntax?
  ) -> StatementSyntax {
    var block = block
    block.items = self.block(item)
    if isRecovering { skipStatement() }
    return .block(block)
  }

  /// `segment ::= 'segment' NAME ACCESS? '{' place-item* '}'`
  private mutating func segment() -> StatementSyntax {
    let start = here
    advance()
    let name = name("a name", allowString: false)
    let access = token.kind == .name ? access() : nil
    return finishBlock(
      BlockSyntax(kind: .segment, name: name, access: access, items: [], position: start)
    ) { $0.placeItem() }
  }

  /// `( attribute | bound )`
  private mutating func reserveItem() -> StatementSyntax? {
    attributeOrBound()
      ?? unexpectedStatement(
        keyword, "a property of a reserve",
        [.at, .align, .size, .min, .max, .high, .start, .end, .length, .provide])
  }

  private mutating func slotItem() -> StatementSyntax? {
    if keyword == .word { return words() }
    if let keyword, Self.isAttribute(keyword) { return attribute() }
    return unexpectedStatement(
      keyword, "a property of a slot", [.at, .align, .size, .fill, .high, .required, .word])
  }

  /// `words ::= 'word' ( 'u8' | 'u16' | 'u32' | 'u64' ) expr ( ',' expr )* ';'`
  private mutating func words() -> StatementSyntax {
    advance()
    var size = 4
    switch keyword {
    case .u8: size = 1
    case .u16: size = 2
    case .u32: size = 4
    case .u64: size = 8
    case _:
      fail("expected 'u8', 'u16', 'u32' or 'u64', found \(found)", help: "word u32 VALUE;")
    }
    if !isRecovering { advance() }
    var values = [expr()]
    while take(.comma) { values.append(expr()) }
    finishStatement()
    return .words(size: size, values)
  }

  // MARK: - Mapping

  /// `section`, `extend`
  mutating func section() -> StatementSyntax {
    let start = here
    let isExtension = keyword == .extend
    advance()
    let name = name("the name of a section")
    let anchor = isExtension ? nil : anchor()
    var items: [StatementSyntax]?
    if token.kind == .semicolon && !isExtension {
      finishStatement()
    } else {
      items = block { $0.sectionItem() }
      if isRecovering { skipStatement() }
    }
    return .section(
      SectionSyntax(
        isExtension: isExtension, name: name, anchor: anchor, items: items,
        position: Self.join(start, name.position)))
  }

  /// `section-item`
  private mutating func sectionItem() -> StatementSyntax? {
    let start = here
    switch keyword {
    case .take, .keep, .prefer, .optional: return take()
    case .group: return optionallyNamedBlock(.group) { $0.sectionItem() }
    case .reserve:
      advance()
      let size = expr()
      finishStatement()
      return .hole(size, Self.join(start, size.position))
    case .slot: return namedBlock(.slot) { $0.slotItem() }
    case .when: return cond { $0.sectionItem() }
    case let other:
      return attributeOrBound()
        ?? unexpectedStatement(
          other, "an item of a section",
          [
            .take, .keep, .prefer, .optional, .group, .reserve, .slot, .when, .at, .align, .pad,
            .size, .min,
            .max, .load, .access, .subalign, .fill, .high, .noload, .nobits, .relro, .always,
            .start, .end, .length, .loadStart, .loadEnd, .provide, .hidden,
          ])
    }
  }

  // MARK: - Attributes and bounds

  private static func isAttribute(_ keyword: Keyword) -> Bool {
    switch keyword {
    case .at, .align, .pad, .size, .min, .max, .load, .access, .subalign, .fill, .high, .noload,
      .nobits, .relro, .splits, .always, .required:
      true
    case _: false
    }
  }

  /// An attribute or a bound, if one begins here.
  private mutating func attributeOrBound() -> StatementSyntax? {
    guard let keyword else { return nil }
    if Self.isAttribute(keyword) { return attribute() }
    switch keyword {
    case .provide, .hidden, .start, .end, .length, .loadStart, .loadEnd: return bound()
    case _: return nil
    }
  }

  /// `attribute`
  mutating func attribute() -> StatementSyntax? {
    guard let keyword else { return nil }
    var attribute = AttributeSyntax(kind: .high, position: here)
    advance()
    switch keyword {
    case .at:
      attribute.kind = .at
      if self.keyword == .offset {
        attribute.kind = .offset
        advance()
      }
      attribute.value = expr()
    case .align:
      attribute.kind = .align
      special(&attribute, .pow2, .pow2)
      if attribute.special == .none || token.kind != .semicolon { attribute.value = expr() }
    case .pad:
      attribute.kind = .pad
      special(&attribute, .pow2, .pow2)
      if attribute.special == .none { attribute.value = expr() }
    case .size:
      attribute.kind = .size
      special(&attribute, .rest, .rest)
      if attribute.special == .none { attribute.value = expr() }
    case .min, .max, .subalign:
      attribute.kind = keyword == .min ? .min : keyword == .max ? .max : .subalign
      attribute.value = expr()
    case .fill:
      attribute.kind = .fill
      special(&attribute, .nop, .nop)
      if attribute.special == .none { special(&attribute, .trap, .trap) }
      if attribute.special == .none { attribute.value = expr() }
    case .load:
      attribute.kind = .load
      if self.keyword == .in {
        advance()
        attribute.region = name("the name of a region", allowString: false)
        if self.keyword == .align {
          advance()
          attribute.align = expr()
        }
      } else if self.keyword == .at {
        advance()
        attribute.value = expr()
      } else {
        fail(
          "expected 'in REGION' or 'at ADDRESS' behind 'load', found \(found)", help: loadBoundHelp)
      }
    case .access:
      attribute.kind = .access
      attribute.access = access()
    case .high: attribute.kind = .high
    case .noload: attribute.kind = .noload
    case .nobits: attribute.kind = .nobits
    case .relro: attribute.kind = .relro
    case .splits: attribute.kind = .splits
    case .always: attribute.kind = .always
    case .required: attribute.kind = .required
    case _: return nil
    }
    finishStatement()
    return .attribute(attribute)
  }

  private mutating func special(
    _ attribute: inout AttributeSyntax, _ word: Keyword, _ meaning: AttributeSyntax.Special
  ) {
    guard keyword == word else { return }
    attribute.special = meaning
    advance()
  }

  /// `ACCESS ::= 'r' 'w'? 'x'? | 'w' 'x'? | 'x'`
  private mutating func access() -> Access {
    var rest = bytes(of: token)
    var access: Access = []
    if token.kind == .name {
      for (letter, right) in [
        (UInt8(ascii: "r"), Access.read), (UInt8(ascii: "w"), .write),
        (UInt8(ascii: "x"), .execute),
      ] where rest.first == letter {
        access.insert(right)
        rest = rest.dropFirst()
      }
    }
    guard token.kind == .name, rest.isEmpty, !access.isEmpty else {
      fail("expected access rights (r, w, x in this order), found \(found)")
      return .read
    }
    advance()
    return access
  }

  /// `bound`
  private mutating func bound() -> StatementSyntax? {
    let (provide, hidden) = visibility()
    let edge: Bound.Edge
    switch keyword {
    case .start: edge = .start
    case .end: edge = .end
    case .length: edge = .length
    case .loadStart: edge = .loadStart
    case .loadEnd: edge = .loadEnd
    case _:
      fail("expected 'start', 'end', 'length', 'load_start' or 'load_end', found \(found)")
      skipStatement()
      return nil
    }
    let word = text(of: token)
    advance()
    if token.kind == .integer {
      fail(
        "expected the name of a symbol, found \(found)",
        help: "'\(word) NAME;' defines a symbol; addresses and sizes are 'at' and 'size'")
    }
    let names = names("the name of a symbol")
    finishStatement()
    return .bound(BoundSyntax(edge: edge, provide: provide, hidden: hidden, names: names))
  }
}
