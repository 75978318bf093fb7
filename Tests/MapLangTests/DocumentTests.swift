// The documents show maps; all of them compile, and links lead somewhere.

import MapLang
import Testing

@Suite struct DocumentTests {
  struct Block {
    var line: Int
    var kind: String
    var text: String
  }

  static let pages =
    ["docs/SectionMap.md"]
    + ["HowTo", "Reference", "FromGNULd", "Decisions"].map {
      "docs/SectionMap/\($0).md"
    }

  static func blocks(of path: String) throws -> [Block] {
    var blocks: [Block] = []
    var open: Block?
    let lines = try TestFiles.readText(path).split(
      separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if line.hasPrefix("```") {
        if let block = open {
          blocks.append(block)
          open = nil
        } else {
          open = Block(line: index + 2, kind: String(line.dropFirst(3)), text: "")
        }
      } else {
        open?.text += line + "\n"
      }
    }
    #expect(open == nil, "a block without end")
    return blocks
  }

  @Test func mapsOfTheReadMeCompile() throws {
    let maps = try Self.blocks(of: "README.md").filter { $0.kind == "smap" }
    #expect(!maps.isEmpty)
    for map in maps {
      let result = compile(map.text)
      #expect(result.diagnostics.isEmpty)
    }
  }

  @Test func everyMapCompiles() throws {
    var count = 0
    for page in Self.pages {
      let blocks = try Self.blocks(of: page)
      let files = Dictionary(
        uniqueKeysWithValues: blocks.compactMap { block in
          block.kind.hasPrefix("smap-file ") ? (String(block.kind.dropFirst(10)), block.text) : nil
        })
      // Those of How to have names, by which a case of the end-to-end suite links them.
      for block in blocks where block.kind == "smap" || block.kind.hasPrefix("smap ") {
        count += 1
        let result = compile(block.text, extending: try TestFiles.defaultMap(), files: files)
        #expect(
          result.diagnostics.isEmpty,
          "\(page):\(block.line): \(result.diagnostics.map { $0.render(in: result.sources) })")
        #expect(Recogniser.accepts(Array(block.text.utf8), GrammarTests.grammar))
      }
    }
    #expect(count > 40)
  }

  @Test func linksLeadSomewhere() throws {
    for page in Self.pages + ["README.md"] {
      let folder = page.split(separator: "/").dropLast().joined(separator: "/")
      for part in try TestFiles.readText(page).split(separator: "](").dropFirst() {
        let target = part.prefix { $0 != ")" && !$0.isNewline }
        guard target.contains(".md") || target.hasPrefix("#"), !target.contains(":") else {
          continue
        }
        let pieces = target.split(separator: "#", omittingEmptySubsequences: false)
        let file = pieces[0].isEmpty ? page : Self.path(folder, String(pieces[0]))
        let text = try TestFiles.readText(file)
        guard pieces.count > 1 else { continue }
        let anchors = text.split(separator: "\n").filter { $0.hasPrefix("#") }.map(Self.anchor)
        #expect(anchors.contains(String(pieces[1])), "\(page): \(target)")
      }
    }
  }

  private static func path(_ folder: String, _ target: String) -> String {
    var parts = folder.split(separator: "/").map(String.init)
    for part in target.split(separator: "/") {
      if part == ".." { parts.removeLast() } else { parts.append(String(part)) }
    }
    return parts.joined(separator: "/")
  }

  /// As web pages make it of a heading.
  private static func anchor(_ heading: Substring) -> String {
    let words = heading.drop { $0 == "#" }.dropFirst().lowercased()
    return String(
      words.compactMap { character -> Character? in
        if character == " " { return "-" }
        return character.isLetter || character.isNumber || "-_".contains(character)
          ? character : nil
      })
  }

  /// Each statement of the grammar appears in an example.
  @Test func everyStatementHasAnExample() throws {
    let text = try Self.pages.flatMap { try Self.blocks(of: $0) }.filter { $0.kind == "smap" }
      .map(\.text).joined()
    for word in [
      "include", "let", "param", "when", "entry", "root", "pages", "extends default", "orphans",
      "spare", "region",
      "place in", "place at", "section", "extend", "group", "segment", "headers", "reserve", "slot",
      "image", "take",
      "keep take", "prefer take", "except", "sort", "order", "discard", "forbid", "provide hidden",
      "symbol", "assert",
    ] {
      #expect(text.contains(word + " ") || text.contains(word + ";"), "no example of '\(word)'")
    }
  }
}
