import Testing

@testable import Linker

/// What configure scripts, libtool, meson and CMake ask of a linker.
@Suite struct OptionsIdentityTests {
  let line = "swold-0.1.0 (compatible with GNU ld 2.40)\n"

  @Test func `help goes to standard output and satisfies libtool and CMake`() {
    let result = parse("--help")
    #expect(result.action == .exit(0))
    #expect(result.problems.isEmpty)
    for text in [
      "--push-state", "--pop-state", "no-whole-archive",
      "\nswold: supported targets: "
        + Machine.allCases.map { $0.facts.outputFormats[0] }.joined(separator: " ") + "\n",
    ] {
      #expect(result.standardOutput.contains(text))
    }
  }

  @Test func `-v without inputs prints the line and succeeds`() {
    let result = parse("-v")
    #expect(result.standardOutput == line)
    #expect(result.action == .exit(0))
    #expect(result.problems.isEmpty)
  }

  @Test func `-v asks for an option`() {
    let known = parse("-v --whole-archive")
    #expect(known.standardOutput == line)
    #expect(known.action == .exit(0))

    let unknown = parse("-v --nonsense")
    #expect(unknown.standardOutput == line)
    #expect(unknown.errors == ["unknown option --nonsense"])
    #expect(unknown.action == .exit(1))
  }

  @Test func `-v with an input links on`() {
    let result = parse("-v a.o")
    #expect(result.standardOutput == line)
    #expect(result.action == .link)
  }

  @Test func `-V prints the emulations`() {
    let result = parse("-V")
    #expect(result.standardOutput.hasPrefix(line + "  Supported emulations:\n"))
    #expect(result.standardOutput.contains("elf_x86_64"))
    #expect(result.action == .exit(0))
  }

  @Test func `--version stops before any input or further option`() {
    let result = parse("-plugin missing.so crt1.o -L/missing -lmissing --version --nonsense")
    #expect(result.standardOutput == line)
    #expect(result.action == .exit(0))
    #expect(result.problems.isEmpty)
  }

  @Test func `an error before --version still counts`() {
    let result = parse("--nonsense --version")
    #expect(result.standardOutput == line)
    #expect(result.action == .exit(1))
  }

  @Test func `the other line is there on request`() {
    let other = "GNU ld (swold 0.1.0) 2.40\n"
    #expect(parse("--identify-as=gnu --version").standardOutput == other)
    let environment = CommandLineEnvironment.madeUp(variables: ["SWOLD_IDENTIFY_AS": "gnu"])
    #expect(parse("--version", in: environment).standardOutput == other)
    #expect(parse("--identify-as swold -v", in: environment).standardOutput == line)
    #expect(parse("--identify-as=lld").errorIDs == ["badOptionValue"])
  }

  @Test func `nothing to link is an error`() {
    #expect(parse("").errors == ["no input files"])
    #expect(parse("").action == .exit(1))
    #expect(parse("--start-group --end-group -shared").errors == ["no input files"])
    #expect(parse("-lc").action == .link)
  }

  @Test(arguments: [
    ("--gc-section", "--gc-sections"), ("--no-undefine", "--no-undefined"),
    ("--as-neeeded", "--as-needed"), ("-vesion-script=x", "--version-script"),
    ("--sonmae=x", "--soname"),
  ])
  func `an unknown option gets the nearest name`(argument: String, nearest: String) {
    #expect(
      parse([argument, "a.o"]).errors == ["unknown option \(argument) (did you mean \(nearest)?)"])
  }

  @Test func `all errors are reported, in order`() {
    let result = parse("--zzzzzzzzzz --hash-style=md5 -m vax --debug-names --aaaaaaaaaa")
    #expect(
      result.errorIDs == [
        "unknownOption", "badOptionValue", "badOptionValue", "notBuilt", "unknownOption",
      ])
  }

  @Test func `the policy is set before problems are reported`() {
    let result = parse("-z nonsense --fatal-warnings a.o")
    #expect(result.action == .exit(1))
    let log = DiagnosticEngine()
    result.report(to: log, isTerminal: true)
    #expect(log.hasErrors)
    #expect(log.policy.color)

    let quiet = parse(
      "-z nonsense --fatal-warnings -w --error-limit=3 --color-diagnostics=never a.o")
    #expect(quiet.action == .link)
    let quietLog = DiagnosticEngine()
    quiet.report(to: quietLog, isTerminal: true)
    #expect(!quietLog.hasErrors)
    #expect(!quietLog.policy.color)
    #expect(quietLog.policy.errorLimit == 3)
  }
}
