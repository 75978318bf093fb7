// Loads from the GOT that become computations (psABI, "Optimize GOTPCRELX Relocations"), and those
// that look alike and must stay.

import Testing

@testable import Linker

/// A way to write code that is linked at `Pinned.text`, and what becomes of it.
struct CodeChange: CustomTestStringConvertible, Sendable {
  let name: String
  let before: String
  let after: String

  init(_ name: String, _ before: String, _ after: String) {
    self.name = name
    self.before = before
    self.after = after
  }

  var testDescription: String { name }
}

@Suite struct GOTLoadTests {
  private static let S = Pinned.data + 8
  private static let text = Pinned.text
  private static let GOT = Pinned.got

  private func check(_ change: CodeChange, _ symbol: String = "", _ options: String = "") throws {
    let (output, messages) = try linkAssembly(
      """
      .globl _start
      _start: \(instructions(change.before))
      \(symbol.isEmpty ? ".data\n.quad 0\ntarget: .quad 0" : symbol)
      """, options)
    let text = try output?.dump(".text")
    #expect(text == change.after, "\(messages)")
  }

  @Test(arguments: [
    CodeChange(
      "mov, %rax", "48 8b 05 {REX_GOTPCRELX target-4}", "48 8d 05 " + little(S - (text + 7))),
    CodeChange(
      "mov, %r15", "4c 8b 3d {REX_GOTPCRELX target-4}", "4c 8d 3d " + little(S - (text + 7))),
    CodeChange(
      "mov, %r8d", "44 8b 05 {REX_GOTPCRELX target-4}", "44 8d 05 " + little(S - (text + 7))),
    CodeChange("mov, %ecx", "8b 0d {GOTPCRELX target-4}", "8d 0d " + little(S - (text + 6))),
    // addr32 is a prefix without effect that makes the direct call as long as the other.
    CodeChange("call", "ff 15 {GOTPCRELX target-4}", "67 e8 " + little(S - (text + 6))),
    // The jump is a byte shorter: its operand ends one byte earlier.
    CodeChange("jmp", "ff 25 {GOTPCRELX target-4}", "e9 " + little(S - (text + 5)) + " 90"),
  ])
  func `a load of a known address is replaced`(change: CodeChange) throws {
    try check(change)
    let (output, _) = try linkAssembly(
      ".globl _start\n_start: \(instructions(change.before))\n.data\n.quad 0\ntarget: .quad 0")
    #expect(output?.has(".got") == false)
  }

  @Test(arguments: [
    CodeChange("test", "48 85 05 {REX_GOTPCRELX target-4}", "48 85 05 " + little(GOT - (text + 7))),
    CodeChange("add", "48 03 05 {REX_GOTPCRELX target-4}", "48 03 05 " + little(GOT - (text + 7))),
    CodeChange("sub", "4c 2b 05 {REX_GOTPCRELX target-4}", "4c 2b 05 " + little(GOT - (text + 7))),
    CodeChange("cmp", "48 3b 05 {REX_GOTPCRELX target-4}", "48 3b 05 " + little(GOT - (text + 7))),
    CodeChange("xor", "33 05 {GOTPCRELX target-4}", "33 05 " + little(GOT - (text + 6))),
    CodeChange("push", "ff 35 {GOTPCRELX target-4}", "ff 35 " + little(GOT - (text + 6))),
  ])
  func `other operations keep the load`(change: CodeChange) throws {
    try check(change)
  }

