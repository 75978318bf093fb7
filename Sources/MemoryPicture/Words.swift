// Numbers and names as reports write them.

enum Words {
  /// `12.4 KiB`, `512 KiB`, `24 B`.
  static func amount(_ count: UInt64) -> String {
    for (shift, unit) in [(40 as UInt64, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")]
    where count >= 1 << shift {
      if count & (1 << shift - 1) == 0 { return "\(count >> shift) \(unit)" }
      let tenths = ((count >> (shift - 10)) * 10) >> 10
      return "\(tenths / 10).\(tenths % 10) \(unit)"
    }
    return "\(count) B"
  }

  /// `1,234,567`.
  static func grouped(_ count: UInt64) -> String {
    var text = ""
    for (index, digit) in String(count).reversed().enumerated() {
      if index > 0 && index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }

  /// `+1.2 KiB`, `−24 B`, `±0 B`.
  static func change(_ old: UInt64, _ new: UInt64) -> String {
    new > old ? "+" + amount(new - old) : new < old ? "−" + amount(old - new) : "±0 B"
  }

  /// `61 %`, `3.4 %`, `< 0.1 %`.
  static func percent(_ part: UInt64, of whole: UInt64) -> String {
    guard whole > 0 else { return "" }
    let share = Double(part) * 100 / Double(whole)
    if part > 0 && share < 0.1 { return "< 0.1 %" }
    return share >= 9.95 || part == 0 ? "\(Int(share.rounded())) %" : "\(tenths(share)) %"
  }

  /// With one digit behind the point.
  static func tenths(_ number: Double) -> String {
    let scaled = Int((number * 10).rounded())
    let digit = scaled.magnitude % 10
    return "\(scaled < 0 ? "-" : "")\(scaled.magnitude / 10)" + (digit == 0 ? "" : ".\(digit)")
  }

  /// At most `count` characters, the middle left out: both ends of names tell them apart.
  static func shortened(_ name: String, to count: Int) -> String {
    guard name.unicodeScalars.count > count, count > 2 else { return name }
    let scalars = Array(name.unicodeScalars)
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[..<(count / 2)])
    text.append("…")
    text.append(contentsOf: scalars[(scalars.count - (count - 1 - count / 2))...])
    return String(text)
  }

  /// The last parts of a path; what is in front of them is in the tool tip.
  static func tail(of path: String, parts: Int) -> String {
    let all = path.split(separator: "/")
    guard all.count > parts else { return path }
    return all.suffix(parts).joined(separator: "/")
  }

  /// As text or attribute of HTML and SVG.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      // What neither HTML nor XML may hold.
      case _
      where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
        || scalar.value & 0xfffe == 0xfffe:
        result.unicodeScalars.append("\u{fffd}")
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
