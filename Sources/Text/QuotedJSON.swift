// Texts in JSON (RFC 8259, section 7).

/// The text as a string of JSON, with its quotes.
/// - Parameter inMarkup: whether it stands in a script of an HTML page, where it must not end the script.
public func quotedJSON(_ text: String, inMarkup: Bool = false) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case "\r": result += "\\r"
    case _ where scalar.value < 0x20, "<" where inMarkup, "\u{2028}" where inMarkup,
      "\u{2029}" where inMarkup:
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
