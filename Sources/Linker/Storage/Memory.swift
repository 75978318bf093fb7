// The C library's memory functions, where they beat loops of our own.

internal import CShims
internal import ELF
internal import Glibc

/// The first byte equal to `byte` in `count` bytes.
@inline(__always) func memoryFind(
  _ base: UnsafeRawPointer, _ byte: UInt8, _ count: Int
) -> UnsafeRawPointer? {
  guard let found = memchr(base, Int32(byte), count) else { return nil }
  return UnsafeRawPointer(found)
}

extension ByteView {
  /// The offset of the first `byte`: `firstIndex`, for names by the million.
  func find(_ byte: UInt8) -> Int? {
    guard let start = buffer.baseAddress, let found = memoryFind(start, byte, count) else {
      return nil
    }
    return found - start
  }
}

/// Whether `text` occurs in `bytes`.
func memoryContains(_ bytes: ByteView, _ text: StaticString) -> Bool {
  guard let base = bytes.buffer.baseAddress else { return false }
  return swold_contains(base, bytes.count, text.utf8Start, text.utf8CodeUnitCount) != 0
}
