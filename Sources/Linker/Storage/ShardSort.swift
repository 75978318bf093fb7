// Records sorted by shard, so that one worker may enter those of each: a counting sort, in which the
// records of a shard keep their order.

extension Block {
  /// The first `count` rows sorted by shard, given how many rows each has: `starts` has the number of shard
  /// `n` at `n + 1`, and afterwards where each begins, with one more for the end.
  @inline(__always)
  func sorted(
    _ count: Int, counts starts: Block<UInt32>, by shard: (Value) -> Int
  ) -> Block<Value> {
    for index in 1..<starts.count { starts[index] &+= starts[index &- 1] }
    let sorted = Block<Value>(room: count)
    let next = Block<UInt32>(room: starts.count)
    for index in 0..<starts.count { next[index] = starts[index] }
    for index in 0..<count {
      let record = self[index]
      let shard = shard(record)
      sorted[Int(next[shard])] = record
      next[shard] &+= 1
    }
    next.release()
    return sorted
  }

  /// The same where nobody has counted: also where each of `shards` begins.
  @inline(__always)
  func sorted(
    _ count: Int, shards: Int, by shard: (Value) -> Int
  ) -> (records: Block<Value>, starts: Block<UInt32>) {
    let starts = Block<UInt32>(count: shards + 1)
    for index in 0..<count { starts[shard(self[index]) &+ 1] &+= 1 }
    return (sorted(count, counts: starts, by: shard), starts)
  }
}
