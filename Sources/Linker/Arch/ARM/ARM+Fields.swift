// Fields of instructions: where immediate operands are, and how they are written. What a relocation
// adds to (its addend) is such an operand in the input; what it computes becomes one in the output;
// -r moves addends, so it needs both.

internal import ELF

extension ARM {
  /// Where a relocation's value is in the bytes.
  enum Field: Sendable {
    /// A number of so many bytes.
    case byte, half, word
    /// 31 bits; bit 31 is none of the relocation's business.
    case word31
    /// Bits 0 to 23, words: B and BL. Of BLX, bit 24 is a half of it.
    case branch24
    /// BL, BLX and B.W in Thumb state.
    case thumbBranch24
    case thumbBranch19
    case thumbBranch11, thumbBranch8, thumbBranch6
    /// imm4:imm12 of MOVW and MOVT.
    case move16
    /// imm4:i:imm3:imm8
    case thumbMove16
    /// An unsigned 12-bit offset without its sign.
    case offset12
    /// The same, with the sign in bit 23 (U).
    case signedOffset12
    /// imm4:imm4 with U: LDRD, LDRH and kin.
    case signedOffset8
    /// A number of words in 8 bits, with U: LDC.
    case signedWords8
    /// ADD or SUB of a byte, rotated.
    case rotatedByte
    case thumbLiteral8, thumbLiteral12, thumbADR12
    /// A 5-bit number of words.
    case thumbOffset5
    /// The byte of a Thumb `movs` or `adds`.
    case thumbByte
  }

  static func field(_ type: Relocation) -> Field? {
    switch type {
    case .abs32, .rel32, .sbRel32, .gotOff32, .basePrel, .gotBrel, .target1, .target2, .abs32NoI,
      .rel32NoI, .tlsGOTDesc, .gotAbs, .gotPrel, .tlsGD32, .tlsLDM32, .tlsLDO32, .tlsIE32,
      .tlsLE32, .tlsDTPMod32, .tlsDTPOff32, .tlsTPOff32, .relative, .globDat, .jumpSlot, .iRelative:
      .word
    case .abs16: .half
    case .abs8: .byte
    case .prel31: .word31
    case .pc24, .plt32, .call, .jump24, .tlsCall: .branch24
    case .thmCall, .thmJump24, .thmTLSCall: .thumbBranch24
    case .thmJump19: .thumbBranch19
    case .thmJump11: .thumbBranch11
    case .thmJump8: .thumbBranch8
    case .thmJump6: .thumbBranch6
    case .movwAbsNC, .movtAbs, .movwPrelNC, .movtPrel, .movwBrelNC, .movtBrel, .movwBrel: .move16
    case .thmMovwAbsNC, .thmMovtAbs, .thmMovwPrelNC, .thmMovtPrel, .thmMovwBrelNC, .thmMovtBrel,
      .thmMovwBrel:
      .thumbMove16
    case .abs12, .gotBrel12, .gotOff12, .tlsLDO12, .tlsLE12, .tlsIE12GP: .offset12
    case .ldrPCG0, .ldrPCG1, .ldrPCG2: .signedOffset12
    case .ldrsPCG0, .ldrsPCG1, .ldrsPCG2: .signedOffset8
    case .ldcPCG0, .ldcPCG1, .ldcPCG2: .signedWords8
    case .aluPCG0NC, .aluPCG0, .aluPCG1NC, .aluPCG1, .aluPCG2: .rotatedByte
    case .thmPC8: .thumbLiteral8
    case .thmPC12: .thumbLiteral12
    case .thmALUPrel11: .thumbADR12
    case .thmAbs5: .thumbOffset5
    case .thmAluAbsG0NC, .thmAluAbsG1NC, .thmAluAbsG2NC, .thmAluAbsG3: .thumbByte
    case .none, .tlsDesc, .copy, .v4BX, .tlsDescSeq, .vtEntry, .vtInherit, .thmTLSDescSeq16,
      .thmTLSDescSeq32:
      nil
    }
  }

