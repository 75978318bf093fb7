// An object that has the symbols of a file in intermediate form, and nothing else.
//
// It stands for the file until it is compiled: archive members are pulled, COMDAT groups chosen and
// definitions found as for any other object. All definitions are in one empty section, but for those
// of COMDAT groups, which have one for each group.

internal import ELF
internal import Glibc

enum IntermediateObject {
  static func object(with symbols: [IntermediateSymbol]) -> ByteView {
    var builder = Builder()
    for symbol in symbols { builder.note(groupOf: symbol) }
    for symbol in symbols { builder.add(symbol) }
    return builder.bytes()
  }

  private struct Builder {
    private var strings: [UInt8] = [0]
    private var records: [Symbol] = [Symbol()]
    /// For each COMDAT group, the number of the symbol that names it: 1, 2, …
    private var groups: [[UInt8]: Int] = [:]

    /// The local symbols come first: the names of the groups.
    mutating func note(groupOf symbol: IntermediateSymbol) {
      guard let group = symbol.group, symbol.kind != .common, groups[group] == nil else { return }
      groups[group] = records.count
      var record = Symbol()
      record.nameOffset = string(group)
      record.sectionIndex = groupMember(records.count)
      records.append(record)
    }

    mutating func add(_ symbol: IntermediateSymbol) {
      var record = Symbol()
      record.nameOffset = string(fullName(symbol))
      let isWeak = symbol.kind == .weakDefinition || symbol.kind == .weakReference
      let type =
        switch symbol.content {
        case .unknown: STT.NOTYPE
        case .function: STT.FUNC
        case .variable: STT.OBJECT
        }
      record.info = (isWeak ? STB.WEAK : STB.GLOBAL) << 4 | type
      record.other =
        switch symbol.visibility {
        case .default: STV.DEFAULT
        case .protected: STV.PROTECTED
        case .internal: STV.INTERNAL
        case .hidden: STV.HIDDEN
        }
      switch symbol.kind {
      case .reference, .weakReference: record.sectionIndex = SHN.UNDEF
      case .common:
        record.sectionIndex = SHN.COMMON
        record.value = 1  // the alignment, which is not known
        record.size = symbol.size
      case .definition, .weakDefinition:
        record.size = symbol.size
        record.sectionIndex = symbol.group.flatMap { groups[$0] }.map(groupMember) ?? 1
      }
      records.append(record)
    }

    /// Sections: null, the one for all, then for each group the group and its member, then tables.
    private func groupMember(_ number: Int) -> UInt16 { sectionIndex(2 * number + 1) }
    private func sectionIndex(_ index: Int) -> UInt16 {
      // Beyond that a group shares the section for all: its copies would be taken for duplicates, but
      // for weak ones, which they are.
      index < Int(SHN.LORESERVE) ? UInt16(index) : 1
    }

    private func fullName(_ symbol: IntermediateSymbol) -> [UInt8] {
      guard let version = symbol.version, !version.isEmpty, !symbol.name.contains(0x40) else {
        return symbol.name
      }
      let isDefinition = symbol.kind != .reference && symbol.kind != .weakReference
      return symbol.name + (isDefinition ? [0x40, 0x40] : [0x40]) + version
    }

    private mutating func string(_ text: [UInt8]) -> UInt32 {
      let offset = strings.count
      strings += text
      strings.append(0)
      return UInt32(truncatingIfNeeded: offset)
    }

    func bytes() -> ByteView {
      let sectionNames = Array("\0.text\0.group\0.symtab\0.strtab\0".utf8)
      let sectionCount = 2 + 2 * groups.count + 2
      let groupOffset = Format.native.headerSize
      let symbolOffset = (groupOffset + 8 * groups.count + 7) & ~7
      let stringOffset = symbolOffset + records.count * Symbol.size
      let headerOffset = (stringOffset + strings.count + sectionNames.count + 7) & ~7
      let total = headerOffset + sectionCount * SectionHeader.size
      let block = UnsafeMutableRawPointer.allocate(byteCount: total + 8, alignment: 16)
      memset(block, 0, total + 8)
      let out = OutputBytes(base: block, count: total)
      var fileHeader = FileHeader()
      fileHeader.type = ET.REL
      fileHeader.sectionHeaderOffset = UInt64(headerOffset)
      let zero = fileHeader.setSections(count: sectionCount, nameIndex: sectionCount - 1)
      out.copy(fileHeader.encoded(.native))
      for (index, record) in records.enumerated() {
        out.store(record, entry: index, from: symbolOffset, .native)
      }
      out.copy(strings + sectionNames, at: stringOffset)

      func header(_ index: Int, _ name: Int, _ type: UInt32, _ fill: (inout SectionHeader) -> Void)
      {
        var header = SectionHeader()
        header.nameOffset = UInt32(strings.count + name)
        header.type = type
        header.alignment = 1
        fill(&header)
        out.store(header, entry: index, from: headerOffset, .native)
      }
      out.store(zero, entry: 0, from: headerOffset, .native)
      header(1, 1, SHT.PROGBITS) { $0.flags = SHF.ALLOC | SHF.EXECINSTR }
      for number in 0..<groups.count {
        let offset = groupOffset + 8 * number
        header(2 + 2 * number, 7, SHT.GROUP) {
          $0.offset = UInt64(offset)
          $0.size = 8
          $0.entrySize = 4
          $0.link = UInt32(sectionCount - 2)
          $0.info = UInt32(number + 1)
        }
        out.store(GRP.COMDAT, at: offset)
        out.store(UInt32(3 + 2 * number), at: offset + 4)
        header(3 + 2 * number, 1, SHT.PROGBITS) {
          $0.flags = SHF.ALLOC | SHF.EXECINSTR | SHF.GROUP
        }
      }
      header(sectionCount - 2, 14, SHT.SYMTAB) {
        $0.offset = UInt64(symbolOffset)
        $0.size = UInt64(records.count * Symbol.size)
        $0.link = UInt32(sectionCount - 1)
        $0.info = UInt32(groups.count + 1)
        $0.entrySize = UInt64(Symbol.size)
      }
      header(sectionCount - 1, 22, SHT.STRTAB) {
        $0.offset = UInt64(stringOffset)
        $0.size = UInt64(strings.count + sectionNames.count)
      }
      return ByteView(block, count: total)
    }
  }
}
