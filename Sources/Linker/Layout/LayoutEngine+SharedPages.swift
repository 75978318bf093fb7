// Segments of a map that stand on one page.
//
// A system maps whole pages (gABI, "Program Loading"), and of two PT_LOADs on one page the later
// decides what may be done with it. So a `segment` whose neighbour has other rights and begins on its
// last page would lose its own there: code that cannot be executed, say. (Loads.swift makes one
// PT_LOAD of two that share a page, but a map promises that its segments are two.)

internal import ELF
internal import MapLang
internal import Text

extension LayoutEngine {
  // MARK: SM304

  mutating func checkPages() {
    let page = layout.mappedPageSize
    guard page > 1, !options.omagic else { return }
    let loaded = things.filter { thing in
      let isLoaded = thing.output.map { !layout.outputs[$0.index].isNotLoaded } ?? thing.isHeaders
      return isLoaded && thing.size > 0 && takesAddresses(thing)
        && !memories[thing.memory].overflows
    }.sorted { $0.address < $1.address }
    for (first, second) in zip(loaded, loaded.dropFirst()) {
      guard first.segment != second.segment, isSegment(first) || isSegment(second),
        first.access != second.access
      else { continue }
      let end = first.address.addingSaturated(first.size)
      // What overlaps was reported.
      guard end <= second.address, (end - 1) / page == second.address / page else { continue }
      let shared = second.address / page * page
      let later = name(ofSegment: second) ?? name(ofSegment: first)
      diagnostics.append(
        MapDiagnostic(
          .overlap,
          "'\(name(first))' (\(first.access.text)) and '\(name(second))' (\(second.access.text)) "
            + "share the page at \(hexadecimal(shared)), and a page has the rights of one segment",
          at: position(second) ?? position(first),
          notes: position(second) == nil
            ? [] : position(first).map { [MapDiagnostic.Note("the other one", at: $0)] } ?? [],
          help: "begin \(later.map { "segment '\($0)'" } ?? "the later one") at a multiple of "
            + "\(byteCount(page))"))
    }
  }

  /// Whether it belongs to a segment that is exactly one PT_LOAD.
  private func isSegment(_ thing: Placed) -> Bool { thing.isWholeSegment && thing.segment != nil }

  private func name(ofSegment thing: Placed) -> String? {
    thing.segment.flatMap { segment($0)?.name }
  }
}
