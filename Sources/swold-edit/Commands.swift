// The subcommands. The verbs share one type; what differs is their help.

import ArgumentParser
import PostLinkEdit

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows segments, sections, slots, room, dynamic, notes, digests.")
  @Flag(help: "Print one JSON object.") var json = false
  @Argument(help: "Topics, then the file.") var words: [String]

  func run() throws {
    guard let file = words.last else { throw ValidationError("a file is missing") }
    let topics = try words.dropLast().map { word in
      guard let topic = ShowTopic(rawValue: word) else {
        throw ValidationError(
          "'\(word)' is no topic; topics: "
            + ShowTopic.allCases.map(\.rawValue).joined(separator: " "))
      }
      return topic
    }
    let inspection = try Inspection(path: file)
    let selected = topics.isEmpty ? ShowTopic.allCases.filter { $0 != .digests } : topics
    if json {
      emit(inspection.json(selected).text, to: 1)
    } else {
      for line in inspection.text(selected) { emit(line, to: 1) }
    }
  }
}

struct GetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Prints one property, one value a line; exit 1 if there is none.",
    usage: "swold-edit get PROPERTY FILE…",
    discussion: """
      PROPERTY is one of: \(Property.allCases.map(\.rawValue).joined(separator: " ")). With several \
      files the name of each stands before its values.

      Example:
        swold-edit get rpath app
      """)
  @Argument(help: "The property, then files.") var words: [String]

  func run() throws {
    guard words.count > 1 else { throw ValidationError("a property or a file is missing") }
    guard let property = Property(rawValue: words[0]) else {
      throw ValidationError(
        "'\(words[0])' is no property; properties: "
          + Property.allCases.map(\.rawValue).joined(separator: " "))
    }
    try GetCommand.show(property, Array(words.dropFirst()))
  }

  /// Prints the values of all files; the exit code is 1 if one has none.
  static func show(_ property: Property, _ files: [String]) throws {
    var isMissing = false
    for file in files {
      let inspection = try Inspection(path: file)
      if let problem = inspection.problems.first {
        throw EditFailure(.malformed, "'\(file)': \(problem)")
      }
      let values = inspection.values(of: property)
      if values.isEmpty { isMissing = true }
      for value in values { emit(files.count > 1 ? "\(file): \(value)" : value, to: 1) }
    }
    if isMissing { throw ExitCode(1) }
  }
}

struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Checks the invariants of a linked file.")
  @Flag(help: "Print one JSON array.") var json = false
  @Flag(help: "Warnings fail, too.") var strict = false
  @Argument(help: "rules=I2,I4 to select, then the file.") var words: [String]

  func run() throws {
    guard let file = words.last else { throw ValidationError("a file is missing") }
    var rules: Set<Substring>?
    for word in words.dropLast() {
      guard word.hasPrefix("rules=") else { throw ValidationError("unexpected '\(word)'") }
      rules = Set(word.dropFirst(6).split(separator: ","))
    }
    let findings = try Inspection(path: file).lint().filter {
      rules?.contains(Substring($0.rule)) ?? true
    }
    if json {
      emit(
        JSON.array(
          findings.map {
            .object([
              ("rule", .string($0.rule)), ("text", .string($0.text)), ("error", .bool($0.isError)),
            ])
          }
        ).text, to: 1)
    } else {
      for finding in findings {
        let level = finding.isError ? "error" : "warning"
        emit("\(file): \(level): \(finding.rule): \(finding.text)", to: 1)
      }
    }
    if findings.contains(where: { $0.isError || strict }) { throw ExitCode(1) }
  }
}

