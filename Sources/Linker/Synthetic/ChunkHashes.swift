// The hashes of the output's chunks, made while it is written.
//
// A chunk is hashed by the worker that makes it as a whole, while it is in its cache, or by the one that stores
// the last of its bytes. That works where each byte is stored once. Chunks of which a part was never told,
// because tables of the linker's own or gaps stand there, are hashed at the end. Where chunks begin depends on
// nothing but the file, so the hashes do not depend on who makes them.

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

  /// `bytes` are those of the file from `start` on, and final. To be told once of each byte, before `stored`.
  func made(_ bytes: OutputBytes, at start: Int) {
    let size = style.chunkSize
    let end = start + bytes.count
    var index = (start + size - 1) / size
    while index < missing.count, case let chunk = range(of: index), chunk.upperBound <= end {
      missing.store(0, at: index)
      style.hash(
        bytes.slice(chunk.lowerBound - start, chunk.count), to: digests, at: index)
      index += 1
    }
  }

  /// The bytes of `range` are in the file: chunks that others made a part of can be had from there.
  func stored(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    let size = style.chunkSize
    let (first, last) = (range.lowerBound / size, (range.upperBound - 1) / size)
    for index in first == last ? [first] : [first, last] {
      let chunk = self.range(of: index)
      let part = range.clamped(to: chunk)
      if part != chunk && missing.subtract(part.count, at: index) {
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
