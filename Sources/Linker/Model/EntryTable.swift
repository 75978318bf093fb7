// The few symbols that have entries in tables of the output: of the GOT, the PLT, `.dynsym`; or copies.
//
// Most symbols have none, so the entries are records in a list, and a symbol leads to its record
// through a column that is zero for all others (its untouched pages cost nothing).

/// The entries of one symbol; -1 where it has none. Counts are in entries, not bytes.
struct SymbolEntries: BitwiseCopyable, Sendable {
  var symbol: SymbolID
  /// Index of an 8-byte entry of `.got`.
  var got: Int32 = -1
  var gotTP: Int32 = -1
  var negatedGOTTP: Int32 = -1
  /// First of two entries.
  var tlsGD: Int32 = -1
  /// First of two entries.
  var tlsDesc: Int32 = -1
  /// Index of an entry of `.plt` (and `.got.plt`).
  var plt: Int32 = -1
  /// Index of an entry of `.plt.got`.
  var pltGOT: Int32 = -1
  /// Index of the code that changes the state on the way to it.
  var veneer: Int32 = -1
  /// Index in `.dynsym`.
  var dynamicSymbol: Int32 = -1
  /// Index in `Selection.copies`: the object that stands in for a library's.
  var copyIndex: Int32 = -1
}

struct EntryTable: @unchecked Sendable {
  // Sendable: filled serially, read afterwards.
  /// Position in `records` plus 1; 0: no record.
  private(set) var positions: Column<SymbolID, UInt32>
  var records: [SymbolEntries] = []

  init() { positions = Column(count: 0) }

  init(symbolCount: Int) { positions = Column(count: symbolCount) }

  @inline(__always) func record(_ symbol: SymbolID) -> SymbolEntries? {
    let position = positions[symbol]
    return position == 0 ? nil : records[Int(position) - 1]
  }

  /// The index of the symbol's record, made if it has none.
  mutating func index(making symbol: SymbolID) -> Int {
    if positions[symbol] == 0 {
      records.append(SymbolEntries(symbol: symbol))
      positions[symbol] = UInt32(records.count)
    }
    return Int(positions[symbol]) - 1
  }
}

/// Entries of the GOT and the PLT, by count.
struct GOTPlan: Sendable {
  /// Words of `.got`.
  var entryCount = 0
  /// The pair for the module's own TLS block; -1: none.
  var moduleBase: Int32 = -1
  /// Symbols with an entry in `.plt`, in order: imported ones, then IFUNCs.
  var pltSymbols: [SymbolID] = []
  /// How many of them are imported.
  var lazyCount = 0
  var pltGOTCount = 0
  var veneerCount = 0
  /// The veneer that calls thread-local descriptors; -1: none.
  var tlsTrampoline: Int32 = -1
}

/// An object of a shared library that is copied into the program.
struct CopiedObject: Sendable {
  let symbol: SymbolID
  let size: UInt64
  let alignment: UInt64
  let isReadOnly: Bool
  var offset: UInt64 = 0
}
