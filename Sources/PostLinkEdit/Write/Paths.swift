// Small questions to the file system.

internal import Glibc

func fileExists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

/// Files of arguments, one a line, for `@FILE` on a command line.
public enum ArgumentFile {
  /// The lines of the file at `path`, without the empty ones; what is not UTF-8 is replaced.
  public static func lines(_ path: String) throws(EditFailure) -> [String] {
    let text = String(decoding: try readFile(path), as: UTF8.self)
    return text.split(separator: "\n").map(String.init)
  }
}
