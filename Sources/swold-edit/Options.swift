// The options of all writing verbs.

import ArgumentParser
import PostLinkEdit

struct WriteOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "Write the result to this file.")
  var output: String?

  @Flag(name: .shortAndLong, help: "Replace the file by the result.")
  var inPlace = false

  @Option(help: ArgumentHelp("With -i: keep the old file as FILE+SUFFIX.", valueName: "suffix"))
  var backup: String?

  @Option(
    name: .customShort("D"),
    help: ArgumentHelp("Define %{NAME} for scripts.", valueName: "name=value"))
  var define: [String] = []

  @Flag(name: [.customShort("n"), .long], help: "Do everything except writing.")
  var dryRun = false

  @Flag(help: "Like --dry-run with if-needed; exit 5 if the file would change.")
  var check = false

  @Flag(help: "Print what changes.")
  var diff = false

  @Option(help: ArgumentHelp("Like --diff, as text or json.", valueName: "format"))
  var diffFormat: String?

  @Flag(help: "Print one JSON object; texts go to stderr.")
  var json = false

  @Option(help: ArgumentHelp("Waive a diagnostic.", valueName: "code"))
  var allow: [String] = []

  @Option(help: ArgumentHelp("refuse, break or rewrite.", valueName: "policy"))
  var hardlinks = "refuse"

  @Option(help: ArgumentHelp("keep or drop bytes behind the ELF file.", valueName: "policy"))
  var overlay = "keep"

  @Option(help: ArgumentHelp("full: apply the edits a second time in memory.", valueName: "level"))
  var verify = "normal"

  @Flag(help: "Note the edits and the SHA-256 of their text in .note.swold.edits.")
  var provenance = false

  @Flag(name: .shortAndLong, help: "Keep the file's times.")
  var preserveDates = false

  @Flag(help: "Wait for the disk, or not; unless told, for files that are edited in place.")
  var fsync: FileSync?

  @Flag(
    name: [.customShort("k"), .long],
    help: "With several files: edit those that can be, each on its own.")
  var keepGoing = false

  func validate() throws {
    for code in allow {
      guard let known = DiagnosticCode(rawValue: code), known.isWaivable else {
        let waivable = DiagnosticCode.allCases.filter(\.isWaivable).map(\.rawValue)
        throw ValidationError(
          "'\(code)' cannot be waived; waivable: \(waivable.joined(separator: " "))")
      }
    }
    guard CommitOptions.HardLinks(rawValue: hardlinks) != nil else {
      throw ValidationError("--hardlinks is refuse, break or rewrite")
    }
    guard ["keep", "drop"].contains(overlay) else {
      throw ValidationError("--overlay is keep or drop")
    }
    guard ["normal", "full"].contains(verify) else { throw ValidationError("--verify is full") }
    guard ["text", "json", nil].contains(diffFormat) else {
      throw ValidationError("--diff-format is text or json")
    }
    if output != nil, inPlace { throw ValidationError("give either -o or -i") }
    if backup != nil, !inPlace { throw ValidationError("--backup needs -i") }
    if backup?.isEmpty == true { throw ValidationError("--backup needs a suffix, as .orig") }
    if backup != nil, hardlinks == "rewrite" {
      throw ValidationError("--hardlinks rewrite changes the file that --backup keeps: choose one")
    }
    if json, output == "-" {
      throw ValidationError("--json and -o - both write to standard output: choose one")
    }
    _ = try variables()
  }

  /// The variables of `-D`.
  func variables() throws -> [String: String] {
    var result: [String: String] = [:]
    for text in define {
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
        throw ValidationError("-D takes NAME=VALUE, not '\(text)'")
      }
      result[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    return result
  }
}

/// `--fsync` and `--no-fsync`
enum FileSync: EnumerableFlag {
  case fsync
  case noFsync
}

/// The options that a run on one file needs, as plain values that threads may share.
struct RunSettings: Sendable {
  let commit: CommitOptions
  let output: String?
  let allowed: Set<DiagnosticCode>
  let check: Bool
  /// Neither --dry-run nor --check.
  let writes: Bool
  let dropsOverlay: Bool
  let provenance: Bool
  let verifiesTwice: Bool
  let json: Bool
  let showsDiff: Bool
  let diffIsJSON: Bool

  init(_ options: WriteOptions) {
    var commit = CommitOptions(output: options.output)
    commit.backup = options.backup
    commit.hardLinks = CommitOptions.HardLinks(rawValue: options.hardlinks) ?? .refuse
    commit.keepsDates = options.preserveDates
    if let fsync = options.fsync { commit.durability = fsync == .fsync ? .always : .never }
    self.commit = commit
    output = options.output
    allowed = Set(options.allow.compactMap(DiagnosticCode.init(rawValue:)))
    check = options.check
    writes = !options.dryRun && !options.check
    dropsOverlay = options.overlay == "drop"
    provenance = options.provenance
    verifiesTwice = options.verify == "full"
    json = options.json
    showsDiff = options.diff || options.diffFormat != nil
    diffIsJSON = options.diffFormat == "json"
  }
}