  @Test(arguments: [
    CodeChange("old type", "48 8b 05 {GOTPCREL target-4}", "48 8b 05 " + little(GOT - (text + 7))),
    CodeChange(
      "mov that stores", "48 89 05 {REX_GOTPCRELX target-4}",
      "48 89 05 " + little(GOT - (text + 7))),
    CodeChange(
      "operand not relative to %rip", "48 8b 80 {REX_GOTPCRELX target-4}",
      "48 8b 80 " + little(GOT - (text + 7))),
    CodeChange(
      "operand with index byte", "48 8b 04 25 {REX_GOTPCRELX target-4}",
      "48 8b 04 25 " + little(GOT - (text + 8))),
    CodeChange(
      "no REX prefix where one must be", "90 8b 05 {REX_GOTPCRELX target-4}",
      "90 8b 05 " + little(GOT - (text + 7))),
    CodeChange(
      "far call", "ff 1d {GOTPCRELX target-4}", "ff 1d " + little(GOT - (text + 6))),
    CodeChange(
      "call of the REX type", "48 ff 15 {REX_GOTPCRELX target-4}",
      "48 ff 15 " + little(GOT - (text + 7))),
    CodeChange(
      "another addend", "48 8b 05 {REX_GOTPCRELX target+4}",
      "48 8b 05 " + little(GOT + 8 - (text + 7))),
    CodeChange("nothing before it", "{GOTPCRELX target-4}", little(GOT - (text + 4))),
    CodeChange(
      "one byte before it", "05 {REX_GOTPCRELX target-4}", "05 " + little(GOT - (text + 5))),
    CodeChange(
      "two bytes before it", "8b 05 {REX_GOTPCRELX target-4}", "8b 05 " + little(GOT - (text + 6))),
  ])
  func `what looks alike keeps the load`(change: CodeChange) throws {
    try check(change)
  }

  @Test func `--no-relax keeps the load`() throws {
    try check(
      CodeChange(
        "", "48 8b 05 {REX_GOTPCRELX target-4} ff 15 {GOTPCRELX target-4}",
        "48 8b 05 \(little(Self.GOT - (Self.text + 7))) ff 15 \(little(Self.GOT - (Self.text + 13)))"
      ),
      "", "--no-relax")
  }

  @Test func `an absolute symbol keeps the load`() throws {
    try check(
      CodeChange(
        "", "48 8b 05 {REX_GOTPCRELX number-4}", "48 8b 05 " + little(Self.GOT - (Self.text + 7))),
      ".globl number\nnumber = 0x1234")
  }

  @Test func `an IFUNC keeps the load`() throws {
    try check(
      CodeChange(
        "", "48 8b 05 {REX_GOTPCRELX chosen-4}", "48 8b 05 " + little(Self.GOT - (Self.text + 7))),
      ".section .other, \"ax\"\n.globl chosen\n.type chosen, @gnu_indirect_function\nchosen: ret")
  }

  @Test func `a symbol of a library keeps the load`() throws {
    let folder = try AssemblyLink()
    try folder.library(".globl f\n.type f, @function\nf: ret\n.data")
    try folder.assemble(
      """
      .globl _start
      _start: \(instructions("48 8b 05 {REX_GOTPCRELX f-4} ff 15 {GOTPCRELX f-4}"))
      """)
    let (output, messages) = try folder.link("a.o lib.so \(Pinned.options) -no-pie")
    #expect(
      try output?.dump(".text")
        == "48 8b 05 \(little(Self.GOT - (Self.text + 7))) "
        + "ff 15 \(little(Self.GOT - (Self.text + 13)))", "\(messages)")
    // R_X86_64_GLOB_DAT
    #expect(
      try output?.relocations()
        == [TestImage.Dynamic(place: UInt64(Self.GOT), type: 6, symbol: "f")])
  }

  @Test func `a symbol of the large model keeps the load`() throws {
    // It may be more than 2 GiB away, where `lea` does not reach.
    let (output, messages) = try linkAssembly(
      """
      .globl _start
      _start: \(instructions("48 8b 05 {REX_GOTPCRELX far-4}"))
      .section .ldata, "awl"
      .quad 0
      far: .quad 0
      """, "--section-start=.ldata=0x200000000")
    #expect(
      try output?.dump(".text") == "48 8b 05 " + little(Self.GOT - (Self.text + 7)), "\(messages)")
    #expect(try output?.dump(".got") == little(0x2_0000_0008, 8))
  }

  @Test func `the APX form loads from the GOT`() throws {
    // mov with a REX2 prefix (d5 48), into %r16; the assembler does not know its relocation yet.
    let folder = try AssemblyLink()
    try folder.assemble(
      """
      .globl _start
      _start: \(instructions("d5 48 8b 05 {GOTPCREL target-4}"))
      .data
      .quad 0
      target: .quad 0
      """)
    try folder.setType(of: 0, to: 43)
    let (output, messages) = try folder.link("a.o \(Pinned.options)")
    #expect(
      try output?.dump(".text") == "d5 48 8b 05 " + little(Self.GOT - (Self.text + 8)),
      "\(messages)")
    #expect(try output?.dump(".got") == little(Self.S, 8))
  }
}
