// A value that any thread may reach, one at a time.
//
// The standard library's Mutex does the same and is not used in this project, for two reasons that a
// mutex of pthreads does not have: ThreadSanitizer cannot see it, and so reports every use of what
// it guards; and on Linux it holds the number of its thread, which is wrong behind a fork
// (docs/BugDiary.md, "A link that never ended").

internal import Glibc

public final class Guarded<Value>: @unchecked Sendable {
  // Sendable: the value is touched with the mutex held only.
  private var value: Value
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  public init(_ value: Value) {
    self.value = value
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Calls `body` with the value, while nobody else has it. Not reentrant.
  public func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(&value)
  }
}
