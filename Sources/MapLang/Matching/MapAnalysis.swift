// What can be said of a map without any object file, beyond errors: the warnings of `swold-map check`.
//
// Two rules of different sections whose patterns overlap, neither more specific, are an error as soon
// as a section meets both. The map alone shows that such a section could exist: the product of the
// two globs yields a shortest name, and the matcher says whether that name is really contested or
// whether a third rule settles it.

internal import Text

/// Faults that need no object file to be seen, and are no errors until one meets them.
public enum MapAnalysis {
  /// Warnings, in the order of the text. Only pairs with a rule of the user are looked at.
  public static func warnings(_ map: SectionMap) -> [MapDiagnostic] {
    contested(map) + repeated(map) + unkeptPins(map)
  }

  // MARK: - Rules that may claim one section

  /// A selector of a rule of the user.
  private struct Entry {
    let rule: Int
    let number: Int
    let selector: CompiledSelector
    let prefix: [UInt8]
  }

  private static func contested(_ map: SectionMap) -> [MapDiagnostic] {
    let matcher = Matcher(map)
    var found: [(first: Entry, second: Entry)] = []
    forEachPairThatMayMeet(map) { one, other in
      let (first, second) = one.rule < other.rule ? (one, other) : (other, one)
      let (earlier, later) = (map.rules[first.rule], map.rules[second.rule])
      if first.rule == second.rule || earlier.prefer != later.prefer { return }
      if earlier.isForOrphans != later.isForOrphans { return }
      if earlier.kind == later.kind && earlier.section == later.section && earlier.kind != .forbid {
        return
      }
      let relation = SelectorRelation(first.selector, second.selector)
      if relation.firstIsWithinSecond == relation.secondIsWithinFirst && relation.mayMeet {
        found.append((first, second))
      }
    }
    // In the order of the text, and once for two rules.
    found.sort {
      ($0.second.rule, $0.first.rule, $0.first.number, $0.second.number)
        < ($1.second.rule, $1.first.rule, $1.first.number, $1.second.number)
    }
    var result: [MapDiagnostic] = []
    var reported: (Int, Int)?
    for (first, second) in found {
      if let reported, reported == (first.rule, second.rule) { continue }
      let one = map.rules[first.rule].selectors[first.number]
      let other = map.rules[second.rule].selectors[second.number]
      guard let example = example(one, other),
        case .ambiguous = matcher.rule(
          name: example.name, traits: example.traits,
          file: matcher.filePatterns(path: example.file.path, member: example.file.member))
      else { continue }
      reported = (first.rule, second.rule)
      let file = example.file.member.map { "\(example.file.path):\($0)" } ?? example.file.path
      result.append(
        MapDiagnostic(
          .ambiguousRules,
          "two rules would both claim \(file):(\(example.name)), neither is more specific",
          at: other.position, severity: .warning,
          notes: [MapDiagnostic.Note("the other", at: one.position)],
          help: "write 'prefer take' in one of them, or add a rule for what both match"))
    }
    return result
  }

  /// The pairs whose names may begin alike. Sorted by what they begin with, a pattern stands behind
  /// all whose beginning is part of its own; so a map of a thousand families has no pairs at all.
  private static func forEachPairThatMayMeet(
    _ map: SectionMap, _ body: (Entry, Entry) -> Void
  ) {
    var entries: [Entry] = []
    for (index, rule) in map.rules.enumerated() where !rule.isBuiltIn {
      for (number, selector) in rule.selectors.enumerated() {
        let compiled = CompiledSelector(selector)
        entries.append(
          Entry(rule: index, number: number, selector: compiled, prefix: compiled.prefix))
      }
    }
    entries.sort { $0.prefix.lexicographicallyPrecedes($1.prefix) }
    var open: [Entry] = []
    for entry in entries {
      while let last = open.last, !entry.prefix.starts(with: last.prefix) { open.removeLast() }
      for other in open {
        // Names are part of every kind: without files there is nothing to cross.
        if case .any = entry.selector.file.form, case .any = other.selector.file.form,
          entry.selector.section.globs.isEmpty != other.selector.section.globs.isEmpty
        {
          continue
        }
        body(other, entry)
      }
      open.append(entry)
    }
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
      var section: MapSectionID?
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
      guard let pin = section.at, !section.isBuiltIn, !section.always,
        section.rules.contains(where: { mayBeGarbage(map[$0]) }),
        !section.rules.contains(where: { map[$0].keep })
      else { return nil }
      return MapDiagnostic(
        .keptSectionEmpty,
        "pinned section \(section.name) keeps nothing: --gc-sections may empty it",
        at: pin.position, severity: .warning, help: "write 'keep take' in it")
    }
  }
  /// Whether garbage collection could take away what a rule takes: not what the linker makes, and
  /// not what start-up code or unwinding finds without a reference.
  private static func mayBeGarbage(_ rule: Rule) -> Bool {
    rule.selectors.contains { selector in
      if selector.file == .linker { return false }
      switch selector.section {
      case .name(let name, _), .family(let name):
        return !keptNames.contains(name) && !name.hasPrefix(".note")
      case .any, .kind: return true
      }
    }
  }

  private static var keptNames: Set<String> {
    [
      ".eh_frame", ".eh_frame_hdr", ".preinit_array", ".init_array",
      ".fini_array", ".ctors", ".dtors", ".interp", ".dynamic", ".dynsym", ".dynstr", ".hash",
      ".gnu.hash", ".got", ".got.plt", ".plt", ".rel.dyn", ".rel.plt", ".rela.dyn", ".rela.plt",
      ".relr.dyn",
    ]
  }
}
