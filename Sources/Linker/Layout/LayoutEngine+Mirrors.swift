// Regions that are one memory at several addresses: what one has taken, the others have not.

import MapLang

extension LayoutEngine {
  mutating func findMirrors() {
    guard map.regions.contains(where: { $0.mirrors != nil }) else { return }
    let origins = map.regions.enumerated().map { $1.mirrors?.index ?? $0 }
    mirrors = origins.indices.map { own in
      origins.indices.compactMap { other in
        guard other != own, origins[other] == origins[own] else { return nil }
        return (other, map.regions[other].at &- map.regions[own].at)
      }
    }
  }

  /// The other addresses of a memory.
  private func others(_ memory: Int) -> [(memory: Int, distance: UInt64)] {
    memory < mirrors.count ? mirrors[memory] : []
  }

  /// Addresses that flows go around from now on.
  mutating func add(_ obstacle: Obstacle, to memory: Int) {
    memories[memory].add(obstacle)
    for (other, distance) in others(memory) {
      var mirrored = obstacle
      mirrored.start = obstacle.start &+ distance
      mirrored.end = obstacle.end &+ distance
      memories[other].add(mirrored)
    }
  }

  /// The flows of the other addresses go on where this one stands.
  mutating func shareFlow(of memory: Int) {
    for (other, distance) in others(memory) {
      let cursor = memories[memory].flow.cursor &+ distance
      memories[other].flow.cursor = max(memories[other].flow.cursor, cursor)
    }
  }
}
