// Each invariant that `lint` checks, broken by hand in a program that was whole before.

import Testing

/// A 64-bit little-endian file whose fields can be found by name and changed.
private struct Fields {
  var bytes: [UInt8]

  func number(_ offset: Int, _ size: Int) -> Int {
    (0..<size).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }
  mutating func set(_ offset: Int, _ size: Int, _ value: Int) {
    for index in 0..<size {
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index))
    }
  }
  mutating func add(_ offset: Int, _ size: Int, _ difference: Int) {
    set(offset, size, number(offset, size) + difference)
  }

  /// The `index`th program header of a type.
  func segment(_ type: Int, _ index: Int = 0) -> Int {
    let all = (0..<number(56, 2)).map { number(32, 8) + $0 * 56 }
    return all.filter { number($0, 4) == type }[index]
  }
  func section(_ name: String) -> Int {
    let table = number(40, 8)
    let names = number(table + number(62, 2) * 64 + 24, 8)
    return (0..<number(60, 2)).map { table + $0 * 64 }.first {
      let start = names + number($0, 4)
      return Array(bytes[start..<(start + name.utf8.count + 1)]) == Array(name.utf8) + [0]
    }!
  }
  /// Where the bytes of a section are.
  func contents(_ name: String) -> Int { number(section(name) + 24, 8) }
  /// Lets the segment before the data reach to it in memory. Returns the header of the data.
  mutating func reachData() -> Int {
    let (before, data) = (segment(load, 2), segment(load, 3))
    set(before + 40, 8, number(data + 16, 8) - number(before + 16, 8))
    return data
  }
  func dynamic(_ tag: Int) -> Int {
    stride(from: contents(".dynamic"), to: bytes.count, by: 16).first { number($0, 8) == tag }!
  }
}

private let interp = 3
private let dynamic = 2
private let load = 1
private let relro = 0x6474_e552

private struct Damage: CustomTestStringConvertible, Sendable {
  let rule: String
  let text: String
  let make: @Sendable (inout Fields) -> Void
  init(_ rule: String, _ text: String, _ make: @escaping @Sendable (inout Fields) -> Void) {
    self.rule = rule
    self.text = text
    self.make = make
  }
  var testDescription: String { "\(rule): \(text)" }

  static let all = [
    Damage("I2", "offset and address disagree modulo p_align") {
      $0.add($0.segment(load, 1) + 8, 8, 8)
    },
    Damage("I3", "are not sorted by address") {
      let (a, b) = ($0.segment(load, 1), $0.segment(load, 2))
      for offset in stride(from: 0, to: 56, by: 8) {
        let old = $0.number(a + offset, 4) | $0.number(a + offset + 4, 4) << 32
        $0.set(a + offset, 8, $0.number(b + offset, 8))
        $0.set(b + offset, 8, old)
      }
    },
    Damage("I3", "overlap in memory") { $0.add($0.segment(load) + 40, 8, 0x4000) },
    Damage("I3", "PT_DYNAMIC (program header") { $0.add($0.segment(dynamic) + 8, 8, 16) },
    Damage("I3", "is not in a PT_LOAD") { $0.set($0.segment(dynamic) + 16, 8, 0x700_0000) },
    Damage("I2", "disagree modulo the page of 4096 bytes") {
      $0.set($0.segment(load, 1) + 48, 8, 8)
      $0.add($0.segment(load, 1) + 8, 8, 8)
    },
    Damage("I3", "share a page, which cannot hold the bytes of both") {
      let data = $0.reachData()
      $0.set($0.number(data + 8, 8) - 1, 1, 0xaa)
    },
    Damage("I3", "share a page, which loses the rights of the first") {
      _ = $0.reachData()
      $0.set($0.segment(load, 2) + 4, 4, 5)
    },
    Damage("I3", "PT_GNU_RELRO (program header") { $0.add($0.segment(relro) + 40, 8, 0x2000) },
    Damage("I3", "PT_GNU_RELRO takes the right to execute") {
      $0.set($0.segment(load, 3) + 4, 4, 7)
    },
    Damage("I3", "PT_GNU_RELRO makes a page of the section") {
      for field in [8, 16, 24] { $0.add($0.segment(relro) + field, 8, 8) }
      for field in [32, 40] { $0.add($0.segment(relro) + field, 8, -8) }
    },
    Damage("I3", "must stand before the first PT_LOAD") {
      let (a, b) = ($0.segment(interp), $0.segment(load))
      let (first, second) = ($0.bytes[a..<(a + 56)], $0.bytes[b..<(b + 56)])
      $0.bytes.replaceSubrange(a..<(a + 56), with: second)
      $0.bytes.replaceSubrange(b..<(b + 56), with: first)
    },
    Damage("I4", "the section '.rodata' is in no segment") {
      $0.set($0.section(".rodata") + 16, 8, 0x900_0000)
    },
    Damage("I4", "the bytes of '.rodata' are not where") {
      $0.add($0.section(".rodata") + 24, 8, 8)
    },
    Damage("I4", "overlap in memory") { $0.add($0.section(".rodata") + 32, 8, 0x40) },
    Damage("I4", "the file puts bytes into '.data'") { $0.set($0.section(".data") + 4, 4, 8) },
    Damage("I5", "DT_SYMTAB") { $0.add($0.dynamic(6) + 8, 8, 8) },
    Damage("I5", "has no DT_NULL") {
      for entry in stride(from: $0.dynamic(0), to: $0.contents(".got"), by: 16) {
        $0.set(entry, 8, 0x6000_0000)
      }
    },
    Damage("I5", "does not end inside .dynstr") { $0.set($0.dynamic(1) + 8, 8, 0xffff) },
    Damage("I7", ".eh_frame_hdr is not sorted") {
      let first = $0.contents(".eh_frame_hdr") + 12
      let (a, b) = ($0.number(first, 8), $0.number(first + 8, 8))
      $0.set(first, 8, b)
      $0.set(first + 8, 8, a)
    },
    Damage("I7", "not to .eh_frame") { $0.add($0.contents(".eh_frame_hdr") + 4, 4, 4) },
    Damage("I7", "has room for fewer than") { $0.set($0.contents(".eh_frame_hdr") + 8, 4, 9999) },
    Damage("I8", "do not parse") { $0.set($0.contents(".note.gnu.build-id"), 4, 0x7fff) },
    Damage("I10", "there is more than one PT_DYNAMIC") { $0.set($0.segment(interp), 4, dynamic) },
    Damage("I10", "the section '.comment' overlaps the ELF header") {
      $0.set($0.section(".comment") + 24, 8, 0)
    },
  ]
}

