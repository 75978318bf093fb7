// Becomes swold-lto, the same linker as a program that can load plugins.
//
// swold is static, for that starts fastest, and a static program cannot load shared libraries. So at
// the first input that a plugin has to compile it replaces itself by swold-lto, with the arguments
// that it was given. Nothing has been written by then, and the inputs are in the cache of the system.

internal import CShims
internal import Glibc

struct HandOver: Sendable {
  /// As the program was called.
  let arguments: [String]
  /// The arguments behind the name, with response files replaced by what is in them.
  let expanded: [String]
  /// The folder in which it was called, open; -1: it is still there.
  let directory: Int32

  static let programName = "swold-lto"

  /// Where swold-lto may be: beside the linker, as in the folder of a build, or where it is installed.
  private static var places: [String] {
    guard let path = realpath("/proc/self/exe", nil) else { return [] }
    defer { free(path) }
    let folder = String(cString: path).split(separator: "/").dropLast().map { "/\($0)" }.joined()
    return ["\(folder)/\(programName)", "\(folder)/../libexec/swold/\(programName)"]
  }

  /// The arguments for a second reading: as they are, for what is in response files may be more than a
  /// program can be called with; but a pipe is empty when it was read.
  private var repeatable: [String] {
    let isGone = arguments.dropFirst().contains { argument in
      var status = stat()
      return argument.hasPrefix("@") && stat(String(argument.dropFirst()), &status) == 0
        && status.st_mode & S_IFMT != S_IFREG
    }
    return isGone ? arguments.prefix(1) + expanded : arguments
  }

  /// Does not return, unless it fails: then with the reason.
  func execute() -> LinkTimeFailure {
    let places = HandOver.places
    guard let program = places.first(where: { access($0, X_OK) == 0 }) else {
      return LinkTimeFailure(
        "the program that loads the compilers' plugins is missing: "
          + places.joined(separator: " or ") + " (make and make install put it there)")
    }
    if directory >= 0 { _ = fchdir(directory) }
    var vector = repeatable.map { strdup($0) }
    vector.append(nil)
    JobServer.giveBack()
    execv(program, vector)
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    return LinkTimeFailure("cannot start \(program): \(reason)")
  }
}
