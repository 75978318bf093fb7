// Program headers and section headers as the editor sees them: the records of the gABI with their
// place in their table, a section with its name, and the questions that edits ask of them.

internal import ELF

extension ByteView {
  /// The NUL-terminated string of at most `longest` bytes at `offset`, without its NUL. Strings of
  /// a file may share their ends, so who reads all of them without a limit reads the square of its
  /// size.
  func cString(at offset: Int, longest: Int) -> ByteView? {
    guard offset >= 0, offset < count else { return nil }
    return slice(offset, longest < count - offset ? longest + 1 : count - offset)?.cString(at: 0)
  }
}

/// A program header and its place in the table.
@dynamicMemberLookup
struct Segment: Sendable, Equatable {
  var index = 0
  var header = ProgramHeader()

  init() {}

  init?(_ bytes: ByteView, _ format: Format, at position: Int, index: Int) {
    guard let header = ProgramHeader(bytes, format, at: position) else { return nil }
    self.index = index
    self.header = header
  }

  subscript<T>(dynamicMember field: WritableKeyPath<ProgramHeader, T>) -> T {
    get { header[keyPath: field] }
    set { header[keyPath: field] = newValue }
  }

  func encoded(_ format: Format) -> [UInt8] { header.encoded(format) }

  /// The virtual address.
  var address: UInt64 {
    get { header.virtualAddress }
    set { header.virtualAddress = newValue }
  }
  /// The physical address.
  var loadAddress: UInt64 {
    get { header.physicalAddress }
    set { header.physicalAddress = newValue }
  }

  // Validated when the image is opened: none of these wraps.
  var fileEnd: UInt64 { header.offset &+ header.fileSize }
  var memoryEnd: UInt64 { address &+ header.memorySize }
  var fileRange: Range<UInt64> { header.offset..<max(header.offset, fileEnd) }
  /// The virtual addresses that have bytes in the file.
  var backedRange: Range<UInt64> { address..<max(address, address &+ header.fileSize) }
  var memoryRange: Range<UInt64> { address..<max(address, memoryEnd) }
  /// The load addresses that have bytes in the file.
  var loadRange: Range<UInt64> {
    loadAddress..<max(loadAddress, loadAddress &+ header.fileSize)
  }
}

/// A section header, its place in the table and its name.
@dynamicMemberLookup
struct Section: Sendable, Equatable {
  var index = 0
  var name = ""
  var header = SectionHeader()

  init() {}

  init?(_ bytes: ByteView, _ format: Format, at position: Int, index: Int) {
    guard let header = SectionHeader(bytes, format, at: position) else { return nil }
    self.index = index
    self.header = header
  }

  subscript<T>(dynamicMember field: WritableKeyPath<SectionHeader, T>) -> T {
    get { header[keyPath: field] }
    set { header[keyPath: field] = newValue }
  }

  func encoded(_ format: Format) -> [UInt8] { header.encoded(format) }

  var isLoaded: Bool { header.flags & SHF.ALLOC != 0 }
  var isCode: Bool { header.flags & SHF.EXECINSTR != 0 }
  var isTLS: Bool { header.flags & SHF.TLS != 0 }
  var hasFileBytes: Bool { header.type != SHT.NOBITS && header.type != SHT.NULL }
  /// .tbss: its address range belongs to whatever follows.
  var takesNoMemory: Bool { isTLS && header.type == SHT.NOBITS }
  var fileRange: Range<UInt64> {
    header.offset..<max(header.offset, header.offset &+ (hasFileBytes ? header.size : 0))
  }
  var memoryRange: Range<UInt64> {
    header.address..<max(header.address, header.address &+ header.size)
  }
}
