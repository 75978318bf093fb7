// Regions: declared before everything else, and evaluated when first asked about, since the address
// of one may be the end of another, wherever the two stand.

internal import Text

extension MapBuilder {
  mutating func declare(_ syntax: RegionSyntax, isBuiltIn: Bool) {
    let name = string(syntax.name)
    if let other = regionNumbers[name] {
      error(
        .redefinition, "region '\(name)' is already declared", at: syntax.name.position,
        notes: [
          MapDiagnostic.Note("first here", at: regionSyntax[other].syntax.name.position)
        ])
      return
    }
    regionNumbers[name] = regionSyntax.count
    regionSyntax.append(RegionRow(name: name, syntax: syntax, isBuiltIn: isBuiltIn))
    map.regions.append(
      Region(name: name, at: 0, isBuiltIn: isBuiltIn, position: syntax.position))
  }

  /// The other names of regions. Chains are followed; a name that leads to itself is unknown.
  mutating func resolveAliases() {
    var targets: [String: String] = [:]
    for alias in aliases where targets[alias.name] == nil {
      targets[alias.name] = string(alias.target)
    }
    for alias in aliases {
      if let other = findRegion(alias.name) {
        error(
          .redefinition, "region '\(alias.name)' is already declared", at: alias.position,
          notes: [
            MapDiagnostic.Note(
              "first here", at: regionSyntax[other.index].syntax.name.position)
          ])
        continue
      }
      var target = string(alias.target)
      for _ in aliases {
        guard findRegion(target) == nil, let next = targets[target] else { break }
        target = next
      }
      if let region = findRegion(target) {
        map.regions[region.index].aliases.append(alias.name)
        regionNumbers[alias.name] = region.index
      } else {
        unknownName(
          "region", target, at: alias.target.position, among: regionSyntax.map(\.name))
      }
    }
  }

  /// Statements of a block with its conditions decided. `when` inside a block sees all constants.
  mutating func decided(_ items: [StatementSyntax]) -> [StatementSyntax] {
    let hasCondition = items.contains { if case .condition = $0 { true } else { false } }
    guard hasCondition else { return items }
    var result: [StatementSyntax] = []
    for item in items {
      guard case .condition(let syntax) = item else {
        result.append(item)
        continue
      }
      guard let value = constant(syntax.condition) else { continue }
      result += decided(value.number != 0 ? syntax.body : syntax.otherwise)
    }
    return result
  }

  /// Evaluates address and size of a region; false if that failed and was reported.
  mutating func resolveRegionRange(_ region: RegionID) -> Bool {
    let row = regionSyntax[region.index]
    switch row.state {
    case .resolved: return true
    case .failed: return false
    case .resolving:
      error(
        .addressInPlacement, "region '\(row.name)' is placed by itself", at: row.syntax.position)
      regionSyntax[region.index].state = .failed
      return false
    case .unresolved: break
    }
    regionSyntax[region.index].state = .resolving
    let wasBuiltIn = isBuiltIn
    isBuiltIn = row.isBuiltIn
    defer { isBuiltIn = wasBuiltIn }
    var isSound = true
    var hasAddress = false
    var original: RegionID?
    for item in decided(row.syntax.items) {
      guard case .attribute(let attribute) = item else { continue }
      if attribute.kind == .mirrors, let name = attribute.region {
        original = findRegion(string(name))
      }
      guard let value = attribute.value, attribute.kind == .at || attribute.kind == .size else {
        continue
      }
      let what = attribute.kind == .at ? "an address" : "a size"
      guard let number = unsignedConstant(value, what) else {
        isSound = false
        hasAddress = hasAddress || attribute.kind == .at
        continue
      }
      if attribute.kind == .at {
        map.regions[region.index].at = number
        hasAddress = true
      } else {
        map.regions[region.index].size = number
      }
    }
    if regionSyntax[region.index].state == .failed { return false }
    if let original, map.regions[region.index].size == nil {
      guard resolveRegionRange(original) else {
        regionSyntax[region.index].state = .failed
        return false
      }
      map.regions[region.index].size = map.regions[original.index].size
    }
    if !hasAddress {
      error(
        .attributeOutOfPlace, "region '\(row.name)' has no address", at: row.syntax.position,
        help: "add 'at ADDRESS;'")
      isSound = false
    }
    let limit: Int128 = settings.width == .bits32 ? 1 << 32 : 1 << 64
    let end = Int128(map.regions[region.index].at) + Int128(map.regions[region.index].size ?? 0)
    if isSound && end > limit {
      error(
        .badNumber, "region '\(row.name)' ends beyond the last address", at: row.syntax.position)
      isSound = false
    }
    regionSyntax[region.index].state = isSound ? .resolved : .failed
    return isSound
  }

  mutating func buildRegions() {
    resolveAliases()
    for index in regionSyntax.indices {
      let id = RegionID(index)
      _ = resolveRegionRange(id)
      let row = regionSyntax[index]
      isBuiltIn = row.isBuiltIn
      var attributes = Attributes()
      for item in decided(row.syntax.items) {
        switch item {
        case .bound(let syntax): map.regions[index].bounds.append(bound(syntax))
        case .attribute(let syntax): addRegionAttribute(syntax, id, &attributes)
        case _: break
        }
      }
    }
    isBuiltIn = false
    nestRegions()
    checkRegionOverlap()
    checkLoadCycles()
  }

