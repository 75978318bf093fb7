// The end-to-end suite: every script in Cases/ is a test.
//
// A case is a shell script, because that is what a bug report about a linker looks like; prelude.sh
// says what it may use. This file only finds the scripts and runs each with a time limit, as many
// at a time as there are processors.
//
// SWOLD_UNDER_TEST=/path/to/ld runs the suite with another linker, which shows whether a case asks
// for the right thing.

internal import Glibc
internal import Testing
internal import _TestSupport

/// One script; described by its name in the test report.
struct Case: Sendable, CustomTestStringConvertible {
  let name: String

  var path: String { "\(SourceTree.root)/\(Case.folder)/\(name).sh" }
  var testDescription: String { name }

  static let folder = "Tests/EndToEndTests/Cases"
  static let all: [Case] = SourceTree.files(below: folder, withSuffix: ".sh").map { path in
    Case(name: String(path.dropFirst(folder.count + 1).dropLast(3)))
  }
}

@Suite struct EndToEndTests {
  private static let slots = Slots()
  private static let secondsForACase = 60
  private static let skipCode = 77

  @Test func thereIsALinkerToTest() {
    let linker = getenv("SWOLD_UNDER_TEST").map { String(cString: $0) } ?? ".build/release/swold"
    #expect(SourceTree.isExecutable(linker), "run make first")
    #expect(!Case.all.isEmpty)
  }

  @Test(arguments: Case.all)
  func links(_ one: Case) async throws {
    let result = try await Self.slots.use {
      try await Scripts.run(one.path, seconds: Self.secondsForACase)
    }
    if result.code == Self.skipCode {
      let reason = result.tail(2)
      print("skipped \(one.name): \(reason)")
      try Test.cancel(Comment(rawValue: reason))
    }
    let reason = result.ranOutOfTime ? "more than \(Self.secondsForACase) s" : "exit \(result.code)"
    #expect(result.code == 0, "\(one.name): \(reason)\n\(result.tail(60))")
  }
}
