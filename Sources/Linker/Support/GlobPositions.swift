// The positions in a set of globs, as rows of bits: the raw material of `GlobAutomaton`.
//
// The patterns lie one behind the other, one bit per element and one for the end of each pattern.
// Bit `n` of a set says that the element before position `n` has been passed, so a byte moves the
// bits that accept it up by one, and a `*` also stays where it is.

internal import Text

struct GlobPositions {
  let wordCount: Int
  /// The beginnings of all patterns.
  private(set) var initial: [UInt64]

  /// For each class of bytes the positions that accept one, other than `*`.
  private var accepting: [[UInt64]]
  /// The positions of `*`.
  private var stars: [UInt64]
  /// The positions of a `*` that ends its pattern, and of ends: here the pattern matches.
  private var matching: [UInt64]
  /// The positions of a `*` that ends its pattern.
  private var openEnds: [UInt64]
  /// The rank of the pattern that a position belongs to.
  private var ranks: [Int32] = []
  /// For each rank the first open end: all of them mean the same, and one keeps the sets few.
  private var openEndOfRank: [Int32: Int] = [:]
  /// For each rank the positions of patterns with a higher one.
  private var higher: [Int32: [UInt64]] = [:]

  init(_ entries: [GlobSet.Entry], _ classOfByte: [UInt8], _ classCount: Int) {
    let count = entries.reduce(0) { $0 + $1.glob.tokens.count + 1 }
    wordCount = (count + 63) / 64
    let none = [UInt64](repeating: 0, count: wordCount)
    (initial, stars, matching, openEnds) = (none, none, none, none)
    accepting = Array(repeating: none, count: classCount)
    for entry in entries {
      Self.insert(ranks.count, &initial)
      for (index, token) in entry.glob.tokens.enumerated() {
        let position = ranks.count
        switch token {
        case .star:
          Self.insert(position, &stars)
          if index == entry.glob.tokens.count - 1 {
            Self.insert(position, &openEnds)
            Self.insert(position, &matching)
            if openEndOfRank[entry.rank] == nil { openEndOfRank[entry.rank] = position }
          }
        case .byte(let byte):
          Self.insert(position, &accepting[Int(classOfByte[Int(byte)])])
        case .any, .set:
          for byte in UInt8.min...UInt8.max where token.accepts(byte) {
            Self.insert(position, &accepting[Int(classOfByte[Int(byte)])])
          }
        }
        ranks.append(entry.rank)
      }
      Self.insert(ranks.count, &matching)
      ranks.append(entry.rank)
    }
    for rank in Set(ranks) {
      var set = none
      for (position, own) in ranks.enumerated() where own > rank { Self.insert(position, &set) }
      higher[rank] = set
    }
    close(&initial)
  }

  private static func insert(_ position: Int, _ set: inout [UInt64]) {
    set[position >> 6] |= 1 << UInt64(position & 63)
  }

  /// Where the positions of `set` are after a byte of `byteClass`.
  func step(_ set: [UInt64], _ byteClass: Int) -> [UInt64] {
    let accepting = accepting[byteClass]
    var result = set
    var carry: UInt64 = 0
    for word in 0..<wordCount {
      let moving = set[word] & accepting[word]
      result[word] = (moving << 1) | carry | (set[word] & stars[word])
      carry = moving >> 63
    }
    close(&result)
    return result
  }

  /// The highest rank of the patterns that match if the name ends here; -1: none.
  func rank(of set: [UInt64]) -> Int32 {
    highestRank(set, among: matching) ?? -1
  }

  /// Adds what a `*` may skip and removes what cannot win any more.
  private func close(_ set: inout [UInt64]) {
    var carry: UInt64 = 0
    for word in 0..<wordCount {
      let skipping = set[word] & stars[word]
      set[word] |= (skipping << 1) | carry
      carry = skipping >> 63
    }
    guard let rank = highestRank(set, among: openEnds), let higher = higher[rank],
      let openEnd = openEndOfRank[rank]
    else { return }
    // Whatever follows, this pattern matches: only better ones are of interest.
    for word in 0..<wordCount { set[word] &= higher[word] }
    Self.insert(openEnd, &set)
  }

  /// The highest rank of the positions that are in both sets.
  private func highestRank(_ set: [UInt64], among mask: [UInt64]) -> Int32? {
    var best: Int32?
    for word in 0..<wordCount {
      var bits = set[word] & mask[word]
      while bits != 0 {
        let rank = ranks[(word << 6) + bits.trailingZeroBitCount]
        best = max(best ?? rank, rank)
        bits &= bits - 1
      }
    }
    return best
  }
}
