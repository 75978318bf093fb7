// Output sections and slots.

internal import MapLang

extension Exporter {
  /// The section with everything in its braces. `address`: where it begins, if it does not follow.
  mutating func section(_ id: MapSectionID, address: String?) {
    let section = map[id]
    let name = ScriptWords.name(section.name)
    var node = ScriptNode(head: name, body: [])
    let address = address ?? powerOfTwo(section, name)
    let load = loadAddress(of: id)
    let align = alignment(section)
    let alignment = align > 1 ? "ALIGN(\(ScriptWords.number(align)))" : nil
    // An address takes the section out of the count of its region, so none is said twice.
    if let address, address != alignment { node.head += " " + address }
    if section.noload || section.nobits { node.head += " (NOLOAD)" }
    node.head += " :"
    if let load { node.head += " AT(\(load))" }
    if let alignment { node.head += " " + alignment }
    if let subalign = section.subalign { node.head += " SUBALIGN(\(ScriptWords.number(subalign)))" }
    node.tail = tail(section)

    var body = flow.takeStarts()
    body += bounds(section.bounds, .start)
    body += items(section.items, section, depth: 0)
    if case .powerOfTwo = section.pad {
      // Inside of a section the location counter counts from its beginning.
      body.append(". = . > 0 ? 1 << LOG2CEIL(.) : 0;")
    } else {
      body += padding(section.pad, "section \(section.name)", section.position)
    }
    if let size = section.size, let words = value(size, "size") { body.append(". = \(words);") }
    body += bounds(section.bounds, .end)
    if body.isEmpty { body = ["*(\(section.name).nothing)"] }
    node.body = body
    if section.access != nil {
      remark("the section has the rights of its input: access of \(section.name)", section.position)
    }
    if section.relro { note("a script has no relro: section \(section.name)", section.position) }
    if section.always && section.bounds.isEmpty {
      note("GNU ld leaves an empty section out: always of \(section.name)", section.position)
    }
    append(node)
    edges(section.bounds, first: name, last: name)
    limit("section \(section.name)", "SIZEOF(\(name))", section.min, section.max)
  }

  /// The address of a section that is aligned to its size: of ALIGN, a script has constants only.
  private func powerOfTwo(_ section: MapSection, _ name: String) -> String? {
    guard case .powerOfTwo(let minimum) = section.align else { return nil }
    let unit =
      "MAX(MAX(\(ScriptWords.number(minimum)), 1 << LOG2CEIL(SIZEOF(\(name)))), ALIGNOF(\(name)))"
    return flow.sections.isEmpty && flow.memory != nil
      ? "ALIGN(\(flow.origin), \(unit))" : "ALIGN(\(unit))"
  }

  /// A section of the script that has been made; the flow goes on behind it.
  mutating func append(_ node: ScriptNode) {
    if let (what, position) = flow.padding {
      note("what follows does not begin behind the padding of \(what)", position)
      flow.padding = nil
    }
    flow.last = nodes.count
    nodes.append(node)
    flow.sections.append(nodes.count - 1)
  }

  private mutating func alignment(_ section: MapSection) -> UInt64 {
    var largest: UInt64 = 1
    func look(_ alignment: Alignment?) {
      switch alignment {
      case .atLeast(let unit): largest = max(largest, unit)
      case .powerOfTwo(let minimum): largest = max(largest, minimum)
      case nil: break
      }
    }
    func collect(_ items: [SectionItem]) {
      for item in items {
        switch item {
        case .group(let group):
          look(group.align)
          collect(group.items)
        case .slot(let id): look(map[id].align)
        case .take, .hole: break
        }
      }
    }
    look(section.align)
    collect(section.items)
    return max(largest, flow.takeAlignment())
  }

  private mutating func tail(_ section: MapSection) -> String {
    var words: [String] = []
    if let name = flow.memory { words.append("> \(name)") }
    if let packed = packedRegion(section) { words.append("AT> \(packed)") }
    if let header = header() { words.append(header) }
    switch section.fill {
    case .pattern(let word): words.append("=\(ScriptWords.fill(word))")
    case .nop, nil: break
    case .trap:
      remark("gaps hold what GNU ld puts there, not traps: \(section.name)", section.position)
    }
    return words.joined(separator: " ")
  }

