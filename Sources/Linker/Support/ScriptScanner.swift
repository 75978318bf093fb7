// The words of linker scripts, version scripts and dynamic lists.
//
// The three languages share blanks, comments (`/* */`, and `#` to the end of the line), quoted
// strings and a little punctuation; they differ in which characters belong to a word, so the
// caller asks for a word of the kind that it expects. Words are slices of the file: nothing is
// copied, and the file stays mapped.

internal import ELF
internal import Text

/// Walks through a script. Before and after every call the scanner stands at a byte that is
/// neither blank nor comment, or at the end.
struct ScriptScanner {
  /// Which bytes, besides letters, digits and bytes above 127, make up a word.
  struct WordKind {
    fileprivate let members: ByteSet

    /// A command or symbol: letters, digits and `_ . $`.
    static let identifier = WordKind("_.$")
    /// A symbol in an expression, which may carry a version.
    static let operand = WordKind("_.$@")
    /// A file name in INPUT or GROUP, a section in SIZEOF: all but blanks, separators and quotes.
    static let fileName = WordKind("_.$/\\~=+-:@!%^&*?[]<>|`")
    /// A symbol pattern of a version script. `:` is decided by the caller, because `local:` is a
    /// label and `a::b` a C++ name.
    static let pattern = WordKind("_.$/\\~+-*?[]!^@=<>%&|")
    /// The name of a version node.
    static let versionName = WordKind("_.$-+@")

    private init(_ punctuation: StaticString) {
      var members = ByteSet()
      for byte in UInt8(ascii: "0")...UInt8(ascii: "9") { members.insert(byte) }
      for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") { members.insert(byte) }
      for byte in UInt8(ascii: "a")...UInt8(ascii: "z") { members.insert(byte) }
      for byte in UInt8(0x80)...0xff { members.insert(byte) }
      punctuation.withUTF8Buffer { for byte in $0 { members.insert(byte) } }
      self.members = members
    }
  }

  let bytes: ByteView
  private(set) var offset = 0
  private var line = 1
  private var lineStart = 0

  init(_ bytes: ByteView) throws(TextError) {
    self.bytes = bytes
    // A byte order mark, which editors of other systems leave behind.
    if bytes.hasPrefix("\u{feff}") { offset = 3 }
    try skipBlanks()
  }

  var position: TextPosition { TextPosition(line: line, column: offset - lineStart + 1) }
  var isAtEnd: Bool { offset >= bytes.count }
  /// The byte at which the scanner stands.
  var current: UInt8? { isAtEnd ? nil : bytes[offset] }

  /// The byte `distance` bytes further on.
  func peek(_ distance: Int) -> UInt8? {
    let target = offset + distance
    return target < bytes.count ? bytes[target] : nil
  }

  /// An error at the place where the scanner stands.
  func error(_ text: String) -> TextError { TextError(position: position, text: text) }

  /// What stands here, for the message `expected …, found …`.
  var found: String {
    guard let byte = current else { return "the end of the file" }
    guard byte >= 0x20 && byte < 0x7f else { return "byte 0x\(String(byte, radix: 16))" }
    var end = offset
    while end < bytes.count, end - offset < 40, WordKind.fileName.members.contains(bytes[end]) {
      end += 1
    }
    let text = bytes.slice(offset, max(end - offset, 1))?.string ?? ""
    return "'\(text)'"
  }

  /// Whether `text` stands here.
  func stands(at text: String) -> Bool {
    var position = offset
    for byte in text.utf8 {
      guard position < bytes.count, bytes[position] == byte else { return false }
      position += 1
    }
    return true
  }

  /// Takes `count` bytes, none of which is blank.
  mutating func skip(_ count: Int) throws(TextError) {
    offset = min(offset + count, bytes.count)
    try skipBlanks()
  }

  /// What stands between here and `end`, blanks and line ends as one blank each, at most 80 bytes.
  func text(until end: ScriptScanner) -> String {
    let text = bytes.slice(offset, end.offset - offset)?.string ?? ""
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.utf8.count > 80 ? words.prefix(76) + " …" : words
  }

  /// What is left of the line.
  var restOfLine: String {
    var end = offset
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    return bytes.slice(offset, end - offset)?.string ?? ""
  }

  /// Takes `byte` if it stands here.
  mutating func take(_ byte: Unicode.Scalar) throws(TextError) -> Bool {
    guard current == UInt8(ascii: byte) else { return false }
    offset += 1
    try skipBlanks()
    return true
  }

  /// Takes `byte`, which has to stand here; `place` ends the sentence: `in GROUP`.
  mutating func expect(_ byte: Unicode.Scalar, _ place: String) throws(TextError) {
    guard try take(byte) else { throw error("expected '\(byte)' \(place), found \(found)") }
  }

  /// Takes the longest word of `kind`; nil if none stands here.
  mutating func word(_ kind: WordKind) throws(TextError) -> ByteView? {
    let start = offset
    while offset < bytes.count, kind.members.contains(bytes[offset]) { offset += 1 }
    guard offset > start else { return nil }
    let word = bytes.slice(start, offset - start)
    try skipBlanks()
    return word
  }

  /// Takes a symbol pattern. A colon belongs to it where it is one of a pair or stands inside.
  mutating func patternWord() throws(TextError) -> ByteView? {
    let start = offset
    while let byte = current {
      if byte == UInt8(ascii: ":") {
        // `local:` and `global:` are labels; everything else with a colon is a name.
        if peek(1) != UInt8(ascii: ":") {
          let word = bytes.slice(start, offset - start) ?? ByteView()
          if word.isEmpty || word.equals("local") || word.equals("global") { break }
          offset += 1
        } else {
          offset += 2
        }
      } else if byte == UInt8(ascii: "\\"), peek(1) != nil, peek(1) != UInt8(ascii: "\n") {
        offset += 2
      } else if WordKind.pattern.members.contains(byte) {
        offset += 1
      } else {
        break
      }
    }
    guard offset > start else { return nil }
    let word = bytes.slice(start, offset - start)
    try skipBlanks()
    return word
  }

  /// Takes a string in double quotes, without them; nil if none stands here. There is no escape.
  mutating func quoted() throws(TextError) -> ByteView? {
    guard current == UInt8(ascii: "\"") else { return nil }
    let opening = position
    let start = offset + 1
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
      if bytes[end] == UInt8(ascii: "\n") { break }
      end += 1
    }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else {
      throw TextError(position: opening, text: "the string that begins here has no closing '\"'")
    }
    offset = end + 1
    let text = bytes.slice(start, end - start)
    try skipBlanks()
    return text
  }

  /// Moves to the next byte that is neither blank nor comment.
  private mutating func skipBlanks() throws(TextError) {
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: "\n"):
        offset += 1
        line += 1
        lineStart = offset
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0b, 0x0c:
        offset += 1
      case UInt8(ascii: "#"):
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
        try skipComment()
      default:
        return
      }
    }
  }

  private mutating func skipComment() throws(TextError) {
    let opening = position
    offset += 2
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      if byte == UInt8(ascii: "*"), offset < bytes.count, bytes[offset] == UInt8(ascii: "/") {
        offset += 1
        return
      }
      if byte == UInt8(ascii: "\n") {
        line += 1
        lineStart = offset
      }
    }
    throw TextError(position: opening, text: "the comment that begins here has no closing '*/'")
  }
}
