import Parallel
import Testing

@testable import Linker

/// A graph: what each node is by itself, and its targets.
private struct Graph {
  var labels: [UInt64] = []
  var targets: [[Int]] = []

  mutating func add(_ label: UInt64, _ targets: [Int] = []) {
    labels.append(label)
    self.targets.append(targets)
  }

  func classes(threads: Int = 1, _ sharing: Sharing = .usual) -> [Int] {
    let pool = WorkerPool(threads: threads)
    pool.sharing = sharing
    let count = labels.count
    let colours = Block<Colour>(room: count)
    let starts = Block<Int>(room: count)
    let counts = Block<UInt32>(room: count)
    let flat = targets.flatMap { $0 }
    let edges = Block<UInt32>(room: flat.count)
    for (index, target) in flat.enumerated() { edges[index] = UInt32(target) }
    var next = 0
    for node in 0..<count {
      colours[node] = Colour([labels[node]])
      starts[node] = next
      counts[node] = UInt32(targets[node].count)
      next += targets[node].count
    }
    var refinement = ColourRefinement(
      colours: colours, starts: starts, counts: counts, targets: edges, pool)
    let first = refinement.classes()
    return (0..<count).map { Int(first[$0]) }
  }

  /// The same by comparing every pair until nothing changes.
  var expected: [Int] {
    var first = labels.indices.map { node in labels.firstIndex(of: labels[node])! }
    while true {
      let keys = labels.indices.map { node in [first[node]] + targets[node].map { first[$0] } }
      let next = keys.map { key in keys.firstIndex(of: key)! }
      if next == first { return first }
      first = next
    }
  }
}

@Suite struct ColourRefinementTests {
  @Test func `nodes without targets are what their labels are`() {
    var graph = Graph()
    for label: UInt64 in [5, 6, 5, 7, 6, 5] { graph.add(label) }
    #expect(graph.classes() == [0, 1, 0, 3, 1, 0])
    #expect(Graph().classes() == [])
  }

  @Test func `a difference far away tells nodes apart`() {
    var graph = Graph()
    for end in [1, 2, 1] as [UInt64] {
      graph.add(end)
      for _ in 0..<100 { graph.add(0, [graph.labels.count - 1]) }
    }
    let classes = graph.classes()
    #expect(Array(classes[202...]) == Array(0...100))
    #expect(Array(classes[..<202]) == Array(0..<202))
  }

  @Test func `circles are equal that differ in nothing`() {
    var graph = Graph()
    graph.add(1, [1])
    graph.add(2, [0])
    graph.add(1, [3])
    graph.add(2, [2])
    graph.add(1, [1])  // into the first from outside
    graph.add(3, [3])
    graph.add(1, [5])
    #expect(graph.classes() == [0, 1, 0, 1, 0, 5, 6])
  }

  @Test func `the order and number of targets count`() {
    var graph = Graph()
    graph.add(1)
    graph.add(2)
    graph.add(3, [0, 1])
    graph.add(3, [1, 0])
    graph.add(3, [0, 1])
    graph.add(4, [0])
    graph.add(4, [0, 0])
    #expect(graph.classes() == [0, 1, 2, 3, 2, 5, 6])
  }

  @Test(arguments: [(1, Sharing.usual), (2, .always), (8, .always)])
  func `random graphs`(threads: Int, sharing: Sharing) {
    var random = RepeatableRandom(seed: 3)
    for count in [1, 2, 40, 300, 700] {
      var graph = Graph()
      for _ in 0..<count {
        let targets = (0..<Int.random(in: 0..<3, using: &random)).map { _ in
          Int.random(in: 0..<count, using: &random)
        }
        graph.add(UInt64.random(in: 0..<2, using: &random), targets)
      }
      #expect(graph.classes(threads: threads, sharing) == graph.expected)
    }
  }
}
