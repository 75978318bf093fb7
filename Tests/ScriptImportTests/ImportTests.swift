// What becomes of scripts: the text of the map, and what the report tells.

internal import MapLang
internal import Testing
internal import _TestSupport

@testable internal import ScriptImport

@Suite struct ScriptImportTests {
  private func imported(_ script: String) throws -> ImportedMap {
    try ScriptImporter.run(name: "x.ld", bytes: Array(script.utf8))
  }

  /// The lines of the map behind the head that all maps have.
  private func lines(_ map: ImportedMap) -> [String] {
    map.text.split(separator: "\n").map(String.init).filter {
      !$0.hasPrefix("smap") && !$0.hasPrefix("pages") && !$0.hasPrefix("orphans")
        && !$0.hasPrefix("# Imported")
    }
  }

  @Test(arguments: [
    (  // padding and bounds
      "SECTIONS { . = 0x1000; .data : { a = .; *(.data .data.*) . = ALIGN(4); b = .; } }",
      [
        "place at 0x1000 {",
        "    section .data { pad 4; start a; end b; take .data+; }", "}",
      ]
    ),
    (  // a symbol before the padding
      "SECTIONS { . = 0x1000; .data : { *(.data) b = .; . = ALIGN(4); } c = .; }",
      [
        "place at 0x1000 {",
        "    section .data {", "        pad 4;", "        end c;",
        "        group { end b; take .data; }", "    }", "}",
      ]
    ),
    (  // an array between aligned symbols
      "SECTIONS { . = 0x1000; .r : { *(.rodata) . = ALIGN(8); s = .; KEEP(*(.set)) e = .; *(.tail) } }",
      [
        "place at 0x1000 {", "    section .r {", "        group { pad 8; take .rodata; }",
        "        group { start s; end e; keep take .set; }", "        take .tail;", "    }", "}",
      ]
    ),
    (  // the counter between sections
      "SECTIONS { . = 1M; .t : { *(.text) } . = ALIGN(4K); e = .; . += 16K; top = .; }",
      [
        "place at 1 MiB {", "    group {", "        pad 4 KiB;", "        end e;",
        "        section .t { take .text; }", "    }",
        "    reserve room { size 16 KiB; end top; }", "}",
      ]
    ),
    (  // regions, load addresses, and a counter that only symbols see
      """
      MEMORY { F (rx) : ORIGIN = 0x08000000, LENGTH = 64K R : ORIGIN = 0x20000000, LENGTH = 8K }
      SECTIONS { .t : { *(.text) } > F .d : { *(.data) } > R AT> F . = ALIGN(8); e = .; l = LOADADDR(.d); .u : { *(.u) } > F }
      """,
      [
        "region F { at 0x0800_0000; size 64 KiB; }   # (rx)",
        "region R { at 0x2000_0000; size 8 KiB; }", "place in F {",
        "    section .t { take .text; }", "    image .d;", "    section .u { take .u; }", "}",
        "place in R {", "    section .d { load in F align 1; always; take .data; }", "}",
        "symbol e = align_up(end(.d), 8);", "symbol l = load_start(.d);",
      ]
    ),
    (  // one distance between run and load addresses
      "K = 0xffff800000000000; SECTIONS { . = K + 1M; .t : AT(ADDR(.t) - K) { *(.text) } }",
      [
        "param K = 0xffff_8000_0000_0000;", "place at K + 1 MiB load at K + 1 MiB - K {",
        "    section .t { take .text; }", "}", "symbol K = K;",
      ]
    ),
    (  // the first match wins
      "SECTIONS { . = 1; .a : { *(.text.*) } .b : { *(.text.hot) *(.text) } }",
      [
        "place at 1 {", "    section .a { take .text.*; }", "    section .b {",
        "        # .text.hot: an earlier rule takes all of it", "        take .text;", "    }", "}",
      ]
    ),
    (  // incomparable rules
      "SECTIONS { . = 1; .a : { *(.d.a*) } .b : { *(.d.*b) } }",
      [
        "place at 1 {", "    section .a { take .d.a*; }",
        "    section .b { take .d.*b except .d.a*; }", "}",
      ]
    ),
    (  // an overlay, and what GNU ld makes of a name
      """
      MEMORY { F : ORIGIN = 0, LENGTH = 64K R : ORIGIN = 0x20000000, LENGTH = 8K }
      SECTIONS { .t : { *(.text) } > F OVERLAY : { .o.1 { *(.o1) } .o2 { *(.o2) } } > R AT> F x = .; }
      """,
      [
        "region F { at 0; size 64 KiB; }", "region R { at 0x2000_0000; size 8 KiB; }",
        "place in F {", "    section .t { take .text; }", "}", "place in R {", "    overlay {",
        "        load in F align 1;", "        end x;", "        section .o.1 {",
        "            provide load_start __load_start_o1;",
        "            provide load_end __load_stop_o1;", "            take .o1;", "        }",
        "        section .o2 {", "            provide load_start __load_start_o2;",
        "            provide load_end __load_stop_o2;", "            take .o2;", "        }",
        "    }",
        "}",
      ]
    ),
    (  // one distance for several sections, and a region in another
      """
      MEMORY { F : ORIGIN = 0, LENGTH = 64K V : ORIGIN = 63K, LENGTH = 1K R : ORIGIN = 0x20000000, LENGTH = 8K }
      SECTIONS { .v : { *(.v) } > V .d : ALIGN_WITH_INPUT { *(.data) } > R AT> F .e : ALIGN_WITH_INPUT { *(.e) } > R AT> F }
      """,
      [
        "region F { at 0; size 64 KiB; }", "region V in F { at 63 KiB; size 1 KiB; }",
        "region R { at 0x2000_0000; size 8 KiB; }", "place in V {", "    section .v { take .v; }",
        "}",
        "place in R {", "    group {", "        load in F align 1;",
        "        section .d { take .data; }", "        section .e { take .e; }", "    }", "}",
      ]
    ),
    (  // values that depend on a condition, and on others
      "m = a > 4 ? b : 0; SECTIONS { . = 1; .a : { *(.a) } } s = DEFINED(s) ? s : 4;",
      [
        "place at 1 {", "    section .a { take .a; }", "}",
        "symbol m = (sym(a) > 4) * sym(b);", "provide symbol s = 4;", "root s;",
      ]
    ),
    (  // comments
      "/* first */ ENTRY(go) /* second */\nSECTIONS { . = 1; /* third */ .a : { *(.a) /* fourth */ } }",
      [
        "# first", "entry go;   # second", "place at 1 {", "    # third", "    section .a {",
        "        take .a;   # fourth", "    }", "}",
      ]
    ),
  ])
  func constructs(script: String, expected: [String]) throws {
    let map = try imported(script)
    #expect(lines(map) == expected)
    #expect(map.notes.filter { $0.kind == .note }.map(\.text) == [])
  }

