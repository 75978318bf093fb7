// Many patterns at once: which is the best of those that match a name?
//
// A library with a version script asks that for each of its symbols, and a link may have millions.
// The patterns are joined into one finite automaton, so that a name is read once however many
// patterns there are. Each pattern has a rank, and only the highest matching one is wanted: as soon
// as a pattern that ends in `*` has matched, all of lower or equal rank are dropped. With that the
// automaton of the usual patterns (`a*`, `*a*`) is no larger than a trie.
//
// Sets of awkward patterns would still explode; past a limit the set falls back to trying the
// patterns one by one, those with a literal beginning only for names that share the first byte.

internal import ELF
internal import Text

struct GlobSet: Sendable {
  struct Entry: Sendable {
    let glob: Glob
    /// Not negative; higher is better.
    let rank: Int32
  }

  private enum Form: Sendable {
    case empty
    case automaton(GlobAutomaton)
    case buckets(GlobBuckets)
  }

  private let form: Form

  init(_ entries: [Entry]) {
    if entries.isEmpty {
      form = .empty
    } else if let automaton = GlobAutomaton(entries) {
      form = .automaton(automaton)
    } else {
      form = .buckets(GlobBuckets(entries))
    }
  }

  var isEmpty: Bool {
    if case .empty = form { true } else { false }
  }

  /// The highest rank of the patterns that match all of `name`; -1 if none does.
  func bestRank(for name: ByteView) -> Int32 {
    switch form {
    case .empty: -1
    case .automaton(let automaton): automaton.bestRank(for: name)
    case .buckets(let buckets): buckets.bestRank(for: name)
    }
  }
}

/// The fallback: patterns by the literal text that they begin with. A name is looked up with each
/// length that such a text has, and then tried against the few patterns found.
struct GlobBuckets: Sendable {
  /// The different lengths of literal beginnings, ascending.
  private let lengths: [Int]
  private var prefixes = ExactNameTable()
  /// For each beginning its patterns, best first.
  private var buckets: [[GlobSet.Entry]] = []

  init(_ entries: [GlobSet.Entry]) {
    lengths = Set(entries.map(\.glob.literalPrefix.count)).sorted()
    for entry in entries.sorted(by: { $0.rank > $1.rank }) {
      if let known = prefixes.insert(entry.glob.literalPrefix, value: Int32(buckets.count)) {
        buckets[Int(known)].append(entry)
      } else {
        buckets.append([entry])
      }
    }
  }

  func bestRank(for name: ByteView) -> Int32 {
    var best: Int32 = -1
    for length in lengths {
      guard let prefix = name.slice(0, length) else { break }
      guard let bucket = prefixes.value(of: prefix, hash: ExactNameTable.hash(prefix)) else {
        continue
      }
      for entry in buckets[Int(bucket)] {
        if entry.rank <= best { break }
        if entry.glob.matches(name) {
          best = entry.rank
          break
        }
      }
    }
    return best
  }
}
