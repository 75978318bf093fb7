// Rules as input statements.
//
// A map chooses the most specific rule, wherever it stands; a script the first that matches. So for every
// rule those behind it in the script are looked at: what they should get although this one comes first is
// excluded by its file, or, as a script cannot exclude names, told in a note.

internal import MapLang

extension Exporter {
  /// One pattern for a file and one for a name, as the script has them.
  struct Pattern {
    var file: FilePattern
    var section: SectionPattern
    /// As the script writes the name.
    var name: String
  }

  /// Of some selectors, by default all of the rule's. Of a kind those names for which another rule asks
  /// by name are left out, as a name beats a kind.
  func patterns(_ rule: Rule, _ selectors: [Selector]? = nil) -> [Pattern] {
    (selectors ?? rule.selectors).flatMap { selector -> [Pattern] in
      guard case .kind(let kind) = selector.section else {
        return ScriptWords.names(selector.section).map {
          Pattern(file: selector.file, section: selector.section, name: $0)
        }
      }
      return ScriptWords.names(kind).compactMap { name in
        let section = SectionPattern.name(name, isLiteral: false)
        return isNamed(section) ? nil : Pattern(file: selector.file, section: section, name: name)
      }
    }
  }

  /// Whether a rule asks by name for all that the pattern matches, in any file.
  private func isNamed(_ section: SectionPattern) -> Bool {
    map.rules.contains { rule in
      rule.kind != .gather && !rule.isForOrphans && rule.except.isEmpty
        && rule.selectors.contains { selector in
          guard selector.file == .any, selector.section != .any else { return false }
          if case .kind = selector.section { return false }
          return SelectorRelation(
            CompiledSelector(.any, section), CompiledSelector(.any, selector.section)
          ).firstIsWithinSecond
        }
    }
  }

  // MARK: The order of choice

  /// All `take`s in the order of the script.
  private var takes: [RuleID] {
    var rules: [RuleID] = []
    func collect(_ items: [PlaceItem]) {
      for item in items {
        switch item {
        case .section(let id): rules += map[id].rules
        case .group(let group), .overlay(let group): collect(group.items)
        case .segment(let segment): collect(segment.items)
        case .reserve, .slot, .image, .headers, .orphans: break
        }
      }
    }
    for index in placeOrder { collect(map.places[index].items) }
    return rules
  }

  /// Notes what GNU ld would choose otherwise.
  mutating func compareRules() {
    let takes = self.takes
    for (position, first) in takes.enumerated() {
      for second in takes[(position + 1)...] {
        for selector in map[second].selectors where beats(selector, map[first]) {
          if selector.file != .any { continue }  // EXCLUDE_FILE
          note(
            "GNU ld takes the first rule that matches: '\(MapPrinter.words([selector]))' stands behind "
              + "'\(MapPrinter.words(map[first].selectors))', so what it is for goes there",
            selector.position)
        }
        if map[second].prefer {
          note("a script has no 'prefer': the first rule wins", map[second].preferPosition)
        }
      }
    }
  }

  /// Whether the map gives what matches `selector` to its rule although `rule` comes first.
  private func beats(_ selector: Selector, _ rule: Rule) -> Bool {
    let own = CompiledSelector(selector.file, selector.section)
    let isExcepted = rule.except.contains {
      SelectorRelation(own, CompiledSelector($0.file, $0.section)).firstIsWithinSecond
    }
    if isExcepted { return false }
    return patterns(rule).contains { pattern in
      let relation = SelectorRelation(own, CompiledSelector(pattern.file, pattern.section))
      guard relation.mayMeet else { return false }
      if case .kind = selector.section { return false }
      return relation.firstIsWithinSecond && !relation.secondIsWithinFirst
        || relation.mayMeet && pattern.section != selector.section && isOfKind(pattern, rule)
    }
  }

  /// Whether the pattern is what the script has for a kind: every name beats it.
  private func isOfKind(_ pattern: Pattern, _ rule: Rule) -> Bool {
    rule.selectors.contains { selector in
      guard case .kind(let kind) = selector.section else { return selector.section == .any }
      return ScriptWords.names(kind).contains(pattern.name)
    }
  }

  /// Files whose sections of that name a later rule gets.
  private func excludedFiles(_ pattern: Pattern, _ id: RuleID) -> [String] {
    var files: [String] = []
    let takes = self.takes
    if let position = takes.firstIndex(of: id) {
      for later in takes[(position + 1)...] {
        for selector in map[later].selectors where selector.file != .any {
          if beats(selector, map[id]), meets(selector, pattern) {
            files.append(ScriptWords.file(selector.file))
          }
        }
      }
    }
    for selector in map[id].except where selector.file != .any {
      if meets(selector, pattern) { files.append(ScriptWords.file(selector.file)) }
    }
    var seen: Set<String> = []
    return files.filter { seen.insert($0).inserted }
  }

  private func meets(_ selector: Selector, _ pattern: Pattern) -> Bool {
    SelectorRelation(
      CompiledSelector(selector.file, selector.section),
      CompiledSelector(pattern.file, pattern.section)
    ).mayMeet
  }

  // MARK: Input statements

