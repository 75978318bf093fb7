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
      if target == region { return inheritedLoad[region ?? ""] = nil }
      store(index, in: target, statement)
      if let region { inheritedLoad[region] = target }
      return
    }
    guard let address = section.load else {
      if let region, let target = inheritedLoad[region], !outputs[index].isBare,
        section.type != "NOLOAD"
      {
        store(index, in: target, statement)
        note(
          "'\(section.name)' is stored in '\(target)' because the section before is; GNU ld keeps the distance between run and load address",
          statement.place)
      } else if region == nil, let distance = distanceOfFlow[flow] {
        outputs[index].distance = distance
      }
      return
    }
    // AT(ADDR(.self) - K)
    if let distance = distance(of: address, from: section.name) {
      outputs[index].distance = distance
      distanceOfFlow[flow] = distance
      return
    }
    if isConstant(address), let words = try? expression(address, .placement) {
      outputs[index].attributes.append(.line("load at \(words.text);"))
      outputs[index].hasLoad = true
      return
    }
    if let other = flowWhoseEnd(address), other != flow {
      let target: String
      if let known = flows[other].region {
        target = known
      } else {
        target = flows[other].madeRegion ?? reserveName("stored")
        flows[other].madeRegion = target
      }
      store(index, in: target, statement)
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
    // GNU ld packs what is stored.
    outputs[index].attributes.append(.line("load in \(target) align 1;"))
    outputs[index].hasLoad = true
    guard !outputs[index].isBare else { return }
    waitingImages[target, default: []].append(index)
    storedSections.append((index, target, statement.place))
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

  /// The flow at whose end `address` is: `LOADADDR(.a) + SIZEOF(.a)`, or a symbol there.
  func flowWhoseEnd(_ address: ScriptExpression) -> Int? {
    switch Self.plain(address) {
    case .call("ALIGN", let values) where values.count == 2: return flowWhoseEnd(values[0])
    case .symbol(let name): return flowOfSymbol[name]
    case .binary("+", .of(let function, let name), .of("SIZEOF", let same))
    where name == same && (function == "ADDR" || function == "LOADADDR"):
      guard let index = outputIndex[name] else { return nil }
      if let stored = storedSections.first(where: { $0.index == index }) {
        return flows.indices.last {
          flows[$0].region == stored.target || flows[$0].madeRegion == stored.target
        }
      }
      return flows.indices.first { flow in
        flows[flow].items.last.map { $0.ends(with: index) } ?? false
      }
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
        for section in sections where outputs[section].distance?.isEmpty == false {
          note(
            "'\(outputs[section].name)' has another distance between run and load address than its neighbours; the map cannot say that here",
            outputs[section].place)
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
