// Threads for data-parallel loops.
//
// A link is a row of passes, and the parallel part of a pass is one loop. The pool therefore has
// one operation that matters: split a range into chunks, hand them out by one atomic counter,
// return when all are done. Threads are started by the first loop that is worth it, so a small
// link never makes one; if the system refuses a thread, the others do its share.
//
// How eagerly work is shared is a matter of the whole link (`Sharing`). It never changes what a loop
// computes, only who computes it.
//
// pthreads rather than Dispatch or task groups: a fixed number of workers, an index for each of
// them (for scratch space), no allocation for a chunk, and no colour on the callers.

internal import CShims
internal import Glibc
internal import Synchronization

/// Which of the pool's workers runs: 0 is the thread that called.
public struct Worker: Sendable, BitwiseCopyable {
  /// The calling thread, outside a loop.
  public static var caller: Worker { Worker(index: 0) }

  public let index: Int
}

/// How readily a pool gives work to its threads.
public enum Sharing: Sendable {
  /// Every loop runs on the caller: for jobs so small that waking a thread costs more than it does.
  case never
  /// Chunks go to whoever is awake, the caller first.
  case usual
  /// Loops are cut small, and every worker takes a chunk of each loop that has as many, even if the
  /// caller would have been done before it woke: for small jobs of somebody who asked for threads.
  case always
}

public final class WorkerPool: @unchecked Sendable {
  // Sendable: the job is written by the owner before it wakes the workers and read by them after;
  // the mutex of the condition orders the two.

  /// How many workers there are at most, the caller included. Scratch space is indexed by this.
  public let count: Int

  private var job: (@Sendable (Range<Int>, Worker) -> Void)?
  private var jobCount = 0
  private var jobGrain = 1
  private let next = Atomic<Int>(0)
  /// The number of the present job. Written and waited for under the mutex, watched without it.
  private let generation = Atomic<Int>(0)
  private var isOpen = false
  /// Workers that the caller has to wait for; likewise.
  private let busy = Atomic<Int>(0)
  /// How many workers have a chunk of the present job to themselves; 0: whoever comes first.
  private var invited = 0
  private var hasStarted = false
  private var threads: [pthread_t] = []
  private var started: Int { threads.count }
  /// Which workers ran a chunk since `takeParticipants`; each sets its own.
  private let hasRun: UnsafeMutablePointer<Bool>
  private var ending = false
  /// How often to look before going to sleep: for some ten microseconds, about what it costs to sleep
  /// and be woken. The next loop of a small link is nearer. Who has no processor of his own must not
  /// watch.
  private var looks = 0

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let done = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// How many of some further threads may start.
  private let permits: @Sendable (Int) -> Int

  /// Set by the owner between loops.
  public var sharing = Sharing.usual

  /// A pool of `threads` workers, at least one: the caller itself.
  /// - Parameter permits: asked once, when the other threads are about to start, how many of them may.
  public init(threads: Int, permits: @escaping @Sendable (Int) -> Int = { $0 }) {
    count = max(1, threads)
    self.permits = permits
    hasRun = .allocate(capacity: count)
    hasRun.initialize(repeating: false, count: count)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(wake, nil)
    pthread_cond_init(done, nil)
  }

  /// The number of processors that this process may use.
  public static var availableProcessors: Int { max(1, Int(swold_available_processors())) }

  /// Splits `0..<count` into chunks of `grain` (0: chosen from the count) and runs `body` on each,
  /// on all workers. Returns when all are done; what the chunks wrote is then visible. A loop that
  /// fits one chunk runs on the caller and wakes nobody. Not reentrant.
  public func parallelFor(
    _ count: Int, grain: Int = 0, _ body: @Sendable (Range<Int>, Worker) -> Void
  ) {
    guard count > 0 else { return }
    let grain = self.grain(grain, count)
    if self.count == 1 || sharing == .never || count <= grain {
      hasRun[0] = true
      var start = 0
      while start < count {
        let end = min(start + grain, count)
        body(start..<end, Worker(index: 0))
        start = end
      }
      return
    }
    // The body is called only until this function returns, but the workers are not the compiler's
    // to see, so it has to be told.
    withoutActuallyEscaping(body) { body in
      startThreads()
      pthread_mutex_lock(mutex)
      job = body
      jobCount = count
      jobGrain = grain
      let chunks = (count - 1) / grain + 1
      invited = sharing == .always ? min(started + 1, chunks) : 0
      busy.store(max(0, invited - 1), ordering: .relaxed)
      next.store(invited * grain, ordering: .relaxed)
      generation.add(1, ordering: .releasing)
      isOpen = true
      pthread_cond_broadcast(wake)
      pthread_mutex_unlock(mutex)

      run(body, count, grain, invited, Worker(index: 0))

      if invited > 0 { watch { busy.load(ordering: .acquiring) == 0 } }
      pthread_mutex_lock(mutex)
      // A worker that is still waking up has nothing left to do, unless it was invited.
      if invited == 0 { isOpen = false }
      while busy.load(ordering: .relaxed) > 0 { pthread_cond_wait(done, mutex) }
      isOpen = false
      job = nil
      pthread_mutex_unlock(mutex)
    }
  }

