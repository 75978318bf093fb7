// Relocations of sections that are not loaded: everything has a value, and what refers to code that
// is not there gets a tombstone.

import Testing

@testable import Linker

@Suite struct DebugRelocationTests {
  private static let S = Pinned.data + 8

  private func check(_ field: Field, section: String, addend: Int64) throws {
    let (output, messages) = try linkAssembly(
      """
      .globl _start, target
      _start: nop
      .data
      .quad 0
      .size target, 8
      target: .quad 0
      .section .tdata, "awT"
      .quad 0
      t: .quad 0
      .section \(section), "", @progbits
      .fill 4, 1, 0xa5
      .reloc ., R_X86_64_\(field.type), \(field.type.contains("TP") ? "t" : "target") + (\(addend))
      .quad 0
      """)
    guard let bytes = field.bytes else {
      #expect(output == nil && messages.contains("does not fit 32 bits"), "\(messages)")
      return
    }
    let width = bytes.split(separator: " ").count
    #expect(try output?.dump(section, 4, width) == bytes, "\(messages)")
  }

  @Test(arguments: [
    Field("64", S, little(S, 8)),
    Field("32", S, little(S)),
    Field("32", 0xffff_ffff, "ff ff ff ff"),
    Field("32", 0x1_0000_0000, nil),
    Field("32", -0x8000_0000, "00 00 00 80"),
    Field("32", -0x8000_0001, nil),
    Field("32S", 0x7fff_ffff, "ff ff ff 7f"),
    Field("16", 0x1234, "34 12"),
    Field("8", 0x12, "12"),
  ])
  func `absolute fields hold S + A`(field: Field) throws {
    try check(field, section: ".debug_info", addend: field.value - Self.S)
  }

  @Test func `distances are from the offset in the section`() throws {
    try check(
      Field("PC32", 0, little(Self.S - 4)), section: ".debug_frame", addend: 0)
    try check(
      Field("PC64", 0, little(Self.S - 4, 8)), section: ".debug_frame", addend: 0)
  }

  @Test func `thread-local variables are described by their place in the block`() throws {
    try check(Field("DTPOFF64", 0, little(8, 8)), section: ".debug_info", addend: 0)
    try check(Field("DTPOFF32", 0, little(8)), section: ".debug_info", addend: 0)
    try check(Field("TPOFF64", 0, little(-8, 8)), section: ".debug_info", addend: 0)
    try check(Field("TPOFF32", 0, little(-8)), section: ".debug_info", addend: 0)
  }

  @Test func `sizes`() throws {
    try check(Field("SIZE64", 0, little(8, 8)), section: ".debug_info", addend: 0)
    try check(Field("SIZE32", 0, little(9)), section: ".debug_info", addend: 1)
  }

  @Test func `references between sections are offsets, also of the second file`() throws {
    let folder = try AssemblyLink()
    let source = """
      .section .debug_info, "", @progbits
      .long 0x11111111, .debug_str, .debug_str + 2
      .section .debug_str, "", @progbits
      .fill 6, 1, 0x22
      """
    try folder.assemble(source)
    try folder.assemble(source, as: "b")
    let (output, messages) = try folder.link("a.o b.o \(Pinned.options) -e 0")
    let words = try output?.dump(".debug_info")
    #expect(
      words
        == "11 11 11 11 \(little(0)) \(little(2)) 11 11 11 11 \(little(6)) \(little(8))",
      "\(messages)")
  }

  @Test(arguments: [
    (".debug_info", Int64(0)), (".debug_aranges", 0), (".debug_ranges", 1), (".debug_loc", 1),
    (".debug_rnglists", 0), (".debug_names", 0),
  ])
  func `what refers to code that is gone gets a tombstone`(section: String, value: Int64) throws {
    let (output, messages) = try linkAssembly(
      """
      .globl _start
      _start: nop
      .section .text.gone, "ax"
      .fill 64
      gone: nop
      .section \(section), "", @progbits
      .quad gone, gone + 16
      .long gone
      .quad _start
      """, "--gc-sections")
    #expect(
      try output?.dump(section)
        == "\(little(value, 8)) \(little(value, 8)) \(little(value)) \(little(Pinned.text, 8))",
      "\(messages)")
  }

  @Test func `the code of a discarded copy of a group has a tombstone`() throws {
    let folder = try AssemblyLink()
    let source = """
      .section .text.f, "axG", @progbits, f, comdat
      .weak f
      f: nop
      .section .debug_info, "", @progbits
      .quad .text.f
      """
    try folder.assemble(".globl _start\n_start: call f\n" + source)
    try folder.assemble(source, as: "b")
    let (output, messages) = try folder.link("a.o b.o \(Pinned.options)")
    let image = try #require(output, "\(messages)")
    #expect(
      try image.dump(".debug_info") == "\(little(image.value(of: "f"), 8)) \(little(0, 8))")
  }

  @Test(arguments: ["GOTPCREL", "TLSGD", "GOTTPOFF", "GOTPC32_TLSDESC", "PLTOFF64"])
  func `types that need a table are refused`(type: String) throws {
    let (output, messages) = try linkAssembly(
      """
      .globl _start
      _start: nop
      .section .debug_info, "", @progbits
      .reloc ., R_X86_64_\(type), _start
      .quad 0
      """)
    #expect(output == nil)
    #expect(
      messages.contains("of type R_X86_64_\(type) has no meaning in a section that is not loaded"),
      "\(messages)")
  }
}
