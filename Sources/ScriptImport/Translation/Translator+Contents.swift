// What stands inside an output section: rules, marks, moves of the counter.

extension Translator {
  mutating func contents(of section: ScriptSection, _ index: Int, _ statement: ScriptStatement) {
    var intervals = Intervals()
    intervals.isAtStart = outputs[index].contents.isEmpty
    for inner in section.contents { content(inner, section, index, &intervals) }
    intervals.close()
    finish(intervals, index)
  }

  mutating func content(
    _ statement: ScriptStatement, _ section: ScriptSection, _ index: Int,
    _ intervals: inout Intervals
  ) {
    let before = statement.trivia.before.map { MapNode.comment($0) }
    switch statement.kind {
    case .comments: intervals.open.nodes += before
    case .input(let input) where input.file == "CONSTRUCTORS" && input.patterns.isEmpty:
      remark("it has no effect on ELF files: \(statement.words)", statement.place)
    case .input(let input):
      for rule in rule(for: input, index, statement) { intervals.add([.rule(rule)]) }
    case .assignment(let assignment) where assignment.target == ".":
      move(assignment, statement, section, index, &intervals)
    case .assignment(let assignment):
      assign(assignment, statement, section, &intervals)
    case .assertion(let condition, let message):
      let saved = (counter, anchor)
      counter = here(section, condition, &intervals)
      assert(condition, message, statement)
      (counter, anchor) = saved
    case .data(let word, let value):
      self.word(word, value, statement, section, &intervals)
    case .text(let text): self.text(text, statement, section, &intervals)
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
  }

  mutating func move(
    _ assignment: ScriptAssignmentSyntax, _ statement: ScriptStatement, _ section: ScriptSection,
    _ index: Int, _ intervals: inout Intervals
  ) {
    var value = assignment.value
    if assignment.sign != "=" {
      value = .binary(String(assignment.sign.dropLast()), .dot, value)
    }
    if intervals.isAtStart, outputs[index].contents.isEmpty, isAddress(value), mayBegin(at: value) {
      return assertBeginning(of: section, at: value, statement)
    }
    value = Self.plain(value)
    let comments = statement.trivia.before.map { MapNode.comment($0) }
    do throws(Untranslatable) {
      switch value {
      case .dot: break
      case .call("ALIGN", let values) where values.count == 1 || values[0] == .dot,
        .call("BLOCK", let values), .call("NEXT", let values):
        try pad(to: values[values.count - 1], section, comments, &intervals)
      case .binary("+", .dot, let distance), .binary("+", let distance, .dot):
        let words = try expression(distance, .placement)
        intervals.add(
          comments + [
            .line(
              "reserve \(words.text);", behind: statement.trivia.behind.joined(separator: " "))
          ])
      case _ where isConstant(value):
        // A number counts from the start of the section, an absolute address does not.
        if assignment.sign == "=" && isAddress(assignment.value) {
          throw Untranslatable(
            reason:
              "a map has no absolute address inside a section; 'reserve N { size rest; }' takes what a region has left"
          )
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

  /// Whether the counter of a section becomes an address, where a number counts from the section's start.
  private func isAddress(_ value: ScriptExpression) -> Bool {
    switch value {
    case .of("ADDR", let name): sectionNames.contains(name)
    case .call("ABSOLUTE", let values): isConstant(values[0]) || isAddress(values[0])
    default: isConstant(value) && Self.mentionsOrigin(value)
    }
  }

  /// Whether a section may begin at an address: false if it is known to begin at another.
  private func mayBegin(at value: ScriptExpression) -> Bool {
    guard memories.isEmpty, let here = constantCounter, let there = self.value(value) else {
      return true
    }
    return here == there
  }

  /// An address as the first thing of a section is where scripts mean that it begins: at a section that takes
  /// no addresses itself, such as .tbss, or at the start of a region.
  private mutating func assertBeginning(
    of section: ScriptSection, at value: ScriptExpression, _ statement: ScriptStatement
  ) {
    let name = MapWords.name(section.name)
    do throws(Untranslatable) {
      let address = try expression(Self.plain(value), .observing)
      referenced.insert(section.name)
      tail.append(
        .line(
          "assert start(\(name)) == \(Self.tight(address, 4)), "
            + MapWords.quoted("GNU ld moves to an address in \(section.name), a map cannot") + ";"))
    } catch {
      tail += untranslated(statement, error.reason)
    }
  }

  /// `. = ALIGN(n)`. The alignment of a section is a constant; what depends on other sections is padding,
  /// also in front of the first byte.
  private mutating func pad(
    to multiple: ScriptExpression, _ section: ScriptSection, _ comments: [MapNode],
    _ intervals: inout Intervals
  ) throws(Untranslatable) {
    if Self.mentions(section.name, multiple) {
      throw Untranslatable(reason: "the size of a section of a map cannot depend on itself")
    }
    let isKnown = isConstant(multiple)
    let words = try expression(multiple, isKnown ? .constant : .placement)
    intervals.open.nodes += comments
    // ALIGN(0), as of a section that is not there, moves nothing.
    if words.text == "0" { return }
    if !isKnown { intervals.isAtStart = false }
    intervals.pad(words.text)
  }

  /// Whether a value asks for the size or alignment of a section.
  static func mentions(_ name: String, _ value: ScriptExpression) -> Bool {
    switch value {
    case .of(_, let argument): argument == name
    case .number, .symbol, .dot: false
    case .call(_, let values): values.contains { mentions(name, $0) }
    case .unary(_, let value): mentions(name, value)
    case .binary(_, let left, let right): mentions(name, left) || mentions(name, right)
    case .conditional(let a, let b, let c):
      mentions(name, a) || mentions(name, b) || mentions(name, c)
    }
  }

  /// An expression for the place, if `value` asks for it: a symbol there, or one that is made.
  mutating func here(
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

  /// ORIGIN() makes an address of what else would count from the start of the section.
  static func mentionsOrigin(_ value: ScriptExpression) -> Bool {
    switch value {
    case .of("ORIGIN", _): true
    case .number, .symbol, .dot, .of: false
    case .call(_, let values): values.contains { mentionsOrigin($0) }
    case .unary(_, let value): mentionsOrigin(value)
    case .binary(_, let left, let right): mentionsOrigin(left) || mentionsOrigin(right)
    case .conditional(let a, let b, let c):
      mentionsOrigin(a) || mentionsOrigin(b) || mentionsOrigin(c)
    }
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
  mutating func assign(
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
    if isProvidedAgain(assignment, statement) { return }
    guard writtenSymbols.insert(assignment.target).inserted else {
      intervals.open.nodes += untranslated(statement, "a symbol of a map has one value")
      return
    }
    let word = (assignment.isProvided ? "provide " : "") + (assignment.isHidden ? "hidden " : "")
    let name = MapWords.name(assignment.target)
    let isEnd = Self.soundsLikeEnd(assignment.target)
    let comments = statement.trivia.before.map { MapNode.comment($0) }
    intervals.open.nodes += comments
    if intervals.isAtStart, let index = outputIndex[section.name] {
      outputs[index].startSymbols.append(assignment.target)
    }
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
}
