// Version scripts: which symbols a library exports, and under which version names.
//
//     LIB_1.0 { global: open; read*; extern "C++" { "lib::File::close()"; lib::*; }; local: *; };
//     LIB_1.1 { global: seek; } LIB_1.0;
//
// A node without a name exports without versions and must be alone. GNU ld insists on one order of
// labels; other linkers do not, and scripts have grown up with them. So here labels may come in any
// order and more than once, a `;` too many, empty lists and an empty file are fine. But each node,
// pattern and block ends with a `;`, other than the last pattern of an `extern` block: without, GNU
// ld and lld refuse the script. `#` begins a comment.
//
// Names are slices of the script, which stays mapped. (GNU ld manual, 3.9 "VERSION Command".)

internal import ELF
internal import Text

/// One pattern of a version script or dynamic list.
struct VersionPattern: Sendable {
  enum Language: Sendable {
    /// Compared with the name in the symbol table.
    case c
    /// Compared with the demangled name, or with the name itself if that is not a mangled one.
    case cxx
  }

  /// As written, without quotes.
  let text: ByteView
  let language: Language
  /// A quoted name is exact, whatever it contains.
  let isQuoted: Bool
  let position: TextPosition

  /// The one name that the pattern stands for, nil if it has wildcards.
  var exactName: [UInt8]? {
    if isQuoted { return text.bytes }
    return Glob.hasWildcard(text) ? nil : Glob(text).literal
  }
}

/// `NAME { global: …; local: …; } PARENT;`
struct VersionNode: Sendable {
  /// Empty for the anonymous node.
  let name: ByteView
  let position: TextPosition
  fileprivate(set) var globals: [VersionPattern] = []
  fileprivate(set) var locals: [VersionPattern] = []
  /// Indices of the nodes that this one inherits from, in the same script.
  fileprivate(set) var parents: [Int] = []

  var isAnonymous: Bool { name.isEmpty }
}

struct VersionScript: Sendable {
  /// In the order of the script. All have names, or there is exactly one that has none.
  private(set) var nodes: [VersionNode] = []

  /// Version indices are 15 bits wide (gABI symbol versioning, `Elf64_Versym`); 0 and 1 are taken.
  static var maximumNodeCount: Int { 0x7fff - 2 }

  /// The place of each named node in `nodes`.
  private var indices: [ByteView: Int] = [:]

  /// The script that says nothing.
  init() {}

  /// Parses a version script.
  init(_ bytes: ByteView) throws(TextError) {
    var scanner = try ScriptScanner(bytes)
    try parseNodes(&scanner, endsAtBrace: false)
  }

  /// One node as a script of its own, without its parents.
  func node(_ index: Int) -> VersionScript {
    var script = VersionScript()
    script.nodes = [nodes[index]]
    script.nodes[0].parents = []
    return script
  }

  /// Adds the nodes of a further script: `--version-script` may be given more than once. The
  /// error's position lies in `other`.
  mutating func append(_ other: VersionScript) throws(TextError) {
    let shift = nodes.count
    for node in other.nodes {
      var node = node
      node.parents = node.parents.map { $0 + shift }
      try append(node)
    }
  }

  /// Parses nodes up to the end of the file, or to the `}` of a VERSION command.
  mutating func parseNodes(
    _ scanner: inout ScriptScanner, endsAtBrace: Bool
  ) throws(TextError) {
    let opening = scanner
    while true {
      if try scanner.take(";") { continue }
      if endsAtBrace, try scanner.take("}") { return }
      if scanner.isAtEnd {
        guard endsAtBrace else { return }
        throw opening.error("the VERSION command that begins here has no closing '}'")
      }
      try parseNode(&scanner, endsAtBrace: endsAtBrace)
    }
  }

  private mutating func append(_ node: VersionNode) throws(TextError) {
    if let first = nodes.first, first.isAnonymous || node.isAnonymous {
      let text =
        node.isAnonymous && first.isAnonymous
        ? "there can be only one version node without a name"
        : "a version node without a name cannot be combined with others; give it a name"
      throw TextError(position: node.position, text: text)
    }
    if !node.isAnonymous, indices.updateValue(nodes.count, forKey: node.name) != nil {
      throw TextError(
        position: node.position, text: "version '\(node.name.string)' is defined twice")
    }
    guard nodes.count < Self.maximumNodeCount else {
      throw TextError(
        position: node.position, text: "more than \(Self.maximumNodeCount) version nodes")
    }
    nodes.append(node)
  }

  // MARK: Grammar

