// Which words are left to the dynamic linker. The scan counts its relocations, the packing of
// relative ones looks for them, and applying writes them; all ask here, with facts that no scan
// changes, so that they come to the same answer.

internal import ELF

extension X86_64 {
  /// Who fills a 64-bit word that holds an address.
  enum WordSource {
    /// This link: nothing about the value is open.
    case link
    /// Whoever loads the program adds where it is.
    case load
    /// The dynamic linker finds the symbol.
    case lookup
    /// An IFUNC's resolver answers; if a PLT entry became the function's address, like `load`.
    case resolver
  }

  @inline(__always) static func wordSource(
    _ facts: SymbolFlags, isWritable: Bool, isShared: Bool, isPositionIndependent: Bool
  ) -> WordSource {
    if facts.contains(.imported) {
      if isWritable { return .lookup }
      // In read-only data the address of a function or a copy is known, and an undefined weak
      // symbol of a program is zero.
      if !isPositionIndependent { return .link }
      return facts.contains(.undefined) && !isShared ? .link : .lookup
    }
    if !isPositionIndependent { return .link }
    if facts.contains(.ifunc) { return .resolver }
    return facts.contains(.absolute) ? .link : .load
  }

  /// Whether the dynamic linker stores a symbol's size: that of the definition it finds.
  @inline(__always) static func isSizeLookedUp(
    _ type: Relocation, _ facts: SymbolFlags, isWritable: Bool
  ) -> Bool {
    type == .size64 && isWritable && facts.contains(.imported) && !facts.contains(.shared)
  }
}
