// Says whether a text is a sentence of the grammar, knowing only the grammar file and its rules L1
// to L5. (Rule L6, the modes of the lexer, follows: a terminal is tried only where the grammar has
// it.)
//
// For each rule and place it computes the *set* of places where the rule can end, remembered, so
// nothing depends on which alternative is tried first. The grammar has no left recursion. This is
// slow and shares no line with the parser; that is its use.

struct Recogniser {
  private let grammar: EBNFGrammar
  private let bytes: [UInt8]
  private var known: [Key: [Int]] = [:]

  private struct Key: Hashable {
    var rule: String
    var place: Int
  }

  static func accepts(_ text: [UInt8], _ grammar: EBNFGrammar) -> Bool {
    var recogniser = Recogniser(grammar: grammar, bytes: text)
    let start = recogniser.skipBlanks(0)
    return recogniser.ends(of: "map", at: start).contains {
      recogniser.skipBlanks($0) == text.count
    }
  }

  private init(grammar: EBNFGrammar, bytes: [UInt8]) {
    self.grammar = grammar
    self.bytes = bytes
  }

  /// L1: BLANK between symbols.
  private func skipBlanks(_ place: Int) -> Int {
    var place = place
    while place < bytes.count {
      if [0x20, 0x09, 0x0a, 0x0d].contains(bytes[place]) {
        place += 1
      } else if bytes[place] == UInt8(ascii: "#") {
        while place < bytes.count, bytes[place] != 0x0a { place += 1 }
      } else {
        break
      }
    }
    return place
  }

  private mutating func ends(of rule: String, at place: Int) -> [Int] {
    let key = Key(rule: rule, place: place)
    if let result = known[key] { return result }
    let result: [Int]
    if EBNFGrammar.isLexical(rule) {
      result = terminal(rule, at: place).map { [$0] } ?? []
    } else {
      result = ends(of: grammar.rules[rule]!, at: place, in: rule)
    }
    known[key] = result
    return result
  }

  private mutating func ends(of node: EBNFNode, at place: Int, in rule: String) -> [Int] {
    let place = skipBlanks(place)
    switch node {
    case .literal(let text): return literal(text, at: place).map { [$0] } ?? []
    case .set: return []
    case .rule(let name):
      // L5: words that are never the NAME of a primary.
      if rule == "primary" && name == "NAME" {
        guard let end = terminal(name, at: place) else { return [] }
        let word = String(decoding: bytes[place..<end], as: UTF8.self)
        return ["pow2", "rest", "none", "offset", "nop", "trap", "."].contains(word) ? [] : [end]
      }
      return ends(of: name, at: place)
    case .choice(let choices):
      var result: Set<Int> = []
      for choice in choices { result.formUnion(ends(of: choice, at: place, in: rule)) }
      return result.sorted()
    case .sequence(let items):
      var places: Set<Int> = [place]
      for item in items {
        var next: Set<Int> = []
        for place in places { next.formUnion(ends(of: item, at: place, in: rule)) }
        places = next
        if places.isEmpty { break }
      }
      return places.sorted()
    case .repetition(let item, let minimum, let isUnbounded):
      var result: Set<Int> = minimum == 0 ? [place] : []
      var frontier: Set<Int> = [place]
      while !frontier.isEmpty {
        var next: Set<Int> = []
        for place in frontier { next.formUnion(ends(of: item, at: place, in: rule)) }
        frontier = next.subtracting(result)
        result.formUnion(next)
        if !isUnbounded { break }
      }
      return result.sorted()
    }
  }

  private func isNameByte(_ place: Int) -> Bool {
    guard place < bytes.count, case .set(let set) = continuesName else { return false }
    return set.contains(bytes[place])
  }

  private var continuesName: EBNFNode {
    .set(Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$".utf8))
  }

  /// A quoted word or sign. L3: a word ends where no further byte of a name follows. L2: a sign takes
  /// its longest match, so `<` is not the first half of `<<`.
  private func literal(_ text: String, at place: Int) -> Int? {
    guard bytes[place...].starts(with: text.utf8) else { return nil }
    let end = place + text.utf8.count
    if text.utf8.last.map({ (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) }) == true {
      return isNameByte(end) ? nil : end
    }
    for longer in ["<<", ">>", "<=", ">=", "==", "!=", "&&", "||"]
    where longer.hasPrefix(text) && longer != text && bytes[place...].starts(with: longer.utf8) {
      return nil
    }
    return end
  }

  /// The longest match of a lexical rule.
  private func terminal(_ rule: String, at place: Int) -> Int? {
    guard let end = lexicalEnds(grammar.rules[rule]!, at: place).max(), end > place else {
      return nil
    }
    if (rule == "ACCESS" || rule == "UNIT") && isNameByte(end) { return nil }
    if rule == "WORD" {
      // L4
      let word = String(decoding: bytes[place..<end], as: UTF8.self)
      if ["sort", "order", "except"].contains(word) { return nil }
    }
    return end
  }

  private func lexicalEnds(_ node: EBNFNode, at place: Int) -> Set<Int> {
    switch node {
    case .literal(let text):
      return bytes[place...].starts(with: text.utf8) ? [place + text.utf8.count] : []
    case .set(let set): return place < bytes.count && set.contains(bytes[place]) ? [place + 1] : []
    case .rule(let name): return lexicalEnds(grammar.rules[name]!, at: place)
    case .choice(let choices):
      return choices.reduce(into: []) { $0.formUnion(lexicalEnds($1, at: place)) }
    case .sequence(let items):
      var places: Set<Int> = [place]
      for item in items {
        places = places.reduce(into: []) { $0.formUnion(lexicalEnds(item, at: $1)) }
      }
      return places
    case .repetition(let item, let minimum, let isUnbounded):
      var result: Set<Int> = minimum == 0 ? [place] : []
      var frontier: Set<Int> = [place]
      while !frontier.isEmpty {
        let next = frontier.reduce(into: Set<Int>()) { $0.formUnion(lexicalEnds(item, at: $1)) }
        frontier = next.subtracting(result)
        result.formUnion(next)
        if !isUnbounded { break }
      }
      return result
    }
  }
}
