// Where sections go that the map does not place: behind the last section of their kind, or of the
// nearest kind before theirs, or else before the first of the nearest kind behind theirs.

internal import ELF
internal import MapLang

extension LayoutEngine {
  /// The kinds of sections, in the customary order of addresses.
  private enum Rank: Int {
    case interpreter, note, rodata, code, tdata, tbss, relro, data, bss
    /// Those of the medium model, which may be out of reach for the others.
    case largeRodata, largeData, largeBSS, largeCode

    var isLarge: Bool { rawValue >= Rank.largeRodata.rawValue }
  }

  private func rank(_ output: OutputSection, isRelro: Bool) -> Rank {
    if output.flags & layout.selection.inputs.target.largeSectionFlag != 0 && !output.isTLS {
      if output.flags & SHF.EXECINSTR != 0 { return .largeCode }
      if output.flags & SHF.WRITE == 0 { return .largeRodata }
      return output.hasBytes ? .largeData : .largeBSS
    }
    if output.flags & SHF.EXECINSTR != 0 { return .code }
    if output.isTLS { return output.hasBytes ? .tdata : .tbss }
    if output.flags & SHF.WRITE != 0 {
      if isRelro { return .relro }
      return output.hasBytes ? .data : .bss
    }
    return output.type == SHT.NOTE ? .note : .rodata
  }

  /// Gives each section without a place one that it follows or precedes.
  mutating func planOrphans() {
    let anchors = self.anchors()
    let placed = Set(anchors.all)
    let orphans = layout.outputs.indices.map { OutputID($0) }.filter {
      let output = layout.outputs[$0.index]
      return output.isAllocated && output.type != SHT.NULL && !placed.contains($0)
        && output.gatheringRule == nil
    }
    guard !orphans.isEmpty else { return }
    var first: [Int: OutputID] = [:]
    var last: [Int: OutputID] = [:]
    for (id, isRelro) in anchors.attracting {
      let rank = rank(layout.outputs[id.index], isRelro: isRelro).rawValue
      last[rank] = id
      if first[rank] == nil { first[rank] = id }
    }
    // What has no bytes goes behind what has: there need be no zeros of it in the file.
    for id in orphans.filter(hasBytes) + orphans.filter({ !hasBytes($0) }) {
      let output = layout.outputs[id.index]
      let isRelro = output.mapSection.map { map[$0].relro } ?? false
      let wanted = rank(output, isRelro: isRelro)
      var below = last.keys.filter { $0 <= wanted.rawValue }.max()
      var above = first.keys.filter { $0 > wanted.rawValue }.min()
      if wanted == .data || wanted == .bss, let nearest = below, nearest <= Rank.relro.rawValue,
        last[Rank.relro.rawValue] != nil
      {
        // What stays writable may not stand among what becomes read-only.
        below = nil
        if wanted == .bss { above = nil }
      }
      if wanted.isLarge && !layout.selection.inputs.hasUserMap, let nearest = below,
        nearest < Rank.largeRodata.rawValue
      {
        below = nil  // at the end, on a page of its own
      }
      if let anchor = below.flatMap({ last[$0] }) {
        followers[anchor, default: []].append(id)
        takeLoadRule(of: anchor, id)
      } else if let anchor = above.flatMap({ first[$0] }) {
        predecessors[anchor, default: []].append(id)
        takeLoadRule(of: anchor, id)
      } else {
        unanchored.append(id)
      }
    }
  }

  private func hasBytes(_ id: OutputID) -> Bool { layout.outputs[id.index].hasBytes }

  private mutating func takeLoadRule(of anchor: OutputID, _ orphan: OutputID) {
    guard let section = layout.outputs[anchor.index].mapSection,
      case .region(let region, _) = map[section].load ?? groupLoad(of: section)
    else { return }
    neighbourLoad[orphan] = region
  }

  /// Where the group of a section is stored as one.
  private func groupLoad(of section: MapSectionID) -> LoadAddress? {
    func find(_ items: [PlaceItem], _ load: LoadAddress?) -> LoadAddress? {
      for item in items {
        switch item {
        case .section(section): return load
        case .group(let group), .overlay(let group):
          if let found = find(group.items, group.load ?? load) { return found }
        case .segment(let segment): if let found = find(segment.items, load) { return found }
        case .section, .slot, .reserve, .image, .headers, .orphans: break
        }
      }
      return nil
    }
    for place in map.places { if let found = find(place.items, nil) { return found } }
    return nil
  }

  /// The output sections that the places of the map mention, in order, and those among them that
  /// attract orphans: neither pinned nor `high` ones, and after `extends default` built-in ones only.
  private func anchors() -> (all: [OutputID], attracting: [(OutputID, Bool)]) {
    var all: [OutputID] = []
    var attracting: [(OutputID, Bool)] = []
    func visit(_ items: [PlaceItem], _ isBuiltIn: Bool, _ isRelro: Bool) {
      for item in items {
        switch item {
        case .section(let id):
          guard let output = outputOf[id.index] else { continue }
          all.append(output)
          let row = map[id]
          if row.at != nil || row.high || layout.outputs[output.index].members.isEmpty { continue }
          if map.extendsDefault && !isBuiltIn { continue }
          attracting.append((output, isRelro || row.relro))
        case .slot(let id): if let output = outputOfSlot[id.index] { all.append(output) }
        case .group(let group), .overlay(let group): visit(group.items, isBuiltIn, isRelro)
        case .segment(let segment): visit(segment.items, isBuiltIn, isRelro || segment.relro)
        case .reserve, .image, .headers, .orphans: break
        }
      }
    }
    for place in map.places { visit(place.items, place.isBuiltIn, false) }
    return (all, attracting)
  }
}
