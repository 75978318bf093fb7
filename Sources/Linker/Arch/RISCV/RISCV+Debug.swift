// Relocations of sections that are not loaded: debug information.

internal import ELF

extension RISCV {
  static func applyToDebug(_ id: SectionID, to out: OutputBytes, _ context: ApplyContext) {
    DebugApplier<RISCV>(id, to: out, context).run()
  }

  static func debugField(_ type: Relocation) -> DebugField? {
    switch type {
    case .none, .relax: .nothing
    case .abs64: .value(8)
    case .abs32: .value(4)
    case .set32: .replaced(4)
    case .set16: .replaced(2)
    case .set8: .replaced(1)
    case .set6: .sixBits(isSubtracted: false)
    case .sub6: .sixBits(isSubtracted: true)
    case .add64: .added(8)
    case .add32: .added(4)
    case .add16: .added(2)
    case .add8: .added(1)
    case .sub64: .subtracted(8)
    case .sub32: .subtracted(4)
    case .sub16: .subtracted(2)
    case .sub8: .subtracted(1)
    case .setULEB128: .number(isSubtracted: false)
    case .subULEB128: .number(isSubtracted: true)
    case .pcrel32, .plt32: .distance(4)
    case .dtpRel64: .moduleOffset(8)
    case .dtpRel32: .moduleOffset(4)
    default: nil
    }
  }
}
