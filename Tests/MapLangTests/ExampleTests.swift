// The published examples: what is right compiles, what is wrong gives its code at its place.

import MapLang
import Testing

@Suite struct ExampleTests {
  @Test(arguments: TestFiles.list("Examples/section-maps", ending: ".smap"))
  func exampleCompiles(name: String) throws {
    let result = MapCompiler.compile(
      [try TestFiles.map(name)], defaultMap: try TestFiles.defaultMap())
    #expect(
      result.diagnostics.isEmpty, "\(result.diagnostics.map { $0.headline(in: result.sources) })")
    #expect(result.map != nil)
  }

  @Test func thereAreSevenExamples() {
    #expect(TestFiles.list("Examples/section-maps", ending: ".smap").count >= 7)
    #expect(TestFiles.list("Examples/section-maps/invalid", ending: ".smap").count >= 16)
  }

  /// The first line of each says `# expect: CODE LINE:COLUMN`. Those that need an object file
  /// (`# with:`) are checked with a link; here they must compile.
  @Test(arguments: TestFiles.list("Examples/section-maps/invalid", ending: ".smap"))
  func invalidMapGivesItsCode(name: String) throws {
    let source = try TestFiles.map("invalid/" + name)
    let lines = String(decoding: source.bytes, as: UTF8.self).split(separator: "\n")
    let words = lines[0].split(separator: " ")
    try #require(words.count == 4 && words[1] == "expect:")
    let result = MapCompiler.compile([source], defaultMap: nil)
    if lines[1].hasPrefix("# with:") {
      #expect(result.map != nil)
      return
    }
    try #require(result.diagnostics.count == 1, "one error per cause")
    let diagnostic = result.diagnostics[0]
    let place = result.sources.location(of: try #require(diagnostic.position))
    #expect(diagnostic.code.name == words[2])
    #expect("\(place.line):\(place.column)" == words[3])
  }

  @Test func cortexMReadsAsDesigned() throws {
    let map = try #require(
      MapCompiler.compile([try TestFiles.map("cortex-m.smap")], defaultMap: nil).map)
    #expect(map.pages == .none)
    #expect(map.orphans == .error)
    #expect(map.entry?.name == "Reset_Handler")
    #expect(map.regions.map(\.name) == ["flash", "ram"])
    #expect(map.regions[0].at == 0x0800_0000)
    #expect(map.regions[0].size == 512 << 10)
    #expect(map.regions[0].access == [.read, .execute])
    #expect(map.regions[1].bounds[0].names[0].name == "_estack")
    #expect(map.places.count == 2)
    #expect(
      map.sections.map(\.name) == [
        ".isr_vector", ".text", ".rodata", ".init_array", ".data", ".ramfunc", ".bss", ".noinit",
      ])
    let vector = map.sections[0]
    #expect(vector.align == .powerOfTwo(minimum: 128))
    #expect(map[vector.rules[0]].keep)
    let data = map[try #require(map.section(named: ".data"))]
    guard case .region(let load, _) = data.load else {
      Issue.record("load in flash is lost")
      return
    }
    #expect(map[load].name == "flash")
    guard case .multiple(let multiple) = data.pad else { Issue.record("no pad"); return }
    #expect(multiple.constant?.number == 4)
    #expect(data.bounds.map(\.edge) == [.start, .end, .loadStart])
    #expect(map.reserves.map(\.name) == ["heap", "stack"])
    #expect(map.reserves[1].high)
    #expect(map.rules.last?.kind == .forbid)
    #expect(map.rules.last?.message == "build this firmware without -fPIC")
  }

  @Test func parametersReplaceValues() throws {
    var settings = MapSettings()
    settings.assignments = ["heap_size=2 KiB + 1"]
    let source = try TestFiles.map("cortex-m.smap")
    let map = try #require(
      MapCompiler.compile([source], defaultMap: nil, settings: settings).map)
    guard case .exactly(let size) = map.reserves[0].size else {
      Issue.record("the heap has no size")
      return
    }
    #expect(size.constant?.number == 2049)

    settings.assignments = ["heap_syze=1"]
    let result = MapCompiler.compile([source], defaultMap: nil, settings: settings)
    #expect(result.diagnostics.map(\.code) == [.unusedSetting])
    #expect(result.diagnostics[0].message.contains("did you mean 'heap_size'"))
  }
}
