// Compressed sections of the output: pieces that are compressed apart are one stream.

import CZlib
import CZstd
import ELF
import Parallel
import Testing

@testable import Linker

@Suite struct CompressorTests {
  private func content(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7 ^ $0 / 1000) }
  }

  private func compress(_ bytes: [UInt8], _ format: Compressor.Format, threads: Int = 2) throws
    -> [UInt8]
  {
    let block = Block<UInt8>(count: max(bytes.count, 1))
    for (index, byte) in bytes.enumerated() { block[index] = byte }
    let compressed = try #require(
      Compressor(format: format)
        .compress(OutputBytes(base: block.base, count: bytes.count), WorkerPool(threads: threads)))
    let result = compressed.parts.flatMap { part in (0..<part.count).map { part[$0] } }
    #expect(result.count == compressed.size)
    return result
  }

  // Around one and two pieces of 1 MiB.
  @Test(arguments: [0, 1, 5_000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 2_500_000])
  func `zlib reads one stream`(count: Int) throws {
    let bytes = content(count)
    for level in [-1, 1, 9] {
      let stream = try compress(bytes, .zlib(level: level))
      var result = [UInt8](repeating: 0, count: count + 1)
      var size = UInt(result.count)
      #expect(uncompress(&result, &size, stream, UInt(stream.count)) == Z_OK)
      #expect(size == UInt(count) && result.dropLast().elementsEqual(bytes))
    }
  }

  @Test(arguments: [0, 1, 5_000, 1 << 20, 2_500_000])
  func `zstd reads its frames`(count: Int) throws {
    let bytes = content(count)
    let stream = try compress(bytes, .zstd(level: 0))
    var result = [UInt8](repeating: 0, count: count + 1)
    #expect(ZSTD_decompress(&result, result.count, stream, stream.count) == count)
    #expect(result.dropLast().elementsEqual(bytes))
  }

  @Test func `threads do not show`() throws {
    let bytes = content(2_500_000)
    #expect(
      try compress(bytes, .zlib(level: -1), threads: 1)
        == compress(bytes, .zlib(level: -1), threads: 3))
  }

  @Test(arguments: [("zlib", Int64(1)), ("zstd", 2)])
  func `the header tells form, size and alignment`(name: String, type: Int64) throws {
    let (output, messages) = try linkAssembly(
      """
      .globl _start
      _start: nop
      .section .debug_info, "", @progbits
      .balign 4
      .zero 3000
      """, "--compress-debug-sections=\(name)")
    let image = try #require(output, "\(messages)")
    let section = try image.header(".debug_info")
    #expect(section.flags & SHF.COMPRESSED != 0 && section.size < 3000 && section.alignment == 8)
    #expect(
      try image.dump(".debug_info", 0, 24)
        == "\(little(type)) \(little(0)) \(little(3000, 8)) \(little(4, 8))")
  }

  @Test func `the older form has a name of its own and its size in big-endian order`() throws {
    let (output, messages) = try linkAssembly(
      ".globl _start\n_start: nop\n.section .debug_info, \"\", @progbits\n.zero 3000",
      "--compress-debug-sections=zlib-gnu")
    let image = try #require(output, "\(messages)")
    #expect(
      try image.dump(".zdebug_info", 0, 12) == "5a 4c 49 42 00 00 00 00 00 00 0b b8")
    #expect(try image.header(".zdebug_info").flags & SHF.COMPRESSED == 0)
  }

  @Test func `what would not become smaller stays`() throws {
    let (output, _) = try linkAssembly(
      ".globl _start\n_start: nop\n.section .debug_info, \"\", @progbits\n.quad 1",
      "--compress-debug-sections=zlib")
    #expect(try output?.dump(".debug_info") == little(1, 8))
  }
}
