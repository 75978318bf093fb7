// An output file as a test looks at it: sections by name, symbols, dynamic relocations.

import ELF
import Testing

@testable import Linker

struct TestImage {
  let file: ByteView
  private let format: Format
  private var headers: [String: SectionHeader] = [:]

  /// A dynamic relocation, with its symbol's name.
  struct Dynamic: Equatable, CustomStringConvertible {
    var place: UInt64
    /// Of `Elf64_Rela`'s `r_info`.
    var type: UInt32
    var symbol = ""
    var addend: Int64 = 0

    var description: String {
      "0x\(String(place, radix: 16)): type \(type) \(symbol) + 0x\(String(addend, radix: 16))"
    }
  }

  init(_ file: ByteView) throws {
    self.file = file
    let header = try #require(FileHeader(file))
    format = header.format
    func section(_ index: Int) throws -> SectionHeader {
      try #require(header.sectionHeader(index, in: file))
    }
    let names = try section(Int(header.sectionNameIndex))
    for index in 0..<Int(header.sectionHeaderCount) {
      let entry = try section(index)
      let name = try #require(file.cString(at: Int(names.offset) + Int(entry.nameOffset)))
      headers[name.string] = entry
    }
  }

  func has(_ name: String) -> Bool { headers[name] != nil }

  func header(_ name: String) throws -> SectionHeader { try #require(headers[name], "\(name)") }

  func address(_ name: String) throws -> Int64 { Int64(try header(name).address) }

  func bytes(_ name: String) throws -> [UInt8] {
    let header = try header(name)
    return try #require(file.slice(header.offset, header.size)).bytes
  }

  /// All bytes of a section, as `48 8d 05`.
  func dump(_ name: String) throws -> String { LinkerTests.dump(try bytes(name)) }

  /// `count` bytes of a section from `offset`.
  func dump(_ name: String, _ offset: Int, _ count: Int) throws -> String {
    LinkerTests.dump(try bytes(name).dropFirst(offset).prefix(count))
  }

  /// The records of `.rela.dyn` or `.rela.plt` and their kin, in order.
  func relocations(_ name: String = ".rela.dyn") throws -> [Dynamic] {
    guard let header = headers[name] else { return [] }
    let names = try dynamicSymbols()
    let hasAddends = header.type == 4  // SHT_RELA
    let records: [Rela] =
      try hasAddends
      ? all(name)
      : all(name).map { (place: RelocationPlace) in
        var record = Rela()
        (record.offset, record.info) = (place.offset, place.info)
        return record
      }
    return records.map { record in
      Dynamic(
        place: record.offset, type: record.type, symbol: names[Int(record.symbol)].name,
        addend: record.addend)
    }
  }

  /// All records of a section.
  private func all<Record: FileRecord>(_ name: String) throws -> [Record] {
    let bytes = ByteView(try bytes(name))
    let size = Record.size(in: format)
    return (0..<bytes.count / size).compactMap { Record(bytes, format, at: $0 * size) }
  }

  func dynamicSymbols() throws -> [(name: String, symbol: Symbol)] {
    guard has(".dynsym") else { return [("", Symbol())] }
    return try symbols(".dynsym", ".dynstr")
  }

  /// The address of a symbol of `.symtab`.
  func value(of name: String) throws -> Int64 {
    let all = try symbols(".symtab", ".strtab")
    return Int64(bitPattern: try #require(all.first { $0.name == name }, "\(name)").symbol.value)
  }

  private func symbols(
    _ table: String, _ strings: String
  ) throws -> [(name: String, symbol: Symbol)] {
    let names = ByteView(try bytes(strings))
    return try all(table).map { (symbol: Symbol) in
      (names.cString(at: Int(symbol.nameOffset))?.string ?? "", symbol)
    }
  }
}
