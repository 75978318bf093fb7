// Work behind a fork.
//
// Swift's runtime keeps the number of a thread in that thread, and a forked thread keeps its
// parent's. The locks around lazy globals are futexes that hold the number of their owner, so two
// threads that first touch one global at the same time would wait for each other for ever if one of
// them were the forked one (Swift 6.3). A new thread asks for its number.

internal import Glibc

enum FreshThread {
  /// Runs `body` on a thread of its own and waits for what it returns; nil: there can be none.
  static func run(_ body: @escaping @Sendable () -> Int32) -> Int32? {
    let job = Job(body)
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
        job.code = job.body()
        return nil
      }, context.toOpaque())
    guard status == 0 else {
      context.release()
      return nil
    }
    pthread_join(thread, nil)
    return job.code
  }

  /// Written by the thread, read when it has ended.
  private final class Job: @unchecked Sendable {
    let body: @Sendable () -> Int32
    var code: Int32 = 1

    init(_ body: @escaping @Sendable () -> Int32) { self.body = body }
  }
}
