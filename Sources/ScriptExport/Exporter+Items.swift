// What stands in a place: sections and slots where the flow has come to, pins, segments.

internal import MapLang

extension Exporter {
  mutating func write(_ items: [PlaceItem]) {
    for item in items {
      switch item {
      case .section(let id): place(id)
      case .reserve(let id): reserve(id)
      case .slot(let id): place(id)
      case .group(let group):
        if group.load != nil {
          storedGroup(group)
        } else {
          block(
            group.bounds, group.align, group.pad, group.items,
            group.name.map { "group \($0)" } ?? "a group", group.position)
        }
      case .segment(let one): write(one)
      case .overlay(let group): overlay(group)
      case .image(let id, let position): image(id, position)
      case .headers(let position):
        leaveOut("headers", "the headers have another size with GNU ld", position)
      case .orphans(let rule):
        leaveOut(
          "orphans \(MapPrinter.words(map[rule].selectors))",
          "a script cannot say where sections of other names go", map[rule].position)
      }
    }
  }

  private mutating func write(_ one: MapSegment) {
    let outer = segment
    let name = ScriptWords.name(one.name)
    var header = "\(name) PT_LOAD"
    if let access = one.access { header += " FLAGS(\(Self.flags(access)))" }
    headers.append(header + ";")
    segment = name
    if one.splits { note("a script has no 'splits': segment \(one.name)", one.position) }
    if one.relro { note("a script has no relro: segment \(one.name)", one.position) }
    if !flow.sections.isEmpty { pageBreak() }
    rights = nil
    block(
      one.bounds, one.align, one.pad, one.items, "segment \(one.name)", one.position)
    segment = outer
    // What follows without a segment begins a page, too.
    isBehindSegment = true
  }

  /// The bits of p_flags.
  private static func flags(_ access: Access) -> Int {
    (access.contains(.read) ? 4 : 0) + (access.contains(.write) ? 2 : 0)
      + (access.contains(.execute) ? 1 : 0)
  }

  /// The next section begins a page.
  mutating func pageBreak() {
    let page: String
    switch map.pages {
    case .none: return
    case .size(let size): page = ScriptWords.number(size)
    case .unspecified: page = "CONSTANT(MAXPAGESIZE)"
    }
    flow.address = "ALIGN(\(page))"
  }

  private mutating func place(_ id: MapSectionID) {
    let section = map[id]
    if let pin = section.at {
      return pinned(pin, "section \(section.name)", section.position) {
        $0.section(id, address: $1)
      }
    }
    if section.high {
      return leaveOut(
        "section \(section.name) at the end of its region", "its size is not known before the link",
        section.position)
    }
    separate(guess(section), section.access, section)
    self.section(id, address: takeAddress())
    if isStored(id) { flow.isStoredElsewhere = true }
  }

  /// Where rights change, a page begins.
  mutating func separate(_ own: GuessedKind, _ access: Access?, _ section: MapSection) {
    let next = access ?? own.access
    let isOther = rights.map { $0 != next } ?? true
    defer {
      rights = next
      isBehindSegment = false
    }
    guard segment == nil else { return }
    if isOther || isBehindSegment { loose = nil }
    guard map.pages != .none else { return }
    if isBehindSegment { return pageBreak() }
    guard rights != nil, isOther else { return }
    pageBreak()
    remark(
      "a page begins where rights change, which a script has to know: guessed from the names of sections",
      section.position, once: true)
  }

  /// `:name` of the program header for what comes next. With PHDRS, GNU ld wants one for everything.
  mutating func header() -> String? {
    if let segment { return ":\(segment)" }
    guard hasSegments else { return nil }
    if let loose { return ":\(loose)" }
    looseCount += 1
    let name = "other_\(looseCount)"
    headers.append("\(name) PT_LOAD;")
    loose = name
    return ":\(name)"
  }

  mutating func takeAddress() -> String? {
    defer { flow.address = nil }
    guard let address = flow.address else { return nil }
    let unit = flow.takeAlignment()
    if unit > 1 {
      flow.begin([], align: unit)
      if address.hasPrefix("ALIGN(") {
        return "ALIGN(MAX(\(address.dropFirst(6).dropLast()), \(unit)))"
      }
    }
    return address
  }

  private mutating func place(_ id: SlotID) {
    let slot = map[id]
    if let pin = slot.at {
      return pinned(pin, "slot \(slot.name)", slot.position) { $0.slotSection(id, address: $1) }
    }
    if slot.high {
      guard let limit = flow.limit, let size = constant(slot.size), size <= limit else {
        return leaveOut(
          "slot \(slot.name) at the end of its region", "its size is not known before the link",
          slot.position)
      }
      let start = (limit - size) / Self.unit(slot.align) * Self.unit(slot.align)
      flow.limit = start
      return later(ScriptWords.number(start)) { $0.slotSection(id, address: $1) }
    }
    slotSection(id, address: takeAddress())
  }

  private mutating func pinned(
    _ pin: Expression, _ what: String, _ position: SourcePosition,
    _ body: (inout Exporter, String) -> Void
  ) {
    guard let address = value(pin, "at of \(what)") else { return }
    // At the beginning of its flow it is in nobody's way.
    if flow.sections.isEmpty, let region = flow.region, constant(pin) == range(region).start {
      return body(&self, address)
    }
    note("GNU ld does not walk around \(what), which is pinned; it reports an overlap", position)
    later(address) { body(&$0, $1) }
  }

  /// Something that stands behind every flow in the script, so that it moves none.
  mutating func later(_ address: String, _ body: (inout Exporter, String) -> Void) {
    let (outerNodes, outerFlow) = (nodes, flow)
    let starts = flow.takeStarts()
    nodes = []
    flow.last = nil
    flow.sections = []
    body(&self, address)
    late += nodes
    let limit = flow.limit
    nodes = outerNodes
    flow = outerFlow
    flow.limit = limit
    _ = starts
  }

  // MARK: Overlays

  mutating func overlay(_ group: Group) {
    leaveOut(
      "overlay with \(group.items.count) items", "OVERLAY of a script packs what it stores",
      group.position)
  }
}
