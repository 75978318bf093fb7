// Which rule takes a section: the question that is asked once for every input section of a link.
//
// A link of a large program asks ten million times, so the answer must not depend on the number of
// rules. A name is read once by an automaton (NameAutomaton.swift) and yields the id of a *set* of
// patterns. There are few such sets, few classes of traits and few sets of file patterns, so the
// winner of a combination is computed when the combination first appears and then looked up. Where
// no candidate names a file (nearly always) the lookup is one relaxed load.
//
// All methods may be called from any number of threads. What they return depends on their arguments
// alone, except for the numbering of ambiguities and file sets.

internal import Parallel
internal import Text

/// The file patterns of the map that one input file matches. Computed once per file.
public struct FilePatternSet: Sendable, Hashable, BitwiseCopyable {
  /// Index into the matcher's list of sets; 0: only `*` matches.
  let id: UInt32

  /// A file that no pattern but `*` matches.
  public static var anyFile: Self { Self(id: 0) }
}

/// What the rules say of one section.
public enum MatchOutcome: Sendable, Hashable, BitwiseCopyable {
  /// No rule: an orphan.
  case none
  case rule(RuleID)
  /// Two rules claim it; `Matcher.ambiguity` names them.
  case ambiguous(UInt32)
}

/// The rules of a map as a function from an input section to a `MatchOutcome`.
public final class Matcher: Sendable {
  private struct Growing {
    var fileSets: [[Bool]] = [[]]
    var idOfFileSet: [[Bool]: UInt32] = [[]: 0]
    var ambiguities: [Ambiguity] = []
    var settledByPreference: Set<RuleID> = []
    var idOfAmbiguity: [Ambiguity: UInt32] = [:]
    /// Only if the automaton was too large: the sets of items that names had.
    var extraSets: [[UInt32]] = []
    var idOfExtraSet: [[UInt32]: UInt32] = [:]
  }

  private let rules: [Rule]
  private let index: RuleIndex
  // The automaton, as `StateTable` describes it.
  private let classOfByte: FrozenTable
  private let classCount: Int
  private let next: FrozenTable
  private let firstFinalRow: UInt32
  private let startRow: UInt32
  private let sets: [[UInt32]]
  private let traitClassTable: FrozenTable
  private let usesKinds: Bool
  /// The globs that the automaton does not know, because it would have been too large, each behind
  /// the item for its literal prefix. Empty if the automaton knows all.
  private let slowGlobs: [UInt32: [(item: UInt32, glob: Glob)]]
  /// One word per set of items and trait class. Bit 0: it was asked for; bit 1: the outcome depends
  /// on the file; bit 2: the outcome for a file that only `*` matches is known, and stands in bits 3…
  private let cells: AtomicTable
  /// A cache of choices that depend on the file: in each word the full key and the outcome.
  private let memo: AtomicTable
  private let growing = Guarded(Growing())

  /// In how many slots a key may stand; a power of two.
  private static let memoWays = 4

  /// Sets of items beyond the automaton's that a fallback matcher can table.
  private static let extraSetLimit = 4096

  /// Compiles the patterns of `map` into one automaton; globs are compared one by one if it grew
  /// too large.
  public init(_ map: SectionMap) {
    var builder = NameAutomatonBuilder()
    rules = map.rules
    index = RuleIndex(map, &builder)
    let table: StateTable
    if let complete = builder.buildTable() {
      table = complete
      slowGlobs = [:]
    } else {
      slowGlobs = builder.replaceGlobsByPrefixes()
      table = builder.buildTrieTable()
    }
    classOfByte = FrozenTable(table.classOfByte.map { UInt32($0) })
    classCount = table.classCount
    next = FrozenTable(table.next)
    firstFinalRow = table.firstFinalRow
    startRow = table.startRow
    sets = table.sets
    usesKinds = index.usesKinds
    traitClassTable = FrozenTable(TraitClass.table().map { UInt32($0) })
    let setCount = sets.count + (slowGlobs.isEmpty ? 0 : Self.extraSetLimit)
    cells = AtomicTable(count: setCount * TraitClass.stride)
    var memoSize = index.filePatterns.count == 1 ? Self.memoWays : 1 << 12
    while memoSize < index.filePatterns.count * 128 && memoSize < 1 << 17 { memoSize *= 2 }
    memo = AtomicTable(count: memoSize)
  }

  deinit {
    classOfByte.deallocate()
    next.deallocate()
    traitClassTable.deallocate()
    cells.deallocate()
    memo.deallocate()
  }

  /// Whether names are read by one automaton, as they are unless its size would explode.
  public var isCompiled: Bool { slowGlobs.isEmpty }

  // MARK: - Files

  /// The patterns that a file matches. `path` is the object as named on the command line, or the
  /// archive if `member` names an object in it.
  public func filePatterns(path: String, member: String? = nil) -> FilePatternSet {
    if index.filePatterns.count == 1 { return .anyFile }
    return filePatterns(Array(path.utf8), member.map { Array($0.utf8) })
  }

