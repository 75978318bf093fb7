// What helps a branch that does not reach its target: `adrp x16, …; add x16, x16, …; br x16`. The
// procedure call standard leaves x16 to it (AAPCS64, "Use of IP0 and IP1 by the linker").

internal import ELF

extension AArch64 {
  /// `b` and `bl`: 128 MiB.
  static var callReach: BranchReach { BranchReach(lower: -(1 << 27), upper: 1 << 27 - 4) }

  static func branchReach(_ type: UInt32) -> BranchReach? {
    type == Relocation.call26.rawValue || type == Relocation.jump26.rawValue ? callReach : nil
  }

  static func thunkSize(_ kind: UInt8) -> UInt64 { kind == 0 ? 12 : 8 }
  static func thunkName(_ kind: UInt8) -> String {
    switch kind {
    case Patch.a53_843419: "__CortexA53843419_"
    case Patch.a53_835769: "__CortexA53835769_"
    default: "__AArch64ADRPThunk_"
    }
  }
  static func thunkMarks(_ kind: UInt8) -> [(name: String, offset: UInt64)] { [("$x", 0)] }

  static func writeThunk(
    _ kind: UInt8, to out: OutputBytes, at offset: Int, place: UInt64, target: UInt64
  ) -> Bool {
    let distance = page(target) &- page(place)
    out.store(Instruction.withPage(Instruction.adrp(16), distance), at: offset)
    out.store(Instruction.withLow12(Instruction.add(16, 16), target), at: offset + 4)
    out.store(Instruction.branchX16, at: offset + 8)
    let signed = Int64(bitPattern: distance)
    return signed >= -(1 << 32) && signed < 1 << 32
  }
}
