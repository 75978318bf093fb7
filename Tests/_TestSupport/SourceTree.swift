// The package's own files, as tests see them.
//
// Two kinds of tests read the source tree: the end-to-end suite lists its cases, the tidy tests
// look at the sources. Both want plain answers (paths, text) and no Foundation, so this is a thin
// cover over the C library. Nothing here writes.

internal import Glibc

/// Reads the checkout that the tests were built from.
public enum SourceTree {
  /// The absolute path of the package, without a slash at its end.
  public static let root: String = {
    let components = "\(#filePath)".split(separator: "/").dropLast(3)  // Tests/_TestSupport/file
    return "/" + components.joined(separator: "/")
  }()

  /// All regular files below `folder` (relative to the root), as sorted paths relative to the root.
  /// Empty if there is no such folder.
  public static func files(below folder: String, withSuffix suffix: String = "") -> [String] {
    var found: [String] = []
    var waiting = [folder]
    while let next = waiting.popLast() {
      for name in entries(of: next) where !name.hasPrefix(".") {
        let path = next + "/" + name
        if isFolder(path) {
          waiting.append(path)
        } else if name.hasSuffix(suffix) {
          found.append(path)
        }
      }
    }
    return found.sorted()
  }

  /// The text of a file, or nil if it cannot be read. Bytes that are not UTF-8 are replaced.
  ///
  /// - Parameter path: relative to the root, or absolute.
  public static func text(of path: String) -> String? {
    guard let file = fopen(absolute(path), "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// True if the file exists and this process may execute it.
  public static func isExecutable(_ path: String) -> Bool {
    access(absolute(path), X_OK) == 0
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : root + "/" + path
  }

  private static func isFolder(_ path: String) -> Bool {
    var facts = stat()
    return stat(absolute(path), &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
  }

  private static func entries(of folder: String) -> [String] {
    guard let stream = opendir(absolute(folder)) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }
}
