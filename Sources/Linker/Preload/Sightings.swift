// What a link has seen of the file system: everything on which its reading depends.
//
// A file that was read is seen with what stat(2) says of it, and a path at which nothing was found is seen
// as well: the library that appears there later is found first. If every path looks as it did, a second
// reading would read the same bytes.
//
// Noted only while `begin` is in force, that is for -preload.

internal import Glibc
internal import Parallel
internal import Synchronization

/// What is at a path.
enum FileState: Sendable, Equatable {
  case present(FileStamp)
  /// With the error of stat(2).
  case missing(Int32)

  init(of path: String) {
    var status = stat()
    self = stat(path, &status) == 0 ? .present(FileStamp(status)) : .missing(errno)
  }
}

/// One look at the file system, and what it told.
enum Sighting: Sendable, Equatable {
  case file(String, FileState)
  /// The path without links; nil: it leads nowhere.
  case place(String, String?)

  /// Whether the same look tells the same now.
  var holds: Bool {
    switch self {
    case .file(let path, let state): state == FileState(of: path)
    case .place(let path, let real): real == Sightings.realPath(path)
    }
  }
}

enum Sightings {
  private struct State {
    var seen: [Sighting] = []
    var obstacle: String?
  }

  private static let isOn = Atomic<Bool>(false)
  private static let state = Guarded(State())

  /// Longer than this a link does not wait until a time stamp is past.
  private static let mostSeconds = 3.0

  /// From now on looks are noted.
  static func begin() { isOn.store(true, ordering: .relaxed) }

  /// Ends the noting. `obstacle`: why nobody could tell whether the inputs have changed.
  static func end() -> (seen: [Sighting], obstacle: String?) {
    isOn.store(false, ordering: .relaxed)
    return state.withLock { state in
      defer { state = State() }
      return (state.seen, state.obstacle)
    }
  }

  private static var isNoting: Bool { isOn.load(ordering: .relaxed) }

  private static func append(_ sighting: Sighting) {
    state.withLock { $0.seen.append(sighting) }
  }

  /// A look that asked no more than what is there.
  static func note(_ path: String, _ status: stat) {
    if isNoting { append(.file(path, .present(FileStamp(status)))) }
  }

  static func noteMissing(_ path: String, _ error: Int32) {
    if isNoting { append(.file(path, .missing(error))) }
  }

  static func notePlace(_ path: String, _ real: String?) {
    if isNoting { append(.place(path, real)) }
  }

  /// Looks for itself, for a question that was not stat(2).
  static func look(at path: String) {
    if isNoting { append(.file(path, FileState(of: path))) }
  }

  /// The path without links and dots.
  static func realPath(_ path: String) -> String? {
    guard let result = realpath(path, nil) else { return nil }
    defer { free(result) }
    return String(cString: result)
  }

  /// A file that is about to be read. Waits, rarely and for milliseconds, until a later change would get
  /// another time: a file that was written just now may be written again within one tick of the clock.
  static func noteContent(_ path: String, _ descriptor: Int32, _ status: inout stat) {
    guard isNoting else { return }
    var obstacle: String?
    if status.st_mode & S_IFMT != S_IFREG { obstacle = "\(path) is no regular file" }
    var waited = 0.0
    while obstacle == nil && !FileStamp(status).isPast {
      usleep(2000)
      waited += 0.002
      if waited > mostSeconds || fstat(descriptor, &status) != 0 {
        obstacle = "the time of \(path) is in the future"
      }
    }
    note(path, status)
    if let obstacle { state.withLock { $0.obstacle = $0.obstacle ?? obstacle } }
  }
}
