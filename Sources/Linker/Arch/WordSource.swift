// Which words are left to the dynamic linker. The scan counts its relocations, the packing of
// relative ones looks for them, and applying writes them; all ask here, with facts that no scan
// changes, so that they come to the same answer.

internal import ELF

/// Who fills a word that holds an address.
enum WordSource {
  /// This link: nothing about the value is open.
  case link
  /// Whoever loads the program adds where it is.
  case load
  /// The dynamic linker finds the symbol.
  case lookup
  /// An IFUNC's resolver answers; if a PLT entry became the function's address, like `load`.
  case resolver

  /// `copiesData`: as the option -z copyreloc.
  @inline(__always) init(
    _ facts: SymbolFlags, isWritable: Bool, isShared: Bool, isPositionIndependent: Bool,
    copiesData: Bool
  ) {
    if facts.contains(.imported) {
      // In read-only data of a program with a fixed place the address of a function or a copy is
      // known, and an undefined weak symbol of a program is zero.
      if isWritable {
        self = .lookup
      } else if !isPositionIndependent {
        let needsCopy = facts.contains(.shared) && !facts.contains(.function)
        self = needsCopy && !copiesData ? .lookup : .link
      } else {
        self = facts.contains(.undefined) && !isShared ? .link : .lookup
      }
    } else if !isPositionIndependent {
      self = .link
    } else if facts.contains(.ifunc) {
      self = .resolver
    } else {
      self = facts.contains(.absolute) ? .link : .load
    }
  }
}
