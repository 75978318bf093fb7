// A set of byte values: 32 bytes, membership is a shift and a mask.

struct ByteSet: Sendable, Hashable, BitwiseCopyable {
  private var words = SIMD4<UInt64>(repeating: 0)

  init() {}

  init(_ byte: UInt8) { insert(byte) }

  /// Every byte.
  static var all: ByteSet {
    var set = ByteSet()
    set.words = SIMD4(repeating: .max)
    return set
  }

  func contains(_ byte: UInt8) -> Bool {
    words[Int(byte >> 6)] >> UInt64(byte & 63) & 1 != 0
  }

  mutating func insert(_ byte: UInt8) {
    words[Int(byte >> 6)] |= 1 << UInt64(byte & 63)
  }

  /// All bytes that are not in the set.
  var inverted: ByteSet {
    var set = self
    set.words = ~words
    return set
  }
}
