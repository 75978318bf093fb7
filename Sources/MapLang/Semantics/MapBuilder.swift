// The state of a compilation, and the small services that all its steps use.
//
// The steps: read and parse the files and what they include, choose the branches of `when`
// (MapBuilder+Reading); declare regions; walk over the statements, first the user's, then the
// built-in ones, and turn them into rows of the map (+Places, +Sections, +Rules); work in anchors
// and extensions (+Merging); ask the questions that concern the whole (+Checks).
//
// Sections may be named before they are declared, so the first mention of a name makes a row; a row
// that is never declared is an error at its first mention.

internal import Text

struct MapBuilder {
  let settings: MapSettings
  var map: SectionMap
  var diagnostics: [MapDiagnostic] = []

  /// Statements in the order of the text; `when` at the top level is worked in.
  var userStatements: [StatementSyntax] = []
  var builtInStatements: [StatementSyntax] = []
  /// Whether the walk is in the built-in map.
  var isBuiltIn = false
  /// Whether sections may be mentioned that no text declares: `extends default`, and no default map
  /// at hand.
  var assumesUnknownSections = false

  var constants: [Constant] = []
  /// Their numbers, by name.
  var constantNumbers: [ConstantName: Int] = [:]
  /// Names reported as unknown: each is reported once.
  var reportedNames: [String] = []

  var sectionRows: [SectionRow] = []
  /// Hash of the name of each section.
  private var sectionHashes: [UInt64] = []
  /// Numbers of sections, plus 1, in the order of their hashes: open addressing, a power of two, at
  /// most half full. For the few dozen sections of most maps it takes a third of a dictionary's time.
  private var sectionTable = [UInt32](repeating: 0, count: 256)
  /// Items of `extend N`, to be appended when all sections are complete.
  var extensions: [(section: MapSectionID, items: [SectionItem], bounds: [Bound])] = []
  /// Sections at the top level with an anchor, and anchored places as groups.
  var anchored: [(item: PlaceItem, anchor: Anchor)] = []
  /// Positions of attributes that later checks point at.
  var pinPositions: [MapSectionID: SourcePosition] = [:]
  var regionSyntax: [RegionRow] = []
  /// Numbers of regions, by name and other names.
  var regionNumbers: [String: Int] = [:]
  var aliases: [(name: String, target: SyntaxText, position: SourcePosition)] = []

  /// For each included file, by its number: the name in the `include` that took it in.
  var includedAt: [Int: SourcePosition] = [:]

  var anchorRegions: [(anchor: Anchor, region: RegionID)] = []
  /// Sections that the user declared at the top level without an anchor.
  var unplacedByUser: [MapSectionID] = []
  /// Blocks by their sort and name: `segment text`.
  var blockNames: [String: SourcePosition] = [:]
  var pagesPosition: SourcePosition?
  var orphansAreSet = false

  /// What the builder knows of a section beside its row in the map.
  struct SectionRow {
    /// The first mention, for the error if no declaration follows.
    var mention: SourcePosition
    var isDeclared = false
    /// Whether a user's statement refines a section of the built-in map.
    var isDeclaredByUser = false
    var isPlaced = false
    /// The region of the place it stands in.
    var region: RegionID?
    var hasAnchor = false
  }

  struct RegionRow {
    var name: String
    var syntax: RegionSyntax
    var state: ConstantState = .unresolved
    var isBuiltIn: Bool
  }

  init(settings: MapSettings) {
    self.settings = settings
    map = SectionMap(
      sources: SourceSet(), orphansPosition: SourcePosition(file: 0, offset: 0, length: 0))
    map.width = settings.width
    map.isRelocatable = settings.isRelocatable
  }

