// Units of debug information: what the header and the first entry say (DWARF 5, 7.5.1 and 3.1).
//
// A compilation has one unit, in which everything is described; a type may have one of its own, which
// objects share. With split debug information the unit in the object is a skeleton, and the rest in a
// `.dwo` file.

internal import ELF

struct DebugUnit: BitwiseCopyable {
  /// The section that it is in, and where it begins and ends there.
  var section = SectionID.none
  var start = 0
  var end = 0
  /// Its first entry.
  var entries = 0
  var format = UnitFormat()
  /// Where its abbreviations are.
  var abbreviations = DebugPlace(value: 0)
  /// DW_UT_type, or in `.debug_types`.
  var isType = false
  var signature: UInt64 = 0
  /// Where the type's entry is, from the beginning of the unit.
  var typeOffset: UInt64 = 0

  // The first entry's.
  /// DW_AT_language
  var language = SourceLanguage.other
  /// The names are in another file.
  var isSkeleton = false
  /// g++ has made it: it writes some names as gdb does not (CxxNames), and leaves others out of
  /// `.debug_gnu_pubnames`: nested types, and all enumerators of types without a name.
  var isOfGNUCxx = false
  /// Its names have been collected, or cannot be.
  var isDone = false
  /// It is malformed, and the index does without.
  var isLeftOut = false
  /// DW_AT_str_offsets_base and its kin.
  var stringOffsetsBase = DebugPlace(value: 0)
  var addressBase = DebugPlace(value: 0)
  var rangeListsBase = DebugPlace(value: 0)

  var size: Int { end - start }
}

/// Languages, as far as names are put together differently.
enum SourceLanguage: UInt8, BitwiseCopyable {
  /// Names stand for themselves.
  case other
  /// `namespace::name`, and types are known in all units.
  case cxx
  /// `module::name`
  case scoped
  /// `module.name`
  case dotted

  /// DW_LANG_*
  init(_ number: UInt64) {
    switch number {
    case 0x04, 0x11, 0x19, 0x1a, 0x21, 0x2a, 0x2b: self = .cxx  // C++ 98 to 20, Objective-C++
    case 0x07, 0x08, 0x0e, 0x22, 0x23, 0x2d, 0x1c: self = .scoped  // Fortran, Rust
    case 0x13: self = .dotted  // D
    default: self = .other
    }
  }

  var separator: StaticString {
    switch self {
    case .other: ""
    case .cxx, .scoped: "::"
    case .dotted: "."
    }
  }
}

extension DebugUnit {
  enum Kind { case info, types }

  /// Reads the header at the cursor and moves the cursor behind the unit; nil: it is malformed, and
  /// nothing behind it can be found.
  init?(_ table: inout DebugTable, _ cursor: inout ByteCursor, _ kind: Kind) {
    start = cursor.offset
    guard let (length, is64Bit) = takeInitialLength(&cursor), length <= UInt64(cursor.remaining)
    else { return nil }
    section = table.id
    end = cursor.offset + Int(length)
    format.is64Bit = is64Bit
    var inner = ByteCursor(table.bytes, at: cursor.offset)
    _ = cursor.skip(length)
    isLeftOut = !readHeader(&table, &inner, kind)
    entries = inner.offset
    if entries > end { isLeftOut = true }
  }

  private mutating func readHeader(
    _ table: inout DebugTable, _ cursor: inout ByteCursor, _ kind: Kind
  ) -> Bool {
    guard let version = cursor.take(UInt16.self), (2...5).contains(version) else { return false }
    format.version = version
    var type: UInt8 = kind == .types ? 2 : 1
    var addressSize: UInt8?
    if version >= 5 {
      guard let stated = cursor.take(UInt8.self) else { return false }
      type = stated
      addressSize = cursor.take(UInt8.self)
    }
    guard let place = table.place(at: cursor.offset, size: format.offsetSize),
      cursor.skip(UInt64(format.offsetSize))
    else { return false }
    abbreviations = place
    if version < 5 { addressSize = cursor.take(UInt8.self) }
    guard let addressSize, addressSize == 4 || addressSize == 8 else { return false }
    format.addressSize = addressSize
    switch type {
    case 2, 6:  // DW_UT_type, DW_UT_split_type
      isType = true
      guard let signature = cursor.take(UInt64.self),
        let offset = table.number(at: cursor.offset, size: format.offsetSize),
        cursor.skip(UInt64(format.offsetSize))
      else { return false }
      self.signature = signature
      typeOffset = offset
    case 4, 5:  // DW_UT_skeleton, DW_UT_split_compile: an identifier
      isSkeleton = type == 4
      guard cursor.skip(8) else { return false }
    case 1, 3: break  // DW_UT_compile, DW_UT_partial
    default: return false
    }
    return true
  }
}
