// The inside of a word: integers, names, strings, data, places, ranges and expressions. One
// function per production of Grammar/sedit.ebnf; every loop consumes, and nesting is bounded.

/// Parses one word.
struct WordParser {
  private let text: [UInt8]
  private let places: [EditLocation]
  private var position: Int
  private let end: Int
  private var depth = 0
  /// How many operators the expression may still have: they nest, and nesting is recursion.
  private var operators = 256

  /// Parses `word` from its byte `start` to the end.
  init(_ word: Word, from start: Int = 0) {
    text = word.text
    places = word.places
    position = start
    end = word.text.count
  }

  // MARK: Bytes

  private var current: UInt8? { position < end ? text[position] : nil }
  var isAtEnd: Bool { position >= end }
  var location: EditLocation { places[min(position, places.count - 1)] }

  private func fail(_ message: String, hint: String? = nil) -> EditFailure {
    EditFailure(.syntax, message, hint: hint, at: location)
  }

  private func looksAt(_ prefix: StaticString) -> Bool {
    let count = prefix.utf8CodeUnitCount
    guard position + count <= end else { return false }
    return prefix.withUTF8Buffer { unsafe text[position..<(position + count)].elementsEqual($0) }
  }

  private mutating func take(_ prefix: StaticString) -> Bool {
    guard looksAt(prefix) else { return false }
    position += prefix.utf8CodeUnitCount
    return true
  }

  private mutating func skipBlanks() {
    while let byte = current, byte == space || byte == tab || byte == newline { position += 1 }
  }

  mutating func expectEnd() throws(EditFailure) {
    guard isAtEnd else {
      let rest = String(decoding: text[position..<end], as: UTF8.self)
      throw fail("unexpected '\(rest)'")
    }
  }

