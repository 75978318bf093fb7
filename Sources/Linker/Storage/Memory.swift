// The C library's memory functions, where they beat loops of our own.

internal import Glibc

/// The first byte equal to `byte` in `count` bytes.
@inline(__always) func memoryFind(
  _ base: UnsafeRawPointer, _ byte: UInt8, _ count: Int
) -> UnsafeRawPointer? {
  guard let found = memchr(base, Int32(byte), count) else { return nil }
  return UnsafeRawPointer(found)
}
