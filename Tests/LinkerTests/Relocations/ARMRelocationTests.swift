// ARM: every type, at the limits of its field and one beyond (AAELF32, "Relocation codes table").
//
// Addends stand in the fields of the instructions; a branch to itself has −8 in ARM state, −4 in Thumb
// state. `f` is in Thumb state where S is odd.

import Testing

@testable import Linker

@Suite struct ARMRelocationTests {
  private static let table = RelocationTable(machine: .arm, flags: 0x500_0000)

  // MARK: Numbers

  static let numbers: [Row] =
    [
      Row("{R_ARM_NONE x} a5 a5 a5 a5", "a5 a5 a5 a5"),
      Row("{R_ARM_GNU_VTENTRY x} a5 {R_ARM_GNU_VTINHERIT x} a5", "a5 a5"),
      Row("{R_ARM_ABS32 x} 05 00 00 00", "05 00 50 00"),
      Row("{R_ARM_ABS32 x} 20 00 00 00", S: 0xffff_ffe1, "01 00 00 00"),
      Row("{R_ARM_ABS32 f} 04 00 00 00", S: 0x50_0001, "05 00 50 00"),
      Row("{R_ARM_ABS32_NOI f} 04 00 00 00", S: 0x50_0001, "04 00 50 00"),
      Row("{R_ARM_REL32 f} 00 00 00 00", S: 0x50_0001, "01 f0 0f 00"),
      Row("{R_ARM_REL32_NOI f} 00 00 00 00", S: 0x50_0001, "00 f0 0f 00"),
      Row("{R_ARM_PREL31 f} 00 00 00 80", S: 0x50_0001, "01 f0 0f 80"),
      Row("{R_ARM_TARGET1 x} 00 00 00 00", "00 00 50 00"),
      Row("{R_ARM_TARGET1 x} 00 00 00 00", with: "--target1-rel", "00 f0 0f 00"),
      Row("{R_ARM_TARGET2 x} 00 00 00 00", "00 f0 0f 00"),
      Row("{R_ARM_TARGET2 x} 00 00 00 00", with: "--target2=abs", "00 00 50 00"),
      Row("{R_ARM_TARGET2 x} 00 00 00 00", with: "--target2=got-rel", "00 f0 1f 00"),
      Row("{R_ARM_TARGET2 x} 00 00 00 00", with: "-m armelf_linux_eabi", "00 f0 1f 00"),
      Row("{R_ARM_SBREL32 x} 04 00 00 00", S: 0x50_0008, "0c 00 00 00"),
      Row("{R_ARM_V4BX} 1e ff 2f e1", "1e ff 2f e1"),
      Row("{R_ARM_V4BX} 1e ff 2f e1", with: "--fix-v4bx", "0e f0 a0 e1"),
    ]
    + limits(
      "{R_ARM_PREL31 x} 00 00 00 00", .distance, -0x4000_0000...0x3fff_ffff, P: 0x5000_0000,
      "00 00 00 40", "ff ff ff 3f")
    + limits(
      "{R_ARM_ABS16 x} fe ff", .absolute, -0x8000...0xffff, A: -2, with: "--image-base=0x100000",
      "00 80", "ff ff")
    + limits("{R_ARM_ABS8 x} fe", .absolute, -0x80...0xff, A: -2, "80", "ff")
    + limits("{R_ARM_ABS12 x} 00 00 9f e5", .absolute, 0...0xfff, "00 00 9f e5", "ff 0f 9f e5")
    + limits("{R_ARM_THM_ABS5 x} 00 68", .absolute, 0...0x7c, step: 4, "00 68", "c0 6f")

  @Test(arguments: numbers) func `fields hold a number`(row: Row) throws {
    try Self.table.check(row)
  }

  // MARK: Halves of an address

