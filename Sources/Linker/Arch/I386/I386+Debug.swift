// Relocations of sections that are not loaded.

internal import ELF

extension I386 {
  static func applyToDebug(_ id: SectionID, to out: OutputBytes, _ context: ApplyContext) {
    DebugApplier<I386>(id, to: out, context).run()
  }

  static func debugField(_ type: Relocation) -> DebugField? {
    switch type {
    case .none: .nothing
    case .abs32: .value(4)
    case .abs16: .value(2)
    case .abs8: .value(1)
    case .pc32, .plt32: .distance(4)
    case .gotOff: .gotOffset(4)
    case .tlsLDO32, .dtpOff32: .moduleOffset(4)
    case .tlsLE, .tpOff: .pointerOffset(4)
    case .size32: .size(4)
    default: nil
    }
  }
}
