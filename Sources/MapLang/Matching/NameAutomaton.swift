// The automaton that reads a section name once and says which patterns of the map it matches.
//
// Nearly all patterns of real maps are a full name or a prefix with a `*` behind it. They form a
// trie, and a trie with "everything else" edges is already a deterministic automaton: a name that
// leaves the trie stays, for ever, in the state that stands for the prefixes it had. Other globs
// (`*.foo`, `a?c`, sets) become a second automaton by the subset construction; the product of both
// is what runs. Bytes that no pattern tells apart share a
// class, so a row of the table has a few dozen entries.
//
// A state that can never be left ends the walk: for `.text.*`, a name is decided after six bytes
// however long it is. States are numbered so that these come last, and one comparison finds them.
//
// If the second automaton or the product would be too large, the globs are tried one by one
// instead: slow, but correct. Nothing else depends on which form is in use.

internal import Text

/// What the automaton recognises, one row each.
struct NameItem: Sendable {
  var isFullName: Bool
}

/// A deterministic automaton over classes of bytes.
struct StateTable: Sendable {
  /// Class of each byte; 256 entries.
  var classOfByte: [UInt8]
  var classCount: Int
  /// One row of `stride` words for each state: for each class the offset of the next row, and last
  /// the set of items that a name ending in this state matches, an index into `sets`.
  var next: [UInt32]
  /// Rows at or above this offset can never be left.
  var firstFinalRow: UInt32
  /// Items of each set, ascending.
  var sets: [[UInt32]]
  /// Offset of the row in which a walk begins.
  var startRow: UInt32

  var stride: Int { classCount + 1 }
  var stateCount: Int { next.count / stride }
}

/// Collects patterns; builds the automaton.
struct NameAutomatonBuilder {
  private struct Node {
    var byte: UInt8
    var exactItem: Int32 = -1
    var prefixItem: Int32 = -1
    var firstChild: Int32 = -1
    var nextSibling: Int32 = -1
  }

  private var nodes: [Node] = [Node(byte: 0)]
  private(set) var items: [NameItem] = []
  /// Globs that are neither a name nor a prefix, with their items.
  private(set) var globs: [(item: UInt32, glob: Glob)] = []
  private var isUsed = [Bool](repeating: false, count: 256)

  /// Largest number of states of the automaton for globs, and of entries of the product.
  static let stateLimit = 2048
  static let entryLimit = 1 << 20

  init() {
    nodes.reserveCapacity(1024)
  }

  /// The item for names that `glob` matches. Equal names and prefixes share an item.
  mutating func insert(_ glob: Glob) -> UInt32 {
    var hasStar = false
    for (index, token) in glob.tokens.enumerated() {
      if case .byte = token { continue }
      guard token == .star && index == glob.tokens.count - 1 else {
        let item = newItem(isFullName: false)
        globs.append((item, glob))
        return item
      }
      hasStar = true
    }
    return insert(
      literal: glob.tokens.lazy.prefix(glob.tokens.count - (hasStar ? 1 : 0)).map {
        if case .byte(let byte) = $0 { byte } else { 0 }
      }, isPrefix: hasStar)
  }

  mutating func insert(literal bytes: some Sequence<UInt8>, isPrefix: Bool) -> UInt32 {
    var node = 0
    for byte in bytes { node = child(of: node, byte) }
    let existing = isPrefix ? nodes[node].prefixItem : nodes[node].exactItem
    if existing >= 0 { return UInt32(existing) }
    let item = newItem(isFullName: !isPrefix)
    if isPrefix {
      nodes[node].prefixItem = Int32(item)
    } else {
      nodes[node].exactItem = Int32(item)
    }
    return item
  }

  private mutating func newItem(isFullName: Bool) -> UInt32 {
    items.append(NameItem(isFullName: isFullName))
    return UInt32(items.count - 1)
  }

