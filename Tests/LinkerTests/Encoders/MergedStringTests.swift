// Merged strings and constants: what is equal is one, and every reference finds its bytes.

import ELF
import Testing

@testable import Linker

@Suite struct MergedStringTests {
  /// Links files; `.data` of the output holds one word per reference.
  private func words(_ sources: [String], _ options: String = "") throws -> (TestImage, [Int64]) {
    let folder = try AssemblyLink()
    for (index, source) in sources.enumerated() { try folder.assemble(source, as: "f\(index)") }
    let files = sources.indices.map { "f\($0).o" }.joined(separator: " ")
    let (output, messages) = try folder.link("\(files) \(Pinned.options) -e 0 \(options)")
    let image = try #require(output, "\(messages)")
    let data = ByteView(try image.bytes(".data"))
    return (image, (0..<(data.count / 8)).map { data.get(Int64.self, at: $0 * 8) })
  }

  private func text(_ image: TestImage, _ address: Int64) throws -> String {
    let start = Int(address - (try image.address(".rodata")))
    return try #require(ByteView(try image.bytes(".rodata")).cString(at: start)).string
  }

  @Test func `equal strings of two files are one`() throws {
    let (image, words) = try words([
      """
      .data
      .quad a, b, c
      .section .rodata.str1.1, "aMS", @progbits, 1
      a: .asciz "alpha"
      b: .asciz "beta"
      c: .asciz ""
      """,
      """
      .data
      .quad x, y, .rodata.str1.1 + 6
      .section .rodata.str1.1, "aMS", @progbits, 1
      x: .asciz "gamma"
      y: .asciz "beta"
      """,
    ])
    #expect(
      try words.map { try text(image, $0) } == ["alpha", "beta", "", "gamma", "beta", "beta"])
    #expect(words[1] == words[4] && words[4] == words[5])
    #expect(try image.header(".rodata").size == 6 + 5 + 1 + 6)
  }

  @Test func `a reference into a string keeps its distance`() throws {
    let (image, words) = try words([
      """
      .data
      .quad .rodata.str1.1 + 8, .rodata.str1.1 + 5
      .section .rodata.str1.1, "aMS", @progbits, 1
      .asciz "other"
      .asciz "a tail"
      """
    ])
    #expect(try words.map { try text(image, $0) } == ["tail", ""])
  }

  @Test func `a string has the largest alignment that one of its copies had`() throws {
    let (image, words) = try words([
      """
      .data
      .quad .rodata.str1.1 + 1
      .section .rodata.str1.1, "aMS", @progbits, 1
      .asciz ""
      .asciz "same"
      """,
      """
      .data
      .quad .rodata.str1.16
      .section .rodata.str1.16, "aMS", @progbits, 1
      .balign 16
      .asciz "same"
      """,
    ])
    #expect(try words.map { try text(image, $0) } == ["same", "same"])
    #expect(words[1] % 16 == 0)
  }

  @Test(arguments: [2, 4])
  func `wide strings end with a wide zero`(unit: Int) throws {
    let directive = unit == 2 ? ".short" : ".long"
    let (image, words) = try words([
      """
      .data
      .quad a, b, c
      .section .rodata.strw, "aMS", @progbits, \(unit)
      a: \(directive) 0x100, 0x41, 0
      b: \(directive) 0x41, 0
      c: \(directive) 0x100, 0x41, 0
      """
    ])
    #expect(words[0] == words[2] && words[0] != words[1])
    #expect(try image.header(".rodata").size == UInt64(5 * unit))
  }

  @Test(arguments: [4, 8, 16, 24])
  func `equal constants are one`(size: Int) throws {
    func constant(_ value: Int) -> String { ".byte \(value)\n.zero \(size - 1)\n" }
    let (image, words) = try words([
      """
      .data
      .quad .rodata.cst, .rodata.cst + \(size), .rodata.cst + \(size * 2)
      .section .rodata.cst, "aM", @progbits, \(size)
      \(constant(1))\(constant(2))\(constant(1))
      """
    ])
    #expect(words[0] == words[2] && words[0] != words[1])
    let bytes = try image.bytes(".rodata")
    #expect(bytes.count == size * 2)
    let start = try image.address(".rodata")
    #expect(bytes[Int(words[0] - start)] == 1 && bytes[Int(words[1] - start)] == 2)
  }

  @Test func `many strings find their places with any number of threads`() throws {
    // More than one chunk and all shards; half of the strings are in both files.
    func source(_ range: Range<Int>) -> String {
      var text = ".data\n"
      for index in range where index % 50 == 0 { text += ".quad s\(index)\n" }
      text += ".section .rodata.str1.1, \"aMS\", @progbits, 1\n"
      for index in range { text += "s\(index): .asciz \"string number \(index)\"\n" }
      return text
    }
    let ranges = [0..<6_000, 3_000..<9_000]
    let (image, words) = try words(ranges.map(source))
    let expected = ranges.flatMap { $0.filter { $0 % 50 == 0 } }
    #expect(words.count == expected.count)
    for (word, index) in zip(words, expected) {
      #expect(try text(image, word) == "string number \(index)")
    }
    let total = (0..<9_000).reduce(0) { $0 + "string number \($1)".utf8.count + 1 }
    #expect(try image.header(".rodata").size == UInt64(total))
    let (again, _) = try self.words(ranges.map(source), "--threads=3")
    #expect(try again.bytes(".rodata") == image.bytes(".rodata"))
  }

  @Test func `the end of strings of wide characters`() {
    let bytes: [UInt8] = [1, 0, 0, 0, 0, 1, 0, 0, 2, 0]
    bytes.withUnsafeBytes { buffer in
      let base = buffer.baseAddress!
      #expect(StringScan.end(base, 0, 10, 1) == 2)
      #expect(StringScan.end(base, 0, 10, 2) == 4)  // not the zeros of two characters
      #expect(StringScan.end(base, 4, 10, 2) == 8)
      #expect(StringScan.end(base, 8, 10, 2) == 10)  // does not end
      #expect(StringScan.end(base, 8, 9, 1) == 9)
    }
  }
}
