// AArch64: every type, at the limits of its field and one beyond (AAELF64, "Relocation types").

import Testing

@testable import Linker

/// Instructions as a row has them: the bytes of words.
private func code(_ words: UInt32...) -> String { words.map(word).joined(separator: " ") }

private func word(_ value: UInt32) -> String {
  (0..<4).map { byte in
    let text = String(value >> UInt32(8 * byte) & 0xff, radix: 16)
    return text.count == 1 ? "0" + text : text
  }.joined(separator: " ")
}

/// One list of several: sums of many lists are hard on the compiler.
private func rows(_ lists: [[Row]]) -> [Row] { lists.flatMap { $0 } }

/// The limits of a number that has no sign.
private func unsigned(_ code: String, _ last: Int64, _ low: String, _ high: String) -> [Row] {
  [Row(code, S: 0, low), Row(code, S: last, high), Row(code, S: last + 1, error: "out of range")]
}

/// An instruction with a relocation.
private func at(_ type: String, _ symbol: String, _ value: UInt32) -> String {
  "{R_AARCH64_\(type) \(symbol)} \(word(value))"
}

@Suite struct AArch64RelocationTests {
  private static let table = RelocationTable(machine: .aarch64)
  private static let nop: UInt32 = 0xd503_201f

  // MARK: Numbers

  static let numbers: [Row] = rows([
    [
      Row("{R_AARCH64_NONE x} a5 a5 a5 a5", "a5 a5 a5 a5"),
      Row("{R_AARCH64_ABS64 x+5} 00 00 00 00 00 00 00 00", "05 00 50 00 00 00 00 00"),
      Row("{R_AARCH64_ABS64 w+5} 00 00 00 00 00 00 00 00", "05 00 00 00 00 00 00 00"),
      Row("{R_AARCH64_PREL64 x} 00 00 00 00 00 00 00 00", "00 f0 0f 00 00 00 00 00"),
      // What is not there has no distance. (AAELF64)
      Row("{R_AARCH64_PREL32 w+4} 00 00 00 00", "04 00 00 00"),
      Row("{R_AARCH64_GOTREL64 x} 00 00 00 00 00 00 00 00", "00 00 f0 ff ff ff ff ff"),
      Row("{R_AARCH64_GOTREL32 x+2} 00 00 00 00", "02 00 f0 ff"),
      Row("{R_AARCH64_PLT32 f} 00 00 00 00", "00 f0 0f 00"),
    ],
    limits(
      "{R_AARCH64_ABS32 n} 00 00 00 00", .absolute, -(1 << 31)...(1 << 32) - 1,
      "00 00 00 80", "ff ff ff ff"),
    limits("{R_AARCH64_ABS16 n} 00 00", .absolute, -0x8000...0xffff, "00 80", "ff ff"),
    limits(
      "{R_AARCH64_PREL32 x} 00 00 00 00", .distance, -(1 << 31)...(1 << 31) - 1,
      "00 00 00 80", "ff ff ff 7f"),
    limits("{R_AARCH64_PREL16 x} 00 00", .distance, -0x8000...0x7fff, "00 80", "ff 7f"),
  ])

  @Test(arguments: numbers) func `words hold a number`(row: Row) throws {
    try Self.table.check(row)
  }

  // MARK: Instructions

