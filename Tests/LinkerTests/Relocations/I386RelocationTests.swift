// i386: every type, at the limits of its field and one beyond (psABI, "Relocation Types").
//
// Addends stand in the bytes. Sums of 32 bits wrap around, so only narrow fields have limits.

import Testing

@testable import Linker

@Suite struct I386RelocationTests {
  private static let table = RelocationTable(machine: .i386)

  // MARK: Numbers

  static let numbers: [Row] =
    [
      Row("{R_386_NONE x} a5 a5 a5 a5", "a5 a5 a5 a5"),
      Row("{R_386_32 x} 05 00 00 00", S: 0x50_0000, "05 00 50 00"),
      Row("{R_386_32 x} 20 00 00 00", S: 0xffff_ffe1, "01 00 00 00"),
      Row("{R_386_32 w} 05 00 00 00", "05 00 00 00"),
      Row("{R_386_PC32 x} fc ff ff ff", S: 0x50_0000, P: 0x40_1000, "fc ef 0f 00"),
      Row("{R_386_PC32 x} 00 00 00 00", S: 0x10, P: 0x9000_0000, "10 00 00 70"),
      Row("{R_386_PC32 x} 00 00 00 00", S: 0xf000_0000, P: 0x1000_0000, "00 00 00 e0"),
      Row("e8 {R_386_PLT32 f} fc ff ff ff", S: 0x50_0000, P: 0x40_1000, "e8 fc ef 0f 00"),
      Row("e8 {R_386_PLT32 f} fc ff ff ff", S: 0x10, P: 0x9000_0000, "e8 0c 00 00 70"),
      Row("{R_386_GOTOFF x} 02 00 00 00", S: 0x50_0000, "02 00 ef ff"),
      Row(
        "81 c3 {R_386_GOTPC _GLOBAL_OFFSET_TABLE_} 02 00 00 00", P: 0x40_1000, "81 c3 02 f0 20 00"),
      Row("{R_386_SIZE32 g} 01 00 00 00", "05 00 00 00"),
    ]
    + limits("{R_386_16 x} 00 00", .absolute, -0x8000...0xffff, "00 80", "ff ff")
    + limits("{R_386_16 x} fe ff", .absolute, -0x8000...0xffff, A: -2, "00 80", "ff ff")
    + limits("{R_386_8 x} 00", .absolute, -0x80...0xff, "80", "ff")
    // As GNU ld: real-mode code may mean a place above by a large distance.
    + limits("{R_386_PC16 x} fe ff", .distance, -0x8000...0xffff, A: -2, "00 80", "ff ff")
    + limits("{R_386_PC8 x} ff", .distance, -0x80...0x7f, A: -1, "80", "7f")
    + [
      Row(
        "{R_386_16 n} 00 00", S: 0x1_0000,
        error: "R_386_16 out of range: 65536 does not fit 16 bits"),
      // Sums have 32 bits: the boot code of a PC runs at the top of them.
      Row("{R_386_PC16 x} 00 00", S: 0x1000, P: 0xffff_f800, "00 18"),
    ]

  @Test(arguments: numbers) func `fields hold a number`(row: Row) throws {
    try Self.table.check(row)
  }

  // MARK: Entries of the GOT

