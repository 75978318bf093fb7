// From arguments to `Options`.
//
// The parser walks over the arguments once. For each it finds the row of the option table, takes
// the value as the row's form says, and calls the row's action, which changes the options or the
// parser. What follows from several options together is settled at the end (`settle`). Errors do
// not stop the walk, so that the user sees all of them; --help and --version do.
//
// Spelling, as in all linkers of the GNU kind: one dash equals two for long options, except for
// those that begin with `o`, because `-omagic` is `-o magic`. Long names win over short ones:
// `-export-dynamic` is not `-e xport-dynamic`.

/// What came of a command line.
struct CommandLineResult: Sendable {
  enum Action: Sendable, Equatable {
    case link
    case exit(Int32)
  }

  struct Problem: Sendable {
    let severity: Severity
    let message: Message
    /// The index of the argument.
    let position: Int
  }

  /// What -v, --version and --help print, to go out before anything else happens.
  let standardOutput: String
  /// In the order of the arguments.
  let problems: [Problem]
  let options: Options
  let action: Action
  /// The arguments with response files replaced by what is in them.
  var arguments: [String] = []

  /// Hands the problems to `log`, after its policy was set as the options say.
  func report(to log: DiagnosticEngine, isTerminal: Bool) {
    var policy = log.policy
    policy.fatalWarnings = options.fatalWarnings
    policy.suppressWarnings = options.suppressWarnings
    policy.toleratesFaults = options.writesFaultyOutput
    policy.errorLimit = options.errorLimit
    policy.namesLineFirst = options.visualStudioMessages
    policy.color =
      switch options.color {
      case .always: true
      case .never: false
      case .automatic: isTerminal
      }
    log.policy = policy
    for problem in problems {
      // The place makes the log keep the order of the command line.
      let place = Place(offset: UInt64(problem.position))
      switch problem.severity {
      case .error: log.error(problem.message, at: place)
      case .warning: log.warning(problem.message, at: place)
      }
    }
  }
}

struct CommandLineParser {
  var options = Options()

  // What holds while the walk lasts.
  var switches = InputSwitches()
  private var savedSwitches: [InputSwitches] = []
  var identification: Identification
  private var standardOutput = ""
  private var isAnnounced = false
  private var isStopped = false

  // What `settle` turns into options.
  /// How -r, --shared and --pie were written; nil without them.
  var relocatableSpelling: String?
  /// The machine that --oformat names.
  var machineOfFormat: Machine?
  var sharedSpelling: String?
  var pieSpelling: String?
  var reportUndefinedInObjects: Bool?
  var allowShlibUndefined: Bool?
  var undefinedIsWarning = false
  /// What is to be printed instead of a link.
  var question: Question?

  let environment: CommandLineEnvironment
  private let arguments: [String]
  /// The argument under inspection.
  private(set) var position = 0
  /// Where the next one is, behind the value.
  private var next = 0
  /// Arguments that are none of a link of the same inputs elsewhere.
  private var leftOut: Set<Int> = []
  private var problems: [CommandLineResult.Problem] = []

  private init(_ arguments: [String], in environment: CommandLineEnvironment) {
    self.environment = environment
    self.arguments = arguments
    identification = environment.variable("SWOLD_IDENTIFY_AS") == "gnu" ? .gnu : .swold
  }

  /// Reads the arguments behind the program's name. Prints nothing and changes nothing.
  static func parse(
    _ arguments: [String], in environment: CommandLineEnvironment
  ) -> CommandLineResult {
    let expanded = ResponseFile.expand(arguments, in: environment)
    var parser = CommandLineParser(expanded.arguments, in: environment)
    for problem in expanded.problems { parser.error(problem) }
    parser.walk()
    if !parser.isStopped { parser.settle() }
    if !parser.isStopped, !parser.hasErrors, let question = parser.question {
      parser.standardOutput += parser.answer(question)
      parser.isStopped = true
    }
    if parser.options.wantsReproduction {
      parser.options.replayArguments = expanded.arguments.indices
        .filter { !parser.leftOut.contains($0) }.map { expanded.arguments[$0] }
    }
    return CommandLineResult(
      standardOutput: parser.standardOutput, problems: parser.problems, options: parser.options,
      action: parser.action, arguments: expanded.arguments)
  }

  private var action: CommandLineResult.Action {
    let isFatal = options.fatalWarnings && !options.suppressWarnings && !problems.isEmpty
    if hasErrors || isFatal { return .exit(1) }
    if isStopped || (isAnnounced && !options.namesInputs) { return .exit(0) }
    return .link
  }

  // MARK: The walk

