// Reading: files, includes, constants, and the branches of `when`.
//
// `when` keeps or drops statements by constants, before any matching. Constants may be declared
// anywhere, so what stands outside of every `when` is read first, in all files; then the conditions
// are decided in the order of the text, and each may bring in further constants and files.

internal import Text

/// A `let` or `param`.
struct Constant {
  var name: String
  var syntax: ExpressionSyntax
  var state: ConstantState = .unresolved
  var isParameter: Bool
  var isBuiltIn: Bool
  var position: SourcePosition
  var value = Value(0 as UInt64)
}

enum ConstantState { case unresolved, resolving, resolved, failed }

/// Top-level statements while conditions are open.
private final class StatementList {
  enum Entry {
    case statement(StatementSyntax)
    case list(StatementList)
  }
  var entries: [Entry] = []

  func append(to result: inout [StatementSyntax]) {
    for entry in entries {
      switch entry {
      case .statement(let statement): result.append(statement)
      case .list(let list): list.append(to: &result)
      }
    }
  }
}

private struct PendingCondition {
  var syntax: ConditionSyntax
  var list: StatementList
  var isBuiltIn: Bool
}

extension MapBuilder {
  typealias Loader = (_ name: String, _ includedFrom: String) -> LoadedFile

  mutating func readMaps(_ inputs: [SourceFile], defaultMap: SourceFile?, loader: Loader) {
    var pending: [PendingCondition] = []
    let user = StatementList()
    for input in inputs {
      let tree = parse(input, isIncluded: false)
      if map.sources.files.count == 1 { map.orphansPosition = tree.versionPosition }
      read(tree.statements, into: user, isBuiltIn: false, loader, &pending)
    }
    let extending = map.extendsDefault || pending.contains { Self.mentionsDefault($0.syntax) }
    let builtIn = StatementList()
    var usesDefault = inputs.isEmpty || extending
    if usesDefault, let defaultMap {
      let isFirst = map.sources.files.isEmpty
      var source = defaultMap
      source.isBuiltIn = true
      let tree = parse(source, isIncluded: false)
      if isFirst { map.orphansPosition = tree.versionPosition }
      read(tree.statements, into: builtIn, isBuiltIn: true, loader, &pending)
    }
    readAssignments()
    if hasErrors { return }
    var next = 0
    while next < pending.count {
      let condition = pending[next]
      next += 1
      isBuiltIn = condition.isBuiltIn
      guard let value = constant(condition.syntax.condition) else { continue }
      read(
        value.number != 0 ? condition.syntax.body : condition.syntax.otherwise,
        into: condition.list, isBuiltIn: condition.isBuiltIn, loader, &pending)
    }
    isBuiltIn = false
    usesDefault = inputs.isEmpty || map.extendsDefault
    assumesUnknownSections = map.extendsDefault && defaultMap == nil
    user.append(to: &userStatements)
    if usesDefault { builtIn.append(to: &builtInStatements) }
  }

  mutating func parseOnly(_ source: SourceFile) {
    _ = parse(source, isIncluded: false)
  }

  private static func mentionsDefault(_ condition: ConditionSyntax) -> Bool {
    (condition.body + condition.otherwise).contains { statement in
      switch statement {
      case .extendsDefault: true
      case .condition(let inner): mentionsDefault(inner)
      case _: false
      }
    }
  }

