// Input section descriptions as selectors of a map.
//
// The two languages mean different things by the same text: a wildcard of a script takes sections of any
// type and crosses `/`, and an archive needs its colon. What a map says otherwise is written otherwise,
// and what it cannot say is told.

internal import MapLang

/// One selector of a rule, with its two patterns as text.
struct SelectorDraft {
  var file: FilePattern
  var section: SectionPattern
  /// As the map writes them.
  var fileText: String
  var sectionText: String
}

/// One `take` or `discard` to be.
struct RuleDraft {
  /// The index of the output section; nil: `discard`.
  var section: Int?
  var selectors: [SelectorDraft] = []
  /// What EXCLUDE_FILE says.
  var exceptions: [SelectorDraft] = []
  /// What earlier rules of the script take.
  var claimed: [SelectorDraft] = []
  var isKept = false
  var isPreferred = false
  var sort: [String] = []
  var place: ScriptPlace
  /// Comments that stand in front.
  var before: [String] = []
  var behind = ""
  /// Why nothing is left of the rule.
  var deadReason: String?
}

enum Patterns {
  /// What the linker makes; a map selects it by its full name only.
  static let linkerMade = [
    ".got", ".got.plt", ".plt", ".plt.got", ".plt.sec", ".dynamic", ".dynsym", ".dynstr", ".hash",
    ".gnu.hash", ".gnu.version", ".gnu.version_d", ".gnu.version_r", ".interp", ".eh_frame_hdr",
    ".note.gnu.build-id", ".note.gnu.property", ".rela.dyn", ".rela.plt", ".rel.dyn", ".rel.plt",
    ".relr.dyn",
  ]

  static func hasWildcard(_ text: String) -> Bool {
    text.utf8.contains { [UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "[")].contains($0) }
  }

  /// Whether the text can stand in a map without quotes.
  private static func isWord(_ text: String) -> Bool {
    guard !text.isEmpty, !["sort", "order", "except"].contains(text), !text.hasPrefix("@") else {
      return false
    }
    return text.utf8.allSatisfy { byte in
      byte > 0x20 && !Array("(){};,\"#".utf8).contains(byte)
    }
  }

  /// The patterns of sections, `X` and `X.*` put together.
  static func sections(_ names: [String]) throws(Untranslatable) -> [SelectorDraft] {
    var result: [SelectorDraft] = []
    let given = Set(names)
    var seen: Set<String> = []
    for name in names where seen.insert(name).inserted {
      if name.hasSuffix(".*"), !hasWildcard(String(name.dropLast(2))),
        given.contains(String(name.dropLast(2)))
      {
        continue  // it is in the family
      }
      if !hasWildcard(name), given.contains(name + ".*"), isWord(name + "+") {
        result.append(draft(.family(name), name + "+"))
        continue
      }
      result.append(try section(name))
      guard hasWildcard(name) else { continue }
      // Wildcards of a map do not reach what the linker makes.
      if case .name(let text, _) = result[result.count - 1].section {
        for made in linkerMade where !given.contains(made) && mayMeet(text, made) {
          result.append(draft(.name(made, isLiteral: true), "\"\(made)\"".plainIfPossible(made)))
        }
      }
    }
    return result
  }

  private static func mayMeet(_ pattern: String, _ name: String) -> Bool {
    // `*` is for everything; nobody means the linker's own with it.
    guard pattern != "?*" else { return false }
    return ScriptGlob.matches(pattern, name)
  }

  private static func draft(_ pattern: SectionPattern, _ text: String) -> SelectorDraft {
    SelectorDraft(file: .any, section: pattern, fileText: "*", sectionText: text)
  }

  private static func section(_ name: String) throws(Untranslatable) -> SelectorDraft {
    let text = try converted(name)
    if text == "*" { return draft(.name("?*", isLiteral: false), "?*") }
    if isWord(text), !text.hasSuffix("+") {
      return draft(.name(text, isLiteral: false), text)
    }
    guard !hasWildcard(text) else {
      throw Untranslatable(reason: "a map cannot write the pattern '\(name)'")
    }
    return draft(.name(text, isLiteral: true), MapWords.quoted(text))
  }

  /// `[^a]` is `[!a]`.
  private static func converted(_ pattern: String) throws(Untranslatable) -> String {
    var bytes = Array(pattern.utf8)
    for index in bytes.indices.dropLast()
    where bytes[index] == UInt8(ascii: "[") && bytes[index + 1] == UInt8(ascii: "^") {
      bytes[index + 1] = UInt8(ascii: "!")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    if text.contains("[[:") || text.contains("\\") {
      throw Untranslatable(reason: "a map has neither classes nor '\\' in patterns: '\(pattern)'")
    }
    return text
  }

  /// The pattern of a file. `note` tells what is different; `isExcluding`: in EXCLUDE_FILE.
  static func file(
    _ pattern: String, isExcluding: Bool, note: (String) -> Void
  ) throws(Untranslatable) -> (FilePattern, String)? {
    let text = try converted(pattern)
    if text == "*" { return (.any, "*") }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      .map(String.init)
    let isArchive = parts.count == 2 || text.hasSuffix(".a")
    if isArchive, parts.count == 1, !isExcluding {
      note(
        "'\(pattern)' matches no member in GNU ld, so the map leaves it out; '\(pattern):' would name the archive"
      )
      return nil
    }
    if !hasWildcard(parts[0]), !parts[0].isEmpty, !isExcluding {
      note(
        "'\(pattern)' is one file for GNU ld, which it reads by itself; name it on the command line"
      )
    }
    for part in parts {
      let components = part.split(separator: "/", omittingEmptySubsequences: false)
      let crosses = components.dropFirst().contains { $0.utf8.contains(UInt8(ascii: "*")) }
      let isAnchored = components.count > 1 && components[0] != "*"
      if components.count > 1, crosses || isAnchored {
        note(
          "'\(pattern)' is compared with the whole path by GNU ld, where '*' crosses '/'; a map compares the last components, one by one"
        )
      } else if components.count == 1, part.utf8.count > 2, part.hasPrefix("*"),
        part.hasSuffix("*"),
        !part.contains(".")
      {
        note(
          "'\(pattern)' is compared with the whole path by GNU ld, directories included; a map compares the name of the file"
        )
      }
    }
    guard isWord(text), text != "<linker>" else {
      guard !hasWildcard(text) else {
        throw Untranslatable(reason: "a map cannot write the pattern '\(pattern)'")
      }
      return (.object(text, isLiteral: true), MapWords.quoted(text))
    }
    if isArchive {
      return (
        .archive(parts[0], member: parts.count == 2 ? parts[1] : "", isLiteral: false), text
      )
    }
    return (.object(text, isLiteral: false), text)
  }
}

extension String {
  /// `name` itself, if a map takes it for a name without wildcards.
  fileprivate func plainIfPossible(_ name: String) -> String {
    name.utf8.allSatisfy { $0 > 0x20 } ? name : self
  }
}
