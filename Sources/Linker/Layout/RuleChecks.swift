// What the rules of a user's map say about the inputs of this link: ambiguities, orphans, sections
// that must not be there, rules that found nothing.
//
// Each cause is reported once, however many sections it meets.

internal import ELF
internal import MapLang
internal import Text

extension Selection {
  func report(_ diagnostic: MapDiagnostic) { inputs.report(diagnostic, map.sources) }

  // MARK: SM201

  /// The pairs of rules that claim a section, each with the first section that they met at.
  func reportAmbiguities(_ found: [(number: UInt32, file: FileID, index: Int)]) {
    var known: Set<UInt32> = []
    for entry in found where known.insert(entry.number).inserted {
      reportAmbiguity(entry.number, inputs.displayName(entry.file, section: entry.index))
    }
  }

  func reportAmbiguity(_ number: UInt32, _ example: String) {
    report(.ambiguous(matcher.ambiguity(number), example, map))
  }

  /// SM311.
  func reportSlotInputs(_ found: [(file: FileID, index: Int)]) {
    for entry in found {
      let row = files[entry.file.index]
      let name = row.sectionName(row.sectionHeaders[entry.index]).string
      let slot = map.slots.first { SlotNote.sectionPrefix + $0.name == name }
      report(
        MapDiagnostic(
          .inputInSlot,
          "\(inputs.displayName(entry.file, section: entry.index)) has the name of a slot's section, "
            + "and a slot holds no input", at: slot?.position ?? map.orphansPosition,
          help: "rename the section in the object"))
    }
  }

  // MARK: Before output sections are formed

  /// Takes forbidden sections out, reports orphans and rules without work.
  func checkRules(
    _ matched: [Bool], _ byRule: [[SectionID]], _ orphans: [SectionID]
  ) {
    for (index, rule) in map.rules.enumerated() {
      if rule.kind == .forbid { reportForbidden(rule, byRule[index]) }
    }
    reportIdle(matched)
    reportIdlePreferences(matched)
    reportEmptied(matched, byRule)
    reportOrphans(orphans)
  }

  private func reportForbidden(_ rule: Rule, _ members: [SectionID]) {
    let present = members.filter { sections[$0].size > 0 }
    guard let first = present.first else { return }
    report(.forbidden(rule, displayName(first), present.count, sections[first].size))
  }

  /// SM401, with near names from the inputs.
  private func reportIdle(_ matched: [Bool]) {
    // Nobody wrote a map that was made of a script, and scripts name what may be absent.
    guard inputs.importedMaps.isEmpty else { return }
    var names: Set<String>?
    for (index, rule) in map.rules.enumerated()
    where rule.kind == .take && !rule.isBuiltIn && !rule.isImplied && !rule.isOptional
      && !matched[index]
    {
      guard rule.selectors.allSatisfy({ $0.section.isExactName }), let first = rule.selectors.first,
        case .name(let wanted, _) = first.section, !isWellKnown(wanted)
      else { continue }
      let known = names ?? inputNames()
      names = known
      let near = nearestName(to: wanted, among: known.sorted())
      report(
        MapDiagnostic(
          .ruleMatchesNothing,
          "no input has a section \(wanted)"
            + (near.map { "; did you mean \($0)?" } ?? ""),
          at: first.position, severity: .warning, help: literalHelp(first.section)))
    }
  }

  /// In quotes, wildcards are what they are.
  private func literalHelp(_ pattern: SectionPattern) -> String? {
    guard case .name(let name, isLiteral: true) = pattern,
      SectionPattern.hasWildcard(name) || name.hasSuffix("+")
    else { return nil }
    return "in quotes a pattern means just itself: without them, '\(name)' has wildcards"
  }

  /// SM205: a `prefer` that settled nothing, although its rule had something to choose.
  private func reportIdlePreferences(_ matched: [Bool]) {
    let settled = matcher.settledByPreference
    for (index, rule) in map.rules.enumerated() where !rule.isBuiltIn && matched[index] {
      guard let position = rule.preferPosition, !settled.contains(RuleID(index)) else { continue }
      report(
        MapDiagnostic(
          .unusedSetting, "this 'prefer' settles nothing: no other rule claims the same sections",
          at: position, severity: .warning, help: "remove the word"))
    }
  }

  /// Names that compilers and the linker use are no misspellings, and many programs lack them.
  private func isWellKnown(_ name: String) -> Bool {
    [
      "COMMON", ".init", ".fini", ".preinit_array", ".init_array", ".fini_array", ".ctors",
      ".dtors",
    ].contains(name) || SyntheticKind.allCases.contains { $0.name(inputs.target) == name }
  }

  private func inputNames() -> Set<String> {
    var names: Set<String> = []
    for index in 1..<sectionCount where sections[SectionID(index)].kind.contains(.used) {
      names.insert(sectionName(SectionID(index)))
    }
    return names
  }