  static let entries: [Row] = [
    Row(
      "8b 83 {R_386_GOT32 x} 00 00 00 00", "8b 83 00 00 ff ff", contents: [".got": "00 00 50 00"]),
    Row("8b 05 {R_386_GOT32 x} 04 00 00 00", "8b 05 04 00 60 00"),
    Row("8b 83 {R_386_GOT32X x} 00 00 00 00", "8d 83 00 00 ef ff"),
    Row("8b 0d {R_386_GOT32X x} 00 00 00 00", "c7 c1 00 00 50 00"),
    Row("ff 93 {R_386_GOT32X f} 00 00 00 00", "67 e8 fc ef 0f 00"),
    Row("ff a3 {R_386_GOT32X f} 00 00 00 00", "e9 fd ef 0f 00 90"),
    Row("8b 83 {R_386_GOT32X x} 00 00 00 00", with: "--no-relax", "8b 83 00 00 ff ff"),
    // An addend is one to the entry, and other instructions stay.
    Row("8b 83 {R_386_GOT32X x} 04 00 00 00", "8b 83 04 00 ff ff"),
    Row("03 83 {R_386_GOT32X x} 00 00 00 00", "03 83 00 00 ff ff"),
    Row("8b 83 {R_386_GOT32X n} 00 00 00 00", with: "-pie", "8b 83 00 00 ff ff"),
    Row(
      "8b 83 {R_386_GOT32X g} 00 00 00 00", with: "-shared", "8b 83 00 00 ff ff",
      dynamic: ["R_386_GLOB_DAT 0x600000 g"]),
    Row(
      "8b 83 {R_386_GOT32 x} 00 00 00 00", with: "-shared", "8b 83 00 00 ff ff",
      contents: [".got": "00 00 50 00"], dynamic: ["R_386_RELATIVE 0x600000"]),
    Row("8b 05 {R_386_GOT32 x} 00 00 00 00", with: "-shared", error: "R_386_GOT32"),
    // The PLT entry of a program that may lie anywhere is for callers with the GOT in %ebx.
    Row("8d 83 {R_386_GOTOFF i} 00 00 00 00", with: "-pie", error: "indirect function"),
    Row("8d 83 {R_386_GOTOFF i} 00 00 00 00", "8d 83 00 00 01 00"),
  ]

  @Test(arguments: entries) func `entries of the GOT, and what replaces them`(row: Row) throws {
    try Self.table.check(row)
  }

  // MARK: Thread-local storage: `t` lies eight bytes below the thread pointer

