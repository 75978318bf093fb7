// The location counter between output sections: its moves become places, padding and reserves.
//
// A section with `> REGION` goes on where that region is, whatever the counter says; so between such
// sections a move of the counter only matters for the symbols that look at it. Without MEMORY the
// counter is the place, and `. = X` begins a new one.

extension Translator {
  mutating func move(_ assignment: ScriptAssignmentSyntax, _ statement: ScriptStatement) {
    var value = assignment.value
    if assignment.sign != "=" {
      value = .binary(String(assignment.sign.dropLast()), .dot, value)
    }
    value = Self.plain(value)
    if value == .dot { return }
    let comments = statement.trivia.before + statement.trivia.behind
    let isOpen = openFlow != nil && anchor == openFlow
    // `. = X;`
    if isConstant(value) {
      do throws(Untranslatable) {
        let address = try expression(value, .constant)
        beginFlow(at: address, value: self.value(value), comments)
      } catch {
        tail += untranslated(statement, error.reason)
      }
      return
    }
    if Self.mentionsHeaders(value) { return moveBehindHeaders(value, statement) }
    do throws(Untranslatable) {
      switch value {
      case .call("ALIGN", let values)
      where values.count == 1 || values[0] == .dot,
        .call("BLOCK", let values), .call("NEXT", let values),
        .call("DATA_SEGMENT_ALIGN", let values):
        try align(to: value, values, isOpen, comments, statement)
      case .binary("+", .dot, let distance), .binary("+", let distance, .dot):
        try advance(by: distance, isOpen, comments)
      case .binary("+", .call("ALIGN", let values), .binary("&", .dot, _)) where values.count == 1:
        // `ALIGN(page) + (. & (page - 1))`: the same page of the file at the next page of memory.
        note(
          "the next page begins at its start here, not at the offset where the last one ended",
          statement.place)
        try align(to: .call("ALIGN", values), values, isOpen, comments, statement)
      default:
        let words = try expression(value, .observing, counter)
        if sectionsToCome == 0 || !isOpen && openFlow != anchor || !memories.isEmpty {
          // Only symbols see it.
          counter = words
          constantCounter = self.value(value)
          anchor = nil
        } else {
          throw Untranslatable(reason: "a map has no location counter that moves to such a place")
        }
      }
    } catch {
      tail += untranslated(statement, error.reason)
    }
  }

  /// What stands behind here begins at `address`.
  mutating func beginFlow(
    at address: MapExpression, value: UInt64?, _ comments: [String]
  ) {
    flows.append(FlowDraft(region: nil, at: address, atValue: value))
    if !comments.isEmpty { flows[flows.count - 1].items.append(.comments(comments)) }
    openFlow = flows.count - 1
    anchor = nil
    counter = address
    constantCounter = value
  }

  /// `. = ALIGN(n);`
  mutating func align(
    to value: ScriptExpression, _ values: [ScriptExpression], _ isOpen: Bool,
    _ comments: [String], _ statement: ScriptStatement
  ) throws(Untranslatable) {
    let multiple = value.isDataSegmentAlign ? values[0] : values[values.count - 1]
    let pads = isOpen && openFlow.map { !flows[$0].items.isEmpty } == true
    let words = try expression(multiple, pads ? .placement : .constant)
    // ALIGN(0), as of a section that is not there, moves nothing.
    if words.text == "0" { return }
    if value.isDataSegmentAlign {
      note(
        "DATA_SEGMENT_ALIGN: the data begins on a page of its own; GNU ld may share the last one",
        statement.place)
    }
    if pads, let flow = openFlow, let last = flows[flow].items.popLast() {
      let attributes = comments.map { MapNode.comment($0) } + [.line("pad \(words.text);")]
      flows[flow].items.append(.group(attributes, [last]))
      counter = counter.map { MapExpression("align_up(\($0.text), \(words.text))") }
    } else {
      let aligned = counter.map { MapExpression("align_up(\($0.text), \(words.text))") }
      // A flow that has not begun begins there.
      if let flow = openFlow, flows[flow].items.allSatisfy(\.isComment), constantCounter != nil,
        let aligned
      {
        flows[flow].at = aligned
      }
      counter = aligned
      constantCounter = self.value(.call("ALIGN", [multiple]))
      anchor = nil
      return
    }
    constantCounter = nil
  }

  /// `. += n;`
  mutating func advance(
    by distance: ScriptExpression, _ isOpen: Bool, _ comments: [String]
  ) throws(Untranslatable) {
    if isOpen, let flow = openFlow {
      let words = try expression(distance, .placement)
      let name = reserveName("room")
      flows[flow].items.append(
        .reserve(
          name, comments.map { .comment($0) } + [.line("size \(words.text);")],
          segment: lastSegment))
      counter = counter.map {
        MapExpression("\(MapExpression.sum($0)) + \(Self.tight(words, 9))", 8)
      }
      constantCounter = nil
      return
    }
    let words = try expression(distance, .observing, counter)
    let sum = counter.map { MapExpression("\(MapExpression.sum($0)) + \(Self.tight(words, 9))", 8) }
    if let flow = openFlow, flows[flow].items.allSatisfy(\.isComment), isConstant(distance), let sum
    {
      flows[flow].at = sum
    }
    let number = value(distance)
    constantCounter = constantCounter.flatMap { old in number.map { old &+ $0 } }
    counter = sum
    anchor = nil
  }

  /// `. = X + SIZEOF_HEADERS;`
  mutating func moveBehindHeaders(_ value: ScriptExpression, _ statement: ScriptStatement) {
    var base: ScriptExpression?
    if case .binary("+", let left, .call("SIZEOF_HEADERS", _)) = value { base = left }
    if case .call("SIZEOF_HEADERS", _) = value { base = .number(0, "0") }
    if let base, isConstant(base), let address = try? expression(base, .constant) {
      beginFlow(at: address, value: nil, statement.trivia.before + statement.trivia.behind)
      flows[flows.count - 1].items.append(.headers)
      counter = nil
      note(
        "the headers have another size than with GNU ld, and what has other rights than its neighbour begins a page",
        statement.place)
      return
    }
    tail += untranslated(statement, "the headers can only begin a place")
  }

  mutating func reserveName(_ wish: String) -> String {
    var name = wish
    var number = 1
    while !reserveNames.insert(name).inserted {
      number += 1
      name = wish + String(number)
    }
    return name
  }
}

extension ScriptExpression {
  var isDataSegmentAlign: Bool {
    if case .call("DATA_SEGMENT_ALIGN", _) = self { return true }
    return false
  }

  /// `ALIGN(n)` as an address.
  var isAlignment: Bool {
    if case .call(let name, let values) = self {
      return ["ALIGN", "BLOCK", "NEXT"].contains(name) && values.count == 1
    }
    return false
  }
}
