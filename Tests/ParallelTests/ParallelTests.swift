import Parallel
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
  /// Every index is met exactly once, whatever the number of workers, and many short loops in a
  /// row (where workers wake late) neither trap nor lose one.
  @Test(arguments: [1, 2, 3, 8])
  func everyIndexOnce(threads: Int) {
    let pool = WorkerPool(threads: threads)
    for round in 0..<2000 {
      let count = round % 67
      let sum = Atomic<Int>(0)
      let calls = Atomic<Int>(0)
      pool.parallelFor(count, grain: 1 + round % 3) { range, worker in
        for index in range {
          sum.add(index + 1, ordering: .relaxed)
          calls.add(1, ordering: .relaxed)
        }
        if worker.index < 0 || worker.index >= threads { sum.add(-1, ordering: .relaxed) }
      }
      #expect(calls.load(ordering: .relaxed) == count)
      #expect(sum.load(ordering: .relaxed) == count * (count + 1) / 2)
    }
  }

  /// After its threads have ended a pool starts others, and they do all of the work that comes.
  @Test(arguments: [1, 2, 8])
  func threadsEndAndComeAgain(threads: Int) {
    let pool = WorkerPool(threads: threads)
    pool.endThreads()
    for sharing in [Sharing.usual, .always] {
      pool.sharing = sharing
      for round in 1..<50 {
        let sum = Atomic<Int>(0)
        pool.parallelFor(100, grain: 1) { range, _ in
          for index in range { sum.add(index, ordering: .relaxed) }
        }
        #expect(sum.load(ordering: .relaxed) == 4950)
        if round % 3 == 0 { pool.endThreads() }
      }
    }
  }

  /// A pool that always shares cuts small, and each worker takes part in each loop that has enough
  /// for all, even if the caller could have done everything before the others woke.
  @Test(arguments: [2, 3, 8])
  func everyWorkerTakesPart(threads: Int) {
    let pool = WorkerPool(threads: threads)
    pool.sharing = .always
    for round in 1..<500 {
      let count = threads * (1 + round % 5)
      let sum = Atomic<Int>(0)
      let workers = Atomic<Int>(0)
      pool.parallelFor(count, grain: round % 3 * 64) { range, worker in
        for index in range { sum.add(index + 1, ordering: .relaxed) }
        workers.bitwiseOr(1 << worker.index, ordering: .relaxed)
      }
      #expect(sum.load(ordering: .relaxed) == count * (count + 1) / 2)
      #expect(workers.load(ordering: .relaxed) == 1 << threads - 1)
      #expect(pool.takeParticipants() == threads)
      #expect(pool.takeParticipants() == 0)
    }
    // Too little for all: nobody waits for those who get nothing.
    pool.parallelForEach(1) { index, worker in #expect(index == 0 && worker.index == 0) }
    #expect(pool.takeParticipants() == 1)
    pool.parallelForEach(2) { _, worker in #expect(worker.index < 2) }
    #expect(pool.takeParticipants() == 2)
  }

  @Test func aPoolThatNeverSharesStartsNoThread() {
    let pool = WorkerPool(threads: 8)
    pool.sharing = .never
    pool.parallelForEach(1000) { _, worker in #expect(worker.index == 0) }
    #expect(pool.takeParticipants() == 1)
  }

  /// Portions may follow the pool's sharing, as their joined order is that of the input.
  @Test func portions() {
    let pool = WorkerPool(threads: 2)
    #expect(pool.portion(1 << 15) == 1 << 15)
    pool.sharing = .always
    #expect(pool.portion(1 << 15) == 1 << 7)
    #expect(pool.portion(3) == 1)
  }

  @Test func oneAtATimeHasAGuardedValue() {
    let pool = WorkerPool(threads: 4)
    let list = Guarded<[Int]>([])
    pool.sharing = .always
    pool.parallelForEach(1000) { index, _ in list.withLock { $0.append(index) } }
    #expect(list.withLock { $0.sorted() } == Array(0..<1000))
  }
}
