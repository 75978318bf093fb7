// By what a file is known to be the same, with the same content.

internal import Glibc

struct FileStamp: Sendable, Equatable, BitwiseCopyable {
  private var device: UInt
  private var number: UInt
  private var mode: UInt32
  private var size = 0
  private var modified = Time()
  private var changed = Time()

  private struct Time: Sendable, Equatable, BitwiseCopyable {
    var seconds = 0
    var nanoseconds = 0
  }

  init(_ status: stat) {
    device = UInt(status.st_dev)
    number = UInt(status.st_ino)
    mode = UInt32(status.st_mode)
    // A folder changes whenever something is made in it, the output for instance, and is never read.
    if status.st_mode & S_IFMT == S_IFDIR { return }
    size = Int(status.st_size)
    modified = Time(seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    changed = Time(seconds: status.st_ctim.tv_sec, nanoseconds: status.st_ctim.tv_nsec)
  }

  /// Whether both are stamps of one file.
  func isOfSameFile(_ other: FileStamp) -> Bool {
    device == other.device && number == other.number
  }

  /// Whether a change at this moment would get another time than the last change has. The kernel sets
  /// times by the clock of its ticks; a file system that counts in seconds is known by the missing rest.
  var isPast: Bool {
    var now = timespec()
    clock_gettime(clockid_t(CLOCK_REALTIME_COARSE), &now)
    let isCoarse = changed.nanoseconds == 0 && modified.nanoseconds == 0
    let end = changed.seconds + (isCoarse ? 2 : 0)
    return (now.tv_sec, now.tv_nsec) > (end, changed.nanoseconds)
  }
}
