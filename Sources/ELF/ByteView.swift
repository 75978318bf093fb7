// A view of bytes that somebody else keeps alive.
//
// Linkers and editors map whole files and look at them through views, never through copies. A span
// cannot be stored in a table, so the stored form is this pair of pointer and count. It is valid
// while its owner is; both programs keep their inputs mapped until they have finished with them.
//
// Every access is checked: the optional forms are for numbers that come from a file, the subscript
// (which traps) is for numbers that were validated before.

/// Bytes at an address, and their number: 16 bytes that may be stored anywhere. The owner of the
/// bytes keeps them mapped while a view of them is in use, which nothing checks.
@safe public struct ByteView: @unchecked Sendable, BitwiseCopyable {
  // Sendable: the bytes are never written while a view of them is in use.
  @usableFromInline let base: UnsafeRawPointer?
  /// The number of bytes.
  public let count: Int

  /// No bytes, at no address.
  @inlinable public init() {
    unsafe base = nil
    count = 0
  }

  /// A view of `count` bytes at `base`, which the caller keeps alive.
  @unsafe @inlinable public init(_ base: UnsafeRawPointer, count: Int) {
    precondition(count >= 0)
    unsafe self.base = base
    self.count = count
  }

  /// A view of `bytes`, which the caller keeps alive.
  @unsafe @inlinable public init(_ bytes: UnsafeRawBufferPointer) {
    unsafe base = bytes.baseAddress
    count = bytes.count
  }

  /// Whether there is no byte; also true for bytes at no address.
  @inlinable public var isEmpty: Bool { count == 0 }

  /// The bytes as a raw buffer, for calls into C.
  @unsafe @inlinable public var buffer: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: base, count: count)
  }

  /// Calls `body` with the bytes as a span, which is good until it returns.
  @inlinable public func withSpan<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(unsafe buffer.bindMemory(to: UInt8.self).span)
  }

  /// The byte at `offset`, which the caller knows to be inside.
  @inlinable public subscript(offset: Int) -> UInt8 {
    precondition(UInt(bitPattern: offset) < UInt(bitPattern: count))
    return unsafe base.unsafelyUnwrapped.load(fromByteOffset: offset, as: UInt8.self)
  }

  /// The `length` bytes at `offset`, or nil if they are not all inside.
  @inlinable public func slice(_ offset: Int, _ length: Int) -> ByteView? {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
    guard let base = unsafe base else { return ByteView() }
    return unsafe ByteView(base + offset, count: length)
  }

  /// The `length` bytes at `offset`, both as a file states them, or nil if not all are inside.
  @inlinable public func slice(_ offset: UInt64, _ length: UInt64) -> ByteView? {
    let total = UInt64(count)
    guard offset <= total, length <= total - offset else { return nil }
    return slice(Int(offset), Int(length))
  }

  /// The bytes from `offset` to the end, or nil if `offset` lies beyond it.
  @inlinable public func suffix(from offset: Int) -> ByteView? {
    offset <= count ? slice(offset, count - offset) : nil
  }

  /// The NUL-terminated string at `offset`, without its NUL; nil if it does not end inside.
  @inlinable public func cString(at offset: Int) -> ByteView? {
    guard offset >= 0, offset < count, let base = unsafe base else { return nil }
    let start = unsafe base + offset
    var end = 0
    let limit = count - offset
    while end < limit {
      if unsafe start.load(fromByteOffset: end, as: UInt8.self) == 0 {
        return unsafe ByteView(start, count: end)
      }
      end += 1
    }
    return nil
  }

  /// The offset of the first `byte` at or behind `start`.
  @inlinable public func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
    var index = start
    while index < count {
      if self[index] == byte { return index }
      index += 1
    }
    return nil
  }

  /// Whether the first bytes are those of `prefix`, which is compared as UTF-8 and without a NUL.
  @inlinable @inline(__always) public func hasPrefix(_ prefix: StaticString) -> Bool {
    let length = prefix.utf8CodeUnitCount
    guard length > 0 else { return true }
    // Names of sections differ at the end of what may be common, not at its beginning.
    guard count >= length, let base = unsafe base,
      unsafe base.load(fromByteOffset: length - 1, as: UInt8.self) == prefix.utf8Start[length - 1]
    else { return false }
    return unsafe hasPrefixBytes(base, prefix)
  }

  /// Whether the bytes at `base`, which are as many, are those of `prefix`.
  @inlinable func hasPrefixBytes(_ base: UnsafeRawPointer, _ prefix: StaticString) -> Bool {
    let text = unsafe prefix.utf8Start
    for index in 0..<prefix.utf8CodeUnitCount
    where unsafe base.load(fromByteOffset: index, as: UInt8.self) != text[index] {
      return false
    }
    return true
  }

  /// Whether the bytes are those of `text`, which has no NUL at its end here.
  @inlinable public func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && hasPrefix(text)
  }

  /// The bytes as text; what is not UTF-8 is replaced. For messages and options only.
  public var string: String { unsafe String(decoding: buffer, as: UTF8.self) }
}

extension ByteView: Equatable {
  public static func == (left: ByteView, right: ByteView) -> Bool {
    guard left.count == right.count else { return false }
    return unsafe left.buffer.elementsEqual(right.buffer)
  }
}

extension ByteView: Hashable {
  public func hash(into hasher: inout Hasher) { unsafe hasher.combine(bytes: buffer) }
}
