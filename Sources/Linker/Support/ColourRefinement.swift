// Which nodes of a graph are equivalent: equal in themselves, with equivalent targets.
//
// Every node has a colour, first a hash of what it is by itself. A round gives it the hash of that and
// of the colours of its targets, in order. Equal colours of a round were equal in the round before, so
// classes only split; when a round splits none, they are final. Cycles do not have to be found first:
// nodes that differ in nothing stay together. That is colour refinement, or minimisation of an automaton
// by Moore's method.
//
// A node that is alone in its class keeps its colour, which no other will have, and takes part in no
// further round. Two colours are equal if 98 of their bits are; with a million nodes the chance that
// two different ones are is 10¹² / 2⁹⁹ ≈ 10⁻¹⁸ in a round (docs/Design.md, "Names").

internal import CXXHash
internal import Parallel

/// A hash of 128 bits.
struct Colour: BitwiseCopyable, Equatable, Sendable {
  var low: UInt64
  var high: UInt64

  /// The hash of the first `count` words of `words`.
  init(_ words: Block<UInt64>, count: Int) {
    assert(count <= words.count)
    let hash = swold_xxh3_128(words.base, count * 8)
    (low, high) = (hash.low, hash.high)
  }

  init(_ words: [UInt64]) {
    let hash = words.withUnsafeBytes { swold_xxh3_128($0.baseAddress, $0.count) }
    (low, high) = (hash.low, hash.high)
  }

  /// The table that enters it is chosen by the bits that it does not look at.
  fileprivate static var shardCount: Int { 64 }
  fileprivate var shard: Int { Int(high >> 58) }
}

struct ColourRefinement {
  /// By node: what it is by itself; afterwards colours that are equal for equivalent nodes.
  private let colours: Block<Colour>
  /// The targets of node n are `targets[starts[n]..<starts[n] + counts[n]]`.
  private let starts: Block<Int>
  private let counts: Block<UInt32>
  private let targets: Block<UInt32>
  private let fixed: Block<Colour>
  private let pool: WorkerPool
  /// How many rounds `classes` took.
  private(set) var rounds = 0

  /// `colours` is changed.
  init(
    colours: Block<Colour>, starts: Block<Int>, counts: Block<UInt32>, targets: Block<UInt32>,
    _ pool: WorkerPool
  ) {
    self.colours = colours
    self.starts = starts
    self.counts = counts
    self.targets = targets
    self.pool = pool
    fixed = Block(room: colours.count)
    for node in 0..<colours.count { fixed[node] = colours[node] }
  }

  /// For each node the first one that is equivalent: itself, if none before it is.
  mutating func classes() -> Block<UInt32> {
    let first = Block<UInt32>(room: colours.count)
    let all = Block<UInt32>(room: colours.count)
    for node in 0..<colours.count {
      first[node] = UInt32(node)
      all[node] = UInt32(node)
    }
    let similar = split(all).members
    var active = similar.filtered { counts[Int($0)] > 0 }
    var classCount = split(active).classCount
    while classCount > 0 {
      rounds += 1
      recolour(active)
      let parts = split(active)
      if parts.classCount + parts.loneCount == classCount { break }
      active = parts.members
      classCount = parts.classCount
    }
    findFirst(among: similar, first)
    return first
  }

  /// One round.
  private func recolour(_ nodes: Block<UInt32>) {
    let next = Block<Colour>(room: nodes.count)
    let rooms = Scratch<UInt64>(pool)
    let (colours, fixed, starts, counts, targets) = (colours, fixed, starts, counts, targets)
    pool.parallelFor(nodes.count, grain: 1024) { range, worker in
      for position in range {
        let node = Int(nodes[position])
        let (start, count) = (starts[node], Int(counts[node]))
        let words = rooms.room(2 * count + 2, worker)
        (words[0], words[1]) = (fixed[node].low, fixed[node].high)
        for index in 0..<count {
          let colour = colours[Int(targets[start + index])]
          (words[2 * index + 2], words[2 * index + 3]) = (colour.low, colour.high)
        }
        next[position] = Colour(words, count: 2 * count + 2)
      }
    }
    pool.parallelFor(nodes.count, grain: 8192) { range, _ in
      for position in range { colours[Int(nodes[position])] = next[position] }
    }
    next.release()
    rooms.release()
  }

  // MARK: Classes

  private struct Parts {
    /// Classes of more than one node, and these nodes, in no particular order.
    var classCount = 0
    var members = Block<UInt32>.empty
    /// Classes of one node.
    var loneCount = 0
  }

