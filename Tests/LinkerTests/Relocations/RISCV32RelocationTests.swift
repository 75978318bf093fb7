// RISC-V with 32 bits: every type, at the limits of its field and one beyond, and what becomes shorter
// (RISC-V ELF psABI, "Relocations" and "Linker Relaxation"). The bytes are those of an assembler.
//
// Sums of addresses wrap around, so a pair of instructions reaches everything, and only branches have
// limits. Words have four bytes, and `c.jal` is an instruction.

import Testing

@testable import Linker

@Suite struct RISCV32RelocationTests {
  /// With compressed instructions.
  private static let table = RelocationTable(machine: .riscV32, flags: 1)

  static let numbers: [Row] =
    [
      Row(
        "{R_RISCV_NONE} a5 a5 a5 a5", "a5 a5 a5 a5"),
      Row(
        "{R_RISCV_64 x+5} 00 00 00 00 00 00 00 00", "05 00 50 00 00 00 00 00"),
      Row(
        "{R_RISCV_64 w+5} 00 00 00 00 00 00 00 00", "05 00 00 00 00 00 00 00"),
      Row(
        "{R_RISCV_GOT32_PCREL x} 00 00 00 00", "04 f0 1f 00",
        contents: [".got": "00 00 00 00 00 00 50 00"]),
      Row(
        "{R_RISCV_32 x+5} 00 00 00 00", "05 00 50 00"),
      Row(
        "{R_RISCV_32 x+32} 00 00 00 00", S: 0xffff_ffe0, "00 00 00 00"),
      Row(
        "{R_RISCV_32 x+31} 00 00 00 00", S: 0xffff_ffe0, "ff ff ff ff"),
      Row(
        "{R_RISCV_32_PCREL x} 00 00 00 00", S: 0xbfff_ffff, P: 0x4000_0000, "ff ff ff 7f"),
      Row(
        "{R_RISCV_32_PCREL x} 00 00 00 00", S: 0xc000_0000, P: 0x4000_0000, "00 00 00 80"),
      Row(
        "{R_RISCV_PLT32 f} 00 00 00 00", S: 0xbfff_ffff, P: 0x4000_0000, "ff ff ff 7f"),
      Row(
        "{R_RISCV_PLT32 f} 00 00 00 00", S: 0xc000_0000, P: 0x4000_0000, "00 00 00 80"),
      Row(
        "{R_RISCV_ADD8 x+3} 10", "13"),
      Row(
        "{R_RISCV_SUB8 x+3} 10", "0d"),
      Row(
        "{R_RISCV_SET8 x+3} 10", "03"),
      Row(
        "{R_RISCV_ADD16 x+3} 10 00", "13 00"),
      Row(
        "{R_RISCV_SUB16 x+3} 10 00", "0d 00"),
      Row(
        "{R_RISCV_SET16 x+3} 10 00", "03 00"),
      Row(
        "{R_RISCV_ADD32 x+3} 10 00 00 00", "13 00 50 00"),
      Row(
        "{R_RISCV_SUB32 x+3} 10 00 00 00", "0d 00 b0 ff"),
      Row(
        "{R_RISCV_SET32 x+3} 10 00 00 00", "03 00 50 00"),
      Row(
        "{R_RISCV_ADD64 x+3} 10 00 00 00 00 00 00 00", "13 00 50 00 00 00 00 00"),
      Row(
        "{R_RISCV_SUB64 x+3} 10 00 00 00 00 00 00 00", "0d 00 b0 ff ff ff ff ff"),
      Row(
        "{R_RISCV_SET6 x+3} c0", "c3"),
      Row(
        "{R_RISCV_SUB6 x+3} c1", "fe"),
      Row(
        "a: {R_RISCV_SET_ULEB128 b} {R_RISCV_SUB_ULEB128 a} 80 00 b:", "82 00"),
      Row(
        "{R_RISCV_SET_ULEB128 x} {R_RISCV_SUB_ULEB128 x-300} 80 00", "ac 02"),
      Row(
        "{R_RISCV_SET_ULEB128 x} {R_RISCV_SUB_ULEB128 x-300} 80 80 80 80 80 80 80 80 80 80 80",
        error: "SET_ULEB128 lies outside"),
    ]

