// The place where a daemon can be found.

internal import CShims
internal import Glibc

struct PreloadSocket {
  let folder: RuntimeFolder
  /// The key of the link.
  let name: String

  private var path: String { "\(folder.path)/\(name)" }

  /// Takes the place of the daemon that has listened there. Nil: it cannot, and `log` says why.
  func listen(_ log: DiagnosticEngine) -> Int32? {
    PreloadClient.dismiss(name, in: folder)
    // Renamed, because a name that is there cannot be bound: of two that start at a time the later one wins.
    let temporary = "\(name).\(getpid())"
    unlinkat(folder.descriptor, temporary, 0)
    let listener = swold_local_listen(folder.descriptor, temporary)
    guard listener >= 0,
      renameat(folder.descriptor, temporary, folder.descriptor, name) == 0
    else {
      log.error(.cannotPrepare("\(path): \(String(cString: strerror(errno)))"))
      return nil
    }
    swold_guard_temporary(path)  // a signal that ends the daemon removes it
    return listener
  }

  func remove() { swold_guard_remove_temporary() }
}
