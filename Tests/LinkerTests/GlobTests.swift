import ELF
import Testing
import Text

@testable import Linker

struct GlobTests {
  @Test(arguments: [
    ("", "", true), ("", "a", false), ("a", "a", true), ("a", "ab", false), ("ab", "a", false),
    ("*", "", true), ("*", "anything", true), ("a*", "a", true), ("a*", "ba", false),
    ("*a", "bca", true), ("*a", "ab", false), ("a*b*c", "a12b34c", true),
    ("a*b*c", "acb", false), ("*ab*ab", "ababab", true), ("a**b", "axb", true),
    ("?", "", false), ("?", "x", true), ("a?c", "abc", true), ("a?c", "ac", false),
    ("[a-c]x", "bx", true), ("[a-c]x", "dx", false), ("[!a-c]x", "dx", true),
    ("[^a-c]x", "ax", false), ("[]x]", "]", true), ("[!]]", "]", false), ("[a-]", "-", true),
    ("[\\]]", "]", true), ("[a", "[a", true), ("[a", "a", false), ("\\*", "*", true),
    ("\\*", "x", false), ("a\\", "a\\", true), ("[[:digit:]]*", "7up", true),
    ("[[:digit:]]*", "up", false), ("[z-a]", "m", false), ("a[!b", "a[!b", true),
    ("ä*", "äx", true),
  ])
  func matches(pattern: String, text: String, expected: Bool) {
    #expect(Glob(pattern).matches(ByteView(text)) == expected)
  }

  @Test func hardPatternEndsSoon() {
    let text = ByteView(String(repeating: "a", count: 20_000))
    let glob = Glob(String(repeating: "*a", count: 40) + "*b")
    var matched = true
    // Backtracking over every star would take longer than the universe has.
    let time = ContinuousClock().measure { matched = glob.matches(text) }
    #expect(!matched)
    #expect(time < .seconds(5))
  }

  @Test func tellsLiteralsFromPatterns() {
    #expect(Glob("a\\*b").literal == Array("a*b".utf8))
    #expect(Glob("a*").literal == nil)
    #expect(Glob("a*").literalPrefix == [0x61])
    #expect(!Glob.hasWildcard(ByteView("a\\*")) && Glob.hasWildcard(ByteView("a[")))
  }
}
