// Reads Grammar/section-map.ebnf: the EBNF of the W3C XML recommendation, as far as it is used there.

/// The right side of a production.
indirect enum EBNFNode: Sendable {
  /// `'take'`, `'<<'`
  case literal(String)
  /// `[A-Za-z_]`, `[^"\#xA]`
  case set(Set<UInt8>)
  case rule(String)
  case sequence([EBNFNode])
  case choice([EBNFNode])
  case repetition(EBNFNode, from: Int, isUnbounded: Bool)
}

struct EBNFGrammar: Sendable {
  private(set) var rules: [String: EBNFNode] = [:]
  private(set) var names: [String] = []

  /// Upper case: the symbols of the rule touch each other.
  static func isLexical(_ name: String) -> Bool { name.utf8.first.map { $0 < 0x61 } ?? false }

  init(_ text: String) {
    var reader = Reader(Self.withoutComments(text))
    while let name = reader.nextHead() {
      rules[name] = reader.choice()
      names.append(name)
    }
    precondition(reader.isAtEnd, "the grammar ends at: \(reader.rest)")
  }

  private static func withoutComments(_ text: String) -> [UInt8] {
    var result: [UInt8] = []
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      if bytes[index...].starts(with: "/*".utf8) {
        while !bytes[index...].starts(with: "*/".utf8) { index += 1 }
        index += 2
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }

  private struct Reader {
    let bytes: [UInt8]
    var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { index >= bytes.count }
    var rest: String { String(decoding: bytes[index...].prefix(60), as: UTF8.self) }

    mutating func skipBlanks() {
      while index < bytes.count, [0x20, 0x0a, 0x09].contains(bytes[index]) { index += 1 }
    }

    private func name(at start: Int) -> (String, end: Int)? {
      var end = start
      while end < bytes.count,
        (0x41...0x5a).contains(bytes[end] & 0xdf) || bytes[end] == UInt8(ascii: "-")
      {
        end += 1
      }
      return end > start ? (String(decoding: bytes[start..<end], as: UTF8.self), end) : nil
    }

    /// `NAME ::=`, if one begins here; moves behind it.
    mutating func nextHead() -> String? {
      skipBlanks()
      guard let (name, end) = name(at: index) else { return nil }
      var probe = self
      probe.index = end
      probe.skipBlanks()
      guard probe.bytes[probe.index...].starts(with: "::=".utf8) else { return nil }
      index = probe.index + 3
      return name
    }

    mutating func choice() -> EBNFNode {
      var choices = [sequence()]
      skipBlanks()
      while index < bytes.count, bytes[index] == UInt8(ascii: "|") {
        index += 1
        choices.append(sequence())
        skipBlanks()
      }
      return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func sequence() -> EBNFNode {
      var items: [EBNFNode] = []
      while let item = item() { items.append(item) }
      return items.count == 1 ? items[0] : .sequence(items)
    }

    private mutating func item() -> EBNFNode? {
      skipBlanks()
      guard index < bytes.count else { return nil }
      var node: EBNFNode
      switch bytes[index] {
      case UInt8(ascii: "'"):
        let end = bytes[(index + 1)...].firstIndex(of: UInt8(ascii: "'"))!
        node = .literal(String(decoding: bytes[(index + 1)..<end], as: UTF8.self))
        index = end + 1
      case UInt8(ascii: "["): node = set()
      case UInt8(ascii: "("):
        index += 1
        node = choice()
        skipBlanks()
        precondition(bytes[index] == UInt8(ascii: ")"), rest)
        index += 1
      case _:
        var probe = self
        guard probe.nextHead() == nil, let (name, end) = name(at: index) else { return nil }
        node = .rule(name)
        index = end
      }
      if index < bytes.count {
        switch bytes[index] {
        case UInt8(ascii: "*"): node = .repetition(node, from: 0, isUnbounded: true)
        case UInt8(ascii: "+"): node = .repetition(node, from: 1, isUnbounded: true)
        case UInt8(ascii: "?"): node = .repetition(node, from: 0, isUnbounded: false)
        case _: return node
        }
        index += 1
      }
      return node
    }

    private mutating func set() -> EBNFNode {
      index += 1
      let isInverted = bytes[index] == UInt8(ascii: "^")
      if isInverted { index += 1 }
      var members: Set<UInt8> = []
      while bytes[index] != UInt8(ascii: "]") {
        let first = member()
        if bytes[index] == UInt8(ascii: "-") {
          index += 1
          members.formUnion(first...member())
        } else {
          members.insert(first)
        }
      }
      index += 1
      return .set(isInverted ? Set(UInt8.min...UInt8.max).subtracting(members) : members)
    }

    /// A character, or `#xA`.
    private mutating func member() -> UInt8 {
      if bytes[index] == UInt8(ascii: "#"), bytes[index + 1] == UInt8(ascii: "x") {
        var end = index + 2
        var value = 0
        while let digit = Character(UnicodeScalar(bytes[end])).hexDigitValue, end < index + 4 {
          value = value * 16 + digit
          end += 1
        }
        index = end
        return UInt8(value)
      }
      index += 1
      return bytes[index - 1]
    }
  }
}