  /// node = [ name ], "{", { section }, "}", { parent }, ";"
  private mutating func parseNode(
    _ scanner: inout ScriptScanner, endsAtBrace: Bool
  ) throws(TextError) {
    let start = scanner
    let name = try Self.versionName(&scanner) ?? ByteView()
    var node = VersionNode(name: name, position: start.position)
    guard try scanner.take("{") else {
      let place = name.isEmpty ? "a version node" : "'{' after version '\(name.string)'"
      throw scanner.error("expected \(place), found \(scanner.found)")
    }
    var isLocal = false
    try Self.parsePatterns(&scanner, start, .c, depth: 0) { (item) throws(TextError) in
      switch item {
      case .label(let isLocalLabel): isLocal = isLocalLabel
      case .pattern(let pattern):
        if isLocal { node.locals.append(pattern) } else { node.globals.append(pattern) }
      }
    }
    while true {
      if try scanner.take(";") { break }
      let place = scanner
      guard let parent = try Self.versionName(&scanner) else {
        throw place.error(
          node.isAnonymous
            ? "expected ';' after '}', found \(place.found)"
            : "expected ';' or the name of a parent version after '}', found \(place.found)")
      }
      if scanner.current == UInt8(ascii: "{") {
        throw place.error("expected ';' between two version nodes, found \(place.found)")
      }
      guard let index = indices[parent] else {
        throw place.error("version '\(parent.string)' is not defined above; its node comes first")
      }
      if node.isAnonymous {
        throw place.error("a version node without a name cannot inherit")
      }
      if !node.parents.contains(index) { node.parents.append(index) }
    }
    try append(node)
  }

  private static func versionName(_ scanner: inout ScriptScanner) throws(TextError) -> ByteView? {
    if let name = try scanner.quoted() { return name }
    return try scanner.word(.versionName)
  }

  enum PatternItem {
    /// `local:` (true) or `global:`.
    case label(isLocal: Bool)
    case pattern(VersionPattern)
  }

  /// Parses patterns behind a `{` up to and with the matching `}`. `opening` stands at what the
  /// brace belongs to.
  static func parsePatterns(
    _ scanner: inout ScriptScanner, _ opening: ScriptScanner, _ language: VersionPattern.Language,
    depth: Int, _ body: (PatternItem) throws(TextError) -> Void
  ) throws(TextError) {
    while true {
      if try scanner.take(";") { continue }
      if try scanner.take("}") { return }
      if scanner.isAtEnd { throw opening.error("the list that begins here has no closing '}'") }
      let start = scanner
      let quoted = try scanner.quoted()
      let word = quoted == nil ? try scanner.patternWord() : quoted
      guard let text = word else {
        throw start.error("expected a symbol name or '}', found \(start.found)")
      }
      if quoted == nil {
        if scanner.current == UInt8(ascii: ":"), text.equals("local") || text.equals("global") {
          _ = try scanner.take(":")
          if depth > 0 {
            throw start.error("'\(text.string):' cannot stand inside an extern block")
          }
          try body(.label(isLocal: text.equals("local")))
          continue
        }
        if text.equals("extern"), scanner.current == UInt8(ascii: "\"") {
          try parseExtern(&scanner, start, depth: depth, body)
          continue
        }
      }
      try body(
        .pattern(
          VersionPattern(
            text: text, language: language, isQuoted: quoted != nil, position: start.position)))
      try endPattern(&scanner, "after '\(text.string)'", depth: depth)
    }
  }

  /// Takes the `;`, which the last item of an extern block need not have.
  private static func endPattern(
    _ scanner: inout ScriptScanner, _ place: String, depth: Int
  ) throws(TextError) {
    if scanner.isAtEnd || depth > 0 && scanner.current == UInt8(ascii: "}") { return }
    try scanner.expect(";", place)
  }

  /// extern = "extern", language, "{", patterns, "}", ";"
  private static func parseExtern(
    _ scanner: inout ScriptScanner, _ start: ScriptScanner, depth: Int,
    _ body: (PatternItem) throws(TextError) -> Void
  ) throws(TextError) {
    let place = scanner
    let name = try scanner.quoted() ?? ByteView()
    let language: VersionPattern.Language
    if name.equals("C") {
      language = .c
    } else if name.equals("C++") {
      language = .cxx
    } else {
      throw place.error("unknown language '\(name.string)'; write extern \"C\" or extern \"C++\"")
    }
    // Nesting has no meaning; the limit keeps a hostile file from using up the stack.
    guard depth < 16 else { throw place.error("extern blocks are nested too deeply") }
    try scanner.expect("{", "after extern \"\(name.string)\"")
    try parsePatterns(&scanner, start, language, depth: depth + 1, body)
    try endPattern(&scanner, "after the '}' of an extern block", depth: depth)
  }
}

extension ByteView {
  /// A copy of the bytes.
  var bytes: [UInt8] { [UInt8](buffer) }
}