  private mutating func child(of node: Int, _ byte: UInt8) -> Int {
    var child = nodes[node].firstChild
    while child >= 0 {
      if nodes[Int(child)].byte == byte { return Int(child) }
      child = nodes[Int(child)].nextSibling
    }
    isUsed[Int(byte)] = true
    nodes.append(Node(byte: byte, nextSibling: nodes[node].firstChild))
    nodes[node].firstChild = Int32(nodes.count - 1)
    return nodes.count - 1
  }

  /// For an automaton of names and prefixes only: every glob hangs on the item of its literal prefix,
  /// and is to be tried on the names that have it.
  mutating func replaceGlobsByPrefixes() -> [UInt32: [(item: UInt32, glob: Glob)]] {
    var result: [UInt32: [(item: UInt32, glob: Glob)]] = [:]
    for (item, glob) in globs {
      // If a rule has the same prefix, its item serves for both.
      result[insert(literal: glob.literalPrefix, isPrefix: true), default: []].append((item, glob))
    }
    return result
  }

  // MARK: - Tables

  /// The automaton of names and prefixes alone.
  func buildTrieTable() -> StateTable {
    var classOfByte = [UInt8](repeating: 0, count: 256)
    // Class 0: bytes that occur in no pattern. At most 255 others fit; with all 256 bytes in use
    // class 0 takes the last one, which is then alone in it.
    var classCount = 1
    for byte in 0..<256 where isUsed[byte] && classCount < 256 {
      classOfByte[byte] = UInt8(classCount)
      classCount += 1
    }
    return buildTrieTable(classOfByte, classCount)
  }

  private func buildTrieTable(_ classOfByte: [UInt8], _ classCount: Int) -> StateTable {
    // Parents come before their children in `nodes`, so one pass hands down what is inherited.
    // Where a node's names go when they leave the trie: an index into `sinkSets`.
    var sinkOfNode = [UInt32](repeating: 0, count: nodes.count)
    var sinkSets: [UInt32] = [0]
    var sets: [[UInt32]] = [[]]
    var stateOfNode = [Int32](repeating: -1, count: nodes.count)
    var acceptedSet: [UInt32] = []
    acceptedSet.reserveCapacity(nodes.count + 64)
    for index in nodes.indices {
      let node = nodes[index]
      if node.prefixItem >= 0 {
        let inherited = sets[Int(sinkSets[Int(sinkOfNode[index])])]
        sets.append(Self.inserting(UInt32(node.prefixItem), into: inherited))
        sinkSets.append(UInt32(sets.count - 1))
        sinkOfNode[index] = UInt32(sinkSets.count - 1)
      }
      let sink = sinkOfNode[index]
      var child = node.firstChild
      while child >= 0 {
        sinkOfNode[Int(child)] = sink
        child = nodes[Int(child)].nextSibling
      }
      // A leaf that accepts no full name is its sink.
      if node.firstChild < 0 && node.exactItem < 0 { continue }
      stateOfNode[index] = Int32(acceptedSet.count)
      var set = sinkSets[Int(sink)]
      if node.exactItem >= 0 {
        sets.append(Self.inserting(UInt32(node.exactItem), into: sets[Int(set)]))
        set = UInt32(sets.count - 1)
      }
      acceptedSet.append(set)
    }
    let firstSink = acceptedSet.count
    let stride = classCount + 1
    acceptedSet.append(contentsOf: sinkSets)

    func row(ofNode index: Int) -> UInt32 {
      let state =
        stateOfNode[index] >= 0 ? Int(stateOfNode[index]) : firstSink + Int(sinkOfNode[index])
      return UInt32(state * stride)
    }
    var next = [UInt32](repeating: 0, count: acceptedSet.count * stride)
    for index in nodes.indices where stateOfNode[index] >= 0 {
      let base = Int(stateOfNode[index]) * stride
      let sinkRow = UInt32((firstSink + Int(sinkOfNode[index])) * stride)
      for column in 0..<classCount { next[base + column] = sinkRow }
      var child = nodes[index].firstChild
      while child >= 0 {
        next[base + Int(classOfByte[Int(nodes[Int(child)].byte)])] = row(ofNode: Int(child))
        child = nodes[Int(child)].nextSibling
      }
    }
    for state in firstSink..<acceptedSet.count {
      for column in 0..<classCount {
        next[state * stride + column] = UInt32(state * stride)
      }
    }
    for (state, set) in acceptedSet.enumerated() { next[state * stride + classCount] = set }
    return StateTable(
      classOfByte: classOfByte, classCount: classCount, next: next,
      firstFinalRow: UInt32(firstSink * stride), sets: sets, startRow: row(ofNode: 0))
  }