  static let threadLocals: [Row] = [
    Row("{R_386_TLS_LE t} 01 00 00 00", "f9 ff ff ff"),
    Row("{R_386_TLS_LE_32 t} 00 00 00 00", "08 00 00 00"),
    Row("{R_386_TLS_LE_32 t} 01 00 00 00", "07 00 00 00"),
    Row("{R_386_TLS_LE t} 00 00 00 00", with: "-shared", error: "R_386_TLS_LE"),
    Row("{R_386_TLS_LDO_32 t} 01 00 00 00", "f9 ff ff ff"),
    Row("{R_386_TLS_LDO_32 t} 01 00 00 00", with: "-shared", "09 00 00 00"),
    // @indntpoff
    Row("a1 {R_386_TLS_IE t} 00 00 00 00", "b8 f8 ff ff ff"),
    Row("8b 0d {R_386_TLS_IE t} 00 00 00 00", "c7 c1 f8 ff ff ff"),
    Row("03 0d {R_386_TLS_IE t} 00 00 00 00", "81 c1 f8 ff ff ff"),
    Row(
      "3b 0d {R_386_TLS_IE t} 00 00 00 00", "3b 0d 00 00 60 00", contents: [".got": "f8 ff ff ff"]),
    Row("a1 {R_386_TLS_IE t} 00 00 00 00", with: "-shared", error: "R_386_TLS_IE"),
    // @gotntpoff
    Row("8b 83 {R_386_TLS_GOTIE t} 00 00 00 00", "c7 c0 f8 ff ff ff"),
    Row("03 8b {R_386_TLS_GOTIE t} 00 00 00 00", "81 c1 f8 ff ff ff"),
    Row("2b 8b {R_386_TLS_GOTIE t} 00 00 00 00", "81 e9 f8 ff ff ff"),
    Row(
      "3b 8b {R_386_TLS_GOTIE t} 00 00 00 00", "3b 8b 00 00 ff ff",
      contents: [".got": "f8 ff ff ff"]),
    Row(
      "8b 83 {R_386_TLS_GOTIE t} 00 00 00 00", with: "-shared", "8b 83 00 00 ff ff",
      contents: [".got": "08 00 00 00"], dynamic: ["R_386_TLS_TPOFF 0x600000"]),
    Row(
      "8b 83 {R_386_TLS_GOTIE v} 00 00 00 00", with: "-shared", "8b 83 00 00 ff ff",
      contents: [".got": "00 00 00 00"], dynamic: ["R_386_TLS_TPOFF 0x600000 v"]),
    // @gottpoff: the offset with the other sign
    Row("8b 83 {R_386_TLS_IE_32 t} 00 00 00 00", "c7 c0 08 00 00 00"),
    Row("2b 8b {R_386_TLS_IE_32 t} 00 00 00 00", "81 e9 08 00 00 00"),
    Row(
      "3b 8b {R_386_TLS_IE_32 t} 00 00 00 00", "3b 8b 00 00 ff ff",
      contents: [".got": "08 00 00 00"]),
    Row(
      "8b 83 {R_386_TLS_IE_32 t} 00 00 00 00", with: "-shared", "8b 83 00 00 ff ff",
      contents: [".got": "f8 ff ff ff"], dynamic: ["R_386_TLS_TPOFF32 0x600000"]),
    Row(
      "8b 83 {R_386_TLS_IE_32 v} 00 00 00 00 8b 83 {R_386_TLS_GOTIE v} 00 00 00 00",
      with: "-shared", "8b 83 04 00 ff ff 8b 83 00 00 ff ff",
      contents: [".got": "00 00 00 00 00 00 00 00"],
      dynamic: ["R_386_TLS_TPOFF 0x600000 v", "R_386_TLS_TPOFF32 0x600004 v"]),
    // General dynamic
    Row(
      "8d 04 1d {R_386_TLS_GD t} 00 00 00 00 e8 {R_386_PLT32 f} fc ff ff ff",
      "65 a1 00 00 00 00 81 c0 f8 ff ff ff"),
    Row(
      "8d 83 {R_386_TLS_GD t} 00 00 00 00 e8 {R_386_PLT32 f} fc ff ff ff 90",
      "65 a1 00 00 00 00 81 c0 f8 ff ff ff"),
    Row(
      "8d 83 {R_386_TLS_GD t} 00 00 00 00 ff 93 {R_386_GOT32X f} 00 00 00 00",
      "65 a1 00 00 00 00 81 c0 f8 ff ff ff"),
    Row(
      "8d 83 {R_386_TLS_GD v} 00 00 00 00 e8 {R_386_PLT32 ___tls_get_addr} fc ff ff ff 90",
      with: "-shared", "8d 83 00 00 ff ff e8 07 f0 21 00 90",
      dynamic: [
        "R_386_TLS_DTPMOD32 0x600000 v", "R_386_TLS_DTPOFF32 0x600004 v",
        "R_386_JMP_SLOT 0x61000c ___tls_get_addr",
      ]),
    Row(
      "8d 83 {R_386_TLS_GD t} 00 00 00 00 e8 {R_386_PLT32 ___tls_get_addr} fc ff ff ff 90",
      with: "-shared", contents: [".got": "00 00 00 00 08 00 00 00"],
      dynamic: ["R_386_TLS_DTPMOD32 0x600000", "R_386_JMP_SLOT 0x61000c ___tls_get_addr"]),
    // Local dynamic
    Row(
      "8d 83 {R_386_TLS_LDM t} 00 00 00 00 e8 {R_386_PLT32 f} fc ff ff ff",
      "65 a1 00 00 00 00 90 8d 74 26 00"),
    Row(
      "8d 83 {R_386_TLS_LDM t} 00 00 00 00 ff 93 {R_386_GOT32X f} 00 00 00 00",
      "65 a1 00 00 00 00 8d b6 00 00 00 00"),
    Row(
      "8d 83 {R_386_TLS_LDM t} 00 00 00 00 e8 {R_386_PLT32 ___tls_get_addr} fc ff ff ff",
      with: "-shared", "8d 83 00 00 ff ff e8 07 f0 21 00",
      dynamic: ["R_386_TLS_DTPMOD32 0x600000", "R_386_JMP_SLOT 0x61000c ___tls_get_addr"]),
    // Descriptors
    Row(
      "8d 83 {R_386_TLS_GOTDESC t} 00 00 00 00 {R_386_TLS_DESC_CALL t} ff 10",
      "8d 05 f8 ff ff ff 66 90"),
    Row(
      "8d 83 {R_386_TLS_GOTDESC t} 00 00 00 00 {R_386_TLS_DESC_CALL t} ff 10", with: "-shared",
      "8d 83 00 00 ff ff ff 10", dynamic: ["R_386_TLS_DESC 0x600000"]),
    Row("03 83 {R_386_TLS_GOTDESC t} 00 00 00 00", error: "R_386_TLS_GOTDESC"),
    Row("{R_386_TLS_DESC_CALL t} ff 11", error: "R_386_TLS_DESC_CALL"),
  ]

