// The class and byte order of a file, and the records of the gABI in that form. The editor works
// on any ELF file, so nothing here knows a machine: 32 and 64 bit, little and big endian only
// decide where a field lies and how it is read.

internal import ELF

/// ELFCLASS and ELFDATA of a file.
struct Format: Sendable, Equatable {
  var is64: Bool
  var order: ByteOrder

  var headerSize: Int { is64 ? 64 : 52 }
  var segmentEntrySize: Int { is64 ? 56 : 32 }
  var sectionEntrySize: Int { is64 ? 64 : 40 }
  var symbolEntrySize: Int { is64 ? 24 : 16 }
  var dynamicEntrySize: Int { is64 ? 16 : 8 }
  var wordSize: Int { is64 ? 8 : 4 }
  var addressLimit: UInt64 { is64 ? .max : 0xffff_ffff }

  /// The integer of `size` bytes (1, 2, 4 or 8) as the file stores it.
  func encode(_ value: UInt64, size: Int) -> [UInt8] {
    Format.encode(value, size: size, order)
  }

  static func encode(_ value: UInt64, size: Int, _ order: ByteOrder) -> [UInt8] {
    (0..<size).map { index in
      let position = order == .little ? index : size - 1 - index
      return UInt8(truncatingIfNeeded: value >> UInt64(position * 8))
    }
  }

  static func decode(_ bytes: some Collection<UInt8>, _ order: ByteOrder) -> UInt64 {
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
struct Cursor {
  let bytes: ByteView
  let format: Format
  var offset: Int
  private(set) var failed = false

  init(_ bytes: ByteView, _ format: Format, at offset: Int) {
    self.bytes = bytes
    self.format = format
    self.offset = offset
  }

  mutating func read(_ size: Int) -> UInt64 {
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

  mutating func u8() -> UInt8 { UInt8(truncatingIfNeeded: read(1)) }
  mutating func u16() -> UInt16 { UInt16(truncatingIfNeeded: read(2)) }
  mutating func u32() -> UInt32 { UInt32(truncatingIfNeeded: read(4)) }
  mutating func u64() -> UInt64 { read(8) }
  /// An address, offset or size: four or eight bytes.
  mutating func word() -> UInt64 { read(format.wordSize) }
}

extension ByteView {
  /// The NUL-terminated string of at most `longest` bytes at `offset`, without its NUL. Strings of
  /// a file may share their ends, so who reads all of them without a limit reads the square of its
  /// size.
  func cString(at offset: Int, longest: Int) -> ByteView? {
    guard offset >= 0, offset < count else { return nil }
    return slice(offset, longest < count - offset ? longest + 1 : count - offset)?.cString(at: 0)
  }
}

/// Builds records in the form of a file.
struct Encoder {
  let format: Format
  private(set) var bytes: [UInt8] = []
  init(_ format: Format) { self.format = format }
  mutating func append(_ value: UInt64, _ size: Int) {
    bytes.append(contentsOf: format.encode(value, size: size))
  }
  mutating func u8(_ value: UInt8) { bytes.append(value) }
  mutating func u16(_ value: UInt16) { append(UInt64(value), 2) }
  mutating func u32(_ value: UInt32) { append(UInt64(value), 4) }
  mutating func word(_ value: UInt64) { append(value, format.wordSize) }
}

/// `Elf32_Phdr` or `Elf64_Phdr`.
struct Segment: Sendable, Equatable {
  var index = 0
  var type: UInt32 = 0
  var flags: UInt32 = 0
  var offset: UInt64 = 0
  var address: UInt64 = 0
  var loadAddress: UInt64 = 0
  var fileSize: UInt64 = 0
  var memorySize: UInt64 = 0
  var alignment: UInt64 = 0

  init() {}

  init?(_ bytes: ByteView, _ format: Format, at position: Int, index: Int) {
    var cursor = Cursor(bytes, format, at: position)
    self.index = index
    type = cursor.u32()
    if format.is64 { flags = cursor.u32() }
    offset = cursor.word()
    address = cursor.word()
    loadAddress = cursor.word()
    fileSize = cursor.word()
    memorySize = cursor.word()
    if !format.is64 { flags = cursor.u32() }
    alignment = cursor.word()
    if cursor.failed { return nil }
  }

  func encoded(_ format: Format) -> [UInt8] {
    var out = Encoder(format)
    out.u32(type)
    if format.is64 { out.u32(flags) }
    out.word(offset)
    out.word(address)
    out.word(loadAddress)
    out.word(fileSize)
    out.word(memorySize)
    if !format.is64 { out.u32(flags) }
    out.word(alignment)
    return out.bytes
  }

  // Validated when the image is opened: none of these wraps.
  var fileEnd: UInt64 { offset &+ fileSize }
  var memoryEnd: UInt64 { address &+ memorySize }
  var fileRange: Range<UInt64> { offset..<max(offset, fileEnd) }
  /// The virtual addresses that have bytes in the file.
  var backedRange: Range<UInt64> { address..<max(address, address &+ fileSize) }
  var memoryRange: Range<UInt64> { address..<max(address, memoryEnd) }
  /// The load addresses that have bytes in the file.
  var loadRange: Range<UInt64> { loadAddress..<max(loadAddress, loadAddress &+ fileSize) }
}

/// `Elf32_Shdr` or `Elf64_Shdr`, with its name.
struct Section: Sendable, Equatable {
  var index = 0
  var name = ""
  var nameOffset: UInt32 = 0
  var type: UInt32 = 0
  var flags: UInt64 = 0
  var address: UInt64 = 0
  var offset: UInt64 = 0
  var size: UInt64 = 0
  var link: UInt32 = 0
  var info: UInt32 = 0
  var alignment: UInt64 = 0
  var entrySize: UInt64 = 0

  init() {}

  init?(_ bytes: ByteView, _ format: Format, at position: Int, index: Int) {
    var cursor = Cursor(bytes, format, at: position)
    self.index = index
    nameOffset = cursor.u32()
    type = cursor.u32()
    flags = cursor.word()
    address = cursor.word()
    offset = cursor.word()
    size = cursor.word()
    link = cursor.u32()
    info = cursor.u32()
    alignment = cursor.word()
    entrySize = cursor.word()
    if cursor.failed { return nil }
  }

  func encoded(_ format: Format) -> [UInt8] {
    var out = Encoder(format)
    out.u32(nameOffset)
    out.u32(type)
    out.word(flags)
    out.word(address)
    out.word(offset)
    out.word(size)
    out.u32(link)
    out.u32(info)
    out.word(alignment)
    out.word(entrySize)
    return out.bytes
  }

  var isLoaded: Bool { flags & SHF.ALLOC != 0 }
  var isCode: Bool { flags & SHF.EXECINSTR != 0 }
  var isTLS: Bool { flags & SHF.TLS != 0 }
  var hasFileBytes: Bool { type != SHT.NOBITS && type != SHT.NULL }
  /// .tbss: its address range belongs to whatever follows.
  var takesNoMemory: Bool { isTLS && type == SHT.NOBITS }
  var fileRange: Range<UInt64> { offset..<max(offset, offset &+ (hasFileBytes ? size : 0)) }
  var memoryRange: Range<UInt64> { address..<max(address, address &+ size) }
}
