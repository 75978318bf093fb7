// What is left to the dynamic linker: the records of `.rela.dyn` and `.rela.plt`, and the words that
// they fill.

import ELF
import Testing

@testable import Linker

@Suite struct DynamicRelocationTests {
  private typealias Dynamic = TestImage.Dynamic
  private static let data = UInt64(Pinned.data)
  private static let got = UInt64(Pinned.got)
  private static let thread = UInt64(Pinned.thread)

  /// Types as in the psABI.
  private enum Kind {
    static let abs64: UInt32 = 1
    static let copy: UInt32 = 5
    static let globDat: UInt32 = 6
    static let jumpSlot: UInt32 = 7
    static let relative: UInt32 = 8
    static let dtpMod64: UInt32 = 16
    static let dtpOff64: UInt32 = 17
    static let tpOff64: UInt32 = 18
    static let size64: UInt32 = 33
    static let tlsDesc: UInt32 = 36
    static let iRelative: UInt32 = 37
  }

  private func shared(_ source: String, _ options: String = "") throws -> TestImage {
    let (output, messages) = try linkAssembly(source, "-shared \(options)")
    return try #require(output, "\(messages)")
  }

  // MARK: Words

  @Test func `a word with an address inside is relative`() throws {
    let image = try shared(
      """
      .data
      .quad local + 3
      local: .quad 0
      """)
    #expect(
      try image.relocations()
        == [Dynamic(place: Self.data, type: Kind.relative, addend: Int64(Self.data) + 8 + 3)])
    // The addend is in the record only.
    #expect(try image.dump(".data", 0, 8) == little(0, 8))
  }

  @Test func `with --apply-dynamic-relocs the word has the addend, too`() throws {
    let image = try shared(
      ".data\n.quad local + 3\nlocal: .quad 0", "--apply-dynamic-relocs")
    #expect(try image.dump(".data", 0, 8) == little(Int64(Self.data) + 11, 8))
  }

  @Test func `a word with an exported symbol is left to the lookup`() throws {
    let image = try shared(
      """
      .globl visible
      .data
      .quad visible + 3
      visible: .quad 0
      """)
    #expect(
      try image.relocations()
        == [Dynamic(place: Self.data, type: Kind.abs64, symbol: "visible", addend: 3)])
  }

  @Test func `a word with a hidden or an absolute symbol is known`() throws {
    let image = try shared(
      """
      .globl hidden, number
      .hidden hidden, number
      number = 0x1234
      .data
      .quad hidden, number + 1
      hidden: .quad 0
      """)
    #expect(
      try image.relocations()
        == [Dynamic(place: Self.data, type: Kind.relative, addend: Int64(Self.data) + 16)])
    #expect(try image.dump(".data", 8, 8) == little(0x1235, 8))
  }

  @Test func `packed relative words hold the address and are in the bitmap`() throws {
    let image = try shared(
      """
      .data
      .balign 8
      .quad local + 3, 0, local
      local: .quad 0
      """, "-z pack-relative-relocs")
    #expect(try image.relocations() == [])
    // The address of the first, then a bitmap of the 63 words behind it: the second of them.
    #expect(try image.dump(".relr.dyn") == "\(little(Int64(Self.data), 8)) \(little(0b101, 8))")
    #expect(try image.dump(".data", 0, 8) == little(Int64(Self.data) + 24 + 3, 8))
    #expect(try image.dump(".data", 16, 8) == little(Int64(Self.data) + 24, 8))
  }

  @Test func `a word with an IFUNC is filled by its resolver`() throws {
    let image = try shared(
      """
      .section .choose, "ax"
      nop
      .type chosen, @gnu_indirect_function
      chosen: ret
      .data
      .quad chosen + 0
      """, "--section-start=.choose=0x420000")
    #expect(
      try image.relocations(".rela.plt")
        .contains(Dynamic(place: Self.data, type: Kind.iRelative, addend: 0x42_0001)))
    #expect(try image.dump(".data") == little(0, 8))
  }

  @Test func `the size of an exported symbol is left to the lookup`() throws {
    let image = try shared(
      """
      .globl visible
      .data
      .reloc ., R_X86_64_SIZE64, visible + 1
      .quad 0
      visible: .quad 0
      .size visible, 8
      """)
    #expect(
      try image.relocations()
        == [Dynamic(place: Self.data, type: Kind.size64, symbol: "visible", addend: 1)])
  }

  // MARK: The GOT and the PLT

  @Test func `entries of the GOT for addresses`() throws {
    let image = try shared(
      """
      .globl visible, hidden
      .hidden hidden
      .text
      \(instructions("48 8b 05 {GOTPCREL visible-4} 48 8b 05 {GOTPCREL hidden-4}"))
      .data
      visible: .quad 0
      hidden: .quad 0
      """)
    #expect(
      Set(try image.relocations().map(\.description)) == [
        Dynamic(place: Self.got, type: Kind.globDat, symbol: "visible").description,
        Dynamic(place: Self.got + 8, type: Kind.relative, addend: Int64(Self.data) + 8).description,
      ])
    #expect(
      try image.dump(".text")
        == "48 8b 05 \(little(Pinned.got - (Pinned.text + 7))) "
        + "48 8b 05 \(little(Pinned.got + 8 - (Pinned.text + 14)))")
  }

  @Test func `a call of a function that is looked up goes through the PLT`() throws {
    let image = try shared(
      """
      .globl f
      .text
      call f@PLT
      .section .other, "ax"
      .type f, @function
      f: ret
      """)
    let slot = UInt64(Pinned.gotPLT) + 24
    #expect(
      try image.relocations(".rela.plt")
        == [Dynamic(place: slot, type: Kind.jumpSlot, symbol: "f")])
    // Behind the header of 16 bytes.
    let entry = Pinned.plt + 16
    #expect(try image.dump(".text") == "e8 \(little(entry - (Pinned.text + 5)))")
    let header =
      "ff 35 \(little(Pinned.gotPLT + 8 - (Pinned.plt + 6))) "  // push GOT+8(%rip)
      + "ff 25 \(little(Pinned.gotPLT + 16 - (Pinned.plt + 12))) "  // jmp *GOT+16(%rip)
      + "0f 1f 40 00"
    let code =
      "ff 25 \(little(Int64(slot) - (entry + 6))) "  // jmp *slot(%rip)
      + "68 \(little(0)) "  // push $0
      + "e9 \(little(Pinned.plt - (entry + 16)))"  // jmp to the header
    #expect(try image.dump(".plt") == "\(header) \(code)")
    // Until the function is found the slot leads to the push.
    #expect(try image.dump(".got.plt", 24, 8) == little(entry + 6, 8))
    #expect(try image.dump(".got.plt", 0, 8) == little(image.address(".dynamic"), 8))
  }

  @Test func `the entries of an IBT PLT`() throws {
    let image = try shared(
      """
      .globl f
      .text
      call f@PLT
      .section .other, "ax"
      .type f, @function
      f: ret
      """, "-z ibtplt --section-start=.plt.sec=0x630000")
    let slot = Pinned.gotPLT + 24
    let entry = Pinned.plt + 16
    #expect(try image.dump(".text") == "e8 \(little(0x63_0000 - (Pinned.text + 5)))")
    #expect(
      try image.dump(".plt", 16, 16)
        == "f3 0f 1e fa 68 \(little(0)) e9 \(little(Pinned.plt - (entry + 14))) 66 90")
    #expect(
      try image.dump(".plt.sec")
        == "f3 0f 1e fa ff 25 \(little(slot - (0x63_0000 + 10))) 66 0f 1f 44 00 00")
    #expect(try image.dump(".got.plt", 24, 8) == little(entry, 8))
  }

  @Test func `a function that also has an entry in the GOT needs no slot of its own`() throws {
    let image = try shared(
      """
      .globl f
      .text
      \(instructions("48 8b 05 {GOTPCREL f-4} e8 {PLT32 f-4}"))
      .section .other, "ax"
      .type f, @function
      f: ret
      """, "--section-start=.plt.got=0x630000")
    #expect(
      try image.relocations() == [Dynamic(place: Self.got, type: Kind.globDat, symbol: "f")])
    #expect(try image.dump(".text", 7, 5) == "e8 \(little(0x63_0000 - (Pinned.text + 12)))")
    #expect(
      try image.dump(".plt.got")
        == "f3 0f 1e fa ff 25 \(little(Pinned.got - (0x63_0000 + 10))) 66 0f 1f 44 00 00")
  }

  // MARK: Thread-local storage

  private static let variable = """
    .section .tdata, "awT"
    .quad 0
    t: .quad 0
    """

  @Test func `general dynamic: module and offset, the offset of a hidden variable is known`()
    throws
  {
    let image = try shared(
      """
      .globl t
      .text
      \(instructions("48 8d 3d {TLSGD t-4}"))
      \(Self.variable)
      """)
    #expect(
      try image.relocations() == [
        Dynamic(place: Self.got, type: Kind.dtpMod64, symbol: "t"),
        Dynamic(place: Self.got + 8, type: Kind.dtpOff64, symbol: "t"),
      ])
    let hidden = try shared(
      """
      .text
      \(instructions("48 8d 3d {TLSGD t-4}"))
      \(Self.variable)
      """)
    #expect(try hidden.relocations() == [Dynamic(place: Self.got, type: Kind.dtpMod64)])
    #expect(try hidden.dump(".got") == "\(little(0, 8)) \(little(8, 8))")
  }

  @Test func `local dynamic: the module`() throws {
    let image = try shared(
      """
      .globl __tls_get_addr
      .hidden __tls_get_addr
      .text
      \(instructions("48 8d 3d {TLSLD t-4} e8 {PLT32 __tls_get_addr-4} 48 8d 80 {DTPOFF32 t}"))
      .section .helper, "ax"
      __tls_get_addr: ret
      \(Self.variable)
      """)
    #expect(try image.relocations() == [Dynamic(place: Self.got, type: Kind.dtpMod64)])
    #expect(try image.dump(".got") == "\(little(0, 8)) \(little(0, 8))")
    #expect(try image.dump(".text", 15, 4) == little(8))
  }

  @Test func `initial exec: the offset from the thread pointer`() throws {
    let image = try shared(
      """
      .globl t
      .text
      \(instructions("48 8b 05 {GOTTPOFF t-4}"))
      \(Self.variable)
      """)
    #expect(try image.relocations() == [Dynamic(place: Self.got, type: Kind.tpOff64, symbol: "t")])
    let local = try shared(
      """
      .text
      \(instructions("48 8b 05 {GOTTPOFF t-4}"))
      \(Self.variable)
      """)
    #expect(try local.relocations() == [Dynamic(place: Self.got, type: Kind.tpOff64, addend: 8)])
  }

  @Test func `descriptors`() throws {
    let code = instructions("48 8d 05 {GOTPC32_TLSDESC t-4} {0:TLSDESC_CALL t} ff 10")
    let image = try shared(".globl t\n.text\n\(code)\n\(Self.variable)")
    #expect(try image.relocations() == [Dynamic(place: Self.got, type: Kind.tlsDesc, symbol: "t")])
    // The code stays as it is.
    #expect(
      try image.dump(".text") == "48 8d 05 \(little(Pinned.got - (Pinned.text + 7))) ff 10")
    let local = try shared(".text\n\(code)\n\(Self.variable)")
    #expect(try local.relocations() == [Dynamic(place: Self.got, type: Kind.tlsDesc, addend: 8)])
  }

  // MARK: Programs

  private func program(_ source: String, _ options: String = "") throws -> TestImage {
    let folder = try AssemblyLink()
    try folder.library(
      """
      .globl f, d
      .type f, @function
      f: ret
      .data
      .balign 16
      .type d, @object
      .size d, 24
      d: .quad 1, 2, 3
      """)
    try folder.assemble(".globl _start\n_start:\n" + source)
    let (output, messages) = try folder.link(
      "a.o lib.so \(Pinned.options) --section-start=.bss=0x640000 \(options)")
    return try #require(output, "\(messages)")
  }

  @Test(arguments: ["", "-pie"])
  func `data of a library that code refers to is copied`(kind: String) throws {
    let image = try program(instructions("48 8d 05 {PC32 d-4}"), kind)
    #expect(
      try image.relocations() == [Dynamic(place: 0x64_0000, type: Kind.copy, symbol: "d")])
    #expect(try image.dump(".text") == "48 8d 05 \(little(0x64_0000 - (Pinned.text + 7)))")
    #expect(try image.header(".bss").size == 24)
  }

  @Test func `the address of a library's function is that of its PLT entry`() throws {
    let image = try program(instructions("48 c7 c0 {32S f}"))
    let entry = Pinned.plt + 16
    #expect(try image.dump(".text") == "48 c7 c0 \(little(entry))")
    let symbol = try #require(try image.dynamicSymbols().first { $0.name == "f" }).symbol
    #expect(symbol.sectionIndex == 0 && symbol.value == UInt64(entry))
  }

  @Test func `a position-independent program cannot hold an address in 32 bits`() throws {
    let (output, messages) = try linkAssembly(
      ".globl _start\n_start: \(instructions("48 c7 c0 {32S x}"))\n.data\nx: .quad 0", "-pie")
    #expect(output == nil)
    #expect(
      messages.contains(
        "relocation R_X86_64_32S against x cannot be used when making a position-independent "
          + "executable; recompile with -fPIE, or link with -no-pie"), "\(messages)")
  }

  @Test func `a word with a library's symbol is left to the lookup`() throws {
    let image = try program(".data\n.quad f, d + 8")
    #expect(
      Set(try image.relocations().map(\.description)) == [
        Dynamic(place: Self.data, type: Kind.abs64, symbol: "f").description,
        Dynamic(place: Self.data + 8, type: Kind.abs64, symbol: "d", addend: 8).description,
      ])
  }

  /// The copy that other code makes necessary does not change what the word was counted as.
  @Test func `in read-only data of a position-independent program, too`() throws {
    let image = try program(
      instructions("48 8d 05 {PC32 d-4}") + ".section .rodata\n.quad d + 8",
      "-pie -z notext --section-start=.rodata=0x430000")
    #expect(
      Set(try image.relocations().map(\.description)) == [
        Dynamic(place: 0x43_0000, type: Kind.abs64, symbol: "d", addend: 8).description,
        Dynamic(place: 0x64_0000, type: Kind.copy, symbol: "d").description,
      ])
  }

  @Test func `a word with an address inside is known in a program at a fixed address`() throws {
    let image = try program(".data\n.quad local\nlocal: .quad 0\n.text\ncall f")
    #expect(try image.relocations() == [])
    #expect(try image.dump(".data", 0, 8) == little(Pinned.data + 8, 8))
  }
}
