// The tree: what the text says, before anything is resolved.
//
// Nodes hold stretches of the text, not strings. One enum serves the statements of every block,
// since the blocks share most of them (`when` stands in all); the parser has already seen to it that
// a statement stands only where the grammar allows it. Which *attribute* makes sense in which block
// is a question of meaning and is asked later.

/// A name, string, word or keyword in the text.
struct SyntaxText: Sendable {
  var position: SourcePosition
  /// Whether it stood in quotes; the quotes belong to the stretch.
  var isQuoted = false
}

indirect enum ExpressionSyntax: Sendable {
  /// An integer with its unit applied; nil: too large (and reported).
  case integer(UInt64, SourcePosition)
  case name(SyntaxText)
  case unary(UnaryOperator, ExpressionSyntax, SourcePosition)
  case binary(BinaryOperator, ExpressionSyntax, ExpressionSyntax, SourcePosition)
  /// `start(.text)`: the function, and what it is asked of.
  case geometry(GeometryFunction, SyntaxText, SourcePosition)
  case numeric(NumericFunction, [ExpressionSyntax], SourcePosition)
  /// Stands for what was wrong and has been reported.
  case invalid(SourcePosition)

  var position: SourcePosition {
    switch self {
    case .integer(_, let position), .unary(_, _, let position), .binary(_, _, _, let position),
      .geometry(_, _, let position), .numeric(_, _, let position), .invalid(let position):
      position
    case .name(let text): text.position
    }
  }
}

enum GeometryFunction: UInt8, CaseIterable, Sendable {
  case start, end, size, loadStart, loadEnd, used, free, alignOf, fileOffset, sym

  var text: StaticString {
    switch self {
    case .start: "start"
    case .end: "end"
    case .size: "size"
    case .loadStart: "load_start"
    case .loadEnd: "load_end"
    case .used: "used"
    case .free: "free"
    case .alignOf: "align_of"
    case .fileOffset: "file_offset"
    case .sym: "sym"
    }
  }
}

enum StatementSyntax: Sendable {
  case include(SyntaxText, SourcePosition)
  case constant(ConstantSyntax)
  indirect case condition(ConditionSyntax)
  case entry(SyntaxText)
  case root([SyntaxText])
  /// nil: `pages none`.
  case pages(ExpressionSyntax?, SourcePosition)
  case extendsDefault(SourcePosition)
  case orphans(OrphanPolicy, SourcePosition)
  case spare([SpareSyntax])
  indirect case region(RegionSyntax)
  case regionAlias(name: SyntaxText, of: SyntaxText)
  indirect case place(PlaceSyntax)
  indirect case section(SectionSyntax)
  indirect case rule(RuleSyntax)
  indirect case symbol(SymbolSyntax)
  case assertion(ExpressionSyntax, message: SyntaxText?, SourcePosition)
  indirect case block(BlockSyntax)
  case image(SyntaxText, SourcePosition)
  /// `isListed`: whether PT_PHDR is wanted.
  case headers(SourcePosition, isListed: Bool?)
  case hole(ExpressionSyntax, SourcePosition)
  /// `word u32 e, f;`: the bytes of each.
  case words(size: Int, [ExpressionSyntax])
  indirect case attribute(AttributeSyntax)
  case bound(BoundSyntax)
}

struct ConstantSyntax: Sendable {
  var isParameter: Bool
  var name: SyntaxText
  var value: ExpressionSyntax
}

struct ConditionSyntax: Sendable {
  var condition: ExpressionSyntax
  var body: [StatementSyntax]
  var otherwise: [StatementSyntax]
}

struct SpareSyntax: Sendable {
  enum Kind: Sendable { case programHeaders, dynamicTags, dynamicStringBytes, interpreterBytes }
  var kind: Kind
  var count: ExpressionSyntax
  var position: SourcePosition
}

struct RegionSyntax: Sendable {
  var name: SyntaxText
  /// `in R`: the region that it is a part of.
  var parent: SyntaxText?
  var items: [StatementSyntax]
  /// From `region` to the name.
  var position: SourcePosition
}

struct AnchorSyntax: Sendable {
  var side: Anchor.Side
  var section: SyntaxText
  var position: SourcePosition
}

struct PlaceSyntax: Sendable {
  /// nil: an anonymous region.
  var region: SyntaxText?
  var at: ExpressionSyntax?
  var load: ExpressionSyntax?
  var anchor: AnchorSyntax?
  var items: [StatementSyntax]
  var position: SourcePosition
}

struct SectionSyntax: Sendable {
  var isExtension: Bool
  var name: SyntaxText
  var anchor: AnchorSyntax?
  /// nil: `section N;`.
  var items: [StatementSyntax]?
  var position: SourcePosition
}

struct BlockSyntax: Sendable {
  enum Kind: Sendable { case group, overlay, segment, reserve, slot }
  var kind: Kind
  var name: SyntaxText?
  var access: Access?
  var items: [StatementSyntax]
  /// The keyword.
  var position: SourcePosition
}

struct RuleSyntax: Sendable {
  var kind: RuleKind
  var keep = false
  var isOptional = false
  /// Only for what no other rule takes.
  var isForOrphans = false
  /// The word `prefer`; nil: it is not there.
  var preferPosition: SourcePosition?
  var selectors: [SelectorSyntax] = []
  var except: [SelectorSyntax] = []
  var sort: [SortKey] = []
  var order: SyntaxText?
  var message: SyntaxText?
  var position: SourcePosition
}

/// `a.o(.text .data)`, or a section pattern alone.
struct SelectorSyntax: Sendable {
  var file: SyntaxText?
  var sections: [SyntaxText]
}

struct AttributeSyntax: Sendable {
  enum Kind: UInt8, Sendable {
    case at, offset, align, pad, size, min, max, load, access, subalign, fill
    case high, noload, nobits, relro, splits, always, required, mirrors
  }
  /// What stood in place of an expression.
  enum Special: UInt8, Sendable { case none, pow2, rest, nop, trap }

  var kind: Kind
  var special: Special = .none
  var value: ExpressionSyntax?
  /// `load in R`, `mirrors R`.
  var region: SyntaxText?
  /// `load in R align e`.
  var align: ExpressionSyntax?
  var access: Access?
  /// The keyword.
  var position: SourcePosition
}

struct BoundSyntax: Sendable {
  var edge: Bound.Edge
  var provide: Bool
  var hidden: Bool
  var names: [SyntaxText]
}

struct SymbolSyntax: Sendable {
  var name: SyntaxText
  var value: ExpressionSyntax
  var provide: Bool
  var hidden: Bool
}

/// What one file says.
struct SyntaxTree: Sendable {
  var statements: [StatementSyntax]
  /// Where `smap` stands; in an included file, its first byte.
  var versionPosition: SourcePosition
}
