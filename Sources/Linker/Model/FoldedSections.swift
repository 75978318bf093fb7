// Sections that are not in the output because another one, which is, has the same content (--icf).
//
// A folded section is not live. Its symbols are defined in the section that stands for it, at the same
// offsets; `Selection.definingSection` says so. So whatever asks where a symbol is needs not know that
// anything was folded; only debug information, which would describe one piece of code twice, does.

struct FoldedSections: Sendable {
  /// For each folded section the one that stands for it; none: it was not folded. Empty if nothing was.
  private let representatives: Column<SectionID, SectionID>
  /// For each symbol whether the section that it was defined in was folded.
  private let symbols: Column<SymbolID, Bool>
  /// How many sections were folded, and their bytes.
  private(set) var count = 0
  private(set) var size: UInt64 = 0

  /// Nothing.
  init() {
    representatives = Column(count: 0)
    symbols = Column(count: 0)
  }

  init(sectionCount: Int, symbolCount: Int) {
    representatives = Column(count: sectionCount)
    symbols = Column(count: symbolCount)
  }

  var isEmpty: Bool { count == 0 }

  /// What stands for a section that was folded; nil: it was not.
  func representative(of id: SectionID) -> SectionID? {
    guard count > 0, representatives[id] != .none else { return nil }
    return representatives[id]
  }

  /// By symbol: whether its section was folded; nil if none was.
  var foldedSymbols: Column<SymbolID, Bool>? { isEmpty ? nil : symbols }

  mutating func add(_ id: SectionID, to representative: SectionID, size: UInt64) {
    representatives[id] = representative
    count += 1
    self.size += size
  }

  /// For passes that own the row.
  func noteSymbol(_ row: SymbolID) { symbols[row] = true }
}
