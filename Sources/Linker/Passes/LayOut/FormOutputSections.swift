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
    var byRule = [[SectionID]](repeating: [], count: map.rules.count)
    var orphans: [SectionID] = []
    var rulesWithCommons: Set<Int> = []
    let unique = UniqueSections(options)
    let (sections, states) = (sections, states)
    let noticesMatches = inputs.hasUserMap
    var matched = noticesMatches ? [Bool](repeating: false, count: map.rules.count) : []
    for index in 1..<sectionCount {
      let id = SectionID(index)
      let section = sections[id]
      if noticesMatches && section.kind.contains(.used) && section.rule != InputSection.noRule {
        matched[Int(section.rule)] = true
      }
      guard section.kind.contains(.used), states[id].contains(.live), isPlaced(section) else {
        continue
      }
      if section.rule == InputSection.noRule || map.rules[Int(section.rule)].kind == .gather
        || unique.hasPatterns && !section.kind.contains(.synthetic)
          && unique.matches(sectionName(id))
      {
        orphans.append(id)
      } else {
        byRule[Int(section.rule)].append(id)
        if section.kind.contains(.common) { rulesWithCommons.insert(Int(section.rule)) }
      }
    }
    // Rows of common symbols stand behind all others; in a `take` they follow what is of their file.
    for rule in rulesWithCommons {
      byRule[rule].sort { (sections[$0].file, $0) < (sections[$1].file, $1) }
    }
    if noticesMatches { checkRules(matched, byRule, orphans) }
    formMappedSections(&byRule)
    formSlots()
    formOrphans(orphans, unique)
    if map.rules.contains(where: { $0.kind == .gather }) { gatherOrphans() }
    orderLinkedSections()
    for index in outputs.indices { describe(OutputID(index)) }
  }

  /// Whether the row stands in the output itself: pieces of others and headers do not.
  private func isPlaced(_ section: InputSection) -> Bool {
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

  /// Type, flags and entry size of an output section, from its members.
  private func describe(_ id: OutputID) {
    var output = outputs[id.index]
    var flags: UInt64 = 0
    var type: UInt32?
    var entrySize: UInt64?
    var isMergeable = true
    for member in output.members {
      let section = sections[member]
      sections[member].output = id
      let (memberType, memberFlags, memberEntry) = header(of: section)
      flags |= memberFlags & ~(SHF.MERGE | SHF.STRINGS)
      if memberFlags & SHF.MERGE == 0 { isMergeable = false }
      if type == nil || type == SHT.NOBITS && memberType != SHT.NOBITS {
        type = memberType
      } else if let known = type, known != memberType, memberType != SHT.NOBITS {
        type = SHT.PROGBITS
      }
      if entrySize == nil { entrySize = memberEntry }
      if entrySize != memberEntry { entrySize = 0 }
    }
    output.type = type ?? SHT.PROGBITS
    output.flags = flags
    if output.members.isEmpty && output.name != SlotNote.sectionName { output.flags = SHF.ALLOC }
    // Sections that were merged as a whole keep their flags for other tools to see.
    if isMergeable, let first = output.members.first {
      let (_, memberFlags, memberEntry) = header(of: sections[first])
      if output.members.count == 1, memberFlags & SHF.MERGE != 0 {
        output.flags |= memberFlags & (SHF.MERGE | SHF.STRINGS)
        entrySize = memberEntry
      }
    }
    output.entrySize = entrySize ?? 0
    if let mapped = output.mapSection, let access = map[mapped].access {
      output.flags &= ~(SHF.WRITE | SHF.EXECINSTR)
      if access.contains(.write) { output.flags |= SHF.WRITE }
      if access.contains(.execute) { output.flags |= SHF.EXECINSTR }
    }
    if [SHT.INIT_ARRAY, SHT.FINI_ARRAY, SHT.PREINIT_ARRAY].contains(output.type) {
      output.entrySize = UInt64(inputs.target.format.wordSize)
    }
    if let mapped = output.mapSection { applyAttributes(map[mapped], to: &output) }
    switch output.name {
    case ".init_array": output.type = SHT.INIT_ARRAY
    case ".fini_array": output.type = SHT.FINI_ARRAY
    default: break
    }
    outputs[id.index] = output
  }

  /// What the map says of a section's bytes.
  private func applyAttributes(
    _ section: MapSection, to output: inout OutputSection
  ) {
    if section.noload || section.nobits {
      checkHasNoContent(section, output)
      output.type = SHT.NOBITS
    } else if output.type == SHT.NOBITS && section.items.contains(where: \.holdsSlot) {
      output.type = SHT.PROGBITS
    }
    let isBoth = SHF.WRITE | SHF.EXECINSTR
    if output.flags & isBoth == isBoth && section.access == nil && !section.isBuiltIn {
      warnWritableAndExecutable(section, output)
    }
  }

  /// `sh_type`, `sh_flags` and `sh_entsize` that a member asks for.
  private func header(of section: InputSection) -> (UInt32, UInt64, UInt64) {
    if section.kind.contains(.synthetic), let kind = SyntheticKind(rawValue: section.index) {
      var flags = section.kind.contains(.alloc) ? SHF.ALLOC : 0
      if section.kind.contains(.write) { flags |= SHF.WRITE }
      if section.kind.contains(.exec) { flags |= SHF.EXECINSTR }
      return (kind.type(inputs.target), flags, kind.entrySize(inputs.target))
    }
    if section.kind.contains(.common) {
      var flags = SHF.ALLOC | SHF.WRITE
      if section.kind.contains(.tls) { flags |= SHF.TLS }
      if section.kind.contains(.large) { flags |= inputs.target.largeSectionFlag }
      return (SHT.NOBITS, flags, 0)
    }
    if section.kind.contains(.mergedGroup) {
      let group = mergedSections[Int(section.index)]
      let member = sections[group.members[0]]
      let header = files[member.file.index].sectionHeaders[Int(member.index)]
      return (header.type, cleaned(header.flags), header.entrySize)
    }
    let header = files[section.file.index].sectionHeaders[Int(section.index)]
    var type = header.type
    if type == inputs.target.unwindSectionType { type = SHT.PROGBITS }
    return (type, cleaned(header.flags), header.entrySize)
  }

  /// Flags that describe the input, not the output.
  private func cleaned(_ flags: UInt64) -> UInt64 {
    flags & ~(SHF.GROUP | SHF.COMPRESSED | SHF.GNU_RETAIN | SHF.LINK_ORDER | SHF.INFO_LINK)
  }

  // MARK: Sorting

  private func sort(_ members: inout [SectionID], _ keys: [SortKey]) {
    struct Item {
      let id: SectionID
      let name: String
      let priority: Int
    }
    let items = members.map { id -> Item in
      let name = sectionName(id)
      return Item(id: id, name: name, priority: Selection.initPriority(name))
    }
    let sorted = items.sorted { left, right in
      for key in keys {
        switch key {
        case .name: if left.name != right.name { return left.name < right.name }
        case .alignment:
          let (first, second) = (sections[left.id].alignment, sections[right.id].alignment)
          if first != second { return first > second }
        case .initPriority:
          if left.priority != right.priority { return left.priority < right.priority }
        case .file:
          let (first, second) = (sections[left.id].file, sections[right.id].file)
          if first != second { return inputs.displayName(first) < inputs.displayName(second) }
        case .none: break
        }
      }
      // `.ctors.65434` and `.init_array.00101` are of one priority; GNU ld then goes by the name.
      if keys.contains(.initPriority), left.name != right.name { return left.name < right.name }
      return left.id < right.id
    }
    members = sorted.map(\.id)
  }

  /// The number of `.init_array.N`; 65535 − N for `.ctors.N`; without a number last.
  static func initPriority(_ name: String) -> Int {
    guard let dot = name.lastIndex(of: ".") else { return 65536 }
    let digits = name[name.index(after: dot)...].utf8
    guard digits.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(Substring(digits))
    else { return 65536 }
    guard name.hasPrefix(".ctors") || name.hasPrefix(".dtors") else { return number }
    return number > 65535 ? 65536 : 65535 - number
  }
}
