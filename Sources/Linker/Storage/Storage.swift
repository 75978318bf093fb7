// Where tables get their memory.
//
// What counts is the page faults. A table of two megabytes or more is made of huge pages, from its first
// byte to its last. Smaller ones are cut from such pages, too, once a link is large enough to fill them. Both
// also spare what a table of single pages pays when it is read before it is written, as hash tables are: the
// kernel maps a page of zeroes for the read, and for the write replaces it and tells all other
// processors so, one at a time.

internal import CShims
internal import Glibc
internal import Parallel
internal import Synchronization

/// Memory that lives until exit, or until it is released.
enum Storage {
  /// Blocks of this size are cut from the arena, below it the C library's are good enough.
  private static let leastOfArena = 16 << 10
  private static let hugePage = 2 << 20

  private static let arena = Guarded(BlockArena())
  private static let hugePages = HugePages()

  /// `isCleared`: whether the memory is all zero; if not, it holds anything.
  static func allocate<T>(
    _ type: T.Type, _ count: Int, isCleared: Bool = true
  ) -> UnsafeMutablePointer<T> {
    let (bytes, overflow) = max(count, 1).multipliedReportingOverflow(by: MemoryLayout<T>.stride)
    if overflow { outOfMemory(Int.max) }
    let block: UnsafeMutableRawPointer
    if bytes < leastOfArena {
      guard let small = isCleared ? calloc(1, bytes) : malloc(bytes) else { outOfMemory(bytes) }
      block = small
    } else if bytes < hugePage {
      let cut = arena.withLock { $0.take(bytes) }
      if isCleared && !cut.isFresh { memset(cut.base, 0, bytes) }
      block = cut.base
    } else {
      block = map(rounded(bytes), isHuge: true)
    }
    return block.bindMemory(to: T.self, capacity: count)
  }

  /// Gives back a block that no later pass reads.
  static func release<T>(_ block: UnsafeMutablePointer<T>, _ count: Int) {
    let bytes = max(count, 1) * MemoryLayout<T>.stride
    if bytes < leastOfArena {
      free(block)
    } else if bytes < hugePage {
      arena.withLock { $0.giveBack(UnsafeMutableRawPointer(block), bytes) }
    } else {
      munmap(block, rounded(bytes))
    }
  }

  /// Fresh memory at a multiple of the size of a huge page. `bytes` is such a multiple, too.
  fileprivate static func map(_ bytes: Int, isHuge: Bool) -> UnsafeMutableRawPointer {
    func attempt(_ bytes: Int) -> UnsafeMutableRawPointer {
      let block = mmap(
        nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
      guard let block, block != MAP_FAILED else { outOfMemory(bytes) }
      return block
    }
    var block = attempt(bytes)
    let excess = Int(bitPattern: block) % hugePage
    if excess != 0 && isHuge {
      // An older kernel: what is in front and behind is never touched.
      munmap(block, bytes)
      block = attempt(bytes + hugePage)
      block += (hugePage - Int(bitPattern: block) % hugePage) % hugePage
    }
    if isHuge { hugePages.use(for: block, bytes) }
    return block
  }

  private static func rounded(_ bytes: Int) -> Int { (bytes + hugePage - 1) & ~(hugePage - 1) }

  private static func outOfMemory(_ bytes: Int) -> Never {
    swold_guard_remove_temporary()
    DiagnosticEngine.write("swold: error: out of memory (\(bytes) bytes)\n", to: STDERR_FILENO)
    _exit(1)  // other workers may be in the middle of anything
  }
}

/// Huge pages, as long as they are cheap. Clearing one takes a tenth of a millisecond. It takes several
/// where the kernel has to move others out of the way first, or where a virtual machine has given free
/// memory back to its host (which it does by the huge page), and that is more than one spares.
private final class HugePages: Sendable {
  /// In nanoseconds of the thread.
  private static let dear = 1_000_000
  /// How many bytes there are between two looks at what a page takes.
  private static let sampleDistance = 4 << 20

  private let areDear = Atomic<Bool>(false)
  private let unseen = Atomic<Int>(sampleDistance)

  /// Asks for huge pages for a block whose memory nobody has touched yet.
  func use(for block: UnsafeMutableRawPointer, _ bytes: Int) {
    if areDear.load(ordering: .relaxed) { return }
    madvise(block, bytes, MADV_HUGEPAGE)
    guard unseen.add(bytes, ordering: .relaxed).newValue >= Self.sampleDistance else { return }
    unseen.store(0, ordering: .relaxed)
    let start = Self.now()
    block.storeBytes(of: 0, as: UInt8.self)
    if Self.now() - start > Self.dear { areDear.store(true, ordering: .relaxed) }
  }

  private static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}

/// Blocks between a few pages and a huge one, cut from regions, and used again when they were given back.
private struct BlockArena {
  /// A region holds many blocks; what of it nobody touches costs nothing.
  private static let regionSize = 16 << 20
  /// Small links do not fill a huge page, and would pay for clearing it.
  private static let firstRegionSize = 4 << 20

  private var next = UnsafeMutableRawPointer(bitPattern: 1)!
  private var left = 0
  private var isFirst = true
  /// Blocks that were given back, by class: the address of the first, whose first word is that of the next.
  private var free = [UnsafeMutableRawPointer?](repeating: nil, count: 128)

  /// A block of at least `bytes`, and whether it is all zero.
  mutating func take(_ bytes: Int) -> (base: UnsafeMutableRawPointer, isFresh: Bool) {
    let (number, size) = Self.sizeClass(bytes)
    if let base = free[number] {
      free[number] = base.load(as: UnsafeMutableRawPointer?.self)
      return (base, false)
    }
    if size > left {
      left = isFirst ? Self.firstRegionSize : Self.regionSize
      next = Storage.map(left, isHuge: !isFirst)
      isFirst = false
    }
    defer {
      next += size
      left -= size
    }
    return (next, true)
  }

  mutating func giveBack(_ base: UnsafeMutableRawPointer, _ bytes: Int) {
    let (number, _) = Self.sizeClass(bytes)
    base.storeBytes(of: free[number], as: UnsafeMutableRawPointer?.self)
    free[number] = base
  }

  /// Four classes for each power of two.
  private static func sizeClass(_ bytes: Int) -> (number: Int, size: Int) {
    let power = Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount
    let step = 1 << (power - 2)
    let size = (bytes + step - 1) & ~(step - 1)
    return (power * 4 + (size >> (power - 2)) - 4, size)
  }
}
