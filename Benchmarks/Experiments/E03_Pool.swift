// E3: the worker pool of Sources/Parallel against Dispatch's concurrentPerform.
// Every item costs about 25 ns (a chain of shifts and multiplications).
import Dispatch
import Glibc

@inline(never) func item(_ i: Int) -> UInt64 {
  var x = UInt64(truncatingIfNeeded: i) | 1
  for _ in 0..<12 { x = (x ^ (x >> 29)) &* 6_364_136_223_846_793_005 &+ 1 }
  return x
}

@main enum Main {
  static func main() {
    let threads = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1])! : 2
    let pool = WorkerPool(threads: threads)
    let out = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: 1_000_000)
    out.initialize(repeating: 0)
    struct Box: @unchecked Sendable { let out: UnsafeMutableBufferPointer<UInt64> }
    let box = Box(out: out)
    print("\(threads) threads, median wall time of one loop in microseconds")
    func us(_ t: Double) -> String { "\(Double(Int(t * 1e8 + 0.5)) / 100)" }
    for count in [1, 1_000, 10_000, 100_000, 1_000_000] {
      let runs = count > 50_000 ? 101 : 1001
      let pooled = median(runs) {
        pool.parallelFor(count) { range, _ in for i in range { box.out[i] = item(i) } }
        return box.out[0]
      }
      let byOne = median(runs) {
        DispatchQueue.concurrentPerform(iterations: count) { i in box.out[i] = item(i) }
        return box.out[0]
      }
      let chunks = min(count, threads * 16)
      let chunked = median(runs) {
        DispatchQueue.concurrentPerform(iterations: chunks) { c in
          for i in (c * count / chunks)..<((c + 1) * count / chunks) { box.out[i] = item(i) }
        }
        return box.out[0]
      }
      let serial = median(runs) {
        for i in 0..<count { box.out[i] = item(i) }; return box.out[0]
      }
      print(
        "\(count) items: serial \(us(serial)), pool \(us(pooled)), concurrentPerform per item \(us(byOne)), in \(chunks) chunks \(us(chunked))"
      )
    }
    // How a loop behaves that follows another after a pause, when the workers sleep.
    var pauses: [Double] = []
    for _ in 0..<101 {
      usleep(2000)
      let begin = now()
      pool.parallelFor(1000) { range, _ in for i in range { box.out[i] = item(i) } }
      pauses.append(now() - begin)
    }
    print("pool, 1000 items after a pause of 2 ms: \(us(pauses.sorted()[50]))")
    if threads == 1 { return }
    pauses = []
    for _ in 0..<101 {
      usleep(2000)
      let begin = now()
      DispatchQueue.concurrentPerform(iterations: 32) { c in
        for i in (c * 1000 / 32)..<((c + 1) * 1000 / 32) { box.out[i] = item(i) }
      }
      pauses.append(now() - begin)
    }
    print("concurrentPerform, the same: \(us(pauses.sorted()[50]))")
  }
}
