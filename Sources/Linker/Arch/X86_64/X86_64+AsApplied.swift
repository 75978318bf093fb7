// What is left of relocations whose instructions were replaced (--emit-relocs).

internal import ELF

extension X86_64 {
  /// Loads from the GOT that compute the address instead have a distance in their place. (Thread-local
  /// sequences keep their relocations, as with GNU ld: types for what they become are the same ones.)
  static func asApplied(_ record: Rela, _ place: AppliedPlace) -> Rela {
    switch Relocation(rawValue: record.type) {
    case .gotPCRelX, .rexGOTPCRelX:
      guard let (before, after) = place.words(UInt16.self, -2, at: record.offset), before != after
      else { return record }
      var result = record.retyped(Relocation.pc32.rawValue)
      // `jmp foo; nop` begins where `jmp *` did, and is a byte shorter.
      if after & 0xff == 0xe9 { result.offset -= 1 }
      return result
    default: return record
    }
  }
}
