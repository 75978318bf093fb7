// The words of one edit, sorted into positional words and `key=value`. Every key must be asked
// for: what is left over at the end is an error, so a misspelt option never passes silently.

/// The arguments of one edit.
struct Arguments {
  let verb: String
  let location: EditLocation
  /// What relative paths of this edit are relative to.
  let directory: String
  private var positional: [Word] = []
  private var flags: Set<String> = []
  private var keys: [(name: String, word: Word, start: Int)] = []
  private var next = 0

  /// The words that stand alone and are no value.
  private static let bareFlags: Set<String> = ["if-needed", "rom-only"]

  init(_ words: [Word], directory: String) throws(EditFailure) {
    verb = String(decoding: words[0].text, as: UTF8.self)
    location = words[0].location
    self.directory = directory
    for word in words.dropFirst() {
      if let end = Arguments.keyEnd(word) {
        let name = String(decoding: word.text[..<end], as: UTF8.self)
        if keys.contains(where: { $0.name == name }) {
          throw EditFailure(.syntax, "'\(name)=' is given twice", at: word.location)
        }
        keys.append((name, word, end + 1))
      } else {
        let text = String(decoding: word.text, as: UTF8.self)
        if Arguments.bareFlags.contains(text) {
          flags.insert(text)
        } else {
          positional.append(word)
        }
      }
    }
  }

  /// The index of the `=` behind a key, if the word begins with one.
  private static func keyEnd(_ word: Word) -> Int? {
    for (index, byte) in word.text.enumerated() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): continue
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
        if index == 0 { return nil }
      case UInt8(ascii: "="): return index > 0 ? index : nil
      default: return nil
      }
    }
    return nil
  }

  func fail(_ message: String, hint: String? = nil) -> EditFailure {
    EditFailure(.syntax, message, hint: hint, at: location)
  }

  // MARK: Positional words

  var hasMore: Bool { next < positional.count }

  mutating func word(_ what: String) throws(EditFailure) -> Word {
    guard next < positional.count else { throw fail("\(verb): \(what) is missing") }
    next += 1
    return positional[next - 1]
  }

  /// A word as text: quoted or as it is.
  mutating func text(_ what: String) throws(EditFailure) -> String {
    var parser = WordParser(try word(what))
    return String(decoding: try parser.restAsText(), as: UTF8.self)
  }

  mutating func parse<T>(
    _ what: String, _ body: (inout WordParser) throws(EditFailure) -> T
  ) throws(EditFailure) -> T {
    var parser = WordParser(try word(what))
    let result = try body(&parser)
    try parser.expectEnd()
    return result
  }

  mutating func place() throws(EditFailure) -> EditPlace {
    try parse("PLACE") { parser throws(EditFailure) in try parser.place() }
  }

  mutating func data() throws(EditFailure) -> EditData {
    let directory = self.directory
    return try parse("DATA") { parser throws(EditFailure) in
      try parser.data(relativeTo: directory)
    }
  }

  mutating func expression() throws(EditFailure) -> EditExpression {
    try parse("(EXPR)") { parser throws(EditFailure) in try parser.parenthesized() }
  }

  /// Takes the next word if it is exactly `text`.
  mutating func take(_ text: String) -> Bool {
    guard next < positional.count, positional[next].text == Array(text.utf8) else { return false }
    next += 1
    return true
  }

  // MARK: Keys

  mutating func flag(_ name: String) -> Bool { flags.remove(name) != nil }

  mutating func key<T>(
    _ name: String, _ body: (inout WordParser) throws(EditFailure) -> T
  ) throws(EditFailure) -> T? {
    guard let index = keys.firstIndex(where: { $0.name == name }) else { return nil }
    let entry = keys.remove(at: index)
    var parser = WordParser(entry.word, from: entry.start)
    let result = try body(&parser)
    try parser.expectEnd()
    return result
  }

  mutating func integer(_ name: String) throws(EditFailure) -> UInt64? {
    try key(name) { parser throws(EditFailure) in try parser.integer() }
  }

  mutating func signed(_ name: String) throws(EditFailure) -> Int64? {
    try key(name) { parser throws(EditFailure) in try parser.signedInteger() }
  }

  mutating func textKey(_ name: String) throws(EditFailure) -> String? {
    try key(name) { parser throws(EditFailure) in
      String(decoding: try parser.restAsText(), as: UTF8.self)
    }
  }

  mutating func path(_ name: String) throws(EditFailure) -> String? {
    try textKey(name).map { resolvePath($0, in: directory) }
  }

  mutating func byte(_ name: String) throws(EditFailure) -> UInt8? {
    guard let value = try integer(name) else { return nil }
    guard value < 256 else { throw fail("\(name)=\(value) is not a byte") }
    return UInt8(value)
  }

  mutating func ranges(_ name: String) throws(EditFailure) -> [RangeSpecification]? {
    try key(name) { parser throws(EditFailure) in try parser.ranges() }
  }

  mutating func yes(_ name: String, default value: Bool = false) throws(EditFailure) -> Bool {
    switch try textKey(name) {
    case nil: return value
    case "yes": return true
    case "no": return false
    case .some(let other): throw fail("\(name)=\(other) is neither yes nor no")
    }
  }

  mutating func choice<T: RawRepresentable<String>>(
    _ name: String, _ type: T.Type
  ) throws(EditFailure) -> T? {
    guard let text = try textKey(name) else { return nil }
    guard let value = T(rawValue: text) else {
      throw fail("'\(text)' is no value of \(name)=")
    }
    return value
  }

  /// Fails if something was given that nobody asked for.
  func finish() throws(EditFailure) {
    if next < positional.count {
      let text = String(decoding: positional[next].text, as: UTF8.self)
      throw EditFailure(
        .syntax, "\(verb): unexpected '\(text)'", at: positional[next].location)
    }
    if let extra = keys.first {
      throw EditFailure(
        .syntax, "\(verb) has no option '\(extra.name)='",
        hint: "quote the word if it is not an option", at: extra.word.location)
    }
    if let extra = flags.sorted().first { throw fail("\(verb) does not take '\(extra)'") }
  }
}
