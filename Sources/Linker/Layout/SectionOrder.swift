// --section-order: the layout in mold's words, as a section map.
//
// EHDR and PHDR are the headers; .NAME is a section; TEXT, RODATA, DATA and BSS are all sections of their kind that
// are not named; what follows =ADDRESS begins there, what follows %N is aligned by N, and !NAME is a symbol. What
// stands in the built-in map keeps its statement; the words say in which order.

internal import MapLang

/// What a map of the words consists of.
enum LayoutWord: Equatable {
  case headers
  case address(UInt64)
  case alignment(UInt64)
  case symbol(String)
  case section(String)
  case kind(SectionKind)

  enum SectionKind: String {
    case text = "TEXT"
    case readOnly = "RODATA"
    case data = "DATA"
    case zeros = "BSS"

    /// The kinds of the map language that sections without a statement have.
    var orphans: String {
      switch self {
      case .text: "@code"
      case .readOnly: "@rodata @note"
      case .data: "@data @tdata @tbss"
      case .zeros: "@bss"
      }
    }

    /// Of a section that has a statement in the built-in map.
    init(_ statement: DefaultMap.Statement) {
      switch statement.segment {
      case "text": self = .text
      case "rodata": self = .readOnly
      default:
        let first = statement.names.first ?? ""
        self =
          first.hasSuffix("bss") && first != ".tbss"
          ? .zeros : first == ".lrodata" ? .readOnly : .data
      }
    }
  }

  /// nil: it is no word.
  init?(_ text: Substring) {
    let rest = String(text.dropFirst())
    switch text.first {
    case "=":
      guard let address = Number.parse(rest) else { return nil }
      self = .address(address)
    case "%":
      guard let alignment = Number.parse(rest), alignment.nonzeroBitCount == 1 else { return nil }
      self = .alignment(alignment)
    case "!" where LayoutWord.isName(rest): self = .symbol(rest)
    case _ where text == "EHDR" || text == "PHDR": self = .headers
    case _ where LayoutWord.isName(text):
      self = SectionKind(rawValue: String(text)).map { .kind($0) } ?? .section(String(text))
    default: return nil
    }
  }

  private static func isName(_ text: some StringProtocol) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
          || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
          || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
          || byte == UInt8(ascii: "$")
      }
  }
}

struct SectionOrder: Equatable {
  let words: [LayoutWord]
  /// Where something begins anew.
  var addresses: [UInt64] {
    words.compactMap { if case .address(let address) = $0 { address } else { nil } }
  }

  /// nil, and the first that is none: something is no word.
  static func parse(_ text: String) -> (order: SectionOrder?, wrong: String?) {
    var words: [LayoutWord] = []
    for part in text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" }) {
      guard let word = LayoutWord(part) else { return (nil, String(part)) }
      words.append(word)
    }
    return (SectionOrder(words: words), nil)
  }

  /// Whether a word counts: a section that is named again has its place.
  private func isFirst(_ index: Int) -> Bool {
    switch words[index] {
    case .headers, .section, .kind: !words[..<index].contains(words[index])
    case .address, .alignment, .symbol: true
    }
  }

  /// The map, in the place of the built-in one.
  var source: SourceFile {
    let statements = DefaultMap.statements()
    let named = Set(words.compactMap { if case .section(let name) = $0 { name } else { nil } })
    var text =
      DefaultMap.preamble + "place at image_base {\n    provide hidden start __executable_start;\n"
    var depth = 1
    let last = words.lastIndex { if case .address = $0 { true } else { false } }
    let end = "    provide end end, _end;\n"
    if last == nil { text += end }
    func isNamed(_ statement: DefaultMap.Statement) -> Bool {
      statement.names.contains(where: named.contains)
    }
    for (index, word) in words.enumerated() where isFirst(index) {
      switch word {
      case .headers:
        text += "headers;\n"
      case .address(let address):
        text += String(repeating: "}\n", count: depth) + "place at \(address) {\n"
        if index == last { text += end }
        depth = 1
      case .alignment(let alignment):
        if depth == 2 { text += "}\n" }
        text += "group {\n    align \(alignment);\n"
        depth = 2
      case .symbol(let name): text += "group { start \"\(name)\"; }\n"
      case .section(let name):
        let own = statements.filter { $0.names.contains(name) }
        text += own.map(\.text).joined()
        if own.isEmpty { text += "section \"\(name)\" { take \"\(name)\"; }\n" }
      case .kind(let kind):
        for statement in statements
        where LayoutWord.SectionKind(statement) == kind && !isNamed(statement) {
          text += statement.text
        }
        text += "orphans \(kind.orphans);\n"
      }
    }
    text += String(repeating: "}\n", count: depth)
    return SourceFile(name: "<section order>", bytes: Array(text.utf8), isBuiltIn: true)
  }
}
