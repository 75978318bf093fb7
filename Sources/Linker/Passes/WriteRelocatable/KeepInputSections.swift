// -r: gives a row to every input section that may reach the output.
//
// Before: it is known which files take part and which COMDAT groups were kept. After: rows exist in
// input order, `sectionMap` of each object leads from section index to row, relocations are attached
// and the kept section groups are listed. Left out are tables that are made anew (symbols, strings,
// relocations), property notes, which are merged, and debug sections if -s or -S says so.

internal import ELF
internal import Glibc
internal import MapLang
internal import Parallel

extension ObjectOutput {
  func keepInputSections() {
    let bases = numberRows()
    let found = Found(pool)
    let (files, program) = (files, program)
    pool.parallelFor(files.count) { range, worker in
      for number in range where files[number].kind == .object && program.isLive(FileID(number)) {
        self.keepSections(of: FileID(number), from: bases[number], found, worker)
      }
    }
    bases.release()
    groups = found.groups.take().sorted { ($0.file, $0.index) < ($1.file, $1.index) }
    if options.dissolvesGroups { groups = [] }  // what lost its place has lost it already
    frameSections = found.frames.take().sorted()
    properties.merge(
      found.properties.take().sorted { $0.0 < $1.0 },
      without: found.filesWithoutProperties.take().sorted(), inputs)
    reportRules(found)
    listGroupMembers()
    allocateCommonSymbols()
    addNotes()
  }

  /// What workers come across on the way.
  struct Found {
    let groups: Gathered<ObjectGroup>
    let frames: Gathered<SectionID>
    let properties: Gathered<(FileID, ByteView)>
    let filesWithoutProperties: Gathered<FileID>
    /// What the rules of a map do not settle, or forbid.
    let ambiguities: Gathered<(number: UInt32, file: FileID, index: Int)>
    let forbidden: Gathered<(rule: RuleID, file: FileID, index: Int, size: UInt64)>

    init(_ pool: WorkerPool) {
      groups = Gathered(pool)
      frames = Gathered(pool)
      properties = Gathered(pool)
      filesWithoutProperties = Gathered(pool)
      ambiguities = Gathered(pool)
      forbidden = Gathered(pool)
    }
  }

  /// Counts rows per file; returns where each file's rows begin.
  private func numberRows() -> Block<Int> {
    let bases = Block<Int>(count: files.count)
    program.forEachLiveObject { id, file in
      var count = 0
      for index in 0..<file.sectionCount where ObjectOutput.hasRow(file, index) { count += 1 }
      bases[id.index] = count
    }
    var next = 1
    for index in 0..<files.count {
      let count = bases[index]
      bases[index] = next
      next += count
    }
    if next > 1 << 31 {
      log.error(.tooMuch("sections", Int(1) << 31))
      for index in 0..<files.count { program.fileFlags.remove(.live, at: FileID(index)) }
      next = 1
    }
    makeTables(next, others: program.commons.count + 3)
    return bases
  }

  /// Whether a section's type gives it a row.
  private static func hasRow(_ file: InputFile, _ index: Int) -> Bool {
    if file.sectionMap![index] == InputFile.discardedMark { return false }
    let header = file.sectionHeaders[index]
    switch header.type {
    case SHT.NULL, SHT.SYMTAB, SHT.RELA, SHT.REL, SHT.CREL, SHT.GROUP, SHT.SYMTAB_SHNDX,
      SHT.LLVM_ADDRSIG:
      return false
    case SHT.STRTAB:
      // `.stabstr` is content; the tables of symbol and section names are not.
      guard let bytes = file.contents(header) else { return true }
      let start = bytes.buffer.baseAddress
      return start != file.symbolNames.buffer.baseAddress
        && start != file.sectionNames.buffer.baseAddress
    default: return true
    }
  }

  // MARK: One file

