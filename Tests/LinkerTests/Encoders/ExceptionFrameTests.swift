// `.eh_frame` and `.eh_frame_hdr`: which records are kept, where they go, and the sorted index.

import ELF
import Testing

@testable import Linker

@Suite struct ExceptionFrameTests {
  /// A record of `.eh_frame`: `id` is 0 for a CIE, else the distance to the CIE.
  private struct Record: Equatable {
    var offset: Int
    var size: Int
    var id: Int
  }

  private func records(_ image: TestImage) throws -> [Record] {
    let bytes = ByteView(try image.bytes(".eh_frame"))
    var records: [Record] = []
    var offset = 0
    while offset < bytes.count {
      let length = Int(bytes.get(UInt32.self, at: offset))
      let id = length == 0 ? -1 : Int(bytes.get(UInt32.self, at: offset + 4))
      records.append(Record(offset: offset, size: length + 4, id: id))
      offset += length + 4
    }
    return records
  }

  /// The index: function and frame addresses, by its own encodings.
  private func index(_ image: TestImage) throws -> [(function: Int64, frame: Int64)] {
    let bytes = ByteView(try image.bytes(".eh_frame_hdr"))
    let address = try image.address(".eh_frame_hdr")
    // Version 1; pcrel sdata4, udata4, datarel sdata4.
    #expect(dump(bytes.bytes.prefix(4)) == "01 1b 03 3b")
    func word(_ offset: Int) -> Int64 { Int64(bytes.get(Int32.self, at: offset)) }
    #expect(try address + 4 + word(4) == image.address(".eh_frame"))
    let count = Int(word(8))
    #expect(bytes.count == 12 + count * 8)
    return (0..<count).map { (address + word(12 + $0 * 8), address + word(16 + $0 * 8)) }
  }

  // The length word, the fields, and padding to 8 bytes are written by hand; 16 bytes of CIE.
  private static func cie(_ label: String, augmentation: Int = 0x1b) -> String {
    """
    \(label): .long 20, 0
    .byte 1
    .asciz "zR"
    .byte 1, 0x78, 16, 1, \(augmentation), 0x0c, 7, 8, 0x90, 1, 0, 0

    """
  }

  private static func fde(_ cie: String, _ function: String, _ size: Int = 1) -> String {
    """
    .long 20
    77: .long 77b - \(cie)
    .long \(function) - .
    .long \(size)
    .byte 0
    .zero 7

    """
  }

  private static let header = ".section .eh_frame, \"a\", @unwind\n"

  private func link(_ sources: [String], _ options: String = "") throws -> (TestImage?, String) {
    let folder = try AssemblyLink()
    for (index, source) in sources.enumerated() { try folder.assemble(source, as: "f\(index)") }
    let files = sources.indices.map { "f\($0).o" }.joined(separator: " ")
    return try folder.link("\(files) \(Pinned.options) --eh-frame-hdr \(options)")
  }

