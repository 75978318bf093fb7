// Limits that the tables of the machines have no rows for: of distances to entries of the GOT, of
// offsets of thread-locals, of the last group of several; and a look that no type is forgotten.

import Testing

@testable import Linker

/// A distance to an entry of the GOT, which is chosen by the place.
private func entryLimits(
  _ code: String, _ range: ClosedRange<Int64>, step: Int64, entry: Int64, got: Int64,
  with options: String, _ first: String, _ last: String
) -> [Row] {
  func row(_ value: Int64, _ bytes: String?) -> Row {
    Row(
      code, P: entry - value,
      with: "\(options) -z norelro --section-start=.got=0x\(String(got, radix: 16))", bytes,
      error: bytes == nil ? "out of range" : nil)
  }
  return [
    row(range.lowerBound, first), row(range.upperBound, last),
    row(range.lowerBound - step, nil), row(range.upperBound + step, nil),
  ]
}

@Suite struct RelocationLimitTests {
  // MARK: AArch64

  private static let far: Int64 = 0x8_0000_0000

  private static let aarch64Entries: [Row] =
    [
      "ADR_GOT_PAGE g", "TLSIE_ADR_GOTTPREL_PAGE21 t", "TLSGD_ADR_PAGE21 v", "TLSLD_ADR_PAGE21 t",
      "TLSDESC_ADR_PAGE21 t",
    ].flatMap {
      entryLimits(
        "{R_AARCH64_\($0)} 03 00 00 90", -(1 << 32)...(1 << 32) - 4096, step: 4096, entry: far,
        got: far, with: "-shared", "03 00 80 90", "e3 ff 7f f0")
    }
    + [
      "GOT_LD_PREL19 g", "TLSIE_LD_GOTTPREL_PREL19 t", "TLSLD_LD_PREL19 t", "TLSDESC_LD_PREL19 t",
    ].flatMap {
      entryLimits(
        "{R_AARCH64_\($0)} 03 00 00 58", -(1 << 20)...(1 << 20) - 4, step: 4, entry: far + 8,
        got: far, with: "-shared", "03 00 80 58", "e3 ff 7f 58")
    }
    + ["TLSGD_ADR_PREL21 v", "TLSLD_ADR_PREL21 t", "TLSDESC_ADR_PREL21 t"].flatMap {
      entryLimits(
        "{R_AARCH64_\($0)} 03 00 00 10", -(1 << 20)...(1 << 20) - 4, step: 4, entry: far + 8,
        got: far, with: "-shared", "03 00 80 10", "e3 ff 7f 10")
    }
    + entryLimits(
      "{R_AARCH64_GOTPCREL32 g} 00 00 00 00", -(1 << 31)...(1 << 31) - 4, step: 4, entry: far + 8,
      got: far, with: "-shared", "00 00 00 80", "fc ff ff 7f")

  private static let aarch64Distances: [Row] =
    limits(
      "{R_AARCH64_PLT32 f} 00 00 00 00", .distance, -(1 << 31)...(1 << 31) - 4, step: 4,
      P: 0x1_0000_0000, "00 00 00 80", "fc ff ff 7f")
    + limits(
      "{R_AARCH64_MOVW_PREL_G2 n} 03 00 c0 d2", .distance, -(1 << 48)...(1 << 48) - 1,
      "e3 ff df 92", "e3 ff df d2")
    + [-(1 << 31), (1 << 31) - 1, -(1 << 31) - 1, 1 << 31].enumerated().map {
      (index: Int, value: Int64) in
      Row(
        "{R_AARCH64_GOTREL32 x} 00 00 00 00", S: far + value,
        with: "-z norelro --section-start=.got=0x800000000",
        index == 0 ? "00 00 00 80" : index == 1 ? "ff ff ff 7f" : nil,
        error: index > 1 ? "out of range" : nil)
    }

  /// `t` is 0x18 from the pointer.
  private static let aarch64Offsets: [Row] =
    ["TLSLE_MOVW_TPREL", "TLSLD_MOVW_DTPREL"].flatMap { name -> [Row] in
      [
        Row("{R_AARCH64_\(name)_G0 t-0x10018} 03 00 80 d2", "e3 ff 9f 92"),
        Row("{R_AARCH64_\(name)_G0 t-0x10019} 03 00 80 d2", error: "out of range"),
        Row("{R_AARCH64_\(name)_G1 t+0xffffffe7} 03 00 a0 d2", "e3 ff bf d2"),
        Row("{R_AARCH64_\(name)_G1 t+0xffffffe8} 03 00 a0 d2", error: "out of range"),
        Row("{R_AARCH64_\(name)_G1 t-0x100000018} 03 00 a0 d2", "e3 ff bf 92"),
        Row("{R_AARCH64_\(name)_G1 t-0x100000019} 03 00 a0 d2", error: "out of range"),
        Row("{R_AARCH64_\(name)_G2 t+0xffffffffffe7} 03 00 c0 d2", "e3 ff df d2"),
        Row("{R_AARCH64_\(name)_G2 t+0xffffffffffe8} 03 00 c0 d2", error: "out of range"),
        Row("{R_AARCH64_\(name)_G2 t-0x1000000000018} 03 00 c0 d2", "e3 ff df 92"),
        Row("{R_AARCH64_\(name)_G2 t-0x1000000000019} 03 00 c0 d2", error: "out of range"),
      ]
    }

