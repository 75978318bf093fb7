// What stands inside an output section.
//
// The statements of a section are cut into intervals at the places that symbols mark. An interval without
// marks and padding needs no block; others become groups, whose bounds are the marks. `. = ALIGN(n)` pads
// the interval before it, as in the script: it moves the end to an address and does not raise the
// alignment of the section, as `align` in a group would.

internal import MapLang

/// A stretch of an output section between two marks.
private struct Interval {
  var nodes: [MapNode] = []
  var startMarks: [MapNode] = []
  var endMarks: [MapNode] = []
  /// The symbols of `endMarks`.
  var endNames: [String] = []
  var pads: String?
  /// `at offset`
  var offset: String?

  var isEmpty: Bool {
    nodes.isEmpty && startMarks.isEmpty && endMarks.isEmpty && pads == nil && offset == nil
  }
  var isPlain: Bool {
    startMarks.isEmpty && endMarks.isEmpty && pads == nil && offset == nil
  }
}

/// The intervals of a section so far.
private struct Intervals {
  var done: [Interval] = []
  var open = Interval()
  var sectionMarks: [MapNode] = []
  var alignment: [String] = []
  /// Whether nothing stands before the place.
  var isAtStart = true
  /// A symbol at the place.
  var markHere: String?
  var hasContent = false

  mutating func close() {
    if !open.isEmpty { done.append(open) }
    open = Interval()
  }

  /// Something that takes room.
  mutating func add(_ nodes: [MapNode]) {
    if open.pads != nil || !open.endMarks.isEmpty { close() }
    open.nodes += nodes
    isAtStart = false
    markHere = nil
    hasContent = true
  }

  mutating func pad(_ multiple: String) {
    if isAtStart && sectionMarks.isEmpty {
      alignment.append(multiple)
      return
    }
    if open.pads != nil || !open.endMarks.isEmpty { close() }
    open.pads = multiple
    isAtStart = false
    markHere = nil
  }

  mutating func mark(_ node: MapNode, _ name: String, isEnd: Bool) {
    markHere = name
    if isAtStart {
      sectionMarks.append(node)
    } else if open.offset != nil && open.nodes.isEmpty {
      open.startMarks.append(node)
    } else if open.pads != nil && !isEnd && open.endMarks.isEmpty {
      // The next interval begins where the padding ends.
      close()
      open.startMarks.append(node)
    } else if open.nodes.isEmpty && !open.startMarks.isEmpty {
      open.startMarks.append(node)
    } else {
      open.endMarks.append(node)
      open.endNames.append(name)
    }
  }
}

extension Translator {
  mutating func contents(of section: ScriptSection, _ index: Int, _ statement: ScriptStatement) {
    var intervals = Intervals()
    intervals.isAtStart = outputs[index].contents.isEmpty
    for inner in section.contents { content(inner, section, index, &intervals) }
    intervals.close()
    finish(intervals, index)
  }

  /// Writes the intervals into the section.
  private mutating func finish(_ intervals: Intervals, _ index: Int) {
    outputs[index].attributes += intervals.alignment.map { .line("align \($0);") }
    outputs[index].bounds += intervals.sectionMarks
    var done = intervals.done
    foldTrailingMarks(&done)
    var tailNodes: [MapNode] = []
    outputs[index].endSymbols = done.last?.endNames ?? []
    // The last marks and padding are those of the section.
    if let last = done.last, last.startMarks.isEmpty, last.offset == nil {
      done.removeLast()
      tailNodes = last.nodes
      if let pads = last.pads { outputs[index].attributes.append(.line("pad \(pads);")) }
      outputs[index].bounds += last.endMarks
    }
    for interval in done {
      if interval.isPlain {
        outputs[index].contents += interval.nodes
        continue
      }
      var body: [MapNode] = []
      if let offset = interval.offset { body.append(.line("at offset \(offset);")) }
      if let pads = interval.pads { body.append(.line("pad \(pads);")) }
      body += interval.startMarks + interval.endMarks + interval.nodes
      outputs[index].contents.append(.block("group", body))
    }
    outputs[index].contents += tailNodes
    if !intervals.hasContent || !outputs[index].hasTake {
      if intervals.hasContent && outputs[index].isBare {
        outputs[index].attributes += [.line("access rw;"), .line("nobits;")]
      }
    }
  }

