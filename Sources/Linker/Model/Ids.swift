// The names of rows. Every table of the link is indexed by its own kind of 32-bit number, so a
// wrong index does not type-check, and a reference costs 4 bytes and no reference count.

/// A number that indexes the rows of one kind of table.
protocol TableIndex: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable
where RawValue == UInt32 {
  init(rawValue: UInt32)
}

extension TableIndex {
  @inline(__always) init(_ index: Int) { self.init(rawValue: UInt32(truncatingIfNeeded: index)) }
  @inline(__always) var index: Int { Int(rawValue) }
  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// An input file: an object, an archive member, a shared object; in command-line order, so the
/// number is the file's priority. The last one is the linker itself.
struct FileID: TableIndex {
  let rawValue: UInt32
}

/// An entry of some input file's symbol table. The entries of one file are contiguous. Number 0
/// is nobody's symbol.
struct SymbolID: TableIndex {
  let rawValue: UInt32
  static var none: SymbolID { SymbolID(rawValue: 0) }
}

/// A distinct global name, while names are resolved.
struct NameID: TableIndex {
  let rawValue: UInt32
}

/// An input section that takes part in the link. The sections of one file are contiguous, in file
/// order. Number 0 is no section.
struct SectionID: TableIndex {
  let rawValue: UInt32
  static var none: SectionID { SectionID(rawValue: 0) }
}

/// A section of the output.
struct OutputID: TableIndex {
  let rawValue: UInt32
  static var none: OutputID { OutputID(rawValue: UInt32.max) }
}
