import CZlib
import CZstd
import ELF
import Testing

@testable import Linker

struct CompressedSectionTests {
  private let contents = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 7 ^ $0 / 1000) }

  private func zlib(_ contents: [UInt8]) -> [UInt8] {
    var count = compressBound(UInt(contents.count))
    var result = [UInt8](repeating: 0, count: Int(count))
    #expect(compress(&result, &count, contents, UInt(contents.count)) == Z_OK)
    return Array(result.prefix(Int(count)))
  }

  private func zstd(_ contents: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: ZSTD_compressBound(contents.count))
    let count = ZSTD_compress(&result, result.count, contents, contents.count, 3)
    return Array(result.prefix(count))
  }

  private func number<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private func header(_ type: UInt32, _ size: UInt64, _ alignment: UInt64 = 8) -> [UInt8] {
    number(type) + number(UInt32(0)) + number(size) + number(alignment)
  }

  private func decompress(_ bytes: [UInt8], flags: UInt64 = SHF.COMPRESSED) throws -> [UInt8] {
    let view = ByteView(bytes)
    let section = try CompressedSection(flags: flags, view)
    let owned = try section.decompressed()
    return owned.view.bytes
  }

  @Test func readsAllForms() throws {
    let size = UInt64(contents.count)
    #expect(try decompress(header(1, size) + zlib(contents)) == contents)
    #expect(try decompress(header(2, size) + zstd(contents)) == contents)
    let old = Array("ZLIB".utf8) + number(size.byteSwapped) + zlib(contents)
    #expect(try decompress(old, flags: 0) == contents)
    #expect(try decompress(header(1, 0) + zlib([])) == [])
    #expect(try decompress(header(2, 0) + zstd([])) == [])
    let zeros = [UInt8](repeating: 0, count: 5_000_000)
    #expect(try decompress(header(1, 5_000_000) + zlib(zeros)) == zeros)
    #expect(try decompress(header(2, 5_000_000) + zstd(zeros)) == zeros)
    let section = try CompressedSection(
      flags: SHF.COMPRESSED, ByteView(header(1, 3, 16) + zlib([1, 2, 3])))
    #expect(section.alignment == 16 && section.uncompressedSize == 3)
  }

  @Test func tellsCompressedSections() {
    #expect(CompressedSection.isCompressed(flags: SHF.COMPRESSED, name: ByteView(".debug_info")))
    #expect(CompressedSection.isCompressed(flags: 0, name: ByteView(".zdebug_info")))
    #expect(!CompressedSection.isCompressed(flags: SHF.ALLOC, name: ByteView(".debug_info")))
  }

  @Test(arguments: [UInt32(1), 2])
  func rejectsWrongSizes(type: UInt32) {
    let data = type == 1 ? zlib(contents) : zstd(contents)
    for size in [0, 1, contents.count - 1, contents.count + 1, contents.count * 2] {
      #expect(throws: DecompressionError.self) {
        try decompress(header(type, UInt64(size)) + data)
      }
    }
    for size in [UInt64.max, 1 << 62, 1 << 40] {
      #expect(throws: DecompressionError.impossibleSize(size)) {
        try decompress(header(type, size) + data)
      }
    }
  }

  @Test func rejectsMalformedData() {
    let good = header(1, UInt64(contents.count)) + zlib(contents)
    #expect(throws: DecompressionError.truncatedHeader) { try decompress(Array(good[..<23])) }
    #expect(throws: DecompressionError.truncatedHeader) { try decompress([]) }
    #expect(throws: DecompressionError.truncatedHeader) { try decompress([1, 2], flags: 0) }
    #expect(throws: DecompressionError.unknownFormat(3)) { try decompress(header(3, 1) + [0]) }
    #expect(throws: DecompressionError.badAlignment(6)) { try decompress(header(1, 1, 6) + [0]) }
    #expect(throws: DecompressionError.corrupt) { try decompress(Array(good.dropLast(10))) }
    #expect(throws: DecompressionError.corrupt) { try decompress(header(1, 10) + [0xff, 1]) }
    #expect(throws: DecompressionError.corrupt) { try decompress(header(2, 10) + [0xff, 1]) }
    #expect(throws: DecompressionError.self) { try decompress(header(1, 0)) }
  }

  @Test(arguments: [UInt32(1), 2])
  func mutilatedDataAreHandled(type: UInt32) {
    let small = Array(contents[..<3000])
    let good = header(type, 3000) + (type == 1 ? zlib(small) : zstd(small))
    var random = RepeatableRandom(seed: 4)
    var failures = 0
    for _ in 0..<2_000 {
      var bytes = good
      bytes[Int.random(in: 0..<bytes.count, using: &random)] ^=
        1 << UInt8.random(in: 0...7, using: &random)
      if (try? decompress(bytes)) == nil { failures += 1 }
    }
    // zstd has no checksum here, so some damage goes unnoticed.
    #expect(failures > 200)
  }
}
