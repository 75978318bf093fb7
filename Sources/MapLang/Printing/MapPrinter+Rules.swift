// Rules and their patterns, as text.

extension MapPrinter {
  func words(of id: RuleID) -> String {
    let rule = map[id]
    var words =
      (rule.isOptional ? "optional " : "") + (rule.keep ? "keep " : "")
      + (rule.prefer ? "prefer " : "")
    switch rule.kind {
    case .take: words += "take "
    case .discard: words += rule.isForOrphans ? "orphans discard " : "discard "
    case .gather: words += "orphans "
    case .forbid: words += "forbid "
    }
    words += Self.words(rule.selectors)
    let except = rule.except + exceptions(to: id)
    if !except.isEmpty { words += " except " + Self.words(except) }
    if !rule.sort.isEmpty {
      words += " sort " + rule.sort.map(\.spelling).joined(separator: ", ")
    }
    if let order = rule.orderFile { words += " order " + Self.quoted(order.path) }
    if let message = rule.message { words += ", " + Self.quoted(message) }
    return words + ";"
  }

  /// The user's selectors that beat a built-in rule only because they are the user's.
  func exceptions(to id: RuleID) -> [Selector] {
    let rule = map[id]
    guard rule.isBuiltIn, map.rules.contains(where: { !$0.isBuiltIn }) else { return [] }
    var result: [Selector] = []
    for other in map.rules where !other.isBuiltIn {
      for selector in other.selectors {
        let isRival = rule.selectors.contains { own in
          let order = SelectorRelation(selector, own)
          return order.mayMeet && order.firstIsWithinSecond == order.secondIsWithinFirst
        }
        if isRival { result.append(selector) }
      }
    }
    return result
  }

  /// The selectors of a rule, as the map writes them.
  public static func words(_ selectors: [Selector]) -> String {
    var words: [String] = []
    var index = 0
    while index < selectors.count {
      let file = selectors[index].file
      var sections: [String] = []
      repeat {
        sections.append(Self.words(selectors[index].section))
        index += 1
      } while index < selectors.count && selectors[index].file == file
      let list = sections.joined(separator: " ")
      words.append(file == .any ? list : "\(Self.words(file))(\(list))")
    }
    return words.joined(separator: " ")
  }

  static func words(_ pattern: SectionPattern) -> String {
    switch pattern {
    case .any: "*"
    case .kind(let kind): "@" + kind.name
    case .name(let text, let isLiteral): isLiteral ? quoted(text) : text
    case .family(let text): text + "+"
    }
  }

  static func words(_ pattern: FilePattern) -> String {
    switch pattern {
    case .any: return "*"
    case .linker: return "<linker>"
    case .object(let name, let isLiteral): return isLiteral ? quoted(name) : name
    case .archive(let name, let member, let isLiteral):
      let isPlain = member.isEmpty && name.hasSuffix(".a") && name.utf8.count > 2
      let text = isPlain ? name : name + ":" + member
      return isLiteral ? quoted(text) : text
    }
  }
}
