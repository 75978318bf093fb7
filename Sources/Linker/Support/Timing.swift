// Where the time goes: --perf prints the pipeline with the time of each pass.

internal import Glibc

struct Timing: Sendable {
  private var entries: [(name: String, wall: Double, cpu: Double)] = []
  private var start = Timing.now()

  private static func now() -> (wall: Double, cpu: Double) {
    func read(_ clock: clockid_t) -> Double {
      var time = timespec()
      clock_gettime(clock, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    return (read(CLOCK_MONOTONIC), read(CLOCK_PROCESS_CPUTIME_ID))
  }

  mutating func begin() { start = Timing.now() }

  mutating func end(_ name: String) {
    let now = Timing.now()
    entries.append((name, now.wall - start.wall, now.cpu - start.cpu))
  }

  /// Prints the table that --perf asks for; --stats prints it, too, below its counts.
  func report(_ inputs: Inputs) {
    var text = ""
    if inputs.options.perf || inputs.options.stats {
      text += "     wall       cpu  pass\n"
      for entry in entries {
        text +=
          "\(Timing.milliseconds(entry.wall)) \(Timing.milliseconds(entry.cpu))  \(entry.name)\n"
      }
      let wall = entries.reduce(0) { $0 + $1.wall }
      let cpu = entries.reduce(0) { $0 + $1.cpu }
      text += "\(Timing.milliseconds(wall)) \(Timing.milliseconds(cpu))  total\n"
    }
    if !text.isEmpty { DiagnosticEngine.write(text, to: STDERR_FILENO) }
  }

  /// `  12.345 ms`
  private static func milliseconds(_ seconds: Double) -> String {
    let micros = Int(seconds * 1e6)
    let fraction = String(1000 + micros % 1000).dropFirst()
    let text = "\(micros / 1000).\(fraction)"
    return String(repeating: " ", count: max(0, 9 - text.count)) + text
  }
}

extension Inputs {
  /// Runs a pass and notes its time.
  func run(_ name: String, _ pass: () -> Void) {
    timing.begin()
    pass()
    timing.end(name)
  }
}
