// Regions and places: the memory of a map, and what is put where.

/// An address range: `region R { … }`.
public struct Region: Sendable {
  /// What the map calls it; the registry of slots tells the editor the name.
  public var name: String
  /// The region that this one is a part of; nil: none. What is not said here is as there.
  public var parent: RegionID?
  /// The region that is the same memory at other addresses; nil: none.
  public var mirrors: RegionID?
  /// First address.
  public var at: UInt64
  /// Bytes; nil: unbounded.
  public var size: UInt64?
  /// Checked against what is placed; nil: no check.
  public var access: Access?
  /// Default load address of what is placed here.
  public var load: RegionLoad?
  /// Of bytes that are stored in another region; nil: as where they run.
  public var loadAlign: UInt64?
  /// The erased byte, or a pattern, between and behind what is placed.
  public var fill: Fill?
  /// Symbols at the edges of what is placed, not of the whole range.
  public var bounds: [Bound] = []
  /// Other names of this region: `region A = R;`.
  public var aliases: [String] = []
  /// Whether the built-in map declared it.
  public var isBuiltIn: Bool
  /// The statement, for messages on overflow.
  public var position: SourcePosition
}

/// `load …` of a region.
public enum RegionLoad: Sendable {
  /// Load address = this + (run address − start of the region).
  case at(UInt64, SourcePosition)
  /// Sections are stored in that region, unless they say otherwise.
  case region(RegionID, SourcePosition)
}

/// A block of items at rising addresses: `place … { … }`.
public struct MapPlace: Sendable {
  /// The addresses that the items come from.
  public var target: PlaceTarget
  /// Of the first item.
  public var align: Alignment?
  /// Room behind the last item.
  public var pad: Padding?
  /// Symbols at the edges of all items together.
  public var bounds: [Bound] = []
  /// In the order of addresses, but for what is pinned or `high`.
  public var items: [PlaceItem] = []
  /// Whether the built-in map declared it.
  public var isBuiltIn: Bool
  /// The keyword `place`.
  public var position: SourcePosition
}

/// What stands between `place` and its brace.
public enum PlaceTarget: Sendable {
  /// `place in R`: continues the flow of R. `at`: a flow of its own that starts there.
  case region(RegionID, at: UInt64?)
  /// `place at X`: an anonymous unbounded region. `load`: the load address of X.
  case address(UInt64, load: UInt64?)
}

/// What stands in a place, in its order.
public enum PlaceItem: Sendable {
  case section(MapSectionID)
  case reserve(ReserveID)
  /// The output section `.slot.N`.
  case slot(SlotID)
  case group(Group)
  case segment(MapSegment)
  case overlay(Group)
  /// The load image of the section goes here.
  case image(MapSectionID, SourcePosition)
  /// The ELF and program headers.
  case headers(SourcePosition)
  /// Output sections of orphans that the rule is for.
  case orphans(RuleID)
}

/// Items with common alignment, padding and bounds: `group [N] { … }`. As `overlay`: all start at
/// one run address.
public struct Group: Sendable {
  /// For messages and reports.
  public var name: String?
  /// Of the first item.
  public var align: Alignment?
  /// Room behind the last item.
  public var pad: Padding?
  /// Where the bytes of all items are stored, as one image; of an overlay, those of each item.
  public var load: LoadAddress?
  /// Of the bytes where they are stored; nil: as where they run.
  public var loadAlign: UInt64?
  /// Symbols at the edges of all items together.
  public var bounds: [Bound] = []
  /// In the order of addresses; groups may nest.
  public var items: [PlaceItem] = []
  /// Whether the built-in map declared it.
  public var isBuiltIn: Bool
  /// The name, or the keyword if it has none.
  public var position: SourcePosition
}

/// Exactly one PT_LOAD, unless it `splits`: `segment N rx { … }`.
public struct MapSegment: Sendable {
  /// For messages; a program header has no name.
  public var name: String
  /// The flags; nil: the union of what it holds.
  public var access: Access?
  /// Of its first byte, and then of `p_align`.
  public var align: Alignment?
  /// Room behind the last item, part of the segment.
  public var pad: Padding?
  /// All of it is PT_GNU_RELRO.
  public var relro = false
  /// What needs other rights than `access` is no error, but begins a PT_LOAD of its own.
  public var splits = false
  /// Symbols at the edges of all items together.
  public var bounds: [Bound] = []
  /// In the order of addresses.
  public var items: [PlaceItem] = []
  /// Whether the built-in map declared it.
  public var isBuiltIn: Bool
  /// The name, or the keyword if it has none.
  public var position: SourcePosition
}

/// Addresses only, no bytes: `reserve N { … }`.
public struct Reserve: Sendable {
  /// What expressions call it: `start(N)`.
  public var name: String
  /// The pinned address; nil: behind what stands before it.
  public var at: Expression?
  /// Of its first address.
  public var align: Alignment?
  /// Bytes of the address space.
  public var size: Extent
  /// Fewer bytes are an error.
  public var min: Expression?
  /// More bytes are an error.
  public var max: Expression?
  /// Allocated downwards from the end of the region.
  public var high = false
  /// Symbols at its edges.
  public var bounds: [Bound] = []
  /// The name.
  public var position: SourcePosition
}
