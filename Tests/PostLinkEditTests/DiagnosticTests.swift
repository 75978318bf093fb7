// Every code can be raised, and is, somewhere in these tests; here are those that no other test
// needs.

import ELF
import Testing

@testable import PostLinkEdit

@Suite struct DiagnosticTests {
  @Test func everyCodeHasATest() {
    let box = Sandbox()
    let components = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    let folder = components.dropLast().joined(separator: "/")
    let text = box.check("cat '\(folder)'/*Tests.swift")
    for code in DiagnosticCode.allCases {
      #expect(text.contains("\"\(code.rawValue)\""), "\(code.rawValue) is never expected")
    }
  }

  @Test func namesThatSeveralHave() {
    let box = Sandbox()
    box.write("a.c", "static int twin = 1; int *a = &twin; int main(void) { return 0; }")
    box.write("b.c", "static int twin = 2; int *b = &twin;")
    box.check("gcc -no-pie -o app a.c b.c")
    for (edit, hint) in [
      ("put sym:twin u32:3", "use va:"), ("poke u8 sym:twin = '(1)'", "use va:"),
    ] {
      let outcome = box.edit("\(edit) -i app")
      #expect(outcome.status == 1 && outcome.errors.contains("SE-AMBIGUOUS"), "\(outcome)")
      #expect(outcome.errors.contains(hint) && outcome.errors.contains("file: app"), "\(outcome)")
    }
    #expect("SE-AMBIGUOUS" == DiagnosticCode.ambiguous.rawValue)
  }

  /// The verification sees changes that no verb planned: it is given some.
  @Test func verificationFindsWhatWasNotPlanned() throws {
    let box = Sandbox()
    box.buildProgram()
    box.check("printf overlay >> app")
    let bytes = box.read("app")
    func find(_ name: String) throws -> Section {
      try bytes.withView { view throws(EditFailure) in try Image(view).section(named: name) }
    }
    let rodata = try find(".rodata")
    let data = try find(".data")
    let text = try find(".text")
    let symbols = try find(".symtab")
    let dynamic = try find(".dynamic")
    let comment = try find(".comment")
    let id = try find(".note.gnu.build-id")
    let changes: [(what: String, offset: Int)] = [
      ("a constant", Int(rodata.offset) + 8), ("data", Int(data.offset)),
      ("code", Int(text.offset)), ("a symbol's value", Int(symbols.offset) + 24 * 3 + 8),
      ("a dynamic value", Int(dynamic.offset) + 8), ("a comment", Int(comment.offset)),
      ("the build-id", Int(id.offset) + 20), ("the entry", 24), ("the overlay", bytes.count - 1),
      ("a permission", 64 + 56 * 3 + 4), ("a load address", 64 + 56 * 3 + 24),
    ]
    for (what, offset) in changes {
      let session = try EditSession(image: bytes)
      try session.apply([Edit(.put(.slot("ident"), .bytes([1, 2, 3]), padding: .fill))])
      session.working.write([session.working.bytes[offset] ^ 0x5a], at: offset)
      do {
        try session.verify()
        Issue.record("\(what) changed and nobody saw it")
      } catch {
        #expect(error.code.rawValue == "SE-VERIFY" && error.exitCode == 4, "\(what): \(error)")
      }
    }
    // What was planned is fine.
    let session = try EditSession(image: bytes)
    try session.apply([Edit(.put(.slot("ident"), .bytes([1, 2, 3]), padding: .fill))])
    try session.verify()
  }

  @Test func warnings() {
    let box = Sandbox()
    box.buildProgram()
    box.buildFirmware("fw.elf")
    func warns(_ edit: String, _ code: String) {
      let outcome = box.edit(edit)
      #expect(outcome.status == 0, "\(edit): \(outcome)")
      #expect((outcome.errors + outcome.output).contains(code), "\(edit): \(outcome)")
    }
    warns("insert .code hex:c3 flags=rx where=segment -o new app", "SW-NO-UNWIND")
    warns("lma all by=0x1000 remap=yes -o new fw.elf", "SW-REPEAT")
    warns("entry '(sym(_start) + 1)' vectors=vectors -o new fw.elf", "SW-INVARIANT")
    box.write("bare.s", ".globl _start\n_start: nop\n.section .rodata\n.byte 1\n")
    box.check("gcc -c bare.s && ld -o bare bare.o")
    warns("lint bare", "SW-HEADERS-LOADED")
    // Bytes between two sections of a segment without code.
    box.write("h.s", ".data\n.byte 1\n.section .more,\"aw\"\n.balign 64\n.byte 2\n.text\nnop\n")
    box.check(
      """
      gcc -c h.s && ld -e 0x401000 -o holes h.o
      off=$(readelf -SW holes | sed 's/^ *\\[ *[0-9]*\\]//' | awk '$1==".data"{print $4}')
      printf data | dd of=holes bs=1 seek=$((0x$off + 32)) conv=notrunc 2>/dev/null
      """)
    warns("lint holes", "SW-HOLE-DATA")
    // Somebody else's file: the owner cannot be kept. Only root can make such a file.
    guard box.run("[ $(id -u) = 0 ] && which setpriv").status == 0 else { return }
    box.check("chmod 777 . && chmod u+s app")
    let outcome = box.run(
      "setpriv --reuid=65534 --regid=65534 --clear-groups '\(Sandbox.editor)' "
        + "put slot:ident str:x -i app")
    if outcome.errors.contains("ermission denied"), outcome.status == 126 { return }
    #expect(outcome.status == 0 && outcome.errors.contains("SW-OWNER"), "\(outcome)")
    #expect(box.run("[ -u app ]").status != 0, "setuid is kept for another owner")
    #expect("SW-OWNER" == DiagnosticCode.ownership.rawValue)
  }
}
