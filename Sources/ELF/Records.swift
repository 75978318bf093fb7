// The records of an ELF file as plain values (gABI, "ELF Header", "Section Header Table", "Symbol
// Table", "Relocation", "Program Header", "Dynamic Section").
//
// Values are as wide as ELFCLASS64 has them; what a 32-bit file stores is widened. The layouts of
// `SectionHeader`, `ProgramHeader`, `Symbol` and `Rela` equal those of a 64-bit little-endian file
// (checked by a layout test), so tables in that format are viewed in place, never decoded.

/// `Elf32_Ehdr`, `Elf64_Ehdr`
public struct FileHeader: FileRecord, Equatable {
  /// The format decides EI_CLASS and EI_DATA.
  public var format = Format.native
  /// EI_OSABI: 0 for System V, 3 for GNU.
  public var osABI: UInt8 = 0
  /// EI_ABIVERSION
  public var abiVersion: UInt8 = 0
  /// `e_type`: `ET`.
  public var type: UInt16 = 0
  /// `e_machine`: `EM`.
  public var machine: UInt16 = 0
  /// `e_version`: 1, EV_CURRENT.
  public var version: UInt32 = 1
  /// `e_entry`: a virtual address; 0 if there is none.
  public var entry: UInt64 = 0
  /// `e_phoff`: bytes from the start of the file; 0 without a table.
  public var programHeaderOffset: UInt64 = 0
  /// `e_shoff`: bytes from the start of the file; 0 without a table.
  public var sectionHeaderOffset: UInt64 = 0
  /// `e_flags`: bits that the machine defines.
  public var flags: UInt32 = 0
  /// `e_phentsize`, in bytes.
  public var programHeaderEntrySize: UInt16 = 0
  /// `e_phnum`. 0xffff (PN_XNUM): the number is `sh_info` of section header 0.
  public var programHeaderCount: UInt16 = 0
  /// `e_shentsize`, in bytes.
  public var sectionHeaderEntrySize: UInt16 = 0
  /// `e_shnum`. 0 with a table: the number is `sh_size` of section header 0.
  public var sectionHeaderCount: UInt16 = 0
  /// `e_shstrndx`. SHN_XINDEX: the index is `sh_link` of section header 0.
  public var sectionNameIndex: UInt16 = 0

  @inlinable public static func size(in format: Format) -> Int { format.headerSize }

  public init() {}

  /// Reads the header of a file whose identification names a format; nil if it has none, or is
  /// too short.
  public init?(_ bytes: ByteView) {
    guard let format = Format(identification: bytes) else { return nil }
    self.init(bytes, format, at: 0)
  }

  public init(from reader: inout RecordReader) {
    format = reader.format
    reader.offset += 7
    osABI = reader.u8()
    abiVersion = reader.u8()
    reader.offset += 7
    type = reader.u16()
    machine = reader.u16()
    version = reader.u32()
    entry = reader.word()
    programHeaderOffset = reader.word()
    sectionHeaderOffset = reader.word()
    flags = reader.u32()
    _ = reader.u16()  // e_ehsize
    programHeaderEntrySize = reader.u16()
    programHeaderCount = reader.u16()
    sectionHeaderEntrySize = reader.u16()
    sectionHeaderCount = reader.u16()
    sectionNameIndex = reader.u16()
  }

  public func encode(to writer: inout RecordWriter) {
    for byte in [0x7f, 0x45, 0x4c, 0x46, writer.format.classByte, writer.format.orderByte, 1] {
      writer.u8(byte)
    }
    writer.u8(osABI)
    writer.u8(abiVersion)
    for _ in 0..<7 { writer.u8(0) }
    writer.u16(type)
    writer.u16(machine)
    writer.u32(version)
    writer.word(entry)
    writer.word(programHeaderOffset)
    writer.word(sectionHeaderOffset)
    writer.u32(flags)
    writer.u16(UInt16(writer.format.headerSize))
    writer.u16(programHeaderEntrySize)
    writer.u16(programHeaderCount)
    writer.u16(sectionHeaderEntrySize)
    writer.u16(sectionHeaderCount)
    writer.u16(sectionNameIndex)
  }

  /// Section header `index` of the file that `bytes` are; nil if it does not lie inside.
  public func sectionHeader(_ index: Int, in bytes: ByteView) -> SectionHeader? {
    let (start, overflow) = sectionHeaderOffset.addingReportingOverflow(
      UInt64(index * format.sectionEntrySize))
    guard !overflow, let offset = Int(exactly: start) else { return nil }
    return SectionHeader(bytes, format, at: offset)
  }

