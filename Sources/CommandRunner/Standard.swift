// Standard output and standard error.

internal import Glibc

enum Standard {
  /// - Returns: whether all was written, or nobody wanted to read it. errno says why not.
  static func output(_ text: String) -> Bool { write(text, to: STDOUT_FILENO) || errno == EPIPE }

  static func error(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
