// Gives every output section its address, from the section map.
//
// The engine walks the places of the map in order. Each is a flow: its items get the lowest aligned
// address behind the item before. Where access rights change, and at each `segment`, a new page
// begins. What the map does not mention goes where its kind is: behind the last section of the same
// kind. (docs/SectionMap.md, "Placement".)

internal import ELF
internal import MapLang

struct LayoutEngine {
  private let layout: Layout
  private let map: SectionMap
  private let options: Options
  private let pageSize: UInt64

  /// Output section for each section of the map that has one.
  private var outputOf: [Int: OutputID] = [:]
  /// Orphans to be placed behind a section of the map, or at the end of a place.
  private var followers: [OutputID: [OutputID]] = [:]
  private var cursor: UInt64 = 0
  private var lastAccess: Access?
  private var loadDelta: UInt64 = 0
  private var order: [Placed] = []
  private var bounds: [(Bound, Range)] = []
  private var lastTLSEnd: UInt64?

  /// What was placed, in order of addresses.
  struct Placed {
    /// nil: the headers.
    var output: OutputID?
    var address: UInt64
    var size: UInt64
    var access: Access
    /// Number of the `segment` it stands in; nil: none.
    var segment: Int?
    var isRelro: Bool
  }

  struct Range {
    var start: UInt64
    var end: UInt64
    /// What begins at `start` and what ends at `end`.
    var first: OutputID?
    var last: OutputID?
  }

  init(_ layout: Layout) {
    self.layout = layout
    map = layout.selection.map
    options = layout.options
    switch layout.selection.map.pages {
    case .size(let size): pageSize = size
    case .none: pageSize = 1
    case .unspecified: pageSize = layout.options.maxPageSize
    }
  }

  /// Places everything; fills in addresses of `layout.outputs`, and returns what was placed.
  mutating func run() -> [Placed] {
    for index in layout.outputs.indices {
      if let mapped = layout.outputs[index].mapSection { outputOf[mapped.index] = OutputID(index) }
    }
    planOrphans()
    for place in map.places { self.place(place) }
    defineBounds()
    return order
  }

  // MARK: Orphans

  /// The kinds of sections, in the customary order of addresses.
  private enum Rank: Int {
    case interpreter, note, rodata, code, tdata, tbss, relro, data, bss
  }

  private func rank(_ output: OutputSection) -> Rank {
    if output.flags & SHF.EXECINSTR != 0 { return .code }
    if output.isTLS { return output.hasBytes ? .tdata : .tbss }
    if output.flags & SHF.WRITE != 0 {
      if output.isRelro { return .relro }
      return output.hasBytes ? .data : .bss
    }
    return output.type == SHT.NOTE ? .note : .rodata
  }

  /// Puts each orphan behind the last section of its kind that the map places.
  private mutating func planOrphans() {
    let orphans = layout.outputs.indices.filter {
      layout.outputs[$0].mapSection == nil && layout.outputs[$0].isAllocated
    }
    guard !orphans.isEmpty else { return }
    // The last section of each rank that the map places.
    var last: [Int: OutputID] = [:]
    let placed = placedSections()
    for id in placed { last[rank(layout.outputs[id.index]).rawValue] = id }
    for index in orphans {
      let wanted = rank(layout.outputs[index]).rawValue
      let nearest = last.keys.filter { $0 <= wanted }.max()
      if let anchor = nearest.flatMap({ last[$0] }) ?? placed.first {
        followers[anchor, default: []].append(OutputID(index))
      } else {
        unanchored.append(OutputID(index))
      }
    }
  }

  private var unanchored: [OutputID] = []

  /// The output sections that the places of the map mention, in order.
  private func placedSections() -> [OutputID] {
    var result: [OutputID] = []
    func visit(_ items: [PlaceItem]) {
      for item in items {
        switch item {
        case .section(let id): if let output = outputOf[id.index] { result.append(output) }
        case .group(let group), .overlay(let group): visit(group.items)
        case .segment(let segment): visit(segment.items)
        case .reserve, .slot, .image, .headers: break
        }
      }
    }
    for place in map.places { visit(place.items) }
    return result
  }

  // MARK: Places

  private mutating func place(_ place: MapLang.Place) {
    switch place.target {
    case .address(let address, _): cursor = address
    case .region(let region, let address): cursor = address ?? map[region].at
    }
    lastAccess = nil
    let start = order.count
    visit(place.items, segment: nil, isRelro: false)
    for output in unanchored { self.place(output, segment: nil, isRelro: false) }
    unanchored = []
    addBounds(place.bounds, from: start)
  }

  private mutating func visit(_ items: [PlaceItem], segment: Int?, isRelro: Bool) {
    for item in items {
      switch item {
      case .section(let id):
        guard let output = outputOf[id.index] else {
          emptyBounds(map[id])
          continue
        }
        place(output, segment: segment, isRelro: isRelro || map[id].relro)
        let follow = followers[output] ?? []
        for orphan in follow { place(orphan, segment: segment, isRelro: isRelro) }
      case .headers: placeHeaders(segment)
      case .segment(let inner): visit(inner)
      case .group(let group), .overlay(let group):
        let start = order.count
        visit(group.items, segment: segment, isRelro: isRelro)
        addBounds(group.bounds, from: start)
      case .reserve, .slot, .image: break
      }
    }
  }

