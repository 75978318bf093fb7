// Did you mean …? A likely spelling for a name that nobody defines.
//
// Two kinds of mistakes are common. Names are misspelt: then the nearest defined name within a few
// edits is meant. Or the two sides disagree about the language: C code calls a C++ function that
// lacks `extern "C"`, the other way round, a parameter has another type, an assembler file has or
// lacks an underscore. Those are far apart as text, so they are looked for by structure and win.
//
// It runs once for an error, over all defined names, so most names are turned down by their length
// and by the set of their bytes before the distance is computed: a million names of 45 bytes take
// about 0.15 s on one thread.

internal import ELF
internal import Text

/// What may have been meant by an undefined name.
struct Suggestion: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    /// The C name was used and a C++ function defines it.
    case definedInCxx
    /// The C++ name was used and a C function or variable defines it.
    case definedInC
    /// The C++ function exists with other parameters.
    case otherParameters
    /// Only the case of letters differs.
    case otherCase
    /// A leading underscore is missing or too many.
    case otherUnderscore
    /// So many insertions, deletions, replacements and swaps of neighbours.
    case misspelt(edits: Int)
  }

  let kind: Kind
  /// The defined symbol, as in the symbol table.
  let name: [UInt8]

  /// The sentence for the message, without full stop.
  var text: String {
    let readable = name.withUnsafeBytes { Demangler.readable(ByteView($0)) }
    return switch kind {
    case .definedInCxx:
      "did you mean \(readable)? it is a C++ function; declare it extern \"C\""
    case .definedInC:
      "did you mean \(readable)? it has a C name; declare it extern \"C\" where it is used"
    case .otherParameters:
      "did you mean \(readable)? it is defined with these parameters"
    case .otherCase, .otherUnderscore, .misspelt:
      "did you mean \(readable)?"
    }
  }

  /// The smaller, the better.
  fileprivate var rank: Int {
    switch kind {
    case .definedInCxx, .definedInC, .otherParameters: 0
    case .otherCase: 1
    case .otherUnderscore: 2
    case .misspelt(let edits): 2 + edits
    }
  }
}

struct SuggestionFinder {
  private let name: [UInt8]
  private let lowercase: [UInt8]
  private let signature: UInt64
  /// What a C++ name is the name of, or the name itself.
  private let base: MangledBase?
  private let maximumEdits: Int
  private var distance: BoundedDistance
  private var best: Suggestion?

  /// Looks for what may have been meant by `name`, among the first `limit` of `candidates`. Equally
  /// good ones are decided by the order of their bytes, so the order of the candidates does not
  /// matter as long as all of them are seen.
  static func find(
    _ name: ByteView, among candidates: some Sequence<ByteView>, limit: Int = 2_000_000
  ) -> Suggestion? {
    var finder = SuggestionFinder(name)
    var count = 0
    for candidate in candidates {
      count += 1
      if count > limit { break }
      finder.consider(candidate)
    }
    return finder.best
  }

  private init(_ name: ByteView) {
    self.name = name.bytes
    lowercase = self.name.map(Self.lowercased)
    signature = Self.signature(name)
    base = MangledBase(name)
    // One edit in names like `read`, two from 6 and three from 12 bytes on; `ab` may mean anything.
    maximumEdits = name.count < 3 ? 0 : min(3, max(1, name.count / 4))
    distance = BoundedDistance(self.name)
  }

  private mutating func consider(_ candidate: ByteView) {
    guard let kind = kind(of: candidate) else { return }
    let found = Suggestion(kind: kind, name: candidate.bytes)
    if let best {
      guard
        found.rank < best.rank
          || (found.rank == best.rank && found.name.lexicographicallyPrecedes(best.name))
      else { return }
    }
    best = found
  }

