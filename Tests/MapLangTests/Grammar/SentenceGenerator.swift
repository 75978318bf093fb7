// Random sentences of the grammar, and random mistakes in them.

struct SentenceGenerator {
  private let grammar: EBNFGrammar
  private var random: TestRandom
  /// The smallest depth at which a rule can end.
  private let minimumDepth: [String: Int]
  /// Every quoted word and sign of the syntactic rules.
  private let vocabulary: [String]
  /// How often each rule was expanded.
  private(set) var uses: [String: Int] = [:]

  init(_ grammar: EBNFGrammar, seed: UInt64) {
    self.grammar = grammar
    random = TestRandom(seed)
    var depths: [String: Int] = [:]
    func depth(_ node: EBNFNode) -> Int? {
      switch node {
      case .literal, .set: return 0
      case .rule(let name): return EBNFGrammar.isLexical(name) ? 0 : depths[name].map { $0 + 1 }
      case .choice(let choices): return choices.compactMap { depth($0) }.min()
      case .sequence(let items):
        let all = items.map { depth($0) }
        return all.contains { $0 == nil } ? nil : all.compactMap { $0 }.max() ?? 0
      case .repetition(let item, let minimum, _): return minimum == 0 ? 0 : depth(item)
      }
    }
    var isChanging = true
    while isChanging {
      isChanging = false
      for name in grammar.names where !EBNFGrammar.isLexical(name) {
        if let new = depth(grammar.rules[name]!), new < depths[name] ?? .max {
          depths[name] = new
          isChanging = true
        }
      }
    }
    minimumDepth = depths
    var words: Set<String> = []
    func collect(_ node: EBNFNode) {
      switch node {
      case .literal(let text): words.insert(text)
      case .set, .rule: break
      case .choice(let nodes), .sequence(let nodes): for node in nodes { collect(node) }
      case .repetition(let item, _, _): collect(item)
      }
    }
    for name in grammar.names where !EBNFGrammar.isLexical(name) { collect(grammar.rules[name]!) }
    vocabulary = words.sorted()
  }

  // MARK: - Sentences

  /// A sentence, as its tokens.
  mutating func sentence() -> [String] {
    var tokens: [String] = []
    expand(.rule("map"), depth: Int.random(in: 6...26, using: &random), in: "map", &tokens)
    return tokens
  }

  private func cost(_ node: EBNFNode) -> Int {
    switch node {
    case .literal, .set: 0
    case .rule(let name): EBNFGrammar.isLexical(name) ? 0 : (minimumDepth[name] ?? 1000) + 1
    case .choice(let choices): choices.map { cost($0) }.min() ?? 0
    case .sequence(let items): items.map { cost($0) }.max() ?? 0
    case .repetition(let item, let minimum, _): minimum == 0 ? 0 : cost(item)
    }
  }

  private mutating func expand(
    _ node: EBNFNode, depth: Int, in rule: String, _ tokens: inout [String]
  ) {
    switch node {
    case .literal(let text): tokens.append(text)
    case .set: preconditionFailure("a set in a syntactic rule")
    case .rule(let name):
      uses[name, default: 0] += 1
      if EBNFGrammar.isLexical(name) {
        tokens.append(terminal(name, in: rule))
      } else {
        expand(grammar.rules[name]!, depth: depth - 1, in: name, &tokens)
      }
    case .choice(let choices):
      let possible = choices.filter { cost($0) <= depth }
      let choice =
        possible.randomElement(using: &random)
        ?? choices.min { cost($0) < cost($1) }!
      expand(choice, depth: depth, in: rule, &tokens)
    case .sequence(let items):
      for item in items { expand(item, depth: depth, in: rule, &tokens) }
    case .repetition(let item, let minimum, let isUnbounded):
      var count = minimum
      if cost(item) <= depth && tokens.count < 250 {
        count += isUnbounded ? max(0, Int.random(in: -2...2, using: &random)) : 0
        if !isUnbounded { count = Int.random(in: 0...1, using: &random) }
        if isUnbounded && rule == "map" { count += 3 }
      }
      for _ in 0..<count { expand(item, depth: depth, in: rule, &tokens) }
    }
  }