  @Test(arguments: numbers) func `fields hold a number`(row: Row) throws {
    try Self.table.check(row)
  }

  static let code: [Row] =
    [
      Row(
        "{R_RISCV_JAL f} 6f 00 00 00", S: 0x40_1101, P: 0x40_1000, error: "leads to an odd address"),
      Row(
        "{R_RISCV_BRANCH f} 6f 00 00 00", S: 0x40_1101, P: 0x40_1000,
        error: "leads to an odd address"),
      // The farthest that a pair counts up and down meet.
      Row(
        "{R_RISCV_CALL f} 97 00 00 00 e7 80 00 00", S: 0xbfff_f7fe, P: 0x4000_0000,
        "97 f0 ff 7f e7 80 e0 7f"),
      Row(
        "{R_RISCV_CALL f} 97 00 00 00 e7 80 00 00", S: 0xbfff_f800, P: 0x4000_0000,
        "97 00 00 80 e7 80 00 80"),
      Row(
        "{R_RISCV_CALL_PLT f} 97 00 00 00 e7 80 00 00", S: 0xbfff_f7fe, P: 0x4000_0000,
        "97 f0 ff 7f e7 80 e0 7f"),
      Row(
        "{R_RISCV_CALL_PLT f} 97 00 00 00 e7 80 00 00", S: 0xbfff_f800, P: 0x4000_0000,
        "97 00 00 80 e7 80 00 80"),
      Row(
        "{R_RISCV_HI20 x} 37 05 00 00", S: 0xffff_f7ff, "37 f5 ff ff"),
      Row(
        "{R_RISCV_HI20 x} 37 05 00 00", S: 0xffff_f800, "37 05 00 00"),
      Row(
        "a: {R_RISCV_PCREL_HI20 x} 17 05 00 00 {R_RISCV_PCREL_LO12_I a} 13 05 05 00",
        S: 0xbfff_f7ff, P: 0x4000_0000, "17 f5 ff 7f 13 05 f5 7f"),
      Row(
        "a: {R_RISCV_PCREL_HI20 x} 17 05 00 00 {R_RISCV_PCREL_LO12_I a} 13 05 05 00",
        S: 0xbfff_f800, P: 0x4000_0000, "17 05 00 80 13 05 05 80"),
      Row(
        "{R_RISCV_LO12_I x} 13 05 05 00", S: 0x50_0fff, "13 05 f5 ff"),
      Row(
        "{R_RISCV_LO12_I x} 13 05 05 00", S: 0x50_07ff, "13 05 f5 7f"),
      Row(
        "{R_RISCV_LO12_S x} 23 20 b5 00", S: 0x50_0800, "23 20 b5 80"),
      Row(
        "a: {R_RISCV_PCREL_HI20 x} 17 05 00 00 {R_RISCV_PCREL_LO12_S a} 23 20 b5 00",
        "17 f5 0f 00 23 20 b5 00"),
      Row(
        "{R_RISCV_PCREL_LO12_I a} 13 05 05 00 a: {R_RISCV_PCREL_HI20 x} 17 05 00 00",
        "13 05 c5 ff 17 f5 0f 00"),
      Row(
        "a: 17 05 00 00 {R_RISCV_PCREL_LO12_I a} 13 05 05 00",
        error: "where no relocation says what it is the lower part of"),
      Row(
        "{R_RISCV_PCREL_LO12_I x} 13 05 05 00",
        error: "where no relocation says what it is the lower part of"),
      Row(
        "a: {R_RISCV_GOT_HI20 x} 17 05 00 00 {R_RISCV_PCREL_LO12_I a} 03 25 05 00",
        "17 f5 1f 00 03 25 45 00", contents: [".got": "00 00 00 00 00 00 50 00"]),
      Row(
        "a: {R_RISCV_GOT_HI20 g} 17 05 00 00 {R_RISCV_PCREL_LO12_I a} 03 25 05 00", with: "-shared",
        "17 f5 1f 00 03 25 45 00", dynamic: ["R_RISCV_32 0x600004 g"]),
    ]
    + limits(
      "{R_RISCV_BRANCH f} 63 00 b5 00", .distance, -0x1000...0xffe, step: 2, "63 00 b5 80",
      "e3 0f b5 7e")
    + limits(
      "{R_RISCV_JAL f} ef 00 00 00", .distance, -0x10_0000...0xf_fffe, step: 2, "ef 00 00 80",
      "ef f0 ff 7f")
    + limits(
      "{R_RISCV_RVC_BRANCH f} 01 c1", .distance, -0x100...0xfe, step: 2, "01 d1", "7d cd")
    + limits(
      "{R_RISCV_RVC_JUMP f} 01 a0", .distance, -0x800...0x7fe, step: 2, "01 b0", "fd af")

