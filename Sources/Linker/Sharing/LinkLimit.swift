// SWOLD_JOBS=N: no more than N links of a user at a time; the others wait for their turn.
//
// Large links of one build can together need more memory than there is, whatever their threads. Each
// link holds the lock of one of N files until it ends, memory and all: the kernel lets go of a lock
// when its process dies, so nothing is left behind.

internal import CShims
internal import Glibc

struct LinkLimit: Sendable, Equatable {
  let count: Int

  /// - Parameter text: the value of SWOLD_JOBS. nil: it is no number of links.
  init?(_ text: String) {
    guard let count = Int(text), (1...1024).contains(count) else { return nil }
    self.count = count
  }

  /// Waits for a turn. The file stays open until the process ends, or becomes another program.
  /// - Returns: why there can be no turns.
  func wait() -> String? {
    var reason = ""
    guard let folder = RuntimeFolder.make(&reason) else { return reason }
    defer { folder.close() }
    var files: [Int32] = []
    for number in 1...count {
      let name = "link.\(number)"
      let file = openat(
        folder.descriptor, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard file >= 0 else { return "\(folder.path)/\(name): \(String(cString: strerror(errno)))" }
      files.append(file)
    }
    let mine = LinkLimit.lockOne(of: files)
    for file in files where file != mine { close(file) }
    return nil
  }

  /// The one file that could be locked; waits until there is one.
  private static func lockOne(of files: [Int32]) -> Int32 {
    if files.count == 1 {
      while swold_lock(files[0], 1) != 0 && errno == EINTR {}
      return files[0]
    }
    var pause: UInt32 = 1_000
    while true {
      for file in files where swold_lock(file, 0) == 0 { return file }
      usleep(pause)
      pause = min(pause * 2, 50_000)
    }
  }
}
