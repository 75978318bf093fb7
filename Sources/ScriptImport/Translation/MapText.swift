// The text of the map that comes out: lines and blocks, and how they are laid on the page.

internal import Text

/// A statement or block of a map.
indirect enum MapNode {
  /// A statement with its `;`, and a comment behind it.
  case line(String, behind: String = "")
  /// `HEAD { … }`
  case block(String, [MapNode])
  /// A comment on a line of its own.
  case comment(String)
  /// The rule of that number; it becomes a line when all rules are known.
  case rule(Int)
  case blank
}

struct MapWriter {
  private(set) var text = ""
  private var depth = 0
  /// The statement of a rule, and a comment instead if it needs none.
  let ruleNodes: (Int) -> [MapNode]

  init(ruleNodes: @escaping (Int) -> [MapNode]) {
    self.ruleNodes = ruleNodes
  }

  private mutating func put(_ words: String) {
    text += String(repeating: "    ", count: depth) + words + "\n"
  }

  mutating func write(_ nodes: [MapNode]) {
    for node in resolved(nodes) { write(node) }
  }

  private func resolved(_ nodes: [MapNode]) -> [MapNode] {
    nodes.flatMap { node in
      if case .rule(let rule) = node { return ruleNodes(rule) }
      return [node]
    }
  }

  private mutating func write(_ node: MapNode) {
    switch node {
    case .line(let words, let behind): put(words + (behind.isEmpty ? "" : "   # " + behind))
    case .comment(let words): put(words.isEmpty ? "#" : "# " + words)
    case .blank: if !text.hasSuffix("\n\n") { text += "\n" }
    case .rule: break
    case .block(let head, let body):
      let inner = resolved(body)
      if let line = short(head, inner) {
        put(line)
      } else {
        put(head + " {")
        depth += 1
        for node in inner { write(node) }
        depth -= 1
        put("}")
      }
    }
  }

  /// The block on one line, if it fits.
  private func short(_ head: String, _ body: [MapNode]) -> String? {
    var line = head + " {"
    for node in body {
      guard case .line(let words, "") = node else { return nil }
      line += " " + words
    }
    line += body.isEmpty ? "}" : " }"
    return line.utf8.count + 4 * depth <= 96 ? line : nil
  }
}

enum MapWords {
  /// A name of a symbol or section as the map writes it.
  static func name(_ text: String) -> String {
    isPlain(text) && !reserved.contains(text) ? text : quoted(text)
  }

  /// Words that an expression takes for something else.
  static let reserved: Set<String> = [".", "pow2", "rest", "none", "offset", "nop", "trap"]

  /// `[A-Za-z_.$][A-Za-z0-9_.$]*`
  static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "$"):
        true
      default: false
      }
    }
  }

  static func isIdentifier(_ text: String) -> Bool {
    isPlain(text) && !text.utf8.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "$") }
  }

  /// A C identifier made of `text`.
  static func identifier(_ text: String) -> String {
    var bytes = text.utf8.map { byte -> UInt8 in
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"): byte
      default: UInt8(ascii: "_")
      }
    }
    while bytes.first == UInt8(ascii: "_") { bytes.removeFirst() }
    if bytes.isEmpty || (0x30...0x39).contains(bytes[0]) { bytes.insert(UInt8(ascii: "x"), at: 0) }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for character in text.unicodeScalars {
      if character == "\"" || character == "\\" { result += "\\" }
      result.unicodeScalars.append(character == "\n" || character == "\r" ? " " : character)
    }
    return result + "\""
  }

  /// A number as people write it: units where they come out even.
  static func number(_ value: UInt64) -> String {
    if value >= 1 << 20, value % (1 << 20) == 0, value >> 20 < 10000 { return "\(value >> 20) MiB" }
    if value >= 1 << 10, value % (1 << 10) == 0, value >> 10 < 10000 { return "\(value >> 10) KiB" }
    return value < 4096
      ? String(value) : hexadecimal(value)
  }
}