  static let moves: [Row] = [
    Row("{R_ARM_MOVW_ABS_NC x} 08 00 00 e3", S: 0x1234_5670, "78 06 05 e3"),
    Row("{R_ARM_MOVW_ABS_NC f} 00 00 00 e3", S: 0x1234_5671, "71 06 05 e3"),
    Row("{R_ARM_MOVT_ABS f} 00 00 40 e3", S: 0x1234_5671, "34 02 41 e3"),
    Row("{R_ARM_MOVW_PREL_NC x} 00 00 00 e3", "00 00 0f e3"),
    Row("{R_ARM_MOVT_PREL x} 00 00 40 e3", "0f 00 40 e3"),
    Row("{R_ARM_MOVW_BREL_NC x} 04 00 00 e3", S: 0x50_0008, "0c 00 00 e3"),
    Row("{R_ARM_MOVW_BREL x} 04 00 00 e3", S: 0x50_0008, "0c 00 00 e3"),
    Row("{R_ARM_MOVT_BREL x} 00 00 40 e3", S: 0x50_0008, "00 00 40 e3"),
    Row("{R_ARM_THM_MOVW_ABS_NC x} 40 f2 08 00", S: 0x1234_5670, "45 f2 78 60"),
    Row("{R_ARM_THM_MOVW_ABS_NC x} 40 f2 00 00", S: 0x1234_8f80, "48 f6 80 70"),
    Row("{R_ARM_THM_MOVT_ABS f} c0 f2 00 00", S: 0x1234_5671, "c1 f2 34 20"),
    Row("{R_ARM_THM_MOVW_PREL_NC x} 40 f2 00 00", "4f f2 00 00"),
    Row("{R_ARM_THM_MOVT_PREL x} c0 f2 00 00", "c0 f2 0f 00"),
    Row("{R_ARM_THM_MOVW_BREL_NC x} 40 f2 04 00", S: 0x50_0008, "40 f2 0c 00"),
    Row("{R_ARM_THM_MOVW_BREL x} 40 f2 04 00", S: 0x50_0008, "40 f2 0c 00"),
    Row("{R_ARM_THM_MOVT_BREL x} c0 f2 00 00", S: 0x50_0008, "c0 f2 00 00"),
    Row("{R_ARM_THM_ALU_ABS_G0_NC x} 00 20", S: 0x1234_5678, "78 20"),
    Row("{R_ARM_THM_ALU_ABS_G1_NC x} 00 20", S: 0x1234_5678, "56 20"),
    Row("{R_ARM_THM_ALU_ABS_G2_NC x} 00 20", S: 0x1234_5678, "34 20"),
    Row("{R_ARM_THM_ALU_ABS_G3 x} 00 20", S: 0x1234_5678, "12 20"),
    Row("{R_ARM_MOVW_ABS_NC x} 00 00 00 e3", with: "-pie", error: "R_ARM_MOVW_ABS_NC"),
    Row("{R_ARM_THM_MOVT_ABS x} c0 f2 00 00", with: "-shared", error: "R_ARM_THM_MOVT_ABS"),
  ]

  @Test(arguments: moves) func `parts of an address`(row: Row) throws {
    try Self.table.check(row)
  }

  // MARK: Branches

  static let branches: [Row] =
    [
      Row("{R_ARM_CALL f} fe ff ff eb", "fe fb 03 eb"),
      Row("{R_ARM_CALL f} fe ff ff eb", S: 0x50_0001, "fe fb 03 fa"),
      Row("{R_ARM_CALL f} fe ff ff eb", S: 0x50_0003, "fe fb 03 fb"),
      Row("{R_ARM_CALL f} fe ff ff fa", "fe fb 03 eb"),
      Row("{R_ARM_PLT32 f} fe ff ff eb", S: 0x50_0001, "fe fb 03 fa"),
      Row("{R_ARM_PC24 f} fe ff ff ea", "fe fb 03 ea"),
      Row("{R_ARM_JUMP24 f} fe ff ff 1a", "fe fb 03 1a"),
      Row("{R_ARM_CALL w} fe ff ff eb", "00 00 a0 e1"),
      Row("{R_ARM_THM_CALL f} ff f7 fe ff", S: 0x50_0001, "fe f0 fe ff"),
      Row("{R_ARM_THM_CALL f} ff f7 fe ff", "fe f0 fe ef"),
      Row("{R_ARM_THM_CALL f} ff f7 fe ff", P: 0x40_1002, "fe f0 fe ef"),
      Row("{R_ARM_THM_CALL f} ff f7 fe ef", S: 0x50_0001, "fe f0 fe ff"),
      Row("{R_ARM_THM_CALL w} ff f7 fe ff", "af f3 00 80"),
      Row("{R_ARM_THM_JUMP24 w} ff f7 fe bf", "af f3 00 80"),
      // Beyond their reach branches go through thunks, so only the limits are here.
      Row("{R_ARM_THM_JUMP6 x} f0 b3", S: 0x4000_0010, P: 0x4000_000c, "00 b1"),
      Row("{R_ARM_THM_JUMP6 x} f0 b3", S: 0x4000_008e, P: 0x4000_000c, "f8 b3"),
      Row("{R_ARM_THM_JUMP6 x} f0 b3", S: 0x4000_0090, P: 0x4000_000c, error: "out of range"),
      Row("{R_ARM_THM_JUMP6 x} f0 b3", S: 0x3fff_fff0, P: 0x4000_000c, error: "out of range"),
    ]
    + limits(
      "{R_ARM_THM_JUMP19 x} 3f f4 fe af", .distance, -0x10_0000...0xf_fffe, step: 2, A: -4,
      "00 f4 00 80", "3f f0 ff af"
    ).prefix(2)
    + limits(
      "{R_ARM_THM_JUMP11 x} fe e7", .distance, -0x800...0x7fe, step: 2, A: -4, "00 e4", "ff e3")
    + limits(
      "{R_ARM_THM_JUMP8 x} fe d0", .distance, -0x100...0xfe, step: 2, A: -4, "80 d0", "7f d0")
    + limits(
      "{R_ARM_CALL x} fe ff ff eb", .distance, -0x200_0000...0x1ff_fffc, step: 4, A: -8,
      "00 00 80 eb", "ff ff 7f eb"
    ).prefix(2)
    + limits(
      "{R_ARM_JUMP24 x} fe ff ff 0a", .distance, -0x200_0000...0x1ff_fffc, step: 4, A: -8,
      "00 00 80 0a", "ff ff 7f 0a"
    ).prefix(2)
    + limits(
      "{R_ARM_THM_CALL x} ff f7 fe ff", .distance, -0x100_0000...0xff_fffe, step: 2, A: -4,
      "00 f4 00 d0", "ff f3 ff d7"
    ).prefix(2)
    + limits(
      "{R_ARM_THM_JUMP24 x} ff f7 fe bf", .distance, -0x100_0000...0xff_fffe, step: 2, A: -4,
      "00 f4 00 90", "ff f3 ff 97"
    ).prefix(2)

