// Versions of symbols: those that a symbol's name states, and those that the output defines.

internal import ELF

/// A symbol of an object whose name carries a version.
struct ExplicitVersion: Sendable {
  let symbol: SymbolID
  /// The name without the version.
  let base: ByteView
  /// Empty: the base version, `foo@`.
  let version: ByteView
  /// `@@`, of a definition: the version that references without one mean.
  let isDefault: Bool

  /// The parts of a name with an `@`; nil if it has none, or nothing in front of it.
  static func parts(of name: ByteView) -> (base: ByteView, version: ByteView, isDefault: Bool)? {
    guard let at = name.find(0x40), at > 0 else { return nil }
    let isDefault = at + 1 < name.count && name[at + 1] == 0x40
    return (
      name.slice(0, at) ?? name, name.suffix(from: at + (isDefault ? 2 : 1)) ?? ByteView(),
      isDefault
    )
  }
}

/// Which names the versions in object files lead to.
struct VersionBindings: Sendable {
  /// A name `foo@V` and a definition `foo@@V` in an object or archive member.
  var defaults: [(name: NameID, symbol: SymbolID)] = []
  /// A name `foo@V` and what a shared library defines under that version, its default or not.
  var libraryDefinitions: [(name: NameID, symbol: SymbolID)] = []
  /// An undefined symbol of a shared library, and the name under which an object or archive member
  /// defines it with the very version.
  var libraryNeeds: [(name: NameID, user: SymbolID, version: ByteView)] = []
}

/// A version of this output: a node of a version script, or one that only symbols name.
struct DefinedVersion: Sendable {
  let name: String
  let parents: [String]
}

/// What version scripts and names with versions say about each other.
struct OwnVersions: Sendable {
  /// The version index of each node with a name.
  var indices: [ByteView: UInt16] = [:]
  /// For each node that makes something local, the node by itself; only if names have versions.
  var nodeMatchers: [ByteView: VersionMatcher] = [:]
  /// The definitions `foo@V` by `foo`, with the version's index.
  var oldVersions: [ByteView: [(index: UInt16, symbol: SymbolID)]] = [:]
  /// The versions of the definitions `foo@@V` by `foo`.
  var defaults: [ByteView: ByteView] = [:]
  var hasOldVersions: Bool { !oldVersions.isEmpty }

  /// Whether a version's own node leaves `base@version` visible; others have no say.
  func shows(_ base: ByteView, _ version: ByteView) -> Bool {
    nodeMatchers[version]?.answer(for: base) != .local
  }
}
