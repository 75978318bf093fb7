// Finds the sections that are needed and what their relocations need, in one traversal.
//
// When a section becomes live its relocations are read once: they mark the sections that they refer
// to and record needs (Target.scan). Without --gc-sections every section is live from the start, and
// the same code runs flat.
//
// Roots: what runs or is read without being referred to (init arrays, notes, SHF_GNU_RETAIN, `keep`
// rules), the entry, -u, exported symbols, what `.eh_frame` personalities need. `__start_X` keeps
// all sections named X, unless -z start-stop-gc.

internal import ELF
internal import Parallel

extension Selection {
  func markAndScan() {
    let findings = ScanFindings(pool)
    let loadedSize = markUnconditional()
    let context = ScanContext(
      self, marks: options.gcSections, keepsGOTLoads: mayBeOutOfReach(loadedSize), findings)
    if options.gcSections {
      mark(context)
    } else {
      scanAll(context)
    }
    scanExceptionFrames(context)
    let needs = findings.needs[FileID(rawValue: 0)]
    self.needs.tlsModuleBase = needs.contains(.tlsModuleBase)
    self.needs.staticTLS = needs.contains(.staticTLS)
    self.needs.gotBase = needs.contains(.gotBase)
    self.needs.tlsTrampoline = needs.contains(.tlsTrampoline)
    self.needs.pieces = needs.contains(.pieces)
    separateIndirectPlaces(findings)
    textRelocations = findings.textRelocations.take().sorted {
      ($0.section, $0.offset) < ($1.section, $1.offset)
    }
    undefinedReferences = findings.undefined.take().sorted {
      ($0.section, $0.offset) < ($1.section, $1.offset)
    }
    if options.gcSections { reportDead() }
  }

  /// A word with the address of an IFUNC is filled by its resolver, unless the PLT entry became the
  /// function's address: then the word holds that, and needs a relative relocation.
  private func separateIndirectPlaces(_ findings: ScanFindings) {
    let all = findings.indirect.take().sorted {
      ($0.section, $0.offset) < ($1.section, $1.offset)
    }
    indirectPlaces = all.filter { !program.flags[$0.symbol].contains(.needsCanonicalPLT) }
    for place in all where program.flags[place.symbol].contains(.needsCanonicalPLT) {
      relativeCounts[place.section] += 1
      if place.offset & 1 != 0 { states.insert(.unpackable, at: place.section) }
    }
  }

  /// Whether something loaded may be too far from code for a 32-bit distance. Addresses are not known
  /// yet, so the bound is rough: linker-made sections, padding and pages come on top.
  private func mayBeOutOfReach(_ loadedSize: UInt64) -> Bool {
    let limit: UInt64 = 3 << 29
    guard loadedSize < limit else { return true }
    var pinned = options.sectionStarts.map(\.address) + options.placeAddresses
    if !options.placeAddresses.isEmpty { pinned.append(imageBase) }
    guard let lowest = pinned.min(), let highest = pinned.max() else { return false }
    // What is not pinned stands at the base of the image or behind what is.
    let base = options.imageBase ?? (options.outputKind.isPositionIndependent ? 0 : lowest)
    return max(highest, base) - min(lowest, base) > limit - loadedSize
  }

  private var imageBase: UInt64 { options.imageBase(inputs.target) }

  /// Sections that are not allocated are never garbage, but for those tied to one that is. Returns
  /// the bytes of all that may be loaded.
  private func markUnconditional() -> UInt64 {
    let (sections, states) = (sections, states)
    let everything = !options.gcSections
    let sizes = Gathered<UInt64>(pool)
    pool.parallelFor(sectionCount) { range, worker in
      var size: UInt64 = 0
      defer { sizes.append(size, worker) }
      for index in range {
        let id = SectionID(index)
        let section = sections[id]
        guard section.kind.contains(.used) else { continue }
        let isAllocated = section.kind.contains(.alloc)
        if everything || (!isAllocated && !section.kind.contains(.linkOrder)) {
          states.insert(.live, at: id)
        }
        if isAllocated { size = min(size &+ section.size, Layout.largestSize) }
      }
    }
    return sizes.take().reduce(0) { min($0 &+ $1, Layout.largestSize) }
  }

  // MARK: Without garbage collection

  private func scanAll(_ context: ScanContext) {
    let (sections, states) = (sections, states)
    pool.parallelFor(sectionCount, grain: 256) { range, worker in
      var ignored = Worklist()
      for index in range {
        let id = SectionID(index)
        guard states[id].contains(.live), Selection.isScanned(sections[id]) else { continue }
        context.code.scan(id, context, &ignored, worker)
      }
    }
  }

  private static func isScanned(_ section: InputSection) -> Bool {
    section.relocationCount > 0 && section.kind.contains(.alloc)
      && !section.kind.contains(.exceptionFrames)
  }

