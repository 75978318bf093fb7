// Loads from the GOT, and those that become computations.

internal import ELF

extension SectionApplier where T == X86_64 {
  func applyGOTLoad(
    _ type: X86_64.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64,
    _ A: UInt64,
    _ P: UInt64
  ) {
    let target = context.definition[row]
    let bytes = section.instructions
    guard context.relaxes, X86_64.isRelaxable(type, record, context.flags[target], bytes),
      !X86_64.isFar(target, context.definingSection, context.sections),
      let load = X86_64.gotLoad(type, bytes, at: record.offset),
      isInReach(S &+ A &- P, row)
    else {
      storeSigned(gotEntry(row) &+ A &- P, 32, offset, record)
      return
    }
    switch load {
    case .mov:
      out.store(0x8d as UInt8, at: offset - 2)  // lea
      storeSigned(S &+ A &- P, 32, offset, record)
    case .call:
      out.store(0x67 as UInt8, at: offset - 2)  // addr32
      out.store(0xe8 as UInt8, at: offset - 1)  // call
      storeSigned(S &+ A &- P, 32, offset, record)
    case .jump:
      // The shorter jump begins at the same place, so it ends one byte earlier.
      out.store(0xe9 as UInt8, at: offset - 2)  // jmp
      storeSigned(S &+ A &- P &+ 1, 32, offset - 1, record)
      out.store(0x90 as UInt8, at: offset + 3)  // nop
    }
  }

  /// Whether a load may become a computation: the distance fits, or there is no entry to load from,
  /// and it is an error.
  private func isInReach(_ distance: UInt64, _ row: SymbolID) -> Bool {
    let signed = Int64(bitPattern: distance)
    // Of a jump the distance is one byte longer.
    if signed >= Int64(Int32.min) && signed < Int64(Int32.max) { return true }
    return (context.selection.entries.record(context.definition[row])?.got ?? -1) < 0
  }
}
