// Shared by the experiments: time, medians, and a sink that the optimiser cannot remove.
import Glibc

func now() -> Double {
  var t = timespec()
  clock_gettime(CLOCK_MONOTONIC, &t)
  return Double(t.tv_sec) + Double(t.tv_nsec) / 1e9
}

nonisolated(unsafe) var sink: UInt64 = 0

/// The median over `runs` of the seconds that `body` takes, after one run to warm up.
func median(_ runs: Int = 7, _ body: () -> UInt64) -> Double {
  sink &+= body()
  var times: [Double] = []
  for _ in 0..<runs {
    let begin = now()
    sink &+= body()
    times.append(now() - begin)
  }
  return times.sorted()[runs / 2]
}

/// Prints `name` and nanoseconds per step.
func report(_ name: String, _ seconds: Double, steps: Int) {
  let hundredths = Int(seconds * 1e11 / Double(steps) + 0.5)
  let text = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  print(name + String(repeating: " ", count: max(1, 58 - name.utf8.count)) + text + " ns")
}
