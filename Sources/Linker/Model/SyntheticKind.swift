// The sections that the linker makes itself. Each is one row of the section table, of the linker's
// own file, so the section map places it by its name like any other.

internal import ELF

enum SyntheticKind: UInt32, Sendable, CaseIterable {
  case fileHeaders
  case interpreter
  case noteProperty
  case noteBuildID
  case notePackage
  case sysvHash
  case gnuHash
  case dynamicSymbols
  case dynamicStrings
  case versionSymbols
  case versionDefinitions
  case versionNeeds
  case relaDynamic
  case relrDynamic
  case relaPLT
  case exceptionFrameHeader
  case exceptionFrames
  case plt
  case pltGOT
  case pltSecondary
  /// Code that changes the processor's state on the way to a function.
  case veneers
  /// Code for branches that do not reach their targets; there may be several rows.
  case thunks
  case dynamic
  case got
  case gotPLT
  case copyRelro
  case copy
  /// Entries of the unwind index for what has none.
  case unwindStops
  /// Build attributes of all objects.
  case attributes
  /// The slots and regions of the map, for the editor.
  case slotRegistry
  /// Names and addresses for gdb.
  case gdbIndex

  /// The section's name, by which the map places it.
  func name(_ target: TargetFacts) -> String {
    switch self {
    case .fileHeaders: ""
    case .interpreter: ".interp"
    case .noteProperty: ".note.gnu.property"
    case .noteBuildID: ".note.gnu.build-id"
    case .notePackage: ".note.package"
    case .sysvHash: ".hash"
    case .gnuHash: ".gnu.hash"
    case .dynamicSymbols: ".dynsym"
    case .dynamicStrings: ".dynstr"
    case .versionSymbols: ".gnu.version"
    case .versionDefinitions: ".gnu.version_d"
    case .versionNeeds: ".gnu.version_r"
    case .relaDynamic: target.hasAddends ? ".rela.dyn" : ".rel.dyn"
    case .relrDynamic: ".relr.dyn"
    case .relaPLT: target.hasAddends ? ".rela.plt" : ".rel.plt"
    case .exceptionFrameHeader: ".eh_frame_hdr"
    case .exceptionFrames: ".eh_frame"
    case .plt: ".plt"
    case .pltGOT: ".plt.got"
    case .pltSecondary: ".plt.sec"
    case .veneers: ".text.veneers"
    case .thunks: ".text.thunks"
    case .dynamic: ".dynamic"
    case .got: ".got"
    case .gotPLT: ".got.plt"
    case .copyRelro: ".copyrel.rel.ro"
    case .copy: ".copyrel"
    case .unwindStops: target.unwindIndex?.name ?? ""
    case .attributes: target.attributes.map { "\($0.name)" } ?? ""
    case .slotRegistry: SlotNote.sectionName
    case .gdbIndex: ".gdb_index"
    }
  }

  /// `sh_type`.
  func type(_ target: TargetFacts) -> UInt32 {
    switch self {
    case .noteProperty, .noteBuildID, .notePackage, .slotRegistry: SHT.NOTE
    case .sysvHash: SHT.HASH
    case .gnuHash: SHT.GNU_HASH
    case .dynamicSymbols: SHT.DYNSYM
    case .dynamicStrings: SHT.STRTAB
    case .versionSymbols: SHT.GNU_VERSYM
    case .versionDefinitions: SHT.GNU_VERDEF
    case .versionNeeds: SHT.GNU_VERNEED
    case .relaDynamic, .relaPLT: target.hasAddends ? SHT.RELA : SHT.REL
    case .relrDynamic: SHT.RELR
    case .dynamic: SHT.DYNAMIC
    case .copy: SHT.NOBITS
    case .attributes: target.attributeSectionType
    case .unwindStops: target.unwindIndexType
    // In the middle of the RELRO part, so it has bytes, all zero until the dynamic linker copies.
    case .copyRelro: SHT.PROGBITS
    case .fileHeaders, .interpreter, .exceptionFrameHeader, .exceptionFrames, .plt, .pltGOT,
      .pltSecondary, .veneers, .thunks, .got, .gotPLT, .gdbIndex:
      SHT.PROGBITS
    }
  }

  var kind: InputSectionKind {
    var kind: InputSectionKind = [.used, .alloc, .synthetic]
    switch self {
    case .plt, .pltGOT, .pltSecondary, .veneers, .thunks: kind.insert(.exec)
    case .dynamic, .got, .gotPLT, .copyRelro: kind.insert(.write)
    case .copy: kind.formUnion([.write, .noBits])
    case .noteProperty, .noteBuildID, .notePackage: kind.insert(.note)
    case .exceptionFrames: kind.insert(.exceptionFrames)
    case .slotRegistry: kind = [.used, .synthetic, .note]
    case .attributes, .gdbIndex: kind = [.used, .synthetic]
    default: break
    }
    return kind
  }

  func alignmentShift(_ format: Format) -> UInt8 {
    switch self {
    case .interpreter, .dynamicStrings, .attributes: 0
    case .versionSymbols: 1
    case .noteBuildID, .notePackage, .exceptionFrameHeader, .sysvHash, .slotRegistry, .thunks,
      .gdbIndex:
      2
    case .plt, .pltGOT, .pltSecondary: 4
    default: format.is64 ? 3 : 2
    }
  }

  /// `sh_entsize`.
  func entrySize(_ target: TargetFacts) -> UInt64 {
    let format = target.format
    return switch self {
    case .dynamicSymbols: UInt64(format.symbolEntrySize)
    case .relaDynamic, .relaPLT: UInt64(target.relocationEntrySize)
    case .versionSymbols: 2
    case .sysvHash: 4
    // 64-bit files have words of two sizes in it. (GNU ld)
    case .gnuHash: format.is64 ? 0 : 4
    case .relrDynamic, .got, .gotPLT: UInt64(format.wordSize)
    case .dynamic: UInt64(format.dynamicEntrySize)
    // Its first entry may have another size.
    case .plt: target.pltHeaderSize % target.pltEntrySize == 0 ? target.pltEntrySize : 0
    case .pltSecondary: target.pltEntrySize
    case .pltGOT: target.pltGOTEntrySize
    default: 0
    }
  }
}
