// Compressed debug sections: what the header says, and the contents.
//
// Compilers compress debug information with zlib or zstd. The gABI form sets SHF_COMPRESSED and
// puts an `Elf64_Chdr` in front of the data (gABI chapter 4, "Section Compression"). The older GNU
// form names the section `.zdebug_…` and begins with `ZLIB` and the size, in big-endian order.
//
// The size that a header states is the size of the memory that the caller provides, so it is
// checked against what the format can reach at all before anything is allocated.

internal import CZlib
internal import CZstd
internal import ELF

/// Why a compressed section cannot be read.
enum DecompressionError: Error, Equatable {
  case truncatedHeader
  /// The `ch_type` of a format that we do not know.
  case unknownFormat(UInt32)
  /// The alignment is no power of two, or a larger one than sections may have.
  case badAlignment(UInt64)
  /// Data of this format cannot become so large, or there is not so much memory.
  case impossibleSize(UInt64)
  case corrupt
  /// The data end before or go on behind the stated size.
  case wrongSize(stated: Int)
}

extension DecompressionError: CustomStringConvertible {
  /// What is wrong, for a message that has named the section.
  var description: String {
    switch self {
    case .truncatedHeader: "the compression header is cut off"
    case .unknownFormat(let type):
      "unknown compression type \(type); zlib (1) and zstd (2) are known"
    case .badAlignment(let value): "the alignment \(value) is not a power of two up to 2³²"
    case .impossibleSize(let size): "the uncompressed size \(size) is impossible"
    case .corrupt: "the compressed data are corrupt"
    case .wrongSize(let stated): "the data do not have the stated size of \(stated) bytes"
    }
  }
}

/// A compressed section whose header has been checked.
struct CompressedSection: Sendable {
  enum Method: Sendable {
    /// ELFCOMPRESS_ZLIB
    case zlib
    /// ELFCOMPRESS_ZSTD
    case zstd
  }

  let method: Method
  /// In bytes.
  let uncompressedSize: Int
  /// `ch_addralign`, a power of two, for the section's own alignment is that of the compressed bytes; nil: a
  /// `.zdebug` section, whose own it is.
  let alignment: UInt64?
  /// What follows the header.
  let payload: ByteView

  /// Whether a section with these flags and this name is compressed.
  static func isCompressed(flags: UInt64, name: ByteView) -> Bool {
    flags & SHF.COMPRESSED != 0 || name.hasPrefix(".zdebug")
  }

  /// Reads the header of a section with the given flags. Without SHF_COMPRESSED the section is
  /// taken for a `.zdebug` one.
  init(
    flags: UInt64, _ bytes: ByteView, _ format: Format = .native
  ) throws(DecompressionError) {
    let size: UInt64
    if flags & SHF.COMPRESSED != 0 {
      guard let header = CompressionHeader(bytes, format, at: 0),
        let rest = bytes.suffix(from: format.compressionHeaderSize)
      else { throw .truncatedHeader }
      let (type, stated, stride) = (header.type, header.size, header.alignment)
      guard stride & (stride &- 1) == 0, stride <= 1 << 32 else { throw .badAlignment(stride) }
      switch type {
      case ELFCOMPRESS.ZLIB: method = .zlib
      case ELFCOMPRESS.ZSTD: method = .zstd
      default: throw .unknownFormat(type)
      }
      size = stated
      alignment = max(stride, 1)
      payload = rest
    } else {
      guard bytes.hasPrefix("ZLIB"), let stated = bytes.load(UInt64.self, at: 4, .big),
        let rest = bytes.suffix(from: 12)
      else { throw .truncatedHeader }
      method = .zlib
      size = stated
      alignment = nil
      payload = rest
    }
    // The best that deflate can do is 258 bytes for two bits (RFC 1951); a zstd block of four bytes
    // stands for at most 128 KiB (RFC 8878, 3.1.1.2).
    let factor: UInt64 = method == .zlib ? 1032 : 32_768
    let limit = UInt64(payload.count).multipliedReportingOverflow(by: factor)
    guard size <= UInt64(Int32.max) * 1024, limit.overflow || size <= limit.partialValue else {
      throw .impossibleSize(size)
    }
    uncompressedSize = Int(size)
  }

  /// Writes the contents to `output`, which has `uncompressedSize` bytes.
  func decompress(into output: UnsafeMutableRawBufferPointer) throws(DecompressionError) {
    precondition(output.count == uncompressedSize)
    switch method {
    case .zlib: try inflate(into: output)
    case .zstd:
      let count = ZSTD_decompress(
        output.baseAddress, output.count, payload.buffer.baseAddress, payload.count)
      if ZSTD_isError(count) != 0 { throw .corrupt }
      if count != output.count { throw .wrongSize(stated: uncompressedSize) }
    }
  }

  /// The contents in memory of their own.
  func decompressed() throws(DecompressionError) -> OwnedBytes {
    let result = try OwnedBytes(count: uncompressedSize) { (output) throws(DecompressionError) in
      try decompress(into: output)
    }
    guard let result else { throw .impossibleSize(UInt64(uncompressedSize)) }
    return result
  }

  private func inflate(
    into output: UnsafeMutableRawBufferPointer
  ) throws(DecompressionError) {
    var stream = z_stream()
    let version = inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard version == Z_OK else { throw .impossibleSize(UInt64(uncompressedSize)) }
    defer { inflateEnd(&stream) }
    // zlib counts in 32 bits, so large sections go in several pieces.
    let input = payload.buffer
    var consumed = 0
    var written = 0
    // A byte beyond the end, to notice data that go on.
    var excess: UInt8 = 0
    while true {
      let inputCount = min(input.count - consumed, Int(Int32.max))
      let outputCount = min(output.count - written, Int(Int32.max))
      // zlib does not write to its input, though the C type says so.
      stream.next_in = UnsafeMutablePointer(
        mutating: input.baseAddress.map {
          ($0 + consumed).assumingMemoryBound(to: UInt8.self)
        })
      stream.avail_in = UInt32(inputCount)
      let status: Int32
      if outputCount > 0, let base = output.baseAddress {
        stream.next_out = (base + written).assumingMemoryBound(to: UInt8.self)
        stream.avail_out = UInt32(outputCount)
        status = CZlib.inflate(&stream, Z_NO_FLUSH)
        written += outputCount - Int(stream.avail_out)
      } else {
        status = withUnsafeMutablePointer(to: &excess) { byte in
          stream.next_out = byte
          stream.avail_out = 1
          return CZlib.inflate(&stream, Z_NO_FLUSH)
        }
        if stream.avail_out == 0 { throw .wrongSize(stated: uncompressedSize) }
      }
      consumed += inputCount - Int(stream.avail_in)
      switch status {
      case Z_STREAM_END:
        if written != output.count { throw .wrongSize(stated: uncompressedSize) }
        return
      case Z_OK where consumed < input.count: continue
      case Z_OK where written < output.count && stream.avail_out == 0: continue
      default: throw .corrupt
      }
    }
  }
}
