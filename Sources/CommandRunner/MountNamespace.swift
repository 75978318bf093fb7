// --run-in-namespace: for this process and its children the files of the real linkers are swold.

internal import ExecInterpose
internal import Glibc

enum MountNamespace {
  /// Where linkers are that no name in PATH leads to: those of cross compilers, LLVM and Rust.
  private static let patterns = [
    "/usr/*/bin/ld", "/usr/*/bin/ld.*", "/usr/lib/llvm-*/bin/ld.lld",
    "/usr/lib/rustlib/*/bin/gcc-ld/ld.lld",
    "~/.rustup/toolchains/*/lib/rustlib/*/bin/gcc-ld/ld.lld",
  ]

  static func enter(covering linker: String) throws(RunFailure) {
    let files = linkers(except: linker)
    guard swold_enter_mount_namespace() == 0 else {
      throw RunFailure(
        "--run-in-namespace: this system lets nobody make a mount namespace: \(CommandRunner.reason()); "
          + "run it as root, or without that option")
    }
    for file in files where swold_cover(file, linker) != 0 {
      throw RunFailure(
        "--run-in-namespace: cannot mount swold over \(file): \(CommandRunner.reason())")
    }
  }

  /// The files behind all names of linkers, each once.
  private static func linkers(except own: String) -> [String] {
    var found: Set<String> = []
    for path in names() {
      guard swold_is_linker_name(path) != 0, let real = realpath(path, nil) else { continue }
      defer { free(real) }
      let file = String(cString: real)
      // A program with many names, such as lld, is a linker for other systems by some of them. There is
      // no other way to reach it, and no such link in a build for Linux.
      if file != own && access(file, X_OK) == 0 { found.insert(file) }
    }
    return found.sorted()
  }

  private static func names() -> [String] {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/bin:/usr/bin"
    var names: [String] = []
    for folder in path.split(separator: ":").map(String.init) + ["/usr/bin", "/usr/local/bin"] {
      names += entries(of: folder).map { "\(folder)/\($0)" }
    }
    for pattern in patterns { names += matches(of: pattern) }
    return names
  }

  private static func entries(of folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names
  }

  private static func matches(of pattern: String) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, GLOB_TILDE, nil, &result) == 0 else { return [] }
    return (0..<Int(result.gl_pathc)).compactMap { result.gl_pathv[$0].map { String(cString: $0) } }
  }
}
