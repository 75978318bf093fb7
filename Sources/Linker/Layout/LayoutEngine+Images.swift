// Where bytes are stored, if not where they run: `load at`, `load in`, `image`.
//
// A region that says `load at` stores at a fixed distance. One that says `load in R`, or a section
// that does, has its bytes behind the flow of R, or where an `image` stands; there they are an *image*
// and are stored in turn as R says. So a way through several regions ends where the last of them
// stores; that it ends was checked with the map. What has no bytes (an empty section, .bss) gets an
// image of no size: symbols on it are as good as those of its neighbours. A group with `load` is one
// image of all that is in it, gaps included.

internal import ELF
internal import MapLang

extension LayoutEngine {
  /// Bytes that wait for room in a region.
  struct Image {
    /// Something whose bytes they are, or an image of them that is stored here in turn, and how far
    /// from the beginning it is.
    struct Member {
      var thing: Int
      var offset: UInt64
    }

    var members: [Member]
    var size: UInt64 = 0
    var alignment: UInt64 = 1
    /// How far its address is to be from a multiple of the alignment.
    var phase: UInt64 = 0
    /// The section of the map; images follow each other as their sections were declared.
    var section: MapSectionID?
    var name = "an empty block"
    var position: SourcePosition?
    /// The region that it waits for.
    var region: RegionID?
  }

  /// A group that is stored as one, while the walk is in it.
  struct StoredGroup {
    var load: LoadAddress
    var align: UInt64?
    var things: [Int] = []
  }

  /// Decides where the bytes of a section are stored, as far as that is known now.
  mutating func store(_ thing: Int, _ section: MapSection?) {
    if let load = section?.load {
      return store(image(of: thing, section, section?.loadAlign), load)
    }
    if !storedGroups.isEmpty {
      storedGroups[storedGroups.count - 1].things.append(thing)
      return
    }
    if let region = things[thing].output.flatMap({ neighbourLoad[$0] }) {
      return store(image(of: thing, section, nil), as: .region(region), of: 0)
    }
    if let (load, align) = overlayLoad { return store(image(of: thing, section, align), load) }
    let memory = memories[things[thing].memory]
    let align = memory.region.flatMap { map[$0].loadAlign }
    store(image(of: thing, section, align), as: memory.load, of: things[thing].address)
  }

  private func image(of thing: Int, _ section: MapSection?, _ align: UInt64?) -> Image {
    let origin = things[thing]
    var image = Image(members: [Image.Member(thing: thing, offset: 0)], position: section?.position)
    image.section = origin.image
    if let id = origin.output {
      let output = layout.outputs[id.index]
      image.size = output.hasBytes ? origin.size : 0
      image.alignment = align ?? output.alignment
      image.section = output.mapSection
      image.name = "image of \(output.name)"
    }
    return image
  }

  // MARK: Groups that are stored as one

  mutating func beginStoring(_ group: Group) {
    guard let load = group.load else { return }
    storedGroups.append(StoredGroup(load: load, align: group.loadAlign))
  }

  mutating func endStoring(_ group: Group) {
    guard group.load != nil, let stored = storedGroups.popLast(),
      let base = stored.things.map({ things[$0].address }).min()
    else { return }
    var image = Image(members: [], position: group.position)
    image.name = group.name.map { "image of group '\($0)'" } ?? "image of the group"
    for thing in stored.things {
      let row = things[thing]
      let offset = row.address &- base
      image.members.append(Image.Member(thing: thing, offset: offset))
      guard let id = row.output else { continue }
      let output = layout.outputs[id.index]
      image.alignment = max(image.alignment, output.alignment)
      if output.hasBytes { image.size = max(image.size, offset.addingSaturated(row.size)) }
      if image.section == nil { image.section = output.mapSection }
    }
    image.alignment = stored.align ?? image.alignment
    image.phase = stored.align == nil ? base & (image.alignment - 1) : 0
    store(image, stored.load)
  }

  // MARK: Ways to a load address

  private mutating func store(_ image: Image, _ load: LoadAddress) {
    switch load {
    case .region(let region, _): store(image, as: .region(region), of: 0)
    case .address(let expression):
      var isLate = false
      expression.forEachQuery { query, _ in
        switch query {
        case .section(.size, _), .section(.alignment, _): break
        case .section: isLate = true
        case .region, .symbol: break
        }
      }
      if isLate {
        lateLoads.append((image, expression))
      } else if let address = layout.placementValue(expression, &diagnostics) {
        store(image, as: .same, of: address)
      }
    }
  }

