// The environment that makes the programs of a build find swold.

internal import ExecInterpose
internal import Glibc

struct RunEnvironment {
  private let installation: Installation
  private let log: String?

  init(_ installation: Installation, log: String?) {
    self.installation = installation
    self.log = log
  }

  /// Sets the variables of this process.
  /// - Parameter command: the first program. One that cannot load the companion gets no LD_PRELOAD, about
  ///   which its loader would complain.
  func set(for command: String) {
    setenv("SWOLD_PATH", installation.linker, 1)
    if let log { setenv("SWOLD_RUN_LOG", log, 1) }
    prepend(installation.names, to: "COMPILER_PATH")
    let loader = swold_loader_of_command(command)  // before our folder is in PATH
    prepend(installation.names, to: "PATH")
    switch loader {
    case SWOLD_LOADER_OTHER:
      warn("\(command) cannot load a library of glibc for this machine")
    case SWOLD_LOADER_NONE:
      append(installation.companion, to: "LD_PRELOAD")
      warn("\(command) is statically linked")
    default: append(installation.companion, to: "LD_PRELOAD")
    }
  }

  private func prepend(_ item: String, to name: String) {
    let old = getenv(name).map { String(cString: $0) } ?? ""
    setenv(name, old.isEmpty ? item : "\(item):\(old)", 1)
  }

  private func append(_ item: String, to name: String) {
    guard !item.contains(where: { $0 == " " || $0 == ":" }) else {
      return warn("LD_PRELOAD takes no path with a blank or a colon, and \(item) has one")
    }
    let old = getenv(name).map { String(cString: $0) } ?? ""
    setenv(name, old.isEmpty ? item : "\(old):\(item)", 1)
  }

  private func warn(_ cause: String) {
    Standard.error(
      "swold: note: \(cause): what it starts by itself is replaced only where PATH or COMPILER_PATH "
        + "decides; --run-in-namespace replaces every linker\n")
  }
}
