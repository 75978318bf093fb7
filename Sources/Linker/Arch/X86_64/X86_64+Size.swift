// R_X86_64_SIZE32 and SIZE64: the size of a symbol.

internal import ELF

extension X86_64 {
  /// Whether the dynamic linker stores a symbol's size: that of the definition it finds.
  @inline(__always) static func isSizeLookedUp(
    _ type: Relocation, _ facts: SymbolFlags, isWritable: Bool
  ) -> Bool {
    type == .size64 && isWritable && facts.contains(.imported) && !facts.contains(.shared)
  }
}

extension SectionApplier where T == X86_64 {
  mutating func applySize(
    _ type: X86_64.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ P: UInt64
  ) {
    let target = context.definition[row]
    let isWritable = section.kind.contains(.write)
    if X86_64.isSizeLookedUp(type, context.flags[target], isWritable: isWritable) {
      addSymbolic(type.rawValue, target, P, UInt64(bitPattern: record.addend))
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