  private static func inserting(_ item: UInt32, into set: [UInt32]) -> [UInt32] {
    var result = set
    let place = result.firstIndex { $0 > item } ?? result.count
    result.insert(item, at: place)
    return result
  }

  /// The automaton of everything, or nil if it would be too large: then use `buildTrieTable` and
  /// try `globs` one by one.
  func buildTable() -> StateTable? {
    if globs.isEmpty { return buildTrieTable() }
    let (classOfByte, classCount) = classes()
    guard let globTable = buildGlobTable(classOfByte, classCount) else { return nil }
    let trieTable = buildTrieTable(classOfByte, classCount)
    return Self.product(trieTable, globTable)
  }

  /// Bytes that neither trie nor globs tell apart get one class.
  private func classes() -> ([UInt8], Int) {
    var sets: [ByteSet] = []
    var isUsed = self.isUsed
    for (_, glob) in globs {
      for token in glob.tokens {
        switch token {
        case .byte(let byte): isUsed[Int(byte)] = true
        case .set(let set): if !sets.contains(set) { sets.append(set) }
        case .any, .star: break
        }
      }
    }
    var classOfByte = [UInt8](repeating: 0, count: 256)
    var representatives: [UInt8] = []
    for byte in UInt8.min...UInt8.max {
      let known =
        isUsed[Int(byte)]
        ? nil
        : representatives.firstIndex { other in
          !isUsed[Int(other)] && sets.allSatisfy { $0.contains(byte) == $0.contains(other) }
        }
      if let known {
        classOfByte[Int(byte)] = UInt8(known)
      } else {
        classOfByte[Int(byte)] = UInt8(representatives.count)
        representatives.append(byte)
      }
    }
    return (classOfByte, representatives.count)
  }

  /// Subset construction over the positions of all globs.
  private func buildGlobTable(_ classOfByte: [UInt8], _ classCount: Int) -> StateTable? {
    var representative = [UInt8](repeating: 0, count: classCount)
    for byte in UInt8.min...UInt8.max { representative[Int(classOfByte[Int(byte)])] = byte }
    // One row per position of a glob; the position behind the last token accepts.
    var tokens: [GlobToken?] = []
    var itemOfPosition: [UInt32] = []
    var start: [UInt32] = []
    func close(_ position: Int, _ set: inout [UInt32]) {
      var position = position
      while true {
        set.append(UInt32(position))
        switch tokens[position] {
        case .star: position += 1
        case .byte, .any, .set, nil: return
        }
      }
    }
    for (item, glob) in globs {
      let first = tokens.count
      tokens.append(contentsOf: glob.tokens.map(Optional.init))
      tokens.append(nil)
      itemOfPosition.append(contentsOf: repeatElement(item, count: glob.tokens.count + 1))
      close(first, &start)
    }
    var stateOfSet: [[UInt32]: Int] = [start: 0]
    var states = [start]
    var next: [UInt32] = []
    var sets: [[UInt32]] = [[]]
    var setIndex: [[UInt32]: UInt32] = [[]: 0]
    var index = 0
    while index < states.count {
      guard states.count <= Self.stateLimit else { return nil }
      let state = states[index]
      index += 1
      for column in 0..<classCount {
        var successor: [UInt32] = []
        for position in state {
          guard let token = tokens[Int(position)], token.accepts(representative[column]) else {
            continue
          }
          switch token {
          case .star: close(Int(position), &successor)
          case .byte, .any, .set: close(Int(position) + 1, &successor)
          }
        }
        successor.sort()
        var unique: [UInt32] = []
        for position in successor where unique.last != position { unique.append(position) }
        let target = stateOfSet[unique] ?? states.count
        if target == states.count {
          stateOfSet[unique] = target
          states.append(unique)
        }
        next.append(UInt32(target * (classCount + 1)))
      }
      let accepted = state.filter { tokens[Int($0)] == nil }.map { itemOfPosition[Int($0)] }
      let set = setIndex[accepted] ?? UInt32(sets.count)
      if Int(set) == sets.count {
        sets.append(accepted)
        setIndex[accepted] = set
      }
      next.append(set)
    }
    return StateTable(
      classOfByte: classOfByte, classCount: classCount, next: next,
      firstFinalRow: .max, sets: sets, startRow: 0)
  }

