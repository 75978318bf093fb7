// `.eh_frame` cut into records, with the relocations of each.

import ELF
import Testing

@testable import Linker

@Suite struct FrameCutterTests {
  private func words(_ words: UInt32...) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32($0 * 8)) } }
  }

  /// The least that a CIE says: version 1, no augmentation, factors 1 and -8, return address 16.
  private var cie: [UInt8] { words(12, 0, 0x7801_0001, 0x10) }

  private func relocations(_ offsets: [UInt64]) -> RecordView<Rela> {
    let block = Block<Rela>(count: offsets.count)
    for (index, offset) in offsets.enumerated() {
      block[index] = Rela(offset: offset, type: 2, symbol: 1, addend: 0)
    }
    return RecordView(ByteView(block.base, count: offsets.count * Rela.size))
  }

  private func cut(_ bytes: [UInt8], _ offsets: [UInt64] = []) throws(FrameDefect) -> [CutFrame] {
    var result: [CutFrame] = []
    try FrameCutter.cut(ByteView(bytes), relocations(offsets), wordSize: 8) { result.append($0) }
    return result
  }

  @Test func `records follow each other, with their kinds`() throws {
    // CIE at 0, FDE at 16, terminator at 32, CIE at 36, FDEs of the second and of the first.
    let bytes =
      cie + words(12, 20, 7, 7) + words(0) + cie
      + words(12, 20, 7, 7) + words(12, 72, 7, 7)
    let records = try cut(bytes)
    #expect(records.map(\.offset) == [0, 16, 32, 36, 52, 68])
    #expect(records.map(\.size) == [16, 16, 4, 16, 16, 16])
    #expect(
      records.map(\.kind)
        == [.cie, .fde(cie: 0), .terminator, .cie, .fde(cie: 1), .fde(cie: 0)])
  }

  @Test func `relocations belong to the record that they lie in`() throws {
    let bytes = cie + words(12, 20, 7, 7) + words(12, 36, 7, 7)
    let records = try cut(bytes, [8, 24, 28, 40])
    #expect(records.map(\.relocationStart) == [0, 1, 3])
    #expect(records.map(\.relocationCount) == [1, 2, 1])
    // One behind the end belongs to none.
    #expect(throws: FrameDefect.self) { try cut(bytes, [48]) }
    // The first of an FDE is its function's.
    #expect(throws: FrameDefect.self) { try cut(bytes, [28]) }
  }

  @Test func `an FDE may name the CIE at the very beginning, and only a CIE`() throws {
    #expect(try cut(cie + words(12, 20, 7, 7)).map(\.kind) == [.cie, .fde(cie: 0)])
    for distance: UInt32 in [8, 19, 21, 24, 100, .max] {
      #expect(throws: FrameDefect.self) { try cut(cie + words(12, distance, 7, 7)) }
    }
  }

  @Test(arguments: [
    ([1, 0] as [UInt8], "ends in the middle of a record"),
    ([3, 0, 0, 0, 0, 0, 0, 0], "has a record of 3 bytes that does not fit"),
    ([5, 0, 0, 0, 0, 0, 0, 0], "has a record of 5 bytes that does not fit"),
    ([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0], "has a 64-bit record, which no compiler makes"),
    ([0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0], "has a record of 4294967294 bytes that does not fit"),
  ])
  func `the defect has its place, and what was before it was cut`(bytes: [UInt8], reason: String) {
    var count = 0
    do {
      try FrameCutter.cut(ByteView(cie + bytes), relocations([]), wordSize: 8) { _ in count += 1 }
      Issue.record("was cut")
    } catch {
      #expect(error.offset == 16 && error.reason == reason)
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
