// What a checked map says: constants, conditions, merging, anchors, expressions.

import MapLang
import Testing

@Suite struct MeaningTests {
  private func value(_ text: String, _ constants: String = "") throws -> Int128? {
    let map = try compiled("smap 1; \(constants) symbol x = \(text);")
    return map.symbols[0].value.constant?.number
  }

  static let expressions: [(String, Int128)] = [
    ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("7 / 2", 3), ("-7 / 2", -3), ("7 % 4", 3),
    ("1 << 4 | 1", 17),
    ("6 & 3 == 2", 1), ("1 | 2 == 3", 1), ("5 ^ 1", 4), ("~0", -1), ("!0", 1), ("!5", 0),
    ("- - 4", 4),
    ("0xFF & ~0xF", 0xf0), ("1 && 2", 1), ("0 || 0", 0), ("1 || 1 / 0", 1), ("0 && 1 / 0", 0),
    ("4 KiB", 4096), ("1MiB", 1_048_576), ("0b1010_1010", 170), ("1_000", 1000),
    ("3 GiB + 1 B", 3_221_225_473),
    ("min(3, 1, 2)", 1), ("max(3, 1, 2)", 3), ("align_up(5, 4)", 8), ("align_down(7, 4)", 4),
    ("pow2ceil(5)", 8), ("pow2ceil(0)", 1), ("0x10 >> 2", 4), ("1 < 2", 1), ("2 >= 3", 0),
    ("1 != 2", 1),
    ("0xffff_ffff_ffff_ffff", 0xffff_ffff_ffff_ffff),
  ]

  @Test(arguments: expressions)
  func constantExpressions(text: String, expected: Int128) throws {
    // `||` and `&&` need not look at their right side, but a constant fault there is one all the same.
    if text.contains("/ 0") {
      #expect(compile("smap 1; symbol x = \(text);").diagnostics.map(\.code) == [.badNumber])
      return
    }
    #expect(try value(text) == expected)
  }