  static let moves: [Row] = rows([
    unsigned(at("MOVW_UABS_G0", "n", 0xd280_0003), 0xffff, word(0xd280_0003), word(0xd29f_ffe3)),
    unsigned(
      at("MOVW_UABS_G1", "n", 0xd2a0_0003), (1 << 32) - 1, word(0xd2a0_0003), word(0xd2bf_ffe3)),
    unsigned(
      at("MOVW_UABS_G2", "n", 0xd2c0_0003), (1 << 48) - 1, word(0xd2c0_0003), word(0xd2df_ffe3)),
    limits(
      at("MOVW_SABS_G0", "n", 0xd280_0003), .absolute, -0x1_0000...0xffff,
      word(0x929f_ffe3), word(0xd29f_ffe3)),
    limits(
      at("MOVW_SABS_G1", "n", 0xd2a0_0003), .absolute, -(1 << 32)...(1 << 32) - 1,
      word(0x92bf_ffe3), word(0xd2bf_ffe3)),
    limits(
      at("MOVW_SABS_G2", "n", 0xd2c0_0003), .absolute, -(1 << 48)...(1 << 48) - 1,
      word(0x92df_ffe3), word(0xd2df_ffe3)),
    limits(
      at("MOVW_PREL_G0", "x", 0xd280_0003), .distance, -0x1_0000...0xffff,
      word(0x929f_ffe3), word(0xd29f_ffe3)),
    limits(
      at("MOVW_PREL_G1", "x", 0xd2a0_0003), .distance, -(1 << 32)...(1 << 32) - 1,
      word(0x92bf_ffe3), word(0xd2bf_ffe3)),
    [
      Row(at("MOVW_UABS_G0_NC", "n", 0xf280_0003), S: 0x1234_5678_9abc_def0, word(0xf29b_de03)),
      Row(at("MOVW_UABS_G1_NC", "n", 0xf2a0_0003), S: 0x1234_5678_9abc_def0, word(0xf2b3_5783)),
      Row(at("MOVW_UABS_G2_NC", "n", 0xf2c0_0003), S: 0x1234_5678_9abc_def0, word(0xf2ca_cf03)),
      Row(at("MOVW_UABS_G3", "n", 0xf2e0_0003), S: 0x1234_5678_9abc_def0, word(0xf2e2_4683)),
      Row(at("MOVW_PREL_G0_NC", "x", 0xf280_0003), word(0xf29e_0003)),
      Row(at("MOVW_PREL_G1_NC", "x", 0xf2a0_0003), word(0xf2a0_01e3)),
      Row(at("MOVW_PREL_G2", "x", 0xd2c0_0003), word(0xd2c0_0003)),
      Row(at("MOVW_PREL_G2_NC", "x", 0xf2c0_0003), word(0xf2c0_0003)),
      Row(at("MOVW_PREL_G3", "x", 0xf2e0_0003), word(0xf2e0_0003)),
      Row(
        at("MOVW_UABS_G0_NC", "x", 0xf280_0003), with: "-shared", error: "R_AARCH64_MOVW_UABS_G0"),
    ],
  ])

  @Test(arguments: moves) func `parts of a value`(row: Row) throws {
    try Self.table.check(row)
  }

  static let distances: [Row] = rows([
    limits(
      at("LD_PREL_LO19", "x", 0x5800_0003), .distance, -(1 << 20)...(1 << 20) - 4, step: 4,
      word(0x5880_0003), word(0x587f_ffe3)),
    limits(
      at("ADR_PREL_LO21", "x", 0x1000_0003), .distance, -(1 << 20)...(1 << 20) - 1,
      word(0x1080_0003), word(0x707f_ffe3)),
    limits(
      at("ADR_PREL_PG_HI21", "x", 0x9000_0003), .distance, -(1 << 32)...(1 << 32) - 4096,
      step: 4096, word(0x9080_0003), word(0xf07f_ffe3)),
    limits(
      at("TSTBR14", "f", 0x3600_0003), .distance, -(1 << 15)...(1 << 15) - 4, step: 4,
      word(0x3604_0003), word(0x3603_ffe3)),
    limits(
      at("CONDBR19", "f", 0x5400_0001), .distance, -(1 << 20)...(1 << 20) - 4, step: 4,
      word(0x5480_0001), word(0x547f_ffe1)),
    ["CALL26", "JUMP26"].flatMap { type in
      [
        Row(at(type, "f", 0x9400_0000), S: 0x3800_0000, P: 0x4000_0000, word(0x9600_0000)),
        Row(at(type, "f", 0x9400_0000), S: 0x47ff_fffc, P: 0x4000_0000, word(0x95ff_ffff)),
        // One beyond goes through a thunk, behind.
        Row(
          at(type, "f", 0x9400_0000), S: 0x37ff_fffc, P: 0x4000_0000,
          code(0x9400_0001, 0xf0fb_fff0, 0x913f_f210, 0xd61f_0200)),
        Row(
          at(type, "f", 0x9400_0000), S: 0x4800_0000, P: 0x4000_0000,
          code(0x9400_0001, 0x9004_0010, 0x9100_0210, 0xd61f_0200)),
        // A call of what is not there goes on behind itself.
        Row(at(type, "w", 0x9400_0000), word(0x9400_0001)),
        Row(at(type, "f", 0x9400_0000), S: 0x50_0002, error: "is misaligned"),
      ]
    },
    [
      Row(at("ADR_PREL_PG_HI21_NC", "x", 0x9000_0003), S: 0x10_0040_1000, word(0x9000_0003)),
      Row(at("ADR_PREL_PG_HI21", "x", 0x9000_0003), S: 0x50_0fff, P: 0x40_1ffc, word(0xf000_07e3)),
      Row(at("ADR_PREL_LO21", "g", 0x1000_0003), with: "-shared", error: "R_AARCH64_ADR_PREL_LO21"),
      // Near, the pair is one instruction.
      Row(
        at("ADR_PREL_PG_HI21", "x", 0x9000_0003) + " " + at("ADD_ABS_LO12_NC", "x", 0x9100_0063),
        S: 0x50_1003, code(nop, 0x707f_ffe3)),
      Row(
        at("ADR_PREL_PG_HI21", "x", 0x9000_0003) + " " + at("ADD_ABS_LO12_NC", "x", 0x9100_0063),
        S: 0x50_1004, code(0x9000_0803, 0x9100_1063)),
      Row(
        at("ADR_PREL_PG_HI21", "x", 0x9000_0003) + " " + at("ADD_ABS_LO12_NC", "x", 0x9100_0063),
        with: "--no-relax", code(0xf000_07e3, 0x9100_0063)),
    ],
  ])

