// Relocations of sections that are not loaded.

internal import ELF

extension ARM {
  static func applyToDebug(_ id: SectionID, to out: OutputBytes, _ context: ApplyContext) {
    DebugApplier<ARM>(id, to: out, context).run()
  }

  static func debugField(_ type: Relocation) -> DebugField? {
    switch type {
    case .none: .nothing
    case .abs32, .abs32NoI, .target1: .value(4)
    case .abs16: .value(2)
    case .abs8: .value(1)
    case .rel32, .rel32NoI: .distance(4)
    case .gotOff32: .gotOffset(4)
    case .tlsLDO32, .tlsDTPOff32: .moduleOffset(4)
    case .tlsLE32, .tlsTPOff32: .pointerOffset(4)
    default: nil
    }
  }
}
