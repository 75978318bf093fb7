import ELF
import Testing

@testable import Linker

struct LibraryScriptTests {
  /// Each input as `[+][-l]name[@group]`, `+` for AS_NEEDED.
  private func inputs(_ text: String) throws -> [String] {
    try LibraryScript(ByteView(text)).inputs.map {
      ($0.isAsNeeded ? "+" : "") + ($0.kind == .library ? "-l" : "") + $0.name.string
        + ($0.group > 0 ? "@\($0.group)" : "")
    }
  }

  @Test func readsLibcScript() throws {
    let text = """
      /* GNU ld script
         Use the shared library, but some functions are only in
         the static library, so try that secondarily.  */
      OUTPUT_FORMAT(elf64-x86-64)
      GROUP ( /lib/x86_64-linux-gnu/libc.so.6 /usr/lib/x86_64-linux-gnu/libc_nonshared.a  \
      AS_NEEDED ( /lib64/ld-linux-x86-64.so.2 ) )
      """
    #expect(
      try inputs(text) == [
        "/lib/x86_64-linux-gnu/libc.so.6@1", "/usr/lib/x86_64-linux-gnu/libc_nonshared.a@1",
        "+/lib64/ld-linux-x86-64.so.2@1",
      ])
    #expect(
      try LibraryScript(ByteView(text)).outputFormats.map(\.text.string) == ["elf64-x86-64"])
  }

  @Test(arguments: [
    ("INPUT(a.o b.o)", ["a.o", "b.o"]),
    ("INPUT(a.o,b.o , c.o)", ["a.o", "b.o", "c.o"]),
    ("INPUT ( \"a b.o\" ) ;", ["a b.o"]),
    ("INPUT(-lfoo -l:bar.a AS_NEEDED(-lbaz) -lc++)", ["-lfoo", "-l:bar.a", "+-lbaz", "-lc++"]),
    ("GROUP(a.so)GROUP(AS_NEEDED(b.so, c.so) d.so)", ["a.so@1", "+b.so@2", "+c.so@2", "d.so@2"]),
    ("# a comment\nINPUT(a.so # and one more\n b.so)", ["a.so", "b.so"]),
    ("INPUT()", []), ("", []), ("  \n/* nothing */\n", []), ("\u{feff}INPUT(x)", ["x"]),
    ("INPUT(/a/b+c/lib~1.so.2)", ["/a/b+c/lib~1.so.2"]),
  ])
  func readsInputs(text: String, expected: [String]) throws {
    #expect(try inputs(text) == expected)
  }

  @Test func flagsSysroot() throws {
    let script = try LibraryScript(
      ByteView("INPUT(=/lib/a.so $SYSROOT/lib/b.so /lib/c.so) SEARCH_DIR(\"=/usr/lib\")"))
    #expect(script.inputs.map(\.isBelowSysroot) == [true, true, false])
    #expect(script.inputs.map(\.name.string) == ["=/lib/a.so", "$SYSROOT/lib/b.so", "/lib/c.so"])
    #expect(
      script.inputs.map(\.pathBelowSysroot.string) == ["/lib/a.so", "/lib/b.so", "/lib/c.so"])
    #expect(script.searchDirectories.map(\.pathBelowSysroot.string) == ["/usr/lib"])
    #expect(script.searchDirectories[0].isBelowSysroot)
  }

  @Test func readsOtherCommands() throws {
    let script = try LibraryScript(
      ByteView(
        """
        OUTPUT_FORMAT("elf64-x86-64", "elf64-x86-64", "elf64-x86-64") OUTPUT_ARCH(i386:x86-64)
        TARGET(elf64-x86-64) ENTRY(_start) EXTERN(a b, c)
        VERSION { V1 { a; local: *; }; V2 { b; } V1; }
        """))
    #expect(script.entry?.text.string == "_start")
    #expect(script.externSymbols.map(\.text.string) == ["a", "b", "c"])
    #expect(script.externSymbols[1].position == TextPosition(line: 2, column: 45))
    #expect(script.versions.nodes.map(\.name.string) == ["V1", "V2"])
    #expect(script.versions.nodes[1].parents == [0])
  }

  @Test(arguments: [
    (
      "INPUT(a.o)\nSECTIONS { .text : { *(.text) } }",
      "2:1: SECTIONS is not read by swold; say the layout in a section map: swold --section-map FILE (see docs/SectionMap.md)"
    ),
    ("MEMORY { r : ORIGIN = 0, LENGTH = 1 }", "1:1: MEMORY is not read"),
    ("PHDRS { }", "'segment'"),
    ("OVERLAY", "OVERLAY is not read"), ("INCLUDE x", "INCLUDE"), ("INSERT AFTER .text", "INSERT"),
    ("REGION_ALIAS(\"a\", b)", "REGION_ALIAS"), ("NOCROSSREFS(.a .b)", "NOCROSSREFS"),
    ("STARTUP(a.o)", "first on the command line"), ("OUTPUT(a)", "-o FILE"),
    (". = 4;", "assignment to '.'"), ("PROVIDE(. = 4);", "1:9: an assignment to '.'"),
    ("a = 1 +\n * 2;", "2:2: the expression needs a number or symbol before"),
    ("a = 1", "1:6: expected ';' behind the assignment to a"), ("a = 1 b = 2;", "expected ';'"),
    ("PROVIDE(a += 1);", "1:11: expected '=' behind a, found '+='"),
    ("HIDDEN(a = 1;", "expected ')' behind the assignment to a"), ("a == 1;", "no command"),
    ("a = .;", "1:5: the expression cannot ask for '.'"), ("PROVIDE a = 1;", "expected '('"),
    ("ASSERT(1);", "1:9: the expression needs"), ("\"a\";", "1:4: expected '='"),
    ("AS_NEEDED(a)", "inside INPUT(...) or GROUP(...) only"),
    ("hello world", "1:1: 'hello' is no command of a library script"),
    ("INPUT a.o", "1:7: expected '(' after INPUT, found 'a.o'"),
    ("INPUT(a.o", "1:10: expected a file name or ')' in INPUT, found the end of the file"),
    ("GROUP(AS_NEEDED(a)", "in GROUP, found the end"),
    ("GROUP(AS_NEEDED(AS_NEEDED(a)))", "AS_NEEDED inside AS_NEEDED"),
    ("GROUP(INPUT(a))", "INPUT cannot stand inside GROUP"),
    ("INPUT('a.o')", "found '''"), ("INPUT(\"a.o)\n", "1:7: the string that begins here"),
    ("/* x\n", "1:1: the comment that begins here has no closing '*/'"),
    ("OUTPUT_FORMAT(a, b)", "takes one or three names"),
    ("VERSION { V1 { a; };", "1:11: the VERSION"),
    ("VERSION {", "the VERSION command"), ("(", "expected a linker script command, found '('"),
    ("SEARCH_DIR()", "expected a name in SEARCH_DIR, found ')'"),
  ])
  func rejects(text: String, expected: String) {
    let error = #expect(throws: TextError.self) { try LibraryScript(ByteView(text)) }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }

  @Test func readsAssignments() throws {
    let text = """
      foo = bar + 1; "a b"=2, INPUT = 3; x <<= 4;
      PROVIDE(p = foo); HIDDEN ( h = 1 ) PROVIDE_HIDDEN("q" = 2);
      ASSERT(foo > 1,
        "too small") INPUT(a.o) y -= 1;
      """
    let script = try LibraryScript(ByteView(text))
    let all = script.assignments
    #expect(all.map(\.name) == ["foo", "a b", "INPUT", "x", "p", "h", "q", "", "y"])
    #expect(all[0].expression == .binary(.add, .symbol("bar"), .number(1)))
    #expect(all[0].text == "foo = bar + 1")
    #expect(all[3].expression == .binary(.shiftLeft, .symbol("x"), .number(4)))
    #expect(
      all.map(\.isProvided)
        == [4, 6].reduce(into: Array(repeating: false, count: 9)) { $0[$1] = true })
    #expect(
      all.map(\.isHidden)
        == [5, 6].reduce(into: Array(repeating: false, count: 9)) { $0[$1] = true })
    #expect(all[7].text == "ASSERT(foo > 1, \"too small\")")
    #expect(all[8].position == TextPosition(line: 4, column: 27))
    #expect(script.inputs.map(\.name.string) == ["a.o"])
  }

  @Test func everyTruncationIsHandled() {
    let text = """
      OUTPUT_FORMAT("a",b,c) GROUP ( /x AS_NEEDED ( -ly ) ) # c
      VERSION { V1 { global: a; extern "C++" { "b"; c*; }; local: *; }; } /* d */
      a += MAX(b, SIZEOF(.c-d)) ? $fK : DEFINED("e"); PROVIDE(f = 1 << 2); ASSERT(g && !h, "i")
      """
    let bytes = Array(text.utf8)
    var accepted = 0
    for count in 0...bytes.count {
      for replacement in [nil, 0, 0xff, UInt8(ascii: "{"), UInt8(ascii: "\"")] as [UInt8?] {
        let tail = replacement.map { [$0] } ?? []
        if (try? LibraryScript(ByteView(Array(bytes[..<count]) + tail))) != nil { accepted += 1 }
      }
    }
    #expect(accepted > 0 && accepted < bytes.count)
  }

  @Test func tellsTextFromGarbage() {
    #expect(LibraryScript.looksLikeScript(ByteView("INPUT(ä)\r\n\t")))
    #expect(LibraryScript.looksLikeScript(ByteView()))
    #expect(!LibraryScript.looksLikeScript(ByteView([0x7f, 0x45, 0x4c, 0x46])))
    #expect(!LibraryScript.looksLikeScript(ByteView("INPUT(a)\0")))
    #expect(!LibraryScript.looksLikeScript(ByteView("BC\u{1}")))
  }
}