  /// Sets the place and the size of the program header table, which follows the header.
  public mutating func setSegments(count: Int) {
    programHeaderOffset = count == 0 ? 0 : UInt64(format.headerSize)
    programHeaderEntrySize = count == 0 ? 0 : UInt16(format.segmentEntrySize)
    programHeaderCount = UInt16(clamping: count)
  }

  /// Sets the counts of section headers and the index of their names; too large numbers go into
  /// the null section header (gABI, "Extended Section Header Numbering"), which this returns.
  public mutating func setSections(count: Int, nameIndex: Int) -> SectionHeader {
    var null = SectionHeader()
    let limit = Int(SHN.LORESERVE)
    sectionHeaderEntrySize = UInt16(format.sectionEntrySize)
    sectionHeaderCount = count < limit ? UInt16(count) : 0
    sectionNameIndex = nameIndex < limit ? UInt16(nameIndex) : SHN.XINDEX
    if count >= limit { null.size = UInt64(count) }
    if nameIndex >= limit { null.link = UInt32(nameIndex) }
    return null
  }
}

/// `Elf32_Shdr`, `Elf64_Shdr`
public struct SectionHeader: NativeRecord, Equatable {
  /// Bytes in memory, and in a file of the native format.
  public static var size: Int { 64 }
  /// `sh_name`: bytes into the section that `e_shstrndx` names.
  public var nameOffset: UInt32 = 0
  /// `sh_type`: `SHT`.
  public var type: UInt32 = 0
  /// `sh_flags`: `SHF`.
  public var flags: UInt64 = 0
  /// `sh_addr`: virtual; 0 if the section is not loaded.
  public var address: UInt64 = 0
  /// `sh_offset`: bytes from the start of the file.
  public var offset: UInt64 = 0
  /// `sh_size`: bytes, in memory alone if SHT_NOBITS.
  public var size: UInt64 = 0
  /// `sh_link`: a section index; what it is for, the type decides (gABI, "sh_link and sh_info
  /// Interpretation").
  public var link: UInt32 = 0
  /// `sh_info`: what it means depends on the type, as with `link`.
  public var info: UInt32 = 0
  /// `sh_addralign`: a power of two in bytes; 0 means 1.
  public var alignment: UInt64 = 0
  /// `sh_entsize`: bytes of an entry, 0 if the section is no table.
  public var entrySize: UInt64 = 0

  @inlinable public static func size(in format: Format) -> Int { format.sectionEntrySize }

  @inlinable public init() {}

  public init(from reader: inout RecordReader) {
    nameOffset = reader.u32()
    type = reader.u32()
    flags = reader.word()
    address = reader.word()
    offset = reader.word()
    size = reader.word()
    link = reader.u32()
    info = reader.u32()
    alignment = reader.word()
    entrySize = reader.word()
  }

  public func encode(to writer: inout RecordWriter) {
    writer.u32(nameOffset)
    writer.u32(type)
    writer.word(flags)
    writer.word(address)
    writer.word(offset)
    writer.word(size)
    writer.u32(link)
    writer.u32(info)
    writer.word(alignment)
    writer.word(entrySize)
  }
}

/// `Elf32_Phdr`, `Elf64_Phdr`
public struct ProgramHeader: NativeRecord, Equatable {
  /// `p_type`: `PT`.
  public var type: UInt32 = 0
  /// `p_flags`: `PF`.
  public var flags: UInt32 = 0
  /// `p_offset`: bytes from the start of the file.
  public var offset: UInt64 = 0
  /// `p_vaddr`: where the bytes run.
  public var virtualAddress: UInt64 = 0
  /// `p_paddr`: where they are stored, the load address (LMA).
  public var physicalAddress: UInt64 = 0
  /// `p_filesz`, in bytes.
  public var fileSize: UInt64 = 0
  /// `p_memsz`, in bytes; what exceeds `p_filesz` is zeros.
  public var memorySize: UInt64 = 0
  /// `p_align`: `p_vaddr` and `p_offset` are equal modulo this; 0 and 1 ask for nothing.
  public var alignment: UInt64 = 0

  @inlinable public static func size(in format: Format) -> Int { format.segmentEntrySize }

  public init() {}

