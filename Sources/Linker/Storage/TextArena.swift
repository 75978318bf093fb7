// Texts that are made during a link and kept until its end, in a few large blocks.

internal import ELF

struct TextArena: Sendable {
  private var block = Block<UInt8>.empty
  private var used = 0

  private static var blockSize: Int { 64 << 10 }

  private mutating func take(_ count: Int) -> Block<UInt8> {
    if block.count - used < count {
      block = Block(room: max(count, Self.blockSize))
      used = 0
    }
    defer { used += count }
    return block.slice(used..<used + count)
  }

  /// A text of at most `room` bytes, which `fill` writes; it answers how many.
  mutating func make(atMost room: Int, _ fill: (OutputBytes) -> Int) -> ByteView {
    let bytes = take(room)
    let count = fill(OutputBytes(base: bytes.base, count: room))
    used -= room - count
    return ByteView(bytes.base, count: count)
  }

  mutating func copy(_ text: ByteView) -> ByteView { join(text, ByteView(), ByteView()) }

  /// The three texts one behind the other.
  mutating func join(_ first: ByteView, _ second: ByteView, _ third: ByteView) -> ByteView {
    let count = first.count + second.count + third.count
    let room = take(count)
    let out = OutputBytes(base: room.base, count: count)
    out.copy(first)
    out.copy(second, at: first.count)
    out.copy(third, at: first.count + second.count)
    return out.view
  }
}

extension StaticString {
  /// The bytes, without a NUL.
  var view: ByteView { ByteView(utf8Start, count: utf8CodeUnitCount) }
}
