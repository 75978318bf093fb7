// Thunks: what helps a branch that does not reach its target, in the state of the branch. They reach
// everything in either state, and do not depend on where they are loaded. The procedure call standard
// leaves ip to them (AAPCS32, "Use of IP by the linker").

internal import ELF

extension ARM {
  /// Kinds of thunks, by what they are made of.
  enum Thunk {
    /// ARM state.
    static var arm: UInt8 { 0 }
    /// Thumb state, that leaves it at once.
    static var thumbToARM: UInt8 { 1 }
    /// Thumb state with MOVW and MOVT.
    static var thumb2: UInt8 { 2 }
    /// Thumb state of the smallest processors.
    static var thumb1: UInt8 { 3 }
    /// Added if the target is in Thumb state and its address does not say so.
    static var toLabel: UInt8 { 0x10 }
  }

  /// How far a branch reaches; nil: it cannot go through a thunk.
  static func reach(_ type: Relocation, _ features: ARMFeatures) -> BranchReach? {
    let kind =
      features.contains(.thumbMOVW)
      ? Thunk.thumb2 : features.contains(.thumbOnly) ? Thunk.thumb1 : Thunk.thumbToARM
    func thumb(_ bits: Int64) -> BranchReach {
      BranchReach(lower: -(1 << bits), upper: 1 << bits - 2, bias: -4, kind: kind)
    }
    switch type {
    case .call, .jump24, .pc24, .plt32:
      return BranchReach(lower: -(1 << 25), upper: 1 << 25 - 4, bias: -8, kind: Thunk.arm)
    case .thmCall: return thumb(features.contains(.longBL) ? 24 : 22)
    case .thmJump24: return thumb(24)
    case .thmJump19: return thumb(20)
    default: return nil
    }
  }

  /// `route`: the thunk of a branch to a label stays in the state of the branch.
  static func thunkKey(
    _ target: SymbolID, _ A: UInt64, _ reach: BranchReach, _ route: ARMRoute
  ) -> ThunkKey {
    let staysInThumb = route.kind == .asWritten && reach.kind != Thunk.arm
    return ThunkKey(
      symbol: target, addend: Int64(bitPattern: A) &- reach.bias,
      kind: reach.kind | (staysInThumb ? Thunk.toLabel : 0))
  }

  static func findFarBranches(
    of id: SectionID, _ context: ApplyContext, _ found: inout [FarBranch]
  ) {
    let section = context.sections[id]
    let file = context.files[section.file.index]
    let records = section.relocationRecords
    let start = context.address(of: section)
    let features = ARMFeatures(rawValue: context.features)
    let bytes = section.instructions
    for index in 0..<records.count {
      let record = records[index]
      guard let type = Relocation(rawValue: record.type), let reach = reach(type, features),
        Int(record.symbol) < file.symbolCount, let offset = Int(exactly: record.offset),
        let word = bytes.load(UInt32.self, at: offset)
      else { continue }
      let row = file.symbolID(Int(record.symbol))
      guard let target = context.branchTarget(row) else { continue }
      let route = context.route(type, row, target, word)
      if route.kind == .nowhere { continue }
      let place = start &+ record.offset
      let A = UInt64(bitPattern: record.addend)
      let isWordwise = isThumbBranch(type) && route.kind == .otherState
      let value = route.distance(A, place, isWordwise: isWordwise)
      if route.kind != .impossible, reach.holds(UInt64(bitPattern: value)) { continue }
      let key = thunkKey(context.definition[row], A, reach, route)
      if context.layout.thunk(key, from: place, reach) != nil { continue }
      found.append(
        FarBranch(
          place: place, lower: reach.lower, upper: reach.upper, bias: reach.bias, key: key))
    }
  }

  // MARK: Code

  static func thunkSize(_ kind: UInt8) -> UInt64 {
    if Patch.has(kind) { return 4 }
    return switch kind & ~Thunk.toLabel {
    case Thunk.arm, Thunk.thumb1: 16
    case Thunk.thumbToARM: 20
    default: 12
    }
  }

  static func thunkName(_ kind: UInt8) -> String {
    if Patch.has(kind) { return "__CortexA8657417_" }
    return kind == Thunk.arm ? "__ARMThunk_" : "__ThumbThunk_"
  }

  static func thunkMarks(_ kind: UInt8) -> [(name: String, offset: UInt64)] {
    if Patch.has(kind) { return [(kind == Patch.cortexA8 ? "$t" : "$a", 0)] }
    return switch kind & ~Thunk.toLabel {
    case Thunk.arm: [("$a", 0), ("$d", 12)]
    case Thunk.thumbToARM: [("$t", 0), ("$a", 4), ("$d", 16)]
    case Thunk.thumb1: [("$t", 0), ("$d", 12)]
    default: [("$t", 0)]
    }
  }

  static func writeThunk(
    _ kind: UInt8, to out: OutputBytes, at offset: Int, place: UInt64, target: UInt64
  ) -> Bool {
    let end = kind & Thunk.toLabel == 0 ? target : target | 1
    func distance(from pc: UInt64) -> UInt32 {
      UInt32(truncatingIfNeeded: end &- place &- pc)
    }
    func far(_ pc: UInt64) -> [UInt32] {
      [
        0xe59f_c004,  // ldr ip, [pc, #4]
        0xe08c_c00f,  // add ip, ip, pc
        0xe12f_ff1c,  // bx ip
        distance(from: pc),
      ]
    }
    let code: [UInt32]
    switch kind & ~Thunk.toLabel {
    case Thunk.arm: code = far(12)
    case Thunk.thumbToARM: code = [0x46c0_4778] + far(16)  // bx pc; nop
    case Thunk.thumb1:
      code = [
        0x4802_b401,  // push {r0}; ldr r0, [pc, #8]
        0x44fc_4684,  // mov ip, r0; add ip, pc
        0x4760_bc01,  // pop {r0}; bx ip
        distance(from: 10),
      ]
    default:
      let value = distance(from: 12)
      func half(_ value: UInt32, _ instruction: UInt32) -> UInt32 {
        Field.thumbMove16.inserting(Int64(Int16(truncatingIfNeeded: value)), into: instruction)
      }
      code = [
        half(value, 0x0c00_f240),  // movw ip, …
        half(value >> 16, 0x0c00_f2c0),  // movt ip, …
        0x4760_44fc,  // add ip, pc; bx ip
      ]
    }
    for (index, word) in code.enumerated() { out.store(word, at: offset + 4 * index) }
    return true
  }
}