  // MARK: With garbage collection

  private func mark(_ context: ScanContext) {
    var seeds: [UInt32] = []
    func seed(_ id: SectionID) {
      if id != .none && states.insertIfAbsent(.live, at: id) { seeds.append(id.rawValue) }
    }
    for index in 1..<sectionCount {
      let id = SectionID(index)
      let section = sections[id]
      guard section.kind.contains(.used), section.kind.contains(.alloc) else {
        continue
      }
      if section.kind.contains(.exceptionFrames) {
        states.insert(.live, at: id)  // its records live and die one by one
      } else if section.kind.contains(.keep) && !section.kind.contains(.linkOrder) {
        seed(id)
      }
    }
    for symbol in rootSymbols() { seed(definingSection[symbol]) }
    for section in exceptionFrames.personalitySections(self) { seed(section) }

    let (sections, dependents) = (sections, linkOrderDependents)
    var boundaries = BoundaryMarks(self)
    while !seeds.isEmpty {
      pool.parallelTraverse(seeds, grain: 64) { raw, list, worker in
        let id = SectionID(rawValue: raw)
        if Selection.isScanned(sections[id]) { context.code.scan(id, context, &list, worker) }
        self.exceptionFrames.markTargets(of: id, self, context, &list)
        let neighbour = self.nextInGroup.count > 0 ? self.nextInGroup[id] : .none
        if neighbour != .none && self.states.insertIfAbsent(.live, at: neighbour) {
          list.push(neighbour.rawValue)
        }
        if !dependents.isEmpty, let others = dependents[id] {
          for other in others where self.states.insertIfAbsent(.live, at: other) {
            list.push(other.rawValue)
          }
        }
      }
      seeds = []
      for id in boundaries.newlyWanted() { seed(id) }
    }
  }

  /// The definitions that are needed whoever refers to them.
  private func rootSymbols() -> [SymbolID] {
    var roots = program.assignments.roots
    let table = inputs.linkerSymbols
    let file = files[inputs.linker.index]
    for (index, entry) in table.entries.enumerated() where entry.isRequested {
      roots.append(program.definition[file.symbolID(index + 1)])
    }
    let found = Gathered<SymbolID>(pool)
    let flags = program.flags
    let keepsAll = options.gcKeepExported
    pool.parallelFor(files.count) { range, worker in
      for number in range where self.program.isLive(FileID(number)) {
        let file = self.files[number]
        guard file.kind == .object else { continue }
        for index in file.globals {
          let row = file.symbolID(index)
          if flags[row].contains(.exported) || keepsAll && self.isVisible(row) {
            found.append(row, worker)
          }
        }
      }
    }
    return roots + found.take()
  }

  /// Whether a row is a definition that other modules could see (--gc-keep-exported).
  private func isVisible(_ row: SymbolID) -> Bool {
    let facts = program.flags[row]
    return program.definition[row] == row && !facts.isHidden
      && facts.isDisjoint(with: [.undefined, .forcedLocal])
  }

  /// --print-gc-sections, and the flag on symbols whose section is gone.
  private func reportDead() {
    var lines = ""
    for index in 1..<sectionCount {
      let id = SectionID(index)
      let section = sections[id]
      guard section.kind.contains(.used), section.kind.contains(.alloc),
        !section.kind.contains(.synthetic), !isLive(id)
      else { continue }
      if options.printGCSections { lines += "removing unused section \(displayName(id))\n" }
    }
    guard options.printGCSections else { return }
    if let path = options.printGCSectionsPath {
      TextOutput.write(lines, to: path, log)
    } else {
      DiagnosticEngine.write(lines, to: 1)
    }
  }
}

/// `__start_X` and `__stop_X`: a live section that refers to one of them needs all sections named X.
private struct BoundaryMarks {
  private let selection: Selection
  private var waiting: [(symbol: SymbolID, name: String)] = []

  init(_ selection: Selection) {
    self.selection = selection
    guard !selection.options.startStopGC else { return }
    let file = selection.files[selection.inputs.linker.index]
    for (index, entry) in selection.inputs.linkerSymbols.entries.enumerated() {
      let row = file.symbolID(index + 1)
      guard selection.program.definition[row] == row else { continue }
      switch entry.role {
      case .sectionStart(let name), .sectionStop(let name): waiting.append((row, name))
      default: break
      }
    }
  }

  /// The sections whose boundary a live section has come to refer to.
  mutating func newlyWanted() -> [SectionID] {
    let flags = selection.program.flags
    let wanted = Set(waiting.filter { flags[$0.symbol].contains(.touched) }.map(\.name))
    guard !wanted.isEmpty else { return [] }
    waiting.removeAll { wanted.contains($0.name) }
    return selection.identifierSections.filter { wanted.contains(selection.sectionName($0)) }
  }
}
