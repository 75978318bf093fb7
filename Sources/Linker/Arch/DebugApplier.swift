// Relocations of sections that are not loaded, for targets without a loop of their own: debug
// information, mostly.
//
// There is no run time, so everything has a value now. What refers to code that is not in the output
// gets a tombstone, as does what refers to code that was folded.

internal import ELF
internal import Parallel

/// What a relocation puts into a section that is not loaded, and into how many bytes.
enum DebugField: Sendable {
  case nothing
  /// S + A
  case value(Int)
  /// S + A − the offset in the section.
  case distance(Int)
  /// From the start of the TLS block.
  case moduleOffset(Int)
  /// From the thread pointer.
  case pointerOffset(Int)
  /// From the GOT's base.
  case gotOffset(Int)
  /// The symbol's size.
  case size(Int)
  /// The field plus, or minus, S + A.
  case added(Int)
  case subtracted(Int)
  /// S + A, whatever does not fit being cut off: the other half of a difference follows.
  case replaced(Int)
  /// The same in the lower 6 bits of a byte, and in a ULEB128 number.
  case sixBits(isSubtracted: Bool)
  case number(isSubtracted: Bool)
}

/// A target whose relocations in debug information DebugApplier applies.
protocol DebugFieldTarget: Target {
  /// What a type means there; nil: nothing.
  static func debugField(_ type: Relocation) -> DebugField?
}

extension DebugFieldTarget {
  static func debugField(number type: UInt32) -> DebugField? {
    Relocation(rawValue: type).flatMap(debugField)
  }
}

struct DebugApplier<T: DebugFieldTarget> {
  private let id: SectionID
  private let section: InputSection
  private let file: InputFile
  private let out: OutputBytes
  private let context: ApplyContext
  private let folded: Column<SymbolID, Bool>?

  init(_ id: SectionID, to out: OutputBytes, _ context: ApplyContext) {
    self.id = id
    self.out = out
    self.context = context
    section = context.sections[id]
    file = context.files[section.file.index]
    folded = context.foldedSymbols(in: id)
  }

  func run() {
    let records = section.relocationRecords
    var minuend: (offset: UInt64, value: UInt64)?
    for index in 0..<records.count { apply(records[index], &minuend) }
  }

  /// `minuend`: the number that a record has set, from which the next one subtracts.
  private func apply(_ record: Rela, _ minuend: inout (offset: UInt64, value: UInt64)?) {
    guard Int(record.symbol) < file.symbolCount else {
      return report(record, "names a symbol that the file does not have")
    }
    guard let type = T.Relocation(rawValue: record.type), let field = T.debugField(type) else {
      let name = T.relocationName(record.type) ?? "\(record.type)"
      return report(record, "of type \(name) has no meaning in a section that is not loaded")
    }
    let row = file.symbolID(Int(record.symbol))
    let A = UInt64(bitPattern: record.addend)
    var value = context.addresses[row] &+ A
    if Layout.isSpecial(context.addresses[row]) {
      if let (S, A, isInside) = context.specialAddress(row, A) {
        value = S &+ A
        if !isInside {
          report(
            record,
            "refers to offset \(record.addend) of \(context.selection.symbolDescription(row)), "
              + "which lies outside it")
        }
      } else {
        value = context.tombstone(id, section) ?? A
      }
    }
    if let folded, folded[context.definition[row]] { value = section.tombstone }
    switch field {
    case .nothing: break
    case .value(let width): store(value, width, record)
    case .distance(let width):
      store(value &- section.offset &- record.offset, width, record)
    case .moduleOffset(let width):
      store(value &- context.threadBlock &- context.moduleBias, width, record)
    case .pointerOffset(let width): store(value &- context.threadPointer, width, record)
    case .gotOffset(let width): store(value &- context.gotBase, width, record)
    case .size(let width):
      store(context.selection.size(of: context.definition[row]) &+ A, width, record)
    case .added(let width): storeLow(old(width, record) &+ value, width, record)
    case .subtracted(let width): storeLow(old(width, record) &- value, width, record)
    case .replaced(let width): storeLow(value, width, record)
    case .sixBits(let isSubtracted):
      guard out.holds(record.offset, 1) else { return reportOutside(record) }
      out.storeSixBits(value, isSubtracted: isSubtracted, at: Int(record.offset))
    case .number(let isSubtracted):
      guard out.holds(record.offset, 1),
        let length = out.lengthOfNumber(at: Int(record.offset))
      else { return reportOutside(record) }
      let offset = Int(record.offset)
      guard isSubtracted else {
        minuend = (record.offset, value)
        return out.storeNumber(value, at: offset, length: length)
      }
      let before =
        minuend?.offset == record.offset ? minuend?.value : out.number(at: offset, length: length)
      let number = (before ?? 0) &- value
      if !OutputBytes.holds(number: number, length: length) {
        reportOverflow(number, record, bits: 7 * length)
      }
      out.storeNumber(number, at: offset, length: length)
    }
  }

  /// As much of a value as the field takes.
  private func storeLow(_ value: UInt64, _ width: Int, _ record: Rela) {
    let bits = width < 8 ? value & (1 << UInt64(width * 8) - 1) : value
    store(bits, width, record)
  }

  private func old(_ width: Int, _ record: Rela) -> UInt64 {
    guard out.holds(record.offset, width) else { return 0 }
    let offset = Int(record.offset)
    return switch width {
    case 8: out.load(UInt64.self, at: offset)
    case 4: UInt64(out.load(UInt32.self, at: offset))
    case 2: UInt64(out.load(UInt16.self, at: offset))
    default: UInt64(out.load(UInt8.self, at: offset))
    }
  }

  private func store(_ value: UInt64, _ width: Int, _ record: Rela) {
    guard out.holds(record.offset, width) else { return reportOutside(record) }
    let offset = Int(record.offset)
    switch width {
    case 8: out.store(value, at: offset)
    case 4:
      // Offsets into debug sections are unsigned, addends may make them negative; where addresses
      // have 32 bits, sums wrap around.
      if context.format.is64, value >> 32 != 0,
        Int64(bitPattern: value) != Int64(Int32(truncatingIfNeeded: value))
      {
        reportOverflow(value, record)
      }
      out.store(UInt32(truncatingIfNeeded: value), at: offset)
    case 2: out.store(UInt16(truncatingIfNeeded: value), at: offset)
    default: out.store(UInt8(truncatingIfNeeded: value), at: offset)
    }
  }

  // MARK: Reports

  private var place: (Rela) -> Place {
    {
      context.selection.inputs.place(
        section.file, section: Int(section.index), offset: $0.offset)
    }
  }

  private func reportOverflow(_ value: UInt64, _ record: Rela, bits: Int = 32) {
    let row = file.symbolID(Int(record.symbol))
    context.selection.log.error(
      .relocationOverflow(
        T.relocationName(record.type) ?? "", context.selection.symbolDescription(row),
        context.selection.displayName(id), record.offset, Int64(bitPattern: value), bits),
      at: place(record))
  }

  private func reportOutside(_ record: Rela) { report(record, "lies outside its section") }

  private func report(_ record: Rela, _ reason: String) {
    context.selection.log.error(
      .badRelocation(context.selection.displayName(id), record.offset, reason), at: place(record))
  }
}
