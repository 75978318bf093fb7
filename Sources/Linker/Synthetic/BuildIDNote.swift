// `.note.gnu.build-id`: a number that tells this output from all others.
//
// The output is cut into chunks, the chunks are hashed by all workers (ChunkHashes), and the id
// is the hash of the hashes: the same for any number of threads. The id's own bytes count as zero.

internal import CShims
internal import ELF
internal import Parallel

extension Layout {
  func writeBuildID(to file: OutputBytes, _ hashes: ChunkHashes?) {
    guard let out = part(of: .noteBuildID, file) else { return }
    BuildIDNote(options.buildID, pool).write(to: out, hashes)
  }

  /// What hashes the output while it is written; nil: there is no need to.
  func chunkHashes(of parts: OutputParts) -> ChunkHashes? {
    part(of: .noteBuildID, parts.file) == nil ? nil : ChunkHashes(options.buildID, of: parts)
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

  /// Writes the note to `out`, a part of the output, which is complete otherwise; `hashes`: its own.
  func write(to out: OutputBytes, _ hashes: ChunkHashes?) {
    out.store(4 as UInt32, at: 0)
    out.store(UInt32(id.byteCount), at: 4)
    out.store(NT.GNU_BUILD_ID, at: 8)
    out.copy(Array("GNU\0".utf8), at: 12)
    out.fill(0, 16..<out.count)
    switch id {
    case .none: break
    case .hex(let bytes): out.copy(bytes, at: 16)
    case .uuid: out.copy(randomUUID(), at: 16)
    case .tree, .fast, .md5, .sha1, .sha256: out.copy(hashes?.finish(pool) ?? [], at: 16)
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
}
