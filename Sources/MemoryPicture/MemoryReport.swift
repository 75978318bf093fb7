// What fills the memories of a program, as plain values: what a report is drawn from, what its JSON says,
// and what a later report compares itself with.
//
// The linker makes one after the link, with addresses and sizes; `swold-map draw` makes one of a map alone,
// in which most sizes are not known yet. Lists are in the order in which they are shown: blocks by
// address, shares by size. Whoever makes a report leaves small shares out and says how many.

/// All memories of one program.
public struct MemoryReport: Sendable, Equatable {
  /// The name of the program, or of the map.
  public var title: String
  /// False: of a map, before any link.
  public var isLinked: Bool
  /// In the order of the map; without a map, by address.
  public var memories: [Memory]
  /// What the file holds beside its memory image: debug information, symbol tables.
  public var notLoaded: [Share] = []

  public init(title: String, isLinked: Bool, memories: [Memory] = []) {
    self.title = title
    self.isLinked = isLinked
    self.memories = memories
  }
}

/// A region of the map; in a program without regions, a PT_LOAD.
public struct Memory: Sendable, Equatable {
  /// As the map calls it; of a segment its rights in words.
  public var name: String
  /// Whether it is a PT_LOAD.
  public var isSegment = false
  /// The first address.
  public var start: UInt64
  /// Bytes; nil: there is no limit.
  public var size: UInt64?
  /// Bytes that are taken, gaps included, as `--print-memory-usage` counts; nil before the link.
  public var used: UInt64?
  /// `rx`; empty: not said.
  public var access = ""
  /// What else there is to say, in a few words.
  public var remark = ""
  /// By address.
  public var blocks: [MemoryBlock] = []
  /// Archives and objects, by size.
  public var files = ShareList()
  /// By size.
  public var symbols = ShareList()

  public init(name: String, start: UInt64, size: UInt64? = nil) {
    self.name = name
    self.start = start
    self.size = size
  }

  /// What is left; nil if there is no limit, or nothing was linked.
  public var free: UInt64? {
    guard let size, let used else { return nil }
    return size > used ? size - used : 0
  }
}

/// Something that has addresses in a memory.
public struct MemoryBlock: Sendable, Equatable {
  /// What it is, which its colour shows.
  public enum Kind: String, Sendable, CaseIterable {
    case code, constants, data, zeroed, image, reserve, slot, headers

    /// For legends and lists.
    public var title: String {
      switch self {
      case .code: "code"
      case .constants: "read-only data"
      case .data: "data"
      case .zeroed: "zeroed data"
      case .image: "stored for another place"
      case .reserve: "reserved"
      case .slot: "slot"
      case .headers: "headers"
      }
    }
  }

  /// Of the section, reserve or slot.
  public var name: String
  /// What its colour says.
  public var kind: Kind
  /// Where it runs, or where an image lies; nil: not known before the link.
  public var address: UInt64?
  /// Bytes; nil: not known before the link.
  public var size: UInt64?
  /// Where its bytes are stored, if elsewhere.
  public var load: UInt64?
  /// What else there is to say, in a few words.
  public var remark = ""
  /// What it is made of: archives and objects, members, sections, symbols.
  public var shares = ShareList()

  public init(name: String, kind: Kind, address: UInt64? = nil, size: UInt64? = nil) {
    self.name = name
    self.kind = kind
    self.address = address
    self.size = size
  }

  /// Behind its last byte; nil if that is not known.
  public var end: UInt64? {
    guard let address, let size else { return nil }
    return address.addingReportingOverflow(size).overflow ? .max : address + size
  }
}

/// One who takes a part of a memory.
public struct Share: Sendable, Equatable {
  /// Of the archive, object, member, section or symbol.
  public var name: String
  /// Bytes.
  public var size: UInt64
  /// What it is made of in turn.
  public var parts = ShareList()

  public init(_ name: String, _ size: UInt64, _ parts: ShareList = ShareList()) {
    self.name = name
    self.size = size
    self.parts = parts
  }
}

/// The largest shares, and what was left out.
public struct ShareList: Sendable, Equatable {
  /// Largest first.
  public var shares: [Share] = []
  /// How many more there are.
  public var moreCount = 0
  /// The bytes of those.
  public var moreSize: UInt64 = 0

  public init(_ shares: [Share] = []) { self.shares = shares }

  /// The first `count`, the others only counted.
  public func first(_ count: Int) -> ShareList {
    var list = self
    guard shares.count > count else { return list }
    for share in shares[count...] { list.moreSize = list.moreSize &+ share.size }
    list.moreCount += shares.count - count
    list.shares = Array(shares[..<count])
    return list
  }
}
