// DT_RELR: the words, and what a dynamic linker makes of them.

import Testing

@testable import Linker

@Suite struct RelativePackingTests {
  /// The addresses that the words stand for (gABI proposal, SHT_RELR).
  private func decode(_ words: [UInt64]) -> [UInt64] {
    var addresses: [UInt64] = []
    var next: UInt64 = 0
    for word in words {
      if word & 1 == 0 {
        addresses.append(word)
        next = word + 8
      } else {
        for bit in UInt64(0)..<63 where word >> (bit + 1) & 1 == 1 {
          addresses.append(next + bit * 8)
        }
        next += 63 * 8
      }
    }
    return addresses
  }

  @Test func `words as they are written by hand`() {
    #expect(RelativePacking.encode([], at: 0x1000) == [])
    #expect(RelativePacking.encode([0], at: 0x1000) == [0x1000])
    // Bit 1 stands for the word behind the address.
    #expect(RelativePacking.encode([0, 8], at: 0x1000) == [0x1000, 0b11])
    #expect(RelativePacking.encode([16, 24, 40], at: 0x1000) == [0x1010, 0b1011])
    // The 63rd word behind it is the last of the bitmap.
    #expect(RelativePacking.encode([0, 63 * 8], at: 0x1000) == [0x1000, 1 << 63 | 1])
    // The 64th is out of its reach, and nothing else is in it.
    #expect(RelativePacking.encode([0, 64 * 8], at: 0x1000) == [0x1000, 0x1200])
    #expect(RelativePacking.encode([0, 8, 64 * 8], at: 0x1000) == [0x1000, 0b11, 0b11])
    // An empty bitmap between two would cost as much as an address.
    #expect(RelativePacking.encode([0, 8, 200 * 8], at: 0x1000) == [0x1000, 0b11, 0x1640])
    // Words that are not at a multiple of eight bytes from the others.
    #expect(RelativePacking.encode([0, 12, 20], at: 0x1000) == [0x1000, 0x100c, 0b11])
  }

  @Test func `what is packed comes out again`() {
    var random = RepeatableRandom(seed: 7)
    for density in [1, 2, 10, 63, 64, 100] {
      let offsets = (0..<20_000).filter { _ in Int.random(in: 0..<density, using: &random) == 0 }
        .map { UInt64($0) * 8 }
      let words = RelativePacking.encode(offsets, at: 0x40_0000)
      #expect(decode(words) == offsets.map { $0 + 0x40_0000 })
      #expect(words.count <= offsets.count)
    }
    let odd = (0..<3_000).map { UInt64($0) * 10 }  // even, and rarely a multiple of eight apart
    #expect(decode(RelativePacking.encode(odd, at: 0x1000)) == odd.map { $0 + 0x1000 })
  }
}