  private mutating func kind(of candidate: ByteView) -> Suggestion.Kind? {
    if candidate.isEmpty || isSame(candidate) { return nil }
    if let kind = languageKind(of: candidate) { return kind }
    let difference = abs(candidate.count - name.count)
    if difference == 0, isSameInLowercase(candidate) { return .otherCase }
    // `x` and `_x` need not have anything to do with each other.
    if difference == 1, min(name.count, candidate.count) > 2, differsByUnderscore(candidate) {
      return .otherUnderscore
    }
    // What cannot be better than the best is not worth the work.
    let bound = min(maximumEdits, (best?.rank ?? .max) - 2)
    guard bound > 0, difference <= bound else { return nil }
    // An edit changes at most one byte on each side.
    let unlike = signature ^ Self.signature(candidate)
    guard unlike.nonzeroBitCount <= 2 * bound else { return nil }
    return candidate.withSpan { distance.distance(to: $0, atMost: bound) }
      .map { .misspelt(edits: $0) }
  }

  private func languageKind(of candidate: ByteView) -> Suggestion.Kind? {
    let isMangled = candidate.hasPrefix("_Z")
    guard isMangled || base != nil else { return nil }
    let other = isMangled ? MangledBase(candidate) : nil
    switch (base, other) {
    case (nil, let other?):
      // Only plain functions; `foo` does not mean `A::foo`.
      return other.parts.count == 1 && other.equals(name) ? .definedInCxx : nil
    case (let base?, nil):
      return !isMangled && base.parts.count == 1 && base.parts[0] == candidate ? .definedInC : nil
    case (let base?, let other?):
      return base.parts == other.parts ? .otherParameters : nil
    case (nil, nil):
      return nil
    }
  }

  private func isSame(_ candidate: ByteView) -> Bool {
    candidate.count == name.count && candidate.buffer.elementsEqual(name)
  }

  private func isSameInLowercase(_ candidate: ByteView) -> Bool {
    candidate.buffer.lazy.map(Self.lowercased).elementsEqual(lowercase)
  }

  private func differsByUnderscore(_ candidate: ByteView) -> Bool {
    guard maximumEdits > 0 else { return false }
    let underscore = UInt8(ascii: "_")
    return candidate.count > name.count
      ? candidate[0] == underscore && candidate.buffer.dropFirst().elementsEqual(name)
      : name.first == underscore && name.dropFirst().elementsEqual(candidate.buffer)
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
  }

  /// One bit for each byte value that occurs, modulo 64.
  private static func signature(_ name: ByteView) -> UInt64 {
    var bits: UInt64 = 0
    for byte in name.buffer { bits |= 1 << UInt64(byte & 63) }
    return bits
  }
}

/// The qualified name in a mangled C++ name, without parameters: `_ZN1A3fooEi` has the parts `A`,
/// `foo`. Names with templates, substitutions or operators are left alone (Itanium C++ ABI, 5.1.2).
struct MangledBase {
  private(set) var parts: [ByteView] = []

  init?(_ name: ByteView) {
    guard name.hasPrefix("_Z") else { return nil }
    var cursor = ByteCursor(name, at: 2)
    guard let first = cursor.peek else { return nil }
    if first != UInt8(ascii: "N") {
      guard let part = Self.takeSourceName(&cursor) else { return nil }
      parts = [part]
      // A template; its arguments are part of its name.
      if cursor.peek == UInt8(ascii: "I") { return nil }
      return
    }
    _ = cursor.skip(1)
    // CV and reference qualifiers of the member function.
    while let byte = cursor.peek, "rVKRO".utf8.contains(byte) { _ = cursor.skip(1) }
    while cursor.peek != UInt8(ascii: "E") {
      guard let part = Self.takeSourceName(&cursor) else { return nil }
      parts.append(part)
    }
    if parts.isEmpty { return nil }
  }

  func equals(_ name: [UInt8]) -> Bool {
    parts.count == 1 && parts[0].buffer.elementsEqual(name)
  }

  /// source-name = length, identifier
  private static func takeSourceName(_ cursor: inout ByteCursor) -> ByteView? {
    var length = 0
    while let byte = cursor.peek, (0x30...0x39).contains(byte) {
      length = length * 10 + Int(byte - 0x30)
      if length > cursor.remaining { return nil }
      _ = cursor.skip(1)
    }
    return length > 0 ? cursor.take(count: length) : nil
  }
}
