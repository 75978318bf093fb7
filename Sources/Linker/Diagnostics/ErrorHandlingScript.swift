// --error-handling-script: a program of the user's that is told of missing libraries and undefined
// symbols, for example to say which package has them. (GNU ld, lld)

internal import Glibc

struct ErrorHandlingScript {
  enum Subject: String {
    case missingLibrary = "missing-lib"
    case undefinedSymbol = "undefined-symbol"
  }

  let path: String
  let log: DiagnosticEngine

  /// nil: there is none.
  init?(_ options: Options, _ log: DiagnosticEngine) {
    guard let path = options.errorHandlingScript else { return nil }
    self.path = path
    self.log = log
  }

  /// Runs the program with two arguments, behind the messages so far.
  func run(_ subject: Subject, _ name: String) {
    log.flush()
    let arguments = [path, subject.rawValue, name]
    var words = arguments.map { strdup($0) }
    words.append(nil)
    defer { words.forEach { free($0) } }
    var process = pid_t()
    let code = posix_spawnp(&process, path, nil, nil, words, environ)
    guard code == 0 else {
      return log.error(.errorScriptFailed(path, String(cString: strerror(code))))
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { return }
    }
    if status & 0x7f != 0 {
      log.error(.errorScriptFailed(path, "was ended by signal \(status & 0x7f)"))
    }
  }
}

extension Message {
  static func errorScriptFailed(_ path: String, _ reason: String) -> Message {
    Message("errorScriptFailed", "--error-handling-script=\(path) cannot be run: \(reason)")
  }
}
