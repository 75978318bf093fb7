// The hash functions of build-ids: that of a chunk of the output, and that of all chunks' hashes.

internal import COpenSSL
internal import CShims
internal import CXXHash
internal import ELF

/// How chunks are hashed, and their hashes.
enum ChunkHash: Sendable {
  /// XXH3 of 128 bits, at the top SHA-256 cut to 20 bytes: tells outputs apart at the speed of
  /// memory, and proves nothing, for somebody who wants to can make two chunks with the same hash.
  case tree
  /// XXH3 of 64 bits.
  case fast
  case md5
  case sha1
  case sha256

  /// Nil: the id is no hash.
  init?(_ id: BuildID) {
    switch id {
    case .none, .hex, .uuid: return nil
    case .tree: self = .tree
    case .fast: self = .fast
    case .md5: self = .md5
    case .sha1: self = .sha1
    case .sha256: self = .sha256
    }
  }

  /// Bytes of a chunk. Small ones are mostly made as a whole by one worker, and cost a hash of 64 bytes
  /// each at the top.
  var chunkSize: Int {
    switch self {
    case .tree, .fast: 4 << 10
    case .md5, .sha1, .sha256: 1 << 20
    }
  }

  /// Bytes of the hash of a chunk.
  var digestSize: Int {
    switch self {
    case .tree, .md5: 16
    case .fast: 8
    case .sha1: 20
    case .sha256: 32
    }
  }

  /// Stores the hash of `chunk` as entry `index` of `digests`.
  func hash(_ chunk: OutputBytes, to digests: Block<UInt8>, at index: Int) {
    hash(chunk.base, chunk.count, digests.base + index * digestSize)
  }

  /// The hash of all hashes.
  func top(_ digests: Block<UInt8>) -> [UInt8] {
    let isTree = if case .tree = self { true } else { false }
    let function = isTree ? ChunkHash.sha256 : self
    var result = [UInt8](repeating: 0, count: function.digestSize)
    result.withUnsafeMutableBufferPointer {
      function.hash(digests.base, digests.count, $0.baseAddress!)
    }
    return isTree ? Array(result.prefix(20)) : result
  }

  private func hash(
    _ bytes: UnsafeRawPointer, _ count: Int, _ digest: UnsafeMutablePointer<UInt8>
  ) {
    switch self {
    case .tree:
      var (low, high) = (UInt64(0), UInt64(0))
      if swold_xxh3_128_wide(bytes, count, &low, &high) == 0 {
        let hash = swold_xxh3_128(bytes, count)
        (low, high) = (hash.low, hash.high)
      }
      store(high, digest)
      store(low, digest + 8)
    case .fast: store(swold_xxh3_64(bytes, count), digest)
    case .md5: swold_md5(bytes, count, digest)
    case .sha1: swold_sha1(bytes, count, digest)
    case .sha256: swold_sha256(bytes, count, digest)
    }
  }

  /// The highest byte first, as XXH3's authors write it.
  private func store(_ value: UInt64, _ digest: UnsafeMutablePointer<UInt8>) {
    UnsafeMutableRawPointer(digest).storeBytes(of: value.bigEndian, as: UInt64.self)
  }
}
