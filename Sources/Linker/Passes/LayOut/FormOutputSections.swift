// Distributes the live sections over the sections of the output, in their order.
//
// Before: every row has a rule of the map, or none (orphans, and what is not allocated). After:
// `outputs` holds the output sections; the members of each are in the order of the `take` lines of
// its map section, within a line in input order or as `sort` says. Sections that no rule takes are
// joined by name.

internal import ELF
internal import MapLang

extension Selection {
  func formOutputSections() {
    var found = distribute()
    let unique = UniqueSections(options)
    // Rows of common symbols stand behind all others; in a `take` they follow what is of their file.
    for rule in found.rulesWithCommons {
      found.byRule[rule].sort { (sections[$0].file, $0) < (sections[$1].file, $1) }
    }
    if inputs.hasUserMap { checkRules(found.matched, found.byRule, found.orphans) }
    formMappedSections(&found.byRule)
    formSlots()
    formOrphans(found.orphans, unique)
    if map.rules.contains(where: { $0.kind == .gather }) { gatherOrphans() }
    orderSections()
    orderLinkedSections()
    describeOutputs()
  }

  /// Whether the row stands in the output itself: pieces of others and headers do not.
  func isPlaced(_ section: InputSection) -> Bool {
    if section.kind.contains(.merged) { return false }
    if section.kind.contains(.exceptionFrames) && !section.kind.contains(.synthetic) {
      return false
    }
    return
      !(section.kind.contains(.synthetic)
      && section.index == SyntheticKind.fileHeaders.rawValue)
  }

  private func formMappedSections(_ byRule: inout [[SectionID]]) {
    for index in map.sections.indices {
      let mapped = map.sections[index]
      var output = OutputSection(name: mapped.name)
      output.mapSection = MapSectionID(index)
      output.isWanted = Selection.isWanted(mapped)
      output.isNotLoaded = mapped.noload
      output.isRelro = mapped.relro
      for rule in mapped.rules {
        var members = byRule[rule.index]
        if !map[rule].sort.isEmpty {
          sort(&members, map[rule].sort)
        } else if options.sectionSort != .none && !map[rule].keep {
          sort(&members, options.sectionSort == .name ? [.name] : [.alignment])
        }
        if let file = map[rule].orderFile { order(&members, file) }
        output.members += members
      }
      guard !output.members.isEmpty || output.isWanted else { continue }
      outputs.append(output)
    }
  }

  /// Whether a section of the map is in the output even if nothing goes into it.
  private static func isWanted(_ section: MapSection) -> Bool {
    if section.always || section.size != nil { return true }
    // Symbols that are only provided wait for somebody who asks for them.
    if section.bounds.contains(where: { !$0.provide }) { return true }
    func hasRoom(_ items: [SectionItem]) -> Bool {
      items.contains { item in
        switch item {
        case .take: false
        case .hole, .slot: true
        case .group(let group):
          group.size != nil || group.bounds.contains { !$0.provide } || hasRoom(group.items)
        }
      }
    }
    return hasRoom(section.items)
  }

  /// Each slot in a place is an output section of its own.
  private func formSlots() {
    for (index, slot) in map.slots.enumerated() where !slot.isInSection {
      var output = OutputSection(name: SlotNote.sectionPrefix + slot.name)
      output.slot = SlotID(index)
      output.isWanted = true
      outputs.append(output)
    }
  }

  private func formOrphans(_ orphans: [SectionID], _ unique: UniqueSections) {
    var known: [String: Int] = [:]
    for index in outputs.indices { known[outputs[index].name] = index }
    // A debug section has the name of its kind whatever form it came in.
    for id in orphans {
      let section = sections[id]
      var name = sectionName(id)
      if name.hasPrefix(".zdebug_") { name = ".debug_" + name.dropFirst(8) }
      if unique.matches(name) || unique.separatesOrphans && section.kind.contains(.alloc) {
        var output = OutputSection(name: name)
        output.members = [id]
        outputs.append(output)
        continue
      }
      let key = section.kind.contains(.alloc) ? name : "\u{0}\(name)"
      if let index = known[key] {
        outputs[index].members.append(id)
        continue
      }
      known[key] = outputs.count
      var output = OutputSection(name: name)
      output.members = [id]
      outputs.append(output)
    }
  }

  /// Orphans that stand where a rule does: sections of one name go where the first of them does.
  private func gatherOrphans() {
    for index in outputs.indices where outputs[index].mapSection == nil {
      for member in outputs[index].members where sections[member].rule != InputSection.noRule {
        let rule = RuleID(Int(sections[member].rule))
        guard map[rule].kind == .gather else { continue }
        outputs[index].gatheringRule = rule
        break
      }
    }
  }

  private func sort(_ members: inout [SectionID], _ keys: [SortKey]) {
    SectionSorter(sections: sections, fileName: inputs.displayName, name: sectionName)
      .sort(&members, keys)
  }
}
