// Parts of the output that are made in memory of a worker's own and then written.
//
// A page of a new file that is mapped costs a page fault, a page of zeros that is overwritten at once,
// and the file system's note that somebody may write to it: two to four times as much as write(2) of a
// block of pages that is in the processor's cache (docs/Experiments.md, E11). So what is made in one
// piece goes that way: copied sections, merged strings, symbols. What is patched together from many
// places, as the linker's own tables are, is stored into the map; both are views of the same pages.
//
// The kernel lets one thread at a time write to a file, and the others spin; so they wait here. Many
// workers would form a queue; they store into the map, whose pages the kernel then makes by parts.

internal import Glibc
internal import Parallel

struct OutputParts: @unchecked Sendable {
  // Sendable: each worker has a room of its own, and parts do not overlap.

  /// The whole output.
  let file: OutputBytes
  /// Nil: parts are made where they stay.
  private let descriptor: Guarded<Int32>?
  private let isMapped: Bool
  /// One for each worker, made when it needs it.
  private let rooms: Block<UnsafeMutableRawPointer?>

  /// Larger parts are made where they stay.
  private static var roomSize: Int { 2 << 20 }
  private static var pageSize: Int { 4 << 10 }
  /// More workers than this had better not wait for each other.
  private static var mostWriters: Int { 4 }

  /// Parts of plain memory, or of a mapped file.
  init(of file: OutputBytes, descriptor: Int32? = nil, _ pool: WorkerPool) {
    self.file = file
    isMapped = descriptor != nil
    self.descriptor =
      pool.count <= OutputParts.mostWriters ? descriptor.map { Guarded($0) } : nil
    rooms = Block(count: pool.count)
  }

  /// Calls `body` with a place for the bytes `range` of the output. It stores all of them, and reads
  /// none that it has not stored. `hashes`: told of them, for they are final.
  @inline(__always)
  func make(
    _ range: Range<Int>, _ worker: Worker, _ hashes: ChunkHashes?, _ body: (OutputBytes) -> Void
  ) {
    make([range], worker, hashes) { body($0[0]) }
  }

  /// The same for several ranges at a time.
  func make(
    _ ranges: [Range<Int>], _ worker: Worker, _ hashes: ChunkHashes?,
    _ body: ([OutputBytes]) -> Void
  ) {
    let size = ranges.reduce(0) { $0 + $1.count + OutputParts.pageSize }
    guard descriptor != nil, size <= OutputParts.roomSize, let room = room(worker) else {
      if isMapped { ranges.forEach(prepare) }
      let parts = ranges.map { file.slice($0.lowerBound, $0.count) }
      body(parts)
      if let hashes { for (range, part) in zip(ranges, parts) { hashes.wrote(range, part) } }
      return
    }
    var parts: [OutputBytes] = []
    var offset = 0
    for range in ranges {
      // As far into a page as in the file, which suits the kernel's copying best.
      offset += (range.lowerBound - offset) & (OutputParts.pageSize - 1)
      parts.append(OutputBytes(base: room + offset, count: range.count))
      offset += range.count
    }
    body(parts)
    for (range, part) in zip(ranges, parts) {
      write(part, at: range.lowerBound)
      hashes?.wrote(range, part)
    }
  }

  /// Calls `body` with bytes that were made. (In the map they would have to be looked for, page by page.)
  func read(_ range: Range<Int>, _ body: (OutputBytes) -> Void) {
    let isRead = descriptor?.withLock { descriptor in
      withUnsafeTemporaryAllocation(byteCount: range.count, alignment: 16) { room in
        guard let base = room.baseAddress,
          pread(descriptor, base, range.count, off_t(range.lowerBound)) == range.count
        else { return false }
        body(OutputBytes(base: base, count: range.count))
        return true
      }
    }
    if isRead != true { body(file.slice(range.lowerBound, range.count)) }
  }

  private func room(_ worker: Worker) -> UnsafeMutableRawPointer? {
    if rooms[worker.index] == nil {
      rooms[worker.index] = aligned_alloc(OutputParts.pageSize, OutputParts.roomSize)
    }
    return rooms[worker.index]
  }

  private func write(_ part: OutputBytes, at start: Int) {
    guard let descriptor else { return }
    let written = descriptor.withLock { descriptor in
      var written = 0
      while written < part.count {
        let count = pwrite(
          descriptor, part.base + written, part.count - written, off_t(start + written))
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { break }
        written += count
      }
      return written
    }
    guard written < part.count else { return }
    // Its blocks are there, so this is for a file system that does not want to be written to.
    file.copy(part.slice(written, part.count - written).view, at: start + written)
  }

  /// Makes the pages of a part at once.
  private func prepare(_ range: Range<Int>) {
    guard range.count >= 16 * OutputParts.pageSize else { return }
    let offset = Int(bitPattern: file.base + range.lowerBound) & (OutputParts.pageSize - 1)
    // 23: MADV_POPULATE_WRITE, since Linux 5.14; older ones refuse, and make them one by one.
    madvise(file.base + range.lowerBound - offset, range.count + offset, 23)
  }

  func release() {
    for index in 0..<rooms.count { free(rooms[index]) }
    rooms.release()
  }
}
