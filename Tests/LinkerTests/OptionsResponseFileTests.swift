import Testing

@testable import Linker

@Suite struct OptionsResponseFileTests {
  private func split(_ text: String) -> [String]? {
    try? ResponseFile.split(Array(text.utf8)).get()
  }

  @Test(arguments: [
    ("", []), (" \n\t\r\n", []), ("a b\nc", ["a", "b", "c"]), ("'a b' \"c d\"", ["a b", "c d"]),
    ("a\\ b", ["a b"]), ("a\\\\b", ["a\\b"]), ("'a\\'b'", ["a'b"]), ("\"a\\\"b\"", ["a\"b"]),
    ("'' x \"\"", ["", "x", ""]), ("a'b'c\"d\"e", ["abcde"]), ("\"it's\"", ["it's"]),
    ("a\\\nb", ["a\nb"]), ("a\\", ["a"]), ("-Wl,x \u{e9}", ["-Wl,x", "\u{e9}"]),
  ])
  func `GNU quoting`(text: String, arguments: [String]) {
    #expect(split(text) == arguments)
  }

  @Test func `a quote must end`() {
    let environment = CommandLineEnvironment.madeUp(files: ["r": "a.o\n'b.o\nc.o"])
    #expect(
      parse("@r", in: environment).errors == ["r:2: quote without end in response file"])
  }

  @Test func `files nest and may be empty`() {
    let environment = CommandLineEnvironment.madeUp(files: [
      "outer": "b.o @inner c.o", "inner": "-o out --as-needed", "empty": "",
    ])
    let result = parse("a.o @outer @empty d.o", in: environment)
    #expect(result.problems.isEmpty)
    #expect(result.inputNames == ["a.o", "b.o", "c.o", "d.o"])
    #expect(result.options.outputPath == "out")
    #expect(result.options.inputs.map(\.switches.asNeeded) == [false, false, true, true])
  }

  @Test func `a value may come from a file`() {
    let environment = CommandLineEnvironment.madeUp(files: ["r": "out a.o"])
    let result = parse("-o @r", in: environment)
    #expect(result.options.outputPath == "out")
    #expect(result.inputNames == ["a.o"])
  }

  @Test func `recursion is an error`() {
    let environment = CommandLineEnvironment.madeUp(files: ["a": "x.o @b", "b": "@a y.o"])
    let result = parse("@a", in: environment)
    #expect(result.errors == ["response file a includes itself"])
    #expect(result.problems.first?.message.notes == ["through @a @b"])
  }

  @Test func `depth and number are limited`() {
    var files: [String: String] = [:]
    for level in 0..<40 { files["f\(level)"] = "@f\(level + 1)" }
    let deep = parse("@f0", in: .madeUp(files: files))
    #expect(deep.errorIDs == ["tooManyResponseFiles"])

    // Each file names the next one twice: 2^20 files without a limit.
    for level in 0..<20 { files["g\(level)"] = "@g\(level + 1) @g\(level + 1)" }
    files["g20"] = ""
    let wide = parse("@g0", in: .madeUp(files: files))
    #expect(wide.errorIDs.contains("tooManyResponseFiles"))
  }

  @Test func `a missing file is named`() {
    #expect(
      parse("@nowhere").errors == [
        "cannot read response file nowhere: No such file or directory"
      ])
  }

  @Test func `the system reads files`() {
    let system = CommandLineEnvironment.system
    #expect((try? system.read("/dev/null").get()) == [])
    #expect((try? system.read("/").get()) == nil)
    #expect(system.kind(of: "/") == .directory)
    #expect(system.kind(of: "/dev/null") == .file)
    #expect(system.kind(of: "/nowhere/at/all") == .missing)
    #expect(system.variable("PATH") != nil)
  }
}