  private func keepSections(
    of id: FileID, from base: Int, _ found: Found, _ worker: Worker
  ) {
    let file = files[id.index]
    let patterns = rules?.matcher.filePatterns(
      path: inputs.paths[Int(file.path)], member: file.member.isEmpty ? nil : file.member.string)
    file.checkSectionNames { report(id, $0, $1) }
    for index in 0..<file.symbolCount {
      let symbol = file.symbols[index]
      if let defect = file.defect(ofBinding: symbol, index) { report(id, 0, defect) }
      guard file.isInSection(symbol) else {
        if let defect = file.defect(ofSectionless: symbol, index) { report(id, 0, defect) }
        continue
      }
      let section = file.sectionIndex(symbol, index)
      if let defect = file.defect(ofSection: section, symbol: index) { report(id, 0, defect) }
    }
    var next = base
    var hasProperties = false
    for index in 0..<file.sectionCount {
      let header = file.sectionHeaders[index]
      if header.type == SHT.GROUP, file.sectionMap![index] != InputFile.discardedMark {
        if let group = group(header, file, id, index) { found.groups.append(group, worker) }
      }
      guard ObjectOutput.hasRow(file, index) else { continue }
      let row = SectionID(next)
      next += 1
      guard let bytes = file.contents(header) else {
        report(
          id, index,
          "section \(file.sectionName(header).string) lies outside the file (offset "
            + "\(header.offset), \(header.size) bytes)")
        continue
      }
      let name = file.sectionName(header)
      if header.type == SHT.NOTE, name.equals(".note.gnu.property") {
        hasProperties = true
        found.properties.append((id, bytes), worker)
        continue
      }
      if header.type == target.attributeSectionType { continue }  // merged already
      if isDropped(header, name, file) {
        file.sectionMap![index] = InputFile.discardedMark
        continue
      }
      guard var section = makeSection(header, bytes, name, id, index) else { continue }
      if let patterns, !chooseRule(&section, header, name, patterns, found, worker) {
        file.sectionMap![index] = InputFile.discardedMark
        continue
      }
      sections[row] = section
      names[row] = section.kind.contains(.compressed) ? plainName(name) : name
      nameHashes[row] = ExactNameTable.hash(names[row])
      states.insert(.live, at: row)
      file.sectionMap![index] = row.rawValue
      if section.kind.contains(.exceptionFrames) { found.frames.append(row, worker) }
    }
    file.attachRelocations(
      to: sections, inputs.target.machine.code, row: { section(file, $0) },
      report: { report(id, $0, $1) },
      attached: { relocationCounts[$0] = sections[$0].relocationCount })
    if !hasProperties && !file.isMade { found.filesWithoutProperties.append(id, worker) }
  }

  /// What an option or the loss of its partner takes out.
  private func isDropped(_ header: SectionHeader, _ name: ByteView, _ file: InputFile) -> Bool {
    if header.flags & SHF.ALLOC == 0, options.strip != .none, isDebug(name) { return true }
    return header.flags & SHF.LINK_ORDER != 0 && Int(header.link) < file.sectionCount
      && file.sectionMap![Int(header.link)] == InputFile.discardedMark
  }

  private func isDebug(_ name: ByteView) -> Bool {
    name.hasPrefix(".debug_") || name.hasPrefix(".zdebug_") || name.hasPrefix(".stab")
      || name.equals(".gdb_index") || name.hasPrefix(".gnu.debuglto_")
  }

  /// The row of one section; nil if it is broken.
  private func makeSection(
    _ header: SectionHeader, _ bytes: ByteView, _ name: ByteView, _ id: FileID, _ index: Int
  ) -> InputSection? {
    guard header.alignment == 0 || header.alignment.nonzeroBitCount == 1,
      header.alignment <= 1 << 32
    else {
      report(
        id, index,
        "section \(name.string) has alignment \(header.alignment), which is no power of two up to 2³²"
      )
      return nil
    }
    let file = files[id.index]
    if let defect = file.defect(ofSection: header, ofMachine: inputs.target.loadedSectionTypes) {
      report(id, index, defect)
      return nil
    }
    var section = InputSection(header, bytes, kind(header, name), file: id, index: index)
    section.rule = InputSection.noRule
    if CompressedSection.isCompressed(flags: header.flags, name: name) {
      do throws(DecompressionError) {
        let compressed = try CompressedSection(flags: header.flags, bytes, files[id.index].format)
        section.size = UInt64(compressed.uncompressedSize)
        if let alignment = compressed.alignment {
          section.alignmentShift = UInt8(alignment.trailingZeroBitCount)
        }
        section.kind.insert(.compressed)
      } catch {
        report(id, index, "section \(name.string): \(error)")
        return nil
      }
    } else if header.flags & SHF.MERGE != 0, header.entrySize > 0, header.size > 0,
      let defect = file.defect(ofMerged: section.bytes, header)
    {
      report(id, index, defect)
      return nil
    }
    return section
  }

