// A checked map as text: the map that is in force, with everything worked in.
//
// The text is complete: constants stand at their values, included files and branches are merged, and
// what came from the built-in map stands beside what the user wrote. Compiling it gives a map that
// decides and places the same. Two things need care. A rule of the user beats a built-in one that is
// neither more nor less specific; in one text there is no such difference any more, so the built-in
// rule gets an `except` for the user's selectors. And sections that stand in no place stay at the
// top level, which `orphans place` allows.

/// Text that compiles to a map which decides and places as the given one: `--print-section-map`.
public struct MapPrinter {
  let map: SectionMap
  var text = ""
  var indentation = 0

  /// The text of `map`. `header` lines become comments behind the version.
  public static func print(_ map: SectionMap, header: [String] = []) -> String {
    var printer = MapPrinter(map: map)
    printer.printMap(header)
    return printer.text
  }

  private init(map: SectionMap) {
    self.map = map
  }

  // MARK: - Lines

  mutating func line(_ words: String) {
    text += String(repeating: "    ", count: indentation) + words + "\n"
  }

  mutating func block(_ head: String, _ body: (inout MapPrinter) -> Void) {
    line(head + " {")
    indentation += 1
    body(&self)
    indentation -= 1
    line("}")
  }

  // MARK: - Map

  mutating func printMap(_ header: [String]) {
    line("smap \(mapLanguageVersion);")
    for words in header { line("# " + words) }
    if !map.isRelocatable { printPlacement() }
    for section in map.unplaced { printSection(section) }
    for (index, rule) in map.rules.enumerated() where rule.kind != .take && rule.kind != .gather {
      line(words(of: RuleID(index)))
    }
    for symbol in map.symbols {
      line(
        (symbol.provide ? "provide " : "") + (symbol.hidden ? "hidden " : "")
          + "symbol \(Self.name(symbol.name)) = \(words(symbol.value));")
    }
    for assertion in map.assertions {
      line(
        "assert \(words(assertion.condition))"
          + (assertion.message.map { ", \(Self.quoted($0))" } ?? "") + ";")
    }
  }

  /// What -r has no use for.
  mutating func printPlacement() {
    switch map.pages {
    case .unspecified: break
    case .none: line("pages none;")
    case .size(let size): line("pages \(Self.number(size));")
    }
    line("orphans \(Self.orphans(map.orphans));")
    if let entry = map.entry { line("entry \(Self.name(entry.name));") }
    if !map.roots.isEmpty {
      line("root \(map.roots.map { Self.name($0.name) }.joined(separator: ", "));")
    }
    printSpare()
    for region in map.regions { printRegion(region) }
    for place in map.places { printPlace(place) }
  }

  static func orphans(_ policy: OrphanPolicy) -> String {
    switch policy {
    case .error: "error"
    case .warn: "warn"
    case .place: "place"
    case .discard: "discard"
    }
  }

  mutating func printSpare() {
    let items: [(String, UInt64?)] = [
      ("phdrs", map.spare.programHeaders), ("dyntags", map.spare.dynamicTags),
      ("dynstr", map.spare.dynamicStringBytes), ("interp", map.spare.interpreterBytes),
    ]
    let given = items.compactMap { name, count in count.map { "\(name) \($0)" } }
    if !given.isEmpty { line("spare \(given.joined(separator: ", "));") }
  }

  mutating func printRegion(_ region: Region) {
    let whole = region.parent.map { " in \(map[$0].name)" } ?? ""
    block("region \(region.name)\(whole)") { printer in
      printer.line("at \(Self.number(region.at));")
      if let size = region.size { printer.line("size \(Self.number(size));") }
      if let original = region.mirrors { printer.line("mirrors \(printer.map[original].name);") }
      if let access = region.access { printer.line("access \(access.text);") }
      switch region.load {
      case .at(let address, _): printer.line("load at \(Self.number(address));")
      case .region(let id, _):
        printer.line("load in \(printer.map[id].name)\(Self.alignment(region.loadAlign));")
      case nil: break
      }
      if let fill = region.fill { printer.line("fill \(Self.words(fill));") }
      printer.printBounds(region.bounds)
    }
    for alias in region.aliases { line("region \(alias) = \(region.name);") }
  }
}
