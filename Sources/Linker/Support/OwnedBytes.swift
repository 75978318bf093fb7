// Memory of our own that looks like a mapped file: the result of decompression.

internal import ELF
internal import Glibc

/// Bytes that live as long as this object. Filled by its maker, then only read.
final class OwnedBytes: Sendable {
  /// Valid while the object is.
  let view: ByteView

  /// `count` bytes that `fill` writes; nil if there is not so much memory.
  init?<E: Error>(
    count: Int, fill: (UnsafeMutableRawBufferPointer) throws(E) -> Void
  ) throws(E) {
    // malloc, because Swift's allocation ends the program where this answers nil.
    guard count >= 0, let base = malloc(max(count, 1)) else { return nil }
    do {
      try fill(UnsafeMutableRawBufferPointer(start: base, count: count))
    } catch {
      free(base)
      throw error
    }
    view = ByteView(UnsafeRawPointer(base), count: count)
  }

  deinit { free(UnsafeMutableRawPointer(mutating: view.buffer.baseAddress)) }
}