@Suite struct LintTests {
  @Test(arguments: Damage.all)
  fileprivate func findsDamage(_ damage: Damage) throws {
    let box = Sandbox()
    box.buildProgram()
    #expect(box.edit("lint app").status == 0, "\(box.edit("lint app").output)")
    var fields = Fields(bytes: box.read("app"))
    damage.make(&fields)
    box.write("broken", fields.bytes)
    let outcome = box.edit("lint broken")
    #expect(outcome.status == 1, "\(outcome)")
    #expect(
      outcome.output.split(separator: "\n").contains {
        $0.contains(damage.rule) && $0.contains(damage.text)
      }, "\(outcome)")
  }

  /// `noload` of a section map: somebody else provides the memory.
  @Test func sectionWithoutBytesMayBeInNoSegment() {
    let box = Sandbox()
    box.buildProgram()
    var fields = Fields(bytes: box.read("app"))
    let bss = fields.section(".bss")
    fields.set(bss + 16, 8, 0x900_0000)
    box.write("elsewhere", fields.bytes)
    let outcome = box.edit("lint elsewhere")
    #expect(outcome.status == 0 && outcome.output.contains("warning: I4"), "\(outcome)")
    fields.set(bss + 16, 8, fields.number(fields.segment(load, 3) + 16, 8) - 8)
    fields.set(bss + 32, 8, 16)
    box.write("astride", fields.bytes)
    #expect(box.edit("lint astride").status == 1)
  }

  /// Zeros of the file under a `.bss` that another section follows stay zeros.
  @Test func bssInTheFileIsNotWritten() {
    let box = Sandbox()
    box.buildProgram()
    var fields = Fields(bytes: box.read("app"))
    let data = fields.section(".data")
    let (start, size) = (fields.number(data + 24, 8), fields.number(data + 32, 8))
    fields.bytes.replaceSubrange(start..<(start + size), with: repeatElement(0, count: size))
    fields.set(data + 4, 4, 8)
    box.write("zeros", fields.bytes)
    let outcome = box.edit("put va:\(fields.number(data + 16, 8)) hex:01 -i zeros")
    #expect(outcome.status == 1 && outcome.errors.contains("SE-NOT-IN-FILE"), "\(outcome)")
    #expect(outcome.errors.contains("'.data' exists only in memory"))
  }
}
