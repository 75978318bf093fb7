// `.note.gnu.property`: how the notes of objects become one.

import ELF
import Testing

@testable import Linker

@Suite struct GNUPropertyTests {
  private static let feature1And: Int64 = 0xc000_0002
  private static let isaNeeded: Int64 = 0xc000_8002
  private static let isaUsed: Int64 = 0xc001_0002

  /// A note with 32-bit properties.
  private static func note(_ properties: [(Int64, Int64)]) -> String {
    let words = properties.map { ".long \($0.0), 4, \($0.1), 0\n" }.joined()
    return section(".long 4, \(properties.count * 16), 5\n.asciz \"GNU\"\n\(words)")
  }

  private static func section(_ content: String) -> String {
    ".section .note.gnu.property, \"a\", @note\n.balign 8\n\(content)\n"
  }

  private static func expected(_ properties: [(Int64, Int64)]) -> String {
    "04 00 00 00 \(little(Int64(properties.count * 16))) 05 00 00 00 47 4e 55 00 "
      + properties.map { "\(little($0.0)) 04 00 00 00 \(little($0.1)) 00 00 00 00" }
      .joined(separator: " ")
  }

  private func link(_ notes: [String], _ options: String = "") throws -> (TestImage?, String) {
    let folder = try AssemblyLink()
    for (index, note) in notes.enumerated() {
      try folder.assemble(
        (index == 0 ? ".globl _start\n_start: nop\n" : "") + note, as: "f\(index)")
    }
    let files = notes.indices.map { "f\($0).o" }.joined(separator: " ")
    return try folder.link("\(files) \(Pinned.options) \(options)")
  }

  private func check(
    _ notes: [[(Int64, Int64)]?], _ result: [(Int64, Int64)], _ options: String = ""
  ) throws {
    let (output, messages) = try link(notes.map { $0.map(Self.note) ?? "" }, options)
    let image = try #require(output, "\(messages)")
    if result.isEmpty {
      #expect(!image.has(".note.gnu.property"))
    } else {
      #expect(try image.dump(".note.gnu.property") == Self.expected(result))
    }
  }

  @Test func `a promise holds if all objects make it`() throws {
    try check([[(Self.feature1And, 3)], [(Self.feature1And, 1)]], [(Self.feature1And, 1)])
    try check([[(Self.feature1And, 2)], [(Self.feature1And, 1)]], [])
    try check([[(Self.feature1And, 3)], nil], [])
    try check([[(Self.feature1And, 3)], [(Self.isaNeeded, 1)]], [(Self.isaNeeded, 1)])
  }

  @Test func `a need of one object is a need of the output`() throws {
    try check([[(Self.isaNeeded, 1)], [(Self.isaNeeded, 4)], nil], [(Self.isaNeeded, 5)])
  }

  @Test func `what is used is known if all objects tell it`() throws {
    try check([[(Self.isaUsed, 1)], [(Self.isaUsed, 8)]], [(Self.isaUsed, 9)])
    try check([[(Self.isaUsed, 1)], nil], [])
  }

  @Test func `an object with two notes counts once`() throws {
    let twice = Self.note([(Self.feature1And, 3)]) + Self.note([(Self.feature1And, 3)])
    let (output, messages) = try link([twice, ""])
    #expect(try #require(output, "\(messages)").has(".note.gnu.property") == false)
    // Two sections of that name, of which one is silent.
    let (other, otherMessages) = try link([
      Self.note([(Self.feature1And, 3)])
        + ".section .note.gnu.property, \"a\", @note, unique, 1\n.balign 8\n"
        + ".long 4, 16, 5\n.asciz \"GNU\"\n.long \(Self.feature1And), 4, 3, 0\n",
      "",
    ])
    #expect(try #require(other, "\(otherMessages)").has(".note.gnu.property") == false)
  }

  @Test func `properties come sorted, options add theirs`() throws {
    try check(
      [[(Self.isaNeeded, 1), (Self.feature1And, 1)]],
      [(Self.feature1And, 3), (Self.isaNeeded, 1)], "-z shstk")
    try check([nil], [(Self.feature1And, 1)], "-z ibt")
  }

  @Test func `unknown properties and other notes are passed over`() throws {
    let (output, messages) = try link([
      Self.section(
        """
        .long 4, 8, 1
        .asciz "XYZ"
        .quad 0
        .long 4, 40, 5
        .asciz "GNU"
        .long 1, 8
        .quad 4096
        .long 2, 0
        .long \(Self.isaNeeded), 4, 2, 0
        """)
    ])
    #expect(
      try output?.dump(".note.gnu.property") == Self.expected([(Self.isaNeeded, 2)]), "\(messages)")
  }

  @Test(arguments: [
    ".long 4, 100, 5\n.asciz \"GNU\"\n.quad 0, 0",  // longer than the section
    ".long 4, 16, 5\n.asciz \"GNU\"\n.long 0xc0000002, 12, 3, 0",  // longer than the note
    ".long 0xffffffff, 0xffffffff, 5\n.asciz \"GNU\"\n.quad 0",
    ".long 4, 16, 5\n.asciz \"GNU\"\n.long 0xc0000002, 0xffffffff, 3, 0",
  ])
  func `a malformed note is refused`(content: String) throws {
    let (output, messages) = try link([Self.section(content)])
    #expect(output == nil && messages.contains(".note.gnu.property is malformed"), "\(messages)")
  }
}
