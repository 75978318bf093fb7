// The compiled matcher against the plain one, and the examples of the reference.

import MapLang
import Testing

@Suite struct MatcherTests {
  /// `section` that takes a section of this name.
  private func winner(
    _ map: SectionMap, _ name: String, _ traits: SectionTraits = [.alloc, .exec],
    path: String = "dir/a.o", member: String? = nil
  ) -> String {
    let matcher = Matcher(map)
    switch matcher.rule(
      name: name, traits: traits, file: matcher.filePatterns(path: path, member: member))
    {
    case .none: return "orphan"
    case .ambiguous: return "ambiguous"
    case .rule(let id):
      let rule = map[id]
      switch rule.kind {
      case .take: return rule.section.map { map[$0].name } ?? "?"
      case .discard: return "discard"
      case .forbid: return "forbid"
      case .gather: return "gather"
      }
    }
  }

  @Test func orphanRulesAreForWhatNobodyTakes() throws {
    let map = try compiled(
      "smap 1; place at 0 { orphans set_* .text.one; section .text { take .text+; } } "
        + "orphans discard set_b; discard set_d;")
    #expect(winner(map, "set_a") == "gather")
    #expect(winner(map, "set_b") == "discard")
    #expect(winner(map, "set_d") == "discard")
    #expect(winner(map, ".text.one") == ".text")
    #expect(winner(map, "other") == "orphan")
  }

  @Test func mostSpecificWinsWhereverItStands() throws {
    for order in [
      ".text+; } section .hot { take .text.hot+", ".text.hot+; } section .hot { take .text+",
    ] {
      let map = try compiled("smap 1; place at 0 { section .text { take \(order); } }")
      let hot = order.hasPrefix(".text+") ? ".hot" : ".text"
      let other = order.hasPrefix(".text+") ? ".text" : ".hot"
      #expect(winner(map, ".text.hot.f") == hot)
      #expect(winner(map, ".text.hot") == hot)
      #expect(winner(map, ".text.hotter") == other)
      #expect(winner(map, ".text") == other)
      #expect(winner(map, ".textile") == "orphan")
    }
  }

  @Test func nameBeatsKindAndFileNarrows() throws {
    let map = try compiled(
      """
      smap 1; place at 0 {
        section .ram { take libgcc.a(.text*); }
        section .flash { take .text*; }
        section .code { take @code; }
        section .data { take .data+; }
        section .percpu { take .data..percpu; }
      }
      """)
    #expect(winner(map, ".text.f", path: "/usr/lib/libgcc.a", member: "div.o") == ".ram")
    #expect(winner(map, ".text.f", path: "libc.a", member: "div.o") == ".flash")
    #expect(winner(map, ".text.f", path: "libgcc.a") == ".flash")
    #expect(winner(map, ".init") == ".code")
    #expect(winner(map, "plugins") == "orphan", "a C identifier keeps its name")
    #expect(winner(map, ".data..percpu", [.alloc, .write]) == ".percpu")
    #expect(winner(map, ".data.x", [.alloc, .write]) == ".data")
  }

  @Test func incomparableRulesAreAmbiguous() throws {
    let text =
      "smap 1; place at 0 { section .hot { take .text.hot+; } section .lib { %take a1.o(.text+); } }"
    let map = try compiled(text.split(separator: "%").joined())
    #expect(winner(map, ".text.hot.f", path: "x/a1.o") == "ambiguous")
    #expect(winner(map, ".text.hot.f", path: "x/a2.o") == ".hot")
    #expect(winner(map, ".text.f", path: "x/a1.o") == ".lib")
    let matcher = Matcher(map)
    guard
      case .ambiguous(let number) = matcher.rule(
        name: ".text.hot.f", traits: [.alloc, .exec], file: matcher.filePatterns(path: "a1.o"))
    else {
      Issue.record("not ambiguous")
      return
    }
    let ambiguity = matcher.ambiguity(number)
    #expect(map.sources.text(at: map[ambiguity.firstRule].selectors[0].position) == ".text.hot+")
    #expect(map.sources.text(at: map[ambiguity.secondRule].selectors[0].position) == "a1.o(.text+)")

    let settled = try compiled(text.split(separator: "%").joined(separator: "prefer "))
    #expect(winner(settled, ".text.hot.f", path: "x/a1.o") == ".lib")
  }