  @Test(arguments: [
    ("SECTIONS { .a : { libc.a(.text) } }", "matches no member in GNU ld"),
    ("SECTIONS { .a : { *(.text SORT(.text.*)) } }", "sorted in different ways"),
    ("SECTIONS { . = 1; .a : { . = ABSOLUTE(5); } }", "absolute address"),
    ("SECTIONS { OVERLAY 0x100 : { .a { *(.a) } .b { *(.b) } } }", "OVERLAY"),
    ("NOCROSSREFS(.a .b)", "no check of references"),
    ("x = DEFINED(y) ? 3 : 4;", "DEFINED"),
    ("SECTIONS { .a : ONLY_IF_RO { *(.a) } }", "ONLY_IF_RO"),
    ("SECTIONS { .a : { *(.a) FILL(3) *(.b) } }", "FILL in the middle"),
    ("SECTIONS { .a (INFO) : { . += 4; } }", "overlaps it with GNU ld"),
    ("a += 1;", "one value"),
    ("INPUT(x.o)", "command line"),
  ])
  func whatIsNotFaithfulIsTold(script: String, words: String) throws {
    let map = try imported(script)
    #expect(!map.isFaithful)
    #expect(map.notes.contains { $0.text.contains(words) }, "\(map.notes.map(\.text))")
  }

  @Test func dataBecomesWords() throws {
    let map = try imported(
      "SECTIONS { . = 1; .a : { BYTE(7) SHORT(-1) QUAD(0) LONG(start + 4) x = .; LONG(. - 4) ASCIZ \"a\" } }"
    )
    #expect(
      lines(map) == [
        "place at 1 {", "    section .a {", "        group {", "            end x;",
        "            slot a_word { word u8 7; word u16 0xffff; word u64 0; word u32 sym(start) + 4; }",
        "        }", "        slot x {", "            word u32 sym(x) - 4;",
        "            word u8 0x61, 0;   # \"a\"", "        }", "    }", "}",
      ])
    #expect(map.isFaithful)
  }

  /// Whatever is not refused gives a map that the language accepts, or a note that says why not.
  @Test func theCorpusGivesMaps() throws {
    let folder = "Tests/EndToEndTests/Cases/scripts"
    let files = SourceTree.files(below: folder, withSuffix: ".ld")
    #expect(files.count >= 40)
    for path in files where !path.contains("/refused-") {
      let text = try #require(SourceTree.text(of: path))
      let map = try ScriptImporter.run(name: path, bytes: Array(text.utf8)) { name, _ in
        SourceTree.text(of: folder + "/" + name).map { (name, Array($0.utf8)) }
      }
      let problems = map.notes.filter { $0.message.contains("the map has a problem") }
      #expect(problems.map(\.text) == [], "\(path)\n\(map.text)")
    }
  }

  /// Damaged scripts are refused or imported; nothing crashes or hangs.
  @Test func mutations() throws {
    let files = SourceTree.files(below: "Tests/EndToEndTests/Cases/scripts", withSuffix: ".ld")
    let texts = files.sorted().compactMap { SourceTree.text(of: $0).map { Array($0.utf8) } }
    try #require(!texts.isEmpty)
    let pieces = [
      "(", ")", "{", "}", ";", "=", ".", "/*", "*/", "0x", "K", "\"", ">", ":", "ALIGN(", "0", "~",
    ]
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    func random(_ limit: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(max(limit, 1)))
    }
    for _ in 0..<300 {
      var text = texts[random(texts.count)]
      for _ in 0...random(6) {
        let at = random(text.count)
        switch random(4) {
        case 0: text.removeSubrange(at..<min(text.count, at + 1 + random(20)))
        case 1: text.insert(contentsOf: pieces[random(pieces.count)].utf8, at: at)
        case 2: if !text.isEmpty { text[at] = UInt8(random(256)) }
        default:
          let other = texts[random(texts.count)]
          let start = random(other.count)
          text.insert(contentsOf: other[start..<min(other.count, start + random(60))], at: at)
        }
      }
      _ = try? ScriptImporter.run(name: "x.ld", bytes: text)
    }
  }
}
