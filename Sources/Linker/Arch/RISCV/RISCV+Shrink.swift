// Where code may get shorter, and by how much (RISC-V ELF psABI, "Linker Relaxation").
//
// R_RISCV_RELAX beside a relocation allows it; R_RISCV_ALIGN must be obeyed in any case, for the
// assembler has left more nops than alignment takes. Each has a cut. The choice is by the addresses of
// the last round of layout; +ApplyCode writes what was chosen.

internal import ELF

/// What stands at a cut.
enum RISCVForm: UInt8 {
  /// What the compiler wrote.
  case full
  /// Fewer nops.
  case aligned
  /// `jal` for `auipc` and `jalr`.
  case jump
  /// `c.j` or `c.jal`
  case compressedJump
  /// `jalr` from register x0.
  case nearZero
  /// `c.lui`
  case compressedUpper
  /// Nothing: the lower part alone is the value.
  case dropped
  /// Nothing: the lower part is counted from the pointer to small data.
  case droppedSmall

  /// Bytes of the instructions that a relocation with a cut is about.
  static func size(_ type: RISCVRelocation) -> UInt32 {
    type == .call || type == .callPLT ? 8 : 4
  }

  /// What `size` bytes of nops align to: the next power of two.
  static func alignment(_ size: UInt64) -> UInt64 {
    size == 0 ? 1 : 1 << UInt64(64 - min(size, 1 << 62).leadingZeroBitCount)
  }

  /// Bytes that a relocation changes.
  static func width(_ type: RISCVRelocation, _ form: RISCVForm) -> Int {
    switch form {
    case .full, .aligned: type.width
    case .jump, .nearZero: 4
    case .compressedJump, .compressedUpper: 2
    case .dropped, .droppedSmall: 0
    }
  }
}

/// A few forms, in order. An array for each relocation and round would cost more than the choice.
struct RISCVForms {
  private var rest: UInt32 = 0

  init() {}
  init(_ form: RISCVForm) { append(form) }

  mutating func append(_ form: RISCVForm) {
    let used = (32 - UInt32(rest.leadingZeroBitCount) + 7) / 8
    rest |= UInt32(form.rawValue) << (used * 8)
  }

  mutating func takeFirst() -> RISCVForm? {
    guard rest != 0 else { return nil }
    defer { rest >>= 8 }
    return RISCVForm(rawValue: UInt8(truncatingIfNeeded: rest))
  }
}

extension RISCV {
  static func cuts(of id: SectionID, _ selection: Selection) -> [SectionCut] {
    let section = selection.sections[id]
    guard section.size <= UInt64(UInt32.max) else { return [] }
    let records = section.relocationRecords
    let relaxes = selection.options.relax
    var lowsOfFixed = Set<UInt64>()
    if relaxes { lowsOfFixed = fixedLabels(records, selection.files[section.file.index], section) }
    var cuts: [SectionCut] = []
    var end: UInt64 = 0
    for index in 0..<records.count {
      let record = records[index]
      guard let type = Relocation(rawValue: record.type) else { continue }
      let size: UInt64
      if type == .align {
        size = UInt64(bitPattern: record.addend)
      } else if relaxes, isCandidate(type), RISCVPairs.isRelaxed(records, index),
        !lowsOfFixed.contains(record.offset)
      {
        size = UInt64(RISCVForm.size(type))
      } else {
        continue
      }
      guard record.offset <= section.size, size <= section.size - record.offset else {
        if type == .align { reportAlignment(record, id, selection) }
        continue
      }
      // Two of them at one place are nothing that an assembler writes.
      if record.offset < end { continue }
      end = record.offset + size
      cuts.append(SectionCut(record: index, offset: record.offset))
    }
    return cuts
  }

  private static func isCandidate(_ type: Relocation) -> Bool {
    switch type {
    case .call, .callPLT, .hi20, .pcrelHi20, .tprelHi20, .tprelAdd, .tlsDescHi20, .tlsDescLoadLo12,
      .tlsDescAddLo12:
      true
    default: false
    }
  }

  /// Labels of pairs of which a second half must stay as it is, and hence the first.
  private static func fixedLabels(
    _ records: RecordView<Rela>, _ file: InputFile, _ section: InputSection
  ) -> Set<UInt64> {
    var labels = Set<UInt64>()
    for index in 0..<records.count {
      guard let type = Relocation(rawValue: records[index].type),
        type == .pcrelLo12I || type == .pcrelLo12S, !RISCVPairs.isRelaxed(records, index),
        let label = RISCVPairs.label(records[index], file, section)
      else { continue }
      labels.insert(label)
    }
    return labels
  }

  private static func reportAlignment(_ record: Rela, _ id: SectionID, _ selection: Selection) {
    let section = selection.sections[id]
    selection.log.error(
      .badRelocation(
        selection.displayName(id), record.offset,
        "aligns with \(record.addend) bytes, which the section does not have"),
      at: selection.inputs.place(
        section.file, section: Int(section.index), offset: record.offset))
  }

  static func choose(
    _ cuts: SectionCuts, of id: SectionID, _ context: ApplyContext, mayTakeMore: Bool
  ) -> Bool {
    RISCVChooser<Width>(id, cuts, context).run(mayTakeMore: mayTakeMore)
  }
}
