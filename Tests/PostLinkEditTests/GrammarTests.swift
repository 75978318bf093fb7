// The grammar, the manual and the sources agree with each other.

import Testing

@testable import PostLinkEdit

@Suite struct GrammarTests {
  /// The root of the package, from the place of this file.
  private let root: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/")
  }()

  private func text(_ path: String) -> String {
    String(decoding: Sandbox().read(root + "/" + path), as: UTF8.self)
  }

  /// The alternatives in quotes of a production.
  private func terminals(_ production: String) -> Set<String> {
    let grammar = text("Grammar/sedit.ebnf")
    guard let start = grammar.ranges(of: "\n\(production) ").first else { return [] }
    let body = grammar[start.upperBound...].prefix { $0 != ";" }
    return Set(
      body.split(separator: "\"").enumerated().filter { $0.offset % 2 == 1 }.map {
        String($0.element)
      })
  }

  @Test func functionsOfTheGrammarAreTheParsers() {
    #expect(terminals("function") == WordParser.functions)
  }

  @Test func everyPrefixOfTheGrammarParses() throws {
    let samples = [
      "hex:": "00", "str:": "x", "strz:": "x", "base64:": "AAAA", "file:": "f", "zero:": "1",
      "u8:": "1", "u16:": "1", "u32:": "1", "u64:": "1",
    ]
    #expect(terminals("data") == Set(samples.keys))
    for (prefix, rest) in samples {
      #expect(throws: Never.self) { try ScriptParser.parse(words: ["put", "va:0", prefix + rest]) }
    }
    for prefix in terminals("address") {
      for value in ["0x10", "(1 + 2)"] {
        #expect(throws: Never.self) {
          try ScriptParser.parse(words: ["put", prefix + value, "u8:1"])
        }
      }
    }
    for object in ["sym:a", "sec:.a", "slot:a", "region:a", "seg:1", "rom"] {
      for form in [object, "\(object)..end(\(object))+4", "\(object),+16", "\(object),sec:.b"] {
        #expect(throws: Never.self) {
          try ScriptParser.parse(words: ["fill", form, "holes=0"])
        }
      }
    }
  }

  @Test func scriptsOfTheManualParse() throws {
    let manual = text("docs/SwoldEdit.md")
    let blocks = manual.components(separatedBy: "```sedit\n").dropFirst()
    #expect(blocks.count >= 2)
    for block in blocks {
      let script = block.components(separatedBy: "```")[0]
      #expect(throws: Never.self, "\(script)") {
        try ScriptParser.parse(
          script: Array(script.utf8), name: "manual", variables: ["GIT": "v1", "V": "1"])
      }
    }
    for verb in ScriptParser.verbs {
      #expect(
        manual.contains("`\(verb) ") || manual.contains("`\(verb)`"), "\(verb) is not in the manual"
      )
    }
    for code in DiagnosticCode.allCases {
      #expect(manual.contains(code.rawValue), "\(code.rawValue) is not in the manual")
    }
  }

  @Test func theManualPageNamesEveryOption() {
    let page = text("docs/swold-edit.1")
    let options = text("Sources/swold-edit/Options.swift")
    for option in ["backup", "check", "diff", "json", "allow", "hardlinks", "overlay", "verify"] {
      #expect(options.contains(option) && page.contains(option), "\(option)")
    }
    for verb in ScriptParser.verbs { #expect(page.contains(verb), "\(verb)") }
  }

  @Test func theLibraryImportsNeitherLinkerNorArgumentParser() {
    let box = Sandbox()
    let found = box.run(
      "grep -rnE 'import (Linker|ArgumentParser|Foundation|MapLang)' '\(root)/Sources/PostLinkEdit'"
    )
    #expect(found.status == 1, "\(found.output)")
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [String] {
    var result: [String] = []
    var rest = self[...]
    while let range = rest.ranges(of: separator).first {
      result.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return result + [String(rest)]
  }
}
