// One run on one file: open, apply, verify, report, commit.

import ArgumentParser
import PostLinkEdit

struct Runner {
  let options: WriteOptions

  /// Applies `edits` to `path` and returns the exit code.
  /// - Parameter script: the text of the edits, for `--provenance`.
  func run(_ edits: [Edit], script: [UInt8], on path: String) throws -> Int32 {
    let onlyReads = edits.allSatisfy(\.onlyReads)
    if options.output == nil, !options.inPlace, !options.dryRun, !options.check, !onlyReads {
      throw ValidationError("say where the result of editing '\(path)' goes: -o FILE or -i")
    }
    if options.output == "-" {
      throw ValidationError("-o - is for export only: name a file for the edited '\(path)'")
    }
    var settings = EditOptions()
    settings.allowed = Set(options.allow.compactMap(DiagnosticCode.init(rawValue:)))
    settings.ifNeeded = options.check
    settings.dropsOverlay = options.overlay == "drop"

    let session: EditSession
    do throws(EditFailure) {
      session = try EditSession(path: path, options: settings)
    } catch {
      if options.json {
        emit(
          JSON.object([("version", .number(1)), ("diagnostics", .array([JSON(error)]))]).text, to: 1
        )
      }
      printError(error.description)
      return error.exitCode
    }
    var verified = false
    do throws(EditFailure) {
      if options.provenance, !onlyReads {
        try session.recordProvenance(script: script, verbs: edits.map(\.name))
      }
      try session.apply(edits)
      try session.verify()
      verified = true
      if options.verify == "full" { try checkRepetition(session, edits, settings) }
      if !options.dryRun, !options.check { try commit(session, onlyReads) }
    } catch {
      if options.json {
        emit(session.report(output: options.output, failure: error, verified: verified).text, to: 1)
      }
      printWarnings(session, path)
      printError(described(error.description, path))
      return error.exitCode
    }
    printWarnings(session, path)
    report(session, verified)
    return options.check && session.isChanged ? 5 : 0
  }

  /// A message with the name of the file, if it does not say it already.
  private func described(_ text: String, _ path: String) -> String {
    text.contains("'\(path)'") ? text : "\(text)\n  file: \(path)"
  }

  private func commit(_ session: EditSession, _ onlyReads: Bool) throws(EditFailure) {
    var commit = CommitOptions(output: options.output)
    commit.backup = options.backup
    commit.hardLinks = CommitOptions.HardLinks(rawValue: options.hardlinks) ?? .refuse
    commit.keepsDates = options.preserveDates
    commit.syncs = !options.noFsync
    let printed = session.sideFiles.filter { $0.path == "-" }
    if options.json, !printed.isEmpty {
      throw EditFailure(
        .value, "to=- and --json both write to standard output", hint: "name a file with to=")
    }
    for side in printed { emit(side.bytes, to: 1) }
    try session.commit(commit)
  }

  /// Applies the edits to the result: the second time must change nothing or be refused.
  private func checkRepetition(
    _ session: EditSession, _ edits: [Edit], _ settings: EditOptions
  ) throws(EditFailure) {
    let second = try EditSession(image: session.result, options: settings)
    do throws(EditFailure) {
      try second.apply(edits)
    } catch {
      return
    }
    if second.isChanged {
      let names = second.reports.filter { !$0.writes.isEmpty }.map(\.name)
      printWarning(
        "SW-REPEAT: a second run changes the file again (\(names.joined(separator: ", "))); "
          + "add expect=")
    }
  }

  private func printWarnings(_ session: EditSession, _ path: String) {
    for warning in session.warnings { printWarning(described(warning.description, path)) }
  }

  private func report(_ session: EditSession, _ verified: Bool) {
    if options.json {
      emit(session.report(output: options.output, failure: nil, verified: verified).text, to: 1)
    }
    let showsDiff = options.diff || options.diffFormat != nil
    guard options.dryRun || options.check || showsDiff else { return }
    var lines: [String] = []
    if options.dryRun || options.check {
      for report in session.reports {
        lines += report.summary.map { "\(report.name): \($0)" }
      }
      if !session.isChanged { lines.append("no change") }
    }
    if showsDiff {
      let difference = session.difference()
      if options.diffFormat == "json", !options.json {
        emit(JSON.array(difference.map { .string($0) }).text, to: 1)
      } else {
        lines += difference
      }
    }
    let isData = options.json || options.diffFormat == "json"
    for line in lines { emit(line, to: isData ? 2 : 1) }
  }
}
