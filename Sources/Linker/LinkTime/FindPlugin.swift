// Where LLVM's plugin is, if nobody says so.
//
// The command line of clang for lld names no plugin, nor does rustc's. Bitcode can be read by its own
// version of LLVM and by later ones, so the latest is the one to take, unless `clang` has its own.

internal import Glibc

enum PluginSearch {
  static let fileName = "LLVMgold.so"

  static let missing =
    "is LLVM bitcode, and LLVM's plugin \(fileName) was not found; install it (Debian: "
    + "llvm-19-linker-tools, as the compiler's version), or name it with -plugin"

  /// The path of LLVMgold.so; nil: there is none.
  static func llvm() -> String? {
    var folders: [String] = []
    if let clang = program("clang"), let bin = clang.lastIndex(of: "/") {
      folders.append(clang[..<bin] + "/../lib")
    }
    folders += versions(of: "/usr/lib", prefix: "llvm-").map { "/usr/lib/llvm-\($0)/lib" }
    folders += versions(of: "/usr/lib/llvm", prefix: "").map { "/usr/lib/llvm/\($0)/lib64" }
    folders += ["/usr/lib64", "/usr/lib", "/usr/local/lib", "/usr/lib/bfd-plugins"]
    return folders.map { "\($0)/\(fileName)" }.first { access($0, R_OK) == 0 }
  }

  /// Where a program of PATH really is.
  private static func program(_ name: String) -> String? {
    guard let path = getenv("PATH") else { return nil }
    for folder in String(cString: path).split(separator: ":") {
      let candidate = "\(folder)/\(name)"
      guard access(candidate, X_OK) == 0, let real = realpath(candidate, nil) else { continue }
      defer { free(real) }
      return String(cString: real)
    }
    return nil
  }

  /// The numbers behind `prefix` in the names of a folder's entries, the greatest first.
  private static func versions(of folder: String, prefix: String) -> [Int] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var found: [Int] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix(prefix), let number = Int(name.dropFirst(prefix.count)) {
        found.append(number)
      }
    }
    return found.sorted(by: >)
  }
}
