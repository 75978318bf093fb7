// Options that print something of the command line as a whole and link nothing.

enum Question: Sendable {
  case sysroot
  case outputFormat
  case targets
}

extension CommandLineParser {
  /// Known when all options are.
  func answer(_ question: Question) -> String {
    switch question {
    case .sysroot: options.sysroot.isEmpty ? "" : options.sysroot + "\n"
    case .outputFormat:
      options.outputFormat == .binary
        ? "binary\n" : (options.machine ?? .native).facts.outputFormats[0] + "\n"
    case .targets: HelpText.targets + HelpText.keywords
    }
  }
}

extension OptionTable {
  static func question(_ name: String, _ question: Question, help: String) -> OptionRow {
    custom(name, form: .none, help: help) { parser, _ in parser.question = question }
  }
}
