// Input files, as rows.
//
// A row says where a file's tables lie in its mapped bytes. Everything in it was validated when the
// file was read: table ranges lie inside the file, the symbol table's first global index inside the
// table. Names and section contents are checked where they are used.

internal import ELF

/// What kind of file a row stands for.
enum InputFileKind: UInt8, Sendable {
  /// The linker itself: its symbols and sections are made, not read.
  case linker
  case object
  case shared
}

struct InputFile: BitwiseCopyable, @unchecked Sendable {
  // Sendable: what the pointer leads to is written by the worker that has the file.

  var kind = InputFileKind.object
  /// A member of an archive that is not wanted as a whole, or an object between --start-lib and
  /// --end-lib: takes part only if something needs it.
  var isLazy = false
  /// A shared object named under --as-needed: DT_NEEDED only if something needs it.
  var isAsNeeded = false
  /// The linker made the object itself, and its properties say nothing about the program.
  var isMade = false
  /// --exclude-libs holds for this file: its symbols are not exported.
  var excludesExports = false
  /// It says how often its functions call others.
  var hasCallProfile = false
  /// It names libraries that it needs.
  var hasDependentLibraries = false
  /// What a plugin could compile in it.
  var intermediateForm = IntermediateForm.none

  /// The object's own bytes: the whole file, or the member of an archive.
  var bytes = ByteView()
  /// Index into `Inputs.paths`.
  var path: UInt32 = 0
  /// The member's name in its archive; empty for other files.
  var member = ByteView()

  /// Class and byte order of `bytes`.
  var format = Format.native
  /// All section headers, the null section included.
  var sectionHeaders = RecordView<SectionHeader>()
  /// The section name string table.
  var sectionNames = ByteView()
  /// The symbol table: `.symtab` of an object, `.dynsym` of a shared object.
  var symbols = RecordView<Symbol>()
  var symbolNames = ByteView()
  /// SHT_SYMTAB_SHNDX: section indices for symbols whose own is SHN_XINDEX.
  var extendedIndices = RecordView<UInt32>()
  /// Symbols below this index are local.
  var firstGlobal: UInt32 = 0
  /// The section index of the symbol table.
  var symbolTable: UInt32 = 0
  /// How many section groups there are, and the first and the last of them plus 1: producers number
  /// groups before all other sections, or each before its members.
  var groupCount: UInt32 = 0
  var firstGroup: UInt32 = 0
  var groupEnd: UInt32 = 0
  /// The id of the file's symbol 0.
  var symbolBase: UInt32 = 0

  /// For each section index, its `SectionID`, or 0. Made when sections are built; until then
  /// `discardedMark` tells members of lost COMDAT groups.
  var sectionMap: UnsafeMutablePointer<UInt32>?

  /// For shared objects: index into `Inputs.sharedObjects`.
  var sharedIndex: UInt32 = 0

  /// The entry of `sectionMap` for a section that lost its place to another file's COMDAT group.
  static var discardedMark: UInt32 { UInt32.max }

  var sectionCount: Int { sectionHeaders.count }
  var symbolCount: Int { symbols.count }
  /// Indices of sections among which all groups are.
  var groups: Range<Int> { Int(firstGroup)..<Int(groupEnd) }
  /// Indices of the global symbols.
  var globals: Range<Int> { min(Int(firstGlobal), symbols.count)..<symbols.count }

  @inline(__always) func symbolID(_ index: Int) -> SymbolID {
    SymbolID(rawValue: symbolBase &+ UInt32(truncatingIfNeeded: index))
  }

  /// The section that symbol `index` is defined in, with SHN_XINDEX resolved: a section index, or
  /// one of the reserved numbers widened to 32 bits (SHN_ABS is 0xfff1).
  @inline(__always) func sectionIndex(_ symbol: Symbol, _ index: Int) -> UInt32 {
    if symbol.sectionIndex == SHN.XINDEX {
      return index < extendedIndices.count ? extendedIndices[index] : 0
    }
    return UInt32(symbol.sectionIndex)
  }

  /// Whether `symbol` names a place in a section of this file (not undefined, absolute, common).
  @inline(__always) func isInSection(_ symbol: Symbol) -> Bool {
    symbol.sectionIndex != SHN.UNDEF
      && (symbol.sectionIndex < SHN.LORESERVE || symbol.sectionIndex == SHN.XINDEX)
  }

  /// The name of symbol `index`; empty if the string table does not hold it.
  func symbolName(_ index: Int) -> ByteView { string(symbolNames, symbols[index].nameOffset) }

  /// Whether the name of a symbol is one that compilers make for themselves, `.L…`; nil: it has none.
  @inline(__always) func isTemporaryName(_ symbol: Symbol) -> Bool? {
    let start = Int(symbol.nameOffset)
    // The table ends in NUL, which was checked, so behind a letter there is a byte.
    guard start < symbolNames.count, symbolNames[start] != 0 else { return nil }
    return symbolNames[start] == 0x2e && symbolNames[start + 1] == 0x4c
  }

  func sectionName(_ header: SectionHeader) -> ByteView { string(sectionNames, header.nameOffset) }

  /// The string at `offset` of a string table; empty if the table does not hold it.
  @inline(__always) func string(_ table: ByteView, _ offset: UInt32) -> ByteView {
    guard Int(offset) < table.count, let base = table.buffer.baseAddress else { return ByteView() }
    let start = base + Int(offset)
    guard let end = memoryFind(start, 0, table.count - Int(offset)) else { return ByteView() }
    return ByteView(start, count: end - start)
  }

  /// The bytes of a section as they lie in the file; nil if they do not lie inside it.
  func contents(_ header: SectionHeader) -> ByteView? {
    header.type == SHT.NOBITS ? ByteView() : bytes.slice(header.offset, header.size)
  }
}
