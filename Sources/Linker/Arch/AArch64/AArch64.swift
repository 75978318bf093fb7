// The AArch64 instruction set, as the linker sees it (ELF for the Arm 64-bit Architecture, AAELF64;
// Procedure Call Standard, AAPCS64; SysV ABI supplement).
//
// Instructions have 32 bits, so an address takes two of them: `adrp` for its page of 4 KiB, whatever
// the pages of the system are, and the low 12 bits in what follows. The facets of the type are in the
// files beside this one: the types of relocations (+Relocations) and what they compute (+Operations),
// what they need (+Scan), how they are applied (+Apply, +Fields, +Sequences), which instruction
// sequences are replaced (+Relax, +ThreadLocal), the PLT (+PLT) and the promises of the inputs
// (+Features).

internal import ELF
internal import Parallel

enum AArch64: DebugFieldTarget {
  /// Made once, for what a file is is asked of every member of every archive.
  static let facts = TargetFacts(
    machine: .aarch64, name: EM.name(EM.AARCH64), format: .native, elfMachine: EM.AARCH64,
    emulations: ["aarch64linux", "aarch64elf"], outputFormats: ["elf64-littleaarch64"],
    architectures: ["aarch64"],
    interpreter: "/lib/ld-linux-aarch64.so.1", imageBase: 0x40_0000, maxPageSize: 0x1_0000,
    libraryTriplet: "aarch64-linux-gnu", libraryFolders: ["lib64"],
    trap: FillPattern(0x00, 0x00, 0x20, 0xd4),  // brk #0
    nop: FillPattern(0x1f, 0x20, 0x03, 0xd5), hasAddends: true,
    dynamic: DynamicRelocationNumbers(
      absolute: Relocation.abs64.rawValue, globDat: Relocation.globDat.rawValue,
      jumpSlot: Relocation.jumpSlot.rawValue, copy: Relocation.copy.rawValue,
      relative: Relocation.relative.rawValue, iRelative: Relocation.irelative.rawValue,
      dtpMod: Relocation.tlsDtpmod.rawValue, dtpOff: Relocation.tlsDtprel.rawValue,
      tpOff: Relocation.tlsTprel.rawValue, tlsDesc: Relocation.tlsdesc.rawValue),
    threadLocal: ThreadLocalABI(variant: .above(headerSize: 16)),
    gotPLTHeaderEntries: 3, pltHeaderSize: 32, pltEntrySize: 16, pltGOTEntrySize: 16,
    gotHeaderEntries: 1, gotBaseSection: .got, shortestReach: 1 << 27 - 4, properties: .aarch64)

  static func wordSize(_ type: UInt32) -> Int? {
    switch Relocation(rawValue: type) {
    case .abs64, .prel64, .tlsDtprel, .tlsTprel: 8
    case .abs32, .prel32, .plt32: 4
    default: nil
    }
  }

  static func isDistance(_ type: UInt32) -> Bool {
    type == Relocation.prel32.rawValue || type == Relocation.prel64.rawValue
  }

  static func isNone(_ type: UInt32) -> Bool { type == Relocation.none.rawValue }

  /// All between LD_PREL_LO19 and LDST64_ABS_LO12_NC: branches, distances and low parts of addresses.
  @inline(__always) static func isDominant(_ type: UInt32) -> Bool {
    type &- Relocation.ldPrelLo19.rawValue
      <= Relocation.ldst64AbsLo12Nc.rawValue - Relocation.ldPrelLo19.rawValue
  }

  static func isCall(_ record: Rela, _ section: InputSection) -> Bool {
    Relocation(rawValue: record.type).map { operation($0).what == .call } ?? false
  }

  // MARK: Entry points of the loops

  static func scan(
    _ id: SectionID, _ context: ScanContext, _ reached: inout Worklist, _ worker: Worker
  ) {
    SectionScanner<AArch64>.run(id, context, &reached, worker)
  }

  static func scan(
    _ records: RecordView<Rela>, of section: InputSection, _ id: SectionID, in range: Range<Int>,
    _ context: ScanContext, _ reached: inout Worklist, _ worker: Worker
  ) {
    SectionScanner<AArch64>.run(records, of: section, id, in: range, context, &reached, worker)
  }

  @inline(__always) static func scan(
    _ type: Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags,
    _ records: RecordView<Rela>, _ index: Int, _ scanner: inout SectionScanner<AArch64>
  ) -> Int {
    scanner.scan(type, record, target, facts, records, index)
  }

  static func apply(_ id: SectionID, to out: OutputBytes, _ context: ApplyContext) {
    let section = context.sections[id]
    var applier = SectionApplier<AArch64>(context: context, id: id, section: section, out: out)
    applier.applyEach(
      section.relocationRecords, in: 0..<Int(section.relocationCount), shift: 0)
  }

  static func apply(
    _ pieces: [RelocationPiece], of id: SectionID, to out: OutputBytes, start: UInt64,
    _ context: ApplyContext
  ) {
    let section = context.sections[id]
    var applier = SectionApplier<AArch64>(
      context: context, id: id, section: section, out: out, start: start)
    let records = section.relocationRecords
    for piece in pieces { applier.applyEach(records, in: piece.records, shift: piece.shift) }
  }

  @inline(__always) static func apply(
    _ type: Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64, _ A: UInt64,
    _ P: UInt64, _ records: RecordView<Rela>, _ index: Int,
    _ applier: inout SectionApplier<AArch64>
  ) -> Int {
    applier.apply(type, record, row, offset, S, A, P, records, index)
  }

  // MARK: Debug information

  static func applyToDebug(_ id: SectionID, to out: OutputBytes, _ context: ApplyContext) {
    DebugApplier<AArch64>(id, to: out, context).run()
  }

  static func debugField(_ type: Relocation) -> DebugField? {
    switch type {
    case .none: .nothing
    case .abs64: .value(8)
    case .abs32: .value(4)
    case .abs16: .value(2)
    case .prel64: .distance(8)
    case .prel32, .plt32: .distance(4)
    case .gotrel64: .gotOffset(8)
    case .gotrel32: .gotOffset(4)
    case .tlsDtprel: .moduleOffset(8)
    case .tlsTprel: .pointerOffset(8)
    default: nil
    }
  }
}
