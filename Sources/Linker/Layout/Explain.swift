// --explain: which rules could have taken a section, which did and why, and how an address came
// about. Answers are printed on standard output when the layout is final.

internal import ELF
internal import MapLang
internal import Text

extension Layout {
  /// Answers every --explain of the command line.
  func explanations() -> String {
    options.explainRequests.map { request in
      switch request {
      case .section(let pattern): explain(sections: pattern)
      case .symbol(let name): explain(symbol: name)
      case .address(let address): explain(address: address)
      case .region(let name): explain(region: name)
      }
    }.joined(separator: "\n")
  }

  /// What was asked for on the command line: --explain, --print-memory-usage.
  func printAnswers() {
    var text = options.explainRequests.isEmpty ? "" : explanations()
    switch options.printMemoryUsage {
    case .none: break
    case .text: text += memoryUsageText()
    case .json: text += memoryUsageJSON()
    }
    if !text.isEmpty { DiagnosticEngine.write(text, to: 1) }
  }

  private static var limit: Int { 25 }

  // MARK: Sections

  /// `GLOB`, or `FILE:(GLOB)`.
  private func explain(sections pattern: String) -> String {
    var filePattern: String?
    var namePattern = pattern
    if pattern.hasSuffix(")"), let open = pattern.range(ofFirst: ":(") {
      filePattern = String(pattern[..<open.lowerBound])
      namePattern = String(pattern[open.upperBound...].dropLast())
    }
    let glob = Glob(namePattern)
    var texts: [String] = []
    var count = 0
    for number in 0..<selection.files.count {
      let file = selection.files[number]
      guard file.kind == .object, selection.program.isLive(FileID(number)) else { continue }
      let display = selection.inputs.displayName(FileID(number))
      if let filePattern,
        display != filePattern && !display.hasSuffix("/" + filePattern)
          && file.member.string != filePattern
      {
        continue
      }
      for index in 1..<max(file.sectionCount, 1) {
        let header = file.sectionHeaders[index]
        guard header.flags & SHF.ALLOC != 0, glob.matches(file.sectionName(header)) else {
          continue
        }
        count += 1
        if count <= Layout.limit { texts.append(explain(FileID(number), index)) }
      }
    }
    for (kind, row) in selection.syntheticRows.sorted(by: { $0.key.rawValue < $1.key.rawValue })
    where filePattern == nil || filePattern == "<linker>" {
      let name = kind.name(target)
      if !name.isEmpty && kind.kind.contains(.alloc) && glob.matches(name) {
        texts.append(explainRow(row, name, "<linker>:(\(name))"))
      }
    }
    if texts.isEmpty { return "no input section matches \(pattern)\n" }
    if count > Layout.limit { texts.append("… and \(count - Layout.limit) more\n") }
    return texts.joined(separator: "\n")
  }

  private func explain(_ id: FileID, _ index: Int) -> String {
    let file = selection.files[id.index]
    let header = file.sectionHeaders[index]
    let name = file.sectionName(header).string
    let display = "\(selection.inputs.displayName(id)):(\(name))"
    let raw = file.sectionMap.map { $0[index] } ?? 0
    if raw != 0 && raw != InputFile.discardedMark {
      return explainRow(SectionID(rawValue: raw), name, display)
    }
    var section = InputSection()
    section.kind = .alloc
    if header.flags & SHF.WRITE != 0 { section.kind.insert(.write) }
    if header.flags & SHF.EXECINSTR != 0 { section.kind.insert(.exec) }
    if header.flags & SHF.TLS != 0 { section.kind.insert(.tls) }
    if header.type == SHT.NOBITS { section.kind.insert(.noBits) }
    if header.type == SHT.NOTE { section.kind.insert(.note) }
    let (lines, winner) = candidates(name, selection.traits(section), id)
    let isDropped = winner.map { selection.map[$0].kind == .discard } ?? false
    let fate =
      isDropped
      ? "dropped by the map"
      : raw == InputFile.discardedMark
        ? "left out: another file's copy of its group was kept, or orphans are dropped"
        : "read by the linker, not copied"
    return "\(display)  \(byteCount(header.size)), \(fate)\n" + lines
  }

