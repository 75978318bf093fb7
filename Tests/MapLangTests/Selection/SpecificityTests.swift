// The relation ⊑ between patterns: sound, reflexive, transitive; and what the reference says of it.

import Testing
import Text

@testable import MapLang

@Suite struct SpecificityTests {
  private static func glob(_ text: String) -> Glob { Glob(text.utf8) }

  @Test(arguments: [
    ("*", ".text", true), (".text*", ".text.*", true), (".text.*", ".text*", false),
    (".t?xt", ".text", true), (".t[aeiou]xt", ".text", true), (".t[!a]xt", ".t[ef]xt", true),
    (".t[!a]xt", ".t?xt", false), ("*a*", "*ba*", true), ("a**b", "a*b", true),
    ("*?", "?*", true), ("?*", "*?", true), ("", "", true), ("*", "", true), ("", "*", false),
    ("[a]", "a", true), ("a", "[a]", true), ("[", "[", true),
  ])
  func covers(wide: String, narrow: String, expected: Bool) {
    #expect(Self.glob(wide).covers(Self.glob(narrow)) == expected)
    #expect(
      Text.covers(wide, narrow, literalQ: false, literalP: false) == expected || wide == "[")
  }

  private static func randomGlob(_ random: inout TestRandom) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...5, using: &random) {
      text += ["a", "b", "*", "?", "[ab]", "[!a]", "[a-c]", "c"].randomElement(using: &random)!
    }
    return text
  }

  private static func names() -> [[UInt8]] {
    var names: [[UInt8]] = [[]]
    var last: [[UInt8]] = [[]]
    for _ in 0..<5 {
      last = last.flatMap { name in [0x61, 0x62, 0x63].map { name + [$0] } }
      names += last
    }
    return names
  }

  @Test func soundReflexiveAndTransitive() throws {
    var random = TestRandom(5)
    let names = Self.names()
    var claims = 0
    for _ in 0..<GrammarTests.count(400) {
      let texts = (0..<3).map { _ in Self.randomGlob(&random) }
      let globs = texts.map(Self.glob)
      for glob in globs { try #require(glob.covers(glob)) }
      if globs[0].covers(globs[1]) {
        claims += 1
        for name in names where globs[1].matches(name) {
          try #require(globs[0].matches(name), "\(texts[0]) does not cover \(texts[1])")
        }
        if globs[1].covers(globs[2]) { try #require(globs[0].covers(globs[2]), "\(texts)") }
      }
      for (text, glob) in zip(texts, globs) {
        for name in names.prefix(100) {
          let expected = Text.matches(Text.tokens(text)[...], name[...])
          try #require(glob.matches(name) == expected, "\(text) \(name)")
        }
      }
      try #require(
        globs[0].covers(globs[1])
          == Text.covers(texts[0], texts[1], literalQ: false, literalP: false), "\(texts)")
    }
    #expect(claims > 20)
  }

  @Test func witnessesMatchBoth() throws {
    var random = TestRandom(6)
    let names = Self.names()
    for _ in 0..<300 {
      let (a, b) = (Self.glob(Self.randomGlob(&random)), Self.glob(Self.randomGlob(&random)))
      if let witness = a.witness(with: b) {
        try #require(a.matches(witness) && b.matches(witness))
      } else {
        for name in names { try #require(!(a.matches(name) && b.matches(name))) }
      }
    }
  }

  private func isWithin(_ p: FilePattern, _ q: FilePattern) -> Bool {
    CompiledFilePattern(p).isAtLeastAsSpecific(as: CompiledFilePattern(q))
  }

  @Test func filePatterns() {
    func object(_ name: String) -> FilePattern { .object(name, isLiteral: false) }
    func archive(_ name: String, _ member: String) -> FilePattern {
      .archive(name, member: member, isLiteral: false)
    }
    #expect(isWithin(object("d/a.o"), object("a.o")))
    #expect(!isWithin(object("a.o"), object("d/a.o")))
    #expect(isWithin(archive("lib.a", "a.o"), object("*.o")))
    #expect(isWithin(archive("lib.a", "a.o"), archive("*.a", "")))
    #expect(isWithin(archive("x/lib.a", ""), archive("lib.a", "*")))
    #expect(!isWithin(object("a.o"), archive("", "")))
    #expect(isWithin(archive("", "a.o"), archive("", "")))
    #expect(!isWithin(archive("", "a.o"), archive("lib.a", "")))
    #expect(isWithin(.linker, .any))
    #expect(!isWithin(.any, .linker))
    #expect(!isWithin(.any, object("*")))
  }

  /// Every claim about selectors holds for the reference matcher's view of files and names.
  @Test func selectorsAgreeWithTheReference() throws {
    var random = TestRandom(9)
    for _ in 0..<60 {
      let map = try compiled(MatcherTests.randomMap(&random))
      let selectors = map.rules.flatMap(\.selectors)
      for p in selectors {
        for q in selectors {
          let relation = SelectorRelation(p, q)
          try #require(relation.firstIsWithinSecond == Order.isWithin(p, q), "\(p) \(q)")
        }
      }
    }
  }
}

extension Glob {
  fileprivate func matches(_ text: [UInt8]) -> Bool { matches(text.span) }
}
