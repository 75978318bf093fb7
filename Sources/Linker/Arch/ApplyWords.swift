// Words that the dynamic linker may fill: addresses of symbols.

internal import ELF

extension SectionApplier {
  mutating func applyWord(
    _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64, _ A: UInt64, _ P: UInt64
  ) {
    let target = context.definition[row]
    let facts = context.flags[target]
    let source = WordSource(
      facts, isWritable: section.kind.contains(.write), isShared: context.isShared,
      isPositionIndependent: context.isPositionIndependent, copiesData: context.copiesData)
    switch source {
    case .link:
      out.storeWord(S &+ A, at: offset, context.format)
    case .lookup:
      addSymbolic(context.wordType, target, P, A)
      out.storeWord(context.applyAddends ? A : 0, at: offset, context.format)
    case .resolver where !facts.contains(.needsCanonicalPLT):
      // Layout.writeIndirect has the IRELATIVE relocation.
      let resolver =
        context.hasAddends ? 0 : context.layout.definitionAddress(target) &+ A
      out.storeWord(resolver, at: offset, context.format)
    case .load, .resolver:
      if context.packsRelative && context.layout.isPackable(section, id) {
        out.storeWord(S &+ A, at: offset, context.format)
        return
      }
      DynamicRelocations.store(
        Rela(
          offset: P, type: context.relativeType, symbol: 0,
          addend: Int64(bitPattern: S &+ A)), entry: nextRelative, in: context.relaDynamic,
        context.format, hasAddends: context.hasAddends)
      nextRelative += 1
      out.storeWord(context.applyAddends ? S &+ A : 0, at: offset, context.format)
    }
  }

  /// Adds a dynamic relocation that names a symbol.
  mutating func addSymbolic(
    _ type: UInt32, _ target: SymbolID, _ P: UInt64, _ A: UInt64
  ) {
    let index = context.selection.entries.record(target)?.dynamicSymbol ?? 0
    DynamicRelocations.store(
      Rela(
        offset: P, type: type, symbol: UInt32(bitPattern: index),
        addend: Int64(bitPattern: A)), entry: nextSymbolic, in: context.relaDynamic,
      context.format, hasAddends: context.hasAddends)
    nextSymbolic += 1
  }
}
