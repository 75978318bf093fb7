// The attributes that statements of a map share: alignment, padding, load address, fill, bounds.

/// `align e`, `align pow2`, `align pow2 m`: a minimum; never lowers the alignment of an input.
public enum Alignment: Sendable, Hashable {
  /// A power of two.
  case atLeast(UInt64)
  /// The larger of `minimum` and the size rounded up to a power of two.
  case powerOfTwo(minimum: UInt64)
}

/// `pad e`, `pad pow2`: room behind the last byte.
public enum Padding: Sendable {
  /// Up to an address that is a multiple; a placement expression, not 0.
  case multiple(Expression)
  /// Up to a size that is a power of two.
  case powerOfTwo
}

/// `load in R`, `load at e`: where the bytes are stored, if not where they run.
public enum LoadAddress: Sendable {
  case region(RegionID, SourcePosition)
  case address(Expression)
}

/// `fill e`, `fill nop`, `fill trap`.
public enum Fill: Sendable, Hashable {
  /// Four bytes, the first in the most significant place; one byte is repeated four times.
  case pattern(UInt32)
  /// Instructions that do nothing.
  case nop
  /// Instructions that trap.
  case trap
}

/// `size e`, `size rest`.
public enum Extent: Sendable {
  case exactly(Expression)
  /// What is left of the region.
  case rest(SourcePosition)
}

/// A symbol on the block that it stands in: `provide hidden start a, b;`.
public struct Bound: Sendable {
  /// Which property of the block the symbols get as their value.
  public enum Edge: UInt8, Sendable {
    /// The first byte, after alignment.
    case start
    /// Behind the last byte, after padding.
    case end
    /// The number of bytes; an absolute symbol.
    case length
    case loadStart
    case loadEnd

    /// As the map writes it.
    public var spelling: String {
      switch self {
      case .start: "start"
      case .end: "end"
      case .length: "length"
      case .loadStart: "load_start"
      case .loadEnd: "load_end"
      }
    }
  }

  /// What the symbols stand for.
  public var edge: Edge
  /// At least one; all get the same value.
  public var names: [BoundName]
  /// Only if referenced and not defined by the program.
  public var provide: Bool
  /// The ELF name is STV_HIDDEN.
  public var hidden: Bool
  /// Whether the built-in map declares it.
  public var isBuiltIn: Bool
}

/// One symbol of a `start`, `end` or other bound.
public struct BoundName: Sendable {
  /// The name of the symbol, which C programs declare as an array.
  public var name: String
  /// The name in the text.
  public var position: SourcePosition
}

/// `after S`, `before S`.
public struct Anchor: Sendable {
  /// On which side of the anchor's section.
  public enum Side: Sendable { case before, after }
  /// The keyword.
  public var side: Side
  /// The section beside which the others go.
  public var section: MapSectionID
  /// The keyword in the text.
  public var position: SourcePosition
}
