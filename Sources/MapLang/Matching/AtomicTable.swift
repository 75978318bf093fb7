// A table of words that any thread may read and write at any time.
//
// The only pointer of MapLang. The matcher remembers choices in such tables: a word is complete in
// itself, so relaxed loads and stores suffice, and two threads that find the same gap compute the
// same word.

internal import Synchronization

/// A fixed number of 64-bit words, all 0 at first.
@safe final class AtomicTable: @unchecked Sendable {
  // Sendable: the words are atomics, and the pointer never changes.
  private let base: UnsafeMutablePointer<Atomic<UInt64>>
  let count: Int

  init(count: Int) {
    unsafe base = .allocate(capacity: count)
    self.count = count
    for index in 0..<count { unsafe (base + index).initialize(to: Atomic(0)) }
  }

  deinit {
    unsafe base.deinitialize(count: count)
    unsafe base.deallocate()
  }

  /// The word at `index`. Traps outside the table.
  subscript(index: Int) -> UInt64 {
    get {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      return unsafe base[index].load(ordering: .relaxed)
    }
    set {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      unsafe base[index].store(newValue, ordering: .relaxed)
    }
  }
}