  @Test(arguments: branches) func `branches lead to both states`(row: Row) throws {
    try Self.table.check(row)
  }

  // MARK: Distances of loads and additions

  /// A row whose value, S + A − P, is the given one; A is −8.
  private static func group(_ code: String, _ value: Int64, _ bytes: String?) -> Row {
    Row(
      code, S: Pinned.text + 8 + value, bytes, error: bytes == nil ? "out of range" : nil)
  }

  static let distances: [Row] =
    [
      group("{R_ARM_ALU_PC_G0 x} 08 00 4f e2", 0xff0, "ff 0e 8f e2"),
      group("{R_ARM_ALU_PC_G0 x} 08 00 4f e2", -0x3fc, "ff 0f 4f e2"),
      group("{R_ARM_ALU_PC_G0 x} 08 00 4f e2", 0x401, nil),
      group("{R_ARM_ALU_PC_G0_NC x} 08 00 4f e2", 0x8401, "84 0c 8f e2"),
      group("{R_ARM_ALU_PC_G1 x} 08 00 40 e2", 0x8401, "01 00 80 e2"),
      group("{R_ARM_ALU_PC_G1 x} 08 00 40 e2", 0x20_8401, nil),
      group("{R_ARM_ALU_PC_G1_NC x} 08 00 40 e2", 0x20_8401, "40 0e 80 e2"),
      group("{R_ARM_ALU_PC_G2 x} 08 00 40 e2", 0x20_8401, "01 00 80 e2"),
      group("{R_ARM_LDR_PC_G1 x} 08 00 10 e5", 0x2_1234, "34 02 90 e5"),
      group("{R_ARM_LDR_PC_G2 x} 08 00 10 e5", 0x12_3456, "16 00 90 e5"),
      group("{R_ARM_LDRS_PC_G1 x} d8 00 50 e1", 0x2_1234, nil),
      group("{R_ARM_LDRS_PC_G1 x} d8 00 50 e1", 0x1_2034, "d4 03 d0 e1"),
      group("{R_ARM_LDRS_PC_G2 x} d8 00 50 e1", 0x12_3456, "d6 01 d0 e1"),
      group("{R_ARM_LDC_PC_G1 x} 02 00 10 ed", 0x1_2034, "0d 00 90 ed"),
      group("{R_ARM_LDC_PC_G2 x} 02 00 10 ed", 0x12_3454, "05 00 90 ed"),
      Row("{R_ARM_THM_PC8 x} ff 48", S: 0x4000_0010, P: 0x4000_000c, "00 48"),
      Row("{R_ARM_THM_PC8 x} ff 48", S: 0x4000_040c, P: 0x4000_000c, "ff 48"),
      Row("{R_ARM_THM_PC8 x} ff 48", S: 0x4000_0410, P: 0x4000_000c, error: "out of range"),
      Row("{R_ARM_THM_PC8 x} ff 48", S: 0x3fff_fff0, P: 0x4000_000c, error: "out of range"),
    ]
    + limits(
      "{R_ARM_LDR_PC_G0 x} 08 00 1f e5", .distance, -0xfff...0xfff, A: -8, "ff 0f 1f e5",
      "ff 0f 9f e5")
    + limits(
      "{R_ARM_LDRS_PC_G0 x} d8 00 4f e1", .distance, -0xff...0xff, A: -8, "df 0f 4f e1",
      "df 0f cf e1")
    + limits(
      "{R_ARM_LDC_PC_G0 x} 02 00 1f ed", .distance, -0x3fc...0x3fc, step: 4, A: -8, "ff 00 1f ed",
      "ff 00 9f ed")
    + limits(
      "{R_ARM_THM_PC12 x} 5f f8 04 00", .distance, -0xfff...0xfff, A: -4, "5f f8 ff 0f",
      "df f8 ff 0f")
    + limits(
      "{R_ARM_THM_ALU_PREL_11_0 x} af f2 04 00", .distance, -0xfff...0xfff, A: -4, "af f6 ff 70",
      "0f f6 ff 70")

