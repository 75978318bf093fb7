// Regions: declared before everything else, and evaluated when first asked about, since the address
// of one may be the end of another, wherever the two stand.

extension MapBuilder {
  mutating func declare(_ syntax: RegionSyntax, isBuiltIn: Bool) {
    let name = string(syntax.name)
    if let other = regionSyntax.firstIndex(where: { $0.name == name }) {
      error(
        .redefinition, "region '\(name)' is already declared", at: syntax.name.position,
        notes: [
          MapDiagnostic.Note("first here", at: regionSyntax[other].syntax.name.position)
        ])
      return
    }
    regionSyntax.append(RegionRow(name: name, syntax: syntax, isBuiltIn: isBuiltIn))
    map.regions.append(
      Region(name: name, at: 0, isBuiltIn: isBuiltIn, position: syntax.position))
  }

  /// The other names of regions. Chains are followed; a name that leads to itself is unknown.
  mutating func resolveAliases() {
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
        guard findRegion(target) == nil,
          let next = aliases.first(where: { $0.name == target })
        else { break }
        target = string(next.target)
      }
      if let region = findRegion(target) {
        map.regions[region.index].aliases.append(alias.name)
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
    for item in decided(row.syntax.items) {
      guard case .attribute(let attribute) = item, let value = attribute.value,
        attribute.kind == .at || attribute.kind == .size
      else { continue }
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
    checkRegionOverlap()
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
    case .mirrors: require(.mirrors, "mirrors", at: syntax.position)
    case .load:
      if let value = syntax.value {
        map.regions[id.index].load = unsignedConstant(value, "an address").map {
          .at($0, value.position)
        }
      } else if let name = syntax.region, let target = region(name) {
        map.regions[id.index].load = .region(target, name.position)
        if target == id {
          error(
            .attributeOutOfPlace, "a region cannot be stored in itself", at: name.position)
        }
      }
    case .at, .offset, .align, .pad, .size, .min, .max, .subalign, .high, .noload, .nobits, .relro,
      .splits, .always, .required:
      break
    }
  }

  private mutating func checkRegionOverlap() {
    for later in map.regions.indices {
      for earlier in 0..<later {
        let (a, b) = (map.regions[earlier], map.regions[later])
        guard let sizeA = a.size, let sizeB = b.size, sizeA > 0, sizeB > 0,
          Int128(a.at) < Int128(b.at) + Int128(sizeB), Int128(b.at) < Int128(a.at) + Int128(sizeA)
        else { continue }
        error(
          .overlap,
          "regions '\(a.name)' (\(range(a.at, sizeA))) and '\(b.name)' (\(range(b.at, sizeB))) "
            + "overlap", at: b.position, notes: [MapDiagnostic.Note("the other", at: a.position)])
      }
    }
  }

  private func range(_ start: UInt64, _ size: UInt64) -> String {
    "\(hexadecimal(start))..\(hexadecimal(start.addingReportingOverflow(size).partialValue))"
  }
}
