// `.note.gnu.build-id`: a number that tells this output from all others.
//
// The output is cut into chunks of 1 MiB, the chunks are hashed by all workers, and the id is the
// hash of the hashes: the same for any number of threads. The id's own bytes count as zero.

internal import COpenSSL
internal import CShims
internal import CXXHash
internal import ELF
internal import Glibc
internal import Parallel

extension Layout {
  func writeBuildID(to file: OutputBytes) {
    guard let out = part(of: .noteBuildID, file) else { return }
    BuildIDNote(options.buildID, pool).write(to: out, of: file)
  }
}

/// Makes the note; all kinds of output use it.
struct BuildIDNote {
  private let id: BuildID
  private let pool: WorkerPool

  init(_ id: BuildID, _ pool: WorkerPool) {
    self.id = id
    self.pool = pool
  }

  /// Writes the note to `out`, a part of the whole output `file`, which is complete otherwise.
  func write(to out: OutputBytes, of file: OutputBytes) {
    out.store(4 as UInt32, at: 0)
    out.store(UInt32(id.byteCount), at: 4)
    out.store(NT.GNU_BUILD_ID, at: 8)
    out.copy(Array("GNU\0".utf8), at: 12)
    out.fill(0, 16..<out.count)
    switch id {
    case .none: break
    case .hex(let bytes): out.copy(bytes, at: 16)
    case .uuid: out.copy(randomUUID(), at: 16)
    case .fast: out.copy(hash(file, size: 8, BuildIDHash.fast), at: 16)
    case .md5: out.copy(hash(file, size: 16, BuildIDHash.md5), at: 16)
    case .sha1: out.copy(hash(file, size: 20, BuildIDHash.sha1), at: 16)
    case .sha256: out.copy(hash(file, size: 32, BuildIDHash.sha256), at: 16)
    }
  }

  /// A random UUID of version 4 (RFC 4122).
  private func randomUUID() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 16)
    _ = swold_random(&bytes, 16)
    bytes[6] = bytes[6] & 0x0f | 0x40
    bytes[8] = bytes[8] & 0x3f | 0x80
    return bytes
  }

  private func hash(
    _ file: OutputBytes, size: Int,
    _ function: @Sendable (UnsafeRawPointer, Int, UnsafeMutablePointer<UInt8>) -> Void
  ) -> [UInt8] {
    let chunk = 1 << 20
    let count = (file.count + chunk - 1) / chunk
    let digests = Block<UInt8>(count: count * size)
    pool.parallelForEach(count) { index, _ in
      let start = index * chunk
      function(
        UnsafeRawPointer(file.base + start), min(chunk, file.count - start),
        digests.base + index * size)
    }
    var result = [UInt8](repeating: 0, count: size)
    result.withUnsafeMutableBufferPointer {
      function(UnsafeRawPointer(digests.base), count * size, $0.baseAddress!)
    }
    digests.release()
    return result
  }
}

/// The hash functions, each of which writes its digest to the last argument.
enum BuildIDHash {
  static func fast(_ bytes: UnsafeRawPointer, _ count: Int, _ digest: UnsafeMutablePointer<UInt8>) {
    UnsafeMutableRawPointer(digest).storeBytes(
      of: swold_xxh3_64(bytes, count).bigEndian, as: UInt64.self)
  }

  static func md5(_ bytes: UnsafeRawPointer, _ count: Int, _ digest: UnsafeMutablePointer<UInt8>) {
    swold_md5(bytes, count, digest)
  }

  static func sha1(_ bytes: UnsafeRawPointer, _ count: Int, _ digest: UnsafeMutablePointer<UInt8>) {
    swold_sha1(bytes, count, digest)
  }

  static func sha256(
    _ bytes: UnsafeRawPointer, _ count: Int, _ digest: UnsafeMutablePointer<UInt8>
  ) {
    swold_sha256(bytes, count, digest)
  }
}
