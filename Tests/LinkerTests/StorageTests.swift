// Memory of tables: what is promised to be zero is, also when a block is used again.

import ELF
import Testing

@testable import Linker

@Suite struct StorageTests {
  @Test(arguments: [1, 4095, 16 << 10, 100_000, (2 << 20) - 1, 2 << 20, 5_000_001])
  func usedBlocksAreClearedAgain(count: Int) {
    for _ in 0..<8 {
      let block = Block<UInt8>(count: count)
      #expect((0..<count).allSatisfy { block[$0] == 0 })
      for index in 0..<count { block[index] = 0xa5 }
      block.release()
    }
  }

  @Test func blocksDoNotOverlap() {
    let sizes = [16 << 10, 20_000, 64 << 10, 65_537, 1 << 20, (1 << 20) + 1, 1_900_000]
    let blocks = (0..<20).flatMap { _ in sizes.map { Block<UInt8>(room: $0) } }
    for (number, block) in blocks.enumerated() {
      for index in 0..<block.count { block[index] = UInt8(number) }
    }
    for (number, block) in blocks.enumerated() {
      #expect((0..<block.count).allSatisfy { block[$0] == UInt8(number) })
      block.release()
    }
  }

  @Test func largeBlocksBeginWithAHugePage() {
    let block = Block<UInt64>(count: 300_000)
    #expect(Int(bitPattern: block.base) % (2 << 20) == 0)
    block.release()
  }

  /// A search may look at 64 bytes a step, so all distances from such a border count.
  @Test func findsTextAnywhere() {
    let wanted: [UInt8] = Array(".gnu.linkonce.".utf8)
    for count in [14, 63, 64, 65, 77, 78, 141, 200, 1000] {
      for place in 0...(count - wanted.count) {
        var bytes = [UInt8](repeating: UInt8(ascii: "."), count: count)
        bytes.withUnsafeBytes { #expect(!memoryContains(ByteView($0), ".gnu.linkonce.")) }
        bytes.replaceSubrange(place..<place + wanted.count, with: wanted)
        bytes.withUnsafeBytes { #expect(memoryContains(ByteView($0), ".gnu.linkonce.")) }
      }
    }
    [UInt8](".gnu.linkonce".utf8).withUnsafeBytes {
      #expect(!memoryContains(ByteView($0), ".gnu.linkonce."))
    }
  }
}
