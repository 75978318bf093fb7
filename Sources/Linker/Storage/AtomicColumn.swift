// Columns that many threads write at once, always with relaxed ordering: the end of a pass
// synchronises. Reads come first: most calls find what they would write, and a plain load leaves
// the cache line shared.

internal import Synchronization

/// One word of flags per row.
struct AtomicFlags<ID: TableIndex, Flags: OptionSet & Sendable>: @unchecked Sendable
where Flags.RawValue == UInt32 {
  private let base: UnsafeMutablePointer<Atomic<UInt32>>
  let count: Int

  init(count: Int) {
    // An Atomic<UInt32> is its value; zero bytes are a valid one.
    let words = Storage.allocate(UInt32.self, count)
    base = UnsafeMutableRawPointer(words).assumingMemoryBound(to: Atomic<UInt32>.self)
    self.count = count
  }

  subscript(id: ID) -> Flags {
    @inline(__always) get {
      assert(id.index < count)
      return Flags(rawValue: base[id.index].load(ordering: .relaxed))
    }
  }

  /// Adds `flags`.
  @inline(__always) func insert(_ flags: Flags, at id: ID) {
    assert(id.index < count)
    let word = base + id.index
    guard word.pointee.load(ordering: .relaxed) & flags.rawValue != flags.rawValue else { return }
    word.pointee.bitwiseOr(flags.rawValue, ordering: .relaxed)
  }

  /// Adds `flags`; true if this call added one of them, so exactly one caller gets true.
  @inline(__always) func insertIfAbsent(_ flags: Flags, at id: ID) -> Bool {
    assert(id.index < count)
    let word = base + id.index
    guard word.pointee.load(ordering: .relaxed) & flags.rawValue != flags.rawValue else {
      return false
    }
    let old = word.pointee.bitwiseOr(flags.rawValue, ordering: .relaxed).oldValue
    return old & flags.rawValue != flags.rawValue
  }

  func remove(_ flags: Flags, at id: ID) {
    base[id.index].bitwiseAnd(~flags.rawValue, ordering: .relaxed)
  }

  /// Replaces the whole word; for passes that own the row.
  @inline(__always) func store(_ flags: Flags, at id: ID) {
    base[id.index].store(flags.rawValue, ordering: .relaxed)
  }
}

/// The smallest number that anybody offered, per row.
struct AtomicMinimum<ID: TableIndex>: @unchecked Sendable {
  private let base: UnsafeMutablePointer<Atomic<UInt64>>
  let count: Int

  /// What a row holds that nobody offered a number.
  static var none: UInt64 { UInt64.max }

  init(count: Int) {
    // Stored as the complement, so that zeroed memory means "none".
    let words = Storage.allocate(UInt64.self, count)
    base = UnsafeMutableRawPointer(words).assumingMemoryBound(to: Atomic<UInt64>.self)
    self.count = count
  }

  subscript(id: ID) -> UInt64 {
    @inline(__always) get {
      assert(id.index < count)
      return ~base[id.index].load(ordering: .relaxed)
    }
  }

  /// Lowers the row to `value` if that is smaller.
  @inline(__always) func offer(_ value: UInt64, at id: ID) {
    assert(id.index < count)
    let word = base + id.index
    let new = ~value
    var old = word.pointee.load(ordering: .relaxed)
    while new > old {
      let (exchanged, current) = word.pointee.weakCompareExchange(
        expected: old, desired: new, ordering: .relaxed)
      if exchanged { return }
      old = current
    }
  }

  /// Replaces the row; for passes that own it.
  @inline(__always) func store(_ value: UInt64, at id: ID) {
    base[id.index].store(~value, ordering: .relaxed)
  }

  /// Gives the memory back. No copy of the table may be used afterwards.
  func release() {
    Storage.release(
      UnsafeMutableRawPointer(base).assumingMemoryBound(to: UInt64.self), count)
  }
}
