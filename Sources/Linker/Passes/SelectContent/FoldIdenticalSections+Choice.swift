// Which sections may be folded.
//
// Code and data that nobody writes to, unless somebody may compare its address. Compilers say whose
// address counts in a table, `.llvm_addrsig`: the symbols of which the object does more than call them or
// read what is there. Without a table everything counts that the object defines or refers to; and
// whatever other modules can see.
//
// For functions that is asked with --icf=safe only: most programs do not compare their addresses. Of
// data it is asked with --icf=all as well, unless --ignore-data-address-equality says otherwise.

internal import ELF
internal import Parallel

/// The sections that may be folded, and their numbers.
struct FoldableSections: Sendable {
  /// In input order.
  let ids: Block<SectionID>
  /// For each section its number in the list plus 1; 0: it may not be folded.
  let numbers: Column<SectionID, UInt32>
}

extension Selection {
  func foldableSections() -> FoldableSections {
    markSignificant()
    markUnique()
    let numbers = Column<SectionID, UInt32>(count: sections.count)
    pool.parallelFor(sectionCount, grain: 1024) { range, _ in
      for index in range where index > 0 && self.mayFold(SectionID(index)) {
        numbers[SectionID(index)] = 1
      }
    }
    let ids = Block<SectionID>(room: sectionCount)
    var count = 0
    for id in (1..<sectionCount).lazy.map({ SectionID($0) }) where numbers[id] != 0 {
      ids[count] = id
      count += 1
      numbers[id] = UInt32(count)
    }
    return FoldableSections(ids: ids.slice(0..<count), numbers: numbers)
  }

  private func mayFold(_ id: SectionID) -> Bool {
    let section = sections[id]
    let never: InputSectionKind = [
      .tls, .noBits, .merged, .exceptionFrames, .synthetic, .compressed, .keep, .linkOrder,
      .reversed, .note, .identifierName, .common, .initArray, .finiArray, .preinitArray,
      .mergedGroup,
    ]
    guard section.kind.contains([.used, .alloc]), section.kind.isDisjoint(with: never),
      section.size > 0, section.size == section.fileSize, section.contents != nil, isLive(id),
      !states[id].contains(.unique)
    else { return false }
    let file = files[section.file.index]
    let name = file.sectionName(file.sectionHeaders[Int(section.index)])
    if name.equals(".init") || name.equals(".fini") { return false }
    if section.kind.contains(.write) && !Selection.isRelro(name) { return false }
    if states[id].contains(.significant) && addressCounts(section, name) { return false }
    // Entries of .rela.dyn are counted already, and records of folded functions would leave theirs.
    for position in exceptionFrames.positions(of: id) {
      let frames = exceptionFrames.record(at: position).section
      if relativeCounts[frames] != 0 || symbolicCounts[frames] != 0 { return false }
    }
    return (linkOrderDependents[id] ?? []).allSatisfy { linkOrderDependents[$0] == nil }
  }

  /// Data that is written by the dynamic linker only.
  private static func isRelro(_ name: ByteView) -> Bool {
    name.equals(".data.rel.ro") || name.hasPrefix(".data.rel.ro.")
  }

  /// Whether it matters that somebody may compare the address of a section.
  private func addressCounts(_ section: InputSection, _ name: ByteView) -> Bool {
    if section.kind.contains(.exec) { return asksForFunctions }
    return asksForData && !isForUnwinders(name)
  }

  /// Whether only unwinders look at a section.
  private func isForUnwinders(_ name: ByteView) -> Bool {
    name.hasPrefix(".gcc_except_table")
      || inputs.target.unwindIndex.map { name.hasPrefix($0.tables) } ?? false
  }

  private var asksForFunctions: Bool {
    options.folding == .safe && !options.ignoreFunctionAddressEquality
  }

  private var asksForData: Bool { !options.ignoreDataAddressEquality }

  // MARK: Address significance

  /// Marks the sections whose address somebody may compare.
  private func markSignificant() {
    guard asksForFunctions || asksForData else { return }
    let (program, states, definingSection) = (program, states, definingSection)
    program.forEachLiveObject { id, file in
      func mark(_ index: Int) {
        let section = definingSection[program.definition[file.symbolID(index)]]
        if section != .none { states.insert(.significant, at: section) }
      }
      for index in file.globals {
        let row = file.symbolID(index)
        if program.definition[row] == row && program.flags[row].contains(.exported) { mark(index) }
      }
      guard let table = self.significanceTable(of: file) else {
        for index in 1..<max(file.symbolCount, 1) { mark(index) }
        return
      }
      var cursor = ByteCursor(table.bytes)
      while !cursor.isAtEnd {
        guard let index = cursor.takeULEB(), index < UInt64(file.symbolCount) else {
          return self.report(
            id, table.index,
            "section .llvm_addrsig does not list symbols of the file at offset \(cursor.offset)")
        }
        mark(Int(index))
      }
    }
  }

  /// The table of symbols whose address counts. One that names no symbol table is out of date: a tool
  /// that knows nothing of it has numbered the symbols anew.
  private func significanceTable(of file: InputFile) -> (index: Int, bytes: ByteView)? {
    for index in 0..<file.sectionCount {
      let header = file.sectionHeaders[index]
      guard header.type == SHT.LLVM_ADDRSIG, header.link == file.symbolTable, header.link != 0,
        let bytes = file.contents(header)
      else { continue }
      return (index, bytes)
    }
    return nil
  }

  /// Marks the sections of --keep-unique symbols.
  private func markUnique() {
    guard !options.keepUnique.isEmpty else { return }
    var names = ExactNameTable(capacity: options.keepUnique.count)
    var spellings: [String] = []
    for name in options.keepUnique
    where names.insert(Array(name.utf8), value: Int32(spellings.count)) == nil {
      spellings.append(name)
    }
    let wanted = names
    let met = AtomicFlags<NameID, NameMark>(count: spellings.count)
    let (program, states, definingSection) = (program, states, definingSection)
    program.forEachLiveObject { _, file in
      for index in 1..<max(file.symbolCount, 1) {
        let name = file.symbolName(index)
        let hash = ExactNameTable.hash(name)
        guard let number = wanted.value(of: name, hash: hash) else { continue }
        met.insert(.met, at: NameID(Int(number)))
        let section = definingSection[program.definition[file.symbolID(index)]]
        if section != .none { states.insert(.unique, at: section) }
      }
    }
    for (number, name) in spellings.enumerated() where !met[NameID(number)].contains(.met) {
      log.warning(.nothingToKeepUnique(name))
    }
  }
}

/// What is known about a name that an option mentions.
private struct NameMark: OptionSet, Sendable {
  let rawValue: UInt32
  static var met: NameMark { NameMark(rawValue: 1) }
}

extension Message {
  static func nothingToKeepUnique(_ name: String) -> Message {
    Message("nothingToKeepUnique", "--keep-unique=\(name): no object of the link has this symbol")
  }
}
