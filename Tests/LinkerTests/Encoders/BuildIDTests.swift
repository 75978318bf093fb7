// `.note.gnu.build-id`: the hash of the hashes of chunks of 4 KiB (XXH3) or 1 MiB, each made when the
// chunk is final.

import ELF
import Parallel
import Testing

@testable import Linker

@Suite struct BuildIDTests {
  /// The note for `count` bytes of content, of which `final` is told to be final before the end.
  private func note(
    _ id: BuildID, _ count: Int, threads: Int = 1, final: [Range<Int>] = []
  ) -> [UInt8] {
    let file = Block<UInt8>(count: count)
    for index in 0..<count { file[index] = Self.content[index] }
    let note = Block<UInt8>(count: 16 + id.byteCount)
    let out = OutputBytes(base: note.base, count: note.count)
    let pool = WorkerPool(threads: threads)
    let parts = OutputParts(of: OutputBytes(base: file.base, count: count), pool)
    let hashes = ChunkHashes(id, of: parts)
    for range in final {
      hashes?.made(parts.file.slice(range.lowerBound, range.count), at: range.lowerBound)
      hashes?.stored(range)
    }
    BuildIDNote(id, pool).write(to: out, hashes)
    return out.view.bytes
  }

  private static let content = (0..<2_500_000).map {
    UInt8(truncatingIfNeeded: $0 * 7 + ($0 >> 8))
  }

  private func id(_ kind: BuildID, _ count: Int, threads: Int = 1) -> String {
    note(kind, count, threads: threads).dropFirst(16)
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  // Worked out with Python's hashlib, and the first with xxhash.h as well.
  @Test(arguments: [
    (BuildID.tree, 100, "f668cc37e0841cc147c76ea798ac38e996aedf28"),
    (.tree, 2_500_000, "a2f675b18ffdd0d019fa59d830f21c3b9aa7fe67"),
    (.md5, 100, "77cad8062a8a73fc0063f68b990dd718"),
    (.md5, 2_500_000, "77f160ed61adf7a840d95cdc44ba7e60"),
    (.sha1, 100, "9e9938db445f8d7df04df75de236d5411a15e260"),
    (.sha1, 1 << 20, "33b840a8ce77fce060ee19bf21c2551c287f6ff6"),
    (.sha1, 2_500_000, "2181222e8fb5dffd7539885d1dc4f259aac0c7e4"),
    (.sha256, 100, "d443e1829250f944c4eebb20fffef940342d1631a908abdc34b6445a0fd6911f"),
    (.sha256, 2_500_000, "f459d7b26810ef358a53ee8ce7f8b6c276916ac06eea129158daff035a608b78"),
  ])
  func `the id is the hash of the chunks' hashes`(kind: BuildID, count: Int, expected: String) {
    #expect(id(kind, count) == expected)
    #expect(id(kind, count, threads: 3) == expected)
  }

  @Test func `what is told to be final on the way changes nothing`() {
    let count = 2_500_000
    for (kind, chunk) in [(BuildID.tree, 4 << 10), (.sha1, 1 << 20)] {
      let expected = note(kind, count)
      for final in [
        [0..<count], [0..<10, 10..<chunk, chunk..<count], [chunk - 1..<2 * chunk + 1, 5..<5],
        [7..<count], [2 * chunk..<count, 0..<chunk],
      ] {
        #expect(note(kind, count, final: final) == expected)
      }
    }
  }

  @Test func `a chunk is hashed when its last byte is told`() {
    let file = Block<UInt8>(count: 3 << 20)
    let pool = WorkerPool(threads: 1)
    let parts = OutputParts(of: OutputBytes(base: file.base, count: file.count), pool)
    for (kind, chunk) in [(BuildID.tree, 4 << 10), (.sha1, 1 << 20)] {
      let hashes = ChunkHashes(kind, of: parts)
      hashes?.made(parts.file.slice(100, 2 * chunk - 100), at: 100)
      let early = ChunkHashes(kind, of: parts)?.finish(pool)
      // Chunk 1 is hashed by now, so the change is not seen.
      file[chunk] = 1
      #expect(hashes?.finish(pool) == early)
      file[chunk] = 0
    }
  }

  @Test func `the note begins with its sizes, its type and its owner`() {
    let note = note(.sha1, 10)
    #expect(dump(note.prefix(16)) == "04 00 00 00 14 00 00 00 03 00 00 00 47 4e 55 00")
  }

  @Test func `given bytes are taken as they are`() {
    #expect(id(.hex([0xde, 0xad, 0x01]), 10) == "dead01")
  }

  @Test func `a random id says that it is one`() {
    let first = Array(note(.uuid, 10).dropFirst(16))
    #expect(first.count == 16)
    #expect(first[6] >> 4 == 4 && first[8] >> 6 == 2)
    #expect(first != Array(note(.uuid, 10).dropFirst(16)))
  }

  @Test func `the fast id depends on every chunk`() {
    let ids = [100, 101, 1 << 20, (1 << 20) + 1, 2_500_000].map { id(.fast, $0) }
    #expect(Set(ids).count == 5 && ids.allSatisfy { $0.count == 16 })
  }
}
