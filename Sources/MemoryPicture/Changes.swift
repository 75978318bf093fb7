// What moved between two reports.
//
// Blocks, files and symbols are the same if their names are. A list that leaves small ones out cannot say
// that something is new or gone, but only that it is now among the largest; so what is missing from an
// incomplete list is not told.

/// Something whose size or place is another than before.
public struct Change: Sendable, Equatable {
  public var name: String
  /// The memory that it is in.
  public var memory: String
  /// Bytes before; nil: it was not there.
  public var before: UInt64?
  /// Bytes now; nil: it is gone.
  public var now: UInt64?
  /// Where it was and is, if it has an address.
  public var addresses: (before: UInt64?, now: UInt64?) = (nil, nil)

  /// Bytes more, or less.
  var growth: Int64 { Int64(clamping: now ?? 0) &- Int64(clamping: before ?? 0) }
  var hasMoved: Bool {
    addresses.before != nil && addresses.now != nil && addresses.before != addresses.now
  }

  public static func == (first: Change, second: Change) -> Bool {
    first.name == second.name && first.memory == second.memory && first.before == second.before
      && first.now == second.now && first.addresses == second.addresses
  }
}

/// Everything that is different, the largest differences first.
public struct Changes: Sendable, Equatable {
  /// One for each memory, also those that did not change.
  public var memories: [Change] = []
  public var blocks: [Change] = []
  public var files: [Change] = []
  public var symbols: [Change] = []

  public init(from old: MemoryReport, to new: MemoryReport) {
    for memory in new.memories {
      let before = old.memories.first { $0.name == memory.name }
      memories.append(
        Change(name: memory.name, memory: memory.name, before: before?.used, now: memory.used))
      guard let before else { continue }
      blocks += Self.blocks(before, memory)
      files += Self.shares(before.files, memory.files, memory.name)
      symbols += Self.shares(before.symbols, memory.symbols, memory.name)
    }
    for memory in old.memories where !new.memories.contains(where: { $0.name == memory.name }) {
      memories.append(Change(name: memory.name, memory: memory.name, before: memory.used, now: nil))
    }
    files = Self.sorted(files)
    symbols = Self.sorted(symbols)
  }

  private static func sorted(_ changes: [Change]) -> [Change] {
    changes.sorted { ($0.growth.magnitude, $1.name) > ($1.growth.magnitude, $0.name) }
  }

  private static func blocks(_ old: Memory, _ new: Memory) -> [Change] {
    let before = Dictionary(
      old.blocks.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let now = Set(new.blocks.map(\.name))
    var changes: [Change] = []
    for block in new.blocks {
      let was = before[block.name]
      let change = Change(
        name: block.name, memory: new.name, before: was?.size, now: block.size,
        addresses: (was?.address, block.address))
      if change.growth != 0 || change.hasMoved || was == nil { changes.append(change) }
    }
    for block in old.blocks where !now.contains(block.name) {
      changes.append(
        Change(
          name: block.name, memory: new.name, before: block.size, now: nil,
          addresses: (block.address, nil)))
    }
    return changes
  }

  /// Of those that have parts, these are told as well.
  private static func shares(_ old: ShareList, _ new: ShareList, _ memory: String) -> [Change] {
    // Two of one name (static functions) are one.
    let before = Dictionary(old.shares.map { ($0.name, $0.size) }, uniquingKeysWith: &+)
    let now = Dictionary(new.shares.map { ($0.name, $0.size) }, uniquingKeysWith: &+)
    var changes: [Change] = []
    for (name, size) in now {
      let was = before[name]
      if was == nil && old.moreCount > 0 { continue }
      if was != size {
        changes.append(Change(name: name, memory: memory, before: was, now: size))
      }
    }
    if new.moreCount == 0 {
      for (name, size) in before where now[name] == nil {
        changes.append(Change(name: name, memory: memory, before: size, now: nil))
      }
    }
    return changes
  }
}
