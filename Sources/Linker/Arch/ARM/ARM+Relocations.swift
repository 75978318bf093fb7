// The relocation types of ARM (ELF for the Arm Architecture, "Relocation codes table").
//
// S, A and P as everywhere; T is 1 if the symbol is a function in Thumb state. The case is the ELF
// name without `R_ARM_`.

internal import ELF

extension ARM {
  enum Relocation: UInt32, RelocationType {
    case none = 0
    /// A branch of either kind, of old assemblers.
    case pc24 = 1
    /// (S + A) | T
    case abs32 = 2
    /// ((S + A) | T) − P
    case rel32 = 3
    case ldrPCG0 = 4
    case abs16 = 5
    case abs12 = 6
    case thmAbs5 = 7
    case abs8 = 8
    case sbRel32 = 9
    /// BL and BLX.
    case thmCall = 10
    case thmPC8 = 11
    case tlsDesc = 13
    case tlsDTPMod32 = 17
    case tlsDTPOff32 = 18
    case tlsTPOff32 = 19
    case copy = 20
    case globDat = 21
    case jumpSlot = 22
    case relative = 23
    /// ((S + A) | T) − GOT
    case gotOff32 = 24
    /// GOT + A − P
    case basePrel = 25
    /// G + A − GOT
    case gotBrel = 26
    /// A branch of either kind, of old assemblers.
    case plt32 = 27
    /// BL and BLX.
    case call = 28
    /// B, and BL with a condition.
    case jump24 = 29
    /// B.W
    case thmJump24 = 30
    /// What the platform says: ABS32 or REL32.
    case target1 = 38
    /// Marks `bx rM`.
    case v4BX = 40
    /// What the platform says: GOT_PREL, REL32 or ABS32.
    case target2 = 41
    case prel31 = 42
    case movwAbsNC = 43
    case movtAbs = 44
    case movwPrelNC = 45
    case movtPrel = 46
    case thmMovwAbsNC = 47
    case thmMovtAbs = 48
    case thmMovwPrelNC = 49
    case thmMovtPrel = 50
    /// B<c>.W
    case thmJump19 = 51
    /// CBZ, CBNZ.
    case thmJump6 = 52
    /// ADR.W
    case thmALUPrel11 = 53
    /// LDR.W from a literal.
    case thmPC12 = 54
    /// S + A
    case abs32NoI = 55
    /// S + A − P
    case rel32NoI = 56
    case aluPCG0NC = 57
    case aluPCG0 = 58
    case aluPCG1NC = 59
    case aluPCG1 = 60
    case aluPCG2 = 61
    case ldrPCG1 = 62
    case ldrPCG2 = 63
    case ldrsPCG0 = 64
    case ldrsPCG1 = 65
    case ldrsPCG2 = 66
    case ldcPCG0 = 67
    case ldcPCG1 = 68
    case ldcPCG2 = 69
    case movwBrelNC = 84
    case movtBrel = 85
    case movwBrel = 86
    case thmMovwBrelNC = 87
    case thmMovtBrel = 88
    case thmMovwBrel = 89
    case tlsGOTDesc = 90
    case tlsCall = 91
    case tlsDescSeq = 92
    case thmTLSCall = 93
    /// GOT(S) + A
    case gotAbs = 95
    /// GOT(S) + A − P
    case gotPrel = 96
    case gotBrel12 = 97
    case gotOff12 = 98
    case vtEntry = 100
    case vtInherit = 101
    /// B
    case thmJump11 = 102
    /// B<c>
    case thmJump8 = 103
    case tlsGD32 = 104
    case tlsLDM32 = 105
    case tlsLDO32 = 106
    case tlsIE32 = 107
    case tlsLE32 = 108
    case tlsLDO12 = 109
    case tlsLE12 = 110
    case tlsIE12GP = 111
    case thmTLSDescSeq16 = 129
    case thmTLSDescSeq32 = 130
    /// A byte of an address, for code that may not be read.
    case thmAluAbsG0NC = 132
    case thmAluAbsG1NC = 133
    case thmAluAbsG2NC = 134
    case thmAluAbsG3 = 135
    case iRelative = 160

