// Who swold says it is.
//
// The exact text of the version line decides how libtool, meson, the configure script of glibc,
// CMake and the Linux kernel treat a linker. libtool takes a blank followed by `0.` or `1.` for the
// version of an ancient GNU ld, hence the hyphen; glibc wants a version of GNU ld that is recent;
// meson and others want the word GNU, but not at the beginning. The kernel and CMake know only
// lines that begin with `GNU ld`: for them there is a second form, on request.

enum Identification: Sendable, Hashable {
  case swold
  /// --identify-as=gnu, or SWOLD_IDENTIFY_AS=gnu in the environment.
  case gnu

  static var version: String { "0.1.0" }

  /// The first line of --version; also the text in `.comment` of all outputs, in the form `swold`.
  var line: String {
    switch self {
    case .swold: "swold-\(Self.version) (compatible with GNU ld 2.40)"
    case .gnu: "GNU ld (swold \(Self.version)) 2.40"
    }
  }

  /// What -V adds.
  static var emulations: String {
    "  Supported emulations:\n" + Machine.emulations.map { "   \($0)\n" }.joined()
  }
}