  var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  mutating func finish(withoutMap: Bool = false) -> CompiledMap {
    let order = diagnostics.enumerated().sorted { left, right in
      let a = left.element.position
      let b = right.element.position
      return (a?.file ?? 0, a?.offset ?? 0, left.offset)
        < (b?.file ?? 0, b?.offset ?? 0, right.offset)
    }
    return CompiledMap(
      map: hasErrors || withoutMap ? nil : map, diagnostics: order.map(\.element),
      sources: map.sources)
  }

  // MARK: - Messages

  mutating func error(
    _ code: MapCode, _ message: String, at position: SourcePosition?,
    notes: [MapDiagnostic.Note] = [], help: String? = nil
  ) {
    diagnostics.append(
      MapDiagnostic(code, message, at: position, notes: notes, help: help))
  }

  /// SM003, once for each name.
  mutating func unknownName(
    _ what: String, _ name: String, at position: SourcePosition, among known: [String],
    hint: String = ""
  ) {
    let key = "\(what) \(name)"
    if reportedNames.contains(key) { return }
    reportedNames.append(key)
    let near = nearestName(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
    error(.unknownName, "unknown \(what) '\(name)'\(near)\(hint)", at: position)
  }

  // MARK: - Text

  /// The name or string in the text, without quotes and escapes.
  func string(_ text: SyntaxText) -> String {
    let bytes = map.sources.files[Int(text.position.file)].bytes
    let start = Int(text.position.offset)
    let end = start + Int(text.position.length)
    guard text.isQuoted else { return String(decoding: bytes[start..<end], as: UTF8.self) }
    guard end - start >= 2 else { return "" }
    let inner = bytes[start + 1..<end - 1]
    guard inner.contains(UInt8(ascii: "\\")) else { return String(decoding: inner, as: UTF8.self) }
    var result: [UInt8] = []
    var isEscaped = false
    for byte in inner {
      if byte == UInt8(ascii: "\\") && !isEscaped {
        isEscaped = true
      } else {
        result.append(byte)
        isEscaped = false
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// FNV-1a.
  static func hash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash
  }

  // MARK: - Sections by name

  func findSection(_ name: String) -> MapSectionID? {
    let hash = Self.hash(name)
    var slot = Int(truncatingIfNeeded: hash) & (sectionTable.count - 1)
    while sectionTable[slot] != 0 {
      let index = Int(sectionTable[slot]) - 1
      if sectionHashes[index] == hash && map.sections[index].name == name {
        return MapSectionID(index)
      }
      slot = (slot + 1) & (sectionTable.count - 1)
    }
    return nil
  }

  private mutating func enterSection(_ index: Int) {
    if (index + 1) * 2 > sectionTable.count {
      sectionTable = [UInt32](repeating: 0, count: sectionTable.count * 4)
      for earlier in 0..<index { enterSection(earlier) }
    }
    var slot = Int(truncatingIfNeeded: sectionHashes[index]) & (sectionTable.count - 1)
    while sectionTable[slot] != 0 { slot = (slot + 1) & (sectionTable.count - 1) }
    sectionTable[slot] = UInt32(index + 1)
  }

  /// The row of that name, new if need be.
  mutating func section(_ text: SyntaxText) -> MapSectionID {
    let name = string(text)
    if let known = findSection(name) { return known }
    if name.isEmpty && text.isQuoted {
      error(.syntax, "a section cannot be without a name", at: text.position)
    }
    map.sections.append(MapSection(name: name, position: text.position))
    sectionRows.append(SectionRow(mention: text.position))
    sectionHashes.append(Self.hash(name))
    enterSection(map.sections.count - 1)
    return MapSectionID(map.sections.count - 1)
  }

  // MARK: - Regions by name

  func findRegion(_ name: String) -> RegionID? {
    regionNumbers[name].map { RegionID($0) }
  }

  mutating func region(_ text: SyntaxText) -> RegionID? {
    let name = string(text)
    if let id = findRegion(name) { return id }
    unknownName("region", name, at: text.position, among: regionSyntax.map(\.name))
    return nil
  }
}
