// The abbreviations of a unit: what entries of each code look like (DWARF 5, 7.5.3).
//
// An entry in `.debug_info` begins with a code, and the table says which tag and which attributes
// entries of this code have, and in which forms. One table serves for a worker; it is read anew when a unit
// refers to another one.

internal import ELF

struct Abbreviation: BitwiseCopyable {
  var tag: UInt16
  var hasChildren: Bool
  /// Whether the index may want a name of such an entry.
  var isIndexed: Bool
  /// The bytes of an entry, if all attributes have fixed sizes.
  var fixedSize: UInt32?
  /// Its part of the attributes.
  var first: UInt32
  var count: UInt32
  /// Its part of the steps, and how many bytes there are behind the last one.
  var firstStep: UInt32 = 0
  var stepCount: UInt32 = 0
  var rest: UInt32 = 0
  /// What attributes say that are the same in all entries.
  var isDeclaration = false
  var isExternal = false
  var hasValue = false
}

struct AttributeSpecification: BitwiseCopyable {
  /// DW_AT_*; 0 for one that nobody here knows.
  var name: UInt16
  var form: UInt64
  /// DW_FORM_implicit_const
  var constant: UInt64
  var size: DebugFormSize
}

/// How a reader of entries (EntryReader) gets from one attribute to the next that it looks at or whose
/// size stands in the entry: most it need not look at, and knows their sizes.
struct EntryStep: BitwiseCopyable {
  /// The bytes of the attributes between.
  var gap: UInt32
  var attribute: AttributeSpecification
}

struct AbbreviationTable {
  private var entries = GrowingBlock<Abbreviation>()
  /// The codes, if they are not 1, 2, 3 and so on: with their places, sorted.
  private var codes: [(code: UInt64, index: Int)] = []
  private(set) var attributes = GrowingBlock<AttributeSpecification>()
  private(set) var steps = GrowingBlock<EntryStep>()

  // What the table was read from.
  private var source: (section: SectionID, offset: UInt64, format: UnitFormat)?
  private var isWellFormed = false

  /// Reads the table at `offset` of `.debug_abbrev`, unless it is this one; false: it is malformed.
  mutating func read(_ table: DebugTable, at offset: UInt64, _ format: UnitFormat) -> Bool {
    if let source, source.section == table.id, source.offset == offset, source.format == format {
      return isWellFormed
    }
    source = (table.id, offset, format)
    entries.truncate(to: 0)
    attributes.truncate(to: 0)
    steps.truncate(to: 0)
    codes = []
    isWellFormed = parse(table.bytes, offset, format)
    return isWellFormed
  }

  private mutating func parse(_ bytes: ByteView, _ offset: UInt64, _ format: UnitFormat) -> Bool {
    guard offset < UInt64(bytes.count) else { return false }
    var cursor = ByteCursor(bytes, at: Int(offset))
    var isDense = true
    while let code = cursor.takeULEB() {
      if code == 0 {
        // (For codes that occur twice the first counts.)
        codes.sort { ($0.code, $0.index) < ($1.code, $1.index) }
        if isDense { codes = [] }
        return true
      }
      guard let tag = cursor.takeULEB(), let children = cursor.take(UInt8.self) else {
        return false
      }
      if code != UInt64(entries.count + 1) { isDense = false }
      codes.append((code, entries.count))
      guard var abbreviation = attributes(&cursor, tag, children != 0, format) else { return false }
      findSteps(of: &abbreviation)
      entries.append(abbreviation)
    }
    return false
  }

  private mutating func attributes(
    _ cursor: inout ByteCursor, _ tag: UInt64, _ hasChildren: Bool, _ format: UnitFormat
  ) -> Abbreviation? {
    let first = attributes.count
    var fixedSize: UInt32? = 0
    while true {
      guard let name = cursor.takeULEB(), let form = cursor.takeULEB() else { return nil }
      if name == 0 && form == 0 { break }
      var constant: UInt64 = 0
      if form == 0x21 {
        guard let value = cursor.takeSLEB() else { return nil }
        constant = UInt64(bitPattern: value)
      }
      guard let size = format.size(form) else { return nil }
      if case .fixed(let bytes) = size, let sum = fixedSize {
        fixedSize = sum &+ UInt32(truncatingIfNeeded: bytes)
      } else {
        fixedSize = nil
      }
      attributes.append(
        AttributeSpecification(
          name: UInt16(exactly: name) ?? 0, form: form, constant: constant, size: size))
    }
    let tag = UInt16(exactly: tag) ?? 0
    return Abbreviation(
      tag: tag, hasChildren: hasChildren, isIndexed: NameCollector.isIndexed(tag),
      fixedSize: fixedSize, first: UInt32(truncatingIfNeeded: first),
      count: UInt32(truncatingIfNeeded: attributes.count - first))
  }

  private mutating func findSteps(of abbreviation: inout Abbreviation) {
    let firstStep = steps.count
    var gap: UInt32 = 0
    let first = Int(abbreviation.first)
    for index in first..<first + Int(abbreviation.count) {
      let attribute = attributes[index]
      if attribute.name == 0x02 || attribute.name == 0x1c {  // DW_AT_location, DW_AT_const_value
        abbreviation.hasValue = true
      }
      if attribute.form == 0x19 {  // DW_FORM_flag_present
        if attribute.name == 0x3c { abbreviation.isDeclaration = true }  // DW_AT_declaration
        if attribute.name == 0x3f { abbreviation.isExternal = true }  // DW_AT_external
      }
      if case .fixed(let size) = attribute.size, !EntryReader.reads(attribute) {
        gap &+= UInt32(truncatingIfNeeded: size)
      } else {
        steps.append(EntryStep(gap: gap, attribute: attribute))
        gap = 0
      }
    }
    abbreviation.firstStep = UInt32(truncatingIfNeeded: firstStep)
    abbreviation.stepCount = UInt32(truncatingIfNeeded: steps.count - firstStep)
    abbreviation.rest = gap
  }

  /// The abbreviation of a code; nil: there is none.
  @inline(__always) func abbreviation(_ code: UInt64) -> Abbreviation? {
    if codes.isEmpty {
      guard code &- 1 < UInt64(entries.count) else { return nil }
      return entries[Int(code &- 1)]
    }
    return sparse(code)
  }

  private func sparse(_ code: UInt64) -> Abbreviation? {
    var (low, high) = (0, codes.count)
    while low < high {
      let middle = (low + high) / 2
      if codes[middle].code < code { low = middle + 1 } else { high = middle }
    }
    guard low < codes.count, codes[low].code == code else { return nil }
    return entries[codes[low].index]
  }

  func release() {
    entries.release()
    attributes.release()
    steps.release()
  }
}
