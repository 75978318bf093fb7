// A section map as a GNU ld script, for people who must keep both.
//
// A script is written in the order in which GNU ld lays out, so the map is walked region by region. What
// a script cannot say stands as a comment at its place and as a `note:` in the report; a `remark:` tells
// of what is said in another way. Nothing is left out without one of the two.
//
// The ways part in four places. A map chooses the most specific rule, a script the first: where that
// makes a difference, there is a note. A map has kinds (`@code`), a script has names. The flow of a map
// walks around what is pinned, a script's does not. And a map aligns what is stored as it runs, while GNU
// ld packs it: so load addresses are written out.

public import MapLang

/// One line of the report of an export.
public struct ExportNote: Sendable {
  /// How much it matters.
  public enum Kind: Sendable {
    /// The script differs from the map here, or may.
    case note
    /// The script does the same in another way.
    case remark
  }
  /// Whether the script is faithful all the same.
  public var kind: Kind
  /// Where in the map; nil: the map as a whole.
  public var position: SourcePosition?
  /// One line, without the place.
  public var message: String
}

/// A map as a script.
public struct ExportedScript: Sendable {
  /// The text of the script.
  public var text: String
  /// In the order in which the script was written.
  public var notes: [ExportNote]

  /// Whether a link with the script is one with the map.
  public var isFaithful: Bool { !notes.contains { $0.kind == .note } }
}

/// Writes GNU ld scripts.
public enum ScriptExporter {
  /// The script that does what the map does. `name`: of the map, for the comment at the top.
  public static func run(_ map: SectionMap, name: String) -> ExportedScript {
    var exporter = Exporter(map)
    let text = exporter.script(name: name)
    return ExportedScript(text: text, notes: exporter.notes)
  }
}

/// A statement of SECTIONS.
struct ScriptNode {
  /// A line, or what stands before the brace of a section.
  var head: String
  /// Of a section, what stands in its braces; nil: a line.
  var body: [String]?
  /// `> ram AT> flash :data =0xff`
  var tail = ""
}

struct Exporter {
  let map: SectionMap
  var notes: [ExportNote] = []
  var nodes: [ScriptNode] = []
  /// What comes behind every flow: pins, and what is taken from the end of a region.
  var late: [ScriptNode] = []
  /// The flow that is being written.
  var flow = ScriptFlow()
  /// `:name` of the segment that the walk is in.
  var segment: String?
  /// Program headers, if the map has segments.
  var headers: [String] = []
  /// For each region that stores something for another, where the next image begins.
  var imageEnds: [RegionID: String] = [:]
  /// Rights of the section before; nil: at the beginning of a flow.
  var rights: Access?
  /// The program header of what is in no segment.
  var loose: String?
  var looseCount = 0
  let hasSegments: Bool
  /// The walk is behind a segment.
  var isBehindSegment = false
  /// The group with `load` that the walk is in.
  var group: StoredTogether?
  /// Symbols that only the script has.
  var helpers = 0
  /// What was said once and need not be said again.
  private var said: Set<String> = []

  init(_ map: SectionMap) {
    self.map = map
    func hasSegment(_ items: [PlaceItem]) -> Bool {
      items.contains { item in
        switch item {
        case .segment: true
        case .group(let group), .overlay(let group): hasSegment(group.items)
        default: false
        }
      }
    }
    hasSegments = map.places.contains { hasSegment($0.items) }
  }

  // MARK: The report

  mutating func note(_ message: String, _ position: SourcePosition?) {
    notes.append(ExportNote(kind: .note, position: position, message: message))
  }

  mutating func remark(_ message: String, _ position: SourcePosition?, once: Bool = false) {
    if once && !said.insert(message).inserted { return }
    notes.append(ExportNote(kind: .remark, position: position, message: message))
  }

  /// A comment at the place of what cannot be said, and a note.
  mutating func leaveOut(_ words: String, _ reason: String, _ position: SourcePosition?) {
    note("\(reason): \(words)", position)
    line(Self.comment("not exported (\(reason)): \(words)"))
  }

  static func comment(_ words: String) -> String {
    var text = ""
    for character in words.unicodeScalars {
      if character == "/" && text.hasSuffix("*") { text += " " }
      text.unicodeScalars.append(character == "\n" || character == "\r" ? " " : character)
    }
    return "/* \(text) */"
  }

  mutating func line(_ words: String) { nodes.append(ScriptNode(head: words)) }

  // MARK: The whole

