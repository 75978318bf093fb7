// Attributes: where each may stand, and what its value may be.
//
// The grammar allows every attribute in every block, so that a misplaced one gets a message that
// names the right place instead of a syntax error.

internal import Text

/// A block that can hold attributes: the columns of the table in section 6 of the design.
enum AttributeBlock: String, CaseIterable {
  case region = "a region"
  case place = "a place"
  case segment = "a segment"
  case group = "a group of a place"
  case overlay = "an overlay"
  case section = "a section"
  case subgroup = "a group of a section"
  case reserve = "a reserve"
  case slot = "a slot"
}

/// The attributes of one block, each at most once.
struct Attributes {
  var at: Expression?
  /// Where `at` stands, for messages about pins.
  var atPosition: SourcePosition?
  var offset: Expression?
  var align: Alignment?
  var pad: Padding?
  var size: Extent?
  var min: Expression?
  var max: Expression?
  var load: LoadAddress?
  /// Of the bytes where they are stored.
  var loadAlign: UInt64?
  var access: Access?
  var subalign: UInt64?
  var fill: Fill?
  var high = false
  var noload = false
  var nobits = false
  var relro = false
  var splits = false
  var always = false
  var required = false
  var positions: [AttributeSyntax.Kind: SourcePosition] = [:]

  /// The size, where `rest` cannot be.
  var exactSize: Expression? {
    if case .exactly(let size) = size { return size }
    return nil
  }
}

extension AttributeSyntax.Kind {
  var name: String {
    switch self {
    case .at: "at"
    case .offset: "at offset"
    case .align: "align"
    case .pad: "pad"
    case .size: "size"
    case .min: "min"
    case .max: "max"
    case .load: "load"
    case .access: "access"
    case .subalign: "subalign"
    case .fill: "fill"
    case .high: "high"
    case .noload: "noload"
    case .nobits: "nobits"
    case .relro: "relro"
    case .splits: "splits"
    case .always: "always"
    case .required: "required"
    case .mirrors: "mirrors"
    }
  }

  func isAllowed(in block: AttributeBlock) -> Bool {
    switch self {
    case .at: [.region, .section, .reserve, .slot].contains(block)
    case .offset: block == .subgroup
    case .align: block != .region
    case .pad: [.place, .segment, .group, .section, .subgroup].contains(block)
    case .size: [.region, .section, .subgroup, .reserve, .slot].contains(block)
    case .min, .max: [.section, .subgroup, .reserve].contains(block)
    case .load: [.region, .section, .group, .overlay].contains(block)
    case .access: [.region, .section].contains(block)
    case .subalign, .noload, .nobits, .always: block == .section
    case .fill: [.region, .section, .subgroup, .slot].contains(block)
    case .high: [.section, .reserve, .slot].contains(block)
    case .relro: [.segment, .section].contains(block)
    case .splits: block == .segment
    case .required: block == .slot
    case .mirrors: block == .region
    }
  }
}

extension MapBuilder {
  /// Takes in one attribute of a block.
  mutating func add(
    _ syntax: AttributeSyntax, to attributes: inout Attributes, in block: AttributeBlock
  ) {
    let kind = syntax.kind
    guard kind.isAllowed(in: block) else {
      let homes = AttributeBlock.allCases.filter { kind.isAllowed(in: $0) }.map(\.rawValue)
      let list =
        homes.count < 2
        ? homes.joined()
        : homes.dropLast().joined(separator: ", ") + " or " + (homes.last ?? "")
      error(
        .attributeOutOfPlace,
        "'\(kind.name)' cannot stand in \(block.rawValue); it belongs in \(list)",
        at: syntax.position)
      return
    }
    if let first = attributes.positions[kind] {
      error(
        .attributeOutOfPlace, "'\(kind.name)' is given twice", at: syntax.position,
        notes: [MapDiagnostic.Note("first here", at: first)])
      return
    }
    attributes.positions[kind] = syntax.position
    switch kind {
    case .at:
      attributes.at = resolved(syntax, .placement)
      attributes.atPosition = syntax.value?.position ?? syntax.position
    case .offset: attributes.offset = resolved(syntax, .placement)
    case .align: attributes.align = alignment(syntax)
    case .pad:
      if syntax.special == .pow2 {
        attributes.pad = .powerOfTwo
      } else if let multiple = resolved(syntax, .placement) {
        attributes.pad = .multiple(multiple)
        if multiple.constant?.number == 0 {
          error(.badNumber, "'pad 0' has no meaning", at: multiple.position)
        }
      }
    case .size:
      if syntax.special == .rest {
        attributes.size = .rest(syntax.position)
        if block != .reserve {
          error(
            .attributeOutOfPlace, "'size rest' belongs in a reserve, not in \(block.rawValue)",
            at: syntax.position)
        }
      } else if let size = resolved(syntax, .placement) {
        attributes.size = .exactly(size)
      }
    case .min: attributes.min = resolved(syntax, .placement)
    case .max: attributes.max = resolved(syntax, .placement)
    case .load:
      if let name = syntax.region {
        attributes.load = region(name).map { .region($0, name.position) }
      } else {
        attributes.load = resolved(syntax, .storing).map { .address($0) }
      }
      attributes.loadAlign = syntax.align.flatMap { alignmentConstant($0) }
    case .access: attributes.access = syntax.access
    case .subalign: attributes.subalign = syntax.value.flatMap { alignmentConstant($0) }
    case .fill: attributes.fill = fill(syntax)
    case .high: attributes.high = true
    case .noload: attributes.noload = true
    case .nobits: attributes.nobits = true
    case .relro: attributes.relro = true
    case .splits: attributes.splits = true
    case .always: attributes.always = true
    case .required: attributes.required = true
    case .mirrors: break
    }
  }

