// What can be wrong in the tables of an object that is found only when the object takes part: names
// of sections, headers of relocations, the sections of symbols. To look while reading would touch
// tables of archive members that nobody needs; the passes that come by these tables anyway ask here,
// once, and later ones rely on it.

internal import ELF

extension InputFile {
  /// What is wrong with the names of sections; calls `report` with the section's index.
  func checkSectionNames(_ report: (_ index: Int, _ reason: String) -> Void) {
    // One look at the end of the table is enough, unless the table is broken.
    let endsWell = !sectionNames.isEmpty && sectionNames[sectionNames.count - 1] == 0
    for index in 0..<sectionCount {
      let offset = Int(sectionHeaders[index].nameOffset)
      if endsWell && offset < sectionNames.count || offset == 0 && sectionNames.isEmpty { continue }
      if sectionNames.cString(at: offset) == nil {
        report(index, "section \(index) has its name outside the table of names")
      }
    }
  }

  /// What is wrong with the header of a section with relocations; nil: nothing. An empty one is
  /// never wrong.
  func defect(ofRelocations header: SectionHeader) -> String? {
    guard header.size > 0 else { return nil }
    // Made only for a message: this is asked for each table.
    var name: String { sectionName(header).string }
    guard Int(header.info) < sectionCount else {
      return "relocations \(name) are for section \(header.info), and the file has \(sectionCount)"
    }
    guard let bytes = contents(header) else { return "relocations \(name) lie outside the file" }
    if header.type == SHT.CREL {
      guard bytes.count <= Int(UInt32.max), CompactRelocations.isComplete(bytes) else {
        return "relocations \(name) (SHT_CREL) are not as many bytes as they say"
      }
    } else if let defect = defect(ofEntries: header, bytes.count) {
      return "relocations \(name) have \(defect)"
    }
    guard Int(header.link) < sectionCount, sectionHeaders[Int(header.link)].type == SHT.SYMTAB
    else {
      return "relocations \(name) are not linked to the symbol table"
    }
    switch sectionHeaders[Int(header.info)].type {
    case SHT.NOBITS:
      return "relocations \(name) are for section \(header.info), which has no bytes"
    case SHT.NULL, SHT.SYMTAB, SHT.RELA, SHT.REL, SHT.CREL, SHT.GROUP, SHT.SYMTAB_SHNDX:
      return "relocations \(name) are for section \(header.info), which is a table of the file"
    default: return nil
    }
  }

  private func defect(ofEntries header: SectionHeader, _ size: Int) -> String? {
    let entrySize = relocationEntrySize(header)
    guard size % entrySize == 0, size / entrySize <= Int(UInt32.max) else {
      return "a broken last entry"
    }
    guard header.entrySize == UInt64(entrySize) || header.entrySize == 0 else {
      return "entries of \(header.entrySize) bytes, not \(entrySize)"
    }
    return nil
  }

  /// What is wrong with the binding of a symbol; nil: nothing. Types are the program's business, and
  /// reserved section indices stand for absolute values, as other linkers have it.
  @inline(__always) func defect(ofBinding symbol: Symbol, _ index: Int) -> String? {
    let binding = symbol.binding
    if index < Int(firstGlobal) {
      if binding == STB.LOCAL { return nil }
    } else if binding == STB.GLOBAL || binding == STB.WEAK || binding == STB.GNU_UNIQUE {
      return nil
    }
    return misplaced(binding, index)
  }

  @inline(never) private func misplaced(_ binding: UInt8, _ index: Int) -> String {
    let symbol = "symbol \(index) (\(symbolName(index).string))"
    switch binding {
    case STB.LOCAL:
      return "\(symbol) is local and not among the local symbols, of which the file has "
        + "\(firstGlobal) (sh_info)"
    case STB.GLOBAL, STB.WEAK, STB.GNU_UNIQUE:
      return "\(symbol) is global and among the local symbols, of which the file has "
        + "\(firstGlobal) (sh_info)"
    default: return "\(symbol) has the unknown binding \(binding)"
    }
  }

  /// What is wrong with a symbol that is not `isInSection`; nil: nothing.
  @inline(__always) func defect(ofSectionless symbol: Symbol, _ index: Int) -> String? {
    guard symbol.sectionIndex == SHN.COMMON, index < Int(firstGlobal) else { return nil }
    return "symbol \(index) (\(symbolName(index).string)) is local and common"
  }

  /// What is wrong with the section of a symbol that `isInSection`; nil: nothing.
  @inline(__always) func defect(ofSection section: UInt32, symbol index: Int) -> String? {
    if section != 0 && Int(section) < sectionCount { return nil }
    return
      "symbol \(index) (\(symbolName(index).string)) is in section \(section), and the file has "
      + "\(sectionCount)"
  }
}
