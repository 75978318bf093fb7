// E2: does a switch over an enum with raw values, made by init?(rawValue:), cost more than a
// switch over literals? And what does a stored `static let` cost against a computed one?
import Glibc

enum Kind: UInt32 {
  case none = 0, abs64 = 1, pc32 = 2, got32 = 3, plt32 = 4, copy = 5, globDat = 6, jumpSlot = 7
  case relative = 8, gotPCRel = 9, abs32 = 10, abs32S = 11, abs16 = 12, pc16 = 13, abs8 = 14
  case pc8 = 15, dtpMod64 = 16, dtpOff64 = 17, tpOff64 = 18, tlsGD = 19, tlsLD = 20, dtpOff32 = 21
  case gotTPOff = 22, tpOff32 = 23, pc64 = 24, gotOff64 = 25, gotPC32 = 26, got64 = 27
  case gotPCRel64 = 28, gotPC64 = 29, gotPLT64 = 30, pltOff64 = 31, size32 = 32, size64 = 33
  case gotPC32TLSDesc = 34, tlsDescCall = 35, tlsDesc = 36, iRelative = 37
  case gotPCRelX = 41, rexGOTPCRelX = 42
}

@inline(never) func enumSwitch(_ raw: UInt32, _ s: UInt64, _ p: UInt64) -> UInt64? {
  guard let kind = Kind(rawValue: raw) else { return nil }
  switch kind {
  case .none: return 0
  case .pc32, .plt32: return s &- p
  case .abs64, .abs32, .abs32S, .abs16, .abs8: return s
  case .pc16, .pc8, .pc64: return s &- p &+ 1
  case .got32, .got64: return s &+ 8
  case .gotPCRel, .gotPCRelX, .rexGOTPCRelX, .gotPCRel64: return s &+ 8 &- p
  case .tlsGD: return s &+ 2
  case .tlsLD: return s &+ 3
  case .tpOff32, .tpOff64: return s &* 3
  case .dtpOff32, .dtpOff64: return s &* 5
  case .gotTPOff: return s ^ p
  case .gotPC32TLSDesc: return s | p
  case .tlsDescCall: return p
  case .size32, .size64: return s >> 3
  case .gotOff64, .gotPC32, .gotPC64: return s &- 16
  case .gotPLT64, .pltOff64: return s &- 32
  case .copy, .globDat, .jumpSlot, .relative, .dtpMod64, .tlsDesc, .iRelative: return nil
  }
}

@inline(never) func literalSwitch(_ raw: UInt32, _ s: UInt64, _ p: UInt64) -> UInt64? {
  switch raw {
  case 0: return 0
  case 2, 4: return s &- p
  case 1, 10, 11, 12, 14: return s
  case 13, 15, 24: return s &- p &+ 1
  case 3, 27: return s &+ 8
  case 9, 41, 42, 28: return s &+ 8 &- p
  case 19: return s &+ 2
  case 20: return s &+ 3
  case 23, 18: return s &* 3
  case 21, 17: return s &* 5
  case 22: return s ^ p
  case 34: return s | p
  case 35: return p
  case 32, 33: return s >> 3
  case 25, 26, 29: return s &- 16
  case 30, 31: return s &- 32
  default: return nil
  }
}

/// The two dominant kinds asked for first, then the switch.
@inline(__always) func dominantFirst(_ raw: UInt32, _ s: UInt64, _ p: UInt64) -> UInt64? {
  if raw == 2 || raw == 4 { return s &- p }
  return enumSwitch(raw, s, p)
}

/// The same with one test for both, so that the branch does not guess between the two.
@inline(__always) func dominantByMask(_ raw: UInt32, _ s: UInt64, _ p: UInt64) -> UInt64? {
  if raw < 32 && (0b10100 as UInt32) &>> raw & 1 != 0 { return s &- p }
  return enumSwitch(raw, s, p)
}

struct Constants {
  static let storedScalar: UInt64 = 0x1000
  static let storedArray: [UInt64] = [1, 2, 3, 4]
  static let storedCall: UInt64 = UInt64(getpid())
  static var computed: UInt64 { 0x1000 }
}
@inline(never) func useStoredScalar(_ x: UInt64) -> UInt64 { x &+ Constants.storedScalar }
@inline(never) func useStoredArray(_ x: UInt64) -> UInt64 { x &+ Constants.storedArray[Int(x & 3)] }
@inline(never) func useStoredCall(_ x: UInt64) -> UInt64 { x &+ Constants.storedCall }
@inline(never) func useComputed(_ x: UInt64) -> UInt64 { x &+ Constants.computed }

@main enum Main {
  static func main() {
    let count = 1 << 16
    for (name, random) in [("95 % of two kinds", false), ("all kinds at random", true)] {
      var seed: UInt64 = 42
      let types: [UInt32] = (0..<count).map { _ in
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let r = UInt32(truncatingIfNeeded: seed >> 33)
        if random || r % 100 >= 95 { return (r >> 8) % 38 }
        return r & 1 == 0 ? 2 : 4
      }
      let rounds = 1000
      func time(_ label: String, _ body: (UInt32, UInt64, UInt64) -> UInt64?) {
        report(
          "\(label), \(name)",
          median(5) {
            var sum: UInt64 = 0
            types.withUnsafeBufferPointer { types in
              for _ in 0..<rounds { for t in types { sum &+= body(t, sum, 7) ?? 1 } }
            }
            return sum
          }, steps: rounds * count)
      }
      time("enum init?(rawValue:) + switch") { enumSwitch($0, $1, $2) }
      time("literals") { literalSwitch($0, $1, $2) }
      time("dominant kinds first, then the enum") { dominantFirst($0, $1, $2) }
      time("dominant kinds by mask, then the enum") { dominantByMask($0, $1, $2) }
    }
    let n = 200_000_000
    func constant(_ label: String, _ body: (UInt64) -> UInt64) {
      report(
        label,
        median(5) {
          var s: UInt64 = 1; for _ in 0..<n { s = body(s) }; return s
        }, steps: n)
    }
    constant("static let of a literal", useStoredScalar)
    constant("static let of an array", useStoredArray)
    constant("static let of a call", useStoredCall)
    constant("static computed", useComputed)
  }
}
