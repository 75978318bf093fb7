// Loads of integers from bytes, byte order included. Everything that reads a file goes through
// these few functions: bounds are checked here and nowhere else.

/// How a file stores its integers: EI_DATA of the identification.
@frozen public enum ByteOrder: Sendable, BitwiseCopyable {
  /// ELFDATA2LSB
  case little
  /// ELFDATA2MSB
  case big
}

extension ByteView {
  /// The little-endian integer at `offset`, which need not be aligned; nil if it is not inside.
  @inlinable @inline(__always)
  public func load<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, at offset: Int) -> T? {
    guard offset >= 0, count >= MemoryLayout<T>.size, offset <= count - MemoryLayout<T>.size else {
      return nil
    }
    return unsafe T(
      littleEndian: base.unsafelyUnwrapped.loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  /// The integer at `offset` in the given byte order; nil if it is not inside.
  @inlinable @inline(__always)
  public func load<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type, at offset: Int, _ order: ByteOrder
  ) -> T? {
    guard let value = load(T.self, at: offset) else { return nil }
    return order == .little ? value : value.byteSwapped
  }

  /// The little-endian integer at `offset`, which was validated before; traps if it was not.
  @inlinable @inline(__always)
  public func get<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, at offset: Int) -> T {
    precondition(
      offset >= 0 && count >= MemoryLayout<T>.size && offset <= count - MemoryLayout<T>.size)
    return unsafe T(
      littleEndian: base.unsafelyUnwrapped.loadUnaligned(fromByteOffset: offset, as: T.self))
  }
}
