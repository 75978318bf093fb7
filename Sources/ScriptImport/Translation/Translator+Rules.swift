// Input section descriptions as rules.

internal import MapLang

extension Translator {
  /// The rules that an input section description stands for.
  mutating func rule(
    for input: ScriptInput, _ index: Int?, _ statement: ScriptStatement
  ) -> [Int] {
    var patterns = input.patterns
    if patterns.isEmpty { patterns = [ScriptPattern(name: "*")] }
    do throws(Untranslatable) {
      if input.flags != nil {
        note(
          "a map does not choose by flags: INPUT_SECTION_FLAGS\(input.flags ?? "")",
          statement.place)
      }
      var told: [String] = []
      let file = try Patterns.file(input.file, isExcluding: false) { told.append($0) }
      for message in told { note(message, statement.place) }
      guard let file else {
        var rule = RuleDraft(section: index, place: statement.place)
        rule.before = statement.trivia.before
        rule.deadReason = "matches nothing in GNU ld: \(statement.words)"
        rules.append(rule)
        return [rules.count - 1]
      }
      // Patterns that are sorted alike stay together.
      var runs: [[ScriptPattern]] = []
      for pattern in patterns {
        if let last = runs.last?.last, last.sorts == pattern.sorts {
          runs[runs.count - 1].append(pattern)
        } else {
          runs.append([pattern])
        }
      }
      if runs.count > 1 {
        note(
          "patterns of one list are sorted in different ways; the map has one take after the other",
          statement.place)
      }
      var result: [Int] = []
      for (number, run) in runs.enumerated() {
        var rule = RuleDraft(section: index, place: statement.place)
        if number == 0 { rule.before = statement.trivia.before }
        if number == runs.count - 1 {
          rule.behind = statement.trivia.behind.joined(separator: " ")
        }
        rule.isKept = input.isKept && index != nil
        rule.selectors = try Patterns.sections(run.map(\.name))
        for number in rule.selectors.indices {
          rule.selectors[number].file = file.0
          rule.selectors[number].fileText = file.1
        }
        rule.exceptions = try exceptions(input, run, statement)
        rule.sort = sortKeys(input.fileSort, run[0].sorts, statement)
        rules.append(rule)
        if let index { outputs[index].hasTake = true }
        result.append(rules.count - 1)
      }
      return result
    } catch {
      note("\(error.reason): \(statement.words)", statement.place)
      var rule = RuleDraft(section: index, place: statement.place)
      rule.deadReason = "not imported (\(error.reason)): \(statement.words)"
      rules.append(rule)
      return [rules.count - 1]
    }
  }

  /// EXCLUDE_FILE as `except`.
  mutating func exceptions(
    _ input: ScriptInput, _ run: [ScriptPattern], _ statement: ScriptStatement
  ) throws(Untranslatable) -> [SelectorDraft] {
    var result: [SelectorDraft] = []
    func add(_ name: String, _ sections: [SelectorDraft]) throws(Untranslatable) {
      var told: [String] = []
      guard let file = try Patterns.file(name, isExcluding: true, note: { told.append($0) }) else {
        return
      }
      for var section in sections {
        section.file = file.0
        section.fileText = file.1
        if !result.contains(where: { text(of: $0) == text(of: section) }) { result.append(section) }
      }
    }
    let any = SelectorDraft(file: .any, section: .any, fileText: "*", sectionText: "*")
    for name in input.excluded { try add(name, [any]) }
    let everywhere = run.dropFirst().reduce(Set(run[0].excluded)) { $0.intersection($1.excluded) }
    for name in run[0].excluded where everywhere.contains(name) { try add(name, [any]) }
    for pattern in run {
      for name in pattern.excluded where !everywhere.contains(name) {
        try add(name, try Patterns.sections([pattern.name]))
      }
    }
    return result
  }

  mutating func sortKeys(
    _ file: String?, _ sorts: [String], _ statement: ScriptStatement
  ) -> [String] {
    var keys: [String] = []
    switch file {
    case nil, "SORT_NONE": break
    case "SORT", "SORT_BY_NAME": keys.append("file")
    default: note("files cannot be sorted so: \(file ?? "")", statement.place)
    }
    for sort in sorts {
      switch sort {
      case "SORT", "SORT_BY_NAME": keys.append("name")
      case "SORT_BY_ALIGNMENT": keys.append("alignment")
      case "SORT_BY_INIT_PRIORITY": keys.append("init_priority")
      case "SORT_NONE": break
      default: note("a map does not sort backwards: \(sort)", statement.place)
      }
    }
    var unique: [String] = []
    for key in keys where !unique.contains(key) { unique.append(key) }
    return unique
  }
}
