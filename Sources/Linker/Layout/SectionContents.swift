// What stands in an output section beyond its input sections: groups, holes, slots, padding.
//
// Before: every output section has its members. After: members have offsets, the section has size
// and alignment. Most sections are a plain row of members and are laid out by `layOutMembers`; this is
// the way of those whose map says more. Sizes may depend on sizes of other sections, never in a
// circle (the map was checked), so a section is laid out when somebody asks for its size.

internal import ELF
internal import MapLang

/// Where things lie in an output section.
struct SectionContents: Sendable {
  /// A group, with offsets from the start of the section.
  struct Block: Sendable {
    var bounds: [Bound]
    var range: Range<UInt64>
    var fill: Fill?
    var name: String?
  }

  struct PlacedSlot: Sendable {
    var slot: SlotID
    var offset: UInt64
    var size: UInt64
    var alignment: UInt64
  }

  /// Inner groups behind outer ones.
  var blocks: [Block] = []
  var slots: [PlacedSlot] = []
}

extension Layout {
  /// Whether the map says more of a section than what it takes.
  static func hasContents(_ section: MapLang.OutputSection) -> Bool {
    if section.subalign != nil || section.fill != nil || section.size != nil || section.pad != nil {
      return true
    }
    if case .powerOfTwo = section.align { return true }
    return section.items.contains { if case .take = $0 { false } else { true } }
  }

  /// Lays out one such section, and those that its size depends on.
  func layOutContents(_ id: OutputID) {
    guard !contentsDone.contains(id), let mapped = outputs[id.index].mapSection else { return }
    contentsDone.insert(id)
    var builder = ContentsBuilder(layout: self, section: selection.map[mapped])
    builder.run(id)
  }

  /// The value of a placement expression: constants, sizes and alignments. Reports what has none.
  func placementValue(_ expression: Expression) -> UInt64? {
    do throws(EvaluationError) {
      let value = try evaluate(expression, width: selection.map.width) { self.placementAnswer($0) }
      if let number = value.unsigned { return number }
      problems.append(
        MapDiagnostic(
          .badNumber, "\(value.number) is neither an address nor a size",
          at: expression.position))
    } catch {
      problems.append(MapDiagnostic(error))
    }
    return nil
  }

  private func placementAnswer(_ query: Query) -> Value? {
    let map = selection.map
    switch query {
    case .section(.size, let section): return Value(contentSize(section))
    case .section(.alignment, let section):
      guard let id = output(of: section) else { return Value(1 as UInt64) }
      if Layout.hasContents(map[section]) { layOutContents(id) }
      return Value(outputs[id.index].alignment)
    case .region(.start, let region): return Value(map[region].at, isAddress: true)
    case .region(.size, let region): return map[region].size.map { Value($0) }
    case .region(.end, let region):
      return map[region].size.map { Value(Int128(map[region].at) + Int128($0), isAddress: true) }
    case .section, .region, .symbol: return nil
    }
  }

  func contentSize(_ section: OutputSectionID) -> UInt64 {
    guard let id = output(of: section) else { return 0 }
    if Layout.hasContents(selection.map[section]) { layOutContents(id) }
    return outputs[id.index].size
  }

  /// The output section that a section of the map became; nil: it is left out.
  func output(of section: OutputSectionID) -> OutputID? {
    outputs.firstIndex { $0.mapSection == section }.map { OutputID($0) }
  }

  /// `min`, `max`, and what else is asked of sizes, once they are final. SM306.
  func checkMapSizes() {
    let map = selection.map
    for index in map.sections.indices {
      let row = map.sections[index]
      guard row.min != nil || row.max != nil else { continue }
      let size = output(of: OutputSectionID(index)).map { outputs[$0.index].size } ?? 0
      checkSize("section '\(row.name)'", size, row.min, row.max)
    }
    for reserve in reserves {
      guard let id = reserve.reserve else { continue }
      checkSize("reserve '\(map[id].name)'", reserve.size, map[id].min, map[id].max)
    }
  }

  func checkSize(_ what: String, _ size: UInt64, _ min: Expression?, _ max: Expression?) {
    if let min, let limit = placementValue(min), size < limit {
      problems.append(
        MapDiagnostic(
          .sizeViolated, "\(what) has \(size) bytes, fewer than its 'min' of \(limit)",
          at: min.position))
    }
    if let max, let limit = placementValue(max), size > limit {
      problems.append(
        MapDiagnostic(
          .sizeViolated, "\(what) has \(size) bytes, more than its 'max' of \(limit)",
          at: max.position))
    }
  }
}

private struct ContentsBuilder {
  let layout: Layout
  let section: MapLang.OutputSection
  var membersOf: [UInt32: [SectionID]] = [:]
  var order: [SectionID] = []
  var offset: UInt64 = 0
  var alignment: UInt64 = 1
  var contents = SectionContents()
  /// Where the first thing stands since the group began.
  var firstOffset: UInt64?

  init(layout: Layout, section: MapLang.OutputSection) {
    self.layout = layout
    self.section = section
  }

  mutating func run(_ id: OutputID) {
    let rows = layout.selection.sections
    for member in layout.outputs[id.index].members {
      membersOf[rows[member].rule, default: []].append(member)
    }
    walk(section.items)
    // What came here by its name alone.
    for rule in membersOf.keys.sorted() { place(membersOf[rule]!) }
    if let expression = section.size, let size = layout.placementValue(expression) {
      offset = exact(size, offset, "section '\(section.name)'", expression.position)
    }
    offset = offset.padded(section.pad)
    switch section.align {
    case nil: break
    case .atLeast(let minimum): alignment = max(alignment, minimum)
    case .powerOfTwo(let minimum): alignment = max(alignment, minimum, offset.powerOfTwoCeiling)
    }
    for member in order { layout.selection.sections[member].output = id }
    layout.outputs[id.index].members = order
    layout.outputs[id.index].size = offset
    layout.outputs[id.index].alignment = alignment
    layout.contents[id] = contents
  }

