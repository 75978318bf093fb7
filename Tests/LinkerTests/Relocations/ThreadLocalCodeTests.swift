// Thread-local code sequences that are replaced in programs (psABI, "Thread-Local Storage:
// Relaxations"), and those that look alike and must stay.
//
// The block has 16 bytes, `t` is 8 bytes into it, so its offset from the thread pointer is -8.

import Testing

@testable import Linker

@Suite struct ThreadLocalCodeTests {
  private static let text = Pinned.text
  private static let GOT = Pinned.got
  /// Where `__tls_get_addr` is.
  private static let helper: Int64 = 0x41_0000
  private static let tp = "f8 ff ff ff"

  private func check(_ change: CodeChange, _ options: String = "") throws {
    let (output, messages) = try linkAssembly(
      """
      .globl _start, __tls_get_addr
      _start: \(instructions(change.before))
      .section .helper, "ax"
      __tls_get_addr: ret
      .section .tdata, "awT"
      .quad 0
      t: .quad 0
      """, "--section-start=.helper=0x410000 \(options)")
    let text = try output?.dump(".text")
    #expect(text == change.after, "\(messages)")
  }

  // mov %fs:0, %rax; lea t@TPOFF(%rax), %rax
  private static let localExec = "64 48 8b 04 25 00 00 00 00 48 8d 80 \(tp)"

  @Test(arguments: [
    CodeChange(
      "call", "66 48 8d 3d {TLSGD t-4} 66 66 48 e8 {PLT32 __tls_get_addr-4}", localExec),
    CodeChange(
      "call, PC32", "66 48 8d 3d {TLSGD t-4} 66 66 48 e8 {PC32 __tls_get_addr-4}", localExec),
    CodeChange(
      "-fno-plt", "66 48 8d 3d {TLSGD t-4} 66 48 ff 15 {GOTPCRELX __tls_get_addr-4}", localExec),
    CodeChange(
      "-fno-plt, older type", "66 48 8d 3d {TLSGD t-4} 66 48 ff 15 {GOTPCREL __tls_get_addr-4}",
      localExec),
    CodeChange(
      "large model, %rbx",
      "48 8d 3d {TLSGD t-4} 48 b8 {8:PLTOFF64 __tls_get_addr} 48 01 d8 ff d0",
      localExec + " 66 0f 1f 44 00 00"),
    CodeChange(
      "large model, %r15",
      "48 8d 3d {TLSGD t-4} 48 b8 {8:PLTOFF64 __tls_get_addr} 4c 01 f8 ff d0",
      localExec + " 66 0f 1f 44 00 00"),
  ])
  func `general dynamic becomes local exec`(change: CodeChange) throws {
    try check(change)
  }

  @Test(arguments: [
    CodeChange(
      "call", "48 8d 3d {TLSLD t-4} e8 {PLT32 __tls_get_addr-4} 48 8d 80 {DTPOFF32 t}",
      "66 66 66 64 48 8b 04 25 00 00 00 00 48 8d 80 \(tp)"),
    CodeChange(
      "-fno-plt", "48 8d 3d {TLSLD t-4} ff 15 {GOTPCRELX __tls_get_addr-4} 48 8d 80 {DTPOFF32 t}",
      "66 66 66 66 64 48 8b 04 25 00 00 00 00 48 8d 80 \(tp)"),
    CodeChange(
      "large model",
      "48 8d 3d {TLSLD t-4} 48 b8 {8:PLTOFF64 __tls_get_addr} 48 01 d8 ff d0 48 8d 80 {DTPOFF32 t}",
      "66 66 66 66 66 66 66 66 0f 1f 44 00 00 64 48 8b 04 25 00 00 00 00 48 8d 80 \(tp)"),
  ])
  func `local dynamic becomes local exec`(change: CodeChange) throws {
    try check(change)
  }

  @Test(arguments: [
    // The register moves from the reg field to the r/m field of the instruction.
    CodeChange("mov, %rax", "48 8b 05 {GOTTPOFF t-4}", "48 c7 c0 \(tp)"),
    CodeChange("mov, %rdi", "48 8b 3d {GOTTPOFF t-4}", "48 c7 c7 \(tp)"),
    CodeChange("mov, %r8", "4c 8b 05 {GOTTPOFF t-4}", "49 c7 c0 \(tp)"),
    CodeChange("add, %rcx", "48 03 0d {GOTTPOFF t-4}", "48 81 c1 \(tp)"),
    CodeChange("add, %rsp", "48 03 25 {GOTTPOFF t-4}", "48 81 c4 \(tp)"),
    CodeChange("add, %r12", "4c 03 25 {GOTTPOFF t-4}", "49 81 c4 \(tp)"),
  ])
  func `initial exec becomes local exec`(change: CodeChange) throws {
    try check(change)
  }

