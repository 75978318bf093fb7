// Single items of a flow: each gets the lowest address that suits it.

internal import ELF
internal import MapLang
internal import Text

extension LayoutEngine {
  // MARK: Sections

  mutating func place(
    _ id: OutputID, _ context: PlaceContext, _ section: MapSection? = nil
  ) {
    let output = layout.outputs[id.index]
    let access = grantedAccess(output, context)
    let isRelro = context.isRelro && output.flags & SHF.WRITE != 0
    if flow.isRelroOpen && !isRelro && output.size > 0 { closeRelro() }
    var isBehindObstacle = false
    var address: UInt64
    if let pinned = pinnedByOption(output) {
      flow.cursor = pinned
      address = pinned.alignedUp(to: output.alignment)
    } else {
      let page = beginPage(output, access, context.segment)
      let start = output.isTLS ? max(flow.cursor, flow.threadEnd ?? 0) : flow.cursor
      var need = need(of: id, output.name, section?.position)
      need.alignment = max(need.alignment, page, templateAlignment(output))
      if !output.takesAddresses { (need.size, need.floating) = (0, nil) }
      (address, isBehindObstacle) = fit(need, from: start)
    }
    let size = size(of: need(of: id, output.name, nil), at: address)
    var thing = Placed(
      output: id, address: address, size: size, loadAddress: address, access: access,
      segment: context.segment, isWholeSegment: context.isWholeSegment, isRelro: isRelro,
      memory: memory, key: output.takesAddresses ? address : flow.cursor)
    thing.isBehindObstacle = isBehindObstacle
    things.append(thing)
    count(things.count - 1)
    store(things.count - 1, section)
    addBounds(of: id, things.count - 1)
    if size == 0 && !output.isWanted { return }
    if output.takesAddresses {
      flow.cursor = address.addingSaturated(size)
      flow.threadEnd = nil
      noteExtent(flow.cursor)
    } else {
      // As with GNU ld, what follows begins where .tbss does, behind the padding in front of it; a second
      // .tbss goes behind the first.
      flow.cursor = max(flow.cursor, address)
      flow.threadEnd = address.addingSaturated(size)
    }
    if size == 0 { return }
    flow.access = access
    flow.segment = context.segment
    if context.segment == nil && isRelro { flow.isRelroOpen = true }
  }

  /// The first section of PT_TLS is aligned for all of them: the C library of a static program
  /// rounds the template's size and takes for granted that its address is round, too.
  private func templateAlignment(_ output: OutputSection) -> UInt64 {
    guard output.isTLS,
      !things.contains(where: { $0.output.map { layout.outputs[$0.index].isTLS } ?? false })
    else { return 1 }
    return layout.outputs.filter { $0.isTLS && $0.size > 0 }.map(\.alignment).max() ?? 1
  }

  /// The rights that the memory of a section has: its own, or those that the user gave its segment.
  func grantedAccess(_ output: OutputSection, _ context: PlaceContext) -> Access {
    guard let granted = context.segmentAccess, output.access.isSubset(of: granted) else {
      return output.access
    }
    return granted
  }

  /// --section-start and kin act on the built-in map, where they move the flow as users of other
  /// linkers expect.
  private func pinnedByOption(_ output: OutputSection) -> UInt64? {
    options.sectionStarts.isEmpty || isTrial
      ? nil : options.sectionStarts.last { $0.name == output.name }?.address
  }

  /// Moves the flow to a new page if the section needs one, even if it takes no addresses itself.
  /// Returns the alignment that this asks of the section.
  private mutating func beginPage(
    _ output: OutputSection, _ access: Access, _ segment: Int?
  ) -> UInt64 {
    guard startsPage(output, access, segment), let before = flow.access else { return 1 }
    // The blocks that begin here are aligned already, and stay so.
    let alignment = flow.cursor == flow.blockStart ? flow.blockAlignment : 1
    flow.cursor = flow.cursor.alignedUp(to: pageSize)
    guard sharesFilePage(before, access), alignment < pageSize,
      let last = things.last(where: { $0.memory == memory })
    else { return pageSize }
    // The next page of memory, but the same of the file: it is mapped twice (gABI, "Program Loading").
    flow.cursor = flow.cursor.addingSaturated(last.address.addingSaturated(last.size) % pageSize)
    return alignment
  }

  /// -z separate-code and its kin.
  private func sharesFilePage(_ before: Access, _ after: Access) -> Bool {
    switch layout.selection.inputs.codeSeparation {
    case .loadableSegments: false
    case .code: !before.contains(.execute) && !after.contains(.execute)
    case .nothing: true
    }
  }

  /// Whether a section may not share a page of memory with the one before.
  private func startsPage(_ output: OutputSection, _ access: Access, _ segment: Int?) -> Bool {
    if output.size == 0 { return false }
    guard let last = flow.access, pageSize > 1 else { return false }
    return last != access || flow.segment != segment
  }

  // MARK: Other items

  mutating func placeHeaders(_ context: PlaceContext) {
    guard layout.headersSize > 0 else { return }
    // They are the beginning of the file, so of a page.
    flow.cursor = flow.cursor.alignedUp(to: layout.mappedPageSize)
    let address = flow.cursor
    let access = context.segmentAccess ?? .read
    headersAddress = address
    things.append(
      Placed(
        output: nil, address: address, size: layout.headersSize, loadAddress: address,
        access: access, segment: context.segment, isWholeSegment: context.isWholeSegment,
        isRelro: false, memory: memory, key: address))
    things[things.count - 1].loadAddress = loadAddress(address, memories[memory].load)
    count(things.count - 1)
    flow.cursor = address.addingSaturated(layout.headersSize)
    flow.access = access
    flow.segment = context.segment
  }

