// E8: do @inline(always) and @specialized change the code? Compile with and without -D ATTRIBUTES
// and compare the symbols and the time.
import Glibc

protocol Target { static func step(_ x: UInt64) -> UInt64 }
enum First: Target { static func step(_ x: UInt64) -> UInt64 { (x ^ (x >> 7)) &* 3 &+ 1 } }
enum Second: Target { static func step(_ x: UInt64) -> UInt64 { (x ^ (x >> 9)) &* 5 &+ 7 } }

/// Large enough that the optimiser does not inline it of itself.
#if ATTRIBUTES
  @inline(always)
#endif
func large(_ x: UInt64, _ table: UnsafePointer<UInt64>) -> UInt64 {
  var y = x
  switch x & 15 {
  case 0: y = y &* table[0] ^ table[1] &+ table[2]
  case 1: y = (y << 3) ^ (table[3] &* table[4])
  case 2: y = (y >> 5) &+ table[5] &* 7
  case 3: y = y.byteSwapped ^ table[6]
  case 4: y = y.nonzeroBitCount == 3 ? table[7] : y &+ 9
  case 5: y = y.leadingZeroBitCount == 7 ? table[8] : y &* 11
  case 6: y = y &- table[9] &* table[10]
  case 7: y = ~y &+ table[11]
  case 8: y = y | table[12] &- 5
  case 9: y = y & table[13] &+ 77
  case 10: y = y ^ (y >> 7) ^ (y << 9)
  case 11: y = y &* 0x9E37_79B9_7F4A_7C15
  case 12: y = y &+ table[14] &* table[15]
  case 13: y = y ^ table[16] &* 3
  case 14: y = (y << 1) | (y >> 63)
  default: y = y &+ 1
  }
  return y &+ (y >> 31) &* table[17] ^ (y << 11) &+ table[18]
}
@inline(never) func caller1(_ n: Int, _ t: UnsafePointer<UInt64>) -> UInt64 {
  var x: UInt64 = 1
  for _ in 0..<n { x = large(x, t) }
  return x
}
@inline(never) func caller2(_ n: Int, _ t: UnsafePointer<UInt64>) -> UInt64 {
  var x: UInt64 = 2
  for _ in 0..<n { x ^= large(x &+ 1, t) }
  return x
}
@inline(never) func caller3(_ n: Int, _ t: UnsafePointer<UInt64>) -> UInt64 {
  var x: UInt64 = 3
  for _ in 0..<n { x &+= large(x, t) }
  return x
}

/// Reached through an opaque function value only, so that no call site names the type.
#if ATTRIBUTES
  @specialized(where T == First)
  @specialized(where T == Second)
#endif
@inline(never) func generic<T: Target>(_ type: T.Type, _ n: Int) -> UInt64 {
  var x: UInt64 = 1
  for _ in 0..<n { x = T.step(x) }
  return x
}
@inline(never) func throughExistential(_ type: any Target.Type, _ n: Int) -> UInt64 {
  generic(type, n)
}

/// Read anew by every run, so that no call is hoisted out of the timing.
nonisolated(unsafe) var steps = 100_000_000

@main enum Main {
  static func main() {
    let t = UnsafeMutablePointer<UInt64>.allocate(capacity: 32)
    for i in 0..<32 { t[i] = UInt64(i) &* 0x1234_5678_9ABC_DEF1 | 1 }
    let n = steps
    report(
      "three callers of a large function",
      median(5) {
        caller1(n / 3, t) &+ caller2(n / 3, t) &+ caller3(n / 3, t)
      }, steps: n)
    let type: any Target.Type = CommandLine.arguments.count > 1 ? Second.self : First.self
    report(
      "generic function reached through an existential",
      median(5) {
        throughExistential(type, steps &+ Int(sink & 1))
      }, steps: n)
    report(
      "generic function, type named at the call",
      median(5) {
        let n = steps &+ Int(sink & 1)
        return CommandLine.arguments.count > 1 ? generic(Second.self, n) : generic(First.self, n)
      }, steps: n)
  }
}
