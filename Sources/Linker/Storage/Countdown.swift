// What is still missing of things that several workers complete.

internal import Synchronization

/// Numbers that workers take shares of, each from rows of any other.
struct Countdown: @unchecked Sendable {
  // Sendable: atomic words.
  private let base: UnsafeMutablePointer<Atomic<Int>>
  let count: Int

  /// `count` rows of zero.
  init(count: Int) {
    // An Atomic<Int> is its value; zero bytes are a valid one.
    let words = Storage.allocate(Int.self, count)
    base = UnsafeMutableRawPointer(words).assumingMemoryBound(to: Atomic<Int>.self)
    self.count = count
  }

  subscript(index: Int) -> Int {
    assert(index >= 0 && index < count)
    return base[index].load(ordering: .acquiring)
  }

  /// Replaces a row, before workers take from it.
  func store(_ value: Int, at index: Int) {
    assert(index >= 0 && index < count)
    base[index].store(value, ordering: .releasing)
  }

  /// Takes `share`; true for the one call that takes the last. What all others wrote before theirs is
  /// visible then.
  func subtract(_ share: Int, at index: Int) -> Bool {
    assert(index >= 0 && index < count)
    return base[index].subtract(share, ordering: .acquiringAndReleasing).newValue == 0
  }
}