  @Test(arguments: [
    CodeChange(
      "%rax", "48 8d 05 {GOTPC32_TLSDESC t-4} {0:TLSDESC_CALL t} ff 10", "48 c7 c0 \(tp) 66 90"),
    CodeChange(
      "%r9", "4c 8d 0d {GOTPC32_TLSDESC t-4} {0:TLSDESC_CALL t} ff 10", "49 c7 c1 \(tp) 66 90"),
    CodeChange(
      "x32 call", "48 8d 05 {GOTPC32_TLSDESC t-4} {0:TLSDESC_CALL t} 67 ff 10",
      "48 c7 c0 \(tp) 0f 1f 00"),
  ])
  func `descriptors become local exec`(change: CodeChange) throws {
    try check(change)
  }

  /// Instructions with a REX2 prefix, whose relocations the assembler does not know yet.
  @Test(arguments: [
    // lea t@TLSDESC(%rip), %rax, %r8, %r16, %r31; R3 and R4 become B3 and B4.
    CodeChange("%rax", "d5 08 8d 05 {GOTPC32_TLSDESC t-4}", "d5 08 c7 c0 \(tp)"),
    CodeChange("%r8", "d5 0c 8d 05 {GOTPC32_TLSDESC t-4}", "d5 09 c7 c0 \(tp)"),
    CodeChange("%r16", "d5 48 8d 05 {GOTPC32_TLSDESC t-4}", "d5 18 c7 c0 \(tp)"),
    CodeChange("%r31", "d5 4c 8d 3d {GOTPC32_TLSDESC t-4}", "d5 19 c7 c7 \(tp)"),
    // mov t@GOTTPOFF(%rip), %r16 stays.
    CodeChange(
      "initial exec", "d5 48 8b 05 {GOTTPOFF t-4}",
      "d5 48 8b 05 \(little(GOT - (text + 8)))"),
  ])
  func `the APX forms`(change: CodeChange) throws {
    let folder = try AssemblyLink()
    try folder.assemble(
      """
      .globl _start
      _start: \(instructions(change.before))
      .section .tdata, "awT"
      .quad 0
      t: .quad 0
      """)
    try folder.setType(of: 0, to: change.before.contains("GOTTPOFF") ? 44 : 45)
    let (output, messages) = try folder.link("a.o \(Pinned.options)")
    let code = try output?.dump(".text")
    #expect(code == change.after, "\(messages)")
  }

  @Test(arguments: ["", "-static --no-relax"])
  func `the descriptor of the module's base is the thread pointer's`(options: String) throws {
    // _TLS_MODULE_BASE_ stands for what offsets are relative to: 0 from the thread pointer.
    try check(
      CodeChange(
        "",
        "48 8d 05 {GOTPC32_TLSDESC _TLS_MODULE_BASE_-4} {0:TLSDESC_CALL _TLS_MODULE_BASE_} ff 10 "
          + "48 8d 80 {DTPOFF32 t}",
        "48 c7 c0 00 00 00 00 66 90 48 8d 80 \(Self.tp)"), options)
  }

  // MARK: What stays

  /// The value that `__tls_get_addr` gets is the address of two words: the module and the offset.
  @Test(arguments: [
    CodeChange(
      "lea into another register", "66 48 8d 35 {TLSGD t-4} 66 66 48 e8 {PLT32 __tls_get_addr-4}",
      "66 48 8d 35 \(little(GOT - (text + 8))) 66 66 48 e8 \(little(helper - (text + 16)))"),
    CodeChange(
      "no prefix", "90 48 8d 3d {TLSGD t-4} 66 66 48 e8 {PLT32 __tls_get_addr-4}",
      "90 48 8d 3d \(little(GOT - (text + 8))) 66 66 48 e8 \(little(helper - (text + 16)))"),
    CodeChange(
      "call without its prefixes",
      "66 48 8d 3d {TLSGD t-4} 90 90 90 e8 {PLT32 __tls_get_addr-4}",
      "66 48 8d 3d \(little(GOT - (text + 8))) 90 90 90 e8 \(little(helper - (text + 16)))"),
    CodeChange(
      "jump", "66 48 8d 3d {TLSGD t-4} 66 66 48 e9 {PLT32 __tls_get_addr-4}",
      "66 48 8d 3d \(little(GOT - (text + 8))) 66 66 48 e9 \(little(helper - (text + 16)))"),
    CodeChange(
      "something between",
      "66 48 8d 3d {TLSGD t-4} 90 66 66 48 e8 {PLT32 __tls_get_addr-4}",
      "66 48 8d 3d \(little(GOT - (text + 8))) 90 66 66 48 e8 \(little(helper - (text + 17)))"),
    CodeChange(
      "large model, another addition",
      "48 8d 3d {TLSGD t-4} 48 b8 {8:PLTOFF64 __tls_get_addr} 48 29 d8 ff d0",
      "48 8d 3d \(little(GOT - (text + 7))) 48 b8 \(little(helper - Pinned.gotPLT, 8)) 48 29 d8 ff d0"
    ),
    CodeChange(
      "no call at all", "66 48 8d 3d {TLSGD t-4} 90",
      "66 48 8d 3d \(little(GOT - (text + 8))) 90"),
  ])
  func `general dynamic that looks alike stays`(change: CodeChange) throws {
    try check(change)
  }

