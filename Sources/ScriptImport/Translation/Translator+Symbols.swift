// Symbols and assertions outside of output sections.

extension Translator {
  mutating func assign(_ assignment: ScriptAssignmentSyntax, _ statement: ScriptStatement) {
    let before = statement.trivia.before.map { MapNode.comment($0) }
    let behind = statement.trivia.behind.joined(separator: " ")
    let name = MapWords.name(assignment.target)
    let word =
      (assignment.isProvided ? "provide " : "") + (assignment.isHidden ? "hidden " : "")
    if isProvidedAgain(assignment, statement) { return }
    guard assignment.sign == "=", writtenSymbols.insert(assignment.target).inserted else {
      tail += untranslated(statement, "a symbol of a map has one value")
      return
    }
    if case .dot = Self.plain(assignment.value), let anchor, !flows[anchor].items.isEmpty {
      flowOfSymbol[assignment.target] = anchor
      bind(MapNode.line("\(word)end \(name);", behind: behind), before, anchor)
      return
    }
    let value = Self.withoutDefault(assignment)
    if let (flow, alignment) = end(value) {
      flowOfSymbol[assignment.target] = flow
      alignmentOfSymbol[assignment.target] = alignment
    }
    let isReplaceable = value != assignment.value
    if isReplaceable { replaceable.insert(assignment.target) }
    do throws(Untranslatable) {
      let words = try expression(value, .observing, counter)
      tail += before
      let head = isReplaceable ? "provide \(assignment.isHidden ? "hidden " : "")" : word
      if constants[assignment.target] != nil {
        constantLines[assignment.target] = (tail.count, "\(head)symbol \(name) = ", behind)
      }
      tail.append(.line("\(head)symbol \(name) = \(words.text);", behind: behind))
      if isReplaceable, !assignment.isProvided { tail.append(.line("root \(name);")) }
    } catch {
      tail += untranslated(statement, error.reason)
    }
  }

  /// PROVIDE of a symbol that the script has defined before has no effect.
  mutating func isProvidedAgain(
    _ assignment: ScriptAssignmentSyntax, _ statement: ScriptStatement
  ) -> Bool {
    guard assignment.isProvided, writtenSymbols.contains(assignment.target) else { return false }
    remark("the symbol has a value already: \(statement.words)", statement.place)
    return true
  }

  mutating func assert(
    _ condition: ScriptExpression, _ message: String, _ statement: ScriptStatement
  ) {
    do throws(Untranslatable) {
      let words = try expression(condition, .observing, counter)
      tail += statement.trivia.before.map { .comment($0) }
      tail.append(
        .line(
          "assert \(words.text), \(MapWords.quoted(message));",
          behind: statement.trivia.behind.joined(separator: " ")))
    } catch {
      tail += untranslated(statement, error.reason)
    }
  }

  /// `ABSOLUTE(e)` is e where only the number counts.
  static func plain(_ value: ScriptExpression) -> ScriptExpression {
    if case .call("ABSOLUTE", let values) = value { return plain(values[0]) }
    if case .call("DATA_SEGMENT_END", let values) = value { return plain(values[0]) }
    return value
  }

  /// A bound at the end of the last item of a flow.
  mutating func bind(_ bound: MapNode, _ before: [MapNode], _ flow: Int) {
    let last = flows[flow].items.count - 1
    let nodes = before + [bound]
    switch flows[flow].items[last] {
    case .section(let index):
      outputs[index].bounds += nodes
    case .group(let attributes, let items):
      flows[flow].items[last] = .group(attributes + nodes, items)
    case .overlay(let attributes, let items, let endsWithLast):
      if endsWithLast, let index = items.last?.sections.last {
        outputs[index].bounds += nodes
      } else {
        flows[flow].items[last] = .overlay(attributes + nodes, items, endsWithLast: false)
      }
    case .reserve(let name, let attributes, let segment):
      flows[flow].items[last] = .reserve(name, attributes + nodes, segment: segment)
    case .image, .headers, .comments:
      flows[flow].items[last] = .group(nodes, [flows[flow].items[last]])
    }
  }

  mutating func need(_ constant: String) {
    if !neededConstants.contains(constant) { neededConstants.append(constant) }
  }
}
