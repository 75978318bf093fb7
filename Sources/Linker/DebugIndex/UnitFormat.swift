// How the values of attributes are stored (DWARF 5, 7.5.6 "Form Encodings", and the GNU extensions).
//
// A reader of debug information steps over far more values than it looks at, so for each form that has a
// fixed size in a unit the size is known beforehand (AbbreviationTable).

internal import ELF

/// What the header of a unit says of the sizes in it.
struct UnitFormat: Equatable, BitwiseCopyable {
  var version: UInt16 = 5
  var is64Bit = false
  var addressSize: UInt8 = 8

  var offsetSize: Int { is64Bit ? 8 : 4 }
}

enum DebugFormSize: BitwiseCopyable {
  case fixed(Int)
  case number
  case text
  /// A block behind its length: bytes of the length, 0: ULEB128.
  case block(Int)
  case indirect
}

extension UnitFormat {
  /// nil: an unknown form.
  func size(_ form: UInt64) -> DebugFormSize? {
    switch form {
    case 0x01: .fixed(Int(addressSize))  // addr
    case 0x0b, 0x0c, 0x11, 0x25, 0x29: .fixed(1)  // data1, flag, ref1, strx1, addrx1
    case 0x05, 0x12, 0x26, 0x2a: .fixed(2)  // data2, ref2, strx2, addrx2
    case 0x27, 0x2b: .fixed(3)  // strx3, addrx3
    case 0x06, 0x13, 0x28, 0x2c, 0x1c: .fixed(4)  // data4, ref4, strx4, addrx4, ref_sup4
    case 0x07, 0x14, 0x20, 0x24: .fixed(8)  // data8, ref8, ref_sig8, ref_sup8
    case 0x1e: .fixed(16)  // data16
    case 0x0e, 0x1f, 0x17, 0x1d: .fixed(offsetSize)  // strp, line_strp, sec_offset, strp_sup
    case 0x1f20, 0x1f21: .fixed(offsetSize)  // GNU_ref_alt, GNU_strp_alt
    case 0x10: .fixed(version <= 2 ? Int(addressSize) : offsetSize)  // ref_addr
    case 0x19, 0x21: .fixed(0)  // flag_present, implicit_const
    // udata, sdata, ref_udata, strx, addrx, loclistx, rnglistx, GNU_addr_index, GNU_str_index
    case 0x0f, 0x0d, 0x15, 0x1a, 0x1b, 0x22, 0x23, 0x1f01, 0x1f02: .number
    case 0x08: .text  // string
    case 0x09, 0x18: .block(0)  // block, exprloc
    case 0x0a: .block(1)
    case 0x03: .block(2)
    case 0x04: .block(4)
    case 0x16: .indirect
    default: nil
    }
  }

  /// Takes the value of an attribute; nil: the bytes end or the form is unknown.
  @inline(__always)
  func value(of attribute: AttributeSpecification, _ cursor: inout ByteCursor) -> DebugValue? {
    var value = DebugValue(form: attribute.form)
    guard let number = take(attribute.size, &value.form, &cursor, offset: &value.offset) else {
      return nil
    }
    value.number = attribute.form == 0x21 ? attribute.constant : number  // DW_FORM_implicit_const
    return value
  }

  /// Takes a value: a number, the length of a block, 0 for a text; nil: the bytes end or the form is unknown.
  func take(_ form: inout UInt64, _ cursor: inout ByteCursor, offset: inout Int) -> UInt64? {
    guard let size = size(form) else { return nil }
    return take(size, &form, &cursor, offset: &offset)
  }

  @inline(__always)
  private func take(
    _ size: DebugFormSize, _ form: inout UInt64, _ cursor: inout ByteCursor, offset: inout Int
  ) -> UInt64? {
    if case .indirect = size { return takeIndirect(&form, &cursor, offset: &offset) }
    offset = cursor.offset
    return takeDirect(size, &cursor)
  }

  /// Takes a value whose form does not stand before it.
  @inline(__always)
  private func takeDirect(_ size: DebugFormSize, _ cursor: inout ByteCursor) -> UInt64? {
    switch size {
    case .fixed(let size): take(size, &cursor)
    case .number: cursor.takeULEB()
    case .text: UnitFormat.skipText(&cursor) ? 0 : nil
    case .block(let size): takeBlock(size, &cursor)
    case .indirect: nil
    }
  }

  /// The form stands before the value, and cannot be indirect again, nor have its value elsewhere.
  @inline(never)
  private func takeIndirect(
    _ form: inout UInt64, _ cursor: inout ByteCursor, offset: inout Int
  ) -> UInt64? {
    guard let actual = cursor.takeULEB(), actual != 0x21, let size = size(actual) else {
      return nil
    }
    form = actual
    offset = cursor.offset
    return takeDirect(size, &cursor)
  }

  private func takeBlock(_ size: Int, _ cursor: inout ByteCursor) -> UInt64? {
    guard let count = size == 0 ? cursor.takeULEB() : take(size, &cursor), cursor.skip(count)
    else { return nil }
    return count
  }

  private func take(_ size: Int, _ cursor: inout ByteCursor) -> UInt64? {
    switch size {
    case 0: return 0
    case 1: return cursor.take(UInt8.self).map(UInt64.init)
    case 2: return cursor.take(UInt16.self).map(UInt64.init)
    case 3:
      guard let low = cursor.take(UInt16.self), let high = cursor.take(UInt8.self) else {
        return nil
      }
      return UInt64(low) | UInt64(high) << 16
    case 4: return cursor.take(UInt32.self).map(UInt64.init)
    case 8: return cursor.take(UInt64.self)
    default: return cursor.skip(UInt64(size)) ? 0 : nil
    }
  }

  private static func skipText(_ cursor: inout ByteCursor) -> Bool {
    guard let rest = cursor.bytes.suffix(from: cursor.offset), let length = rest.find(0) else {
      return false
    }
    return cursor.skip(UInt64(length + 1))
  }
}