  private mutating func parse(_ source: SourceFile, isIncluded: Bool) -> SyntaxTree {
    let file = UInt16(clamping: map.sources.files.count)
    map.sources.files.append(source)
    let start = SourcePosition(file: file, offset: 0, length: 0)
    let nothing = SyntaxTree(statements: [], versionPosition: start)
    guard map.sources.files.count <= 1000 else {
      error(.include, "more than 1000 files in one map", at: start)
      return nothing
    }
    guard source.bytes.count <= 1 << 26 else {
      error(.syntax, "the map is larger than 64 MiB", at: start)
      return nothing
    }
    if let offset = Self.firstInvalidByte(source.bytes) {
      error(
        .syntax, "the text is not UTF-8",
        at: SourcePosition(file: file, offset: UInt32(offset), length: 1))
      return nothing
    }
    if source.bytes.starts(with: [0xef, 0xbb, 0xbf]) {
      error(
        .syntax, "the file begins with a byte order mark",
        at: SourcePosition(file: file, offset: 0, length: 3), help: "save it as UTF-8 without one")
      return nothing
    }
    if let offset = source.bytes.firstIndex(of: 0) {
      error(
        .syntax, "a zero byte; this is no text",
        at: SourcePosition(file: file, offset: UInt32(offset), length: 1))
      return nothing
    }
    var parser = Parser(source.bytes, file: file)
    let tree = parser.map(isIncluded: isIncluded)
    diagnostics += parser.diagnostics
    return tree
  }

  /// The offset of the first byte that is not part of UTF-8 text.
  private static func firstInvalidByte(_ bytes: [UInt8]) -> Int? {
    if bytes.allSatisfy({ $0 < 0x80 }) || String(validating: bytes, as: UTF8.self) != nil {
      return nil
    }
    // Rare, so the place is found by halving: the longest valid prefix ends before it.
    var low = 0
    var high = bytes.count
    while low < high {
      let middle = (low + high + 1) / 2
      // A prefix may end inside a character of up to four bytes.
      let isValid = (0...3).contains { cut in
        middle >= cut && String(validating: bytes[..<(middle - cut)], as: UTF8.self) != nil
      }
      if isValid { low = middle } else { high = middle - 1 }
    }
    while low > 0, String(validating: bytes[..<low], as: UTF8.self) == nil { low -= 1 }
    return low
  }

  /// Takes in the statements of one file or branch.
  private mutating func read(
    _ statements: [StatementSyntax], into list: StatementList, isBuiltIn: Bool, _ loader: Loader,
    _ pending: inout [PendingCondition]
  ) {
    for statement in statements {
      switch statement {
      case .include(let name, let position):
        include(name, position, into: list, isBuiltIn: isBuiltIn, loader, &pending)
      case .constant(let constant): declare(constant, isBuiltIn: isBuiltIn)
      case .condition(let condition):
        let inner = StatementList()
        list.entries.append(.list(inner))
        pending.append(
          PendingCondition(syntax: condition, list: inner, isBuiltIn: isBuiltIn))
      case .extendsDefault(let position):
        if isBuiltIn {
          error(.include, "the built-in map cannot extend itself", at: position)
        }
        if settings.isRelocatable { refuseToPlace("extends default", at: position) }
        map.extendsDefault = true
      case .region(let region): declare(region, isBuiltIn: isBuiltIn)
      case .regionAlias(let name, let target):
        aliases.append((string(name), target, name.position))
      case _: list.entries.append(.statement(statement))
      }
    }
  }

  private mutating func include(
    _ name: SyntaxText, _ position: SourcePosition, into list: StatementList, isBuiltIn: Bool,
    _ loader: Loader, _ pending: inout [PendingCondition]
  ) {
    let path = string(name)
    let from = map.sources.files[Int(position.file)].name
    let source: SourceFile
    switch loader(path, from) {
    case .found(let file): source = file
    case .notFound:
      error(
        .include, "cannot find '\(path)'", at: name.position,
        help: "it is searched beside the including file, then in the directories of -L")
      return
    case .unreadable(let path, let reason):
      error(.include, "cannot read '\(path)': \(reason)", at: name.position)
      return
    }
    let plain = Self.normalized(source.name)
    if let earlier = map.sources.files.firstIndex(where: { Self.normalized($0.name) == plain }) {
      reportSecondInclude(of: earlier, at: name.position)
      return
    }
    includedAt[map.sources.files.count] = name.position
    let tree = parse(source, isIncluded: true)
    read(tree.statements, into: list, isBuiltIn: isBuiltIn, loader, &pending)
  }

