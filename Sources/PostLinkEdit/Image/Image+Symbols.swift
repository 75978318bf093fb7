// Symbols: names for addresses. `.symtab` is asked first, `.dynsym` if the file is stripped.

internal import ELF

/// One symbol table entry, decoded.
struct SymbolEntry: Equatable {
  var index: Int
  var name: ByteView
  var nameOffset: UInt32
  var value: UInt64
  var size: UInt64
  var info: UInt8
  var other: UInt8
  /// `st_shndx` as stored; SHN_XINDEX is resolved in `section`.
  var rawSection: UInt16
  /// The section's index, or a special index as stored.
  var section: Int

  var binding: UInt8 { info >> 4 }
  var type: UInt8 { info & 15 }
  var isDefined: Bool { section != Int(SHN.UNDEF) }
  var isAbsolute: Bool { rawSection == SHN.ABS }

  /// As the file stores it.
  var record: Symbol {
    var symbol = Symbol()
    symbol.nameOffset = nameOffset
    symbol.info = info
    symbol.other = other
    symbol.sectionIndex = rawSection
    symbol.value = value
    symbol.size = size
    return symbol
  }
}

/// A symbol table that can be walked and indexed.
struct SymbolTable {
  let section: Section
  let count: Int
  private let bytes: ByteView
  private let names: ByteView
  private let extended: ByteView
  private let format: Format
  /// No compiler makes a longer name; what has one counts as nameless.
  private static let longestName = 1 << 16

  /// Nil if the table or its strings are not inside the file.
  init?(_ section: Section, in image: Image) {
    guard let bytes = image.contents(of: section), Int(section.link) < image.sections.count,
      let names = image.contents(of: image.sections[Int(section.link)])
    else { return nil }
    self.section = section
    self.bytes = bytes
    self.names = names
    format = image.format
    count = bytes.count / image.format.symbolEntrySize
    let index = image.sections.first {
      $0.type == SHT.SYMTAB_SHNDX && Int($0.link) == section.index
    }
    extended = index.flatMap { image.contents(of: $0) } ?? ByteView()
  }

  /// The record alone, without its name: there may be millions.
  func record(_ index: Int) -> Symbol {
    var reader = RecordReader(bytes, format, at: index * format.symbolEntrySize)
    return Symbol(from: &reader)
  }

  /// Whether names at the same offset are the same: the strings of `later` begin with those of this table.
  func sharesNames(with later: SymbolTable) -> Bool {
    later.names.slice(0, names.count).map { same($0, names) } ?? false
  }

  subscript(index: Int) -> SymbolEntry {
    let symbol = record(index)
    var section = Int(symbol.sectionIndex)
    if symbol.sectionIndex == SHN.XINDEX {
      section = Int(extended.load(UInt32.self, at: index * 4, format.order) ?? 0)
    }
    let name = names.cString(at: Int(symbol.nameOffset), longest: SymbolTable.longestName)
    return SymbolEntry(
      index: index, name: name ?? ByteView(),
      nameOffset: symbol.nameOffset, value: symbol.value, size: symbol.size, info: symbol.info,
      other: symbol.other, rawSection: symbol.sectionIndex, section: section)
  }
}

extension Image {
  func symbolTable(_ type: UInt32) -> SymbolTable? {
    sections.first { $0.type == type }.flatMap { SymbolTable($0, in: self) }
  }

  /// The defined symbol called `name`. Several local symbols of one name are ambiguous unless one
  /// is global or all agree.
  func symbol(named name: String) throws(EditFailure) -> SymbolEntry {
    if let symbol = try findSymbol(named: name) { return symbol }
    throw EditFailure(
      .notFound, "there is no symbol '\(name)'",
      hint: symbolTable(SHT.SYMTAB) == nil ? "the file is stripped; edit first, strip later" : nil)
  }

  func findSymbol(named name: String) throws(EditFailure) -> SymbolEntry? {
    let wanted = Array(name.utf8)
    for type in [SHT.SYMTAB, SHT.DYNSYM] {
      guard let table = symbolTable(type) else { continue }
      var found: SymbolEntry?
      var ambiguous = false
      for index in 0..<table.count {
        let symbol = table[index]
        guard symbol.name.count == wanted.count, symbol.isDefined,
          symbol.type != STT.FILE, symbol.type != STT.SECTION, equal(symbol.name, wanted)
        else { continue }
        if let old = found {
          let isGlobal = symbol.binding != STB.LOCAL
          let wasGlobal = old.binding != STB.LOCAL
          if isGlobal == wasGlobal {
            if old.value != symbol.value || old.size != symbol.size { ambiguous = true }
            continue
          }
          if wasGlobal { continue }
          ambiguous = false
        }
        found = symbol
      }
      if let found {
        guard !ambiguous else {
          throw EditFailure(
            .ambiguous, "several symbols are called '\(name)'", hint: "use va: with the address")
        }
        return found
      }
    }
    return nil
  }

  private func equal(_ view: ByteView, _ bytes: [UInt8]) -> Bool {
    for index in 0..<bytes.count where view[index] != bytes[index] { return false }
    return true
  }
}
