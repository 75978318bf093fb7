// Changes to an assembled object that no assembler makes.

import ELF
import Testing

@testable import Linker

extension AssemblyLink {
  /// Changes the size in a section's header.
  func setSize(of name: String, to size: UInt64) throws {
    try edit { bytes, sections in
      let section = try #require(sections.first { $0.name == name })
      bytes.put(size, at: section.offset + 32)
    }
  }

  /// Changes the type of relocation `index` of `.rela.text`.
  func setType(of index: Int, to type: UInt32) throws {
    try edit { bytes, sections in
      let section = try #require(sections.first { $0.name == ".rela.text" })
      bytes.put(type, at: Int(section.header.offset) + index * Rela.size + 8)
    }
  }

  /// Changes the symbol of relocation `index` of `.rela.text`.
  func setSymbol(of index: Int, to symbol: UInt32) throws {
    try edit { bytes, sections in
      let section = try #require(sections.first { $0.name == ".rela.text" })
      bytes.put(symbol, at: Int(section.header.offset) + index * Rela.size + 12)
    }
  }

  /// A section of `a.o`; `offset` is that of its header.
  typealias ObjectSection = (name: String, header: SectionHeader, offset: Int)

  private func edit(_ body: (inout [UInt8], [ObjectSection]) throws -> Void) throws {
    let view = try workshop.read("a.o")
    let header = try #require(FileHeader(view))
    let offsets = (0..<Int(header.sectionHeaderCount)).map {
      Int(header.sectionHeaderOffset) + $0 * SectionHeader.size
    }
    let names = try #require(header.sectionHeader(Int(header.sectionNameIndex), in: view))
    let sections = try offsets.indices.map { index in
      let section = try #require(header.sectionHeader(index, in: view))
      let name = view.cString(at: Int(names.offset) + Int(section.nameOffset))?.string ?? ""
      return (name, section, offsets[index])
    }
    var bytes = view.bytes
    try body(&bytes, sections)
    try workshop.write("a.o", bytes)
  }
}

extension [UInt8] {
  /// Stores a little-endian integer.
  mutating func put<T: FixedWidthInteger>(_ value: T, at offset: Int) {
    for byte in 0..<MemoryLayout<T>.size {
      self[offset + byte] = UInt8(truncatingIfNeeded: value >> T(byte * 8))
    }
  }
}
