// Finds for each rule of the map the live sections that it has taken, and those that none has.
//
// There may be millions of rows, so workers go through portions of them; what they find is joined in
// the order of the rows.

internal import ELF
internal import MapLang
internal import Parallel

/// Sections by rule, in the order of their rows.
struct DistributedSections: Sendable {
  var byRule: [[SectionID]]
  var orphans: [SectionID] = []
  var rulesWithCommons: Set<Int> = []
  /// Rules that took a section, be it live or not; empty: nobody asks.
  var matched: [Bool]

  init(rules: Int, noticesMatches: Bool) {
    byRule = [[SectionID]](repeating: [], count: rules)
    matched = noticesMatches ? [Bool](repeating: false, count: rules) : []
  }

  fileprivate mutating func append(_ next: DistributedSections) {
    for (rule, sections) in next.byRule.enumerated() where !sections.isEmpty {
      byRule[rule] += sections
    }
    orphans += next.orphans
    rulesWithCommons.formUnion(next.rulesWithCommons)
    for (rule, isMatched) in next.matched.enumerated() where isMatched { matched[rule] = true }
  }
}

extension Selection {
  func distribute() -> DistributedSections {
    let portion = pool.portion(1 << 16)
    let count = (sectionCount - 1 + portion - 1) / portion
    let nothing = DistributedSections(
      rules: map.rules.count, noticesMatches: inputs.hasUserMap)
    let found = Results(repeating: nothing, count: count)
    defer { found.release() }
    let unique = UniqueSections(options)
    let gathers = Block<Bool>(room: map.rules.count)
    defer { gathers.release() }
    for (index, rule) in map.rules.enumerated() { gathers[index] = rule.kind == .gather }
    pool.parallelForEach(count) { index, _ in
      let first = 1 + index * portion
      var result = nothing
      self.distribute(
        first..<min(first + portion, self.sectionCount), unique, gathers, &result)
      found.set(result, at: index)
    }
    if count == 1 { return found[0] }
    var all = nothing
    for rule in all.byRule.indices {
      all.byRule[rule].reserveCapacity((0..<count).reduce(0) { $0 + found[$1].byRule[rule].count })
    }
    for index in 0..<count { all.append(found[index]) }
    return all
  }

  private func distribute(
    _ rows: Range<Int>, _ unique: UniqueSections, _ gathers: Block<Bool>,
    _ found: inout DistributedSections
  ) {
    let (sections, states) = (sections, states)
    let noticesMatches = !found.matched.isEmpty
    let indexes = options.writesGdbIndex
    for index in rows {
      let id = SectionID(index)
      let section = sections[id]
      guard section.kind.contains(.used) else { continue }
      if noticesMatches && section.rule != InputSection.noRule {
        found.matched[Int(section.rule)] = true
      }
      guard states[id].contains(.live), isPlaced(section) else { continue }
      if indexes && isReplacedByIndex(section, id) { continue }
      if section.rule == InputSection.noRule || gathers[Int(section.rule)]
        || unique.hasPatterns && !section.kind.contains(.synthetic)
          && unique.matches(sectionName(id))
      {
        found.orphans.append(id)
      } else {
        found.byRule[Int(section.rule)].append(id)
        if section.kind.contains(.common) { found.rulesWithCommons.insert(Int(section.rule)) }
      }
    }
  }

  /// What `.gdb_index` says of the whole: the lists that compilers make for it, and indexes of parts.
  private func isReplacedByIndex(_ section: InputSection, _ id: SectionID) -> Bool {
    guard section.kind.contains(.debug) else { return false }
    let header = files[section.file.index].sectionHeaders[Int(section.index)]
    let name = files[section.file.index].sectionName(header)
    if name.equals(".gdb_index") { return true }
    let kind = DebugSectionKind(name)
    return kind == .publicNames || kind == .publicTypes
  }
}