  static func implicitAddend(_ type: UInt32, _ bytes: ByteView, at offset: UInt64) -> Int64 {
    guard let relocation = Relocation(rawValue: type), let field = field(relocation),
      let offset = Int(exactly: offset), bytes.slice(offset, relocation.width) != nil
    else { return 0 }
    let word: UInt32
    switch relocation.width {
    case 1: word = UInt32(bytes[offset])
    case 2: word = UInt32(bytes.load(UInt16.self, at: offset) ?? 0)
    default: word = bytes.load(UInt32.self, at: offset) ?? 0
    }
    return field.value(in: word)
  }

  static func storeAddend(
    _ type: UInt32, _ addend: Int64, to out: OutputBytes, at offset: Int, _ format: Format
  ) -> Bool {
    guard let relocation = Relocation(rawValue: type), let field = field(relocation) else {
      return true
    }
    guard field.holds(addend) || field.wrapsAround && (-4..<0).contains(addend) else {
      return false
    }
    field.store(addend, to: out, at: offset)
    return true
  }
}

extension ARM.Field {
  /// Bytes of the instruction.
  var width: Int {
    switch self {
    case .byte: 1
    case .half, .thumbBranch11, .thumbBranch8, .thumbBranch6, .thumbLiteral8, .thumbOffset5,
      .thumbByte:
      2
    default: 4
    }
  }

  /// Bits of the value, with its sign.
  var bits: Int {
    switch self {
    case .byte, .thumbByte, .rotatedByte: 8
    case .half, .move16, .thumbMove16: 16
    case .word: 32
    case .word31: 31
    case .branch24: 26
    case .thumbBranch24: 25
    case .thumbBranch19: 21
    case .thumbBranch11: 12
    case .thumbBranch8: 9
    case .thumbBranch6, .thumbOffset5: 7
    case .offset12: 12
    case .signedOffset12, .thumbLiteral12, .thumbADR12: 13
    case .signedOffset8: 9
    case .signedWords8: 11
    case .thumbLiteral8: 10
    }
  }

  /// Only forward; but addends count from two instructions ahead, which is how they are stored.
  var wrapsAround: Bool { self == .thumbBranch6 || self == .thumbLiteral8 }

  /// Whether a value can be written. Words wrap around.
  func holds(_ value: Int64) -> Bool {
    func isSigned(_ bits: Int64) -> Bool { value >= -(1 << (bits - 1)) && value < 1 << (bits - 1) }
    switch self {
    case .byte: return value >= -0x80 && value < 0x100
    case .half: return value >= -0x8000 && value < 0x1_0000
    case .word: return true
    case .word31, .branch24, .thumbBranch24, .thumbBranch19, .thumbBranch11, .thumbBranch8:
      return isSigned(Int64(bits))
    case .move16, .thumbMove16: return isSigned(16)
    case .thumbBranch6: return value & 1 == 0 && value >= 0 && value < 0x80
    case .offset12: return value >= 0 && value < 1 << 12
    case .signedOffset12, .thumbLiteral12, .thumbADR12: return value > -0x1000 && value < 0x1000
    case .signedOffset8: return value > -0x100 && value < 0x100
    case .signedWords8: return value & 3 == 0 && value > -0x400 && value < 0x400
    case .rotatedByte:
      guard value > -(1 << 32), value < 1 << 32 else { return false }
      return ARM.Field.rotated(UInt32(truncatingIfNeeded: value.magnitude)) != nil
    case .thumbLiteral8: return value & 3 == 0 && value >= 0 && value < 0x400
    case .thumbOffset5: return value & 3 == 0 && value >= 0 && value < 0x80
    case .thumbByte: return value >= 0 && value < 0x100
    }
  }

  /// The 12 bits that mean a number as a byte rotated right by an even count; nil: it is none such.
  /// Of several bytes the one with the most bits in front is taken, as the ABI's groups are cut
  /// (AAELF32, "Group relocations").
  static func rotated(_ value: UInt32) -> UInt32? {
    if value < 0x100 { return value }
    for half in (1..<16 as Range<UInt32>).reversed() {
      let byte = value << (2 * half) | value >> (32 - 2 * half)
      if byte < 0x100 { return half << 8 | byte }
    }
    return nil
  }

