// What is left of relocations whose instructions were replaced (--emit-relocs).

internal import ELF

extension I386 {
  /// Loads from the GOT that compute the address instead have it, or a distance, in their place.
  static func asApplied(_ record: Rela, _ place: AppliedPlace) -> Rela {
    guard record.type == Relocation.got32X.rawValue,
      let (before, after) = place.words(UInt16.self, -2, at: record.offset), before != after,
      let load = gotLoad(place.section.instructions, at: place.records[place.index].offset)
    else { return record }
    switch load {
    case .mov: return record.retyped(Relocation.gotOff.rawValue)
    case .movAbsolute: return record.retyped(Relocation.abs32.rawValue)
    case .call: return record.retyped(Relocation.pc32.rawValue)
    case .jump:
      // `jmp foo; nop` begins where `jmp *` did, and is a byte shorter.
      var result = record.retyped(Relocation.pc32.rawValue)
      result.offset -= 1
      return result
    }
  }
}
