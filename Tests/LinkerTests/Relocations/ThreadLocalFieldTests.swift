// Relocations that store an offset in the thread-local block (psABI, "Thread-Local Storage").

import Testing

@testable import Linker

@Suite struct ThreadLocalFieldTests {
  /// The block is 16 bytes at `Pinned.thread`, `t` is 8 bytes into it. The thread pointer is the end
  /// of the block, so that `t`'s offset from it is -8.
  private func check(_ field: Field, addend: Int64, _ options: String = "") throws {
    let (output, messages) = try linkAssembly(
      """
      .globl _start
      _start: .fill 4, 1, 0xa5
      .reloc ., R_X86_64_\(field.type), t + (\(addend))
      .quad 0
      .section .tdata, "awT"
      .quad 0
      t: .quad 0
      """, options)
    guard let bytes = field.bytes else {
      #expect(output == nil && messages.contains("does not fit 32 bits"), "\(messages)")
      return
    }
    let width = bytes.split(separator: " ").count
    #expect(try output?.dump(".text", 4, width) == bytes, "\(messages)")
  }

  @Test(arguments: [
    Field("TPOFF32", -8, "f8 ff ff ff"),
    Field("TPOFF32", 0x7fff_ffff, "ff ff ff 7f"),
    Field("TPOFF32", 0x8000_0000, nil),
    Field("TPOFF32", -0x8000_0000, "00 00 00 80"),
    Field("TPOFF32", -0x8000_0001, nil),
    Field("TPOFF64", -8, "f8 ff ff ff ff ff ff ff"),
    Field("TPOFF64", 0x0102_0304_0506_0708, "08 07 06 05 04 03 02 01"),
  ])
  func `offsets from the thread pointer are S + A - TP`(field: Field) throws {
    try check(field, addend: field.value + 8)
  }

  @Test(arguments: [
    Field("DTPOFF32", 8, "08 00 00 00"),
    Field("DTPOFF32", 0x7fff_ffff, "ff ff ff 7f"),
    Field("DTPOFF32", 0x8000_0000, nil),
    Field("DTPOFF32", -0x8000_0000, "00 00 00 80"),
    Field("DTPOFF32", -0x8000_0001, nil),
    Field("DTPOFF64", 8, "08 00 00 00 00 00 00 00"),
  ])
  func `offsets in the module's block are S + A - block`(field: Field) throws {
    try check(field, addend: field.value - 8, "--no-relax")
  }

  @Test func `in a program whose sequences are replaced the module's base is the thread pointer`()
    throws
  {
    try check(Field("DTPOFF32", -8, "f8 ff ff ff"), addend: 0)
    try check(Field("DTPOFF64", -8, "f8 ff ff ff ff ff ff ff"), addend: 0)
  }

  @Test func `the thread pointer is the aligned end of the block`() throws {
    let (output, messages) = try linkAssembly(
      """
      .globl _start
      _start: \(instructions("{TPOFF32 t} {TPOFF32 u}"))
      .section .tdata, "awT"
      t: .quad 0
      .section .tbss, "awT", @nobits
      .balign 64
      u: .zero 65
      """)
    // t at 0, u at 64, the end at 129: the block takes 192 bytes.
    #expect(try output?.dump(".text") == "\(little(-192)) \(little(64 - 192))", "\(messages)")
  }

  @Test(arguments: ["TPOFF32", "TPOFF64"])
  func `a library cannot know the thread pointer's offset`(type: String) throws {
    let (output, messages) = try linkAssembly(
      """
      .globl f
      f: \(instructions("{8:\(type) t}"))
      .section .tdata, "awT"
      t: .quad 0
      """, "-shared")
    #expect(
      output == nil && messages.contains("relocation R_X86_64_\(type) against t cannot be used"),
      "\(messages)")
  }
}