  private static func extended(_ value: UInt32, _ bits: UInt32) -> Int64 {
    let shift = 32 - bits
    return Int64(Int32(bitPattern: value << shift) >> Int32(shift))
  }

  // MARK: Reading

  /// The value that stands in an instruction. Of those in Thumb state that have two halves, the first
  /// is in the low half of `word`, as it is in memory.
  func value(in word: UInt32) -> Int64 {
    let (high, low) = (word & 0xffff, word >> 16)  // as the manual has the halves
    func signed(_ magnitude: UInt32, _ isUp: Bool) -> Int64 {
      isUp ? Int64(magnitude) : -Int64(magnitude)
    }
    let isUp = word & 1 << 23 != 0
    switch self {
    case .byte: return Int64(Int8(truncatingIfNeeded: word))
    case .half: return Int64(Int16(truncatingIfNeeded: word))
    case .word: return Int64(Int32(bitPattern: word))
    case .word31: return ARM.Field.extended(word, 31)
    case .branch24:
      // Of BLX, bit 24 is bit 1 of the distance.
      let half: UInt32 = word >> 25 == 0x7d ? word >> 23 & 2 : 0
      return ARM.Field.extended((word & 0xff_ffff) << 2 | half, 26)
    case .thumbBranch24:
      let sign = high >> 10 & 1
      let first = low >> 13 & 1 ^ sign ^ 1
      let second = low >> 11 & 1 ^ sign ^ 1
      let value =
        sign << 24 | first << 23 | second << 22 | (high & 0x3ff) << 12 | (low & 0x7ff) << 1
      return ARM.Field.extended(value, 25)
    case .thumbBranch19:
      let value =
        (high >> 10 & 1) << 20 | (low >> 11 & 1) << 19 | (low >> 13 & 1) << 18
        | (high & 0x3f) << 12 | (low & 0x7ff) << 1
      return ARM.Field.extended(value, 21)
    case .thumbBranch11: return ARM.Field.extended((word & 0x7ff) << 1, 12)
    case .thumbBranch8: return ARM.Field.extended((word & 0xff) << 1, 9)
    case .thumbBranch6:
      let value = word >> 3 & 0x40 | word >> 2 & 0x3e
      return Int64((value + 4) & 0x7f) - 4
    case .move16: return ARM.Field.extended(word >> 4 & 0xf000 | word & 0xfff, 16)
    case .thumbMove16:
      let value =
        (high & 0xf) << 12 | (high >> 10 & 1) << 11 | (low >> 12 & 7) << 8 | low & 0xff
      return ARM.Field.extended(value, 16)
    case .offset12: return Int64(word & 0xfff)
    case .signedOffset12: return signed(word & 0xfff, isUp)
    case .signedOffset8: return signed(word >> 4 & 0xf0 | word & 0xf, isUp)
    case .signedWords8: return signed((word & 0xff) << 2, isUp)
    case .rotatedByte:
      let rotation = word >> 7 & 0x1e
      let byte = word & 0xff
      let value = rotation == 0 ? byte : byte >> rotation | byte << (32 - rotation)
      return signed(value, isUp)
    case .thumbLiteral8: return Int64((((word & 0xff) << 2) + 4) & 0x3ff) - 4
    case .thumbLiteral12: return signed(low & 0xfff, high & 0x80 != 0)
    case .thumbADR12:
      let value = (high >> 10 & 1) << 11 | (low >> 12 & 7) << 8 | low & 0xff
      return signed(value, high & 0xa0 == 0)  // ADD, or SUB
    case .thumbOffset5: return Int64(word >> 4 & 0x7c)
    case .thumbByte: return Int64(word & 0xff)
    }
  }

  // MARK: Writing