  @Test(arguments: distances) func `distances from the place`(row: Row) throws {
    try Self.table.check(row)
  }

  static let lowParts: [Row] = rows([
    [
      Row(at("ADD_ABS_LO12_NC", "x", 0x9100_0063), S: 0x50_0fff, word(0x913f_fc63)),
      Row(at("LDST8_ABS_LO12_NC", "x", 0x3940_0063), S: 0x50_0fff, word(0x397f_fc63)),
    ],
    [(16, 1, 0x7940_0063), (32, 2, 0xb940_0063), (64, 3, 0xf940_0063), (128, 4, 0x3dc0_0063)]
      .flatMap { (size: Int, scale: UInt32, load: UInt32) in
        [
          Row(
            at("LDST\(size)_ABS_LO12_NC", "x", load), S: 0x50_1000 - Int64(size / 8),
            word(load | (0xfff >> scale) << 10)),
          Row(
            at("LDST\(size)_ABS_LO12_NC", "x", load), S: 0x50_0001,
            error: "R_AARCH64_LDST\(size)_ABS_LO12_NC is misaligned"),
        ]
      },
  ])

  @Test(arguments: lowParts) func `low parts of addresses`(row: Row) throws {
    try Self.table.check(row)
  }

  // MARK: Entries of the GOT: one, behind the address of `.dynamic`, at 0x600008

  static let entries: [Row] = [
    Row(
      at("ADR_GOT_PAGE", "x", 0x9000_0003) + " " + at("LD64_GOT_LO12_NC", "x", 0xf940_0063),
      S: 0x50_1004, code(0x9000_0803, 0x9100_1063)),
    Row(
      at("ADR_GOT_PAGE", "x", 0x9000_0003) + " " + at("LD64_GOT_LO12_NC", "x", 0xf940_0063),
      code(nop, 0x107f_7fe3)),
    Row(
      at("ADR_GOT_PAGE", "x", 0x9000_0003) + " " + at("LD64_GOT_LO12_NC", "x", 0xf940_0063),
      with: "--no-relax", code(0xf000_0fe3, 0xf940_0463),
      contents: [".got": "00 00 00 00 00 00 00 00 00 00 50 00"]),
    // Another register may need the page.
    Row(
      at("ADR_GOT_PAGE", "x", 0x9000_0003) + " " + at("LD64_GOT_LO12_NC", "x", 0xf940_0064),
      code(0xf000_0fe3, 0xf940_0464)),
    Row(
      at("ADR_GOT_PAGE", "g", 0x9000_0003) + " " + at("LD64_GOT_LO12_NC", "g", 0xf940_0063),
      with: "-shared", code(0xf000_0fe3, 0xf940_0463), dynamic: ["R_AARCH64_GLOB_DAT 0x600008 g"]),
    Row(at("GOT_LD_PREL19", "x", 0x5800_0003), P: 0x5f_f008, word(0x5800_8003)),
    Row(
      at("GOT_LD_PREL19", "x", 0x5800_0003), P: 0x4f_0000,
      error: "R_AARCH64_GOT_LD_PREL19 out of range"),
    Row(at("LD64_GOTOFF_LO15", "x", 0xf940_0063), word(0xf940_0463)),
    Row(at("LD64_GOTPAGE_LO15", "x", 0xf940_0063), word(0xf940_0463)),
    Row("{R_AARCH64_GOTPCREL32 x} 00 00 00 00", "08 f0 1f 00"),
    Row(at("MOVW_GOTOFF_G0", "x", 0xd280_0003), word(0xd280_0103)),
    Row(at("MOVW_GOTOFF_G0_NC", "x", 0xf280_0003), word(0xf280_0103)),
    Row(at("MOVW_GOTOFF_G1", "x", 0xd2a0_0003), word(0xd2a0_0003)),
    Row(at("MOVW_GOTOFF_G1_NC", "x", 0xf2a0_0003), word(0xf2a0_0003)),
    Row(at("MOVW_GOTOFF_G2", "x", 0xd2c0_0003), word(0xd2c0_0003)),
    Row(at("MOVW_GOTOFF_G2_NC", "x", 0xf2c0_0003), word(0xf2c0_0003)),
    Row(at("MOVW_GOTOFF_G3", "x", 0xf2e0_0003), word(0xf2e0_0003)),
  ]

