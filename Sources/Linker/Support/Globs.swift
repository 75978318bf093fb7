// Patterns of scripts and options, over the names of mapped files.

internal import ELF
internal import Text

extension Glob {
  /// A pattern of a script.
  init(_ pattern: ByteView) { self.init(pattern.buffer, .shell) }

  /// For patterns of our own and options.
  init(_ pattern: String) { self.init(pattern.utf8, .shell) }

  func matches(_ text: ByteView) -> Bool { text.withSpan { matches($0) } }

  func matches(_ text: String) -> Bool { matches(Array(text.utf8).span) }

  /// Whether `pattern` has a `*`, `?` or `[` that no backslash protects. Without one it is an
  /// exact name, even for GNU ld's precedence.
  static func hasWildcard(_ pattern: ByteView) -> Bool {
    var offset = 0
    while offset < pattern.count {
      switch pattern[offset] {
      case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["): return true
      case UInt8(ascii: "\\"): offset += 2
      default: offset += 1
      }
    }
    return false
  }
}
