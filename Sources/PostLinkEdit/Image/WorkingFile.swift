// The file as it is and the file as it will be.
//
// The original is mapped read-only; the working copy is a second, private mapping of the same
// file, so the kernel copies only the pages that an edit writes and an edit of a 250 MB program
// costs what it changes. The working copy lies at the start of a large reservation of address
// space, so it can grow without moving. Small files are read instead, which also protects against
// somebody truncating the file meanwhile.
//
// Every change goes through `write` or `replace`, and both remember what they touched and what they
// moved: the commit copies the rest from the original inside the kernel, also to another place.

internal import ELF
internal import Glibc

/// Bytes of a file and the copy that edits work on. Not thread-safe.
@safe final class WorkingFile {
  /// Files up to this size are read, larger ones mapped.
  static let mappingThreshold = 4 << 20
  /// How much a file can grow in one run, in bytes, above its own size.
  static let growth = 1 << 30
  /// How many bytes an alignment may cost: that of a huge page, but not what a hostile file asks.
  static let longestPadding: UInt64 = 64 << 20

  /// The path that was opened, or nil for an image in memory.
  let path: String?
  /// The open file, or -1. Owned; closed at the end.
  let descriptor: Int32
  private let originalBase: UnsafeMutableRawPointer
  private let originalSize: Int
  private let originalIsMapped: Bool
  /// The original belongs to a caller, who keeps it.
  private let originalIsBorrowed: Bool
  private let base: UnsafeMutableRawPointer
  private let capacity: Int
  private(set) var count: Int
  /// The memory from here on has never been used: it is zero.
  private var untouched: Int
  /// Offsets that have been written.
  private(set) var dirty = RangeSet()
  /// What remains of the original, by offset. Where nothing is dirty the bytes are the same.
  private(set) var spans: [Span]

  /// Bytes of the original, perhaps in another place.
  struct Span {
    var offset: Int
    /// Where they are in the original.
    var origin: Int
    var count: Int
    var end: Int { offset + count }
  }

