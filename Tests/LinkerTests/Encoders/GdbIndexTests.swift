// `.gdb_index`: the reader of debug information and the encoder.

import ELF
import Parallel
import Testing

@testable import Linker

@Suite struct GdbIndexTests {
  /// An abbreviation: code, tag, whether there are children, and pairs of attribute and form.
  private static func abbreviation(_ bytes: UInt8...) -> [UInt8] { bytes + [0, 0] }

  /// C++ of version 4: `namespace n { struct S { enum class E { e }; void f(); }; } void n::S::f() {}`,
  /// `static int v`, and a list of ranges of one range.
  private static let abbreviations: [UInt8] =
    abbreviation(1, 0x11, 1, 0x13, 0x0b, 0x11, 0x01, 0x12, 0x07)  // compile_unit
    + abbreviation(2, 0x39, 1, 0x03, 0x08)  // namespace: name
    + abbreviation(3, 0x13, 1, 0x03, 0x08)  // structure_type: name
    + abbreviation(4, 0x04, 1, 0x03, 0x08, 0x6d, 0x19)  // enumeration_type: name, enum_class
    + abbreviation(5, 0x28, 0, 0x03, 0x08)  // enumerator: name
    + abbreviation(6, 0x2e, 0, 0x03, 0x08, 0x3c, 0x19, 0x3f, 0x19)  // subprogram
    + abbreviation(7, 0x2e, 1, 0x47, 0x13)  // subprogram: specification
    + abbreviation(8, 0x34, 0, 0x03, 0x08, 0x02, 0x0a)  // variable: name, location
    + [0]

