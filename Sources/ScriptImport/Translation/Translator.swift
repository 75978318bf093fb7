// From the syntax tree of a script to the statements of a map.
//
// A script is a program that moves a location counter; a map says what stands where. The translation
// therefore goes in phases: what the script declares (`collect`), a walk along its sections that turns
// moves of the counter into places, padding and bounds (`Translator+Sections`, `+Contents`), the order
// of its rules as exceptions (`Precedence`), and the text (`Translator+Text`). Whatever has no faithful
// counterpart becomes a note and a comment at its place: `untranslated`.

internal import MapLang

/// A number, bound or address in the text of a map, and how tightly its outermost operator binds.
struct MapExpression {
  var text: String
  var tightness: Int

  static let primary = 11
  init(_ text: String, _ tightness: Int = MapExpression.primary) {
    self.text = text
    self.tightness = tightness
  }
}

/// An output section to be.
struct OutputDraft {
  var name: String
  var attributes: [MapNode] = []
  var bounds: [MapNode] = []
  var contents: [MapNode] = []
  var before: [String] = []
  var behind: [String] = []
  /// The PT_LOAD of the script.
  var segment: String?
  /// What AT() adds to the address, as text of a constant: `- KERNEL_VMA`.
  var distance: String?
  var hasLoad = false
  var hasTake = false
  /// Symbols at its end.
  var endSymbols: [String] = []
  /// Whether everything in it is without bytes, as far as names tell.
  var isBare = false
  var isThreadBare = false
  var place: ScriptPlace
}

/// What stands in a place.
indirect enum PlaceDraft {
  case section(Int)
  /// Attributes and bounds, and what they are about.
  case group([MapNode], [PlaceDraft])
  case reserve(String, [MapNode], segment: String?)
  case image(Int)
  case headers
  case comments([String])
}

/// Items at rising addresses.
struct FlowDraft {
  /// nil: the script's own addresses.
  var region: String?
  /// nil: the start of the region.
  var at: MapExpression?
  var items: [PlaceDraft] = []
  /// The region that other sections are stored in, declared for it.
  var madeRegion: String?
}

struct Translator {
  // What the script declares.
  var memories: [ScriptMemory] = []
  var aliases: [(name: String, target: String)] = []
  var headers: [ScriptHeader] = []
  /// Symbols whose value depends on nothing but numbers.
  var constants: [String: ScriptExpression] = [:]
  /// Their values, so that none is computed twice.
  var constantValues: [String: UInt64] = [:]
  var definedSymbols: Set<String> = []
  var sectionNames: Set<String> = []
  /// Sections that the map does not have.
  var missingSections: Set<String> = []
  /// `DEFINED(x) ? x : e` for symbols of others: parameters.
  var defaults: Set<String> = []
  var writtenSymbols: Set<String> = []
  var usesHeaders = false
  var insertion: (side: String, section: String)?

  // What becomes of it.
  var preamble: [MapNode] = []
  var neededConstants: [String] = []
  /// Where the symbols of constants stand in `tail`.
  var constantLines: [String: (index: Int, words: String, behind: String)] = [:]
  var flows: [FlowDraft] = []
  var outputs: [OutputDraft] = []
  var outputIndex: [String: Int] = [:]
  var rules: [RuleDraft] = []
  /// Symbols, assertions, discards, in the order of the script.
  var tail: [MapNode] = []
  var edits: [String] = []
  var notes: [ImportNote] = []
  var slotNames: Set<String> = []
  var reserveNames: Set<String> = []
  var anchorCount = 0
  var usesPageConstants = false
  /// Sections that expressions ask about.
  var referenced: Set<String> = []

