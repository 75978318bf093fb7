// Memory that a worker uses again from one step of a loop to the next.
//
// Blocks of some 100 KB that are allocated and freed in every step cost more than what is done with them:
// the C library gives their pages back to the kernel, which clears them for the next step.

internal import Parallel

struct Scratch<Value: BitwiseCopyable>: @unchecked Sendable {
  // Sendable: each worker has a block of its own.
  private let blocks: Block<Block<Value>>

  init(_ pool: WorkerPool) {
    blocks = Block(room: pool.count)
    for index in 0..<blocks.count { blocks[index] = .empty }
  }

  /// Room for at least `count` rows, until this worker asks again.
  func room(_ count: Int, _ worker: Worker) -> Block<Value> {
    let old = blocks[worker.index]
    if old.count >= count { return old }
    if old.count > 0 { old.release() }
    let new = Block<Value>(room: max(count, 2 * old.count))
    blocks[worker.index] = new
    return new
  }

  /// Gives the memory back.
  func release() {
    for index in 0..<blocks.count where blocks[index].count > 0 { blocks[index].release() }
    blocks.release()
  }
}
