// What helps a branch that does not reach its target: `adrp x16, …; add x16, x16, …; br x16`, and beyond
// the 4 GiB of `adrp` a distance of 64 bits in pieces, so that it does not depend on where it is loaded
// and the code has no data in it. The procedure call standard leaves x16 and x17 to it (AAPCS64, "Use of
// IP0 and IP1 by the linker").

internal import ELF

extension AArch64 {
  /// `b` and `bl`: 128 MiB.
  static var callReach: BranchReach { BranchReach(lower: -(1 << 27), upper: 1 << 27 - 4) }

  static func branchReach(_ type: UInt32) -> BranchReach? {
    type == Relocation.call26.rawValue || type == Relocation.jump26.rawValue ? callReach : nil
  }

  /// Forms of thunks for branches; Patch has those for instructions that move.
  private static var nearThunk: UInt8 { 0 }
  private static var farThunk: UInt8 { 0x10 }

  /// With room for what other thunks may yet move.
  static func thunkForm(_ kind: UInt8, distance: Int64) -> UInt8 {
    let reach: Int64 = (1 << 32) - (1 << 28)
    return distance >= -reach && distance < reach ? nearThunk : farThunk
  }

  static func thunkSize(_ form: UInt8) -> UInt64 {
    form == nearThunk ? 12 : form == farThunk ? 28 : 8
  }

  static func thunkName(_ form: UInt8) -> String {
    switch form {
    case farThunk: "__AArch64FarThunk_"
    case Patch.a53_843419: "__CortexA53843419_"
    case Patch.a53_835769: "__CortexA53835769_"
    default: "__AArch64ADRPThunk_"
    }
  }
  static func thunkMarks(_ form: UInt8) -> [(name: String, offset: UInt64)] { [("$x", 0)] }

  static func writeThunk(
    _ form: UInt8, to out: OutputBytes, at offset: Int, place: UInt64, target: UInt64
  ) -> Bool {
    if form == farThunk {
      let distance = target &- place
      out.store(Instruction.adr(17), at: offset)  // of itself
      for group in 0..<4 as Range<UInt32> {
        let move =
          group == 0
          ? Instruction.movz(16, group: 0) : Instruction.movk(16, group: group)
        out.store(
          Instruction.withMove(move, distance >> (16 * UInt64(group))),
          at: offset + 4 + 4 * Int(group))
      }
      out.store(Instruction.addRegister(16, 16, 17), at: offset + 20)
      out.store(Instruction.branchX16, at: offset + 24)
      return true
    }
    let distance = page(target) &- page(place)
    out.store(Instruction.withPage(Instruction.adrp(16), distance), at: offset)
    out.store(Instruction.withLow12(Instruction.add(16, 16), target), at: offset + 4)
    out.store(Instruction.branchX16, at: offset + 8)
    let signed = Int64(bitPattern: distance)
    return signed >= -(1 << 32) && signed < 1 << 32
  }
}