  /// Opens a regular file for reading.
  init(path: String) throws(EditFailure) {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .system("cannot open '\(path)'") }
    var status = stat()
    guard unsafe fstat(file, &status) == 0 else {
      let failure = EditFailure.system("cannot examine '\(path)'")
      close(file)
      throw failure
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(file)
      throw EditFailure(.inputOutput, "'\(path)' is not a regular file")
    }
    let size = Int(status.st_size)
    self.path = path
    descriptor = file
    originalSize = size
    count = size
    untouched = size
    spans = [Span(offset: 0, origin: 0, count: size)]
    capacity = 2 * size + WorkingFile.growth
    originalIsMapped = size > WorkingFile.mappingThreshold
    originalIsBorrowed = false
    guard let memory = unsafe WorkingFile.reserve(capacity) else {
      let failure = EditFailure.system("cannot reserve memory for '\(path)'")
      close(file)
      throw failure
    }
    unsafe base = memory
    if originalIsMapped {
      let protection = PROT_READ | PROT_WRITE
      let original = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0)
      let working = unsafe mmap(memory, size, protection, MAP_PRIVATE | MAP_FIXED, file, 0)
      guard let original = unsafe original, unsafe original != MAP_FAILED,
        unsafe working != MAP_FAILED
      else {
        let failure = EditFailure.system("cannot map '\(path)'")
        unsafe munmap(memory, capacity)
        close(file)
        throw failure
      }
      unsafe originalBase = original
    } else {
      let original = UnsafeMutableRawPointer.allocate(byteCount: max(size, 1), alignment: 16)
      guard unsafe WorkingFile.readAll(file, into: original, size) else {
        let failure = EditFailure(.inputOutput, "cannot read '\(path)'")
        unsafe original.deallocate()
        unsafe munmap(memory, capacity)
        close(file)
        throw failure
      }
      unsafe memory.copyMemory(from: original, byteCount: size)
      unsafe originalBase = original
    }
  }

  /// Works on a copy of an image that is no file yet: `swold --post`, and the second run of
  /// `--verify=full`.
  /// - Parameter borrows: the image stays valid and unchanged while this object is, so one copy of
  ///   it is enough.
  init(copying bytes: ByteView, borrows: Bool = false) throws(EditFailure) {
    path = nil
    descriptor = -1
    originalSize = bytes.count
    count = bytes.count
    untouched = bytes.count
    spans = [Span(offset: 0, origin: 0, count: bytes.count)]
    capacity = 2 * bytes.count + WorkingFile.growth
    originalIsMapped = false
    originalIsBorrowed = borrows
    guard let memory = unsafe WorkingFile.reserve(capacity) else {
      throw .system("cannot reserve memory")
    }
    unsafe base = memory
    let source = unsafe bytes.buffer.baseAddress
    if let source = unsafe source {
      unsafe memory.copyMemory(from: source, byteCount: bytes.count)
    }
    if borrows, let source = unsafe source {
      unsafe originalBase = UnsafeMutableRawPointer(mutating: source)
      return
    }
    let original = UnsafeMutableRawPointer.allocate(
      byteCount: max(bytes.count, 1), alignment: 16)
    if let source = unsafe source {
      unsafe original.copyMemory(from: source, byteCount: bytes.count)
    }
    unsafe originalBase = original
  }

  deinit {
    if originalIsMapped {
      unsafe munmap(originalBase, originalSize)
    } else if !originalIsBorrowed {
      unsafe originalBase.deallocate()
    }
    unsafe munmap(base, capacity)
    if descriptor >= 0 { close(descriptor) }
  }

  /// The file as it was. Valid while this object is.
  var original: ByteView { unsafe ByteView(originalBase, count: originalSize) }

  /// The file as it will be. Valid until the next `write` or `replace`.
  var bytes: ByteView { unsafe ByteView(base, count: count) }

  /// Overwrites bytes inside the file; the caller has checked the range.
  func write(_ content: [UInt8], at offset: Int) {
    precondition(offset >= 0 && content.count <= count && offset <= count - content.count)
    guard !content.isEmpty else { return }
    unsafe content.withUnsafeBytes { source in
      if let start = source.baseAddress {
        unsafe (base + offset).copyMemory(from: start, byteCount: source.count)
      }
    }
    dirty.insert(UInt64(offset), UInt64(offset + content.count))
  }

  /// Replaces `range` by `lead` zeros and `content` behind them, which may be longer or shorter; what
  /// follows moves.
  func replace(
    _ range: Range<Int>, zeros lead: Int = 0, with content: [UInt8] = []
  ) throws(EditFailure) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count && lead >= 0)
    let rest = count - range.upperBound
    let start = range.lowerBound + lead
    let end = start + content.count
    guard end <= capacity - rest else {
      throw EditFailure(.value, "the file would grow by more than \(WorkingFile.growth) bytes")
    }
    if end != range.upperBound {
      if rest > 0 { unsafe memmove(base + end, base + range.upperBound, rest) }
      let delta = end - range.upperBound
      var moved = dirty.intersection(0..<UInt64(range.lowerBound))
      for part in dirty.intersection(UInt64(range.upperBound)..<UInt64(count)).ranges {
        moved.insert(
          UInt64(Int(part.lowerBound) + delta), UInt64(Int(part.upperBound) + delta))
      }
      dirty = moved
      spans =
        spans.flatMap { $0.clamped(to: 0..<range.lowerBound) }
        + spans.flatMap { $0.clamped(to: range.upperBound..<count) }.map {
          Span(offset: $0.offset + delta, origin: $0.origin, count: $0.count)
        }
    }
    count = end + rest
    if lead > 0 {
      let used = min(start, untouched)
      if used > range.lowerBound {
        unsafe memset(base + range.lowerBound, 0, used - range.lowerBound)
      }
      dirty.insert(UInt64(range.lowerBound), UInt64(start))
    }
    untouched = max(untouched, count)
    write(content, at: start)
  }

  /// Offsets whose bytes may differ from those of the original at the same offset.
  var changed: RangeSet {
    var result = dirty
    var same = RangeSet()
    for span in spans where span.offset == span.origin {
      same.insert(UInt64(span.offset), UInt64(span.end))
    }
    for gap in same.gaps(in: 0..<UInt64(count)) { result.insert(gap) }
    return result
  }

  /// Whether bytes are those of the original that were at `origin`, which the commit copies from there:
  /// nobody has written them. Then there is nothing to compare.
  func isUntouched(_ range: Range<Int>, from origin: Int) -> Bool {
    guard dirty.firstOverlap(UInt64(range.lowerBound)..<UInt64(range.upperBound)) == nil else {
      return false
    }
    return spans.contains {
      $0.offset <= range.lowerBound && range.upperBound <= $0.end
        && $0.origin + (range.lowerBound - $0.offset) == origin
    }
  }

  /// Bytes of the working copy that begin at `offset`, to be stored in another file: by the place that
  /// they have in the original, if nobody has changed them.
  func piece(_ view: ByteView, at offset: Int) -> FilePiece {
    let range = offset..<(offset + view.count)
    // (What was never a file belongs to the caller, who may let go of it before the other file is written.)
    guard descriptor >= 0,
      dirty.firstOverlap(UInt64(range.lowerBound)..<UInt64(range.upperBound)) == nil,
      let span = spans.first(where: { $0.offset <= offset && range.upperBound <= $0.end }),
      let same = original.slice(span.origin + (offset - span.offset), view.count)
    else { return .bytes(view.array) }
    return .original(same, offset: span.origin + (offset - span.offset))
  }

  /// Lets go of the original's pages in `range`: a comparison of both copies needs only one in
  /// memory at a time.
  func releaseOriginal(_ range: Range<Int>) {
    guard originalIsMapped else { return }
    let start = range.lowerBound & ~4095
    unsafe madvise(originalBase + start, range.upperBound - start, MADV_DONTNEED)
  }

  private static func reserve(_ size: Int) -> UnsafeMutableRawPointer? {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    let memory = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0)
    return unsafe memory == MAP_FAILED ? nil : memory
  }

  private static func readAll(
    _ file: Int32, into memory: UnsafeMutableRawPointer, _ size: Int
  ) -> Bool {
    var done = 0
    while done < size {
      let got = unsafe read(file, memory + done, size - done)
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { return false }
      done += got
    }
    return true
  }
}

extension WorkingFile.Span {
  /// The part inside a range of offsets, if there is one.
  fileprivate func clamped(to range: Range<Int>) -> [Self] {
    let start = max(offset, range.lowerBound)
    let end = min(self.end, range.upperBound)
    guard start < end else { return [] }
    return [Self(offset: start, origin: origin + (start - offset), count: end - start)]
  }
}

extension EditFailure {
  /// A failure of the system with its reason, taken from `errno`.
  static func system(_ what: String) -> EditFailure {
    let reason = unsafe String(cString: strerror(errno))
    return EditFailure(.inputOutput, "\(what): \(reason)")
  }
}

/// Reads a whole file into an array: data for edits, scripts.
func readFile(_ path: String) throws(EditFailure) -> [UInt8] {
  let file = unsafe path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw .system("cannot open '\(path)'") }
  defer { if path != "-" { close(file) } }
  var content: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let got = unsafe chunk.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
    if got < 0, errno == EINTR { continue }
    guard got >= 0 else { throw .system("cannot read '\(path)'") }
    if got == 0 { return content }
    content.append(contentsOf: chunk[..<got])
    guard content.count <= WorkingFile.growth else {
      throw EditFailure(.inputOutput, "'\(path)' is too large")
    }
  }
}
