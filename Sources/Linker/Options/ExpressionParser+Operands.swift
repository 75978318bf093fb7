// Numbers, symbols and functions of the expressions of --defsym and linker scripts.
//
// A number is decimal, `0x` hexadecimal or octal behind a zero; `$ff`, `0ffh`, `17o`, `101b` and
// `10d` name the base, and K and M multiply. A symbol consists of letters, digits and `_ . $ @`, or
// of anything in quotes. A word of letters is a symbol, even if it could be read as a number (`each`).

internal import ELF

extension ExpressionParser {
  mutating func primary() throws(TextError) -> SymbolExpression {
    if try scanner.take("(") {
      let inner = try expression()
      try close()
      return inner
    }
    let start = scanner
    if let name = try quoted() { return .symbol(name) }
    guard let word = try scanner.word(.operand)?.string else {
      throw unexpected("a number or symbol")
    }
    if word == "." { throw at(start, "cannot ask for '.', for it stands outside of any section") }
    if Self.looksLikeNumber(word) {
      guard let number = Self.number(word) else { throw at(start, "has a bad number, \(word)") }
      return .number(number)
    }
    if word == "SIZEOF_HEADERS" { return .question(.headersSize) }
    guard scanner.current == UInt8(ascii: "(") else { return .symbol(word) }
    return try call(word, start)
  }

  private func at(_ place: ScriptScanner, _ problem: String) -> TextError { place.error(problem) }

  /// A symbol in quotes.
  private mutating func quoted() throws(TextError) -> String? {
    guard scanner.current == UInt8(ascii: "\"") else { return nil }
    let start = scanner
    var inside = scanner
    guard let name = try? inside.quoted(), !name.isEmpty else {
      throw at(start, "has a quote without name or end")
    }
    scanner = inside
    return name.string
  }

  private mutating func close() throws(TextError) {
    if try !scanner.take(")") { throw unexpected("\")\"") }
  }

  // MARK: Functions

  private mutating func call(
    _ name: String, _ start: ScriptScanner
  ) throws(TextError) -> SymbolExpression {
    if let function = SymbolExpression.Function(rawValue: name) {
      return .call(function, try arguments(of: function, start))
    }
    switch name {
    case "DEFINED": return .defined(try named(.operand))
    case "ADDR": return .question(.address(try named(.fileName)))
    case "LOADADDR": return .question(.loadAddress(try named(.fileName)))
    case "SIZEOF": return .question(.size(try named(.fileName)))
    case "ALIGNOF": return .question(.alignment(try named(.fileName)))
    case "ORIGIN": return .question(.origin(try named(.fileName)))
    case "LENGTH": return .question(.length(try named(.fileName)))
    case "CONSTANT":
      switch try named(.operand) {
      case "MAXPAGESIZE": return .question(.maximumPageSize)
      case "COMMONPAGESIZE": return .question(.commonPageSize)
      case let other:
        throw at(start, "has CONSTANT(\(other)), and there are MAXPAGESIZE and COMMONPAGESIZE")
      }
    case "ASSERT":
      try open()
      let condition = try expression()
      guard try scanner.take(",") else { throw unexpected("\",\"") }
      let message = try text()
      try close()
      return .assertion(condition, message)
    default:
      let known =
        "ABSOLUTE ADDR ALIGN ALIGNOF ASSERT CONSTANT DEFINED LENGTH LOADADDR LOG2CEIL MAX MIN ORIGIN "
        + "SIZEOF"
      throw at(start, "calls \(name), and swold knows the functions \(known)")
    }
  }

  private mutating func open() throws(TextError) {
    if try !scanner.take("(") { throw unexpected("\"(\"") }
  }

  private mutating func arguments(
    of function: SymbolExpression.Function, _ start: ScriptScanner
  ) throws(TextError) -> [SymbolExpression] {
    try open()
    var result = [try expression()]
    while try scanner.take(",") { result.append(try expression()) }
    try close()
    guard result.count == function.argumentCount else {
      // ALIGN of one number aligns '.'.
      let wanted = function.argumentCount == 1 ? "one argument" : "two arguments"
      throw at(start, "has \(function.rawValue) with \(result.count), which takes \(wanted)")
    }
    return result
  }

  /// The one name between the parentheses of a function.
  private mutating func named(_ kind: ScriptScanner.WordKind) throws(TextError) -> String {
    try open()
    var name = try quoted()
    if name == nil { name = try scanner.word(kind)?.string }
    guard let name else { throw unexpected("a name") }
    try close()
    return name
  }

  /// The message of ASSERT.
  private mutating func text() throws(TextError) -> String {
    if let text = try scanner.quoted() { return text.string }
    guard let word = try scanner.word(.operand) else { throw unexpected("a message") }
    return word.string
  }

  // MARK: Numbers

  private static func looksLikeNumber(_ word: String) -> Bool {
    guard let first = word.utf8.first else { return false }
    if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) { return true }
    // `$ff` is a number, `$foo` a symbol.
    let digits = word.utf8.dropFirst()
    return first == UInt8(ascii: "$") && !digits.isEmpty
      && digits.enumerated().allSatisfy { position, byte in
        Number.hexDigit(byte) != nil
          || position > 0 && position == digits.count - 1 && "KkMm".utf8.contains(byte)
      }
  }

  /// A number with its base and multiplier: K is 1024, M is 1024 K.
  private static func number(_ word: String) -> UInt64? {
    if word.hasPrefix("0x") || word.hasPrefix("0X") { return multiplied(word, radix: 10) }
    if word.hasPrefix("$") { return multiplied(String(word.dropFirst()), radix: 16, true) }
    let radix: UInt64? =
      switch word.last {
      case "H", "h": 16
      case "O", "o": 8
      case "B", "b": 2
      case "D", "d": 10
      default: nil
      }
    guard let radix else { return multiplied(word, radix: 10) }
    return plain(word.dropLast(), radix: radix)
  }

  private static func multiplied(
    _ word: String, radix: UInt64, _ isPlain: Bool = false
  ) -> UInt64? {
    let factor: UInt64 =
      switch word.last {
      case "K", "k": 1 << 10
      case "M", "m": 1 << 20
      default: 1
      }
    let digits = factor == 1 ? word[...] : word.dropLast()
    guard
      let number = isPlain ? plain(digits, radix: radix) : Number.parse(String(digits))
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : product
  }

  /// Digits of one base without a prefix.
  private static func plain(_ digits: Substring, radix: UInt64) -> UInt64? {
    guard digits.utf8.allSatisfy({ Number.hexDigit($0).map { UInt64($0) < radix } ?? false })
    else { return nil }
    return UInt64(digits, radix: Int(radix))
  }
}
