// A set of byte values: 32 bytes, membership is a shift and a mask.

/// A set of byte values, in four words.
@frozen public struct ByteSet: Sendable, Hashable, BitwiseCopyable {
  @usableFromInline var words = SIMD4<UInt64>(repeating: 0)

  /// No byte.
  @inlinable public init() {}

  /// One byte.
  @inlinable public init(_ byte: UInt8) { insert(byte) }

  /// Every byte.
  public static var all: ByteSet { ByteSet().inverted }

  /// Whether `byte` is in the set.
  @inlinable public func contains(_ byte: UInt8) -> Bool {
    words[Int(byte >> 6)] >> UInt64(byte & 63) & 1 != 0
  }

  /// Adds a byte, which may be there already.
  @inlinable public mutating func insert(_ byte: UInt8) {
    words[Int(byte >> 6)] |= 1 << UInt64(byte & 63)
  }

  /// Adds the bytes of `other`.
  public mutating func formUnion(_ other: ByteSet) { words |= other.words }

  /// All bytes that are not in the set.
  public var inverted: ByteSet {
    var set = self
    set.words = ~words
    return set
  }

  /// Whether `other` has all bytes of this set.
  public func isSubset(of other: ByteSet) -> Bool {
    words & ~other.words == SIMD4(repeating: 0)
  }

  /// The number of bytes, 0 to 256.
  public var count: Int { (0..<4).reduce(0) { $0 + words[$1].nonzeroBitCount } }

  /// The smallest byte; nil if there is none.
  public var first: UInt8? { (UInt8.min...UInt8.max).first { contains($0) } }
}
