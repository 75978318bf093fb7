// The two tables that the matcher reads for every section: the only pointers of MapLang.
//
// An array that is a property of a class costs a reference count for each walk over it, and threads
// that count on one address wait for each other. A class cannot lend a span of it either (as of
// Swift 6.3). So these tables own plain memory; every access is checked against the bounds.

internal import Synchronization

/// Words that never change. The owner calls `deallocate()` when nobody can read them any more.
@safe struct FrozenTable: @unchecked Sendable {
  // Sendable: written only by `init`.
  private let base: UnsafeMutablePointer<UInt32>
  let count: Int

  init(_ words: [UInt32]) {
    let base = UnsafeMutablePointer<UInt32>.allocate(capacity: words.count)
    unsafe words.withUnsafeBufferPointer { words in
      if let first = words.baseAddress {
        unsafe base.initialize(from: first, count: words.count)
      }
    }
    unsafe self.base = base
    count = words.count
  }

  /// The word at `index`. Traps outside the table.
  @inline(__always)  // A call for each byte of a name would double the time of the walk.
  subscript(index: Int) -> UInt32 {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
    return unsafe base[index]
  }

  func deallocate() { unsafe base.deallocate() }
}

/// A fixed number of 64-bit words, all 0 at first, which any thread may read and write at any time.
/// A word is complete in itself, so relaxed loads and stores suffice: two threads that find the same
/// gap compute the same word.
@safe struct AtomicTable: @unchecked Sendable {
  // Sendable: the words are atomics, and the pointer never changes.
  private let base: UnsafeMutablePointer<Atomic<UInt64>>
  let count: Int

  init(count: Int) {
    unsafe base = .allocate(capacity: count)
    self.count = count
    for index in 0..<count { unsafe (base + index).initialize(to: Atomic(0)) }
  }

  /// The word at `index`. Traps outside the table.
  subscript(index: Int) -> UInt64 {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
    return unsafe base[index].load(ordering: .relaxed)
  }

  func store(_ word: UInt64, at index: Int) {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
    unsafe base[index].store(word, ordering: .relaxed)
  }

  func deallocate() {
    unsafe base.deinitialize(count: count)
    unsafe base.deallocate()
  }
}
