// A relocatable object as the source line look-up sees it.
//
// Addresses and offsets in the debug sections of an object are not there yet: the bytes are zero,
// and a relocation says what belongs in their place. For a message it is not worth while to apply
// all of them, so a section here answers for one place at a time: which value, and relative to
// which section.
//
// The object was accepted by the linker or is about to be refused; nothing in it is trusted. What
// is malformed is absent, and then the message has no line.

internal import ELF

struct DebugObject {
  private let bytes: ByteView
  private let headers: [SectionHeader]
  private let names: ByteView
  private let format: Format
  private let machine: Machine

  /// Reads the section headers; nil if `bytes` is no ELF file of a machine that swold links for.
  init?(_ bytes: ByteView) {
    guard let file = FileHeader(bytes), let machine = Machine(file.machine, file.format),
      Int(file.sectionHeaderEntrySize) == file.format.sectionEntrySize,
      file.sectionHeaderOffset > 0
    else { return nil }
    let entrySize = UInt64(file.format.sectionEntrySize)
    // With many sections the counts are in section 0 (gABI, "Extended section numbering").
    guard let first = bytes.slice(file.sectionHeaderOffset, entrySize),
      let zero = SectionHeader(first, file.format, at: 0)
    else { return nil }
    let count = file.sectionHeaderCount == 0 ? zero.size : UInt64(file.sectionHeaderCount)
    let nameIndex =
      file.sectionNameIndex == SHN.XINDEX ? Int(zero.link) : Int(file.sectionNameIndex)
    guard count <= UInt64(bytes.count) / entrySize,
      let table = bytes.slice(file.sectionHeaderOffset, count * entrySize)
    else { return nil }
    let headers = (0..<Int(count)).compactMap {
      SectionHeader(table, file.format, at: $0 * Int(entrySize))
    }
    self.bytes = bytes
    self.machine = machine
    format = file.format
    self.headers = headers
    names =
      nameIndex < headers.count
      ? bytes.slice(headers[nameIndex].offset, headers[nameIndex].size) ?? ByteView() : ByteView()
  }

  private func name(_ header: SectionHeader) -> ByteView {
    names.cString(at: Int(header.nameOffset)) ?? ByteView()
  }

  private func contents(_ header: SectionHeader) -> ByteView? {
    header.type == SHT.NOBITS ? nil : bytes.slice(header.offset, header.size)
  }

  /// The sections called `.debug_KIND` or `.zdebug_KIND`, decompressed. There may be several
  /// `.debug_line`, also as `.debug_line.NAME`, one for each text section.
  func debugSections(_ kind: StaticString) -> [DebugSection] {
    headers.indices.compactMap { index in
      let header = headers[index]
      let name = name(header)
      let start = name.hasPrefix(".debug_") ? 7 : name.hasPrefix(".zdebug_") ? 8 : name.count
      guard let rest = name.suffix(from: start), rest.hasPrefix(kind),
        rest.count == kind.utf8CodeUnitCount || rest[kind.utf8CodeUnitCount] == UInt8(ascii: "."),
        let contents = contents(header)
      else { return nil }
      guard CompressedSection.isCompressed(flags: header.flags, name: name) else {
        return section(index, contents, owner: nil)
      }
      guard let compressed = try? CompressedSection(flags: header.flags, contents, format),
        let owned = try? compressed.decompressed()
      else { return nil }
      return section(index, owned.view, owner: owned)
    }
  }

  /// `bytes`: the section's, which may hold the addends.
  private func section(_ section: Int, _ bytes: ByteView, owner: OwnedBytes?) -> DebugSection? {
    for header in headers
    where (header.type == SHT.RELA || header.type == SHT.REL) && Int(header.info) == section {
      guard let records = contents(header), let symbols = symbolTable(Int(header.link)) else {
        break
      }
      let table =
        header.type == SHT.RELA
        ? RecordView<Rela>(decoding: records, format)
        : RecordView(withoutAddends: records, format, in: bytes, machine.code)
      let differences = DebugDifferences(table: table, symbols: symbols, target: machine.code)
      guard differences.areThere else {
        return DebugSection(bytes, DebugRelocations(table, symbols), owner: owner)
      }
      guard let owned = differences.applied(to: bytes) else { return nil }
      let values = (0..<table.count).filter { !differences.isDifference(table[$0]) }
      return DebugSection(owned.view, DebugRelocations(table, symbols, values), owner: owned)
    }
    return DebugSection(bytes, DebugRelocations(), owner: owner)
  }

