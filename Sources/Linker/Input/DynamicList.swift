// Dynamic lists: the symbols that an executable exports, or that a library lets others replace.
//
//     { malloc; operator_*; extern "C++" { "lib::hook()"; lib::plugin::*; }; };
//
// The grammar is that of one anonymous version node without `global:` and `local:`; several lists
// in one file add up. (GNU ld manual, "--dynamic-list".)

internal import ELF

struct DynamicList: Sendable {
  /// In the order of the file.
  private(set) var patterns: [VersionPattern] = []

  /// Parses a dynamic list. Like a version script, it may be empty.
  init(_ bytes: ByteView) throws(TextError) {
    var scanner = try ScriptScanner(bytes)
    while !scanner.isAtEnd {
      if try scanner.take(";") { continue }
      let start = scanner
      guard try scanner.take("{") else {
        throw start.error("expected '{' at the beginning of a dynamic list, found \(start.found)")
      }
      var found: [VersionPattern] = []
      try VersionScript.parsePatterns(&scanner, start, .c, depth: 0) { (item) throws(TextError) in
        guard case .pattern(let pattern) = item else {
          throw start.error(
            "'global:' and 'local:' cannot stand in a dynamic list; use --version-script for them")
        }
        found.append(pattern)
      }
      try scanner.expect(";", "after the '}' of a dynamic list")
      patterns += found
    }
  }
}
