// The tables under the passes: numbers for hashes, lists that workers gather, columns.

import ELF
import Parallel
import Testing

@testable import Linker

@Suite struct NumberingTests {
  @Test func `numbers come in order of arrival and stay`() {
    var numbering = HashNumbering()
    defer { numbering.release() }
    var random = RepeatableRandom(seed: 1)
    let keys = (0..<5_000).map { _ in
      (low: random.next(), check: UInt32(truncatingIfNeeded: random.next()))
    }
    for (number, key) in keys.enumerated() {
      let (found, isNew) = numbering.enter(key.low, key.check)
      #expect(found == number && isNew)
    }
    // The table has grown several times since the first.
    for (number, key) in keys.enumerated().reversed() {
      let (found, isNew) = numbering.enter(key.low, key.check)
      #expect(found == number && !isNew)
    }
  }

  @Test func `keys differ in either half, and not in the four bits of the occurrence`() {
    var numbering = HashNumbering()
    defer { numbering.release() }
    #expect(numbering.enter(5, 0x10).number == 0)
    #expect(numbering.enter(5, 0x20).number == 1)
    #expect(numbering.enter(6, 0x10).number == 2)
    #expect(numbering.enter(5, 0x1f) == (0, false))
    #expect(numbering.enter(5, 0x11) == (0, false))
  }

  @Test func `keys that share a slot are told apart`() {
    var numbering = HashNumbering()
    defer { numbering.release() }
    // Equal in the lower bits, which choose the slot, at the end of the table.
    for number in 0..<600 {
      #expect(numbering.enter(UInt64(number) << 32 | 0xffff_ffff, 0).number == number)
    }
    for number in 0..<600 {
      #expect(numbering.enter(UInt64(number) << 32 | 0xffff_ffff, 0).isNew == false)
    }
  }

  @Test func `workers gather everything once`() {
    let pool = WorkerPool(threads: 3)
    let found = Gathered<Int>(pool)
    pool.parallelFor(10_000, grain: 16) { range, worker in
      for index in range where index % 3 == 0 { found.append(index, worker) }
    }
    #expect(found.take().sorted() == Array(stride(from: 0, to: 10_000, by: 3)))
    #expect(found.take() == [])
  }

  @Test func `columns begin as zeros and copies share their rows`() {
    for count in [0, 1, 1_000, 300_000] {  // small ones from malloc, large ones from the kernel
      let column = Column<SectionID, UInt64>(count: count)
      #expect((0..<count).allSatisfy { column[SectionID($0)] == 0 })
      guard count > 0 else { continue }
      let copy = column
      column[SectionID(count - 1)] = 7
      #expect(copy[SectionID(count - 1)] == 7)
      column.release()
    }
  }

  @Test func `a slice of a block shares its rows`() {
    let block = Block<UInt32>(count: 10)
    defer { block.release() }
    let slice = block.slice(4..<7)
    slice[1] = 9
    #expect(slice.count == 3 && block[5] == 9)
  }
}
