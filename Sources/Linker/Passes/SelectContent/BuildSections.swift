// Gives a row to every input section that may reach the output, and each its rule of the map.
//
// Before: it is known which files take part and which COMDAT groups were kept. After: rows exist for
// surviving sections, in file order; `sectionMap` of each object leads from section index to row;
// relocations are attached; `definingSection` tells for every symbol which row it is defined in.
//
// Names of sections are read here for the first and, on the way to the output, only time. A
// Chromium link has 10.3 million regular sections after the copies of COMDAT groups are gone.
//
// The facets are in the files beside this one: the row that a section header becomes (+Rows), the
// rule of the map that takes it (+Rules), and how sections hang together (+Links).

internal import ELF
internal import MapLang
internal import Parallel

extension Selection {
  func buildSections() {
    let bases = numberSections()
    let found = Found(pool)
    let (files, program) = (files, program)
    pool.parallelFor(files.count) { range, worker in
      for number in range where files[number].kind == .object && program.isLive(FileID(number)) {
        self.buildSections(of: FileID(number), from: bases[number], found, worker)
      }
    }
    addCommonSymbols(found)
    gatherLinkOrder(found)
    findDefiningSections()
    if options.gcSections { linkGroups() }
    gather(found)
  }

  /// What workers come across on the way.
  struct Found {
    let exceptionFrames: Gathered<SectionID>
    let merged: Gathered<SectionID>
    let properties: Gathered<(FileID, ByteView)>
    let linkOrder: Gathered<SectionID>
    let identifiers: Gathered<SectionID>
    let executableStack: Gathered<FileID>
    let warnings: Gathered<WarningSection>
    let ambiguities: Gathered<(number: UInt32, file: FileID, index: Int)>
    let discardedOrphans: Gathered<(file: FileID, index: Int)>
    let slotInputs: Gathered<(file: FileID, index: Int)>
    let filesWithoutProperties: Gathered<FileID>

    init(_ pool: WorkerPool) {
      exceptionFrames = Gathered(pool)
      merged = Gathered(pool)
      properties = Gathered(pool)
      linkOrder = Gathered(pool)
      identifiers = Gathered(pool)
      executableStack = Gathered(pool)
      warnings = Gathered(pool)
      ambiguities = Gathered(pool)
      discardedOrphans = Gathered(pool)
      slotInputs = Gathered(pool)
      filesWithoutProperties = Gathered(pool)
    }
  }

  /// Makes the tables; returns where each file's rows begin.
  private func numberSections() -> [Int] {
    var bases: [Int] = []
    bases.reserveCapacity(files.count)
    var next = 1
    // Each of them may become a group of its own, with a row for the whole.
    var groups = 0
    for index in 0..<files.count {
      bases.append(next)
      guard files[index].kind == .object, program.isLive(FileID(index)) else { continue }
      let counts = program.sectionCounts![FileID(index)]
      next += Int(counts.rows)
      groups += Int(counts.mergeable)
    }
    program.sectionCounts!.release()
    program.sectionCounts = nil
    if next + groups > 1 << 31 {
      log.error(.tooMuch("sections", Int(1) << 31))
      for index in 0..<files.count { program.fileFlags.remove(.live, at: FileID(index)) }
      makeSectionTables(1)
      return [Int](repeating: 1, count: files.count)
    }
    makeSectionTables(next, groups: groups)
    return bases
  }

  // MARK: One file

  private func buildSections(
    of id: FileID, from base: Int, _ found: Found, _ worker: Worker
  ) {
    let file = files[id.index]
    file.checkSectionNames { report(id, $0, $1) }
    let patterns = matcher.filePatterns(
      path: inputs.paths[Int(file.path)], member: file.member.isEmpty ? nil : file.member.string)
    var next = base
    var hasProperties = false
    let hasDiscards = inputs.hasUserMap
    let relocated = options.zeroToBSS ? file.relocatedSections : []
    for index in 0..<file.sectionCount where file.sectionMap![index] != InputFile.discardedMark {
      let header = file.sectionHeaders[index]
      guard header.mayHaveRow else { continue }
      let row = SectionID(next)
      next += 1
      let name = file.sectionName(header)
      guard var section = makeSection(header, name, file, id, index, patterns, found, worker) else {
        if name.equals(".note.gnu.property") { hasProperties = true }
        continue
      }
      var ruleName = name
      if options.zeroToBSS, !relocated.contains(index), let other = section.zeroName(name) {
        section.dropZeros()
        ruleName = other
      }
      if section.kind.contains(.alloc) {
        if hasDiscards && name.hasPrefix(".slot.") {
          found.slotInputs.append((id, index), worker)
        }
        guard chooseRule(&section, ruleName, patterns, found, worker) else {
          file.sectionMap![index] = InputFile.discardedMark
          continue
        }
      } else {
        section.rule = InputSection.noRule
        if hasDiscards && isDiscarded(name, section, patterns) {
          file.sectionMap![index] = InputFile.discardedMark
          continue
        }
      }
      sections[row] = section
      file.sectionMap![index] = row.rawValue
      note(row, section, found, worker)
    }
    file.attachRelocations(
      to: sections, inputs.target.machine.code, row: { section(file, $0) },
      report: { report(id, $0, $1) },
      // What a piece refers to is not seen when pieces are compared.
      attached: { sections[$0].kind.subtract([.merged, .strings]) })
    if !hasProperties && !file.isMade { found.filesWithoutProperties.append(id, worker) }
  }

