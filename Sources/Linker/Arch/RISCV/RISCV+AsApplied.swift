// What is left of relocations whose instructions were replaced (--emit-relocs).
//
// R_RISCV_ALIGN is done once and for all, and R_RISCV_RELAX with what it stands beside: leaving more out
// later would need the addresses of now.

internal import ELF

extension RISCV {
  static func asApplied(_ record: Rela, _ place: AppliedPlace) -> Rela {
    guard let type = RISCVRelocation(rawValue: record.type) else { return record }
    let none = Rela(offset: record.offset, type: 0, symbol: 0, addend: 0)
    switch type {
    case .align, .relax: return none
    case .pcrelLo12I, .pcrelLo12S, .lo12I, .lo12S: return lowAsApplied(type, record, place)
    default:
      switch place.cuts.cut(of: place.index).flatMap({ RISCVForm(rawValue: $0.form) }) {
      case .jump: return record.retyped(RISCVRelocation.jal.rawValue)
      case .compressedJump: return record.retyped(RISCVRelocation.rvcJump.rawValue)
      case .nearZero: return record.retyped(RISCVRelocation.lo12I.rawValue)
      case .compressedUpper: return record.retyped(46)  // R_RISCV_RVC_LUI
      case .dropped, .droppedSmall: return none
      case .full, .aligned, nil: return record
      }
    }
  }

  /// The lower part of an address whose upper part was dropped counts from another register, and
  /// names the symbol itself and not the place of the upper part.
  private static func lowAsApplied(
    _ type: RISCVRelocation, _ record: Rela, _ place: AppliedPlace
  ) -> Rela {
    guard let (before, after) = place.words(UInt32.self, 0, at: record.offset) else {
      return record
    }
    let register = after >> 15 & 31
    let isStore = type == .pcrelLo12S || type == .lo12S
    guard register != before >> 15 & 31 else { return record }
    var result = record
    if type == .pcrelLo12I || type == .pcrelLo12S {
      var pairs = RISCVPairs()
      guard let high = pairs.find(record, place.records, place.file, place.section) else {
        return record
      }
      result = Rela(
        offset: record.offset, type: record.type, symbol: high.record.symbol,
        addend: high.record.addend)
    }
    let isSmall = register == RISCVRegister.gp
    // R_RISCV_GPREL_I and R_RISCV_GPREL_S are between linker and tools; objects have none.
    let load: UInt32 = isSmall ? 47 : RISCVRelocation.lo12I.rawValue
    let store: UInt32 = isSmall ? 48 : RISCVRelocation.lo12S.rawValue
    return result.retyped(isStore ? store : load)
  }
}
