// Response files: `@FILE` stands for the arguments in FILE.
//
// Build tools write long command lines into such files. The syntax is GNU's: arguments are
// separated by blanks and line ends; single and double quotes keep blanks; a backslash takes the
// next character literally, within quotes as well. Files may name further files; relative names
// begin in the working directory, not beside the file.

/// What the parser asks of the system, so that tests can answer in its place.
struct CommandLineEnvironment: Sendable {
  enum PathKind: Sendable {
    case missing
    case file
    case directory
  }

  struct ReadFailure: Error {
    /// As strerror says it.
    let reason: String
  }

  /// The content of a file.
  var read: @Sendable (String) -> Result<[UInt8], ReadFailure>
  var kind: @Sendable (String) -> PathKind
  /// An environment variable.
  var variable: @Sendable (String) -> String?
  /// Whether standard error is a terminal.
  var isTerminal: Bool

  func kind(of path: String) -> PathKind { kind(path) }
}

enum ResponseFile {
  /// Deeper nesting is a mistake.
  static let depthLimit = 32
  /// Files read in one expansion: files that name each other twice would double with each level.
  static let fileLimit = 2000

  /// Replaces each `@FILE` by the arguments in the file. An argument that cannot be replaced is
  /// dropped, and the reason is among the problems.
  static func expand(
    _ arguments: [String], in environment: CommandLineEnvironment
  ) -> (arguments: [String], problems: [Message]) {
    var expansion = Expansion(environment: environment)
    expansion.append(arguments)
    return (expansion.result, expansion.problems)
  }

  private struct Expansion {
    let environment: CommandLineEnvironment
    var result: [String] = []
    var problems: [Message] = []
    /// The files being read, the outermost first.
    var open: [String] = []
    var fileCount = 0

    mutating func append(_ arguments: [String]) {
      for argument in arguments {
        if argument.utf8.first == UInt8(ascii: "@") && argument.utf8.count > 1 {
          appendFile(String(argument.dropFirst()))
        } else {
          result.append(argument)
        }
      }
    }

    private mutating func appendFile(_ path: String) {
      if open.contains(path) {
        return problems.append(.responseFileCycle(path, through: open))
      }
      if open.count == depthLimit || fileCount == fileLimit {
        return problems.append(.tooManyResponseFiles(path))
      }
      fileCount += 1
      switch environment.read(path) {
      case .failure(let failure):
        problems.append(.unreadableResponseFile(path, failure.reason))
      case .success(let bytes):
        open.append(path)
        switch split(bytes) {
        case .success(let arguments): append(arguments)
        case .failure(let unfinished):
          problems.append(.unfinishedQuote(path, line: unfinished.line))
        }
        open.removeLast()
      }
    }
  }

  struct UnfinishedQuote: Error {
    let line: Int
  }

  /// Splits the content of a response file into arguments.
  static func split(_ bytes: [UInt8]) -> Result<[String], UnfinishedQuote> {
    var arguments: [String] = []
    var current: [UInt8] = []
    var isInArgument = false
    var quote: UInt8?
    var line = 1
    var quoteLine = 1
    var isEscaped = false
    for byte in bytes {
      if byte == UInt8(ascii: "\n") { line += 1 }
      if isEscaped {
        current.append(byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
        isInArgument = true
      } else if let open = quote {
        if byte == open { quote = nil } else { current.append(byte) }
      } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        quote = byte
        quoteLine = line
        isInArgument = true
      } else if isBlank(byte) {
        if isInArgument {
          arguments.append(String(decoding: current, as: UTF8.self))
          current = []
          isInArgument = false
        }
      } else {
        current.append(byte)
        isInArgument = true
      }
    }
    if quote != nil { return .failure(UnfinishedQuote(line: quoteLine)) }
    if isInArgument { arguments.append(String(decoding: current, as: UTF8.self)) }
    return .success(arguments)
  }

  /// The blanks of isspace in the C locale.
  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (9...13).contains(byte)
  }
}
