// Patches the bytes of a section that was copied to the output: the values. Files beside this one
// have the stores with their limits (+Fields) and the sequences that are replaced (+Sequences).

internal import ELF
internal import Parallel

extension SectionApplier where T == AArch64 {
  /// Returns how many records were used.
  mutating func apply(
    _ type: AArch64.Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64,
    _ A: UInt64, _ P: UInt64, _ records: RecordView<Rela>, _ index: Int
  ) -> Int {
    // Most relocations of code, without a look at the table.
    switch type {
    case .abs64:
      applyWord(record, row, offset, S, A, P)
      return 1
    case .adrPrelPgHi21:
      return applyPage(record, row, offset, S, A, P, records, index)
    default: break
    }
    let operation = AArch64.operation(type)
    let value: UInt64
    switch operation.what {
    case .nothing:
      if type == .tlsdescCall || type == .tlsdescAdd || type == .tlsdescLdr {
        replaceDescriptor(type, record, row, offset, S, A, P)
      }
      return 1
    case .address: value = target(S, row, P, operation) &+ A
    case .call:
      // A call of what is not there goes on behind itself.
      value = S == 0 && isMissing(row) ? P &+ 4 : reachable(S &+ A, type, record, row, P)
    case .got:
      if type == .adrGotPage || type == .ld64GotLo12Nc,
        applyGOTPair(type, record, row, offset, S, A, P, records, index)
      {
        return 1
      }
      value = gotEntry(row) &+ A
    case .general, .module:
      if context.relaxesThreadLocal,
        let call = AArch64.threadCall(type, records, index, section.instructions)
      {
        replace(call, type, record, row, offset, S, A, P)
        return call.recordCount
      }
      value =
        operation.what == .general
        ? entry(row, \.tlsGD) &+ A : context.gotEntry(context.layout.tlsModuleBaseEntry)
    case .threadOffset:
      if applyOffsetPair(type, record, row, offset, S, A, records, index) { return 1 }
      value = entry(row, \.gotTP) &+ A
    case .descriptor:
      if context.relaxesThreadLocal {
        replaceDescriptor(type, record, row, offset, S, A, P)
        return 1
      }
      value = entry(row, \.tlsDesc) &+ A
    case .inModule: value = threadOffset(S, row, from: dtpBase) &+ A
    case .fromPointer: value = threadOffset(S, row, from: context.threadPointer) &+ A
    }
    put(from(operation.base, value, P), operation.field, offset, record)
    return 1
  }

  private func from(_ base: AArch64.Base, _ value: UInt64, _ P: UInt64) -> UInt64 {
    switch base {
    case .zero: value
    case .place: value &- P
    case .page: AArch64.page(value) &- AArch64.page(P)
    case .got: value &- context.gotBase
    case .gotPage: value &- AArch64.page(context.gotBase)
    }
  }

  /// What a symbol that is not there means to a distance: the place itself. (AAELF64)
  private func target(
    _ S: UInt64, _ row: SymbolID, _ P: UInt64, _ operation: AArch64.Operation
  ) -> UInt64 {
    switch operation.base {
    case .place: S == 0 && isMissing(row) ? P : S
    case .page: pageTarget(S, row, P)
    case .zero, .got, .gotPage: S
    }
  }

  /// The same of the distance of two pages. But a symbol that is referred to strongly, and that the user
  /// lets pass, is zero, and a program at a fixed address has a distance from there. (GNU ld)
  func pageTarget(_ S: UInt64, _ row: SymbolID, _ P: UInt64) -> UInt64 {
    guard S == 0, isMissing(row) else { return S }
    let isStrong = context.flags[context.definition[row]].contains(.stronglyReferenced)
    return isStrong && !context.isPositionIndependent ? S : P
  }

  /// The target of a branch, or a thunk that leads there.
  private func reachable(
    _ target: UInt64, _ type: AArch64.Relocation, _ record: Rela, _ row: SymbolID, _ P: UInt64
  ) -> UInt64 {
    guard type == .call26 || type == .jump26, !AArch64.callReach.holds(target &- P) else {
      return target
    }
    let key = ThunkKey(symbol: context.definition[row], addend: record.addend, kind: 0)
    return context.layout.thunk(key, from: P, AArch64.callReach) ?? target
  }

  func isMissing(_ row: SymbolID) -> Bool {
    context.flags[context.definition[row]].contains(.undefined)
  }
}
