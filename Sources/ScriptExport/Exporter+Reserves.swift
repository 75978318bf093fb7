// Room without bytes: stacks, heaps.
//
// GNU ld has no such thing. Behind the last section of a flow it is counted with the location counter;
// between sections it is a section without bytes; at the end of a region it is a number.

internal import MapLang

extension Exporter {
  mutating func reserve(_ id: ReserveID) {
    let row = map[id]
    let unit = Self.unit(row.align)
    switch row.size {
    case .rest:
      let start = "ALIGN(\(flow.sections.isEmpty ? flow.origin : "."), \(unit))"
      helpers += 1
      let name = "__rest_\(helpers)"
      line("HIDDEN(\(name) = \(start));")
      remark("only the script has the symbol \(name)", row.position)
      flow.rests.append((id, name))
    case .exactly(let size):
      guard let words = value(size, "size of reserve \(row.name)") else { return }
      if row.high {
        guard let limit = flow.limit, let count = constant(size), count <= limit else {
          return leaveOut(
            "reserve \(row.name)", "its size is not known before the link", row.position)
        }
        let start = (limit - count) / unit * unit
        flow.limit = start
        line(Self.comment("reserve \(row.name)"))
        symbols(
          row.bounds, start: ScriptWords.number(start), end: ScriptWords.number(start &+ count))
        if flow.memory != nil {
          // GNU ld knows nothing of it, so what grows into it has to be seen.
          late.append(
            ScriptNode(
              head: "ASSERT(\(flowEnd) <= \(ScriptWords.number(start)), "
                + "\(ScriptWords.quoted("no room for \(row.name)")))"))
        }
        return
      }
      if let pin = row.at, let address = value(pin, "at of reserve \(row.name)") {
        return symbols(row.bounds, start: address, end: "\(address) + \(words)")
      }
      if flow.memory == nil || isLastInFlow(id) {
        if flow.sections.isEmpty && flow.memory != nil { line(". = \(flow.origin);") }
        line(". = ALIGN(\(unit));")
        for text in bounds(row.bounds, .start) { line(text) }
        line(". += \(words);")
        for text in bounds(row.bounds, .end) { line(text) }
        edges(row.bounds.filter { $0.edge == .length }, size: words)
      } else {
        var node = ScriptNode(head: ".reserve_\(row.name) (NOLOAD) :", body: [])
        if unit > 1 { node.head += " ALIGN(\(unit))" }
        node.body =
          flow.takeStarts() + bounds(row.bounds, .start) + [". += \(words);"]
          + bounds(row.bounds, .end)
        node.tail = flow.memory.map { "> \($0)" } ?? ""
        if let header = header() { node.tail += " " + header }
        remark("room between sections is a section of its own: .reserve_\(row.name)", row.position)
        append(node)
      }
    }
  }

  private mutating func edges(_ bounds: [Bound], size: String) {
    for bound in bounds {
      for name in bound.names {
        line(Self.assignment(name.name, size, provide: bound.provide, hidden: bound.hidden))
      }
    }
  }

  mutating func symbols(_ bounds: [Bound], start: String, end: String) {
    for bound in bounds {
      let value =
        switch bound.edge {
        case .start, .loadStart: start
        case .end, .loadEnd: end
        case .length: "(\(end)) - (\(start))"
        }
      for name in bound.names {
        line(Self.assignment(name.name, value, provide: bound.provide, hidden: bound.hidden))
      }
    }
  }

  /// The end of the last section of the flow.
  var flowEnd: String {
    guard let last = flow.last, last < nodes.count else { return flow.origin }
    let name = sectionName(last)
    return "ADDR(\(name)) + SIZEOF(\(name))"
  }

  /// Whether only reserves follow in the region.
  func isLastInFlow(_ id: ReserveID) -> Bool {
    isFollowed { if case .reserve(id) = $0 { true } else { false } } == false
  }
}
