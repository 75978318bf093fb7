// The order of the parts of output sections as options want it: --shuffle-sections and --reverse-sections,
// call profiles (SortByCalls), --section-ordering-file, --symbol-ordering-file. Each goes before what
// comes earlier here.
//
// A section map says the order by itself, so these options exclude one.

internal import CShims
internal import Text

extension Options {
  /// The first of these options, as users write it.
  var sectionOrdering: String? {
    if symbolOrderingFile != nil { return "--symbol-ordering-file" }
    if sectionOrderingFile != nil { return "--section-ordering-file" }
    if callGraphOrderingFile != nil { return "--call-graph-ordering-file" }
    guard let shuffle = shuffleSections.first else { return nil }
    return shuffle.order == .reversed ? "--reverse-sections" : "--shuffle-sections"
  }
}

extension Selection {
  /// Tables and code whose order means something.
  private static let fixed: Set<String> = [
    ".init", ".fini", ".preinit_array", ".init_array", ".fini_array", ".ctors", ".dtors",
  ]

  func orderSections() {
    let options = inputs.options
    let byCalls = callOrder()
    guard options.sectionOrdering != nil || !byCalls.isEmpty else { return }
    let bySymbol = inputs.requests.symbolOrder.map { positions(in: $0) }
    if options.warnSymbolOrdering, let path = options.symbolOrderingFile {
      for symbol in bySymbol?.unknown ?? [] { inputs.log.warning(.nothingToOrder(symbol, path)) }
    }
    let byName = inputs.requests.sectionOrder.map { Glob($0.utf8, .shell) }
    var shuffles = options.shuffleSections.map { SectionShuffler($0) }
    for index in outputs.indices where !Selection.fixed.contains(outputs[index].name) {
      // What the linker makes, such as the table of copies, stays where it is.
      let places = outputs[index].members.indices.filter { mayMove(outputs[index].members[$0]) }
      guard places.count > 1 else { continue }
      var members = places.map { outputs[index].members[$0] }
      for shuffle in shuffles.indices { shuffles[shuffle].shuffle(&members) { sectionName($0) } }
      if !byCalls.isEmpty { moveToFront(&members) { byCalls[$0] } }
      if !byName.isEmpty {
        moveToFront(&members) { id in
          let name = Array(sectionName(id).utf8)
          return byName.firstIndex { $0.matches(name.span) }
        }
      }
      if let bySymbol { moveToFront(&members) { bySymbol.positions[$0] } }
      for (place, member) in zip(places, members) { outputs[index].members[place] = member }
    }
  }

  private func mayMove(_ id: SectionID) -> Bool {
    let kind = sections[id].kind
    return kind.contains(.alloc) && kind.isDisjoint(with: [.synthetic, .mergedGroup])
  }
}

/// One request of --shuffle-sections.
private struct SectionShuffler {
  private let glob: Glob
  private let order: SectionShuffle.Order
  private var state: UInt64 = 0

  init(_ shuffle: SectionShuffle) {
    glob = Glob(shuffle.pattern.utf8, .shell)
    order = shuffle.order
    switch order {
    case .seeded(let seed): state = seed
    case .random: withUnsafeMutableBytes(of: &state) { _ = swold_random($0.baseAddress!, 8) }
    case .reversed: break
    }
  }

  /// Changes the order of the members that the pattern names, among their own places.
  mutating func shuffle(_ members: inout [SectionID], _ name: (SectionID) -> String) {
    let places = members.indices.filter {
      let name = Array(name(members[$0]).utf8)
      return glob.matches(name.span)
    }
    var chosen = places.map { members[$0] }
    if order == .reversed {
      chosen.reverse()
    } else {
      for last in stride(from: chosen.count - 1, to: 0, by: -1) {
        chosen.swapAt(last, Int(next() % UInt64(last + 1)))
      }
    }
    for (place, member) in zip(places, chosen) { members[place] = member }
  }

  /// SplitMix64 (Steele, Lea and Flood, 2014): the same order on every machine.
  private mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
