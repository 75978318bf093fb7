// Which files a linker takes together that looks at each archive once, in the order of the command line:
// for --warn-backrefs.

struct InputGroups {
  /// For each row its group.
  private var groups: [UInt32] = []
  private var current: UInt32 = 1
  private var isOpen = false
  private var wasInLibrary = false

  /// Counts the rows that an input has added. A group ends with every input, but for those between
  /// --start-group and --end-group, or --start-lib and --end-lib.
  mutating func count(_ input: InputArgument, rows: Int) {
    if wasInLibrary && !input.switches.inLibrary && !isOpen { current += 1 }
    wasInLibrary = input.switches.inLibrary
    groups += Array(repeating: current, count: rows - groups.count)
    switch input.source {
    case .startGroup: isOpen = true
    case .endGroup: isOpen = false
    default: break
    }
    if !isOpen && !input.switches.inLibrary { current += 1 }
  }

  /// The groups of all files. Those that no input has added come last, the linker's own first.
  func list(rows: Int) -> [UInt32] {
    groups + Array(repeating: current, count: rows - groups.count) + [0]
  }
}
