// Bytes with relocations in them, as the tests of machines write them:
//
//     8b 83 {R_386_GOT32X x} 00 00 00 00
//
// A relocation takes no bytes; it stands before those that it changes. Its symbol may have an addend
// (`x+4`, `x-0x10`) where the machine has records with addends; elsewhere the bytes have it. Several
// may stand at one place, one without a symbol refers to none. `here:` defines a local symbol: a
// label, or a mapping symbol such as `$t:`.

import Testing

@testable import Linker

struct TestCode {
  struct Record: Equatable {
    var offset: Int
    var type: String
    /// Empty: none.
    var symbol = ""
    var addend: Int64 = 0
  }

  var bytes: [UInt8] = []
  var records: [Record] = []
  var labels: [(name: String, offset: Int)] = []

  init(_ notation: String) throws {
    var rest = Substring(notation)
    while let first = rest.first {
      if first.isWhitespace {
        rest.removeFirst()
      } else if first == "{" {
        let end = try #require(rest.firstIndex(of: "}"), "\(notation)")
        let words = rest[rest.index(after: rest.startIndex)..<end].split(separator: " ")
        records.append(try Self.record(words, at: bytes.count))
        rest = rest[rest.index(after: end)...]
      } else {
        let word = rest.prefix { !$0.isWhitespace && $0 != "{" }
        rest = rest[word.endIndex...]
        if word.last == ":" {
          labels.append((String(word.dropLast()), bytes.count))
        } else {
          bytes.append(try #require(UInt8(word, radix: 16), "\(word)"))
        }
      }
    }
  }

  /// `R_386_GOT32X x+4`
  private static func record(_ words: [Substring], at offset: Int) throws -> Record {
    var record = Record(offset: offset, type: String(try #require(words.first)))
    guard words.count == 2 else { return record }
    let sign = words[1].dropFirst().lastIndex { $0 == "+" || $0 == "-" } ?? words[1].endIndex
    record.symbol = String(words[1][..<sign])
    if sign < words[1].endIndex {
      let digits = words[1][sign...].dropFirst()
      let isHex = digits.hasPrefix("0x")
      let value = UInt64(isHex ? digits.dropFirst(2) : digits, radix: isHex ? 16 : 10)
      let magnitude = Int64(bitPattern: try #require(value, "\(words)"))
      record.addend = words[1][sign] == "-" ? 0 &- magnitude : magnitude
    }
    return record
  }
}
