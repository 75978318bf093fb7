// Errata of Cortex-A53 that a linker can keep away from code (Arm, Software Developers Errata Notice
// for Cortex-A53): 843419, in which an `adrp` at the end of a page of 4 KiB makes a later load or store
// use a wrong address, and 835769, in which a multiply-accumulate behind a memory access is wrong.
//
// One instruction of each sequence moves into a patch, which stands in an island of thunks and branches
// back. What is found is somewhat more than what the processor gets wrong; a moved instruction does the
// same. An `adrp` at the end of a page whose target is near becomes an `adr` instead (+Fields).

internal import ELF

extension AArch64 {
  /// Kinds of thunks beside the ordinary one.
  enum Patch {
    static var a53_843419: UInt8 { 1 }
    static var a53_835769: UInt8 { 2 }
  }

  static func wantsPatches(_ options: Options) -> Bool {
    options.fixCortexA53Address || options.fixCortexA53Multiply
  }

  static func findPatches(
    of id: SectionID, _ context: ApplyContext, _ found: inout [CodePatch]
  ) {
    let section = context.sections[id]
    let bytes = section.instructions
    let start = context.address(of: section)
    if context.layout.options.fixCortexA53Address {
      // Only the last two instructions of each page begin the sequence.
      var offset = (0xff8 &- start) & 0xfff
      while offset &+ 12 <= UInt64(bytes.count) {
        for first in [offset, offset &+ 4] {
          if let moved = accessBehindPage(bytes, Int(first)), isCode(first, section, context),
            !isNearPage(first, section, context, start)
          {
            found.append(
              CodePatch(section: id, offset: UInt64(moved), kind: Patch.a53_843419))
          }
        }
        offset &+= 0x1000
      }
    }
    if context.layout.options.fixCortexA53Multiply {
      var offset = 0
      while offset <= bytes.count - 8 {
        if isMultiplyBehindAccess(bytes, offset), isCode(UInt64(offset), section, context) {
          found.append(
            CodePatch(section: id, offset: UInt64(offset + 4), kind: Patch.a53_835769))
        }
        offset += 4
      }
    }
  }

  private static func word(_ bytes: ByteView, _ offset: Int) -> UInt32 {
    bytes.load(UInt32.self, at: offset) ?? 0
  }

  private static func isMemoryAccess(_ word: UInt32) -> Bool { word & 0x0a00_0000 == 0x0800_0000 }
  private static func isBranch(_ word: UInt32) -> Bool { word & 0x1c00_0000 == 0x1400_0000 }

  /// `adrp Xn`, a load or store, perhaps one more instruction, then a load or store with Xn as base and
  /// an unsigned offset, which is the one that moves.
  private static func accessBehindPage(_ bytes: ByteView, _ offset: Int) -> Int? {
    let adrp = word(bytes, offset)
    guard Instruction.isADRP(adrp), isMemoryAccess(word(bytes, offset + 4)) else { return nil }
    let base = Instruction.destination(adrp)
    func usesBase(_ word: UInt32) -> Bool {
      word & 0x3b00_0000 == 0x3900_0000 && Instruction.source(word) == base
    }
    let third = word(bytes, offset + 8)
    if usesBase(third) { return offset + 8 }
    return !isBranch(third) && usesBase(word(bytes, offset + 12)) ? offset + 12 : nil
  }

  /// A 64-bit multiply-accumulate right behind a load or store.
  private static func isMultiplyBehindAccess(_ bytes: ByteView, _ offset: Int) -> Bool {
    let multiply = word(bytes, offset + 4)
    return multiply & 0xff00_0000 == 0x9b00_0000 && multiply >> 10 & 31 != 31
      && isMemoryAccess(word(bytes, offset))
  }

  /// Whether the bytes are code, as the mapping symbols say. Asked rarely.
  private static func isCode(
    _ offset: UInt64, _ section: InputSection, _ context: ApplyContext
  ) -> Bool {
    let file = context.files[section.file.index]
    var best: (value: UInt64, isCode: Bool) = (0, true)
    for index in 0..<min(Int(file.firstGlobal), file.symbolCount) {
      let symbol = file.symbols[index]
      guard UInt32(symbol.sectionIndex) == section.index, symbol.value <= offset,
        symbol.value >= best.value, symbol.type == STT.NOTYPE
      else { continue }
      let name = file.symbolName(index)
      guard name.count >= 2, name[0] == 0x24 else { continue }  // $
      if name[1] == 0x78 { best = (symbol.value, true) }  // x
      if name[1] == 0x64 { best = (symbol.value, false) }  // d
    }
    return best.isCode
  }

  /// Whether the `adrp` will be an `adr`.
  private static func isNearPage(
    _ offset: UInt64, _ section: InputSection, _ context: ApplyContext, _ start: UInt64
  ) -> Bool {
    let file = context.files[section.file.index]
    let records = section.relocationRecords
    for index in 0..<records.count where records[index].offset == offset {
      let record = records[index]
      guard record.type == Relocation.adrPrelPgHi21.rawValue, Int(record.symbol) < file.symbolCount
      else { continue }
      let S = context.addresses[file.symbolID(Int(record.symbol))]
      guard !Layout.isSpecial(S) else { return false }
      // With room for what is still to move.
      let distance = Int64(
        bitPattern: page(S &+ UInt64(bitPattern: record.addend)) &- start &- offset)
      return distance > -(1 << 20) + 0x1_0000 && distance < 1 << 20 - 0x1_0000
    }
    return false
  }

  /// Moves an instruction, which is relocated by now, into its patch.
  static func writePatch(
    to file: OutputBytes, at offset: Int, place: UInt64, movedFrom original: Int, at source: UInt64
  ) {
    let word = file.load(UInt32.self, at: original)
    file.store(word, at: offset)
    let branch: UInt32 = 0x1400_0000
    file.store(
      Instruction.withBranch26(branch, source &+ 4 &- (place &+ 4)), at: offset + 4)
    file.store(Instruction.withBranch26(branch, place &- source), at: original)
  }
}