  private mutating func addRegionAttribute(
    _ syntax: AttributeSyntax, _ id: RegionID, _ attributes: inout Attributes
  ) {
    if let first = attributes.positions[syntax.kind] {
      error(
        .attributeOutOfPlace, "'\(syntax.kind.name)' is given twice", at: syntax.position,
        notes: [MapDiagnostic.Note("first here", at: first)])
      return
    }
    attributes.positions[syntax.kind] = syntax.position
    switch syntax.kind {
    case .access: map.regions[id.index].access = syntax.access
    case .fill: map.regions[id.index].fill = fill(syntax)
    case .mirrors:
      if let name = syntax.region, let target = region(name) {
        map.regions[id.index].mirrors = target
        checkMirror(id, of: target, name.position)
      }
    case .load:
      if let value = syntax.value {
        map.regions[id.index].load = unsignedConstant(value, "an address").map {
          .at($0, value.position)
        }
      } else if let name = syntax.region, let target = region(name) {
        map.regions[id.index].load = .region(target, name.position)
        map.regions[id.index].loadAlign = syntax.align.flatMap { alignmentConstant($0) }
      }
    case .at, .offset, .align, .pad, .size, .min, .max, .subalign, .high, .noload, .nobits, .relro,
      .splits, .always, .required:
      break
    }
  }

  /// SM304. In the order of addresses each region meets at most the one before that reaches highest;
  /// of the two, the later in the text is named, and once only. Regions that are parts of others lie
  /// in them, so that only parts of one region, and regions that are no parts, can meet.
  private mutating func checkRegionOverlap() {
    func end(_ index: Int) -> Int128 {
      Int128(map.regions[index].at) + Int128(map.regions[index].size ?? 0)
    }
    func parent(_ index: Int) -> Int { map.regions[index].parent?.index ?? -1 }
    let sized = map.regions.indices.filter { map.regions[$0].size ?? 0 > 0 }
    var highest: Int?
    var found: [(later: Int, earlier: Int)] = []
    for index in sized.sorted(by: {
      (parent($0), map.regions[$0].at, $0) < (parent($1), map.regions[$1].at, $1)
    }) {
      if let other = highest, parent(other) != parent(index) { highest = nil }
      if let other = highest, Int128(map.regions[index].at) < end(other) {
        found.append((max(index, other), min(index, other)))
      }
      if highest == nil || end(index) > end(highest!) { highest = index }
    }
    var isReported = [Bool](repeating: false, count: map.regions.count)
    for (later, earlier) in found where !isReported[later] {
      isReported[later] = true
      let (a, b) = (map.regions[earlier], map.regions[later])
      error(
        .overlap,
        "regions '\(a.name)' (\(range(a.at, a.size ?? 0))) and '\(b.name)' "
          + "(\(range(b.at, b.size ?? 0))) overlap", at: b.position,
        notes: [MapDiagnostic.Note("the other", at: a.position)],
        help: isWithin(b, a)
          ? "if it is meant as a part: 'region \(b.name) in \(a.name) { … }'"
          : isWithin(a, b) ? "if it is meant as a part: 'region \(a.name) in \(b.name) { … }'" : nil
      )
    }
  }

  /// SM105 for regions that are stored in each other: their bytes would be nowhere. Each region is
  /// stored in one other at most, so a way that comes back to itself is found by following it.
  private mutating func checkLoadCycles() {
    let circles = regionCircles { region in
      if case .region(let id, _) = region.load { id } else { nil }
    }
    for circle in circles { report(circle) }
  }

  /// The circles that regions make which lead to one other each at most; each begins where the walk from
  /// the first region that leads into it came in.
  func regionCircles(_ next: (Region) -> RegionID?) -> [[Int]] {
    let targets = map.regions.map { next($0)?.index }
    var circles: [[Int]] = []
    // The number of the walk that came by first; 0: none did.
    var visited = [Int](repeating: 0, count: targets.count)
    for start in targets.indices {
      var index = start
      while visited[index] == 0, let next = targets[index] {
        visited[index] = start + 1
        index = next
      }
      guard visited[index] == start + 1 else { continue }
      var circle = [index]
      while let next = targets[circle[circle.count - 1]], next != index { circle.append(next) }
      circles.append(circle)
    }
    return circles
  }

  /// At the first region of the circle in the text.
  private mutating func report(_ circle: [Int]) {
    guard let first = circle.min(), let turn = circle.firstIndex(of: first) else { return }
    let names = (Array(circle[turn...]) + circle[..<turn] + [first]).map { map.regions[$0].name }
    guard case .region(_, let position) = map.regions[first].load else { return }
    for region in circle { map.regions[region].load = nil }
    if circle.count == 1 {
      error(.attributeOutOfPlace, "a region cannot be stored in itself", at: position)
    } else {
      error(
        .attributeOutOfPlace,
        "the regions are stored in each other: \(names.joined(separator: " → "))", at: position,
        help: "one of them needs a place of its own: 'load at ADDRESS;', or no 'load'")
    }
  }

  private func isWithin(_ inner: Region, _ outer: Region) -> Bool {
    inner.at >= outer.at
      && Int128(inner.at) + Int128(inner.size ?? 0) <= Int128(outer.at) + Int128(outer.size ?? 0)
  }

  private func range(_ start: UInt64, _ size: UInt64) -> String {
    "\(hexadecimal(start))..\(hexadecimal(start.addingReportingOverflow(size).partialValue))"
  }
}