  @Test func `a program's pair for the general dynamic form is its first module and the offset`()
    throws
  {
    let (output, messages) = try linkAssembly(
      """
      .globl _start
      _start: \(instructions("90 48 8d 3d {TLSGD t-4}"))
      .section .tdata, "awT"
      .quad 0
      t: .quad 0
      """)
    #expect(try output?.dump(".got") == "\(little(1, 8)) \(little(8, 8))", "\(messages)")
  }

  @Test(arguments: [
    CodeChange(
      "another register",
      "48 8d 35 {TLSLD t-4} e8 {PLT32 __tls_get_addr-4}",
      "48 8d 35 \(little(GOT - (text + 7))) e8 \(little(helper - (text + 12)))"),
    CodeChange(
      "jump", "48 8d 3d {TLSLD t-4} e9 {PLT32 __tls_get_addr-4}",
      "48 8d 3d \(little(GOT - (text + 7))) e9 \(little(helper - (text + 12)))"),
    CodeChange(
      "something between", "48 8d 3d {TLSLD t-4} 90 90 e8 {PLT32 __tls_get_addr-4}",
      "48 8d 3d \(little(GOT - (text + 7))) 90 90 e8 \(little(helper - (text + 14)))"),
  ])
  func `local dynamic that looks alike stays`(change: CodeChange) throws {
    try check(change)
  }

