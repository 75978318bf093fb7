// Files as bytes.
//
// An input stays open to every pass until the process ends, so nothing here is ever unmapped. Large
// files are mapped; small ones are read into memory of our own, which costs fewer page faults and
// keeps a link of 100,000 objects below the kernel's limit on maps (vm.max_map_count).

internal import CShims
internal import ELF
internal import Glibc

/// Why a file could not be had, for a message.
struct FileError: Error {
  let reason: String
}

/// Tells whether two paths lead to one file.
struct FileIdentity: Sendable, BitwiseCopyable, Equatable {
  private let device: UInt
  private let number: UInt

  init(_ status: stat) {
    device = UInt(status.st_dev)
    number = UInt(status.st_ino)
  }

  /// The regular file at `path`; nil if there is none.
  init?(ofRegularFile path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    self.init(status)
  }
}

/// An input file in memory.
struct MappedFile: Sendable, BitwiseCopyable {
  let bytes: ByteView
  let identity: FileIdentity

  /// Files up to this size are read, larger ones are mapped.
  private static var readLimit: Int { 64 << 10 }

  /// Opens `path` and makes its content available. nil if there is no such file.
  static func open(_ path: String) throws(FileError) -> MappedFile? {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let error = errno
      Sightings.noteMissing(path, error)
      if error == ENOENT || error == ENOTDIR { return nil }
      throw FileError(reason: String(cString: strerror(error)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw FileError(reason: String(cString: strerror(errno)))
    }
    Sightings.noteContent(path, descriptor, &status)
    if status.st_mode & S_IFMT == S_IFDIR {
      throw FileError(reason: "is a directory; give the path of an object, archive or library")
    }
    let identity = FileIdentity(status)
    if status.st_mode & S_IFMT != S_IFREG {
      return MappedFile(bytes: try readAll(descriptor), identity: identity)
    }
    let size = Int(status.st_size)
    if size == 0 { return MappedFile(bytes: ByteView(), identity: identity) }
    if size <= readLimit {
      return MappedFile(bytes: try readAll(descriptor, size), identity: identity)
    }
    let block = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let block, block != MAP_FAILED else {
      // Not every file system can, and the kernel limits the number of maps.
      return MappedFile(bytes: try readAll(descriptor, size), identity: identity)
    }
    swold_guard_mapping(block, size, path)
    return MappedFile(bytes: ByteView(block, count: size), identity: identity)
  }

  /// Reads at most `size` bytes of a regular file.
  private static func readAll(_ descriptor: Int32, _ size: Int) throws(FileError) -> ByteView {
    // Eight bytes of slack: loads of a word at the very end stay inside.
    guard let block = malloc(size + 8) else { throw FileError(reason: "out of memory") }
    var filled = 0
    while filled < size {
      let count = read(descriptor, block + filled, size - filled)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw FileError(reason: String(cString: strerror(errno))) }
      if count == 0 { break }
      filled += count
    }
    return ByteView(block, count: filled)
  }

  /// Reads a pipe or device to its end.
  private static func readAll(_ descriptor: Int32) throws(FileError) -> ByteView {
    var capacity = 64 << 10
    var block = malloc(capacity)
    var filled = 0
    while true {
      if filled == capacity {
        capacity *= 2
        block = realloc(block, capacity)
      }
      guard let block else { throw FileError(reason: "out of memory") }
      let count = read(descriptor, block + filled, capacity - filled)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw FileError(reason: String(cString: strerror(errno))) }
      if count == 0 { return ByteView(block, count: filled) }
      filled += count
    }
  }
}