  private mutating func resolved(
    _ syntax: AttributeSyntax, _ level: ExpressionLevel
  ) -> Expression? {
    guard let value = syntax.value, let expression = resolve(value, level) else { return nil }
    if let constant = expression.constant, constant.unsigned == nil {
      error(.badNumber, "'\(syntax.kind.name)' cannot be negative", at: value.position)
      return nil
    }
    return expression
  }

  private mutating func alignment(_ syntax: AttributeSyntax) -> Alignment? {
    guard syntax.special == .pow2 else {
      return syntax.value.flatMap { alignmentConstant($0) }.map { .atLeast($0) }
    }
    guard let value = syntax.value else { return .powerOfTwo(minimum: 1) }
    return alignmentConstant(value).map { .powerOfTwo(minimum: $0) }
  }

  /// One byte repeated, or four bytes, most significant first.
  mutating func fill(_ syntax: AttributeSyntax) -> Fill? {
    switch syntax.special {
    case .nop: return .nop
    case .trap: return .trap
    case .none, .pow2, .rest: break
    }
    guard let value = syntax.value, let number = unsignedConstant(value, "a fill pattern") else {
      return nil
    }
    guard let pattern = UInt32(exactly: number) else {
      error(.badNumber, "a fill pattern has one byte or four", at: value.position)
      return nil
    }
    return .pattern(pattern <= 0xff ? pattern &* 0x0101_0101 : pattern)
  }

  /// What contradicts itself in any block.
  mutating func checkContradictions(_ attributes: Attributes, _ what: String) {
    let contradictions: [(AttributeSyntax.Kind, AttributeSyntax.Kind)] = [
      (.at, .high), (.noload, .nobits), (.noload, .load), (.nobits, .load),
    ]
    for (first, second) in contradictions {
      guard let one = attributes.positions[first], let other = attributes.positions[second] else {
        continue
      }
      let (early, late) = one.offset < other.offset ? (one, other) : (other, one)
      error(
        .attributeOutOfPlace, "\(what) cannot be both '\(first.name)' and '\(second.name)'",
        at: late, notes: [MapDiagnostic.Note("the other is here", at: early)])
    }
    if let low = attributes.min?.constant, let high = attributes.max?.constant,
      low.number > high.number, let position = attributes.positions[.max]
    {
      error(.attributeOutOfPlace, "'max' of \(what) is smaller than its 'min'", at: position)
    }
    if let pin = attributes.at?.constant?.unsigned, let position = attributes.atPosition,
      case .atLeast(let alignment) = attributes.align, pin % alignment != 0
    {
      error(
        .misalignedPin,
        "pinned address \(hexadecimal(pin)) is not a multiple of \(alignment), the alignment of "
          + what, at: position)
    }
    if settings.isPositionIndependent && !isBuiltIn, attributes.at != nil {
      error(
        .pinInPositionIndependent,
        "\(what) is pinned, but this output may be loaded anywhere", at: attributes.atPosition,
        help: "link with -no-pie")
    }
  }

  /// A bound with the names as they are.
  mutating func bound(_ syntax: BoundSyntax) -> Bound {
    Bound(
      edge: syntax.edge,
      names: syntax.names.map { BoundName(name: string($0), position: $0.position) },
      provide: syntax.provide, hidden: syntax.hidden, isBuiltIn: isBuiltIn)
  }
}