    var name: String {
      let suffix =
        switch self {
        case .none: "NONE"
        case .pc24: "PC24"
        case .abs32: "ABS32"
        case .rel32: "REL32"
        case .ldrPCG0: "LDR_PC_G0"
        case .abs16: "ABS16"
        case .abs12: "ABS12"
        case .thmAbs5: "THM_ABS5"
        case .abs8: "ABS8"
        case .sbRel32: "SBREL32"
        case .thmCall: "THM_CALL"
        case .thmPC8: "THM_PC8"
        case .tlsDesc: "TLS_DESC"
        case .tlsDTPMod32: "TLS_DTPMOD32"
        case .tlsDTPOff32: "TLS_DTPOFF32"
        case .tlsTPOff32: "TLS_TPOFF32"
        case .copy: "COPY"
        case .globDat: "GLOB_DAT"
        case .jumpSlot: "JUMP_SLOT"
        case .relative: "RELATIVE"
        case .gotOff32: "GOTOFF32"
        case .basePrel: "BASE_PREL"
        case .gotBrel: "GOT_BREL"
        case .plt32: "PLT32"
        case .call: "CALL"
        case .jump24: "JUMP24"
        case .thmJump24: "THM_JUMP24"
        case .target1: "TARGET1"
        case .v4BX: "V4BX"
        case .target2: "TARGET2"
        case .prel31: "PREL31"
        case .movwAbsNC: "MOVW_ABS_NC"
        case .movtAbs: "MOVT_ABS"
        case .movwPrelNC: "MOVW_PREL_NC"
        case .movtPrel: "MOVT_PREL"
        case .thmMovwAbsNC: "THM_MOVW_ABS_NC"
        case .thmMovtAbs: "THM_MOVT_ABS"
        case .thmMovwPrelNC: "THM_MOVW_PREL_NC"
        case .thmMovtPrel: "THM_MOVT_PREL"
        case .thmJump19: "THM_JUMP19"
        case .thmJump6: "THM_JUMP6"
        case .thmALUPrel11: "THM_ALU_PREL_11_0"
        case .thmPC12: "THM_PC12"
        case .abs32NoI: "ABS32_NOI"
        case .rel32NoI: "REL32_NOI"
        case .aluPCG0NC: "ALU_PC_G0_NC"
        case .aluPCG0: "ALU_PC_G0"
        case .aluPCG1NC: "ALU_PC_G1_NC"
        case .aluPCG1: "ALU_PC_G1"
        case .aluPCG2: "ALU_PC_G2"
        case .ldrPCG1: "LDR_PC_G1"
        case .ldrPCG2: "LDR_PC_G2"
        case .ldrsPCG0: "LDRS_PC_G0"
        case .ldrsPCG1: "LDRS_PC_G1"
        case .ldrsPCG2: "LDRS_PC_G2"
        case .ldcPCG0: "LDC_PC_G0"
        case .ldcPCG1: "LDC_PC_G1"
        case .ldcPCG2: "LDC_PC_G2"
        case .movwBrelNC: "MOVW_BREL_NC"
        case .movtBrel: "MOVT_BREL"
        case .movwBrel: "MOVW_BREL"
        case .thmMovwBrelNC: "THM_MOVW_BREL_NC"
        case .thmMovtBrel: "THM_MOVT_BREL"
        case .thmMovwBrel: "THM_MOVW_BREL"
        case .tlsGOTDesc: "TLS_GOTDESC"
        case .tlsCall: "TLS_CALL"
        case .tlsDescSeq: "TLS_DESCSEQ"
        case .thmTLSCall: "THM_TLS_CALL"
        case .gotAbs: "GOT_ABS"
        case .gotPrel: "GOT_PREL"
        case .gotBrel12: "GOT_BREL12"
        case .gotOff12: "GOTOFF12"
        case .vtEntry: "GNU_VTENTRY"
        case .vtInherit: "GNU_VTINHERIT"
        case .thmJump11: "THM_JUMP11"
        case .thmJump8: "THM_JUMP8"
        case .tlsGD32: "TLS_GD32"
        case .tlsLDM32: "TLS_LDM32"
        case .tlsLDO32: "TLS_LDO32"
        case .tlsIE32: "TLS_IE32"
        case .tlsLE32: "TLS_LE32"
        case .tlsLDO12: "TLS_LDO12"
        case .tlsLE12: "TLS_LE12"
        case .tlsIE12GP: "TLS_IE12GP"
        case .thmTLSDescSeq16: "THM_TLS_DESCSEQ16"
        case .thmTLSDescSeq32: "THM_TLS_DESCSEQ32"
        case .thmAluAbsG0NC: "THM_ALU_ABS_G0_NC"
        case .thmAluAbsG1NC: "THM_ALU_ABS_G1_NC"
        case .thmAluAbsG2NC: "THM_ALU_ABS_G2_NC"
        case .thmAluAbsG3: "THM_ALU_ABS_G3"
        case .iRelative: "IRELATIVE"
        }
      return "R_ARM_\(suffix)"
    }

    var width: Int {
      switch self {
      case .none, .vtEntry, .vtInherit: 0
      case .abs8: 1
      case .abs16, .thmAbs5, .thmPC8, .thmJump6, .thmJump11, .thmJump8, .thmTLSDescSeq16,
        .thmAluAbsG0NC, .thmAluAbsG1NC, .thmAluAbsG2NC, .thmAluAbsG3:
        2
      case .tlsDesc: 8
      default: 4
      }
    }
  }
}
