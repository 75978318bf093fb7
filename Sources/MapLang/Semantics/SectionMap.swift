// The checked map: plain values, without the text they came from.
//
// This is the door between the language and the layout engine. Before: text, tokens, a tree, names.
// After: ids; constants folded; every name resolved; attributes only where they mean something;
// includes, conditions, `extends default` and anchors worked in. What is still open are questions
// that only a link can answer, and they are `Expression`s over ids.

/// A whole map.
public struct SectionMap: Sendable {
  public var pages: Pages = .unspecified
  /// Where the user says `pages`; nil: only the built-in map does, or nobody.
  public var pagesPosition: SourcePosition?
  public var entry: NamedSymbol?
  public var roots: [NamedSymbol] = []
  public var orphans: OrphanPolicy = .error
  /// Where `orphans` stands, or else `smap`: messages about orphans point there.
  public var orphansPosition: SourcePosition
  public var spare = Spare()
  /// Whether the map refines the built-in one.
  public var extendsDefault = false
  /// Whether it is for -r: only the rules count.
  public var isRelocatable = false

  public var regions: [Region] = []
  /// In the order of the text.
  public var places: [Place] = []
  /// Sections outside every place (`-r`, or refined maps): they go where their kind goes.
  public var unplaced: [OutputSectionID] = []

  public var sections: [OutputSection] = []
  /// All sections, those whose sizes others depend on before them; empty if none does.
  public var sizeOrder: [OutputSectionID] = []
  public var rules: [Rule] = []
  public var slots: [Slot] = []
  public var reserves: [Reserve] = []
  public var symbols: [SymbolDefinition] = []
  public var assertions: [Assertion] = []

  /// The texts, for messages.
  public var sources: SourceSet
  /// Range of numbers in expressions.
  public var width: NumberWidth = .bits64

  public init(sources: SourceSet, orphansPosition: SourcePosition) {
    self.sources = sources
    self.orphansPosition = orphansPosition
  }

  public subscript(id: RuleID) -> Rule { rules[id.index] }
  public subscript(id: OutputSectionID) -> OutputSection { sections[id.index] }
  public subscript(id: RegionID) -> Region { regions[id.index] }
  public subscript(id: SlotID) -> Slot { slots[id.index] }
  public subscript(id: ReserveID) -> Reserve { reserves[id.index] }

  /// The output section of that name.
  public func section(named name: String) -> OutputSectionID? {
    sections.firstIndex { $0.name == name }.map { OutputSectionID($0) }
  }

  /// The region of that name or alias.
  public func region(named name: String) -> RegionID? {
    regions.firstIndex { $0.name == name || $0.aliases.contains(name) }.map { RegionID($0) }
  }
}

public enum Pages: Sendable, Hashable {
  /// Not said: `-z max-page-size` decides.
  case unspecified
  /// `pages none`: no padding between access rights.
  case none
  /// A power of two.
  case size(UInt64)
}

extension Pages: CustomStringConvertible {
  /// As the map writes it; empty if it does not.
  public var description: String {
    switch self {
    case .unspecified: ""
    case .none: "pages none;"
    case .size(let size): "pages \(size);"
    }
  }
}

/// `orphans …;`: what becomes of a live, allocated, non-empty section without a rule.
public enum OrphanPolicy: UInt8, Sendable {
  case error, warn, place, discard
}

/// `entry s;`, `root s;`.
public struct NamedSymbol: Sendable {
  public var name: String
  public var isBuiltIn: Bool
  public var position: SourcePosition
}

/// `spare …;`: room for edits after the link. Nil: the map does not say.
public struct Spare: Sendable, Hashable {
  public var programHeaders: UInt64?
  public var dynamicTags: UInt64?
  public var dynamicStringBytes: UInt64?
  public var interpreterBytes: UInt64?

  public init() {}
}

/// `symbol n = e;`.
public struct SymbolDefinition: Sendable {
  public var name: String
  public var value: Expression
  public var provide: Bool
  public var hidden: Bool
  public var isBuiltIn: Bool
  public var position: SourcePosition
}

/// `assert e, "m";`, checked after the final layout.
public struct Assertion: Sendable {
  public var condition: Expression
  public var message: String?
  public var isBuiltIn: Bool
  public var position: SourcePosition
}
