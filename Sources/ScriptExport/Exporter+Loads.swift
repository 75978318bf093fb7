// Where bytes are stored.
//
// GNU ld continues the load addresses of the section before, and packs what is stored in a region. A map
// stores where it runs unless told otherwise, and aligns. So load addresses are written out in full.

internal import MapLang

/// What a section holds, as far as names tell.
enum GuessedKind {
  case code, constants, data, zeroed

  var access: Access {
    switch self {
    case .code: [.read, .execute]
    case .constants: .read
    case .data, .zeroed: [.read, .write]
    }
  }
}

extension Exporter {
  /// By what it takes, or else by its name.
  func guess(_ section: MapSection) -> GuessedKind {
    if section.noload || section.nobits { return .zeroed }
    var kinds: [GuessedKind] = []
    for rule in section.rules {
      for selector in map[rule].selectors {
        switch selector.section {
        case .kind(.code): kinds.append(.code)
        case .kind(.data), .kind(.tdata): kinds.append(.data)
        case .kind(.bss), .kind(.tbss): kinds.append(.zeroed)
        case .kind(.rodata), .kind(.note): kinds.append(.constants)
        case .kind(.alloc), .any: break
        case .name(let name, _), .family(let name):
          if let kind = Self.kind(name) { kinds.append(kind) }
        }
      }
    }
    if kinds.isEmpty { return Self.kind(section.name) ?? .constants }
    if kinds.contains(.code) { return .code }
    if kinds.contains(.data) { return .data }
    return kinds.contains(.constants) ? .constants : .zeroed
  }

  private static func kind(_ name: String) -> GuessedKind? {
    let words = name.split(separator: ".").map { $0.lowercased() }
    for word in words.reversed() {  // `.boot.bss`
      switch word {
      case "text", "init", "fini", "plt", "iram", "ramfunc", "ramfuncs", "fast", "start", "boot":
        return .code
      case "bss", "sbss", "noinit", "tbss", "common", "lbss": return .zeroed
      case "data", "sdata", "tdata", "init_array", "fini_array", "preinit_array", "got", "dynamic",
        "ctors", "dtors":
        return .data
      case "rodata", "srodata", "note", "vectors", "isr_vector", "eh_frame", "exidx":
        return .constants
      default: break
      }
    }
    return nil
  }

  /// Whether its bytes are stored elsewhere than they run.
  func isStored(_ id: MapSectionID) -> Bool {
    let section = map[id]
    if guess(section) == .zeroed { return false }
    if section.load != nil || flow.distance != nil || group != nil { return true }
    if let region = flow.region, case .region = map[region].load { return true }
    return false
  }

  /// The region whose `AT>` packs as the map says: `load in R align 1`.
  mutating func packedRegion(_ section: MapSection) -> String? {
    guard let (region, align) = target(section), align == 1, guess(section) != .zeroed else {
      return nil
    }
    return ScriptWords.name(map[region].name)
  }

  private func target(_ section: MapSection) -> (RegionID, UInt64?)? {
    if let load = section.load {
      if case .region(let id, _) = load { return (id, section.loadAlign) }
      return nil
    }
    if group != nil { return nil }
    if let region = flow.region, case .region(let id, _) = map[region].load {
      return (id, map[region].loadAlign)
    }
    return nil
  }

  /// The words of AT; nil: it follows by itself.
  mutating func loadAddress(of id: MapSectionID) -> String? {
    let section = map[id]
    let name = ScriptWords.name(section.name)
    let hasBytes = guess(section) != .zeroed
    if case .address(let expression) = section.load {
      return value(expression, "load at of \(section.name)")
    }
    if let first = group, section.load == nil {
      guard hasBytes else { return nil }
      if first.name == nil {
        group?.name = name
        return first.address(name)
      }
      return "LOADADDR(\(first.name ?? name)) + ADDR(\(name)) - ADDR(\(first.name ?? name))"
    }
    if let (region, align) = target(section) {
      guard hasBytes, align != 1 else { return nil }
      if case .region = map[region].load {
        note("what is stored in \(map[region].name) is stored elsewhere in turn", section.position)
      }
      return image(in: region, name, align)
    }
    if let distance = flow.distance {
      return Self.shifted("ADDR(\(name))", distance)
    }
    return flow.isStoredElsewhere && hasBytes ? "ADDR(\(name))" : nil
  }

  static func shifted(_ words: String, _ distance: UInt64) -> String {
    distance >> 63 == 0
      ? "\(words) + \(ScriptWords.number(distance))"
      : "\(words) - \(ScriptWords.number(0 &- distance))"
  }