  /// `KEEP(*(.text .text.*))`
  mutating func statements(_ id: RuleID) -> [String] {
    let rule = map[id]
    if let order = rule.orderFile {
      note("a script has no list of symbols: order \"\(order.path)\"", order.position)
    }
    for selector in rule.selectors {
      if case .kind(let kind) = selector.section {
        remark(
          "a script has no kinds: @\(kind.name) is what is customarily called so; "
            + "--orphan-handling=error tells of other names", selector.position, once: true)
      }
      if case .name(let text, true) = selector.section,
        text.utf8.contains(where: { ScriptWords.wildcards.contains($0) })
      {
        note("GNU ld reads wildcards in quotes, too: \"\(text)\"", selector.position)
      }
      if case .object(let name, _) = selector.file, !name.hasPrefix("*") {
        remark(
          "GNU ld compares whole paths: *\(name) also matches a file whose name only ends so",
          selector.position, once: true)
      }
    }
    for selector in rule.except where selector.file == .any {
      note(
        "a script cannot exclude names: except \(MapPrinter.words([selector]))", selector.position)
    }
    // Neighbours of one file pattern are one list, so that they keep the order of the input.
    var lists: [(file: FilePattern, patterns: [Pattern])] = []
    for pattern in patterns(rule) {
      if lists.last?.file == pattern.file {
        lists[lists.count - 1].patterns.append(pattern)
      } else {
        lists.append((pattern.file, [pattern]))
      }
    }
    if lists.count > 1 {
      note(
        "a script takes one file pattern after the other, not in the order of the input: "
          + MapPrinter.words(rule.selectors), rule.position)
    }
    return lists.map { statement(rule, $0.file, $0.patterns, id) }
  }

  private mutating func statement(
    _ rule: Rule, _ file: FilePattern, _ patterns: [Pattern], _ id: RuleID
  ) -> String {
    let (open, close) = sorting(rule, patterns.count)
    var words: [String] = []
    for pattern in patterns {
      let files = excludedFiles(pattern, id)
      let exclusion = files.isEmpty ? "" : "EXCLUDE_FILE(\(files.joined(separator: " "))) "
      words.append(open + exclusion + pattern.name + close)
    }
    var fileWords = ScriptWords.file(file)
    if rule.sort.contains(.file) { fileWords = "SORT_BY_NAME(\(fileWords))" }
    let text = "\(fileWords)(\(words.joined(separator: " ")))"
    return rule.keep ? "KEEP(\(text))" : text
  }

  private mutating func sorting(_ rule: Rule, _ count: Int) -> (open: String, close: String) {
    let keys = rule.sort.filter { $0 != .file }
    guard !keys.isEmpty else { return ("", "") }
    if count > 1, case .family = rule.selectors[0].section, rule.selectors.count == 1,
      keys == [.name]
    {
      // X sorts before X.anything.
    } else if count > 1 && keys != [.none] {
      note(
        "a script sorts each pattern by itself, not all together: "
          + MapPrinter.words(rule.selectors), rule.position)
    }
    if keys.count > 2 { note("a script sorts by two keys at most", rule.position) }
    var (open, close) = ("", "")
    for key in keys.prefix(2) {
      switch key {
      case .name: open += "SORT_BY_NAME("
      case .alignment: open += "SORT_BY_ALIGNMENT("
      case .initPriority: open += "SORT_BY_INIT_PRIORITY("
      case .none: open += "SORT_NONE("
      case .file: continue
      }
      close += ")"
    }
    return (open, close)
  }

  // MARK: What is not placed

  /// `/DISCARD/` stands first for what a rule behind it would take, and last for the rest.
  mutating func writeDiscards(first: Bool) {
    let takes = self.takes
    var words: [String] = []
    for index in map.rules.indices where map.rules[index].kind == .discard {
      let rule = map.rules[index]
      if rule.isForOrphans {
        if !first {
          leaveOut(
            "orphans discard \(MapPrinter.words(rule.selectors))",
            "a script discards what matches, rule or not",
            rule.position)
        }
        continue
      }
      for selector in rule.selectors {
        let isFirst = takes.contains { beats(selector, map[$0]) }
        guard isFirst == first else { continue }
        var one = rule
        one.selectors = [selector]
        for pattern in patterns(rule, [selector]) {
          let files = rule.except.filter { $0.file != .any && meets($0, pattern) }
            .map { ScriptWords.file($0.file) }
          let exclusion = files.isEmpty ? "" : "EXCLUDE_FILE(\(files.joined(separator: " "))) "
          words.append("\(ScriptWords.file(selector.file))(\(exclusion)\(pattern.name))")
        }
      }
    }
    if !words.isEmpty { nodes.append(ScriptNode(head: "/DISCARD/ :", body: words)) }
  }

  /// What is forbidden has an output section of its own name with GNU ld if it is there.
  mutating func writeForbidden() {
    for rule in map.rules where rule.kind == .forbid {
      var names: [String] = []
      var isSaid = rule.except.isEmpty
      for selector in rule.selectors {
        switch selector.section {
        case .name(let name, let isLiteral)
        where isLiteral || !name.utf8.contains(where: { ScriptWords.wildcards.contains($0) }):
          names.append(name)
        case .family(let name):
          names.append(name)
          remark(
            "a script can ask for the size of a section by its name only: \(name), not \(name).*",
            selector.position)
        default: isSaid = false
        }
        if selector.file != .any { isSaid = false }
      }
      guard isSaid else {
        leaveOut(
          "forbid \(MapPrinter.words(rule.selectors))", "a script cannot forbid sections",
          rule.position)
        continue
      }
      for name in names {
        line(
          "ASSERT(SIZEOF(\(ScriptWords.name(name))) == 0, "
            + "\(ScriptWords.quoted(rule.message ?? "\(name) is forbidden")))")
      }
    }
  }
}
