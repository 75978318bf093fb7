// Bytes for parsers that look at mapped files: the copy is kept for ever, as the maps are.

import ELF

extension ByteView {
  init(_ text: String) { self.init([UInt8](text.utf8)) }

  init(_ bytes: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
    copy.copyBytes(from: bytes)
    self.init(UnsafeRawBufferPointer(copy))
  }
}
