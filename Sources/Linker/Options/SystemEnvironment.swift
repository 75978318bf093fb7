// The parser's questions, answered by the system.

internal import Glibc

extension CommandLineEnvironment {
  static let system = CommandLineEnvironment(
    read: { readFile($0) },
    kind: { kindOfFile($0) },
    variable: { name in getenv(name).map { String(cString: $0) } },
    isTerminal: isatty(STDERR_FILENO) != 0)

  /// Response files are small; a device that never ends must not fill the memory.
  private static let sizeLimit = 256 << 20

  private static func readFile(_ path: String) -> Result<[UInt8], ReadFailure> {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(ReadFailure(reason: errorText())) }
    defer { close(descriptor) }
    var status = stat()
    if fstat(descriptor, &status) == 0 { Sightings.noteContent(path, descriptor, &status) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &block, block.count)
      if count == 0 { return .success(bytes) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return .failure(ReadFailure(reason: errorText())) }
      bytes += block[..<count]
      if bytes.count > sizeLimit { return .failure(ReadFailure(reason: "more than 256 MiB")) }
    }
  }

  private static func kindOfFile(_ path: String) -> PathKind {
    Sightings.look(at: path)
    var status = stat()
    guard stat(path, &status) == 0 else { return .missing }
    return status.st_mode & S_IFMT == S_IFDIR ? .directory : .file
  }

  private static func errorText() -> String {
    strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
  }
}