  private func kind(_ header: SectionHeader, _ name: ByteView) -> InputSectionKind {
    var kind: InputSectionKind = .used
    if header.flags & SHF.ALLOC != 0 { kind.insert(.alloc) }
    if header.flags & SHF.EXECINSTR != 0 { kind.insert(.exec) }
    if header.flags & SHF.LINK_ORDER != 0 { kind.insert(.linkOrder) }
    if header.type == SHT.NOBITS { kind.insert(.noBits) }
    if header.flags & SHF.ALLOC != 0 {
      if name.equals(".eh_frame") || header.type != 0 && header.type == target.unwindSectionType {
        kind.insert(.exceptionFrames)
      }
    } else if name.equals(".debug_ranges") || name.equals(".debug_loc") {
      kind.insert(.debugRanges)
    }
    if isGarbageRoot(header, name) { kind.insert(.keep) }
    return kind
  }

  /// What --gc-sections keeps although nothing refers to it.
  private func isGarbageRoot(_ header: SectionHeader, _ name: ByteView) -> Bool {
    if header.flags & SHF.GNU_RETAIN != 0 { return true }
    switch header.type {
    case SHT.INIT_ARRAY, SHT.FINI_ARRAY, SHT.PREINIT_ARRAY: return true
    case SHT.NOTE: return header.flags & SHF.GROUP == 0
    default:
      return name.equals(".init") || name.equals(".fini") || name.hasPrefix(".ctors")
        || name.hasPrefix(".dtors") || name.hasPrefix(".init_array")
        || name.hasPrefix(".fini_array") || name.hasPrefix(".preinit_array")
    }
  }

  /// `.zdebug_info` is `.debug_info`, compressed, and comes out as that.
  private func plainName(_ name: ByteView) -> ByteView {
    guard name.hasPrefix(".zdebug"), let rest = name.suffix(from: 2) else { return name }
    // Lives as long as the link, like the inputs' own names.
    let copy = UnsafeMutableRawPointer.allocate(byteCount: rest.count + 1, alignment: 1)
    let out = OutputBytes(base: copy, count: rest.count + 1)
    out.store(0x2e as UInt8, at: 0)
    out.copy(rest, at: 1)
    return out.view
  }

  private func group(
    _ header: SectionHeader, _ file: InputFile, _ id: FileID, _ index: Int
  ) -> ObjectGroup? {
    guard let contents = file.contents(header), let flags = contents.load(UInt32.self, at: 0),
      let members = contents.suffix(from: 4), Int(header.info) < file.symbolCount
    else {
      report(id, index, "section group lies outside the file or has no signature symbol")
      return nil
    }
    return ObjectGroup(
      file: id, index: UInt32(index), flags: flags, members: RecordView(members),
      signature: header.info)
  }

  private func report(_ id: FileID, _ index: Int, _ reason: String) {
    log.error(
      .malformedFile(inputs.displayName(id), reason), at: inputs.place(id, section: index))
  }

  // MARK: The whole

  private func listGroupMembers() {
    for (number, group) in groups.enumerated() {
      let file = files[group.file.index]
      for position in 0..<group.members.count {
        let row = section(file, group.members[position])
        if row != .none { groupOf[row] = UInt32(number + 1) }
      }
    }
  }

  /// -d: each common symbol becomes room in `.bss`.
  private func allocateCommonSymbols() {
    guard options.allocatesCommons else { return }
    for index in program.commons.indices {
      let common = program.commons[index]
      let (symbol, _, file) = inputs.entry(of: common.symbol)
      var section = InputSection()
      section.file = file
      section.size = common.size
      section.alignmentShift = UInt8(max(common.alignment, 1).trailingZeroBitCount)
      section.kind = [.used, .alloc, .write, .noBits, .common]
      if common.isLarge {
        section.kind.insert(.large)
        program.commons[index].section = addSection(section, named: ".lbss")
      } else if symbol.type == STT.TLS {
        section.kind.insert(.tls)
        program.commons[index].section = addSection(section, named: ".tbss")
      } else {
        program.commons[index].section = addSection(section, named: ".bss")
      }
    }
  }

  private func addNotes() {
    func add(_ kind: SyntheticKind, _ size: UInt64, _ name: StaticString) {
      guard size > 0 else { return }
      var section = InputSection()
      section.file = inputs.linker
      section.index = kind.rawValue
      section.size = size
      section.alignmentShift = kind.alignmentShift(format)
      section.kind = kind.kind.union(.keep)
      _ = addSection(section, named: name)
    }
    add(.noteProperty, properties.noteSize, ".note.gnu.property")
    if let section = target.attributes {
      add(.attributes, UInt64(program.abi.attributeBytes.count), section.name)
    }
    if options.buildID != .none {
      add(.noteBuildID, 16 + UInt64(options.buildID.byteCount), ".note.gnu.build-id")
    }
  }
}
