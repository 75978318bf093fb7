import ELF
import Testing

@testable import Linker

struct SourceLocatorTests {
  private static let header = """
    extern int missing_in_header(void);
    static inline int in_header(int x) {
      return missing_in_header() + x;
    }
    """
  private static let source = """
    #include "../include/header.h"
    extern int missing_function(int), missing_variable;
    static int helper(int a) {
      return missing_function(a) +
             in_header(a);
    }
    __attribute__((section(".text.other"))) int other(int b) {
      int local = b + 1;
      return missing_variable + helper(local);
    }
    extern int missing_in_data;
    int *first;
    int *pointer = &missing_in_data;
    int main(int argc, char **argv) { return helper(argc) + other(argc); }
    """

  /// The place of the first relocation against `name`: section number and offset.
  private func place(_ name: String, _ bytes: ByteView) throws -> (section: Int, offset: UInt64) {
    let file = try #require(FileHeader(bytes))
    let headers = try (0..<Int(file.sectionHeaderCount)).map {
      try #require(file.sectionHeader($0, in: bytes))
    }
    for header in headers where header.type == SHT.RELA {
      guard headers[Int(header.info)].flags & SHF.ALLOC != 0 else { continue }
      let table = headers[Int(header.link)]
      let symbols = RecordView<Symbol>(try #require(bytes.slice(table.offset, table.size)))
      let strings = headers[Int(table.link)]
      let names = try #require(bytes.slice(strings.offset, strings.size))
      let records = RecordView<Rela>(try #require(bytes.slice(header.offset, header.size)))
      for index in 0..<records.count {
        let symbol = symbols[Int(records[index].symbol)]
        if names.cString(at: Int(symbol.nameOffset))?.string == name {
          return (Int(header.info), records[index].offset)
        }
      }
    }
    throw ToolFailure(command: "no relocation against \(name)", status: 0)
  }

  private func workshop() throws -> Workshop {
    let workshop = try Workshop()
    try workshop.run("mkdir source include")
    try workshop.write("include/header.h", Self.header)
    try workshop.write("source/main.c", Self.source)
    return workshop
  }

  private static let commands =
    ["gcc", "clang-19"].flatMap { compiler in
      [
        "-gdwarf-2", "-gdwarf-3", "-gdwarf-4", "-gdwarf-5", "-gdwarf-5 -gdwarf64",
        "-g -gz=zlib", "-gdwarf-4 -gz=zlib", "-g -O1 -fno-inline",
        "-g -ffunction-sections -fdata-sections", "-g -gsplit-dwarf", "-gdwarf-5 -fPIC",
      ].map { "\(compiler) \($0)" }
    } + ["zlib-gnu", "zlib", "zstd"].map { "gcc -g -Wa,--compress-debug-sections=\($0)" }

  @Test(arguments: commands)
  func findsLines(command: String) throws {
    let workshop = try workshop()
    try workshop.run("\(command) -c source/main.c -o main.o")
    let bytes = try workshop.read("main.o")
    let locator = try #require(SourceLocator(bytes))
    for (name, path, line, function) in [
      ("missing_function", "source/main.c", 4, "helper"),
      ("missing_in_header", "source/../include/header.h", 3, "in_header"),
      ("missing_variable", "source/main.c", 9, "other"),
    ] {
      let (section, offset) = try place(name, bytes)
      let found = try #require(locator.location(section: section, offset: offset), "\(name)")
      // Some compilers tidy the path up.
      #expect(found.path == path || found.path == "include/header.h", "\(name)")
      #expect(found.line == line, "\(name)")
      #expect(locator.enclosingSymbol(section: section, offset: offset)?.string == function)
    }
    let (section, offset) = try place("missing_in_data", bytes)
    #expect(locator.enclosingSymbol(section: section, offset: offset)?.string == "pointer")
    // With split debug information variables are described in another file.
    if !command.contains("split") {
      #expect(
        locator.location(section: section, offset: offset)?.description
          == "main.c:13 (source/main.c)")
    }
  }

  @Test func printsAsEditorsRead() {
    #expect(SourceLocation(path: "a.c", line: 3).description == "a.c:3")
    #expect(SourceLocation(path: "/x/y/a.c", line: 3).description == "a.c:3 (/x/y/a.c)")
  }

  @Test func findsStaticMembers() throws {
    let workshop = try Workshop()
    try workshop.write(
      "a.cc",
      """
      extern int missing;
      namespace n { struct S { static int *member; }; }
      int *n::S::member = &missing;
      int *f() { static int *inner =
        &missing; return inner; }
      """)
    for compiler in ["gcc", "clang-19"] {
      try workshop.run("\(compiler) -g -c a.cc -o a.o")
      let bytes = try workshop.read("a.o")
      let locator = try #require(SourceLocator(bytes))
      let (section, offset) = try place("missing", bytes)
      let line = try #require(locator.location(section: section, offset: offset)).line
      #expect(line == 2 || line == 3, "\(compiler)")
    }
  }

  @Test func severalCompilationsInOneObject() throws {
    let workshop = try Workshop()
    for name in ["a", "b", "c"] {
      try workshop.write(
        "\(name).c", "\n\nextern int m\(name);\nint f\(name)(void) {\n return m\(name); }")
      try workshop.run("gcc -g -ffunction-sections -c \(name).c")
    }
    try workshop.run("ld.bfd -r a.o b.o c.o -o all.o; ld.bfd -r --unique a.o b.o c.o -o more.o")
    for object in ["all.o", "more.o"] {
      let bytes = try workshop.read(object)
      let locator = try #require(SourceLocator(bytes))
      for name in ["a", "b", "c"] {
        let (section, offset) = try place("m\(name)", bytes)
        #expect(
          locator.location(section: section, offset: offset)?.description == "\(name).c:5")
        #expect(locator.enclosingSymbol(section: section, offset: offset)?.string == "f\(name)")
      }
    }
  }

