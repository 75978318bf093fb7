// Numbers for distinct things, in order of arrival: the hash table of the linker.
//
// Open addressing, linear probing, at most half full. Keys lie in the buckets, so that a look into the
// table touches one line of the cache. A thing is known by 92 bits of a hash (64, and the upper 28 of
// `check`) where there are millions and what it stands for is not looked at again (docs/Design.md,
// "Names"); or by 64 bits and a question to the caller.
//
// Instead of a number a thing may get a value of the caller's, such as the place where it is kept.
//
// One worker fills a table, so there are no locks; when it is full, any number may look into it. Copies
// share the memory.

internal import CShims

struct HashNumbering: Sendable {
  private struct Bucket: BitwiseCopyable {
    var low: UInt64
    /// The lowest bit tells that the bucket is taken.
    var check: UInt32
    /// The number, or what the caller gave.
    var value: UInt32
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
    let (value, isNew) = enter(low, check, or: UInt32(truncatingIfNeeded: count))
    return (Int(value), isNew)
  }

  /// The value of the key, which is `new` if the key was not there, and whether it is.
  @inline(__always)
  mutating func enter(
    _ low: UInt64, _ check: UInt32, or new: UInt32
  ) -> (value: UInt32, isNew: Bool) {
    let check = check & ~15 | 1
    let mask = buckets.count &- 1
    var index = Int(truncatingIfNeeded: low) & mask
    while true {
      let bucket = buckets[index]
      if bucket.low == low && bucket.check == check { return (bucket.value, false) }
      if bucket.check == 0 { break }
      index = (index &+ 1) & mask
    }
    fill(index, low, check, new)
    return (new, true)
  }

  /// Fetches the bucket where the search for a key begins, for somebody who is going to enter it.
  @inline(__always) func prefetch(_ low: UInt64) {
    swold_prefetch(buckets.base + Int(truncatingIfNeeded: low) & (buckets.count &- 1))
  }

  /// The number of the thing with this hash for which `isEqual` answers yes.
  @inline(__always)
  func find(_ hash: UInt64, where isEqual: (Int) -> Bool) -> Int? {
    let mask = buckets.count &- 1
    var index = Int(truncatingIfNeeded: hash) & mask
    while true {
      let bucket = buckets[index]
      if bucket.check == 0 { return nil }
      if bucket.low == hash && isEqual(Int(bucket.value)) { return Int(bucket.value) }
      index = (index &+ 1) & mask
    }
  }

  /// Gives the next number to a thing that is not in the table.
  @discardableResult mutating func add(_ hash: UInt64) -> Int {
    let mask = buckets.count &- 1
    var index = Int(truncatingIfNeeded: hash) & mask
    while buckets[index].check != 0 { index = (index &+ 1) & mask }
    fill(index, hash, 1, UInt32(truncatingIfNeeded: count))
    return count &- 1
  }

  @inline(__always) private mutating func fill(
    _ index: Int, _ low: UInt64, _ check: UInt32, _ value: UInt32
  ) {
    count &+= 1
    buckets[index] = Bucket(low: low, check: check, value: value)
    if count * 2 > buckets.count { grow() }
  }

  @inline(never) private mutating func grow() {
    let larger = Block<Bucket>(count: buckets.count * 2)
    let mask = larger.count - 1
    for old in 0..<buckets.count where buckets[old].check != 0 {
      var index = Int(truncatingIfNeeded: buckets[old].low) & mask
      while larger[index].check != 0 { index = (index + 1) & mask }
      larger[index] = buckets[old]
    }
    buckets.release()
    buckets = larger
  }

  /// Gives the memory back. Nothing may be asked or entered afterwards.
  func release() { buckets.release() }
}