  /// SM410: a kept or pinned section whose inputs were garbage. `always` says that it may be empty.
  private func reportEmptied(_ matched: [Bool], _ byRule: [[SectionID]]) {
    var garbage: [SectionID]?
    for (index, section) in map.sections.enumerated() where !section.isBuiltIn && !section.always {
      let rules = section.rules
      let isKept = rules.contains { map[$0].keep }
      guard isKept || section.at != nil, rules.contains(where: { matched[$0.index] }),
        rules.allSatisfy({ byRule[$0.index].allSatisfy { sections[$0].size == 0 } })
      else { continue }
      let firstOfRule = garbage ?? firstGarbage()
      garbage = firstOfRule
      let gone = rules.map { firstOfRule[$0.index] }.filter { $0 != .none }.min()
      let because = gone.map { ": --gc-sections removed \(displayName($0))" } ?? ""
      let pattern =
        rules.first.flatMap { map[$0].selectors.first }
        .map { map.sources.text(at: $0.position) } ?? section.name
      let diagnostic = MapDiagnostic(
        .keptSectionEmpty,
        "\(section.at != nil ? "pinned" : "kept") section \(section.name) is empty\(because)",
        at: section.position, severity: .warning,
        help: gone == nil
          ? "if that is meant, write 'always;' in it"
          : "write 'keep take \(pattern);', or 'root NAME;' if LTO is used")
      // What the linker makes has its size in layout only.
      if rules.contains(where: {
        byRule[$0.index].contains { sections[$0].kind.contains(.synthetic) }
      }) {
        emptyUnlessMade.append((MapSectionID(index), diagnostic))
      } else {
        report(diagnostic)
      }
    }
  }

  /// For each rule the first section that it took and garbage collection removed.
  private func firstGarbage() -> [SectionID] {
    var first = [SectionID](repeating: .none, count: map.rules.count)
    for id in (1..<sectionCount).lazy.map({ SectionID($0) }) {
      let row = sections[id]
      guard row.rule != InputSection.noRule, row.kind.contains(.used), row.size > 0,
        first[Int(row.rule)] == .none, !isLive(id)
      else { continue }
      first[Int(row.rule)] = id
    }
    return first
  }

  // MARK: SM202

  private func reportOrphans(_ orphans: [SectionID]) {
    guard map.orphans == .error || map.orphans == .warn else { return }
    struct Group {
      var count = 0
      var bytes: UInt64 = 0
      var example: SectionID
    }
    var order: [String] = []
    var groups: [String: Group] = [:]
    for id in orphans {
      let section = sections[id]
      guard section.rule == InputSection.noRule, section.kind.contains(.alloc), section.size > 0,
        !isCompanion(section)
      else { continue }
      let name = sectionName(id)
      if groups[name] == nil { order.append(name) }
      var group = groups[name] ?? Group(example: id)
      group.count +=
        section.kind.contains(.mergedGroup)
        ? mergedSections[Int(section.index)].members.count : 1
      group.bytes &+= section.size
      groups[name] = group
    }
    // A map without a rule for whole kinds has many such names, and the first ones tell.
    let shown = order.count <= 12 ? order.count : 8
    for name in order[..<shown] {
      guard let group = groups[name] else { continue }
      var example = sections[group.example].file
      if sections[group.example].kind.contains(.mergedGroup) {
        example = sections[mergedSections[Int(sections[group.example].index)].members[0]].file
      }
      reportOrphan(
        name,
        "\(group.count) section\(group.count == 1 ? "" : "s"), "
          + "\(byteCount(group.bytes)), first in \(inputs.displayName(example))")
    }
    if shown < order.count {
      let rest = order[shown...]
      let names = rest.prefix(12).joined(separator: " ") + (rest.count > 12 ? " …" : "")
      report(
        MapDiagnostic(
          .orphanSections, "no rule takes \(rest.count) more sections: \(names)",
          at: map.orphansPosition, severity: map.orphans == .warn ? .warning : .error,
          help: "'take @code;' takes what no rule names; so do @rodata, @data and @bss"))
    }
  }

  func reportOrphan(_ name: String, _ particulars: String) {
    report(
      MapDiagnostic(
        .orphanSections, "no rule takes \(name) (\(particulars))", at: map.orphansPosition,
        severity: map.orphans == .warn ? .warning : .error,
        help: "add 'take \(name)+;' to the section where it belongs, or 'discard \(name)+;'"))
  }

  /// `orphans discard`.
  func warnDiscardedOrphans(_ found: [(file: FileID, index: Int)]) {
    var order: [String] = []
    var counts: [String: (count: Int, example: FileID)] = [:]
    for entry in found {
      let row = files[entry.file.index]
      let name = row.sectionName(row.sectionHeaders[entry.index]).string
      if counts[name] == nil { order.append(name) }
      counts[name] = ((counts[name]?.count ?? 0) + 1, counts[name]?.example ?? entry.file)
    }
    for name in order {
      guard let (count, example) = counts[name] else { continue }
      report(
        MapDiagnostic(
          .orphanSections,
          "no rule takes \(name), so it is dropped (\(count) "
            + "section\(count == 1 ? "" : "s"), first in \(inputs.displayName(example)))",
          at: map.orphansPosition, severity: .warning))
    }
  }

  // MARK: Bytes and rights