  private mutating func walk() {
    while next < arguments.count && !isStopped {
      position = next
      let argument = arguments[next]
      next += 1
      // A lone dash is a file name, although nobody has such a file.
      guard argument.utf8.first == UInt8(ascii: "-"), argument.utf8.count > 1 else {
        addInput(.file(argument))
        continue
      }
      guard let match = Self.match(argument) else {
        error(.unknownOption(argument, nearest: Self.nearestOption(to: argument)))
        continue
      }
      var value = match.value
      if value == nil, next < arguments.count, Self.takesNext(match.row.form, arguments[next]) {
        value = arguments[next]
        next += 1
      }
      if value == nil && match.row.form == .required {
        error(.missingOptionValue(match.spelling, match.row.placeholder))
        continue
      }
      apply(match.row, OptionUse(spelling: match.spelling, value: value))
    }
  }

  private static func takesNext(_ form: ArgumentForm, _ next: String) -> Bool {
    switch form {
    case .required: true
    case .optionalNumber: Number.parse(next) != nil
    case .none, .optional, .glued: false
    }
  }

  /// Does what the row says, as far as it is built.
  mutating func apply(_ row: OptionRow, _ use: OptionUse) {
    switch row.support {
    case .supported: row.action(&self, use)
    case .ignored: break
    case .notBuilt: error(.notBuilt(use.spelling))
    }
  }

  /// -z KEYWORD.
  mutating func applyKeyword(_ use: OptionUse) {
    let (name, value) = Self.split(use.text)
    guard let row = OptionTable.keywordIndex[name], value == nil || row.form != .none else {
      let nearest = OptionTable.keywordIndex.nearest(to: name)
      return warning(.unknownKeyword(use.text, nearest: nearest))
    }
    let spelling = "-z \(name)"
    if value == nil && row.form == .required {
      return error(.missingOptionValue(spelling, row.placeholder))
    }
    apply(row, OptionUse(spelling: spelling, value: value))
  }

  // MARK: Matching one argument

  private struct Match {
    let row: OptionRow
    let spelling: String
    let value: String?
  }

  private static func match(_ argument: String) -> Match? {
    let isDoubleDash = argument.hasPrefix("--")
    let body = String(argument.dropFirst(isDoubleDash ? 2 : 1))
    let dashes = isDoubleDash ? "--" : "-"
    guard let first = body.first else { return nil }

    if isDoubleDash || first != "o" {
      let (name, value) = split(body)
      if name.utf8.count > 1, let row = OptionTable.optionIndex[name] {
        if value == nil || row.form != .none {
          return Match(row: row, spelling: dashes + name, value: value)
        }
      } else if let (row, value) = OptionTable.optionIndex.prefixed(body) {
        return Match(row: row, spelling: dashes + body.dropLast(value.count), value: value)
      }
    }

    guard !isDoubleDash, let row = OptionTable.optionIndex[String(first)] else { return nil }
    let rest = body.dropFirst()
    switch row.form {
    case .none:
      return rest.isEmpty ? Match(row: row, spelling: argument, value: nil) : nil
    case .required, .optional, .optionalNumber, .glued:
      return Match(row: row, spelling: "-\(first)", value: rest.isEmpty ? nil : String(rest))
    }
  }

  /// Splits `name=value` at the first equals sign.
  static func split(_ text: String) -> (name: String, value: String?) {
    guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { return (text, nil) }
    return (String(text[..<equals]), String(text[text.utf8.index(after: equals)...]))
  }

  private static func nearestOption(to argument: String) -> String? {
    let name = split(String(argument.drop { $0 == "-" })).name
    return OptionTable.optionIndex.nearest(to: name).map { "--" + $0 }
  }

  // MARK: What actions may do

  mutating func error(_ message: Message) { report(.error, message) }
  mutating func warning(_ message: Message) { report(.warning, message) }

  private mutating func report(_ severity: Severity, _ message: Message) {
    problems.append(
      CommandLineResult.Problem(severity: severity, message: message, position: position))
  }

  var hasErrors: Bool { problems.contains { $0.severity == .error } }

  mutating func addInput(_ source: InputArgument.Source) {
    options.inputs.append(
      InputArgument(source: source, switches: switches, position: position))
  }

  mutating func pushState() { savedSwitches.append(switches) }

  mutating func popState(_ use: OptionUse) {
    guard let saved = savedSwitches.popLast() else {
      return error(.popStateWithoutPush(use.spelling))
    }
    switches.asNeeded = saved.asNeeded
    switches.wholeArchive = saved.wholeArchive
    switches.isStatic = saved.isStatic
  }

  mutating func announceVersion(withEmulations: Bool) {
    isAnnounced = true
    standardOutput += identification.line + "\n"
    if withEmulations { standardOutput += Identification.emulations }
  }

  mutating func printVersion() {
    standardOutput += identification.line + "\n"
    isStopped = true
  }

  /// For options that ask for a text and no link.
  mutating func printAndStop(_ text: String) {
    standardOutput += text
    isStopped = true
  }

  /// --reproduce and what it says in other words are not repeated when its inputs are linked again.
  mutating func leaveOutOfReplay() { leftOut.formUnion(position..<next) }

  /// Whether there is something to do without inputs.
  var wantsNoInputs: Bool { isAnnounced || options.printSectionMap || question != nil }
}
