// A map before any link, as a report: which regions there are, and what is put where in which order.
//
// Of most sections nobody knows the size yet. What is known is shown: pins, exact sizes, reserves, slots,
// and the addresses of what stands at the beginning of a flow or behind things of known size.

public import MapLang
internal import Text

extension MemoryReport {
  /// Of a checked map.
  public init(_ map: SectionMap, title: String) {
    self.init(title: title, isLinked: false)
    for (index, region) in map.regions.enumerated() {
      var memory = Memory(region, of: map)
      var outline = MapOutline(map)
      outline.read(region: index)
      memory.blocks = outline.blocks
      memories.append(memory)
    }
    for place in map.places {
      guard case .address(let address, let load) = place.target else { continue }
      var memory = Memory(name: "place at \(hexadecimal(address))", start: address)
      memory.remark = load.map { "stored at \(hexadecimal($0))" } ?? ""
      var outline = MapOutline(map)
      outline.begin(at: address)
      outline.read(place.items, in: [])
      outline.finish()
      memory.blocks = outline.blocks
      memories.append(memory)
    }
  }
}

extension Memory {
  /// A region as the map says it, without what lies in it.
  public init(_ region: Region, of map: SectionMap) {
    self.init(name: region.name, start: region.at, size: region.size)
    access = region.access?.text ?? ""
    var remarks: [String] = []
    if let parent = region.parent { remarks.append("part of \(map[parent].name)") }
    switch region.load {
    case .at(let address, _): remarks.append("stored at \(hexadecimal(address))")
    case .region(let id, _): remarks.append("stored in \(map[id].name)")
    case nil: break
    }
    remarks += region.aliases.map { "also called \($0)" }
    remark = remarks.joined(separator: ", ")
  }
}

private struct MapOutline {
  let map: SectionMap
  var blocks: [MemoryBlock] = []
  /// Where the next item begins; nil: behind something of unknown size.
  private var cursor: UInt64?
  private var high: [MemoryBlock] = []
  private var rests: [MemoryBlock] = []

  init(_ map: SectionMap) { self.map = map }

  mutating func begin(at address: UInt64) { cursor = address }

  /// Puts what comes from the end behind everything else.
  mutating func finish() {
    blocks += rests + high.reversed()
    (rests, high) = ([], [])
  }

  mutating func read(region index: Int) {
    let region = map.regions[index]
    begin(at: region.at)
    for place in map.places {
      guard case .region(let id, let at) = place.target, id.index == index else { continue }
      let flow = cursor
      if let at { begin(at: at) }
      read(place.items, in: [])
      if at != nil { cursor = flow }
    }
    for part in map.regions where part.parent?.index == index {
      var block = MemoryBlock(
        name: "region \(part.name)", kind: .reserve, address: part.at, size: part.size)
      block.remark = "a region of its own"
      blocks.append(block)
      cursor = nil
    }
    for section in map.sections where isStored(section, in: index) {
      var block = MemoryBlock(name: "image of \(section.name)", kind: .image)
      block.remark = "what \(section.name) is copied from"
      if !blocks.contains(where: { $0.name == block.name }) { add(block, align: nil) }
    }
    finish()
  }

  /// Whether the bytes of a section go to that region by its own words or its region's.
  private func isStored(_ section: MapSection, in index: Int) -> Bool {
    if section.noload || section.nobits { return false }
    if case .region(let id, _) = section.load { return id.index == index }
    guard section.load == nil else { return false }
    for place in map.places {
      guard case .region(let own, _) = place.target, own.index != index else { continue }
      guard let load = loadOfItem(section.name, place.items, nil) else { continue }
      switch load {
      case .region(let id, _): return id.index == index
      case .address: return false
      case nil:
        if case .region(let id, _) = map[own].load { return id.index == index && !isEmpty(section) }
        return false
      }
    }
    return false
  }

  /// Outer nil: the section is not among the items; inner: no group around it says where it is stored.
  private func loadOfItem(
    _ name: String, _ items: [PlaceItem], _ load: LoadAddress?
  ) -> LoadAddress?? {
    for item in items {
      var inner: LoadAddress??
      switch item {
      case .section(let id) where map[id].name == name: return .some(load)
      case .group(let group), .overlay(let group):
        inner = loadOfItem(name, group.items, group.load ?? load)
      case .segment(let segment): inner = loadOfItem(name, segment.items, load)
      default: break
      }
      if let inner { return .some(inner) }
    }
    return nil
  }

  /// Whether it can only hold what has no bytes.
  private func isEmpty(_ section: MapSection) -> Bool { kind(section) == .zeroed }

  // MARK: Items

