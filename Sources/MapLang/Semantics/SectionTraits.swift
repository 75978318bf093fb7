// What the language knows of an input section besides its name and its file.
//
// The linker translates the flags and types of its object format into these few traits; the kinds
// (`@code`, `@bss`, …) and the table of section 5.1 of the design are defined on them alone. The
// kinds are disjoint, so two of them never claim one section.

/// Properties of an input section that the choice of a rule looks at.
public struct SectionTraits: OptionSet, Sendable, Hashable {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Takes part in the memory image. The ELF name is SHF_ALLOC.
  public static var alloc: Self { Self(rawValue: 1 << 0) }
  /// Writable at run time. The ELF name is SHF_WRITE.
  public static var write: Self { Self(rawValue: 1 << 1) }
  /// Executable. The ELF name is SHF_EXECINSTR.
  public static var exec: Self { Self(rawValue: 1 << 2) }
  /// Thread-local. The ELF name is SHF_TLS.
  public static var tls: Self { Self(rawValue: 1 << 3) }
  /// Has no bytes in the file. The ELF name is SHT_NOBITS.
  public static var noBits: Self { Self(rawValue: 1 << 4) }
  /// The ELF name is SHT_NOTE.
  public static var note: Self { Self(rawValue: 1 << 5) }
  /// Of a type that a run-time or the linker reads: `.init_array` and kin, `.eh_frame`,
  /// `.ARM.exidx`. Only names select it, never kinds or a bare `*`.
  public static var specialType: Self { Self(rawValue: 1 << 6) }
  /// Made by the linker: `.got`, `.plt`, `.dynamic`. Only its full name selects it.
  public static var linkerMade: Self { Self(rawValue: 1 << 7) }
  /// Stands for common symbols; its name is `COMMON`.
  public static var common: Self { Self(rawValue: 1 << 8) }

  /// How many bits are in use: the size of a table indexed by `rawValue`.
  static var bitCount: Int { 9 }

  /// The kind of an ordinary allocated section; nil for one that is not allocated.
  public var kind: SectionKind? {
    guard contains(.alloc) else { return nil }
    if contains(.tls) { return contains(.noBits) || contains(.common) ? .tbss : .tdata }
    if contains(.note) { return .note }
    if contains(.exec) { return .code }
    if contains(.write) { return contains(.noBits) || contains(.common) ? .bss : .data }
    return contains(.common) ? .bss : .rodata
  }
}

/// The kinds that a map writes with an `@`.
public enum SectionKind: UInt8, Sendable, CaseIterable {
  /// Allocated SHT_NOTE.
  case note
  /// Neither writable, executable nor a note.
  case rodata
  /// Executable.
  case code
  /// Thread-local with bytes.
  case tdata
  /// Thread-local without bytes.
  case tbss
  /// Writable with bytes, not executable.
  case data
  /// Writable without bytes, and common symbols.
  case bss
  /// All of the others.
  case alloc

  /// The word behind the `@`.
  public var name: String {
    switch self {
    case .note: "note"
    case .rodata: "rodata"
    case .code: "code"
    case .tdata: "tdata"
    case .tbss: "tbss"
    case .data: "data"
    case .bss: "bss"
    case .alloc: "alloc"
    }
  }
}

/// Access rights of memory: what a region allows, a segment grants, a section needs.
public struct Access: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `r`. The ELF name is PF_R.
  public static var read: Self { Self(rawValue: 1) }
  /// `w`. The ELF name is PF_W.
  public static var write: Self { Self(rawValue: 2) }
  /// `x`. The ELF name is PF_X.
  public static var execute: Self { Self(rawValue: 4) }

  /// As the map writes it: `rx`, `rw`, `w`.
  public var text: String {
    (contains(.read) ? "r" : "") + (contains(.write) ? "w" : "") + (contains(.execute) ? "x" : "")
  }
}