  @Test(arguments: threadLocals) func `thread-local variables`(row: Row) throws {
    try Self.table.check(row)
  }

  // MARK: What the dynamic linker fills, and what only it may have

  static let dynamics: [Row] =
    [
      Row(
        "{R_386_32 x} 04 00 00 00", P: 0x52_0000, in: ".data", with: "-shared", "04 00 50 00",
        dynamic: ["R_386_RELATIVE 0x520000"]),
      Row(
        "{R_386_32 g} 04 00 00 00", P: 0x52_0000, in: ".data", with: "-shared", "04 00 00 00",
        dynamic: ["R_386_32 0x520000 g"]),
      Row(
        "{R_386_32 n} 04 00 00 00", P: 0x52_0000, in: ".data", with: "-shared", "04 00 50 00",
        dynamic: []),
      Row(
        "{R_386_32 i} 00 00 00 00", P: 0x52_0000, in: ".data", with: "-shared", "00 00 50 00",
        dynamic: ["R_386_IRELATIVE 0x61000c", "R_386_IRELATIVE 0x520000"]),
      Row("{R_386_32 x} 00 00 00 00", with: "-shared -z text", error: "R_386_32"),
      Row("{R_386_16 x} 00 00", S: 0x100, with: "-shared", error: "R_386_16"),
      Row("{R_386_PC32 g} 00 00 00 00", with: "-shared -z text", error: "R_386_PC32"),
      // Who calls so does not have the address of the GOT, which the PLT of a library wants.
      Row(
        "e8 {R_386_PC32 g} fc ff ff ff", with: "-shared", "e8 fc ff ff ff",
        dynamic: ["R_386_PC32 0x401000 g"]),
      Row("e8 {R_386_PC32 g} fc ff ff ff", with: "-shared -z text", error: "R_386_PC32"),
      Row("e8 {R_386_PC32 i} fc ff ff ff", with: "-pie", error: "calls the indirect function"),
    ]
    + [
      "COPY", "GLOB_DAT", "JMP_SLOT", "RELATIVE", "IRELATIVE", "TLS_TPOFF", "TLS_DTPMOD32",
      "TLS_DTPOFF32", "TLS_TPOFF32", "TLS_DESC",
    ].map {
      Row(
        "{R_386_\($0) x} 00 00 00 00 00 00 00 00",
        error: "has type R_386_\($0), which belongs in linked files only")
    }

  @Test(arguments: dynamics) func `words for the dynamic linker`(row: Row) throws {
    try Self.table.check(row)
  }

  // MARK: Sections that are not loaded

  static let debug: [Row] =
    [
      ("{R_386_32 x} 04 00 00 00", "04 00 50 00"), ("{R_386_16 x} 04 00", "04 00"),
      ("{R_386_8 x} 04", "04"), ("a5 {R_386_PC32 x} 00 00 00 00", "a5 ff ff 4f 00"),
      ("{R_386_PLT32 f} 00 00 00 00", "00 00 50 00"),
      ("{R_386_TLS_LDO_32 t} 01 00 00 00", "09 00 00 00"),
      ("{R_386_TLS_LE t} 01 00 00 00", "f9 ff ff ff"),
      ("{R_386_SIZE32 g} 01 00 00 00", "05 00 00 00"),
      ("{R_386_TLS_DTPOFF32 t} 01 00 00 00", "09 00 00 00"),
    ].map { Row($0.0, in: ".debug_info", with: "-e 0", $0.1) }
    + ["GOT32", "TLS_GD", "TLS_GOTIE", "TLS_GOTDESC"].map {
      Row(
        "{R_386_\($0) x} 00 00 00 00", in: ".debug_info", with: "-e 0",
        error: "of type R_386_\($0) has no meaning in a section that is not loaded")
    }

  @Test(arguments: debug) func `debug information`(row: Row) throws {
    try Self.table.check(row)
  }

  @Test func `every type has a row`() {
    Self.table.checkCompleteness(
      Self.numbers + Self.entries + Self.threadLocals + Self.dynamics + Self.debug)
  }
}
