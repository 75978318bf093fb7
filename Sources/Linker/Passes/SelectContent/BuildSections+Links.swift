// How sections hang together, once all rows exist: which section a symbol is defined in, which
// sections of a group live and die together, and which belong to another (SHF_LINK_ORDER).

internal import ELF
internal import MapLang
internal import Parallel

extension Selection {
  /// Fills `definingSection` for all symbols of live objects.
  func findDefiningSections() {
    let defining = Column<SymbolID, SectionID>(count: inputs.symbolCount)
    program.forEachLiveObject { id, file in
      for index in 0..<file.symbolCount {
        let symbol = file.symbols[index]
        if let defect = file.defect(ofBinding: symbol, index) { self.report(id, 0, defect) }
        guard file.isInSection(symbol) else {
          if let defect = file.defect(ofSectionless: symbol, index) { self.report(id, 0, defect) }
          continue
        }
        let section = file.sectionIndex(symbol, index)
        if let defect = file.defect(ofSection: section, symbol: index) {
          self.report(id, 0, defect)
          continue
        }
        defining[file.symbolID(index)] = self.section(file, section)
      }
    }
    for common in program.commons { defining[common.symbol] = common.section }
    for (symbol, base) in program.assignments.placed { defining[symbol] = defining[base] }
    definingSection = defining
  }

  /// `__start_X` and `__stop_X` exist only if there is a section X.
  func undefineBoundaries() {
    let entries = inputs.linkerSymbols.entries
    let file = files[inputs.linker.index]
    var names: Set<String>?
    for (index, entry) in entries.enumerated() {
      let name: String
      switch entry.role {
      case .sectionStart(let section), .sectionStop(let section): name = section
      default: continue
      }
      let row = file.symbolID(index + 1)
      guard program.definition[row] == row else { continue }
      if names == nil {
        names = Set(identifierSections.map { sectionName($0) } + map.sections.map(\.name))
        if options.startStop { names?.formUnion(identifiersOfAllSections()) }
      }
      if names?.contains(name) == false {
        program.flags.insert([.undefined, .absolute], at: row)
        program.flags.remove(.exported, at: row)
      }
    }
  }

  /// --start-stop: what the sections of the output are called in names of their bounds.
  private func identifiersOfAllSections() -> [String] {
    var names = Set(map.sections.map(\.name.asIdentifier))
    for index in 1..<sectionCount {
      let section = sections[SectionID(index)]
      guard section.kind.isSuperset(of: [.used, .alloc]), section.rule == InputSection.noRule else {
        continue
      }
      names.insert(sectionName(SectionID(index)).asIdentifier)
    }
    return Array(names)
  }

  /// Makes a ring of the allocated members of each kept section group.
  func linkGroups() {
    nextInGroup = Column(count: sections.count)
    let rings = nextInGroup
    program.forEachLiveObject { _, file in
      for index in file.groups {
        let header = file.sectionHeaders[index]
        guard header.type == SHT.GROUP, file.sectionMap![index] != InputFile.discardedMark,
          let contents = file.contents(header)?.suffix(from: 4)
        else { continue }
        let members = RecordView<UInt32>(contents)
        var first = SectionID.none
        var last = SectionID.none
        for position in 0..<members.count {
          let row = self.section(file, members[position])
          guard row != .none, self.sections[row].kind.contains(.alloc) else { continue }
          if first == .none { first = row } else { rings[last] = row }
          last = row
        }
        if first != last { rings[last] = first }
      }
    }
  }

  /// SHF_LINK_ORDER: `sh_link` names the section that a row belongs to (gABI, "Sections"). What
  /// belongs to a section that the map discards goes with it.
  func gatherLinkOrder(_ found: Found) {
    var discarded: [SectionID] = []
    for row in found.linkOrder.take().sorted() {
      let file = files[sections[row].file.index]
      let link = file.sectionHeaders[Int(sections[row].index)].link
      let target = section(file, link)
      if target != .none {
        linkOrderDependents[target, default: []].append(row)
      } else if Int(link) < file.sectionCount,
        file.sectionMap![Int(link)] == InputFile.discardedMark
          || file.sectionHeaders[Int(link)].flags & SHF.EXCLUDE != 0
      {
        discarded.append(row)
      }
    }
    while let row = discarded.popLast() {
      let section = sections[row]
      files[section.file.index].sectionMap![Int(section.index)] = InputFile.discardedMark
      sections[row] = InputSection()
      discarded += linkOrderDependents.removeValue(forKey: row) ?? []
    }
  }
}
