// RISC-V with 64 and 32 bits, as the linker sees it (RISC-V ELF psABI).
//
// Both have the same relocations and the same code; what differs is the size of a word. The code is
// written once, for a type that says which (`RISCVWidth`), and compiled for each. The linker is part
// of the compiler here: code is written for the worst case, and relocations say where it may shrink
// (+Shrink).

internal import ELF
internal import Parallel

/// The size of a word, and what follows from it.
protocol RISCVWidth: SendableMetatype {
  static var facts: TargetFacts { get }
  static var is64: Bool { get }
}

enum RISCV<Width: RISCVWidth>: DebugFieldTarget {
  typealias Relocation = RISCVRelocation

  static var facts: TargetFacts { Width.facts }

  static func wordSize(_ type: UInt32) -> Int? {
    switch Relocation(rawValue: type) {
    case .abs32, .pcrel32, .plt32, .set32, .dtpRel32: 4
    case .abs64, .dtpRel64: 8
    default: nil
    }
  }

  /// Differences of labels, by which frames tell sizes, are distances, too.
  static func isDistance(_ type: UInt32) -> Bool {
    switch Relocation(rawValue: type) {
    case .pcrel32, .add8, .add16, .add32, .add64, .sub8, .sub16, .sub32, .sub64, .set6, .sub6,
      .set8, .set16, .set32, .setULEB128, .subULEB128:
      true
    default: false
    }
  }

  static func isNone(_ type: UInt32) -> Bool { type == Relocation.none.rawValue }

  static func isDominant(_ type: UInt32) -> Bool {
    switch Relocation(rawValue: type) {
    case .branch, .jal, .call, .callPLT, .pcrelHi20, .pcrelLo12I, .pcrelLo12S, .rvcBranch, .rvcJump,
      .pcrel32, .add8, .add16, .add32, .add64, .sub8, .sub16, .sub32, .sub64, .set6, .sub6:
      true
    default: false
    }
  }

  static func isCall(_ record: Rela, _ section: InputSection) -> Bool {
    switch Relocation(rawValue: record.type) {
    case .call, .callPLT, .plt32, .jal, .branch, .rvcJump, .rvcBranch: true
    default: false
    }
  }

  /// `e_flags`: compressed instructions, of two bytes.
  static var compressedFlag: UInt32 { 1 }
}

/// The register with the address of small data, and the thread pointer.
enum RISCVRegister {
  static var zero: UInt32 { 0 }
  static var ra: UInt32 { 1 }
  static var sp: UInt32 { 2 }
  static var gp: UInt32 { 3 }
  static var tp: UInt32 { 4 }
  static var a0: UInt32 { 10 }
}

enum RISCV64: RISCVWidth {
  static var is64: Bool { true }
  /// Made once, for what a file is is asked of every member of every archive.
  static let facts = TargetFacts.riscV(
    is64: true, machine: .riscV64, emulation: "elf64lriscv", outputFormat: "elf64-littleriscv",
    architecture: "riscv:rv64", interpreter: "/lib/ld-linux-riscv64-lp64d.so.1",
    triplet: "riscv64-linux-gnu", folders: ["lib64"])
}

enum RISCV32: RISCVWidth {
  static var is64: Bool { false }
  static let facts = TargetFacts.riscV(
    is64: false, machine: .riscV32, emulation: "elf32lriscv", outputFormat: "elf32-littleriscv",
    architecture: "riscv:rv32", interpreter: "/lib/ld-linux-riscv32-ilp32d.so.1",
    triplet: "riscv32-linux-gnu", folders: ["lib32"])
}

extension TargetFacts {
  fileprivate static func riscV(
    is64: Bool, machine: Machine, emulation: String, outputFormat: String, architecture: String,
    interpreter: String, triplet: String, folders: [String]
  ) -> TargetFacts {
    typealias Relocation = RISCVRelocation
    let word = is64 ? Relocation.abs64 : .abs32
    return TargetFacts(
      machine: machine, name: EM.name(EM.RISCV), format: Format(is64: is64, order: .little),
      elfMachine: EM.RISCV, emulations: [emulation], outputFormats: [outputFormat],
      architectures: ["riscv", architecture], interpreter: interpreter, imageBase: 0x1_0000,
      maxPageSize: 4096, libraryTriplet: triplet, libraryFolders: folders,
      trap: FillPattern(0),  // the defined illegal instruction
      nop: FillPattern(0x01, 0x00, 0x01, 0x00),  // c.nop
      hasAddends: true,
      dynamic: DynamicRelocationNumbers(
        absolute: word.rawValue, globDat: word.rawValue, jumpSlot: Relocation.jumpSlot.rawValue,
        copy: Relocation.copy.rawValue, relative: Relocation.relative.rawValue,
        iRelative: Relocation.iRelative.rawValue,
        dtpMod: (is64 ? Relocation.dtpMod64 : .dtpMod32).rawValue,
        dtpOff: (is64 ? Relocation.dtpRel64 : .dtpRel32).rawValue,
        tpOff: (is64 ? Relocation.tpRel64 : .tpRel32).rawValue,
        tlsDesc: Relocation.tlsDesc.rawValue),
      threadLocal: ThreadLocalABI(variant: .above(headerSize: 0), moduleBias: 0x800),
      gotPLTHeaderEntries: 2, pltHeaderSize: 32, pltEntrySize: 16, pltGOTEntrySize: 16,
      gotHeaderEntries: 1, gotBaseSection: .got,
      smallDataPointer: "__global_pointer$", keepsTemporaryLabels: true, hasFileFlags: true,
      attributes: AttributeSection(
        name: ".riscv.attributes", type: SHT.RISCV_ATTRIBUTES, vendor: "riscv"),
      sectionSegments: [
        SectionSegment(sectionType: SHT.RISCV_ATTRIBUTES, segmentType: PT.RISCV_ATTRIBUTES)
      ])
  }
}
