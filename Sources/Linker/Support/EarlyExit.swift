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
  ///
  /// Swift's runtime keeps the number of a thread in that thread, and a forked thread keeps its
  /// parent's. The locks around lazy globals are futexes that hold the number of their owner, so two
  /// threads that first touch one global at the same time would wait for each other for ever if one of
  /// them were the forked one (Swift 6.3). A new thread asks for its number.
  func run(_ link: @escaping @Sendable () -> Int32) -> Int32 {
    guard descriptor >= 0 else { return link() }
    let job = Job(link)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, 16 << 20)
    var thread = pthread_t()
    let context = Unmanaged.passRetained(job)
    let status = pthread_create(
      &thread, &attributes,
      { argument in
        let job = Unmanaged<Job>.fromOpaque(argument!).takeRetainedValue()
        job.code = job.link()
        return nil
      }, context.toOpaque())
    guard status == 0 else {
      context.release()
      return link()
    }
    pthread_join(thread, nil)
    return job.code
  }

  /// Written by the thread, read when it has ended.
  private final class Job: @unchecked Sendable {
    let link: @Sendable () -> Int32
    var code: Int32 = 1

    init(_ link: @escaping @Sendable () -> Int32) { self.link = link }
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
