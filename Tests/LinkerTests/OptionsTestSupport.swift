// Command lines in process: a parser in a made-up environment, and its answers in short form.

@testable import Linker

extension CommandLineEnvironment {
  /// Knows only the given files, directories and variables.
  static func madeUp(
    files: [String: String] = [:], directories: Set<String> = [], variables: [String: String] = [:]
  ) -> CommandLineEnvironment {
    CommandLineEnvironment(
      read: { path in
        files[path].map { .success(Array($0.utf8)) }
          ?? .failure(ReadFailure(reason: "No such file or directory"))
      },
      kind: { path in
        directories.contains(path) ? .directory : files[path] != nil ? .file : .missing
      },
      variable: { variables[$0] },
      isTerminal: false)
  }
}

/// Parses a command line that is written as in a shell, without the shell's quoting.
func parse(
  _ line: String, in environment: CommandLineEnvironment = .madeUp()
) -> CommandLineResult {
  parse(line.split(separator: " ").map(String.init), in: environment)
}

func parse(
  _ arguments: [String], in environment: CommandLineEnvironment = .madeUp()
) -> CommandLineResult {
  CommandLineParser.parse(arguments, in: environment)
}

extension CommandLineResult {
  var errors: [String] { problems.filter { $0.severity == .error }.map(\.message.text) }
  var warnings: [String] { problems.filter { $0.severity == .warning }.map(\.message.text) }
  var errorIDs: [String] {
    problems.filter { $0.severity == .error }.map { $0.message.id.description }
  }

  /// The inputs in short form: paths as they are, libraries with `-l`.
  var inputNames: [String] {
    options.inputs.map { input in
      switch input.source {
      case .file(let path): path
      case .library(let name): "-l" + name
      case .script(let path): "-T" + path
      case .startGroup: "-("
      case .endGroup: "-)"
      case .justSymbols(let path): "-R" + path
      }
    }
  }
}