  @Test(arguments: entries) func `entries of the GOT, and what replaces them`(row: Row) throws {
    try Self.table.check(row)
  }

  // MARK: What the dynamic linker fills, and what only it may have

  static let dynamics: [Row] = rows([
    [
      Row(
        "{R_AARCH64_ABS64 x+4} 00 00 00 00 00 00 00 00", P: 0x52_0000, in: ".data",
        with: "-shared", dynamic: ["R_AARCH64_RELATIVE 0x520000 + 0x500004"]),
      Row(
        "{R_AARCH64_ABS64 g+4} 00 00 00 00 00 00 00 00", P: 0x52_0000, in: ".data",
        with: "-shared", dynamic: ["R_AARCH64_ABS64 0x520000 g + 0x4"]),
      Row("{R_AARCH64_ABS32 x} 00 00 00 00", with: "-shared", error: "R_AARCH64_ABS32"),
    ],
    [
      "COPY", "GLOB_DAT", "JUMP_SLOT", "RELATIVE", "IRELATIVE", "TLS_TPREL", "TLS_DTPMOD",
      "TLS_DTPREL", "TLSDESC",
    ].map {
      Row(
        "{R_AARCH64_\($0) x} " + code(0, 0, 0, 0),
        error: "has type R_AARCH64_\($0), which belongs in linked files only")
    },
  ])

  @Test(arguments: dynamics) func `words for the dynamic linker`(row: Row) throws {
    try Self.table.check(row)
  }

  // MARK: Sections that are not loaded

  static let debug: [Row] = rows([
    [
      ("{R_AARCH64_ABS64 x+4} 00 00 00 00 00 00 00 00", "04 00 50 00 00 00 00 00"),
      ("{R_AARCH64_ABS32 x+4} 00 00 00 00", "04 00 50 00"),
      ("a5 {R_AARCH64_PREL32 x} 00 00 00 00", "a5 ff ff 4f 00"),
      ("{R_AARCH64_TLS_DTPREL t+1} 00 00 00 00 00 00 00 00", "09 00 00 00 00 00 00 00"),
    ].map { Row($0.0, in: ".debug_info", with: "-e 0", $0.1) },
    [
      Row(
        at("CALL26", "x", 0x9400_0000), in: ".debug_info", with: "-e 0",
        error: "of type R_AARCH64_CALL26 has no meaning in a section that is not loaded")
    ],
  ])

  @Test(arguments: debug) func `debug information`(row: Row) throws { try Self.table.check(row) }

  @Test func `every type has a row`() {
    Self.table.checkCompleteness(
      Self.numbers + Self.moves + Self.distances + Self.lowParts + Self.entries + Self.dynamics
        + Self.debug + AArch64ThreadLocalTests.fields + AArch64ThreadLocalTests.sequences)
  }
}

/// The block is at 0x700000 and the pointer 16 bytes below, so `t` is 0x18 from the pointer.
@Suite struct AArch64ThreadLocalTests {
  private static let table = RelocationTable(machine: .aarch64)
  private static let nop: UInt32 = 0xd503_201f