  /// What lies at `address` in a memory is stored as that memory says.
  private mutating func store(_ image: Image, as rule: LoadRule, of address: UInt64) {
    switch rule {
    case .same:
      for member in image.members { things[member.thing].loadAddress = address &+ member.offset }
    case .shifted(let distance): store(image, as: .same, of: address &+ distance)
    case .region(let region):
      for member in image.members { things[member.thing].isStoredApart = true }
      let wanted = image.section.map { ImagePlace(section: $0, memory: region.index) }
      if let wanted, let place = imagePlaces[wanted] {
        // Of two `image` for it, the later has the bytes.
        if let used = unusedImages.lastIndex(where: { $0.place == wanted }) {
          unusedImages.remove(at: used)
        }
        var image = image
        if let thing = place.thing { image.members.append(Image.Member(thing: thing, offset: 0)) }
        return store(image, as: memories[region.index].load, of: place.address)
      }
      images.append(image)
      images[images.count - 1].region = region
    }
  }

  /// The load address of an address in a memory that stores at a distance.
  func loadAddress(_ address: UInt64, _ rule: LoadRule) -> UInt64 {
    if case .shifted(let distance) = rule { return address &+ distance }
    return address
  }

  // MARK: Room for images

  /// `image S`: the bytes of S are stored here.
  mutating func placeImage(of id: MapSectionID, _ position: SourcePosition) {
    guard let output = outputOf[id.index] else { return }
    let section = layout.outputs[output.index]
    let waiting = images.firstIndex { image in
      image.region?.index == memory && image.members.contains { things[$0.thing].output == output }
    }
    var image = Image(members: [], alignment: section.alignment, section: id)
    image.size = section.hasBytes ? size(of: output) : 0
    image.alignment = map[id].loadAlign ?? section.alignment
    image.name = "image of \(section.name)"
    if let waiting { image = images.remove(at: waiting) }
    image.position = position
    let (address, thing) = addImage(image)
    guard waiting != nil else {
      let place = ImagePlace(section: id, memory: memory)
      imagePlaces[place] = (address, thing)
      unusedImages.append((place, position))
      return
    }
    if let thing { image.members.append(Image.Member(thing: thing, offset: 0)) }
    store(image, as: memories[memory].load, of: address)
  }

  /// Step 5: images follow the flow of their region, in the order in which their sections were
  /// declared; behind them the images of images.
  mutating func placeImages() {
    while !images.isEmpty {
      // Not by number: a section has one when an expression before it names it.
      func place(_ image: Image) -> (UInt64, UInt64) {
        guard let section = image.section, section.index < map.sections.count else {
          return (.max, .max)
        }
        let position = map[section].position
        return (UInt64(position.file), UInt64(position.offset))
      }
      let waiting = images.enumerated().map { ($0.offset, $0.element, place($0.element)) }.sorted {
        ($0.2.0, $0.2.1, $0.0) < ($1.2.0, $1.2.1, $1.0)
      }
      images = []
      for (_, next, _) in waiting {
        guard let region = next.region else { continue }
        var next = next
        memory = region.index
        flow = memories[memory].flow
        let (address, thing) = addImage(next)
        memories[memory].flow = flow
        shareFlow(of: memory)
        if let thing { next.members.append(Image.Member(thing: thing, offset: 0)) }
        store(next, as: memories[memory].load, of: address)
      }
    }
  }

  /// The room for an image, at the cursor of the flow; nothing is there if it has no size.
  private mutating func addImage(_ image: Image) -> (address: UInt64, thing: Int?) {
    var need = Need(
      size: image.size, alignment: image.alignment, name: image.name, position: image.position)
    need.phase = image.phase
    let (address, isBehindObstacle) = fit(need, from: flow.cursor)
    guard need.size > 0 else { return (address, nil) }
    if address > flow.cursor && !isBehindObstacle {
      imageGaps.append(ImageGap(image: image, start: flow.cursor, end: address, memory: memory))
    }
    var thing = reserved(ReserveID(rawValue: 0), address, need.size)
    thing.reserve = nil
    thing.image = image.section ?? MapSectionID(rawValue: .max)
    things.append(thing)
    count(things.count - 1)
    flow.cursor = address.addingSaturated(need.size)
    noteExtent(flow.cursor)
    return (address, things.count - 1)
  }

  // MARK: SM105

  /// An `image` where its section is not stored would leave room, and the bytes would be elsewhere.
  mutating func checkImages() {
    for (place, position) in unusedImages {
      let section = map[place.section]
      let region = memories[place.memory].region.map { "region '\(map[$0].name)'" } ?? "this place"
      diagnostics.append(
        MapDiagnostic(
          .attributeOutOfPlace, "nothing of '\(section.name)' is stored in \(region)", at: position,
          notes: [MapDiagnostic.Note("the section", at: section.position)],
          help: memories[place.memory].region.map {
            "one 'image' takes what 'load in \(map[$0].name);' in the section stores there"
          }))
    }
  }
}