  /// A terminal that says what it should in this place (rules L4 and L5).
  private mutating func terminal(_ name: String, in rule: String) -> String {
    while true {
      var text = ""
      switch name {
      case "NAME" where Bool.random(using: &random),
        "WORD" where Int.random(in: 0..<4, using: &random) == 0:
        // Keywords are names, too.
        text = vocabulary.filter { $0.utf8.first.map { (0x61...0x7a).contains($0) } ?? false }
          .randomElement(using: &random)!
      case "WORD" where Bool.random(using: &random):
        text = ["*", ".text+", "@code", "libc.a:mem*.o", "<linker>", "*.o", "[!x]", "a/b.o", ":x"]
          .randomElement(using: &random)!
      case _: spell(grammar.rules[name]!, &text)
      }
      if name == "WORD", ["sort", "order", "except"].contains(text) { continue }
      if name == "NAME", rule == "primary",
        ["pow2", "rest", "none", "offset", "nop", "trap", "."].contains(text)
      {
        continue
      }
      return text
    }
  }

  private mutating func spell(_ node: EBNFNode, _ text: inout String) {
    switch node {
    case .literal(let literal): text += literal
    case .set(let set):
      // Printable ASCII only: the text must be UTF-8.
      let usable = set.filter { (0x21...0x7e).contains($0) }.sorted()
      text += String(UnicodeScalar(usable.randomElement(using: &random)!))
    case .rule(let name): spell(grammar.rules[name]!, &text)
    case .choice(let choices): spell(choices.randomElement(using: &random)!, &text)
    case .sequence(let items): for item in items { spell(item, &text) }
    case .repetition(let item, let minimum, let isUnbounded):
      for _ in 0..<Int.random(in: minimum...(isUnbounded ? 4 : 1), using: &random) {
        spell(item, &text)
      }
    }
  }

  // MARK: - Text

  /// The tokens with blanks between them: everywhere they are needed, and at random where not.
  mutating func text(of tokens: [String]) -> [UInt8] {
    var result = ""
    for (index, token) in tokens.enumerated() {
      if index > 0 {
        let isLoose =
          ";{}(),".contains(token) || ";{}(),".contains(tokens[index - 1])
        switch Int.random(in: 0..<8, using: &random) {
        case 0: result += "\n"
        case 1: result += " # note ; } \"\n"
        case 2, 3: result += isLoose ? "" : " "
        case _: result += " "
        }
      }
      result += token
    }
    return Array(result.utf8)
  }

  /// A sentence with one to three mistakes, most of which make it none.
  mutating func mutant() -> [UInt8] {
    var tokens = sentence()
    if tokens.count > 60 { tokens = Array(tokens.prefix(60)) + [";", "}"] }
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let place = Int.random(in: 0..<tokens.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: tokens.remove(at: place)
      case 1: tokens.insert(tokens[place], at: place)
      case 2: tokens.swapAt(place, Int.random(in: 0..<tokens.count, using: &random))
      case 3: tokens[place] = vocabulary.randomElement(using: &random)!
      case 4: tokens.insert(vocabulary.randomElement(using: &random)!, at: place)
      case _:
        tokens[place] = [
          "0x", "0x_", "1K", "\"", "\"a\\\"", "name", "4 KiB", "@x", "<", "<<=", "+", ".", "a.b:c",
          "''",
          "~", "0b2", "r", "xr", "é", "smap", "9 KiBx",
        ].randomElement(using: &random)!
      }
      if tokens.isEmpty { tokens = [";"] }
    }
    var bytes = text(of: tokens)
    if Int.random(in: 0..<4, using: &random) == 0, !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: bytes.remove(at: place)
      case 1: bytes[place] = UInt8.random(in: 0x20...0x7e, using: &random)
      case _: bytes.insert(UInt8.random(in: 0x20...0x7e, using: &random), at: place)
      }
    }
    return bytes
  }
}
