// Addresses as heights.
//
// What is taken is to scale; free room between is, too, until it is so large that a small program in a
// large memory would be a line. Such room is broken off, as on a map, and a second strip beside shows the
// whole memory to scale.

/// A stretch of addresses that is taken, or free, and where it is drawn.
struct Stretch: Equatable {
  var start: UInt64
  var end: UInt64
  var isFree: Bool
  var y: Double = 0
  var height: Double = 0
  /// Drawn smaller than it is.
  var isBroken = false

  var size: UInt64 { end - start }
}

struct Scale {
  private(set) var stretches: [Stretch] = []
  private(set) var height: Double = 0
  static let takenHeight = 340.0
  static let largestFree = 44.0

  /// Of what has an address and a size, in a memory that begins at `start`; `end` nil: unlimited.
  init(_ ranges: [Range<UInt64>], start: UInt64, end: UInt64?) {
    var cursor = start
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
      if range.lowerBound > cursor {
        stretches.append(Stretch(start: cursor, end: range.lowerBound, isFree: true))
      } else if let last = stretches.indices.last, !stretches[last].isFree {
        stretches[last].end = max(stretches[last].end, range.upperBound)
        cursor = stretches[last].end
        continue
      }
      let begin = max(cursor, range.lowerBound)
      if range.upperBound > begin {
        stretches.append(Stretch(start: begin, end: range.upperBound, isFree: false))
      }
      cursor = max(cursor, range.upperBound)
    }
    if let end, end > cursor {
      stretches.append(Stretch(start: cursor, end: end, isFree: true))
    }
    measure()
  }

  private mutating func measure() {
    let taken = stretches.reduce(0.0) { $0 + ($1.isFree ? 0 : Double($1.size)) }
    let perByte = taken > 0 ? Self.takenHeight / taken : 0
    for index in stretches.indices {
      stretches[index].y = height
      var own = Double(stretches[index].size) * perByte
      if stretches[index].isFree && (own > Self.largestFree || taken == 0) {
        own = Self.largestFree
        stretches[index].isBroken = true
      }
      stretches[index].height = own
      height += own
    }
  }

  func y(_ address: UInt64) -> Double {
    guard let stretch = stretches.last(where: { $0.start <= address }) else { return 0 }
    if address >= stretch.end { return stretch.y + stretch.height }
    return stretch.y + stretch.height * Double(address - stretch.start) / Double(stretch.size)
  }
}

/// Moves labels apart that would stand on each other, no farther than it takes.
enum LabelSpread {
  /// The tops of labels. `wanted` are their middles, rising.
  static func tops(wanted: [Double], heights: [Double]) -> [Double] {
    // Labels that touch move as one; its middle is the mean of what they want.
    struct Cluster {
      var first: Int
      var count: Int
      var height: Double
      /// The sum over its labels of the top that the cluster would have for each alone.
      var sum: Double
      var top: Double { max(0, sum / Double(count)) }
    }
    var clusters: [Cluster] = []
    for index in wanted.indices {
      var cluster = Cluster(
        first: index, count: 1, height: heights[index], sum: wanted[index] - heights[index] / 2)
      while let last = clusters.last, last.top + last.height > cluster.top {
        clusters.removeLast()
        cluster = Cluster(
          first: last.first, count: last.count + cluster.count,
          height: last.height + cluster.height,
          sum: last.sum + cluster.sum - Double(cluster.count) * last.height)
      }
      clusters.append(cluster)
    }
    var tops: [Double] = []
    for cluster in clusters {
      var top = cluster.top
      for index in cluster.first..<(cluster.first + cluster.count) {
        tops.append(top)
        top += heights[index]
      }
    }
    return tops
  }
}
