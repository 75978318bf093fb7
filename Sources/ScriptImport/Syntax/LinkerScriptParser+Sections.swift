// Output sections, overlays and input section descriptions.

extension LinkerScriptParser {
  /// What follows the name of an output section.
  mutating func section(named name: String) throws(ScriptError) -> ScriptSection {
    var section = ScriptSection(name: name)
    (section.address, section.type) = try addressAndType()
    try expect(":", "behind the output section '\(name)'")
    if lexer.byte(0) == UInt8(ascii: ":") { throw failure("expected '{', found '::'") }
    while let word = try lexer.name() {
      switch word {
      case "AT": section.load = try argument(of: word)
      case "ALIGN": section.align = try argument(of: word)
      case "SUBALIGN": section.subalign = try argument(of: word)
      case "ALIGN_WITH_INPUT": section.alignsLoadWithInput = true
      case "ONLY_IF_RO", "ONLY_IF_RW", "SPECIAL": section.constraint = word
      default: throw failure("'\(word)' cannot stand before the '{' of an output section")
      }
    }
    try expect("{", "in the output section '\(name)'")
    section.contents = try statements(.section)
    try expect("}", "at the end of the output section '\(name)'")
    let behind = try self.behind()
    section.region = behind.region
    section.loadRegion = behind.loadRegion
    section.headers = behind.headers
    section.fill = behind.fill
    return section
  }

  private mutating func argument(of word: String) throws(ScriptError) -> ScriptExpression {
    try expect("(", "behind \(word)")
    let value = try expression()
    try expect(")", "behind the value of \(word)")
    return value
  }

  /// `0x1000 (NOLOAD)`, each of which may be left out.
  private mutating func addressAndType() throws(ScriptError) -> (ScriptExpression?, String?) {
    if let type = try type() { return (nil, type) }
    guard try lexer.peek() != UInt8(ascii: ":") else { return (nil, nil) }
    // BLOCK(n) is the old name of ALIGN(n) here.
    let address = try expression()
    return (address, try type())
  }

  private mutating func type() throws(ScriptError) -> String? {
    let saved = lexer
    guard try lexer.take("(") else { return nil }
    if try lexer.take(")") { return "" }
    let word = try lexer.name() ?? ""
    switch word {
    case "NOLOAD", "DSECT", "COPY", "INFO", "OVERLAY":
      if try lexer.take(")") { return word }
    case "READONLY":
      if try lexer.take(")") { return word }
      if try lexer.take("(") {
        _ = try lexer.name()
        _ = try lexer.take("=")
        _ = try expression()
        try expect(")", "behind TYPE")
        try expect(")", "behind READONLY")
        return "READONLY (TYPE)"
      }
    case "TYPE":
      try expect("=", "behind TYPE")
      _ = try expression()
      try expect(")", "behind TYPE")
      return "TYPE"
    default: break
    }
    lexer = saved
    return nil
  }

  private mutating func behind() throws(ScriptError) -> (
    region: String?, loadRegion: String?, headers: [String], fill: ScriptFill?
  ) {
    var region: String?
    var loadRegion: String?
    var headers: [String] = []
    var fill: ScriptFill?
    while true {
      if try lexer.take(">") {
        region = try name("behind '>'")
      } else if try takeAT() {
        loadRegion = try name("behind 'AT>'")
      } else if try lexer.take(":") {
        headers.append(try name("behind ':'"))
      } else if try lexer.take("=") {
        fill = try self.fill()
        _ = try lexer.take(",")
      } else {
        _ = try lexer.take(",")
        return (region, loadRegion, headers, fill)
      }
    }
  }

  /// `AT >`, and not a symbol or a section that begins with AT.
  private mutating func takeAT() throws(ScriptError) -> Bool {
    let saved = lexer
    if try lexer.take("AT"), try lexer.take(">") { return true }
    lexer = saved
    return false
  }

  mutating func fill() throws(ScriptError) -> ScriptFill {
    let saved = lexer
    if let digits = try lexer.digits(), digits.hasPrefix("0x") || digits.hasPrefix("0X"),
      digits.dropFirst(2).allSatisfy(\.isHexDigit), digits.count > 2
    {
      let next = try lexer.peek()
      let endsHere =
        next == nil
        || !Array("+-*/%&|^<>=?".utf8).contains(next ?? 0)
      if endsHere {
        let value = UInt64(digits.dropFirst(2).suffix(16), radix: 16) ?? 0
        return ScriptFill(value: .number(value, digits), hexDigits: String(digits.dropFirst(2)))
      }
    }
    lexer = saved
    return ScriptFill(value: try expression(), hexDigits: nil)
  }

