// Gives every output section its address, from the section map.
//
// Section 7 of the language ("Placement"): pins get their addresses first; then the flows that begin
// at an address, the items that are taken from the end of a region, the flows of the ordinary `place`
// blocks, the load images, and what takes the rest. A flow gives each item the lowest aligned address
// behind the item before at which it meets nothing that was fixed earlier. Where access rights change,
// and at each `segment`, a new page begins. There is no second path: the built-in layout of a Linux
// program is a map with one flow.
//
// Before: every output section has its content, size and alignment. After: a `Placement` says where
// each is. The engine writes nothing else, so a part of the walk can be tried out on a copy of it. The
// walk is in LayoutEngine+Walk.swift, single items in +Items, what is fixed before the flows in
// +Fixed, where bytes are stored in +Images, the checks in +Checks.

internal import ELF
internal import MapLang

struct LayoutEngine {
  let layout: Layout
  let map: SectionMap
  let options: Options
  /// 1: rights are not separated.
  let pageSize: UInt64

  /// The regions of the map, then one memory for each `place at X`.
  var memories: [MemoryRegion] = []
  /// For each place, its memory.
  var memoryOfPlace: [Int] = []
  /// The memory and the state of the flow that is being walked.
  var memory = 0
  var flow = Flow(cursor: 0)

  /// Output section for each section and slot of the map that has one.
  var outputOf: [Int: OutputID] = [:]
  var outputOfSlot: [Int: OutputID] = [:]
  /// Orphans that stand where the map says.
  var gathered: [RuleID: [OutputID]] = [:]
  /// Orphans to be placed behind a section of the map.
  var followers: [OutputID: [OutputID]] = [:]
  /// Orphans to be placed before one.
  var predecessors: [OutputID: [OutputID]] = [:]
  /// Where an orphan's bytes are stored, if its neighbour says so.
  var neighbourLoad: [OutputID: RegionID] = [:]
  /// Orphans of a map that has no section to follow.
  var unanchored: [OutputID] = []
  /// What stood behind the section before, and has to wait for the end of its group.
  var waiting: [OutputID] = []

  /// What was placed, in the order in which it was.
  var things: [Placed] = []
  /// Pins and `high` items, which are placed before the walk comes by.
  var early: [EarlyItem: Int] = [:]
  /// For each block that the walk is in, what it holds.
  var blocks: [[Int]] = []
  var bounds: [BlockBounds] = []
  var segmentNumbers: [SourcePosition: Int] = [:]
  /// `size rest`, to be sized when all else is known.
  var rests: [(thing: Int, memory: Int)] = []
  /// What is stored in another region and has no place there yet.
  var images: [Image] = []
  /// Where `image S` put the bytes of a section, and whether anything came to be stored there.
  var imagePlaces: [ImagePlace: (address: UInt64, thing: Int?)] = [:]
  var unusedImages: [(place: ImagePlace, position: SourcePosition)] = []
  /// The groups that are stored as one, innermost last.
  var storedGroups: [StoredGroup] = []
  /// What the overlay says that the walk is in.
  var overlayLoad: (load: LoadAddress, align: UInt64?)?
  /// Load addresses that depend on other addresses.
  var lateLoads: [(image: Image, address: Expression)] = []
  /// Room that the alignment of an image took.
  var imageGaps: [ImageGap] = []
  /// What `align pow2` comes to, for each block that was measured.
  var blockAlignments: [SourcePosition: UInt64] = [:]
  /// Whether this is a copy that measures a block. Its addresses are relative.
  var isTrial = false

  /// For each region that mirrors or is mirrored: its other addresses. Empty if there are no mirrors.
  var mirrors: [[(memory: Int, distance: UInt64)]] = []

  // What is found out, beside `things`.
  var headersAddress: UInt64?
  var relroEnd: UInt64 = 0
  var symbols: [String: DefinedSymbolValue] = [:]
  /// Contents of sections for which their address matters.
  var contents: [OutputID: SectionContents] = [:]
  var diagnostics: [MapDiagnostic] = []

