// Reads the entries of a unit from front to back (DWARF 5, 2.3 and 7.5.2).
//
// Entries form a tree: one with children is followed by them, and a code of 0 ends them. Most entries say
// nothing that an index wants (bodies of functions, members, parameters), so of those only the sizes are
// looked at.

internal import ELF

/// A value of an attribute; what it means depends on the form.
struct DebugValue: BitwiseCopyable {
  /// DW_FORM_*; 0: the attribute is not there.
  var form: UInt64 = 0
  /// Where it stands in the section.
  var offset = 0
  var number: UInt64 = 0

  var isThere: Bool { form != 0 }
}

/// An entry, as far as the index looks at it.
struct DebugEntry: BitwiseCopyable {
  /// In the section.
  var offset = 0
  /// DW_TAG_*; 0: the end of a list of children.
  var tag: UInt16 = 0
  var hasChildren = false
  var name = DebugValue()
  /// DW_AT_specification: from the beginning of the unit; 0: it has none there.
  var specification: UInt64 = 0
  /// Of the next entry on the same level, in the section; 0: not said.
  var sibling = 0
  var isDeclaration = false
  var isExternal = false
  /// DW_AT_location or DW_AT_const_value.
  var hasValue = false
  var isEnumClass = false
}

struct EntryReader {
  let unit: DebugUnit
  private var cursor: ByteCursor
  private(set) var entry = DebugEntry()

  /// `bytes`: the section's.
  init(_ unit: DebugUnit, in bytes: ByteView) {
    self.unit = unit
    cursor = ByteCursor(bytes.slice(0, unit.end) ?? ByteView(), at: unit.entries)
  }

  var isAtEnd: Bool { cursor.isAtEnd }

  /// Reads the next entry into `entry`; false: it is malformed. Of one that the index does not want
  /// it has the tag and the sibling only, as of all if `wantsNone`.
  @inline(__always)
  mutating func next(_ table: AbbreviationTable, wantsNone: Bool = false) -> Bool {
    entry.offset = cursor.offset
    guard let code = cursor.takeULEB() else { return false }
    guard code != 0 else {
      entry.tag = 0
      entry.hasChildren = false
      return true
    }
    guard let abbreviation = table.abbreviation(code) else { return false }
    if wantsNone || !abbreviation.isIndexed, !abbreviation.hasChildren,
      let size = abbreviation.fixedSize
    {
      entry.tag = abbreviation.tag
      entry.hasChildren = false
      return cursor.skip(UInt64(size))
    }
    return read(abbreviation, table)
  }

  private mutating func read(_ abbreviation: Abbreviation, _ table: AbbreviationTable) -> Bool {
    var entry = DebugEntry(
      offset: entry.offset, tag: abbreviation.tag, hasChildren: abbreviation.hasChildren)
    entry.isDeclaration = abbreviation.isDeclaration
    entry.isExternal = abbreviation.isExternal
    entry.hasValue = abbreviation.hasValue
    let first = Int(abbreviation.firstStep)
    for index in first..<first + Int(abbreviation.stepCount) {
      let step = table.steps[index]
      guard cursor.skip(UInt64(step.gap)),
        let value = unit.format.value(of: step.attribute, &cursor)
      else { return false }
      switch step.attribute.name {
      case 0x01: entry.sibling = sibling(value)  // DW_AT_sibling
      case 0x03: entry.name = value  // DW_AT_name
      case 0x3c: entry.isDeclaration = EntryReader.isSet(value)  // DW_AT_declaration
      case 0x3f: entry.isExternal = EntryReader.isSet(value)  // DW_AT_external
      case 0x47: entry.specification = EntryReader.reference(value) ?? 0  // DW_AT_specification
      case 0x6d: entry.isEnumClass = EntryReader.isSet(value)  // DW_AT_enum_class
      default: break
      }
    }
    self.entry = entry
    return cursor.skip(UInt64(abbreviation.rest))
  }

  /// Whether the value of an attribute is looked at: AbbreviationTable knows what the others say.
  static func reads(_ attribute: AttributeSpecification) -> Bool {
    switch attribute.name {
    case 0x01, 0x03, 0x47: true
    case 0x3c, 0x3f, 0x6d: attribute.form != 0x19 || attribute.name == 0x6d
    default: false
    }
  }

  /// Leaves out the children of the entry that was read; false: what follows is malformed.
  mutating func skipChildren(_ table: AbbreviationTable) -> Bool {
    guard entry.hasChildren else { return true }
    if skipToSibling() { return true }
    var depth = 1
    while depth > 0 {
      guard next(table, wantsNone: true) else { return false }
      if entry.tag == 0 {
        depth -= 1
      } else if entry.hasChildren && !skipToSibling() {
        depth += 1
      }
    }
    return true
  }

  private mutating func skipToSibling() -> Bool {
    // Ahead only, so that reading comes to an end.
    guard entry.sibling > cursor.offset, entry.sibling <= cursor.bytes.count else { return false }
    return cursor.skip(UInt64(entry.sibling - cursor.offset))
  }

  private func sibling(_ value: DebugValue) -> Int {
    guard let offset = EntryReader.reference(value), offset < UInt64(unit.size) else { return 0 }
    return unit.start + Int(offset)
  }

  /// A reference within the unit; nil: elsewhere.
  private static func reference(_ value: DebugValue) -> UInt64? {
    (0x11...0x15).contains(value.form) ? value.number : nil
  }

  private static func isSet(_ value: DebugValue) -> Bool {
    value.form == 0x19 || value.number != 0  // DW_FORM_flag_present
  }
}
