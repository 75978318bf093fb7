// Instruction words, and the operands that are scattered over them (RISC-V Instruction Set Manual,
// "Immediate Encoding Variants").

internal import ELF

enum RISCVInstruction {
  static var nop: UInt32 { 0x0000_0013 }  // addi x0, x0, 0
  static var compressedNop: UInt16 { 0x0001 }

  static func auipc(_ rd: UInt32) -> UInt32 { 0x17 | rd << 7 }
  static func lui(_ rd: UInt32) -> UInt32 { 0x37 | rd << 7 }
  static func jal(_ rd: UInt32) -> UInt32 { 0x6f | rd << 7 }
  static func addi(_ rd: UInt32, _ rs1: UInt32) -> UInt32 { 0x13 | rd << 7 | rs1 << 15 }
  static func jalr(_ rd: UInt32, _ rs1: UInt32) -> UInt32 { 0x67 | rd << 7 | rs1 << 15 }
  /// A load of a word as wide as an address.
  static func loadWord(_ rd: UInt32, _ rs1: UInt32, is64: Bool) -> UInt32 {
    (is64 ? 0x3003 : 0x2003) | rd << 7 | rs1 << 15
  }

  static func rd(_ word: UInt32) -> UInt32 { word >> 7 & 31 }
  static func rs1(_ word: UInt32) -> UInt32 { word >> 15 & 31 }
  static func settingRS1(_ word: UInt32, _ register: UInt32) -> UInt32 {
    word & ~(31 << 15) | register << 15
  }

  // MARK: Operands

  /// The upper part of a value whose lower 12 bits are a signed number.
  static func high(_ value: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: (value &+ 0x800) >> 12) & 0xf_ffff
  }

  static func settingU(_ word: UInt32, _ value: UInt64) -> UInt32 {
    word & 0xfff | high(value) << 12
  }

  static func settingI(_ word: UInt32, _ value: UInt64) -> UInt32 {
    word & 0xf_ffff | UInt32(truncatingIfNeeded: value) << 20
  }

  static func settingS(_ word: UInt32, _ value: UInt64) -> UInt32 {
    let bits = UInt32(truncatingIfNeeded: value)
    return word & 0x01ff_f07f | (bits >> 5 & 0x7f) << 25 | (bits & 0x1f) << 7
  }

  static func settingB(_ word: UInt32, _ value: UInt64) -> UInt32 {
    let bits = UInt32(truncatingIfNeeded: value)
    let upper = (bits >> 12 & 1) << 31 | (bits >> 5 & 0x3f) << 25
    return word & 0x01ff_f07f | upper | (bits >> 1 & 0xf) << 8 | (bits >> 11 & 1) << 7
  }

  static func settingJ(_ word: UInt32, _ value: UInt64) -> UInt32 {
    let bits = UInt32(truncatingIfNeeded: value)
    let upper = (bits >> 20 & 1) << 31 | (bits >> 1 & 0x3ff) << 21
    return word & 0xfff | upper | (bits >> 11 & 1) << 20 | (bits >> 12 & 0xff) << 12
  }

  /// `c.beqz` and `c.bnez`: 9 bits.
  static func settingCB(_ word: UInt16, _ value: UInt64) -> UInt16 {
    let bits = UInt16(truncatingIfNeeded: value)
    let upper = (bits >> 8 & 1) << 12 | (bits >> 3 & 3) << 10
    return word & 0xe383 | upper | (bits >> 6 & 3) << 5 | (bits >> 1 & 3) << 3 | (bits >> 5 & 1)
      << 2
  }

  /// `c.j` and `c.jal`: 12 bits.
  static func settingCJ(_ word: UInt16, _ value: UInt64) -> UInt16 {
    let bits = UInt16(truncatingIfNeeded: value)
    let upper = (bits >> 11 & 1) << 12 | (bits >> 4 & 1) << 11 | (bits >> 8 & 3) << 9
    let middle = (bits >> 10 & 1) << 8 | (bits >> 6 & 1) << 7 | (bits >> 7 & 1) << 6
    return word & 0xe003 | upper | middle | (bits >> 1 & 7) << 3 | (bits >> 5 & 1) << 2
  }

  /// `c.lui rd, high(value)`
  static func compressedLUI(_ rd: UInt32, _ value: UInt64) -> UInt16 {
    let bits = UInt16(truncatingIfNeeded: high(value))
    return 0x6001 | UInt16(rd) << 7 | (bits >> 5 & 1) << 12 | (bits & 0x1f) << 2
  }

  // MARK: Ranges

  static func fits(_ value: UInt64, _ bits: UInt64) -> Bool {
    let signed = Int64(bitPattern: value)
    return signed >= -(1 << Int64(bits - 1)) && signed < 1 << Int64(bits - 1)
  }
}
