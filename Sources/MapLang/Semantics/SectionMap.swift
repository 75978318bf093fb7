// The checked map: plain values, without the text they came from.
//
// This is the door between the language and the layout engine. Before: text, tokens, a tree, names.
// After: ids; constants folded; every name resolved; attributes only where they mean something;
// includes, conditions, `extends default` and anchors worked in. What is still open are questions
// that only a link can answer, and they are `Expression`s over ids.

/// A whole map.
public struct SectionMap: Sendable {
  /// How far apart sections with different access rights are.
  public var pages: Pages = .unspecified
  /// Where the user says `pages`; nil: only the built-in map does, or nobody.
  public var pagesPosition: SourcePosition?
  /// nil: the entry is as without a map (-e, `_start`).
  public var entry: NamedSymbol?
  /// Symbols that are kept, and pull archive members, as with -u.
  public var roots: [NamedSymbol] = []
  /// If the map does not say: `place` for -r and `extends default`, else `error`.
  public var orphans: OrphanPolicy = .error
  /// Where `orphans` stands, or else `smap`: messages about orphans point there.
  public var orphansPosition: SourcePosition
  /// What `spare …;` asks for.
  public var spare = Spare()
  /// Whether the map refines the built-in one.
  public var extendsDefault = false
  /// Whether it is for -r: only the rules count.
  public var isRelocatable = false

  /// `headers phdr`, `headers phdr none`: whether PT_PHDR tells where the program headers are; nil: in
  /// programs with a dynamic section.
  public var listsProgramHeaders: Bool?

  /// In the order of the text, the user's before the built-in ones.
  public var regions: [Region] = []
  /// In the order of the text.
  public var places: [MapPlace] = []
  /// Sections outside every place (`-r`, or refined maps): they go where their kind goes.
  public var unplaced: [MapSectionID] = []

  /// Indexed by `OutputSectionID`, the user's first.
  public var sections: [MapSection] = []
  /// All sections, those whose sizes others depend on before them; empty if none does.
  public var sizeOrder: [MapSectionID] = []
  /// Indexed by `RuleID`, the user's first.
  public var rules: [Rule] = []
  /// Indexed by `SlotID`.
  public var slots: [MapSlot] = []
  /// Indexed by `ReserveID`.
  public var reserves: [Reserve] = []
  /// `symbol` and `provide` statements, in the order of the text.
  public var symbols: [SymbolDefinition] = []
  /// In the order of the text. Those with constant conditions have been checked already.
  public var assertions: [Assertion] = []

  /// The texts, for messages.
  public var sources: SourceSet
  /// Range of numbers in expressions.
  public var width: NumberWidth = .bits64

  /// A map without statements: nothing is placed, and every section is an orphan.
  public init(sources: SourceSet, orphansPosition: SourcePosition) {
    self.sources = sources
    self.orphansPosition = orphansPosition
  }

  /// The row that the id names; traps if it is an id of another map.
  public subscript(id: RuleID) -> Rule { rules[id.index] }
  /// The row that the id names; traps if it is an id of another map.
  public subscript(id: MapSectionID) -> MapSection { sections[id.index] }
  /// The row that the id names; traps if it is an id of another map.
  public subscript(id: RegionID) -> Region { regions[id.index] }
  /// The row that the id names; traps if it is an id of another map.
  public subscript(id: SlotID) -> MapSlot { slots[id.index] }
  /// The row that the id names; traps if it is an id of another map.
  public subscript(id: ReserveID) -> Reserve { reserves[id.index] }

  /// The output section of that name.
  public func section(named name: String) -> MapSectionID? {
    sections.firstIndex { $0.name == name }.map { MapSectionID($0) }
  }

  /// The region of that name or alias.
  public func region(named name: String) -> RegionID? {
    regions.firstIndex { $0.name == name || $0.aliases.contains(name) }.map { RegionID($0) }
  }
}

/// `pages …;`: the unit, in bytes, in which memory is given access rights.
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
  /// The name in symbol tables.
  public var name: String
  /// Whether the built-in map names it.
  public var isBuiltIn: Bool
  /// The name in the text.
  public var position: SourcePosition
}

/// `spare …;`: room for edits after the link. Nil: the map does not say.
public struct Spare: Sendable, Hashable {
  /// Empty program headers (PT_NULL): `phdrs`.
  public var programHeaders: UInt64?
  /// Empty entries at the end of `.dynamic` (DT_NULL): `dyntags`.
  public var dynamicTags: UInt64?
  /// Bytes at the end of `.dynstr`: `dynstr`.
  public var dynamicStringBytes: UInt64?
  /// Bytes at the end of `.interp`: `interp`.
  public var interpreterBytes: UInt64?

  public init() {}
}

/// `symbol n = e;`.
public struct SymbolDefinition: Sendable {
  /// The symbol that is defined.
  public var name: String
  /// Evaluated when the layout is final.
  public var value: Expression
  /// Only if referenced and not defined by the program.
  public var provide: Bool
  /// The ELF name is STV_HIDDEN.
  public var hidden: Bool
  /// Whether the built-in map defines it.
  public var isBuiltIn: Bool
  /// The name in the text.
  public var position: SourcePosition
}

/// `assert e, "m";`, checked after the final layout.
public struct Assertion: Sendable {
  /// Fails if it is 0.
  public var condition: Expression
  /// What the user wants to be told; nil: the expression itself.
  public var message: String?
  /// Whether the built-in map asserts it.
  public var isBuiltIn: Bool
  /// The statement.
  public var position: SourcePosition
}
