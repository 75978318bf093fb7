// Where the time goes: --perf prints the pipeline with the time of each pass, and how many threads
// took part in it; --time-trace writes the same for a picture.

internal import Glibc
internal import Parallel

struct Timing: Sendable {
  /// One pass; seconds.
  struct Entry: Sendable {
    let name: String
    /// Since the link began.
    let start: Double
    let wall: Double
    let cpu: Double
    let threads: Int
  }

  private(set) var entries: [Entry] = []
  /// Nobody asked: two calls of the kernel for each pass are seen in the time of a small link.
  private let isOff: Bool
  private let origin: (wall: Double, cpu: Double)
  private var start: (wall: Double, cpu: Double)

  init(isOn: Bool) {
    isOff = !isOn
    origin = isOn ? Timing.now() : (0, 0)
    start = origin
  }

  private static func now() -> (wall: Double, cpu: Double) {
    func read(_ clock: clockid_t) -> Double {
      var time = timespec()
      clock_gettime(clock, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    return (read(CLOCK_MONOTONIC), read(CLOCK_PROCESS_CPUTIME_ID))
  }

  mutating func begin() {
    if !isOff { start = Timing.now() }
  }

  /// The time since `begin` belongs to the pass `name`, in which `threads` ran some part of a loop.
  mutating func end(_ name: String, threads: Int) {
    if isOff { return }
    let now = Timing.now()
    entries.append(
      Entry(
        name: name, start: start.wall - origin.wall, wall: now.wall - start.wall,
        cpu: now.cpu - start.cpu, threads: max(threads, 1)))
  }

  /// Prints the table that --perf asks for; --stats prints it, too, below its counts.
  func report(_ inputs: Inputs) {
    var text = ""
    if inputs.options.perf || inputs.options.stats {
      text += "     wall       cpu  threads  pass\n"
      for entry in entries {
        let times = "\(Timing.milliseconds(entry.wall)) \(Timing.milliseconds(entry.cpu))"
        text += "\(times) \(Timing.rightAligned(String(entry.threads), 8))  \(entry.name)\n"
      }
      let wall = entries.reduce(0) { $0 + $1.wall }
      let cpu = entries.reduce(0) { $0 + $1.cpu }
      let threads = entries.map(\.threads).max() ?? 1
      let times = "\(Timing.milliseconds(wall)) \(Timing.milliseconds(cpu))"
      text += "\(times) \(Timing.rightAligned(String(threads), 8))  total\n"
    }
    if !text.isEmpty { DiagnosticEngine.write(text, to: STDERR_FILENO) }
  }

  /// `  12.345 ms`
  private static func milliseconds(_ seconds: Double) -> String {
    let micros = Int(seconds * 1e6)
    let fraction = String(1000 + micros % 1000).dropFirst()
    let text = "\(micros / 1000).\(fraction)"
    return rightAligned(text, 9)
  }

  private static func rightAligned(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.utf8.count)) + text
  }
}

extension Inputs {
  /// Runs a pass and notes its time.
  func run(_ name: String, _ pass: () -> Void) {
    timing.begin()
    pass()
    timing.end(name, threads: pool.takeParticipants())
  }
}
