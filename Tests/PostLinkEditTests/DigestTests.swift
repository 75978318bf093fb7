import ELF
import Testing

@testable import PostLinkEdit

@Suite struct DigestTests {
  /// The check values of the manual: the CRC of "123456789".
  static let checks: [(String, UInt64)] = [
    ("crc-32/iso-hdlc", 0xcbf4_3926), ("crc-32/mpeg-2", 0x0376_e6e7), ("crc-32c", 0xe306_9283),
    ("crc-32/zero", 0x89a1_897f), ("crc-32/srec-xmodem", 0xd202_d277),
    ("crc-16/ibm-3740", 0x29b1), ("crc-16/spi-fujitsu", 0xe5cc), ("crc-16/xmodem", 0x31c3),
    ("crc-16/arc", 0xbb3d), ("crc-16/modbus", 0x4b37), ("crc-16/x-25", 0x906e),
    ("crc-64/xz", 0x995d_c9bb_df19_39fa), ("crc-64/ecma-182", 0x6c40_df5f_0b49_7347),
    ("crc-64/go-iso", 0xb909_56c7_75a4_1001),
  ]

  @Test(arguments: checks.indices)
  func crcHasItsCheckValue(_ index: Int) throws {
    let (name, value) = DigestTests.checks[index]
    let crc = try #require(CRC(named: name))
    #expect(crc.compute(Array("123456789".utf8)) == value)
  }

  @Test func stm32TakesLittleEndianWords() throws {
    let crc = try #require(DigestAlgorithm(named: "crc-32/stm32"))
    let bytes = crc.compute(Array("12345678".utf8), word: 4, wordOrder: .little, order: .big)
    #expect(bytes == [0xfe, 0xfc, 0x54, 0xf9])
  }

  @Test func everyNamedCrcHasACheckValue() {
    let checked = Set(DigestTests.checks.map(\.0)).union(["crc-32/stm32"])
    #expect(Set(CRC.named.map(\.name)) == checked)
  }

  @Test func widthsBelowAByteBoundaryAreMasked() {
    // CRC-12/UMTS without output reflection of its own: poly 0x80f, check 0xdaf with refout.
    let crc = CRC(
      width: 12, polynomial: 0x80f, initial: 0, reflectsInput: false, reflectsOutput: true,
      finalXor: 0)
    #expect(crc.compute(Array("123456789".utf8)) == 0xdaf)
  }

  @Test func hashesAreTheStandardOnes() throws {
    func digest(_ name: String, _ text: String) throws -> String {
      let algorithm = try #require(DigestAlgorithm(named: name))
      return hex(algorithm.compute(Array(text.utf8), word: 1, wordOrder: .little, order: .big))
    }
    #expect(try digest("sha1", "abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
    #expect(
      try digest("sha256", "abc")
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(try digest("adler32", "Wikipedia") == "11e60398")
    #expect(try digest("sum16", "abc") == "0126")
    #expect(try digest("xxh3-64", "") == "2d06800538d394c2")
  }
}

@Suite struct RangeSetTests {
  @Test func insertingMergesNeighbours() {
    var set = RangeSet()
    set.insert(10, 20)
    set.insert(30, 40)
    set.insert(20, 30)
    #expect(set.ranges == [10..<40])
    set.insert(0, 5)
    #expect(set.ranges == [0..<5, 10..<40])
    #expect(set.gaps(in: 0..<50) == [5..<10, 40..<50])
    #expect(set.firstOverlap(5..<11) == 10..<11)
    #expect(set.firstOverlap(5..<10) == nil)
    #expect(set.contains(10..<40) && !set.contains(9..<11) && set.contains(39) && !set.contains(40))
  }

  /// Against a plain set of numbers, with a reproducible sequence.
  @Test func agreesWithAPlainSet() {
    var state: UInt64 = 42
    func next(_ limit: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % limit
    }
    var set = RangeSet()
    var plain = Set<UInt64>()
    for _ in 0..<500 {
      let low = next(1000)
      let high = low + next(12)
      set.insert(low, high)
      plain.formUnion(low..<high)
      let probe = next(1000)
      #expect(set.contains(probe) == plain.contains(probe))
    }
    #expect(set.total == UInt64(plain.count))
    #expect(zip(set.ranges, set.ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
    let left = RangeSet(100..<900).subtracting(set)
    #expect(left.total == UInt64(Set(UInt64(100)..<900).subtracting(plain).count))
  }
}
