// What a run intends to change. The verbs fill it in when they plan, the verification compares
// the two images with it, and the two must agree to the byte: a change that is not planned is a
// bug, and nothing is written.

/// The union of all planned changes.
struct Plan {
  /// Virtual addresses whose bytes may change.
  var loaded = RangeSet()
  /// Virtual addresses that come into being.
  var grown = RangeSet()
  /// New load addresses, by the virtual address at which a segment begins.
  var loadAddresses: [UInt64: UInt64] = [:]
  /// By how many bytes segments move in the file, by the same.
  var fileShifts: [UInt64: UInt64] = [:]
  /// Segments whose alignment becomes that of a page, by the same.
  var loweredAlignments: Set<UInt64> = []
  /// Program headers that another one makes needless, and that have become something else.
  var freedHeaders: [Segment] = []
  /// What stood behind the program header table and now stands elsewhere.
  var moved: [MovedRange] = []
  /// Sections whose contents may change, by name.
  var contents: Set<String> = []
  /// Sections whose flags, size or alignment may change.
  var headers: Set<String> = []
  var added: Set<String> = []
  var removed: Set<String> = []
  /// Names of `.symtab` and `.dynsym` that may come, go or change; nil: any.
  var symbols: Set<String>? = []
  /// Dynamic symbols that lose their version.
  var unversioned: Set<String> = []
  /// What planned tags and needed versions may name beside what they named before.
  var strings: Set<String> = []
  /// Dynamic tags that may change.
  var tags: Set<Int64> = []
  var entry = false
  /// PT_GNU_STACK may come.
  var stack = false
  /// Where the dynamic symbols have gone: their new number, by the old one. Nil: nowhere.
  var dynamicSymbols: [Int]?
  var buildID = false
  var interpreter = false
  var dropsOverlay = false

  /// Where an address of a section of the original is now.
  func newAddress(of address: UInt64, in section: Range<UInt64>) -> UInt64 {
    moved.first { $0.holds(section) }?.moved(address) ?? address
  }
}
