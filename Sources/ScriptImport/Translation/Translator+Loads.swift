// Where the bytes of a section are stored, if not where it runs: AT, AT>, and what goes on from there.

extension Translator {
  mutating func load(
    _ section: ScriptSection, _ index: Int, _ region: String?, _ flow: Int,
    _ statement: ScriptStatement
  ) {
    let name = MapWords.name(section.name)
    if let wanted = section.loadRegion {
      guard let target = regionName(wanted) else {
        return note("MEMORY has no '\(wanted)'", statement.place)
      }
      if target == region {
        outputs[index].storedIn = target
      } else {
        store(index, in: target, statement)
      }
      return
    }
    guard let address = section.load else {
      inheritLoad(section, index, region, flow, statement)
      return
    }
    // AT(ADDR(.self) - K)
    if let distance = distance(of: address, from: section.name) {
      outputs[index].distance = distance
      distanceOfFlow[flow] = distance
      lastDistance = distance
      return
    }
    if isConstant(address), let words = try? expression(address, .placement) {
      outputs[index].load = "load at \(words.text)"
      outputs[index].hasLoad = true
      outputs[index].keepsDistance = true
      return
    }
    loadSyntax[section.name] = Self.plain(address)
    var end = address
    var isAsRun = false  // ALIGN(…, ALIGNOF(.self))
    if case .call("ALIGN", let values) = Self.plain(address), values.count == 2,
      values[1] == .of("ALIGNOF", section.name)
    {
      (end, isAsRun) = (values[0], true)
    }
    if let (target, alignment) = regionWhoseEnd(end, but: flow), !isAsRun || alignment == nil {
      if isAsRun {
        outputs[index].explicitAlign = ""
      } else if let alignment, let words = try? expression(alignment, .constant) {
        outputs[index].explicitAlign = words.text
      } else {
        // ALIGN() of a section is for what AT> stores.
        outputs[index].explicitAlign = nil
      }
      store(index, in: target, statement)
      outputs[index].keepsDistance = true
      if case .symbol(let symbol) = Self.plain(address) {
        remark("'\(symbol)' is where \(name) is stored", statement.place)
      }
      return
    }
    note(
      "the load address of '\(section.name)' has no counterpart, so it is the run address: AT(\(statement.words.prefix(60)))",
      statement.place)
  }

  mutating func store(_ index: Int, in target: String, _ statement: ScriptStatement) {
    outputs[index].storedIn = target
    guard !outputs[index].hasNoBytes else { return }
    // GNU ld packs what is stored, unless ALIGN() is said.
    let alignment = outputs[index].explicitAlign ?? "1"
    outputs[index].load = "load in \(target)" + (alignment.isEmpty ? "" : " align \(alignment)")
    outputs[index].hasLoad = true
    guard !outputs[index].isBare else { return }
    waitingImages[target, default: []].append(index)
    storedSections.append((index, target, statement.place))
  }

  /// Without AT: behind AT> in the same region the images follow each other; behind AT() the distance of
  /// load and run address stays.
  private mutating func inheritLoad(
    _ section: ScriptSection, _ index: Int, _ region: String?, _ flow: Int,
    _ statement: ScriptStatement
  ) {
    guard let region else {
      outputs[index].distance = distanceOfFlow[flow]
      // A flow that has just begun goes on at the distance of the one before.
      if memories.isEmpty, flows[flow].items.allSatisfy(\.sections.isEmpty) {
        outputs[index].distance = lastDistance
        distanceOfFlow[flow] = lastDistance
        if let last = lastOutput, outputs[last].keepsDistance, !outputs[index].isBare {
          note(
            "'\(section.name)' is stored where it runs; GNU ld keeps the distance of '\(outputs[last].name)'",
            statement.place)
        }
      }
      return
    }
    // An address of its own is the load address, too.
    guard section.address == nil, let last = lastOutput, outputs[last].region == region,
      !outputs[last].keepsDistance, let target = outputs[last].storedIn
    else { return }
    if target != region, !outputs[index].isBare, section.type != "NOLOAD" {
      store(index, in: target, statement)
    } else {
      outputs[index].storedIn = target
    }
  }

  // MARK: - What is stored as one

