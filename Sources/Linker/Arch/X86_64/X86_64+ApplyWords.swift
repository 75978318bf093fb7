// Words that the dynamic linker may fill: the address or the size of a symbol in 64 bits.

internal import ELF

extension SectionApplier {
  mutating func applyWord(
    _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64, _ A: UInt64, _ P: UInt64
  ) {
    let target = context.definition[row]
    let facts = context.flags[target]
    let source = WordSource(
      facts, isWritable: section.kind.contains(.write), isShared: context.isShared,
      isPositionIndependent: context.isPositionIndependent)
    switch source {
    case .link:
      out.store(S &+ A, at: offset)
    case .lookup:
      addSymbolic(.abs64, target, P, A)
      out.store(context.applyAddends ? A : 0, at: offset)
    case .resolver where !facts.contains(.needsCanonicalPLT):
      // The IRELATIVE relocation stands behind those of the PLT.
      out.store(0 as UInt64, at: offset)
    case .load, .resolver:
      if context.packsRelative && context.layout.isPackable(section, id) {
        out.store(S &+ A, at: offset)
        return
      }
      context.layout.relaDynamic.store(
        Rela(
          offset: P, type: Relocation.relative.rawValue, symbol: 0,
          addend: Int64(bitPattern: S &+ A)), entry: relativeSlot, .native)
      relativeSlot += 1
      out.store(context.applyAddends ? S &+ A : 0, at: offset)
    }
  }

  /// Adds a dynamic relocation that names a symbol.
  mutating func addSymbolic(
    _ type: Relocation, _ target: SymbolID, _ P: UInt64, _ A: UInt64
  ) {
    let index = context.selection.slots.record(target)?.dynamicSymbol ?? 0
    context.layout.relaDynamic.store(
      Rela(
        offset: P, type: type.rawValue, symbol: UInt32(bitPattern: index),
        addend: Int64(bitPattern: A)), entry: symbolicSlot, .native)
    symbolicSlot += 1
  }

  mutating func applySize(
    _ type: Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ P: UInt64
  ) {
    let target = context.definition[row]
    let isWritable = section.kind.contains(.write)
    if X86_64.isSizeLookedUp(type, context.flags[target], isWritable: isWritable) {
      addSymbolic(type, target, P, UInt64(bitPattern: record.addend))
      out.store(0 as UInt64, at: offset)
      return
    }
    let size = context.selection.inputs.entry(of: context.definition[row]).symbol.size
    let value = size &+ UInt64(bitPattern: record.addend)
    if type == .size64 {
      out.store(value, at: offset)
    } else {
      storeUnsigned(value, 32, offset, record)
    }
  }
}
