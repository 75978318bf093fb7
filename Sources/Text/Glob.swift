// Shell patterns over bytes: names of sections and files in maps, of symbols in version scripts,
// options and edits. (POSIX.1-2017, XCU 2.13 "Pattern Matching Notation".)
//
// `*` is any text, `?` any byte, `[a-z_]` one byte of a set, `[!x]` one byte that is not in it. A `[`
// without its `]` is an ordinary byte. There is no special case for `/` or a leading dot: names of
// symbols and sections are not paths. How much of that a pattern means, its language says (`Syntax`);
// after that there is one form of it.
//
// A pattern is normalised (`**` is `*`, `*?` is `?*`, a set of one is that byte), so that equal
// meanings mostly have equal tokens. Matching never goes back further than to the last `*`, so its
// cost is at most the length of the text times that of the pattern.

/// One step of a pattern.
@frozen public enum GlobToken: Sendable, Hashable {
  case byte(UInt8)
  /// `?`
  case any
  case set(ByteSet)
  /// `*`; never two in a row, and never before a `?`.
  case star

  /// Whether `byte` may stand here; a `*` takes any.
  @inlinable public func accepts(_ byte: UInt8) -> Bool {
    switch self {
    case .byte(let own): own == byte
    case .any, .star: true
    case .set(let set): set.contains(byte)
    }
  }

  /// The bytes that may stand here.
  public var bytes: ByteSet {
    switch self {
    case .byte(let byte): ByteSet(byte)
    case .any, .star: .all
    case .set(let set): set
    }
  }
}

/// A pattern as normalised tokens.
public struct Glob: Sendable, Hashable {
  /// How patterns are written where they come from.
  public enum Syntax: Sendable {
    /// `*` and `?` only: edits.
    case wildcards
    /// `[a-z]` and `[!a-z]`, too: section maps.
    case map
    /// `[^a-z]`, `[[:digit:]]`, and a backslash before what is meant literally, too: scripts and
    /// options, as GNU ld has them.
    case shell
  }

  /// In the order of the text.
  public private(set) var tokens: [GlobToken]

  /// Tokens that are in normal form.
  public init(tokens: [GlobToken]) { self.tokens = tokens }

  /// The pattern that matches `text` alone, whatever characters it has.
  public init(literal text: some Sequence<UInt8>) { tokens = text.map { .byte($0) } }

  /// The pattern that `text` stands for; every text is one.
  public init(_ text: some Sequence<UInt8>, _ syntax: Syntax) {
    var reader = GlobReader(bytes: Array(text), syntax: syntax)
    tokens = reader.tokens()
    normaliseStars()
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

  /// The bytes that every match begins with.
  public var literalPrefix: [UInt8] {
    var prefix: [UInt8] = []
    for token in tokens {
      guard case .byte(let byte) = token else { break }
      prefix.append(byte)
    }
    return prefix
  }

  /// The one text that the pattern matches; nil if there are more, or none.
  public var literal: [UInt8]? {
    let prefix = literalPrefix
    return prefix.count == tokens.count ? prefix : nil
  }

  /// Whether the pattern matches all of `text`.
  public func matches(_ text: Span<UInt8>) -> Bool {
    var token = 0
    var offset = 0
    // Where to go on when a later token fails: the last `*` takes one byte more.
    var star: (token: Int, offset: Int)?
    while offset < text.count {
      if token < tokens.count, tokens[token] == .star {
        token += 1
        if token == tokens.count { return true }
        star = (token, offset)
      } else if token < tokens.count, tokens[token].accepts(text[offset]) {
        token += 1
        offset += 1
      } else if let last = star {
        star = (last.token, last.offset + 1)
        token = last.token
        offset = last.offset + 1
      } else {
        return false
      }
    }
    return token == tokens.count || token == tokens.count - 1 && tokens[token] == .star
  }
}

/// Reads the tokens of a pattern.
private struct GlobReader {
  let bytes: [UInt8]
  let syntax: Glob.Syntax
  private var offset = 0

  init(bytes: [UInt8], syntax: Glob.Syntax) {
    self.bytes = bytes
    self.syntax = syntax
  }

  mutating func tokens() -> [GlobToken] {
    var tokens: [GlobToken] = []
    tokens.reserveCapacity(bytes.count)
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      switch byte {
      case UInt8(ascii: "*"): tokens.append(.star)
      case UInt8(ascii: "?"): tokens.append(.any)
      case UInt8(ascii: "[") where syntax != .wildcards:
        let start = offset
        if let set = bracket() {
          tokens.append(
            set.count == 1 ? .byte(set.first ?? 0) : set.count == 256 ? .any : .set(set))
        } else {
          offset = start
          tokens.append(.byte(byte))
        }
      case UInt8(ascii: "\\") where syntax == .shell && offset < bytes.count:
        tokens.append(.byte(bytes[offset]))
        offset += 1
      default: tokens.append(.byte(byte))
      }
    }
    return tokens
  }

  /// The set whose text begins here, behind the `[`; nil without a `]`. A `]` that comes first is a
  /// member.
  private mutating func bracket() -> ByteSet? {
    var isInverted = false
    if offset < bytes.count,
      bytes[offset] == UInt8(ascii: "!") || syntax == .shell && bytes[offset] == UInt8(ascii: "^")
    {
      isInverted = true
      offset += 1
    }
    var set = ByteSet()
    let first = offset
    while offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "]") && offset > first {
        offset += 1
        return isInverted ? set.inverted : set
      }
      if syntax == .shell, let named = className() {
        set.formUnion(named)
        continue
      }
      guard let low = member() else { return nil }
      // `a-` before the bracket's end is the two bytes.
      if offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "-"),
        bytes[offset + 1] != UInt8(ascii: "]")
      {
        offset += 1
        guard let high = member() else { return nil }
        if low <= high { for byte in low...high { set.insert(byte) } }
      } else {
        set.insert(low)
      }
    }
    return nil
  }

  private mutating func member() -> UInt8? {
    if syntax == .shell, bytes[offset] == UInt8(ascii: "\\") { offset += 1 }
    guard offset < bytes.count else { return nil }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// Reads `[:name:]`, if one stands here.
  private mutating func className() -> ByteSet? {
    for (name, ranges) in Self.classes where bytes[offset...].starts(with: name.utf8) {
      offset += name.utf8.count
      var set = ByteSet()
      for range in ranges { for byte in range { set.insert(byte) } }
      return set
    }
    return nil
  }

  private static let classes: [(String, [ClosedRange<UInt8>])] = [
    ("[:alnum:]", [0x30...0x39, 0x41...0x5a, 0x61...0x7a]),
    ("[:alpha:]", [0x41...0x5a, 0x61...0x7a]),
    ("[:digit:]", [0x30...0x39]),
    ("[:lower:]", [0x61...0x7a]),
    ("[:punct:]", [0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e]),
    ("[:space:]", [0x09...0x0d, 0x20...0x20]),
    ("[:upper:]", [0x41...0x5a]),
    ("[:xdigit:]", [0x30...0x39, 0x41...0x46, 0x61...0x66]),
  ]
}