  // MARK: What stands in the braces

  private mutating func items(
    _ items: [SectionItem], _ section: MapSection, depth: Int
  ) -> [String] {
    var body: [String] = []
    for item in items {
      switch item {
      case .take(let rule): body += statements(rule)
      case .hole(let size): if let words = value(size, "reserve") { body.append(". += \(words);") }
      case .slot(let id): body += slot(map[id], isCode: guess(section) == .code, fill: section.fill)
      case .group(let group): body += subgroup(group, section, depth)
      }
    }
    return body
  }

  private mutating func subgroup(
    _ group: Subgroup, _ section: MapSection, _ depth: Int
  ) -> [String] {
    var body: [String] = []
    if let offset = group.offset, let words = value(offset, "at offset") {
      body.append(". = \(words);")
    }
    switch group.align {
    case .atLeast(let unit): body.append(". = ALIGN(\(ScriptWords.number(unit)));")
    case .powerOfTwo: note("a script has no 'align pow2' in a group", group.position)
    case nil: break
    }
    let starts = bounds(group.bounds, .start)
    body += starts
    var base: String?
    if let size = group.size, let words = value(size, "size of a group") {
      if let offset = constant(group.offset) {
        base = "\(ScriptWords.number(offset)) + \(words)"
      } else {
        let name = group.bounds.first { $0.edge == .start && !$0.provide }?.names.first?.name
        base = "\(ScriptWords.name(name ?? helper(&body))) + \(words)"
      }
    }
    if let word = group.fill {
      if case .pattern(let pattern) = word { body.append("FILL(\(ScriptWords.fill(pattern)))") }
      note("the fill of a group holds until the end of the section", group.position)
    }
    body += items(group.items, section, depth: depth + 1)
    body += padding(group.pad, "a group", group.position)
    if let base { body.append(". = \(base);") }
    body += bounds(group.bounds, .end)
    for bound in group.bounds where bound.edge != .start && bound.edge != .end {
      note("a script has no \(bound.edge.spelling) of a part of a section", group.position)
    }
    if group.min != nil || group.max != nil {
      note("the size of a part of a section is not checked", group.position)
    }
    return body
  }

  /// A symbol for the place where the body has come to.
  private mutating func helper(_ body: inout [String]) -> String {
    helpers += 1
    let name = "__group_\(helpers)"
    body.append("HIDDEN(\(name) = .);")
    remark("only the script has the symbol \(name)", nil)
    return name
  }

  mutating func padding(_ pad: Padding?, _ what: String, _ position: SourcePosition) -> [String] {
    switch pad {
    case .multiple(let multiple):
      return value(multiple, "pad of \(what)").map { [". = ALIGN(\($0));"] } ?? []
    case .powerOfTwo:
      note("a script has no 'pad pow2': \(what)", position)
      return []
    case nil: return []
    }
  }

  // MARK: Bounds

  /// The symbols at an edge that are the location counter.
  func bounds(_ bounds: [Bound], _ edge: Bound.Edge) -> [String] {
    bounds.filter { $0.edge == edge }.flatMap { bound in
      bound.names.map {
        Self.assignment($0.name, ".", provide: bound.provide, hidden: bound.hidden)
      }
    }
  }

  /// The other symbols of a block that reaches from one section to another.
  mutating func edges(_ bounds: [Bound], first: String, last: String) {
    for bound in bounds {
      let value: String
      switch bound.edge {
      case .start, .end: continue
      case .length:
        value =
          first == last
          ? "SIZEOF(\(first))" : "ADDR(\(last)) + SIZEOF(\(last)) - ADDR(\(first))"
      case .loadStart: value = "LOADADDR(\(first))"
      case .loadEnd: value = "LOADADDR(\(last)) + SIZEOF(\(last))"
      }
      for name in bound.names {
        line(Self.assignment(name.name, value, provide: bound.provide, hidden: bound.hidden))
      }
    }
  }