  @Test(arguments: distances) func `distances in fields of instructions`(row: Row) throws {
    try Self.table.check(row)
  }

  // MARK: Entries of the GOT

  static let entries: [Row] = [
    Row("{R_ARM_GOT_BREL x} 00 00 00 00", "00 00 ff ff", contents: [".got": "00 00 50 00"]),
    Row(
      "{R_ARM_GOT_PREL f} 00 00 00 00", S: 0x50_0001, "00 f0 1f 00",
      contents: [".got": "01 00 50 00"]),
    Row("{R_ARM_GOT_ABS x} 04 00 00 00", "04 00 60 00"),
    Row("{R_ARM_GOT_BREL12 x} 00 00 9f e5", error: "R_ARM_GOT_BREL12 out of range"),
    Row("{R_ARM_GOTOFF32 x} 02 00 00 00", "02 00 ef ff"),
    Row("{R_ARM_GOTOFF12 x} 00 00 9f e5", error: "R_ARM_GOTOFF12 out of range"),
    Row("{R_ARM_BASE_PREL _GLOBAL_OFFSET_TABLE_} 00 00 00 00", "00 f0 20 00"),
    Row(
      "{R_ARM_GOT_PREL g} 00 00 00 00", with: "-shared", "00 f0 1f 00",
      dynamic: ["R_ARM_GLOB_DAT 0x600000 g"]),
  ]

  @Test(arguments: entries) func `entries of the GOT`(row: Row) throws {
    try Self.table.check(row)
  }

  // MARK: Thread-local storage: `t` lies 16 bytes above the thread pointer

  static let threadLocals: [Row] = [
    Row("{R_ARM_TLS_LE32 t} 01 00 00 00", "11 00 00 00"),
    Row("{R_ARM_TLS_LE32 t} 00 00 00 00", with: "-shared", error: "R_ARM_TLS_LE32"),
    Row("{R_ARM_TLS_LE12 t} 01 00 9f e5", "11 00 9f e5"),
    Row("{R_ARM_TLS_LDO32 t} 01 00 00 00", "11 00 00 00"),
    Row("{R_ARM_TLS_LDO32 t} 01 00 00 00", with: "-shared", "09 00 00 00"),
    Row("{R_ARM_TLS_LDO12 t} 01 00 9f e5", with: "-shared", "09 00 9f e5"),
    Row(
      "{R_ARM_TLS_IE32 t} 00 00 00 00", "00 f0 1f 00", contents: [".got": "10 00 00 00"]),
    Row(
      "{R_ARM_TLS_IE32 t} 00 00 00 00", with: "-shared", "00 f0 1f 00",
      contents: [".got": "08 00 00 00"], dynamic: ["R_ARM_TLS_TPOFF32 0x600000"]),
    Row("{R_ARM_TLS_IE12GP t} 00 00 9f e5", error: "R_ARM_TLS_IE12GP out of range"),
    Row(
      "{R_ARM_TLS_GD32 t} 00 00 00 00", "00 f0 1f 00",
      contents: [".got": "01 00 00 00 08 00 00 00"]),
    Row(
      "{R_ARM_TLS_GD32 v} 00 00 00 00", with: "-shared", "00 f0 1f 00",
      dynamic: ["R_ARM_TLS_DTPMOD32 0x600000 v", "R_ARM_TLS_DTPOFF32 0x600004 v"]),
    Row(
      "{R_ARM_TLS_LDM32 t} 00 00 00 00", "00 f0 1f 00",
      contents: [".got": "01 00 00 00 f8 ff ff ff"]),
    Row("{R_ARM_TLS_GOTDESC t} 24 00 00 00", "10 00 00 00"),
    Row(
      "{R_ARM_TLS_GOTDESC t} 24 00 00 00", with: "-shared", "20 f0 1f 00",
      contents: [".got": "08 00 00 00 00 00 00 00"], dynamic: ["R_ARM_TLS_DESC 0x600000"]),
    Row("{R_ARM_TLS_GOTDESC t} 19 00 00 00", with: "-shared", "13 f0 1f 00"),
    Row("{R_ARM_TLS_CALL t} 00 00 00 eb", "00 00 a0 e1"),
    Row("{R_ARM_THM_TLS_CALL t} 00 f0 00 f8", "c0 46 c0 46"),
    Row("{R_ARM_TLS_DESCSEQ t} 00 00 00 e0", with: "-shared", "00 00 00 e0"),
    Row("{R_ARM_TLS_DESCSEQ t} 00 00 00 e0", error: "R_ARM_TLS_DESCSEQ"),
    Row("{R_ARM_THM_TLS_DESCSEQ16 t} 00 44", error: "R_ARM_THM_TLS_DESCSEQ16"),
    Row("{R_ARM_THM_TLS_DESCSEQ32 t} 00 44 00 44", error: "R_ARM_THM_TLS_DESCSEQ32"),
  ]

