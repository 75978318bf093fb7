// Rules: patterns from words.

internal import Text

extension MapBuilder {
  mutating func buildRule(_ syntax: RuleSyntax, section: MapSectionID?) -> RuleID {
    var rule = Rule(
      kind: syntax.kind, section: section, selectors: selectors(syntax.selectors),
      isBuiltIn: isBuiltIn, position: syntax.position)
    rule.except = selectors(syntax.except)
    rule.sort = syntax.sort
    rule.orderFile = syntax.order.map { OrderFile(path: string($0), position: $0.position) }
    rule.keep = syntax.keep
    rule.isOptional = syntax.isOptional
    rule.isForOrphans = syntax.isForOrphans
    rule.preferPosition = syntax.preferPosition
    rule.message = syntax.message.map { string($0) }
    map.rules.append(rule)
    return RuleID(map.rules.count - 1)
  }

  /// The `take N+` of `section N;`.
  mutating func buildImpliedRule(_ syntax: SectionSyntax, _ id: MapSectionID) -> RuleID {
    let name = map.sections[id.index].name
    // A name that is no WORD, or has a wildcard, or would read as a kind, means just itself.
    let isPlain =
      name.utf8.first != UInt8(ascii: "@")
      && !name.utf8.contains {
        $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[")
          || ByteClass.of($0) & ByteClass.endsWord != 0
      }
    let pattern: SectionPattern = isPlain ? .family(name) : .name(name, isLiteral: true)
    let selectors = [Selector(file: .any, section: pattern, position: syntax.name.position)]
    var rule = Rule(
      kind: .take, section: id, selectors: selectors, isBuiltIn: isBuiltIn,
      position: syntax.name.position)
    rule.isImplied = true
    map.rules.append(rule)
    return RuleID(map.rules.count - 1)
  }

  private mutating func selectors(_ syntax: [SelectorSyntax]) -> [Selector] {
    var result: [Selector] = []
    result.reserveCapacity(syntax.count)
    for selector in syntax {
      let file = selector.file.map { filePattern($0) } ?? .any
      for section in selector.sections {
        guard let pattern = sectionPattern(section) else { continue }
        var position = section.position
        if let file = selector.file, selector.sections.count == 1 {
          // `app.o(.text+)`: the caret covers all of it.
          let end = Int(section.position.offset) + Int(section.position.length) + 1
          position = SourcePosition(
            file: position.file, offset: file.position.offset,
            length: UInt16(clamping: end - Int(file.position.offset)))
        }
        result.append(Selector(file: file, section: pattern, position: position))
      }
    }
    return result
  }

  private mutating func sectionPattern(_ text: SyntaxText) -> SectionPattern? {
    let word = string(text)
    if text.isQuoted { return .name(word, isLiteral: true) }
    let bytes = word.utf8
    switch bytes.first {
    case UInt8(ascii: "*"):
      if bytes.allSatisfy({ $0 == UInt8(ascii: "*") }) { return .any }
    case UInt8(ascii: "@"):
      let name = String(word.dropFirst())
      if let kind = SectionKind.allCases.first(where: { $0.name == name }) { return .kind(kind) }
      let near = nearestName(to: name, among: SectionKind.allCases.map(\.name))
      error(
        .unknownName, "unknown kind '\(word)'\(near.map { "; did you mean '@\($0)'?" } ?? "")",
        at: text.position,
        help: "kinds are " + SectionKind.allCases.map { "@" + $0.name }.joined(separator: " "))
      return nil
    case _: break
    }
    if bytes.last == UInt8(ascii: "+") && bytes.count > 1 {
      return .family(String(word.dropLast()))
    }
    return .name(word, isLiteral: false)
  }

  /// What stands before a parenthesis in GNU ld scripts, and what says the same here.
  private static let sectionFunctions: [String: String] = [
    "KEEP": "keep take PATTERNS;",
    "SORT": "take PATTERNS sort name;",
    "SORT_BY_NAME": "take PATTERNS sort name;",
    "SORT_BY_ALIGNMENT": "take PATTERNS sort alignment;",
    "SORT_BY_INIT_PRIORITY": "take PATTERNS sort init_priority;",
    "SORT_NONE": "take PATTERNS sort none;",
    "EXCLUDE_FILE": "take PATTERNS except FILE(*);",
  ]

  private mutating func filePattern(_ text: SyntaxText) -> FilePattern {
    let word = string(text)
    if !text.isQuoted {
      if word.utf8.allSatisfy({ $0 == UInt8(ascii: "*") }) { return .any }
      if word == "<linker>" { return .linker }
      if let help = Self.sectionFunctions[word] {
        error(
          .unknownName, "'\(word)' is a word of GNU ld, and would name a file here",
          at: text.position, help: help)
      }
    }
    if let colon = word.utf8.firstIndex(of: UInt8(ascii: ":")) {
      return .archive(
        String(word[..<colon]), member: String(word[word.utf8.index(after: colon)...]),
        isLiteral: text.isQuoted)
    }
    if word.utf8.count > 2 && word.hasSuffix(".a") {
      return .archive(word, member: "", isLiteral: text.isQuoted)
    }
    return .object(word, isLiteral: text.isQuoted)
  }
}
