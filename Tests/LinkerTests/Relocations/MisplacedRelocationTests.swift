// Relocations that no object may have, or not there: a clear error each.

import Testing

@testable import Linker

@Suite struct MisplacedRelocationTests {
  @Test(arguments: [
    "COPY", "GLOB_DAT", "JUMP_SLOT", "RELATIVE", "RELATIVE64", "IRELATIVE", "DTPMOD64", "TLSDESC",
  ])
  func `types of linked files are refused`(type: String) throws {
    let (output, messages) = try linkAssembly(
      """
      .globl _start
      _start: .quad 0, 0
      .reloc 0, R_X86_64_\(type), _start
      """)
    #expect(output == nil)
    #expect(
      messages.contains("has type R_X86_64_\(type), which belongs in linked files only"),
      "\(messages)")
  }

  /// Field and the first offset at which it ends behind the 16 bytes of its section.
  @Test(arguments: [
    ("64", 9), ("32", 13), ("PC32", 13), ("16", 15), ("8", 16), ("GOTPCRELX", 13), ("TLSGD", 13),
    ("GOTOFF64", 9), ("SIZE64", 9), ("GOTTPOFF", 13), ("TPOFF32", 13),
  ])
  func `a field that ends outside is refused`(type: String, offset: Int) throws {
    for (offset, isInside) in [(offset, false), (offset - 1, true)] {
      let symbol = type.hasPrefix("T") || type.hasPrefix("GOTTP") ? "t" : "x"
      let folder = try AssemblyLink()
      // A relocation behind the end is one that the assembler refuses, so the section is cut.
      try folder.assemble(
        """
        .globl _start
        _start: .zero \(offset)
        .reloc ., R_X86_64_\(type), \(symbol)
        .zero 16
        .section .tdata, "awT"
        t: .quad 0
        .data
        x: .quad 0
        """)
      try folder.setSize(of: ".text", to: 16)
      let (_, messages) = try folder.link("a.o --threads=1")
      #expect(messages.contains("lies outside its section") == !isInside, "\(messages)")
    }
  }

  @Test func `an unknown type is refused`() throws {
    let folder = try AssemblyLink()
    try folder.assemble(
      """
      .globl _start
      _start: .quad 0
      .reloc 0, R_X86_64_NONE, _start
      """)
    try folder.setType(of: 0, to: 99)
    let (output, messages) = try folder.link("a.o --threads=1")
    #expect(output == nil && messages.contains("has unknown type 99"), "\(messages)")
  }

  @Test func `a symbol that the file does not have is refused`() throws {
    let folder = try AssemblyLink()
    try folder.assemble(
      """
      .globl _start
      _start: .quad 0
      .reloc 0, R_X86_64_64, _start
      """)
    try folder.setSymbol(of: 0, to: 77)
    let (output, messages) = try folder.link("a.o --threads=1")
    #expect(output == nil && messages.contains("names symbol 77"), "\(messages)")
  }
}
