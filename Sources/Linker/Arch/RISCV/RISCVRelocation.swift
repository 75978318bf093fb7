// Relocation types of RISC-V, the same for both word sizes (RISC-V ELF psABI, "Relocations").
//
// Code has addresses in two parts: 20 bits in one instruction, 12 in another that may stand anywhere
// behind it. The second of a pair counted from the place (`pcrelLo12I` and its kin) names a label at
// the first, whose relocation says what is meant.

/// The case is the ELF name without `R_RISCV_`.
enum RISCVRelocation: UInt32, RelocationType {
  case none = 0
  case abs32 = 1
  case abs64 = 2
  case relative = 3
  case copy = 4
  case jumpSlot = 5
  case dtpMod32 = 6
  case dtpMod64 = 7
  case dtpRel32 = 8
  case dtpRel64 = 9
  case tpRel32 = 10
  case tpRel64 = 11
  case tlsDesc = 12
  /// A conditional branch, 12 bits.
  case branch = 16
  /// `jal`, 20 bits.
  case jal = 17
  /// `auipc` and `jalr`, 8 bytes.
  case call = 18
  case callPLT = 19
  case gotHi20 = 20
  case tlsGOTHi20 = 21
  case tlsGDHi20 = 22
  case pcrelHi20 = 23
  case pcrelLo12I = 24
  case pcrelLo12S = 25
  case hi20 = 26
  case lo12I = 27
  case lo12S = 28
  case tprelHi20 = 29
  case tprelLo12I = 30
  case tprelLo12S = 31
  /// The `add` of the thread pointer between the two; nothing is patched.
  case tprelAdd = 32
  case add8 = 33
  case add16 = 34
  case add32 = 35
  case add64 = 36
  case sub8 = 37
  case sub16 = 38
  case sub32 = 39
  case sub64 = 40
  case got32PCRel = 41
  /// That many bytes of nops, of which as many stay as aligning takes.
  case align = 43
  case rvcBranch = 44
  case rvcJump = 45
  /// The instruction of the relocation before, at the same place, may be replaced by a shorter one.
  case relax = 51
  case sub6 = 52
  case set6 = 53
  case set8 = 54
  case set16 = 55
  case set32 = 56
  case pcrel32 = 57
  case iRelative = 58
  case plt32 = 59
  case setULEB128 = 60
  case subULEB128 = 61
  case tlsDescHi20 = 62
  case tlsDescLoadLo12 = 63
  case tlsDescAddLo12 = 64
  case tlsDescCall = 65

  var name: String {
    let suffix =
      switch self {
      case .none: "NONE"
      case .abs32: "32"
      case .abs64: "64"
      case .relative: "RELATIVE"
      case .copy: "COPY"
      case .jumpSlot: "JUMP_SLOT"
      case .dtpMod32: "TLS_DTPMOD32"
      case .dtpMod64: "TLS_DTPMOD64"
      case .dtpRel32: "TLS_DTPREL32"
      case .dtpRel64: "TLS_DTPREL64"
      case .tpRel32: "TLS_TPREL32"
      case .tpRel64: "TLS_TPREL64"
      case .tlsDesc: "TLSDESC"
      case .branch: "BRANCH"
      case .jal: "JAL"
      case .call: "CALL"
      case .callPLT: "CALL_PLT"
      case .gotHi20: "GOT_HI20"
      case .tlsGOTHi20: "TLS_GOT_HI20"
      case .tlsGDHi20: "TLS_GD_HI20"
      case .pcrelHi20: "PCREL_HI20"
      case .pcrelLo12I: "PCREL_LO12_I"
      case .pcrelLo12S: "PCREL_LO12_S"
      case .hi20: "HI20"
      case .lo12I: "LO12_I"
      case .lo12S: "LO12_S"
      case .tprelHi20: "TPREL_HI20"
      case .tprelLo12I: "TPREL_LO12_I"
      case .tprelLo12S: "TPREL_LO12_S"
      case .tprelAdd: "TPREL_ADD"
      case .add8: "ADD8"
      case .add16: "ADD16"
      case .add32: "ADD32"
      case .add64: "ADD64"
      case .sub8: "SUB8"
      case .sub16: "SUB16"
      case .sub32: "SUB32"
      case .sub64: "SUB64"
      case .got32PCRel: "GOT32_PCREL"
      case .align: "ALIGN"
      case .rvcBranch: "RVC_BRANCH"
      case .rvcJump: "RVC_JUMP"
      case .relax: "RELAX"
      case .sub6: "SUB6"
      case .set6: "SET6"
      case .set8: "SET8"
      case .set16: "SET16"
      case .set32: "SET32"
      case .pcrel32: "32_PCREL"
      case .iRelative: "IRELATIVE"
      case .plt32: "PLT32"
      case .setULEB128: "SET_ULEB128"
      case .subULEB128: "SUB_ULEB128"
      case .tlsDescHi20: "TLSDESC_HI20"
      case .tlsDescLoadLo12: "TLSDESC_LOAD_LO12"
      case .tlsDescAddLo12: "TLSDESC_ADD_LO12"
      case .tlsDescCall: "TLSDESC_CALL"
      }
    return "R_RISCV_\(suffix)"
  }

  var width: Int {
    switch self {
    case .none, .tprelAdd, .align, .relax: 0
    case .add8, .sub8, .set8, .set6, .sub6, .setULEB128, .subULEB128: 1
    case .add16, .sub16, .set16, .rvcBranch, .rvcJump: 2
    case .abs64, .add64, .sub64, .call, .callPLT, .dtpMod64, .dtpRel64, .tpRel64: 8
    case .tlsDesc: 16
    default: 4
    }
  }

  /// Whether it is the first of a pair that is counted from the place.
  var isPCRelHigh: Bool {
    switch self {
    case .pcrelHi20, .gotHi20, .tlsGOTHi20, .tlsGDHi20, .tlsDescHi20: true
    default: false
    }
  }

  /// Whether it is the second of one, and names a label.
  var isPCRelLow: Bool {
    switch self {
    case .pcrelLo12I, .pcrelLo12S, .tlsDescLoadLo12, .tlsDescAddLo12, .tlsDescCall: true
    default: false
    }
  }

  /// Whether it belongs in linked files only.
  var isDynamic: Bool {
    switch self {
    case .relative, .copy, .jumpSlot, .dtpMod32, .dtpMod64, .tpRel32, .tpRel64, .tlsDesc,
      .iRelative:
      true
    default: false
    }
  }
}