  /// The patterns that the sections made by the linker match.
  public var linkerFilePatterns: FilePatternSet {
    index.filePatterns.count == 1 ? .anyFile : filePatterns(nil, nil)
  }

  private func filePatterns(_ path: [UInt8]?, _ member: [UInt8]?) -> FilePatternSet {
    var set = index.filePatterns.dropFirst().map { $0.matches(path: path, member: member) }
    if !set.contains(true) { set = [] }
    return growing.withLock { state in
      if let known = state.idOfFileSet[set] { return FilePatternSet(id: known) }
      let id = UInt32(state.fileSets.count)
      state.fileSets.append(set)
      state.idOfFileSet[set] = id
      return FilePatternSet(id: id)
    }
  }

  // MARK: - Sections

  /// The rule for a section.
  public func rule(
    name: UnsafeRawBufferPointer, traits: SectionTraits, file: FilePatternSet
  ) -> MatchOutcome {
    let cell = unsafe Int(nameSet(name)) * TraitClass.stride + traitClass(traits, name)
    if cell < cells.count {
      let word = cells[cell]
      if word & 4 != 0 && (word & 2 == 0 || file.id == 0) { return Self.outcome(word >> 3) }
      if word & 2 != 0 {
        if let code = remembered(Self.memoKey(cell, file)) { return Self.outcome(code) }
      }
    }
    return unsafe decide(name, cell, file)
  }

  /// The rule for a section.
  public func rule(
    name: Span<UInt8>, traits: SectionTraits, file: FilePatternSet
  ) -> MatchOutcome {
    unsafe name.withUnsafeBytes { unsafe rule(name: $0, traits: traits, file: file) }
  }

  /// The rule for a section, for callers in no hurry.
  public func rule(
    name: String, traits: SectionTraits, file: FilePatternSet
  ) -> MatchOutcome {
    unsafe Array(name.utf8).withUnsafeBytes { unsafe rule(name: $0, traits: traits, file: file) }
  }

  /// The two rules that claim a section.
  public func ambiguity(_ number: UInt32) -> Ambiguity {
    growing.withLock { $0.ambiguities[Int(number)] }
  }

  /// The rules that won a section only because they say `prefer`.
  public var settledByPreference: Set<RuleID> { growing.withLock { $0.settledByPreference } }

  /// Every rule that could have had the section, and what became of it.
  public func candidates(
    name: String, traits: SectionTraits, file: FilePatternSet
  ) -> [RuleCandidate] {
    let (items, traitClass) = unsafe Array(name.utf8).withUnsafeBytes {
      (unsafe self.items(nameSet($0)), unsafe self.traitClass(traits, $0))
    }
    var result: [RuleCandidate] = []
    _ = index.choose(
      restricted(matches(items, UInt8(traitClass)), to: file), rules: rules,
      explain: { result.append($0) })
    return result.sorted { ($0.rule, $0.selector) < ($1.rule, $1.selector) }
  }

  // MARK: - Reading a name

  /// The class of a section: its traits, and whether its name is a C identifier where that matters.
  private func traitClass(_ traits: SectionTraits, _ name: UnsafeRawBufferPointer) -> Int {
    let traitClass = traitClassTable[Int(traits.rawValue) & (1 << SectionTraits.bitCount - 1)]
    if usesKinds && traitClass < UInt32(TraitClass.common) {
      if unsafe Self.isIdentifier(name) { return Int(TraitClass.identifier) }
    }
    return Int(traitClass)
  }

  /// Whether `name` is a C identifier. Most names begin with a dot, and are none at once.
  private static func isIdentifier(_ name: UnsafeRawBufferPointer) -> Bool {
    for index in 0..<name.count {
      // The index comes from the range of the buffer.
      let byte = unsafe name[index]
      switch byte {
      case 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"): continue
      case 0x30...0x39 where index > 0: continue
      case _: return false
      }
    }
    return name.count > 0
  }

  /// The set of items that a name matches.
  private func nameSet(_ name: UnsafeRawBufferPointer) -> UInt32 {
    let classOfByte = self.classOfByte
    let next = self.next
    let firstFinalRow = self.firstFinalRow
    var row = startRow
    for index in 0..<name.count {
      if row >= firstFinalRow { break }
      // The index comes from the range of the buffer.
      row = unsafe next[Int(row) &+ Int(classOfByte[Int(name[index])])]
    }
    let set = next[Int(row) &+ classCount]
    if slowGlobs.isEmpty { return set }
    return unsafe slowNameSet(name, set)
  }