  static let fields: [Row] =
    ["TLSLE", "TLSLD"].flatMap { model -> [Row] in
      let what = model == "TLSLE" ? "TPREL" : "DTPREL"
      func name(_ field: String, _ suffix: String) -> String {
        "\(model)_\(field)_\(what)_\(suffix)"
      }
      var rows = [
        Row(at(name("MOVW", "G2"), "t", 0xd2c0_0003), word(0xd2c0_0003)),
        Row(at(name("MOVW", "G1"), "t", 0xd2a0_0003), word(0xd2a0_0003)),
        Row(at(name("MOVW", "G1_NC"), "t", 0xf2a0_0003), word(0xf2a0_0003)),
        Row(at(name("MOVW", "G0"), "t", 0xd280_0003), word(0xd280_0303)),
        Row(at(name("MOVW", "G0"), "t+0xffe7", 0xd280_0003), word(0xd29f_ffe3)),
        Row(at(name("MOVW", "G0"), "t+0xffe8", 0xd280_0003), error: "out of range"),
        Row(at(name("MOVW", "G0"), "t-0x19", 0xd280_0003), word(0x9280_0003)),
        Row(at(name("MOVW", "G0_NC"), "t", 0xf280_0003), word(0xf280_0303)),
        Row(at(name("ADD", "HI12"), "t+0xffefe8", 0x9140_0063), word(0x917f_fc63)),
        Row(at(name("ADD", "HI12"), "t+0xffffe8", 0x9140_0063), error: "does not fit 24 bits"),
        Row(at(name("ADD", "LO12"), "t+0xfe7", 0x9100_0063), word(0x913f_fc63)),
        Row(at(name("ADD", "LO12"), "t+0xfe8", 0x9100_0063), error: "does not fit 12 bits"),
        Row(at(name("ADD", "LO12_NC"), "t+0xfe8", 0x9100_0063), word(0x9100_0063)),
      ]
      for (size, scale, load) in [
        (8, 0, 0x3940_0063), (16, 1, 0x7940_0063), (32, 2, 0xb940_0063), (64, 3, 0xf940_0063),
        (128, 4, 0x3dc0_0063),
      ] as [(Int, UInt32, UInt32)] {
        // 128 bits need a multiple of 16.
        let addend = size == 128 ? "8" : "0"
        let value: UInt32 = size == 128 ? 0x20 : 0x18
        rows += [
          Row(
            at(name("LDST\(size)", "LO12"), "t+\(addend)", load),
            word(load | (value >> scale) << 10)),
          Row(
            at(name("LDST\(size)", "LO12_NC"), "t+\(addend)", load),
            word(load | (value >> scale) << 10)),
          Row(at(name("LDST\(size)", "LO12"), "t+0xfe8", load), error: "does not fit 12 bits"),
        ]
      }
      return rows
    } + [
      Row(at("TLSLE_ADD_TPREL_LO12", "t", 0x9100_0063), with: "-shared", error: "R_AARCH64_TLSLE"),
      Row(at("TLSLD_ADD_DTPREL_LO12", "t", 0x9100_0063), with: "-shared", word(0x9100_2063)),
    ]

  @Test(arguments: fields) func `offsets`(row: Row) throws { try Self.table.check(row) }

  private static let initialExec =
    at("TLSIE_ADR_GOTTPREL_PAGE21", "t", 0x9000_0003) + " "
    + at("TLSIE_LD64_GOTTPREL_LO12_NC", "t", 0xf940_0063)
  private static let descriptor =
    at("TLSDESC_ADR_PAGE21", "t", 0x9000_0000) + " " + at("TLSDESC_LD64_LO12", "t", 0xf940_0001)
    + " " + at("TLSDESC_ADD_LO12", "t", 0x9100_0000) + " " + at("TLSDESC_CALL", "t", 0xd63f_0020)
  private static let tinyDescriptor =
    at("TLSDESC_LD_PREL19", "t", 0x5800_0001) + " " + at("TLSDESC_ADR_PREL21", "t", 0x1000_0000)
    + " " + at("TLSDESC_CALL", "t", 0xd63f_0020)
  private static let largeDescriptor =
    at("TLSDESC_OFF_G1", "t", 0xd2a0_0000) + " " + at("TLSDESC_OFF_G0_NC", "t", 0xf280_0000) + " "
    + at("TLSDESC_LDR", "t", 0xf860_6841) + " " + at("TLSDESC_ADD", "t", 0x8b00_0040) + " "
    + at("TLSDESC_CALL", "t", 0xd63f_0020)
  private static func general(_ symbol: String) -> String {
    at("TLSGD_ADR_PAGE21", symbol, 0x9000_0000) + " " + at("TLSGD_ADD_LO12_NC", symbol, 0x9100_0000)
      + " " + at("CALL26", "f", 0x9400_0000) + " " + word(nop)
  }
  private static let local =
    at("TLSLD_ADR_PAGE21", "t", 0x9000_0000) + " " + at("TLSLD_ADD_LO12_NC", "t", 0x9100_0000) + " "
    + at("CALL26", "f", 0x9400_0000) + " " + word(nop)