  // The walk.
  /// The flow of the script's own addresses.
  var openFlow: Int?
  var flowOfRegion: [String: Int] = [:]
  /// Stored here by others, since the last section.
  var waitingImages: [String: [Int]] = [:]
  /// The flow behind whose last item the location counter stands.
  var anchor: Int?
  /// The location counter as an expression; nil if it cannot be said.
  var counter: MapExpression? = MapExpression("0")
  /// The location counter, if it is a constant.
  var constantCounter: UInt64? = 0
  var lastRegion: String?
  /// The section at whose end the counter stood last.
  var counterSection: String?
  /// Sections that are stored in another region.
  var storedSections: [(index: Int, target: String, place: ScriptPlace)] = []
  var loadOfRegion: [String: String] = [:]
  var loadOfFlow: [Int: String] = [:]
  /// What AT() adds in a flow, since the last section that says so.
  var distanceOfFlow: [Int: String] = [:]
  /// The flow at whose end a symbol is, if it is at one.
  var flowOfSymbol: [String: Int] = [:]
  var lastSegment: String?
  /// Where the section before is stored, for each region: sections of it without AT> go on there.
  var inheritedLoad: [String: String] = [:]

  // MARK: - Report

  mutating func note(_ message: String, _ place: ScriptPlace) {
    if notes.contains(where: { $0.place == place && $0.message == message }) { return }
    notes.append(ImportNote(kind: .note, place: place, message: message))
  }

  mutating func remark(_ message: String, _ place: ScriptPlace) {
    if notes.contains(where: { $0.place == place && $0.message == message }) { return }
    notes.append(ImportNote(kind: .remark, place: place, message: message))
  }

  /// A note, and the comment that stands for the statement in the map.
  mutating func untranslated(_ statement: ScriptStatement, _ reason: String) -> [MapNode] {
    note("\(reason): \(statement.words)", statement.place)
    return statement.trivia.before.map { .comment($0) } + [
      .comment("not imported (\(reason)): \(statement.words)")
    ]
  }

  // MARK: - The whole script

  mutating func translate(_ script: [ScriptStatement]) {
    collect(script)
    for statement in script { top(statement) }
    settlePrecedence()
  }

  /// What later phases have to know of the whole script.
  private mutating func collect(_ statements: [ScriptStatement]) {
    var count: [String: Int] = [:]
    func visit(_ statements: [ScriptStatement], _ result: inout [ScriptAssignmentSyntax]) {
      for statement in statements {
        switch statement.kind {
        case .assignment(let assignment): result.append(assignment)
        case .sections(let inner): visit(inner, &result)
        case .section(let section): visit(section.contents, &result)
        case .overlay(let overlay):
          for (section, _, _) in overlay.sections { visit(section.contents, &result) }
        default: break
        }
      }
    }
    var assignments: [ScriptAssignmentSyntax] = []
    visit(statements, &assignments)
    for assignment in assignments where assignment.target != "." {
      count[assignment.target, default: 0] += 1
      definedSymbols.insert(assignment.target)
    }
    for statement in statements {
      switch statement.kind {
      case .memory(let blocks): memories += blocks
      case .alias(let name, let target): aliases.append((name, target))
      case .headers(let list): headers += list
      case .insert(let side, let section): insertion = (side, section)
      case .sections(let inner):
        for statement in inner {
          switch statement.kind {
          case .section(let section):
            sectionNames.insert(section.name)
            if ["INFO", "DSECT", "COPY", "OVERLAY"].contains(section.type) {
              missingSections.insert(section.name)
            }
          case .overlay(let overlay):
            for (section, _, _) in overlay.sections { sectionNames.insert(section.name) }
          case .insert(let side, let section): insertion = (side, section)
          case .assignment(let assignment):
            if Self.mentionsHeaders(assignment.value) { usesHeaders = true }
          default: break
          }
        }
      default: break
      }
    }
    let candidates = assignments.filter {
      $0.target != "." && $0.sign == "=" && count[$0.target] == 1
    }
    for assignment in assignments { collectDefaults(assignment.value) }
    for memory in memories {
      collectDefaults(memory.origin)
      collectDefaults(memory.length)
    }
    // What is defined further down counts, too.
    for _ in 0..<8 {
      let known = constants.count
      for assignment in candidates where constants[assignment.target] == nil {
        let value = Self.withoutDefault(assignment)
        if isConstant(value) { setConstant(assignment.target, value) }
      }
      if constants.count == known { break }
    }
    if headers.contains(where: { $0.hasFileHeader || $0.hasProgramHeaders }) { usesHeaders = true }
    sectionNames.remove("/DISCARD/")
  }

