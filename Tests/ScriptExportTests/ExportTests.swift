// Exported scripts: every map of the tree becomes a script that can be read again, and what a script
// cannot say is told. That GNU ld lays them out the same is shown by the end-to-end suite.

import MapLang
import ScriptExport
import ScriptImport
import Testing
import _TestSupport

private func export(_ text: String) throws -> ExportedScript {
  let source = SourceFile(name: "x.smap", bytes: Array(text.utf8))
  let compiled = MapCompiler.compile([source], defaultMap: DefaultMap.source())
  #expect(!compiled.hasErrors, "\(compiled.diagnostics.map { $0.render(in: compiled.sources) })")
  return ScriptExporter.run(try #require(compiled.map), name: "x.smap")
}

@Suite struct ExportTests {
  @Test func writesWhatAPersonWouldWrite() throws {
    let script = try export(
      """
      smap 1;
      pages none; entry Reset_Handler;
      region flash { at 0x0800_0000; size 512 KiB; access rx; }
      region ram { at 0x2000_0000; size 128 KiB; end _estack; }
      place in flash {
        section .isr_vector { align 128; keep take .isr_vector; }
        section .text { align 4; take .text+; end _etext; }
      }
      place in ram {
        section .data { align 4; pad 4; load in flash align 1; take .data+; start _sdata; load_start _sidata; }
        section .bss { take .bss+ COMMON; start _sbss; end _ebss; }
      }
      symbol answer = size(ram) / 2 + 1;
      assert size(.text) < 256 KiB, "too much";
      discard .comment;
      """)
    for words in [
      "ENTRY(Reset_Handler)", "flash (rx) : ORIGIN = 0x8000000, LENGTH = 512K",
      ".isr_vector : ALIGN(128) { KEEP(*(.isr_vector)) } > flash",
      ".text : ALIGN(4) { *(.text .text.*) _etext = .; } > flash",
      ".data : ALIGN(4) { _sdata = .; *(.data .data.*) . = ALIGN(4); } > ram AT> flash",
      "_sidata = LOADADDR(.data);", ".bss : { _sbss = .; *(.bss .bss.* COMMON) _ebss = .; } > ram",
      "_estack = ORIGIN(ram) + LENGTH(ram);", "answer = 0x10001;",
      "ASSERT(SIZEOF(.text) < 256K, \"too much\")", "/DISCARD/ : { *(.comment) }",
    ] {
      #expect(script.text.contains(words), "\(words) is not in:\n\(script.text)")
    }
    #expect(script.isFaithful, "\(script.notes)")
  }

  @Test func tellsWhatItCannotSay() throws {
    for (statement, words) in [
      ("section .a { take .a order \"f\"; }", "list of symbols"),
      ("section .a { take .text+; } section .b { take .text.hot; }", "first rule that matches"),
      ("section .a { group { align pow2; take .a; } }", "pow2"),
      ("section .a { at 0x2000; take .a; }", "does not walk around"),
      ("section .a; orphans set_*;", "sections of other names"),
      ("overlay { section .a; section .bss; }", "OVERLAY"),
    ] {
      let script = try export("smap 1; pages none; place at 0x1000 { \(statement) }")
      #expect(!script.isFaithful)
      #expect(script.notes.contains { $0.message.contains(words) }, "\(statement): \(script.notes)")
    }
    let forbidden = try export("smap 1; place at 0 { section .a; } forbid .g?t;")
    #expect(forbidden.text.contains("/* not exported") && !forbidden.isFaithful)
  }

  @Test func namesCannotBreakTheScript() throws {
    let script = try export(
      "smap 1; pages none; place at 0 { section \"a */ b\" { take \"a */ b\"; start \"x y\"; } } assert 1 == 1, \"q\\\"q\";"
    )
    #expect(script.text.contains("\"a */ b\""))
    _ = try ScriptImporter.run(name: "x.ld", bytes: Array(script.text.utf8))
  }

  @Test func everyMapOfTheTreeBecomesAScript() throws {
    var count = 0
    let paths =
      SourceTree.files(below: "Examples", withSuffix: ".smap")
      + SourceTree.files(below: "Tests/EndToEndTests/Cases/maps", withSuffix: ".smap")
    for path in paths {
      let text = try #require(SourceTree.text(of: path))
      let source = SourceFile(name: path, bytes: Array(text.utf8))
      let compiled = MapCompiler.compile([source], defaultMap: DefaultMap.source())
      guard let map = compiled.map else { continue }
      let script = ScriptExporter.run(map, name: path)
      _ = try ScriptImporter.run(name: "x.ld", bytes: Array(script.text.utf8))
      count += 1
    }
    #expect(count > 15)
  }
}
