// Regions and places: the memory of a map, and what is put where.

/// An address range: `region R { … }`.
public struct Region: Sendable {
  public var name: String
  /// First address.
  public var at: UInt64
  /// Bytes; nil: unbounded.
  public var size: UInt64?
  /// Checked against what is placed; nil: no check.
  public var access: Access?
  /// Default load address of what is placed here.
  public var load: RegionLoad?
  /// The erased byte, or a pattern, between and behind what is placed.
  public var fill: Fill?
  public var bounds: [Bound] = []
  /// Other names of this region: `region A = R;`.
  public var aliases: [String] = []
  public var isBuiltIn: Bool
  /// The statement, for messages on overflow.
  public var position: SourcePosition
}

public enum RegionLoad: Sendable {
  /// Load address = this + (run address − start of the region).
  case at(UInt64, SourcePosition)
  /// Sections are stored in that region, unless they say otherwise.
  case region(RegionID, SourcePosition)
}

/// A block of items at rising addresses: `place … { … }`.
public struct Place: Sendable {
  public var target: PlaceTarget
  public var align: Alignment?
  public var pad: Padding?
  public var bounds: [Bound] = []
  public var items: [PlaceItem] = []
  public var isBuiltIn: Bool
  /// The keyword `place`.
  public var position: SourcePosition
}

public enum PlaceTarget: Sendable {
  /// `place in R`: continues the flow of R. `at`: a flow of its own that starts there.
  case region(RegionID, at: UInt64?)
  /// `place at X`: an anonymous unbounded region. `load`: the load address of X.
  case address(UInt64, load: UInt64?)
}

/// What stands in a place, in its order.
public enum PlaceItem: Sendable {
  case section(OutputSectionID)
  case reserve(ReserveID)
  /// The output section `.slot.N`.
  case slot(SlotID)
  case group(Group)
  case segment(Segment)
  case overlay(Group)
  /// The load image of the section goes here.
  case image(OutputSectionID, SourcePosition)
  /// The ELF and program headers.
  case headers(SourcePosition)
}

/// Items with common alignment, padding and bounds: `group [N] { … }`. As `overlay`: all start at
/// one run address.
public struct Group: Sendable {
  public var name: String?
  public var align: Alignment?
  public var pad: Padding?
  public var bounds: [Bound] = []
  public var items: [PlaceItem] = []
  public var isBuiltIn: Bool
  public var position: SourcePosition
}

/// Exactly one PT_LOAD, unless it `splits`: `segment N rx { … }`.
public struct Segment: Sendable {
  public var name: String
  /// The flags; nil: the union of what it holds.
  public var access: Access?
  public var align: Alignment?
  public var pad: Padding?
  public var relro = false
  /// What needs other rights than `access` is no error, but begins a PT_LOAD of its own.
  public var splits = false
  public var bounds: [Bound] = []
  public var items: [PlaceItem] = []
  public var isBuiltIn: Bool
  public var position: SourcePosition
}

/// Addresses only, no bytes: `reserve N { … }`.
public struct Reserve: Sendable {
  public var name: String
  public var at: Expression?
  public var align: Alignment?
  public var size: Extent
  public var min: Expression?
  public var max: Expression?
  public var high = false
  public var bounds: [Bound] = []
  public var position: SourcePosition
}