  private mutating func setConstant(_ name: String, _ value: ScriptExpression) {
    constants[name] = value
    constantValues[name] = self.value(value)
  }

  /// Symbols that the command line may define.
  private mutating func collectDefaults(_ value: ScriptExpression) {
    switch value {
    case .conditional(.of("DEFINED", let name), .symbol(let same), let other)
    where name == same && !definedSymbols.contains(name):
      collectDefaults(other)
      if isConstant(other), constants[name] == nil, MapWords.isPlain(name) {
        setConstant(name, other)
        defaults.insert(name)
      }
    case .number, .dot, .symbol, .of: break
    case .unary(_, let value): collectDefaults(value)
    case .binary(_, let left, let right):
      collectDefaults(left)
      collectDefaults(right)
    case .conditional(let a, let b, let c): for value in [a, b, c] { collectDefaults(value) }
    case .call(_, let values): for value in values { collectDefaults(value) }
    }
  }

  /// `DEFINED(x) ? x : e` for x is e, unless somebody else defines x.
  static func withoutDefault(_ assignment: ScriptAssignmentSyntax) -> ScriptExpression {
    if case .conditional(.of("DEFINED", let name), .symbol(let same), let value) = assignment.value,
      name == assignment.target, same == name
    {
      return value
    }
    return assignment.value
  }

  static func mentionsHeaders(_ value: ScriptExpression) -> Bool {
    switch value {
    case .call("SIZEOF_HEADERS", _): true
    case .call(_, let values): values.contains { mentionsHeaders($0) }
    case .unary(_, let value): mentionsHeaders(value)
    case .binary(_, let left, let right): mentionsHeaders(left) || mentionsHeaders(right)
    case .conditional(let a, let b, let c):
      mentionsHeaders(a) || mentionsHeaders(b) || mentionsHeaders(c)
    default: false
    }
  }

  // MARK: - Commands

  private mutating func top(_ statement: ScriptStatement) {
    let before = statement.trivia.before.map { MapNode.comment($0) }
    let behind = statement.trivia.behind.joined(separator: " ")
    switch statement.kind {
    case .comments: preamble += before
    case .entry(let name):
      preamble += before + [.line("entry \(MapWords.name(name));", behind: behind)]
    case .extern(let names):
      let list = names.map(MapWords.name).joined(separator: ", ")
      if !names.isEmpty { preamble += before + [.line("root \(list);", behind: behind)] }
    case .assignment(let assignment):
      assign(assignment, statement)
    case .assertion(let condition, let message): assert(condition, message, statement)
    case .memory: preamble += before
    case .headers(let list): headersNotes(list, before)
    case .alias: preamble += before
    case .sections(let inner):
      preamble += before
      for statement in inner { walk(statement) }
    case .insert: break
    case .command(let word, let names): command(word, names, statement)
    case .section, .overlay, .input, .data, .text, .fill:
      preamble += untranslated(statement, "it cannot stand here")
    }
  }

  mutating func command(_ word: String, _ names: [String], _ statement: ScriptStatement) {
    let before = statement.trivia.before.map { MapNode.comment($0) }
    switch word {
    case "OUTPUT_FORMAT", "OUTPUT_ARCH", "TARGET":
      remark(
        "the machine of a link is that of -m or of its objects: \(statement.words)",
        statement.place)
      preamble += before + [.comment(statement.words)]
    case "FORCE_COMMON_ALLOCATION", "LD_FEATURE", "HLL", "SYSLIB", "FLOAT", "NOFLOAT":
      remark("it has no effect here: \(statement.words)", statement.place)
      preamble += before
    case "NOCROSSREFS", "NOCROSSREFS_TO":
      preamble += untranslated(statement, "a map has no check of references between sections")
    case "INPUT", "GROUP", "STARTUP":
      preamble += untranslated(statement, "name the files on the command line")
    case "SEARCH_DIR":
      preamble += untranslated(statement, "use -L on the command line")
    case "OUTPUT": preamble += untranslated(statement, "use -o on the command line")
    case "VERSION": preamble += untranslated(statement, "use --version-script")
    default: preamble += untranslated(statement, "use the option of that name")
    }
    _ = names
  }