  public init(from reader: inout RecordReader) {
    type = reader.u32()
    if reader.format.is64 { flags = reader.u32() }
    offset = reader.word()
    virtualAddress = reader.word()
    physicalAddress = reader.word()
    fileSize = reader.word()
    memorySize = reader.word()
    if !reader.format.is64 { flags = reader.u32() }
    alignment = reader.word()
  }

  public func encode(to writer: inout RecordWriter) {
    writer.u32(type)
    if writer.format.is64 { writer.u32(flags) }
    writer.word(offset)
    writer.word(virtualAddress)
    writer.word(physicalAddress)
    writer.word(fileSize)
    writer.word(memorySize)
    if !writer.format.is64 { writer.u32(flags) }
    writer.word(alignment)
  }
}

/// `Elf32_Sym`, `Elf64_Sym`
public struct Symbol: NativeRecord, Equatable {
  /// Bytes in memory, and in a file of the native format.
  public static var size: Int { 24 }
  /// `st_name`: bytes into the string table that the symbol table's `sh_link` names.
  public var nameOffset: UInt32 = 0
  /// `st_info`: the binding in the upper four bits, the type in the lower.
  public var info: UInt8 = 0
  /// `st_other`: the visibility in the lowest two bits; the machine defines the others.
  public var other: UInt8 = 0
  /// `st_shndx`: a section, or one of `SHN`.
  public var sectionIndex: UInt16 = 0
  /// `st_value`: bytes from the start of the section in a relocatable file, an address in a linked
  /// one, the alignment if SHN_COMMON.
  public var value: UInt64 = 0
  /// `st_size`: bytes of the object; 0 if it has none or it is not known.
  public var size: UInt64 = 0

  @inlinable public static func size(in format: Format) -> Int { format.symbolEntrySize }

  @inlinable public init() {}

  /// ELF64_ST_BIND of `st_info`: `STB`.
  @inlinable public var binding: UInt8 { info >> 4 }
  /// ELF64_ST_TYPE of `st_info`: `STT`.
  @inlinable public var type: UInt8 { info & 15 }
  /// ELF64_ST_VISIBILITY of `st_other`: `STV`.
  @inlinable public var visibility: UInt8 { other & 3 }

  public init(from reader: inout RecordReader) {
    nameOffset = reader.u32()
    if !reader.format.is64 {
      value = reader.word()
      size = reader.word()
    }
    info = reader.u8()
    other = reader.u8()
    sectionIndex = reader.u16()
    if reader.format.is64 {
      value = reader.word()
      size = reader.word()
    }
  }

  public func encode(to writer: inout RecordWriter) {
    writer.u32(nameOffset)
    if !writer.format.is64 {
      writer.word(value)
      writer.word(size)
    }
    writer.u8(info)
    writer.u8(other)
    writer.u16(sectionIndex)
    if writer.format.is64 {
      writer.word(value)
      writer.word(size)
    }
  }
}

/// `Elf32_Rela`, `Elf64_Rela`: a relocation with its addend. `info` has the 64-bit form, the symbol
/// in the upper half and the type in the lower; a 32-bit file has 24 bits and 8.
public struct Rela: NativeRecord, Equatable {
  /// Bytes in memory, and in a file of the native format.
  public static var size: Int { 24 }
  /// `r_offset`: bytes from the start of the section in a relocatable file, else an address.
  public var offset: UInt64 = 0
  /// `r_info` in its 64-bit form.
  public var info: UInt64 = 0
  /// `r_addend`
  public var addend: Int64 = 0

  @inlinable public static func size(in format: Format) -> Int { format.relaEntrySize }

  @inlinable public init() {}

  /// Puts the type and the index of the symbol into `info`.
  @inlinable public init(offset: UInt64, type: UInt32, symbol: UInt32, addend: Int64) {
    self.offset = offset
    info = UInt64(symbol) << 32 | UInt64(type)
    self.addend = addend
  }

  /// ELF64_R_TYPE of `r_info`; the machine defines the numbers.
  @inlinable public var type: UInt32 { UInt32(truncatingIfNeeded: info) }
  /// ELF64_R_SYM of `r_info`: an index into the symbol table; 0 for none.
  @inlinable public var symbol: UInt32 { UInt32(truncatingIfNeeded: info >> 32) }

  public init(from reader: inout RecordReader) {
    let place = RelocationPlace(from: &reader)
    offset = place.offset
    info = place.info
    addend = reader.signedWord()
  }

