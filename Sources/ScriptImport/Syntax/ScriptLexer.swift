// The words of a linker script.
//
// What a word is depends on where it stands: `*/drivers/*.o` is one where sections are chosen, and an
// expression elsewhere. The parser knows, and asks for one or the other; nothing is read ahead. Comments
// are collected on the way, for the map keeps them.

struct ScriptLexer {
  let file: String
  let bytes: [UInt8]
  private(set) var offset = 0
  /// The line of `offset` in the text, from 0.
  private(set) var row = 0
  private var rowStart = 0
  /// What line markers say: `row` is line `row + lineShift` of `markedFile`.
  private var markedFile: String
  private var lineShift = 1
  /// Comments that the parser has not fetched yet.
  var comments: [ScriptComment] = []

  init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
    markedFile = file
  }

  var place: ScriptPlace {
    ScriptPlace(file: markedFile, line: row + lineShift, column: offset - rowStart + 1)
  }

  /// The byte at the place, behind blanks and comments; nil at the end.
  mutating func peek() throws(ScriptError) -> UInt8? {
    try skipBlanks()
    return offset < bytes.count ? bytes[offset] : nil
  }

  func byte(_ distance: Int) -> UInt8? {
    offset + distance < bytes.count ? bytes[offset + distance] : nil
  }

  mutating func take(_ text: StaticString) throws(ScriptError) -> Bool {
    try skipBlanks()
    let count = text.utf8CodeUnitCount
    guard offset + count <= bytes.count else { return false }
    let matches = text.withUTF8Buffer { text in
      (0..<count).allSatisfy { unsafe text[$0] == bytes[offset + $0] }
    }
    if matches { offset += count }
    return matches
  }

  /// The text from `start` to the place, blanks and line feeds joined to one blank.
  func words(from start: Int) -> String {
    var result: [UInt8] = []
    for byte in bytes[min(start, offset)..<offset] {
      if Self.isBlank(byte) {
        if let last = result.last, last != 0x20 { result.append(0x20) }
      } else {
        result.append(byte)
      }
      if result.count > 160 {
        result += Array("…".utf8)
        break
      }
    }
    while result.last == 0x20 { result.removeLast() }
    return String(decoding: result, as: UTF8.self)
  }

  // MARK: - Blanks

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

  private mutating func newLine() {
    row += 1
    rowStart = offset
  }

  private mutating func skipBlanks() throws(ScriptError) {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x0a:
        offset += 1
        newLine()
      case let byte where Self.isBlank(byte): offset += 1
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"): try comment()
      case UInt8(ascii: "#") where isFirstOfLine: try marker()
      default: return
      }
    }
  }

  private var isFirstOfLine: Bool { bytes[rowStart..<offset].allSatisfy(Self.isBlank) }

  private mutating func comment() throws(ScriptError) {
    let start = place
    var comment = ScriptComment(lines: [], row: row)
    var line: [UInt8] = []
    func stripped(_ line: [UInt8]) -> String {
      func isFrame(_ byte: UInt8) -> Bool { Self.isBlank(byte) || byte == UInt8(ascii: "*") }
      let front = line.drop(while: isFrame)
      let end = front.lastIndex { !isFrame($0) } ?? front.startIndex - 1
      return String(decoding: front[..<(end + 1)], as: UTF8.self)
    }
    offset += 2
    while true {
      guard offset < bytes.count else {
        throw ScriptError("the comment has no end", at: start)
      }
      let byte = bytes[offset]
      if byte == UInt8(ascii: "*"), self.byte(1) == UInt8(ascii: "/") {
        offset += 2
        break
      }
      offset += 1
      if byte == 0x0a {
        newLine()
        comment.lines.append(stripped(line))
        line = []
      } else {
        line.append(byte < 0x20 ? 0x20 : byte)
      }
    }
    comment.lines.append(stripped(line))
    while comment.lines.last?.isEmpty == true { comment.lines.removeLast() }
    while comment.lines.first?.isEmpty == true { comment.lines.removeFirst() }
    if !comment.lines.isEmpty { comments.append(comment) }
  }

  /// `# 12 "file.ld" 1` and `#line 12 "file.ld"`; `#pragma` says nothing.
  private mutating func marker() throws(ScriptError) {
    let start = place
    var end = offset
    while end < bytes.count, bytes[end] != 0x0a { end += 1 }
    let words = bytes[(offset + 1)..<end].split(whereSeparator: Self.isBlank)
    let texts = words.map { String(decoding: $0, as: UTF8.self) }
    offset = end
    let numbers = texts.first == "line" ? texts.dropFirst() : texts[...]
    if let first = numbers.first, let line = Int(first), (0...1_000_000_000).contains(line) {
      // The marker is about the line behind it.
      lineShift = line - (row + 1)
      if let name = numbers.dropFirst().first, name.count > 1, name.hasPrefix("\"") {
        markedFile = String(name.dropFirst().prefix { $0 != "\"" })
      }
      return
    }
    if texts.isEmpty || texts[0] == "pragma" || texts[0] == "ident" { return }
    throw ScriptError(
      "'#\(texts[0])' is for the preprocessor; give the output of 'cpp -P' or 'cc -E -P -x c'",
      at: start)
  }

  // MARK: - Words

  /// Whether `byte` may be part of a pattern or a name of a file or section.
  private static func isPatternByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "}"),
      UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "="):
      false
    default: byte > 0x20 && byte != 0x7f
    }
  }

  /// A name of a section or file, a pattern, or text in quotes; nil if something else stands here.
  mutating func pattern() throws(ScriptError) -> String? {
    if let text = try quoted() { return text }
    let start = offset
    while offset < bytes.count, Self.isPatternByte(bytes[offset]) { offset += 1 }
    // The operator of `a += 1` that stands without a blank is no part of the name.
    if offset > start, byte(0) == UInt8(ascii: "="), byte(1) != UInt8(ascii: "=") {
      let signs = Array("+-*/&|^<>".utf8)
      while offset > start + 1, signs.contains(bytes[offset - 1]) { offset -= 1 }
    }
    guard offset > start else { return nil }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  /// Gives back the last `count` bytes of a word.
  mutating func back(_ count: Int) { offset = max(0, offset - count) }

  /// Text between quotes on one line.
  mutating func quoted() throws(ScriptError) -> String? {
    try skipBlanks()
    guard byte(0) == UInt8(ascii: "\"") else { return nil }
    var end = offset + 1
    while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
      if bytes[end] == 0x0a || end - offset > 4096 { break }
      end += 1
    }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else {
      throw ScriptError("the text in quotes has no end on its line", at: place)
    }
    defer { offset = end + 1 }
    return String(decoding: bytes[(offset + 1)..<end], as: UTF8.self)
  }

  /// A name in an expression, or nil.
  mutating func name() throws(ScriptError) -> String? {
    if let text = try quoted() { return text }
    guard offset < bytes.count, Self.beginsName(bytes[offset]) else { return nil }
    let start = offset
    while offset < bytes.count,
      Self.beginsName(bytes[offset]) || (0x30...0x39).contains(bytes[offset])
    {
      offset += 1
    }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private static func beginsName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "$"),
      UInt8(ascii: "\\"), 0x80...:
      true
    default: false
    }
  }

  /// The letters and digits of a number.
  mutating func digits() throws(ScriptError) -> String? {
    try skipBlanks()
    let start = offset
    guard let first = byte(0),
      (0x30...0x39).contains(first)
        || first == UInt8(ascii: "$") && byte(1).map(Self.isHexDigit) == true
    else { return nil }
    offset += 1
    while offset < bytes.count,
      Self.isHexDigit(bytes[offset]) || Array("xXkKmMhHoO".utf8).contains(bytes[offset])
    {
      offset += 1
    }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
  }

  /// What stands here, for messages.
  mutating func found() -> String {
    guard (try? peek()) ?? nil != nil else { return "the end" }
    var end = offset
    while end < bytes.count, end - offset < 24, !Self.isBlank(bytes[end]) { end += 1 }
    return "'\(String(decoding: bytes[offset..<end], as: UTF8.self))'"
  }
}
