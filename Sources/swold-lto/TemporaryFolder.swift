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
  /// exit code, or ends by the signal that ended the other process.
  static func supervise() -> Int32 {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
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
    signal(number, SIG_DFL)
    raise(number)
    return 1
  }

  private static func failed(_ what: String) -> Int32 {
    let text = "swold-lto: error: \(what): \(String(cString: strerror(errno)))\n"
    _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    return 1
  }
}
