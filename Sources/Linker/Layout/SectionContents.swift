// What stands in an output section beyond its input sections: groups, holes, slots, padding.
//
// Most sections are a plain row of members and are laid out by `layOutMembers`; this is the way of
// those whose map says more. What comes of it is a value that knows nothing of its surroundings, so a
// section can be measured as often as somebody asks. It is the same wherever the section goes, but for
// one thing: `pad N` makes an address a multiple of N, and if the section's own alignment does not
// promise that, the size depends on the address (`isFloating`).

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
  /// The members in their order, and where each begins.
  var members: [SectionID] = []
  var offsets: [UInt64] = []
  var size: UInt64 = 0
  var alignment: UInt64 = 1
  /// The size depends on the address.
  var isFloating = false
  /// `min` and `max` of groups, to be compared when all sizes are final.
  var limits: [(what: String, size: UInt64, min: Expression?, max: Expression?)] = []
  var problems: [MapDiagnostic] = []
}

struct ContentsBuilder {
  private let layout: Layout
  private let section: MapSection
  private var address: UInt64
  private var membersOf: [UInt32: [SectionID]] = [:]
  private var offset: UInt64 = 0
  private var contents = SectionContents()
  /// Where the first thing stands since the group began.
  private var firstOffset: UInt64?
  /// The largest room without input that the map asks for.
  private var largestRoom: (size: UInt64, position: SourcePosition)?
  /// The multiples that `pad` asks for.
  private var pads: Set<UInt64> = []
  /// What `align pow2` comes to, for each group that was measured.
  private var groupAlignments: [SourcePosition: UInt64] = [:]

  /// The contents of a section that begins at `address`.
  static func measure(
    _ layout: Layout, _ id: OutputID, _ section: MapSection, at address: UInt64
  ) -> SectionContents {
    var builder = ContentsBuilder(layout, section, address)
    builder.run(layout.outputs[id.index].members)
    if layout.outputs[id.index].hasBytes { builder.checkRoom() }
    return builder.contents
  }

  private init(_ layout: Layout, _ section: MapSection, _ address: UInt64) {
    self.layout = layout
    self.section = section
    self.address = address
  }

  private mutating func run(_ members: [SectionID]) {
    let rows = layout.selection.sections
    for member in members { membersOf[rows[member].rule, default: []].append(member) }
    walk(section.items)
    // What came here by its name alone.
    for rule in membersOf.keys.sorted() { place(membersOf[rule]!) }
    if let expression = section.size, let size = value(expression) {
      offset = exact(size, offset, "section '\(section.name)'", expression.position)
    }
    offset = padded(offset, section.pad, from: address)
    raise(section.align?.value(offset))
    contents.size = offset
    contents.isFloating = pads.contains { contents.alignment % $0 != 0 }
  }

  private mutating func value(_ expression: Expression) -> UInt64? {
    layout.placementValue(expression, &contents.problems)
  }

  private mutating func walk(_ items: [SectionItem]) {
    for item in items {
      switch item {
      case .take(let rule): place(membersOf.removeValue(forKey: rule.rawValue) ?? [])
      case .hole(let size): advance(value(size) ?? 0, size.position)
      case .slot(let id): place(id)
      case .group(let group): place(group)
      }
    }
  }

  private mutating func place(_ members: [SectionID]) {
    let rows = layout.selection.sections
    for member in members {
      align(section.subalign ?? rows[member].alignment)
      noteFirst()
      contents.members.append(member)
      contents.offsets.append(offset)
      offset = offset.addingSaturated(rows[member].size)
    }
  }

  private mutating func place(_ id: SlotID) {
    let slot = layout.selection.map[id]
    let size = value(slot.size) ?? 0
    let own = slot.align?.value(size) ?? 1
    align(own)
    noteFirst()
    contents.slots.append(
      SectionContents.PlacedSlot(slot: id, offset: offset, size: size, alignment: own))
    advance(size, slot.size.position)
  }

  // MARK: Groups

  private mutating func place(_ group: Subgroup) {
    if let expression = group.offset, let wanted = value(expression) {
      jump(to: wanted, expression.position)
    }
    align(alignment(of: group))
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
    if let expression = group.size, let wanted = value(expression) {
      size = exact(wanted, size, what, expression.position)
    }
    size = padded(size, group.pad, from: address.addingSaturated(start))
    if group.min != nil || group.max != nil {
      contents.limits.append((what, size, group.min, group.max))
    }
    offset = start.addingSaturated(size)
    contents.blocks[number].range = start..<offset
  }