  /// Behind what the region holds so far.
  private mutating func image(in region: RegionID, _ name: String, _ align: UInt64?) -> String {
    let behind = imageEnds[region] ?? imageStart(region)
    imageEnds[region] = "LOADADDR(\(name)) + SIZEOF(\(name))"
    let row = map[region]
    if row.size != nil && isWhole(region) {
      let limit = "ORIGIN(\(ScriptWords.name(row.name))) + LENGTH(\(ScriptWords.name(row.name)))"
      late.append(
        ScriptNode(
          head: "ASSERT(LOADADDR(\(name)) + SIZEOF(\(name)) <= \(limit), "
            + "\(ScriptWords.quoted("no room in \(row.name) for the image of \(name)")))"))
    }
    return Self.aligned(behind, align, like: name)
  }

  /// The end of the sections that run in a region.
  private mutating func imageStart(_ region: RegionID) -> String {
    let memory = "> \(ScriptWords.name(map[region].name))"
    let last = nodes.lastIndex {
      $0.body != nil && ($0.tail == memory || $0.tail.hasPrefix(memory + " "))
    }
    guard let last else { return ScriptWords.number(range(region).start) }
    // A section that stays empty would be left out, and have no end, if no symbol stood in it.
    if !(nodes[last].body ?? []).contains(where: { $0.contains(" = .") && !$0.hasPrefix(". ") }) {
      helpers += 1
      let name = "__images_\(helpers)"
      nodes[last].body?.append("HIDDEN(\(name) = .);")
      remark(
        "only the script has the symbol \(name), where the images in \(map[region].name) begin", nil
      )
    }
    let name = sectionName(last)
    return "LOADADDR(\(name)) + SIZEOF(\(name))"
  }

  // MARK: Groups that are stored as one

  mutating func storedGroup(_ one: Group) {
    let outer = group
    group = StoredTogether(load: one.load, align: one.loadAlign)
    let name = one.name.map { "group \($0)" } ?? "a group"
    var address: String?
    switch one.load {
    case .address(let expression): address = value(expression, "load at of \(name)")
    case .region(let region, _):
      // GNU ld knows the alignment of one section at a time, so it is that of the first.
      if one.loadAlign == nil {
        remark("the image of \(name) is aligned like its first section", one.position)
      }
      address = imageEnds[region] ?? imageStart(region)
      group?.region = region
    case nil: break
    }
    group?.behind = address
    blockOfGroup(one, name)
    if let region = group?.region, flow.last != nil, let first = group?.name {
      imageEnds[region] = groupEnd(first)
    }
    group = outer
    flow.isStoredElsewhere = true
  }

  private func groupEnd(_ first: String) -> String {
    "LOADADDR(\(first)) + \(lastEnd) - ADDR(\(first))"
  }

  // MARK: Images

  /// `image S`: at the end of a flow it says what comes by itself.
  mutating func image(_ id: MapSectionID, _ position: SourcePosition) {
    if isFollowedBySections(id) {
      leaveOut(
        "image \(map[id].name)", "what is stored follows what runs in a region", position)
    }
  }

  func isFollowedBySections(_ id: MapSectionID) -> Bool {
    isFollowed { if case .image(id, _) = $0 { true } else { false } } ?? false
  }

  /// Whether sections or slots without addresses of their own come behind an item of the flow's region; nil:
  /// there is no such item.
  func isFollowed(_ isWanted: (PlaceItem) -> Bool) -> Bool? {
    var isBehind = false
    var hasMore = false
    func look(_ items: [PlaceItem]) {
      for item in items {
        if isWanted(item) { isBehind = true }
        switch item {
        case .section(let one):
          if isBehind && map[one].at == nil && !map[one].high { hasMore = true }
        case .slot(let one):
          if isBehind && map[one].at == nil && !map[one].high { hasMore = true }
        case .group(let group), .overlay(let group): look(group.items)
        case .segment(let segment): look(segment.items)
        default: break
        }
      }
    }
    for index in placeOrder {
      guard case .region(let region, nil) = map.places[index].target, region == flow.region else {
        continue
      }
      look(map.places[index].items)
    }
    return isBehind ? hasMore : nil
  }

  /// Where an image begins that follows another.
  static func aligned(_ behind: String, _ align: UInt64?, like section: String) -> String {
    "ALIGN(\(behind), \(align.map { ScriptWords.number($0) } ?? "ALIGNOF(\(section))"))"
  }
}

/// A group that is stored as one, while its sections are written.
struct StoredTogether {
  var load: LoadAddress?
  var align: UInt64?
  var region: RegionID?
  /// Where the first goes, before alignment.
  var behind: String?
  /// The first section.
  var name: String?

  func address(_ first: String) -> String? {
    guard let behind else { return nil }
    guard region != nil else { return behind }
    return Exporter.aligned(behind, align, like: first)
  }
}