  @Test func oneSectionTakesInTextualOrder() throws {
    let map = try compiled(
      "smap 1; place at 0 { section .text { take .text.hot+ sort name; take app_*.o(.text+); } }")
    let matcher = Matcher(map)
    let file = matcher.filePatterns(path: "app_x.o")
    #expect(
      matcher.rule(name: ".text.hot.f", traits: [.alloc, .exec], file: file) == .rule(RuleID(0)))
    #expect(matcher.rule(name: ".text.f", traits: [.alloc, .exec], file: file) == .rule(RuleID(1)))
  }

  @Test func tableOfTraits() throws {
    let map = try compiled(
      """
      smap 1; place at 0 {
        section .n { take .name; } section .f { take .fam+; } section .g { take .glob*; }
        section .k { take @alloc; }
      }
      discard .debug*;
      """)
    let special: SectionTraits = [.alloc, .specialType]
    let made: SectionTraits = [.alloc, .linkerMade]
    #expect(winner(map, ".name", special) == ".n")
    #expect(winner(map, ".fam.x", special) == ".f")
    #expect(winner(map, ".globx", special) == ".g")
    #expect(winner(map, ".other", special) == "orphan")
    #expect(winner(map, ".name", made) == ".n")
    #expect(winner(map, ".fam", made) == ".f")
    #expect(winner(map, ".fam.x", made) == "orphan")
    #expect(winner(map, ".globx", made) == "orphan")
    #expect(winner(map, ".other", .alloc) == ".k")
    #expect(winner(map, "COMMON", [.alloc, .write, .noBits, .common]) == ".k")
    #expect(winner(map, ".debug_info", []) == "discard")
    #expect(winner(map, ".name", []) == "orphan")
  }

  @Test func exceptRemovesTheRule() throws {
    let map = try compiled(
      """
      smap 1; place at 0 { section .ctors { keep take .ctors except crtbegin*.o(*) crtend*.o(*); }
        section .rest { take @alloc; } }
      """)
    #expect(winner(map, ".ctors", [.alloc, .write]) == ".ctors")
    #expect(winner(map, ".ctors", [.alloc, .write], path: "/usr/lib/crtbeginS.o") == ".rest")
    #expect(winner(map, ".ctors", [.alloc, .write, .specialType], path: "crtend.o") == "orphan")
  }

  /// Rules that look at files or except some, side by side with many like them, do not answer for
  /// each other; and the cache of choices that depend on files may be smaller than what it is asked.
  @Test func manyRulesWithFilesAndExceptions() throws {
    let rules = (0..<300).map { number in
      """
      section .f\(number) { take file\(number).o(.text.g*); }
      section .e\(number) { take .data.g\(number).* except file\(number).o(*); }
      """
    }
    let map = try compiled("smap 1; place at 0 { \(rules.joined()) section .rest { take @data; } }")
    let matcher = Matcher(map)
    func section(_ name: String, _ traits: SectionTraits, _ file: Int) -> String? {
      let patterns = matcher.filePatterns(path: "file\(file).o")
      guard case .rule(let id) = matcher.rule(name: name, traits: traits, file: patterns) else {
        return nil
      }
      return map[id].section.map { map[$0].name }
    }
    for _ in 0..<2 {
      for file in 0..<310 {
        #expect(section(".text.g1", [.alloc, .exec], file) == (file < 300 ? ".f\(file)" : nil))
        for group in [0, 7, 299] {
          #expect(
            section(".data.g\(group).x", [.alloc, .write], file)
              == (file == group ? ".rest" : ".e\(group)"))
        }
      }
    }
  }

  @Test func preferencesThatSettleNothingAreKnown() throws {
    let map = try compiled(
      """
      smap 1; place at 0 {
        section .hot { prefer take .text.hot+; }
        section .lib { take app.o(.text+); }
        section .data { prefer take .data+; }
      }
      """)
    let matcher = Matcher(map)
    let other = matcher.filePatterns(path: "other.o")
    let app = matcher.filePatterns(path: "app.o")
    _ = matcher.rule(name: ".data", traits: [.alloc, .write], file: app)
    _ = matcher.rule(name: ".text.hot.f", traits: [.alloc, .exec], file: other)
    #expect(matcher.settledByPreference.isEmpty)
    #expect(
      matcher.rule(name: ".text.hot.f", traits: [.alloc, .exec], file: app) == .rule(RuleID(0)))
    #expect(matcher.settledByPreference == [RuleID(0)])
  }

  @Test func builtInRulesYield() throws {
    let map = try compiled(
      """
      smap 1; extends default;
      section .mine { take .rodata.mine+ .data.foo; }
      discard .text.exit+;
      """, extending: try TestFiles.defaultMap())
    #expect(winner(map, ".rodata.mine.a", .alloc) == ".mine")
    #expect(winner(map, ".rodata.other", .alloc) == ".rodata")
    // Equal patterns: the user's rule remains.
    #expect(winner(map, ".text.exit.f") == "discard")
    #expect(winner(map, ".text.hot.f") == ".text")
  }

  @Test func explainsEveryCandidate() throws {
    let map = try compiled(
      """
      smap 1; place at 0 { section .hot { take .text.hot+; } section .text { take @code .text+; } }
      """)
    let matcher = Matcher(map)
    let candidates = matcher.candidates(
      name: ".text.hot.render", traits: [.alloc, .exec], file: .anyFile)
    #expect(candidates.count == 3)
    #expect(candidates.map(\.rule) == [RuleID(0), RuleID(1), RuleID(1)])
    #expect(candidates[0].verdict == .chosen)
    #expect(candidates[1].verdict == .lessSpecific(than: RuleID(0)))
  }

  // MARK: - Random maps

  private static let words = [".a", ".b", ".a.b", ".ab", ".a.c", "x", "x_1", "COMMON", ".a.b.c"]

  private static func randomPattern(_ random: inout TestRandom) -> String {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: return "*"
    case 1: return "@" + SectionKind.allCases.randomElement(using: &random)!.name
    case 2, 3: return words.randomElement(using: &random)! + "+"
    case 4, 5: return words.randomElement(using: &random)! + "*"
    case 6: return words.randomElement(using: &random)! + ".*"
    case 7: return "*" + words.randomElement(using: &random)!
    case 8:
      return words.randomElement(using: &random)! + "?" + ["", "*", "b"].randomElement(
        using: &random)!
    case 9:
      return [".[ab]", ".[!a]*", "[.x]*", ".a[.b]*", ".*b", "?a", "*.b*"].randomElement(
        using: &random)!
    case 10: return "\"" + words.randomElement(using: &random)! + "\""
    case _: return words.randomElement(using: &random)!
    }
  }

  private static func randomSelector(_ random: inout TestRandom) -> String {
    guard Int.random(in: 0..<3, using: &random) == 0 else { return randomPattern(&random) }
    let files = [
      "*", "a.o", "b*.o", "d/a.o", "*/a.o", "lib.a", "lib.a:", "lib.a:a.o", "lib.a:*", ":a.o", ":",
      "<linker>",
      "l*.a", "[ab].o", "e/lib.a:?.o", "\"a.o\"",
    ]
    return files.randomElement(using: &random)! + "(" + randomPattern(&random) + ")"
  }

  static func randomMap(_ random: inout TestRandom) -> String {
    var text = "smap 1; orphans place; place at 0 {\n"
    var count = 0
    for section in 0..<Int.random(in: 1...5, using: &random) {
      text += "section .out\(section) {"
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        if Int.random(in: 0..<6, using: &random) == 0 { text += " prefer" }
        text += " take"
        for _ in 0..<Int.random(in: 1...2, using: &random) { text += " " + randomSelector(&random) }
        if Int.random(in: 0..<4, using: &random) == 0 {
          text += " except " + randomSelector(&random)
        }
        text += ";"
        count += 1
      }
      text += " }\n"
    }
    text += "}\n"
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      text +=
        ["discard ", "forbid "].randomElement(using: &random)! + randomSelector(&random) + ";\n"
    }
    return text
  }

  static let traits: [SectionTraits] = [
    .alloc, [.alloc, .exec], [.alloc, .write], [.alloc, .write, .noBits], [.alloc, .note],
    [.alloc, .write, .tls], [.alloc, .write, .tls, .noBits], [.alloc, .write, .exec],
    [.alloc, .specialType, .write], [.alloc, .linkerMade, .write], [],
    [.alloc, .write, .noBits, .common],
  ]

  private static func randomName(_ random: inout TestRandom) -> String {
    var name = words.randomElement(using: &random)!
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      name += [".", "a", "b", "c", ".b", "_1", "é"].randomElement(using: &random)!
    }
    return name
  }

  @Test func agreesWithTheReference() throws {
    var random = TestRandom(7)
    let files: [ReferenceMatcher.File] = [
      .init(path: "a.o"), .init(path: "d/a.o"), .init(path: "e/d/a.o"), .init(path: "bx.o"),
      .init(path: "e/lib.a", member: "a.o"), .init(path: "lib.a", member: "d/a.o"),
      .init(path: "libx.a", member: "z.o"), .init(path: nil),
    ]
    var outcomes: [String: Int] = [:]
    for _ in 0..<GrammarTests.count(120) {
      let text = Self.randomMap(&random)
      let map = try compiled(text)
      let reference = ReferenceMatcher(map: map)
      let matcher = Matcher(map)
      for _ in 0..<60 {
        let name = Self.randomName(&random)
        let file = files.randomElement(using: &random)!
        var traits = Self.traits.randomElement(using: &random)!
        if name == "COMMON" && traits.contains(.noBits) { traits.insert(.common) }
        let patterns =
          file.path.map { matcher.filePatterns(path: $0, member: file.member) }
          ?? matcher.linkerFilePatterns
        let expected = reference.rule(name: name, traits: traits, file: file)
        // Twice: the second answer comes from the table.
        for _ in 0..<2 {
          let outcome: ReferenceMatcher.Outcome =
            switch matcher.rule(name: name, traits: traits, file: patterns) {
            case .none: .none
            case .rule(let id): .rule(id)
            case .ambiguous: .ambiguous
            }
          try #require(
            outcome == expected, "\(name) \(traits) \(file)\n\(text)")
        }
        switch expected {
        case .none: outcomes["none", default: 0] += 1
        case .rule: outcomes["rule", default: 0] += 1
        case .ambiguous: outcomes["ambiguous", default: 0] += 1
        }
      }
    }
    for outcome in ["none", "rule", "ambiguous"] { #expect(outcomes[outcome, default: 0] > 200) }
  }

  @Test func tooLargeAnAutomatonIsReplaced() throws {
    // Each `*xN*` doubles the states of the automaton; together they would be 2^20.
    var text = "smap 1; place at 0 {\n"
    for index in 0..<20 {
      let letter = String(UnicodeScalar(UInt8(0x61 + index)))
      text += "section .s\(index) { take .z*\(letter)\(letter)*.q; }\n"
    }
    let map = try compiled(text + "section .z { take .z+ ; } }")
    let matcher = Matcher(map)
    #expect(!matcher.isCompiled)
    #expect(winner(map, ".z1cc2.q") == ".s2")
    #expect(winner(map, ".zcctt.q") == "ambiguous")
    #expect(winner(map, ".z.cc") == ".z")
    #expect(winner(map, ".y") == "orphan")
    let reference = ReferenceMatcher(map: map)
    var random = TestRandom(3)
    for _ in 0..<2000 {
      var name = ".z"
      for _ in 0..<4 { name += ["aa", "b", "cc", ".", "tt"].randomElement(using: &random)! }
      if Bool.random(using: &random) { name += ".q" }
      let expected = reference.rule(name: name, traits: .alloc, file: .init(path: "a.o"))
      let outcome: ReferenceMatcher.Outcome =
        switch matcher.rule(name: name, traits: .alloc, file: .anyFile) {
        case .none: .none
        case .rule(let id): .rule(id)
        case .ambiguous: .ambiguous
        }
      try #require(outcome == expected, "\(name)")
    }
  }

  @Test func manyThreadsGetOneAnswer() async throws {
    var random = TestRandom(11)
    let map = try compiled(Self.randomMap(&random) + "discard x.o(.q+);")
    let names = (0..<500).map { _ in Self.randomName(&random) }
    let reference = ReferenceMatcher(map: map)
    let matcher = Matcher(map)
    await withTaskGroup(of: Bool.self) { group in
      for thread in 0..<8 {
        group.addTask {
          let path = ["a.o", "d/a.o", "bx.o", "lib.o"][thread % 4]
          let patterns = matcher.filePatterns(path: path)
          return names.allSatisfy { name in
            let expected = reference.rule(
              name: name, traits: [.alloc, .write], file: .init(path: path))
            switch matcher.rule(name: name, traits: [.alloc, .write], file: patterns) {
            case .none: return expected == .none
            case .rule(let id): return expected == .rule(id)
            case .ambiguous: return expected == .ambiguous
            }
          }
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}
