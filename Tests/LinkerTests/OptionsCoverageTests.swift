// Every option that does something is tried by some test.

import Testing
import _TestSupport

@testable import Linker

@Suite struct OptionsCoverageTests {
  private static let notBuilt: Set<String> = Set(
    (OptionTable.sections.flatMap(\.rows) + OptionTable.keywords)
      .filter { $0.support == .notBuilt }.flatMap(\.names))

  /// A negation is the same row of the source, and what would be the opposite of something that is not
  /// built is so anyway.
  private static func isTriedWithOthers(_ row: OptionRow) -> Bool {
    let name = row.names[0]
    return row.help.hasPrefix("The opposite of")
      || notBuilt.contains { name == "no-" + $0 || name == "no" + $0 }
  }

  @Test func everyOptionIsUsedByATest() throws {
    let words = try UsedWords()
    var missing: [String] = []
    for row in OptionTable.sections.flatMap(\.rows) where row.support == .supported {
      if Self.isTriedWithOthers(row) { continue }
      if !row.names.contains(where: { words.hasOption($0, row.form) }) {
        missing.append("--\(row.names[0])")
      }
    }
    for row in OptionTable.keywords where row.support == .supported {
      if Self.isTriedWithOthers(row) { continue }
      if !row.names.contains(where: { words.all.contains($0) }) {
        missing.append("-z \(row.names[0])")
      }
    }
    #expect(missing.isEmpty, "no test uses \(missing.joined(separator: ", "))")
  }
}

/// The words of the end-to-end cases and of the tests of the linker.
private struct UsedWords {
  /// Without dashes: those that follow one or two.
  private(set) var options: Set<String> = []
  private(set) var all: Set<String> = []

  /// A value that is glued on is part of the word: `lto-O2`.
  func hasOption(_ name: String, _ form: ArgumentForm) -> Bool {
    form == .glued ? options.contains { $0.hasPrefix(name) } : options.contains(name)
  }

  init() throws {
    for folder in ["Tests/EndToEndTests", "Tests/LinkerTests"] {
      for path in SourceTree.files(below: folder) {
        add(Array(try #require(SourceTree.text(of: path)).utf8))
      }
    }
  }

  private mutating func add(_ text: [UInt8]) {
    var start = 0
    while start < text.count {
      guard isWord(text[start]) else {
        start += 1
        continue
      }
      var end = start
      while end < text.count && (isWord(text[end]) || text[end] == UInt8(ascii: "-")) { end += 1 }
      let word = String(decoding: text[start..<end], as: UTF8.self)
      all.insert(word)
      if start > 0 && text[start - 1] == UInt8(ascii: "-") {
        options.insert(word)
        options.insert(String(word.prefix(1)))  // -lfoo
      }
      start = end
    }
  }

  private func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"):
      true
    default: false
    }
  }
}
