// The inputs of a link, in the order in which the command line names them.
//
// Options such as --as-needed and --whole-archive are switches: they hold for the inputs behind
// them, until the next switch or --pop-state. So the parser takes a snapshot of the switches for
// each input, and nobody has to replay the command line afterwards.

/// The switches that held where an input was named.
struct InputSwitches: Sendable, Hashable {
  /// --as-needed: a shared library gets its DT_NEEDED only if something uses it.
  var asNeeded = false
  /// --whole-archive: all members of an archive take part.
  var wholeArchive = false
  /// -Bstatic, -static, -n, -N: `-l` finds archives only, and a shared library named by path is
  /// refused.
  var isStatic = false
  /// --start-lib: an object takes part only if it is needed, as if it were in an archive.
  var inLibrary = false
  /// -b binary: the file is raw data and becomes a `.data` section with `_binary_…` symbols.
  var isBinary = false
}

/// One input as the command line names it.
struct InputArgument: Sendable, Hashable {
  enum Source: Sendable, Hashable {
    /// A path; whether it is an object, an archive, a shared library or a script shows its content.
    case file(String)
    /// The name behind `-l`, to be searched along `Options.libraryPaths`: `m` means `libm.so` or
    /// `libm.a`; with a leading colon (`:libm.a`) it is the file name itself.
    case library(String)
    /// The script behind `-T`. Searched like a file, then along the library paths.
    case script(String)
    /// -( and -): nothing to do, because archives are searched until nothing is missing anyway.
    case startGroup
    case endGroup
    /// --just-symbols, or `-R` with a file: only the symbols and their addresses count.
    case justSymbols(String)
  }

  var source: Source
  var switches = InputSwitches()
  /// The place in the expanded list of arguments (0 is the first behind the program's name). Inputs
  /// are in rising order, and a later one has lower priority.
  var position: Int
}