  static let aarch64 = aarch64Entries + aarch64Distances + aarch64Offsets

  @Test(arguments: aarch64) func `AArch64`(row: Row) throws {
    try RelocationTable(machine: .aarch64).check(row)
  }

  // MARK: RISC-V

  private static let riscVEntries: [Row] =
    ["GOT_HI20 g", "TLS_GOT_HI20 v", "TLS_GD_HI20 v", "TLSDESC_HI20 v"].flatMap {
      entryLimits(
        "{R_RISCV_\($0)} 17 05 00 00", -0x8000_0800...0x7fff_f7fe, step: 2, entry: far + 8,
        got: far, with: "-shared", "17 05 00 80", "17 f5 ff 7f")
    }
    + entryLimits(
      "{R_RISCV_GOT32_PCREL g} 00 00 00 00", -(1 << 31)...(1 << 31) - 2, step: 2, entry: far + 8,
      got: far, with: "-shared", "00 00 00 80", "fe ff ff 7f")

  private static let numbers: [Row] = [
    Row("{R_RISCV_SET_ULEB128 x} {R_RISCV_SUB_ULEB128 x-16383} 80 00", "ff 7f"),
    Row(
      "{R_RISCV_SET_ULEB128 x} {R_RISCV_SUB_ULEB128 x-16384} 80 00",
      error: "R_RISCV_SUB_ULEB128 out of range: 16384 does not fit 14 bits"),
  ]

  /// `t` is 8 from the pointer.
  static let riscV: [Row] =
    riscVEntries + numbers + [
      Row("{R_RISCV_TPREL_HI20 t+0x7ffff7f7} 37 05 00 00", "37 f5 ff 7f"),
      Row("{R_RISCV_TPREL_HI20 t+0x7ffff7f8} 37 05 00 00", error: "out of range"),
      Row("{R_RISCV_TPREL_HI20 t-0x80000808} 37 05 00 00", "37 05 00 80"),
      Row("{R_RISCV_TPREL_HI20 t-0x80000809} 37 05 00 00", error: "out of range"),
    ]

  @Test(arguments: riscV) func `RISC-V with 64 bits`(row: Row) throws {
    try RelocationTable(machine: .riscV64, flags: 1).check(row)
  }

  @Test(arguments: numbers) func `RISC-V with 32 bits`(row: Row) throws {
    try RelocationTable(machine: .riscV32, flags: 1).check(row)
  }

  // MARK: ARM

  /// A row whose value, S + A − P, is the given one; A is −8.
  private static func beyond(_ code: String, _ value: Int64) -> Row {
    Row(code, S: Pinned.text + 8 + value, error: "out of range")
  }

  /// The table of the GOT is at 0x610000, `t` is 16 from the pointer.
  static let arm: [Row] = [
    beyond("{R_ARM_ALU_PC_G2 x} 08 00 40 e2", 0x1234_5678),
    beyond("{R_ARM_LDR_PC_G1 x} 08 00 10 e5", 0x12_3456),
    beyond("{R_ARM_LDR_PC_G2 x} 08 00 10 e5", 0x1234_5678),
    beyond("{R_ARM_LDRS_PC_G2 x} d8 00 50 e1", 0x123_4567),
    beyond("{R_ARM_LDC_PC_G1 x} 02 00 10 ed", 0x12_3454),
    beyond("{R_ARM_LDC_PC_G2 x} 02 00 10 ed", 0x1234_5678),
    Row("{R_ARM_GOTOFF12 x} 00 00 9f e5", S: 0x61_0fff, "ff 0f 9f e5"),
    Row("{R_ARM_GOTOFF12 x} 00 00 9f e5", S: 0x61_1000, error: "out of range"),
    Row("{R_ARM_GOTOFF12 x} 00 00 9f e5", S: 0x60_ffff, error: "out of range"),
    Row(
      "{R_ARM_GOT_BREL12 x} 00 00 9f e5", with: "--section-start=.got=0x610ffc", "fc 0f 9f e5"),
    Row(
      "{R_ARM_GOT_BREL12 x} 00 00 9f e5", with: "--section-start=.got=0x611000",
      error: "out of range"),
    Row("{R_ARM_TLS_IE12GP t} 00 00 9f e5", with: "--section-start=.got=0x610ffc", "fc 0f 9f e5"),
    Row(
      "{R_ARM_TLS_IE12GP t} 00 00 9f e5", with: "--section-start=.got=0x611000",
      error: "out of range"),
    Row("{R_ARM_TLS_LE12 t} ef 0f 9f e5", "ff 0f 9f e5"),
    Row("{R_ARM_TLS_LE12 t} f0 0f 9f e5", error: "out of range"),
    Row("{R_ARM_TLS_LDO12 t} ef 0f 9f e5", "ff 0f 9f e5"),
    Row("{R_ARM_TLS_LDO12 t} f0 0f 9f e5", error: "out of range"),
  ]

