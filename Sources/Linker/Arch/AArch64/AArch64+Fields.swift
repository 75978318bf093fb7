// The stores of relocated values into instructions, each with its limits (AAELF64).

internal import ELF

extension SectionApplier where T == AArch64 {
  private typealias Instruction = AArch64.Instruction

  func put(_ value: UInt64, _ field: AArch64.Field, _ offset: Int, _ record: Rela) {
    switch field {
    case .none: break
    case .word(64): out.store(value, at: offset)
    case .word(let bits): storeEither(value, Int(bits), offset, record)
    case .signedWord(let bits): storeSigned(value, Int(bits), offset, record)
    case .branch(26):
      guard fits(value, 28, record), isMultiple(value, 4, record) else { return }
      patch(offset) { Instruction.withBranch26($0, value) }
    case .branch(14):
      guard fits(value, 16, record), isMultiple(value, 4, record) else { return }
      patch(offset) { Instruction.withDistance14($0, value) }
    case .branch, .literal:
      guard fits(value, 21, record), isMultiple(value, 4, record) else { return }
      patch(offset) { Instruction.withDistance19($0, value) }
    case .adr:
      guard fits(value, 21, record) else { return }
      patch(offset) { Instruction.withADR($0, value) }
    case .adrp(let isChecked):
      if context.avoidsErrata, replaceLatePage(value, offset) { return }
      guard !isChecked || fits(value, 33, record) else { return }
      patch(offset) { Instruction.withPage($0, value) }
    case .low12(let scale, let isChecked):
      if isChecked && value >> 12 != 0 {
        return reportOverflow(record, Int64(bitPattern: value), 12)
      }
      guard isMultiple(value, 1 << UInt64(scale), record) else { return }
      patch(offset) { Instruction.withLow12($0, (value & 0xfff) >> UInt64(scale)) }
    case .high12:
      guard value >> 24 == 0 else {
        return reportOverflow(record, Int64(bitPattern: value), 24)
      }
      patch(offset) { Instruction.withLow12($0, value >> 12) }
    case .low15:
      guard value >> 15 == 0 else {
        return reportOverflow(record, Int64(bitPattern: value), 15)
      }
      guard isMultiple(value, 8, record) else { return }
      patch(offset) { Instruction.withLow12($0, value >> 3) }
    case .move(let group, let sign): putMove(value, Int(group), sign, offset, record)
    }
  }

  /// Erratum 843419: an `adrp` at the end of a page becomes an `adr`, if its page is near.
  private func replaceLatePage(_ value: UInt64, _ offset: Int) -> Bool {
    let place = start &+ UInt64(offset)
    guard place & 0xfff >= 0xff8 else { return false }
    let distance = Int64(bitPattern: value &+ AArch64.page(place) &- place)
    guard distance >= -(1 << 20) && distance < 1 << 20 else { return false }
    let register = Instruction.destination(out.load(UInt32.self, at: offset))
    out.store(
      Instruction.withADR(Instruction.adr(register), UInt64(bitPattern: distance)), at: offset)
    return true
  }

  /// A part of a value that several instructions make. The sign of a checked one decides whether its
  /// instruction is `movz` or `movn`.
  private func putMove(
    _ value: UInt64, _ group: Int, _ sign: AArch64.Sign, _ offset: Int, _ record: Rela
  ) {
    let shift = UInt64(group * 16)
    let bits = group * 16 + 16
    switch sign {
    case .unchecked: patch(offset) { Instruction.withMove($0, value >> shift) }
    case .unsigned:
      guard (value >> shift) >> 16 == 0 else {
        return reportOverflow(record, Int64(bitPattern: value), bits)
      }
      patch(offset) { Instruction.withMove($0, value >> shift) }
    case .signed:
      guard fits(value, bits + 1, record) else { return }
      let isNegative = Int64(bitPattern: value) < 0
      patch(offset) { word in
        let operation = word & ~(3 << 29) | (isNegative ? 0 : 2 << 29)  // movn, movz
        return Instruction.withMove(operation, (isNegative ? ~value : value) >> shift)
      }
    }
  }

  @inline(__always) func patch(_ offset: Int, _ body: (UInt32) -> UInt32) {
    out.store(body(out.load(UInt32.self, at: offset)), at: offset)
  }

  /// Whether a signed value has at most so many bits; says so if not.
  @inline(__always) private func fits(_ value: UInt64, _ bits: Int, _ record: Rela) -> Bool {
    let signed = Int64(bitPattern: value)
    let limit = Int64(1) << Int64(bits - 1)
    if signed >= -limit && signed < limit { return true }
    reportOverflow(record, signed, bits)
    return false
  }

  @inline(__always) private func isMultiple(
    _ value: UInt64, _ unit: UInt64, _ record: Rela
  ) -> Bool {
    if value & (unit - 1) == 0 { return true }
    reportMisaligned(record, value, unit)
    return false
  }
}
