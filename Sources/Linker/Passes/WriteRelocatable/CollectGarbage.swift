// -r --gc-sections: takes out what the named symbols do not need.
//
// An object has no entry, so -e, -u or --require-defined has to say where to begin. Roots are also
// what runs or is read without being referred to (init arrays, notes, SHF_GNU_RETAIN). A section
// group lives or dies as a whole. Sections that are not allocated stay, unless they belong to a group
// or to another section; they keep nothing alive. `__start_X` keeps all sections named X, unless
// -z start-stop-gc.

internal import ELF
internal import Parallel

extension ObjectOutput {
  func collectGarbage() {
    guard options.gcSections else { return }
    let roots = rootSections()
    guard !roots.isEmpty else {
      log.error(.garbageRootMissing())
      return
    }
    for index in 1..<sectionCount { states.remove(.live, at: SectionID(index)) }
    let edges = ObjectEdges(self)
    var seeds: [UInt32] = []
    func seed(_ id: SectionID) {
      if states.insertIfAbsent(.live, at: id) { seeds.append(id.rawValue) }
    }
    for id in roots { seed(id) }
    for index in 1..<sectionCount where isRoot(SectionID(index)) { seed(SectionID(index)) }
    for group in groups where !hasAllocatedMember(group) {
      forEachRow(of: group) { seed($0) }
    }
    for id in edges.personalities { seed(id) }
    let boundaries = Gathered<SymbolID>(pool)
    while !seeds.isEmpty {
      pool.parallelTraverse(seeds, grain: 64) { raw, list, worker in
        self.visit(SectionID(rawValue: raw), edges, &list, boundaries, worker)
      }
      seeds = []
      for id in sectionsNamed(boundaries.take()) { seed(id) }
    }
    reportGarbage()
  }

  /// Whether a section stays whoever refers to it.
  private func isRoot(_ id: SectionID) -> Bool {
    let kind = sections[id].kind
    guard kind.contains(.used) else { return false }
    if !kind.isDisjoint(with: [.synthetic, .common, .exceptionFrames]) { return true }
    if kind.contains(.linkOrder) { return false }
    return kind.contains(.keep) || !kind.contains(.alloc) && groupOf[id] == 0
  }

  /// The sections of the symbols that the command line names.
  private func rootSections() -> [SectionID] {
    var result: [SectionID] = []
    let linker = files[inputs.linker.index]
    var roots = program.assignments.roots
    for (index, entry) in inputs.linkerSymbols.entries.enumerated() where entry.isRequested {
      roots.append(program.definition[linker.symbolID(index + 1)])
    }
    for row in roots {
      let id = definingSection(of: row)
      if id != .none { result.append(id) }
    }
    return result
  }

  /// The row in which a definition lies, live or not.
  fileprivate func definingSection(of row: SymbolID) -> SectionID {
    let (symbol, index, id) = inputs.entry(of: row)
    let file = files[id.index]
    guard file.kind == .object, file.isInSection(symbol) else { return .none }
    return anySection(file, file.sectionIndex(symbol, index))
  }

  /// The row of a section, live or not.
  @inline(__always) fileprivate func anySection(_ file: InputFile, _ index: UInt32) -> SectionID {
    guard index < UInt32(truncatingIfNeeded: file.sectionCount), let map = file.sectionMap,
      map[Int(index)] != InputFile.discardedMark
    else { return .none }
    return SectionID(rawValue: map[Int(index)])
  }

  private func hasAllocatedMember(_ group: ObjectGroup) -> Bool {
    var result = false
    forEachRow(of: group) { result = result || sections[$0].kind.contains(.alloc) }
    return result
  }

  private func forEachRow(of group: ObjectGroup, _ body: (SectionID) -> Void) {
    for position in 0..<group.members.count {
      let row = anySection(files[group.file.index], group.members[position])
      if row != .none { body(row) }
    }
  }