  @Test func `equal CIEs of two files are one, and the output ends with a terminator`() throws {
    let (output, messages) = try link([
      ".globl _start\n_start: nop\n" + Self.header + Self.cie("c") + Self.fde("c", "_start"),
      "g: nop\n" + Self.header + Self.cie("c") + Self.fde("c", "g"),
    ])
    let image = try #require(output, "\(messages)")
    #expect(
      try records(image) == [
        Record(offset: 0, size: 24, id: 0),
        Record(offset: 24, size: 24, id: 28),
        Record(offset: 48, size: 24, id: 52),
        Record(offset: 72, size: 4, id: -1),
      ])
    // The functions, as distances from their fields.
    let start = try image.address(".eh_frame")
    #expect(try image.dump(".eh_frame", 32, 4) == little(Pinned.text - (start + 32)))
    #expect(try image.dump(".eh_frame", 56, 4) == little(Pinned.text + 1 - (start + 56)))
  }

  @Test func `CIEs that differ are both kept, in the order of the input`() throws {
    let (output, messages) = try link([
      """
      .globl _start
      _start: nop
      g: nop
      \(Self.header)
      \(Self.cie("c"))\(Self.cie("d", augmentation: 0x10))
      \(Self.fde("d", "_start"))\(Self.fde("c", "g"))
      """
    ])
    let image = try #require(output, "\(messages)")
    #expect(try records(image).map(\.id) == [0, 0, 52 - 24, 76, -1])
  }

  @Test func `the record of a function that is gone goes, and a CIE without records with it`()
    throws
  {
    let (output, messages) = try link(
      [
        """
        .globl _start
        _start: nop
        .section .text.gone, "ax"
        gone: nop
        \(Self.header)
        \(Self.cie("c"))\(Self.fde("c", "gone"))
        \(Self.cie("d", augmentation: 0x10))\(Self.fde("d", "_start"))
        \(Self.cie("e", augmentation: 0x0b))
        """
      ], "--gc-sections")
    let image = try #require(output, "\(messages)")
    #expect(
      try records(image) == [
        Record(offset: 0, size: 24, id: 0),
        Record(offset: 24, size: 24, id: 28),
        Record(offset: 48, size: 4, id: -1),
      ])
    #expect(try image.dump(".eh_frame", 16, 1) == "10")
    #expect(try index(image).map(\.function) == [Pinned.text])
  }

  @Test func `the index is sorted by function, whatever the order of records`() throws {
    let functions = ["h", "_start", "g", "i"]
    let (output, messages) = try link(
      [
        """
        .globl _start
        _start: nop
        g: nop
        h: nop
        .section .init, "ax"
        i: nop
        \(Self.header)\(Self.cie("c"))
        \(functions.map { Self.fde("c", $0) }.joined())
        """
      ], "--section-start=.init=0x400800")
    let image = try #require(output, "\(messages)")
    let frames = try image.address(".eh_frame")
    let entries = try index(image)
    #expect(
      entries.map(\.function)
        == [0x40_0800, Pinned.text, Pinned.text + 1, Pinned.text + 2])
    // i is the fourth record behind the CIE, _start the second, and so on.
    #expect(entries.map(\.frame) == [4, 2, 3, 1].map { frames + Int64($0) * 24 })
  }

  @Test func `terminators of inputs do not hide what follows`() throws {
    let (output, messages) = try link([
      ".globl _start\n_start: nop\n" + Self.header + Self.cie("c") + Self.fde("c", "_start")
        + ".long 0",
      "g: nop\n" + Self.header + Self.cie("c") + Self.fde("c", "g") + ".long 0",
    ])
    #expect(try records(#require(output, "\(messages)")).map(\.id) == [0, 28, 52, -1])
  }

  @Test(arguments: [
    (".long 100, 0", "has a record of 100 bytes that does not fit (offset 0x0)"),
    (".long 2\n.byte 0, 0", "has a record of 2 bytes that does not fit (offset 0x0)"),
    (".byte 1, 2", "ends in the middle of a record (offset 0x0)"),
    (".long 0xffffffff\n.quad 8, 0", "has a 64-bit record, which no compiler makes (offset 0x0)"),
    (".long 8, 4\n.long 0", "has an FDE whose CIE is not before it (offset 0x0)"),
    (".long 8, 99\n.long 0", "has an FDE whose CIE is not before it (offset 0x0)"),
  ])
  func `a broken section is refused`(frames: String, message: String) throws {
    let (output, messages) = try link([".globl _start\n_start: nop\n\(Self.header)\(frames)\n"])
    #expect(output == nil && messages.contains(message), "\(messages)")
  }

  @Test func `for a further link broken sections are left alone`() throws {
    let folder = try AssemblyLink()
    try folder.assemble(".section .eh_frame, \"a\", @unwind\n.long 100, 0\n")
    let (output, messages) = try folder.link("-r a.o --threads=1")
    #expect(try output?.dump(".eh_frame") == "\(little(100)) \(little(0))", "\(messages)")
  }

  @Test func `for a further link records of code that is gone are taken out`() throws {
    let folder = try AssemblyLink()
    let source =
      ".section .text.f, \"axG\", @progbits, f, comdat\n.weak f\nf: nop\n"
      + Self.header + Self.cie("c") + Self.fde("c", ".text.f")
    try folder.assemble(source + ".text\ng: nop\n" + Self.header + Self.fde("c", "g"))
    try folder.assemble(source + ".text\nh: nop\n" + Self.header + Self.fde("c", "h"), as: "b")
    let (output, messages) = try folder.link("-r a.o b.o --threads=1")
    let image = try #require(output, "\(messages)")
    // The first file whole; of the second the CIE and the record of h.
    #expect(
      try records(image) == [
        Record(offset: 0, size: 24, id: 0), Record(offset: 24, size: 24, id: 28),
        Record(offset: 48, size: 24, id: 52),
        Record(offset: 72, size: 24, id: 0), Record(offset: 96, size: 24, id: 28),
      ])
  }
}