  // MARK: Tokens

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"),
      UInt8(ascii: "@"), UInt8(ascii: "-"), 0x80...0xff:
      true
    default: false
    }
  }

  /// A bare name (single dots allowed) or a string.
  mutating func name() throws(EditFailure) -> String {
    if current == quote { return String(decoding: try string(), as: UTF8.self) }
    let start = position
    while let byte = current {
      if byte == UInt8(ascii: ".") {
        if position + 1 < end, text[position + 1] == UInt8(ascii: ".") { break }
      } else if !WordParser.isNameByte(byte) {
        break
      }
      position += 1
    }
    guard position > start else { throw fail("a name is missing here") }
    return String(decoding: text[start..<position], as: UTF8.self)
  }

  /// A quoted string with its escapes.
  mutating func string() throws(EditFailure) -> [UInt8] {
    guard take("\"") else { throw fail("a string is missing here") }
    var result: [UInt8] = []
    while let byte = current {
      position += 1
      if byte == quote { return result }
      guard byte == backslash else {
        result.append(byte)
        continue
      }
      guard let escape = current else { break }
      position += 1
      switch escape {
      case UInt8(ascii: "n"): result.append(10)
      case UInt8(ascii: "t"): result.append(9)
      case UInt8(ascii: "0"): result.append(0)
      case quote, backslash: result.append(escape)
      case UInt8(ascii: "x"):
        guard position + 2 <= end, let high = hexDigit(text[position]),
          let low = hexDigit(text[position + 1])
        else { throw fail("'\\x' needs two hexadecimal digits") }
        result.append(high << 4 | low)
        position += 2
      default: throw fail("unknown escape '\\\(Character(Unicode.Scalar(escape)))'")
      }
    }
    throw fail("a string does not end")
  }

  /// The rest of the word: a string, or its bytes as they are.
  mutating func restAsText() throws(EditFailure) -> [UInt8] {
    if current == quote {
      let result = try string()
      try expectEnd()
      return result
    }
    defer { position = end }
    return Array(text[position..<end])
  }

  /// `decimal`, `0x…`, `0b…`, with `_` between digits and a suffix KiB or MiB.
  mutating func integer() throws(EditFailure) -> UInt64 {
    let start = position
    var radix: UInt64 = 10
    if take("0x") || take("0X") { radix = 16 } else if take("0b") { radix = 2 }
    var value: UInt64 = 0
    var digits = 0
    while let byte = current {
      if byte == UInt8(ascii: "_"), digits > 0 {
        position += 1
        continue
      }
      guard let digit = hexDigit(byte), UInt64(digit) < radix else { break }
      let (product, overflow) = value.multipliedReportingOverflow(by: radix)
      let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
      guard !overflow, !carry else { throw fail("the number does not fit 64 bits") }
      value = sum
      digits += 1
      position += 1
    }
    guard digits > 0 else {
      position = start
      throw fail("a number is missing here")
    }
    let unit: UInt64 = take("KiB") ? 1024 : take("MiB") ? 1 << 20 : 1
    let (scaled, overflow) = value.multipliedReportingOverflow(by: unit)
    guard !overflow else { throw fail("the number does not fit 64 bits") }
    if let byte = current, WordParser.isNameByte(byte), byte != UInt8(ascii: "-") {
      throw fail("a number ends in letters", hint: "sizes are written 64KiB or 1MiB")
    }
    return scaled
  }

  mutating func signedInteger() throws(EditFailure) -> Int64 {
    let negative = take("-")
    if !negative { _ = take("+") }
    let value = try integer()
    if negative, value == 1 << 63 { return .min }
    guard let signed = Int64(exactly: value) else { throw fail("the number is too large") }
    return negative ? -signed : signed
  }

  // MARK: Data

  /// Whether the word begins with a prefix of `data`.
  var looksAtData: Bool {
    let prefixes: [StaticString] = [
      "hex:", "str:", "strz:", "base64:", "file:", "zero:", "u8:", "u16:", "u32:", "u64:",
    ]
    return prefixes.contains { looksAt($0) }
  }

  /// - Parameter directory: what the path of `file:` is relative to.
  mutating func data(relativeTo directory: String) throws(EditFailure) -> EditData {
    if take("hex:") {
      var bytes: [UInt8] = []
      while let byte = current {
        if byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":") {
          position += 1
          continue
        }
        guard position + 1 < end, let high = hexDigit(byte), let low = hexDigit(text[position + 1])
        else { throw fail("hex: needs pairs of hexadecimal digits") }
        bytes.append(high << 4 | low)
        position += 2
      }
      return .bytes(bytes)
    }
    if take("strz:") { return .bytes(try restAsText() + [0]) }
    if take("str:") { return .bytes(try restAsText()) }
    if take("base64:") { return .bytes(try base64()) }
    if take("file:") {
      return .file(resolvePath(String(decoding: try restAsText(), as: UTF8.self), in: directory))
    }
    if take("zero:") { return .zero(try integer()) }
    let widths: [(StaticString, Int)] = [("u8:", 1), ("u16:", 2), ("u32:", 4), ("u64:", 8)]
    for (prefix, size) in widths where take(prefix) {
      let value = try integer()
      guard size == 8 || value >> UInt64(size * 8) == 0 else {
        throw fail("\(value) does not fit \(size * 8) bits")
      }
      return .integer(value, size: size)
    }
    if current == quote {
      let text = try string()
      return .bytes(text)
    }
    throw fail(
      "data is missing here, or its kind",
      hint: "write hex:, str:, strz:, base64:, file:, zero: or u8: … u64:")
  }

  private mutating func base64() throws(EditFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    var digits = 0
    while let byte = current, byte != UInt8(ascii: "=") {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = byte - 65
      case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = byte - 97 + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - 48 + 52
      case UInt8(ascii: "+"): digit = 62
      case UInt8(ascii: "/"): digit = 63
      default: throw fail("not a base64 digit")
      }
      position += 1
      digits += 1
      bits = bits << 6 | UInt32(digit)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        bits &= (1 << UInt32(count)) - 1
      }
    }
    while current == UInt8(ascii: "=") {
      position += 1
      digits += 1
    }
    guard digits % 4 == 0, bits == 0 else { throw fail("the base64 text is cut off") }
    return bytes
  }

  // MARK: Places

  private mutating func object() throws(EditFailure) -> ObjectName? {
    if take("sym:") { return .symbol(try name()) }
    if take("sec:") { return .section(try name()) }
    if take("slot:") { return .slot(try name()) }
    if take("region:") { return .region(try name()) }
    if take("seg:") { return .segment(Int(clamping: try integer())) }
    if looksAt("rom") {
      let next = position + 3
      if next >= end || !WordParser.isNameByte(text[next]) {
        position = next
        return .rom
      }
    }
    return nil
  }

  /// An integer, or an expression in parentheses.
  mutating func addressValue() throws(EditFailure) -> EditExpression {
    current == openParenthesis ? try parenthesized() : .number(try integer())
  }

  private mutating func placeIfPresent() throws(EditFailure) -> EditPlace? {
    var base: EditPlace.Base
    if take("va:") {
      base = .virtual(try addressValue())
    } else if take("lma:") {
      base = .load(try addressValue())
    } else if take("off:") {
      base = .file(try addressValue())
    } else if looksAt("end(") {
      let start = position
      position += 4
      skipBlanks()
      guard let object = try object() else {
        position = start
        return nil
      }
      skipBlanks()
      guard take(")") else { throw fail("')' is missing") }
      base = .end(object)
    } else if let object = try object() {
      base = .start(object)
    } else {
      return nil
    }
    var offset: UInt64 = 0
    if current == UInt8(ascii: "+") {
      position += 1
      offset = try integer()
    }
    return EditPlace(base, offset: offset)
  }

  mutating func place() throws(EditFailure) -> EditPlace {
    if let place = try placeIfPresent() { return place }
    throw fail(
      "a place is missing here",
      hint: "write va:ADDRESS, lma:ADDRESS, sym:NAME, sec:NAME, slot:NAME, seg:N or end(sec:NAME)")
  }

  mutating func objectName() throws(EditFailure) -> ObjectName {
    guard let object = try object() else { throw fail("sym:, sec:, slot:, seg: or rom is missing") }
    return object
  }

  mutating func range() throws(EditFailure) -> RangeSpecification {
    let start = try place()
    return try rangeRest(start)
  }

  private mutating func rangeRest(_ start: EditPlace) throws(EditFailure) -> RangeSpecification {
    if take("..") { return .between(start, try place()) }
    if looksAt(",+") {
      position += 2
      return .sized(start, try integer())
    }
    if case .start(let object) = start.base, start.offset == 0 { return .object(object) }
    throw fail("a range is missing here", hint: "write A..B or A,+SIZE")
  }

  mutating func ranges() throws(EditFailure) -> [RangeSpecification] {
    var result = [try range()]
    while take(",") { result.append(try range()) }
    return result
  }

  // MARK: Expressions

  /// `( expression )`
  mutating func parenthesized() throws(EditFailure) -> EditExpression {
    guard take("(") else { throw fail("'(' is missing", hint: "expressions stand in parentheses") }
    let result = try expression()
    skipBlanks()
    guard take(")") else { throw fail("')' or an operator is missing") }
    return result
  }

  mutating func expression() throws(EditFailure) -> EditExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth < 64 else { throw fail("the expression is nested too deeply") }
    let condition = try binary(level: 0)
    skipBlanks()
    guard take("?") else { return condition }
    let first = try expression()
    skipBlanks()
    guard take(":") else { throw fail("':' of '?' is missing") }
    return .conditional(condition, first, try expression())
  }

  /// Weakest first. As in the section map, `| ^ &` bind tighter than comparisons.
  private static let levels: [[(StaticString, EditExpression.Binary)]] = [
    [("||", .logicalOr)], [("&&", .logicalAnd)], [("==", .equal), ("!=", .notEqual)],
    [
      ("<=", .lessOrEqual), (">=", .greaterOrEqual), ("<", .less), (">", .greater),
    ],
    [("|", .or)], [("^", .xor)], [("&", .and)],
    [("<<", .shiftLeft), (">>", .shiftRight)], [("+", .add), ("-", .subtract)],
    [("*", .multiply), ("/", .divide), ("%", .remainder)],
  ]

  private mutating func binaryOperator(_ level: Int) -> EditExpression.Binary? {
    skipBlanks()
    for (text, result) in WordParser.levels[level] where looksAt(text) {
      // `|` is not `||`, `<` is not `<<`.
      if text.utf8CodeUnitCount == 1, position + 1 < end {
        let next = self.text[position + 1]
        let this = self.text[position]
        if next == this, "|&<>".utf8.contains(this) { continue }
      }
      position += text.utf8CodeUnitCount
      return result
    }
    return nil
  }

  private mutating func binary(level: Int) throws(EditFailure) -> EditExpression {
    guard level < WordParser.levels.count else { return try unary() }
    var left = try binary(level: level + 1)
    while let symbol = binaryOperator(level) {
      operators -= 1
      guard operators > 0 else {
        throw fail("the expression is too long", hint: "256 operators are the limit")
      }
      left = .binary(symbol, left, try binary(level: level + 1))
    }
    return left
  }

  private mutating func unary() throws(EditFailure) -> EditExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth < 64 else { throw fail("the expression is nested too deeply") }
    skipBlanks()
    if take("-") { return .unary(.minus, try unary()) }
    if take("!") { return .unary(.not, try unary()) }
    if take("~") { return .unary(.complement, try unary()) }
    return try primary()
  }

  static let functions: Set<String> = [
    "sym", "start", "end", "size", "lma", "align", "min", "max", "exists", "filesize", "u8", "u16",
    "u32", "u64", "sum8", "sum16", "sum32", "crc",
  ]

  private mutating func primary() throws(EditFailure) -> EditExpression {
    guard let byte = current else { throw fail("a value is missing here") }
    if byte == openParenthesis { return try parenthesized() }
    if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { return .number(try integer()) }
    let start = position
    while let letter = current, letter != UInt8(ascii: "-"), WordParser.isNameByte(letter) {
      position += 1
    }
    let name = String(decoding: text[start..<position], as: UTF8.self)
    guard WordParser.functions.contains(name), take("(") else {
      position = start
      throw fail(
        "'\(name)' is not a function",
        hint: "a symbol's value is sym(\(name.isEmpty ? "NAME" : name))")
    }
    var operands: [Operand] = []
    skipBlanks()
    while !take(")") {
      if !operands.isEmpty {
        guard take(",") else { throw fail("',' or ')' is missing") }
        skipBlanks()
      }
      operands.append(try operand(of: name))
      skipBlanks()
    }
    return .call(name, operands)
  }

  private mutating func operand(of function: String) throws(EditFailure) -> Operand {
    if current == quote { return .name(String(decoding: try string(), as: UTF8.self)) }
    if function == "sym" { return .name(try name()) }
    if let place = try placeIfPresent() {
      if looksAt("..") || looksAt(",+") { return .range(try rangeRest(place)) }
      if case .start(let object) = place.base, place.offset == 0 { return .object(object) }
      return .place(place)
    }
    return .expression(try expression())
  }
}

func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 48
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 87
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 55
  default: nil
  }
}

/// `path` as seen from `directory`.
func resolvePath(_ path: String, in directory: String) -> String {
  path.hasPrefix("/") || directory.isEmpty ? path : directory + "/" + path
}