struct Apply: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Applies scripts and edits in one transaction.")
  @OptionGroup var options: WriteOptions
  @Option(
    name: .customShort("f"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A script; - is standard input.", valueName: "script"))
  var scripts: [String] = []
  @Option(
    name: .customShort("e"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("One edit, after all scripts.", valueName: "edit"))
  var edits: [String] = []
  @Argument(help: "The files to edit; a folder stands for the programs and libraries below it.")
  var files: [String]

  func run() throws {
    if options.output != nil, files.count > 1 { throw ValidationError("-o takes one input file") }
    let variables = try options.variables()
    var all: [Edit] = []
    var source: [UInt8] = []
    for script in scripts {
      let contents = try ScriptParser.read(script)
      source += contents
      all += try ScriptParser.parse(file: script, contents: contents, variables: variables)
    }
    for (number, text) in edits.enumerated() {
      source += Array("\(text)\n".utf8)
      all += try ScriptParser.parse(
        script: Array(text.utf8), name: "-e#\(number + 1)", variables: variables,
        needsHeader: false)
    }
    let code = try Batch(options: options).run(all, script: source, on: files)
    if code != 0 { throw ExitCode(code) }
  }
}

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Writes the load image as bin, ihex, srec, uf2, vmem or tbs.")
  @OptionGroup var options: WriteOptions
  @Argument(help: "FORMAT and its words, then the file.") var words: [String]

  func run() throws {
    guard words.count >= 2, let file = words.last else {
      throw ValidationError("a format or a file is missing")
    }
    var edit = ["export"] + words.dropLast()
    var reading = options
    if let output = options.output {
      let quoted = output.flatMap { "\\\"".contains($0) ? "\\\($0)" : String($0) }
      edit.append("to=\"\(String(quoted))\"")
      reading.output = nil
    }
    let parsed = try ScriptParser.parse(words: edit, variables: try options.variables())
    let code = try Batch(options: reading).run([parsed], script: edit.script, on: [file])
    if code != 0 { throw ExitCode(code) }
  }
}

struct SignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: "Signs the image and stores the signature in a slot.",
    usage: "swold-edit sign --signer CMD slot=NAME [over=RANGES] [except=RANGES] "
      + "[holes=BYTE|skip] [slots=as-is|as-fill|skip] [space=lma|va] [span=N] "
      + "[pad=keep|fill|zero] (-o OUT | -i) FILE",
    discussion: """
      CMD is run without a shell: blanks separate its words, '…' and "…" keep blanks. It reads the
      bytes that `export tbs` would write on its standard input and writes the signature to its
      standard output. Without over= the whole ROM is signed; the slot itself never is.
      """)
  @OptionGroup var options: WriteOptions
  @Option(
    help: ArgumentHelp(
      "The command that signs, as 'openssl dgst -sha256 -sign key.pem'.", valueName: "cmd"))
  var signer: String
  @Argument(help: "The words of the edit, then the file.") var words: [String]

  func run() throws {
    guard let file = words.last else { throw ValidationError("a file is missing") }
    let rest = Array(words.dropLast())
    let edit = try ScriptParser.parse(
      signer: try SignCommand.split(signer), words: rest, variables: try options.variables())
    let script = (["sign", "--signer", signer] + rest).script
    let code = try Batch(options: options).run([edit], script: script, on: [file])
    if code != 0 { throw ExitCode(code) }
  }

  /// The words of a command. There is no other meaning in it: no variable, no escape.
  static func split(_ text: String) throws -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in text {
      if character == quote {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if quote == nil, character == " " || character == "\t" {
        if let word { words.append(word) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if quote != nil { throw ValidationError("--signer: a quote does not end in: \(text)") }
    return words + (word.map { [$0] } ?? [])
  }
}

extension [String] {
  /// One edit as the text that `--provenance` hashes.
  var script: [UInt8] { [UInt8]((joined(separator: " ") + "\n").utf8) }
}

/// What the help of a verb says.
protocol VerbHelp {
  static var name: String { get }
  static var abstract: String { get }
  static var usage: String { get }
  /// What the usage does not say, as a paragraph.
  static var details: String { get }
  /// The words and what they mean.
  static var words: [(String, String)] { get }
  /// The words of an edit, then options and the file.
  static var example: String { get }
}

extension VerbHelp {
  static var details: String { "" }

  static var discussion: String {
    let width = words.map(\.0.count).max() ?? 0
    let lines = words.map { word, meaning in
      "  " + word + String(repeating: " ", count: width - word.count + 2) + meaning
    }
    return (details.isEmpty ? "" : details + "\n\n") + "Words:\n" + lines.joined(separator: "\n")
      + "\n\nExample:\n  swold-edit " + example
      + "\n\nEvery verb accepts if-needed and, where it writes bytes, expect=DATA."
  }
}

struct VerbCommand<Help: VerbHelp>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: Help.name, abstract: Help.abstract,
      usage: "swold-edit \(Help.usage) (-o OUT | -i) FILE",
      discussion: Help.discussion)
  }
  @OptionGroup var options: WriteOptions
  @Argument(help: "The words of the edit, then the file.") var words: [String]

  func run() throws {
    guard let file = words.last else { throw ValidationError("a file is missing") }
    if Help.name == "exec-stack", words.count == 2, words[0] == "show" {
      return try GetCommand.show(.execStack, [file])
    }
    let edit: Edit
    do {
      edit = try ScriptParser.parse(
        words: [Help.name] + words.dropLast(), variables: try options.variables())
    } catch var failure as EditFailure {
      // Who forgets the file sees an edit that lacks its last word.
      if failure.hint == nil {
        failure.hint = "usage: \(Help.usage), and then the file, which is here '\(file)'"
      }
      throw failure
    }
    let script = ([Help.name] + words.dropLast()).script
    let code = try Batch(options: options).run([edit], script: script, on: [file])
    if code != 0 { throw ExitCode(code) }
  }
}
