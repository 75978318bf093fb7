// SHA-1 and SHA-256, from functions of libcrypto that a static program takes 50 KB for: swold
// carries this library for --post, and swift-crypto would add 10 MB and 0.3 ms to every link
// (docs/Experiments.md, E7).
//
// A build-id is the hash of the hashes of chunks (4 KiB or 1 MiB), as the linker makes it, so recomputing
// the id of a file that nobody edited gives the id that it has. The chunks go over all processors.

internal import COpenSSL
internal import CXXHash
internal import ELF
internal import Parallel

enum SecureHash {
  /// The SHA-1 of `bytes`, 20 bytes.
  static func sha1(_ bytes: ByteView) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: 20)
    unsafe swold_sha1(bytes.buffer.baseAddress, bytes.count, &result)
    return result
  }

  /// The SHA-256 of `bytes`, 32 bytes.
  static func sha256(_ bytes: ByteView) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: 32)
    unsafe swold_sha256(bytes.buffer.baseAddress, bytes.count, &result)
    return result
  }

  /// The XXH3 of `bytes`, 8 or 16 bytes, the highest first.
  static func xxh3(_ bytes: ByteView, size: Int) -> [UInt8] {
    if size == 8 {
      let value = unsafe swold_xxh3_64(bytes.buffer.baseAddress, bytes.count)
      return Format.encode(value, size: 8, .big)
    }
    let value = unsafe swold_xxh3_128(bytes.buffer.baseAddress, bytes.count)
    return Format.encode(value.high, size: 8, .big) + Format.encode(value.low, size: 8, .big)
  }

  /// The build-id of a file whose id is zero: the hash of the hashes of its chunks; with `.tree` that is
  /// the beginning of the SHA-256 of XXH3s of 128 bits.
  /// - Parameter size: of the id in bytes; 8 or 16 with `.fast`.
  static func buildID(_ bytes: ByteView, _ style: BuildIDStyle, size: Int) -> [UInt8] {
    let hash: @Sendable (ByteView) -> [UInt8] =
      switch style {
      case .tree: { xxh3($0, size: 16) }
      case .sha1: sha1
      case .sha256: sha256
      case .fast: { xxh3($0, size: size) }
      }
    // The linker's chunks, and as many of them as a worker hashes in one go.
    let chunk =
      switch style {
      case .tree, .fast: 4 << 10
      case .sha1, .sha256: 1 << 20
      }
    let task = 1 << 20
    let count = (bytes.count + task - 1) / task
    let parts = Guarded([[UInt8]](repeating: [], count: count))
    let pool = WorkerPool(threads: count < 4 ? 1 : min(WorkerPool.availableProcessors, 16))
    pool.parallelForEach(count) { index, _ in
      var digests: [UInt8] = []
      let end = min((index + 1) * task, bytes.count)
      for start in stride(from: index * task, to: end, by: chunk) {
        guard let part = bytes.slice(start, min(chunk, end - start)) else { return }
        digests += hash(part)
      }
      parts.withLock { $0[index] = digests }
    }
    return parts.withLock { Array($0.joined()) }.withView {
      style == .tree ? Array(sha256($0).prefix(size)) : hash($0)
    }
  }
}