  /// Adds the globs that the automaton does not know.
  private func slowNameSet(_ name: UnsafeRawBufferPointer, _ set: UInt32) -> UInt32 {
    let bytes = unsafe Array(name)
    var items: [UInt32] = []
    for item in sets[Int(set)] {
      if item < UInt32(index.isFullName.count) { items.append(item) }
      for (item, glob) in slowGlobs[item] ?? [] where glob.matches(bytes.span) {
        items.append(item)
      }
    }
    items.sort()
    return growing.withLock { state in
      if let known = state.idOfExtraSet[items] { return known }
      let id = UInt32(sets.count + state.extraSets.count)
      state.extraSets.append(items)
      state.idOfExtraSet[items] = id
      return id
    }
  }

  private func items(_ set: UInt32) -> [UInt32] {
    if Int(set) < sets.count { return sets[Int(set)] }
    return growing.withLock { $0.extraSets[Int(set) - sets.count] }
  }

  // MARK: - Deciding

  /// The selectors that match, whatever the file.
  private func matches(_ items: [UInt32], _ traitClass: UInt8) -> [Int] {
    index.matches(items, traitClass: traitClass, ruleKind: { rules[$0.index].kind })
  }

  /// Those of the selectors that a file allows.
  private func restricted(_ matching: [Int], to file: FilePatternSet) -> [Int] {
    let fileSet = growing.withLock { $0.fileSets[Int(file.id)] }
    return matching.filter {
      let pattern = index.selectors[$0].file
      return pattern == 0 || (!fileSet.isEmpty && fileSet[pattern - 1])
    }
  }

  /// Computes a choice and remembers it.
  private func decide(
    _ name: UnsafeRawBufferPointer, _ cell: Int, _ file: FilePatternSet
  ) -> MatchOutcome {
    let items = self.items(UInt32(cell / TraitClass.stride))
    let traitClass = UInt8(cell % TraitClass.stride)
    let all = matches(items, traitClass)
    let dependsOnFile = all.contains { index.selectors[$0].file != 0 }
    // Only choices that some section asked for are made: `settledByPreference` counts them.
    let choice = index.choose(restricted(all, to: file), rules: rules)
    if case .rule(let rule, byPreference: true) = choice {
      growing.withLock { _ = $0.settledByPreference.insert(rule) }
    }
    let code = encode(choice)
    if !dependsOnFile || file.id == 0 {
      if cell < cells.count { cells.store(code << 3 | (dependsOnFile ? 7 : 5), at: cell) }
      return Self.outcome(code)
    }
    // Two threads may find this at once with different files; what one of them forgets is found again.
    if cell < cells.count && cells[cell] == 0 { cells.store(3, at: cell) }
    remember(Self.memoKey(cell, file), code)
    return Self.outcome(code)
  }

  // MARK: - Choices that depend on the file

  /// 40 bits: cell and file set; 0 if they do not fit, and then nothing is remembered.
  private static func memoKey(_ cell: Int, _ file: FilePatternSet) -> UInt64 {
    guard cell < 1 << 22 && file.id < 1 << 18 else { return 0 }
    return UInt64(cell) << 18 | UInt64(file.id)
  }

  /// Where a key may stand: in the slots that differ from this one in the last two bits.
  private static func memoSlot(_ key: UInt64, _ count: Int) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 40) & (count - 1)
  }

  private func remembered(_ key: UInt64) -> UInt64? {
    guard key != 0 else { return nil }
    let slot = Self.memoSlot(key, memo.count)
    for way in 0..<Self.memoWays {
      let word = memo[slot ^ way]
      if word >> 24 == key { return word & 0xff_ffff }
    }
    return nil
  }

  private func remember(_ key: UInt64, _ code: UInt64) {
    guard key != 0 && code <= 0xff_ffff else { return }
    let slot = Self.memoSlot(key, memo.count)
    let free = (0..<Self.memoWays).first { memo[slot ^ $0] == 0 }
    memo.store(key << 24 | code, at: slot ^ (free ?? Int(key) & (Self.memoWays - 1)))
  }

  /// 0: none; odd: a rule; even: an ambiguity.
  private func encode(_ choice: Choice) -> UInt64 {
    switch choice {
    case .none: return 0
    case .rule(let rule, _): return UInt64(rule.rawValue) << 1 | 1
    case .ambiguous(let ambiguity):
      return growing.withLock { state in
        if let known = state.idOfAmbiguity[ambiguity] { return (UInt64(known) + 1) << 1 }
        let id = UInt32(state.ambiguities.count)
        state.ambiguities.append(ambiguity)
        state.idOfAmbiguity[ambiguity] = id
        return (UInt64(id) + 1) << 1
      }
    }
  }

  private static func outcome(_ code: UInt64) -> MatchOutcome {
    if code & 1 != 0 { return .rule(RuleID(rawValue: UInt32(truncatingIfNeeded: code >> 1))) }
    return code == 0 ? .none : .ambiguous(UInt32(truncatingIfNeeded: (code >> 1) - 1))
  }
}
