import ELF
import Testing
import Text

@testable import Linker

struct SuggestionsTests {
  private func suggest(_ name: String, _ candidates: [String]) -> String? {
    SuggestionFinder.find(ByteView(name), among: candidates.map { ByteView($0) })?.text
  }

  @Test(arguments: [
    ("prinft", ["printf", "sprintf", "main"], "did you mean printf?"),
    ("memcopy", ["memcmp", "memcpy", "memmove"], "did you mean memcpy?"),
    ("initialise_device", ["initialize_device"], "did you mean initialize_device?"),
    ("ReadFile", ["readfile", "readFile2"], "did you mean readfile?"),
    ("_start_it", ["start_it", "_start_its"], "did you mean start_it?"),
    ("start_it", ["_start_it"], "did you mean _start_it?"),
    (
      "foo", ["fop", "_Z3fooi"],
      "did you mean foo(int)? it is a C++ function; declare it extern \"C\""
    ),
    (
      "_Z3fooi", ["foo", "_Z3fopi"],
      "did you mean foo? it has a C name; declare it extern \"C\" where it is used"
    ),
    (
      "_ZN1A3fooEi", ["_ZN1A3fooEl", "_ZN1B3fooEi"],
      "did you mean A::foo(long)? it is defined with these parameters"
    ),
    (
      "_ZNK1A3fooEv", ["_ZN1A3fooEv"],
      "did you mean A::foo()? it is defined with these parameters"
    ),
    ("_ZN1A6lengthEv", ["_ZN1A6lenghtEv"], "did you mean A::lenght()?"),
    ("abcdefgh", ["abcdefgi", "abcdefgg"], "did you mean abcdefgg?"),
  ])
  func suggests(name: String, candidates: [String], expected: String) {
    #expect(suggest(name, candidates) == expected)
    #expect(suggest(name, candidates.reversed()) == expected)
  }

  @Test(arguments: [
    ("foo", ["foo"]), ("ab", ["ac", "abc"]), ("read", ["send", "readability"]), ("", ["a", ""]),
    ("foo", ["_ZN1A3fooEv", "_Z3fooIiEvT_"]), ("completely", ["different", "names"]),
    ("_Z", ["_", "Z"]), ("_Z99999999999999999999f", ["g"]),
  ])
  func keepsSilent(name: String, candidates: [String]) {
    #expect(suggest(name, candidates) == nil)
  }

  @Test func stopsAtTheLimit() {
    let candidates = ["aaaa", "bbbb", "foobar"].map { ByteView($0) }
    #expect(SuggestionFinder.find(ByteView("foobaz"), among: candidates, limit: 2) == nil)
    #expect(SuggestionFinder.find(ByteView("foobaz"), among: candidates, limit: 3) != nil)
  }

  /// The whole table, by the definition.
  private func slowDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var table = Array(repeating: Array(repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count {
      for j in 0...b.count {
        if i == 0 || j == 0 {
          table[i][j] = i + j
          continue
        }
        table[i][j] = min(
          table[i - 1][j] + 1, table[i][j - 1] + 1,
          table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
        }
      }
    }
    return table[a.count][b.count]
  }

  @Test func distanceAgreesWithItsDefinition() {
    var random = RepeatableRandom(seed: 6)
    func word() -> [UInt8] {
      (0..<Int.random(in: 0...9, using: &random)).map { _ in
        .random(in: 0x61...0x63, using: &random)
      }
    }
    for _ in 0..<400 {
      let name = word()
      var distance = BoundedDistance(name)
      for _ in 0..<10 {
        let other = word()
        let expected = slowDistance(name, other)
        for bound in 0...4 {
          #expect(
            distance.distance(to: other.span, atMost: bound)
              == (expected <= bound ? expected : nil), "\(name) \(other) \(bound)")
        }
      }
    }
  }
}
