// The ids of a checked map: each names one row of one table of `SectionMap`.
//
// All are dense and start at 0, in the order of the text (a user's rows before the built-in ones).
// The names say `Output` where the linker has a table of input sections of its own.

/// An index into one table of `SectionMap`.
public protocol MapID: Sendable, Hashable, Comparable {
  var rawValue: UInt32 { get }
  init(rawValue: UInt32)
}

extension MapID {
  /// The id of row `index`.
  public init(_ index: Int) { self.init(rawValue: UInt32(index)) }
  /// The row in its table.
  public var index: Int { Int(rawValue) }

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Names a row of `SectionMap.rules`.
public struct RuleID: MapID, BitwiseCopyable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// Names a row of `SectionMap.sections`.
public struct MapSectionID: MapID, BitwiseCopyable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// Names a row of `SectionMap.regions`.
public struct RegionID: MapID, BitwiseCopyable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// Names a row of `SectionMap.slots`.
public struct SlotID: MapID, BitwiseCopyable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// Names a row of `SectionMap.reserves`.
public struct ReserveID: MapID, BitwiseCopyable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
}