  /// SM308: what a section without bytes would lose.
  func checkHasNoContent(_ section: MapSection, _ output: OutputSection) {
    for member in output.members {
      let row = sections[member]
      if row.kind.contains(.noBits) || row.size == 0 { continue }
      let isZero =
        row.kind.isDisjoint(with: [.synthetic, .mergedGroup, .compressed])
        && row.relocationCount == 0 && row.bytes.buffer.allSatisfy { $0 == 0 }
      if isZero { continue }
      report(
        MapDiagnostic(
          .contentInNoBits,
          "\(displayName(member)) has bytes that are not zero, and '\(section.name)' keeps none",
          at: section.position,
          help:
            "take it into a section with bytes, or drop '\(section.noload ? "noload" : "nobits")'"
        ))
      return
    }
  }

  /// SM430.
  func warnWritableAndExecutable(_ section: MapSection, _ output: OutputSection) {
    guard inputs.hasUserMap else { return }
    func first(_ kind: InputSectionKind) -> String {
      output.members.first { sections[$0].kind.contains(kind) }.map { displayName($0) } ?? "?"
    }
    report(
      MapDiagnostic(
        .writableAndExecutable,
        "'\(section.name)' is writable because of \(first(.write)) and executable because of "
          + first(.exec), at: section.position, severity: .warning,
        help: "if that is meant, write 'access rwx;' in the section"))
  }

  /// SM204: a reference to what the map dropped. Returns whether the map did; each symbol is
  /// reported once.
  func reportDropped(_ symbol: SymbolID, from: SectionID) -> Bool {
    guard inputs.hasUserMap else { return false }
    let definition = program.definition[symbol]
    let (entry, index, id) = inputs.entry(of: definition)
    let file = files[id.index]
    guard file.kind == .object, file.isInSection(entry) else { return false }
    let number = Int(file.sectionIndex(entry, index))
    guard number < file.sectionCount else { return false }
    let header = file.sectionHeaders[number]
    var section = InputSection()
    if header.flags & SHF.ALLOC != 0 { section.kind.insert(.alloc) }
    if header.flags & SHF.WRITE != 0 { section.kind.insert(.write) }
    if header.flags & SHF.EXECINSTR != 0 { section.kind.insert(.exec) }
    if header.flags & SHF.TLS != 0 { section.kind.insert(.tls) }
    if header.type == SHT.NOBITS { section.kind.insert(.noBits) }
    if header.type == SHT.NOTE { section.kind.insert(.note) }
    let patterns = matcher.filePatterns(
      path: inputs.paths[Int(file.path)], member: file.member.isEmpty ? nil : file.member.string)
    let outcome = matcher.rule(
      name: file.sectionName(header).buffer, traits: traits(section), file: patterns)
    var position = map.orphansPosition
    switch outcome {
    case .rule(let rule) where map[rule].kind == .discard:
      position = map[rule].selectors.first?.position ?? map[rule].position
    case .none where map.orphans == .discard: break
    default: return false
    }
    guard program.flags.insertIfAbsent(.discarded, at: definition) else { return true }
    report(
      MapDiagnostic(
        .referenceToDiscarded,
        "\(displayName(from)) refers to \(symbolDescription(symbol)) in \(inputs.displayName(id, section: number)), "
          + "which the map drops", at: position))
    return true
  }

  func reportNeeded(_ kind: SyntheticKind, _ rule: Rule) {
    report(
      MapDiagnostic(
        .referenceToDiscarded,
        "\(kind.name(inputs.target)) is needed by this link and cannot be dropped",
        at: rule.selectors.first?.position ?? rule.position))
  }
}

extension Layout {
  /// Linker-made sections that `forbid` or `keep` mean: only now is it known which are empty.
  func checkSelectedContent() {
    for (kind, rule) in selection.forbiddenSections where size(of: kind) > 0 {
      selection.report(
        .forbidden(
          selection.map[rule], "\(kind.name(target)), which the linker makes,", 1, size(of: kind)))
    }
    for (section, diagnostic) in selection.emptyUnlessMade {
      let members = output(of: section).map { outputs[$0.index].members } ?? []
      if members.allSatisfy({ selection.sections[$0].size == 0 }) { selection.report(diagnostic) }
    }
  }
}

extension SyntheticKind {
  /// Whether the output works without it.
  var isOptional: Bool {
    [
      .noteProperty, .noteBuildID, .notePackage, .exceptionFrames, .exceptionFrameHeader,
      .interpreter,
    ].contains(self)
  }
}

extension SectionPattern {
  /// Without wildcards.
  var isExactName: Bool {
    guard case .name(let name, let isLiteral) = self else { return false }
    return isLiteral || !SectionPattern.hasWildcard(name)
  }

  /// `*`, `?` or `[`.
  static func hasWildcard(_ name: String) -> Bool {
    name.utf8.contains { $0 == 0x2a || $0 == 0x3f || $0 == 0x5b }
  }
}

extension SectionItem {
  var holdsSlot: Bool {
    switch self {
    case .slot: true
    case .group(let group): group.items.contains(where: \.holdsSlot)
    case .take, .hole: false
    }
  }
}
