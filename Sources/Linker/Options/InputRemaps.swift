// --remap-inputs: other files in the place of inputs, told by the path as it was found.
//
// Exact paths count before patterns, and patterns in their order. `/dev/null` stands for an empty file.

internal import Text

struct InputRemaps: Sendable, Equatable {
  private struct Pattern: Sendable, Equatable {
    let text: String
    let path: String
  }

  private var exact: [String: String] = [:]
  private var patterns: [Pattern] = []

  var isEmpty: Bool { exact.isEmpty && patterns.isEmpty }

  /// The first that is said of a path counts.
  mutating func add(_ pattern: String, _ path: String) {
    if pattern.contains(where: { "*?[\\".contains($0) }) {
      patterns.append(Pattern(text: pattern, path: path))
    } else if exact[pattern] == nil {
      exact[pattern] = path
    }
  }

  /// What is read where the link asks for `path`.
  func path(for path: String) -> String {
    if isEmpty { return path }
    if let other = exact[path] { return other }
    return patterns.first { Glob($0.text).matches(path) }?.path ?? path
  }
}

extension CommandLineParser {
  /// --remap-inputs.
  mutating func addRemap(_ use: OptionUse) {
    guard let (pattern, path) = splitAssignment(use) else { return }
    options.remaps.add(pattern, path)
  }

  /// --remap-inputs-file: `PATTERN=FILE` or `PATTERN FILE` on each line, `#` begins a comment.
  mutating func addRemaps(_ use: OptionUse) {
    for (number, line) in readLines(use) {
      let text = line.prefix { $0 != "#" }
      let words = text.split { $0 == "=" || $0.isWhitespace }.map(String.init)
      if words.isEmpty { continue }
      guard words.count == 2 else {
        error(.badRemapLine(use.text, line: number))
        continue
      }
      options.remaps.add(words[0], words[1])
    }
  }
}

extension Message {
  static func badRemapLine(_ path: String, line: Int) -> Message {
    Message("badRemapLine", "\(path):\(line): expected PATTERN=FILE")
  }
}
