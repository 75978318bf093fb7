// Sets of numbers given as half-open ranges: planned writes, covered bytes, holes. Sorted,
// disjoint and never touching, so every question is a binary search or one walk.

/// A set of 64-bit numbers.
struct RangeSet: Sendable, Equatable {
  /// Sorted, disjoint, not adjacent, not empty.
  private(set) var ranges: [Range<UInt64>] = []

  init() {}
  init(_ range: Range<UInt64>) { if !range.isEmpty { ranges = [range] } }

  /// Fields of one length, in the order of their starts; those that wrap around are left out.
  init(sorted starts: [UInt64], length: UInt64) {
    for start in starts {
      let (end, overflow) = start.addingReportingOverflow(length)
      if overflow { continue }
      if let last = ranges.last, start <= last.upperBound {
        ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, end)
      } else {
        ranges.append(start..<end)
      }
    }
  }

  var isEmpty: Bool { ranges.isEmpty }
  /// How many numbers the set holds; saturates.
  var total: UInt64 {
    ranges.reduce(0) { sum, range in
      let (value, overflow) = sum.addingReportingOverflow(range.upperBound - range.lowerBound)
      return overflow ? .max : value
    }
  }
  var bounds: Range<UInt64>? {
    guard let first = ranges.first, let last = ranges.last else { return nil }
    return first.lowerBound..<last.upperBound
  }

  /// The index of the first range that ends at or behind `value`.
  private func firstIndex(endingAtOrAfter value: UInt64) -> Int {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  mutating func insert(_ lower: UInt64, _ upper: UInt64) {
    guard lower < upper else { return }
    let first = firstIndex(endingAtOrAfter: lower)
    var last = first
    var merged = lower..<upper
    while last < ranges.count, ranges[last].lowerBound <= upper {
      merged =
        min(
          merged.lowerBound, ranges[last].lowerBound)..<max(
          merged.upperBound, ranges[last].upperBound)
      last += 1
    }
    ranges.replaceSubrange(first..<last, with: [merged])
  }

  mutating func insert(_ range: Range<UInt64>) { insert(range.lowerBound, range.upperBound) }

  mutating func formUnion(_ other: RangeSet) {
    for range in other.ranges { insert(range) }
  }

  func contains(_ value: UInt64) -> Bool {
    let index = firstIndex(endingAtOrAfter: value &+ (value == .max ? 0 : 1))
    return index < ranges.count && ranges[index].contains(value)
  }

  func contains(_ range: Range<UInt64>) -> Bool {
    if range.isEmpty { return true }
    let index = firstIndex(endingAtOrAfter: range.upperBound)
    return index < ranges.count && ranges[index].lowerBound <= range.lowerBound
  }

  /// The first part of `range` that the set holds.
  func firstOverlap(_ range: Range<UInt64>) -> Range<UInt64>? {
    if range.isEmpty { return nil }
    var index = firstIndex(endingAtOrAfter: range.lowerBound)
    while index < ranges.count, ranges[index].lowerBound < range.upperBound {
      if ranges[index].overlaps(range) { return ranges[index].clamped(to: range) }
      index += 1
    }
    return nil
  }

  /// The parts of `range` that the set does not hold.
  func gaps(in range: Range<UInt64>) -> [Range<UInt64>] {
    var result: [Range<UInt64>] = []
    var cursor = range.lowerBound
    var index = firstIndex(endingAtOrAfter: range.lowerBound)
    while index < ranges.count, ranges[index].lowerBound < range.upperBound {
      if ranges[index].lowerBound > cursor { result.append(cursor..<ranges[index].lowerBound) }
      cursor = max(cursor, ranges[index].upperBound)
      index += 1
    }
    if cursor < range.upperBound { result.append(cursor..<range.upperBound) }
    return result
  }

  func subtracting(_ other: RangeSet) -> RangeSet {
    var result = RangeSet()
    for range in ranges { for gap in other.gaps(in: range) { result.insert(gap) } }
    return result
  }

  func intersection(_ range: Range<UInt64>) -> RangeSet {
    var result = RangeSet()
    for part in ranges where part.overlaps(range) { result.insert(part.clamped(to: range)) }
    return result
  }
}

/// `value` rounded up to a multiple of `alignment`; nil if that is beyond 2^64.
func alignUp(_ value: UInt64, _ alignment: UInt64) -> UInt64? {
  guard alignment > 1 else { return value }
  let rest = value % alignment
  if rest == 0 { return value }
  let (sum, overflow) = value.addingReportingOverflow(alignment - rest)
  return overflow ? nil : sum
}
