// Relocations that store a number: what is stored, and what the field's width allows.

import Testing

@testable import Linker

/// A value that a relocation is to store, and the bytes that it becomes; nil: it does not fit.
struct Field: CustomTestStringConvertible, Sendable {
  let type: String
  let value: Int64
  let bytes: String?

  init(_ type: String, _ value: Int64, _ bytes: String?) {
    self.type = type
    self.value = value
    self.bytes = bytes
  }

  var testDescription: String { "\(type) \(value)" }
}

@Suite struct FieldRelocationTests {
  /// S: `target` in `.data`.
  private let S = Pinned.data + 8
  /// P: four bytes into `.text`.
  private let P = Pinned.text + 4

  /// Links a field of `0xa5` bytes with the relocation; the addend makes it store the value.
  private func check(
    _ field: Field, addend: Int64, section: String = ".text", _ options: String = ""
  ) throws {
    let (output, messages) = try linkAssembly(
      """
      .globl _start
      _start: .fill 4, 1, 0xa5
      .reloc ., R_X86_64_\(field.type), target + (\(addend))
      .fill 12, 1, 0xa5
      .data
      .quad 0
      target: .quad 0
      .size target, 8
      """, options)
    guard let bytes = field.bytes else {
      #expect(output == nil)
      let bits = (field.type.hasSuffix("8") ? 8 : field.type.hasSuffix("16") ? 16 : 32)
      #expect(
        messages.contains(
          "R_X86_64_\(field.type) out of range: \(field.value) does not fit \(bits) bits"),
        "\(messages)")
      return
    }
    let text = try #require(output, "\(messages)").dump(section)
    let width = bytes.split(separator: " ").count
    let after = [String](repeating: "a5", count: 12 - width).joined(separator: " ")
    #expect(text == "a5 a5 a5 a5 \(bytes) \(after)")
  }

  @Test(arguments: [
    Field("64", 0x0123_4567_89ab_cdef, "ef cd ab 89 67 45 23 01"),
    Field("64", -1, "ff ff ff ff ff ff ff ff"),
    Field("32", 0, "00 00 00 00"),
    Field("32", 0xffff_ffff, "ff ff ff ff"),
    Field("32", 0x1_0000_0000, nil),
    Field("32", -1, nil),
    Field("32S", 0x7fff_ffff, "ff ff ff 7f"),
    Field("32S", 0x8000_0000, nil),
    Field("32S", -0x8000_0000, "00 00 00 80"),
    Field("32S", -0x8000_0001, nil),
    // 16 and 8 bits take signed and unsigned numbers.
    Field("16", 0xffff, "ff ff"),
    Field("16", 0x1_0000, nil),
    Field("16", -0x8000, "00 80"),
    Field("16", -0x8001, nil),
    Field("8", 0xff, "ff"),
    Field("8", 0x100, nil),
    Field("8", -0x80, "80"),
    Field("8", -0x81, nil),
  ])
  func `absolute fields hold S + A`(field: Field) throws {
    try check(field, addend: field.value - S)
  }

  @Test(arguments: [
    Field("PC64", 0x0123_4567_89ab_cdef, "ef cd ab 89 67 45 23 01"),
    Field("PC64", -2, "fe ff ff ff ff ff ff ff"),
    Field("PC32", 0x7fff_ffff, "ff ff ff 7f"),
    Field("PC32", 0x8000_0000, nil),
    Field("PC32", -0x8000_0000, "00 00 00 80"),
    Field("PC32", -0x8000_0001, nil),
    Field("PLT32", 0x7fff_ffff, "ff ff ff 7f"),
    Field("PLT32", 0x8000_0000, nil),
    Field("PLT32", -0x8000_0000, "00 00 00 80"),
    Field("PLT32", -0x8000_0001, nil),
    Field("PC16", 0x7fff, "ff 7f"),
    Field("PC16", 0x8000, nil),
    Field("PC16", -0x8000, "00 80"),
    Field("PC16", -0x8001, nil),
    Field("PC8", 0x7f, "7f"),
    Field("PC8", 0x80, nil),
    Field("PC8", -0x80, "80"),
    Field("PC8", -0x81, nil),
  ])
  func `relative fields hold S + A - P`(field: Field) throws {
    try check(field, addend: field.value - S + P)
  }

  @Test(arguments: [
    Field("SIZE32", 8, "08 00 00 00"),
    Field("SIZE32", 0xffff_ffff, "ff ff ff ff"),
    Field("SIZE32", 0x1_0000_0000, nil),
    Field("SIZE32", -1, nil),
    Field("SIZE64", 8, "08 00 00 00 00 00 00 00"),
    Field("SIZE64", -1, "ff ff ff ff ff ff ff ff"),
  ])
  func `sizes hold Z + A`(field: Field) throws {
    // Local symbols that are given by their section have no size, so this one is global.
    let Z: Int64 = 8
    let (output, messages) = try linkAssembly(
      """
      .globl _start, target
      _start: .fill 4, 1, 0xa5
      .reloc ., R_X86_64_\(field.type), target + (\(field.value - Z))
      .fill 12, 1, 0xa5
      .data
      target: .quad 0
      .size target, 8
      """)
    guard let bytes = field.bytes else {
      #expect(output == nil && messages.contains("does not fit 32 bits"), "\(messages)")
      return
    }
    let width = bytes.split(separator: " ").count
    #expect(try output?.dump(".text", 4, width) == bytes, "\(messages)")
  }

  @Test(arguments: [
    Field("GOTPC32", 0x7fff_ffff, "ff ff ff 7f"),
    Field("GOTPC32", 0x8000_0000, nil),
    Field("GOTPC32", -0x8000_0000, "00 00 00 80"),
    Field("GOTPC32", -0x8000_0001, nil),
    Field("GOTPC64", -3, "fd ff ff ff ff ff ff ff"),
  ])
  func `the GOT's distance is GOT + A - P`(field: Field) throws {
    try check(field, addend: field.value - Pinned.gotPLT + P)
  }

  @Test(arguments: [
    Field("GOTOFF64", -5, "fb ff ff ff ff ff ff ff"),
    Field("PLTOFF64", 0x1234_5678_9abc, "bc 9a 78 56 34 12 00 00"),
  ])
  func `offsets from the GOT are S + A - GOT`(field: Field) throws {
    // A function of this program has no PLT entry: L is S.
    try check(field, addend: field.value - S + Pinned.gotPLT)
  }

  @Test(arguments: [
    Field("GOT32", 0x7fff_ffff, "ff ff ff 7f"),
    Field("GOT32", 0x8000_0000, nil),
    Field("GOT32", -0x8000_0000, "00 00 00 80"),
    Field("GOT32", -0x8000_0001, nil),
    Field("GOT64", -7, "f9 ff ff ff ff ff ff ff"),
    Field("GOTPLT64", 0x0102_0304_0506_0708, "08 07 06 05 04 03 02 01"),
  ])
  func `offsets of entries are G + A`(field: Field) throws {
    let G = Pinned.got - Pinned.gotPLT
    try check(field, addend: field.value - G)
  }

  @Test(arguments: [
    Field("GOTPCREL", 0x7fff_ffff, "ff ff ff 7f"),
    Field("GOTPCREL", 0x8000_0000, nil),
    Field("GOTPCREL", -0x8000_0000, "00 00 00 80"),
    Field("GOTPCREL", -0x8000_0001, nil),
    Field("GOTPCREL64", -9, "f7 ff ff ff ff ff ff ff"),
    // Two forms that may be replaced; the bytes before them are no instruction that can.
    Field("GOTPCRELX", 0x7fff_ffff, "ff ff ff 7f"),
    Field("GOTPCRELX", 0x8000_0000, nil),
    Field("REX_GOTPCRELX", -0x8000_0000, "00 00 00 80"),
    Field("REX_GOTPCRELX", -0x8000_0001, nil),
  ])
  func `distances of entries are G + GOT + A - P`(field: Field) throws {
    try check(field, addend: field.value - Pinned.got + P)
  }

  @Test func `an entry of the GOT holds S`() throws {
    let (output, messages) = try linkAssembly(
      """
      .globl _start
      _start: .reloc ., R_X86_64_GOTPCREL, target
      .long 0
      .data
      .quad 0
      target: .quad 0
      """)
    #expect(try output?.dump(".got") == little(S, 8), "\(messages)")
  }

  @Test func `NONE changes nothing`() throws {
    let (output, messages) = try linkAssembly(
      """
      .globl _start
      _start: .fill 4, 1, 0xa5
      .reloc 0, R_X86_64_NONE, target
      .data
      target: .quad 0
      """)
    #expect(try output?.dump(".text") == "a5 a5 a5 a5", "\(messages)")
  }
}
