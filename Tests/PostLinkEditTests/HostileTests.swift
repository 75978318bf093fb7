// Files made by hand to break an assumption, one a test. Each of them once crashed the editor, or
// kept it busy for minutes. The program runs as a process of its own: a trap is a failed test here
// and not the end of all tests, and `Sandbox` ends what takes longer than a minute.

import Testing

/// A 64-bit little-endian file that nothing has checked.
struct HandMadeFile {
  struct Header {
    var name = ""
    var type: UInt32 = 1
    var flags: UInt64 = 0
    var address: UInt64 = 0
    var offset: UInt64 = 0
    var size: UInt64 = 0
    var link: UInt32 = 0
    var info: UInt32 = 0
    var alignment: UInt64 = 1
    var entrySize: UInt64 = 0
  }
  struct Segment {
    var type: UInt32 = 1
    var flags: UInt32 = 5
    var offset: UInt64 = 0
    var address: UInt64 = 0
    var loadAddress: UInt64?
    var fileSize: UInt64 = 0
    var memorySize: UInt64?
    var alignment: UInt64 = 1
  }
  var segments: [Segment] = []
  var sections: [Header] = [Header(type: 0, alignment: 0)]
  private(set) var body: [UInt8] = []
  /// Where `body` begins: behind the ELF header and room for program headers.
  let base: UInt64 = 0x1000

  static func number<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    (0..<(T.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) }
  }

  /// Adds bytes and returns their offset in the file.
  mutating func place(_ content: [UInt8]) -> UInt64 {
    while body.count % 8 != 0 { body.append(0) }
    body += content
    return base + UInt64(body.count - content.count)
  }

  /// Adds a section with these bytes and returns its number.
  @discardableResult
  mutating func add(_ header: Header, _ content: [UInt8]) -> Int {
    var header = header
    header.offset = place(content)
    header.size = UInt64(content.count)
    sections.append(header)
    return sections.count - 1
  }

  static func symbol(_ name: Int, _ value: UInt64, section: UInt16 = 1) -> [UInt8] {
    number(UInt32(name)) + [0x10, 0] + number(section) + number(value) + number(UInt64(8))
  }

  static func note(_ owner: String, _ type: UInt32, _ description: [UInt8]) -> [UInt8] {
    var bytes = number(UInt32(owner.utf8.count + 1)) + number(UInt32(description.count))
    bytes += number(type) + Array(owner.utf8) + [0]
    while bytes.count % 4 != 0 { bytes.append(0) }
    bytes += description
    while bytes.count % 4 != 0 { bytes.append(0) }
    return bytes
  }

  /// The whole file; the names of the sections come last.
  func finished() -> [UInt8] {
    var file = self
    var names: [UInt8] = [0]
    file.sections.append(Header(name: ".shstrtab", type: 3))
    let starts = file.sections.map { section -> UInt32 in
      if section.name.isEmpty { return 0 }
      names += Array(section.name.utf8) + [0]
      return UInt32(names.count - section.name.utf8.count - 1)
    }
    let last = file.sections.count - 1
    file.sections[last].offset = file.place(names)
    file.sections[last].size = UInt64(names.count)
    let table = file.place([])
    typealias F = HandMadeFile
    var out: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0] + [UInt8](repeating: 0, count: 8)
    out += F.number(UInt16(2)) + F.number(UInt16(62)) + F.number(UInt32(1)) + F.number(UInt64(0))
    out += F.number(UInt64(segments.isEmpty ? 0 : 64)) + F.number(table) + F.number(UInt32(0))
    out += F.number(UInt16(64)) + F.number(UInt16(56)) + F.number(UInt16(segments.count))
    out += F.number(UInt16(64)) + F.number(UInt16(file.sections.count)) + F.number(UInt16(last))
    for s in segments {
      out += F.number(s.type) + F.number(s.flags) + F.number(s.offset) + F.number(s.address)
      out += F.number(s.loadAddress ?? s.address) + F.number(s.fileSize)
      out += F.number(s.memorySize ?? s.fileSize) + F.number(s.alignment)
    }
    out += [UInt8](repeating: 0, count: Int(base) - out.count) + file.body
    for (index, s) in file.sections.enumerated() {
      out += F.number(starts[index]) + F.number(s.type) + F.number(s.flags) + F.number(s.address)
      out += F.number(s.offset) + F.number(s.size) + F.number(s.link) + F.number(s.info)
      out += F.number(s.alignment) + F.number(s.entrySize)
    }
    return out
  }
}