  mutating func read(_ items: [PlaceItem], in blocks: [String]) {
    for item in items {
      switch item {
      case .section(let id): add(map[id], blocks)
      case .reserve(let id): add(map[id])
      case .slot(let id): add(map[id])
      case .group(let group):
        align(group.align)
        read(group.items, in: blocks + (group.name.map { ["group \($0)"] } ?? []))
        pad(group.pad)
      case .overlay(let group):
        align(group.align)
        let start = cursor
        for item in group.items {
          cursor = start
          read([item], in: blocks + ["overlay"])
        }
        cursor = nil
      case .segment(let segment):
        align(segment.align)
        let name = "segment \(segment.name)" + (segment.access.map { " \($0.text)" } ?? "")
        read(segment.items, in: blocks + [name])
        pad(segment.pad)
      case .image(let id, _):
        var block = MemoryBlock(name: "image of \(map[id].name)", kind: .image)
        block.remark = "what \(map[id].name) is copied from"
        add(block, align: nil)
      case .headers: add(MemoryBlock(name: "headers", kind: .headers), align: nil)
      case .orphans(let rule):
        var block = MemoryBlock(name: "orphans", kind: .constants)
        block.remark = MapPrinter.words(map[rule].selectors)
        add(block, align: nil)
      }
    }
  }

  private mutating func add(_ section: MapSection, _ around: [String]) {
    var block = MemoryBlock(name: section.name, kind: kind(section))
    block.size = section.size.flatMap(number)
    var words = around
    let takes = section.rules.map { MapPrinter.words(map[$0].selectors) }.joined(separator: " ")
    if !takes.isEmpty { words.append(takes) }
    if let max = section.max.flatMap(number) { words.append("at most \(Words.amount(max))") }
    block.remark = words.joined(separator: " · ")
    if section.high { return high.append(block) }
    add(block, at: section.at, align: section.align)
    pad(section.pad)
  }

  private mutating func add(_ reserve: Reserve) {
    var block = MemoryBlock(name: reserve.name, kind: .reserve)
    switch reserve.size {
    case .exactly(let size): block.size = number(size)
    case .rest:
      block.remark = "the rest"
      return rests.append(block)
    }
    if reserve.high {
      block.remark = "from the end"
      return high.append(block)
    }
    add(block, at: reserve.at, align: reserve.align)
  }

  private mutating func add(_ slot: MapSlot) {
    var block = MemoryBlock(name: slot.name, kind: .slot, size: number(slot.size))
    block.remark = "slot" + (slot.required ? ", to be filled" : "")
    if slot.high { return high.append(block) }
    add(block, at: slot.at, align: slot.align)
  }

  private mutating func add(_ block: MemoryBlock, at pin: Expression? = nil, align: Alignment?) {
    var block = block
    self.align(align)
    if let pin {
      block.address = number(pin)
      blocks.append(block)
      return
    }
    block.address = cursor
    cursor = block.end
    blocks.append(block)
  }

  private mutating func align(_ alignment: Alignment?) {
    guard let start = cursor else { return }
    switch alignment {
    case .atLeast(let unit) where unit > 1:
      let (sum, overflow) = start.addingReportingOverflow(unit - 1)
      cursor = overflow ? nil : sum / unit * unit
    case .powerOfTwo: cursor = start == 0 || start % (1 << 20) == 0 ? start : nil
    case .atLeast, nil: break
    }
  }

  private mutating func pad(_ padding: Padding?) {
    switch padding {
    case .multiple(let multiple):
      if let unit = number(multiple) { align(.atLeast(unit)) } else { cursor = nil }
    case .powerOfTwo: cursor = nil
    case nil: break
    }
  }

  private func number(_ expression: Expression) -> UInt64? { expression.constant?.unsigned }

  // MARK: Kinds

  /// By what it takes, or else by what its name customarily means.
  private func kind(_ section: MapSection) -> MemoryBlock.Kind {
    if section.noload || section.nobits { return .zeroed }
    for rule in section.rules {
      for selector in map[rule].selectors {
        guard case .kind(let kind) = selector.section else { continue }
        switch kind {
        case .code: return .code
        case .data, .tdata: return .data
        case .bss, .tbss: return .zeroed
        case .rodata, .note: return .constants
        case .alloc: break
        }
      }
    }
    let words = section.name.split(separator: ".").map { $0.lowercased() }
    for word in words.reversed() {  // `.boot.bss`
      switch word {
      case "text", "init", "fini", "boot", "vectors", "isr_vector", "plt", "iram", "fast",
        "ramfunc",
        "ramfuncs":
        return .code
      case "bss", "sbss", "noinit", "tbss": return .zeroed
      case "data", "sdata", "tdata", "init_array", "fini_array", "preinit_array", "got", "dynamic":
        return .data
      default: break
      }
    }
    return .constants
  }
}
