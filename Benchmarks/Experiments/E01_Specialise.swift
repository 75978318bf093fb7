// E1: which form of code per architecture does the optimiser specialise?
// Four versions of one loop: 10^8 records are "applied" by a machine known only at run time.
import Glibc

struct Record { var type: UInt32, offset: UInt32, addend: Int64 }

protocol Target {
  static var bias: UInt64 { get }
  static func apply(_ record: Record, _ sum: inout UInt64)
}
enum First: Target {
  static var bias: UInt64 { 3 }
  static func apply(_ r: Record, _ sum: inout UInt64) {
    switch r.type {
    case 0: break
    case 1: sum = sum &+ UInt64(bitPattern: r.addend) &+ UInt64(r.offset)
    case 2: sum = sum &+ UInt64(bitPattern: r.addend) &- UInt64(r.offset)
    default: sum = sum ^ UInt64(r.offset)
    }
  }
}
enum Second: Target {
  static var bias: UInt64 { 5 }
  static func apply(_ r: Record, _ sum: inout UInt64) {
    switch r.type {
    case 0: break
    case 1: sum = sum &- UInt64(bitPattern: r.addend) ^ UInt64(r.offset)
    case 2: sum = sum ^ UInt64(bitPattern: r.addend) &+ UInt64(r.offset)
    default: sum = sum &+ UInt64(r.offset)
    }
  }
}

// A. An existential in the loop.
protocol Applier {
  var bias: UInt64 { get }
  func apply(_ record: Record, _ sum: inout UInt64)
}
struct FirstApplier: Applier {
  var bias: UInt64 { First.bias }
  func apply(_ r: Record, _ sum: inout UInt64) { First.apply(r, &sum) }
}
struct SecondApplier: Applier {
  var bias: UInt64 { Second.bias }
  func apply(_ r: Record, _ sum: inout UInt64) { Second.apply(r, &sum) }
}
@inline(never) func loopExistential(
  _ records: UnsafeBufferPointer<Record>, _ target: any Applier, _ rounds: Int
) -> UInt64 {
  var sum: UInt64 = 0
  for _ in 0..<rounds { for record in records { target.apply(record, &sum) }; sum &+= target.bias }
  return sum
}

// B. A generic class hierarchy.
class Piece<T: Target> {
  func write(_ records: UnsafeBufferPointer<Record>, _ rounds: Int) -> UInt64 { 0 }
  func one(_ record: Record, _ sum: inout UInt64) {}
}
final class TextPiece<T: Target>: Piece<T> {
  override func one(_ record: Record, _ sum: inout UInt64) { T.apply(record, &sum) }
  @inline(never)
  override func write(_ records: UnsafeBufferPointer<Record>, _ rounds: Int) -> UInt64 {
    var sum: UInt64 = 0
    for _ in 0..<rounds { for record in records { T.apply(record, &sum) }; sum &+= T.bias }
    return sum
  }
}
final class OtherPiece<T: Target>: Piece<T> {
  override func one(_ record: Record, _ sum: inout UInt64) { sum &+= T.bias }
}
@inline(never) func loopClassOuter<T: Target>(
  _ records: UnsafeBufferPointer<Record>, _ piece: Piece<T>, _ rounds: Int
) -> UInt64 { piece.write(records, rounds) }
@inline(never) func loopClassInner<T: Target>(
  _ records: UnsafeBufferPointer<Record>, _ piece: Piece<T>, _ rounds: Int
) -> UInt64 {
  var sum: UInt64 = 0
  for _ in 0..<rounds { for record in records { piece.one(record, &sum) }; sum &+= T.bias }
  return sum
}

// C. Static requirements, a generic function, one switch outside.
@inline(never) func loopStatic<T: Target>(
  _ records: UnsafeBufferPointer<Record>, as: T.Type, _ rounds: Int
) -> UInt64 {
  var sum: UInt64 = 0
  for _ in 0..<rounds { for record in records { T.apply(record, &sum) }; sum &+= T.bias }
  return sum
}

// D. A closed enum, switched on in the loop.
enum Machine {
  case first, second
  var bias: UInt64 { self == .first ? 3 : 5 }
  func apply(_ r: Record, _ sum: inout UInt64) {
    switch self {
    case .first: First.apply(r, &sum)
    case .second: Second.apply(r, &sum)
    }
  }
}
@inline(never) func loopEnum(
  _ records: UnsafeBufferPointer<Record>, _ machine: Machine, _ rounds: Int
) -> UInt64 {
  var sum: UInt64 = 0
  for _ in 0..<rounds {
    for record in records { machine.apply(record, &sum) }; sum &+= machine.bias
  }
  return sum
}

@main enum Main {
  static func main() {
    let records = UnsafeMutableBufferPointer<Record>.allocate(capacity: 10_000)
    for i in 0..<10_000 {
      // 95 of 100 are of one type, as PC32 and PLT32 are.
      records[i] = Record(
        type: i % 20 == 7 ? 2 : (i % 97 == 3 ? 5 : 1), offset: UInt32(i), addend: Int64(i &* 7))
    }
    let view = UnsafeBufferPointer(records)
    let rounds = 10_000
    let machine: Machine = CommandLine.arguments.count > 1 ? .second : .first
    let steps = rounds * view.count
    // Chosen at run time, as the machine of a link is.
    let applier: any Applier = machine == .first ? FirstApplier() : SecondApplier()
    func all<T: Target>(_ type: T.Type) {
      report(
        "A  any Target in the loop", median(5) { loopExistential(view, applier, rounds) },
        steps: steps)
      let pieces: [Piece<T>] = [TextPiece<T>(), OtherPiece<T>()]
      report(
        "B1 generic class, loop inside the method",
        median(5) { loopClassOuter(view, pieces[0], rounds) }, steps: steps)
      report(
        "B2 generic class, method inside the loop",
        median(5) { loopClassInner(view, pieces[0], rounds) }, steps: steps)
    }
    if machine == .first { all(First.self) } else { all(Second.self) }
    report(
      "C  static requirements, switch outside the loop",
      median(5) {
        switch machine {
        case .first: loopStatic(view, as: First.self, rounds)
        case .second: loopStatic(view, as: Second.self, rounds)
        }
      }, steps: steps)
    report(
      "D  enum switched on in the loop", median(5) { loopEnum(view, machine, rounds) }, steps: steps
    )
  }
}
