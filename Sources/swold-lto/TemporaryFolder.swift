// The folder for the temporary files of plugins and compilers, and the process that removes it.

import CLinkerPlugin
import Glibc

enum TemporaryFolder {
  /// Tells the process that links that the folder is there: in TMPDIR, where compilers look for it.
  private static let mark = "SWOLD_LTO_FOLDER"

  static var isSet: Bool { getenv(mark) != nil }

  /// What the process that links does first.
  static func enter() {
    unsetenv(mark)
    swold_plugin_end_with_parent()
  }

  /// Runs this program again with a folder, waits for its end, and removes the folder. Returns the
  /// exit code, or ends by the signal by which somebody ended the other process.
  static func supervise() -> Int32 {
    // (Empty, it means the same as unset, and not the root folder.)
    let parent =
      getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    guard let path = mkdtemp(strdup("\(parent)/swold-lto.XXXXXX")) else {
      return failed("cannot make a folder in \(parent)")
    }
    setenv("TMPDIR", path, 1)
    setenv(mark, path, 1)
    let status = swold_plugin_supervise("/proc/self/exe", CommandLine.unsafeArgv)
    let reason = errno
    if swold_plugin_remove_tree(path) != 0 {
      _ = failed("cannot remove \(String(cString: path))")
    }
    if status < 0 {
      errno = reason
      return failed("cannot start itself again")
    }
    let number = status & 0x7f
    if number == 0 { return (status >> 8) & 0xff }  // WIFEXITED, WEXITSTATUS
    if [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP].contains(number) {
      // Compilers take a signal of the linker for the end of everything.
      let name = strsignal(number).map { String(cString: $0) } ?? "signal \(number)"
      say("a plugin or the linker itself has crashed: \(name)")
      return 1
    }
    signal(number, SIG_DFL)
    raise(number)
    return 1
  }

  private static func failed(_ what: String) -> Int32 {
    say("\(what): \(String(cString: strerror(errno)))")
    return 1
  }

  private static func say(_ what: String) {
    _ = "swold-lto: error: \(what)\n".withCString { write(STDERR_FILENO, $0, strlen($0)) }
  }
}
