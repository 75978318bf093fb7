import Testing

@testable import Linker

/// The table agrees with itself, with --help, and with the manual.
@Suite struct OptionsTableTests {
  private static let rows = OptionTable.sections.flatMap(\.rows)

  /// The row's option on a command line, with a value if it needs one.
  private static func arguments(_ name: String, _ row: OptionRow) -> [String] {
    let dashed = (name.utf8.count == 1 ? "-" : "--") + name
    return switch row.form {
    case .none, .optional, .optionalNumber: [dashed]
    case .required: [dashed, "VALUE"]
    case .glued: [dashed + "2"]
    }
  }

  @Test func `no spelling occurs twice`() {
    for rows in [Self.rows, OptionTable.keywords] {
      var seen: Set<String> = []
      for name in rows.flatMap(\.names) {
        #expect(seen.insert(name).inserted, "\(name) occurs twice")
        #expect(!name.isEmpty && !name.hasPrefix("-") && !name.contains("="), "\(name)")
      }
    }
  }

  @Test func `rows are complete`() {
    for row in Self.rows + OptionTable.keywords {
      #expect(!row.help.isEmpty && !row.help.hasSuffix("."), "\(row.names)")
      #expect((row.form == .none) == row.placeholder.isEmpty, "\(row.names)")
    }
    for row in OptionTable.keywords {
      #expect(row.form == .none || row.form == .required, "\(row.names)")
    }
  }

  @Test func `each row finds itself through the parser`() {
    for row in Self.rows {
      for name in row.names {
        let result = parse(Self.arguments(name, row) + ["a.o"])
        #expect(!result.errorIDs.contains("unknownOption"), "\(name)")
        #expect(!result.errorIDs.contains("missingOptionValue"), "\(name)")
        #expect(
          result.errorIDs.contains("notBuilt") == (row.support == .notBuilt), "\(name)")
        if row.support == .ignored {
          #expect(result.options == parse(shifted(result)).options, "\(name) is not ignored")
        }
      }
    }
  }

  /// A line without options whose input stands where it stood in `result`.
  private func shifted(_ result: CommandLineResult) -> [String] {
    let position = result.options.inputs.last?.position ?? 0
    return Array(repeating: "-O1", count: position) + ["a.o"]
  }

  @Test func `a bare option with an optional value takes nothing`() {
    for row in Self.rows where row.form == .optional {
      for name in row.names {
        let result = parse(Self.arguments(name, row) + ["a.o"])
        #expect(result.inputNames == ["a.o"], "\(name)")
      }
    }
  }

  @Test func `each keyword is known`() {
    for row in OptionTable.keywords {
      for name in row.names {
        let result = parse(["-z", row.form == .none ? name : "\(name)=VALUE", "a.o"])
        #expect(result.warnings.isEmpty != row.help.hasPrefix("Warns;"), "\(name)")
        #expect(
          result.errorIDs.contains("notBuilt") == (row.support == .notBuilt), "\(name)")
        if row.form == .required {
          #expect(parse(["-z", name, "a.o"]).errorIDs.count == 1, "\(name)")
        }
      }
    }
  }

  @Test func `help names each option`() {
    let help = HelpText.text()
    for row in Self.rows {
      for name in row.names {
        #expect(help.contains(HelpText.spelling(of: name, in: row)), "\(name)")
      }
    }
    for name in OptionTable.keywords.flatMap(\.names) { #expect(help.contains("-z \(name)")) }
  }

  // MARK: The manual

  /// Defect 1 of mold: its manual has options that the program does not know.
  @Test func `the manual names no unknown option`() throws {
    let words = try Manual.boldWords()
    #expect(words.count > Self.rows.count)
    for word in words where word.hasPrefix("-") {
      let isKeyword = word.hasPrefix("-z ")
      let name = String(word.drop { $0 == "-" }.prefix { !" =[".contains($0) })
      if isKeyword {
        let keyword = String(word.dropFirst(3).prefix { $0 != "=" })
        #expect(OptionTable.keywordIndex[keyword] != nil, "\(word)")
      } else {
        let index = OptionTable.optionIndex
        #expect(index[name] != nil || index.prefixed(name + "2") != nil, "\(word)")
      }
    }
  }

  @Test func `the manual names each option`() throws {
    let words = Set(try Manual.boldWords())
    for row in Self.rows {
      for name in row.names {
        #expect(words.contains((name.utf8.count == 1 ? "-" : "--") + name), "\(name)")
      }
    }
    for name in OptionTable.keywords.flatMap(\.names) {
      #expect(words.contains("-z \(name)"), "\(name)")
    }
  }

  /// With SWOLD_UPDATE_MANUAL=1 in the environment the test writes the list instead.
  @Test func `the list in the manual is made from the table`() throws {
    let text = try Manual.text()
    let updated = try #require(Manual.replacingList(in: text), "the marks of the list are missing")
    if CommandLineEnvironment.system.variable("SWOLD_UPDATE_MANUAL") == "1" {
      try Manual.write(updated)
    } else {
      #expect(text == updated, "run this test with SWOLD_UPDATE_MANUAL=1 to update docs/swold.1")
    }
  }
}
