// The records of a 64-bit little-endian ELF file, as plain values that know how they lie in the
// file (gABI, "ELF Header", "Section Header Table", "Symbol Table", "Relocation", "Program Header").
//
// Each record has `size` and a reading initialiser. Those that the linker meets by the million
// (symbols, relocations) are viewed in place; the headers are decoded into values.

/// `Elf64_Ehdr`
public struct FileHeader: Sendable, BitwiseCopyable {
  public static var size: Int { 64 }
  public var type: UInt16 = 0
  public var machine: UInt16 = 0
  public var version: UInt32 = 1
  public var entry: UInt64 = 0
  public var programHeaderOffset: UInt64 = 0
  public var sectionHeaderOffset: UInt64 = 0
  public var flags: UInt32 = 0
  public var programHeaderCount: UInt16 = 0
  public var sectionHeaderEntrySize: UInt16 = 0
  public var sectionHeaderCount: UInt16 = 0
  public var sectionNameIndex: UInt16 = 0

  public init() {}

  /// Reads the header; nil if the bytes do not hold one. The identification (class, byte order)
  /// has been checked before.
  public init?(_ bytes: ByteView) {
    guard bytes.count >= FileHeader.size else { return nil }
    type = bytes.get(UInt16.self, at: 16)
    machine = bytes.get(UInt16.self, at: 18)
    version = bytes.get(UInt32.self, at: 20)
    entry = bytes.get(UInt64.self, at: 24)
    programHeaderOffset = bytes.get(UInt64.self, at: 32)
    sectionHeaderOffset = bytes.get(UInt64.self, at: 40)
    flags = bytes.get(UInt32.self, at: 48)
    programHeaderCount = bytes.get(UInt16.self, at: 56)
    sectionHeaderEntrySize = bytes.get(UInt16.self, at: 58)
    sectionHeaderCount = bytes.get(UInt16.self, at: 60)
    sectionNameIndex = bytes.get(UInt16.self, at: 62)
  }
}

/// `Elf64_Shdr`
public struct SectionHeader: Sendable, BitwiseCopyable {
  public static var size: Int { 64 }
  public var nameOffset: UInt32 = 0
  public var type: UInt32 = 0
  public var flags: UInt64 = 0
  public var address: UInt64 = 0
  public var offset: UInt64 = 0
  public var size: UInt64 = 0
  public var link: UInt32 = 0
  public var info: UInt32 = 0
  public var alignment: UInt64 = 0
  public var entrySize: UInt64 = 0

  @inlinable public init() {}

  /// Reads the header at `offset`, which was validated before.
  @inlinable public init(_ bytes: ByteView, at offset: Int) {
    nameOffset = bytes.get(UInt32.self, at: offset)
    type = bytes.get(UInt32.self, at: offset + 4)
    flags = bytes.get(UInt64.self, at: offset + 8)
    address = bytes.get(UInt64.self, at: offset + 16)
    self.offset = bytes.get(UInt64.self, at: offset + 24)
    size = bytes.get(UInt64.self, at: offset + 32)
    link = bytes.get(UInt32.self, at: offset + 40)
    info = bytes.get(UInt32.self, at: offset + 44)
    alignment = bytes.get(UInt64.self, at: offset + 48)
    entrySize = bytes.get(UInt64.self, at: offset + 56)
  }
}

/// `Elf64_Phdr`
public struct ProgramHeader: Sendable, BitwiseCopyable {
  public static var size: Int { 56 }
  public var type: UInt32 = 0
  public var flags: UInt32 = 0
  public var offset: UInt64 = 0
  public var virtualAddress: UInt64 = 0
  public var physicalAddress: UInt64 = 0
  public var fileSize: UInt64 = 0
  public var memorySize: UInt64 = 0
  public var alignment: UInt64 = 0

  public init() {}
}

/// `Elf64_Sym`
public struct Symbol: Sendable, BitwiseCopyable {
  public static var size: Int { 24 }
  public var nameOffset: UInt32 = 0
  public var info: UInt8 = 0
  public var other: UInt8 = 0
  public var sectionIndex: UInt16 = 0
  public var value: UInt64 = 0
  public var size: UInt64 = 0

  @inlinable public init() {}

  @inlinable public var binding: UInt8 { info >> 4 }
  @inlinable public var type: UInt8 { info & 15 }
  @inlinable public var visibility: UInt8 { other & 3 }
}

/// `Elf64_Rela`
public struct Rela: Sendable, BitwiseCopyable {
  public static var size: Int { 24 }
  public var offset: UInt64 = 0
  public var info: UInt64 = 0
  public var addend: Int64 = 0

  @inlinable public init() {}

  @inlinable public init(offset: UInt64, type: UInt32, symbol: UInt32, addend: Int64) {
    self.offset = offset
    info = UInt64(symbol) << 32 | UInt64(type)
    self.addend = addend
  }

  @inlinable public var type: UInt32 { UInt32(truncatingIfNeeded: info) }
  @inlinable public var symbol: UInt32 { UInt32(truncatingIfNeeded: info >> 32) }
}

/// Records of one type that lie one behind the other in a file. The host is little-endian, as the
/// files are, and the layouts of `Symbol` and `Rela` equal the file's (checked by a layout test),
/// so an element is one load.
@safe public struct RecordView<Record: BitwiseCopyable>: @unchecked Sendable, BitwiseCopyable {
  // Sendable: read only, as ByteView.
  @usableFromInline let base: UnsafeRawPointer?
  public let count: Int

  @inlinable public init() {
    unsafe base = nil
    count = 0
  }

  /// All whole records in `bytes`.
  @inlinable public init(_ bytes: ByteView) {
    unsafe base = bytes.base
    count = bytes.count / MemoryLayout<Record>.stride
  }

  @inlinable public subscript(index: Int) -> Record {
    @inline(__always) get {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      return unsafe base.unsafelyUnwrapped.loadUnaligned(
        fromByteOffset: index &* MemoryLayout<Record>.stride, as: Record.self)
    }
  }

  /// The records of `range`, which lies inside.
  @inlinable public func slice(_ range: Range<Int>) -> RecordView {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    guard let base = unsafe base, !range.isEmpty else { return RecordView() }
    return unsafe RecordView(
      ByteView(
        base + range.lowerBound &* MemoryLayout<Record>.stride,
        count: range.count &* MemoryLayout<Record>.stride))
  }
}
