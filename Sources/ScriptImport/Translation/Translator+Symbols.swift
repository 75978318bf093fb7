// Symbols and assertions outside of output sections.

extension Translator {
  mutating func assign(_ assignment: ScriptAssignmentSyntax, _ statement: ScriptStatement) {
    let before = statement.trivia.before.map { MapNode.comment($0) }
    let behind = statement.trivia.behind.joined(separator: " ")
    let name = MapWords.name(assignment.target)
    let word =
      (assignment.isProvided ? "provide " : "") + (assignment.isHidden ? "hidden " : "")
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
    if value != assignment.value {
      note(
        "a definition of '\(assignment.target)' elsewhere does not replace the one here; set the parameter with --map-set",
        statement.place)
      need(assignment.target)
    }
    do throws(Untranslatable) {
      let words = try expression(value, .observing, counter)
      tail += before
      if constants[assignment.target] != nil {
        constantLines[assignment.target] = (tail.count, "\(word)symbol \(name) = ", behind)
      }
      tail.append(.line("\(word)symbol \(name) = \(words.text);", behind: behind))
    } catch {
      tail += untranslated(statement, error.reason)
    }
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