  static let sequences: [Row] = [
    Row(initialExec, code(0xd2a0_0003, 0xf280_0303)),
    Row(
      initialExec, with: "-shared", code(0xf000_0fe3, 0xf940_0463),
      dynamic: ["R_AARCH64_TLS_TPREL 0x600008 + 0x8"]),
    Row(at("TLSIE_LD_GOTTPREL_PREL19", "t", 0x5800_0003), P: 0x5f_f008, word(0x5800_8003)),
    Row(at("TLSIE_MOVW_GOTTPREL_G1", "t", 0xd2a0_0003), word(0xd2a0_0003)),
    Row(at("TLSIE_MOVW_GOTTPREL_G0_NC", "t", 0xf280_0003), word(0xf280_0103)),
    Row(general("t"), code(0xd2a0_0000, 0xf280_0300, 0xd53b_d041, 0x8b00_0020)),
    Row(
      general("v"), with: "-shared", code(0xf000_0fe0, 0x9100_2000),
      dynamic: ["R_AARCH64_TLS_DTPMOD 0x600008 v", "R_AARCH64_TLS_DTPREL 0x600010 v"]),
    Row(
      at("TLSGD_ADR_PREL21", "t", 0x1000_0000) + " " + at("CALL26", "f", 0x9400_0000) + " "
        + word(nop), code(0xd53b_d040, 0x9140_0000, 0x9100_6000)),
    Row(at("TLSGD_MOVW_G1", "t", 0xd2a0_0000), word(0xd2a0_0000)),
    Row(at("TLSGD_MOVW_G0_NC", "t", 0xf280_0000), word(0xf280_0100)),
    Row(local, code(0xd53b_d040, nop, nop, nop)),
    Row(
      local, with: "-shared", code(0xf000_0fe0, 0x9100_2000),
      dynamic: ["R_AARCH64_TLS_DTPMOD 0x600008"]),
    Row(
      at("TLSLD_ADR_PREL21", "t", 0x1000_0000) + " " + at("CALL26", "f", 0x9400_0000) + " "
        + word(nop), code(0xd53b_d040, nop, nop)),
    Row(at("TLSLD_LD_PREL19", "t", 0x5800_0000), P: 0x5f_f008, word(0x5800_8000)),
    Row(at("TLSLD_MOVW_G1", "t", 0xd2a0_0000), word(0xd2a0_0000)),
    Row(at("TLSLD_MOVW_G0_NC", "t", 0xf280_0000), word(0xf280_0100)),
    Row(descriptor, code(0xd2a0_0000, 0xf280_0300, nop, nop)),
    Row(
      descriptor, with: "-shared", code(0xf000_0fe0, 0xf940_0401, 0x9100_2000, 0xd63f_0020),
      dynamic: ["R_AARCH64_TLSDESC 0x600008 + 0x8"]),
    Row(tinyDescriptor, code(0xd2a0_0000, 0xf280_0300, nop)),
    Row(largeDescriptor, code(0xd2a0_0000, 0xf280_0300, nop, nop, nop)),
    Row(
      largeDescriptor, with: "-shared",
      code(0xd2a0_0000, 0xf280_0100, 0xf860_6841, 0x8b00_0040, 0xd63f_0020)),
    Row(at("TLSDESC_CALL", "t", nop), error: "R_AARCH64_TLSDESC_CALL"),
    Row(at("TLSDESC_ADR_PAGE21", "t", nop), error: "R_AARCH64_TLSDESC_ADR_PAGE21"),
  ]

  @Test(arguments: sequences) func `sequences, and what replaces them`(row: Row) throws {
    try Self.table.check(row)
  }
}
