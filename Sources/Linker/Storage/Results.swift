// What a parallel pass finds out about each thing of a row of things: lists, names, values that own
// memory. (Plain values stand in a `Block` or a `Column`.)

struct Results<Element>: @unchecked Sendable {
  // Sendable: each element is written by one worker.
  private let base: UnsafeMutablePointer<Element>
  let count: Int

  init(repeating element: Element, count: Int) {
    self.count = count
    base = .allocate(capacity: max(1, count))
    base.initialize(repeating: element, count: count)
  }

  init(_ elements: [Element]) {
    count = elements.count
    base = .allocate(capacity: max(1, count))
    base.initialize(from: elements, count: count)
  }

  func set(_ element: Element, at index: Int) {
    assert(index >= 0 && index < count)
    base[index] = element
  }

  subscript(index: Int) -> Element {
    assert(index >= 0 && index < count)
    return base[index]
  }

  /// Gives the memory back. No copy may be used afterwards.
  func release() {
    base.deinitialize(count: count)
    base.deallocate()
  }

  var values: [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
