// The search for the end of a string, whose characters may be wider than a byte.

/// Finds the end of strings.
enum StringScan {
  /// The offset behind the terminator of the string of `unit`-byte characters that begins at
  /// `start`; `count` if there is none.
  @inline(__always) static func end(
    _ base: UnsafeRawPointer, _ start: Int, _ count: Int, _ unit: Int
  ) -> Int {
    if unit == 1 {
      guard let found = memoryFind(base + start, 0, count - start) else { return count }
      return found - base + 1
    }
    var offset = start
    while offset + unit <= count {
      var isZero = true
      for byte in 0..<unit where base.load(fromByteOffset: offset + byte, as: UInt8.self) != 0 {
        isZero = false
        break
      }
      offset += unit
      if isZero { return offset }
    }
    return count
  }
}
