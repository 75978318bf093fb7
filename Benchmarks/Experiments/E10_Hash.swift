// E10: XXH3 of 10^7 symbol names on one thread: inlined by the shim header, called in the shared
// library, and Swift's own Hasher for comparison.
import CExperiment
import Glibc

@main enum Main {
  static func main() {
    for length in [8, 24, 48, 80, 200] {
      let count = 10_000_000
      let distinct = 4096
      let stride = 256
      let bytes = UnsafeMutableRawPointer.allocate(byteCount: distinct * stride, alignment: 64)
      for i in 0..<(distinct * stride) {
        bytes.storeBytes(
          of: UInt8(truncatingIfNeeded: i &* 37 &+ i >> 8), toByteOffset: i, as: UInt8.self)
      }
      func time(_ name: String, _ body: (UnsafeRawPointer, Int) -> UInt64) {
        report(
          "\(length) bytes: \(name)",
          median(5) {
            var sum: UInt64 = 0
            for i in 0..<count {
              // Lengths vary around the mean, as names do, so that the branch on length is honest.
              let n = length - 4 + (i &* 7) & 7
              sum ^= body(bytes + (i & (distinct - 1)) * stride, n)
            }
            return sum
          }, steps: count)
      }
      time("inlined") { experiment_inlined($0, $1) }
      time("inlined, called out of line") { experiment_outOfLine($0, $1) }
      time("shared library") { experiment_shared($0, $1) }
      if length == 24 {
        time("Swift's Hasher") { p, n in
          var h = Hasher()
          unsafe h.combine(bytes: UnsafeRawBufferPointer(start: p, count: n))
          return UInt64(bitPattern: Int64(h.finalize()))
        }
      }
    }
  }
}
