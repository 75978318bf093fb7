// Reads a byte format from front to back.
//
// For formats that are read once and seldom, such as debug information for a message. A read
// beyond the end answers nil and leaves the cursor where it was, so a parser is a chain of guards.

internal import ELF

struct ByteCursor {
  let bytes: ByteView
  /// Never beyond the end.
  private(set) var offset: Int

  /// A cursor at `offset`, or at the end if that lies beyond it.
  init(_ bytes: ByteView, at offset: Int = 0) {
    self.bytes = bytes
    self.offset = max(0, min(offset, bytes.count))
  }

  var isAtEnd: Bool { offset >= bytes.count }
  var remaining: Int { bytes.count - offset }
  /// The next byte.
  var peek: UInt8? { isAtEnd ? nil : bytes[offset] }

  /// Takes a little-endian integer.
  mutating func take<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) -> T? {
    guard let value = bytes.load(T.self, at: offset) else { return nil }
    offset += MemoryLayout<T>.size
    return value
  }

  /// Takes the next `count` bytes.
  mutating func take(count: Int) -> ByteView? {
    guard let slice = bytes.slice(offset, count) else { return nil }
    offset += count
    return slice
  }

  /// Skips as many bytes as the file says.
  mutating func skip(_ count: UInt64) -> Bool {
    guard count <= UInt64(remaining) else { return false }
    offset += Int(count)
    return true
  }

  /// Takes a string and its NUL; answers it without.
  mutating func takeCString() -> ByteView? {
    guard let text = bytes.cString(at: offset) else { return nil }
    offset += text.count + 1
    return text
  }

  /// Takes an unsigned LEB128 number (DWARF 5, 7.6). One that needs more than 64 bits is nil.
  mutating func takeULEB() -> UInt64? {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    var position = offset
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      let payload = UInt64(byte & 0x7f)
      guard shift < 64, shift < 63 || payload <= 1 else {
        if payload != 0 { return nil }
        if byte & 0x80 != 0 { continue }
        offset = position
        return result
      }
      result |= payload << shift
      shift += 7
      if byte & 0x80 == 0 {
        offset = position
        return result
      }
    }
    return nil
  }

  /// Takes a signed LEB128 number; bits beyond 64 are dropped.
  mutating func takeSLEB() -> Int64? {
    var result: Int64 = 0
    var shift: Int64 = 0
    var position = offset
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if shift < 64 { result |= Int64(byte & 0x7f) << shift }
      shift = min(shift + 7, 70)
      if byte & 0x80 == 0 {
        if shift < 64, byte & 0x40 != 0 { result |= -1 << shift }
        offset = position
        return result
      }
    }
    return nil
  }
}
