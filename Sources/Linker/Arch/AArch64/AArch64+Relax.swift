// Which pairs of instructions are replaced by others that load nothing (AAELF64, "Linker
// optimizations").
//
// The scan asks, so that a symbol needs no entry in the GOT, and the apply pass does it; both must
// come to the same answer, so both ask here, with the bytes of the *input*. Each half of a pair is
// asked for by itself.

internal import ELF

extension AArch64 {
  /// The instruction at `offset` and the next one, if both are there.
  private static func pair(_ bytes: ByteView, at offset: UInt64) -> (UInt32, UInt32)? {
    guard offset & 3 == 0, let offset = Int(exactly: offset), offset <= bytes.count - 8,
      let first = bytes.load(UInt32.self, at: offset),
      let second = bytes.load(UInt32.self, at: offset + 4)
    else { return nil }
    return (first, second)
  }

  /// Whether `records[index]` is a half of a pair of adjacent instructions with relocations of these
  /// types, for one symbol and without addends. Returns the offset of the first instruction.
  private static func pairStart(
    _ first: Relocation, _ second: Relocation, _ records: RecordView<Rela>, _ index: Int
  ) -> UInt64? {
    let start = records[index].type == first.rawValue ? index : index - 1
    guard start >= 0, start + 1 < records.count else { return nil }
    let (one, other) = (records[start], records[start + 1])
    guard one.type == first.rawValue, other.type == second.rawValue, one.symbol == other.symbol,
      one.addend == other.addend, one.offset < other.offset, other.offset - one.offset == 4
    else { return nil }
    return one.offset
  }

  /// `adrp x, page; ldr x, [x, …]`: afterwards nothing is left of the page, so nobody else can have
  /// counted on it.
  private static func isLoadPair(
    _ first: Relocation, _ second: Relocation, _ records: RecordView<Rela>, _ index: Int,
    _ bytes: ByteView
  ) -> Bool {
    guard let offset = pairStart(first, second, records, index),
      let (adrp, load) = pair(bytes, at: offset)
    else { return false }
    let register = Instruction.destination(adrp)
    return Instruction.isADRP(adrp) && Instruction.isLoad(load)
      && Instruction.source(load) == register && Instruction.destination(load) == register
  }

  /// Whether a load from the GOT may become the computation of the address:
  /// `adrp x, :got:s; ldr x, [x, :got_lo12:s]` → `adrp x, s; add x, x, :lo12:s`.
  static func isRelaxableLoad(
    _ facts: SymbolFlags, _ records: RecordView<Rela>, _ index: Int, _ bytes: ByteView
  ) -> Bool {
    records[index].addend == 0
      && facts.isDisjoint(with: [.imported, .ifunc, .absolute, .undefined])
      && isLoadPair(.adrGotPage, .ld64GotLo12Nc, records, index, bytes)
  }

  /// Whether an initial-exec load may become the offset itself:
  /// `adrp x, :gottprel:s; ldr x, [x, :gottprel_lo12:s]` → `movz x, …, lsl #16; movk x, …`.
  static func isRelaxableOffset(
    _ records: RecordView<Rela>, _ index: Int, _ bytes: ByteView
  ) -> Bool {
    isLoadPair(.tlsieAdrGottprelPage21, .tlsieLd64GottprelLo12Nc, records, index, bytes)
  }

  /// Whether `records[index]` begins `adrp x, s; add x, x, :lo12:s`, which a near `s` makes
  /// `nop; adr x, s`.
  static func isAddressPair(
    _ records: RecordView<Rela>, _ index: Int, _ bytes: ByteView
  ) -> Bool {
    guard records[index].type == Relocation.adrPrelPgHi21.rawValue,
      let offset = pairStart(.adrPrelPgHi21, .addAbsLo12Nc, records, index),
      let (adrp, add) = pair(bytes, at: offset)
    else { return false }
    let register = Instruction.destination(adrp)
    return Instruction.isADRP(adrp) && Instruction.isAdd(add)
      && Instruction.source(add) == register && Instruction.destination(add) == register
  }
}
