// Overlays: items that share their run addresses, one at a time.
//
// Each item begins where the overlay does, and the flow goes on behind the longest. Where their bytes
// are stored tells them apart; somebody copies the one that is wanted.

internal import ELF
internal import MapLang

extension LayoutEngine {
  mutating func walkOverlay(_ overlay: Group, _ context: PlaceContext) {
    let outer = overlayLoad
    overlayLoad = overlay.load.map { ($0, overlay.loadAlign) } ?? outer
    defer { overlayLoad = outer }
    let before = flow
    flow.cursor = commonStart(of: overlay, context)
    let start = flow.cursor
    var end = start
    for (number, item) in overlay.items.enumerated() {
      // What stood before the overlay decides about pages; the first item does, for the others.
      flow = number == 0 ? before : flow
      flow.cursor = start
      let first = things.count
      if overlayLoad != nil, case .group(let group) = item, group.load == nil {
        var stored = group
        (stored.load, stored.loadAlign) = (overlayLoad?.load, overlayLoad?.align)
        walk([.group(stored)], context)
      } else {
        walk([item], context)
      }
      end = max(end, flow.cursor)
      for index in first..<max(first, things.count) {
        things[index].overlay = (overlay.position, number)
        if things[index].image == nil { things[index].key = start }
      }
    }
    flow.cursor = end
  }

  /// The lowest address at which every item of an overlay can begin.
  private func commonStart(of overlay: Group, _ context: PlaceContext) -> UInt64 {
    var start = flow.cursor
    // Each round moves the start behind one obstacle or to one alignment.
    for _ in 0...overlay.items.count + memories[memory].obstacles.count {
      var highest = start
      for item in overlay.items {
        var trial = self
        trial.isTrial = true
        trial.flow.cursor = start
        trial.blocks = [[]]
        trial.walk([item], context)
        if let first = trial.start(trial.blocks[0]) { highest = max(highest, first) }
      }
      if highest == start { break }
      start = highest
    }
    return start
  }
}
