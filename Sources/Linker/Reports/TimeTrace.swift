// --time-trace: the passes of the link as a trace, which chrome://tracing, Perfetto and speedscope draw
// (Trace Event Format, "JSON Object Format": complete events, times in microseconds).

internal import Text

extension Inputs {
  /// Of what was done so far: all but putting the output into its place.
  func writeTimeTrace() {
    guard options.timeTrace else { return }
    let path = options.timeTracePath ?? options.outputPath + ".time-trace"
    let least = Double(options.timeTraceGranularity) / 1e6
    var events = [TimeTrace.processName]
    let end = timing.entries.map { $0.start + $0.wall }.max() ?? 0
    events.append(
      TimeTrace.event("Link", start: 0, wall: end, "\"output\":\(quotedJSON(options.outputPath))"))
    for entry in timing.entries where entry.wall >= least {
      let cpu = TimeTrace.microseconds(entry.cpu)
      events.append(
        TimeTrace.event(
          entry.name, start: entry.start, wall: entry.wall,
          "\"cpu_us\":\(cpu),\"threads\":\(entry.threads)"))
    }
    let list = events.joined(separator: ",\n")
    TextOutput.write(
      "{\"traceEvents\":[\n\(list)\n],\"displayTimeUnit\":\"ms\"}\n", to: path, log)
  }
}

private enum TimeTrace {
  static let processName =
    "{\"ph\":\"M\",\"pid\":1,\"tid\":1,\"name\":\"process_name\",\"args\":{\"name\":\"swold\"}}"

  /// - Parameter facts: members of an object.
  static func event(_ name: String, start: Double, wall: Double, _ facts: String) -> String {
    "{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":\(microseconds(start)),\"dur\":\(microseconds(wall)),"
      + "\"name\":\(quotedJSON(name)),\"args\":{\(facts)}}"
  }

  static func microseconds(_ seconds: Double) -> Int { Int((seconds * 1e6).rounded()) }
}