  /// Runs `body` for every index; for loops whose steps are large and uneven.
  public func parallelForEach(_ count: Int, _ body: @Sendable (Int, Worker) -> Void) {
    parallelFor(count, grain: 1) { range, worker in
      for index in range { body(index, worker) }
    }
  }

  /// A size for portions that are cut by the input alone, so that the order in which they are joined
  /// does not depend on the threads: smaller than `usual` in a small job, so that it can be shared, and
  /// because what one portion has used is still in the cache for the next.
  public func portion(_ usual: Int) -> Int {
    sharing == .usual ? usual : max(1, usual >> 8)
  }

  /// How many workers have run a part of some loop since the last call, the caller included.
  public func takeParticipants() -> Int {
    var participants = 0
    for index in 0..<count where hasRun[index] {
      participants += 1
      hasRun[index] = false
    }
    return participants
  }

  private func grain(_ wanted: Int, _ count: Int) -> Int {
    let ofCount = max(1, count / (self.count * 16))
    if wanted <= 0 { return ofCount }
    return sharing == .always ? min(wanted, ofCount) : wanted
  }

  private func run(
    _ body: @Sendable (Range<Int>, Worker) -> Void, _ count: Int, _ grain: Int, _ invited: Int,
    _ worker: Worker
  ) {
    if worker.index < invited {
      hasRun[worker.index] = true
      let start = worker.index * grain
      body(start..<min(start + grain, count), worker)
    }
    while true {
      let start = next.add(grain, ordering: .relaxed).oldValue
      guard start < count else { return }
      hasRun[worker.index] = true
      body(start..<min(start + grain, count), worker)
    }
  }

  private func startThreads() {
    guard !hasStarted, count > 1 else { return }
    hasStarted = true
    let permitted = max(0, min(count - 1, permits(count - 1)))
    looks = permitted < WorkerPool.availableProcessors ? 300 : 0
    threads.reserveCapacity(permitted)
    for index in 1..<(1 + permitted) {
      let context = Unmanaged.passRetained(Start(pool: self, index: index))
      var attributes = pthread_attr_t()
      pthread_attr_init(&attributes)
      pthread_attr_setstacksize(&attributes, 2 << 20)
      var thread = pthread_t()
      let status = pthread_create(
        &thread, &attributes,
        { argument in
          let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
          start.pool.work(Worker(index: start.index))
          return nil
        }, context.toOpaque())
      pthread_attr_destroy(&attributes)
      guard status == 0 else {
        context.release()
        break  // refused: the link goes on with the workers it has
      }
      threads.append(thread)
    }
  }

  /// Ends the threads and waits until they have gone, so that the process may fork. The next loop
  /// starts others. Not inside a loop.
  public func endThreads() {
    pthread_mutex_lock(mutex)
    ending = true
    pthread_cond_broadcast(wake)
    pthread_mutex_unlock(mutex)
    for thread in threads { pthread_join(thread, nil) }
    threads = []
    hasStarted = false
    ending = false
  }

  private func work(_ worker: Worker) {
    var seen = 0
    while true {
      watch { generation.load(ordering: .acquiring) != seen }
      pthread_mutex_lock(mutex)
      while generation.load(ordering: .relaxed) == seen && !ending {
        pthread_cond_wait(wake, mutex)
      }
      if ending {
        pthread_mutex_unlock(mutex)
        return
      }
      seen = generation.load(ordering: .relaxed)
      let takesPart = isOpen && (invited == 0 || worker.index < invited)
      if takesPart && invited == 0 { busy.add(1, ordering: .relaxed) }
      pthread_mutex_unlock(mutex)
      guard takesPart else { continue }  // the others were done before this worker had woken

      runJob(worker)

      pthread_mutex_lock(mutex)
      if busy.subtract(1, ordering: .releasing).newValue == 0 { pthread_cond_signal(done) }
      pthread_mutex_unlock(mutex)
    }
  }

  /// Looks for a while whether `isReady`.
  @inline(__always) private func watch(_ isReady: () -> Bool) {
    for _ in 0..<looks {
      if isReady() { return }
      swold_relax()
    }
  }

  /// Does this worker's share of the present job, which stays as it is while a worker is busy.
  ///
  /// Never inlined, because the copy of the closure has to be gone before the owner hears that the
  /// worker is done: `withoutActuallyEscaping` traps if anybody still holds one when it ends, and
  /// inside the loop of `work` the compiler may release it as late as it likes.
  @inline(never) private func runJob(_ worker: Worker) {
    run(job!, jobCount, jobGrain, invited, worker)
  }

  private final class Start {
    let pool: WorkerPool
    let index: Int
    init(pool: WorkerPool, index: Int) {
      self.pool = pool
      self.index = index
    }
  }
}
