// The options of -run itself: those before the command.

struct RunOptions: Equatable {
  /// --run-log
  var log: String?
  /// --run-in-namespace
  var usesNamespace = false
  /// The command and its arguments; at least one word.
  var command: [String] = []

  /// nil if the arguments do not begin with -run, or with options of it and -run.
  init?(_ arguments: ArraySlice<String>) throws(RunFailure) {
    var rest = arguments
    var isRun = false
    while let word = rest.first, word.hasPrefix("-") {
      let name = word.drop { $0 == "-" }
      switch name {
      case "run": isRun = true
      case "run-in-namespace": usesNamespace = true
      case "run-log":
        guard let path = rest.dropFirst().first else { return nil }
        log = path
        rest.removeFirst()
      case _ where name.hasPrefix("run-log="): log = String(name.dropFirst("run-log=".count))
      case "" where word == "--" && isRun:
        rest.removeFirst()
        try finish(rest)
        return
      default:
        guard isRun else { return nil }
        throw RunFailure("\(word) is no option of -run; the options of the command follow its name")
      }
      rest.removeFirst()
    }
    guard isRun else { return nil }
    try finish(rest)
  }

  private mutating func finish(_ command: ArraySlice<String>) throws(RunFailure) {
    guard !command.isEmpty else {
      throw RunFailure(
        "-run needs a command: swold -run [--run-log=FILE] [--run-in-namespace] COMMAND...")
    }
    self.command = Array(command)
  }
}
