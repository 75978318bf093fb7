// `.gnu.hash` and `.hash`, read as the dynamic linker reads them.

import ELF
import Testing

@testable import Linker

@Suite struct HashTableTests {
  @Test(arguments: [
    ("", UInt32(5381), UInt32(0)),
    ("printf", 0x156b_2bb8, 0x0779_05a6),
    ("exit", 0x7c96_7e3f, 0x0006_cf04),
    ("syscall", 0xbac2_12a0, 0x0b09_985c),
    ("flapenguin.me", 0x8ae9_f18e, 0x0398_7915),
  ])
  func `known hashes`(name: String, gnu: UInt32, sysv: UInt32) {
    #expect(DynamicSymbols.gnuHash(ByteView(name)) == gnu)
    #expect(DynamicSymbols.sysvHash(ByteView(name)) == sysv)
    #expect(DynamicSymbols.sysvHash(name) == sysv)
  }

  @Test func `the System V hash takes bytes as unsigned and folds its upper four bits`() {
    // 0xff in the eighth place: the first byte's upper half was folded twice.
    #expect(DynamicSymbols.sysvHash(ByteView([0xff])) == 0xff)
    #expect(DynamicSymbols.sysvHash(ByteView([0xff, 0, 0, 0, 0, 0])) == 0x0ff0_0000)
    #expect(DynamicSymbols.sysvHash(ByteView([0xff, 0, 0, 0, 0, 0, 0])) == 0x0f00_00f0)
  }

  /// A library with `count` exported and two undefined symbols.
  private func library(_ count: Int, _ style: String) throws -> TestImage {
    var source = ".text\n.quad missing_one, missing_two\n"
    for number in 0..<count { source += ".globl f\(number)\nf\(number): nop\n" }
    let (output, messages) = try linkAssembly(
      ".data\n" + source, "-shared --hash-style=\(style) -z notext")
    return try #require(output, "\(messages)")
  }

  @Test(arguments: [0, 1, 3, 4, 64, 1000])
  func `every exported symbol is found by its GNU hash, and no other`(count: Int) throws {
    let image = try library(count, "gnu")
    #expect(!image.has(".hash"))
    let table = ByteView(try image.bytes(".gnu.hash"))
    let symbols = try image.dynamicSymbols()
    func word(_ index: Int) -> UInt32 { table.get(UInt32.self, at: index * 4) }
    let (buckets, first, bloomSize, shift) = (word(0), Int(word(1)), Int(word(2)), word(3))
    #expect(bloomSize.nonzeroBitCount == 1)
    #expect(symbols.count - first == count)
    #expect(symbols[..<first].allSatisfy { $0.symbol.sectionIndex == 0 })
    #expect(table.count == 16 + bloomSize * 8 + Int(buckets) * 4 + count * 4)

    /// The lookup of a dynamic linker.
    func find(_ name: String) -> Int? {
      var hash: UInt32 = 5381
      for byte in name.utf8 { hash = hash &* 33 &+ UInt32(byte) }
      let bloom = table.get(UInt64.self, at: 16 + Int(hash / 64) % bloomSize * 8)
      guard bloom >> UInt64(hash % 64) & bloom >> UInt64((hash >> shift) % 64) & 1 == 1 else {
        return nil
      }
      let bucketStart = 4 + bloomSize * 2
      var index = Int(word(bucketStart + Int(hash % buckets)))
      guard index >= first else { return nil }
      while true {
        let chained = word(bucketStart + Int(buckets) + index - first)
        if chained | 1 == hash | 1 && symbols[index].name == name { return index }
        if chained & 1 == 1 { return nil }
        index += 1
      }
    }
    for number in 0..<count {
      let index = try #require(find("f\(number)"))
      #expect(symbols[index].name == "f\(number)")
    }
    for name in ["missing_one", "missing_two", "f", "f\(count)", "printf"] {
      #expect(find(name) == nil)
    }
  }

  @Test(arguments: [0, 1, 64, 1000])
  func `every symbol is found by its System V hash`(count: Int) throws {
    let image = try library(count, "sysv")
    #expect(!image.has(".gnu.hash"))
    let table = ByteView(try image.bytes(".hash"))
    let symbols = try image.dynamicSymbols()
    func word(_ index: Int) -> UInt32 { table.get(UInt32.self, at: index * 4) }
    let buckets = word(0)
    #expect(Int(word(1)) == symbols.count)
    #expect(table.count == 8 + Int(buckets) * 4 + symbols.count * 4)
    for (index, entry) in symbols.enumerated().dropFirst() {
      var hash: UInt32 = 0
      for byte in entry.name.utf8 {
        hash = (hash << 4) &+ UInt32(byte)
        hash = (hash ^ (hash & 0xf000_0000) >> 24) & 0x0fff_ffff
      }
      var next = Int(word(2 + Int(hash % buckets)))
      while next != 0 && next != index { next = Int(word(2 + Int(buckets) + next)) }
      #expect(next == index, "\(entry.name)")
    }
  }
}