  /// Symbols behind the last padding, with nothing behind them, are ends of what was padded.
  private func foldTrailingMarks(_ done: inout [Interval]) {
    guard done.count > 1, let last = done.last, last.nodes.isEmpty, last.endMarks.isEmpty,
      last.pads == nil, last.offset == nil
    else { return }
    done.removeLast()
    done[done.count - 1].endMarks += last.startMarks.map { mark in
      guard case .line(let words, let behind) = mark else { return mark }
      let ends = words.split(separator: " ").map { $0 == "start" ? "end" : $0 }
      return .line(ends.joined(separator: " "), behind: behind)
    }
  }

  private mutating func content(
    _ statement: ScriptStatement, _ section: ScriptSection, _ index: Int,
    _ intervals: inout Intervals
  ) {
    let before = statement.trivia.before.map { MapNode.comment($0) }
    let behind = statement.trivia.behind.joined(separator: " ")
    switch statement.kind {
    case .comments: intervals.open.nodes += before
    case .input(let input):
      for rule in rule(for: input, index, statement) { intervals.add([.rule(rule)]) }
    case .assignment(let assignment) where assignment.target == ".":
      move(assignment, statement, &intervals)
    case .assignment(let assignment):
      assign(assignment, statement, section, &intervals)
    case .assertion(let condition, let message):
      let saved = (counter, anchor)
      counter = here(section, condition, &intervals)
      assert(condition, message, statement)
      (counter, anchor) = saved
    case .data(let word, let value):
      slot(word, value, statement, section, &intervals)
    case .text(let text):
      let name = slotName(section, intervals.markHere)
      intervals.add(before + [.line("slot \(name) { size \(text.utf8.count + 1); fill 0; }")])
      edits.append(
        "put slot:\(name) strz:\(text.contains(" ") ? "\"\(text)\"" : text)\(codeWord(section))")
    case .fill(let fill):
      if intervals.hasContent {
        intervals.open.nodes += untranslated(
          statement, "FILL in the middle of a section; a map has one fill for a section or group")
      } else {
        self.fill(fill, index, statement.place)
      }
    case .command("CONSTRUCTORS", _), .command("CREATE_OBJECT_SYMBOLS", _):
      remark("it has no effect on ELF files: \(statement.words)", statement.place)
    case .command, .entry, .extern, .memory, .headers, .alias, .sections, .section, .overlay,
      .insert:
      intervals.open.nodes += untranslated(statement, "it has no counterpart in a section")
    }
    _ = behind
  }

  // MARK: - The location counter in a section

  private mutating func move(
    _ assignment: ScriptAssignmentSyntax, _ statement: ScriptStatement,
    _ intervals: inout Intervals
  ) {
    var value = assignment.value
    if assignment.sign != "=" {
      value = .binary(String(assignment.sign.dropLast()), .dot, value)
    }
    value = Self.plain(value)
    let comments = statement.trivia.before.map { MapNode.comment($0) }
    do throws(Untranslatable) {
      switch value {
      case .dot: break
      case .call("ALIGN", let values) where values.count == 1 || values[0] == .dot,
        .call("BLOCK", let values), .call("NEXT", let values):
        let words = try expression(values[values.count - 1], .constant)
        intervals.open.nodes += comments
        intervals.pad(words.text)
      case .binary("+", .dot, let distance), .binary("+", let distance, .dot):
        let words = try expression(distance, .placement)
        intervals.add(
          comments + [
            .line(
              "reserve \(words.text);", behind: statement.trivia.behind.joined(separator: " "))
          ])
      case _ where isConstant(value):
        // A number counts from the start of the section, an absolute address does not.
        if value != assignment.value, assignment.sign == "=" {
          throw Untranslatable(reason: "a map has no absolute address inside a section")
        }
        let words = try expression(value, .placement)
        intervals.close()
        intervals.open.nodes += comments
        intervals.open.offset = words.text
        intervals.isAtStart = false
        intervals.markHere = nil
        intervals.hasContent = true
      default:
        throw Untranslatable(reason: "a map has no location counter that moves to such a place")
      }
    } catch {
      intervals.open.nodes += untranslated(statement, error.reason)
    }
  }

