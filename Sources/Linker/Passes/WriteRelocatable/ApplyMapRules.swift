// -r with a section map: what its rules say, for nothing else of a map has a meaning without addresses.
//
// What a rule takes gets the name of the rule's section, and stands there in the order of the rules and of their
// `sort`; what it discards is gone, and what no rule takes keeps its name. Members of section groups keep
// theirs, too: the next link may drop them. As in other links, only `discard` means sections that are not loaded.

internal import ELF
internal import MapLang
internal import Parallel

extension ObjectOutput {
  /// Asks the map for the section's rule; false: it is not in the output.
  func chooseRule(
    _ section: inout InputSection, _ header: SectionHeader, _ name: ByteView,
    _ patterns: FilePatternSet, _ found: Found, _ worker: Worker
  ) -> Bool {
    guard let rules else { return true }
    let isLoaded = header.flags & SHF.ALLOC != 0
    switch rules.matcher.rule(name: name.buffer, traits: traits(header, section), file: patterns) {
    case .none: return true
    case .ambiguous(let number):
      if isLoaded {
        found.ambiguities.append((number, section.file, Int(section.index)), worker)
      }
    case .rule(let id):
      let rule = rules.map[id]
      if rule.isBuiltIn { return true }
      switch rule.kind {
      case .discard: return false
      case _ where !isLoaded: break
      case .forbid:
        found.forbidden.append((id, section.file, Int(section.index), section.size), worker)
      case .take:
        section.rule = id.rawValue
        if rule.keep { section.kind.insert(.keep) }
      case .gather: break
      }
    }
    return true
  }

  private func traits(_ header: SectionHeader, _ section: InputSection) -> SectionTraits {
    var traits: SectionTraits = []
    if header.flags & SHF.ALLOC != 0 { traits.insert(.alloc) }
    if header.flags & SHF.WRITE != 0 { traits.insert(.write) }
    if header.flags & SHF.EXECINSTR != 0 { traits.insert(.exec) }
    if header.flags & SHF.TLS != 0 { traits.insert(.tls) }
    switch header.type {
    case SHT.NOBITS: traits.insert(.noBits)
    case SHT.NOTE: traits.insert(.note)
    case SHT.INIT_ARRAY, SHT.FINI_ARRAY, SHT.PREINIT_ARRAY: traits.insert(.specialType)
    default: break
    }
    if section.kind.contains(.exceptionFrames) { traits.insert(.specialType) }
    return traits
  }

  func reportRules(_ found: Found) {
    guard let rules else { return }
    var known: Set<UInt32> = []
    for entry in found.ambiguities.take().sorted(by: { ($0.file, $0.index) < ($1.file, $1.index) })
    where known.insert(entry.number).inserted {
      inputs.report(
        .ambiguous(
          rules.matcher.ambiguity(entry.number),
          inputs.displayName(entry.file, section: entry.index),
          rules.map),
        rules.map.sources)
    }
    let forbidden = found.forbidden.take().filter { $0.size > 0 }
      .sorted { ($0.rule.rawValue, $0.file, $0.index) < ($1.rule.rawValue, $1.file, $1.index) }
    for (position, first) in forbidden.enumerated()
    where position == 0 || forbidden[position - 1].rule != first.rule {
      inputs.report(
        .forbidden(
          rules.map[first.rule], inputs.displayName(first.file, section: first.index),
          forbidden.count { $0.rule == first.rule }, first.size),
        rules.map.sources)
    }
  }

  // MARK: Names and order

  func nameByRules() {
    guard let rules else { return }
    let names = rules.map.sections.map { ByteView.permanent($0.name) }
    pool.parallelFor(sectionCount - 1, grain: 256) { range, _ in
      for index in range {
        let id = SectionID(index + 1)
        let rule = self.sections[id].rule
        guard rule != InputSection.noRule, self.sections[id].kind.contains(.used),
          self.groupOf[id] == 0, let section = rules.map.rules[Int(rule)].section
        else { continue }
        self.rename(id, names[section.index])
      }
    }
  }

  /// Brings the members of each output that the map names into the order of the rules, and aligns it as the
  /// map says.
  func orderByRules() {
    guard let rules else { return }
    let map = rules.map
    var ranks = [Int](repeating: Int.max, count: map.rules.count)
    for section in map.sections {
      for (rank, rule) in section.rules.enumerated() { ranks[rule.index] = rank }
    }
    let sorter = SectionSorter(
      sections: sections, fileName: inputs.displayName, name: { self.inputName($0) })
    for index in 0..<outputs.count where outputs[index].group == 0 {
      guard let section = map.section(named: outputs[index].name.string) else { continue }
      if case .atLeast(let alignment)? = map[section].align {
        outputs[index].alignmentShift = max(
          outputs[index].alignmentShift, UInt8(alignment.trailingZeroBitCount))
      }
      let range = outputs[index].members
      var byRank: [Int: [SectionID]] = [:]
      for position in range {
        let rule = sections[members[position]].rule
        byRank[rule == InputSection.noRule ? Int.max : ranks[Int(rule)], default: []]
          .append(members[position])
      }
      var next = range.lowerBound
      for (_, var rows) in byRank.sorted(by: { $0.key < $1.key }) {
        let rule = sections[rows[0]].rule
        if rule != InputSection.noRule { sorter.sort(&rows, map.rules[Int(rule)].sort) }
        for row in rows {
          members[next] = row
          next += 1
        }
      }
    }
  }

  /// The name that a section has in its file.
  private func inputName(_ id: SectionID) -> String {
    let section = sections[id]
    if section.kind.contains(.common) { return "COMMON" }
    let file = files[section.file.index]
    guard !section.kind.contains(.synthetic), Int(section.index) < file.sectionCount else {
      return names[id].string
    }
    return file.sectionName(file.sectionHeaders[Int(section.index)]).string
  }
}
