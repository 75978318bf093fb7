// One run on one file: open, apply, verify, stage, report. What it prints is collected, because several
// files are edited at the same time and the messages stand in their order.

import PostLinkEdit

/// What a run writes to standard output (1) and standard error (2), in order.
struct Transcript: Sendable {
  private(set) var parts: [(descriptor: Int32, bytes: [UInt8])] = []

  mutating func add(_ bytes: [UInt8], to descriptor: Int32) { parts.append((descriptor, bytes)) }
  mutating func add(_ line: String, to descriptor: Int32) {
    add(Array((line + "\n").utf8), to: descriptor)
  }
  mutating func error(_ text: String) { add("swold-edit: error: \(text)", to: 2) }
  mutating func warning(_ text: String) { add("swold-edit: warning: \(text)", to: 2) }
  func flush() { for part in parts { emit(part.bytes, to: part.descriptor) } }
}

/// What became of one file.
struct FileOutcome: Sendable {
  var code: Int32 = 0
  var transcript = Transcript()
  /// What `--json` prints, before it is known whether all files pass.
  var report: JSON?
  var isChanged = false
  var isWritten = false
  /// Finished and not yet in its place.
  var staged: StagedEdit?
}

struct Runner: Sendable {
  let settings: RunSettings
  /// Says on standard error what each edit has done.
  var isVerbose = false

  /// Applies `edits` to the file and stages the result.
  /// - Parameter script: the text of the edits, for `--provenance`.
  func run(_ edits: [Edit], script: [UInt8], on path: String) -> FileOutcome {
    var outcome = FileOutcome()
    let onlyReads = edits.allSatisfy(\.onlyReads)
    var options = EditOptions()
    options.allowed = settings.allowed
    options.ifNeeded = settings.check
    options.dropsOverlay = settings.dropsOverlay

    let session: EditSession
    do throws(EditFailure) {
      session = try EditSession(path: path, options: options)
    } catch {
      if settings.json {
        outcome.report = .object([("version", .number(1)), ("diagnostics", .array([JSON(error)]))])
      }
      outcome.transcript.error(error.description)
      outcome.code = error.exitCode
      return outcome
    }
    var verified = false
    do throws(EditFailure) {
      if settings.provenance, !onlyReads {
        try session.recordProvenance(script: script, verbs: edits.map(\.name))
      }
      try session.apply(edits)
      try session.verify()
      verified = true
      if settings.verifiesTwice { try checkRepetition(session, edits, options, &outcome) }
      if settings.writes { try stage(session, &outcome) }
    } catch {
      if settings.json {
        outcome.report = session.report(
          output: settings.output, failure: error, verified: verified)
      }
      addWarnings(session, path, &outcome)
      outcome.transcript.error(described(error.description, path))
      outcome.code = error.exitCode
      return outcome
    }
    addWarnings(session, path, &outcome)
    report(session, verified, &outcome)
    outcome.isChanged = session.isChanged
    outcome.code = settings.check && session.isChanged ? 5 : 0
    return outcome
  }

  /// A message with the name of the file, if it does not say it already.
  private func described(_ text: String, _ path: String) -> String {
    text.contains("'\(path)'") ? text : "\(text)\n  file: \(path)"
  }

  private func stage(_ session: EditSession, _ outcome: inout FileOutcome) throws(EditFailure) {
    let printed = session.sideFiles.filter { $0.path == "-" }
    if settings.json, !printed.isEmpty {
      throw EditFailure(
        .value, "to=- and --json both write to standard output", hint: "name a file with to=")
    }
    outcome.staged = try session.stage(settings.commit)
    for side in printed { outcome.transcript.add(side.bytes, to: 1) }
  }

  /// Applies the edits to the result: the second time must change nothing or be refused.
  private func checkRepetition(
    _ session: EditSession, _ edits: [Edit], _ options: EditOptions, _ outcome: inout FileOutcome
  ) throws(EditFailure) {
    let second = try EditSession(image: session.result, options: options)
    do throws(EditFailure) {
      try second.apply(edits)
    } catch {
      return
    }
    if second.isChanged {
      let names = second.reports.filter { !$0.writes.isEmpty }.map(\.name)
      outcome.transcript.warning(
        "SW-REPEAT: a second run changes the file again (\(names.joined(separator: ", "))); "
          + "add expect=")
    }
  }

  private func addWarnings(_ session: EditSession, _ path: String, _ outcome: inout FileOutcome) {
    for warning in session.warnings {
      outcome.transcript.warning(described(warning.description, path))
    }
  }

  private func report(_ session: EditSession, _ verified: Bool, _ outcome: inout FileOutcome) {
    if settings.json {
      outcome.report = session.report(output: settings.output, failure: nil, verified: verified)
    }
    if isVerbose {
      for report in session.reports {
        for text in report.summary { outcome.transcript.add("\(report.name): \(text)", to: 2) }
      }
    }
    guard !settings.writes || settings.showsDiff else { return }
    var lines: [String] = []
    if !settings.writes {
      for report in session.reports {
        lines += report.summary.map { "\(report.name): \($0)" }
      }
      if !session.isChanged { lines.append("no change") }
    }
    if settings.showsDiff {
      let difference = session.difference()
      if settings.diffIsJSON, !settings.json {
        outcome.transcript.add(JSON.array(difference.map { .string($0) }).text, to: 1)
      } else {
        lines += difference
      }
    }
    let isData = settings.json || settings.diffIsJSON
    for line in lines { outcome.transcript.add(line, to: isData ? 2 : 1) }
  }
}