  /// An expression for the place, if `value` asks for it: a symbol there, or one that is made.
  private mutating func here(
    _ section: ScriptSection, _ value: ScriptExpression, _ intervals: inout Intervals
  ) -> MapExpression? {
    guard Self.mentionsDot(value) else { return nil }
    if intervals.isAtStart {
      referenced.insert(section.name)
      return MapExpression("start(\(MapWords.name(section.name)))")
    }
    if let mark = intervals.markHere { return MapExpression("sym(\(MapWords.name(mark)))") }
    anchorCount += 1
    let name = "__script_place_\(anchorCount)"
    intervals.mark(.line("hidden end \(name);"), name, isEnd: true)
    // At the start of an interval it is a start.
    if intervals.open.endMarks.isEmpty, let last = intervals.open.startMarks.indices.last {
      intervals.open.startMarks[last] = .line("hidden start \(name);")
    }
    return MapExpression("sym(\(name))")
  }

  static func mentionsDot(_ value: ScriptExpression) -> Bool {
    switch value {
    case .dot: true
    case .number, .symbol, .of: false
    case .call(let name, let values):
      values.contains { mentionsDot($0) }
        || values.count == 1 && ["ALIGN", "BLOCK", "NEXT"].contains(name)
    case .unary(_, let value): mentionsDot(value)
    case .binary(_, let left, let right): mentionsDot(left) || mentionsDot(right)
    case .conditional(let a, let b, let c): mentionsDot(a) || mentionsDot(b) || mentionsDot(c)
    }
  }

  /// A symbol that is defined inside a section.
  private mutating func assign(
    _ assignment: ScriptAssignmentSyntax, _ statement: ScriptStatement, _ section: ScriptSection,
    _ intervals: inout Intervals
  ) {
    let behind = statement.trivia.behind.joined(separator: " ")
    guard case .dot = Self.plain(assignment.value), assignment.sign == "=" else {
      let saved = (counter, anchor)
      counter = here(section, assignment.value, &intervals)
      anchor = nil
      assign(assignment, statement)
      (counter, anchor) = saved
      return
    }
    guard writtenSymbols.insert(assignment.target).inserted else {
      intervals.open.nodes += untranslated(statement, "a symbol of a map has one value")
      return
    }
    let word = (assignment.isProvided ? "provide " : "") + (assignment.isHidden ? "hidden " : "")
    let name = MapWords.name(assignment.target)
    let isEnd = Self.soundsLikeEnd(assignment.target)
    let comments = statement.trivia.before.map { MapNode.comment($0) }
    intervals.open.nodes += comments
    let isStart =
      intervals.isAtStart || intervals.open.offset != nil && intervals.open.nodes.isEmpty
      || intervals.open.pads != nil && !isEnd && intervals.open.endMarks.isEmpty
      || intervals.open.nodes.isEmpty && !intervals.open.startMarks.isEmpty
    intervals.mark(
      .line("\(word)\(isStart ? "start" : "end") \(name);", behind: behind), assignment.target,
      isEnd: isEnd)
  }

  /// Whether a symbol is meant to be the end of what stands before it.
  static func soundsLikeEnd(_ name: String) -> Bool {
    let lower = name.lowercased()
    let plain = lower.drop { $0 == "_" }
    return ["end", "stop", "limit"].contains { lower.contains($0) }
      || ["edata", "etext", "ebss", "erodata", "eheap", "estack"].contains { plain.hasPrefix($0) }
  }

  // MARK: - Fill and data

  /// The fill of a whole section.
  mutating func fill(_ fill: ScriptFill, _ index: Int, _ place: ScriptPlace) {
    if let digits = fill.hexDigits {
      // A plain hexadecimal number is as many bytes as it has digits.
      let even = digits.utf8.count % 2 == 0 ? digits : "0" + digits
      switch even.utf8.count {
      case 2, 8:
        return outputs[index].attributes.append(
          .line("fill \(LinkerScriptParser.hexadecimal(even));"))
      case 4:
        return outputs[index].attributes.append(
          .line("fill \(LinkerScriptParser.hexadecimal(even + even));"))
      default: return note("a map fills with 1 or 4 bytes, not with 0x\(digits)", place)
      }
    }
    guard let value = value(fill.value), isConstant(fill.value) else {
      return note("the fill is no constant", place)
    }
    let word = UInt32(truncatingIfNeeded: value)
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    if Set(bytes).count == 1 {
      outputs[index].attributes.append(
        .line("fill \(bytes[0] < 10 ? String(bytes[0]) : "0x" + String(bytes[0], radix: 16));"))
    } else if word > 0xff {
      outputs[index].attributes.append(
        .line("fill \(LinkerScriptParser.hexadecimal(String(word, radix: 16)));"))
    } else {
      note(
        "the fill is the four bytes 00 00 00 \(String(word, radix: 16)), which a map cannot say",
        place)
    }
  }

