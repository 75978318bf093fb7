// Small text files that options ask for: maps, lists, dependency rules.

internal import Glibc

enum TextOutput {
  /// Writes `text` to `path` (`-`: standard output); reports failure.
  static func write(_ text: String, to path: String, _ log: DiagnosticEngine) {
    write(Array(text.utf8), to: path, log)
  }

  /// As above, for text that is bytes already.
  static func write(_ text: [UInt8], to path: String, _ log: DiagnosticEngine) {
    if path == "-" {
      DiagnosticEngine.write(text, to: STDOUT_FILENO)
      return
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      log.error(.cannotWrite(path, String(cString: strerror(errno))))
      return
    }
    let isWritten = DiagnosticEngine.write(text, to: descriptor)
    if !isWritten { log.error(.cannotWrite(path, String(cString: strerror(errno)))) }
    if close(descriptor) != 0 && isWritten {
      log.error(.cannotWrite(path, String(cString: strerror(errno))))
    }
  }
}

extension Message {
  static func cannotWrite(_ path: String, _ reason: String) -> Message {
    Message("cannotWrite", "cannot write \(path): \(reason)")
  }
}