  mutating func script(name: String) -> String {
    let base = name.split(separator: "/").last.map(String.init) ?? name
    var text = Self.comment("Exported from \(base) by swold-map export.") + "\n"
    if let entry = map.entry { text += "ENTRY(\(ScriptWords.name(entry.name)))\n" }
    if !map.roots.isEmpty {
      text += "EXTERN(\(map.roots.map { ScriptWords.name($0.name) }.joined(separator: " ")))\n"
    }
    if case .error = map.orphans {
      remark(
        "GNU ld places sections without a rule in silence; --orphan-handling=error makes them errors",
        map.orphansPosition)
    }
    if case .discard = map.orphans {
      note("sections without a rule are placed by GNU ld, not dropped", map.orphansPosition)
    }
    if map.spare != Spare() { remark("room for swold-edit is not reserved: spare", nil) }
    text += memory()
    compareRules()
    writeDiscards(first: true)
    writeFlows()
    nodes += late
    writeSymbols()
    writeDiscards(first: false)
    writeForbidden()
    for id in map.unplaced {
      leaveOut(
        "section \(map[id].name)", "a section in no place goes where its kind goes",
        map[id].position)
    }
    if !headers.isEmpty { text += "PHDRS {\n" + headers.map { "  \($0)\n" }.joined() + "}\n" }
    text += "SECTIONS {\n"
    for (index, node) in nodes.enumerated() {
      var node = node
      // A fill is an expression, and `/DISCARD/` would divide it.
      if node.tail.contains("="), index + 1 < nodes.count, nodes[index + 1].head.hasPrefix("/") {
        node.tail += ","
      }
      text += Self.text(node)
    }
    return text + "}\n"
  }

  private static func text(_ node: ScriptNode) -> String {
    guard let body = node.body else { return "  \(node.head)\n" }
    let tail = node.tail.isEmpty ? "" : " " + node.tail
    let short = "  \(node.head) { \(body.joined(separator: " ")) }\(tail)\n"
    if short.utf8.count <= 100 { return short }
    return "  \(node.head) {\n" + body.map { "    \($0)\n" }.joined() + "  }\(tail)\n"
  }

  /// MEMORY. A region that begins or ends with a part of its own is shorter by it, for GNU ld would fill
  /// both from the same address.
  private mutating func memory() -> String {
    guard !map.regions.isEmpty else { return "" }
    var text = "MEMORY {\n"
    for (index, region) in map.regions.enumerated() {
      let range = self.range(RegionID(index))
      let access = region.access.map { " (\($0.text))" } ?? ""
      text += "  \(ScriptWords.name(region.name))\(access) : "
      text +=
        "ORIGIN = \(ScriptWords.number(range.start)), LENGTH = \(ScriptWords.number(range.size))\n"
      if let fill = region.fill, case .pattern(let word) = fill, word == 0 { continue }
      if region.fill != nil {
        remark(
          "GNU ld does not fill between sections; region \(region.name) has a fill", region.position
        )
      }
    }
    for (index, place) in map.places.enumerated() {
      guard case .address(let address, _) = place.target else { continue }
      let most = map.width == .bits32 ? UInt64(UInt32.max) : UInt64(Int64.max)
      text += "  place_\(index + 1) : ORIGIN = \(ScriptWords.number(address)), "
      text += "LENGTH = \(ScriptWords.number(address < most ? most - address : .max - address))\n"
    }
    text += "}\n"
    for region in map.regions {
      for alias in region.aliases {
        text += "REGION_ALIAS(\"\(alias)\", \(ScriptWords.name(region.name)))\n"
      }
    }
    return text
  }

  /// Of the region without the parts at its ends.
  func range(_ id: RegionID) -> (start: UInt64, size: UInt64) {
    let region = map[id]
    let most = map.width == .bits32 ? UInt64(UInt32.max) : UInt64(Int64.max)
    var start = region.at
    let open = region.at < most ? most - region.at : .max - region.at
    var end = region.at.addingReportingOverflow(region.size ?? open).partialValue
    let parts = map.regions.filter { $0.parent == id }.sorted { $0.at < $1.at }
    for part in parts where part.at == start { start = start &+ (part.size ?? 0) }
    for part in parts.reversed() where part.at > start && part.at &+ (part.size ?? 0) == end {
      end = part.at
    }
    return (start, end &- start)
  }

  /// Whether the region says in the script what it says in the map.
  func isWhole(_ id: RegionID) -> Bool {
    let range = self.range(id)
    return range.start == map[id].at && range.size == map[id].size
  }
}
