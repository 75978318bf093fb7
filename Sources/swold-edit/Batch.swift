// The edits of a run on all its files. Without --keep-going they are one transaction: either every file
// is edited or none. With it each file is one of its own.

import ArgumentParser
import Glibc
import PostLinkEdit

struct Batch {
  let options: WriteOptions
  /// Nothing but messages.
  var isQuiet = false
  /// What has been done is said on standard error.
  var isVerbose = false

  /// Applies `edits` to the files and returns the exit code.
  /// - Parameters:
  ///   - script: the text of the edits, for `--provenance`.
  ///   - names: files and folders, whose programs and libraries are meant.
  func run(_ edits: [Edit], script: [UInt8], on names: [String]) throws -> Int32 {
    let onlyReads = edits.allSatisfy(\.onlyReads)
    if options.output == nil, !options.inPlace, !options.dryRun, !options.check, !onlyReads {
      throw ValidationError(
        "say where the result of editing '\(names.first ?? "")' goes: -o FILE or -i")
    }
    if options.output == "-" {
      throw ValidationError(
        "-o - is for export only: name a file for the edited '\(names.first ?? "")'")
    }
    let paths = try files(names)
    if paths.isEmpty {
      printError("there is no program or shared library in '\(names.joined(separator: "', '"))'")
      return 1
    }
    if options.output != nil, paths.count > 1 { throw ValidationError("-o takes one input file") }
    let runner = Runner(settings: RunSettings(options), isVerbose: isVerbose)
    let progress = Progress(count: paths.count, isWanted: !isQuiet)
    var outcomes = EditBatch.map(paths.count) { index in
      let outcome = runner.run(edits, script: script, on: paths[index])
      progress.step()
      return outcome
    }
    progress.end()
    let failed = outcomes.filter { $0.code != 0 && $0.code != 5 }.count
    let stops = failed > 0 && !options.keepGoing
    var published = 0
    if stops {
      for outcome in outcomes { outcome.staged?.discard() }
    } else {
      published = publish(&outcomes, paths)
    }
    for outcome in outcomes {
      if let report = outcome.report {
        emit(report.with("written", .bool(outcome.isWritten)).text, to: 1)
      }
      outcome.transcript.flush()
    }
    summarize(outcomes, failed: failed, published: published)
    return outcomes.map(\.code).max() ?? 0
  }

  /// What is named, and what is in folders, each file once.
  private func files(_ names: [String]) throws -> [String] {
    var seen = Set<String>()
    var result: [String] = []
    for name in names {
      let found = isFolder(name) ? try EditBatch.linkedFiles(below: name) : [name]
      for path in found where seen.insert(EditBatch.realPath(path)).inserted { result.append(path) }
    }
    return result
  }

  /// Puts what is staged in its place, and returns how many files that were.
  private func publish(_ outcomes: inout [FileOutcome], _ paths: [String]) -> Int {
    var owners: [String: Int] = [:]
    for index in outcomes.indices {
      for path in outcomes[index].staged?.paths ?? [] {
        guard let other = owners.updateValue(index, forKey: path) else { continue }
        for outcome in outcomes { outcome.staged?.discard() }
        fail(
          EditFailure(
            .inputOutput, "'\(paths[other])' and '\(paths[index])' both write '\(path)'",
            hint: "edit them one by one"), &outcomes[index])
        return 0
      }
    }
    let groups = options.keepGoing ? outcomes.indices.map { [$0] } : [Array(outcomes.indices)]
    var count = 0
    for group in groups {
      do throws(EditFailure) {
        try StagedEdit.publish(group.compactMap { outcomes[$0].staged })
        for index in group where outcomes[index].staged != nil {
          outcomes[index].isWritten = outcomes[index].isChanged || options.output != nil
          if outcomes[index].isChanged { count += 1 }
        }
      } catch {
        fail(error, &outcomes[group[0]])
      }
    }
    return count
  }

  private func fail(_ failure: EditFailure, _ outcome: inout FileOutcome) {
    outcome.transcript = Transcript()
    if options.json {
      outcome.report = .object([("version", .number(1)), ("diagnostics", .array([JSON(failure)]))])
    }
    outcome.transcript.error(failure.description)
    outcome.code = failure.exitCode
  }

  /// One line about many files. A script that reads standard output does not see it.
  private func summarize(_ outcomes: [FileOutcome], failed: Int, published: Int) {
    guard outcomes.count > 1, !isQuiet else { return }
    let wanted = outcomes.count(where: \.isChanged)
    let same = outcomes.count - wanted - failed
    var parts = ["\(outcomes.count) files"]
    if options.dryRun || options.check {
      parts.append("\(wanted) would change")
    } else {
      parts.append("\(published) changed")
    }
    if same > 0 { parts.append("\(same) need no change") }
    if failed > 0 {
      parts.append("\(failed) refused")
      if !options.keepGoing, wanted > 0 {
        parts.append("so nothing was written (--keep-going edits each on its own)")
      }
    }
    emit("swold-edit: " + parts.joined(separator: ", "), to: 2)
  }
}

/// How many files are done, for somebody who waits at a terminal.
private struct Progress: Sendable {
  private let counter = Counter()
  private let count: Int
  private let isShown: Bool

  init(count: Int, isWanted: Bool) {
    self.count = count
    let isTerminal = isatty(2) == 1 && getenv("CI") == nil
    let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    isShown = isWanted && count > 1 && isTerminal && !isDumb
  }

  func step() {
    guard isShown else { return }
    let done = counter.next()
    emit(Array("\r\(done) of \(count) files".utf8), to: 2)
  }

  func end() {
    if isShown { emit(Array("\r\u{1b}[K".utf8), to: 2) }
  }
}
