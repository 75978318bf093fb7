// swold -run COMMAND…: runs a command; every linker that it starts, however deep, is swold.
//
// Three ways lead there, each of which reaches programs that the others do not. The companion library
// swold-exec.so, which LD_PRELOAD brings into every program of glibc, changes the calls of the exec
// family. COMPILER_PATH and PATH name a folder in which every linker's name is swold; compilers look
// there first. And --run-in-namespace mounts swold over the files of the real linkers.

internal import ExecInterpose
internal import Glibc

public enum CommandRunner {
  /// Runs the command of a command line that begins with -run.
  /// - Returns: the exit code, if the command could not be started; nil for another command line, on
  ///   which nothing was done. Where the command runs, it takes the place of this process.
  public static func run(_ arguments: [String]) -> Int32? {
    do throws(RunFailure) {
      guard let options = try RunOptions(arguments.dropFirst()) else { return nil }
      let installation = try Installation.current()
      let log = try options.log.map(startLog)
      if options.usesNamespace { try MountNamespace.enter(covering: installation.linker) }
      RunEnvironment(installation, log: log).set(for: options.command[0])
      throw execute(options.command, linker: installation.linker, log)
    } catch {
      let name = arguments.first.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
      Standard.error("\(name ?? "swold"): error: \(error.message)\n")
      return error.code
    }
  }

  /// Notes that the linker itself was called by a name of another one: by PATH, COMPILER_PATH or a
  /// mount, where no companion could note it.
  public static func noteCall(_ arguments: [String]) {
    guard let log = getenv("SWOLD_RUN_LOG"), log[0] != 0, let called = arguments.first else {
      return
    }
    guard swold_is_linker_name(called) != 0 else { return }
    withWords(arguments) { swold_run_log(log, called, $0) }
  }

  /// Empties the log, and says where it is for processes in any folder.
  private static func startLog(_ path: String) throws(RunFailure) -> String {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw RunFailure("cannot write \(path): \(reason())") }
    close(descriptor)
    guard let real = realpath(path, nil) else {
      throw RunFailure("cannot write \(path): \(reason())")
    }
    defer { free(real) }
    return String(cString: real)
  }

  /// Replaces this process by the command; returns only if that fails, as env(1) and sh(1) say it.
  private static func execute(_ command: [String], linker: String, _ log: String?) -> RunFailure {
    let isLinker = swold_is_linker_name(command[0]) != 0
    return withWords(command) { words in
      if isLinker {
        if let log { swold_run_log(log, command[0], words) }
        words[0] = strdup(linker)
        execv(linker, words)
      } else {
        execvp(command[0], words)
      }
      let code: Int32 = errno == ENOENT ? 127 : 126
      return RunFailure("cannot run \(command[0]): \(reason())", code: code)
    }
  }

  /// The words as exec takes them.
  private static func withWords<Result>(
    _ words: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers = words.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
  }

  /// What the last system call has against it.
  static func reason() -> String {
    strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
  }
}

/// Why a command could not be run.
struct RunFailure: Error {
  let message: String
  let code: Int32

  init(_ message: String, code: Int32 = 1) {
    self.message = message
    self.code = code
  }
}