  @Test func objectsWithoutDebugInformation() throws {
    let workshop = try workshop()
    try workshop.run(
      "gcc -c source/main.c -o main.o; gcc -g -c source/main.c -o g.o; ld -r g.o -S -o s.o")
    for object in ["main.o", "s.o"] {
      let bytes = try workshop.read(object)
      let locator = try #require(SourceLocator(bytes))
      let (section, offset) = try place("missing_function", bytes)
      #expect(locator.location(section: section, offset: offset) == nil)
    }
    let locator = try #require(SourceLocator(try workshop.read("g.o")))
    #expect(locator.location(section: 999, offset: 0) == nil)
    #expect(locator.location(section: 1, offset: .max) == nil)
    #expect(locator.location(section: -1, offset: 0) == nil)
    #expect(SourceLocator(ByteView("text")) == nil)
    #expect(SourceLocator(ByteView()) == nil)
  }

  @Test(arguments: [
    "gcc -gdwarf-4", "gcc -gdwarf-5", "clang-19 -gdwarf-5", "gcc -g -gz=zlib",
    "gcc -gdwarf-5 -gdwarf64",
  ])
  func mutilatedObjectsAreHandled(command: String) throws {
    let workshop = try workshop()
    try workshop.run("\(command) -c source/main.c -o main.o")
    let original = Array(try workshop.read("main.o").buffer)
    let bytes = ByteView(original)
    let places = try ["missing_function", "missing_in_data"].map { try place($0, bytes) }
    var random = RepeatableRandom(seed: 5)
    var found = 0
    for round in 0..<1_500 {
      var copy = original
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let value: UInt8 = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &random) ?? 0
        copy[Int.random(in: 0x40..<copy.count, using: &random)] =
          Bool.random(using: &random) ? value : .random(in: 0...255, using: &random)
      }
      if round % 10 == 0 { copy.removeLast(Int.random(in: 0..<copy.count, using: &random)) }
      copy.withUnsafeBytes { buffer in
        guard let locator = SourceLocator(ByteView(buffer)) else { return }
        for (section, offset) in places {
          if locator.location(section: section, offset: offset) != nil { found += 1 }
          _ = locator.enclosingSymbol(section: section, offset: offset)
        }
      }
    }
    // Most mutilations hit something else.
    #expect(found > 500)
  }
}
