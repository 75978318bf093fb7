// The pieces of reports that can be tested without a link.

import ELF
import Testing

@testable import Linker

@Suite struct ReportsTests {
  @Test(arguments: [
    ("plain.o", "plain.o"),
    ("a b.o", #"a\ b.o"#),
    ("a$b#c.o", ##"a$$b\#c.o"##),
    (#"dir\file.o"#, #"dir\file.o"#),
    (#"dir\ file.o"#, #"dir\\\ file.o"#),
    ("ä%:.o", "ä%:.o"),
  ])
  func `names are quoted as make reads them`(name: String, quoted: String) {
    #expect(DependencyFile.escaped(name) == quoted)
  }

  @Test func `numbers are aligned to the right`() {
    var text = ReportText()
    text.append(hex: 0x2a, width: 6)
    text += "|"
    text.append(decimal: 0, width: 3)
    text += "|"
    text.append(hex: UInt64.max, width: 4)
    text += "|"
    text.append("ab", width: 4)
    text += "|"
    text.append("abcdef", width: 4)
    let string = String(decoding: text.bytes, as: UTF8.self)
    #expect(string == "    2a|  0|ffffffffffffffff|ab  |abcdef")
  }
}