  public func encode(to writer: inout RecordWriter) {
    RelocationPlace(offset: offset, info: info).encode(to: &writer)
    writer.word(UInt64(bitPattern: addend))
  }
}

/// `Elf32_Rel`, `Elf64_Rel`: a relocation whose addend is the bytes that it patches. `info` as in
/// `Rela`.
public struct RelocationPlace: FileRecord, Equatable {
  /// `r_offset`: bytes from the start of the section in a relocatable file, else an address.
  public var offset: UInt64
  /// `r_info` in its 64-bit form, whatever the class of the file.
  public var info: UInt64

  @inlinable public static func size(in format: Format) -> Int { format.relEntrySize }

  @inlinable public init(offset: UInt64, info: UInt64) {
    self.offset = offset
    self.info = info
  }

  public init(from reader: inout RecordReader) {
    offset = reader.word()
    let stored = reader.word()
    info = reader.format.is64 ? stored : (stored >> 8) << 32 | stored & 0xff
  }

  public func encode(to writer: inout RecordWriter) {
    writer.word(offset)
    writer.word(writer.format.is64 ? info : (info >> 32) << 8 | info & 0xff)
  }
}

/// `Elf32_Dyn`, `Elf64_Dyn`
public struct DynamicTag: FileRecord, Equatable {
  /// `DT`
  public var tag: Int64
  /// `d_val` or `d_ptr`: a number or an address, as the tag has it.
  public var value: UInt64

  @inlinable public static func size(in format: Format) -> Int { format.dynamicEntrySize }

  /// The tag and its `d_val` or `d_ptr`, as `d_un` holds either.
  @inlinable public init(_ tag: Int64, _ value: UInt64) {
    self.tag = tag
    self.value = value
  }

  public init(from reader: inout RecordReader) {
    tag = reader.signedWord()
    value = reader.word()
  }

  public func encode(to writer: inout RecordWriter) {
    writer.word(UInt64(bitPattern: tag))
    writer.word(value)
  }
}

/// `Elf32_Chdr`, `Elf64_Chdr`: what a compressed section begins with.
public struct CompressionHeader: FileRecord, Equatable {
  /// `ELFCOMPRESS`
  public var type: UInt32
  /// Of the section, uncompressed.
  public var size: UInt64
  /// `ch_addralign`: of the section, uncompressed.
  public var alignment: UInt64

  @inlinable public static func size(in format: Format) -> Int { format.compressionHeaderSize }

  @inlinable public init(type: UInt32, size: UInt64, alignment: UInt64) {
    self.type = type
    self.size = size
    self.alignment = alignment
  }

  public init(from reader: inout RecordReader) {
    type = reader.u32()
    if reader.format.is64 { _ = reader.u32() }
    size = reader.word()
    alignment = reader.word()
  }

  public func encode(to writer: inout RecordWriter) {
    writer.u32(type)
    if writer.format.is64 { writer.u32(0) }
    writer.word(size)
    writer.word(alignment)
  }
}

/// Records of one type that lie one behind the other in a file. The host is little-endian, as the
/// files are, and the layouts of `Symbol` and `Rela` equal the file's (checked by a layout test),
/// so an element is one load.
@safe public struct RecordView<Record: BitwiseCopyable>: @unchecked Sendable, BitwiseCopyable {
  // Sendable: read only, as ByteView.
  @usableFromInline let base: UnsafeRawPointer?
  /// The number of records.
  public let count: Int

  /// No records.
  @inlinable public init() {
    unsafe base = nil
    count = 0
  }

  /// All whole records in `bytes`.
  @inlinable public init(_ bytes: ByteView) {
    unsafe base = bytes.base
    count = bytes.count / MemoryLayout<Record>.stride
  }

  /// Record `index`, copied. Traps if there is none.
  @inlinable public subscript(index: Int) -> Record {
    @inline(__always) get {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      return unsafe base.unsafelyUnwrapped.loadUnaligned(
        fromByteOffset: index &* MemoryLayout<Record>.stride, as: Record.self)
    }
  }

  /// The bytes of all records, as they lie in memory.
  public var bytes: ByteView {
    guard let base = unsafe base else { return ByteView() }
    return unsafe ByteView(base, count: count * MemoryLayout<Record>.stride)
  }

  /// The records as an array.
  public var array: [Record] { (0..<count).map { self[$0] } }

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