  private mutating func limit(
    _ what: String, _ size: String, _ smallest: Expression?, _ largest: Expression?
  ) {
    if let smallest, let words = value(smallest, "min of \(what)") {
      line("ASSERT(\(size) >= \(words), \(ScriptWords.quoted("\(what) is too small")))")
    }
    if let largest, let words = value(largest, "max of \(what)") {
      line("ASSERT(\(size) <= \(words), \(ScriptWords.quoted("\(what) is too large")))")
    }
  }

  // MARK: Slots

  /// The output section of a slot.
  mutating func slotSection(_ id: SlotID, address: String?) {
    let slot = map[id]
    var node = ScriptNode(head: ".slot.\(slot.name)", body: [])
    if let address { node.head += " " + address }
    node.head += " :"
    let unit = max(flow.takeAlignment(), Self.unit(slot.align))
    if unit > 1 { node.head += " ALIGN(\(ScriptWords.number(unit)))" }
    if let name = flow.memory { node.tail = "> \(name)" }
    if let header = header() { node.tail += " " + header }
    node.body = flow.takeStarts() + self.slot(slot, isCode: true, fill: nil)
    append(node)
  }

  static func unit(_ align: Alignment?) -> UInt64 {
    if case .atLeast(let unit) = align { return unit }
    return 1
  }

  private mutating func slot(_ slot: MapSlot, isCode: Bool, fill: Fill?) -> [String] {
    remark(
      "swold-edit finds slots in what swold links, not in this: slot \(slot.name)", slot.position)
    var body: [String] = []
    if slot.isInSection, let align = slot.align, case .atLeast(let unit) = align, unit > 1 {
      body.append(". = ALIGN(\(ScriptWords.number(unit)));")
    }
    for name in ["", "_start"] { body.append("HIDDEN(__slot_\(slot.name)\(name) = .);") }
    var filled: UInt64 = 0
    for word in slot.words {
      let command = [1: "BYTE", 2: "SHORT", 4: "LONG", 8: "QUAD"][word.size] ?? "BYTE"
      if let words = value(word.value, "word of slot \(slot.name)") {
        body.append("\(command)(\(words))")
        filled += UInt64(word.size)
      }
    }
    guard let size = constant(slot.size) else {
      if let words = value(slot.size, "size of slot \(slot.name)") { body.append(". += \(words);") }
      body.append("HIDDEN(__slot_\(slot.name)_end = .);")
      return body
    }
    var byte: UInt32 = 0
    if case .pattern(let pattern) = slot.fill {
      byte = pattern & 0xff
      if pattern != byte &* 0x0101_0101 {
        note("the pattern of slot \(slot.name) is not written", slot.position)
        byte = 0
      }
    } else if slot.fill != nil {
      note("the fill of slot \(slot.name) is not written", slot.position)
    }
    let rest = size > filled ? size - filled : 0
    if byte == 0 && !isCode && fill == nil && slot.isInSection {
      if rest > 0 { body.append(". += \(ScriptWords.number(rest));") }
    } else {
      body += data(byte, rest)
      if rest > 256 { note("only the first bytes of slot \(slot.name) are written", slot.position) }
    }
    body.append("HIDDEN(__slot_\(slot.name)_end = .);")
    return body
  }

  /// Data commands, and room behind them.
  private func data(_ byte: UInt32, _ count: UInt64) -> [String] {
    var body: [String] = []
    var rest = min(count, 256)
    let word = UInt64(byte) &* 0x0101_0101_0101_0101
    while rest >= 8 {
      body.append("QUAD(0x\(String(word, radix: 16)))")
      rest -= 8
    }
    if rest >= 4 {
      body.append("LONG(0x\(String(word & 0xffff_ffff, radix: 16)))")
      rest -= 4
    }
    while rest > 0 {
      body.append("BYTE(0x\(String(byte, radix: 16)))")
      rest -= 1
    }
    if count > 256 { body.append(". += \(ScriptWords.number(count - 256));") }
    return body
  }
}
