// Relocations of sections that are not loaded: debug information.
//
// There is no run time, so everything has a value now. What refers to code that is not in the output
// gets a tombstone (DWARF does not define one; 0 is customary, and 1 where a pair of zeros would end
// a list).

internal import ELF
internal import Parallel

extension X86_64 {
  static func applyToDebug(_ id: SectionID, to out: OutputBytes, _ context: ApplyContext) {
    let section = context.sections[id]
    let file = context.files[section.file.index]
    let records = section.relocationRecords
    let (addresses, base, symbolCount) = (context.addresses, file.symbolBase, file.symbolCount)
    let isDebug = section.kind.contains(.debug)
    let tombstone: UInt64 = section.kind.contains(.debugRanges) ? 1 : 0
    // Addresses of what is not loaded are offsets in its output section.
    let start = section.offset
    for index in 0..<records.count {
      let record = records[index]
      guard Int(record.symbol) < symbolCount else {
        report(id, section, record, context, "names a symbol that the file does not have")
        continue
      }
      let row = SymbolID(rawValue: base &+ record.symbol)
      var value = addresses[row] &+ UInt64(bitPattern: record.addend)
      if Layout.isSpecial(addresses[row]) {
        if let (S, A, isInside) = context.specialAddress(row, UInt64(bitPattern: record.addend)) {
          value = S &+ A
          if !isInside {
            report(
              id, section, record, context,
              "refers to offset \(record.addend) of \(context.selection.symbolDescription(row)), "
                + "which lies outside it")
          }
        } else {
          value = isDebug ? tombstone : UInt64(bitPattern: record.addend)
        }
      }
      let width: Int
      switch Relocation(rawValue: record.type) {
      case .abs64: width = 8
      case .abs32, .abs32S: width = 4
      case .dtpOff64:
        width = 8
        value = value &- context.threadBlock
      case .dtpOff32:
        width = 4
        value = value &- context.threadBlock
      case .tpOff64:
        width = 8
        value = value &- context.threadPointer
      case .tpOff32:
        width = 4
        value = value &- context.threadPointer
      case .abs16: width = 2
      case .abs8: width = 1
      case .pc32, .plt32:
        width = 4
        value = value &- start &- record.offset
      case .pc64:
        width = 8
        value = value &- start &- record.offset
      case .size32, .size64:
        width = record.type == Relocation.size64.rawValue ? 8 : 4
        let size = context.selection.size(of: context.definition[row])
        value = size &+ UInt64(bitPattern: record.addend)
      case .gotOff64:
        width = 8
        value = value &- context.gotBase
      case .gotPC64, .gotPC32:
        width = record.type == Relocation.gotPC64.rawValue ? 8 : 4
        value =
          context.gotBase &+ UInt64(bitPattern: record.addend) &- start &- record.offset
      case .some(.none): continue
      case let other:
        report(
          id, section, record, context,
          "of type \(other?.name ?? "\(record.type)") has no meaning in a section that is not loaded"
        )
        continue
      }
      guard out.holds(record.offset, width) else {
        report(id, section, record, context, "lies outside its section")
        continue
      }
      let offset = Int(record.offset)
      switch width {
      case 8: out.store(value, at: offset)
      case 4:
        // Offsets into debug sections are unsigned, addends may make them negative.
        if value >> 32 != 0 && Int64(bitPattern: value) != Int64(Int32(truncatingIfNeeded: value)) {
          context.selection.log.fault(
            .relocationOverflow(
              Relocation(rawValue: record.type)?.name ?? "",
              context.selection.symbolDescription(row), context.selection.displayName(id),
              record.offset, Int64(bitPattern: value), 32),
            at: context.selection.inputs.place(
              section.file, section: Int(section.index), offset: record.offset))
        }
        out.store(UInt32(truncatingIfNeeded: value), at: offset)
      case 2: out.store(UInt16(truncatingIfNeeded: value), at: offset)
      default: out.store(UInt8(truncatingIfNeeded: value), at: offset)
      }
    }
  }

  private static func report(
    _ id: SectionID, _ section: InputSection, _ record: Rela, _ context: ApplyContext,
    _ reason: String
  ) {
    context.selection.log.fault(
      .badRelocation(context.selection.displayName(id), record.offset, reason),
      at: context.selection.inputs.place(
        section.file, section: Int(section.index), offset: record.offset))
  }
}
