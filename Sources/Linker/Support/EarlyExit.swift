// Lets the user go before the process has gone.
//
// Giving back the memory of a large link takes the kernel tens of milliseconds, for which nobody has
// to wait. So the work is done by a child, and the parent leaves as soon as the child says that the
// output is complete. The fork comes before any thread exists; where it is refused the link simply
// goes on without. (--no-fork does so always.)

internal import CShims
internal import Glibc

struct EarlyExit: Sendable {
  /// The child's end of the pipe; -1: there is no parent that waits.
  private let descriptor: Int32

  /// Forks, if `wanted`. In the parent it does not return before the link is done, and then ends the
  /// process with the link's exit code.
  init(wanted: Bool) {
    var ends: [Int32] = [-1, -1]
    guard wanted, pipe(&ends) == 0 else {
      descriptor = -1
      return
    }
    let child = swold_fork()
    if child < 0 {
      close(ends[0])
      close(ends[1])
      descriptor = -1
    } else if child == 0 {
      close(ends[0])
      // Nothing that the child starts may keep the parent waiting.
      _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
      descriptor = ends[1]
    } else {
      close(ends[1])
      EarlyExit.wait(for: child, ends[0])
    }
  }

  /// Runs the link and returns its exit code; in a child on a thread of its own.
  func run(_ link: @escaping @Sendable () -> Int32) -> Int32 {
    guard descriptor >= 0 else { return link() }
    return FreshThread.run(link) ?? link()
  }

  /// Tells the parent that all is written. A parent that is killed meanwhile is no error.
  func outputIsComplete() {
    guard descriptor >= 0 else { return }
    var byte: UInt8 = 1
    _ = write(descriptor, &byte, 1)
    close(descriptor)
  }

  private static func wait(for child: pid_t, _ descriptor: Int32) -> Never {
    // What would stop the parent has to stop the child.
    ChildToStop.process = child
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU] {
      signal(number) { number in
        if ChildToStop.process > 0 { kill(ChildToStop.process, number) }
      }
    }
    var byte: UInt8 = 0
    while true {
      let count = read(descriptor, &byte, 1)
      if count == 1 { _exit(0) }
      if count == 0 || errno != EINTR { break }
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    if status & 0x7f == 0 { _exit((status >> 8) & 0xff) }  // WIFEXITED, WEXITSTATUS
    signal(status & 0x7f, SIG_DFL)
    kill(getpid(), status & 0x7f)
    _exit(1)
  }
}

/// What the parent's signal handlers pass signals on to.
private enum ChildToStop {
  // Read by signal handlers, so it can be no more than a number; set before they are.
  nonisolated(unsafe) static var process: pid_t = 0
}
