// The hashes of the output's chunks, made while it is written.
//
// A chunk is hashed by the worker that stores the last of its bytes, which then are still in a cache.
// That works where each byte is stored once: `wrote` tells what is final. Chunks of which a part was
// never told, because tables of the linker's own or gaps stand there, are hashed at the end. Where
// chunks begin depends on nothing but the file, so the hashes do not depend on who makes them.

internal import Parallel

struct ChunkHashes: Sendable {
  private static var chunkSize: Int { 1 << 20 }

  private let style: ChunkHash
  private let file: OutputBytes
  /// Bytes of each chunk that nobody has told to be final.
  private let missing: Countdown
  private let digests: Block<UInt8>

  /// For the whole output `file`; nil: its build-id is no hash.
  init?(_ id: BuildID, of file: OutputBytes) {
    guard let style = ChunkHash(id) else { return nil }
    self.style = style
    self.file = file
    let count = (file.count + ChunkHashes.chunkSize - 1) / ChunkHashes.chunkSize
    digests = Block(count: count * style.digestSize)
    missing = Countdown(count: count)
    for index in 0..<count { missing.store(range(of: index).count, at: index) }
  }

  /// The caller has stored the bytes of `range`, a part of the file, and nobody will again. To be told
  /// once of each byte.
  func wrote(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    let size = ChunkHashes.chunkSize
    for index in range.lowerBound / size...(range.upperBound - 1) / size {
      let part = range.clamped(to: self.range(of: index))
      if missing.subtract(part.count, at: index) { hash(index) }
    }
  }

  /// The id, when all bytes of the file are final but its own, which are zero.
  func finish(_ pool: WorkerPool) -> [UInt8] {
    pool.parallelForEach(missing.count) { index, _ in
      if missing[index] > 0 { hash(index) }
    }
    let result = style.top(digests)
    digests.release()
    return result
  }

  private func range(of index: Int) -> Range<Int> {
    let start = index * ChunkHashes.chunkSize
    return start..<min(start + ChunkHashes.chunkSize, file.count)
  }

  private func hash(_ index: Int) {
    let range = range(of: index)
    style.hash(file.slice(range.lowerBound, range.count), to: digests, at: index)
  }
}
