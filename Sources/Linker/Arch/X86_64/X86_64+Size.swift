// R_X86_64_SIZE32 and SIZE64: the size of a symbol.

internal import ELF

extension X86_64 {
  /// Whether the dynamic linker stores a symbol's size: that of the definition it finds.
  /// In read-only data that would be a text relocation, so only of what nobody here defines.
  @inline(__always) static func isSizeLookedUp(
    _ facts: SymbolFlags, isWritable: Bool, isShared: Bool
  ) -> Bool {
    facts.contains(.imported) && !facts.contains(.shared)
      && (isWritable || isShared && facts.contains(.undefined))
  }
}

extension SectionApplier where T == X86_64 {
  mutating func applySize(
    _ type: X86_64.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ P: UInt64
  ) {
    let target = context.definition[row]
    let isWritable = section.kind.contains(.write)
    if X86_64.isSizeLookedUp(
      context.flags[target], isWritable: isWritable, isShared: context.isShared)
    {
      addSymbolic(type.rawValue, target, P, UInt64(bitPattern: record.addend))
      if type == .size64 { out.store(0 as UInt64, at: offset) } else { store(0, 32, offset) }
      return
    }
    let size = context.selection.size(of: target)
    let value = size &+ UInt64(bitPattern: record.addend)
    if type == .size64 {
      out.store(value, at: offset)
    } else {
      storeUnsigned(value, 32, offset, record)
    }
  }
}
