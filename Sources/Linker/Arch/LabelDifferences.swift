// Numbers that two relocations make of two labels, one adding and one subtracting: 6 bits of a byte,
// or a ULEB128 number, which keeps the bytes that it has.

internal import ELF

extension OutputBytes {
  /// Stores into the lower 6 bits.
  func storeSixBits(_ value: UInt64, isSubtracted: Bool, at offset: Int) {
    let byte = load(UInt8.self, at: offset)
    let bits = UInt8(truncatingIfNeeded: value)
    store(byte & 0xc0 | (isSubtracted ? byte &- bits : bits) & 0x3f, at: offset)
  }

  /// Bytes of the ULEB128 number at `offset`; nil: it does not end, or has more than 64 bits.
  func lengthOfNumber(at offset: Int) -> Int? {
    for length in 1...10 where holds(UInt64(offset), length) {
      if load(UInt8.self, at: offset + length - 1) & 0x80 == 0 { return length }
    }
    return nil
  }

  func number(at offset: Int, length: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<length {
      value |= UInt64(load(UInt8.self, at: offset + index) & 0x7f) << UInt64(index * 7)
    }
    return value
  }

  static func holds(number: UInt64, length: Int) -> Bool {
    length >= 10 || number >> UInt64(7 * length) == 0
  }

  /// Stores as many bits as `length` bytes have.
  func storeNumber(_ value: UInt64, at offset: Int, length: Int) {
    for index in 0..<length {
      let bits = UInt8(truncatingIfNeeded: value >> UInt64(index * 7)) & 0x7f
      store(index + 1 < length ? bits | 0x80 : bits, at: offset + index)
    }
  }
}