  private func explainRow(_ row: SectionID, _ name: String, _ display: String) -> String {
    let section = selection.sections[row]
    let isLive = selection.isLive(row)
    var flags = "a"
    if section.kind.contains(.write) { flags += "w" }
    if section.kind.contains(.exec) { flags += "x" }
    let size = section.kind.contains(.merged) ? section.fileSize : section.size
    var text = "\(display)  \(byteCount(size)), align \(section.alignment), \(flags), "
    if isLive {
      text += "live"
    } else if let representative = selection.folded.representative(of: row) {
      text += "folded into \(selection.displayName(representative)), which is the same (--icf)"
    } else {
      text += "removed by --gc-sections: nothing refers to it"
    }
    text += "\n"
    var (lines, winner) = candidates(name, selection.traits(section), section.file)
    if winner == nil && lines.isEmpty {
      lines = "  candidates   none: an orphan, placed where its kind goes\n"
    }
    text += lines
    guard isLive else { return text }
    var placed = section
    var merged = ""
    if section.kind.contains(.merged), selection.pieces.isMerged(row) {
      let group = selection.pieces.group(of: row)
      placed = selection.sections[selection.mergedSections[group].row]
      merged = " (its strings are merged with others)"
    }
    guard placed.output != .none else { return text }
    let output = outputs[placed.output.index]
    let address = output.address &+ placed.offset
    let load = output.loadAddress &+ placed.offset
    text += "  placed       \(output.name) + 0x\(String(placed.offset, radix: 16)) = "
    text += "\(hexadecimal(address)) (run), \(load == address ? "same" : hexadecimal(load)) (load)"
    text += merged + "\n"
    return text + because(placed.output)
  }

  /// The rules that match, with what became of each.
  private func candidates(
    _ name: String, _ traits: SectionTraits, _ file: FileID
  ) -> (String, RuleID?) {
    let row = selection.files[file.index]
    let matcher = selection.matcher
    let patterns =
      row.kind == .linker
      ? matcher.linkerFilePatterns
      : matcher.filePatterns(
        path: selection.inputs.paths[Int(row.path)],
        member: row.member.isEmpty ? nil : row.member.string)
    let all = matcher.candidates(name: name, traits: traits, file: patterns)
    let map = selection.map
    var text = ""
    var winner: RuleID?
    for (number, candidate) in all.enumerated() {
      let rule = map[candidate.rule]
      if candidate.verdict == .chosen { winner = candidate.rule }
      let words =
        switch rule.kind {
        case .take: "\(rule.section.map { map[$0].name } ?? "")  take"
        case .discard: "discard"
        case .forbid: "forbid"
        case .gather: "orphans"
        }
      let selector = rule.selectors[min(candidate.selector, rule.selectors.count - 1)]
      text += number == 0 ? "  candidates   " : "               "
      text += "\(words) \(map.sources.text(at: selector.position))   "
      text += "\(map.sources.describe(selector.position))  \(self.words(candidate.verdict))\n"
    }
    return (text, winner)
  }

  private func words(_ verdict: CandidateVerdict) -> String {
    let map = selection.map
    switch verdict {
    case .chosen: return "<- chosen"
    case .excepted: return "its 'except' matches"
    case .lessSpecific(let rule):
      return "less specific than the rule at \(map.sources.describe(map[rule].position))"
    case .onlyForOrphans: return "only for what no other rule takes"
    case .yieldsToUser: return "built-in, yields to the user's rule"
    case .notPreferred: return "another rule says 'prefer'"
    case .laterInText: return "stands later in the same section"
    case .ambiguous: return "ambiguous: neither more nor less specific"
    }
  }

  /// What stands before an output section, and what moved it.
  private func because(_ id: OutputID) -> String {
    guard let position = placed.firstIndex(where: { $0.output == id }) else { return "" }
    let thing = placed[position]
    let output = outputs[id.index]
    let map = selection.map
    var words: [String] = []
    if let place = place(of: thing) { words.append(place) }
    if let mapped = output.mapSection {
      words.append("section \(output.name) \(map.sources.describe(map[mapped].position))")
      if map[mapped].at != nil { words.append("pinned") }
      if map[mapped].high { words.append("taken from the end") }
    } else if output.slot == nil {
      words.append("an orphan, behind the last section of its kind")
    }
    let before = placed[..<position].last {
      $0.memory == thing.memory && $0.size > 0 && $0.address &+ $0.size <= thing.address
    }
    if let before {
      let name = before.output.map { outputs[$0.index].name } ?? "the headers"
      words.append("\(name) ends \(hexadecimal(before.address &+ before.size))")
      if before.access != thing.access && pageSize > 1 {
        words.append("other access rights (\(thing.access.text)) begin a page")
      }
    }
    words.append("align \(output.alignment)")
    return "  because      " + words.joined(separator: "; ") + "\n"
  }

  private func place(of thing: LayoutEngine.Placed) -> String? {
    let map = selection.map
    guard memories.indices.contains(thing.memory) else { return nil }
    let memory = memories[thing.memory]
    if let region = memory.region { return "region \(map[region].name)" }
    let place = map.places.first {
      if case .address(let address, _) = $0.target { address == memory.start } else { false }
    }
    return place.map {
      "flow 'place at \(hexadecimal(memory.start))' "
        + map.sources.describe($0.position)
    }
  }

