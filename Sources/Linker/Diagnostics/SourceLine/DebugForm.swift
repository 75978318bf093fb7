// How attribute values are stored (DWARF 5, 7.5.6 "Form Encodings", and the GNU extensions).
//
// The look-up needs few values, but it has to step over all of them; how large they are says
// DebugIndex/UnitFormat.

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
    case 0x06 where version < 4:  // data4: also an offset in another section
      return section.takeOffset(&cursor, is64Bit: false).map(Value.number)
    case 0x08:  // string
      return cursor.takeCString().map(Value.text)
    case 0x0e:  // strp
      return section.takeOffset(&cursor, is64Bit: is64Bit).map(Value.string)
    case 0x1f:  // line_strp
      return section.takeOffset(&cursor, is64Bit: is64Bit).map(Value.lineString)
    case 0x17:  // sec_offset
      return section.takeOffset(&cursor, is64Bit: is64Bit).map(Value.number)
    case 0x0d:  // sdata
      return cursor.takeSLEB().map { .number(UInt64(bitPattern: $0)) }
    case 0x16:  // indirect: the form stands before the value, and cannot be indirect again
      guard let form = cursor.takeULEB(), form != 0x16, form != 0x21 else { return nil }
      return DebugForm(
        rawValue: form, version: version, is64Bit: is64Bit, addressSize: addressSize
      ).take(section, &cursor)
    default:
      return plain(&cursor)
    }
  }

  /// A value that stands in the section as it is.
  private func plain(_ cursor: inout ByteCursor) -> Value? {
    let format = UnitFormat(version: version, is64Bit: is64Bit, addressSize: addressSize)
    var (form, offset) = (rawValue, 0)
    guard let number = format.take(&form, &cursor, offset: &offset) else { return nil }
    switch rawValue {
    case 0x11...0x15: return .unitReference(number)  // ref1 to ref8, ref_udata
    // data1 to data8, udata, flag, strx1, strx2, strx4, addrx1, addrx2, addrx4, ref_sup4
    case 0x0b, 0x05, 0x06, 0x07, 0x0f, 0x0c, 0x25, 0x26, 0x28, 0x29, 0x2a, 0x2c, 0x1c:
      return .number(number)
    case 0x09, 0x18, 0x0a, 0x03, 0x04:  // block, exprloc, block1 to block4
      let start = cursor.offset - Int(number)
      return cursor.bytes.slice(start, Int(number)).map { .block($0, offset: start) }
    default: return .other
    }
  }
}