  @Test(arguments: threadLocals) func `thread-local variables`(row: Row) throws {
    try Self.table.check(row)
  }

  // MARK: What the dynamic linker fills, and what only it may have

  static let dynamics: [Row] =
    [
      Row(
        "{R_ARM_ABS32 f} 04 00 00 00", S: 0x50_0001, P: 0x52_0000, in: ".data", with: "-shared",
        "05 00 50 00", dynamic: ["R_ARM_RELATIVE 0x520000"]),
      Row(
        "{R_ARM_TARGET1 x} 00 00 00 00", P: 0x52_0000, in: ".data", with: "-shared",
        "00 00 50 00", dynamic: ["R_ARM_RELATIVE 0x520000"]),
      Row(
        "{R_ARM_ABS32 g} 04 00 00 00", P: 0x52_0000, in: ".data", with: "-shared", "04 00 00 00",
        dynamic: ["R_ARM_ABS32 0x520000 g"]),
      Row("{R_ARM_ABS32 x} 00 00 00 00", with: "-shared -z text", error: "R_ARM_ABS32"),
      Row("{R_ARM_ABS8 x} 00", S: 0x10, with: "-shared", error: "R_ARM_ABS8"),
      Row("{R_ARM_REL32 g} 00 00 00 00", with: "-shared -z text", error: "R_ARM_REL32"),
    ]
    + [
      "COPY", "GLOB_DAT", "JUMP_SLOT", "RELATIVE", "IRELATIVE", "TLS_DTPMOD32", "TLS_DTPOFF32",
      "TLS_TPOFF32", "TLS_DESC",
    ].map {
      Row(
        "{R_ARM_\($0) x} 00 00 00 00 00 00 00 00",
        error: "has type R_ARM_\($0), which belongs in linked files only")
    }

  @Test(arguments: dynamics) func `words for the dynamic linker`(row: Row) throws {
    try Self.table.check(row)
  }

  // MARK: Sections that are not loaded

  static let debug: [Row] =
    [
      ("{R_ARM_ABS32 x} 04 00 00 00", "04 00 50 00"), ("{R_ARM_ABS16 x} 04 00", "04 00"),
      ("{R_ARM_ABS8 x} 04", "04"), ("a5 {R_ARM_REL32 x} 00 00 00 00", "a5 ff ff 4f 00"),
      ("{R_ARM_TLS_LDO32 t} 01 00 00 00", "09 00 00 00"),
      ("{R_ARM_TLS_LE32 t} 01 00 00 00", "11 00 00 00"),
    ].map { Row($0.0, in: ".debug_info", with: "-e 0", $0.1) }
    + ["CALL", "GOT_PREL", "TLS_GD32"].map {
      Row(
        "{R_ARM_\($0) x} 00 00 00 00", in: ".debug_info", with: "-e 0",
        error: "of type R_ARM_\($0) has no meaning in a section that is not loaded")
    }

  @Test(arguments: debug) func `debug information`(row: Row) throws {
    try Self.table.check(row)
  }

  @Test func `every type has a row`() {
    Self.table.checkCompleteness(
      Self.numbers + Self.moves + Self.branches + Self.distances + Self.entries
        + Self.threadLocals + Self.dynamics + Self.debug)
  }
}
