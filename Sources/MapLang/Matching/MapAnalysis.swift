// What can be said of a map without any object file, beyond errors: the warnings of `swold-map check`.
//
// Two rules of different sections whose patterns overlap, neither more specific, are an error as soon
// as a section meets both. The map alone shows that such a section could exist: the product of the
// two globs yields a shortest name, and the matcher says whether that name is really contested or
// whether a third rule settles it.

public enum MapAnalysis {
  /// Warnings, in the order of the text. Only pairs with a rule of the user are looked at.
  public static func warnings(_ map: SectionMap) -> [MapDiagnostic] {
    contested(map) + repeated(map) + unkeptPins(map)
  }

  // MARK: - Rules that may claim one section

  private static func contested(_ map: SectionMap) -> [MapDiagnostic] {
    let matcher = Matcher(map)
    var result: [MapDiagnostic] = []
    for (laterIndex, later) in map.rules.enumerated() where !later.isBuiltIn {
      for (earlierIndex, earlier) in map.rules.enumerated() where earlierIndex < laterIndex {
        if earlier.isBuiltIn || earlier.prefer != later.prefer { continue }
        if earlier.kind == later.kind && earlier.section == later.section
          && earlier.kind != .forbid
        {
          continue
        }
        pairs: for first in earlier.selectors {
          for second in later.selectors {
            let relation = SelectorRelation(first, second)
            guard relation.mayMeet,
              relation.firstIsWithinSecond == relation.secondIsWithinFirst,
              let example = example(first, second),
              case .ambiguous = matcher.rule(
                name: example.name, traits: example.traits,
                file: matcher.filePatterns(path: example.file.path, member: example.file.member))
            else { continue }
            let file = example.file.member.map { "\(example.file.path):\($0)" } ?? example.file.path
            result.append(
              MapDiagnostic(
                .ambiguousRules,
                "two rules would both claim \(file):(\(example.name)), neither is more specific",
                at: second.position, severity: .warning,
                notes: [MapDiagnostic.Note("the other", at: first.position)],
                help: "write 'prefer take' in one of them, or add a rule for what both match"))
            break pairs
          }
        }
      }
    }
    return result
  }

  /// A section that both selectors match.
  private static func example(
    _ first: Selector, _ second: Selector
  ) -> (name: String, traits: SectionTraits, file: (path: String, member: String?))? {
    guard let file = exampleFile(first.file, second.file) else { return nil }
    let (a, b) = (CompiledSectionPattern(first.section), CompiledSectionPattern(second.section))
    var traits: SectionTraits = .alloc
    for pattern in [a, b] {
      if case .kind(let kind) = pattern.form, kind != .alloc { traits = Self.traits(of: kind) }
    }
    let anything = Glob(literal: ".section".utf8)
    let ownGlobs = a.globs.isEmpty ? [anything] : a.globs
    let otherGlobs = b.globs.isEmpty ? (a.globs.isEmpty ? [anything] : ownGlobs) : b.globs
    let globs = a.globs.isEmpty ? otherGlobs : ownGlobs
    for own in globs {
      for other in otherGlobs {
        if let name = own.witness(with: other) {
          return (String(decoding: name, as: UTF8.self), traits, file)
        }
      }
    }
    return nil
  }

  private static func traits(of kind: SectionKind) -> SectionTraits {
    switch kind {
    case .note: [.alloc, .note]
    case .rodata, .alloc: .alloc
    case .code: [.alloc, .exec]
    case .tdata: [.alloc, .write, .tls]
    case .tbss: [.alloc, .write, .tls, .noBits]
    case .data: [.alloc, .write]
    case .bss: [.alloc, .write, .noBits]
    }
  }

  private static func exampleFile(
    _ first: FilePattern, _ second: FilePattern
  ) -> (path: String, member: String?)? {
    let (a, b) = (CompiledFilePattern(first), CompiledFilePattern(second))
    if a.form == .linker || b.form == .linker { return nil }
    func join(_ own: [Glob]?, _ other: [Glob]?) -> String? {
      let own = own ?? []
      let other = other ?? []
      var parts: [String] = []
      for depth in 0..<max(own.count, other.count, 1) {
        let any = Glob(literal: (depth == 0 ? "file.o" : "dir").utf8)
        let star = Glob(tokens: [.star])
        let x = depth < own.count ? own[own.count - 1 - depth] : star
        let y = depth < other.count ? other[other.count - 1 - depth] : star
        guard let part = x == star && y == star ? any.witness(with: any) : x.witness(with: y)
        else { return nil }
        parts.insert(String(decoding: part, as: UTF8.self), at: 0)
      }
      return parts.joined(separator: "/")
    }
    func archive(_ pattern: CompiledFilePattern) -> [Glob]? {
      if case .named(let components) = pattern.archive { return components }
      return nil
    }
    guard let member = join(a.member, b.member) else { return nil }
    if archive(a) == nil && archive(b) == nil { return (member, nil) }
    return join(archive(a), archive(b)).map { ($0, member) }
  }

  // MARK: - Other warnings

  /// A selector that stands twice in one section: the second never decides anything.
  private static func repeated(_ map: SectionMap) -> [MapDiagnostic] {
    struct Key: Hashable {
      var section: OutputSectionID?
      var kind: RuleKind
      var file: FilePattern
      var pattern: SectionPattern
    }
    var seen: [Key: SourcePosition] = [:]
    var result: [MapDiagnostic] = []
    for rule in map.rules where !rule.isBuiltIn && rule.kind != .forbid {
      for selector in rule.selectors {
        let key = Key(
          section: rule.section, kind: rule.kind, file: selector.file, pattern: selector.section)
        if let first = seen[key] {
          result.append(
            MapDiagnostic(
              .unusedSetting, "this pattern never decides anything: the same stands before it",
              at: selector.position, severity: .warning,
              notes: [MapDiagnostic.Note("first here", at: first)]))
        } else {
          seen[key] = selector.position
        }
      }
    }
    return result
  }

  /// A pinned section is there for someone who knows its address; without `keep`, garbage collection
  /// takes it away when nothing in the program refers to it.
  private static func unkeptPins(_ map: SectionMap) -> [MapDiagnostic] {
    map.sections.compactMap { section in
      guard let pin = section.at, !section.isBuiltIn, !section.rules.isEmpty,
        !section.rules.contains(where: { map[$0].keep })
      else { return nil }
      return MapDiagnostic(
        .keptSectionEmpty,
        "pinned section \(section.name) keeps nothing: --gc-sections may empty it",
        at: pin.position, severity: .warning, help: "write 'keep take' in it")
    }
  }
}
