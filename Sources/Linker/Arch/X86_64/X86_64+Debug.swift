// Relocations of sections that are not loaded: debug information.
//
// There is no run time, so everything has a value now. What refers to code that is not in the output
// gets a tombstone, as does what refers to code that was folded.
//
// Nearly all are words of 4 bytes with an offset in another section, most of them into one section of
// strings that are merged, and words of 8 bytes with an address. The loop knows these, the former first;
// the rest is `applyUncommon`.

internal import ELF
internal import Parallel

extension X86_64 {
  static func applyToDebug(_ id: SectionID, to out: OutputBytes, _ context: ApplyContext) {
    let section = context.sections[id]
    let file = context.files[section.file.index]
    let records = section.relocationRecords
    let (addresses, base, symbolCount) = (context.addresses, file.symbolBase, file.symbolCount)
    // The merged section that was referred to last, by its symbol, and its pieces.
    var stringsSymbol = UInt32.max
    var strings = SectionOfPieces.none
    var hasFetched = false
    let folded = context.foldedSymbols(in: id)
    for index in 0..<records.count {
      let record = records[index]
      let A = UInt64(bitPattern: record.addend)
      if record.symbol == stringsSymbol && A <= strings.size
        && record.type == Relocation.abs32.rawValue && out.holds(record.offset, 4)
      {
        let value = strings.address(inside: A)
        if value >> 32 == 0 {
          out.store(UInt32(truncatingIfNeeded: value), at: Int(record.offset))
          continue
        }
      }
      guard Int(record.symbol) < symbolCount else {
        report(id, section, record, context, "names a symbol that the file does not have")
        continue
      }
      let row = SymbolID(rawValue: base &+ record.symbol)
      let S = addresses[row]
      var value = S &+ A
      if Layout.isSpecial(S) {
        if S == Layout.mergedMark && record.symbol != stringsSymbol,
          let pieces = context.mergedSection(row), !pieces.isEmpty
        {
          stringsSymbol = record.symbol
          strings = pieces
          if !hasFetched && records.count &- index > pieces.count {
            pieces.fetch()
            hasFetched = true
          }
        }
        value = specialValue(id, section, record, row, context)
      }
      if let folded, folded[context.definition[row]] { value = section.tombstone }
      if record.type == Relocation.abs32.rawValue, out.holds(record.offset, 4),
        value >> 32 == 0
      {
        out.store(UInt32(truncatingIfNeeded: value), at: Int(record.offset))
      } else if record.type == Relocation.abs64.rawValue, out.holds(record.offset, 8) {
        out.store(value, at: Int(record.offset))
      } else {
        applyUncommon(id, section, record, row, value, to: out, context)
      }
    }
  }

  /// S + A for a symbol with a mark.
  @inline(never) private static func specialValue(
    _ id: SectionID, _ section: InputSection, _ record: Rela, _ row: SymbolID,
    _ context: ApplyContext
  ) -> UInt64 {
    let A = UInt64(bitPattern: record.addend)
    guard let (S, rest, isInside) = context.specialAddress(row, A) else {
      return context.tombstone(id, section) ?? A
    }
    if !isInside {
      report(
        id, section, record, context,
        "refers to offset \(record.addend) of \(context.selection.symbolDescription(row)), "
          + "which lies outside it")
    }
    return S &+ rest
  }

  /// `value`: S + A.
  @inline(never) private static func applyUncommon(
    _ id: SectionID, _ section: InputSection, _ record: Rela, _ row: SymbolID, _ value: UInt64,
    to out: OutputBytes, _ context: ApplyContext
  ) {
    // Addresses of what is not loaded are offsets in its output section.
    let start = section.offset
    var value = value
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
    case .some(.none): return
    case let other:
      report(
        id, section, record, context,
        "of type \(other?.name ?? "\(record.type)") has no meaning in a section that is not loaded"
      )
      return
    }
    guard out.holds(record.offset, width) else {
      report(id, section, record, context, "lies outside its section")
      return
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
