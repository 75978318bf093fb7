// The rule about comments: what a library shows to others says what its name does not.
//
// A public declaration of the modules below has a `///` comment: the shape of a value, its unit, what
// nil or an error means, or the specification that it comes from. Works on lines, as the other rules.

/// Which public declarations of a module lack a comment.
enum CommentRule {
  static let modules: Set<String> = ["ELF", "MapLang", "PostLinkEdit", "Text"]

  /// The lines of `text` that declare something public without a comment, from 1.
  static func violations(in text: String) -> [Int] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(Line.init)
    return lines.indices.compactMap { index in
      guard let declaration = lines[index].publicDeclaration, !isSaidByProtocol(declaration),
        !isNamedBySpecification(declaration), !isMemberwise(lines[index...])
      else { return nil }
      let before = lines[..<index].last { !$0.isAttribute }
      return before?.text.hasPrefix("///") == true ? nil : index + 1
    }
  }

  /// What a protocol has documented: of the standard library, or `FileRecord`.
  private static func isSaidByProtocol(_ declaration: Substring) -> Bool {
    [
      "static func ==", "static func <", "func hash(into", "var description: String",
      "let rawValue:", "var rawValue:", "init(rawValue:", "init(from reader:", "func encode(to ",
      "static func size(in format:",
    ].contains { declaration.hasPrefix($0) }
  }

  /// `static var SHF_WRITE`: the specification says what it is; the name space says which one.
  private static func isNamedBySpecification(_ declaration: Substring) -> Bool {
    let words = declaration.split(maxSplits: 3) { $0 == " " || $0 == ":" }
    guard words.count == 4, words[0] == "static", words[1] == "var" || words[1] == "let" else {
      return false
    }
    return words[2].allSatisfy { $0.isUppercase || $0.isNumber || $0 == "_" }
  }

  /// An initialiser that gives each property its parameter, or nothing: the properties say it all.
  private static func isMemberwise(_ lines: ArraySlice<Line>) -> Bool {
    guard let declaration = lines.first?.publicDeclaration, declaration.hasPrefix("init("),
      let start = lines.firstIndex(where: { $0.text.contains("{") }),
      let end = lines[start...].firstIndex(where: { $0.text.hasSuffix("}") })
    else { return false }
    var words = lines[start...end].flatMap { $0.text.split(separator: " ") }
    words.removeFirst(1 + (words.firstIndex { $0.hasPrefix("{") } ?? 0))
    while words.last?.hasSuffix("}") == true { words.removeLast() }
    return words.count % 3 == 0
      && stride(from: 0, to: words.count, by: 3).allSatisfy {
        words[$0] == "self.\(words[$0 + 2])" && words[$0 + 1] == "="
      }
  }
}

/// The types that a file has for others in its module, or outside of it: neither nested nor private.
enum TypeNames {
  static func declared(in text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      guard !line.hasPrefix(" "), !line.hasPrefix("/"), !line.hasPrefix("private "),
        !line.hasPrefix("fileprivate ")
      else { return nil }
      let words = line.split { $0 == " " || $0 == ":" || $0 == "<" }
      let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "actor", "typealias"]
      guard let keyword = words.firstIndex(where: kinds.contains), keyword + 1 < words.count
      else { return nil }
      return String(words[keyword + 1])
    }
  }

  /// The words of `text` that begin with a capital, comments aside.
  static func used(in text: String) -> Set<Substring> {
    Set(
      TidyText.codeLines(of: text).flatMap {
        $0.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.filter {
          $0.first?.isUppercase == true
        }
      })
  }
}

/// A line of source without its indentation.
private struct Line {
  let text: Substring

  init(_ line: Substring) { text = line.drop { $0 == " " } }

  /// Whether attributes are all that stands here; the declaration follows.
  var isAttribute: Bool { text.hasPrefix("@") && rest.isEmpty }

  /// What follows the attributes.
  private var rest: Substring {
    var rest = text
    while rest.hasPrefix("@") {
      rest = rest.dropFirst().drop { $0.isLetter || $0.isNumber || $0 == "_" }
      if rest.hasPrefix("(") { rest = rest.drop { $0 != ")" }.dropFirst() }
      rest = rest.drop { $0 == " " }
    }
    return rest
  }

  /// What is declared, from its keyword on; nil if it is not public, or an extension or import.
  var publicDeclaration: Substring? {
    var declaration = rest
    guard declaration.hasPrefix("public ") else { return nil }
    declaration = declaration.dropFirst("public ".count)
    for word in ["private(set) ", "internal(set) ", "mutating "] where declaration.hasPrefix(word) {
      declaration = declaration.dropFirst(word.count)
    }
    return declaration.hasPrefix("extension ") || declaration.hasPrefix("import ")
      ? nil : declaration
  }
}