  /// `at offset`.
  private mutating func jump(to wanted: UInt64, _ position: SourcePosition) {
    if wanted < offset {
      contents.problems.append(
        MapDiagnostic(
          .overlap, "what stands before already fills \(bytes(offset)) of '\(section.name)'",
          at: position))
    } else {
      advance(wanted - offset, position)
      firstOffset = nil
    }
  }

  private mutating func alignment(of group: Subgroup) -> UInt64? {
    guard case .powerOfTwo = group.align else { return group.align?.value(0) }
    if let known = groupAlignments[group.position] { return known }
    let size = measured(group)
    let result = group.align?.value(size)
    groupAlignments[group.position] = result
    return result
  }

  /// The size of a group at an address that suits every alignment. What is found out on the way is
  /// thrown away, but for the alignment of the groups inside: each is measured once, however deep.
  private mutating func measured(_ group: Subgroup) -> UInt64 {
    var trial = self
    trial.contents = SectionContents()
    trial.offset = 0
    trial.address = 0
    trial.firstOffset = nil
    trial.walk(group.items)
    groupAlignments = trial.groupAlignments
    let size = max(
      trial.offset - (trial.firstOffset ?? 0), group.size.flatMap { trial.value($0) } ?? 0)
    return size.padded(layout.settled(group.pad, &contents.problems), from: 0)
  }

  // MARK: Steps

  private mutating func noteFirst() {
    if firstOffset == nil { firstOffset = offset }
  }

  private mutating func align(_ wanted: UInt64?) {
    guard let wanted else { return }
    raise(wanted)
    offset = offset.alignedUp(to: wanted)
  }

  private mutating func raise(_ alignment: UInt64?) {
    contents.alignment = max(contents.alignment, alignment ?? 1)
  }

  private mutating func padded(
    _ size: UInt64, _ padding: Padding?, from start: UInt64
  ) -> UInt64 {
    let padding = layout.settled(padding, &contents.problems)
    if case .multiple(let multiple) = padding { pads.insert(multiple) }
    return size.padded(padding, from: start)
  }

  private mutating func advance(_ size: UInt64, _ position: SourcePosition) {
    guard size < 1 << 46 else { return reportSize(size, position) }
    noteFirst()
    noteRoom(size, position)
    offset = offset.addingSaturated(size)
  }

  private mutating func noteRoom(_ size: UInt64, _ position: SourcePosition) {
    if size > largestRoom?.size ?? 0 { largestRoom = (size, position) }
  }

  /// Room in a section with bytes is written to the file; nobody means gigabytes of it.
  private mutating func checkRoom() {
    guard let largestRoom, largestRoom.size > Layout.largestGap else { return }
    contents.problems.append(
      MapDiagnostic(
        .sizeViolated,
        "\(byteCount(largestRoom.size)) without input would stand in the file, for "
          + "'\(section.name)' has bytes", at: largestRoom.position,
        help: "reserve memory in a place, or in a section without bytes"))
  }

  /// `size e`: the content is padded, or is too large.
  private mutating func exact(
    _ wanted: UInt64, _ size: UInt64, _ what: String, _ position: SourcePosition
  ) -> UInt64 {
    if wanted >= 1 << 46 {
      reportSize(wanted, position)
      return size
    }
    if size > wanted {
      contents.problems.append(
        MapDiagnostic(
          .sizeViolated, "\(what) has \(bytes(size)), more than its 'size' of \(wanted)",
          at: position))
    }
    if wanted > size { noteRoom(wanted - size, position) }
    return max(size, wanted)
  }

  private mutating func reportSize(_ size: UInt64, _ position: SourcePosition) {
    contents.problems.append(
      MapDiagnostic(.sizeViolated, "\(size) bytes are more than a section can have", at: position))
  }
}

/// `1 byte`, `4096 bytes`: where the exact number matters.
func bytes(_ count: UInt64) -> String { count == 1 ? "1 byte" : "\(count) bytes" }

extension Alignment {
  /// The alignment of something of that size.
  func value(_ size: UInt64) -> UInt64 {
    switch self {
    case .atLeast(let minimum): minimum
    case .powerOfTwo(let minimum): max(minimum, size.powerOfTwoCeiling)
    }
  }
}