  private var segmentCount = 0

  private mutating func visit(_ segment: MapLang.Segment) {
    let start = order.count
    segmentCount += 1
    visit(segment.items, segment: segmentCount, isRelro: segment.relro)
    if segment.relro { endRelro(from: start) }
    addBounds(segment.bounds, from: start)
  }

  private mutating func placeHeaders(_ segment: Int?) {
    guard layout.headersSize > 0 else { return }
    layout.headersAddress = cursor
    order.append(
      Placed(
        output: nil, address: cursor, size: layout.headersSize, access: .read, segment: segment,
        isRelro: false))
    cursor = cursor &+ layout.headersSize
    lastAccess = .read
    lastSegment = segment
  }

  private var lastSegment: Int?

  private mutating func place(_ id: OutputID, segment: Int?, isRelro: Bool) {
    var output = layout.outputs[id.index]
    if let pinned = pinnedAddress(output) {
      cursor = pinned
    } else if startsPage(output, segment) {
      cursor = nextPage(output)
    }
    let start = output.isTLS ? max(cursor, lastTLSEnd ?? 0) : cursor
    output.address = (start &+ output.alignment &- 1) & ~(output.alignment &- 1)
    output.loadAddress = output.address
    output.isRelro = isRelro && output.flags & SHF.WRITE != 0
    layout.outputs[id.index] = output
    order.append(
      Placed(
        output: id, address: output.address, size: output.size, access: output.access,
        segment: segment, isRelro: output.isRelro))
    if output.size == 0 && !output.isWanted { return addBounds(of: output, id) }
    if output.takesAddresses {
      cursor = output.end
      lastTLSEnd = nil
    } else {
      lastTLSEnd = output.end  // a second .tbss goes behind the first
    }
    lastAccess = output.access
    lastSegment = segment
    addBounds(of: output, id)
  }

  private mutating func addBounds(of output: OutputSection, _ id: OutputID) {
    guard let mapped = output.mapSection else { return }
    for bound in map[mapped].bounds {
      bounds.append((bound, Range(start: output.address, end: output.end, first: id, last: id)))
    }
  }

  private func pinnedAddress(_ output: OutputSection) -> UInt64? {
    options.sectionStarts.last { $0.name == output.name }?.address
  }

  /// Whether a section may not share a page with the one before.
  private func startsPage(_ output: OutputSection, _ segment: Int?) -> Bool {
    if output.size == 0 && !output.isWanted { return false }
    guard let lastAccess, pageSize > 1, !options.omagic, !options.nmagic else { return false }
    return lastAccess != output.access || lastSegment != segment
  }

  /// The next address for a segment with other rights. With -z separate-code it begins on a page of
  /// its own; otherwise it continues in the file where the segment before ended, so the file needs
  /// no padding (`p_offset` ≡ `p_vaddr` modulo the page size).
  private func nextPage(_ output: OutputSection) -> UInt64 {
    let aligned = (cursor &+ pageSize &- 1) & ~(pageSize &- 1)
    return aligned
  }

  /// PT_GNU_RELRO ends on a page: what follows must not become read-only with it.
  private mutating func endRelro(from start: Int) {
    guard order[start...].contains(where: \.isRelro), pageSize > 1 else { return }
    cursor = (cursor &+ pageSize &- 1) & ~(pageSize &- 1)
    layout.relroEnd = cursor
  }

  // MARK: Bounds

  private mutating func addBounds(_ list: [Bound], from start: Int) {
    guard !list.isEmpty else { return }
    let placed = order[min(start, order.count)...].filter { item in
      item.output.map { layout.outputs[$0.index].takesAddresses } ?? true
    }
    let range = Range(
      start: placed.map(\.address).min() ?? cursor,
      end: placed.map { $0.address &+ $0.size }.max() ?? cursor,
      first: placed.compactMap(\.output).first,
      last: placed.max { $0.address &+ $0.size < $1.address &+ $1.size }?.output)
    for bound in list { bounds.append((bound, range)) }
  }

  /// A section that is left out still has a place for its symbols.
  private mutating func emptyBounds(_ section: MapLang.OutputSection) {
    let anchor = order.last?.output
    for bound in section.bounds {
      bounds.append((bound, Range(start: cursor, end: cursor, first: anchor, last: anchor)))
    }
  }

  private func defineBounds() {
    for (bound, range) in bounds {
      let value: DefinedSymbolValue
      switch bound.edge {
      case .start, .loadStart:
        value = DefinedSymbolValue(address: range.start, output: range.first ?? anyOutput)
      case .end, .loadEnd:
        value = DefinedSymbolValue(address: range.end, output: range.last ?? anyOutput)
      case .length: value = DefinedSymbolValue(address: range.end &- range.start, output: nil)
      }
      for name in bound.names { layout.definedSymbols[name.name] = value }
    }
  }

  private var anyOutput: OutputID? { order.lazy.compactMap(\.output).first }
}
