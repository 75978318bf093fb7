// From the syntax tree of a script to the statements of a map.
//
// A script is a program that moves a location counter; a map says what stands where. The translation
// therefore goes in phases: what the script declares (`collect`), a walk along its sections that turns
// moves of the counter into places, padding and bounds (`Translator+Sections`, `+Contents`), the order
// of its rules as exceptions (`Precedence`), and the text (`Translator+Text`). Whatever has no faithful
// counterpart becomes a note and a comment at its place: `untranslated`.

internal import MapLang

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
  /// How many sections with addresses the walk has not met yet.
  var sectionsToCome = 0
  /// `DEFINED(x) ? x : e` for symbols of others: parameters.
  var defaults: Set<String> = []
  /// `x = DEFINED(x) ? x : e;`: symbols that others may define.
  var replaceable: Set<String> = []
  var writtenSymbols: Set<String> = []
  var rootedSymbols: Set<String> = []
  var usesHeaders = false
  var insertion: (side: String, section: String)?

  /// Whether the map is for -r: sections have no addresses.
  var isRelocatable = false
  /// Whether the caller takes the files of INPUT and its kin, and those files.
  var takesInputs = false
  var inputs: [String] = []
  var searchDirectories: [String] = []

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
  /// Groups that are stored as one; what follows in the region stands before them in the map.
  var waitingGroups: [String: ScriptPlace] = [:]
  /// The flow behind whose last item the location counter stands.
  var anchor: Int?
  /// The location counter as an expression; nil if it cannot be said.
  var counter: MapExpression? = MapExpression("0")
  /// The location counter, if it is a constant.
  var constantCounter: UInt64? = 0
  var lastRegion: String?
  /// Whether the address of the section is where the counter stands, and its alignment is not looked at.
  var forgetsAlignment = false
  /// Sections that begin at an address with GNU ld, and at a multiple of their alignment in the map; and that
  /// address, if it is known.
  var unaligned: [(index: Int, flow: Int, edge: String?)] = []
  /// The section before, in the order of the script.
  var lastOutput: Int?
  /// What AT() added to the address of the last section, without MEMORY.
  var lastDistance: String?
  /// The section at whose end the counter stood last.
  var counterSection: String?
  /// Sections that are stored in another region.
  var storedSections: [(index: Int, target: String, place: ScriptPlace)] = []
  var loadOfRegion: [String: String] = [:]
  var loadOfFlow: [Int: String] = [:]
  /// What AT() adds in a flow, since the last section that says so.
  var distanceOfFlow: [Int: String] = [:]
  /// The flow at whose end a symbol is, if it is at one, and what its address is a multiple of.
  var flowOfSymbol: [String: Int] = [:]
  var alignmentOfSymbol: [String: ScriptExpression] = [:]
  /// What AT() says of a section.
  var loadSyntax: [String: ScriptExpression] = [:]
  var lastSegment: String?

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

}
