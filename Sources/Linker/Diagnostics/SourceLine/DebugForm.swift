// How attribute values are stored (DWARF 5, 7.5.6 "Form Encodings", and the GNU extensions).
//
// The look-up needs few values, but it has to step over all of them.

internal import ELF

struct DebugForm {
  enum Value {
    case number(UInt64)
    /// DW_FORM_string
    case text(ByteView)
    /// An offset in `.debug_str`.
    case string(UInt64)
    /// An offset in `.debug_line_str`.
    case lineString(UInt64)
    /// A block or expression and where it begins in the section.
    case block(ByteView, offset: Int)
    /// A reference, from the beginning of the unit.
    case unitReference(UInt64)
    /// Something that is of no use here.
    case other
  }

  let rawValue: UInt64
  let version: UInt16
  let is64Bit: Bool
  let addressSize: UInt8

  /// Takes a value of this form; nil if the bytes end or the form is unknown.
  func take(_ section: DebugSection, _ cursor: inout ByteCursor) -> Value? {
    switch rawValue {
    case 0x0b, 0x0c, 0x11, 0x25, 0x29:  // data1, flag, ref1, strx1, addrx1
      return cursor.take(UInt8.self).map { number(UInt64($0)) }
    case 0x05, 0x12, 0x26, 0x2a:  // data2, ref2, strx2, addrx2
      return cursor.take(UInt16.self).map { number(UInt64($0)) }
    case 0x27, 0x2b:  // strx3, addrx3
      return cursor.skip(3) ? .other : nil
    case 0x06:  // data4: before version 4 also an offset in another section
      return version < 4
        ? section.takeOffset(&cursor, is64Bit: false).map(Value.number)
        : cursor.take(UInt32.self).map { .number(UInt64($0)) }
    case 0x13, 0x28, 0x2c, 0x1c:  // ref4, strx4, addrx4, ref_sup4
      return cursor.take(UInt32.self).map { number(UInt64($0)) }
    case 0x07, 0x14:  // data8, ref8
      return cursor.take(UInt64.self).map { number($0) }
    case 0x20, 0x24:  // ref_sig8, ref_sup8
      return cursor.skip(8) ? .other : nil
    case 0x1e:  // data16
      return cursor.skip(16) ? .other : nil
    case 0x01:  // addr
      return cursor.skip(UInt64(addressSize)) ? .other : nil
    case 0x08:  // string
      return cursor.takeCString().map(Value.text)
    case 0x0e:  // strp
      return section.takeOffset(&cursor, is64Bit: is64Bit).map(Value.string)
    case 0x1f:  // line_strp
      return section.takeOffset(&cursor, is64Bit: is64Bit).map(Value.lineString)
    case 0x17:  // sec_offset
      return section.takeOffset(&cursor, is64Bit: is64Bit).map(Value.number)
    case 0x10:  // ref_addr: in version 2 as large as an address
      let size = version == 2 ? UInt64(addressSize) : is64Bit ? 8 : 4
      return cursor.skip(size) ? .other : nil
    case 0x1d, 0x1f20, 0x1f21:  // strp_sup, GNU_ref_alt, GNU_strp_alt
      return cursor.skip(is64Bit ? 8 : 4) ? .other : nil
    case 0x0f, 0x15:  // udata, ref_udata
      return cursor.takeULEB().map { number($0) }
    case 0x1a, 0x1b, 0x22, 0x23, 0x1f01, 0x1f02:  // strx, addrx, loclistx, rnglistx, GNU_*_index
      return cursor.takeULEB().map { _ in .other }
    case 0x0d:  // sdata
      return cursor.takeSLEB().map { .number(UInt64(bitPattern: $0)) }
    case 0x09, 0x18:  // block, exprloc
      return cursor.takeULEB().flatMap { block($0, &cursor) }
    case 0x0a:  // block1
      return cursor.take(UInt8.self).flatMap { block(UInt64($0), &cursor) }
    case 0x03:  // block2
      return cursor.take(UInt16.self).flatMap { block(UInt64($0), &cursor) }
    case 0x04:  // block4
      return cursor.take(UInt32.self).flatMap { block(UInt64($0), &cursor) }
    case 0x19, 0x21:  // flag_present, implicit_const: nothing is stored
      return .other
    case 0x16:  // indirect: the form stands before the value, and cannot be indirect again
      guard let form = cursor.takeULEB(), form != 0x16, form != 0x21 else { return nil }
      return DebugForm(
        rawValue: form, version: version, is64Bit: is64Bit, addressSize: addressSize
      ).take(section, &cursor)
    default:
      return nil
    }
  }

  private func number(_ value: UInt64) -> Value {
    (0x11...0x15).contains(rawValue) ? .unitReference(value) : .number(value)
  }

  private func block(_ count: UInt64, _ cursor: inout ByteCursor) -> Value? {
    let offset = cursor.offset
    guard count <= UInt64(cursor.remaining), let bytes = cursor.take(count: Int(count)) else {
      return nil
    }
    return .block(bytes, offset: offset)
  }
}
