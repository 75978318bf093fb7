// Checks a CIE of `.eh_frame`, which says how the records of its functions are to be read (LSB Core,
// "Exception Frames"). An unwinder stops at what it does not understand, and the program ends where
// it would have caught an exception; here the message can still name the file.
//
// What FDEs say beyond their function is not looked at: there are millions, and the linker only
// moves them.

internal import ELF

struct FrameDescription {
  /// What is wrong with the CIE at `offset`, whose end is `end`; nil: nothing. `wordSize`: bytes of
  /// an address.
  static func defect(
    in bytes: ByteView, from offset: Int, to end: Int, wordSize: Int
  ) -> String? {
    var reader = Reader(bytes: bytes, offset: offset + 8, end: end)
    guard let version = reader.byte() else { return "has a CIE without content" }
    guard version == 1 || version == 3 else {
      return "has a CIE of version \(version); 1 and 3 are known"
    }
    guard let augmentation = reader.string() else {
      return "has a CIE whose augmentation does not end"
    }
    guard reader.skipNumber(), reader.skipNumber(),
      version == 1 ? reader.byte() != nil : reader.skipNumber()
    else { return "has a CIE that breaks off" }
    guard augmentation.count > 0 else { return nil }
    guard augmentation[0] == UInt8(ascii: "z") else {
      return "has a CIE with the unknown augmentation '\(augmentation.string)'"
    }
    guard let size = reader.number(), size <= UInt64(end - reader.offset) else {
      return "has a CIE whose augmentation data are longer than the CIE"
    }
    reader.end = reader.offset + Int(size)
    for index in 1..<augmentation.count {
      if let reason = defect(ofLetter: augmentation[index], wordSize, &reader) {
        return "has a CIE with the augmentation '\(augmentation.string)', \(reason)"
      }
    }
    return nil
  }

  private static func defect(
    ofLetter letter: UInt8, _ wordSize: Int, _ reader: inout Reader
  ) -> String? {
    switch letter {
    case UInt8(ascii: "S"), UInt8(ascii: "B"), UInt8(ascii: "G"): return nil
    case UInt8(ascii: "L"), UInt8(ascii: "R"), UInt8(ascii: "P"): break
    default: return "which has an unknown letter"
    }
    guard let encoding = reader.byte() else { return "and too few data for it" }
    // DW_EH_PE_omit: there are no LSDAs.
    if letter == UInt8(ascii: "L") && encoding == 0xff { return nil }
    let size: Int
    switch encoding & 0x0f {
    case 0x00: size = wordSize
    case 0x04, 0x0c: size = 8
    case 0x02, 0x0a: size = 2
    case 0x03, 0x0b: size = 4
    default: return "and the unknown encoding 0x\(String(encoding, radix: 16))"
    }
    guard encoding & 0x70 <= 0x40 else {
      return "and the unknown encoding 0x\(String(encoding, radix: 16))"
    }
    if letter == UInt8(ascii: "P") && !reader.skip(size) { return "and too few data for it" }
    return nil
  }

  private struct Reader {
    let bytes: ByteView
    var offset: Int
    var end: Int

    mutating func byte() -> UInt8? {
      guard offset < end else { return nil }
      defer { offset += 1 }
      return bytes[offset]
    }

    mutating func skip(_ count: Int) -> Bool {
      guard count <= end - offset else { return false }
      offset += count
      return true
    }

    /// The bytes before the next NUL.
    mutating func string() -> ByteView? {
      guard let string = bytes.cString(at: offset), string.count < end - offset else { return nil }
      offset += string.count + 1
      return string
    }

    /// Skips an LEB128 number.
    mutating func skipNumber() -> Bool {
      while let byte = byte() {
        if byte & 0x80 == 0 { return true }
      }
      return false
    }

    /// An unsigned LEB128 number of at most 63 bits.
    mutating func number() -> UInt64? {
      var value: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 63, by: 7) {
        guard let byte = byte() else { return nil }
        value |= UInt64(byte & 0x7f) << shift
        if byte & 0x80 == 0 { return value }
      }
      return nil
    }
  }
}
