// One field of every row of a table: an array of plain values, allocated once, in memory that is
// never freed (the process ends with the link).
//
// A column is a pointer that many threads may hold. The compiler cannot see two workers that write
// one row; the rule is that a pass gives every worker rows of its own (disjoint ranges of ids), or
// uses `AtomicColumn`. The end of a pass synchronises.

struct Column<ID: TableIndex, Value: BitwiseCopyable>: @unchecked Sendable {
  // Sendable: see the rule above.
  let base: UnsafeMutablePointer<Value>
  let count: Int

  /// `count` rows of zero bytes.
  init(count: Int) {
    base = Storage.allocate(Value.self, count)
    self.count = count
  }

  subscript(id: ID) -> Value {
    @inline(__always) get {
      assert(id.index < count)
      return base[id.index]
    }
    @inline(__always) nonmutating _modify {
      assert(id.index < count)
      yield &base[id.index]
    }
  }

  /// Gives the memory back. No copy of the column may be used afterwards.
  func release() { Storage.release(base, count) }
}

/// Plain values in one block, indexed by position: the untyped sibling of `Column`.
struct Block<Value: BitwiseCopyable>: @unchecked Sendable, BitwiseCopyable {
  // Sendable: the rule of Column.
  let base: UnsafeMutablePointer<Value>
  let count: Int

  init(count: Int) {
    base = Storage.allocate(Value.self, count)
    self.count = count
  }

  /// Room for `count` rows, each of which is to be written before it is read. What is left over costs
  /// nothing.
  init(room count: Int) {
    base = Storage.allocate(Value.self, count, isCleared: false)
    self.count = count
  }

  /// No rows, and no memory.
  static var empty: Block {
    let alignment = MemoryLayout<Value>.alignment
    return Block(base: UnsafeMutablePointer(bitPattern: alignment)!, count: 0)
  }

  private init(base: UnsafeMutablePointer<Value>, count: Int) {
    self.base = base
    self.count = count
  }

  subscript(index: Int) -> Value {
    @inline(__always) get {
      assert(index >= 0 && index < count)
      return base[index]
    }
    @inline(__always) nonmutating _modify {
      assert(index >= 0 && index < count)
      yield &base[index]
    }
  }

  /// Sorts the rows where they are.
  func sort(by areInOrder: (Value, Value) -> Bool) {
    var rows = UnsafeMutableBufferPointer(start: base, count: count)
    rows.sort(by: areInOrder)
  }

  /// The rows of `range` as a block of their own, which shares the memory.
  func slice(_ range: Range<Int>) -> Block {
    assert(range.lowerBound >= 0 && range.upperBound <= count)
    return Block(base: base + range.lowerBound, count: range.count)
  }

  func release() { Storage.release(base, count) }
}
