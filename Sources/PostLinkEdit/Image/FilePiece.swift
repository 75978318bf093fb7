// A file that is made of another one, debug information above all, has gigabytes of the same bytes. It is a
// list of pieces: few are new, the others are named by where the original has them, and the commit
// copies those inside the kernel.

internal import ELF

/// A run of bytes of a new file.
enum FilePiece: Sendable {
  case bytes([UInt8])
  /// Bytes of the original, and their offset there.
  case original(ByteView, offset: Int)

  var count: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .original(let view, _): view.count
    }
  }
}

extension [FilePiece] {
  var byteCount: Int { reduce(0) { $0 + $1.count } }

  /// All of them, one behind the other.
  var bytes: [UInt8] {
    if count == 1, case .bytes(let bytes) = self[0] { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(byteCount)
    for piece in self {
      switch piece {
      case .bytes(let bytes): result.append(contentsOf: bytes)
      case .original(let view, _): unsafe result.append(contentsOf: view.buffer)
      }
    }
    return result
  }
}
