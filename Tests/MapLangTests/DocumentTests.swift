// The document shows maps; all of them compile.

import MapLang
import Testing

@Suite struct DocumentTests {
  struct Block {
    var line: Int
    var kind: String
    var text: String
  }

  static func blocks(of path: String = "docs/SectionMap.md") throws -> [Block] {
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
    let blocks = try Self.blocks()
    let files = Dictionary(
      uniqueKeysWithValues: blocks.compactMap { block in
        block.kind.hasPrefix("smap-file ") ? (String(block.kind.dropFirst(10)), block.text) : nil
      })
    let maps = blocks.filter { $0.kind == "smap" }
    #expect(maps.count > 25)
    for block in maps {
      let result = compile(block.text, extending: try TestFiles.defaultMap(), files: files)
      #expect(
        result.diagnostics.isEmpty,
        "line \(block.line): \(result.diagnostics.map { $0.render(in: result.sources) })")
      #expect(Recogniser.accepts(Array(block.text.utf8), GrammarTests.grammar))
    }
  }

  /// Each statement of the grammar appears in an example.
  @Test func everyStatementHasAnExample() throws {
    let text = try Self.blocks().filter { $0.kind == "smap" }.map(\.text).joined()
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
