// The stores of relocated values, each with the limits of its width, and what is said if a value
// does not fit.

internal import ELF

extension SectionApplier {
  @inline(__always) func storeSigned(
    _ value: UInt64, _ bits: Int, _ offset: Int, _ record: Rela
  ) {
    let signed = Int64(bitPattern: value)
    let limit = Int64(1) << Int64(bits - 1)
    guard signed >= -limit && signed < limit else { return reportOverflow(record, signed, bits) }
    store(value, bits, offset)
  }

  func storeUnsigned(_ value: UInt64, _ bits: Int, _ offset: Int, _ record: Rela) {
    guard value >> UInt64(bits) == 0 else {
      return reportOverflow(record, Int64(bitPattern: value), bits)
    }
    store(value, bits, offset)
  }

  /// Small fields take signed and unsigned numbers.
  func storeEither(_ value: UInt64, _ bits: Int, _ offset: Int, _ record: Rela) {
    let signed = Int64(bitPattern: value)
    guard signed >= -(Int64(1) << Int64(bits - 1)) && signed < Int64(1) << Int64(bits) else {
      return reportOverflow(record, signed, bits)
    }
    store(value, bits, offset)
  }

  @inline(__always) func store(_ value: UInt64, _ bits: Int, _ offset: Int) {
    switch bits {
    case 8: out.store(UInt8(truncatingIfNeeded: value), at: offset)
    case 16: out.store(UInt16(truncatingIfNeeded: value), at: offset)
    default: out.store(UInt32(truncatingIfNeeded: value), at: offset)
    }
  }

  // MARK: Reports

  func reportOverflow(_ record: Rela, _ value: Int64, _ bits: Int) {
    let target = context.definition[file.symbolID(Int(record.symbol))]
    context.selection.log.fault(
      .relocationOverflow(
        T.Relocation(rawValue: record.type)?.name ?? "",
        context.selection.symbolDescription(target),
        context.selection.displayName(id), record.offset, value, bits), at: place(record))
  }

  /// A value that is not a multiple of what the instruction counts in.
  func reportMisaligned(_ record: Rela, _ value: UInt64, _ unit: UInt64) {
    let target = context.definition[file.symbolID(Int(record.symbol))]
    context.selection.log.fault(
      .relocationMisaligned(
        T.Relocation(rawValue: record.type)?.name ?? "",
        context.selection.symbolDescription(target),
        context.selection.displayName(id), record.offset, value, unit), at: place(record))
  }

  func reportOutside(_ record: Rela) {
    context.selection.log.fault(
      .relocationOutside(
        context.selection.displayName(id), record.offset,
        T.Relocation(rawValue: record.type)?.name ?? "\(record.type)"), at: place(record))
  }

  func place(_ record: Rela) -> Place {
    context.selection.inputs.place(
      section.file, section: Int(section.index), offset: record.offset)
  }
}
