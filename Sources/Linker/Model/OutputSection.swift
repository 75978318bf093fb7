// Sections of the output: what goes into each, in order, and where it ends up.

internal import ELF
internal import MapLang
internal import Parallel

struct OutputSection: Sendable {
  var name: String
  /// The section of the map; nil for orphans and for what is not allocated.
  var mapSection: MapSectionID?
  /// The slot of the map that this section is.
  var slot: SlotID?
  /// `sh_type` and `sh_flags`.
  var type: UInt32 = SHT.NULL
  var flags: UInt64 = 0
  var entrySize: UInt64 = 0
  var link: UInt32 = 0
  var info: UInt32 = 0
  /// Input sections and linker-made ones, in their order.
  var members: [SectionID] = []

  var alignment: UInt64 = 1
  var size: UInt64 = 0
  var address: UInt64 = 0
  var loadAddress: UInt64 = 0
  /// It is stored in another region than it runs in; without bytes it takes no room there.
  var isStoredApart = false
  var fileOffset: UInt64 = 0
  /// The map asked for it even if it is empty.
  var isWanted = false
  /// `noload`: it has addresses, and no program header covers it.
  var isNotLoaded = false
  /// It has no bytes, and the file holds its zeros all the same: bytes follow in the same PT_LOAD.
  var hasZerosInFile = false
  /// The `orphans PATTERNS` of a place that it stands at.
  var gatheringRule: RuleID?
  /// In PT_GNU_RELRO.
  var isRelro = false
  /// Index in the section header table; 0: it has no header.
  var headerIndex = 0

  init(name: String) { self.name = name }

  var isAllocated: Bool { flags & SHF.ALLOC != 0 }
  var isTLS: Bool { flags & SHF.TLS != 0 }
  var hasBytes: Bool { type != SHT.NOBITS }
  /// `.tbss` takes no addresses: each thread makes its own copy.
  var takesAddresses: Bool { !(isTLS && !hasBytes) }
  var end: UInt64 { address &+ size }
  var loadEnd: UInt64 { loadAddress &+ (isStoredApart && !hasBytes ? 0 : size) }

  var access: Access {
    var access: Access = .read
    if flags & SHF.WRITE != 0 { access.insert(.write) }
    if flags & SHF.EXECINSTR != 0 { access.insert(.execute) }
    return access
  }
}

/// What an output section holds instead of its members.
struct CompressedOutput: Sendable {
  /// A compression header, or the header of the older form.
  let header: [UInt8]
  let content: CompressedBytes

  var size: Int { header.count + content.size }

  /// With what stands before the compressed data (gABI, "Section Compression"). `size` and
  /// `alignment` are those of the content.
  init(
    _ choice: DebugCompression, _ content: CompressedBytes, size: UInt64, alignment: UInt64,
    _ format: Format
  ) {
    self.content = content
    func header(_ type: UInt32) -> [UInt8] {
      CompressionHeader(type: type, size: size, alignment: alignment).encoded(format)
    }
    self.header =
      switch choice {
      case .none: []
      case .zlibGNU: Array("ZLIB".utf8) + Format.encode(size, size: 8, .big)
      case .zlib: header(ELFCOMPRESS.ZLIB)
      case .zstd: header(ELFCOMPRESS.ZSTD)
      }
  }

  /// Copies it to its place.
  func write(to out: OutputBytes, _ pool: WorkerPool) {
    out.copy(header)
    let parts = content.parts
    var offsets: [Int] = []
    var next = header.count
    for part in parts {
      offsets.append(next)
      next += part.count
    }
    let starts = offsets
    pool.parallelForEach(parts.count) { index, _ in
      out.copy(ByteView(parts[index].base, count: parts[index].count), at: starts[index])
    }
  }
}