  private mutating func slotName(_ section: ScriptSection, _ mark: String?) -> String {
    let wish = mark.map(MapWords.identifier) ?? MapWords.identifier(section.name) + "_word"
    var name = wish
    var number = 1
    while !slotNames.insert(name).inserted {
      number += 1
      name = wish + "_\(number)"
    }
    return name
  }

  /// GNU ld provides what its data refers to; for the linker of a map nobody asks.
  private mutating func rootProvided(_ value: ScriptExpression) {
    switch value {
    case .symbol(let name):
      if definedSymbols.contains(name) { tail.append(.line("root \(MapWords.name(name));")) }
    case .unary(_, let value): rootProvided(value)
    case .binary(_, let left, let right):
      rootProvided(left)
      rootProvided(right)
    case .number, .dot, .of, .conditional, .call: break
    }
  }

  /// What an edit of code has to say.
  private func codeWord(_ section: ScriptSection) -> String {
    let names = section.contents.flatMap { statement -> [String] in
      if case .input(let input) = statement.kind { return input.patterns.map(\.name) }
      return []
    }
    let code = [".text", ".init", ".fini", ".boot"]
    return (names + [section.name]).contains { name in code.contains { name.hasPrefix($0) } }
      ? " code=yes" : ""
  }

  /// BYTE, SHORT, LONG, QUAD: room in the map, the bytes in the edit script.
  private mutating func slot(
    _ word: String, _ value: ScriptExpression, _ statement: ScriptStatement,
    _ section: ScriptSection, _ intervals: inout Intervals
  ) {
    let size = word == "BYTE" ? 1 : word == "SHORT" ? 2 : word == "LONG" ? 4 : 8
    let comments = statement.trivia.before.map { MapNode.comment($0) }
    let behind = statement.trivia.behind.joined(separator: " ")
    let name = slotName(section, intervals.markHere)
    rootProvided(value)
    if let number = self.value(value), isConstant(value) {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
      if Set(bytes).count == 1 {
        let fill = bytes[0] < 10 ? String(bytes[0]) : "0x" + String(bytes[0], radix: 16)
        return intervals.add(
          comments + [.line("slot \(name) { size \(size); fill \(fill); }", behind: behind)])
      }
      let masked = size == 8 ? number : number & ((1 << UInt64(8 * size)) - 1)
      edits.append(
        "put slot:\(name) u\(8 * size):0x\(String(masked, radix: 16))\(codeWord(section))")
    } else if let words = editExpression(value, section, &intervals) {
      edits.append("poke u\(8 * size) slot:\(name) = (\(words))\(codeWord(section))")
    } else {
      intervals.open.nodes += untranslated(
        statement, "the value is nothing that an edit can compute")
    }
    intervals.add(comments + [.line("slot \(name) { size \(size); fill 0; }", behind: behind)])
  }

  /// The value in the words of swold-edit.
  private mutating func editExpression(
    _ value: ScriptExpression, _ section: ScriptSection, _ intervals: inout Intervals
  ) -> String? {
    switch value {
    case .number(let number, _):
      return number < 10 ? String(number) : "0x" + String(number, radix: 16)
    case .dot, .conditional, .call: return nil
    case .symbol(let name): return MapWords.isPlain(name) ? "sym(\(name))" : nil
    case .unary: return nil
    case .binary(let sign, let left, let right):
      guard ["+", "-", "*", "/", "&", "|", "<<", ">>"].contains(sign),
        let first = editExpression(left, section, &intervals),
        let second = editExpression(right, section, &intervals)
      else { return nil }
      return "(\(first) \(sign) \(second))"
    case .of(let function, let name):
      guard MapWords.isPlain(name) else { return nil }
      switch function {
      case "ADDR": return "start(sec:\(name))"
      case "SIZEOF": return "size(sec:\(name))"
      case "LOADADDR": return "lma(sec:\(name))"
      default: return nil
      }
    }
  }

  // MARK: - Rules

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
  private mutating func exceptions(
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

  private mutating func sortKeys(
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
