// Tables of relocations: for each machine a file beside this one says, in rows, which bytes become
// which, at the limits of each field and one beyond. A row is a link of a few bytes in process.
//
//     Row("{R_386_PC16 x} fe ff", S: 0x401100, P: 0x401000, "fe 00"),
//     Row("{R_386_16 x} 00 00", S: 0x1_0000, error: "R_386_16 out of range: 65536 does not fit 16 bits")
//
// Addresses are the row's: the code's first relocation lies at P, its symbols at S (TestObject), and
// the tables of the linker at those of `Pinned`. Nothing is asked of the linker but the result.

import ELF
import Glibc
import Testing

@testable import Linker

/// Code, where it lies, and what becomes of it.
struct Row: CustomTestStringConvertible, Sendable {
  /// In the notation of `TestCode`.
  var code: String
  var S: Int64
  var P: Int64
  var options: String
  var section: String
  /// Of the code after the link; nil: not looked at.
  var bytes: String?
  /// A part of the message of a link that fails; nil: it does not.
  var error: String?
  /// What other sections of the output hold: their bytes.
  var contents: [String: String]
  /// The dynamic relocations, in order, as `R_386_RELATIVE 0x500000`, with a symbol and an addend
  /// if there are; nil: not looked at.
  var dynamic: [String]?

  init(
    _ code: String, S: Int64 = Pinned.data, P: Int64 = Pinned.text, in section: String = ".text",
    with options: String = "", _ bytes: String? = nil, error: String? = nil,
    contents: [String: String] = [:], dynamic: [String]? = nil
  ) {
    self.code = code
    (self.S, self.P, self.section, self.options) = (S, P, section, options)
    (self.bytes, self.error, self.contents, self.dynamic) = (bytes, error, contents, dynamic)
  }

  var testDescription: String {
    "\(code) S 0x\(String(UInt64(bitPattern: S), radix: 16)) "
      + "P 0x\(String(UInt64(bitPattern: P), radix: 16)) \(options)"
  }

  /// The types of relocations in the code.
  var types: [String] {
    code.split(separator: "{", omittingEmptySubsequences: false).dropFirst().map { part in
      String(part.prefix { $0 != " " && $0 != "}" })
    }
  }
}

/// A machine's tables are checked by it.
struct RelocationTable {
  let machine: Machine
  /// `e_flags` of the objects
  var flags: UInt32 = 0

  func check(_ row: Row) throws {
    let code = try TestCode(row.code)
    let isPlaced = row.section == ".text" || row.section == ".data"
    let start = row.P - Int64(code.records.first?.offset ?? 0)
    // The symbols' section begins at a round address below S.
    let place = row.S & ~15
    let object = TestObject(
      machine: machine, code: code, codeSection: row.section, offset: UInt64(row.S - place),
      flags: flags)
    let folder = try AssemblyLink()
    try folder.workshop.write("a.o", object.encoded(S: UInt64(bitPattern: row.S)))
    var options = """
      --threads=1 -z max-page-size=0x1000 --section-start=.place=\(hex(place)) \
      --section-start=.got=\(hex(Pinned.got)) --section-start=.got.plt=\(hex(Pinned.gotPLT)) \
      --section-start=.plt=\(hex(Pinned.plt)) --section-start=.tdata=\(hex(Pinned.thread)) \
      --section-start=.iplt=\(hex(Pinned.plt + 0x1000))
      """
    if isPlaced { options += " --section-start=\(row.section)=\(hex(start))" }
    let (output, messages) = try folder.link("a.o \(options) \(row.options)")
    if let error = row.error {
      #expect(output == nil, "linked, instead of: \(error)")
      #expect(messages.contains(error), "\(messages)")
      return
    }
    let image = try #require(output, "\(messages)")
    if let bytes = row.bytes {
      let count = bytes.split(whereSeparator: \.isWhitespace).count
      #expect(try image.dump(row.section, 0, count) == normal(bytes))
    }
    for (section, bytes) in row.contents {
      let count = bytes.split(whereSeparator: \.isWhitespace).count
      #expect(try image.dump(section, 0, count) == normal(bytes), "\(section)")
    }
    if let dynamic = row.dynamic {
      let kind = machine.facts.hasAddends ? ".rela" : ".rel"
      let all = try [".dyn", ".plt"].flatMap { try image.relocations(kind + $0) }
      #expect(all.map(describe) == dynamic)
    }
  }

  /// Every type that the machine knows is in a row.
  func checkCompleteness(_ rows: [Row]) {
    let tested = Set(rows.flatMap(\.types))
    let all = (0..<1024 as Range<UInt32>).compactMap { machine.code.relocationName($0) }
    let missing = all.filter { !tested.contains($0) }
    #expect(missing.isEmpty, "no row has \(missing)")
  }

  private func describe(_ relocation: TestImage.Dynamic) -> String {
    let name = machine.code.relocationName(relocation.type) ?? "\(relocation.type)"
    let symbol = relocation.symbol.isEmpty ? "" : " \(relocation.symbol)"
    let addend = relocation.addend == 0 ? "" : " + \(hex(relocation.addend))"
    return "\(name) \(hex(Int64(relocation.place)))\(symbol)\(addend)"
  }

  private func normal(_ bytes: String) -> String {
    bytes.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private func hex(_ value: Int64) -> String {
    let all = UInt64(bitPattern: value)
    return "0x"
      + String(machine.facts.format.is64 ? all : all & 0xffff_ffff, radix: 16)
  }
}

// MARK: Limits

/// What a field's value is, of S, A and P.
enum FieldFormula: Sendable {
  /// S + A
  case absolute
  /// S + A - P
  case distance
}

/// A field whose values have limits: four rows, both limits and one beyond each.
///
/// The code is that of `Row`, its relocation refers to `x`; `first` and `last` are the bytes with the
/// smallest and the largest value. `step` is the distance of values that the field can hold.
func limits(
  _ code: String, _ formula: FieldFormula, _ range: ClosedRange<Int64>, step: Int64 = 1,
  A: Int64 = 0,
  P: Int64 = 0x4000_0000, with options: String = "", _ first: String, _ last: String,
  error: String = "out of range"
) -> [Row] {
  func row(_ value: Int64, _ bytes: String?) -> Row {
    let S = formula == .absolute ? value &- A : value &- A &+ P
    let isBeyond = bytes == nil
    return Row(code, S: S, P: P, with: options, bytes, error: isBeyond ? error : nil)
  }
  return [
    row(range.lowerBound, first), row(range.upperBound, last),
    row(range.lowerBound - step, nil), row(range.upperBound + step, nil),
  ]
}
