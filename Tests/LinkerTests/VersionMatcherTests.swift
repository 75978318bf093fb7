import ELF
import Testing
import Text

@testable import Linker

struct VersionMatcherTests {
  /// The version of a symbol as `nm -D` shows it: `V1`, `local`, `-` (unlisted) or `global`.
  private func version(_ symbol: String, _ text: String) throws -> String {
    let script = try VersionScript(ByteView(text))
    switch VersionMatcher(script).answer(for: ByteView(symbol)) {
    case .unlisted: return "-"
    case .local: return "local"
    case .version(1): return "global"
    case .version(let index): return script.nodes[Int(index) - 2].name.string
    }
  }

  // Each line was tried with GNU ld 2.40, with the semicolons that it insists on.
  @Test(arguments: [
    ("V1{foo*;}; V2{foo1*;};", "foo", "V1"), ("V1{foo*;}; V2{foo1*;};", "foo1", "V2"),
    ("V1{foo*;}; V2{foo1*;};", "foo12", "V2"), ("V1{foo*;}; V2{foo1*;};", "bar", "-"),
    ("V2{foo1*;}; V1{foo*;};", "foo12", "V1"),
    ("V1{global: foo*; local: foo*;};", "foo", "V1"),
    ("V1{global: foo*; local: *;}; V2{bar*;};", "bar", "V2"),
    ("V1{global: foo*; local: *;}; V2{bar*;};", "x", "local"),
    ("V1{*;}; V2{*;};", "x", "V2"), ("V1{global: foo; local: foo;};", "foo", "V1"),
    ("V1{foo;}; V2{foo;};", "foo", "V1"), ("V1{foo*;}; V2{local: foo;};", "foo", "local"),
    ("V1{local: foo;}; V2{foo*;};", "foo", "local"), ("V1{f*;}; V2{local: fo*;};", "foo", "V1"),
    ("V1{local: fo*;}; V2{f*;};", "foo", "V2"), ("V1{local: f*;}; V2{fo*;};", "foo", "V2"),
    ("V1{*;}; V2{local: fo*;};", "foo", "local"), ("V1{*;}; V2{local: fo*;};", "x", "V1"),
    ("V2{local: fo*;}; V1{*;};", "foo", "local"), ("V1{foo*;}; V2{local: *;};", "foo", "V1"),
    ("V1{global: *; local: *;};", "x", "V1"), ("V1{global: *; local: **;};", "x", "local"),
    ("V1{?oo;}; V2{\"*\";}; V3{**;};", "foo", "V3"),
    ("V3{**;}; V1{?oo;}; V2{*;};", "foo", "V1"), ("V3{**;}; V1{?oo;}; V2{*;};", "foo1", "V3"),
    ("V1{\"foo*\";};", "foo", "-"), ("V1{\"foo*\";};", "foo*", "V1"),
    ("V1{fo\\o;};", "foo", "V1"), ("V1{foo[!2-9];};", "foo1", "V1"),
    ("V1{foo;}; V2{foo*;};", "foo", "V1"), ("V1{foo;}; V2{foo*;};", "foo1", "V2"),
    ("{global: foo; local: *;};", "foo", "global"), ("{foo; local: *;};", "bar", "local"),
    ("{ };", "foo", "-"), ("", "foo", "-"),
    ("V1{extern \"C++\" {A::f*;};}; V2{_ZN1A1f*;};", "_ZN1A1fEi", "V2"),
    ("V2{_ZN1A1f*;}; V1{extern \"C++\" {A::f*;};};", "_ZN1A1fEi", "V1"),
    ("V1{extern \"C++\" {\"A::f(int)\";};}; V2{_ZN1A1fEi;};", "_ZN1A1fEi", "V1"),
    ("V1{local: extern \"C++\" {\"A::f(int)\";};}; V2{_ZN1A1fEi;};", "_ZN1A1fEi", "local"),
    ("V2{_ZN1A1fEi;}; V1{local: extern \"C++\" {\"A::f(int)\";};};", "_ZN1A1fEi", "V2"),
    ("V1{local: _ZN1A1fEi;}; V2{extern \"C++\" {\"A::f(int)\";};};", "_ZN1A1fEi", "local"),
    ("V1{extern \"C++\" {foo*;};};", "foo1", "V1"), ("V1{extern \"C++\" {foo;};};", "foo", "V1"),
    ("V1{extern \"C++\" {foo*;};};", "_Z3fooi", "V1"),
    ("V1{extern \"C++\" {foo;};};", "_Z3fooi", "-"),
    ("V1{extern \"C++\" {\"foo*\";};};", "foo1", "-"), ("V1{extern \"C++\" {*;};};", "x", "V1"),
    ("V1{global: extern \"C++\" {A::*;}; local: *;};", "_ZN1A1gEv", "V1"),
    ("V1{global: extern \"C++\" {A::*;}; local: *;};", "foo", "local"),
    ("V1{global: extern \"C++\" {A::f*; *;}; local: *;};", "foo", "V1"),
    ("V1{global: extern \"C++\" {foo*; *g*;}; local: *;};", "_ZN1A1gEv", "V1"),
    ("V1{global: extern \"C++\" {foo*; *g*;}; local: *;};", "_ZN1A1fEi", "local"),
  ])
  func precedence(script: String, symbol: String, expected: String) throws {
    #expect(try version(symbol, script) == expected)
  }

