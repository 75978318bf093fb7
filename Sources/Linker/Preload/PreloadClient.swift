// A link that asks whether it has been prepared.

internal import CShims
internal import Glibc

enum PreloadClient {
  /// How long the daemon may take to wake, in milliseconds.
  private static let patience: Int32 = 2000

  /// The exit code of a link that a daemon has finished; nil: there is none for these arguments, or it
  /// declines, and nothing was written.
  static func link(_ arguments: [String], color: Bool) -> Int32? {
    guard let folder = RuntimeFolder.find() else { return nil }
    defer { folder.close() }
    let connection = swold_local_connect(
      folder.descriptor, PreloadKey.name(arguments), patience)
    guard connection >= 0 else { return nil }
    defer { close(connection) }
    let mask = umask(0)
    umask(mask)
    let request = PreloadRequest(kind: .link, color: color, mask: mask)
    guard request.send(connection), PreloadReply.receive(connection) == .heard else { return nil }
    swold_local_set_patience(connection, 0)
    // Of a child that was killed the link is made again: what it has not finished is not there.
    guard case .done(let code) = PreloadReply.receive(connection) else { return nil }
    return code
  }

  /// Ends the daemon that listens there, if there is one.
  static func dismiss(_ name: String, in folder: RuntimeFolder) {
    let connection = swold_local_connect(folder.descriptor, name, patience)
    guard connection >= 0 else { return }
    if PreloadRequest(kind: .leave).send(connection) {
      while PreloadReply.receive(connection) == .heard {}  // until it has removed its socket
    }
    close(connection)
  }
}
