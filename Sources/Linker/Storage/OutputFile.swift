// The output while it is written.
//
// A regular file is made beside its final place under a temporary name, with all its blocks, mapped,
// filled by all workers, and renamed when it is complete; so a link that fails leaves what was there
// before. Special files (`-o /dev/null`, pipes) get a buffer that is written at the end.
//
// Blocks are reserved before anything is written: a full disk is then an error here, and not a
// SIGBUS in the middle of a pass. (docs/Experiments.md has the measurements.)

internal import CShims
internal import Glibc
internal import Parallel

final class OutputFile {
  private let path: String
  private var temporaryPath: String?
  private var descriptor: Int32 = -1
  private var size: Int
  /// The bytes to fill; all zero at first.
  private(set) var bytes = OutputBytes(base: UnsafeMutableRawPointer(bitPattern: 8)!, count: 0)
  private var isMapped = false

  struct Failure: Error {
    let reason: String
  }

  /// Makes room for `size` bytes that will become the file at `path`.
  init(path: String, size: Int, isExecutable: Bool) throws(Failure) {
    self.path = path
    self.size = size
    if OutputFile.isSpecial(path) {
      bytes = try OutputFile.scratch(size)
      return
    }
    try openTemporary(isExecutable)
    if size == 0 { return }
    let status = swold_fallocate(descriptor, Int64(size))
    if status != 0 && errno != EOPNOTSUPP && errno != ENOSYS { throw fail() }
    if status == 0,
      let block = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      block != MAP_FAILED
    {
      isMapped = true
      bytes = OutputBytes(base: block, count: size)
      // A store into a page that is not there would read its neighbours ahead, which hold nothing.
      madvise(block, size, MADV_RANDOM)
    } else {
      do throws(Failure) {
        bytes = try OutputFile.scratch(size)
      } catch {
        discard()
        throw error
      }
    }
  }

  /// The output for workers that make it in parts.
  func parts(_ pool: WorkerPool) -> OutputParts {
    OutputParts(of: bytes, descriptor: isMapped ? descriptor : nil, pool)
  }

  /// Makes the file under a name that nobody else uses.
  private func openTemporary(_ isExecutable: Bool) throws(Failure) {
    let mode: mode_t = isExecutable ? 0o777 : 0o666
    // A process number comes again, in a container soon, and a killed link may have left a file.
    for attempt in 0..<100 {
      let name = OutputFile.temporaryName(for: path, attempt)
      swold_guard_temporary(name)
      descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode)
      if descriptor >= 0 {
        temporaryPath = name
        return
      }
      let error = errno
      swold_guard_temporary(nil)
      errno = error
      if error != EEXIST { break }
    }
    throw Failure(reason: OutputFile.errorText())
  }

  /// Zeroed memory.
  static func scratch(_ size: Int) throws(Failure) -> OutputBytes {
    let block = mmap(
      nil, max(size, 1), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let block, block != MAP_FAILED else { throw Failure(reason: errorText()) }
    return OutputBytes(base: block, count: size)
  }

  private static func errorText() -> String { String(cString: strerror(errno)) }

  private static func isSpecial(_ path: String) -> Bool {
    if path == "-" { return true }
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
      && status.st_mode & S_IFMT != S_IFDIR
  }

  /// A name in the folder of `path`. It does not contain the name of the output, which may be as
  /// long as a name can be.
  private static func temporaryName(for path: String, _ attempt: Int) -> String {
    let target = resolved(path)
    let slash = target.utf8.lastIndex(of: UInt8(ascii: "/")).map { target.utf8.index(after: $0) }
    return "\(target[..<(slash ?? target.startIndex)]).swold-\(getpid())-\(attempt)"
  }

  /// A symbolic link is written through, as other linkers do: the file that it names is replaced.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// Makes the output longer or shorter; what it holds up to the smaller size stays. `bytes` moves.
  func resize(to newSize: Int) throws(Failure) {
    guard newSize != size else { return }
    if isMapped {
      let isReserved = newSize < size || swold_fallocate(descriptor, Int64(newSize)) == 0
      let isUnsupported = errno == EOPNOTSUPP || errno == ENOSYS
      guard isReserved || isUnsupported, ftruncate(descriptor, off_t(newSize)) == 0 else {
        throw fail()
      }
      let block = mmap(nil, newSize, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
      guard let block, block != MAP_FAILED else { throw fail() }
      munmap(bytes.base, size)
      bytes = OutputBytes(base: block, count: newSize)
    } else {
      let larger = try OutputFile.scratch(newSize)
      larger.copy(bytes.slice(0, min(size, newSize)).view)
      munmap(bytes.base, max(size, 1))
      bytes = larger
    }
    size = newSize
  }

  /// Puts the output in its place.
  func commit() throws(Failure) {
    if let temporaryPath {
      if !isMapped { try writeAll(descriptor) }
      // A program that is mapped for writing cannot be started ("Text file busy").
      if isMapped { munmap(bytes.base, size) }
      if close(descriptor) != 0 { throw fail() }
      descriptor = -1
      let target = OutputFile.resolved(path)
      // Kept open until the process ends, which nobody waits for (--fork): the kernel needs a tenth
      // of the time of a link to free the pages of an old output of some size.
      _ = open(target, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
      guard rename(temporaryPath, target) == 0 else { throw fail() }
      self.temporaryPath = nil
      swold_guard_temporary(nil)
      return
    }
    if path == "-" { return try writeAll(STDOUT_FILENO) }
    let target = open(path, O_WRONLY | O_CLOEXEC)
    guard target >= 0 else { throw fail() }
    defer { close(target) }
    try writeAll(target)
  }

  /// The failure that `errno` tells, after the temporary file is gone.
  private func fail() -> Failure {
    let failure = Failure(reason: OutputFile.errorText())
    discard()
    return failure
  }

  private func writeAll(_ target: Int32) throws(Failure) {
    var written = 0
    while written < size {
      let count = write(target, bytes.base + written, size - written)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { throw fail() }
      written += count
    }
  }

  /// Removes what was written so far.
  func discard() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    if temporaryPath != nil { swold_guard_remove_temporary() }
    temporaryPath = nil
  }
}
