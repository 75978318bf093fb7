// The same edits on many files: each is opened, edited, verified and written beside its place by one of
// several threads and then let go, so a tree of libraries costs the memory of a few of them.

internal import Parallel

/// Work on many files.
public enum EditBatch {
  /// Calls `body` with every number below `count`, on all processors, and returns what it returned, in
  /// order. `body` is called with any numbers at the same time.
  public static func map<T: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> T
  ) -> [T] {
    let results = Guarded([T?](repeating: nil, count: count))
    let threads = min(WorkerPool.availableProcessors, 16, max(count, 1))
    let pool = WorkerPool(threads: threads)
    pool.parallelForEach(count) { index, _ in
      let result = body(index)
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0.compactMap { $0 } }
  }

  /// The real path of a file, by which two names of it are known to be the same; `path` if there is none.
  public static func realPath(_ path: String) -> String { resolvedPath(path) }

  /// The programs and shared libraries at or below a folder, by name. Symbolic links are not followed.
  public static func linkedFiles(below folder: String) throws(EditFailure) -> [String] {
    var result: [String] = []
    for entry in try folderEntries(folder) {
      let path = folder + (folder.hasSuffix("/") ? "" : "/") + entry.name
      switch entry.kind {
      case .folder: result += try linkedFiles(below: path)
      case .file where isLinkedFile(path): result.append(path)
      case .file, .other: break
      }
    }
    return result
  }
}

/// A number that several threads count up.
public struct Counter: Sendable {
  private let value = Guarded(0)
  public init() {}
  /// The next number, from 1 on.
  public func next() -> Int {
    value.withLock {
      $0 += 1
      return $0
    }
  }
}