  /// The names of what may be placed early.
  enum EarlyItem: Hashable {
    case section(MapSectionID)
    case slot(SlotID)
    case reserve(ReserveID)
  }

  /// An `image` in a memory: a section that is stored in a region that is stored in another may have
  /// one in both.
  struct ImagePlace: Hashable {
    var section: MapSectionID
    var memory: Int
  }

  /// Something that has addresses.
  struct Placed {
    /// nil: the headers, or a `reserve`.
    var output: OutputID?
    var reserve: ReserveID?
    /// The load image of a section that runs elsewhere.
    var image: MapSectionID?
    var address: UInt64
    var size: UInt64
    /// Where its bytes are stored.
    var loadAddress: UInt64
    /// That is an image of its own.
    var isStoredApart = false
    var access: Access
    /// Number of the `segment` it stands in; nil: none.
    var segment: Int?
    /// Whether that segment is exactly one PT_LOAD.
    var isWholeSegment = false
    var isRelro: Bool
    /// Index of its memory.
    var memory: Int
    /// The overlay that it stands in, and in which item of it.
    var overlay: (position: SourcePosition, item: Int)?
    /// Something fixed lies between it and the item before.
    var isBehindObstacle = false
    /// A pin or a `high` item: it takes no part in the flow.
    var isEarly = false
    /// Where it stands among the others: its address, or that of its flow if it takes none.
    var key: UInt64

    /// Whether a program header may cover it.
    var isHeaders: Bool { output == nil && reserve == nil && image == nil }
  }

  /// The symbols of a block and what they span.
  struct BlockBounds {
    var bounds: [Bound]
    var things: [Int]
    /// Where the block would begin if it is empty.
    var cursor: UInt64
    /// Behind the padding of the block.
    var paddedEnd: UInt64?
    /// An empty block's neighbour.
    var anchor: OutputID?
    /// Tells where bytes would be stored, if there are none.
    var ghost: Int?
  }

  init(_ layout: Layout) {
    self.layout = layout
    map = layout.selection.map
    options = layout.options
    pageSize = layout.pageSize
  }

  /// Places everything.
  mutating func run() -> Placement {
    for index in layout.outputs.indices {
      if let mapped = layout.outputs[index].mapSection { outputOf[mapped.index] = OutputID(index) }
      if let slot = layout.outputs[index].slot { outputOfSlot[slot.index] = OutputID(index) }
      if let rule = layout.outputs[index].gatheringRule {
        gathered[rule, default: []].append(OutputID(index))
      }
    }
    makeMemories()
    planOrphans()
    placeEarly()
    walkPlaces()
    placeImages()
    settleLateLoads()
    placeRests()
    defineBounds()
    warnOfImageGaps()
    check()
    let placed = things.filter { $0.reserve == nil && $0.image == nil }.enumerated()
      .sorted { ($0.element.key, $0.offset) < ($1.element.key, $1.offset) }.map(\.element)
    return Placement(
      placed: placed, reserves: things.filter { $0.reserve != nil }, memories: memories,
      headersAddress: headersAddress, relroEnd: relroEnd, symbols: symbols, contents: contents,
      problems: diagnostics)
  }

  private mutating func makeMemories() {
    for (index, region) in map.regions.enumerated() {
      let load: LoadRule =
        switch region.load {
        case nil: .same
        case .at(let address, _): .shifted(address &- region.at)
        case .region(let other, _): .region(other)
        }
      memories.append(
        MemoryRegion(
          region: RegionID(index), start: region.at,
          end: region.size.map { region.at.addingSaturated($0) }, load: load))
    }
    findMirrors()
    // The flow of a region leaves out its parts.
    for (index, region) in map.regions.enumerated() {
      guard let parent = region.parent, let end = memories[index].end else { continue }
      add(Obstacle(start: region.at, end: end), to: parent.index)
    }
    for place in map.places {
      switch place.target {
      case .region(let region, _): memoryOfPlace.append(region.index)
      case .address(let address, let load):
        memoryOfPlace.append(memories.count)
        memories.append(
          MemoryRegion(
            region: nil, start: address, end: nil,
            load: load.map { .shifted($0 &- address) } ?? .same))
      }
    }
  }
}
