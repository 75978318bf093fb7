// Run addresses that a flow may take: a region of the map, or what lies behind `place at X`.
//
// A flow moves upwards and walks around what was fixed before it came: pins, flows with an address of
// their own, items that were allocated from the end. Addresses saturate at the top of the address
// space instead of wrapping, so an impossible layout ends as an overflow message.

internal import MapLang

/// Where the bytes of what is placed here are stored.
enum LoadRule: Sendable {
  /// Where they run.
  case same
  /// At a fixed distance: load address = run address + this, modulo 2⁶⁴.
  case shifted(UInt64)
  /// In that region, behind its flow or where `image` says.
  case region(RegionID)
}

/// Addresses that are taken before a flow comes by.
struct Obstacle: Sendable {
  var start: UInt64
  /// Behind the last byte.
  var end: UInt64
  /// Allocated from the end of the region: a flow that does not fit below it is an overflow.
  var isHigh = false
}

struct MemoryRegion: Sendable {
  /// nil: behind `place at X`.
  var region: RegionID?
  var start: UInt64
  /// Behind the last byte; nil: unbounded.
  var end: UInt64?
  var load = LoadRule.same
  /// Sorted by start.
  var obstacles: [Obstacle] = []
  /// Where the next `high` item has to end.
  var highLimit: UInt64?
  /// Bytes of `high` items for which there was no room at all.
  var unplaced: UInt64 = 0
  /// The flow of the ordinary `place in R` blocks.
  var flow: Flow
  /// Behind the highest byte that was placed, `high` items aside.
  var highest: UInt64 = 0
  var overflows = false

  init(region: RegionID?, start: UInt64, end: UInt64?, load: LoadRule) {
    self.region = region
    self.start = start
    self.end = end
    self.load = load
    highLimit = end
    flow = Flow(cursor: start)
    highest = start
  }

  mutating func add(_ obstacle: Obstacle) {
    guard obstacle.end > obstacle.start else { return }
    let index = obstacles.firstIndex { $0.start > obstacle.start } ?? obstacles.count
    obstacles.insert(obstacle, at: index)
  }

  /// Bytes that are taken, gaps inside the flow included; that is how GNU ld counts.
  var used: UInt64 {
    let beyond = obstacles.reduce(0 as UInt64) {
      $0 &+ ($1.end > highest ? $1.end - max($1.start, highest) : 0)
    }
    return highest - start &+ beyond
  }

  /// The obstacle that `size` bytes at `start` would meet first.
  func obstacle(at start: UInt64, size: UInt64) -> Obstacle? {
    guard size > 0 else { return nil }
    let end = start.addingSaturated(size)
    return obstacles.first { $0.start < end && start < $0.end }
  }
}

/// The state of a walk upwards.
struct Flow: Sendable {
  var cursor: UInt64
  /// Where the block begins that was entered last, and the largest alignment of those that begin there.
  var blockStart: UInt64?
  var blockAlignment: UInt64 = 1
  /// Access rights of the item before; nil: there is none.
  var access: Access?
  /// `segment` of the item before.
  var segment: Int?
  /// The item before is in the part that becomes read-only, and the map has no block for it.
  var isRelroOpen = false
  var threadEnd: UInt64?
}

extension UInt64 {
  func addingSaturated(_ other: UInt64) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  /// The next multiple of a power of two; the largest number if there is none.
  func alignedUp(to alignment: UInt64) -> UInt64 {
    guard alignment > 1 else { return self }
    let (sum, overflow) = addingReportingOverflow(alignment - 1)
    return overflow ? .max : sum & ~(alignment - 1)
  }

  func alignedDown(to alignment: UInt64) -> UInt64 {
    alignment > 1 ? self & ~(alignment - 1) : self
  }

  /// The smallest power of two that is not smaller; 2⁶³ if there is none.
  var powerOfTwoCeiling: UInt64 {
    self <= 1 ? 1 : self > 1 << 63 ? 1 << 63 : 1 << UInt64(64 - (self - 1).leadingZeroBitCount)
  }

  /// What `pad` makes of the size of something that begins at `start`: an end that is a multiple, or
  /// a size that is a power of two.
  func padded(_ padding: SettledPadding?, from start: UInt64) -> UInt64 {
    switch padding {
    case nil: return self
    case .powerOfTwo: return self == 0 ? 0 : powerOfTwoCeiling
    case .multiple(let multiple):
      let (end, overflow) = start.addingReportingOverflow(self)
      guard !overflow, end % multiple != 0 else { return self }
      return addingSaturated(multiple - end % multiple)
    }
  }
}

/// `12.4 KiB`, `512 KiB`, `24 bytes`.
func byteCount(_ count: UInt64) -> String {
  for (shift, unit) in [(30 as UInt64, "GiB"), (20, "MiB"), (10, "KiB")] where count >= 1 << shift {
    if count & (1 << shift - 1) == 0 { return "\(count >> shift) \(unit)" }
    let tenths = ((count >> (shift - 10)) * 10) >> 10
    return "\(tenths / 10).\(tenths % 10) \(unit)"
  }
  return count == 1 ? "1 byte" : "\(count) bytes"
}
