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

/// The length of the NUL-terminated string at `base`, and whether it has `byte` in it: one look at a
/// string that has not.
@inline(__always) func memoryMeasure(
  _ base: UnsafeRawPointer, upTo byte: UInt8
) -> (length: Int, hasByte: Bool) {
  let text = base.assumingMemoryBound(to: CChar.self)
  let length = swold_find_or_end(text, Int32(byte)) - text
  if text[length] == 0 { return (length, false) }
  return (length + strlen(text + length), true)
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
