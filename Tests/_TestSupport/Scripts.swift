// Running shell scripts as tests: with a time limit, a few at a time, and with the trace at hand.
//
// A script's output goes to a file rather than a pipe: a program that the script leaves running
// keeps its end of a pipe open, and the test would wait for it. The limit is kept by coreutils'
// `timeout`, which ends the whole process group.

internal import Glibc
internal import Subprocess

/// How a script ended.
public struct ScriptResult: Sendable {
  /// The exit code; 124 or 137 after the time limit, 128 + n after signal n.
  public let code: Int
  /// The trace (`bash -x`), standard output and standard error, in the order of their writing.
  public let output: String

  /// True if the time limit ended it.
  public var ranOutOfTime: Bool { code == 124 || code == 137 }

  /// The last lines of the output, which in a failure show the command that failed.
  public func tail(_ count: Int) -> String {
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
    let left: [Substring] = lines.count > count ? ["[…]"] : []
    return (left + lines.suffix(count)).joined(separator: "\n")
  }
}

public enum Scripts {
  /// Runs a bash script with a trace and without standard input, and waits for its end.
  ///
  /// - Parameters:
  ///   - path: absolute.
  ///   - seconds: the time limit.
  public static func run(_ path: String, seconds: Int) async throws -> ScriptResult {
    let log = try temporaryFile()
    defer { unlink(log) }
    let result = try await Subprocess.run(
      .name("timeout"),
      arguments: [
        "--kill-after=5", "\(seconds)",
        "bash", "-c", #"exec bash -x "$0" >"$1" 2>&1 </dev/null"#, path, log,
      ],
      output: .discarded)
    let code =
      switch result.terminationStatus {
      case .exited(let code): Int(code)
      case .signaled(let signal): 128 + Int(signal)
      }
    return ScriptResult(code: code, output: SourceTree.text(of: log) ?? "")
  }

  private static func temporaryFile() throws -> String {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((folder + "/swold-test-log.XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw NoTemporaryFile(folder: folder) }
    close(descriptor)
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private struct NoTemporaryFile: Error {
    let folder: String
  }
}

/// Lets a few callers in at a time; the others wait in the order of their coming.
public actor Slots {
  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  public init(_ count: Int) {
    free = count
  }

  /// As many as there are processors, at least one.
  public init() {
    self.init(max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
  }

  /// Runs `body` when a slot is free.
  public func use<Result: Sendable>(
    _ body: @Sendable () async throws -> Result
  ) async rethrows -> Result {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
    defer {
      if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
    return try await body()
  }
}
