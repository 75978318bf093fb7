// Which version a symbol gets: a version script, compiled.
//
// Patterns overlap, and libraries rely on the way in which GNU ld settles that. Its rules, found by
// experiment with GNU ld 2.40 and pinned by the tests:
//
//  1. An exact name (quoted, or without wildcards) beats every glob, global or local. Of several,
//     the first node counts, and in a node `global:` before `local:`.
//  2. Then global globs other than `*`: the *last* node with a match counts.
//  3. Then local globs other than `*`.
//  4. Then `*`: global (the last node) before local.
//
// Patterns in `extern "C++"` are compared with the demangled name, or with the plain name if it is
// not a mangled one; apart from that they follow the same rules.
//
// Exact names go into a hash table and all globs into one automaton, for each language. A matcher
// is built once and then read by all threads.

internal import ELF
internal import Text

struct VersionMatcher: Sendable {
  enum Answer: Sendable, Equatable {
    /// No pattern matches: the symbol keeps what it has.
    case unlisted
    /// VER_NDX_LOCAL: the symbol is not exported.
    case local
    /// The version index for `.gnu.version`: 1 (VER_NDX_GLOBAL) for the node without a name, else
    /// 2 plus the position of the node.
    case version(UInt16)
  }

  /// A global name without wildcards: what --no-undefined-version looks for.
  struct ExactGlobal: Sendable {
    let name: [UInt8]
    let language: VersionPattern.Language
    let version: UInt16
    let position: TextPosition
  }

  /// One exact name in two places that say different things. The first counts. GNU ld takes `local`
  /// against `global` for an error and two versions without a word.
  struct Conflict: Sendable {
    let name: [UInt8]
    let first: TextPosition
    let second: TextPosition
    let isLocalAgainstGlobal: Bool
  }

  /// In the order of the script.
  private(set) var exactGlobals: [ExactGlobal] = []
  /// In the order of the script.
  private(set) var conflicts: [Conflict] = []

  /// What an exact name leads to. The first entry is the one that counts.
  private struct Decision: Sendable {
    let answer: Answer
    let position: TextPosition
  }

  private var decisions: [Decision] = []
  private var exactNames: (c: ExactNameTable, cxx: ExactNameTable)
  private var globs = (c: GlobSet([]), cxx: GlobSet([]))
  private var star = Answer.unlisted
  private let isAnonymous: Bool

  /// Compiles the nodes of a script, or of several that were joined.
  init(_ script: VersionScript) {
    isAnonymous = script.nodes.first?.isAnonymous ?? false
    let count = script.nodes.reduce(0) { $0 + $1.globals.count + $1.locals.count }
    exactNames = (ExactNameTable(capacity: count), ExactNameTable())
    var entries: (c: [GlobSet.Entry], cxx: [GlobSet.Entry]) = ([], [])
    var localStar = false
    // A global glob's rank is 1 plus the position of its node, a local one's is 0: the highest
    // rank is the answer that GNU ld gives.
    for (index, node) in script.nodes.enumerated() {
      for (patterns, isLocal) in [(node.globals, false), (node.locals, true)] {
        for pattern in patterns {
          if let name = pattern.exactName {
            insert(name, pattern, node: index, isLocal: isLocal)
          } else {
            let glob = Glob(pattern.text)
            let rank = isLocal ? 0 : Int32(index + 1)
            if pattern.text.equals("*") {  // `**` is an ordinary pattern.
              if isLocal { localStar = true } else { star = answer(rank) }
            } else if pattern.language == .c {
              entries.c.append(GlobSet.Entry(glob: glob, rank: rank))
            } else {
              entries.cxx.append(GlobSet.Entry(glob: glob, rank: rank))
            }
          }
        }
      }
    }
    globs = (GlobSet(entries.c), GlobSet(entries.cxx))
    if star == .unlisted && localStar { star = .local }
  }

  private mutating func insert(
    _ name: [UInt8], _ pattern: VersionPattern, node: Int, isLocal: Bool
  ) {
    let answer = isLocal ? Answer.local : answer(Int32(node + 1))
    if case .version(let version) = answer {
      exactGlobals.append(
        ExactGlobal(
          name: name, language: pattern.language, version: version, position: pattern.position))
    }
    let number = Int32(decisions.count)
    let known =
      pattern.language == .c
      ? exactNames.c.insert(name, value: number) : exactNames.cxx.insert(name, value: number)
    guard let known else {
      decisions.append(Decision(answer: answer, position: pattern.position))
      return
    }
    let first = decisions[Int(known)]
    if first.answer != answer {
      conflicts.append(
        Conflict(
          name: name, first: first.position, second: pattern.position,
          isLocalAgainstGlobal: first.answer == .local || answer == .local))
    }
  }

  /// The answer that a glob's rank stands for.
  private func answer(_ rank: Int32) -> Answer {
    if rank == 0 { return .local }
    return .version(isAnonymous ? 1 : UInt16(truncatingIfNeeded: rank + 1))
  }

  /// Whether no pattern needs the demangled form.
  var needsNoDemangling: Bool { exactNames.cxx.isEmpty && globs.cxx.isEmpty }

  /// What the script says about the symbol `name`. `hash` is the XXH3 hash of the name.
  /// `demangled` is called at most once, and only if there are C++ patterns and the name begins
  /// with `_Z`; nil from it means that the name cannot be demangled.
  func answer(
    for name: ByteView, hash: UInt64, demangled: () -> [UInt8]?
  ) -> Answer {
    if needsNoDemangling {
      if let number = exactNames.c.value(of: name, hash: hash) {
        return decisions[Int(number)].answer
      }
      let rank = globs.c.bestRank(for: name)
      return rank >= 0 ? answer(rank) : star
    }
    if name.hasPrefix("_Z"), let demangled = demangled() {
      return demangled.withUnsafeBytes { bytes in
        let readable = ByteView(bytes)
        return answer(name, hash, readable, ExactNameTable.hash(readable))
      }
    }
    return answer(name, hash, name, hash)
  }

  /// The same, with the hash computed and the name demangled here.
  func answer(for name: ByteView) -> Answer {
    answer(for: name, hash: ExactNameTable.hash(name)) { Demangler.itanium(name) }
  }

  private func answer(
    _ name: ByteView, _ hash: UInt64, _ readable: ByteView, _ readableHash: UInt64
  ) -> Answer {
    let plain = exactNames.c.value(of: name, hash: hash) ?? Int32.max
    let cxx = exactNames.cxx.value(of: readable, hash: readableHash) ?? Int32.max
    // Decisions are numbered in the order of the script.
    let first = min(plain, cxx)
    if first != Int32.max { return decisions[Int(first)].answer }
    let rank = max(globs.c.bestRank(for: name), globs.cxx.bestRank(for: readable))
    return rank >= 0 ? answer(rank) : star
  }
}