  /// A file that is taken in already: by way of itself, or by another line.
  private mutating func reportSecondInclude(of earlier: Int, at position: SourcePosition) {
    func name(_ file: Int) -> String { map.sources.files[file].name }
    var way: [String] = []
    var file: Int? = Int(position.file)
    while let current = file {
      way.insert(name(current), at: 0)
      if current == earlier {
        let words =
          way.count == 1
          ? "'\(name(earlier))' includes itself"
          : "includes in a circle: " + (way + [name(earlier)]).joined(separator: " → ")
        error(.include, words, at: position, help: "remove this line")
        return
      }
      file = includedAt[current].map { Int($0.file) }
    }
    error(
      .include, "'\(name(earlier))' is included twice", at: position,
      notes: includedAt[earlier].map { [MapDiagnostic.Note("first here", at: $0)] } ?? [],
      help: "a map takes in every file once; remove this line")
  }

  /// A path without the parts that lead nowhere, so that one file has one name.
  private static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  // MARK: - Constants

  private mutating func declare(_ syntax: ConstantSyntax, isBuiltIn: Bool) {
    let name = string(syntax.name)
    // A user's constants and the parameters of the built-in map do not meet.
    let key = ConstantName(name: name, isBuiltIn: isBuiltIn)
    if let other = constantNumbers[key] {
      error(
        .redefinition, "'\(name)' is already defined", at: syntax.name.position,
        notes: [MapDiagnostic.Note("first here", at: constants[other].position)])
      return
    }
    constantNumbers[key] = constants.count
    var constant = Constant(
      name: name, syntax: syntax.value, isParameter: syntax.isParameter, isBuiltIn: isBuiltIn,
      position: syntax.name.position)
    if isBuiltIn,
      let given = settings.defaultParameters.last(where: { $0.name == name })
    {
      constant.value = Value(given.value)
      constant.state = .resolved
    }
    constants.append(constant)
    assign(constants.count - 1)
  }

  /// `--map-set N=e`: texts of their own, so that messages can point into them.
  private mutating func readAssignments() {
    for assignment in settings.assignments {
      let name = String(assignment.prefix { $0 != "=" })
      if constants.contains(where: { $0.name == name && $0.isParameter }) { continue }
      if unreadParameters().contains(name) { continue }
      let isLet = constants.contains { $0.name == name }
      let near = nearestName(
        to: name, among: constants.lazy.filter(\.isParameter).map(\.name))
      error(
        .unusedSetting,
        isLet
          ? "--map-set \(assignment): '\(name)' is a 'let', not a 'param'"
          : "--map-set \(assignment): the map has no parameter '\(name)'"
            + (near.map { "; did you mean '\($0)'?" } ?? ""), at: nil,
        help: isLet ? nil : "declare it with 'param \(name) = VALUE;'")
    }
  }

  /// Parameters in branches that are not chosen yet cannot be called unknown.
  private func unreadParameters() -> [String] { [] }

  /// Gives a parameter the value of its `--map-set`, if there is one.
  private mutating func assign(_ index: Int) {
    let name = constants[index].name
    guard constants[index].isParameter,
      let assignment = settings.assignments.last(where: { text in
        text.utf8.count > name.utf8.count && text.hasPrefix(name)
          && text.utf8.dropFirst(name.utf8.count).first == UInt8(ascii: "=")
      })
    else { return }
    // A user's parameter hides a built-in one of its name.
    if constants[index].isBuiltIn,
      constants.contains(where: { $0.name == name && $0.isParameter && !$0.isBuiltIn })
    {
      return
    }
    let file = UInt16(clamping: map.sources.files.count)
    let bytes = Array(assignment.utf8.dropFirst(name.utf8.count + 1))
    map.sources.files.append(SourceFile(name: "--map-set \(name)", bytes: bytes))
    var parser = Parser(bytes, file: file)
    let value = parser.expr()
    if parser.token.kind != .end { parser.fail("expected an expression, found \(parser.found)") }
    diagnostics += parser.diagnostics
    constants[index].syntax = value
    constants[index].state = .unresolved
  }
}