  /// Puts the section into one group with those before it, if GNU ld keeps the distance between load and
  /// run address over both: ALIGN_WITH_INPUT, and what follows AT() without one of its own.
  mutating func joinLoads(
    _ section: ScriptSection, _ index: Int, _ flow: Int, _ statement: ScriptStatement
  ) {
    let items = flows[flow].items
    if section.alignsLoadWithInput {
      guard outputs[index].load != nil else { return }
      if let first = runOfLoads(before: items.count - 1, flow, outputs[index].storedIn) {
        return wrap(first, flow)
      }
      if outputs[index].explicitAlign == nil, !beginsAligned(flow) {
        expectNoPadding(
          index, flow, "GNU ld repeats the padding before \(section.name) where it is stored")
      }
      return
    }
    guard section.load == nil, section.loadRegion == nil, outputs[index].load == nil,
      !outputs[index].isBare, !outputs[index].hasNoBytes, section.type != "NOLOAD",
      section.address == nil || flows[flow].region == nil
    else { return }
    // The last section with bytes says AT().
    var first = items.count - 2
    while first >= 0, items[first].sections.allSatisfy({ outputs[$0].isBare }) { first -= 1 }
    guard first >= 0, items[first].load(outputs) != nil, let last = items[first].sections.last,
      outputs[last].keepsDistance
    else { return }
    outputs[index].storedIn = outputs[last].storedIn
    outputs[index].keepsDistance = true
    wrap(first, flow)
    // GNU ld aligns the load address, too.
    let name = MapWords.name(section.name)
    tail.append(
      .line(
        "assert load_start(\(name)) % align_of(\(name)) == 0, "
          + MapWords.quoted(
            "GNU ld stores \(section.name) elsewhere, at a multiple of its alignment")
          + ";"
      ))
    referenced.insert(section.name)
  }

  /// The item before `end` that is stored in the same region.
  private func runOfLoads(before end: Int, _ flow: Int, _ target: String?) -> Int? {
    guard let target, end > 0 else { return nil }
    let item = flows[flow].items[end - 1]
    if case .overlay = item { return nil }
    guard item.load(outputs) != nil,
      item.sections.allSatisfy({ outputs[$0].storedIn == target }),
      waitingGroups[target] != nil
        || waitingImages[target]?.dropLast().last == item.sections.last
    else { return nil }
    return end - 1
  }

  /// The items of a flow from `first` on become one group with the load of the first.
  private mutating func wrap(_ first: Int, _ flow: Int) {
    var items = Array(flows[flow].items[first...])
    flows[flow].items.removeSubrange(first...)
    var line = items[0].load(outputs) ?? ""
    if case .group(let attributes, let inner) = items[0],
      inner.count > 1 || attributes.contains(where: \.isLoad)
    {
      items.replaceSubrange(0...0, with: inner)
      flows[flow].items.append(.group(attributes, items))
    } else {
      // The image of a group is aligned as its first section.
      if line.isEmpty { line = "load in \(flows[flow].region ?? "")" }
      flows[flow].items.append(.group([.line(line + ";")], items))
    }
    for index in items.flatMap(\.sections) {
      outputs[index].load = nil
      outputs[index].hasLoad = true
      guard let target = outputs[index].storedIn else { continue }
      waitingImages[target]?.removeAll { $0 == index }
      waitingGroups[target] = outputs[index].place
    }
  }

  /// The map is as good as the script if nothing is padded in front of a section. `known`: where it begins
  /// then; nil: behind the section before.
  mutating func expectNoPadding(
    _ index: Int, _ flow: Int, _ message: String, edge known: String? = nil
  ) {
    let before = flows[flow].items.flatMap(\.sections).prefix { $0 != index }.last
    let edge: String
    if let known {
      edge = known
      if let before { referenced.insert(outputs[before].name) }
    } else if let before {
      edge = "end(\(MapWords.name(outputs[before].name)))"
      referenced.insert(outputs[before].name)
    } else if let at = flows[flow].at {
      edge = at.text
    } else {
      edge = "start(\(flows[flow].region ?? ""))"
    }
    referenced.insert(outputs[index].name)
    tail.append(
      .line(
        "assert start(\(MapWords.name(outputs[index].name))) == \(edge), \(MapWords.quoted(message));"
      ))
  }

