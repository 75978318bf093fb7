// Comparing, searching and copying large ranges: the verification reads loaded bytes of both copies, and
// a string table may have megabytes, so this is memcmp and its kin and not a loop over elements.

internal import CFileSystem
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

extension ByteView {
  /// A copy of the bytes.
  var array: [UInt8] { unsafe Array(buffer) }

  /// A copy of the bytes behind `lead` zeros, which can take `spare` more without being copied again.
  func array(behind lead: Int, spare: Int = 0) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(lead + count + spare)
    result.append(contentsOf: repeatElement(0, count: lead))
    unsafe result.append(contentsOf: buffer)
    return result
  }

  /// Where `wanted` begins for the first time.
  func firstOffset(of wanted: [UInt8]) -> Int? {
    guard let start = unsafe buffer.baseAddress else { return nil }
    return unsafe wanted.withUnsafeBytes { wanted in
      unsafe swold_find(start, count, wanted.baseAddress, wanted.count).map { unsafe $0 - start }
    }
  }
}
