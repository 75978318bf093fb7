// Numbers as option values write them.

enum Number {
  /// Reads a whole number: decimal, `0x…` hexadecimal, or octal after a leading zero, as strtoull
  /// does. With `radix` 16 plain digits are hexadecimal. Nil if `text` is anything else or too big.
  static func parse(_ text: String, radix: UInt64 = 10) -> UInt64? {
    var digits = Substring(text)
    var radix = radix
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
      digits = digits.dropFirst(2)
      radix = 16
    } else if radix == 10 && digits.hasPrefix("0") && digits.utf8.count > 1 {
      radix = 8
    }
    guard !digits.isEmpty else { return nil }
    var value: UInt64 = 0
    for byte in digits.utf8 {
      guard let digit = hexDigit(byte), UInt64(digit) < radix else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: radix)
      let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
      if overflow || carry { return nil }
      value = sum
    }
    return value
  }

  /// The value of a hexadecimal digit.
  static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