  private func symbolTable(_ index: Int) -> DebugSymbols? {
    guard index < headers.count, headers[index].type == SHT.SYMTAB,
      let records = contents(headers[index])
    else { return nil }
    var symbols = DebugSymbols(records: RecordView(decoding: records, format))
    let strings = Int(headers[index].link)
    if strings < headers.count { symbols.names = contents(headers[strings]) ?? ByteView() }
    for header in headers where header.type == SHT.SYMTAB_SHNDX && Int(header.link) == index {
      symbols.extendedIndices = contents(header) ?? ByteView()
    }
    return symbols
  }

  /// The object's symbol table.
  var symbols: DebugSymbols? {
    headers.firstIndex { $0.type == SHT.SYMTAB }.flatMap(symbolTable)
  }
}

struct DebugSymbols {
  var records = RecordView<Symbol>()
  var names = ByteView()
  /// SHT_SYMTAB_SHNDX: the section indices that do not fit into 16 bits.
  var extendedIndices = ByteView()

  /// The index of the section that defines a symbol; nil if none does.
  func section(of index: Int) -> Int? {
    guard index < records.count else { return nil }
    let section = records[index].sectionIndex
    if section == SHN.XINDEX {
      return extendedIndices.load(UInt32.self, at: index * 4).map(Int.init)
    }
    return section == SHN.UNDEF || section >= SHN.LORESERVE ? nil : Int(section)
  }

  /// The function or object that covers an offset of a section: the smallest, if they are nested.
  func symbol(coveringSection section: Int, offset: UInt64) -> Symbol? {
    var best: Symbol?
    for index in 0..<records.count {
      let symbol = records[index]
      guard symbol.type == STT.FUNC || symbol.type == STT.OBJECT || symbol.type == STT.GNU_IFUNC,
        offset >= symbol.value, offset - symbol.value < symbol.size,
        symbol.size < best?.size ?? .max, self.section(of: index) == section
      else { continue }
      best = symbol
    }
    return best
  }

  func name(of symbol: Symbol) -> ByteView? { names.cString(at: Int(symbol.nameOffset)) }
}

/// The relocations of one section, found by offset.
struct DebugRelocations {
  private var records = RecordView<Rela>()
  private var symbols = DebugSymbols()
  /// Record numbers by offset, if the file does not have them in order or not all stand for values.
  private var order: [Int]?

  init() {}

  init(_ records: RecordView<Rela>, _ symbols: DebugSymbols) {
    self.records = records
    self.symbols = symbols
    sortIfNeeded()
  }

  /// `values`: the records that stand for values.
  init(_ records: RecordView<Rela>, _ symbols: DebugSymbols, _ values: [Int]) {
    self.records = records
    self.symbols = symbols
    order = values.sorted { (records[$0].offset, $0) < (records[$1].offset, $1) }
  }

  private mutating func sortIfNeeded() {
    var last: UInt64 = 0
    for index in 0..<records.count {
      let offset = records[index].offset
      if offset < last {
        order = (0..<records.count).sorted { records[$0].offset < records[$1].offset }
        break
      }
      last = offset
    }
  }

  /// What belongs at `offset`; nil if no relocation is there.
  func target(at offset: Int) -> (value: UInt64, section: Int?)? {
    let count = order?.count ?? records.count
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if record(middle).offset < UInt64(offset) { low = middle + 1 } else { high = middle }
    }
    guard low < count, record(low).offset == UInt64(offset) else { return nil }
    let symbol = Int(record(low).symbol)
    guard symbol < symbols.records.count else { return nil }
    // S + A: all absolute types agree, and debug sections have no others that matter here.
    let value = symbols.records[symbol].value &+ UInt64(bitPattern: record(low).addend)
    return (value, symbols.section(of: symbol))
  }

  private func record(_ position: Int) -> Rela { records[order?[position] ?? position] }
}

/// A debug section with its relocations at hand.
struct DebugSection {
  let bytes: ByteView
  let relocations: DebugRelocations
  /// Keeps decompressed bytes alive.
  private let owner: OwnedBytes?

  init(_ bytes: ByteView, _ relocations: DebugRelocations, owner: OwnedBytes?) {
    self.bytes = bytes
    self.relocations = relocations
    self.owner = owner
  }

  /// Takes an offset into another debug section: 4 bytes, or 8 in 64-bit DWARF.
  func takeOffset(_ cursor: inout ByteCursor, is64Bit: Bool) -> UInt64? {
    let place = cursor.offset
    let stored = is64Bit ? cursor.take(UInt64.self) : cursor.take(UInt32.self).map(UInt64.init)
    guard let stored else { return nil }
    return relocations.target(at: place)?.value ?? stored
  }
}