  @Test(arguments: code) func `operands of instructions`(row: Row) throws {
    try Self.table.check(row)
  }

  static let shorter: [Row] =
    [
      Row(
        "{R_RISCV_CALL_PLT f} {R_RISCV_RELAX} 97 00 00 00 e7 80 00 00 a5", S: 0x40_17fe,
        "fd 2f a5"),
      Row(
        "{R_RISCV_CALL_PLT f} {R_RISCV_RELAX} 97 00 00 00 e7 80 00 00 a5", S: 0x40_1800,
        "ef 00 10 00 a5"),
      Row(
        "{R_RISCV_CALL_PLT f} {R_RISCV_RELAX} 97 00 00 00 e7 80 00 00 a5", S: 0x40_0800,
        with: "--section-start=.text=0x401000", "01 30 a5"),
      Row(
        "{R_RISCV_CALL_PLT f} {R_RISCV_RELAX} 97 00 00 00 e7 80 00 00 a5", S: 0x40_07fe,
        "ef f0 ef ff a5"),
      Row(
        "{R_RISCV_CALL_PLT f} {R_RISCV_RELAX} 97 00 00 00 e7 80 00 00 a5", S: 0x50_0ffe,
        "ef f0 ff 7f a5"),
      Row(
        "{R_RISCV_CALL_PLT f} {R_RISCV_RELAX} 97 00 00 00 e7 80 00 00 a5", S: 0x50_1000,
        "97 00 10 00 e7 80 00 00 a5"),
      Row(
        "{R_RISCV_CALL_PLT f} {R_RISCV_RELAX} 97 00 00 00 e7 80 00 00 a5", S: 0x30_1000,
        "ef 00 00 80 a5"),
      Row(
        "{R_RISCV_CALL f} {R_RISCV_RELAX} 17 03 00 00 67 00 03 00 a5", S: 0x40_0800,
        with: "--section-start=.text=0x401000", "01 b0 a5"),
      Row(
        "{R_RISCV_CALL f} {R_RISCV_RELAX} 17 03 00 00 67 00 03 00 a5", S: 0x40_07fe,
        "6f f0 ef ff a5"),
      Row(
        "{R_RISCV_CALL_PLT f} {R_RISCV_RELAX} 97 00 00 00 e7 80 00 00 a5", S: 0x40_2000,
        with: "--no-relax", "97 10 00 00 e7 80 00 00 a5"),
      Row(
        "{R_RISCV_CALL_PLT f} 97 00 00 00 e7 80 00 00 a5", S: 0x40_2000,
        "97 10 00 00 e7 80 00 00 a5"),
      Row(
        "{R_RISCV_CALL_PLT w} {R_RISCV_RELAX} 97 00 00 00 e7 80 00 00 a5", "e7 00 00 00 a5"),
      Row(
        "{R_RISCV_HI20 n} {R_RISCV_RELAX} 37 05 00 00 {R_RISCV_LO12_I n} {R_RISCV_RELAX} 13 05 05 00",
        S: 0x7ff, "13 05 f0 7f"),
      Row(
        "{R_RISCV_HI20 n} {R_RISCV_RELAX} 37 05 00 00 {R_RISCV_LO12_I n} {R_RISCV_RELAX} 13 05 05 00",
        S: 0x800, "05 65 13 05 05 80"),
      Row(
        "{R_RISCV_HI20 n} {R_RISCV_RELAX} 37 05 00 00 {R_RISCV_LO12_S n} {R_RISCV_RELAX} 23 20 b5 00",
        S: -0x800, "23 20 b0 80"),
      Row(
        "{R_RISCV_HI20 n} {R_RISCV_RELAX} 37 05 00 00 a5", S: 0x1_f7ff, "7d 65 a5"),
      Row(
        "{R_RISCV_HI20 n} {R_RISCV_RELAX} 37 05 00 00 a5", S: 0x1_f800, "37 05 02 00 a5"),
      Row(
        "{R_RISCV_HI20 n} {R_RISCV_RELAX} 37 01 00 00 a5", S: 0x1000, "37 11 00 00 a5"),
      Row(
        "{R_RISCV_HI20 n} {R_RISCV_RELAX} 37 05 00 00 {R_RISCV_LO12_I n} {R_RISCV_RELAX} 13 05 05 00",
        S: 0x10, with: "--no-relax", "37 05 00 00 13 05 05 01"),
    ]

