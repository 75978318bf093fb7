// Numbers for distinct things, in order of arrival: the hash table of the linker.
//
// Open addressing, linear probing, at most half full. Keys lie in the buckets, so that a look into the
// table touches one line of the cache. A thing is known by 92 bits of a hash (64, and the upper 28 of
// `check`) where there are millions and what it stands for is not looked at again (docs/Design.md,
// "Names"); or by 64 bits and a question to the caller.
//
// One worker fills a table, so there are no locks; when it is full, any number may look into it. Copies
// share the memory.

struct HashNumbering: Sendable {
  private struct Bucket: BitwiseCopyable {
    var low: UInt64
    var check: UInt32
    /// The number plus 1; 0: the bucket is free.
    var number: UInt32
  }

  private var buckets: Block<Bucket>
  /// How many numbers there are.
  private(set) var count = 0

  /// A table with room for `capacity` things before it grows.
  init(capacity: Int = 1 << 9) {
    var size = 8
    while size < 2 * capacity { size *= 2 }
    buckets = Block(count: size)
  }

  /// The number of the key, and whether this call gave it. The low 4 bits of `check` are not part of
  /// the key.
  @inline(__always)
  mutating func enter(_ low: UInt64, _ check: UInt32) -> (number: Int, isNew: Bool) {
    let check = check & ~15
    let mask = buckets.count &- 1
    var index = Int(truncatingIfNeeded: low) & mask
    while true {
      let bucket = buckets[index]
      if bucket.number == 0 { break }
      if bucket.low == low && bucket.check == check { return (Int(bucket.number) &- 1, false) }
      index = (index &+ 1) & mask
    }
    return (fill(index, low, check), true)
  }

  /// The number of the thing with this hash for which `isEqual` answers yes.
  @inline(__always)
  func find(_ hash: UInt64, where isEqual: (Int) -> Bool) -> Int? {
    let mask = buckets.count &- 1
    var index = Int(truncatingIfNeeded: hash) & mask
    while true {
      let bucket = buckets[index]
      if bucket.number == 0 { return nil }
      if bucket.low == hash && isEqual(Int(bucket.number) &- 1) { return Int(bucket.number) &- 1 }
      index = (index &+ 1) & mask
    }
  }

  /// Gives the next number to a thing that is not in the table.
  @discardableResult mutating func add(_ hash: UInt64) -> Int {
    let mask = buckets.count &- 1
    var index = Int(truncatingIfNeeded: hash) & mask
    while buckets[index].number != 0 { index = (index &+ 1) & mask }
    return fill(index, hash, 0)
  }

  @inline(__always) private mutating func fill(_ index: Int, _ low: UInt64, _ check: UInt32) -> Int
  {
    count += 1
    buckets[index] = Bucket(low: low, check: check, number: UInt32(count))
    if count * 2 > buckets.count { grow() }
    return count &- 1
  }

  @inline(never) private mutating func grow() {
    let larger = Block<Bucket>(count: buckets.count * 2)
    let mask = larger.count - 1
    for old in 0..<buckets.count where buckets[old].number != 0 {
      var index = Int(truncatingIfNeeded: buckets[old].low) & mask
      while larger[index].number != 0 { index = (index + 1) & mask }
      larger[index] = buckets[old]
    }
    buckets.release()
    buckets = larger
  }

  /// Gives the memory back. Nothing may be asked or entered afterwards.
  func release() { buckets.release() }
}
