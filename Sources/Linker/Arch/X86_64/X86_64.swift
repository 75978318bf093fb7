// The x86-64 instruction set, as the linker sees it (System V ABI, AMD64 supplement).
//
// The facets of the type are in the files beside this one: what a relocation needs (+Scan), how it
// is applied (+Apply), which instruction sequences are replaced (+Relax), and the PLT (+PLT).

internal import ELF
internal import Parallel

enum X86_64: Target {
  /// Made once, for what a file is is asked of every member of every archive.
  static let facts = TargetFacts(
    machine: .x86_64, name: EM.name(EM.X86_64), format: .native, elfMachine: EM.X86_64,
    emulations: ["elf_x86_64"], outputFormats: ["elf64-x86-64"],
    architectures: ["i386:x86-64", "i386:x86-64:intel", "i386:x86-64:nacl"],
    interpreter: "/lib64/ld-linux-x86-64.so.2", imageBase: 0x40_0000, maxPageSize: 4096,
    libraryTriplet: "x86_64-linux-gnu", libraryFolders: ["lib64"],
    trap: FillPattern(0xcc),  // int3
    nop: FillPattern(0x90), hasAddends: true,
    dynamic: DynamicRelocationNumbers(
      absolute: Relocation.abs64.rawValue, globDat: Relocation.globDat.rawValue,
      jumpSlot: Relocation.jumpSlot.rawValue, copy: Relocation.copy.rawValue,
      relative: Relocation.relative.rawValue, iRelative: Relocation.iRelative.rawValue,
      dtpMod: Relocation.dtpMod64.rawValue, dtpOff: Relocation.dtpOff64.rawValue,
      tpOff: Relocation.tpOff64.rawValue, tlsDesc: Relocation.tlsDesc.rawValue),
    threadLocal: ThreadLocalABI(variant: .below),
    gotPLTHeaderEntries: gotPLTHeaderEntries, pltHeaderSize: pltHeaderSize,
    pltEntrySize: pltEntrySize, pltGOTEntrySize: pltGOTEntrySize,
    properties: .x86, largeCommonIndex: SHN.X86_64_LCOMMON, largeSectionFlag: SHF.X86_64_LARGE,
    unwindSectionType: SHT.X86_64_UNWIND)

  /// Relocation types: psABI, table "Relocation Types". The case is the ELF name without
  /// `R_X86_64_`.
  enum Relocation: UInt32, RelocationType {
    case none = 0
    /// S + A, 64 bits
    case abs64 = 1
    /// S + A − P
    case pc32 = 2
    /// G + A
    case got32 = 3
    /// L + A − P
    case plt32 = 4
    case copy = 5
    case globDat = 6
    case jumpSlot = 7
    case relative = 8
    /// G + GOT + A − P
    case gotPCRel = 9
    /// S + A, zero extended
    case abs32 = 10
    /// S + A, sign extended
    case abs32S = 11
    case abs16 = 12
    case pc16 = 13
    case abs8 = 14
    case pc8 = 15
    case dtpMod64 = 16
    case dtpOff64 = 17
    case tpOff64 = 18
    case tlsGD = 19
    case tlsLD = 20
    case dtpOff32 = 21
    case gotTPOff = 22
    case tpOff32 = 23
    case pc64 = 24
    /// S + A − GOT
    case gotOff64 = 25
    /// GOT + A − P
    case gotPC32 = 26
    case got64 = 27
    case gotPCRel64 = 28
    case gotPC64 = 29
    case gotPLT64 = 30
    case pltOff64 = 31
    case size32 = 32
    case size64 = 33
    case gotPC32TLSDesc = 34
    case tlsDescCall = 35
    case tlsDesc = 36
    case iRelative = 37
    case relative64 = 38
    case gotPCRelX = 41
    case rexGOTPCRelX = 42
    /// The APX forms, whose instructions have a 4-byte prefix.
    case code4GOTPCRelX = 43
    case code4GOTTPOff = 44
    case code4GOTPC32TLSDesc = 45

