// A list of plain values that one worker fills: an array without reference counts and checks of ownership.

struct GrowingBlock<Value: BitwiseCopyable>: Sendable {
  private var block: Block<Value>
  private(set) var count = 0

  /// An empty list, without memory.
  init() { block = .empty }

  /// An empty list that does not move before it has `room` values.
  init(room: Int) { block = room == 0 ? .empty : Block(room: room) }

  subscript(index: Int) -> Value {
    @inline(__always) get {
      assert(index < count)
      return block[index]
    }
    @inline(__always) nonmutating _modify {
      assert(index < count)
      yield &block[index]
    }
  }

  @inline(__always) mutating func append(_ value: Value) {
    if count == block.count { grow() }
    block[count] = value
    count &+= 1
  }

  /// Takes the last value away, which there is.
  mutating func removeLast() -> Value {
    precondition(count > 0)
    count -= 1
    return block[count]
  }

  /// Drops all values from `count` on.
  mutating func truncate(to count: Int) { self.count = min(self.count, count) }

  /// The values; appending may move them.
  var values: Block<Value> { block.slice(0..<count) }

  /// All of the memory, for who releases it.
  var whole: Block<Value> { block }

  @inline(never) private mutating func grow() {
    let larger = Block<Value>(room: max(16, block.count * 2))
    (larger.base).update(from: block.base, count: count)
    if block.count > 0 { block.release() }
    block = larger
  }

  /// Gives the memory back. No copy may be used afterwards.
  func release() { if block.count > 0 { block.release() } }
}
