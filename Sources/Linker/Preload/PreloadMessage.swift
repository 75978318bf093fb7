// What a link and a daemon say to each other. Both are the same program, or they do not meet (PreloadKey), so
// that the form of the messages may change with every version.

internal import CShims
internal import Glibc

/// From the link to the daemon: standard output and standard error come along.
struct PreloadRequest {
  enum Kind: UInt8 {
    case link = 1
    /// Another daemon takes the place of this one.
    case leave = 2
  }

  var kind: Kind
  /// Whether messages are to be coloured.
  var color = false
  /// What the rights of new files lack.
  var mask: mode_t = 0

  static let descriptors: [Int32] = [STDOUT_FILENO, STDERR_FILENO]

  /// False if it could not be sent.
  func send(_ connection: Int32) -> Bool {
    let bytes: [UInt8] = [
      kind.rawValue, color ? 1 : 0, UInt8(truncatingIfNeeded: mask),
      UInt8(truncatingIfNeeded: mask >> 8),
    ]
    let files = PreloadRequest.descriptors
    return swold_local_send(connection, bytes, bytes.count, files, files.count) == 0
  }

  /// A request with the files of whoever sent it; they belong to the caller.
  static func receive(_ connection: Int32) -> (request: PreloadRequest, files: [Int32])? {
    var bytes = [UInt8](repeating: 0, count: 4)
    var files = [Int32](repeating: -1, count: descriptors.count)
    guard swold_local_receive(connection, &bytes, bytes.count, &files, files.count) == 0 else {
      return nil
    }
    guard let kind = Kind(rawValue: bytes[0]) else {
      for file in files { close(file) }
      return nil
    }
    let mask = mode_t(bytes[2]) | mode_t(bytes[3]) << 8
    return (PreloadRequest(kind: kind, color: bytes[1] != 0, mask: mask & 0o777), files)
  }
}

/// From the daemon, or the child that links in its name, to the link.
enum PreloadReply: Equatable {
  /// The daemon is awake and looks at the inputs.
  case heard
  /// The link has to be made in the ordinary way.
  case decline
  /// The link is over, with this exit code.
  case done(Int32)

  func send(_ connection: Int32) {
    let bytes: [UInt8] =
      switch self {
      case .heard: [1, 0]
      case .decline: [2, 0]
      case .done(let code): [3, UInt8(truncatingIfNeeded: code)]
      }
    _ = swold_local_send(connection, bytes, bytes.count, nil, 0)
  }

  /// Nil: the other side is gone, or too slow.
  static func receive(_ connection: Int32) -> PreloadReply? {
    var bytes: [UInt8] = [0, 0]
    guard swold_local_receive(connection, &bytes, bytes.count, nil, 0) == 0 else { return nil }
    return switch bytes[0] {
    case 1: .heard
    case 2: .decline
    case 3: .done(Int32(bytes[1]))
    default: nil
    }
  }
}