    /// The ELF name.
    var name: String {
      let suffix =
        switch self {
        case .none: "NONE"
        case .abs64: "64"
        case .pc32: "PC32"
        case .got32: "GOT32"
        case .plt32: "PLT32"
        case .copy: "COPY"
        case .globDat: "GLOB_DAT"
        case .jumpSlot: "JUMP_SLOT"
        case .relative: "RELATIVE"
        case .gotPCRel: "GOTPCREL"
        case .abs32: "32"
        case .abs32S: "32S"
        case .abs16: "16"
        case .pc16: "PC16"
        case .abs8: "8"
        case .pc8: "PC8"
        case .dtpMod64: "DTPMOD64"
        case .dtpOff64: "DTPOFF64"
        case .tpOff64: "TPOFF64"
        case .tlsGD: "TLSGD"
        case .tlsLD: "TLSLD"
        case .dtpOff32: "DTPOFF32"
        case .gotTPOff: "GOTTPOFF"
        case .tpOff32: "TPOFF32"
        case .pc64: "PC64"
        case .gotOff64: "GOTOFF64"
        case .gotPC32: "GOTPC32"
        case .got64: "GOT64"
        case .gotPCRel64: "GOTPCREL64"
        case .gotPC64: "GOTPC64"
        case .gotPLT64: "GOTPLT64"
        case .pltOff64: "PLTOFF64"
        case .size32: "SIZE32"
        case .size64: "SIZE64"
        case .gotPC32TLSDesc: "GOTPC32_TLSDESC"
        case .tlsDescCall: "TLSDESC_CALL"
        case .tlsDesc: "TLSDESC"
        case .iRelative: "IRELATIVE"
        case .relative64: "RELATIVE64"
        case .gotPCRelX: "GOTPCRELX"
        case .rexGOTPCRelX: "REX_GOTPCRELX"
        case .code4GOTPCRelX: "CODE_4_GOTPCRELX"
        case .code4GOTTPOff: "CODE_4_GOTTPOFF"
        case .code4GOTPC32TLSDesc: "CODE_4_GOTPC32_TLSDESC"
        }
      return "R_X86_64_\(suffix)"
    }

    /// Bytes that applying it changes.
    var width: Int {
      switch self {
      case .none, .tlsDescCall: 0
      case .abs8, .pc8: 1
      case .abs16, .pc16: 2
      case .abs64, .pc64, .gotOff64, .got64, .gotPCRel64, .gotPC64, .gotPLT64, .pltOff64, .size64,
        .dtpMod64, .dtpOff64, .tpOff64, .globDat, .jumpSlot, .relative, .iRelative, .relative64:
        8
      case .tlsDesc: 16
      default: 4
      }
    }
  }

  static func wordSize(_ type: UInt32) -> Int? {
    switch Relocation(rawValue: type) {
    case .abs64, .pc64, .dtpOff64, .tpOff64: 8
    case .abs32, .abs32S, .pc32, .plt32, .dtpOff32, .tpOff32: 4
    default: nil
    }
  }

  static func isDistance(_ type: UInt32) -> Bool {
    type == Relocation.pc32.rawValue || type == Relocation.pc64.rawValue
  }

  static func isNone(_ type: UInt32) -> Bool { type == Relocation.none.rawValue }

  static func scan(
    _ id: SectionID, _ context: ScanContext, _ reached: inout Worklist, _ worker: Worker
  ) {
    SectionScanner<X86_64>.run(id, context, &reached, worker)
  }

  static func scan(
    _ records: RecordView<Rela>, of section: InputSection, _ id: SectionID, in range: Range<Int>,
    _ context: ScanContext, _ reached: inout Worklist, _ worker: Worker
  ) {
    SectionScanner<X86_64>.run(records, of: section, id, in: range, context, &reached, worker)
  }

  static func isCall(_ record: Rela, _ section: InputSection) -> Bool {
    record.type == Relocation.plt32.rawValue || record.type == Relocation.pltOff64.rawValue
      || record.type == Relocation.pc32.rawValue
        && isBranch(section.instructions, at: record.offset)
  }

  /// Whether a type is one of those that 95 % of relocations have, PC32 and PLT32. By one test: two
  /// comparisons are mispredicted between them (docs/Experiments.md, E2).
  @inline(__always) static func isDominant(_ type: UInt32) -> Bool {
    let mask = 1 << UInt64(Relocation.pc32.rawValue) | 1 << UInt64(Relocation.plt32.rawValue)
    return type < 64 && mask >> UInt64(type) & 1 != 0
  }

  /// Bytes of the PLT's first entry, which calls the dynamic linker.
  static var pltHeaderSize: UInt64 { 16 }
  static var pltEntrySize: UInt64 { 16 }
  static var pltGOTEntrySize: UInt64 { 16 }
  /// `.got.plt` begins with the address of `.dynamic` and two words for the dynamic linker.
  static var gotPLTHeaderEntries: Int { 3 }
}
