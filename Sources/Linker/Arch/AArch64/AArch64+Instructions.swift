// The instructions that linkers read and write (Arm Architecture Reference Manual, A64).

extension AArch64 {
  enum Instruction {
    static var nop: UInt32 { 0xd503_201f }
    /// `bti c`: calls may land here.
    static var btiC: UInt32 { 0xd503_245f }
    /// `autia1716`: authenticates the pointer in x17 with the modifier in x16.
    static var authenticate: UInt32 { 0xd503_219f }
    /// `br x16`, `br x17`
    static var branchX16: UInt32 { 0xd61f_0200 }
    static var branchX17: UInt32 { 0xd61f_0220 }
    /// `blr x1`
    static var callX1: UInt32 { 0xd63f_0020 }

    static func adr(_ register: UInt32) -> UInt32 { 0x1000_0000 | register }
    static func adrp(_ register: UInt32) -> UInt32 { 0x9000_0000 | register }
    /// `add Xd, Xn, #0`; with `high` the operand is shifted by 12 bits.
    static func add(_ destination: UInt32, _ source: UInt32, high: Bool = false) -> UInt32 {
      (high ? 0x9140_0000 : 0x9100_0000) | source << 5 | destination
    }
    /// `add Xd, Xn, Xm`
    static func addRegister(_ destination: UInt32, _ first: UInt32, _ second: UInt32) -> UInt32 {
      0x8b00_0000 | second << 16 | first << 5 | destination
    }
    /// `ldr Xt, [Xn]`
    static func load(_ destination: UInt32, _ base: UInt32) -> UInt32 {
      0xf940_0000 | base << 5 | destination
    }
    /// `ldr Xt, label`
    static func loadLiteral(_ destination: UInt32) -> UInt32 { 0x5800_0000 | destination }
    /// `movz Xd, #0, lsl #(16 × group)`
    static func movz(_ register: UInt32, group: UInt32) -> UInt32 {
      0xd280_0000 | group << 21 | register
    }
    static func movk(_ register: UInt32, group: UInt32) -> UInt32 {
      0xf280_0000 | group << 21 | register
    }
    /// `mrs Xt, tpidr_el0`: the thread pointer.
    static func threadPointer(_ register: UInt32) -> UInt32 { 0xd53b_d040 | register }

    // MARK: Fields

    /// Rd or Rt, and Rn.
    static func destination(_ word: UInt32) -> UInt32 { word & 31 }
    static func source(_ word: UInt32) -> UInt32 { word >> 5 & 31 }

    static func isADR(_ word: UInt32) -> Bool { word & 0x9f00_0000 == 0x1000_0000 }
    static func isADRP(_ word: UInt32) -> Bool { word & 0x9f00_0000 == 0x9000_0000 }
    /// `add Xd, Xn, #imm12`, not shifted.
    static func isAdd(_ word: UInt32) -> Bool { word & 0xffc0_0000 == 0x9100_0000 }
    /// `ldr Xt, [Xn, #imm]`
    static func isLoad(_ word: UInt32) -> Bool { word & 0xffc0_0000 == 0xf940_0000 }
    static func isLoadLiteral(_ word: UInt32) -> Bool { word & 0xff00_0000 == 0x5800_0000 }
    static func isCall(_ word: UInt32) -> Bool { word & 0xfc00_0000 == 0x9400_0000 }

    // MARK: Operands

    /// 21 bits of `adr` or `adrp`: two at the top, the others in the middle.
    static func withADR(_ word: UInt32, _ value: UInt64) -> UInt32 {
      let bits = UInt32(truncatingIfNeeded: value)
      return word & 0x9f00_001f | (bits & 3) << 29 | (bits >> 2 & 0x7_ffff) << 5
    }

    static func withPage(_ word: UInt32, _ value: UInt64) -> UInt32 { withADR(word, value >> 12) }

    /// 12 bits of an `add`, a load or a store.
    static func withLow12(_ word: UInt32, _ value: UInt64) -> UInt32 {
      word & ~(0xfff << 10) | (UInt32(truncatingIfNeeded: value) & 0xfff) << 10
    }

    /// The distance of a branch or of a literal, in instructions.
    static func withBranch26(_ word: UInt32, _ value: UInt64) -> UInt32 {
      word & 0xfc00_0000 | UInt32(truncatingIfNeeded: value >> 2) & 0x3ff_ffff
    }

    static func withDistance19(_ word: UInt32, _ value: UInt64) -> UInt32 {
      word & 0xff00_001f | (UInt32(truncatingIfNeeded: value >> 2) & 0x7_ffff) << 5
    }

    static func withDistance14(_ word: UInt32, _ value: UInt64) -> UInt32 {
      word & 0xfff8_001f | (UInt32(truncatingIfNeeded: value >> 2) & 0x3fff) << 5
    }

    /// 16 bits of `movz`, `movn` or `movk`.
    static func withMove(_ word: UInt32, _ value: UInt64) -> UInt32 {
      word & 0xffe0_001f | (UInt32(truncatingIfNeeded: value) & 0xffff) << 5
    }
  }

  /// The page of 4 KiB that an `adrp` counts in.
  @inline(__always) static func page(_ address: UInt64) -> UInt64 { address & ~0xfff }
}