/// A file with one loaded section at 0x10000, which most edits accept.
private func plain() -> HandMadeFile {
  var file = HandMadeFile()
  file.add(.init(name: ".text", flags: 2, address: 0x10000), [UInt8](repeating: 0x90, count: 64))
  file.segments = [.init(offset: file.sections[1].offset, address: 0x10000, fileSize: 64)]
  return file
}

@Suite struct HostileTests {
  private let box = Sandbox()

  /// Runs the edit, which must end by itself with the given status.
  private func expect(
    _ file: HandMadeFile, _ arguments: String, _ status: Int32, _ text: String = "",
    _ location: Testing.SourceLocation = #_sourceLocation
  ) {
    box.write("f", file.finished())
    let outcome = box.edit("\(arguments) f")
    #expect(
      outcome.status == status && outcome.errors.contains(text), "\(arguments): \(outcome)",
      sourceLocation: location)
    #expect(box.edit("show f").status <= 3, "show", sourceLocation: location)
    #expect(box.edit("lint f").status <= 3, "lint", sourceLocation: location)
  }

  @Test func plainFilesAreFine() {
    expect(plain(), "section add .x str:x -n", 0)
  }

  @Test func symbolTablesWithoutStringsOrEntries() {
    var file = plain()
    file.add(
      .init(name: ".symtab", type: 2, info: 1, entrySize: 24), [UInt8](repeating: 0, count: 24))
    expect(file, "symbol add here = '(1)' -n", 3, "SE-MALFORMED")
    file = plain()
    file.add(.init(name: ".symtab", type: 2, link: 3, entrySize: 24), [])
    file.add(.init(name: ".strtab", type: 3), [0])
    expect(file, "symbol add here = '(1)' -n", 3, "SE-MALFORMED")
  }

  @Test func nullSectionsWithAType() {
    var file = plain()
    file.add(.init(name: ".strtab", type: 3), [0])
    file.sections[0].type = 2
    file.sections[0].link = 2
    file.sections[0].offset = file.place([UInt8](repeating: 0, count: 48))
    file.sections[0].size = 48
    expect(file, "symbol add here = '(1)' -n", 3, "SE-MALFORMED")
  }

  @Test func symbolTablesNamedByALoadedSection() {
    var file = plain()
    file.add(
      .init(name: ".symtab", type: 2, link: 1, info: 1, entrySize: 24),
      [UInt8](repeating: 0, count: 24))
    box.write("f", file.finished())
    #expect(box.edit("debug strip -o out f").status == 0)
    box.check("readelf -SW out | grep -q ' .text ' && ! readelf -SW out | grep -q symtab")
  }

  @Test func symbolsOfSectionsThatDoNotExist() {
    var file = plain()
    file.add(
      .init(name: ".symtab", type: 2, link: 3, info: 1, entrySize: 24),
      [UInt8](repeating: 0, count: 24) + HandMadeFile.symbol(1, 0, section: 5))
    file.add(.init(name: ".strtab", type: 3), Array("\0a\0".utf8))
    // Section 4 is the last one: a new section would get the number.
    expect(file, "section add .x str:x -n", 3, "SE-MALFORMED")
    expect(file, "put sec:.text hex:00 pad=keep -n", 0)
  }

  @Test func noteSectionsOfOneName() {
    var file = plain()
    file.add(.init(name: ".note.X", type: 7, alignment: 4), HandMadeFile.note("A", 1, [1]))
    file.add(
      .init(name: ".note.X", type: 7, alignment: 4),
      HandMadeFile.note("B", 1, [2]) + HandMadeFile.note("C", 1, [3]))
    expect(file, "note remove C 1 -n", 0)
    expect(file, "note set C 1 hex:0102030405 replace=yes -n", 0)
    // The second begins inside the first.
    file.sections[3].offset = file.sections[2].offset + 8
    file.sections[3].size = 48
    expect(file, "note remove C 1 if-needed -n", 0)
  }

  @Test func debugFilesWhoseSegmentsLieOutside() {
    for size: UInt64 in [0x10_0000, .max - 1] {
      var file = plain()
      file.sections[1].type = 8
      file.segments[0].offset = size
      file.segments.append(.init(offset: 0, address: 0x20000, fileSize: .max, memorySize: 1))
      expect(file, "section add .x str:x -n", 0)
      expect(file, "lma seg:1 to=0x30000 -n", 1, "SE-NOT-FOUND")
    }
  }

  @Test func placesAtTheEndOfTheAddressSpace() {
    var file = plain()
    let strings = file.sections.count + 1
    file.add(
      .init(name: ".symtab", type: 2, link: UInt32(strings), info: 1, entrySize: 24),
      [UInt8](repeating: 0, count: 24) + HandMadeFile.symbol(1, .max - 15))
    file.add(.init(name: ".strtab", type: 3), Array("\0vectors\0".utf8))
    expect(file, "entry '(0x10008)' vectors=vectors -n", 1, "SE-NOT-IN-FILE")
    expect(file, "put sym:vectors hex:00 pad=keep -n", 1, "SE-NOT-IN-FILE")
    expect(file, "digest sha256 over=rom into=va:0xfffffffffffffff0 -n", 1, "SE-NOT-IN-FILE")
    expect(file, "digest sum8 over=rom into=va:0xffffffffffffffff -n", 1, "SE-NOT-IN-FILE")
  }

  @Test func segmentsThatShareLoadAddresses() {
    var file = plain()
    let zeros = file.place([UInt8](repeating: 0, count: 256))
    for (index, size) in [100, 200, 40].enumerated() {
      file.segments.append(
        .init(
          offset: zeros, address: 0x20000 + UInt64(index) << 12,
          loadAddress: 0x8000 + UInt64(index) * 10, fileSize: UInt64(size)))
    }
    expect(file, "export ihex to=-", 0)
    expect(file, "digest sum8 over=lma:0x8000,+100 into=va:0x10000 -n", 0)
  }

  @Test func hugeAlignments() {
    var file = plain()
    file.add(.init(name: ".comment", alignment: 1 << 40), [1, 2, 3])
    file.add(.init(name: ".strtab", type: 3, alignment: 1 << 61), [0])
    expect(file, "section replace .comment hex:0102 -n", 1, "SE-VALUE")
    expect(file, "section add .x str:x -n", 0)
    file = plain()
    file.segments[0].alignment = 1 << 40
    file.segments.append(.init(type: 0))
    file.segments.append(
      .init(type: 2, offset: file.sections[1].offset, address: 0x10000, fileSize: 16))
    // Its address has the place in such a page that the bytes have in the file, which does not grow.
    expect(file, "insert .x str:x where=segment -n", 0)
  }

  @Test func spansOfAllMemory() {
    var file = plain()
    file.segments.append(
      .init(
        offset: file.sections[1].offset, address: 0x20000, loadAddress: .max - 0x100, fileSize: 16))
    for span in ["0xffffffffffffffff", "0x7fffffffffffffff"] {
      expect(file, "export bin to=- fill=0 span=\(span) -n", 1, "SE-SPAN")
      expect(file, "export bin to=- fill=0 pad-to=0xffffffffffffffff span=\(span) -n", 1, "SE-SPAN")
      expect(file, "digest sum8 over=rom holes=0 span=\(span) into=va:0x10000 -n", 1, "SE-SPAN")
    }
    // Nothing is stored for holes that are skipped.
    expect(file, "digest sum8 over=rom holes=skip span=0xffffffffffffffff into=va:0x10000 -n", 0)
  }

  @Test func notesThatShareTheirBytes() {
    var file = plain()
    let notes = file.place(
      (0..<40_000).flatMap { _ in HandMadeFile.note("", 7, []) })
    for _ in 0..<3000 {
      file.sections.append(
        .init(name: ".n", type: 7, offset: notes, size: 40_000 * 16, alignment: 4))
    }
    expect(file, "note set A 1 str:x -n", 1, "SE-UNSUPPORTED")
  }

  @Test func namesThatShareTheirBytes() {
    var file = plain()
    let name = String(repeating: "x", count: 1 << 20)
    file.add(.init(name: name), [])
    var bytes = file.finished()
    // 4000 further headers, all with the long name.
    let header = Array(bytes[(bytes.count - 128)..<(bytes.count - 64)])
    for _ in 0..<4000 { bytes += header }
    bytes.replaceSubrange(60..<62, with: HandMadeFile.number(UInt16(4004)))
    box.write("f", bytes)
    #expect(box.edit("section add .x str:x -n f").status == 3)
    #expect(box.run("ulimit -v 4000000; '\(Sandbox.editor)' show f").status == 0)
  }

  @Test func symbolsOfOneName() {
    var file = plain()
    let count = 4000
    var table = [UInt8](repeating: 0, count: 24)
    for _ in 0..<count { table += HandMadeFile.symbol(1, 0x10000) }
    let strings = file.sections.count + 1
    file.add(
      .init(name: ".symtab", type: 2, link: UInt32(strings), info: 1, entrySize: 24), table)
    file.add(
      .init(name: ".strtab", type: 3), [0] + [UInt8](repeating: 0x61, count: 30_000) + [0])
    let old = String(repeating: "a", count: 30_000)
    expect(file, "put sym:b hex:00 -n", 1, "SE-NOT-FOUND")
    box.write("s", "sedit 1\nsymbol rename \(old) b\n")
    expect(file, "apply -f s -n", 0)
  }

  @Test func dynamicStringsThatShareTheirBytes() {
    var file = plain()
    // 60000 tags, each naming a string that ends where all others end.
    let size = 400_000
    var strings = [UInt8](repeating: 0x61, count: size)
    strings[0] = 0
    strings[size - 1] = 0
    let text = file.add(.init(name: ".dynstr", type: 3, flags: 2, address: 0x20000), strings)
    var tags: [UInt8] = []
    func tag(_ number: UInt64, _ value: UInt64) {
      tags += HandMadeFile.number(number) + HandMadeFile.number(value)
    }
    for index in 0..<60_000 { tag(1, UInt64(index) * 5 + 1) }
    for pair: (UInt64, UInt64) in [(5, 0x20000), (10, UInt64(size)), (0, 0), (0, 0), (0, 0)] {
      tag(pair.0, pair.1)
    }
    let dynamic = file.add(
      .init(
        name: ".dynamic", type: 6, flags: 3, address: 0x100_0000, link: UInt32(text),
        alignment: 8, entrySize: 16), tags)
    file.segments.append(
      .init(flags: 4, offset: file.sections[text].offset, address: 0x20000, fileSize: UInt64(size)))
    for type: UInt32 in [1, 2] {
      file.segments.append(
        .init(
          type: type, flags: 6, offset: file.sections[dynamic].offset, address: 0x100_0000,
          fileSize: UInt64(tags.count)))
    }
    expect(file, "rpath set aaa -n", 3, "share too many bytes")
    expect(file, "needed add libx.so -n", 3, "share too many bytes")
  }

  @Test func compressedSectionsThatShareTheirBytes() {
    var file = plain()
    box.check(
      "python3 -c 'import zlib,sys; sys.stdout.buffer.write(zlib.compress(bytes(30000000)))' > z")
    let header =
      HandMadeFile.number(UInt64(1)) + HandMadeFile.number(UInt64(30_000_000))
      + HandMadeFile.number(UInt64(1))
    let content = header + box.read("z")
    let offset = file.place(content)
    for _ in 0..<400 {
      file.sections.append(
        .init(name: ".debug_x", flags: 0x800, offset: offset, size: UInt64(content.count)))
    }
    expect(file, "debug decompress -n", 3, "SE-MALFORMED")
    for index in 2..<file.sections.count { file.sections[index].flags = 0 }
    expect(file, "debug compress -n", 3, "SE-MALFORMED")
    expect(file, "debug split to=d -n", 3, "SE-MALFORMED")
  }

  @Test func expressionsOfManyOperators() {
    box.write("f", plain().finished())
    let operators = ["||", "&&", "==", "<", "|", "^", "&", "<<", "+", "*"]
    var text = "0"
    for symbol in operators.reversed() {
      text += String(repeating: " \(symbol) 0", count: 900)
    }
    box.write("s", "sedit 1\nassert (\(text)) no\n")
    let outcome = box.edit("apply -f s -n f")
    #expect(outcome.status == 2 && outcome.errors.contains("too long"), "\(outcome.status)")
  }
}
