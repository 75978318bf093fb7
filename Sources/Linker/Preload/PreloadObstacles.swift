// Which links are not prepared.

extension Options {
  /// The option because of which this link cannot be prepared, and why; nil: there is none.
  var preloadObstacle: (option: String, reason: String)? {
    let early = "it prints or writes before the output"
    let edits = "its scripts are read by the editor"
    let obstacles: [(isGiven: Bool, option: String, reason: String)] = [
      (stats, "--stats", "the times would be those of two processes"),
      (perf, "--perf", "the times would be those of two processes"),
      (timeTrace, "--time-trace", "the times would be those of two processes"),
      (directory != nil, "-C", "relative paths would begin in another folder"),
      (!postScripts.isEmpty, "--post", edits),
      (trace, "--trace", early),
      (!traceSymbols.isEmpty, "--trace-symbol", early),
      (whyExtract != nil, "--why-extract", early),
      (archiveStatistics != nil, "--print-archive-stats", early),
      (printSectionMap, "--print-section-map", early),
      (printGCSections, "--print-gc-sections", early),
      (printFoldedSections, "--print-icf-sections", early),
      (printMemoryUsage != .none, "--print-memory-usage", early),
      (!explainRequests.isEmpty, "--explain", early),
      (printDependencies, "--print-dependencies", early),
      (errorHandlingScript != nil, "--error-handling-script", "it runs a program"),
      (reproduce || reproducePath != nil, "--reproduce", early),
    ]
    return obstacles.first(where: \.isGiven).map { ($0.option, $0.reason) }
  }
}

extension Message {
  static func cannotPrepare(_ reason: String) -> Message {
    Message(
      "cannotPrepare", "-preload: this link cannot be prepared: \(reason)",
      notes: ["hint: without -preload it is made as always"])
  }

  static func cannotPrepare(_ option: String, _ reason: String) -> Message {
    cannotPrepare("with \(option) \(reason)")
  }
}