  private static func text(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

  private static func info() -> [UInt8] {
    var unit: [UInt8] = [4, 0, 0, 0, 0, 0, 8]  // version, abbreviations, address size
    unit += [1, 0x04] + [UInt8](repeating: 0, count: 8) + [0x20, 0, 0, 0, 0, 0, 0, 0]
    unit += [2] + text("n") + [3] + text("S") + [4] + text("E") + [5] + text("e") + [0]
    let declaration = UInt8(unit.count + 4)
    unit += [6] + text("f") + [0, 0]
    unit += [7, declaration, 0, 0, 0]
    // What is inside of a function is not indexed.
    unit += [8] + text("local") + [1, 0x9c, 0]
    unit += [8] + text("v") + [9, 0x03, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    return [UInt8(unit.count), 0, 0, 0] + unit
  }

  private func file(info: [UInt8], abbreviations: [UInt8]) -> IndexedFile {
    var debug = DebugFile()
    debug.add(DebugTable(ByteView(info), id: SectionID(1)), .info)
    debug.add(DebugTable(ByteView(abbreviations), id: SectionID(2)), .abbreviations)
    return IndexedFile(FileID(rawValue: 0), debug) { _ in true }
  }

  private func names(_ file: IndexedFile) -> [String] {
    (0..<file.names.count).map {
      let name = file.names[$0]
      return "\(name.text.string) \(String(name.unitAndAttributes >> 24, radix: 16))"
    }.sorted()
  }

  @Test func `names are qualified, and have kinds`() {
    let file = file(info: Self.info(), abbreviations: Self.abbreviations)
    #expect(file.defects.isEmpty)
    #expect(
      names(file) == ["n 10", "n::S 10", "n::S::E 10", "n::S::E::e 20", "n::S::f 30", "v a0"])
    #expect(file.units.count == 1)
    // An address without a relocation is in no section.
    #expect(file.ranges.count == 0)
  }

  @Test func `a unit that is cut off is left out, with its names`() {
    var cut = Self.info()
    cut.removeLast(12)
    cut[0] = UInt8(cut.count - 4)
    let file = file(info: cut, abbreviations: Self.abbreviations)
    #expect(file.defects.map(\.defect) == [.unit(0)])
    #expect(names(file).isEmpty)
    #expect(file.units[0].isLeftOut)
  }

  @Test func `no bytes make the reader trap or loop`() {
    var random = RepeatableRandom(seed: 7)
    let info = Self.info()
    for round in 0..<4000 {
      var (info, abbreviations) = (info, Self.abbreviations)
      if round % 4 == 0 {
        info = (0..<Int.random(in: 0..<200, using: &random)).map { _ in
          UInt8.random(in: 0...255, using: &random)
        }
      }
      for _ in 0..<Int.random(in: 1...4, using: &random) where !info.isEmpty {
        info[Int.random(in: 0..<info.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
        abbreviations[Int.random(in: 0..<abbreviations.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      var debug = DebugFile()
      let others: [DebugSectionKind] = [
        .types, .strings, .ranges, .rangeLists, .addresses, .stringOffsets, .addressRanges,
        .publicNames,
      ]
      debug.add(DebugTable(ByteView(info), id: SectionID(1)), .info)
      debug.add(DebugTable(ByteView(abbreviations), id: SectionID(2)), .abbreviations)
      for kind in others {
        let bytes = (0..<64).map { _ in UInt8.random(in: 0...8, using: &random) }
        debug.add(DebugTable(ByteView(bytes), id: SectionID(3)), kind)
      }
      let file = IndexedFile(FileID(rawValue: 0), debug) { _ in true }
      #expect(file.units.count <= info.count / 4 + 64 / 4)
    }
  }

  @Test func `names are hashed without regard to case`() {
    // r = r * 67 + c - 113
    #expect(GdbIndex.hash(ByteView("")) == 0)
    #expect(GdbIndex.hash(ByteView("a")) == UInt32(bitPattern: 97 - 113))
    #expect(GdbIndex.hash(ByteView("Main")) == GdbIndex.hash(ByteView("main")))
    #expect(GdbIndex.hash(ByteView("main")) & 1023 == 489)  // where gdb puts it
    // As the manual of GDB defines it, byte by byte.
    var generator = SystemRandomNumberGenerator()
    for length in 0..<40 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 1...255, using: &generator) }
      let expected = bytes.reduce(0 as UInt32) { hash, byte in
        let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        return hash &* 67 &+ UInt32(isCapital ? byte + 32 : byte) &- 113
      }
      #expect(GdbIndex.hash(ByteView(bytes)) == expected, "\(bytes)")
    }
  }

  @Test func `all parts are where the header says, and every name is found by its hash`() {
    let pool = WorkerPool(threads: 2)
    let one = file(info: Self.info(), abbreviations: Self.abbreviations)
    let index = GdbIndex(Results([one]), infos: [SectionID(1)], types: [], pool)
    var bytes = [UInt8](repeating: 0xaa, count: index.size)
    bytes.withUnsafeMutableBytes {
      index.write(
        to: OutputParts(of: OutputBytes(base: $0.baseAddress!, count: $0.count), pool), at: 0, nil,
        GdbIndex.Addresses(address: { _, offset in offset }, offset: { _ in 0x1000 }), pool)
    }
    let view = ByteView(bytes)
    func word(_ offset: Int) -> Int { Int(view.get(UInt32.self, at: offset)) }
    #expect((0..<6).map { word($0 * 4) } == [8, 24, 40, 40, 40, 40 + 1024 * 8])
    #expect(view.get(UInt64.self, at: 24) == 0x1000)
    #expect(view.get(UInt64.self, at: 32) == UInt64(Self.info().count))
    let (slots, pool1) = (40, 40 + 1024 * 8)
    for (name, attributes) in [("n", 0x10), ("n::S::f", 0x30), ("v", 0xa0)] {
      let hash = Int(GdbIndex.hash(ByteView(name)))
      var slot = hash & 1023
      while view.cString(at: pool1 + word(slots + slot * 8))?.string != name {
        #expect(word(slots + slot * 8) != 0)
        slot = (slot + (hash * 17 & 1023 | 1)) & 1023
      }
      let list = pool1 + word(slots + slot * 8 + 4)
      #expect(word(list) == 1)
      #expect(word(list + 4) == attributes << 24)
    }
  }

  @Test func `integers in names of g++ are written as gdb does`() {
    func canonical(_ name: String) -> String? {
      var arena = TextArena()
      return CxxNames.canonical(ByteView(name), &arena)?.string
    }
    #expect(canonical("long unsigned int") == "unsigned long")
    #expect(canonical("long long unsigned int") == "unsigned long long")
    #expect(canonical("V<short int, char, long int>") == "V<short, char, long>")
    #expect(canonical("V<unsigned int>") == "V<unsigned int>")
    #expect(canonical("along int") == "along int")
    #expect(canonical("short integer") == "short integer")
    #expect(canonical("V<int>") == nil)
  }
}