  @Test func demanglesOnlyWhenNeeded() throws {
    var calls = 0
    func ask(_ text: String, _ symbol: String) throws {
      let matcher = VersionMatcher(try VersionScript(ByteView(text)))
      let name = ByteView(symbol)
      _ = matcher.answer(for: name, hash: ExactNameTable.hash(name)) {
        calls += 1
        return nil
      }
    }
    try ask("V1{a*; b; local: *;};", "_Z1av")
    try ask("V1{extern \"C++\" {a*;};};", "plain")
    #expect(calls == 0)
    try ask("V1{extern \"C++\" {a*;};};", "_Z1av")
    #expect(calls == 1)
  }

  @Test func listsExactGlobalsAndConflicts() throws {
    let text = """
      V1 { global: a; b*; extern "C++" { "c()"; }; local: d; };
      V2 { global: a; d; e; local: d; };
      """
    let matcher = VersionMatcher(try VersionScript(ByteView(text)))
    #expect(
      matcher.exactGlobals.map { "\(String(decoding: $0.name, as: UTF8.self))@\($0.version)" }
        == ["a@2", "c()@2", "a@3", "d@3", "e@3"])
    #expect(matcher.conflicts.map(\.name) == [[0x61], [0x64]])
    #expect(matcher.conflicts.map(\.isLocalAgainstGlobal) == [false, true])
    #expect(matcher.conflicts[0].first == TextPosition(line: 1, column: 14))
    #expect(matcher.conflicts[1].second == TextPosition(line: 2, column: 17))
  }

  @Test func answersForManySymbols() throws {
    let names = (0..<20_000).map { "name\($0)" }
    let text = "{ global: " + names.joined(separator: "; ") + "; local: *; };"
    let matcher = VersionMatcher(try VersionScript(ByteView(text)))
    #expect(names.allSatisfy { matcher.answer(for: ByteView($0)) == .version(1) })
    #expect((20_000..<40_000).allSatisfy { matcher.answer(for: ByteView("name\($0)")) == .local })
  }
}

struct GlobSetTests {
  /// The obvious way: every pattern in turn.
  private func slow(_ entries: [GlobSet.Entry], _ name: ByteView) -> Int32 {
    entries.filter { $0.glob.matches(name) }.map(\.rank).max() ?? -1
  }

  @Test func agreesWithTryingEachPattern() {
    var random = RepeatableRandom(seed: 1)
    let pieces = ["a", "b", "ab", "*", "?", "[ab]", "[!a]", "ba", "*a", "c"]
    for _ in 0..<300 {
      let entries = (0..<Int.random(in: 1...6, using: &random)).map { _ in
        let pattern = (0..<Int.random(in: 0...5, using: &random)).map { _ in
          pieces.randomElement(using: &random) ?? ""
        }
        return GlobSet.Entry(
          glob: Glob(pattern.joined()), rank: Int32.random(in: 0...3, using: &random))
      }
      let set = GlobSet(entries)
      let buckets = GlobBuckets(entries)
      for _ in 0..<40 {
        let name = ByteView(
          (0..<Int.random(in: 0...7, using: &random)).map { _ in
            UInt8.random(in: 0x61...0x64, using: &random)
          })
        let expected = slow(entries, name)
        #expect(set.bestRank(for: name) == expected, "\(entries) \(name.string)")
        #expect(buckets.bestRank(for: name) == expected, "\(entries) \(name.string)")
      }
    }
  }

  @Test func substringsStaySmall() {
    // As in the scripts of large libraries: `*tensorflow*; *toco*; …`
    let entries = (0..<200).map {
      GlobSet.Entry(glob: Glob("*word\($0)x*"), rank: Int32($0 % 2))
    }
    #expect(GlobAutomaton(entries) != nil)
    #expect(GlobSet(entries).bestRank(for: ByteView("some_word41x_name")) == 1)
    #expect(GlobSet(entries).bestRank(for: ByteView("some_word42x_name")) == 0)
    #expect(GlobSet(entries).bestRank(for: ByteView("some_word42y_name")) == -1)
  }

  @Test func explosiveSetFallsBack() {
    let entries = (0..<8).map {
      GlobSet.Entry(glob: Glob("*a" + String(repeating: "?", count: 14 + $0)), rank: Int32($0))
    }
    #expect(GlobAutomaton(entries) == nil)
    #expect(GlobSet(entries).bestRank(for: ByteView("xa" + String(repeating: "b", count: 16))) == 2)
  }

  @Test func manyPrefixesFallBack() {
    let entries = (0..<3000).map {
      GlobSet.Entry(glob: Glob("prefix\($0)_*x*"), rank: Int32($0))
    }
    #expect(GlobAutomaton(entries) == nil)
    let set = GlobSet(entries)
    #expect(set.bestRank(for: ByteView("prefix2999_abxc")) == 2999)
    #expect(set.bestRank(for: ByteView("prefix29_abxc")) == 29)
    #expect(set.bestRank(for: ByteView("prefix29_abc")) == -1)
    #expect(set.bestRank(for: ByteView("prefix")) == -1)
  }
}