  /// Whether a flow begins at a multiple of 16, and nothing stands in it but one section.
  func beginsAligned(_ flow: Int) -> Bool {
    guard flows[flow].items.flatMap(\.sections).count <= 1 else { return false }
    if flows[flow].at != nil { return flows[flow].atValue.map { $0 % 16 == 0 } ?? false }
    guard let region = flows[flow].region,
      let memory = memories.first(where: { regionName($0.name) == region })
    else { return false }
    return value(memory.origin).map { $0 % 16 == 0 } ?? false
  }

  /// ` - K` of `ADDR(.self) - K`.
  mutating func distance(of load: ScriptExpression, from name: String) -> String? {
    var load = Self.plain(load)
    if load == .of("ADDR", name) { return "" }
    if case .binary("-", let address, .of("ORIGIN", _)) = load {
      load = .binary("-", address, .dot)
    }
    guard case .binary(let sign, let left, let right) = load, sign == "+" || sign == "-" else {
      return nil
    }
    if Self.plain(left) == .of("ADDR", name), isConstant(right),
      let words = try? expression(right, .constant)
    {
      return " \(sign) \(Self.tight(words, 9))"
    }
    if sign == "+", Self.plain(right) == .of("ADDR", name), isConstant(left),
      let words = try? expression(left, .constant)
    {
      return " + \(Self.tight(words, 9))"
    }
    return nil
  }

  /// The region of another flow at whose end `address` is, made if the flow has none; and what the
  /// address is a multiple of.
  mutating func regionWhoseEnd(
    _ address: ScriptExpression, but flow: Int
  ) -> (region: String, alignment: ScriptExpression?)? {
    guard let (other, alignment) = end(address), other != flow else { return nil }
    if let known = flows[other].region { return (known, alignment) }
    let target = flows[other].madeRegion ?? reserveName("stored")
    flows[other].madeRegion = target
    return (target, alignment)
  }

  /// The flow at whose end `address` is: `LOADADDR(.a) + SIZEOF(.a)`, the location counter, or a symbol
  /// there; each in ALIGN(), too.
  func end(_ address: ScriptExpression) -> (flow: Int, alignment: ScriptExpression?)? {
    switch Self.plain(address) {
    case .call("ALIGN", let values) where isConstant(values[values.count - 1]):
      guard case let (flow, nil)? = end(values.count == 2 ? values[0] : .dot) else { return nil }
      return (flow, values[values.count - 1])
    case .dot: return anchor.flatMap { flows[$0].items.isEmpty ? nil : ($0, nil) }
    case .symbol(let name): return flowOfSymbol[name].map { ($0, alignmentOfSymbol[name]) }
    case .binary("+", let start, .of("SIZEOF", let name)):
      guard let index = outputIndex[name] else { return nil }
      if let stored = storedSections.first(where: { $0.index == index }) {
        guard start == .of("LOADADDR", name) || start == loadSyntax[name] else { return nil }
        return flows.indices.last {
          flows[$0].region == stored.target || flows[$0].madeRegion == stored.target
        }.map { ($0, nil) }
      }
      guard start == .of("ADDR", name) || start == .of("LOADADDR", name) else { return nil }
      return flows.indices.first { flow in
        flows[flow].items.last.map { $0.ends(with: index) } ?? false
      }.map { ($0, nil) }
    default: return nil
    }
  }

  /// Load addresses at a distance are those of a whole flow or region.
  mutating func finishLoads() {
    for flow in flows.indices {
      let sections = flows[flow].items.flatMap(\.sections).filter { !outputs[$0].hasLoad }
      let distances = Set(
        sections.filter { outputs[$0].distance != nil || !outputs[$0].isBare }.map {
          outputs[$0].distance ?? ""
        })
      guard !distances.isSubset(of: [""]) else { continue }
      guard distances.count == 1, let distance = distances.first else {
        for section in sections {
          guard let distance = outputs[section].distance, !distance.isEmpty,
            !outputs[section].hasNoBytes
          else { continue }
          outputs[section].load =
            "load at start(\(MapWords.name(outputs[section].name)))\(distance)"
        }
        continue
      }
      if let region = flows[flow].region {
        if let memory = memories.first(where: { regionName($0.name) == region }),
          let origin = try? expression(memory.origin, .constant)
        {
          loadOfRegion[region] = "\(Self.tight(origin, 8))\(distance)"
        }
      } else if let at = flows[flow].at {
        loadOfFlow[flow] = "\(Self.tight(at, 8))\(distance)"
      }
    }
  }
}
