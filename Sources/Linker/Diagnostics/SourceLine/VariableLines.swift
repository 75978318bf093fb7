// Where variables are declared: for references that stand in data, which have no line of their own.
//
// `.debug_info` describes a compilation as a tree of entries. An entry for a variable with a fixed
// address has an expression `DW_OP_addr X`, where a relocation fills X in, or since version 5
// `DW_OP_addrx N`, the number of such an address in `.debug_addr`. The tree is walked as a flat
// list from front to back; only variables are looked at. (DWARF 5, chapters 2, 4.1 and 7.5.)

internal import ELF

struct VariableLines {
  private let info: DebugSection
  private let abbreviations: ByteView
  private let addresses: DebugSection?

  init(_ info: DebugSection, abbreviations: ByteView, addresses: DebugSection?) {
    self.info = info
    self.abbreviations = abbreviations
    self.addresses = addresses
  }

  struct Declaration {
    /// The offset of the unit's line program in `.debug_line`.
    var lineProgram: UInt64
    var file: UInt64
    var line: UInt64
  }

  /// The declaration of the variable whose address is `offset` in section `target`.
  func find(section target: Int, offset: UInt64) -> Declaration? {
    var cursor = ByteCursor(info.bytes)
    while !cursor.isAtEnd {
      guard let unit = Unit(info, abbreviations, &cursor) else { return nil }
      if let found = find(in: unit, section: target, offset: offset) { return found }
    }
    return nil
  }

  private func find(in unit: Unit, section target: Int, offset: UInt64) -> Declaration? {
    var cursor = ByteCursor(unit.bytes, at: unit.entries)
    // The first entry describes the unit.
    guard let root = unit.takeEntry(info, &cursor), let lineProgram = root.lineProgram else {
      return nil
    }
    while !cursor.isAtEnd {
      guard let entry = unit.takeEntry(info, &cursor) else { return nil }
      guard entry.tag == 0x34,  // DW_TAG_variable
        let address = address(entry, addressBase: root.addressBase),
        address.section == target, address.value == offset
      else { continue }
      var result = Declaration(
        lineProgram: lineProgram, file: entry.file ?? 0, line: entry.line ?? 0)
      // A static member's line may be with its declaration in the class.
      if let specification = entry.specification,
        let place = Int(exactly: specification), place < unit.bytes.count - unit.start
      {
        var there = ByteCursor(unit.bytes, at: unit.start + place)
        if let declaration = unit.takeEntry(info, &there) {
          if entry.file == nil { result.file = declaration.file ?? 0 }
          if entry.line == nil { result.line = declaration.line ?? 0 }
        }
      }
      return result.line > 0 ? result : nil
    }
    return nil
  }

  private func address(
    _ entry: Entry, addressBase: UInt64?
  ) -> (value: UInt64, section: Int?)? {
    guard let location = entry.location, !location.bytes.isEmpty else { return nil }
    switch location.bytes[0] {
    case 0x03:  // DW_OP_addr
      return info.relocations.target(at: location.offset + 1)
    case 0xa1:  // DW_OP_addrx
      var cursor = ByteCursor(location.bytes, at: 1)
      guard let index = cursor.takeULEB(), let addresses, let addressBase,
        let place = Int(exactly: addressBase &+ index &* 8)
      else { return nil }
      return addresses.relocations.target(at: place)
    default:
      return nil
    }
  }

  // MARK: Units

  private struct Abbreviation {
    let tag: UInt64
    /// Range in `attributes`.
    let attributes: Range<Int>
  }

  private struct Entry {
    /// 0 for the entry that ends a list of children.
    var tag: UInt64 = 0
    var file: UInt64?
    var line: UInt64?
    var location: (bytes: ByteView, offset: Int)?
    var specification: UInt64?
    var lineProgram: UInt64?
    var addressBase: UInt64?
  }

