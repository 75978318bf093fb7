// String tables: `.dynstr`, `.shstrtab`.

import ELF
import Testing

@testable import Linker

@Suite struct StringTableTests {
  @Test func `equal strings are one, and tails are not shared`() {
    var table = StringTable()
    #expect(table.add("") == 0)
    #expect(table.add("libc.so.6") == 1)
    #expect(table.add("so.6") == 11)
    #expect(table.add("libc.so.6") == 1)
    #expect(table.bytes == Array("\0libc.so.6\0so.6\0".utf8))
    #expect(table.size == 16)
  }

  @Test func `names that are certainly new are not looked for`() {
    var table = StringTable()
    #expect(table.append(ByteView("f")) == 1)
    #expect(table.append(ByteView("f")) == 3)
    #expect(table.append(ByteView("")) == 0)
    #expect(table.add("f") == 5)
  }

  @Test func `room at the end is zero`() {
    var table = StringTable()
    _ = table.add("x")
    table.pad(3)
    #expect(table.bytes == [0, 0x78, 0, 0, 0, 0])
    #expect(table.add("y") == 6)
  }

  @Test func `names of sections with relocations are tails`() throws {
    let folder = try AssemblyLink()
    try folder.assemble(".data\n.quad x\n.section .mine, \"a\"\n.quad 1")
    let (output, messages) = try folder.link("-r a.o --threads=1")
    let names = try #require(output, "\(messages)").bytes(".shstrtab")
    let text = String(decoding: names, as: UTF8.self)
    #expect(text.contains("\0.rela.data\0") && !text.contains("\0.data\0"))
    #expect(try output?.bytes(".data").count == 8)  // found by the name all the same
  }
}
