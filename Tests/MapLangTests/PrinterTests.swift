// The printed map means the same: compiled again it prints the same, and it decides the same.

import MapLang
import Testing

@Suite struct PrinterTests {
  private func roundTrip(_ map: SectionMap) throws -> SectionMap {
    let text = MapPrinter.print(map)
    let again = try compiled(text)
    #expect(MapPrinter.print(again) == text)
    #expect(again.regions.count == map.regions.count)
    #expect(again.places.count == map.places.count)
    #expect(Set(again.sections.map(\.name)) == Set(map.sections.map(\.name)))
    #expect(again.slots.map(\.name) == map.slots.map(\.name))
    #expect(again.reserves.map(\.name) == map.reserves.map(\.name))
    #expect(again.pages == map.pages)
    #expect(again.orphans == map.orphans)
    #expect(again.spare == map.spare)
    return again
  }

  @Test(arguments: TestFiles.list("Examples/section-maps", ending: ".smap"))
  func examplesSurviveTheRoundTrip(name: String) throws {
    let map = try #require(
      MapCompiler.compile([try TestFiles.map(name)], defaultMap: try TestFiles.defaultMap()).map)
    _ = try roundTrip(map)
  }

  @Test func everyConstructSurvives() throws {
    let text = """
      smap 1;
      pages 64 KiB;
      orphans warn;
      entry "odd name";
      root a, "b c";
      spare phdrs 2, dyntags 4, dynstr 256, interp 16;
      region rom {
          at 0x800_0000;
          size 1 MiB;
          access rx;
          fill 0xff;
          start rom_start;
      }
      region ram {
          at 0x2000_0000;
          size 64 KiB;
          load in rom;
      }
      region high {
          at 0x1_0000_0000;
          load at 4 KiB;
      }
      region alias = ram;
      place in rom {
          align 16;
          pad 4 KiB;
          provide hidden start rom_flow;
          section .t {
              align pow2 32;
              pad pow2;
              max 64 KiB;
              access rwx;
              subalign 8;
              fill trap;
              relro;
              always;
              start t, "t 2";
              keep prefer take .t+ "lit*eral" a.o(.x .y) lib.a:m*.o(*) :o.o(@code) <linker>(.got) except b.o(.z) \
      sort name, init_priority order "f.order";
              reserve 16 + size(.u);
              group g {
                  at offset 4 KiB;
                  align pow2;
                  pad 8;
                  size 64;
                  min 1;
                  max 128;
                  fill nop;
                  length g_length;
                  take .g;
              }
              slot inner { size 4; fill 0x12345678; }
          }
          segment s rx { relro; align 4 KiB; section .u { at 0x801_0000; size 32; take .u; } }
          group { section "odd section"; }
          slot outer { at 0x808_0000; align 4; size 8; required; }
          slot last { size 4; high; }
          image .d;
      }
      place in ram at 0x2000_1000 { section .d { load in rom; take @data; noload_is_no_word: } }
      place at 0x4000_0000 load at 8 KiB { section .e { load at 0x10 * 2 + align_of(.t); nobits; take @bss; } }
      place in ram { reserve heap { size rest; min 1 KiB; } reserve stack { size 4 KiB; high; align 16; } }
      section loose { take loose; }
      discard .comment except keep.o(*);
      forbid .got+, "say \\"no\\" \\\\";
      provide hidden symbol x = start(.t) - (load_start(.t) - 4) * -2 << 3 & ~0xf | 1 ^ 2;
      symbol y = (1 + size(.t)) % 7 / (2 - 3) >> (1 < 2);
      assert ((used(rom) < 4) == (free(ram) != 3)) || !sym("s t") && min(1, end(.t)) >= 2, "m";
      """.split(separator: " noload_is_no_word:").joined()
    // `nobits` with `load at` contradicts itself; the lines are tried apart.
    let sound = text.split(separator: "nobits; ").joined()
    let map = try compiled(
      sound.split(separator: "load in rom; take @data").joined(separator: "take @data"))
    let again = try roundTrip(map)
    let printed = MapPrinter.print(again)
    for words in [
      "keep prefer take .t+ \"lit*eral\" a.o(.x .y) lib.a:m*.o(*) :o.o(@code) <linker>(.got) except b.o(.z) "
        + "sort name, init_priority order \"f.order\";",
      "forbid .got+, \"say \\\"no\\\" \\\\\";", "align pow2 32;", "fill 0x12345678;",
      "region alias = ram;",
      "place at 1 GiB load at 8 KiB {",
      "(start(.t) - (load_start(.t) - 4) * (-2) << 3 & -16 | 3)".dropFirst().dropLast().description,
    ] {
      #expect(printed.contains(words), "\(words) in\n\(printed)")
    }
  }

  @Test func mergedMapDecidesTheSame() throws {
    let map = try compiled(
      """
      smap 1; extends default;
      section .mine { take .text.hot+ .data+; }
      section .other { take app*.o(.rodata+); }
      discard .text.exit+;
      """, extending: try TestFiles.defaultMap())
    let again = try roundTrip(map)
    let (matcher, other) = (Matcher(map), Matcher(again))
    func section(_ map: SectionMap, _ outcome: MatchOutcome) -> String {
      switch outcome {
      case .none: return "none"
      case .ambiguous: return "ambiguous"
      case .rule(let id): return map[id].section.map { map[$0].name } ?? "\(map[id].kind)"
      }
    }
    var seen: Set<String> = []
    for base in [
      ".text", ".text.hot", ".text.exit", ".data", ".rodata", ".data.rel.ro", ".got", ".bss", "x",
    ] {
      for suffix in ["", ".f", "x", ".hot"] {
        for path in ["a.o", "app1.o"] {
          for traits in MatcherTests.traits {
            let expected = section(
              map,
              matcher.rule(
                name: base + suffix, traits: traits, file: matcher.filePatterns(path: path)))
            let found = section(
              again,
              other.rule(name: base + suffix, traits: traits, file: other.filePatterns(path: path)))
            #expect(expected == found, "\(base + suffix) \(path) \(traits)")
            seen.insert(expected)
          }
        }
      }
    }
    #expect(seen.isSuperset(of: [".mine", ".other", "discard", ".text", "none"]))
  }

  /// Random maps: same text, same decisions.
  @Test func randomMapsSurvive() throws {
    var random = TestRandom(21)
    for _ in 0..<GrammarTests.count(40) {
      let map = try compiled(MatcherTests.randomMap(&random))
      let again = try roundTrip(map)
      let (matcher, other) = (Matcher(map), Matcher(again))
      for name in [".a", ".a.b", ".ab", "x", ".a.b.c", ".b.x"] {
        for traits in MatcherTests.traits {
          let (a, b) = (
            matcher.rule(name: name, traits: traits, file: matcher.filePatterns(path: "d/a.o")),
            other.rule(name: name, traits: traits, file: other.filePatterns(path: "d/a.o"))
          )
          switch (a, b) {
          case (.none, .none), (.ambiguous, .ambiguous): break
          case (.rule(let first), .rule(let second)):
            #expect(
              map[first].section.map { map[$0].name }
                == again[second].section.map { again[$0].name })
          case (_, _): Issue.record("\(name): \(a) and \(b)")
          }
        }
      }
    }
  }
}