  @Test(arguments: shorter) func `what becomes shorter`(row: Row) throws {
    try Self.table.check(row)
  }

  static let threadLocals: [Row] =
    [
      Row(
        "{R_RISCV_TPREL_HI20 t} 37 05 00 00 {R_RISCV_TPREL_ADD t} 33 05 45 00 {R_RISCV_TPREL_LO12_I t} 13 05 05 00 {R_RISCV_TPREL_LO12_S t} 23 20 b5 00",
        "37 05 00 00 33 05 45 00 13 05 85 00 23 24 b5 00"),
      Row(
        "{R_RISCV_TPREL_HI20 t+0x800} {R_RISCV_RELAX} 37 05 00 00 {R_RISCV_TPREL_LO12_I t+0x800} {R_RISCV_RELAX} 13 05 05 00",
        "37 15 00 00 13 05 85 80"),
      Row(
        "{R_RISCV_TPREL_HI20 t} {R_RISCV_RELAX} 37 05 00 00 {R_RISCV_TPREL_ADD t} {R_RISCV_RELAX} 33 05 45 00 {R_RISCV_TPREL_LO12_I t} {R_RISCV_RELAX} 13 05 05 00 {R_RISCV_TPREL_LO12_S t} {R_RISCV_RELAX} 23 20 b5 00",
        "13 05 82 00 23 24 b2 00"),
      Row(
        "{R_RISCV_TPREL_HI20 t} 37 05 00 00", with: "-shared", error: "R_RISCV_TPREL_HI20"),
      Row(
        "a: {R_RISCV_TLS_GOT_HI20 t} 17 05 00 00 {R_RISCV_PCREL_LO12_I a} 03 25 05 00",
        "17 f5 1f 00 03 25 45 00", contents: [".got": "00 00 00 00 08 00 00 00"]),
      Row(
        "a: {R_RISCV_TLS_GOT_HI20 v} 17 05 00 00 {R_RISCV_PCREL_LO12_I a} 03 25 05 00",
        with: "-shared", "17 f5 1f 00 03 25 45 00", dynamic: ["R_RISCV_TLS_TPREL32 0x600004 v"]),
      Row(
        "a: {R_RISCV_TLS_GD_HI20 t} 17 05 00 00 {R_RISCV_PCREL_LO12_I a} 13 05 05 00",
        "17 f5 1f 00 13 05 45 00",
        contents: [".got": "00 00 00 00 01 00 00 00 08 f8 ff ff"]),
      Row(
        "a: {R_RISCV_TLS_GD_HI20 v} 17 05 00 00 {R_RISCV_PCREL_LO12_I a} 13 05 05 00",
        with: "-shared", "17 f5 1f 00 13 05 45 00",
        dynamic: ["R_RISCV_TLS_DTPMOD32 0x600004 v", "R_RISCV_TLS_DTPREL32 0x600008 v"]),
      Row(
        "a: {R_RISCV_TLSDESC_HI20 t} 17 06 00 00 {R_RISCV_TLSDESC_LOAD_LO12 a} 83 25 06 00 {R_RISCV_TLSDESC_ADD_LO12 a} 13 05 06 00 {R_RISCV_TLSDESC_CALL a} e7 82 05 00",
        "13 00 00 00 13 00 00 00 13 00 00 00 13 05 80 00"),
      Row(
        "a: {R_RISCV_TLSDESC_HI20 t+0x800} 17 06 00 00 {R_RISCV_TLSDESC_LOAD_LO12 a} 83 25 06 00 {R_RISCV_TLSDESC_ADD_LO12 a} 13 05 06 00 {R_RISCV_TLSDESC_CALL a} e7 82 05 00",
        "13 00 00 00 13 00 00 00 37 15 00 00 13 05 85 80"),
      Row(
        "a: {R_RISCV_TLSDESC_HI20 t} {R_RISCV_RELAX} 17 06 00 00 {R_RISCV_TLSDESC_LOAD_LO12 a} {R_RISCV_RELAX} 83 25 06 00 {R_RISCV_TLSDESC_ADD_LO12 a} {R_RISCV_RELAX} 13 05 06 00 {R_RISCV_TLSDESC_CALL a} {R_RISCV_RELAX} e7 82 05 00",
        "13 05 80 00"),
      Row(
        "a: {R_RISCV_TLSDESC_HI20 t+0x800} {R_RISCV_RELAX} 17 06 00 00 {R_RISCV_TLSDESC_LOAD_LO12 a} {R_RISCV_RELAX} 83 25 06 00 {R_RISCV_TLSDESC_ADD_LO12 a} {R_RISCV_RELAX} 13 05 06 00 {R_RISCV_TLSDESC_CALL a} {R_RISCV_RELAX} e7 82 05 00",
        "37 15 00 00 13 05 85 80"),
      Row(
        "a: {R_RISCV_TLSDESC_HI20 v} 17 06 00 00 {R_RISCV_TLSDESC_LOAD_LO12 a} 83 25 06 00 {R_RISCV_TLSDESC_ADD_LO12 a} 13 05 06 00 {R_RISCV_TLSDESC_CALL a} e7 82 05 00",
        with: "-shared", "17 f6 1f 00 83 25 46 00 13 05 46 00 e7 82 05 00",
        dynamic: ["R_RISCV_TLSDESC 0x600004 v"]),
    ]