  private mutating func walk(_ items: [SectionItem]) {
    for item in items {
      switch item {
      case .take(let rule): place(membersOf.removeValue(forKey: rule.rawValue) ?? [])
      case .hole(let size): advance(layout.placementValue(size) ?? 0, size.position)
      case .slot(let id): place(id)
      case .group(let group): place(group)
      }
    }
  }

  private mutating func place(_ members: [SectionID]) {
    let rows = layout.selection.sections
    for member in members {
      let own = section.subalign ?? rows[member].alignment
      alignment = max(alignment, own)
      offset = offset.alignedUp(to: own)
      rows[member].offset = offset
      noteFirst()
      offset = offset.addingSaturated(rows[member].size)
      order.append(member)
    }
  }

  private mutating func place(_ id: SlotID) {
    let slot = layout.selection.map[id]
    let size = layout.placementValue(slot.size) ?? 0
    let own = slot.align?.value(size) ?? 1
    alignment = max(alignment, own)
    offset = offset.alignedUp(to: own)
    noteFirst()
    contents.slots.append(
      SectionContents.PlacedSlot(slot: id, offset: offset, size: size, alignment: own))
    advance(size, slot.size.position)
  }

  private mutating func place(_ group: Subgroup) {
    if let expression = group.offset, let wanted = layout.placementValue(expression) {
      if wanted < offset {
        layout.problems.append(
          MapDiagnostic(
            .overlap, "what stands before already fills \(offset) bytes of '\(section.name)'",
            at: expression.position))
      } else {
        advance(wanted - offset, expression.position)
        firstOffset = nil
      }
    }
    if case .powerOfTwo = group.align {
      var trial = self
      trial.contents = SectionContents()
      trial.offset = 0
      let problems = layout.problems
      trial.walk(group.items)
      layout.problems = problems
      let size = max(
        trial.offset, group.size.flatMap { layout.placementValue($0) } ?? 0)
      align(group.align?.value(size.padded(group.pad)))
    } else {
      align(group.align?.value(0))
    }
    let outerFirst = firstOffset
    firstOffset = nil
    let number = contents.blocks.count
    contents.blocks.append(
      SectionContents.Block(
        bounds: group.bounds, range: offset..<offset, fill: group.fill, name: group.name))
    let cursor = offset
    walk(group.items)
    let start = firstOffset ?? cursor
    firstOffset = outerFirst ?? start
    // The group begins with its first byte behind all alignment.
    let what = group.name.map { "group '\($0)'" } ?? "the group"
    var size = offset - start
    if let expression = group.size, let wanted = layout.placementValue(expression) {
      size = exact(wanted, size, what, expression.position)
    }
    size = size.padded(group.pad)
    layout.checkSize(what, size, group.min, group.max)
    offset = start.addingSaturated(size)
    contents.blocks[number].range = start..<offset
  }

  private mutating func noteFirst() {
    if firstOffset == nil { firstOffset = offset }
  }

  private mutating func align(_ wanted: UInt64?) {
    guard let wanted else { return }
    alignment = max(alignment, wanted)
    offset = offset.alignedUp(to: wanted)
  }

  private mutating func advance(_ size: UInt64, _ position: SourcePosition) {
    guard size < 1 << 46 else {
      layout.problems.append(
        MapDiagnostic(.sizeViolated, "\(size) bytes are more than a section can have", at: position)
      )
      return
    }
    noteFirst()
    offset = offset.addingSaturated(size)
  }

  /// `size e`: the content is padded, or is too large.
  private func exact(
    _ wanted: UInt64, _ size: UInt64, _ what: String, _ position: SourcePosition
  ) -> UInt64 {
    if wanted >= 1 << 46 {
      layout.problems.append(
        MapDiagnostic(
          .sizeViolated, "\(wanted) bytes are more than a section can have", at: position))
      return size
    }
    if size > wanted {
      layout.problems.append(
        MapDiagnostic(
          .sizeViolated, "\(what) has \(size) bytes, more than its 'size' of \(wanted)",
          at: position))
    }
    return max(size, wanted)
  }
}

extension Alignment {
  /// The alignment of something of that size.
  func value(_ size: UInt64) -> UInt64 {
    switch self {
    case .atLeast(let minimum): minimum
    case .powerOfTwo(let minimum): max(minimum, size.powerOfTwoCeiling)
    }
  }
}

extension MapDiagnostic {
  /// Why an expression of the map has no value.
  init(_ error: EvaluationError) {
    let words: String
    var code = MapCode.badNumber
    switch error.reason {
    case .outOfRange: words = "the result does not fit the numbers of the target"
    case .divisionByZero: words = "division by zero"
    case .shiftCount: words = "a shift by less than 0 or more than 127 bits"
    case .notPowerOfTwo: words = "the alignment is not a power of two"
    case .unknown(.symbol(let name)):
      code = .noSuchSymbol
      words = "no symbol '\(name)' is defined"
    case .unknown(.region(let property, _)):
      words = "'\(property.functionName)' of a region without a size"
    case .unknown(.section(let property, _)):
      words = "'\(property.functionName)' is not known here"
    }
    self.init(code, words, at: error.position)
  }
}
