// The hashes of the output's chunks, made while it is written.
//
// A chunk is hashed by the worker that makes it as a whole, or stores the last of its bytes, which then
// are still in a cache. That works where each byte is stored once: `wrote` tells what is final. Chunks of
// which a part was never told, because tables of the linker's own or gaps stand there, are hashed at the
// end. Where chunks begin depends on nothing but the file, so the hashes do not depend on who makes them.

internal import Parallel

struct ChunkHashes: Sendable {
  private let style: ChunkHash
  private let parts: OutputParts
  /// Bytes of each chunk that nobody has told to be final.
  private let missing: Countdown
  private let digests: Block<UInt8>

  /// For the whole output; nil: its build-id is no hash.
  init?(_ id: BuildID, of parts: OutputParts) {
    guard let style = ChunkHash(id) else { return nil }
    self.style = style
    self.parts = parts
    let count = (parts.file.count + style.chunkSize - 1) / style.chunkSize
    digests = Block(room: count * style.digestSize)
    missing = Countdown(count: count)
    for index in 0..<count { missing.store(range(of: index).count, at: index) }
  }

  /// The caller has stored the bytes of `range`, a part of the file, and nobody will again. To be told
  /// once of each byte. `made`: where these bytes are in the caller's memory.
  func wrote(_ range: Range<Int>, _ made: OutputBytes) {
    guard !range.isEmpty else { return }
    let size = style.chunkSize
    for index in range.lowerBound / size...(range.upperBound - 1) / size {
      let chunk = self.range(of: index)
      let part = range.clamped(to: chunk)
      if part == chunk {
        missing.store(0, at: index)
        let bytes = made.slice(chunk.lowerBound - range.lowerBound, chunk.count)
        style.hash(bytes, to: digests, at: index)
      } else if missing.subtract(part.count, at: index) {
        parts.read(chunk) { style.hash($0, to: digests, at: index) }
      }
    }
  }

  /// The id, when all bytes of the file are final but its own, which are zero.
  func finish(_ pool: WorkerPool) -> [UInt8] {
    pool.parallelFor(missing.count, grain: max(1, (1 << 20) / style.chunkSize)) { indices, _ in
      for index in indices where missing[index] > 0 { hash(index) }
    }
    let result = style.top(digests)
    digests.release()
    return result
  }

  private func range(of index: Int) -> Range<Int> {
    let start = index * style.chunkSize
    return start..<min(start + style.chunkSize, parts.file.count)
  }

  private func hash(_ index: Int) {
    let range = range(of: index)
    style.hash(parts.file.slice(range.lowerBound, range.count), to: digests, at: index)
  }
}
