// What is known about a symbol, as bits at its defining row: the row that `Program.definition` names.

internal import ELF

/// Facts from resolution and needs from the relocation scan.
struct SymbolFlags: OptionSet, Sendable {
  let rawValue: UInt32
  init(rawValue: UInt32) { self.rawValue = rawValue }
  private init(bit: UInt32) { rawValue = 1 << bit }

  // Facts about the definition.

  /// Found at run time: defined in a shared library, left undefined for one, or replaceable by one.
  static var imported: SymbolFlags { SymbolFlags(bit: 0) }
  /// In `.dynsym` for others to find.
  static var exported: SymbolFlags { SymbolFlags(bit: 1) }
  /// Nobody defines it.
  static var undefined: SymbolFlags { SymbolFlags(bit: 2) }
  /// Its value does not move with the program: SHN_ABS, or an undefined weak symbol that is zero.
  static var absolute: SymbolFlags { SymbolFlags(bit: 3) }
  /// STT_FUNC or STT_GNU_IFUNC.
  static var function: SymbolFlags { SymbolFlags(bit: 4) }
  /// STT_GNU_IFUNC, defined in this output.
  static var ifunc: SymbolFlags { SymbolFlags(bit: 5) }
  /// STT_TLS.
  static var tls: SymbolFlags { SymbolFlags(bit: 6) }
  /// An object file refers to it.
  static var referenced: SymbolFlags { SymbolFlags(bit: 7) }
  /// At least one of the references, of objects or of -u, is not weak.
  static var stronglyReferenced: SymbolFlags { SymbolFlags(bit: 8) }
  /// A shared library of the link refers to it or defines it, so it must be exported.
  static var knownToShared: SymbolFlags { SymbolFlags(bit: 9) }
  /// The most constraining visibility that any object states.
  static var sawProtected: SymbolFlags { SymbolFlags(bit: 10) }
  static var sawHidden: SymbolFlags { SymbolFlags(bit: 11) }
  static var sawInternal: SymbolFlags { SymbolFlags(bit: 12) }
  /// Defined in a shared library.
  static var shared: SymbolFlags { SymbolFlags(bit: 13) }
  /// A version script or --exclude-libs made it local.
  static var forcedLocal: SymbolFlags { SymbolFlags(bit: 14) }
  /// Its section lost to another COMDAT group or to garbage collection.
  static var discarded: SymbolFlags { SymbolFlags(bit: 15) }
  /// Protected in the shared library that defines it.
  static var protectedInShared: SymbolFlags { SymbolFlags(bit: 16) }

  /// A `.gnu.warning` section is about it.
  static var hasWarning: SymbolFlags { SymbolFlags(bit: 17) }
  /// An object defines it weakly, in a section that lost to another COMDAT group.
  static var weakInLostGroup: SymbolFlags { SymbolFlags(bit: 19) }
  /// Nobody defines it, and it names a version (`foo@V`). Behind `decideImportsAndExports`: and it
  /// would be looked for at run time, but no library can be named that has the version.
  static var undefinedVersion: SymbolFlags { SymbolFlags(bit: 28) }

  // Needs.

  static var needsGOT: SymbolFlags { SymbolFlags(bit: 20) }
  static var needsPLT: SymbolFlags { SymbolFlags(bit: 21) }
  /// The PLT entry is the function's address.
  static var needsCanonicalPLT: SymbolFlags { SymbolFlags(bit: 22) }
  static var needsCopy: SymbolFlags { SymbolFlags(bit: 23) }
  /// A GOT entry with the offset from the thread pointer: initial-exec.
  static var needsGOTTP: SymbolFlags { SymbolFlags(bit: 24) }
  /// A pair of GOT entries for `__tls_get_addr`: general-dynamic.
  static var needsTLSGD: SymbolFlags { SymbolFlags(bit: 25) }
  static var needsTLSDesc: SymbolFlags { SymbolFlags(bit: 26) }
  /// A dynamic relocation names it.
  static var needsDynamicSymbol: SymbolFlags { SymbolFlags(bit: 27) }
  /// As `needsGOTTP`, with the other sign. (i386)
  static var needsNegatedGOTTP: SymbolFlags { SymbolFlags(bit: 31) }
  /// A live section refers to this symbol of the linker's own file.
  static var touched: SymbolFlags { SymbolFlags(bit: 29) }

  /// Some branch to it cannot change the processor's state.
  static var needsVeneer: SymbolFlags { SymbolFlags(bit: 30) }

  static var anyNeed: SymbolFlags {
    [
      .needsGOT, .needsPLT, .needsCanonicalPLT, .needsCopy, .needsGOTTP, .needsTLSGD,
      .needsTLSDesc, .needsDynamicSymbol, .needsVeneer, .needsNegatedGOTTP,
    ]
  }

  /// What an occurrence with this visibility (`STV`) tells.
  @inline(__always) init(visibility: UInt8) {
    switch visibility {
    case STV.PROTECTED: self = .sawProtected
    case STV.HIDDEN: self = .sawHidden
    case STV.INTERNAL: self = .sawInternal
    default: self = []
    }
  }

  /// What a definition of this type (`STT`) in an object is.
  init(type: UInt8) {
    switch type {
    case STT.FUNC: self = .function
    case STT.GNU_IFUNC: self = [.function, .ifunc]
    case STT.TLS: self = .tls
    default: self = []
    }
  }

  var isHidden: Bool { !isDisjoint(with: [.sawHidden, .sawInternal]) }

  /// Only a definition in this very output can serve its references (gABI, "Symbol Visibility").
  var isConfined: Bool { !isDisjoint(with: [.sawProtected, .sawHidden, .sawInternal]) }
}

/// Facts about an input file that passes add.
struct FileFlags: OptionSet, Sendable {
  let rawValue: UInt32
  /// Takes part in the link.
  static var live: FileFlags { FileFlags(rawValue: 1) }
  /// A shared library that something needs.
  static var needed: FileFlags { FileFlags(rawValue: 2) }
  /// A shared library that the output does not name, but which one that it names will load.
  static var loadedByOthers: FileFlags { FileFlags(rawValue: 4) }
}
