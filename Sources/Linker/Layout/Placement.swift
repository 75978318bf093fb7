// What a round of placement says: where everything is.
//
// The engine returns it and keeps nothing; here the layout takes it over.

internal import MapLang

struct Placement {
  /// By address.
  var placed: [LayoutEngine.Placed]
  /// The room that `reserve` took.
  var reserves: [LayoutEngine.Placed]
  var memories: [MemoryRegion]
  var headersAddress: UInt64?
  /// End of PT_GNU_RELRO; 0: there is none.
  var relroEnd: UInt64
  /// The bounds of blocks and regions, by name.
  var symbols: [String: DefinedSymbolValue]
  /// Contents of sections for which their address matters.
  var contents: [OutputID: SectionContents]
  var problems: [MapDiagnostic]
}

extension Layout {
  func adopt(_ placement: Placement) {
    placed = placement.placed
    reserves = placement.reserves
    memories = placement.memories
    headersAddress = placement.headersAddress
    relroEnd = placement.relroEnd
    definedSymbols = placement.symbols
    layoutProblems = placement.problems
    for (id, measured) in placement.contents { adopt(measured, id) }
    for thing in placed {
      guard let index = thing.output?.index else { continue }
      outputs[index].address = thing.address
      outputs[index].loadAddress = thing.loadAddress
      outputs[index].isStoredApart = thing.isStoredApart
      outputs[index].isRelro = thing.isRelro
    }
  }
}
