// Compresses the content of a section in pieces, each by one worker.
//
// The pieces have a fixed size, so the result does not depend on the number of threads. Joined they
// are one valid stream: zstd data may consist of several frames (RFC 8878, section 3.1); a zlib
// stream is a header, deflate blocks, and the Adler-32 sum of it all (RFC 1950), and blocks that were
// made apart can follow each other if each piece but the last ends at a byte without the mark of the
// final block, which is what a flush does.

internal import CZlib
internal import CZstd
internal import ELF
internal import Parallel

/// Compressed data: parts that follow each other.
struct CompressedBytes: Sendable {
  let parts: [Block<UInt8>]
  /// Bytes of all parts.
  let size: Int

  fileprivate init(_ parts: [Block<UInt8>]) {
    self.parts = parts
    size = parts.reduce(0) { $0 + $1.count }
  }

  func release() { for part in parts { part.release() } }
}

struct Compressor: Sendable {
  enum Format: Sendable {
    /// A zlib stream; the level is 1 to 9, or -1 for the usual one.
    case zlib(level: Int)
    /// Zstandard frames; the level is 1 to 22, or 0 for the usual one.
    case zstd(level: Int)
  }

  let format: Format

  private static var pieceSize: Int { 1 << 20 }

  /// The compressed form of `bytes`; nil if the library refuses, for lack of memory.
  func compress(_ bytes: OutputBytes, _ pool: WorkerPool) -> CompressedBytes? {
    let count = max(1, (bytes.count + Compressor.pieceSize - 1) / Compressor.pieceSize)
    let results = Block<Piece>(count: count)
    pool.parallelForEach(count) { index, _ in
      let start = index * Compressor.pieceSize
      let piece = bytes.slice(start, min(Compressor.pieceSize, bytes.count - start))
      results[index] = self.compress(piece, isLast: index == count - 1)
    }
    defer { results.release() }
    var parts = (0..<count).map { results[$0].bytes }
    guard (0..<count).allSatisfy({ results[$0].isComplete }) else {
      for part in parts { part.release() }
      return nil
    }
    if case .zlib(let level) = format {
      var sum = results[0].sum
      for index in 1..<count {
        sum = adler32_combine(sum, results[index].sum, results[index].inputSize)
      }
      parts.insert(Compressor.zlibHeader(level), at: 0)
      let trailer = Block<UInt8>(count: 4)
      for index in 0..<4 { trailer[index] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * index)) }
      parts.append(trailer)
    }
    return CompressedBytes(parts)
  }

  private struct Piece: BitwiseCopyable {
    var bytes = Block<UInt8>(count: 0)
    var inputSize = 0
    /// Adler-32 of the input.
    var sum: UInt = 1
    var isComplete = false
  }

  /// Two bytes: deflate with a window of 32 KiB, how hard the compressor tried, a check.
  private static func zlibHeader(_ level: Int) -> Block<UInt8> {
    let header = Block<UInt8>(count: 2)
    header[0] = 0x78
    switch level {
    case 1: header[1] = 0x01
    case 2...5: header[1] = 0x5e
    case 7...9: header[1] = 0xda
    default: header[1] = 0x9c
    }
    return header
  }

  private func compress(_ input: OutputBytes, isLast: Bool) -> Piece {
    switch format {
    case .zlib(let level): deflate(input, level, isLast: isLast)
    case .zstd(let level): Compressor.zstd(input, level)
    }
  }

  private static func zstd(_ input: OutputBytes, _ level: Int) -> Piece {
    let bound = ZSTD_compressBound(input.count)
    let buffer = Block<UInt8>(count: bound)
    defer { buffer.release() }
    let size = ZSTD_compress(buffer.base, bound, input.base, input.count, Int32(level))
    guard ZSTD_isError(size) == 0 else { return Piece() }
    return piece(buffer, size)
  }

  private func deflate(_ input: OutputBytes, _ level: Int, isLast: Bool) -> Piece {
    var stream = z_stream()
    // A negative window size: no header and no sum.
    let status = deflateInit2_(
      &stream, Int32(level), Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { return Piece() }
    defer { deflateEnd(&stream) }
    // The flush takes a few bytes more than the bound says.
    let bound = Int(deflateBound(&stream, UInt(input.count))) + 64
    let buffer = Block<UInt8>(count: bound)
    defer { buffer.release() }
    stream.next_in = input.base.assumingMemoryBound(to: UInt8.self)
    stream.avail_in = UInt32(input.count)
    stream.next_out = buffer.base
    stream.avail_out = UInt32(bound)
    let result = CZlib.deflate(&stream, isLast ? Z_FINISH : Z_SYNC_FLUSH)
    guard result == (isLast ? Z_STREAM_END : Z_OK), stream.avail_in == 0, stream.avail_out > 0
    else { return Piece() }
    var piece = Compressor.piece(buffer, bound - Int(stream.avail_out))
    piece.inputSize = input.count
    piece.sum = adler32(
      1, input.base.assumingMemoryBound(to: UInt8.self), UInt32(input.count))
    return piece
  }

  /// The first `size` bytes of `buffer` in memory of their own.
  private static func piece(_ buffer: Block<UInt8>, _ size: Int) -> Piece {
    let bytes = Block<UInt8>(count: size)
    bytes.base.update(from: buffer.base, count: size)
    return Piece(bytes: bytes, isComplete: true)
  }
}
