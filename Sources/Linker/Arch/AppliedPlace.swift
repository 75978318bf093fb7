// What a relocation says once it was applied (--emit-relocs): of instructions that were replaced, its type
// as the input has it would tell a lie.

internal import ELF

/// Where a relocation was applied.
struct AppliedPlace {
  let records: RecordView<Rela>
  /// The record among them, as the input has it.
  let index: Int
  let file: InputFile
  let section: InputSection
  let cuts: SectionCuts
  /// The bytes of the section in the output.
  let output: ByteView

  /// What stood so many bytes from the place, and what stands there now at `offset` in the output.
  func words<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type, _ distance: Int, at offset: UInt64
  ) -> (before: T, after: T)? {
    guard let old = Int(exactly: records[index].offset), let new = Int(exactly: offset),
      old + distance >= 0, new + distance >= 0,
      let before = section.instructions.load(T.self, at: old + distance),
      let after = output.load(T.self, at: new + distance)
    else { return nil }
    return (before, after)
  }
}

extension Rela {
  /// The same with another type.
  func retyped(_ type: UInt32) -> Rela {
    Rela(offset: offset, type: type, symbol: symbol, addend: addend)
  }
}