  private struct Unit {
    /// The section up to the end of the unit.
    let bytes: ByteView
    /// Where the unit begins and where its first entry does.
    let start: Int
    let entries: Int
    private let version: UInt16
    private let is64Bit: Bool
    private let addressSize: UInt8
    private var abbreviations: [UInt64: Abbreviation] = [:]
    private var attributes: [(name: UInt64, form: UInt64, constant: Int64)] = []

    /// Reads the header of the unit at the cursor and moves the cursor behind the unit.
    init?(_ section: DebugSection, _ table: ByteView, _ cursor: inout ByteCursor) {
      start = cursor.offset
      guard let (length, is64Bit) = takeInitialLength(&cursor), length <= UInt64(cursor.remaining),
        let bytes = section.bytes.slice(0, cursor.offset + Int(length))
      else { return nil }
      self.bytes = bytes
      self.is64Bit = is64Bit
      var inner = ByteCursor(bytes, at: cursor.offset)
      _ = cursor.skip(length)
      guard let version = inner.take(UInt16.self), (2...5).contains(version) else { return nil }
      self.version = version
      var unitType: UInt8 = 1
      var size: UInt8?
      if version >= 5 {
        guard let type = inner.take(UInt8.self) else { return nil }
        unitType = type
        size = inner.take(UInt8.self)
      }
      guard let abbreviationOffset = section.takeOffset(&inner, is64Bit: is64Bit) else {
        return nil
      }
      if version < 5 { size = inner.take(UInt8.self) }
      guard let size else { return nil }
      addressSize = size
      switch unitType {
      case 2, 6:  // type units: a signature and an offset
        guard inner.skip(is64Bit ? 16 : 12) else { return nil }
      case 4, 5:  // skeleton and split units: an identifier
        guard inner.skip(8) else { return nil }
      default: break
      }
      entries = inner.offset
      guard let offset = Int(exactly: abbreviationOffset), readAbbreviations(table, offset) else {
        return nil
      }
    }

    private mutating func readAbbreviations(_ table: ByteView, _ offset: Int) -> Bool {
      var cursor = ByteCursor(table, at: offset)
      while let code = cursor.takeULEB() {
        if code == 0 { return true }
        guard let tag = cursor.takeULEB(), cursor.skip(1) else { return false }
        let first = attributes.count
        while true {
          guard let name = cursor.takeULEB(), let form = cursor.takeULEB() else { return false }
          if name == 0 && form == 0 { break }
          var constant: Int64 = 0
          if form == 0x21 {  // implicit_const
            guard let value = cursor.takeSLEB() else { return false }
            constant = value
          }
          attributes.append((name, form, constant))
        }
        abbreviations[code] = Abbreviation(tag: tag, attributes: first..<attributes.count)
      }
      return false
    }

    /// Takes the entry at the cursor; nil if it is malformed.
    func takeEntry(_ section: DebugSection, _ cursor: inout ByteCursor) -> Entry? {
      guard let code = cursor.takeULEB() else { return nil }
      var entry = Entry()
      if code == 0 { return entry }
      guard let abbreviation = abbreviations[code] else { return nil }
      entry.tag = abbreviation.tag
      for attribute in attributes[abbreviation.attributes] {
        let form = DebugForm(
          rawValue: attribute.form, version: version, is64Bit: is64Bit, addressSize: addressSize)
        guard var value = form.take(section, &cursor) else { return nil }
        if attribute.form == 0x21 { value = .number(UInt64(bitPattern: attribute.constant)) }
        switch (attribute.name, value) {
        case (0x3a, .number(let number)): entry.file = number  // DW_AT_decl_file
        case (0x3b, .number(let number)): entry.line = number  // DW_AT_decl_line
        case (0x02, .block(let bytes, let offset)): entry.location = (bytes, offset)
        case (0x47, .unitReference(let reference)): entry.specification = reference
        case (0x10, .number(let number)): entry.lineProgram = number  // DW_AT_stmt_list
        case (0x73, .number(let number)): entry.addressBase = number  // DW_AT_addr_base
        default: break
        }
      }
      return entry
    }
  }
}
