// The i386 instruction set, as the linker sees it (System V ABI, Intel386 Architecture Processor
// Supplement, version 1.1).
//
// Addresses have 32 bits and sums wrap around, so no 32-bit field overflows. Relocations have their
// addends in the bytes that they patch (SHT_REL). Position-independent code has the address of the
// GOT in a register, mostly %ebx.

internal import ELF
internal import Parallel

enum I386: DebugFieldTarget {
  /// Made once, for what a file is is asked of every member of every archive.
  static let facts = TargetFacts(
    machine: .i386, name: EM.name(EM.I386), format: Format(is64: false, order: .little),
    elfMachine: EM.I386, emulations: ["elf_i386"], outputFormats: ["elf32-i386"],
    architectures: ["i386", "i386:intel"],
    interpreter: "/lib/ld-linux.so.2", imageBase: 0x0804_8000, maxPageSize: 4096,
    libraryTriplet: "i386-linux-gnu", libraryFolders: ["lib32"],
    trap: FillPattern(0xcc),  // int3
    nop: FillPattern(0x90), hasAddends: false,
    dynamic: DynamicRelocationNumbers(
      absolute: Relocation.abs32.rawValue, globDat: Relocation.globDat.rawValue,
      jumpSlot: Relocation.jumpSlot.rawValue, copy: Relocation.copy.rawValue,
      relative: Relocation.relative.rawValue, iRelative: Relocation.iRelative.rawValue,
      dtpMod: Relocation.dtpMod32.rawValue, dtpOff: Relocation.dtpOff32.rawValue,
      tpOff: Relocation.tpOff.rawValue, tlsDesc: Relocation.tlsDesc.rawValue,
      negatedTPOff: Relocation.tpOff32.rawValue),
    threadLocal: ThreadLocalABI(variant: .below), gotPLTHeaderEntries: 3, pltHeaderSize: 16,
    pltEntrySize: 16, pltGOTEntrySize: 16, properties: .x86, pltNeedsGOTRegister: true)

  /// Relocation types: psABI, table "Relocation Types". The case is the ELF name without `R_386_`.
  enum Relocation: UInt32, RelocationType {
    case none = 0
    /// S + A
    case abs32 = 1
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
    /// S + A − GOT
    case gotOff = 9
    /// GOT + A − P
    case gotPC = 10
    /// The offset from the thread pointer.
    case tpOff = 14
    /// The address of the GOT entry with the offset from the thread pointer: `@indntpoff`.
    case tlsIE = 15
    /// The same as an offset from the GOT: `@gotntpoff`.
    case tlsGOTIE = 16
    /// The offset from the thread pointer: `@ntpoff`.
    case tlsLE = 17
    case tlsGD = 18
    case tlsLDM = 19
    case abs16 = 20
    case pc16 = 21
    case abs8 = 22
    case pc8 = 23
    case tlsLDO32 = 32
    /// As `tlsGOTIE`, for the offset with the other sign: `@gottpoff`.
    case tlsIE32 = 33
    /// The offset with the other sign: `@tpoff`.
    case tlsLE32 = 34
    case dtpMod32 = 35
    case dtpOff32 = 36
    /// The offset from the thread pointer with the other sign.
    case tpOff32 = 37
    case size32 = 38
    case tlsGOTDesc = 39
    case tlsDescCall = 40
    case tlsDesc = 41
    case iRelative = 42
    /// As `got32`, at an instruction that may be replaced.
    case got32X = 43

    var name: String {
      let suffix =
        switch self {
        case .none: "NONE"
        case .abs32: "32"
        case .pc32: "PC32"
        case .got32: "GOT32"
        case .plt32: "PLT32"
        case .copy: "COPY"
        case .globDat: "GLOB_DAT"
        case .jumpSlot: "JMP_SLOT"
        case .relative: "RELATIVE"
        case .gotOff: "GOTOFF"
        case .gotPC: "GOTPC"
        case .tpOff: "TLS_TPOFF"
        case .tlsIE: "TLS_IE"
        case .tlsGOTIE: "TLS_GOTIE"
        case .tlsLE: "TLS_LE"
        case .tlsGD: "TLS_GD"
        case .tlsLDM: "TLS_LDM"
        case .abs16: "16"
        case .pc16: "PC16"
        case .abs8: "8"
        case .pc8: "PC8"
        case .tlsLDO32: "TLS_LDO_32"
        case .tlsIE32: "TLS_IE_32"
        case .tlsLE32: "TLS_LE_32"
        case .dtpMod32: "TLS_DTPMOD32"
        case .dtpOff32: "TLS_DTPOFF32"
        case .tpOff32: "TLS_TPOFF32"
        case .size32: "SIZE32"
        case .tlsGOTDesc: "TLS_GOTDESC"
        case .tlsDescCall: "TLS_DESC_CALL"
        case .tlsDesc: "TLS_DESC"
        case .iRelative: "IRELATIVE"
        case .got32X: "GOT32X"
        }
      return "R_386_\(suffix)"
    }

    var width: Int {
      switch self {
      case .none, .tlsDescCall: 0
      case .abs8, .pc8: 1
      case .abs16, .pc16: 2
      case .tlsDesc: 8
      default: 4
      }
    }
  }

  static func wordSize(_ type: UInt32) -> Int? {
    switch Relocation(rawValue: type) {
    case .abs32, .pc32, .plt32, .tlsLDO32, .tlsLE, .tlsLE32, .dtpOff32: 4
    default: nil
    }
  }

  static func isDistance(_ type: UInt32) -> Bool { type == Relocation.pc32.rawValue }
  static func isNone(_ type: UInt32) -> Bool { type == Relocation.none.rawValue }
  static func isDominant(_ type: UInt32) -> Bool {
    type == Relocation.pc32.rawValue || type == Relocation.plt32.rawValue
  }

  static func isCall(_ record: Rela, _ section: InputSection) -> Bool {
    record.type == Relocation.plt32.rawValue
      || record.type == Relocation.pc32.rawValue
        && isBranch(section.instructions, at: record.offset)
  }

  /// Whether a distance in position-independent output is found by the dynamic linker: no entry of the
  /// PLT will do.
  static func isDynamicDistance(_ facts: SymbolFlags, isBranch: Bool, isShared: Bool) -> Bool {
    facts.contains(.imported)
      && (isBranch || !isShared && facts.contains(.function) && !facts.contains(.undefined))
  }

  /// Whether a 32-bit relocation is the operand of a call or jump, so that a PLT entry will do.
  static func isBranch(_ bytes: ByteView, at offset: UInt64) -> Bool {
    guard offset >= 1, offset <= UInt64(bytes.count) else { return false }
    let opcode = bytes[Int(offset) - 1]
    if opcode == 0xe8 || opcode == 0xe9 { return true }
    return offset >= 2 && bytes[Int(offset) - 2] == 0x0f && opcode & 0xf0 == 0x80
  }
}