  mutating func place(_ id: SlotID, _ context: PlaceContext) {
    if let thing = early[.slot(id)] { return countEarly(thing) }
    guard let output = outputOfSlot[id.index] else { return }
    place(output, context)
  }

  mutating func place(_ id: ReserveID) {
    if let thing = early[.reserve(id)] { return countEarly(thing) }
    let reserve = map[id]
    closeRelro()
    let size = size(of: reserve)
    let need = Need(
      size: size ?? 0, alignment: alignment(of: reserve, size ?? 0), name: reserve.name,
      position: reserve.position)
    let (address, _) = fit(need, from: flow.cursor)
    things.append(reserved(id, address, size ?? 0))
    count(things.count - 1)
    addBounds(reserve.bounds, things.count - 1)
    if size == nil {
      rests.append((things.count - 1, memory))
    } else {
      flow.cursor = address.addingSaturated(need.size)
      noteExtent(flow.cursor)
    }
  }

  func reserved(_ id: ReserveID, _ address: UInt64, _ size: UInt64) -> Placed {
    Placed(
      output: nil, reserve: id, address: address, size: size, loadAddress: address, access: [],
      segment: nil, isRelro: false, memory: memory, key: address)
  }

  /// The size of a reserve; nil: the rest.
  mutating func size(of reserve: Reserve) -> UInt64? {
    guard case .exactly(let expression) = reserve.size else { return nil }
    return layout.placementValue(expression, &diagnostics) ?? 0
  }

  func alignment(of reserve: Reserve, _ size: UInt64) -> UInt64 { reserve.align?.value(size) ?? 1 }

  // MARK: Finding room

  /// What an item asks of a flow.
  struct Need {
    var size: UInt64
    var alignment: UInt64
    var name: String
    var position: SourcePosition?
    /// A section whose size depends on its address; `size` is what it was last.
    var floating: OutputID?
    /// How far the address is to be from a multiple of the alignment.
    var phase: UInt64 = 0

    /// The next suitable address, as far as alignment goes.
    func aligned(_ address: UInt64) -> UInt64 {
      guard phase != 0, alignment > 1 else { return address.alignedUp(to: alignment) }
      return address.addingSaturated((phase &- address) & (alignment - 1))
    }
  }

  func need(of id: OutputID, _ name: String, _ position: SourcePosition?) -> Need {
    Need(
      size: size(of: id), alignment: layout.outputs[id.index].alignment, name: name,
      position: position, floating: layout.floatingSizes[id] == nil ? nil : id)
  }

  /// The size of a section, as far as it is known before it has its address.
  func size(of id: OutputID) -> UInt64 {
    layout.floatingSizes[id] ?? layout.outputs[id.index].size
  }

  /// The size of something at an address.
  mutating func size(of need: Need, at address: UInt64) -> UInt64 {
    guard let id = need.floating, let measured = layout.floatingContents(id, at: address) else {
      return need.size
    }
    contents[id] = measured
    return measured.size
  }

  /// The lowest suitable address from `start` on, and whether something fixed was in the way.
  mutating func fit(_ need: Need, from start: UInt64) -> (UInt64, Bool) {
    let memory = memories[self.memory]
    var address = need.aligned(start)
    var beforeHigh: UInt64?
    var first: Obstacle?
    while let obstacle = memory.obstacle(at: address, size: size(of: need, at: address)) {
      if obstacle.isHigh && beforeHigh == nil { beforeHigh = address }
      if first == nil { first = obstacle }
      let next = need.aligned(obstacle.end)
      guard next > address else { break }
      address = next
    }
    let size = size(of: need, at: address)
    let end = address.addingSaturated(size)
    if let limit = memory.end, end > limit {
      // What does not fit is placed all the same, so that the message can tell by how much.
      if let beforeHigh { address = beforeHigh }
      memories[self.memory].overflows = true
    } else if end == .max && size > 0 {
      memories[self.memory].overflows = true
    } else if let first, first.start > start, first.start - start > 1024 {
      diagnostics.append(
        MapDiagnostic(
          .largeGap,
          "gap of \(byteCount(first.start - start)) before what is fixed at "
            + "\(hexadecimal(first.start)): '\(need.name)' does not fit and goes to "
            + hexadecimal(address), at: need.position, severity: .warning))
    }
    return (address, first != nil)
  }

  mutating func noteExtent(_ end: UInt64) {
    memories[memory].highest = max(memories[memory].highest, end)
  }

  // MARK: RELRO

  /// PT_GNU_RELRO ends on a page: what follows must not become read-only with it.
  mutating func endRelro(from start: Int) {
    guard things[min(start, things.count)...].contains(where: \.isRelro), pageSize > 1 else {
      return
    }
    flow.cursor = flow.cursor.alignedUp(to: pageSize)
    relroEnd = flow.cursor
  }

  /// Ends the part of `relro` sections that stand in no `segment`.
  mutating func closeRelro() {
    guard flow.isRelroOpen else { return }
    flow.isRelroOpen = false
    guard pageSize > 1 else { return }
    flow.cursor = flow.cursor.alignedUp(to: pageSize)
    relroEnd = flow.cursor
  }
}