  @Test func constantsNeedNoOrder() throws {
    #expect(
      try value("a", "let a = b * 2; let b = c + 1; param c = end(r); region r { at 4; size 8; }")
        == 26)
  }

  @Test func regionsNeedNoOrder() throws {
    let map = try compiled(
      "smap 1; region b { at end(a); size size(a); } region a { at 16; size 4 * 4; } region c = b;")
    #expect(map.regions[0].at == 32)
    #expect(map.regions[0].size == 16)
    #expect(map.regions[0].aliases == ["c"])
    #expect(map.region(named: "c") == RegionID(0))
  }

  @Test func conditionsChooseBranches() throws {
    let text = """
      smap 1; param debug = 0; param banks = 2;
      when debug { let size = 64; } else when banks > 1 { let size = 32; } else { let size = 16; }
      region r { at 0; when banks > 1 { size size; } else { size 1; } }
      place in r {
        when debug { section .debug; }
        section .t { when !debug { keep take .t; } else { take .t; } }
      }
      when debug { nonsense_is_parsed: }
      """
    #expect(compile(text).hasErrors, "the dropped branch is parsed")
    let sound = text.split(separator: "when debug { nonsense").joined().split(
      separator: "_is_parsed: }"
    ).joined()
    let map = try compiled(sound)
    #expect(map.regions[0].size == 32)
    #expect(map.sections.map(\.name) == [".t"])
    #expect(map.rules[0].keep)
    var settings = MapSettings()
    settings.assignments = ["debug=1"]
    let other = try compiled(sound, settings)
    #expect(other.sections.map(\.name) == [".debug", ".t"])
  }

  @Test func observingExpressionsStayTrees() throws {
    let map = try compiled(
      """
      smap 1; let K = 4; region r { at 0x100; size 64; }
      place in r { section .a; section .b; }
      symbol x = start(.b) - load_start(.a) + 2 * K;
      assert used(r) <= size(r) && sym(main) != 0;
      """)
    var asked: [Query] = []
    let result = try evaluate(map.symbols[0].value) { query in
      asked.append(query)
      switch query {
      case .section(.address, let id):
        return Value(id == MapSectionID(1) ? 100 as UInt64 : 0, isAddress: true)
      case .section(.loadAddress, _): return Value(40 as UInt64, isAddress: true)
      case _: return nil
      }
    }
    #expect(result == Value(68 as UInt64))
    #expect(
      asked == [.section(.address, MapSectionID(1)), .section(.loadAddress, MapSectionID(0))])
    let error = #expect(throws: EvaluationError.self) {
      try evaluate(map.assertions[0].condition) { query in
        if case .region(.used, _) = query { return Value(3 as UInt64) }
        return nil
      }
    }
    #expect(error?.reason == .unknown(.symbol("main")))
  }

  @Test func addressesStayAddresses() throws {
    let map = try compiled(
      "smap 1; place at 0 { section .a; } symbol x = start(.a) + 4; symbol y = end(.a) - start(.a); symbol z = 4;"
    )
    let values = try map.symbols.map { symbol in
      try evaluate(symbol.value) { _ in Value(64 as UInt64, isAddress: true) }
    }
    #expect(values.map(\.isAddress) == [true, false, false])
  }

  // MARK: - Refining the built-in map

  @Test func refinedSectionPutsItsItemsFirst() throws {
    let map = try compiled(
      """
      smap 1; extends default;
      section .text { align 64; group hot { start hot_start; take .text.hot+; } }
      """, extending: try TestFiles.defaultMap())
    let text = map[try #require(map.section(named: ".text"))]
    #expect(text.align == .atLeast(64))
    #expect(text.items.count == 6)
    guard case .group(let group) = text.items[0], case .take(let last) = text.items[5] else {
      Issue.record("the user's group does not come first")
      return
    }
    #expect(group.name == "hot")
    #expect(map[last].isBuiltIn)
    #expect(map.orphans == .place)
  }

  @Test func anchoredSectionsStandNextToTheirs() throws {
    let map = try compiled(
      """
      smap 1; extends default;
      section first after .data { take first.*; }
      section second after .data { take second.*; }
      section third before .data { take third.*; }
      section free { take free.*; }
      """, extending: try TestFiles.defaultMap())
    guard case .segment(let segment) = map.places[0].items[3] else {
      Issue.record("no data segment")
      return
    }
    let names = segment.items.map { item -> String in
      if case .section(let id) = item { map[id].name } else { "?" }
    }
    #expect(names == [".got.plt", "third", ".data", "first", "second", ".bss"])
    #expect(map.unplaced.map { map[$0].name } == ["free"])
  }

  @Test func extensionsComeLastInside() throws {
    let map = try compiled(
      """
      smap 1; place at 0 { section .data { take .data+; end _edata; } }
      extend .data { take .late+; }
      """)
    #expect(
      map.sections[0].rules.map { map[$0].selectors[0].section } == [
        .family(".data"), .family(".late"),
      ])
  }

  @Test func builtInSectionCannotBeMovedInSilence() throws {
    let result = compile(
      "smap 1; extends default; place at 0x1000 { section .data; }",
      extending: try TestFiles.defaultMap())
    #expect(result.diagnostics.map(\.code) == [.secondSection])
  }

  @Test func userSymbolsReplaceBuiltInOnes() throws {
    let map = try compiled(
      "smap 1; extends default; symbol _end = end(.bss) + 16;",
      extending: try TestFiles.defaultMap())
    #expect(map.places[0].bounds.flatMap { $0.names.map(\.name) } == ["__executable_start", "end"])
  }

  @Test func parametersOfTheBuiltInMap() throws {
    var settings = MapSettings()
    settings.defaultParameters = [("image_base", 0x1000)]
    guard
      case .address(let base, _) = try compiled(
        "smap 1; extends default; let image_base = 4;", extending: try TestFiles.defaultMap(),
        settings
      ).places[0].target
    else {
      Issue.record("no place")
      return
    }
    #expect(base == 0x1000)
    settings.assignments = ["image_base=0x2000"]
    guard
      case .address(let other, _) = try compiled(
        "smap 1; extends default;", extending: try TestFiles.defaultMap(), settings
      ).places[0].target
    else {
      Issue.record("no place")
      return
    }
    #expect(other == 0x2000)
  }

  @Test func withoutTheBuiltInMapRefinementsAreStillChecked() throws {
    let map = try compiled(
      "smap 1; extends default; section x after .data { take x.*; } assert size(.text) < 4;")
    #expect(map.section(named: ".data") != nil)
    #expect(compile("smap 1; extends default; section x { take @nonsense; }").hasErrors)
  }
}
