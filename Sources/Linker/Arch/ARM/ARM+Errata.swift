// What a linker can keep away from the errata of old processors.
//
// Erratum 657417 of Cortex-A8 (--fix-cortex-a8): a 32-bit branch of Thumb state whose halves lie in two
// pages of 4 KiB, behind a 32-bit instruction that is no branch, may go wrong if it leads into the first
// of these pages. Such a branch goes to a patch instead, in an island of thunks behind it, which goes
// on to where it led.
//
// ARM1176 and what is older may go wrong at BLX (--fix-arm1176): they do without, by veneers (+ABI).

internal import ELF

extension ARM {
  /// Kinds of thunks beside those for branches that do not reach.
  enum Patch {
    static var cortexA8: UInt8 { 0x20 }
    /// For BLX.
    static var cortexA8ToARM: UInt8 { 0x21 }

    static func has(_ kind: UInt8) -> Bool { kind & 0x20 != 0 }
  }

  /// One ahead is outside of the page that the branch begins in.
  static var patchesStandAhead: Bool { true }

  static func wantsPatches(_ options: Options) -> Bool { options.fixCortexA8 }

  static func findPatches(
    of id: SectionID, _ context: ApplyContext, _ found: inout [CodePatch]
  ) {
    let section = context.sections[id]
    let bytes = section.instructions
    let start = context.address(of: section)
    // The branches whose second half begins a page.
    var offset = (0xffe &- start) & 0xfff
    while offset &+ 4 <= UInt64(bytes.count) {
      defer { offset &+= 0x1000 }
      guard offset >= 4, let before = bytes.load(UInt32.self, at: Int(offset) - 4),
        let word = bytes.load(UInt32.self, at: Int(offset)), WideBranch(word) != nil,
        isWide(UInt16(truncatingIfNeeded: before)), WideBranch(before) == nil,
        isBehindInstruction(offset, id, section, context)
      else { continue }
      let place = start &+ offset
      guard let end = destination(of: word, at: offset, place, section, context),
        end.address & ~0xfff == place & ~0xfff
      else { continue }
      found.append(
        CodePatch(
          section: id, offset: offset, kind: end.isARM ? Patch.cortexA8ToARM : Patch.cortexA8))
    }
  }

  /// Whether an instruction of Thumb state with this first half has 32 bits.
  private static func isWide(_ half: UInt16) -> Bool { half >= 0xe800 }

  /// Whether instructions of 32 bits begin at `offset` and 4 bytes before. Asked rarely.
  private static func isBehindInstruction(
    _ offset: UInt64, _ id: SectionID, _ section: InputSection, _ context: ApplyContext
  ) -> Bool {
    let file = context.files[section.file.index]
    let definingSection = context.selection.definingSection
    var (start, isThumb): (UInt64, Bool) = (0, false)
    for index in 0..<min(Int(file.firstGlobal), file.symbolCount) {
      let symbol = file.symbols[index]
      guard symbol.type == STT.NOTYPE, symbol.value <= offset, symbol.value >= start,
        definingSection[file.symbolID(index)] == id
      else { continue }
      let name = file.symbolName(index)
      guard name.count >= 2, name[0] == 0x24, name.count == 2 || name[2] == 0x2e else { continue }
      guard [0x61, 0x64, 0x74].contains(name[1]) else { continue }  // $a, $d, $t
      (start, isThumb) = (symbol.value, name[1] == 0x74)
    }
    guard isThumb else { return false }
    var last: UInt64?
    while start < offset, let half = section.instructions.load(UInt16.self, at: Int(start)) {
      last = start
      start &+= isWide(half) ? 4 : 2
    }
    return start == offset && last == offset &- 4
  }

  /// Where a branch of the input leads in the end; nil: nowhere, or that is not known yet.
  private static func destination(
    of word: UInt32, at offset: UInt64, _ place: UInt64, _ section: InputSection,
    _ context: ApplyContext
  ) -> (address: UInt64, isARM: Bool)? {
    let file = context.files[section.file.index]
    let records = section.relocationRecords
    for index in 0..<records.count where records[index].offset == offset {
      let record = records[index]
      guard let type = Relocation(rawValue: record.type), isThumbBranch(type),
        let reach = reach(type, ARMFeatures(rawValue: context.features)),
        Int(record.symbol) < file.symbolCount
      else { continue }
      let row = file.symbolID(Int(record.symbol))
      guard let target = context.branchTarget(row) else { return nil }
      let route = context.route(type, row, target, word)
      if route.kind == .nowhere { return nil }
      let isBLX = route.isBLX(type, word)
      let A = UInt64(bitPattern: record.addend)
      let value = UInt64(bitPattern: route.distance(A, place, isWordwise: isBLX))
      if route.kind != .impossible, reach.holds(value) {
        return WideBranch.destination(value, from: place, isBLX: isBLX)
      }
      let key = thunkKey(context.definition[row], A, reach, route)
      return context.layout.thunk(key, from: place, reach).map { ($0, false) }
    }
    return WideBranch(word)?.destination(from: place)
  }

  /// Sends a branch, which is relocated by now, through its patch.
  static func writePatch(
    to file: OutputBytes, at offset: Int, place: UInt64, movedFrom original: Int, at source: UInt64
  ) {
    let word = file.load(UInt32.self, at: original)
    // A call that does nothing has become a nop.
    guard let branch = WideBranch(word) else { return }
    let end = branch.destination(from: source)
    let onward = Int64(Int32(truncatingIfNeeded: end.address &- place))
    file.store(
      end.isARM
        ? Field.branch24.inserting(onward - 8, into: 0xea00_0000)  // b
        : Field.thumbBranch24.inserting(onward - 4, into: 0x9000_f000),  // b.w
      at: offset)
    file.store(branch.leading(to: place, from: source), at: original)
  }
}

/// A branch of Thumb state that has 32 bits and a distance.
private struct WideBranch {
  let word: UInt32
  let field: ARM.Field
  let isBLX: Bool

  /// `word`: the first half is in the low bits, as it is in memory.
  init?(_ word: UInt32) {
    let (high, low) = (word & 0xffff, word >> 16)
    guard high & 0xf800 == 0xf000, low & 0x8000 != 0 else { return nil }
    switch low & 0x5000 {
    case 0:
      // With a condition; the last two are other instructions.
      guard high & 0x380 != 0x380 else { return nil }
      field = .thumbBranch19
    case 0x4000:
      guard low & 1 == 0 else { return nil }
      field = .thumbBranch24
    default: field = .thumbBranch24
    }
    self.word = word
    isBLX = low & 0x5000 == 0x4000
  }

  func destination(from place: UInt64) -> (address: UInt64, isARM: Bool) {
    WideBranch.destination(
      UInt64(bitPattern: field.value(in: word)), from: place, isBLX: isBLX)
  }

  static func destination(
    _ distance: UInt64, from place: UInt64, isBLX: Bool
  ) -> (address: UInt64, isARM: Bool) {
    ((counted(place, isBLX: isBLX) &+ distance) & 0xffff_ffff, isBLX)
  }

  /// The program counter; BLX counts from a word.
  static func counted(_ place: UInt64, isBLX: Bool) -> UInt64 {
    isBLX ? (place &+ 4) & ~3 : place &+ 4
  }

  /// The same branch with another destination.
  func leading(to address: UInt64, from place: UInt64) -> UInt32 {
    let distance = address &- WideBranch.counted(place, isBLX: isBLX)
    return field.inserting(Int64(Int32(truncatingIfNeeded: distance)), into: word)
  }
}
