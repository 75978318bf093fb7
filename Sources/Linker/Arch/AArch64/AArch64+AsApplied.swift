// What is left of relocations whose instructions were replaced (--emit-relocs).

internal import ELF

extension AArch64 {
  /// Loads from the GOT may have become `adrp` and `add`, and an address near by `nop` and `adr`. The
  /// instructions themselves tell.
  static func asApplied(_ record: Rela, _ place: AppliedPlace) -> Rela {
    guard let type = Relocation(rawValue: record.type) else { return record }
    switch type {
    case .adrGotPage, .adrPrelPgHi21:
      guard let (before, after) = place.words(UInt32.self, 0, at: record.offset) else {
        return record
      }
      if Instruction.isADRP(before), after == Instruction.nop {
        return record.retyped(Relocation.none.rawValue)
      }
      guard type == .adrGotPage, let next = place.words(UInt32.self, 4, at: record.offset),
        Instruction.isLoad(next.before), Instruction.isAdd(next.after)
      else { return record }
      return record.retyped(Relocation.adrPrelPgHi21.rawValue)
    case .ld64GotLo12Nc, .addAbsLo12Nc:
      guard let (_, after) = place.words(UInt32.self, 0, at: record.offset) else { return record }
      if Instruction.isADR(after) { return record.retyped(Relocation.adrPrelLo21.rawValue) }
      return Instruction.isAdd(after) ? record.retyped(Relocation.addAbsLo12Nc.rawValue) : record
    default: return record
    }
  }
}
