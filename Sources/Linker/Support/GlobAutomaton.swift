// The deterministic automaton of a set of globs, built completely before it is used, so that any
// number of threads can read it.
//
// The construction is the textbook one over sets of positions: a position is an element of a
// pattern that the name has reached. A set is a row of bits, so one byte takes all patterns a step
// further with a mask and a shift. Bytes that no pattern tells apart share a class, which keeps the
// table small: for `_ZN3foo*` there are seven classes. 200 patterns like `*word*` take about 1 ms.

internal import ELF
internal import Text

struct GlobAutomaton: Sendable {
  /// More states or work than this, and the set is not worth an automaton.
  private static var stateLimit: Int { 8192 }
  /// In words of 64 positions.
  private static var workLimit: Int { 4_000_000 }
  /// With more, the first two limits would be reached anyway, after 50 ms for nothing.
  private static var positionLimit: Int { 16_384 }

  private let classOfByte: [UInt8]
  private let classCount: Int
  /// The next state for each state and class.
  private var next: [UInt16] = []
  /// The best rank when the name ends in a state; -1: no match.
  private var rank: [Int32] = []
  /// States below this never change again, whatever follows.
  private var finalCount = 0
  private var start: UInt16 = 0

  /// Builds the automaton; nil if it would be too large.
  init?(_ entries: [GlobSet.Entry]) {
    guard entries.reduce(0, { $0 + $1.glob.tokens.count + 1 }) <= Self.positionLimit,
      let (classOfByte, classCount) = Self.classifyBytes(entries)
    else { return nil }
    self.classOfByte = classOfByte
    self.classCount = classCount
    guard build(entries) else { return nil }
    moveFinalStatesToFront()
  }

  /// The highest rank of the patterns that match all of `name`; -1 if none does.
  func bestRank(for name: ByteView) -> Int32 {
    var state = Int(start)
    next.withUnsafeBufferPointer { next in
      classOfByte.withUnsafeBufferPointer { classOfByte in
        for byte in name.buffer {
          if state < finalCount { return }
          state = Int(next[state &* classCount &+ Int(classOfByte[Int(byte)])])
        }
      }
    }
    return rank[state]
  }

  // MARK: Construction

  /// Splits the bytes into classes that no token tells apart.
  private static func classifyBytes(_ entries: [GlobSet.Entry]) -> ([UInt8], Int)? {
    var seen = Set<ByteSet>()
    var classes = [UInt8](repeating: 0, count: 256)
    var count = 1
    for entry in entries {
      for token in entry.glob.tokens where token != .star {
        let set = token.bytes
        guard seen.insert(set).inserted else { continue }
        // Split each class into the bytes inside and outside of `set`.
        var renamed: [Int: UInt8] = [:]
        var classesWithOutsiders = Set<UInt8>()
        for byte in 0..<256 where !set.contains(UInt8(byte)) {
          classesWithOutsiders.insert(classes[byte])
        }
        for byte in 0..<256
        where set.contains(UInt8(byte)) && classesWithOutsiders.contains(classes[byte]) {
          let old = Int(classes[byte])
          if renamed[old] == nil {
            guard count < 256 else { return nil }
            renamed[old] = UInt8(count)
            count += 1
          }
          classes[byte] = renamed[old] ?? 0
        }
      }
    }
    return (classes, count)
  }

  private mutating func build(_ entries: [GlobSet.Entry]) -> Bool {
    let positions = GlobPositions(entries, classOfByte, classCount)
    var numbers: [[UInt64]: UInt16] = [:]
    var states: [[UInt64]] = []
    func number(_ set: [UInt64]) -> UInt16 {
      if let known = numbers[set] { return known }
      let new = UInt16(states.count)
      numbers[set] = new
      states.append(set)
      return new
    }
    start = number(positions.initial)
    var index = 0
    while index < states.count {
      let state = states[index]
      rank.append(positions.rank(of: state))
      for byteClass in 0..<classCount {
        next.append(number(positions.step(state, byteClass)))
      }
      index += 1
      guard states.count <= Self.stateLimit,
        index * classCount * positions.wordCount <= Self.workLimit
      else { return false }
    }
    return true
  }

  /// Renumbers the states so that those that lead only to themselves come first: the search ends
  /// there without a look at the table.
  private mutating func moveFinalStatesToFront() {
    let count = rank.count
    let row = { [next, classCount] (state: Int) in
      next[state * classCount..<(state + 1) * classCount]
    }
    let isFinal = (0..<count).map { state in row(state).allSatisfy { Int($0) == state } }
    let order = (0..<count).filter { isFinal[$0] } + (0..<count).filter { !isFinal[$0] }
    var newNumber = [UInt16](repeating: 0, count: count)
    for (new, old) in order.enumerated() { newNumber[old] = UInt16(new) }
    next = order.flatMap { state in row(state).map { newNumber[Int($0)] } }
    rank = order.map { [rank] in rank[$0] }
    finalCount = isFinal.count { $0 }
    start = newNumber[Int(start)]
  }
}
