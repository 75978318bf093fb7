// What the parser makes of scripts as people write them.

internal import Testing

@testable internal import ScriptImport

@Suite struct LinkerScriptParserTests {
  private func parse(_ text: String) throws -> [ScriptStatement] {
    try LinkerScriptParser.parse(file: "x.ld", bytes: Array(text.utf8)) { _, _ in nil }
  }

  @Test func numbers() {
    let cases: [(String, UInt64?, String)] = [
      ("16", 16, "16"), ("4K", 4096, "4 KiB"), ("0x08000000", 0x0800_0000, "0x0800_0000"),
      ("1m", 1 << 20, "1 MiB"), ("010", 8, "8"), ("$ff", 255, "0xff"), ("0ffh", 255, "0x0ff"),
      ("99999999999999999999", nil, ""), ("0xffffffffffffffffK", nil, ""), ("08", nil, ""),
    ]
    for (text, value, spelling) in cases {
      let expected = value.map { ScriptExpression.number($0, spelling) }
      #expect(LinkerScriptParser.number(text) == expected, "\(text)")
    }
  }

  @Test(arguments: [
    ("SECTIONS { .text : { *(.text", "x.ld:1:29: expected a name of a section, found the end"),
    ("MEMORY { a : ORIGIN = 0 }", "x.ld:1:25: expected LENGTH in MEMORY, found '}'"),
    ("/* x", "x.ld:1:1: the comment has no end"),
    (
      "#include \"a.h\"",
      "x.ld:1:1: '#include' is for the preprocessor; give the output of 'cpp -P' or 'cc -E -P -x c'"
    ),
    ("# 7 \"b.ld\"\nfoo", "b.ld:7:1: 'foo' is no command of a linker script"),
    ("a = ((((1)));", "x.ld:1:13: expected ')' behind an expression, found ';'"),
    ("INCLUDE none.ld", "x.ld:1:8: cannot find 'none.ld'; -L names further directories"),
  ])
  func errorsNameThePlace(text: String, message: String) {
    do {
      _ = try parse(text)
      Issue.record("no error for \(text)")
    } catch let error as ScriptError {
      #expect("\(error.place.text): \(error.message)" == message)
    } catch {}
  }

  @Test func deepNestingIsAnError() {
    for text in [
      "a = " + String(repeating: "(", count: 100_000),
      "a = " + String(repeating: "-", count: 100_000),
      "SECTIONS { x : { " + String(repeating: "KEEP(", count: 100_000),
      "SECTIONS { x : { *(" + String(repeating: "SORT(", count: 100_000),
      "a = 1" + String(repeating: "?1:1", count: 100_000),
    ] {
      #expect(throws: ScriptError.self) { _ = try parse(text) }
    }
  }

  @Test func wordsAreReadByTheirPlace() throws {
    let script = try parse(
      """
      ENTRY(_start) a=.; b+=2;
      SECTIONS { .text:{ */drivers/*.o(.text,.rodata*) KEEP (*(SORT_NONE(.init)))
        x = . ; /* behind */ . += 4; } >rom AT>ram :text =0x90 }
      """)
    #expect(script.count == 4)
    guard case .sections(let sections) = script[3].kind, case .section(let text) = sections[0].kind
    else {
      Issue.record("no section")
      return
    }
    #expect(text.name == ".text")
    #expect(text.region == "rom" && text.loadRegion == "ram" && text.headers == ["text"])
    #expect(text.fill?.hexDigits == "90")
    #expect(text.contents.count == 4)
    #expect(text.contents[2].trivia.behind == ["behind"])
    guard case .input(let input) = text.contents[0].kind else { return }
    #expect(input.file == "*/drivers/*.o")
    #expect(input.patterns.map(\.name) == [".text", ".rodata*"])
  }
}