  mutating func overlay() throws(ScriptError) -> ScriptOverlay {
    var overlay = ScriptOverlay()
    (overlay.address, _) = try addressAndType()
    try expect(":", "behind OVERLAY")
    while let word = try lexer.name() {
      switch word {
      case "NOCROSSREFS": overlay.isNoCrossReferences = true
      case "AT": overlay.load = try argument(of: word)
      case "SUBALIGN": _ = try argument(of: word)
      default: throw failure("'\(word)' cannot stand before the '{' of an OVERLAY")
      }
    }
    try expect("{", "in OVERLAY")
    while try !lexer.take("}") {
      if try takeAny([";", ","]) { continue }
      let place = lexer.place
      var section = ScriptSection(name: try name("in OVERLAY"))
      if section.name.count > 1, section.name.hasSuffix(":") { section.name.removeLast() }
      try expect("{", "behind '\(section.name)' in OVERLAY")
      section.contents = try statements(.section)
      try expect("}", "at the end of '\(section.name)' in OVERLAY")
      let behind = try self.behind()
      section.headers = behind.headers
      section.fill = behind.fill
      overlay.sections.append((section, place, ScriptTrivia()))
    }
    let behind = try self.behind()
    overlay.region = behind.region
    overlay.loadRegion = behind.loadRegion
    overlay.headers = behind.headers
    overlay.fill = behind.fill
    return overlay
  }

  // MARK: - Input sections

  static let sortWords: Set<String> = [
    "SORT", "SORT_BY_NAME", "SORT_BY_ALIGNMENT", "SORT_BY_INIT_PRIORITY", "SORT_NONE", "REVERSE",
  ]

  mutating func input() throws(ScriptError) -> ScriptInput {
    var word = try name("of a file or a statement")
    if word == "KEEP", try lexer.take("(") {
      var inner = try deeper { parser throws(ScriptError) in try parser.input() }
      inner.isKept = true
      try expect(")", "at the end of KEEP")
      return inner
    }
    var input = ScriptInput(file: "")
    if word == "INPUT_SECTION_FLAGS" {
      let start = lexer.offset
      try expect("(", "behind INPUT_SECTION_FLAGS")
      while try !lexer.take(")") {
        if try lexer.take("&") { continue }
        _ = try name("in INPUT_SECTION_FLAGS")
      }
      input.flags = lexer.words(from: start)
      word = try name("of a file")
    }
    // Words around the file pattern, in either order.
    var open = 0
    while try lexer.peek() == UInt8(ascii: "(") {
      if word == "EXCLUDE_FILE" {
        input.excluded += try files()
        word = try name("of a file")
      } else if Self.sortWords.contains(word) {
        _ = try lexer.take("(")
        input.fileSort = word
        open += 1
        word = try name("of a file")
      } else {
        break
      }
    }
    input.file = word
    for _ in 0..<open { try expect(")", "behind the file that is sorted") }
    guard try lexer.take("(") else { return input }
    while try !lexer.take(")") {
      if try lexer.take(",") { continue }
      input.patterns += try deeper { parser throws(ScriptError) in try parser.patterns([]) }
    }
    return input
  }

  /// The files of EXCLUDE_FILE.
  private mutating func files() throws(ScriptError) -> [String] {
    var result: [String] = []
    try expect("(", "behind EXCLUDE_FILE")
    while try !lexer.take(")") {
      if try lexer.take(",") { continue }
      result.append(try name("in EXCLUDE_FILE"))
    }
    return result
  }

  /// One pattern, with what is around it; several inside one SORT.
  private mutating func patterns(_ sorts: [String]) throws(ScriptError) -> [ScriptPattern] {
    var excluded: [String] = []
    while true {
      let word = try name("of a section")
      if try lexer.peek() == UInt8(ascii: "(") {
        if word == "EXCLUDE_FILE" {
          excluded += try files()
          continue
        }
        guard Self.sortWords.contains(word) else {
          throw failure("'\(word)' cannot stand inside the parentheses of a file")
        }
        _ = try lexer.take("(")
        var result: [ScriptPattern] = []
        while try !lexer.take(")") {
          if try lexer.take(",") { continue }
          result += try deeper { parser throws(ScriptError) in try parser.patterns(sorts + [word]) }
        }
        for index in result.indices { result[index].excluded += excluded }
        return result
      }
      return [ScriptPattern(name: word, excluded: excluded, sorts: sorts)]
    }
  }
}
