// Parts of the output that are made in memory of a worker's own and then written.
//
// A page of a new file that is mapped costs a page fault, a page of zeros that is overwritten at once,
// and the file system's note that somebody may write to it: two to four times as much as write(2) of a
// block of pages that is in the processor's cache (docs/Experiments.md, E11). So what is made in one
// piece goes that way: copied sections, merged strings, symbols. Large tables that are patched together from
// many places, dynamic relocations and frames, get memory of their own first. All else is stored into the map;
// both are views of the same pages.
//
// One worker at a time writes for all (PartWriter). Many would make more than it can write; they store into the
// map, whose pages the kernel then makes by parts.

internal import Glibc
internal import Parallel

struct OutputParts: Sendable {
  /// The whole output.
  let file: OutputBytes
  /// Nil: parts are made where they stay.
  private let writer: PartWriter?
  private let isMapped: Bool

  private static var pageSize: Int { 4 << 10 }
  /// Smaller tables are made where they stay.
  private static var leastTable: Int { 64 << 10 }
  /// What a worker writes of a table.
  private static var portion: Int { 256 << 10 }
  /// More workers than this would outrun the one that writes.
  private static var mostWorkers: Int { 4 }

  /// Parts of plain memory, or of a mapped file.
  init(of file: OutputBytes, descriptor: Int32? = nil, _ pool: WorkerPool) {
    self.file = file
    isMapped = descriptor != nil
    writer =
      pool.count <= OutputParts.mostWorkers
      ? descriptor.map { PartWriter($0, file, workers: pool.count) } : nil
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
    guard let writer, size <= PartWriter.roomSize, let room = writer.room(worker) else {
      if isMapped { ranges.forEach(prepare) }
      let parts = ranges.map { file.slice($0.lowerBound, $0.count) }
      body(parts)
      for (range, part) in zip(ranges, parts) {
        hashes?.made(part, at: range.lowerBound)
        hashes?.stored(range)
      }
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
    let pieces = zip(parts, ranges).map { (bytes: $0, start: $1.lowerBound) }
    for piece in pieces { hashes?.made(piece.bytes, at: piece.start) }
    writer.write(
      FinishedPart(pieces: pieces, hashes: hashes, room: room, owner: worker.index))
  }

  /// Calls `body` with bytes that were stored.
  func read(_ range: Range<Int>, _ body: (OutputBytes) -> Void) {
    if let writer {
      writer.read(range, body)
    } else {
      body(file.slice(range.lowerBound, range.count))
    }
  }

  /// A place for the bytes `range` of the output, which are patched together from many places: all zero, until
  /// `finish` puts them into the file.
  func table(_ range: Range<Int>) -> OutputBytes {
    guard writer != nil, range.count >= OutputParts.leastTable else {
      return file.slice(range.lowerBound, range.count)
    }
    return OutputBytes(base: Storage.allocate(UInt8.self, range.count), count: range.count)
  }

  /// Nobody changes `table`, which stands at `start`, any more.
  func finish(_ table: OutputBytes, at start: Int, _ pool: WorkerPool, _ hashes: ChunkHashes?) {
    guard let writer, table.base != file.base + start else { return }
    let (first, size) = (start / OutputParts.portion, OutputParts.portion)
    let end = start + table.count
    pool.parallelForEach((end - 1) / size + 1 - first) { index, _ in
      let range = max(start, (first + index) * size)..<min(end, (first + index + 1) * size)
      let part = table.slice(range.lowerBound - start, range.count)
      hashes?.made(part, at: range.lowerBound)
      writer.write(FinishedPart(pieces: [(part, range.lowerBound)], hashes: hashes))
    }
  }

  /// Makes the pages of a part at once.
  private func prepare(_ range: Range<Int>) {
    guard range.count >= 16 * OutputParts.pageSize else { return }
    let offset = Int(bitPattern: file.base + range.lowerBound) & (OutputParts.pageSize - 1)
    // 23: MADV_POPULATE_WRITE, since Linux 5.14; older ones refuse, and make them one by one.
    madvise(file.base + range.lowerBound - offset, range.count + offset, 23)
  }

  func release() { writer?.release() }
}
