// The tidy rules applied to the package's own sources, and the rules themselves on small samples.

internal import Testing
internal import _TestSupport

@Suite struct TidySources {
  private static let sources = SourceTree.files(below: "Sources", withSuffix: ".swift")

  /// `Sources/NAME/…`
  private static func module(of path: String) -> String {
    String(path.split(separator: "/")[1])
  }

  @Test func modulesImportOnlyWhatTheirRuleAllows() throws {
    try #require(!Self.sources.isEmpty)
    for path in Self.sources {
      let text = try #require(SourceTree.text(of: path))
      guard let rule = ImportRule.all.first(where: { $0.module == Self.module(of: path) }) else {
        Issue.record("\(path): add a rule for its module to TidyRules.swift")
        continue
      }
      for module in rule.violations(in: text) {
        Issue.record("\(path) imports \(module), which \(rule.module) may not")
      }
    }
  }

  @Test func publicDeclarationsHaveComments() throws {
    for path in Self.sources where CommentRule.modules.contains(Self.module(of: path)) {
      let text = try #require(SourceTree.text(of: path))
      for line in CommentRule.violations(in: text) {
        Issue.record(
          "\(path):\(line): say with /// what the name does not (or is it not for others?)")
      }
    }
  }

  /// One word, one meaning (docs/Glossary.md): the libraries share no name of a type.
  @Test func typesOfLibrariesHaveNamesOfTheirOwn() throws {
    var owners: [String: String] = [:]
    for path in Self.sources where Self.module(of: path).first?.isUppercase == true {
      for name in TypeNames.declared(in: try #require(SourceTree.text(of: path))) {
        if let owner = owners[name], Self.module(of: owner) != Self.module(of: path) {
          Issue.record("\(path): '\(name)' is a type of \(owner), too; rename one")
        }
        owners[name] = path
      }
    }
  }

  /// Passes know the model, the model knows no pass (docs/Design.md, "The data").
  @Test func theModelUsesNoPass() throws {
    var pass: [String: String] = [:]
    for path in Self.sources where path.contains("Sources/Linker/Passes/") {
      for name in TypeNames.declared(in: try #require(SourceTree.text(of: path))) {
        pass[name] = path
      }
    }
    for path in Self.sources where path.contains("Sources/Linker/Model/") {
      for word in TypeNames.used(in: try #require(SourceTree.text(of: path))) {
        guard let owner = pass[String(word)] else { continue }
        Issue.record("\(path) uses '\(word)' of \(owner); move the type to Model/")
      }
    }
  }

  @Test func hatchesOpenOnlyWhereTheListAllows() throws {
    let list = try #require(SourceTree.text(of: "Tests/TidyTests/AllowList.txt"))
    let (entries, malformed) = Allowance.parse(list)
    #expect(malformed == [])
    var needed = [Bool](repeating: false, count: entries.count)
    for path in Self.sources {
      let text = try #require(SourceTree.text(of: path))
      for hatch in Hatch.allCases where hatch.isUsed(in: text) {
        let covering = entries.indices.filter {
          entries[$0].hatch == hatch && entries[$0].covers(path)
        }
        for index in covering { needed[index] = true }
        if covering.isEmpty {
          Issue.record(
            "\(path): add '\(hatch.rawValue)' to AllowList.txt, with a reason, or avoid it")
        }
      }
    }
    for (entry, isNeeded) in zip(entries, needed) where !isNeeded {
      Issue.record("AllowList.txt: nothing needs '\(entry.hatch.rawValue) \(entry.path)' any more")
    }
  }
}

@Suite struct TidyRuleSamples {
  @Test func importsAreFoundWithAttributesAndLevels() {
    let text = """
      // import Foundation
      import A
      internal import B
      @testable public import struct C.stat
      @_spi(Test) import D  // why
      let text = "import E"
      """
    #expect(TidyText.imports(of: text) == ["A", "B", "C", "D"])
  }

  @Test func declaredTypesAreThoseForOthers() {
    let text = """
      @frozen public struct Address: Sendable {
        struct Inner {}
      }
      private enum Hidden {}
      indirect enum Tree<Leaf> {}
      // struct Comment
      extension Tree: Sendable {}
      """
    #expect(TypeNames.declared(in: text) == ["Address", "Tree"])
    #expect(TypeNames.used(in: "let x: Tree  // Address\nSHF.ALLOC") == ["Tree", "SHF", "ALLOC"])
  }

  @Test func foundationIsRefusedInTheLinker() {
    let rule = ImportRule.all.first { $0.module == "Linker" }
    #expect(rule?.violations(in: "internal import Foundation") == ["Foundation"])
    #expect(rule?.violations(in: "internal import ELF\nimport Glibc") == [])
  }

  @Test(arguments: [
    (Hatch.pointer, "let p: UnsafeMutableRawPointer", true),
    (Hatch.pointer, "// an UnsafePointer would do\nlet x = 1 / 2", false),
    (Hatch.sendable, "final class A: @unchecked Sendable {}", true),
    (Hatch.sendable, "struct A: Sendable {}", false),
    (Hatch.isolation, "nonisolated(unsafe) var x = 1", true),
    (Hatch.machine, "if number == EM.X86_64 {", true),
    (Hatch.machine, "let magic = 0x8664", false),
    (Hatch.machine, "// as on x86-64\nlet page = facts.maxPageSize", false),
  ])
  func hatchesAreRecognised(hatch: Hatch, text: String, isUsed: Bool) {
    #expect(hatch.isUsed(in: text) == isUsed)
  }

  @Test func theListWantsAReason() {
    let (entries, malformed) = Allowance.parse(
      """
      # comment
      pointer  Sources/A/  because of B
      sendable Sources/C.swift
      """)
    #expect(entries.count == 1)
    #expect(entries.first?.reason == "because of B")
    #expect(entries.first?.covers("Sources/A/x.swift") == true)
    #expect(entries.first?.covers("Sources/AB.swift") == false)
    #expect(malformed == ["sendable Sources/C.swift"])
  }

  @Test func commentsAreWantedWhereTheNameIsNotEnough() {
    let text = """
      /// A place.
      public struct Place {
        public var line: Int
        /// From 1.
        @inlinable public var column: Int
        @inlinable public var isFirst: Bool { line == 1 }
        /// The offset.
        @inlinable
        @inline(__always)
        public private(set) var offset = 0
        public static var MAX_LINE: Int { 9 }
        public static var limit: Int { 9 }
        public init(line: Int, column: Int) {
          self.line = line
          self.column = column
        }
        public init() {}
        public init(line: Int) { self.line = line }
        public init(column: Int) {
          self.column = column - 1
        }
        public static func == (left: Place, right: Place) -> Bool { left.line == right.line }
        var text: String { "" }
      }
      """
    #expect(CommentRule.violations(in: text) == [3, 6, 12, 19])
  }
}
