// Comparing large ranges: the verification reads every loaded byte of both copies, so this is
// memcmp and not a loop over elements.

internal import ELF
internal import Glibc

/// Whether two views hold the same bytes.
func same(_ left: ByteView?, _ right: ByteView?) -> Bool {
  guard let left, let right, left.count == right.count else { return left == nil && right == nil }
  guard let a = unsafe left.buffer.baseAddress, let b = unsafe right.buffer.baseAddress else {
    return true
  }
  return unsafe memcmp(a, b, left.count) == 0
}
