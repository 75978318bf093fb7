// The grammar file is executable: what it generates, the parser accepts; on what is broken, the
// parser and a recogniser that knows only the file agree.
//
// The default run is short. SWOLD_MAP_FUZZ=200000 sets the number of texts of each sort.

import Glibc
import MapLang
import Testing

@Suite struct GrammarTests {
  static let grammar = EBNFGrammar((try? TestFiles.readText("Grammar/section-map.ebnf")) ?? "")

  static func count(_ usual: Int) -> Int {
    guard let text = getenv("SWOLD_MAP_FUZZ") else { return usual }
    return Int(String(cString: text)) ?? usual
  }

  /// Whether the parser finds nothing against the grammar. Other messages of the parser are about
  /// meaning: a number beyond 64 bits, a version that is not known yet.
  static func parserAccepts(_ bytes: [UInt8]) -> Bool {
    !MapCompiler.checkSyntax(SourceFile(name: "text", bytes: bytes)).diagnostics.contains {
      $0.code == .syntax || $0.code == .unknownUnit || $0.code == .unknownName
    }
  }

  @Test func grammarIsComplete() {
    let grammar = Self.grammar
    #expect(grammar.names.count > 60)
    func check(_ node: EBNFNode) {
      switch node {
      case .rule(let name): #expect(grammar.rules[name] != nil, "\(name) is not defined")
      case .choice(let nodes), .sequence(let nodes): for node in nodes { check(node) }
      case .repetition(let node, _, _): check(node)
      case .literal, .set: break
      }
    }
    for name in grammar.names { check(grammar.rules[name]!) }
  }

  @Test func parserAcceptsEverySentence() throws {
    var generator = SentenceGenerator(Self.grammar, seed: 1)
    let names = Self.grammar.names.filter { $0 != "BLANK" && $0 != "map" }
    // More of them until each rule of the grammar has been used: some are rare.
    for number in 0..<max(5000, Self.count(500)) {
      if number >= Self.count(500), names.allSatisfy({ generator.uses[$0] != nil }) { break }
      let tokens = generator.sentence()
      let text = generator.text(of: tokens)
      let result = MapCompiler.checkSyntax(SourceFile(name: "sentence", bytes: text))
      let complaint = result.diagnostics.first {
        $0.code == .syntax || $0.code == .unknownUnit || $0.code == .unknownName
      }
      try #require(
        complaint == nil,
        "\(complaint?.render(in: result.sources) ?? "")\n\(String(decoding: text, as: UTF8.self))")
    }
    for name in names {
      #expect(generator.uses[name, default: 0] > 0, "no sentence used \(name)")
    }
  }

  @Test func recogniserAcceptsSentences() throws {
    var generator = SentenceGenerator(Self.grammar, seed: 2)
    for _ in 0..<Self.count(100) {
      let tokens = generator.sentence()
      let text = generator.text(of: tokens)
      try #require(
        Recogniser.accepts(text, Self.grammar), "\(String(decoding: text, as: UTF8.self))")
    }
  }

  @Test func parserAndRecogniserAgreeOnMutants() throws {
    var generator = SentenceGenerator(Self.grammar, seed: 3)
    var accepted = 0
    let count = Self.count(600)
    for _ in 0..<count {
      let text = generator.mutant()
      let expected = Recogniser.accepts(text, Self.grammar)
      try #require(
        Self.parserAccepts(text) == expected,
        "the recogniser says \(expected):\n\(String(decoding: text, as: UTF8.self))")
      if expected { accepted += 1 }
    }
    // The test means nothing if all mutants are of one sort.
    #expect(accepted > count / 50 && accepted < count * 9 / 10)
  }

  @Test func examplesAreSentences() throws {
    for name in TestFiles.list("Examples/section-maps", ending: ".smap") {
      #expect(Recogniser.accepts(try TestFiles.map(name).bytes, Self.grammar), "\(name)")
    }
  }

  /// Nothing a text says may crash the compiler, the matcher, the printer or the formatter.
  @Test func nothingCrashes() throws {
    var generator = SentenceGenerator(Self.grammar, seed: 4)
    let defaultMap = try TestFiles.defaultMap()
    for index in 0..<Self.count(500) {
      let text =
        index % 2 == 0 ? generator.mutant() : generator.text(of: generator.sentence())
      let source = SourceFile(name: "text", bytes: text)
      let result = MapCompiler.compile([source], defaultMap: defaultMap)
      for diagnostic in result.diagnostics { _ = diagnostic.render(in: result.sources) }
      if let map = result.map {
        _ = Matcher(map).rule(name: ".text.a", traits: [.alloc, .exec], file: .anyFile)
        _ = MapPrinter.print(map)
        _ = MapAnalysis.warnings(map)
      }
      _ = MapFormatter.format(source)
    }
  }

  @Test(arguments: [
    "smap 1; let a = \(String(repeating: "(", count: 100_000))1;",
    "smap 1; let a = \(String(repeating: "-", count: 100_000))1;",
    "smap 1; let a = 1\(String(repeating: "+1", count: 100_000));",
    "smap 1; let a = 1\(String(repeating: "<<1", count: 100_000));",
    "smap 1; place at 0 {\(String(repeating: "group {", count: 100_000))",
    "smap 1; \(String(repeating: "when 1 { } else ", count: 100_000)) { }",
    "smap 1; \(String(repeating: "}", count: 100_000))",
    "smap 1; let a = \(String(repeating: "min(", count: 100_000))",
    "smap 1; \"\\",
    "",
    "\u{0}",
  ])
  func hostileTextEndsInAnError(text: String) {
    let result = MapCompiler.compile(
      [SourceFile(name: "hostile", bytes: Array(text.utf8))], defaultMap: nil)
    #expect(result.hasErrors)
    #expect(result.diagnostics.count < 200_002)
  }

  @Test func textThatIsNotUTF8IsRefused() {
    let result = MapCompiler.compile(
      [SourceFile(name: "bytes", bytes: Array("smap 1;\nentry \"".utf8) + [0xff, 0x22, 0x3b])],
      defaultMap: nil)
    #expect(result.diagnostics.map(\.code) == [.syntax])
    #expect(result.diagnostics[0].position?.offset == 15)
  }
}
