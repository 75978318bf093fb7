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
