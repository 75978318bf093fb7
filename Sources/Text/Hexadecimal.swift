// Addresses as maps, messages and reports write them.

/// `0x0800_0000`: hexadecimal digits in groups of four, the first filled up with zeros if there is more
/// than one.
public func hexadecimal(_ number: UInt64) -> String {
  hexadecimal(digits: String(number, radix: 16))
}

/// The same of digits, as many as there are.
public func hexadecimal(digits: String) -> String {
  let digits = Array(digits.utf8)
  let missing = digits.count <= 4 ? 0 : (4 - digits.count % 4) % 4
  var text = "0x"
  for (index, digit) in ([UInt8](repeating: 0x30, count: missing) + digits).enumerated() {
    if index > 0 && index % 4 == 0 { text += "_" }
    text.unicodeScalars.append(UnicodeScalar(digit))
  }
  return text
}
