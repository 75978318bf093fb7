// Small text files that say one thing on each line, and whose mistakes are told by line.

/// The lines of a text, empty ones too, with their numbers from 1.
func numberedLines(_ text: String) -> [(number: Int, text: Substring)] {
  text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
    .map { ($0.offset + 1, $0.element) }
}

extension CommandLineParser {
  /// The lines of the file that an option names; none if it cannot be read, which is reported.
  mutating func readLines(_ use: OptionUse) -> [(number: Int, text: Substring)] {
    switch environment.read(use.text) {
    case .success(let bytes): return numberedLines(String(decoding: bytes, as: UTF8.self))
    case .failure(let failure):
      error(.cannotOpen(use.text, failure.reason))
      return []
    }
  }
}
