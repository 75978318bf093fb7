// Who writes the parts of the output that are finished.
//
// The kernel lets one thread at a time write to a file. A worker that finds another one at it leaves its part
// to that one and goes on with another room, so nobody waits, and nobody sleeps and is woken thousands of times.

internal import Glibc
internal import Parallel

/// Bytes that nobody changes until they are written.
struct FinishedPart: @unchecked Sendable {
  // Sendable: its room is nobody else's until it is given back.
  /// Where pieces of the output are in memory.
  var pieces: [(bytes: OutputBytes, start: Int)]
  /// Told when they are in the file.
  var hashes: ChunkHashes?
  /// The room that they are in, and whose it is; nil: memory that stays.
  var room: UnsafeMutableRawPointer?
  var owner = 0
}

final class PartWriter: Sendable {
  private struct State: @unchecked Sendable {
    // Sendable: behind a mutex.
    var isWriting = false
    var waiting: [FinishedPart] = []
    /// For each worker, its rooms that are free, and how many it has in all.
    var free: [[UnsafeMutableRawPointer]]
    var counts: [Int]
  }

  private let descriptor: Int32
  /// The map of the file.
  private let file: OutputBytes
  private let state: Guarded<State>

  /// Larger parts have no room.
  static let roomSize = 2 << 20
  private static let pageSize = 4 << 10
  /// A worker whose parts all wait makes the next one in the map.
  private static let mostRooms = 4

  init(_ descriptor: Int32, _ file: OutputBytes, workers: Int) {
    self.descriptor = descriptor
    self.file = file
    state = Guarded(
      State(
        free: Array(repeating: [], count: workers), counts: Array(repeating: 0, count: workers)))
  }

  /// Memory for `roomSize` bytes of a worker, until they are written; nil: there is none left.
  func room(_ worker: Worker) -> UnsafeMutableRawPointer? {
    let index = worker.index
    let (room, isNew) = state.withLock { state -> (UnsafeMutableRawPointer?, Bool) in
      if let room = state.free[index].popLast() { return (room, false) }
      guard state.counts[index] < PartWriter.mostRooms else { return (nil, false) }
      state.counts[index] += 1
      return (nil, true)
    }
    return isNew ? aligned_alloc(PartWriter.pageSize, PartWriter.roomSize) : room
  }

  /// Writes a part, or leaves it to the worker that is writing, who does so before it ends its task.
  func write(_ part: FinishedPart) {
    let isMine = state.withLock { state in
      if state.isWriting {
        state.waiting.append(part)
        return false
      }
      state.isWriting = true
      return true
    }
    guard isMine else { return }
    var next: FinishedPart? = part
    while let part = next {
      for piece in part.pieces {
        store(piece.bytes, at: piece.start)
        part.hashes?.stored(piece.start..<piece.start + piece.bytes.count)
      }
      next = state.withLock { state in
        if let room = part.room { state.free[part.owner].append(room) }
        if let waiting = state.waiting.popLast() { return waiting }
        state.isWriting = false
        return nil
      }
    }
  }

  private func store(_ bytes: OutputBytes, at start: Int) {
    var written = 0
    while written < bytes.count {
      let count = pwrite(
        descriptor, bytes.base + written, bytes.count - written, off_t(start + written))
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { break }
      written += count
    }
    guard written < bytes.count else { return }
    // Its blocks are there, so this is for a file system that does not want to be written to.
    file.copy(bytes.slice(written, bytes.count - written).view, at: start + written)
  }

  /// Calls `body` with bytes that are in the file. (In the map they would have to be looked for, page by page.)
  func read(_ range: Range<Int>, _ body: (OutputBytes) -> Void) {
    let isRead = withUnsafeTemporaryAllocation(byteCount: range.count, alignment: 16) { room in
      guard let base = room.baseAddress,
        pread(descriptor, base, range.count, off_t(range.lowerBound)) == range.count
      else { return false }
      body(OutputBytes(base: base, count: range.count))
      return true
    }
    if !isRead { body(file.slice(range.lowerBound, range.count)) }
  }

  /// Gives the rooms back, all of which are free.
  func release() {
    state.withLock { state in
      for rooms in state.free { rooms.forEach { Glibc.free($0) } }
      state.free = state.free.map { _ in [] }
    }
  }
}
