// The class and byte order of a file (gABI, "ELF Identification"), and how fields are read and
// written in them.
//
// Nothing here knows a machine: 32 or 64 bit, little or big endian only decide where a field lies
// and how its bytes are ordered. The records in Records.swift say which fields they have, once; the
// linker and the editor both read and write them through `RecordReader` and `RecordWriter`.

/// ELFCLASS and ELFDATA of a file.
public struct Format: Sendable, Equatable, BitwiseCopyable {
  /// ELFCLASS64; else ELFCLASS32.
  public var is64: Bool
  /// ELFDATA2LSB or ELFDATA2MSB.
  public var order: ByteOrder

  @inlinable public init(is64: Bool, order: ByteOrder) {
    self.is64 = is64
    self.order = order
  }

  /// The format whose records lie in the file as they do in memory, so that tables of millions of
  /// records are viewed, not decoded.
  @inlinable public static var native: Format { Format(is64: true, order: .little) }
  /// Whether tables of the file may be viewed as `RecordView`.
  @inlinable public var isNative: Bool { is64 && order == .little }

  /// Bytes of `Elf32_Ehdr` or `Elf64_Ehdr`: `e_ehsize`.
  @inlinable public var headerSize: Int { is64 ? 64 : 52 }
  /// Bytes of `Elf32_Phdr` or `Elf64_Phdr`: `e_phentsize`.
  @inlinable public var segmentEntrySize: Int { is64 ? 56 : 32 }
  /// Bytes of `Elf32_Shdr` or `Elf64_Shdr`: `e_shentsize`.
  @inlinable public var sectionEntrySize: Int { is64 ? 64 : 40 }
  /// Bytes of `Elf32_Sym` or `Elf64_Sym`: `sh_entsize` of SHT_SYMTAB, DT_SYMENT.
  @inlinable public var symbolEntrySize: Int { is64 ? 24 : 16 }
  /// Bytes of `Elf32_Dyn` or `Elf64_Dyn`: `sh_entsize` of SHT_DYNAMIC.
  @inlinable public var dynamicEntrySize: Int { is64 ? 16 : 8 }
  /// Bytes of `Elf32_Rela` or `Elf64_Rela`: `sh_entsize` of SHT_RELA, DT_RELAENT.
  @inlinable public var relaEntrySize: Int { is64 ? 24 : 12 }
  /// Bytes of `Elf32_Rel` or `Elf64_Rel`: `sh_entsize` of SHT_REL, DT_RELENT.
  @inlinable public var relEntrySize: Int { is64 ? 16 : 8 }
  /// Bytes of `Elf32_Chdr` or `Elf64_Chdr`, before the data of an SHF_COMPRESSED section.
  @inlinable public var compressionHeaderSize: Int { is64 ? 24 : 12 }
  /// An address, an offset, a size.
  @inlinable public var wordSize: Int { is64 ? 8 : 4 }
  /// The largest address.
  @inlinable public var addressLimit: UInt64 { is64 ? .max : 0xffff_ffff }

  // Where fields of the ELF header lie, for edits in place.
  /// `e_entry`
  public var entryField: Int { 24 }
  /// `e_phoff`
  public var segmentTableField: Int { is64 ? 32 : 28 }
  /// `e_shoff`
  public var sectionTableField: Int { is64 ? 40 : 32 }
  /// `e_flags`
  public var flagsField: Int { is64 ? 48 : 36 }
  /// `e_phnum`
  public var segmentCountField: Int { is64 ? 56 : 44 }
  /// `e_shnum`
  public var sectionCountField: Int { is64 ? 60 : 48 }
  /// `e_shstrndx`
  public var sectionNameIndexField: Int { is64 ? 62 : 50 }

  /// As `64-bit little-endian`.
  public var description: String {
    "\(is64 ? 64 : 32)-bit \(order == .little ? "little" : "big")-endian"
  }

  /// EI_CLASS
  public var classByte: UInt8 { is64 ? 2 : 1 }
  /// EI_DATA
  public var orderByte: UInt8 { order == .little ? 1 : 2 }

  /// The format that the identification of an ELF file states; nil if it states none that exists,
  /// or the bytes are no ELF file.
  public init?(identification bytes: ByteView) {
    guard bytes.count >= 16, bytes.hasPrefix("\u{7f}ELF"), bytes[4] == 1 || bytes[4] == 2,
      bytes[5] == 1 || bytes[5] == 2
    else { return nil }
    self.init(is64: bytes[4] == 2, order: bytes[5] == 1 ? .little : .big)
  }

  /// The integer of `size` bytes (1 to 8) as the file stores it.
  public func encode(_ value: UInt64, size: Int) -> [UInt8] {
    Format.encode(value, size: size, order)
  }

  /// The integer of `size` bytes (1 to 8) in the given byte order.
  public static func encode(_ value: UInt64, size: Int, _ order: ByteOrder) -> [UInt8] {
    (0..<size).map { index in
      let position = order == .little ? index : size - 1 - index
      return UInt8(truncatingIfNeeded: value >> UInt64(position * 8))
    }
  }

