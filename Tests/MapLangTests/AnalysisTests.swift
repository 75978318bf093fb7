// The static warnings of `swold-map check`.

import MapLang
import Testing

@Suite struct AnalysisTests {
  private func warnings(_ text: String) throws -> [String] {
    let map = try compiled(text)
    return MapAnalysis.warnings(map).map {
      "\($0.code.name) \($0.position.map { map.sources.text(at: $0) } ?? "")"
    }
  }

  @Test func rulesThatMayMeetAreNamed() throws {
    #expect(
      try warnings(
        "smap 1; place at 0 { section .hot { take .text.hot+; } section .lib { take a1.o(.text+); } }"
      )
        == ["SM201 a1.o(.text+)"])
    #expect(
      try warnings("smap 1; place at 0 { section .a { take *x; } section .b { take y*; } }") == [
        "SM201 y*"
      ])
    #expect(
      try warnings("smap 1; place at 0 { section .a { take .t+; } } discard .t+;") == ["SM201 .t+"])
  }

  @Test func settledRulesAreNot() throws {
    for text in [
      "section .hot { take .text.hot+; } section .lib { prefer take a1.o(.text+); }",
      "section .hot { take .text.hot+ a1.o(.text.hot+); } section .lib { take a1.o(.text+); }",
      "section .text { take .text.hot+; take a1.o(.text+); }",
      "section .a { take .data+; } section .b { take .data..percpu; } section .c { take @data; }",
      "section .a { take @code; } section .b { take @data; }",
    ] {
      #expect(try warnings("smap 1; place at 0 { \(text) }").isEmpty, "\(text)")
    }
  }

  @Test func repeatedPatternsAndUnkeptPins() throws {
    #expect(
      try warnings("smap 1; place at 0 { section .a { take .a .b; take .a; } }") == ["SM205 .a"])
    #expect(
      try warnings("smap 1; place at 0 { section .a { at 0x400; take .a; } }") == ["SM410 0x400"])
    #expect(
      try warnings("smap 1; place at 0 { section .a { at 0x400; keep take .a; } }").isEmpty)
  }

  @Test(arguments: TestFiles.list("Examples/section-maps", ending: ".smap"))
  func examplesAreClean(name: String) throws {
    let map = try #require(
      MapCompiler.compile([try TestFiles.map(name)], defaultMap: try TestFiles.defaultMap()).map)
    #expect(MapAnalysis.warnings(map).map { $0.headline(in: map.sources) } == [])
  }
}
