// Every code that needs no object file: a map that provokes it, with a marker at the place. The
// marker `⟦` stands before the first byte that the message points at.

import MapLang
import Testing

@Suite struct DiagnosticTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var code: MapCode
    var text: String
    /// Words that the message contains.
    var words: String
    var testDescription: String { "\(code.name) \(text)" }
  }

  private static func inPlace(_ items: String) -> String { "smap 1; place at 0x1000 { \(items) }" }
  private static func inSection(_ items: String) -> String { inPlace("section .t { \(items) }") }

  static let cases: [Case] = [
    // Syntax.
    Case(code: .syntax, text: "smap 1;\nregion r { at 0 ⟦}", words: "expected ';'"),
    Case(code: .syntax, text: "smap 1; ⟦secton .text;", words: "did you mean 'section'"),
    Case(code: .syntax, text: "smap 1; ⟦take .text;", words: "belongs in a 'section'"),
    Case(
      code: .syntax, text: "smap 1; place at 0 { section .a { ⟦entry x; } }", words: "top level"),
    Case(code: .syntax, text: "smap 1; let a = 1 < 2 ⟦< 3;", words: "do not chain"),
    Case(code: .syntax, text: "smap 1; let a = ⟦;", words: "expected a number"),
    Case(code: .syntax, text: "smap 1; let a = (1 + 2⟦;", words: "expected ')'"),
    Case(
      code: .syntax, text: "smap 1; place at 0 { section .a { access ⟦wr; } }",
      words: "access rights"),
    Case(code: .syntax, text: "smap 1; include ⟦\"abc;", words: "string without end"),
    Case(code: .syntax, text: "smap 1; place at 0 { section .a; ⟦", words: "expected '}'"),
    Case(code: .syntax, text: "smap 1; ⟦} entry x;", words: "without '{'"),
    Case(code: .syntax, text: "⟦", words: "begins with its version"),
    Case(code: .syntax, text: "smap 1; symbol a = ⟦.;", words: "location counter"),
    Case(code: .syntax, text: "smap 1; region r { ⟦at offset 4; }", words: "group of a section"),
    // Habits from elsewhere.
    Case(
      code: .syntax, text: "⟦SECTIONS { .text : { *(.text) } }", words: "two languages"),
    Case(code: .syntax, text: "smap 1; ⟦MEMORY { A : ORIGIN = 0 }", words: "region NAME"),
    Case(code: .syntax, text: "smap 1; ⟦// x", words: "begin with '#'"),
    Case(code: .syntax, text: "smap 1; ⟦a = 5;", words: "let a"),
    Case(code: .syntax, text: "smap 1; region r { ⟦origin 0; }", words: "at ADDRESS"),
    Case(code: .syntax, text: "smap 1; region r { at 0; length ⟦4 KiB; }", words: "'size'"),
    Case(code: .syntax, text: inSection("⟦KEEP(*(.x));"), words: "keep take"),
    Case(code: .syntax, text: inSection("⟦*(.x);"), words: "behind 'take'"),
    Case(code: .syntax, text: inSection("take .a⟦, .b;"), words: "side by side"),
    Case(code: .syntax, text: inSection("align 8 ⟦take .a;"), words: "expected ';'"),
    Case(code: .syntax, text: inPlace("⟦.text : { *(.text) }"), words: "section .text"),
    Case(code: .syntax, text: inPlace("section .note⟦-x;"), words: "in quotes"),
    Case(code: .syntax, text: inPlace("section ⟦\".t { take .t; }"), words: "string without end"),
    Case(code: .syntax, text: inPlace("section ⟦\"\" { take .t; }"), words: "without a name"),
    Case(code: .unknownName, text: inSection("take ⟦SORT(.a.*);"), words: "sort name"),
    Case(code: .syntax, text: "⟦\u{feff}smap 1;", words: "byte order mark"),
    Case(code: .syntax, text: "smap 1; entry a⟦\u{0};", words: "zero byte"),
    Case(code: .unknownUnit, text: "smap 1; let a = 4 ⟦Mb;", words: "did you mean 'MiB'"),
    Case(code: .unknownVersion, text: "smap ⟦2;", words: "newest known is 1"),
    Case(code: .unknownName, text: "smap 1; let a = ⟦SIZEOF(.text);", words: "size("),
    Case(code: .unknownName, text: "smap 1; let a = ⟦mim(1, 2);", words: "did you mean 'min'"),
    // Names.
    Case(
      code: .unknownName, text: "smap 1; place in ⟦flahs { } region flash { at 0; }",
      words: "'flash'"),
    Case(code: .unknownName, text: "smap 1; assert size(⟦.txt) == 0;", words: "section '.txt'"),
    Case(
      code: .unknownName, text: "smap 1; region r { at 0; size 1; } assert ⟦align_of(r) == 0;",
      words: "section"),
    Case(code: .unknownName, text: inSection("take ⟦@dta;"), words: "'@data'"),
    // Numbers.
    Case(code: .badNumber, text: "smap 1; let a = ⟦1 / 0; place at a { }", words: "division"),
    Case(code: .badNumber, text: "smap 1; let a = ⟦0x1_0000_0000_0000_0000;", words: "2^64"),
    Case(code: .badNumber, text: "smap 1; let a = ⟦16777216 TiB;", words: "2^64"),
    Case(code: .badNumber, text: "smap 1; place at ⟦0xffff_ffff_ffff_ffff + 1 { }", words: "fit"),
    Case(code: .badNumber, text: "smap 1; place at ⟦-4 { }", words: "negative"),
    Case(
      code: .badNumber, text: "smap 1; place at 0 { section .t { align ⟦1 << 62; take .t; } }",
      words: "more than a section can have"),
    Case(code: .badNumber, text: "smap 1; pages ⟦8 GiB;", words: "more than a section can have"),
    Case(code: .badNumber, text: inSection("align ⟦3;"), words: "power of two"),
    Case(code: .badNumber, text: inSection("align ⟦0;"), words: "power of two"),
    Case(code: .badNumber, text: "smap 1; pages ⟦3000;", words: "power of two"),
    Case(code: .badNumber, text: inSection("pad ⟦0;"), words: "no meaning"),
    Case(code: .badNumber, text: inSection("fill ⟦0x1_0000_0000;"), words: "one byte or four"),
    Case(
      code: .badNumber, text: "smap 1; let a = ⟦align_up(1); place at a { }", words: "two numbers"),
    Case(
      code: .badNumber, text: "smap 1; ⟦region r { at 0xffff_ffff_ffff_fff0; size 32; }",
      words: "last address"),
    Case(
      code: .badNumber, text: "smap 1; region r { at 0; } place at ⟦end(r) { }", words: "no size"),
    // Files and declarations.
    Case(code: .include, text: "smap 1; include ⟦\"none.smap\";", words: "cannot find"),
    Case(code: .redefinition, text: "smap 1; let a = 1; param ⟦a = 2;", words: "already defined"),
    Case(
      code: .redefinition, text: "smap 1; region a { at 0; } region ⟦a { at 1; }",
      words: "already declared"),
    Case(code: .redefinition, text: "smap 1; entry a; entry ⟦b;", words: "second 'entry'"),
    Case(code: .redefinition, text: "smap 1; pages none; ⟦pages 4 KiB;", words: "second 'pages'"),
    Case(code: .redefinition, text: "smap 1; orphans warn; ⟦orphans place;", words: "second"),
    Case(
      code: .redefinition, text: inPlace("section .a { start s; } section .b { end ⟦s; }"),
      words: "symbol 's'"),
    Case(
      code: .redefinition, text: inPlace("slot s { size 4; } slot ⟦s { size 4; }"),
      words: "slot 's'"),
    Case(
      code: .redefinition, text: "smap 1; region a { at 0; } place in a { section ⟦a; }",
      words: "region and of a section"),
    Case(code: .addressInPlacement, text: inSection("size ⟦start(.t);"), words: "address"),
    Case(
      code: .addressInPlacement, text: inSection("align ⟦size(.t);"), words: "size() of a section"),
    Case(
      code: .addressInPlacement, text: inSection("size ⟦size(.t) + 1;"), words: "depends on itself"),
    Case(
      code: .addressInPlacement,
      text: inPlace("section .a { size size(.b); } section .b { reserve ⟦size(.a); }"),
      words: "depends on itself"),
    Case(code: .addressInPlacement, text: inSection("max ⟦sym(x);"), words: "symbol"),
    Case(
      code: .addressInPlacement, text: "smap 1; let ⟦a = b; let b = a; place at a { }",
      words: "by itself"),
    Case(
      code: .addressInPlacement, text: "smap 1; region r { at 0; size 9; } place at ⟦used(r) { }",
      words: "used"),
    Case(code: .secondSection, text: inPlace("section .a; section ⟦.a;"), words: "extend"),
    Case(
      code: .secondSection, text: inPlace("section ⟦.slot.x; slot x { size 4; }"), words: "slot 'x'"
    ),
    // Attributes.
    Case(
      code: .attributeOutOfPlace, text: inPlace("⟦load in r;") + " region r { at 0; }",
      words: "belongs in a region, a group of a place, an overlay or a section"),
    Case(code: .attributeOutOfPlace, text: inSection("⟦at offset 4;"), words: "group of a section"),
    Case(code: .attributeOutOfPlace, text: inSection("⟦required;"), words: "a slot"),
    Case(code: .attributeOutOfPlace, text: inSection("align 4; ⟦align 8;"), words: "twice"),
    Case(code: .attributeOutOfPlace, text: inSection("noload; ⟦nobits;"), words: "both"),
    Case(code: .attributeOutOfPlace, text: inSection("high; ⟦at 4;"), words: "both"),
    Case(code: .attributeOutOfPlace, text: inSection("min 8; ⟦max 4;"), words: "smaller"),
    Case(code: .attributeOutOfPlace, text: inPlace("reserve ⟦r { align 4; }"), words: "no size"),
    Case(code: .attributeOutOfPlace, text: inPlace("slot ⟦r { align 4; }"), words: "no size"),
    Case(code: .attributeOutOfPlace, text: inPlace("slot ⟦a.b { size 4; }"), words: "C identifier"),
    Case(
      code: .attributeOutOfPlace, text: inSection("slot a { size 4; ⟦high; }"),
      words: "inside a section"),
    Case(code: .attributeOutOfPlace, text: inPlace("section .a; ⟦headers;"), words: "first item"),
    Case(
      code: .attributeOutOfPlace, text: "smap 1; pages none; place at 0 { ⟦headers; }",
      words: "needs pages"),
    Case(code: .attributeOutOfPlace, text: "smap 1; ⟦region r { size 4; }", words: "no address"),
    Case(code: .attributeOutOfPlace, text: "smap 1; section ⟦.a;", words: "in no place"),
    Case(
      code: .attributeOutOfPlace, text: inPlace("reserve r { ⟦size rest; }"),
      words: "region that ends"),
    Case(
      code: .attributeOutOfPlace,
      text:
        "smap 1; region m { at 0; size 64; } place in m { reserve r { size rest; } section ⟦.a; }",
      words: "follows"),
    Case(
      code: .attributeOutOfPlace, text: inPlace("section .a ⟦after .b; section .b;"),
      words: "order of the lines"),
    Case(
      code: .attributeOutOfPlace, text: "smap 1; extends default; place at 0 ⟦after .data { }",
      words: "not both"),
    Case(
      code: .attributeOutOfPlace, text: inPlace("overlay { ⟦headers; }"),
      words: "'headers' cannot stand in an overlay"),
    Case(
      code: .attributeOutOfPlace, text: inPlace("overlay { group { ⟦overlay { } } }"),
      words: "an overlay cannot stand in an overlay"),
    Case(
      code: .attributeOutOfPlace, text: inPlace("overlay { section ⟦.a { at 16; } }"),
      words: "a section with an address"),
    Case(
      code: .attributeOutOfPlace, text: inPlace("overlay { ⟦load at 16; section .a; }"),
      words: "cannot all be stored at one address"),
    Case(
      code: .attributeOutOfPlace, text: inPlace("group { load at 16; section ⟦.a { high; } }"),
      words: "cannot stand in a group with 'load'"),
    Case(
      code: .attributeOutOfPlace,
      text: "smap 1; region a in ⟦b { at 0; size 8; } region b in a { at 0; size 8; }",
      words: "is a part of itself"),
    Case(
      code: .pinOutsideRegion,
      text: "smap 1; region a { at 8; size 8; } ⟦region b in a { at 12; size 8; }",
      words: "does not lie in region 'a'"),
    Case(
      code: .attributeOutOfPlace,
      text: "smap 1; region a { at 8; size 8; } ⟦region b in a { at 12; }", words: "has no size"),
    Case(
      code: .sizeViolated, text: inPlace("slot ⟦s { size 4; word u32 1, 2; }"),
      words: "its words need 8"),
    Case(
      code: .syntax, text: inPlace("slot s { word ⟦u24 1; }"), words: "expected 'u8'"),
    Case(
      code: .attributeOutOfPlace,
      text: "smap 1; region a { at 0; size 4; } region b { at 9; size 5; mirrors ⟦a; }",
      words: "longer than 'a'"),
    // Places.
    Case(
      code: .overlap, text: "smap 1; region a { at 0; size 16; } ⟦region b { at 8; size 16; }",
      words: "overlap"),
    Case(code: .misalignedPin, text: inSection("align 4; at ⟦0x401;"), words: "0x401"),
    Case(
      code: .pinOutsideRegion, text: "smap 1; region a { at 8; size 8; } place in a at ⟦16 { }",
      words: "outside"),
    Case(
      code: .pinOutsideRegion,
      text: "smap 1; region a { at 8; size 8; } place in a { section .t { at ⟦4; } }", words: "'.t'"
    ),
    Case(
      code: .assertionFailed, text: "smap 1; let a = 3; ⟦assert a < 3, \"too many\";",
      words: "too many"),
  ]

  private static func split(_ marked: String) -> (text: String, offset: Int) {
    let parts = marked.split(separator: "⟦", omittingEmptySubsequences: false)
    return (parts.joined(), parts[0].utf8.count)
  }

  @Test(arguments: cases)
  func codeStandsAtItsPlace(test: Case) throws {
    let (text, offset) = Self.split(test.text)
    let result = compile(text, extending: try TestFiles.defaultMap())
    let rendered = result.diagnostics.map { $0.render(in: result.sources) }
    try #require(result.diagnostics.count == 1, "one error per cause: \(rendered)")
    let diagnostic = result.diagnostics[0]
    #expect(diagnostic.code == test.code, "\(rendered)")
    #expect(Int(diagnostic.position?.offset ?? 0) == offset, "\(rendered)")
    let words = ([diagnostic.message, diagnostic.help ?? ""] + diagnostic.notes.map(\.text))
      .joined(separator: "\n")
    #expect(words.contains(test.words), "\(rendered)")
    #expect(result.map == nil)
  }

  @Test func includesAreFoundOnceAndNeverInACycle() throws {
    let files = [
      "a.smap": "include \"b.smap\";", "b.smap": "let x = 1;", "c.smap": "include \"c.smap\";",
    ]
    let map = compile("smap 1; include \"a.smap\"; place at x { }", files: files)
    #expect(map.diagnostics.isEmpty)
    let twice = compile("smap 1; include \"a.smap\"; include \"b.smap\";", files: files)
    #expect(twice.diagnostics.map(\.code) == [.include])
    let cycle = compile("smap 1; include \"c.smap\";", files: files)
    #expect(cycle.diagnostics.map(\.code) == [.include])
    #expect(cycle.diagnostics[0].message.contains("includes itself"))
    #expect(cycle.sources.describe(try #require(cycle.diagnostics[0].position)) == "c.smap:1:9")
  }

  @Test func circleOfIncludesNamesItsWay() throws {
    let files = ["b.smap": "include \"./c.smap\";", "./c.smap": "include \"b.smap\";"]
    let result = compile("smap 1; include \"b.smap\";", files: files)
    #expect(result.diagnostics.count == 1)
    let message = try #require(result.diagnostics.first)
    #expect(message.message == "includes in a circle: b.smap → ./c.smap → b.smap")
    #expect(result.sources.describe(try #require(message.position)) == "./c.smap:1:9")
    // One file under two names.
    let again = compile(
      "smap 1; include \"b.smap\"; include \"./x/../b.smap\";",
      files: ["b.smap": "", "./x/../b.smap": ""])
    #expect(again.diagnostics.map(\.code) == [.include])
    #expect(again.diagnostics[0].message == "'b.smap' is included twice")
  }

  @Test func includedFileThatCannotBeReadSaysWhy() {
    let result = MapCompiler.compile(
      [SourceFile(name: "a.smap", bytes: Array("smap 1; include \"b\";".utf8))], defaultMap: nil
    ) { name, _ in .unreadable(path: name, reason: "is a directory") }
    #expect(result.diagnostics.map(\.message) == ["cannot read 'b': is a directory"])
  }

  @Test func positionIndependentOutputHasNoPins() {
    var settings = MapSettings()
    settings.isPositionIndependent = true
    for text in [
      "smap 1; place at 0x1000 { section .t; }",
      "smap 1; place at 0 { section .t { at 0x1000; take .t; } }",
    ] {
      #expect(compile(text, settings).diagnostics.map(\.code) == [.pinInPositionIndependent])
    }
    #expect(compile("smap 1; place at 0 { section .t; }", settings).diagnostics.isEmpty)
  }

  @Test func relocatableOutputHasNoPlaces() throws {
    var settings = MapSettings()
    settings.isRelocatable = true
    let map = try compiled("smap 1; section .a { keep take .a+ .b; } discard .comment;", settings)
    #expect(map.unplaced.count == 1)
    for text in [
      "place at 0 { }", "entry x;", "pages none;", "symbol a = 1;", "assert 1;", "root r;",
      "section .a { take .a; fill 0; }", "section .a { group { take .a; } }",
      "section .a { always; take .a; }", "section .a { take .a order \"a.txt\"; }",
    ] {
      #expect(compile("smap 1; \(text)", settings).diagnostics.map(\.code) == [.doesNotFitLink])
    }
  }

  @Test func narrowTargetHasNarrowNumbers() {
    var settings = MapSettings()
    settings.width = .bits32
    let result = compile("smap 1; place at 0x1_0000_0000 { }", settings)
    #expect(result.diagnostics.map(\.code) == [.badNumber])
    #expect(compile("smap 1; place at 0xffff_ffff { }", settings).diagnostics.isEmpty)
  }

  @Test func severalErrorsAreAllReported() {
    let result = compile(
      """
      smap 1;
      let a = ;
      region r { at 0 size 4; }
      place at 0 { section .a { take } }
      entry ;
      """)
    #expect(
      result.diagnostics.map { result.sources.location(of: $0.position!).line } == [2, 3, 4, 5])
  }

  @Test func messageShowsLineAndCaret() {
    let result = compile("smap 1;\nregion a { at 0; size 16; }\nregion b { at 8; size 16; }\n")
    #expect(
      result.diagnostics[0].render(in: result.sources) == """
        test.smap:3:1: error[SM304]: regions 'a' (0x0..0x10) and 'b' (0x8..0x18) overlap
            3 | region b { at 8; size 16; }
              | ^~~~~~~~
            2 | region a { at 0; size 16; }
              | ^~~~~~~~ the other
        """)
    let help = compile("smap 1;\n\tsymbol a += 4;")
    #expect(
      help.diagnostics[0].render(in: help.sources) == """
        test.smap:2:11: error[SM001]: expected '=', found '+'
            2 | \tsymbol a += 4;
              | \t         ^
           = help: there are no assignments; a symbol is defined once
        """)
  }

  @Test func longLinesAreShownInPart() {
    let line =
      "place at 0 { section .t { take " + (0..<60).map { ".a\($0) " }.joined() + "] ; x } }"
    let result = compile("smap 1;\n" + line)
    let lines = result.diagnostics[0].render(in: result.sources).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count < 150 })
    #expect(lines[1].contains("… ") && lines[1].contains("; x } }"))
    let caret = lines[2].distance(from: lines[2].startIndex, to: lines[2].firstIndex(of: "^")!)
    #expect(lines[1].dropFirst(caret).hasPrefix("x"))
  }

  private static let loadInHelp =
    "a section says where it is stored: 'section NAME { load in REGION; … }'; a region and a place "
    + "at an address may say 'load at ADDRESS'"

  @Test(arguments: [
    ("section .x { keep .isr; }", "keep take .isr;"),
    ("place in ram load in rom { }", loadInHelp),
    ("place at 0 load in rom { }", loadInHelp),
    ("section .x { load start _a; }", "load_start NAME;"),
    ("section .x { load end _a; }", "load_end NAME;"),
    (
      "place at 0 { section .t : { take .t; } }",
      "no ':' is needed: 'section NAME { … }', 'region NAME { at ADDRESS; size SIZE; }'"
    ),
    (
      "place at 0 { section .t { take .t; } > ram }",
      "GNU ld's '> REGION' is 'place in REGION { … }' around the section here"
    ),
    (
      "region f (rx) : ORIGIN = 0, LENGTH = 16",
      "what GNU ld says in parentheses are attributes here: 'access rx;' in a region, 'noload;' or "
        + "'nobits;' in a section"
    ),
    (
      "let a = 1 ? 2 : 3;",
      "there is no '?:': 'when CONDITION { … } else { … }' chooses statements, min() and max() numbers"
    ),
    ("assert (1 > 0) \"text\";", "a comma stands between condition and message"),
    ("/DISCARD/ : { *(.comment) }", "GNU ld's /DISCARD/ is 'discard NAME…;' here"),
    ("/* text */", "comments begin with '#' and end with the line"),
  ])
  func likelyMistakesGetHelp(_ statement: String, _ help: String) {
    let result = compile("smap 1;\n\(statement)\n")
    #expect(result.diagnostics.first?.help == help)
  }

  @Test(arguments: [
    "slot version { size 32; }", "slot version after .rodata { size 32; fill 0; }",
    "reserve heap { size 4; }", "take .text;", "keep take .text;", "group hot { take .text; }",
    "headers;", "segment text rx { section .text { take .text; } }",
  ])
  func statementInTheWrongPlaceIsOneError(_ statement: String) {
    for lead in ["smap 1;\n", "smap 1; "] {
      let result = compile("\(lead)\(statement)\nentry start;\n")
      #expect(result.diagnostics.filter { $0.code == .syntax }.count == 1, "\(statement)")
    }
  }

  @Test func codesHaveNames() {
    for code in MapCode.allCases { #expect(MapCode(name: code.name.lowercased()) == code) }
    #expect(MapCode.syntax.name == "SM001")
    #expect(MapCode.ambiguousRules.name == "SM201")
    #expect(MapCode(name: "SM999") == nil)
  }
}