  /// The integer that `bytes` (at most 8) stand for in the given byte order.
  public static func decode(_ bytes: some Collection<UInt8>, _ order: ByteOrder) -> UInt64 {
    var value: UInt64 = 0
    if order == .big {
      for byte in bytes { value = value << 8 | UInt64(byte) }
    } else {
      var shift: UInt64 = 0
      for byte in bytes {
        value |= UInt64(byte) << shift
        shift += 8
      }
    }
    return value
  }
}

/// Reads fields one after another; `failed` is set when one was not inside.
public struct RecordReader: Sendable {
  /// What is read, from its first byte: offsets count from there.
  public let bytes: ByteView
  /// Decides the order of bytes and the width of `word`.
  public let format: Format
  /// Of the next field.
  public var offset: Int
  /// Whether a field so far was not inside; its value was 0.
  public private(set) var failed = false

  public init(_ bytes: ByteView, _ format: Format, at offset: Int = 0) {
    self.bytes = bytes
    self.format = format
    self.offset = offset
  }

  /// An integer of 1, 2, 4 or 8 bytes; 0 if it is not inside.
  public mutating func read(_ size: Int) -> UInt64 {
    let value: UInt64? =
      switch size {
      case 1: bytes.load(UInt8.self, at: offset).map(UInt64.init)
      case 2: bytes.load(UInt16.self, at: offset, format.order).map(UInt64.init)
      case 4: bytes.load(UInt32.self, at: offset, format.order).map(UInt64.init)
      default: bytes.load(UInt64.self, at: offset, format.order)
      }
    offset &+= size
    guard let value else {
      failed = true
      return 0
    }
    return value
  }

  /// `unsigned char`; 0 if it is not inside.
  public mutating func u8() -> UInt8 { UInt8(truncatingIfNeeded: read(1)) }
  /// `Elf32_Half`; 0 if it is not inside.
  public mutating func u16() -> UInt16 { UInt16(truncatingIfNeeded: read(2)) }
  /// `Elf32_Word`; 0 if it is not inside.
  public mutating func u32() -> UInt32 { UInt32(truncatingIfNeeded: read(4)) }
  /// `Elf64_Xword`; 0 if it is not inside.
  public mutating func u64() -> UInt64 { read(8) }
  /// An address, offset or size: four or eight bytes.
  public mutating func word() -> UInt64 { read(format.wordSize) }
  /// The same with a sign.
  public mutating func signedWord() -> Int64 {
    format.is64
      ? Int64(bitPattern: read(8)) : Int64(Int32(truncatingIfNeeded: read(4)))
  }
}

/// Writes fields one after another into memory of the caller, without allocation.
@safe public struct RecordWriter {
  @usableFromInline let base: UnsafeMutableRawPointer
  /// Decides the order of bytes and the width of `word`.
  public let format: Format
  /// Bytes written so far.
  public private(set) var count = 0

  /// `base`: room for the record, which the caller keeps alive.
  @unsafe public init(_ base: UnsafeMutableRawPointer, _ format: Format) {
    unsafe self.base = base
    self.format = format
  }

  private mutating func put<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
    let ordered = format.order == .little ? value.littleEndian : value.bigEndian
    unsafe base.storeBytes(of: ordered, toByteOffset: count, as: T.self)
    count += MemoryLayout<T>.size
  }

  /// Writes one byte.
  public mutating func u8(_ value: UInt8) { put(value) }
  /// Writes `Elf32_Half`, two bytes in the order of the format.
  public mutating func u16(_ value: UInt16) { put(value) }
  /// Writes `Elf32_Word`, four bytes in the order of the format.
  public mutating func u32(_ value: UInt32) { put(value) }
  /// Writes `Elf64_Xword`, eight bytes in the order of the format, whatever its class.
  public mutating func u64(_ value: UInt64) { put(value) }
  /// An address, offset or size: four or eight bytes. What does not fit was refused before.
  public mutating func word(_ value: UInt64) {
    if format.is64 { put(value) } else { put(UInt32(truncatingIfNeeded: value)) }
  }
}

/// A record of the gABI that has a 32-bit and a 64-bit form. Both are described once, by the order
/// of fields in `init(from:)` and `encode(to:)`.
public protocol FileRecord: Sendable, BitwiseCopyable {
  /// Bytes in a file of the given format.
  static func size(in format: Format) -> Int
  /// Reads the fields; whether all were inside, the reader knows.
  init(from reader: inout RecordReader)
  func encode(to writer: inout RecordWriter)
}

/// A record whose layout in memory is that in a file of the native format, so that tables of it are
/// viewed and written in place.
public protocol NativeRecord: FileRecord {}

extension FileRecord {
  /// Reads the record at `offset`; nil if it does not lie inside.
  public init?(_ bytes: ByteView, _ format: Format, at offset: Int) {
    guard offset >= 0, offset <= bytes.count - Self.size(in: format) else { return nil }
    var reader = RecordReader(bytes, format, at: offset)
    self.init(from: &reader)
  }

  /// The bytes of the record in a file of the given format.
  public func encoded(_ format: Format) -> [UInt8] {
    let size = Self.size(in: format)
    return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      var writer = unsafe RecordWriter(
        UnsafeMutableRawPointer(buffer.baseAddress.unsafelyUnwrapped), format)
      encode(to: &writer)
      precondition(writer.count == size)
      count = size
    }
  }
}
