// Globs over bytes: the form in which patterns are compared with names and with each other.
//
// `*` stands for any bytes, `?` for one, `[a-z]` and `[!a-z]` for one of a set or none of it. A `[`
// without its `]` is an ordinary character. Globs are normalised (`**` is `*`, `*?` is `?*`, a set
// of one is that character), so that equal meanings mostly have equal texts.

/// A set of bytes.
struct ByteSet: Sendable, Hashable {
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  init() {}

  /// The bytes for which `isMember` holds.
  init(where isMember: (UInt8) -> Bool) {
    for byte in UInt8.min...UInt8.max where isMember(byte) { insert(byte) }
  }

  mutating func insert(_ byte: UInt8) {
    let bit = (1 as UInt64) << UInt64(byte & 63)
    switch byte >> 6 {
    case 0: words.0 |= bit
    case 1: words.1 |= bit
    case 2: words.2 |= bit
    case _: words.3 |= bit
    }
  }

  func contains(_ byte: UInt8) -> Bool {
    let word =
      switch byte >> 6 {
      case 0: words.0
      case 1: words.1
      case 2: words.2
      case _: words.3
      }
    return word >> UInt64(byte & 63) & 1 != 0
  }

  func isSubset(of other: ByteSet) -> Bool {
    words.0 & ~other.words.0 == 0 && words.1 & ~other.words.1 == 0
      && words.2 & ~other.words.2 == 0 && words.3 & ~other.words.3 == 0
  }

  var inverted: ByteSet {
    var result = ByteSet()
    result.words = (~words.0, ~words.1, ~words.2, ~words.3)
    return result
  }

  var count: Int {
    words.0.nonzeroBitCount + words.1.nonzeroBitCount + words.2.nonzeroBitCount
      + words.3.nonzeroBitCount
  }

  var first: UInt8? { (UInt8.min...UInt8.max).first { contains($0) } }

  static func == (left: ByteSet, right: ByteSet) -> Bool { left.words == right.words }

  func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}

enum GlobToken: Sendable, Hashable {
  case byte(UInt8)
  /// `?`
  case any
  case set(ByteSet)
  /// `*`
  case star

  func accepts(_ byte: UInt8) -> Bool {
    switch self {
    case .byte(let own): own == byte
    case .any, .star: true
    case .set(let set): set.contains(byte)
    }
  }
}

/// A pattern as normalised tokens.
struct Glob: Sendable, Hashable {
  private(set) var tokens: [GlobToken]

  init(tokens: [GlobToken]) {
    self.tokens = tokens
  }

  /// The text without wildcards.
  init(literal text: some Sequence<UInt8>) {
    tokens = text.map { .byte($0) }
  }

  init(_ text: some Sequence<UInt8>) {
    let bytes = Array(text)
    tokens = []
    tokens.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "*"): tokens.append(.star)
      case UInt8(ascii: "?"): tokens.append(.any)
      case UInt8(ascii: "["):
        if let (set, end) = Self.parseSet(bytes, index) {
          tokens.append(
            set.count == 1 ? .byte(set.first ?? 0) : set.count == 256 ? .any : .set(set))
          index = end
        } else {
          tokens.append(.byte(byte))
        }
      case _: tokens.append(.byte(byte))
      }
    }
    normaliseStars()
  }

  /// The set whose text begins at `start`, behind the `[`, and where it ends; nil without a `]`. As
  /// in the shell, a `]` that comes first is a member.
  private static func parseSet(_ bytes: [UInt8], _ start: Int) -> (ByteSet, end: Int)? {
    var index = start
    let isInverted = index < bytes.count && bytes[index] == UInt8(ascii: "!")
    if isInverted { index += 1 }
    var set = ByteSet()
    var isFirst = true
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "]") && !isFirst {
        return (isInverted ? set.inverted : set, index + 1)
      }
      isFirst = false
      if index + 2 < bytes.count && bytes[index + 1] == UInt8(ascii: "-")
        && bytes[index + 2] != UInt8(ascii: "]")
      {
        let last = bytes[index + 2]
        if byte <= last {
          for member in byte...last { set.insert(member) }
        }
        index += 3
      } else {
        set.insert(byte)
        index += 1
      }
    }
    return nil
  }

  /// Moves every `?` of a run of `*` and `?` to its front, and leaves one `*`.
  private mutating func normaliseStars() {
    guard tokens.contains(.star) else { return }
    var result: [GlobToken] = []
    result.reserveCapacity(tokens.count)
    var hasStar = false
    for token in tokens {
      if token == .star {
        hasStar = true
      } else if token == .any {
        result.append(token)
      } else {
        if hasStar { result.append(.star) }
        hasStar = false
        result.append(token)
      }
    }
    if hasStar { result.append(.star) }
    tokens = result
  }

  /// Whether only one name can match.
  var isFullName: Bool {
    for token in tokens {
      guard case .byte = token else { return false }
    }
    return true
  }

  /// Whether it is just `*`.
  var isBareStar: Bool { tokens == [.star] }

  /// Whether the whole of `name` matches. Goes back only to the last `*`, so it takes at most
  /// (length of the name × number of tokens) steps.
  func matches(_ name: some RandomAccessCollection<UInt8>) -> Bool {
    var position = name.startIndex
    var token = 0
    var lastStar = -1
    var retryAt = position
    while position < name.endIndex {
      if token < tokens.count, tokens[token] == .star {
        lastStar = token
        retryAt = position
        token += 1
      } else if token < tokens.count, tokens[token].accepts(name[position]) {
        token += 1
        name.formIndex(after: &position)
      } else if lastStar >= 0 {
        name.formIndex(after: &retryAt)
        position = retryAt
        token = lastStar + 1
      } else {
        return false
      }
    }
    while token < tokens.count, tokens[token] == .star { token += 1 }
    return token == tokens.count
  }

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
