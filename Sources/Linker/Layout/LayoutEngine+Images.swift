// Where bytes are stored, if not where they run: `load at`, `load in`, `image`.
//
// A region that says `load at` stores at a fixed distance. One that says `load in R`, or a section
// that does, has its bytes behind the flow of R, or where an `image` stands; there they are an *image*
// and are stored in turn as R says. So a way through several regions ends where the last of them
// stores; that it ends was checked with the map. What has no bytes (an empty section, .bss) gets an
// image of no size: symbols on it are as good as those of its neighbours.

internal import ELF
internal import MapLang

extension LayoutEngine {
  /// Bytes that wait for room in a region.
  struct Image {
    /// Whose bytes they are, and the images of them that are stored here in turn.
    var things: [Int]
    var region: RegionID
    var size: UInt64
    var alignment: UInt64
    /// The section of the map; images follow each other as their sections were declared.
    var section: MapSectionID?
    var name: String
    var position: SourcePosition?
  }

  /// Decides where the bytes of a section are stored, as far as that is known now.
  mutating func store(_ thing: Int, _ section: MapSection?) {
    let memory = things[thing].memory
    switch section?.load {
    case .region(let region, _): return store([thing], in: region, section)
    case .address(let expression):
      guard let address = layout.placementValue(expression, &diagnostics) else { return }
      things[thing].loadAddress = address
      return
    case nil: break
    }
    if let region = things[thing].output.flatMap({ neighbourLoad[$0] }) {
      return store([thing], in: region, section)
    }
    store([thing], as: memories[memory].load, of: things[thing].address, section)
  }

  /// What lies at `address` in a memory is stored as that memory says.
  private mutating func store(
    _ members: [Int], as rule: LoadRule, of address: UInt64, _ section: MapSection?
  ) {
    switch rule {
    case .same: for thing in members { things[thing].loadAddress = address }
    case .shifted(let distance):
      for thing in members { things[thing].loadAddress = address &+ distance }
    case .region(let region): store(members, in: region, section)
    }
  }

  private mutating func store(
    _ members: [Int], in region: RegionID, _ section: MapSection?
  ) {
    var image = Image(
      things: members, region: region, size: 0, alignment: 1, name: "an empty block",
      position: section?.position)
    for thing in members { things[thing].isStoredApart = true }
    let origin = things[members[0]]
    if let id = origin.output {
      let output = layout.outputs[id.index]
      image.size = output.hasBytes ? origin.size : 0
      image.alignment = output.alignment
      image.section = output.mapSection
      image.name = "image of \(output.name)"
    } else {
      image.section = origin.image
    }
    if let known = image.section, let place = imagePlaces[known], place.memory == region.index {
      let all = members + (place.thing.map { [$0] } ?? [])
      return store(all, as: memories[place.memory].load, of: place.address, section)
    }
    images.append(image)
  }

  /// The load address of an address in a memory that stores at a distance.
  func loadAddress(_ address: UInt64, _ rule: LoadRule) -> UInt64 {
    if case .shifted(let distance) = rule { return address &+ distance }
    return address
  }

  /// `image S`: the bytes of S are stored here.
  mutating func placeImage(of id: MapSectionID, _ position: SourcePosition) {
    guard let output = outputOf[id.index] else { return }
    let section = layout.outputs[output.index]
    let waiting = images.firstIndex {
      things[$0.things[0]].output == output && $0.region.index == memory
    }
    let need = Need(
      size: waiting.map { images[$0].size } ?? (section.hasBytes ? size(of: output) : 0),
      alignment: section.alignment, name: "image of \(section.name)", position: position)
    let (address, image) = addImage(need, id)
    imagePlaces[id] = (address, memory, image)
    guard let waiting else { return }
    let members = images.remove(at: waiting).things + (image.map { [$0] } ?? [])
    store(members, as: memories[memory].load, of: address, nil)
  }

  /// Step 5: images follow the flow of their region, in the order in which their sections were
  /// declared; behind them the images of images.
  mutating func placeImages() {
    while !images.isEmpty {
      let waiting = images.enumerated().sorted {
        ($0.element.section?.index ?? .max, $0.offset)
          < ($1.element.section?.index ?? .max, $1.offset)
      }
      images = []
      for (_, next) in waiting {
        memory = next.region.index
        flow = memories[memory].flow
        let need = Need(
          size: next.size, alignment: next.alignment, name: next.name, position: next.position)
        let (address, image) = addImage(need, next.section)
        memories[memory].flow = flow
        store(
          next.things + (image.map { [$0] } ?? []), as: memories[memory].load, of: address, nil)
      }
    }
  }

  /// The room for an image, at the cursor of the flow; nothing is there if it has no size.
  private mutating func addImage(
    _ need: Need, _ section: MapSectionID?
  ) -> (address: UInt64, thing: Int?) {
    let (address, _) = fit(need, from: flow.cursor)
    guard need.size > 0 else { return (address, nil) }
    var image = reserved(ReserveID(rawValue: 0), address, need.size)
    image.reserve = nil
    image.image = section ?? MapSectionID(rawValue: .max)
    things.append(image)
    count(things.count - 1)
    flow.cursor = address.addingSaturated(need.size)
    noteExtent(flow.cursor)
    return (address, things.count - 1)
  }
}
