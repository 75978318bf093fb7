// Files as bytes.
//
// An input stays open to every pass until the process ends, so nothing here is ever unmapped. Large
// files are mapped; small ones are read into memory of our own, which costs fewer page faults and
// keeps a link of 100,000 objects below the kernel's limit on maps (vm.max_map_count).

internal import ELF
internal import Glibc

/// Why a file could not be had, for a message.
struct FileError: Error {
  let reason: String
}

/// An input file in memory.
struct MappedFile: Sendable {
  let bytes: ByteView
  /// Modification time, to tell whether a file changed while it was read.
  let modified: Int64

  /// Files up to this size are read, larger ones are mapped.
  private static var readLimit: Int { 64 << 10 }

  /// Opens `path` and makes its content available. nil if there is no such file.
  static func open(_ path: String) throws(FileError) -> MappedFile? {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw FileError(reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw FileError(reason: String(cString: strerror(errno)))
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      throw FileError(reason: "is a directory; give the path of an object, archive or library")
    }
    let modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    if status.st_mode & S_IFMT != S_IFREG {
      return MappedFile(bytes: try readAll(descriptor), modified: modified)
    }
    let size = Int(status.st_size)
    if size == 0 { return MappedFile(bytes: ByteView(), modified: modified) }
    if size <= readLimit {
      return MappedFile(bytes: try readAll(descriptor, size), modified: modified)
    }
    let block = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let block, block != MAP_FAILED else {
      throw FileError(reason: "cannot be mapped: \(String(cString: strerror(errno)))")
    }
    return MappedFile(bytes: ByteView(block, count: size), modified: modified)
  }

  /// Reads at most `size` bytes of a regular file.
  private static func readAll(_ descriptor: Int32, _ size: Int) throws(FileError) -> ByteView {
    // Eight bytes of slack: loads of a word at the very end stay inside.
    let block = UnsafeMutableRawPointer.allocate(byteCount: size + 8, alignment: 16)
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
    var block = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    var filled = 0
    while true {
      if filled == capacity {
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity * 2, alignment: 16)
        larger.copyMemory(from: block, byteCount: filled)
        block.deallocate()
        block = larger
        capacity *= 2
      }
      let count = read(descriptor, block + filled, capacity - filled)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw FileError(reason: String(cString: strerror(errno))) }
      if count == 0 { return ByteView(block, count: filled) }
      filled += count
    }
  }
}
