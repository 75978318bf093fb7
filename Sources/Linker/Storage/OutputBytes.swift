// A stretch of the output that one worker fills: a disjoint slice of the output buffer.

internal import ELF

struct OutputBytes: @unchecked Sendable {
  // Sendable: slices that are handed to workers do not overlap.
  let base: UnsafeMutableRawPointer
  let count: Int

  /// Whether `width` bytes at `offset` lie inside.
  @inline(__always) func holds(_ offset: UInt64, _ width: Int) -> Bool {
    offset <= UInt64(count) && UInt64(count) - offset >= UInt64(width)
  }

  /// Stores a little-endian integer; the caller has checked that it lies inside.
  @inline(__always) func store<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at offset: Int) {
    assert(offset >= 0 && offset + MemoryLayout<T>.size <= count)
    base.storeBytes(of: value.littleEndian, toByteOffset: offset, as: T.self)
  }

  @inline(__always) func load<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type, at offset: Int
  ) -> T {
    assert(offset >= 0 && offset + MemoryLayout<T>.size <= count)
    return T(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  /// Stores entry `index` of a table that begins at `start`, in the format of the output. Always
  /// checked: how many there are is counted in one pass and written in another.
  @inline(__always) func store<R: NativeRecord>(
    _ record: R, entry index: Int, from start: Int = 0, _ format: Format
  ) {
    let size = R.size(in: format)
    let offset = start + index * size
    precondition(offset >= 0 && offset + size <= count)
    if format.isNative {
      base.storeBytes(of: record, toByteOffset: offset, as: R.self)
    } else {
      var writer = RecordWriter(base + offset, format)
      record.encode(to: &writer)
    }
  }

  /// Stores an address, offset or size: four or eight bytes.
  @inline(__always) func storeWord(_ value: UInt64, at offset: Int, _ format: Format) {
    if format.is64 {
      store(value, at: offset)
    } else {
      store(UInt32(truncatingIfNeeded: value), at: offset)
    }
  }

  func copy(_ bytes: ByteView, at offset: Int = 0) {
    guard let source = bytes.buffer.baseAddress, bytes.count > 0 else { return }
    precondition(offset >= 0 && offset + bytes.count <= count)
    (base + offset).copyMemory(from: source, byteCount: bytes.count)
  }

  func copy(_ bytes: [UInt8], at offset: Int = 0) {
    bytes.withUnsafeBytes { copy(ByteView($0), at: offset) }
  }

  func fill(_ byte: UInt8, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    (base + range.lowerBound).initializeMemory(as: UInt8.self, repeating: byte, count: range.count)
  }

  /// Repeats a pattern of four bytes, from multiples of four on; `first`: what offset 0 counts as.
  func fill(_ pattern: FillPattern, _ range: Range<Int>, from first: Int = 0) {
    if let byte = pattern.singleByte { return fill(byte, range) }
    for offset in range { store(pattern[(offset + first) & 3], at: offset) }
  }

  func slice(_ offset: Int, _ length: Int) -> OutputBytes {
    precondition(offset >= 0 && length >= 0 && offset <= count && length <= count - offset)
    return OutputBytes(base: base + offset, count: length)
  }

  var view: ByteView { ByteView(base, count: count) }
}
