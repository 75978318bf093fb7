// Tables of records in whatever format their file has.
//
// In the native format a table is a view into the mapped file. Others are decoded once, into memory
// that lives as long as the link, so that no pass is generic over the class of a file.

internal import ELF

extension RecordView where Record: NativeRecord {
  /// All whole records in `bytes`, which has them in the given format.
  init(decoding bytes: ByteView, _ format: Format) {
    guard !format.isNative else {
      self.init(bytes)
      return
    }
    let count = bytes.count / Record.size(in: format)
    let block = Block<Record>(count: count)
    var reader = RecordReader(bytes, format)
    for index in 0..<count { block[index] = Record(from: &reader) }
    self.init(ByteView(UnsafeRawPointer(block.base), count: count * MemoryLayout<Record>.stride))
  }
}
