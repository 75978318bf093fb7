// Traversals of a graph whose nodes are ids, level by level.
//
// A level is a plain parallel loop; what its bodies push is the next level. The caller marks nodes
// with an atomic flag before it pushes them, so no node is visited twice.

/// Where a body of `parallelTraverse` leaves the nodes that it reached.
public struct Worklist {
  fileprivate var items: [UInt32] = []

  public init() {}

  @inlinable public mutating func push(_ item: UInt32) { append(item) }

  @usableFromInline mutating func append(_ item: UInt32) { items.append(item) }
}

extension WorkerPool {
  /// Runs `body` for each seed and for whatever the bodies push, until nothing is left.
  public func parallelTraverse(
    _ seeds: [UInt32], grain: Int = 0, _ body: @Sendable (UInt32, inout Worklist, Worker) -> Void
  ) {
    let lists = Lists(count)
    var level = seeds
    while !level.isEmpty {
      let items = level
      parallelFor(items.count, grain: grain) { range, worker in
        var list = lists.take(worker)
        for index in range { body(items[index], &list, worker) }
        lists.put(list, worker)
      }
      level = lists.join()
    }
  }
}

/// One worklist for each worker.
private final class Lists: @unchecked Sendable {
  // Sendable: each worker touches its own list only.
  private let base: UnsafeMutablePointer<Worklist>
  private let count: Int

  init(_ count: Int) {
    self.count = count
    base = .allocate(capacity: count)
    base.initialize(repeating: Worklist(), count: count)
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  func take(_ worker: Worker) -> Worklist {
    let list = base[worker.index]
    base[worker.index] = Worklist()
    return list
  }

  func put(_ list: Worklist, _ worker: Worker) { base[worker.index] = list }

  func join() -> [UInt32] {
    var items: [UInt32] = []
    for index in 0..<count {
      items.append(contentsOf: base[index].items)
      base[index].items.removeAll(keepingCapacity: true)
    }
    return items
  }
}