  /// Puts a value that the field holds into the instruction at `offset`.
  func store(_ value: Int64, to out: OutputBytes, at offset: Int) {
    switch width {
    case 1: out.store(UInt8(truncatingIfNeeded: value), at: offset)
    case 2:
      let old = UInt32(out.load(UInt16.self, at: offset))
      out.store(UInt16(truncatingIfNeeded: inserting(value, into: old)), at: offset)
    default:
      out.store(inserting(value, into: out.load(UInt32.self, at: offset)), at: offset)
    }
  }

  func inserting(_ value: Int64, into word: UInt32) -> UInt32 {
    let bits = UInt32(truncatingIfNeeded: value)
    let magnitude = UInt32(truncatingIfNeeded: value.magnitude)
    let isUp: UInt32 = value < 0 ? 0 : 1 << 23
    var (high, low) = (word & 0xffff, word >> 16)
    var isHalves = false
    var result = word
    switch self {
    case .byte, .half, .word: result = bits
    case .word31: result = word & 0x8000_0000 | bits & 0x7fff_ffff
    case .branch24:
      result = word & 0xff00_0000 | bits >> 2 & 0xff_ffff
      if word >> 25 == 0x7d { result = result & ~(1 << 24) | (bits >> 1 & 1) << 24 }
    case .thumbBranch24:
      isHalves = true
      let sign = bits >> 24 & 1
      high = high & 0xf800 | sign << 10 | bits >> 12 & 0x3ff
      low =
        low & 0xd000 | (bits >> 23 & 1 ^ sign ^ 1) << 13 | (bits >> 22 & 1 ^ sign ^ 1) << 11
        | bits >> 1 & 0x7ff
    case .thumbBranch19:
      isHalves = true
      high = high & 0xfbc0 | (bits >> 20 & 1) << 10 | bits >> 12 & 0x3f
      low = low & 0xd000 | (bits >> 18 & 1) << 13 | (bits >> 19 & 1) << 11 | bits >> 1 & 0x7ff
    case .thumbBranch11: result = word & 0xf800 | bits >> 1 & 0x7ff
    case .thumbBranch8: result = word & 0xff00 | bits >> 1 & 0xff
    case .thumbBranch6: result = word & 0xfd07 | (bits & 0x40) << 3 | (bits & 0x3e) << 2
    case .move16: result = word & 0xfff0_f000 | (bits & 0xf000) << 4 | bits & 0xfff
    case .thumbMove16:
      isHalves = true
      high = high & 0xfbf0 | bits >> 12 & 0xf | (bits >> 11 & 1) << 10
      low = low & 0x8f00 | (bits >> 8 & 7) << 12 | bits & 0xff
    case .offset12: result = word & ~0xfff | bits & 0xfff
    case .signedOffset12: result = word & ~0x80_0fff | isUp | magnitude & 0xfff
    case .signedOffset8:
      result = word & ~0x80_0f0f | isUp | (magnitude & 0xf0) << 4 | magnitude & 0xf
    case .signedWords8: result = word & ~0x80_00ff | isUp | magnitude >> 2 & 0xff
    case .rotatedByte:
      // ADD or SUB, whichever the sign asks for.
      let operation: UInt32 = value < 0 ? 0x40_0000 : 0x80_0000
      result = word & 0xff3f_f000 | operation | (ARM.Field.rotated(magnitude) ?? 0)
    case .thumbLiteral8: result = word & 0xff00 | bits >> 2 & 0xff
    case .thumbLiteral12:
      isHalves = true
      high = high & 0xff7f | (value < 0 ? 0 : 0x80)
      low = low & 0xf000 | magnitude & 0xfff
    case .thumbADR12:
      isHalves = true
      high = high & 0xfb5f | (value < 0 ? 0xa0 : 0) | (magnitude >> 11 & 1) << 10
      low = low & 0x8f00 | (magnitude >> 8 & 7) << 12 | magnitude & 0xff
    case .thumbOffset5: result = word & 0xf83f | (bits & 0x7c) << 4
    case .thumbByte: result = word & 0xff00 | bits & 0xff
    }
    return isHalves ? low << 16 | high & 0xffff : result
  }
}