  private mutating func headersNotes(_ list: [ScriptHeader], _ before: [MapNode]) {
    preamble += before
    for header in list {
      if header.address != nil {
        note("a map has no AT() of a program header: \(header.name)", header.place)
      }
      let known = [
        "PT_LOAD", "PT_NOTE", "PT_TLS", "PT_DYNAMIC", "PT_INTERP", "PT_GNU_RELRO", "PT_GNU_STACK",
        "PT_GNU_EH_FRAME", "PT_GNU_PROPERTY",
      ]
      if !known.contains(header.type) {
        note(
          "program headers but PT_LOAD follow from the types of sections; there may be no \(header.type) (\(header.name))",
          header.place)
      }
    }
  }

  // MARK: - Symbols and assertions outside of sections

  mutating func assign(_ assignment: ScriptAssignmentSyntax, _ statement: ScriptStatement) {
    let before = statement.trivia.before.map { MapNode.comment($0) }
    let behind = statement.trivia.behind.joined(separator: " ")
    let name = MapWords.name(assignment.target)
    let word =
      (assignment.isProvided ? "provide " : "") + (assignment.isHidden ? "hidden " : "")
    guard assignment.sign == "=", writtenSymbols.insert(assignment.target).inserted else {
      tail += untranslated(statement, "a symbol of a map has one value")
      return
    }
    if case .dot = Self.plain(assignment.value), let anchor, !flows[anchor].items.isEmpty {
      flowOfSymbol[assignment.target] = anchor
      bind(MapNode.line("\(word)end \(name);", behind: behind), before, anchor)
      return
    }
    let value = Self.withoutDefault(assignment)
    if value != assignment.value {
      note(
        "a definition of '\(assignment.target)' elsewhere does not replace the one here; set the parameter with --map-set",
        statement.place)
      need(assignment.target)
    }
    do throws(Untranslatable) {
      let words = try expression(value, .observing, counter)
      tail += before
      if constants[assignment.target] != nil {
        constantLines[assignment.target] = (tail.count, "\(word)symbol \(name) = ", behind)
      }
      tail.append(.line("\(word)symbol \(name) = \(words.text);", behind: behind))
    } catch {
      tail += untranslated(statement, error.reason)
    }
  }

  mutating func assert(
    _ condition: ScriptExpression, _ message: String, _ statement: ScriptStatement
  ) {
    do throws(Untranslatable) {
      let words = try expression(condition, .observing, counter)
      tail += statement.trivia.before.map { .comment($0) }
      tail.append(
        .line(
          "assert \(words.text), \(MapWords.quoted(message));",
          behind: statement.trivia.behind.joined(separator: " ")))
    } catch {
      tail += untranslated(statement, error.reason)
    }
  }

  /// `ABSOLUTE(e)` is e where only the number counts.
  static func plain(_ value: ScriptExpression) -> ScriptExpression {
    if case .call("ABSOLUTE", let values) = value { return plain(values[0]) }
    if case .call("DATA_SEGMENT_END", let values) = value { return plain(values[0]) }
    return value
  }

  /// A bound at the end of the last item of a flow.
  private mutating func bind(_ bound: MapNode, _ before: [MapNode], _ flow: Int) {
    let last = flows[flow].items.count - 1
    let nodes = before + [bound]
    switch flows[flow].items[last] {
    case .section(let index):
      outputs[index].bounds += nodes
    case .group(let attributes, let items):
      flows[flow].items[last] = .group(attributes + nodes, items)
    case .reserve(let name, let attributes, let segment):
      flows[flow].items[last] = .reserve(name, attributes + nodes, segment: segment)
    case .image, .headers, .comments:
      flows[flow].items[last] = .group(nodes, [flows[flow].items[last]])
    }
  }

  mutating func need(_ constant: String) {
    if !neededConstants.contains(constant) { neededConstants.append(constant) }
  }
}
