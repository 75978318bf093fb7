// Reads the tables of a relocatable object: section headers, symbol table, string tables. Contents,
// relocations and names are left alone; many objects of an archive are never used.
//
// Everything that later passes index by is validated here, once (gABI, "ELF Header", "Sections",
// "Symbol Table"). A defect is an error that names the file; the row then stays empty, and the link
// goes on to find more errors.

internal import ELF

/// Why an object, archive or shared library cannot be read, for a message.
struct MalformedFile: Error {
  let reason: String
}

extension InputFile {
  /// Fills in the tables of an object whose `bytes` are set and whose identification was checked.
  mutating func readObject() throws(MalformedFile) {
    try readSectionHeaders()
    var symbolTable: SectionHeader?
    var symbolTableIndex = 0
    for index in 0..<sectionHeaders.count {
      let header = sectionHeaders[index]
      switch header.type {
      case SHT.SYMTAB:
        guard symbolTable == nil else {
          throw MalformedFile(reason: "has two symbol tables")
        }
        symbolTable = header
        symbolTableIndex = index
      case SHT.GROUP:
        if groupCount == 0 { firstGroup = UInt32(index) }
        groupCount += 1
        groupEnd = UInt32(index + 1)
      case SHT.SYMTAB_SHNDX:
        guard let table = contents(header) else {
          throw MalformedFile(reason: "extended section index table lies outside the file")
        }
        guard header.entrySize == 4 else {
          throw MalformedFile(
            reason: "extended section index table has entries of \(header.entrySize) bytes, not 4")
        }
        extendedIndices = RecordView(table)
      case SHT.LLVM_CALL_GRAPH_PROFILE: hasCallProfile = true
      case SHT.LLVM_DEPENDENT_LIBRARIES: hasDependentLibraries = true
      default:
        if header.flags & SHF.EXCLUDE != 0 && intermediateForm == .none {
          intermediateForm = form(tellingOf: header)
        }
      }
    }
    guard let symbolTable else {  // an object without symbols is fine
      if groupCount > 0 { throw MalformedFile(reason: "has section groups and no symbol table") }
      return
    }
    try readSymbolTable(symbolTable, symbolTableIndex)
    self.symbolTable = UInt32(symbolTableIndex)
  }

  /// Section headers and their names, extended numbering included (gABI, `e_shnum`, `e_shstrndx`).
  mutating func readSectionHeaders() throws(MalformedFile) {
    guard let header = FileHeader(bytes) else {
      throw MalformedFile(reason: "is truncated: \(bytes.count) bytes hold no ELF header")
    }
    guard header.sectionHeaderOffset != 0 else { return }
    format = header.format
    let entrySize = UInt64(format.sectionEntrySize)
    guard UInt64(header.sectionHeaderEntrySize) == entrySize else {
      throw MalformedFile(
        reason: "section headers have \(header.sectionHeaderEntrySize) bytes, not \(entrySize)")
    }
    guard let first = bytes.slice(header.sectionHeaderOffset, entrySize),
      let zero = SectionHeader(first, format, at: 0)
    else {
      throw MalformedFile(reason: "is truncated: section headers lie outside the file")
    }
    let count = header.sectionHeaderCount == 0 ? zero.size : UInt64(header.sectionHeaderCount)
    guard count <= UInt64(bytes.count) / entrySize,
      let table = bytes.slice(header.sectionHeaderOffset, count * entrySize)
    else {
      throw MalformedFile(reason: "is truncated: section headers lie outside the file")
    }
    let headers = RecordView<SectionHeader>(decoding: table, format)
    let nameIndex =
      header.sectionNameIndex == SHN.XINDEX ? Int(zero.link) : Int(header.sectionNameIndex)
    guard nameIndex < headers.count, headers[nameIndex].type == SHT.STRTAB || nameIndex == 0,
      let names = contents(headers[nameIndex])
    else {
      throw MalformedFile(reason: "section name table is missing or lies outside the file")
    }
    sectionHeaders = headers
    sectionNames = names
  }

  /// The symbol table described by `header`, section `index`, and its string table.
  mutating func readSymbolTable(_ header: SectionHeader, _ index: Int) throws(MalformedFile) {
    let entrySize = format.symbolEntrySize
    guard header.entrySize == UInt64(entrySize) || header.size == 0 else {
      throw MalformedFile(
        reason: "symbol table has entries of \(header.entrySize) bytes, not \(entrySize)")
    }
    guard let table = contents(header), table.count % entrySize == 0 else {
      throw MalformedFile(reason: "symbol table lies outside the file or has a broken last entry")
    }
    guard let names = linkedStrings(header) else {
      throw MalformedFile(reason: "string table of the symbol table is missing")
    }
    guard table.isEmpty || (!names.isEmpty && names[names.count - 1] == 0) else {
      throw MalformedFile(reason: "string table of the symbol table does not end in a NUL byte")
    }
    let records = RecordView<Symbol>(decoding: table, format)
    guard Int(header.info) <= records.count else {
      throw MalformedFile(
        reason: "symbol table says that \(header.info) of its \(records.count) symbols are local")
    }
    guard header.info > 0 || table.isEmpty else {
      throw MalformedFile(
        reason: "symbol table says that none of its symbols is local (sh_info), and symbol 0 is")
    }
    guard records.count < 1 << 30 else {
      throw MalformedFile(reason: "has \(records.count) symbols, which is more than swold can take")
    }
    symbols = records
    symbolNames = names
    firstGlobal = header.info
    // An empty table has no null symbol, so every symbol counts as global; nothing to do.
  }

  /// The string table that `sh_link` names; nil if that is none, or lies outside the file.
  func linkedStrings(_ header: SectionHeader) -> ByteView? {
    guard Int(header.link) < sectionHeaders.count,
      sectionHeaders[Int(header.link)].type == SHT.STRTAB
    else { return nil }
    return contents(sectionHeaders[Int(header.link)])
  }
}