  /// Marks what a live section needs.
  private func visit(
    _ id: SectionID, _ edges: ObjectEdges, _ list: inout Worklist,
    _ boundaries: Gathered<SymbolID>, _ worker: Worker
  ) {
    let section = sections[id]
    var reached: [SectionID] = []
    if groupOf[id] != 0 {
      forEachRow(of: groups[Int(groupOf[id]) - 1]) { reached.append($0) }
    }
    edges.forEachTarget(of: id) { reached.append($0) }
    for other in reached where states.insertIfAbsent(.live, at: other) { list.push(other.rawValue) }
    guard section.kind.contains(.alloc), !section.kind.contains(.exceptionFrames) else { return }
    let file = files[section.file.index]
    let records = section.relocationRecords
    for index in 0..<records.count {
      let number = Int(records[index].symbol)
      guard number > 0, number < file.symbolCount else { continue }
      let row = file.symbolID(number)
      let definition = program.definition[row]
      let target: SectionID
      if number < Int(file.firstGlobal) {
        let symbol = file.symbols[number]
        guard file.isInSection(symbol) else { continue }
        target = anySection(file, file.sectionIndex(symbol, number))
      } else if program.flags[definition].contains(.undefined) {
        if program.flags.insertIfAbsent(.touched, at: definition) {
          boundaries.append(definition, worker)
        }
        continue
      } else {
        target = definingSection(of: definition)
      }
      if target != .none && states.insertIfAbsent(.live, at: target) { list.push(target.rawValue) }
    }
  }

  /// The sections whose start or end one of the undefined symbols stands for.
  private func sectionsNamed(_ symbols: [SymbolID]) -> [SectionID] {
    guard !options.startStopGC else { return [] }
    var wanted: Set<ByteView> = []
    for symbol in symbols {
      let name = inputs.name(of: symbol)
      if name.hasPrefix("__start_"), let rest = name.suffix(from: 8) { wanted.insert(rest) }
      if name.hasPrefix("__stop_"), let rest = name.suffix(from: 7) { wanted.insert(rest) }
    }
    guard !wanted.isEmpty else { return [] }
    return (1..<sectionCount).map { SectionID($0) }.filter {
      sections[$0].kind.contains(.alloc) && wanted.contains(names[$0])
    }
  }

  /// --print-gc-sections.
  private func reportGarbage() {
    guard options.printGCSections else { return }
    var lines = ""
    for index in 1..<sectionCount {
      let id = SectionID(index)
      guard sections[id].kind.contains(.used), !isLive(id) else { continue }
      lines += "removing unused section \(displayName(id))\n"
    }
    if let path = options.printGCSectionsPath {
      TextOutput.write(lines, to: path, log)
    } else {
      DiagnosticEngine.write(lines, to: 1)
    }
  }
}

/// What becomes live along with a section, although the section does not refer to it: sections that
/// follow it (SHF_LINK_ORDER), and the exception tables that its unwind records refer to.
private struct ObjectEdges: Sendable {
  private var edges: [(from: SectionID, to: SectionID)] = []
  /// What CIEs refer to.
  private(set) var personalities: [SectionID] = []

  init(_ object: ObjectOutput) {
    for index in 1..<object.sectionCount {
      let section = object.sections[SectionID(index)]
      guard section.kind.contains(.linkOrder) else { continue }
      let file = object.files[section.file.index]
      let target = object.anySection(file, file.sectionHeaders[Int(section.index)].link)
      edges.append((target, SectionID(index)))
    }
    for id in object.frameSections {
      let section = object.sections[id]
      let file = object.files[section.file.index]
      for piece in object.framePieces(of: id) ?? [] {
        // `framePieces` may have sorted the relocations.
        let records = object.sections[id].relocationRecords
        var targets: [SectionID] = []
        for index in 0..<Int(piece.relocationCount) {
          let number = Int(records[Int(piece.relocationStart) + index].symbol)
          guard number > 0, number < file.symbolCount else { continue }
          targets.append(
            object.definingSection(of: object.program.definition[file.symbolID(number)]))
        }
        if piece.cie < 0 {
          personalities += targets.filter { $0 != .none }
        } else if let function = targets.first, function != .none {
          edges += targets.dropFirst().filter { $0 != .none }.map { (function, $0) }
        }
      }
    }
    edges.sort { ($0.from, $0.to) < ($1.from, $1.to) }
  }

  func forEachTarget(of id: SectionID, _ body: (SectionID) -> Void) {
    var low = 0
    var high = edges.count
    while low < high {
      let middle = (low + high) / 2
      if edges[middle].from < id { low = middle + 1 } else { high = middle }
    }
    while low < edges.count, edges[low].from == id {
      body(edges[low].to)
      low += 1
    }
  }
}

extension Message {
  static func garbageRootMissing() -> Message {
    Message(
      "garbageRootMissing",
      "-r --gc-sections needs a defined symbol to begin with; name one with -e or -u")
  }
}
