// An object file of any machine around a few bytes of code, written without an assembler: no
// assembler makes all types of relocations, and not at all offsets.
//
// Its symbols, beside the labels of the code:
//
//     _start  the code's first byte
//     x  an object at S, hidden      g  the same, visible: a library's may be replaced
//     f  a function at S, hidden     i  the resolver of an indirect function, at S
//     t  a thread-local object, eight bytes into its block of 16, hidden    v  the same, visible
//     w  weak, defined nowhere       u  defined nowhere
//     n  a number: S, hidden
//
// and whatever else the code names, which is defined nowhere, too.

import ELF
import Testing

@testable import Linker

struct TestObject {
  var machine: Machine
  var code: TestCode
  /// `.text`, or one that is written or not loaded
  var codeSection = ".text"
  /// What S is in the section of the symbols; such as 1 for a Thumb function.
  var offset: UInt64 = 0
  /// `e_flags`
  var flags: UInt32 = 0

  private static let text: UInt16 = 1
  private static let place: UInt16 = 2
  private static let thread: UInt16 = 3
  private static let absolute: UInt16 = 0xfff1

  /// The bytes of the file.
  func encoded(S: UInt64) throws -> [UInt8] {
    let facts = machine.facts
    let format = facts.format
    var strings: [UInt8] = [0]
    func name(_ text: String) -> UInt32 {
      defer { strings += Array(text.utf8) + [0] }
      return UInt32(strings.count)
    }
    var symbols = [Symbol()]
    var numbers: [String: UInt32] = ["": 0]
    func add(
      _ text: String, _ section: UInt16, _ value: UInt64, type: UInt8, binding: UInt8 = 1,
      visibility: UInt8 = 0
    ) {
      var symbol = Symbol()
      symbol.nameOffset = name(text)
      symbol.info = binding << 4 | type
      symbol.other = visibility
      symbol.sectionIndex = section
      symbol.value = value
      symbol.size = type == 1 ? 4 : 0
      numbers[text] = UInt32(symbols.count)
      symbols.append(symbol)
    }
    for label in code.labels {
      add(label.name, Self.text, UInt64(label.offset), type: 0, binding: 0)
    }
    let localCount = UInt32(symbols.count)
    let isLoaded = !codeSection.hasPrefix(".debug")
    if isLoaded { add("_start", Self.text, 0, type: 2) }
    add("x", Self.place, offset, type: 1, visibility: 2)
    add("g", Self.place, offset, type: 1)
    add("f", Self.place, offset, type: 2, visibility: 2)
    add("i", Self.place, offset, type: 10, visibility: 2)
    add("t", Self.thread, 8, type: 6, visibility: 2)
    add("v", Self.thread, 8, type: 6)
    add("w", 0, 0, type: 0, binding: 2)
    add("n", Self.absolute, S, type: 0, visibility: 2)
    for record in code.records where numbers[record.symbol] == nil {
      add(record.symbol, 0, 0, type: 0)
    }

    let types = try code.records.map { record in
      try #require(
        (0..<2048).first { machine.code.relocationName($0) == record.type }, "\(record.type)")
    }
    var records: [UInt8] = []
    for (record, type) in zip(code.records, types) {
      let entry = Rela(
        offset: UInt64(record.offset), type: type,
        symbol: try #require(numbers[record.symbol]), addend: record.addend)
      if facts.hasAddends {
        records += entry.encoded(format)
      } else {
        #expect(record.addend == 0, "the addend of \(record.type) is in the bytes")
        records += RelocationPlace(offset: entry.offset, info: entry.info).encoded(format)
      }
    }

    // Two: what the section is loaded as (SHF_WRITE 1, SHF_ALLOC 2, SHF_EXECINSTR 4).
    let codeFlags: UInt64 = !isLoaded ? 0 : codeSection == ".text" ? 6 : 3
    var sections: [(header: SectionHeader, bytes: [UInt8])] = [(SectionHeader(), [])]
    func section(
      _ text: String, type: UInt32 = 1, flags: UInt64 = 0, _ bytes: [UInt8] = [],
      link: UInt32 = 0, info: UInt32 = 0, alignment: UInt64 = 1, entrySize: Int = 0
    ) {
      var header = SectionHeader()
      header.nameOffset = name(text)
      (header.type, header.flags, header.link, header.info) = (type, flags, link, info)
      (header.alignment, header.entrySize) = (alignment, UInt64(entrySize))
      sections.append((header, bytes))
    }
    section(codeSection, flags: codeFlags, code.bytes)
    section(".place", flags: 7, [UInt8](repeating: 0, count: 16))
    section(".tdata", flags: 0x403, [UInt8](repeating: 0, count: 16), alignment: 8)
    section(
      (facts.hasAddends ? ".rela" : ".rel") + codeSection, type: facts.hasAddends ? 4 : 9, records,
      link: 5, info: 1, alignment: UInt64(format.wordSize),
      entrySize: facts.relocationEntrySize)
    section(
      ".symtab", type: 2, symbols.flatMap { $0.encoded(format) }, link: 7, info: localCount,
      alignment: UInt64(format.wordSize), entrySize: format.symbolEntrySize)
    section(".note.GNU-stack")
    section(".strtab", type: 3)
    sections[7].bytes = strings

    var header = facts.fileHeader(1, usesGNUExtensions: false)
    header.flags = flags
    _ = header.setSections(count: sections.count, nameIndex: 7)
    var file = [UInt8](repeating: 0, count: format.headerSize)
    for index in sections.indices.dropFirst() {
      while file.count % 8 != 0 { file.append(0) }
      sections[index].header.offset = UInt64(file.count)
      sections[index].header.size = UInt64(sections[index].bytes.count)
      file += sections[index].bytes
    }
    while file.count % 8 != 0 { file.append(0) }
    header.sectionHeaderOffset = UInt64(file.count)
    for section in sections { file += section.header.encoded(format) }
    file.replaceSubrange(0..<format.headerSize, with: header.encoded(format))
    return file
  }
}
