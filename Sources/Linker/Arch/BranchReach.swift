// Branches that reach less far than a program may be long, and the thunks that help them
// (Layout/Thunks).

internal import ELF

/// How far a branch reaches, and what kind of thunk it can go through.
struct BranchReach {
  /// The smallest and the largest value of S + A − P.
  var lower: Int64
  var upper: Int64
  /// What a branch to the target itself has as addend: where the program counter is.
  var bias: Int64 = 0
  /// A number of the target's.
  var kind: UInt8 = 0

  @inline(__always) func holds(_ distance: UInt64) -> Bool {
    let signed = Int64(bitPattern: distance)
    return signed >= lower && signed <= upper
  }
}

/// A branch that does not reach its target.
struct FarBranch: Sendable {
  let place: UInt64
  let lower: Int64
  let upper: Int64
  let bias: Int64
  let key: ThunkKey
}

/// An instruction that moves into a thunk.
struct CodePatch: Sendable {
  let section: SectionID
  let offset: UInt64
  let kind: UInt8
}

extension Target {
  static var patchesStandAhead: Bool { false }
  static func wantsPatches(_ options: Options) -> Bool { false }
  static func findPatches(
    of id: SectionID, _ context: ApplyContext, _ found: inout [CodePatch]
  ) {}
  static func writePatch(
    to file: OutputBytes, at offset: Int, place: UInt64, movedFrom original: Int, at source: UInt64
  ) {}
  static func branchReach(_ type: UInt32) -> BranchReach? { nil }
  static func thunkForm(_ kind: UInt8, distance: Int64) -> UInt8 { kind }
  static func thunkSize(_ form: UInt8) -> UInt64 { 0 }
  static func thunkName(_ form: UInt8) -> String { "" }
  static func thunkMarks(_ form: UInt8) -> [(name: String, offset: UInt64)] { [] }
  static func writeThunk(
    _ form: UInt8, to out: OutputBytes, at offset: Int, place: UInt64, target: UInt64
  ) -> Bool { true }

  /// The branches of a section that reach neither their target nor a thunk.
  static func findFarBranches(
    of id: SectionID, _ context: ApplyContext, _ found: inout [FarBranch]
  ) {
    let section = context.sections[id]
    let file = context.files[section.file.index]
    let records = section.relocationRecords
    let start = context.address(of: section)
    for index in 0..<records.count {
      let record = records[index]
      guard let reach = branchReach(record.type), Int(record.symbol) < file.symbolCount else {
        continue
      }
      let row = file.symbolID(Int(record.symbol))
      guard let S = context.branchTarget(row) else { continue }
      let place = start &+ record.offset
      if reach.holds(S &+ UInt64(bitPattern: record.addend) &- place) { continue }
      let key = ThunkKey(
        symbol: context.definition[row], addend: record.addend &- reach.bias, kind: reach.kind)
      if context.layout.thunk(key, from: place, reach) != nil { continue }
      found.append(
        FarBranch(
          place: place, lower: reach.lower, upper: reach.upper, bias: reach.bias, key: key))
    }
  }
}

extension ApplyContext {
  /// Where a branch to a symbol leads; nil: nowhere.
  func branchTarget(_ row: SymbolID) -> UInt64? {
    let S = addresses[row]
    if Layout.isSpecial(S) {
      return S == Layout.weakCallMark ? layout.pltEntryAddress(definition[row]) : nil
    }
    return S == 0 && flags[definition[row]].contains(.undefined) ? nil : S
  }
}