  /// The automaton that runs both at once; nil if it has more than `entryLimit` entries.
  private static func product(_ first: StateTable, _ second: StateTable) -> StateTable? {
    let classCount = first.classCount
    let stride = first.stride
    let (pairCount, overflow) = first.stateCount.multipliedReportingOverflow(by: second.stateCount)
    guard !overflow && pairCount <= entryLimit * 4 else { return nil }
    var stateOfPair = [Int32](repeating: -1, count: pairCount)
    var pairs: [(row: UInt32, other: UInt32)] = []
    func state(_ row: UInt32, _ other: UInt32) -> Int32 {
      let pair = Int(row) / stride * second.stateCount + Int(other) / stride
      if stateOfPair[pair] < 0 {
        stateOfPair[pair] = Int32(pairs.count)
        pairs.append((row, other))
      }
      return stateOfPair[pair]
    }
    var targets: [Int32] = []
    _ = state(first.startRow, second.startRow)
    var index = 0
    while index < pairs.count {
      guard pairs.count * stride <= entryLimit else { return nil }
      let (row, other) = pairs[index]
      for column in 0..<classCount {
        targets.append(state(first.next[Int(row) + column], second.next[Int(other) + column]))
      }
      index += 1
    }
    // States that lead only to themselves go to the end.
    let isFinal = pairs.indices.map { state in
      !(0..<classCount).contains { targets[state * classCount + $0] != Int32(state) }
    }
    var newState = [Int](repeating: 0, count: pairs.count)
    var count = 0
    for state in pairs.indices where !isFinal[state] {
      newState[state] = count
      count += 1
    }
    let firstFinal = count
    for state in pairs.indices where isFinal[state] {
      newState[state] = count
      count += 1
    }
    var sets: [[UInt32]] = [[]]
    var setIndex: [UInt64: UInt32] = [0: 0]
    var next = [UInt32](repeating: 0, count: count * stride)
    for (state, pair) in pairs.enumerated() {
      let target = newState[state]
      for column in 0..<classCount {
        next[target * stride + column] =
          UInt32(newState[Int(targets[state * classCount + column])] * stride)
      }
      let own = first.next[Int(pair.row) + classCount]
      let other = second.next[Int(pair.other) + classCount]
      let key = UInt64(own) << 32 | UInt64(other)
      let set = setIndex[key] ?? UInt32(sets.count)
      if Int(set) == sets.count {
        sets.append((first.sets[Int(own)] + second.sets[Int(other)]).sorted())
        setIndex[key] = set
      }
      next[target * stride + classCount] = set
    }
    return StateTable(
      classOfByte: first.classOfByte, classCount: classCount, next: next,
      firstFinalRow: UInt32(firstFinal * stride), sets: sets,
      startRow: UInt32(newState[0] * stride))
  }
}
