// Whether one glob is contained in another: the question behind "more specific".

internal import Text

extension Glob {
  /// A pattern of a map.
  init(_ text: some Sequence<UInt8>) { self.init(text, .map) }

  /// Whether every name that `other` matches is matched by this one too, as far as the two texts
  /// show: the relation `covers` of section 5.2 of the design. Sound, reflexive and transitive; it
  /// may miss a containment.
  func covers(_ other: Glob) -> Bool {
    let q = tokens
    let p = other.tokens
    // The recursion of the design, filled in from the ends: row i, column j says whether q without
    // its first i tokens covers p without its first j.
    var below = [Bool](repeating: false, count: p.count + 1)
    below[p.count] = true
    for i in stride(from: q.count - 1, through: 0, by: -1) {
      var row = [Bool](repeating: false, count: p.count + 1)
      for j in stride(from: p.count, through: 0, by: -1) {
        if q[i] == .star {
          row[j] = below[j] || (j < p.count && row[j + 1])
        } else if j < p.count && p[j] != .star {
          row[j] = Self.covers(q[i], p[j]) && below[j + 1]
        }
      }
      below = row
    }
    return below[0]
  }

  private static func covers(_ q: GlobToken, _ p: GlobToken) -> Bool {
    switch (q, p) {
    case (.any, _): true
    case (.byte(let own), .byte(let other)): own == other
    case (.set(let set), .byte(let byte)): set.contains(byte)
    case (.set(let set), .set(let other)): other.isSubset(of: set)
    case (.byte, _), (.set, _), (.star, _): false
    }
  }
}
