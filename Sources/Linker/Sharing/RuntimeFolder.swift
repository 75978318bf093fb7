// The folder where processes of one user meet, by sockets and locks: $XDG_RUNTIME_DIR/swold, else
// /run/user/UID/swold, else /tmp/swold-UID.
//
// It is used only if it belongs to this user and is open to nobody else, and never through a symbolic link:
// anybody can make what he likes in /tmp.

internal import Glibc

struct RuntimeFolder {
  let path: String
  /// The open folder. Sockets in it are named through this.
  let descriptor: Int32

  /// In the order in which they are asked for. The first whose parent is there is made.
  private static var candidates: [String] {
    let user = geteuid()
    var paths = ["/run/user/\(user)/swold", "/tmp/swold-\(user)"]
    if let variable = getenv("XDG_RUNTIME_DIR"), variable.pointee == CChar(UInt8(ascii: "/")) {
      paths.insert("\(String(cString: variable))/swold", at: 0)
    }
    return paths
  }

  /// The folder, if somebody has made it. All that most links ever ask of -preload.
  static func find() -> RuntimeFolder? {
    for path in candidates {
      if let folder = RuntimeFolder(path), folder.isPrivate { return folder }
    }
    return nil
  }

  /// The folder, made if need be; nil: none can be had, with the reason in `reason`.
  static func make(_ reason: inout String) -> RuntimeFolder? {
    for path in candidates {
      let status = mkdir(path, 0o700)
      let error = errno
      guard status == 0 || error == EEXIST else {
        reason = "\(path): \(String(cString: strerror(error)))"
        continue
      }
      if let folder = RuntimeFolder(path), folder.isPrivate { return folder }
      reason = "\(path) is not a folder of this user alone (mode 0700)"
      return nil
    }
    return nil
  }

  private init?(_ path: String) {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard folder >= 0 else { return nil }
    self.path = path
    descriptor = folder
  }

  /// Closes the folder if it is not.
  private var isPrivate: Bool {
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o077 == 0 {
      return true
    }
    close()
    return false
  }

  func close() { _ = Glibc.close(descriptor) }
}