  // MARK: Symbols and addresses

  private func explain(symbol name: String) -> String {
    for number in 0..<selection.files.count where selection.program.isLive(FileID(number)) {
      let file = selection.files[number]
      guard file.kind != .shared else { continue }
      for index in 1..<max(file.symbolCount, 1) {
        let row = file.symbolID(index)
        guard selection.program.definition[row] == row,
          file.symbolName(index).count == name.utf8.count, file.symbolName(index).string == name,
          !selection.program.flags[row].contains(.undefined)
        else { continue }
        return explain(row, name, FileID(number))
      }
    }
    return "no symbol \(name) is defined in this output\n"
  }

  private func explain(_ row: SymbolID, _ name: String, _ id: FileID) -> String {
    let address = addresses[row]
    if selection.files[id.index].kind == .linker {
      let output = outputSection(of: row).map { ", relative to \(outputs[$0.index].name)" } ?? ""
      return "\(name) = \(hexadecimal(address)), defined by the map or the linker\(output)\n"
    }
    let section = selection.definingSection[row]
    guard section != .none else { return "\(name) = \(hexadecimal(address)), absolute\n" }
    let value = isInOutput(row) ? hexadecimal(address) : "not in the output"
    let index = Int(selection.sections[section].index)
    let kind = selection.sections[section].kind
    if kind.contains(.common) {
      return "\(name) = \(value), a common symbol of \(selection.inputs.displayName(id))\n"
        + explainRow(section, "COMMON", selection.displayName(section))
    }
    return "\(name) = \(value), defined in\n" + explain(id, index)
  }

  private func explain(address: UInt64) -> String {
    for thing in placed + reserves
    where thing.address <= address && address < thing.address &+ thing.size {
      if let reserve = thing.reserve {
        let row = selection.map[reserve]
        return "\(hexadecimal(address)) is reserve \(row.name) + "
          + "0x\(String(address - thing.address, radix: 16)), "
          + selection.map.sources.describe(row.position) + "\n"
      }
      guard let id = thing.output else { return "\(hexadecimal(address)) is in the headers\n" }
      let output = outputs[id.index]
      var text = "\(hexadecimal(address)) is \(output.name) + "
      text += "0x\(String(address - output.address, radix: 16))\n"
      let offset = address - output.address
      let member = output.members.last {
        selection.sections[$0].offset <= offset
          && offset < selection.sections[$0].offset &+ selection.sections[$0].size
      }
      guard let member else { return text + "  in no input section\n" + because(id) }
      let section = selection.sections[member]
      if !section.kind.isDisjoint(with: [.synthetic, .common, .mergedGroup]) {
        return text + "  in \(selection.displayName(member))\n" + because(id)
      }
      text += explain(section.file, Int(section.index))
      return text
    }
    return "\(hexadecimal(address)) is in no section and no reserve\n"
  }

  // MARK: Regions

  private func explain(region name: String) -> String {
    let map = selection.map
    guard let id = map.region(named: name) else {
      return "the map has no region \(name)\n"
    }
    let region = map[id]
    let memory = memories[id.index]
    var text = "region \(region.name)  \(hexadecimal(region.at))"
    if let size = region.size {
      text +=
        "..\(hexadecimal(region.at &+ size)), \(byteCount(size)), used \(byteCount(memory.used))"
      text += ", free \(byteCount(size > memory.used ? size - memory.used : 0))"
    }
    text += "  \(map.sources.describe(region.position))\n"
    let things = (placed + reserves).filter { $0.memory == id.index && $0.size > 0 }
      .sorted { $0.address < $1.address }
    for thing in things {
      let name =
        thing.output.map { outputs[$0.index].name }
        ?? thing.reserve.map { "reserve \(map[$0].name)" } ?? "headers"
      text += "  \(hexadecimal(thing.address))..\(hexadecimal(thing.address &+ thing.size))  "
      text += "\(Layout.right(byteCount(thing.size), 11))  \(name)\n"
    }
    for output in outputs where output.loadAddress != output.address && output.size > 0 {
      guard output.loadAddress >= region.at, output.hasBytes,
        region.size.map({ output.loadAddress - region.at < $0 }) ?? false
      else { continue }
      text +=
        "  \(hexadecimal(output.loadAddress))..\(hexadecimal(output.loadAddress &+ output.size))"
      text += "  \(Layout.right(byteCount(output.size), 11))  load image of \(output.name)\n"
    }
    return text
  }
}

extension String {
  /// Where `words` first occur.
  func range(ofFirst words: String) -> Range<String.Index>? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(words) {
        return index..<self.index(index, offsetBy: words.count)
      }
      index = self.index(after: index)
    }
    return nil
  }
}
