// `.eh_frame` cut into records, with the relocations of each.

import ELF
import Testing

@testable import Linker

@Suite struct FrameCutterTests {
  private func words(_ words: UInt32...) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32($0 * 8)) } }
  }

  private func relocations(_ offsets: [UInt64]) -> RecordView<Rela> {
    let block = Block<Rela>(count: offsets.count)
    for (index, offset) in offsets.enumerated() {
      block[index] = Rela(offset: offset, type: 2, symbol: 1, addend: 0)
    }
    return RecordView(ByteView(block.base, count: offsets.count * Rela.size))
  }

  private func cut(_ bytes: [UInt8], _ offsets: [UInt64] = []) throws(FrameDefect) -> [CutFrame] {
    var result: [CutFrame] = []
    try FrameCutter.cut(ByteView(bytes), relocations(offsets)) { result.append($0) }
    return result
  }

  @Test func `records follow each other, with their kinds`() throws {
    // CIE at 0, FDE at 12, terminator at 28, CIE at 32, FDEs of the second and of the first.
    let bytes =
      words(8, 0, 1) + words(12, 16, 7, 7) + words(0) + words(4, 0)
      + words(4, 12) + words(8, 52, 7)
    let records = try cut(bytes)
    #expect(records.map(\.offset) == [0, 12, 28, 32, 40, 48])
    #expect(records.map(\.size) == [12, 16, 4, 8, 8, 12])
    #expect(
      records.map(\.kind)
        == [.cie, .fde(cie: 0), .terminator, .cie, .fde(cie: 1), .fde(cie: 0)])
  }

  @Test func `relocations belong to the record that they lie in`() throws {
    let bytes = words(8, 0, 1) + words(12, 16, 7, 7) + words(12, 32, 7, 7)
    let records = try cut(bytes, [8, 20, 24, 43])
    #expect(records.map(\.relocationStart) == [0, 1, 3])
    #expect(records.map(\.relocationCount) == [1, 2, 1])
    // One behind the end belongs to none.
    #expect(try cut(bytes, [44]).map(\.relocationCount) == [0, 0, 0])
  }

  @Test func `an FDE may name the CIE at the very beginning, and only a CIE`() throws {
    #expect(try cut(words(4, 0) + words(4, 12)).map(\.kind) == [.cie, .fde(cie: 0)])
    for distance: UInt32 in [8, 11, 13, 16, 100, .max] {
      #expect(throws: FrameDefect.self) { try cut(words(4, 0) + words(4, distance)) }
    }
  }

  @Test(arguments: [
    ([1, 0] as [UInt8], "ends in the middle of a record"),
    ([3, 0, 0, 0, 0, 0, 0, 0], "has a record of 3 bytes that does not fit"),
    ([5, 0, 0, 0, 0, 0, 0, 0], "has a record of 5 bytes that does not fit"),
    ([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0], "has a 64-bit record, which x86-64 does not use"),
    ([0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0], "has a record of 4294967294 bytes that does not fit"),
  ])
  func `the defect has its place, and what was before it was cut`(bytes: [UInt8], reason: String) {
    var count = 0
    do {
      try FrameCutter.cut(ByteView(words(4, 0) + bytes), relocations([])) { _ in count += 1 }
      Issue.record("was cut")
    } catch {
      #expect(error.offset == 8 && error.reason == reason)
    }
    #expect(count == 1)
  }

  @Test func `random bytes are cut or refused`() {
    var random = RepeatableRandom(seed: 3)
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...64, using: &random)
      // Small numbers, so that some records are whole.
      let bytes = (0..<count).map { index in
        index % 4 == 0 ? UInt8.random(in: 0...12, using: &random) : 0
      }
      guard let records = try? cut(bytes) else { continue }
      #expect(records.reduce(0) { $0 + Int($1.size) } == count)
    }
  }
}
