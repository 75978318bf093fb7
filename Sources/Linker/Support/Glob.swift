// Shell patterns over bytes: file and symbol names in version scripts, dynamic lists and options.
//
// `*` is any text, `?` any byte, `[a-z_]` one byte of a set, `[!x]` or `[^x]` one byte that is not
// in it, `[[:digit:]]` a class of POSIX, and a backslash takes the next byte literally. A `[`
// without its `]` is an ordinary byte. There is no special case for `/` or a leading dot: names of
// symbols and sections are not paths. (POSIX.1-2017, XCU 2.13 "Pattern Matching Notation".)
//
// A pattern is compiled once. Matching never goes back further than to the last `*`, so its cost
// is at most the length of the text times that of the pattern; the usual forms (`a*`, `*a`) cost
// one comparison.

internal import ELF

struct Glob: Sendable, Equatable {
  enum Element: Sendable, Equatable {
    case byte(UInt8)
    /// `?` or a bracket.
    case set(ByteSet)
    /// `*`; never two in a row.
    case anyText
  }

  let elements: [Element]
  /// The bytes that every match begins with.
  let literalPrefix: [UInt8]
  /// The pattern is exactly `*`, which GNU ld ranks behind all others. `**` is not.
  let isStar: Bool

  init(_ pattern: ByteView) {
    var elements: [Element] = []
    var offset = 0
    while offset < pattern.count {
      let byte = pattern[offset]
      offset += 1
      switch byte {
      case UInt8(ascii: "*"):
        if elements.last != .anyText { elements.append(.anyText) }
      case UInt8(ascii: "?"):
        elements.append(.set(.all))
      case UInt8(ascii: "["):
        if let (set, end) = Glob.bracket(pattern, offset) {
          elements.append(.set(set))
          offset = end
        } else {
          elements.append(.byte(byte))
        }
      case UInt8(ascii: "\\") where offset < pattern.count:
        elements.append(.byte(pattern[offset]))
        offset += 1
      default:
        elements.append(.byte(byte))
      }
    }
    self.elements = elements
    isStar = pattern.equals("*")
    var prefix: [UInt8] = []
    for element in elements {
      guard case .byte(let byte) = element else { break }
      prefix.append(byte)
    }
    literalPrefix = prefix
  }

  /// For patterns of our own and options.
  init(_ pattern: String) {
    var pattern = pattern
    self = pattern.withUTF8 { Glob(ByteView(UnsafeRawBufferPointer($0))) }
  }

  /// The one text that the pattern matches, if it has no wildcard.
  var literal: [UInt8]? { literalPrefix.count == elements.count ? literalPrefix : nil }

  /// Whether `pattern` has a `*`, `?` or `[` that no backslash protects. Without one it is an
  /// exact name, even for GNU ld's precedence.
  static func hasWildcard(_ pattern: ByteView) -> Bool {
    var offset = 0
    while offset < pattern.count {
      switch pattern[offset] {
      case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["): return true
      case UInt8(ascii: "\\"): offset += 2
      default: offset += 1
      }
    }
    return false
  }

  /// Whether the pattern matches all of `text`.
  func matches(_ text: ByteView) -> Bool {
    let prefixCount = literalPrefix.count
    guard text.count >= prefixCount else { return false }
    for offset in 0..<prefixCount where text[offset] != literalPrefix[offset] { return false }
    var element = prefixCount
    var offset = prefixCount
    // Where to go on when a later element fails: the last `*` takes one byte more.
    var star: (element: Int, offset: Int)?
    while true {
      if element < elements.count {
        if case .anyText = elements[element] {
          element += 1
          if element == elements.count { return true }
          star = (element, offset)
          continue
        }
        if offset < text.count, matches(element, text[offset]) {
          element += 1
          offset += 1
          continue
        }
      } else if offset == text.count {
        return true
      }
      guard let last = star, last.offset < text.count else { return false }
      star = (last.element, last.offset + 1)
      element = last.element
      offset = last.offset + 1
    }
  }

  private func matches(_ element: Int, _ byte: UInt8) -> Bool {
    switch elements[element] {
    case .byte(let own): own == byte
    case .set(let set): set.contains(byte)
    case .anyText: true
    }
  }

  /// Reads a bracket expression whose `[` lies before `start`. Answers the set and the offset
  /// behind the `]`, or nil if there is no `]`.
  private static func bracket(_ pattern: ByteView, _ start: Int) -> (ByteSet, Int)? {
    var offset = start
    var isInverted = false
    if offset < pattern.count,
      pattern[offset] == UInt8(ascii: "!") || pattern[offset] == UInt8(ascii: "^")
    {
      isInverted = true
      offset += 1
    }
    var set = ByteSet()
    let first = offset
    while offset < pattern.count {
      if pattern[offset] == UInt8(ascii: "]") && offset > first {
        return (isInverted ? set.inverted : set, offset + 1)
      }
      if let (named, end) = className(pattern, offset) {
        for byte in UInt8.min...UInt8.max where named.contains(byte) { set.insert(byte) }
        offset = end
        continue
      }
      guard let low = member(pattern, &offset) else { return nil }
      // `a-` before the bracket's end is the two bytes.
      if offset + 1 < pattern.count, pattern[offset] == UInt8(ascii: "-"),
        pattern[offset + 1] != UInt8(ascii: "]")
      {
        offset += 1
        guard let high = member(pattern, &offset) else { return nil }
        if low <= high { for byte in low...high { set.insert(byte) } }
      } else {
        set.insert(low)
      }
    }
    return nil
  }

  private static func member(_ pattern: ByteView, _ offset: inout Int) -> UInt8? {
    if pattern[offset] == UInt8(ascii: "\\") { offset += 1 }
    guard offset < pattern.count else { return nil }
    defer { offset += 1 }
    return pattern[offset]
  }

  /// Reads `[:name:]` at `offset`.
  private static func className(_ pattern: ByteView, _ offset: Int) -> (ByteSet, Int)? {
    guard let rest = pattern.suffix(from: offset), rest.hasPrefix("[:") else { return nil }
    for (name, ranges) in classes where rest.hasPrefix(name) {
      var set = ByteSet()
      for range in ranges { for byte in range { set.insert(byte) } }
      return (set, offset + name.utf8CodeUnitCount)
    }
    return nil
  }

  private static let classes: [(StaticString, [ClosedRange<UInt8>])] = [
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