  @Test(arguments: threadLocals) func `thread-local variables`(row: Row) throws {
    try Self.table.check(row)
  }

  static let dynamics: [Row] =
    [
      Row(
        "{R_RISCV_32 x+4} 00 00 00 00", P: 0x52_0000, in: ".data", with: "-shared",
        "00 00 00 00", dynamic: ["R_RISCV_RELATIVE 0x520000 + 0x500004"]),
      Row(
        "{R_RISCV_32 g+4} 00 00 00 00", P: 0x52_0000, in: ".data", with: "-shared",
        "00 00 00 00", dynamic: ["R_RISCV_32 0x520000 g + 0x4"]),
      Row(
        "{R_RISCV_32 i} 00 00 00 00", P: 0x52_0000, in: ".data", with: "-shared",
        "00 00 00 00",
        dynamic: ["R_RISCV_IRELATIVE 0x610008 + 0x500000", "R_RISCV_IRELATIVE 0x520000 + 0x500000"]),
      Row(
        "{R_RISCV_64 x} 00 00 00 00 00 00 00 00", with: "-shared", error: "R_RISCV_64"),
      Row(
        "{R_RISCV_HI20 x} 37 05 00 00", with: "-shared", error: "R_RISCV_HI20"),
      Row(
        "a: {R_RISCV_PCREL_HI20 g} 17 05 00 00", with: "-shared", error: "R_RISCV_PCREL_HI20"),
    ]
    + [
      "RELATIVE", "COPY", "JUMP_SLOT", "TLS_DTPMOD32", "TLS_DTPMOD64", "TLS_TPREL32", "TLS_TPREL64",
      "TLSDESC", "IRELATIVE",
    ].map {
      Row(
        "{R_RISCV_\($0) x} 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
        error: "has type R_RISCV_\($0), which belongs in linked files only")
    }

  @Test(arguments: dynamics) func `words for the dynamic linker`(row: Row) throws {
    try Self.table.check(row)
  }

