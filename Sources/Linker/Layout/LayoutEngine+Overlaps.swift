// SM304: what overlaps, where it runs or where it is stored.
//
// Only items of one overlay share their run addresses, because the map says so.

internal import ELF
internal import MapLang
internal import Text

extension LayoutEngine {
  /// What may overlap for one reason: two memories, or two things in one memory.
  private struct OverlapCause: Hashable {
    var memories: [Int]
    var things: [SourcePosition?]
  }

  private func cause(_ first: Placed, _ second: Placed) -> OverlapCause {
    if first.memory != second.memory {
      return OverlapCause(memories: [first.memory, second.memory].sorted(), things: [])
    }
    let positions = [position(first), position(second)]
    return OverlapCause(
      memories: [first.memory],
      things: positions.sorted {
        ($0?.file ?? 0, $0?.offset ?? 0) < ($1?.file ?? 0, $1?.offset ?? 0)
      })
  }

  /// Once for each cause: of two places that overlap, the first two of their sections are named; and
  /// what overlaps where it runs is not told again where it is stored.
  mutating func checkOverlaps() {
    let sized = things.filter {
      $0.size > 0 && takesAddresses($0) && !memories[$0.memory].overflows
    }
    var causes: Set<OverlapCause> = []
    let running = sized.filter { $0.image == nil }
    for (first, second) in overlaps(running.map { ($0, $0.address) })
    where !areOverlaid(first, second) && causes.insert(cause(first, second)).inserted {
      report(first, second, "run addresses", \.address)
    }
    let stored = sized.filter { thing in
      guard let id = thing.output else { return thing.isHeaders }
      return layout.outputs[id.index].hasBytes
    }
    for (first, second) in overlaps(stored.map { ($0, $0.loadAddress) })
    where
      (first.loadAddress != first.address || second.loadAddress != second.address
      || areOverlaid(first, second)) && causes.insert(cause(first, second)).inserted
    {
      report(first, second, "load addresses", \.loadAddress)
    }
  }

  /// Whether two things share their run addresses because the map says so.
  private func areOverlaid(_ first: Placed, _ second: Placed) -> Bool {
    guard let one = first.overlay, let other = second.overlay else { return false }
    return one.position == other.position && one.item != other.item
  }

  private func overlaps(_ ranges: [(Placed, UInt64)]) -> [(Placed, Placed)] {
    let sorted = ranges.sorted { $0.1 < $1.1 }
    var result: [(Placed, Placed)] = []
    var top: (thing: Placed, end: UInt64)?
    for (thing, start) in sorted {
      let end = start.addingSaturated(thing.size)
      if let top, start < top.end { result.append((top.thing, thing)) }
      if top == nil || end > top!.end { top = (thing, end) }
    }
    return result
  }

  private mutating func report(
    _ first: Placed, _ second: Placed, _ what: String, _ address: KeyPath<Placed, UInt64>
  ) {
    // The later of the two in the text is the one to look at.
    var (earlier, later) = (first, second)
    if let a = position(first), let b = position(second), (a.file, a.offset) > (b.file, b.offset) {
      swap(&earlier, &later)
    }
    func range(_ thing: Placed) -> String {
      let start = thing[keyPath: address]
      return "'\(name(thing))' \(hexadecimal(start))..\(hexadecimal(start &+ thing.size))"
    }
    diagnostics.append(
      MapDiagnostic(
        .overlap, "\(what) overlap: \(range(later)) and \(range(earlier))",
        at: position(later) ?? position(earlier),
        notes: position(later) == nil
          ? []
          : position(earlier).map { [MapDiagnostic.Note("the other one", at: $0)] } ?? [],
        help: areOverlaid(first, second) && what == "load addresses"
          ? "what has bytes in an overlay needs a place to be stored: 'load in REGION;'" : nil))
  }
}
