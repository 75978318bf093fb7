// "At least as specific": the relation ⊑ of section 5.2 of the design.
//
// `p ⊑ q` says that every name which p can match, q matches too. It is decided from the two texts
// alone, so the choice of a rule depends on nothing but the map and the section.

internal import Text

/// A section pattern with its globs.
struct CompiledSectionPattern: Sendable {
  enum Form: Sendable { case any, kind(SectionKind), name }
  let form: Form
  /// For `.name`: one glob, or for `X+` the globs `X` and `X.*`.
  let globs: [Glob]

  init(_ pattern: SectionPattern) {
    switch pattern {
    case .any:
      form = .any
      globs = []
    case .kind(let kind):
      form = .kind(kind)
      globs = []
    case .name(let text, let isLiteral):
      form = .name
      globs = [isLiteral ? Glob(literal: text.utf8) : Glob(text.utf8)]
    case .family(let text):
      form = .name
      globs = [Glob(text.utf8), Glob(Array(text.utf8) + [UInt8(ascii: "."), UInt8(ascii: "*")])]
    }
  }

  /// Whether this pattern is at least as specific as `other`: this ⊑ other.
  func isAtLeastAsSpecific(as other: CompiledSectionPattern) -> Bool {
    switch (form, other.form) {
    case (_, .any): true
    case (.any, _): false
    case (.kind(let own), .kind(let wider)): own == wider || wider == .alloc
    case (.kind, .name): false
    case (.name, .kind): true
    case (.name, .name): globs.allSatisfy { own in other.globs.contains { $0.covers(own) } }
    }
  }
}

/// A file pattern, split into components at `/`, and at `:` into archive and member.
struct CompiledFilePattern: Sendable {
  enum Form: Sendable { case any, linker, file }
  enum ArchivePart: Sendable {
    /// Says nothing of archives.
    case unspecified
    /// Only outside archives.
    case outside
    case named([Glob])
  }
  let form: Form
  let archive: ArchivePart
  /// Components of the object or member; nil: every member of the archive.
  let member: [Glob]?

  init(_ pattern: FilePattern) {
    switch pattern {
    case .any:
      form = .any
      archive = .unspecified
      member = nil
    case .linker:
      form = .linker
      archive = .unspecified
      member = nil
    case .object(let name, let isLiteral):
      form = .file
      archive = .unspecified
      member = Self.components(name, isLiteral)
    case .archive(let name, let member, let isLiteral):
      form = .file
      archive = name.isEmpty ? .outside : .named(Self.components(name, isLiteral))
      self.member = member.isEmpty ? nil : Self.components(member, isLiteral)
    }
  }

  private static func components(_ text: String, _ isLiteral: Bool) -> [Glob] {
    text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true).map {
      isLiteral ? Glob(literal: $0) : Glob($0)
    }
  }

  /// Whether it matches a file. `path` is the object, or the archive if `member` is given; nil stands
  /// for the linker itself.
  func matches(path: [UInt8]?, member memberName: [UInt8]?) -> Bool {
    switch form {
    case .any: return true
    case .linker: return path == nil
    case .file: break
    }
    guard let path else { return false }
    switch archive {
    case .unspecified: break
    case .outside: if memberName != nil { return false }
    case .named(let components):
      guard memberName != nil, Self.matches(components, path) else { return false }
    }
    guard let member else { return true }
    return Self.matches(member, memberName ?? path)
  }

  /// Whether the last components of `path` match.
  private static func matches(_ components: [Glob], _ path: [UInt8]) -> Bool {
    let parts = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true)
    guard components.count <= parts.count else { return false }
    return zip(components.reversed(), parts.reversed()).allSatisfy { $0.matches($1.span) }
  }

  /// Whether this pattern is at least as specific as `other`: this ⊑ other.
  func isAtLeastAsSpecific(as other: CompiledFilePattern) -> Bool {
    switch (form, other.form) {
    case (_, .any), (.linker, .linker): return true
    case (.any, _), (.linker, _), (.file, .linker): return false
    case (.file, .file): break
    }
    switch (archive, other.archive) {
    case (_, .unspecified), (.outside, .outside): break
    case (.named(let own), .named(let wider)): if !Self.covers(wider, own) { return false }
    case (.unspecified, _), (.outside, .named), (.named, .outside): return false
    }
    guard let wider = other.member else { return true }
    // Every member: the name has at least one component, which may be anything.
    return Self.covers(wider, member ?? [Glob(tokens: [.star])])
  }

  private static func covers(_ wider: [Glob], _ own: [Glob]) -> Bool {
    wider.count <= own.count && zip(wider.reversed(), own.reversed()).allSatisfy { $0.covers($1) }
  }
}