  static let debug: [Row] =
    [
      Row(
        "{R_RISCV_64 x+4} 00 00 00 00 00 00 00 00", in: ".debug_info", with: "-e 0",
        "04 00 50 00 00 00 00 00"),
      Row(
        "{R_RISCV_32 x+4} 00 00 00 00", in: ".debug_info", with: "-e 0", "04 00 50 00"),
      Row(
        "{R_RISCV_ADD64 x+4} {R_RISCV_SUB64 x} 00 00 00 00 00 00 00 00", in: ".debug_info",
        with: "-e 0", "04 00 00 00 00 00 00 00"),
      Row(
        "{R_RISCV_ADD32 x+4} {R_RISCV_SUB32 x} 00 00 00 00", in: ".debug_info", with: "-e 0",
        "04 00 00 00"),
      Row(
        "{R_RISCV_ADD16 x+4} {R_RISCV_SUB16 x} 00 00", in: ".debug_info", with: "-e 0", "04 00"),
      Row(
        "{R_RISCV_ADD8 x+4} {R_RISCV_SUB8 x} 00", in: ".debug_info", with: "-e 0", "04"),
      Row(
        "{R_RISCV_SET8 x+4} {R_RISCV_SUB8 x} ff", in: ".debug_info", with: "-e 0", "04"),
      Row(
        "{R_RISCV_SET16 x+4} {R_RISCV_SUB16 x} ff ff", in: ".debug_info", with: "-e 0", "04 00"),
      Row(
        "{R_RISCV_SET32 x+4} {R_RISCV_SUB32 x} 00 00 00 00", in: ".debug_info", with: "-e 0",
        "04 00 00 00"),
      Row(
        "{R_RISCV_SET6 x+4} {R_RISCV_SUB6 x} c0", in: ".debug_info", with: "-e 0", "c4"),
      Row(
        "{R_RISCV_SET_ULEB128 x+300} {R_RISCV_SUB_ULEB128 x} 80 00", in: ".debug_info",
        with: "-e 0", "ac 02"),
      Row(
        "{R_RISCV_TLS_DTPREL64 t+0x800} 00 00 00 00 00 00 00 00", in: ".debug_info", with: "-e 0",
        "08 00 00 00 00 00 00 00"),
      Row(
        "{R_RISCV_TLS_DTPREL32 t+0x800} 00 00 00 00", in: ".debug_info", with: "-e 0", "08 00 00 00"
      ),
    ]
    + ["HI20", "GOT_HI20", "TLS_GD_HI20", "CALL"].map {
      Row(
        "{R_RISCV_\($0) x} 00 00 00 00 00 00 00 00", in: ".debug_info", with: "-e 0",
        error: "of type R_RISCV_\($0) has no meaning in a section that is not loaded")
    }

  @Test(arguments: debug) func `debug information`(row: Row) throws { try Self.table.check(row) }

  // MARK: Alignment: as many nops as it takes

  /// Behind four bytes that stay and a call that becomes shorter.
  static let alignments: [Row] = [
    Row(
      "{R_RISCV_ALIGN x+6} 13 00 00 00 01 00 a5 a5", "a5 a5"),
    Row(
      "01 00 {R_RISCV_ALIGN x+6} 13 00 00 00 01 00 a5 a5", P: 0x40_1002,
      "01 00 13 00 00 00 01 00 a5 a5"),
    Row(
      "01 00 01 00 {R_RISCV_ALIGN x+6} 13 00 00 00 01 00 a5 a5", P: 0x40_1004,
      with: "--no-relax", "01 00 01 00 13 00 00 00 a5 a5"),
    Row(
      "{R_RISCV_CALL f} {R_RISCV_RELAX} 97 00 00 00 e7 80 00 00 {R_RISCV_ALIGN x+6} 13 00 00 00 01 00 a5 a5",
      S: 0x40_2000,
      "ef 10 00 00 13 00 00 00 a5 a5"),
    Row(
      "01 {R_RISCV_ALIGN x+6} 13 00 00 00 01 00 a5 a5", P: 0x40_1001,
      error: "cannot align 0x401001 to 8 bytes with 6 bytes of nops"),
    Row("{R_RISCV_ALIGN x+64} 01 00", error: "aligns with 64 bytes"),
  ]

  @Test(arguments: alignments) func `alignment`(row: Row) throws { try Self.table.check(row) }

  @Test func `every type has a row`() {
    Self.table.checkCompleteness(
      Self.numbers + Self.code + Self.shorter + Self.threadLocals + Self.dynamics + Self.debug
        + Self.alignments)
  }
}