  /// Tells the nodes that share their colour from those that do not.
  private func split(_ nodes: Block<UInt32>) -> Parts {
    let shards = sorted(nodes)
    let found = Block<(classes: Int, members: Int)>(count: Colour.shardCount)
    let colours = colours
    pool.parallelForEach(Colour.shardCount) { shard, _ in
      let range = shards.range(shard)
      guard !range.isEmpty else { return }
      var numbering = HashNumbering(capacity: range.count)
      let sizes = Block<UInt32>(count: range.count)
      let numbers = Block<UInt32>(room: range.count)
      for position in range {
        let number = numbering.number(of: colours[Int(shards.nodes[position])])
        sizes[number] += 1
        numbers[position - range.lowerBound] = UInt32(number)
      }
      // The members move to the front of the shard.
      var end = range.lowerBound
      for position in range where sizes[Int(numbers[position - range.lowerBound])] > 1 {
        shards.nodes[end] = shards.nodes[position]
        end += 1
      }
      let classes = (0..<numbering.count).count { sizes[$0] > 1 }
      found[shard] = (classes, end - range.lowerBound)
      numbering.release()
      sizes.release()
      numbers.release()
    }
    var parts = Parts()
    let total = (0..<found.count).reduce(0) { $0 + found[$1].members }
    parts.members = Block(room: total)
    var next = 0
    for shard in 0..<found.count {
      parts.classCount += found[shard].classes
      let start = shards.starts[shard]
      for offset in 0..<found[shard].members {
        parts.members[next] = shards.nodes[start + offset]
        next += 1
      }
    }
    parts.loneCount = nodes.count - total
    shards.nodes.release()
    return parts
  }

  private func findFirst(among nodes: Block<UInt32>, _ first: Block<UInt32>) {
    let shards = sorted(nodes)
    let colours = colours
    pool.parallelForEach(Colour.shardCount) { shard, _ in
      let range = shards.range(shard)
      guard !range.isEmpty else { return }
      var numbering = HashNumbering(capacity: range.count)
      let lowest = Block<UInt32>(room: range.count)
      for position in range {
        let node = shards.nodes[position]
        let count = numbering.count
        let number = numbering.number(of: colours[Int(node)])
        lowest[number] = number == count ? node : min(lowest[number], node)
      }
      for position in range {
        let node = Int(shards.nodes[position])
        first[node] = lowest[numbering.number(of: colours[node])]
      }
      numbering.release()
      lowest.release()
    }
    shards.nodes.release()
  }

  private struct Shards: Sendable {
    var nodes: Block<UInt32>
    var starts: [Int]

    func range(_ shard: Int) -> Range<Int> { starts[shard]..<starts[shard + 1] }
  }

  /// Sorts nodes by the shard of their colour: each portion counts, then each fills places of its own.
  private func sorted(_ nodes: Block<UInt32>) -> Shards {
    let portion = pool.portion(1 << 14)
    let portions = (nodes.count + portion - 1) / portion
    let places = Block<Int>(count: max(portions, 1) * Colour.shardCount)
    let colours = colours
    @Sendable func members(_ index: Int) -> Range<Int> {
      index * portion..<min(nodes.count, (index + 1) * portion)
    }
    pool.parallelForEach(portions) { index, _ in
      let base = index * Colour.shardCount
      for position in members(index) { places[base + colours[Int(nodes[position])].shard] += 1 }
    }
    var starts: [Int] = []
    var next = 0
    for shard in 0..<Colour.shardCount {
      starts.append(next)
      for index in 0..<portions {
        let place = index * Colour.shardCount + shard
        (next, places[place]) = (next + places[place], next)
      }
    }
    starts.append(next)
    let sorted = Block<UInt32>(room: nodes.count)
    pool.parallelForEach(portions) { index, _ in
      let base = index * Colour.shardCount
      for position in members(index) {
        let place = base + colours[Int(nodes[position])].shard
        sorted[places[place]] = nodes[position]
        places[place] += 1
      }
    }
    places.release()
    return Shards(nodes: sorted, starts: starts)
  }
}

extension HashNumbering {
  /// The number of a colour among those that are known.
  fileprivate mutating func number(of colour: Colour) -> Int {
    enter(colour.low, UInt32(truncatingIfNeeded: colour.high)).number
  }
}

extension Block {
  /// The rows for which the condition holds.
  fileprivate func filtered(_ isWanted: (Value) -> Bool) -> Block {
    let result = Block(room: count)
    var size = 0
    for index in 0..<count where isWanted(self[index]) {
      result[size] = self[index]
      size += 1
    }
    return result.slice(0..<size)
  }
}
