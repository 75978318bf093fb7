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
}
