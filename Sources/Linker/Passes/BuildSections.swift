// Gives a row to every input section that may reach the output, and each its rule of the map.
//
// Before: it is known which files take part and which COMDAT groups were kept. After: rows exist for
// surviving sections, in file order; `sectionMap` of each object leads from section index to row;
// relocations are attached; `definingSection` tells for every symbol which row it is defined in.
//
// Names of sections are read here for the first and, on the way to the output, only time. A
// Chromium link has 10.3 million regular sections after the copies of COMDAT groups are gone.

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

  /// Counts rows per file; returns where each file's rows begin.
  private func numberSections() -> [Int] {
    let counts = Block<UInt32>(count: files.count)
    let mergeable = Block<UInt32>(count: files.count)
    let files = files
    program.forEachLiveObject { id, file in
      var count: UInt32 = 0
      var mergeableCount: UInt32 = 0
      for index in 0..<file.sectionCount where Selection.hasRow(file, index) {
        count += 1
        if file.sectionHeaders[index].flags & SHF.MERGE != 0 { mergeableCount += 1 }
      }
      counts[id.index] = count
      mergeable[id.index] = mergeableCount
    }
    var bases: [Int] = []
    bases.reserveCapacity(files.count)
    var next = 1
    for index in 0..<files.count {
      bases.append(next)
      next += Int(counts[index])
    }
    // Each of them may become a group of its own, with a row for the whole.
    let groups = (0..<files.count).reduce(0) { $0 + Int(mergeable[$1]) }
    counts.release()
    mergeable.release()
    if next + groups > 1 << 31 {
      log.error(.tooMuch("sections", Int(1) << 31))
      for index in 0..<files.count { program.fileFlags.remove(.live, at: FileID(index)) }
      makeSectionTables(1)
      return [Int](repeating: 1, count: files.count)
    }
    makeSectionTables(next, groups: groups)
    return bases
  }

  /// Whether a section's type gives it a row. Cheap, for it is asked for every section header.
  private static func hasRow(_ file: InputFile, _ index: Int) -> Bool {
    if file.sectionMap![index] == InputFile.discardedMark { return false }
    let header = file.sectionHeaders[index]
    switch header.type {
    case SHT.NULL, SHT.SYMTAB, SHT.STRTAB, SHT.RELA, SHT.REL, SHT.GROUP, SHT.SYMTAB_SHNDX,
      SHT.LLVM_ADDRSIG, SHT.LLVM_CALL_GRAPH_PROFILE, SHT.LLVM_DEPENDENT_LIBRARIES:
      return false
    default:
      return header.flags & SHF.EXCLUDE == 0 || header.flags & SHF.ALLOC != 0
    }
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
    for index in 0..<file.sectionCount where Selection.hasRow(file, index) {
      let row = SectionID(next)
      next += 1
      let header = file.sectionHeaders[index]
      let name = file.sectionName(header)
      guard var section = makeSection(header, name, file, id, index, patterns, found, worker) else {
        if name.equals(".note.gnu.property") { hasProperties = true }
        continue
      }
      if section.kind.contains(.alloc) {
        if hasDiscards && name.hasPrefix(".slot.") {
          found.slotInputs.append((id, index), worker)
        }
        guard chooseRule(&section, name, patterns, found, worker) else {
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
    attachRelocations(file, id)
    if !hasProperties && !file.isMade { found.filesWithoutProperties.append(id, worker) }
  }

  /// The row of one section; nil if it is consumed here or left out.
  private func makeSection(
    _ header: SectionHeader, _ name: ByteView, _ file: InputFile, _ id: FileID, _ index: Int,
    _ patterns: FilePatternSet, _ found: Found, _ worker: Worker
  ) -> InputSection? {
    guard let bytes = file.contents(header) else {
      report(
        id, index,
        "section \(name.string) lies outside the file (offset \(header.offset), "
          + "\(header.size) bytes)")
      return nil
    }
    if name.count >= 10 && name.hasPrefix(".note.") {
      if name.equals(".note.GNU-stack") {
        if header.flags & SHF.EXECINSTR != 0 { found.executableStack.append(id, worker) }
        return nil
      }
      if name.equals(".note.gnu.property") && header.type == SHT.NOTE {
        var note = InputSection()
        note.kind = [.alloc, .note]
        if inputs.hasUserMap && isDiscarded(name, note, patterns) { return nil }
        found.properties.append((id, bytes), worker)
        return nil
      }
    }
    if name.hasPrefix(".gnu.warning") && options.outputKind != .relocatable {
      found.warnings.append(WarningSection(file: id, index: index, text: bytes), worker)
      return nil
    }
    guard header.alignment == 0 || header.alignment.nonzeroBitCount == 1,
      header.alignment <= 1 << 32
    else {
      report(
        id, index,
        "section \(name.string) has alignment \(header.alignment), which is no power of two up to 2³²"
      )
      return nil
    }
    guard header.size < 1 << 46 else {
      report(id, index, "section \(name.string) has \(header.size) bytes, more than memory can be")
      return nil
    }
    var section = InputSection()
    section.file = id
    section.index = UInt32(index)
    section.size = header.size
    section.fileSize = header.type == SHT.NOBITS ? 0 : header.size
    section.contents = header.type == SHT.NOBITS ? nil : bytes.buffer.baseAddress
    section.alignmentShift = UInt8(
      header.alignment <= 1 ? 0 : header.alignment.trailingZeroBitCount)
    section.kind = kind(header, name)
    if header.flags & SHF.COMPRESSED != 0 || name.hasPrefix(".zdebug_") {
      guard header.flags & SHF.ALLOC == 0, header.type != SHT.NOBITS else {
        report(id, index, "section \(name.string) is compressed, and it is loaded or has no bytes")
        return nil
      }
      guard readCompressionHeader(&section, bytes, name, id, index) else { return nil }
    }
    if section.kind.contains(.merged) && !isCuttable(section, header.entrySize) {
      section.kind.subtract([.merged, .strings])
    }
    if !section.kind.contains(.alloc) {
      if options.strip != .none && isDebug(name) { return nil }
      // A link to debug information that belongs to the input, and the LTO half of fat objects.
      if name.equals(".gnu_debuglink") || name.hasPrefix(".gnu.lto_") { return nil }
    }
    return section
  }

  private func kind(_ header: SectionHeader, _ name: ByteView) -> SectionKind {
    var kind: SectionKind = .used
    if header.flags & SHF.ALLOC != 0 { kind.insert(.alloc) }
    if header.flags & SHF.WRITE != 0 { kind.insert(.write) }
    if header.flags & SHF.EXECINSTR != 0 { kind.insert(.exec) }
    if header.flags & SHF.TLS != 0 { kind.insert(.tls) }
    if header.flags & SHF.LINK_ORDER != 0 { kind.insert(.linkOrder) }
    if header.flags & SHF.X86_64_LARGE != 0 { kind.insert(.large) }
    if header.flags & SHF.GROUP != 0 { kind.insert(.grouped) }
    if header.flags & SHF.GNU_RETAIN != 0 { kind.insert(.keep) }
    switch header.type {
    case SHT.NOBITS: kind.insert(.noBits)
    case SHT.NOTE:
      kind.insert(.note)
      if header.flags & SHF.GROUP == 0 { kind.insert(.keep) }
    case SHT.INIT_ARRAY: kind.formUnion([.initArray, .keep])
    case SHT.FINI_ARRAY: kind.formUnion([.finiArray, .keep])
    case SHT.PREINIT_ARRAY: kind.formUnion([.preinitArray, .keep])
    default: break
    }
    if header.flags & SHF.ALLOC != 0 {
      if header.type == SHT.X86_64_UNWIND || name.equals(".eh_frame") {
        kind.insert(.exceptionFrames)
      } else if isIdentifier(name) {
        kind.insert(.identifierName)
      } else if name.hasPrefix(".ctors") || name.hasPrefix(".dtors") {
        kind.insert(.keep)
      }
    } else if isDebug(name) {
      kind.insert(.debug)
      if name.equals(".debug_ranges") || name.equals(".debug_loc") { kind.insert(.debugRanges) }
    }
    if header.flags & SHF.MERGE != 0 && header.entrySize > 0 && header.flags & SHF.WRITE == 0
      && header.type != SHT.NOBITS && header.size > 0
      && header.entrySize <= header.size && header.size < 1 << 31
    {
      kind.insert(.merged)
      if header.flags & SHF.STRINGS != 0 { kind.insert(.strings) }
    }
    return kind
  }

  /// Whether the content can be cut into pieces that mean something on their own: a string that does
  /// not end, or half a constant, means what happens to follow it.
  private func isCuttable(_ section: InputSection, _ unit: UInt64) -> Bool {
    guard section.alignmentShift < 16, section.fileSize < 1 << 31, unit <= section.fileSize,
      section.fileSize % unit == 0
    else { return false }
    guard section.kind.contains(.strings) else { return true }
    guard let end = section.bytes.suffix(from: Int(section.fileSize - unit)) else { return false }
    return (0..<end.count).allSatisfy { end[$0] == 0 }
  }

  private func isDebug(_ name: ByteView) -> Bool {
    name.hasPrefix(".debug_") || name.hasPrefix(".zdebug_") || name.hasPrefix(".stab")
      || name.equals(".gdb_index") || name.hasPrefix(".gnu.debuglto_")
  }

  private func isIdentifier(_ name: ByteView) -> Bool {
    guard name.count > 0 else { return false }
    for index in 0..<name.count {
      let byte = name[index]
      let isLetter = (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a) || byte == 0x5f
      let isDigit = byte >= 0x30 && byte <= 0x39
      if !isLetter && !(isDigit && index > 0) { return false }
    }
    return true
  }

  /// `Elf64_Chdr`, or the older form: "ZLIB" and the size in big-endian order.
  private func readCompressionHeader(
    _ section: inout InputSection, _ bytes: ByteView, _ name: ByteView, _ id: FileID, _ index: Int
  ) -> Bool {
    do throws(DecompressionError) {
      let header = try CompressedSection(
        flags: files[id.index].sectionHeaders[index].flags, bytes)
      section.size = UInt64(header.uncompressedSize)
      // A section of the older form keeps the alignment of its header.
      if header.alignment > 1 {
        section.alignmentShift = UInt8(header.alignment.trailingZeroBitCount)
      }
      section.kind.insert(.compressed)
      if section.kind.contains(.merged) {
        // Cut into pieces, so the content is needed now. It stays until the process ends.
        let content = Unmanaged.passRetained(try header.decompressed()).takeUnretainedValue()
        section.contents = content.view.buffer.baseAddress
        section.fileSize = UInt64(content.view.count)
        section.kind.remove(.compressed)
      }
      return true
    } catch {
      report(id, index, "section \(name.string): \(error)")
      return false
    }
  }

  private func chooseRule(
    _ section: inout InputSection, _ name: ByteView, _ patterns: FilePatternSet, _ found: Found,
    _ worker: Worker
  ) -> Bool {
    switch matcher.rule(name: name.buffer, traits: traits(section), file: patterns) {
    case .none:
      section.rule = InputSection.noRule
      if map.orphans == .discard && section.size > 0 && !isCompanion(section) {
        if !section.kind.contains(.common) {
          found.discardedOrphans.append((section.file, Int(section.index)), worker)
        }
        return false
      }
    case .ambiguous(let number):
      section.rule = InputSection.noRule
      found.ambiguities.append((number, section.file, Int(section.index)), worker)
    case .rule(let id):
      let rule = ruleFacts[id.index]
      switch rule.kind {
      case .discard: return false
      case .forbid, .take:
        section.rule = id.rawValue
        if rule.keep { section.kind.insert(.keep) }
      }
      if rule.reversesConstructors && (name.hasPrefix(".ctors") || name.hasPrefix(".dtors")) {
        section.kind.insert(.reversed)
      }
    }
    return true
  }

  /// Whether the map drops a section that only `discard` can mean.
  private func isDiscarded(
    _ name: ByteView, _ section: InputSection, _ patterns: FilePatternSet
  ) -> Bool {
    guard
      case .rule(let id) = matcher.rule(
        name: name.buffer, traits: traits(section), file: patterns)
    else { return false }
    return ruleFacts[id.index].kind == .discard
  }

  /// Sections that go where their kind goes under every policy for orphans.
  func isCompanion(_ section: InputSection) -> Bool {
    !section.kind.isDisjoint(with: [
      .synthetic, .initArray, .finiArray, .preinitArray, .exceptionFrames,
    ])
  }

  func traits(_ section: InputSection) -> SectionTraits {
    var traits: SectionTraits = []
    if section.kind.contains(.alloc) { traits.insert(.alloc) }
    if section.kind.contains(.write) { traits.insert(.write) }
    if section.kind.contains(.exec) { traits.insert(.exec) }
    if section.kind.contains(.tls) { traits.insert(.tls) }
    if section.kind.contains(.noBits) { traits.insert(.noBits) }
    if section.kind.contains(.note) { traits.insert(.note) }
    if section.kind.contains(.synthetic) { traits.insert(.linkerMade) }
    if section.kind.contains(.common) { traits.insert(.common) }
    if !section.kind.isDisjoint(with: [.initArray, .finiArray, .preinitArray, .exceptionFrames]) {
      traits.insert(.specialType)
    }
    return traits
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

  private func attachRelocations(_ file: InputFile, _ id: FileID) {
    for index in 0..<file.sectionCount {
      let header = file.sectionHeaders[index]
      guard header.type == SHT.RELA || header.type == SHT.REL || header.type == SHT.CREL else {
        continue
      }
      if let defect = file.defect(ofRelocations: header) {
        report(id, index, defect)
        continue
      }
      let target = section(file, header.info)
      guard target != .none, header.size > 0, let records = file.contents(header) else { continue }
      guard sections[target].relocations == nil else {
        report(id, index, "section \(header.info) has two sections with relocations")
        continue
      }
      // What a piece refers to is not seen when pieces are compared.
      sections[target].kind.subtract([.merged, .strings])
      sections[target].relocations = records.buffer.baseAddress
      sections[target].relocationCount = UInt32(records.count / Rela.size)
    }
  }

  private func report(_ id: FileID, _ index: Int, _ reason: String) {
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
      let name: StaticString = section.kind.contains(.tls) ? ".tbss" : "COMMON"
      let nameBytes = ByteView(UnsafeRawPointer(name.utf8Start), count: name.utf8CodeUnitCount)
      // A common symbol cannot be dropped with its section, so `discard` leaves it an orphan.
      _ = chooseRule(&section, nameBytes, patterns, found, .caller)
      let row = addSection(section)
      states.remove(.live, at: row)
      program.commons[index].section = row
    }
  }

  /// Fills `definingSection` for all symbols of live objects.
  private func findDefiningSections() {
    let defining = Column<SymbolID, SectionID>(count: inputs.symbolCount)
    program.forEachLiveObject { id, file in
      for index in 0..<file.symbolCount {
        let symbol = file.symbols[index]
        guard file.isInSection(symbol) else { continue }
        let section = file.sectionIndex(symbol, index)
        if let defect = file.defect(ofSection: section, symbol: index) {
          self.report(id, 0, defect)
          continue
        }
        defining[file.symbolID(index)] = self.section(file, section)
      }
    }
    for common in program.commons { defining[common.symbol] = common.section }
    definingSection = defining
  }

  /// `__start_X` and `__stop_X` exist only if there is a section X.
  private func undefineBoundaries() {
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
      }
      if names?.contains(name) == false {
        program.flags.insert([.undefined, .absolute], at: row)
        program.flags.remove(.exported, at: row)
      }
    }
  }

  /// Makes a ring of the allocated members of each kept section group.
  private func linkGroups() {
    nextInGroup = Column(count: sections.count)
    let rings = nextInGroup
    program.forEachLiveObject { _, file in
      guard file.localGroupCount > 0 else { return }
      for index in 0..<file.sectionCount {
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

  /// SHF_LINK_ORDER: `sh_link` names the section that a row belongs to (gABI, "Sections").
  private func gatherLinkOrder(_ found: Found) {
    for row in found.linkOrder.take().sorted() {
      let file = files[sections[row].file.index]
      let target = section(file, file.sectionHeaders[Int(sections[row].index)].link)
      if target != .none { linkOrderDependents[target, default: []].append(row) }
    }
  }

  private func gather(_ found: Found) {
    exceptionFrames.inputs = found.exceptionFrames.take().sorted()
    mergedInputs = found.merged.take().filter { sections[$0].kind.contains(.merged) }.sorted()
    identifierSections = found.identifiers.take().sorted()
    undefineBoundaries()
    warningSections = found.warnings.take().sorted { ($0.file, $0.index) < ($1.file, $1.index) }
    gatherLinkOrder(found)
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