  /// Both kinds of sequence in one program must agree on what offsets are relative to.
  /// A static program has no choice but to replace what it can.
  @Test(arguments: ["", "-static --no-relax"])
  func `a program with local dynamic calls of both kinds has one base`(options: String) throws {
    let (output, messages) = try linkAssembly(
      """
      .globl _start, __tls_get_addr
      _start:
      \(instructions("48 8d 3d {TLSLD t-4} e8 {PLT32 __tls_get_addr-4} 48 8d 80 {DTPOFF32 t}"))
      \(instructions("48 8d 3d {TLSLD t-4} 90 e8 {PLT32 __tls_get_addr-4} 48 8d 80 {DTPOFF32 t}"))
      .section .helper, "ax"
      __tls_get_addr: ret
      .section .tdata, "awT"
      .quad 0
      t: .quad 0
      """, "--section-start=.helper=0x410000 \(options)")
    let image = try #require(output, "\(messages)")
    // The first was replaced: the thread pointer, and the offset from there.
    #expect(
      try image.dump(".text", 0, 19) == "66 66 66 64 48 8b 04 25 00 00 00 00 48 8d 80 \(Self.tp)")
    // The second asks for the module's block and an offset in it: that must be the thread pointer,
    // 16 bytes from the start of the block.
    #expect(try image.dump(".text", 19, 7) == "48 8d 3d \(little(Self.GOT - (Self.text + 26)))")
    #expect(try image.dump(".text", 32, 7) == "48 8d 80 \(Self.tp)")
    #expect(try image.dump(".got") == "\(little(1, 8)) \(little(16, 8))")
  }

  @Test(arguments: [
    CodeChange("sub", "48 2b 05 {GOTTPOFF t-4}", "48 2b 05 \(little(GOT - (text + 7)))"),
    CodeChange("cmp", "48 3b 05 {GOTTPOFF t-4}", "48 3b 05 \(little(GOT - (text + 7)))"),
    CodeChange("32 bits", "90 8b 05 {GOTTPOFF t-4}", "90 8b 05 \(little(GOT - (text + 7)))"),
    CodeChange(
      "not relative to %rip", "48 8b 80 {GOTTPOFF t-4}", "48 8b 80 \(little(GOT - (text + 7)))"),
    CodeChange("nothing before it", "{GOTTPOFF t-4}", little(GOT - (text + 4))),
  ])
  func `initial exec that looks alike stays`(change: CodeChange) throws {
    try check(change)
  }

  @Test func `--no-relax keeps all sequences`() throws {
    // Entries of the GOT in the order of their kinds: the offset from the thread pointer, the pair
    // of the variable, the pair of the module.
    let (output, messages) = try linkAssembly(
      """
      .globl _start, __tls_get_addr
      _start:
      \(instructions("66 48 8d 3d {TLSGD t-4} 66 66 48 e8 {PLT32 __tls_get_addr-4}"))
      \(instructions("48 8d 3d {TLSLD t-4} e8 {PLT32 __tls_get_addr-4}"))
      \(instructions("48 8b 05 {GOTTPOFF t-4}"))
      .section .helper, "ax"
      __tls_get_addr: ret
      .section .tdata, "awT"
      .quad 0
      t: .quad 0
      """, "--no-relax --section-start=.helper=0x410000")
    let image = try #require(output, "\(messages)")
    let code = try image.bytes(".text")
    func target(_ end: Int) -> Int64 {
      let word = code[(end - 4)..<end].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      return Self.text + Int64(end) + Int64(Int32(bitPattern: word))
    }
    #expect(dump(code[0..<4]) == "66 48 8d 3d" && target(16) == Self.helper)
    #expect(dump(code[16..<19]) == "48 8d 3d" && target(28) == Self.helper)
    #expect(dump(code[28..<31]) == "48 8b 05")
    func entry(_ address: Int64, _ count: Int) throws -> String {
      try image.dump(".got", Int(address - Self.GOT), count * 8)
    }
    #expect(try entry(target(8), 2) == "\(little(1, 8)) \(little(8, 8))")
    #expect(try entry(target(23), 2) == "\(little(1, 8)) \(little(0, 8))")
    #expect(try entry(target(35), 1) == little(-8, 8))
  }

  @Test(arguments: [
    "48 8b 05 {GOTPC32_TLSDESC t-4}",  // mov
    "48 8d 80 {GOTPC32_TLSDESC t-4}",  // lea off(%rax)
    "90 8d 05 {GOTPC32_TLSDESC t-4}",  // 32 bits
    "{GOTPC32_TLSDESC t-4}",
  ])
  func `a descriptor loaded by another instruction is refused`(before: String) throws {
    let (output, messages) = try linkAssembly(
      """
      .globl _start
      _start: \(instructions(before))
      .section .tdata, "awT"
      t: .quad 0
      """)
    #expect(output == nil)
    #expect(
      messages.contains(
        "has type R_X86_64_GOTPC32_TLSDESC at an instruction that is not the one it belongs to"),
      "\(messages)")
  }

  @Test(arguments: ["ff 11", "e8 10", "48 ff 10", "90 90 90", "67 ff 11"])
  func `a descriptor called by another instruction is refused`(call: String) throws {
    let (output, messages) = try linkAssembly(
      """
      .globl _start
      _start: \(instructions("48 8d 05 {GOTPC32_TLSDESC t-4} {0:TLSDESC_CALL t} \(call)"))
      .section .tdata, "awT"
      t: .quad 0
      """)
    #expect(output == nil)
    #expect(
      messages.contains(
        "has type R_X86_64_TLSDESC_CALL at an instruction that is not the one it belongs to"),
      "\(messages)")
  }

  // MARK: Variables of a library

  @Test(arguments: [
    CodeChange(
      "general dynamic", "66 48 8d 3d {TLSGD u-4} 66 66 48 e8 {PLT32 __tls_get_addr-4}",
      "64 48 8b 04 25 00 00 00 00 48 03 05 \(little(GOT - (text + 16)))"),
    CodeChange(
      "general dynamic, large model",
      "48 8d 3d {TLSGD u-4} 48 b8 {8:PLTOFF64 __tls_get_addr} 48 01 d8 ff d0",
      "64 48 8b 04 25 00 00 00 00 48 03 05 \(little(GOT - (text + 16))) 66 0f 1f 44 00 00"),
    CodeChange(
      "initial exec", "48 8b 05 {GOTTPOFF u-4}", "48 8b 05 \(little(GOT - (text + 7)))"),
    CodeChange(
      "descriptor", "48 8d 05 {GOTPC32_TLSDESC u-4} {0:TLSDESC_CALL u} ff 10",
      "48 8b 05 \(little(GOT - (text + 7))) 66 90"),
  ])
  func `a library's variable becomes initial exec`(change: CodeChange) throws {
    let folder = try AssemblyLink()
    try folder.library(
      """
      .globl u, __tls_get_addr
      .type u, @object
      .size u, 8
      .section .tdata, "awT"
      u: .quad 0
      .text
      __tls_get_addr: ret
      """)
    try folder.assemble(".globl _start\n_start: \(instructions(change.before))")
    let (output, messages) = try folder.link("a.o lib.so \(Pinned.options)")
    let text = try output?.dump(".text")
    #expect(text == change.after, "\(messages)")
    // R_X86_64_TPOFF64
    #expect(
      try output?.relocations() == [
        TestImage.Dynamic(place: UInt64(Self.GOT), type: 18, symbol: "u")
      ]
    )
  }
}
