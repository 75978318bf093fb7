// `.gnu.version`, `.gnu.version_d` and `.gnu.version_r`, and the names with versions that objects
// have (the GNU version sections; gABI, "Symbol Table").

import ELF
import Testing

@testable import Linker

@Suite struct VersionTableTests {
  /// An entry of `.gnu.version_d`: its own name and those of its parents.
  private struct Definition: Equatable {
    var flags: Int
    var index: Int
    var names: [String]
  }

  private func name(_ image: TestImage, _ offset: Int) throws -> String {
    try #require(ByteView(try image.bytes(".dynstr")).cString(at: offset)).string
  }

  private func hash(_ name: String) -> UInt32 {
    name.utf8.reduce(0) { hash, byte in
      let shifted = (hash << 4) &+ UInt32(byte)
      return (shifted ^ (shifted & 0xf000_0000) >> 24) & 0x0fff_ffff
    }
  }

  private func definitions(_ image: TestImage) throws -> [Definition] {
    let table = ByteView(try image.bytes(".gnu.version_d"))
    func half(_ offset: Int) -> Int { Int(table.get(UInt16.self, at: offset)) }
    func word(_ offset: Int) -> Int { Int(table.get(UInt32.self, at: offset)) }
    var result: [Definition] = []
    var offset = 0
    while true {
      #expect(half(offset) == 1)
      var names: [String] = []
      var auxiliary = offset + word(offset + 12)
      for position in 0..<half(offset + 6) {
        names.append(try name(image, word(auxiliary)))
        #expect((word(auxiliary + 4) == 0) == (position + 1 == half(offset + 6)))
        auxiliary += word(auxiliary + 4)
      }
      #expect(UInt32(word(offset + 8)) == hash(names[0]))
      result.append(Definition(flags: half(offset + 2), index: half(offset + 4), names: names))
      if word(offset + 16) == 0 { break }
      offset += word(offset + 16)
    }
    #expect(try Int(image.header(".gnu.version_d").info) == result.count)
    return result
  }

  /// By library, the versions that are needed and their indices.
  private func needs(_ image: TestImage) throws -> [String: [String: Int]] {
    let table = ByteView(try image.bytes(".gnu.version_r"))
    func half(_ offset: Int) -> Int { Int(table.get(UInt16.self, at: offset)) }
    func word(_ offset: Int) -> Int { Int(table.get(UInt32.self, at: offset)) }
    var result: [String: [String: Int]] = [:]
    var offset = 0
    while true {
      #expect(half(offset) == 1)
      var versions: [String: Int] = [:]
      var auxiliary = offset + word(offset + 8)
      for _ in 0..<half(offset + 2) {
        let version = try name(image, word(auxiliary + 8))
        #expect(UInt32(word(auxiliary)) == hash(version) && half(auxiliary + 4) == 0)
        versions[version] = half(auxiliary + 6)
        auxiliary += word(auxiliary + 12)
      }
      result[try name(image, word(offset + 4))] = versions
      if word(offset + 12) == 0 { break }
      offset += word(offset + 12)
    }
    #expect(try Int(image.header(".gnu.version_r").info) == result.count)
    return result
  }

  /// By name, the version index of each dynamic symbol; the top bit hides a version.
  private func indices(_ image: TestImage) throws -> [String: [Int]] {
    let table = ByteView(try image.bytes(".gnu.version"))
    let symbols = try image.dynamicSymbols()
    #expect(table.count == symbols.count * 2)
    var result: [String: [Int]] = [:]
    for (index, entry) in symbols.enumerated() {
      result[entry.name, default: []].append(Int(table.get(UInt16.self, at: index * 2)))
    }
    return result.mapValues { $0.sorted() }
  }

  private func library(_ folder: AssemblyLink) throws {
    try folder.workshop.write(
      "map", "V1 { global: f; both; local: *; };\nV2 { global: g; } V1;\nV3 { global: h; } V2 V1;\n"
    )
    try folder.assemble(
      """
      .globl f, g, h, i, old1, new1
      .symver old1, both@V1
      .symver new1, both@@V2
      f: nop
      g: nop
      h: nop
      i: nop
      old1: nop
      new1: nop
      """, as: "lib")
  }

  @Test func `definitions, their parents, and which symbol has which`() throws {
    let folder = try AssemblyLink()
    try library(folder)
    let (output, messages) = try folder.link(
      "-shared lib.o --version-script=\(folder.workshop.path)/map -soname=lib.so.1 --threads=1")
    let image = try #require(output, "\(messages)")
    #expect(
      try definitions(image) == [
        Definition(flags: 1, index: 1, names: ["lib.so.1"]),
        Definition(flags: 0, index: 2, names: ["V1"]),
        Definition(flags: 0, index: 3, names: ["V2", "V1"]),
        Definition(flags: 0, index: 4, names: ["V3", "V2", "V1"]),
      ])
    let indices = try indices(image)
    #expect(indices["f"] == [2] && indices["g"] == [3] && indices["h"] == [4])
    #expect(indices["both"] == [3, 0x8002])
    #expect(indices["i"] == nil && indices[""] == [0])
  }

  @Test func `needed versions, one entry for each version of each library`() throws {
    let folder = try AssemblyLink()
    try library(folder)
    _ = try folder.link(
      "-shared lib.o --version-script=\(folder.workshop.path)/map -soname=lib.so.1 --threads=1")
    try folder.workshop.run("mv out lib.so")
    try folder.library(".globl plain\nplain: nop", as: "other")
    try folder.assemble(
      """
      .globl _start
      .symver both_old, both@V1
      _start: call f; call g; call both; call both_old; call plain
      """)
    let (output, messages) = try folder.link("a.o lib.so other.so --threads=1")
    let image = try #require(output, "\(messages)")
    let needs = try needs(image)
    #expect(needs.keys.sorted() == ["lib.so.1"])
    let versions = try #require(needs["lib.so.1"])
    #expect(versions.keys.sorted() == ["V1", "V2"])
    let (first, second) = (try #require(versions["V1"]), try #require(versions["V2"]))
    #expect(Set([first, second]) == [2, 3])
    let indices = try indices(image)
    #expect(indices["f"] == [first] && indices["g"] == [second] && indices["plain"] == [1])
    #expect(indices["both"] == [first, second].sorted())
  }

  @Test func `a default version is the name itself, another version is a name of its own`() throws {
    let folder = try AssemblyLink()
    try folder.assemble(
      """
      .globl _start
      _start: call f
      .globl new1, old1
      .symver new1, f@@V2
      .symver old1, f@V1
      old1: nop
      new1: nop
      """)
    let (output, messages) = try folder.link("a.o \(Pinned.options)")
    let image = try #require(output, "\(messages)")
    #expect(try image.dump(".text", 0, 5) == "e8 \(little(1))")  // over old1, to new1
    try folder.assemble(
      ".globl _start\n_start: call f\n.globl old1\n.symver old1, f@V1\nold1: nop", as: "b")
    let (missing, missingMessages) = try folder.link("b.o \(Pinned.options)")
    #expect(missing == nil && missingMessages.contains("f"), "\(missingMessages)")
  }
}
