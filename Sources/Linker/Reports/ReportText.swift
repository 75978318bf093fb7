// The text of a report while it is put together: bytes, for a map of a large program has millions of
// lines and `String` would check every one of them.

internal import ELF

struct ReportText: Sendable {
  private(set) var bytes: [UInt8] = []

  static func += (text: inout ReportText, other: StaticString) {
    other.withUTF8Buffer { text.bytes.append(contentsOf: $0) }
  }

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(_ text: ReportText) { bytes.append(contentsOf: text.bytes) }

  mutating func append(_ name: ByteView) {
    for index in 0..<name.count { bytes.append(name[index]) }
  }

  /// A number in hexadecimal, right-aligned in at least `width` columns.
  mutating func append(hex value: UInt64, width: Int) { append(value, radix: 16, width: width) }

  /// A number in decimal, right-aligned in at least `width` columns.
  mutating func append(decimal value: UInt64, width: Int = 0) {
    append(value, radix: 10, width: width)
  }

  private mutating func append(_ value: UInt64, radix: UInt64, width: Int) {
    var digits = 1
    var rest = value / radix
    while rest > 0 {
      digits += 1
      rest /= radix
    }
    if digits < width { append(spaces: width - digits) }
    let end = bytes.count + digits
    bytes.append(contentsOf: repeatElement(0x30, count: digits))
    rest = value
    for position in 1...digits {
      let digit = UInt8(rest % radix)
      bytes[end - position] = digit < 10 ? 0x30 + digit : 0x57 + digit
      rest /= radix
    }
  }

  mutating func append(spaces count: Int) {
    bytes.append(contentsOf: repeatElement(0x20, count: max(count, 0)))
  }

  /// Appends `text` and fills up to `width` columns.
  mutating func append(_ text: String, width: Int) {
    append(text)
    append(spaces: width - text.utf8.count)
  }
}
