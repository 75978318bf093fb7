// Where this linker and its companions are.

internal import Glibc

struct Installation {
  /// The linker: an absolute path without links.
  let linker: String
  /// The folder in which swold has the names of other linkers.
  let names: String
  /// The library for LD_PRELOAD.
  var companion: String { names + "/swold-exec.so" }

  /// `libexec/swold` is beside `bin` when installed, and beside the folder of the build's configuration
  /// in a build.
  static func current() throws(RunFailure) -> Installation {
    guard let real = realpath("/proc/self/exe", nil) else {
      throw RunFailure("cannot find out where swold is: \(CommandRunner.reason())")
    }
    defer { free(real) }
    let linker = String(cString: real)
    for place in ["../libexec/swold", "../../libexec/swold"] {
      let folder = linker.split(separator: "/").dropLast().joined(separator: "/")
      guard let names = realpath("/\(folder)/\(place)", nil) else { continue }
      defer { free(names) }
      let found = Installation(linker: linker, names: String(cString: names))
      if access(found.companion, R_OK) == 0 { return found }
    }
    throw RunFailure(
      "the library swold-exec.so is neither in ../libexec/swold nor in ../../libexec/swold of \(linker); "
        + "run make, or make install")
  }
}