  @Test(arguments: arm) func `ARM`(row: Row) throws {
    try RelocationTable(machine: .arm, flags: 0x500_0000).check(row)
  }

  // MARK: Which types have limits

  /// Nearly all that have no row beyond their limits have none: words as wide as an address, low parts,
  /// what marks an instruction, what only linked files have. Of the others says the comment why not.
  @Test func `every type with limits has a row beyond them`() {
    let i386: Set<String> = ["8", "16", "PC8", "PC16"]
    check(.i386, I386RelocationTests.numbers, prefix: "R_386_") { !i386.contains($0) }

    check(
      .aarch64,
      AArch64RelocationTests.numbers + AArch64RelocationTests.moves
        + AArch64RelocationTests.distances + AArch64RelocationTests.lowParts
        + AArch64RelocationTests.entries + AArch64ThreadLocalTests.fields
        + AArch64ThreadLocalTests.sequences + Self.aarch64, prefix: "R_AARCH64_"
    ) { type in
      if type.hasSuffix("_NC") || type.hasSuffix("64") || type.hasSuffix("G3") { return true }
      // Branches go on by thunks.
      if ["CALL26", "JUMP26"].contains(type) { return true }
      // Where an entry is in the GOT: it would take thousands of entries.
      if type.hasSuffix("LO15") || type.hasPrefix("MOVW_GOTOFF") { return true }
      return [
        "TLSIE_MOVW_GOTTPREL_G1", "TLSGD_MOVW_G1", "TLSLD_MOVW_G1", "TLSDESC_OFF_G1", "NONE",
        "TLSDESC_LDR", "TLSDESC_ADD", "TLSDESC_CALL", "TLSDESC_LD64_LO12", "TLSDESC_ADD_LO12",
        "TLSDESC", "COPY", "GLOB_DAT", "JUMP_SLOT", "RELATIVE", "IRELATIVE", "TLS_TPREL",
        "TLS_DTPMOD", "TLS_DTPREL",
      ].contains(type)
    }

    let limited: Set<String> = [
      "32", "32_PCREL", "PLT32", "BRANCH", "JAL", "RVC_BRANCH", "RVC_JUMP", "CALL", "CALL_PLT",
      "HI20", "PCREL_HI20", "GOT_HI20", "TLS_GOT_HI20", "TLS_GD_HI20", "TLSDESC_HI20",
      "GOT32_PCREL", "TPREL_HI20", "SET_ULEB128",
    ]
    check(
      .riscV64, RISCVRelocationTests.numbers + RISCVRelocationTests.code + Self.riscV,
      prefix: "R_RISCV_"
    ) { !limited.contains($0) }
    let narrow: Set<String> = ["BRANCH", "JAL", "RVC_BRANCH", "RVC_JUMP", "SET_ULEB128"]
    check(
      .riscV32, RISCV32RelocationTests.numbers + RISCV32RelocationTests.code + Self.numbers,
      prefix: "R_RISCV_"
    ) { !narrow.contains($0) }

    let arm: Set<String> = [
      "PREL31", "ABS16", "ABS8", "ABS12", "THM_ABS5", "THM_JUMP6", "THM_JUMP8", "THM_JUMP11",
      "ALU_PC_G0", "ALU_PC_G1", "ALU_PC_G2", "LDR_PC_G0", "LDR_PC_G1", "LDR_PC_G2", "LDRS_PC_G0",
      "LDRS_PC_G1", "LDRS_PC_G2", "LDC_PC_G0", "LDC_PC_G1", "LDC_PC_G2", "THM_PC8", "THM_PC12",
      "THM_ALU_PREL_11_0", "GOTOFF12", "GOT_BREL12", "TLS_IE12GP", "TLS_LE12", "TLS_LDO12",
      // The others that have limits: branches, which go on by thunks; and MOVW_BREL, for which a
      // segment would have to be larger than its addend reaches.
    ]
    check(
      .arm,
      ARMRelocationTests.numbers + ARMRelocationTests.branches + ARMRelocationTests.distances
        + ARMRelocationTests.entries + ARMRelocationTests.threadLocals + Self.arm,
      prefix: "R_ARM_"
    ) { !arm.contains($0) }
  }

  private func check(
    _ machine: Machine, _ rows: [Row], prefix: String, isUnlimited: (String) -> Bool
  ) {
    let beyond = Set(
      rows.filter {
        ($0.error ?? "").contains("out of range") || ($0.error ?? "").contains("does not fit")
      }
      .compactMap(\.types.first))
    let all = (0..<1024 as Range<UInt32>).compactMap { machine.code.relocationName($0) }
    let missing = all.filter {
      !beyond.contains($0) && !isUnlimited(String($0.dropFirst(prefix.utf8.count)))
    }
    #expect(missing.isEmpty, "\(machine): no row goes beyond the limits of \(missing)")
  }
}
