// Words and patterns that several libraries share. What patterns mean in scripts is in LinkerTests,
// how they compare with each other in MapLangTests.

internal import Testing
internal import Text

@Suite struct TextTests {
  @Test func nearestNames() {
    #expect(nearestName(to: "BSAE", among: ["BASE", "OTHER"]) == "BASE")
    #expect(nearestName(to: "flash", among: ["ram"]) == nil)
    #expect(nearestName(to: "stak_size", among: ["heap_size", "stack_size"]) == "stack_size")
  }

  @Test func nearestNamesAreNearAndOther() {
    #expect(nearestName(to: "stack", among: ["stack"]) == nil)
    // The first of equals; a nearer one behind them wins.
    #expect(nearestName(to: "stack", among: ["stacks", "stock"]) == "stacks")
    #expect(nearestName(to: "section", among: ["sectiom1", "sections"]) == "sections")
    // Three edits at most, however long the word is.
    #expect(nearestName(to: "a_very_long_name", among: ["a_VERY_long_name"]) == nil)
    #expect(nearestName(to: "a_very_long_name", among: ["a_VERy_long_name"]) != nil)
  }

  @Test(arguments: [
    ("a[b]c", "abc", [false, true, true]), ("a[b]c", "a[b]c", [true, false, false]),
    ("[^a]", "b", [false, false, true]), ("[^a]", "^", [false, true, true]),
    ("a\\*", "a*", [false, false, true]), ("a\\*", "a\\b", [true, true, false]),
    ("[[:digit:]]", "7", [false, false, true]), ("[[:digit:]]", "d]", [false, true, false]),
    ("a?*", "a", [false, false, false]), ("a*?", "ab", [true, true, true]),
  ])
  func patternsMeanWhatTheirLanguageSays(pattern: String, text: String, expected: [Bool]) {
    let answers = [Glob.Syntax.wildcards, .map, .shell].map {
      Glob(pattern.utf8, $0).matches(Array(text.utf8).span)
    }
    #expect(answers == expected)
  }

  @Test func equalMeaningsHaveEqualTokens() {
    #expect(Glob("a***".utf8, .map) == Glob("a*".utf8, .map))
    #expect(Glob("a*?*?".utf8, .map) == Glob("a??*".utf8, .map))
    #expect(Glob("[a].b".utf8, .shell) == Glob(literal: "a.b".utf8))
    #expect(Glob("[!]".utf8, .map) == Glob(literal: "[!]".utf8))
  }
}
