import ELF
import Testing

@testable import Linker

struct ArchiveReaderTests {
  private static let longName = "a_member_with_quite_a_long_name.o"

  /// A folder with four small files; the odd ones have odd sizes.
  private func workshop() throws -> Workshop {
    let workshop = try Workshop()
    try workshop.run(
      """
      mkdir sub; printf odd > odd.o; printf even > even.o; printf data > \(Self.longName)
      printf below > sub/below.o
      """)
    return workshop
  }

  /// `name=data`, or `name@offset` with the offset in a nested archive.
  private func outline(_ bytes: ByteView) throws -> [String] {
    try ArchiveReader.members(of: bytes).map { member in
      member.isExternal
        ? member.name.string + (member.nestedHeaderOffset.map { "@\($0)" } ?? "")
        : "\(member.name.string)=\(member.data(in: bytes)?.string ?? "?")"
    }
  }

  @Test(arguments: [
    "ar rc", "ar rcs", "ar rcS", "llvm-ar-19 --format=gnu rcs", "llvm-ar-19 --format=bsd rcs",
    "llvm-ar-19 --format=bsd rcS", "llvm-ar-19 --format=darwin rcs",
  ])
  func readsBothDialects(command: String) throws {
    let workshop = try workshop()
    try workshop.run("\(command) x.a odd.o even.o \(Self.longName) sub/below.o")
    let bytes = try workshop.read("x.a")
    let found = try outline(bytes)
    // Darwin's dialect pads the data themselves to a multiple of eight.
    let names = found.map { $0.prefix { $0 != "=" } }
    #expect(names == ["odd.o", "even.o", Self.longName[...], "below.o"])
    if !command.contains("darwin") {
      #expect(
        found == ["odd.o=odd", "even.o=even", "\(Self.longName)=data", "below.o=below"])
    }
    for member in try ArchiveReader.members(of: bytes) {
      #expect(
        try ArchiveReader.member(in: bytes, at: member.headerOffset).name == member.name)
    }
  }

  @Test(arguments: ["rcs", "rcS"])
  func skipsSymbolIndex(mode: String) throws {
    let workshop = try workshop()
    try workshop.run(
      """
      echo '.globl f; f: nop' | as -o f.o
      ar \(mode) g.a f.o; llvm-ar-19 --format=bsd \(mode) b.a f.o
      llvm-ar-19 --format=darwin \(mode) d.a f.o
      cp f.o 64.o; SYM64_THRESHOLD=0 llvm-ar-19 --format=gnu \(mode) s.a 64.o
      """)
    try workshop.run("ar \(mode)T t.a f.o")
    #expect(try outline(workshop.read("t.a")) == ["f.o"])
    for archive in ["g.a", "b.a", "d.a", "s.a"] {
      let members = try ArchiveReader.members(of: try workshop.read(archive))
      #expect(members.count == 1, "\(archive)")
      #expect(members.first?.data(in: try workshop.read(archive))?.hasPrefix("\u{7f}ELF") == true)
    }
  }

  @Test func readsThinArchives() throws {
    let workshop = try workshop()
    try workshop.run(
      """
      ar rcT thin.a odd.o sub/below.o
      ar rcS plain.a odd.o even.o
      mkdir deep; cd deep; ar rcT nested.a ../plain.a ../thin.a ../\(Self.longName)
      """)
    let thin = try workshop.read("thin.a")
    #expect(ArchiveReader.isThin(thin))
    #expect(try outline(thin) == ["odd.o", "sub/below.o"])
    let nested = try workshop.read("deep/nested.a")
    #expect(
      try outline(nested) == [
        "../plain.a@8", "../plain.a@72", "../odd.o", "../sub/below.o", "../\(Self.longName)",
      ])
    let members = try ArchiveReader.members(of: nested)
    #expect(members[3].path(fromArchive: "deep/nested.a") == "deep/../sub/below.o")
    #expect(members[3].path(fromArchive: "nested.a") == "../sub/below.o")
    let plain = try workshop.read("plain.a")
    let even = try ArchiveReader.member(in: plain, at: members[1].nestedHeaderOffset ?? 0)
    #expect(even.name.string == "even.o" && even.data(in: plain)?.string == "even")
  }

  private func header(_ name: String, _ size: String) -> String {
    func pad(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: width - text.utf8.count)
    }
    return pad(name, 16) + pad("0", 12) + pad("0", 6) + pad("0", 6) + pad("644", 8) + pad(size, 10)
      + "`\n"
  }

  @Test func acceptsOddities() throws {
    let magic = "!<arch>\n"
    #expect(try outline(ByteView(magic)) == [])
    #expect(try outline(ByteView("!<thin>\n")) == [])
    // Without the last padding, with strange padding, and without any padding.
    let (a, b) = (header("a.o/", "3") + "abc", header("b.o/", "1") + "d")
    for text in [a + "\n" + b, a + "\n" + b + "\n", a + "\0" + b, a + b] {
      #expect(try outline(ByteView(magic + text)) == ["a.o=abc", "b.o=d"])
    }
    #expect(try outline(ByteView(magic + header("short", "0"))) == ["short="])
    #expect(try outline(ByteView(magic + header("__.SYMDEF", "2") + "xx" + b)) == ["b.o=d"])
    let table = header("//", "8") + "one.o\0x\n"
    #expect(try outline(ByteView(magic + table + header("/0", "1") + "z")) == ["one.o=z"])
  }

  @Test func rejectsMalformedArchives() {
    let magic = "!<arch>\n"
    let good = header("a.o/", "2") + "xx"
    let cases: [(String, Int, String)] = [
      ("", 0, "does not begin"), ("!<arch>", 0, "does not begin"),
      (magic + "x", 8, "cut off"), (magic + good + "\n\n", 70, "cut off"),
      (magic + String(repeating: "x", count: 60), 8, "no member header"),
      (magic + header("a.o/", "x2"), 56, "not a number: 'x2        '"),
      (magic + header("a.o/", ""), 56, "not a number"),
      (magic + header("a.o/", "-1"), 56, "not a number"),
      (magic + header("a.o/", "9999999999"), 8, "behind the archive"),
      (magic + good + header("b.o/", "5") + "1234", 70, "ends 1 bytes behind the archive"),
      (magic + header("/7", "0"), 8, "outside the table of long names"),
      (magic + header("//", "4") + "ab/\n" + header("/4", "0"), 72, "outside the table"),
      (magic + header("/x", "0"), 8, "not a member name"),
      (magic + header("/1:2", "0"), 8, "not a member name"),
      (magic + header("#1/9", "4") + "abcd", 8, "not a member name"),
      (magic + header("#1/", "4") + "abcd", 8, "not a member name"),
    ]
    for (text, offset, expected) in cases {
      let error = #expect(throws: ArchiveError.self) {
        try ArchiveReader.members(of: ByteView(text))
      }
      #expect(error?.offset == offset, "\(text)")
      #expect(error?.text.contains(expected) == true, "\(String(describing: error))")
    }
  }

  @Test func mutilatedArchivesAreHandled() throws {
    let workshop = try workshop()
    try workshop.run(
      """
      ar rcS g.a odd.o \(Self.longName); ar rcST t.a odd.o g.a \(Self.longName)
      llvm-ar-19 --format=bsd rcS b.a odd.o \(Self.longName)
      """)
    var random = RepeatableRandom(seed: 3)
    for archive in ["g.a", "t.a", "b.a"] {
      let original = Array(try workshop.read(archive).buffer)
      for _ in 0..<3_000 {
        var bytes = original
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          bytes[Int.random(in: 0..<bytes.count, using: &random)] =
            Bool.random(using: &random) ? .random(in: 0...255, using: &random) : 0x39
        }
        bytes.removeLast(Int.random(in: 0...3, using: &random))
        bytes.withUnsafeBytes { buffer in
          let view = ByteView(buffer)
          guard let members = try? ArchiveReader.members(of: view) else { return }
          #expect(members.allSatisfy { $0.isExternal || $0.data(in: view) != nil })
        }
      }
    }
  }
}
