// Lists that a parallel pass fills without locks: one list per worker, joined afterwards.
//
// The order in which workers append depends on chance, so whoever joins the lists sorts them by
// input position, unless the order cannot reach the output.

internal import Parallel

struct Gathered<Element>: @unchecked Sendable {
  // Sendable: each worker touches its own list only.
  private let lists: UnsafeMutablePointer<[Element]>
  private let count: Int

  init(_ pool: WorkerPool) {
    count = pool.count
    lists = UnsafeMutablePointer<[Element]>.allocate(capacity: count)
    lists.initialize(repeating: [], count: count)
  }

  func append(_ element: Element, _ worker: Worker) {
    lists[worker.index].append(element)
  }

  /// Everything that was appended; the lists are empty afterwards.
  func take() -> [Element] {
    var all: [Element] = []
    all.reserveCapacity((0..<count).reduce(0) { $0 + lists[$1].count })
    for index in 0..<count {
      all.append(contentsOf: lists[index])
      lists[index] = []
    }
    return all
  }
}