  /// Puts the row on the lists of those who need it later.
  private func note(
    _ row: SectionID, _ section: InputSection, _ found: Found, _ worker: Worker
  ) {
    if section.kind.contains(.exceptionFrames) { found.exceptionFrames.append(row, worker) }
    if section.kind.contains(.merged) { found.merged.append(row, worker) }
    if section.kind.contains(.identifierName) { found.identifiers.append(row, worker) }
    if section.kind.contains(.linkOrder) { found.linkOrder.append(row, worker) }
  }

  func report(_ id: FileID, _ index: Int, _ reason: String) {
    log.error(
      .malformedFile(inputs.displayName(id), reason), at: inputs.place(id, section: index))
  }

  // MARK: The whole

  /// Each common symbol becomes a section named COMMON of the file that won.
  private func addCommonSymbols(_ found: Found) {
    for index in program.commons.indices {
      let common = program.commons[index]
      var section = InputSection()
      section.file = inputs.file(of: common.symbol)
      section.size = common.size
      section.alignmentShift = UInt8(max(common.alignment, 1).trailingZeroBitCount)
      section.kind = [.used, .alloc, .write, .noBits, .common]
      if program.flags[common.symbol].contains(.tls) { section.kind.insert(.tls) }
      let file = files[section.file.index]
      let patterns = matcher.filePatterns(
        path: inputs.paths[Int(file.path)], member: file.member.isEmpty ? nil : file.member.string)
      section.rule = InputSection.noRule
      if common.isLarge { section.kind.insert(.large) }
      let name = commonName(section, patterns)
      let nameBytes = ByteView(UnsafeRawPointer(name.utf8Start), count: name.utf8CodeUnitCount)
      // A common symbol cannot be dropped with its section, so `discard` leaves it an orphan.
      _ = chooseRule(&section, nameBytes, patterns, found, .caller)
      let row = addSection(section)
      states.remove(.live, at: row)
      program.commons[index].section = row
    }
  }

  /// The name by which the map knows a common symbol. One that does not speak of LARGE_COMMON means
  /// all of them by COMMON.
  private func commonName(_ section: InputSection, _ patterns: FilePatternSet) -> StaticString {
    if section.kind.contains(.tls) { return ".tbss" }
    guard section.kind.contains(.large) else { return "COMMON" }
    if case .none = matcher.rule(name: "LARGE_COMMON", traits: traits(section), file: patterns) {
      return "COMMON"
    }
    return "LARGE_COMMON"
  }

  private func gather(_ found: Found) {
    func remaining(_ rows: Gathered<SectionID>, _ kind: InputSectionKind) -> [SectionID] {
      rows.take().filter { sections[$0].kind.contains(kind) }.sorted()
    }
    exceptionFrames.inputs = remaining(found.exceptionFrames, .exceptionFrames)
    mergedInputs = remaining(found.merged, .merged)
    identifierSections = remaining(found.identifiers, .identifierName)
    undefineBoundaries()
    warningSections = found.warnings.take().sorted { ($0.file, $0.index) < ($1.file, $1.index) }
    reportAmbiguities(found.ambiguities.take().sorted { ($0.file, $0.index) < ($1.file, $1.index) })
    reportSlotInputs(found.slotInputs.take().sorted { ($0.file, $0.index) < ($1.file, $1.index) })
    warnDiscardedOrphans(
      found.discardedOrphans.take().sorted { ($0.file, $0.index) < ($1.file, $1.index) })
    properties.merge(
      found.properties.take().sorted { $0.0 < $1.0 },
      without: found.filesWithoutProperties.take().sorted(), inputs)
    if options.executableStack == .ifNeeded {
      let wanting = found.executableStack.take().sorted()
      needs.executableStack = !wanting.isEmpty
      if options.warnExecutableStack, let first = wanting.first {
        log.warning(.executableStack(inputs.displayName(first)), at: inputs.place(first))
      }
    }
  }
}
