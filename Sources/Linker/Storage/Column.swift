// One field of every row of a table: an array of plain values, allocated once, in memory that is
// never freed (the process ends with the link).
//
// A column is a pointer that many threads may hold. The compiler cannot see two workers that write
// one row; the rule is that a pass gives every worker rows of its own (disjoint ranges of ids), or
// uses `AtomicColumn`. The end of a pass synchronises.

internal import CShims
internal import Glibc

/// Zeroed memory that lives until exit. Large blocks come straight from the kernel: pages that
/// nobody touches cost nothing, and huge pages spare the page faults of the big tables.
enum Storage {
  /// `isCleared`: whether the memory is all zero; if not, it holds anything, and a part that nobody
  /// touches costs nothing.
  static func allocate<T>(
    _ type: T.Type, _ count: Int, isCleared: Bool = true
  ) -> UnsafeMutablePointer<T> {
    let (bytes, overflow) = max(count, 1).multipliedReportingOverflow(by: MemoryLayout<T>.stride)
    if overflow { outOfMemory(Int.max) }
    if bytes < 1 << 20 {
      guard let block = isCleared ? calloc(1, bytes) : malloc(bytes) else { outOfMemory(bytes) }
      return block.bindMemory(to: T.self, capacity: count)
    }
    let block = mmap(
      nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let block, block != MAP_FAILED else { outOfMemory(bytes) }
    if isCleared && bytes >= 4 << 20 { madvise(block, bytes, MADV_HUGEPAGE) }
    return block.bindMemory(to: T.self, capacity: count)
  }

  /// Gives back the pages of a block that no later pass reads.
  static func release<T>(_ block: UnsafeMutablePointer<T>, _ count: Int) {
    let bytes = max(count, 1) * MemoryLayout<T>.stride
    if bytes < 1 << 20 { free(block) } else { munmap(block, bytes) }
  }

  private static func outOfMemory(_ bytes: Int) -> Never {
    swold_guard_remove_temporary()
    DiagnosticEngine.write("swold: error: out of memory (\(bytes) bytes)\n", to: STDERR_FILENO)
    _exit(1)  // other workers may be in the middle of anything
  }
}

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
